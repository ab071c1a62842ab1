/* SPDX-License-Identifier: MIT */
/* paint - what commands print on standard output, for people or programs. */
#ifndef KP_CLI_PAINT_H
#define KP_CLI_PAINT_H

#include "base/buf.h"
#include "base/str.h"
#include "cli/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a terminal is told: bold for places, colours for the rest. */
#define KP_PAINT_BOLD "\033[1m"
#define KP_PAINT_ERROR "\033[1;31m"
#define KP_PAINT_WARNING "\033[1;33m"
#define KP_PAINT_NOTE "\033[1;36m"
#define KP_PAINT_GOOD "\033[32m"
#define KP_PAINT_BAD "\033[31m"
#define KP_PAINT_PLACE "\033[36m"
#define KP_PAINT_PLAIN "\033[0m"

/*
 * Are colours wanted on fd?  By --color; else where it is a terminal and
 * NO_COLOR is empty or not set (no-color.org).
 */
bool kp_paint_wanted(const struct kp_options *options, int fd);

/* Append a sequence of the above, where colours are wanted. */
void kp_paint_add(struct kp_buf *out, bool color, const char *sequence);

/*
 * Does the character move the cursor, start an escape sequence, end the line
 * or change its direction?  C0, DEL, C1, U+2028 and U+2029, and the
 * embeddings, overrides and isolates of the bidirectional algorithm (Unicode
 * UAX #9).
 */
bool kp_paint_is_unsafe(uint32_t rune);

/*
 * Append text in which control characters, what is not UTF-8, and characters
 * that would turn the line around are escaped.
 */
void kp_paint_add_escaped(struct kp_buf *out, struct kp_str text);

/* The columns that text takes, when it was escaped: one for a character. */
size_t kp_paint_width(struct kp_str text);

/* Append text as a JSON string; what is not UTF-8 becomes U+FFFD. */
void kp_paint_add_json(struct kp_buf *out, struct kp_str text);

/*
 * Append a unified diff, as core/diff makes it, in colours; or, as JSON, an
 * object for each line that differs:
 *
 *	{"path":"/etc/app.ini","line":3,"change":"removed","text":"a = ***"}
 */
void kp_paint_add_diff(struct kp_buf *out, struct kp_str diff);
void kp_paint_add_diff_json(struct kp_buf *out, const char *path,
    struct kp_str diff);

#endif
