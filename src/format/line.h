/* SPDX-License-Identifier: MIT */
/* line - the lines of a text, and where one for a new key begins. */
#ifndef KP_FORMAT_LINE_H
#define KP_FORMAT_LINE_H

#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>

/* Where the line that offset at is on begins. */
size_t kp_line_start(struct kp_str text, size_t at);

/* Behind the LF of the line that offset at is on, or the end of text. */
size_t kp_line_next(struct kp_str text, size_t at);

/*
 * "\r\n" where the first line of text ends so, else "\n".  Not for a reader
 * to whom a CR is a part of the value.
 */
const char *kp_line_ending(struct kp_str text);

/*
 * Make what goes to where->offset, the end of text or the start of a line in
 * it, a line of its own: ending stands before it at the end of a last line that
 * has none, else behind it.
 */
void kp_line_begin(struct kp_str text, const char *ending,
    struct kp_insertion *where);

/*
 * A line of name and delimiter, behind the last comment that has the key
 * commented out, as has_key() says; else at the end of the text.  ending is
 * that of a line.
 */
void kp_line_insert(const struct kp_scan *scan, struct kp_str name,
    const char *delimiter, const char *ending,
    bool (*has_key)(struct kp_str text, const struct kp_item *comment,
        struct kp_str name),
    struct kp_insertion *where);

#endif
