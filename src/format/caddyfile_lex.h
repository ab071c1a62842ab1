/* SPDX-License-Identifier: MIT */
/*
 * caddyfile_lex - the words of a Caddyfile, as Caddy's own lexer cuts them.
 *
 * Version 2 (checked against 2.6.2), one word:
 *
 *	"..."	\" is a quote, every other backslash stays; may span lines
 *	`...`	literal; may span lines
 *	bare	up to Unicode white space; "#" begins a comment only where a
 *		word could begin; CR is dropped; a backslash before white
 *		space is lost, before LF it also joins the lines
 *	<<X	up to X: a heredoc to 2.7 and later, words to 2.6
 *
 * {$NAME} is replaced before the file is cut into words, comments and quotes
 * included: its text, up to the next "}", is kept here as an opaque part of
 * the word or comment that it stands in.
 *
 * Version 1 (0.10 to 1.0): no backticks, no backslash outside quotes, "#"
 * begins a comment also within a bare word, there up to the word's end.
 */
#ifndef KP_FORMAT_CADDYFILE_LEX_H
#define KP_FORMAT_CADDYFILE_LEX_H

#include "base/buf.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>

enum kp_caddyfile_version {
	KP_CADDYFILE_V1 = 1,
	KP_CADDYFILE_V2 = 2,
};

enum kp_caddyfile_found {
	KP_CADDYFILE_WORD,
	KP_CADDYFILE_COMMENT,
	KP_CADDYFILE_UNCLOSED, /* quotes that no quote ends */
	KP_CADDYFILE_END,
};

/* One word or comment.  Lines are Caddy's count: joined ones are one. */
struct kp_caddyfile_word {
	size_t start, end; /* quotes included */
	size_t line;       /* where it starts */
	size_t last_line;  /* a word that starts here is on the same line */
	enum kp_style style;
	bool joined; /* a backslash joined lines before it on its line */
};

struct kp_caddyfile_lex {
	struct kp_str text; /* borrowed */
	enum kp_caddyfile_version version;
	size_t at;
	size_t line, skipped; /* lines; those that a backslash joined */
	size_t last_close;    /* of the text's last "}", or KP_NPOS */
	struct kp_buf value;  /* owned: the last word as Caddy reads it */
	bool escaped;         /* a backslash waits for what follows it */
	bool within_word;     /* version 1: "#" ends a word here */
	bool endless;         /* text behind this one may end a "{$" or "<<X" */
};

/* Begin at the start of text, behind a byte order mark. */
void kp_caddyfile_lex_init(struct kp_caddyfile_lex *lex,
    enum kp_caddyfile_version version, struct kp_str text);

/*
 * The next word or comment.  lex->value holds a word's bytes until the next
 * call (of a heredoc: its text as written); ask kp_buf_ok() of it at the end.
 */
enum kp_caddyfile_found kp_caddyfile_lex_next(struct kp_caddyfile_lex *lex,
    struct kp_caddyfile_word *word);

void kp_caddyfile_lex_wipe(struct kp_caddyfile_lex *lex);

#endif
