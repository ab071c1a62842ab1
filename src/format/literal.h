/* SPDX-License-Identifier: MIT */
/* literal - the strings and numbers that JSON and TOML write alike. */
#ifndef KP_FORMAT_LITERAL_H
#define KP_FORMAT_LITERAL_H

#include "base/buf.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Append text, which is UTF-8, with the escapes that both formats know.
 * Escaped, besides quotes, backslashes and control characters, are DEL,
 * which TOML forbids, and U+FFFD, which some readers take for a bad byte.
 * Where lines is true line feeds stay as they are.
 */
void kp_literal_add_escaped(struct kp_buf *out, struct kp_str text, bool lines);

/* Append text, which is UTF-8, in double quotes, on one line. */
void kp_literal_add_quoted(struct kp_buf *out, struct kp_str text);

/* What "\c" stands for, where that is one character; false: no such escape. */
bool kp_literal_unescape(char c, char *meant);

/* Read exactly digits hexadecimal digits at offset at of text. */
bool kp_literal_hex(struct kp_str text, size_t at, size_t digits,
    uint32_t *number);

/*
 * By RFC 8259, section 6: KP_INT for an integer in its one canonical
 * spelling, KP_NUMBER for any other number, KP_STRING for what is none.
 */
enum kp_type kp_literal_number(struct kp_str word);

#endif
