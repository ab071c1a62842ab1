/* SPDX-License-Identifier: MIT */
/*
 * env_sh - the assignments of a file that a shell sources.
 *
 *	# a comment               comment
 *	A=x B='y z'               key, scalar, key, scalar
 *	export PATH="$HOME/bin"   syntax, key, scalar
 *	[ -e /x ] && . /x         syntax alone
 *
 * The rules are those of POSIX (Shell Command Language, 2.2, 2.3, 2.6), which
 * dash, bash, busybox, mksh and zsh agree on.  A value is a word of any
 * number of bare and quoted stretches.  Commands are cut into words so that
 * nothing in them is taken for an assignment; here-documents and what only
 * some shells know, $'...' and $"...", are errors.
 */
#include "format/env.h"

#include "format/formats.h"
#include "format/literal.h"

#include <string.h>

#define MAX_DEPTH 64

static const char plain_marks[] = "_./:@%+,-";
static const char double_special[] = "\\\"$`";

/* What may come next in a command. */
enum expected {
	COMMAND,  /* its first word, or an assignment */
	DECLARED, /* behind "export": names and assignments */
	ARGUMENT,
};

struct reader {
	struct kp_env_walk walk;
	enum expected expected;
	bool redirected; /* the next word is a file's name */
	unsigned depth;  /* of expansions in expansions */
	unsigned open;   /* commands of several lines, such as if ... fi */
	unsigned groups; /* "(" without their ")" */
};

/* --- skipping: from the opening byte to behind the closing one --- */

static bool skip_expansion(struct reader *reader, bool quoted);

static bool
complain_unclosed(struct reader *reader, size_t open)
{
	return kp_env_complain(&reader->walk, open, 1, "nothing closes this",
	    NULL);
}

static bool
at_end(const struct reader *reader)
{
	return reader->walk.at >= reader->walk.text.len;
}

static bool
looking_at(const struct reader *reader, const char *text)
{
	struct kp_str rest = kp_str_slice(reader->walk.text, reader->walk.at,
	    reader->walk.text.len);

	return kp_str_starts(rest, text);
}

static void
skip_escaped(struct reader *reader)
{
	reader->walk.at++;
	if (!at_end(reader))
		reader->walk.at++;
}

static bool
skip_single(struct reader *reader)
{
	size_t open = reader->walk.at++;

	while (!at_end(reader)) {
		if (reader->walk.text.ptr[reader->walk.at++] == '\'')
			return true;
	}
	return complain_unclosed(reader, open);
}

static bool
skip_backtick(struct reader *reader)
{
	size_t open = reader->walk.at++;

	while (!at_end(reader)) {
		if (kp_env_peek(&reader->walk) == '\\')
			skip_escaped(reader);
		else if (reader->walk.text.ptr[reader->walk.at++] == '`')
			return true;
	}
	return complain_unclosed(reader, open);
}

static bool
skip_double(struct reader *reader)
{
	size_t open = reader->walk.at++;

	while (!at_end(reader)) {
		switch (kp_env_peek(&reader->walk)) {
		case '"':
			reader->walk.at++;
			return true;
		case '\\':
			skip_escaped(reader);
			break;
		case '$':
		case '`':
			if (!skip_expansion(reader, true))
				return false;
			break;
		default:
			reader->walk.at++;
		}
	}
	return complain_unclosed(reader, open);
}

/* One byte, or all that belongs to the quote or "$" which it is. */
static bool
skip_one(struct reader *reader, bool quoted)
{
	switch (kp_env_peek(&reader->walk)) {
	case '\'':
		if (!quoted)
			return skip_single(reader);
		break;
	case '"':
		return skip_double(reader);
	case '$':
	case '`':
		return skip_expansion(reader, quoted);
	case '\\':
		skip_escaped(reader);
		return true;
	default:
		break;
	}
	reader->walk.at++;
	return true;
}

/* ${...}: the cursor is behind the brace at open. */
static bool
skip_braces(struct reader *reader, size_t open, bool quoted)
{
	while (!at_end(reader)) {
		if (kp_env_peek(&reader->walk) == '}') {
			reader->walk.at++;
			return true;
		}
		if (!skip_one(reader, quoted))
			return false;
	}
	return complain_unclosed(reader, open);
}

/* $(...) and $((...)): the cursor is behind the bracket at open. */
static bool
skip_brackets(struct reader *reader, size_t open)
{
	unsigned nested = 1;

	while (!at_end(reader)) {
		char c = kp_env_peek(&reader->walk);

		if (c == '#' &&
		    kp_is_space(reader->walk.text.ptr[reader->walk.at - 1]))
			kp_env_skip_line(&reader->walk);
		else if (!skip_one(reader, false))
			return false;
		if (c == '(')
			nested++;
		if (c == ')' && --nested == 0)
			return true;
	}
	return complain_unclosed(reader, open);
}

