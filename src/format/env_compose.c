/* SPDX-License-Identifier: MIT */
/*
 * env_compose - ".env" and env_file as docker compose v2 reads them.
 *
 *	[export ]NAME=bare $VALUE # a comment
 *	NAME='as it is, \' but for a quote; may span lines'
 *	NAME="\n \r \t \a \b \f \v \\ \" \$ ${VALUE}; may span lines"
 *
 * The rules are those of compose-go, dotenv/parser.go of 1.20 to 2.9, and
 * template/template.go for what is expanded; there "$$" is a "$".  A name
 * alone takes its value from the environment.  What these versions read
 * differently is an error: a bare value that begins with "#", and text behind
 * a closing quote.
 */
#include "format/env.h"

#include "format/formats.h"
#include "format/line.h"
#include "format/literal.h"

#include <string.h>

static const char plain_marks[] = "_./:@%+,=-";
static const char escape_letters[] = "abfnrtv\\\"$";
static const char escape_bytes[] = "\a\b\f\n\r\t\v\\\"$";

static void
skip_blank(struct kp_env_walk *walk)
{
	while (kp_env_peek(walk) != '\n' && kp_is_space(kp_env_peek(walk)))
		walk->at++;
}

static struct kp_str
read_name(struct kp_env_walk *walk)
{
	size_t start = walk->at;

	while (kp_is_alnum(kp_env_peek(walk)) ||
	    (kp_env_peek(walk) != '\0' &&
	        strchr("_.-", kp_env_peek(walk)) != NULL))
		walk->at++;
	return kp_str_slice(walk->text, start, walk->at);
}

/* Where the ${...} whose brace is at at ends; end: nowhere before that. */
static size_t
find_brace(struct kp_str text, size_t at, size_t end)
{
	unsigned nested = 0;

	for (; at < end; at++) {
		if (text.ptr[at] == '{')
			nested++;
		if (text.ptr[at] == '}' && --nested == 0)
			return at + 1;
	}
	return end;
}

/* How long what the "$" at at expands is; 1: nothing that has a name. */
static size_t
live_length(struct kp_str text, size_t at, size_t end)
{
	size_t stop = at + 1;

	if (stop < end && text.ptr[stop] == '{')
		return find_brace(text, stop, end) - at;
	while (stop < end &&
	    (kp_is_alpha(text.ptr[stop]) || text.ptr[stop] == '_' ||
	        (stop > at + 1 && kp_is_digit(text.ptr[stop]))))
		stop++;
	return stop - at;
}

/* A "$" outside single quotes, with all that belongs to it. */
static void
read_dollar(struct kp_env_walk *walk, size_t end)
{
	size_t len = live_length(walk->text, walk->at, end);

	if (walk->at + 1 < end && walk->text.ptr[walk->at + 1] == '$') {
		kp_buf_add_char(&walk->value, '$');
		walk->at += 2;
		return;
	}
	kp_env_add_live(walk,
	    kp_str_slice(walk->text, walk->at, walk->at + len));
	walk->at += len;
}

/* Where a bare value ends: at " #", else at the end of the line. */
static size_t
find_bare_end(const struct kp_env_walk *walk)
{
	struct kp_str rest = kp_str_slice(walk->text, walk->at, walk->text.len);
	struct kp_str line = { "", 0 };
	size_t comment;

	kp_str_next_line(&rest, &line);
	comment = kp_str_find_str(line, kp_str_of(" #"));
	if (comment != KP_NPOS)
		line.len = comment;
	while (line.len > 0 && kp_is_space(line.ptr[line.len - 1]))
		line.len--;
	return walk->at + line.len;
}

static bool
read_bare(struct kp_env_walk *walk, struct kp_str name)
{
	size_t start = walk->at, end = find_bare_end(walk);

	if (kp_env_peek(walk) == '#')
		return kp_env_complain(walk, start, 1,
		    "a value that begins with # is a comment or not, as "
		    "versions of compose have it",
		    "put it in quotes");
	while (walk->at < end) {
		if (kp_env_peek(walk) == '$')
			read_dollar(walk, end);
		else
			kp_buf_add_char(&walk->value,
			    walk->text.ptr[walk->at++]);
	}
	kp_env_add(walk, name, start, end, KP_BARE);
	return true;
}

