/* SPDX-License-Identifier: MIT */
/* parser - what the grammars of placeholders share while a text is read. */
#ifndef KP_CORE_PARSER_H
#define KP_CORE_PARSER_H

#include "base/attr.h"
#include "core/syntax.h"
#include "core/template.h"

#include <stdbool.h>
#include <stddef.h>

struct kp_parser {
	const struct kp_syntax *syntax;     /* borrowed */
	const struct kp_source *src;        /* borrowed */
	const struct kp_comments *comments; /* borrowed; or NULL */
	size_t comment;                     /* the next of them */
	struct kp_pool *placeholders;       /* borrowed: where they are made */
	size_t at, end;                     /* what is left of the text */
	unsigned depth;
	bool own_marks; /* they are "${" and "}" */
	bool of_rule;   /* the text is no file's that another program reads */
	bool unclosed;  /* nothing behind can be read */
	struct kp_diags *diags;
};

/* What stands where a placeholder might begin. */
enum kp_found_there {
	KP_THERE_TEXT,   /* nothing: the byte is text */
	KP_THERE_ESCAPE, /* .skip bytes to drop, then .keep bytes of text */
	KP_THERE_PLACEHOLDER, /* .at was moved behind it */
	KP_THERE_ERROR,       /* reported; .at was moved on */
};

struct kp_there {
	size_t skip, keep, drop;            /* of an escape */
	struct kp_placeholder *placeholder; /* the receiver drops it */
};

/* The byte ahead of .at, NUL behind the end. */
char kp_parser_peek(const struct kp_parser *parser, size_t ahead);

/* From .at to the end. */
struct kp_str kp_parser_rest(const struct kp_parser *parser);

/* A placeholder that begins at start; NULL when there is no memory. */
struct kp_placeholder *kp_parser_new(struct kp_parser *parser, size_t start);

/* Release what one owns that did not become part of a template; or NULL. */
void kp_parser_drop(struct kp_placeholder *placeholder);

/* Read one of the six operators; false where there is none. */
bool kp_parser_operator(struct kp_parser *parser,
    struct kp_placeholder *placeholder);

/*
 * Read the word of an operator up to the syntax's closing mark, which is
 * left; its depth is bounded.
 */
bool kp_parser_word(struct kp_parser *parser,
    struct kp_placeholder *placeholder);

/*
 * Report a malformed placeholder.  What was pasted in place of a name may be
 * a secret: no more than its beginning is shown.
 */
bool kp_parser_fail(struct kp_parser *parser, size_t start, const char *what);

/* The same where the rest of the text belongs to it. */
bool kp_parser_fail_unclosed(struct kp_parser *parser, size_t start);

/* No memory; false. */
bool kp_parser_fail_nomem(struct kp_parser *parser);

/* The grammars of other tools: see core/profile.c. */
enum kp_found_there kp_profile_read(struct kp_parser *parser,
    struct kp_there *there);

#endif