static bool
is_name_char(char c)
{
	return kp_is_alnum(c) || c == '_';
}

/* What follows a "$"; nothing where that is just a "$". */
static bool
skip_parameter(struct reader *reader, bool quoted)
{
	struct kp_env_walk *walk = &reader->walk;
	size_t open = walk->at;
	char c = kp_env_peek(walk);

	if (c == '{' || c == '(') {
		walk->at++;
		return c == '{' ? skip_braces(reader, open, quoted) :
		                  skip_brackets(reader, open);
	}
	if (!quoted && (c == '\'' || c == '"'))
		return kp_env_complain(walk, open - 1, 2,
		    "shells differ on $ before a quote",
		    "put the $ in quotes, or take it away");
	if (kp_is_alpha(c) || c == '_') {
		while (is_name_char(kp_env_peek(walk)))
			walk->at++;
	} else if (kp_is_digit(c) || (c != '\0' && strchr("*@#?-$!", c))) {
		walk->at++;
	}
	return true;
}

/* "$..." or "`...`" at the cursor. */
static bool
skip_expansion(struct reader *reader, bool quoted)
{
	bool done;

	if (kp_env_peek(&reader->walk) == '`')
		return skip_backtick(reader);
	if (reader->depth == MAX_DEPTH)
		return kp_env_complain(&reader->walk, reader->walk.at, 1,
		    "nested too deeply", NULL);
	reader->depth++;
	reader->walk.at++;
	done = skip_parameter(reader, quoted);
	reader->depth--;
	return done;
}

static bool
ends_word(char c)
{
	return c == ' ' || c == '\t' || (c != '\0' && strchr("\n;&|()<>", c));
}

static bool
skip_word(struct reader *reader)
{
	while (!at_end(reader) && !ends_word(kp_env_peek(&reader->walk))) {
		if (!skip_one(reader, false))
			return false;
	}
	return true;
}

/* --- reading a value, whose word was skipped already --- */

/* The expansion at the cursor; a "$" alone is one byte of the value. */
static bool
read_expansion(struct reader *reader, bool quoted, bool within_quotes)
{
	struct kp_env_walk *walk = &reader->walk;
	size_t start = walk->at;
	struct kp_str text;
	struct kp_buf wrapped = { 0 };

	if (!skip_expansion(reader, quoted))
		return false;
	text = kp_str_slice(walk->text, start, walk->at);
	if (text.len == 1) {
		kp_buf_add(&walk->value, text);
		return true;
	}
	if (!within_quotes) {
		kp_env_add_live(walk, text);
		return true;
	}
	kp_buf_add_char(&wrapped, '"');
	kp_buf_add(&wrapped, text);
	kp_buf_add_char(&wrapped, '"');
	kp_env_add_live(walk, kp_buf_view(&wrapped));
	if (!kp_buf_ok(&wrapped))
		walk->scan->failed = true;
	kp_buf_wipe(&wrapped);
	return true;
}

/* A backslash and the byte behind it; special is NULL where all bytes are. */
static void
read_escaped(struct reader *reader, const char *special)
{
	struct kp_env_walk *walk = &reader->walk;
	char c;

	walk->at++;
	c = kp_env_peek(walk);
	if (at_end(reader) || (special != NULL && strchr(special, c) == NULL))
		kp_buf_add_char(&walk->value, '\\');
	if (at_end(reader))
		return;
	walk->at++;
	if (c != '\n')
		kp_buf_add_char(&walk->value, c);
}

static void
read_single(struct reader *reader)
{
	struct kp_env_walk *walk = &reader->walk;

	for (walk->at++; kp_env_peek(walk) != '\''; walk->at++)
		kp_buf_add_char(&walk->value, kp_env_peek(walk));
	walk->at++;
}

/* "...", part of a longer word unless whole. */
static bool
read_double(struct reader *reader, bool whole)
{
	struct kp_env_walk *walk = &reader->walk;
	char c;

	walk->at++;
	while ((c = kp_env_peek(walk)) != '"') {
		if (c == '\\') {
			read_escaped(reader, "\\\"$`\n");
		} else if (c == '$' || c == '`') {
			if (!read_expansion(reader, true, !whole))
				return false;
		} else {
			kp_buf_add_char(&walk->value, c);
			walk->at++;
		}
	}
	walk->at++;
	return true;
}