/* The closing quote; the end of the text: there is none. */
static size_t
find_close(struct kp_str text, size_t open)
{
	size_t at = open + 1;

	while (at < text.len && text.ptr[at] != text.ptr[open])
		at += text.ptr[at] == '\\' && at + 1 < text.len ? 2 : 1;
	return at;
}

/* A backslash in double quotes. */
static void
read_escape(struct kp_env_walk *walk)
{
	char c = walk->text.ptr[walk->at + 1];
	const char *letter = strchr(escape_letters, c);

	if (letter == NULL)
		kp_buf_add_char(&walk->value, '\\');
	kp_buf_add_char(&walk->value,
	    letter == NULL ? c : escape_bytes[letter - escape_letters]);
	walk->at += 2;
}

/* A backslash in single quotes, which says something of a quote alone. */
static void
read_backslash(struct kp_env_walk *walk)
{
	char c = walk->text.ptr[walk->at + 1];

	if (c != '\'')
		kp_buf_add_char(&walk->value, '\\');
	kp_buf_add_char(&walk->value, c);
	walk->at += 2;
}

static bool
check_octal(struct kp_env_walk *walk)
{
	char c = walk->text.ptr[walk->at + 1];

	if (c != '0' && c != 'c')
		return true;
	return kp_env_complain(walk, walk->at, 2,
	    "an escape that versions of compose read differently",
	    "write the character itself");
}

static bool
read_within(struct kp_env_walk *walk, char quote, size_t close)
{
	while (walk->at < close) {
		char c = kp_env_peek(walk);

		if (c == '\\' && quote == '\'') {
			read_backslash(walk);
		} else if (c == '\\') {
			if (!check_octal(walk))
				return false;
			read_escape(walk);
		} else if (c == '$' && quote == '"') {
			read_dollar(walk, close);
		} else {
			kp_buf_add_char(&walk->value, c);
			walk->at++;
		}
	}
	return true;
}

static bool
read_quoted(struct kp_env_walk *walk, struct kp_str name)
{
	size_t open = walk->at, close = find_close(walk->text, open);
	char quote = kp_env_peek(walk);

	if (close >= walk->text.len)
		return kp_env_complain(walk, open, 1,
		    "no quote closes this one", NULL);
	walk->at++;
	if (!read_within(walk, quote, close))
		return false;
	walk->at = close + 1;
	kp_env_add(walk, name, open, close + 1,
	    quote == '"' ? KP_DOUBLE : KP_SINGLE);
	return true;
}

/* Behind a value: nothing, or a comment. */
static bool
read_rest(struct kp_env_walk *walk)
{
	skip_blank(walk);
	if (kp_env_peek(walk) == '#')
		kp_env_add_comment(walk);
	if (walk->at == walk->text.len || kp_env_peek(walk) == '\n')
		return true;
	return kp_env_complain(walk, walk->at, 1, "text behind a closing quote",
	    "join it with what is in the quotes");
}

/* "export" with a blank behind it; a variable may have that name too. */
static void
skip_export(struct kp_env_walk *walk)
{
	struct kp_str rest = kp_str_slice(walk->text, walk->at, walk->text.len);

	if (!kp_str_starts(rest, "export") || rest.len == 6 ||
	    !kp_is_blank(rest.ptr[6]))
		return;
	kp_scan_add(walk->scan, KP_SYNTAX, walk->at, walk->at + 6,
	    KP_NO_PARENT);
	walk->at += 6;
	skip_blank(walk);
}

static bool
read_entry(struct kp_env_walk *walk)
{
	size_t start = walk->at;
	struct kp_str name;

	skip_export(walk);
	name = read_name(walk);
	skip_blank(walk);
	if (name.len > 0 &&
	    (walk->at == walk->text.len || kp_env_peek(walk) == '\n')) {
		start = (size_t)(name.ptr - walk->text.ptr);
		kp_scan_add(walk->scan, KP_SYNTAX, start, start + name.len,
		    KP_NO_PARENT);
		return true;
	}
	if (name.len == 0 ||
	    (kp_env_peek(walk) != '=' && kp_env_peek(walk) != ':'))
		return kp_env_complain(walk, start, 1, "not a setting",
		    "write NAME=VALUE; a name holds letters, digits, _ . "
		    "and -");
	walk->at++;
	skip_blank(walk);
	kp_buf_cut(&walk->value, 0);
	if (kp_env_peek(walk) == '"' || kp_env_peek(walk) == '\'')
		return read_quoted(walk, name) && read_rest(walk);
	return read_bare(walk, name) && read_rest(walk);
}

