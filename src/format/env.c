/* SPDX-License-Identifier: MIT */
/*
 * env - the common ground of env files, whose reader is unknown.
 *
 *	line  = [ blanks ] ( nothing | "#" any | NAME "=" value [ blanks ] )
 *	value = bare | "'" text "'" | '"' text '"'
 *
 * Shells, compose, systemd and the dotenv libraries differ in blanks around
 * "=", "export", CR, comments and text behind a value, and lines in quotes:
 * where a line has these in a way that could hide another one, it is an
 * error, else its value is of the type KP_OTHER, nobody knows as what it is
 * read.  What is written is plain, or in quotes and then
 * of ASCII without quotes, backslashes, "$" and "`"; nor, for phpdotenv, an
 * '="', which begins lines in quotes there.
 */
#include "format/env.h"

#include "format/formats.h"
#include "format/literal.h"

#include <string.h>

static const char plain_marks[] = "_./:@%+,=-";
/* zsh expands "=name" at the start of a value and behind a colon. */
static const char written_marks[] = "_./:@%+,-";
static const char hint_reader[] =
    "say which reader it is: format = env/sh, env/compose or env/systemd";

static bool
complain(struct kp_env_walk *walk, size_t at, const char *what)
{
	return kp_env_complain(walk, at, 1, what, hint_reader);
}

static void
skip_blank(struct kp_env_walk *walk)
{
	while (kp_is_blank(kp_env_peek(walk)))
		walk->at++;
}

/* Bytes that are read alike in these quotes; ' and " are a bare one's. */
static bool
is_common(char c, char quote)
{
	return c >= ' ' && c <= '~' && c != quote && strchr("\\$`", c) == NULL;
}

/* Text between quotes, without them, that every reader reads alike. */
static bool
is_portable(struct kp_str text, char quote)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (!is_common(text.ptr[i], quote))
			return false;
	}
	return kp_str_find_str(text, kp_str_of("=\"")) == KP_NPOS;
}

/* The length of "..." or '...' at the start of line; 0: there is none. */
static size_t
quoted_length(struct kp_str line)
{
	size_t at;

	if (line.len == 0 || (line.ptr[0] != '"' && line.ptr[0] != '\''))
		return 0;
	for (at = 1; at < line.len; at++) {
		if (line.ptr[at] == line.ptr[0])
			return at + 1;
		if (line.ptr[at] == '\\' && line.ptr[0] == '"')
			at++;
	}
	return 0;
}

static bool
read_quoted(struct kp_env_walk *walk, struct kp_str name, struct kp_str line,
    size_t len)
{
	char quote = line.ptr[0];
	struct kp_str text = kp_str_slice(line, 1, len - 1);
	bool alike = len == line.len && is_portable(text, quote);
	struct kp_str rest = kp_str_slice(line, len, line.len);
	size_t start = walk->at;
	struct kp_item *item;

	if (kp_str_has_any(rest, "'\"\\"))
		return complain(walk, start + len,
		    "readers differ on what follows the closing quote");
	kp_buf_add(&walk->value, alike ? text : line);
	item = kp_env_add(walk, name, start, start + line.len,
	    quote == '"' ? KP_DOUBLE : KP_SINGLE);
	if (item != NULL && !alike)
		item->type = KP_OTHER;
	walk->at = start + line.len;
	return true;
}

static bool
read_bare(struct kp_env_walk *walk, struct kp_str name, struct kp_str line)
{
	struct kp_item *item;
	size_t start = walk->at;

	if (kp_str_has_any(line, "'\"") || kp_str_ends(line, "\\"))
		return complain(walk, start,
		    "readers differ on quotes within a value, and on a "
		    "backslash at its end");
	kp_buf_add(&walk->value, line);
	item = kp_env_add(walk, name, start, start + line.len, KP_BARE);
	if (item != NULL && !kp_literal_is_plain(line, plain_marks))
		item->type = KP_OTHER;
	walk->at = start + line.len;
	return true;
}

static bool
read_value(struct kp_env_walk *walk, struct kp_str name)
{
	struct kp_str rest = kp_str_slice(walk->text, walk->at, walk->text.len);
	struct kp_str line = { "", 0 };
	size_t len;

	kp_str_next_line(&rest, &line);
	if (line.len > 0 && kp_is_blank(line.ptr[0]))
		return complain(walk, walk->at, "a blank behind the =");
	while (line.len > 0 && kp_is_blank(line.ptr[line.len - 1]))
		line.len--;
	len = quoted_length(line);
	kp_buf_cut(&walk->value, 0);
	return len > 0 ? read_quoted(walk, name, line, len) :
	                 read_bare(walk, name, line);
}

static bool
read_entry(struct kp_env_walk *walk)
{
	size_t start = walk->at;
	struct kp_str name;

	while (kp_is_alnum(kp_env_peek(walk)) || kp_env_peek(walk) == '_')
		walk->at++;
	name = kp_str_slice(walk->text, start, walk->at);
	if (!kp_str_is_name(name) || kp_env_peek(walk) != '=')
		return complain(walk, start,
		    "not NAME=VALUE, which is all that readers agree on");
	walk->at++;
	return read_value(walk, name);
}

static bool
read_line(struct kp_env_walk *walk)
{
	skip_blank(walk);
	if (kp_env_peek(walk) == '#') {
		kp_env_add_comment(walk);
		if (walk->text.ptr[walk->at - 1] == '\\')
			return complain(walk, walk->at - 1,
			    "a comment that ends in a backslash");
	} else if (walk->at < walk->text.len && kp_env_peek(walk) != '\n' &&
	    !read_entry(walk)) {
		return false;
	}
	skip_blank(walk);
	walk->at += walk->at < walk->text.len ? 1 : 0;
	return true;
}

static bool
scan_env(struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_env_walk walk;
	bool done = kp_env_start(&walk, scan, diags);
	size_t cr = kp_str_find(walk.text, '\r');

	if (done && cr != KP_NPOS)
		done = complain(&walk, cr,
		    "a CR, which shells take for a part "
		    "of the value");
	while (done && walk.at < walk.text.len)
		done = read_line(&walk);
	return kp_env_end(&walk, done);
}

/* --- encode --- */

static bool
has_trusted(const struct kp_value *value)
{
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		if (value->pieces[i].trusted && value->pieces[i].bytes.len > 0)
			return true;
	}
	return false;
}

static bool
write_quoted(struct kp_str bytes, char quote, struct kp_buf *out)
{
	if (!is_portable(bytes, quote) ||
	    (quote == '"' && kp_str_has_any(bytes, "'!")))
		return false;
	kp_buf_add_char(out, quote);
	kp_buf_add(out, bytes);
	kp_buf_add_char(out, quote);
	return true;
}

static bool
encode_env(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str bytes = value->bytes;

	(void)scan;
	if (item->type == KP_OTHER && has_trusted(value))
		return kp_refuse(why, hint_reader,
		    "readers differ on the text around it");
	if (item->style == KP_BARE && bytes.len > 0 &&
	    kp_literal_is_plain(bytes, written_marks)) {
		kp_buf_add(out, bytes);
		return true;
	}
	if (item->style == KP_DOUBLE && write_quoted(bytes, '"', out))
		return true;
	if (write_quoted(bytes, '\'', out))
		return true;
	return kp_refuse(why, hint_reader,
	    "not ASCII without quotes, backslashes, $ and `, which is all that "
	    "readers agree on");
}

const struct kp_format kp_format_env = {
	.name = "env",
	.scan = scan_env,
	.encode = encode_env,
	.insert = kp_env_insert,
	.by_lines = true,
};
