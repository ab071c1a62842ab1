/* SPDX-License-Identifier: MIT */
/*
 * cursor - where in a text its reader is.
 *
 * In the header, so that compilers see it through: a reader asks for each
 * byte.
 */
#ifndef KP_FORMAT_CURSOR_H
#define KP_FORMAT_CURSOR_H

#include "base/diag.h"
#include "base/source.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct kp_cursor {
	const struct kp_source *src; /* borrowed */
	struct kp_diags *diags;      /* borrowed */
	struct kp_str text;          /* of src */
	size_t at;
	const char *verdict; /* what a complaint begins with, or "" */
};

static inline bool
kp_cursor_at_end(const struct kp_cursor *cursor)
{
	return cursor->at >= cursor->text.len;
}

/* The byte at the cursor; NUL at the end. */
static inline char
kp_cursor_peek(const struct kp_cursor *cursor)
{
	return kp_cursor_at_end(cursor) ? '\0' : cursor->text.ptr[cursor->at];
}

/* The byte at the cursor; at the end LF, as if the last line had one. */
static inline char
kp_cursor_peek_line(const struct kp_cursor *cursor)
{
	return kp_cursor_at_end(cursor) ? '\n' : cursor->text.ptr[cursor->at];
}

static inline struct kp_str
kp_cursor_rest(const struct kp_cursor *cursor)
{
	return kp_str_slice(cursor->text, cursor->at, cursor->text.len);
}

/* Past c, or nowhere. */
static inline bool
kp_cursor_take(struct kp_cursor *cursor, char c)
{
	if (kp_cursor_at_end(cursor) || cursor->text.ptr[cursor->at] != c)
		return false;
	cursor->at++;
	return true;
}

/* Past all of word, or nowhere. */
static inline bool
kp_cursor_take_word(struct kp_cursor *cursor, const char *word)
{
	if (!kp_str_starts(kp_cursor_rest(cursor), word))
		return false;
	cursor->at += strlen(word);
	return true;
}

/* What is wrong with the len bytes at offset at; returns false. */
static inline bool
kp_cursor_complain(const struct kp_cursor *cursor, size_t at, size_t len,
    const char *what)
{
	return kp_diag_at(cursor->diags, cursor->src, at, len, "%s%s",
	    cursor->verdict, what);
}

#endif