static bool
scan_compose(struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_env_walk walk;
	bool done = kp_env_start(&walk, scan, diags);

	if (kp_str_starts(walk.text, "\xef\xbb\xbf"))
		walk.at = 3;
	while (done && walk.at < walk.text.len) {
		if (kp_is_space(kp_env_peek(&walk)))
			walk.at++;
		else if (kp_env_peek(&walk) == '#')
			kp_env_add_comment(&walk);
		else
			done = read_entry(&walk);
	}
	return kp_env_end(&walk, done);
}

/* --- encode --- */

/* A "}" behind ${NAME:-word} may end that later than the template meant. */
static bool
check_braces(const struct kp_value *value, struct kp_refusal *why)
{
	size_t open = kp_env_find_live(value->bytes, "${");
	size_t i;

	open = open == KP_NPOS ? value->bytes.len : open;
	for (i = open; i < value->bytes.len; i++) {
		if (value->bytes.ptr[i] == '}' &&
		    kp_value_is_foreign(value, i, i + 1))
			return kp_refuse(why, "write $NAME without braces",
			    "a \"}\" in it, behind a ${...} that compose "
			    "expands");
	}
	return true;
}

/* Bare, or what stays there of it: plain bytes and what is expanded. */
static bool
write_bare(struct kp_str value, struct kp_buf *out)
{
	size_t start = out->len, at = 0;
	struct kp_str part;
	bool live;

	while (kp_env_next_part(value, &at, &part, &live)) {
		if (!live && !kp_literal_is_plain(part, plain_marks)) {
			kp_buf_cut(out, start);
			return false;
		}
		kp_buf_add(out, part);
	}
	return value.len > 0;
}

static bool
write_single(struct kp_str value, struct kp_buf *out)
{
	if (kp_str_has_any(value, "'\\") ||
	    kp_env_find_live(value, "") != KP_NPOS)
		return false;
	kp_buf_add_char(out, '\'');
	kp_buf_add(out, value);
	kp_buf_add_char(out, '\'');
	return true;
}

static void
add_double(struct kp_str part, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < part.len; i++) {
		switch (part.ptr[i]) {
		case '\n':
			kp_buf_add_text(out, "\\n");
			break;
		case '\r':
			kp_buf_add_text(out, "\\r");
			break;
		default:
			kp_env_add_escaped(out, kp_str_slice(part, i, i + 1),
			    "\\\"$");
		}
	}
}

static bool
write_double(struct kp_str value, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str part;
	size_t at = 0;
	bool live;

	kp_buf_add_char(out, '"');
	while (kp_env_next_part(value, &at, &part, &live)) {
		if (live && kp_str_has_any(part, "\"\\"))
			return kp_refuse(why,
			    "write both as separate variables",
			    "it needs quotes, but stands beside a ${...} that "
			    "has some");
		if (live)
			kp_buf_add(out, part);
		else
			add_double(part, out);
	}
	kp_buf_add_char(out, '"');
	return true;
}

static bool
encode_compose(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	size_t start = out->len;

	(void)scan;
	if (!kp_env_check(value, true, why) || !check_braces(value, why))
		return false;
	if (item->style == KP_BARE && write_bare(value->bytes, out))
		return true;
	if (item->style != KP_DOUBLE && write_single(value->bytes, out))
		return true;
	if (write_double(value->bytes, out, why))
		return true;
	kp_buf_cut(out, start);
	return false;
}

static bool
insert_compose(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	return kp_env_insert_exported(scan, path,
	    kp_line_ending(scan->src->text), where, why);
}

const struct kp_format kp_format_env_compose = {
	.name = "env/compose",
	.scan = scan_compose,
	.encode = encode_compose,
	.insert = insert_compose,
};
