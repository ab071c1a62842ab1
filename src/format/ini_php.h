/* SPDX-License-Identifier: MIT */
/* ini_php - what the parts of ini/php share; no one else needs it. */
#ifndef KP_FORMAT_INI_PHP_H
#define KP_FORMAT_INI_PHP_H

#include "base/buf.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>

/* A value as PHP reads it. */
struct kp_ini_php_value {
	struct kp_str text;
	size_t at;          /* where reading goes on */
	size_t start, end;  /* as written, from the first part to the last */
	struct kp_buf *out; /* as read; references stay as they are */
	unsigned parts;
	enum kp_style style; /* of the first part */
	enum kp_type type;
	bool boolean;      /* a part is a boolean */
	bool constant;     /* a part may be a constant */
	bool expression;   /* a part is an operator */
	bool complete;     /* no operator lacks what is behind it */
	bool closed;       /* the last part is a ")" */
	unsigned open;     /* "(" without their ")" */
	bool reference;    /* "${" that is replaced */
	bool literal;      /* "${" that is text */
	const char *fault; /* what is wrong at at; or NULL */
};

/*
 * Read the value whose text starts at at, up to its line's end or comment, and
 * append it to *out, which is borrowed: see *val.
 */
void kp_ini_php_read(struct kp_str text, size_t at, struct kp_buf *out,
    struct kp_ini_php_value *val);

/* The type of a bare word; KP_OTHER: it is a name, KP_STRING: neither. */
enum kp_type kp_ini_php_word_type(struct kp_str word);

/* True for LF and CR. */
bool kp_ini_php_is_line_end(char c);

/* encode() of the format. */
bool kp_ini_php_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why);

#endif
