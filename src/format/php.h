/* SPDX-License-Identifier: MIT */
/* php - what the parts of the PHP format share; no one else needs it. */
#ifndef KP_FORMAT_PHP_H
#define KP_FORMAT_PHP_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* kp_item.role: what encode() has to know. */
enum {
	KP_PHP_INTERPOLATED = 1, /* PHP puts variables into this string */
};

/* A text on its way to items. */
struct kp_php_reader {
	struct kp_scan *scan;
	struct kp_diags *diags;
	struct kp_str text; /* borrowed: the source's */
	size_t at;
	struct kp_buf value; /* owned: the string being read */
	unsigned depth;      /* of brackets */
	unsigned strings;    /* around the one being read */
};

/* --- walk: the cursor, and what is between tokens --- */

bool kp_php_at_end(const struct kp_php_reader *reader);

/* The byte so far ahead of the cursor, and at it; NUL behind the end. */
char kp_php_peek_at(const struct kp_php_reader *reader, size_t ahead);
char kp_php_peek(const struct kp_php_reader *reader);

bool kp_php_looking_at(const struct kp_php_reader *reader, const char *text);

/* Record what is wrong at offset; returns false. */
bool kp_php_complain(struct kp_php_reader *reader, size_t offset,
    const char *what);

/* A byte of a name, or its first; PHP takes all above ASCII for letters. */
bool kp_php_is_name(char c);
bool kp_php_starts_name(char c);
void kp_php_skip_name(struct kp_php_reader *reader);

/* The text outside of <?php ... ?>, up to where code begins. */
void kp_php_skip_html(struct kp_php_reader *reader);

/* White space, and comments, which are listed; false: one has no end. */
bool kp_php_skip_gap(struct kp_php_reader *reader);

/* Where the next token begins, comments passed over but not listed. */
size_t kp_php_next_token(struct kp_php_reader *reader);
bool kp_php_is_next(struct kp_php_reader *reader, const char *token);

/* --- string: the literals --- */

/* True at a quote, or a heredoc's beginning. */
bool kp_php_at_string(const struct kp_php_reader *reader);

/* A string as an item of this kind, of which parent is the path. */
bool kp_php_read_string(struct kp_php_reader *reader, enum kp_kind kind,
    uint32_t parent);

/* `...`: a command; nothing in it is a value. */
bool kp_php_skip_backtick(struct kp_php_reader *reader);

/* True at "$" and a name. */
bool kp_php_at_variable(const struct kp_php_reader *reader);

/* --- code --- */

/*
 * List what is in code, up to close, or with to_comma a comma, which are not
 * consumed; NUL for close: up to the end of the text.
 */
bool kp_php_read_code(struct kp_php_reader *reader, char close, bool to_comma);

#endif