/* "~", "~user", with the colon before it, the slash or colon behind it. */
static void
read_tilde(struct reader *reader, size_t end)
{
	struct kp_env_walk *walk = &reader->walk;
	size_t start = walk->at;

	walk->at += kp_env_peek(walk) == ':' ? 2 : 1;
	while (walk->at < end &&
	    (is_name_char(kp_env_peek(walk)) || kp_env_peek(walk) == '-' ||
	        kp_env_peek(walk) == '.'))
		walk->at++;
	if (walk->at < end &&
	    (kp_env_peek(walk) == '/' || kp_env_peek(walk) == ':'))
		walk->at++;
	kp_env_add_live(walk, kp_str_slice(walk->text, start, walk->at));
}

static bool
read_bare(struct reader *reader, size_t start, size_t end)
{
	struct kp_env_walk *walk = &reader->walk;

	switch (kp_env_peek(walk)) {
	case '\'':
		read_single(reader);
		return true;
	case '"':
		return read_double(reader, false);
	case '\\':
		read_escaped(reader, NULL);
		return true;
	case '$':
	case '`':
		return read_expansion(reader, false, false);
	case ':':
		if (looking_at(reader, ":~")) {
			read_tilde(reader, end);
			return true;
		}
		break;
	case '~':
		if (walk->at == start || walk->text.ptr[walk->at - 1] == ':') {
			read_tilde(reader, end);
			return true;
		}
		break;
	default:
		break;
	}
	kp_buf_add_char(&walk->value, kp_env_peek(walk));
	walk->at++;
	return true;
}

/* True when the word from start to end is one stretch in these quotes. */
static bool
is_quoted(struct reader *reader, size_t start, size_t end, char quote)
{
	if (start == end || reader->walk.text.ptr[start] != quote)
		return false;
	reader->walk.at = start;
	return skip_one(reader, false) && reader->walk.at == end;
}

static bool
read_value(struct reader *reader, struct kp_str name, size_t start, size_t end)
{
	struct kp_env_walk *walk = &reader->walk;
	enum kp_style style = KP_BARE;
	bool done = true;

	if (is_quoted(reader, start, end, '\''))
		style = KP_SINGLE;
	else if (is_quoted(reader, start, end, '"'))
		style = KP_DOUBLE;
	kp_buf_cut(&walk->value, 0);
	walk->at = start;
	if (style == KP_DOUBLE)
		done = read_double(reader, true);
	while (done && walk->at < end)
		done = read_bare(reader, start, end);
	kp_env_add(walk, name, start, end, style);
	return done;
}

/* --- commands --- */

/* The longest is "readonly". */
#define WORD_SIZE 9

/* An empty word ends the list. */
static bool
is_one_of(struct kp_str word, const char list[][WORD_SIZE])
{
	size_t i;

	for (i = 0; list[i][0] != '\0'; i++) {
		if (kp_str_is(word, list[i]))
			return true;
	}
	return false;
}

/* Behind these another command begins. */
static const char openers[][WORD_SIZE] = { "if", "then", "else", "elif", "do",
	"while", "until", "!", "{", "" };

static const char declarers[][WORD_SIZE] = { "export", "readonly", "local",
	"declare", "typeset", "" };

/* Commands of several lines: what begins one, and what ends it. */
static const char begins[][WORD_SIZE] = { "if", "case", "for", "while", "until",
	"{", "" };
static const char ends[][WORD_SIZE] = { "fi", "esac", "done", "}", "" };

/* NAME= at the start of a word; the length of NAME, 0: none. */
static size_t
name_length(struct kp_str word)
{
	size_t equals = kp_str_find(word, '=');

	if (equals == KP_NPOS || !kp_str_is_name(kp_str_slice(word, 0, equals)))
		return 0;
	return equals;
}

static void
add_word(struct reader *reader, struct kp_str word)
{
	struct kp_env_walk *walk = &reader->walk;

	kp_scan_add(walk->scan, KP_SYNTAX, walk->at - word.len, walk->at,
	    KP_NO_PARENT);
	if (reader->redirected) {
		reader->redirected = false;
		return;
	}
	if (reader->expected != COMMAND)
		return;
	if (is_one_of(word, begins))
		reader->open++;
	if (is_one_of(word, ends) && reader->open > 0)
		reader->open--;
	if (is_one_of(word, openers))
		return;
	reader->expected = is_one_of(word, declarers) ? DECLARED : ARGUMENT;
}

static bool
read_word(struct reader *reader)
{
	struct kp_env_walk *walk = &reader->walk;
	size_t start = walk->at, len;
	struct kp_str word;

	if (!skip_word(reader))
		return false;
	word = kp_str_slice(walk->text, start, walk->at);
	len = name_length(word);
	if (len == 0 || reader->redirected || reader->expected == ARGUMENT) {
		add_word(reader, word);
		return true;
	}
	if (kp_env_peek(walk) == '(')
		return kp_env_complain(walk, walk->at, 1,
		    "an array, which a POSIX shell does not have", NULL);
	return read_value(reader, kp_str_slice(word, 0, len), start + len + 1,
	    walk->at);
}

