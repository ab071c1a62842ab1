/* SPDX-License-Identifier: MIT */
/* codec - bytes as text: base64, hexadecimal, percent signs. */
#ifndef KP_BASE_CODEC_H
#define KP_BASE_CODEC_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/* RFC 4648 section 4, padded, on one line. */
void kp_base64_add(struct kp_buf *out, struct kp_str bytes);

/*
 * The way back; white space between the characters is passed over, as
 * base64(1) writes it.  False: not base64, out holds a part.
 */
bool kp_base64_decode(struct kp_buf *out, struct kp_str text);

/* Two lower-case digits a byte. */
void kp_hex_add(struct kp_buf *out, struct kp_str bytes);

/* What a digit of either case says; -1: it is none. */
int kp_hex_digit(char c);

/* RFC 3986: all but its unreserved characters as %HH. */
void kp_percent_add(struct kp_buf *out, struct kp_str bytes);

/*
 * The way back.  False: a "%" without two digits behind it, or for a NUL, which
 * no path can hold; out holds a part.
 */
bool kp_percent_decode(struct kp_buf *out, struct kp_str text);

#endif
