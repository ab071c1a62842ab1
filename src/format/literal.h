/* SPDX-License-Identifier: MIT */
/* literal - the words, strings and numbers that several formats share. */
#ifndef KP_FORMAT_LITERAL_H
#define KP_FORMAT_LITERAL_H

#include "base/buf.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when text has but ASCII letters, digits and the bytes of marks. */
bool kp_literal_is_plain(struct kp_str text, const char *marks);

/*
 * Append text, which is UTF-8, with the escapes that JSON and TOML know.
 * Escaped, besides quotes, backslashes and control characters, are DEL,
 * which TOML forbids, and U+FFFD, which some readers take for a bad byte.
 */
void kp_literal_add_escaped(struct kp_buf *out, struct kp_str text);

/* Append text, which is UTF-8, in double quotes, on one line. */
void kp_literal_add_quoted(struct kp_buf *out, struct kp_str text);

/* What "\c" stands for, where that is one character; false: no such escape. */
bool kp_literal_unescape(char c, char *meant);

/* Read exactly digits hexadecimal digits at offset at of text. */
bool kp_literal_hex(struct kp_str text, size_t at, size_t digits,
    uint32_t *number);

/*
 * Read the four digits of a UTF-16 unit behind "\u" at offset at of text, and
 * where it is the first half of a pair, "\u" and the second half behind it,
 * too.  Returns how many bytes that is; 0: there are not four digits.  *rune
 * may be half of a pair, alone.
 */
size_t kp_literal_utf16(struct kp_str text, size_t at, uint32_t *rune);

/*
 * By RFC 8259, section 6: KP_INT for an integer in its one canonical
 * spelling, KP_NUMBER for any other number, KP_STRING for what is none.
 */
enum kp_type kp_literal_number(struct kp_str word);

/*
 * True when text of the template that belongs to value, of this item, is not
 * ASCII, and stands there as it is: what it is depends on the encoding.
 */
bool kp_literal_has_raw(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value);

#endif