static bool
read_operator(struct reader *reader)
{
	struct kp_env_walk *walk = &reader->walk;

	if (looking_at(reader, "<<"))
		return kp_env_complain(walk, walk->at, 2,
		    "a here-document, which is not read here",
		    "keep assignments in a file of their own");
	if (kp_env_peek(walk) == '<' || kp_env_peek(walk) == '>') {
		reader->redirected = true;
		walk->at++;
		while (kp_env_peek(walk) == '&' || kp_env_peek(walk) == '>' ||
		    kp_env_peek(walk) == '|')
			walk->at++;
		return true;
	}
	if (kp_env_peek(walk) == '(')
		reader->groups++;
	if (kp_env_peek(walk) == ')' && reader->groups > 0)
		reader->groups--; /* else the end of a pattern of case */
	reader->expected = COMMAND;
	walk->at++;
	return true;
}

/* One within a command has no place for a line of its own behind it. */
static void
read_comment(struct reader *reader)
{
	struct kp_scan *scan = reader->walk.scan;
	size_t before = scan->count;

	kp_env_add_comment(&reader->walk);
	if (scan->count > before && (reader->open > 0 || reader->groups > 0))
		scan->items[before].role = KP_ENV_WITHIN;
}

static bool
read_next(struct reader *reader)
{
	struct kp_env_walk *walk = &reader->walk;

	if (kp_is_blank(kp_env_peek(walk))) {
		walk->at++;
	} else if (looking_at(reader, "\\\n")) {
		walk->at += 2;
	} else if (kp_env_peek(walk) == '#') {
		read_comment(reader);
	} else if (ends_word(kp_env_peek(walk))) {
		return read_operator(reader);
	} else {
		return read_word(reader);
	}
	return true;
}

static bool
scan_sh(struct kp_scan *scan, struct kp_diags *diags)
{
	struct reader reader = { .expected = COMMAND };
	bool done = kp_env_start(&reader.walk, scan, diags);

	while (done && !at_end(&reader))
		done = read_next(&reader);
	return kp_env_end(&reader.walk, done);
}

/* --- encode --- */

static void
write_single(struct kp_buf *out, struct kp_str part)
{
	size_t i;

	kp_buf_add_char(out, '\'');
	for (i = 0; i < part.len; i++) {
		if (part.ptr[i] == '\'')
			kp_buf_add_text(out, "'\\'");
		kp_buf_add_char(out, part.ptr[i]);
	}
	kp_buf_add_char(out, '\'');
}

/* $NAME takes what follows it for more of its name, ${NAME} does not. */
static bool
joins(struct kp_str live, struct kp_str next)
{
	char last = live.len > 0 ? live.ptr[live.len - 1] : '}';

	return is_name_char(last) && is_name_char(next.ptr[0]);
}

/* Bare where that is safe, else in single quotes, stretch by stretch. */
static void
write_bare(struct kp_str value, struct kp_buf *out)
{
	struct kp_str part, before = { "", 0 };
	size_t at = 0;
	bool live;

	if (value.len == 0)
		kp_buf_add_text(out, "''");
	while (kp_env_next_part(value, &at, &part, &live)) {
		if (live ||
		    (kp_literal_is_plain(part, plain_marks) &&
		        !joins(before, part)))
			kp_buf_add(out, part);
		else
			write_single(out, part);
		before = live ? part : kp_str_of("");
	}
}

static void
write_double(struct kp_str value, struct kp_buf *out)
{
	struct kp_str part;
	size_t at = 0;
	bool live;

	kp_buf_add_char(out, '"');
	while (kp_env_next_part(value, &at, &part, &live)) {
		if (live)
			kp_buf_add(out, part);
		else
			kp_env_add_escaped(out, part, double_special);
	}
	kp_buf_add_char(out, '"');
}

static bool
encode_sh(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan;
	if (!kp_env_check(value, false, why))
		return false;
	if (item->style == KP_DOUBLE)
		write_double(value->bytes, out);
	else if (item->style == KP_SINGLE)
		write_single(out, value->bytes);
	else
		write_bare(value->bytes, out);
	return true;
}

/* A CR would be a part of the value, whatever the other lines end in. */
static bool
insert_sh(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	return kp_env_insert_exported(scan, path, "\n", where, why);
}

const struct kp_format kp_format_env_sh = {
	.name = "env/sh",
	.scan = scan_sh,
	.encode = encode_sh,
	.insert = insert_sh,
};
