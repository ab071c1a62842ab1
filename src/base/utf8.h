/* SPDX-License-Identifier: MIT */
/* utf8 - strict UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
 */
#ifndef KP_BASE_UTF8_H
#define KP_BASE_UTF8_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decode the character at *offset and move past it.  False: no valid one is
 * there, *offset is untouched.  *offset must be below str.len.  Unicode
 * 15.0, table 3-7.
 */
bool kp_utf8_next(struct kp_str str, size_t *offset, uint32_t *rune);

/* Where the valid characters from offset on end. */
size_t kp_utf8_end(struct kp_str str, size_t offset);

bool kp_utf8_valid(struct kp_str str);

/* True when all of it is ASCII, NUL included. */
bool kp_utf8_is_ascii(struct kp_str str);

/* Append rune, at most U+10FFFF and no surrogate, as UTF-8. */
void kp_utf8_add(struct kp_buf *buf, uint32_t rune);

#endif
