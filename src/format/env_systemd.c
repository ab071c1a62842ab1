/* SPDX-License-Identifier: MIT */
/*
 * env_systemd - systemd's EnvironmentFile.
 *
 *	NAME=bare words, with \x for any x, until the line ends
 *	NAME='as it is' "\" \\ \$ \`" bare		one after the other
 *
 * The rules are those of systemd's src/basic/env-file.c (252): lines end in LF
 * or CR, comments begin with "#" or ";" at the start of a line alone, quotes
 * open where a value could begin, and blanks between its stretches are lost.
 * Nothing is expanded.  A comment that ends in a backslash goes on in the
 * next line up to 253 and not later: that is an error here.
 */
#include "format/env.h"

#include "base/utf8.h"
#include "format/formats.h"
#include "format/literal.h"

#include <string.h>

static const char plain_marks[] = "_./:@%+,=-";
static const char special[] = "\\\"$`";

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

static bool
is_white(char c)
{
	return is_break(c) || kp_is_blank(c);
}

static bool
at_end(const struct kp_env_walk *walk)
{
	return walk->at >= walk->text.len;
}

static bool
read_comment(struct kp_env_walk *walk)
{
	size_t start = walk->at;

	while (!at_end(walk) && !is_break(kp_env_peek(walk)))
		walk->at++;
	kp_scan_add(walk->scan, KP_COMMENT, start, walk->at, KP_NO_PARENT);
	if (walk->text.ptr[walk->at - 1] == '\\' && !at_end(walk))
		return kp_env_complain(walk, walk->at - 1, 1,
		    "a comment that ends in a backslash, which versions of "
		    "systemd read differently",
		    NULL);
	return true;
}

static bool
read_single(struct kp_env_walk *walk)
{
	size_t open = walk->at++;

	while (!at_end(walk)) {
		char c = walk->text.ptr[walk->at++];

		if (c == '\'')
			return true;
		kp_buf_add_char(&walk->value, c);
	}
	return kp_env_complain(walk, open, 1, "no quote closes this one", NULL);
}

/* A backslash in double quotes, behind it the cursor. */
static void
read_escape(struct kp_env_walk *walk)
{
	char c = kp_env_peek(walk);

	if (at_end(walk))
		return;
	walk->at++;
	if (c == '\n')
		return;
	if (strchr(special, c) == NULL)
		kp_buf_add_char(&walk->value, '\\');
	kp_buf_add_char(&walk->value, c);
}

static bool
read_double(struct kp_env_walk *walk)
{
	size_t open = walk->at++;

	while (!at_end(walk)) {
		char c = walk->text.ptr[walk->at++];

		if (c == '"')
			return true;
		if (c == '\\')
			read_escape(walk);
		else
			kp_buf_add_char(&walk->value, c);
	}
	return kp_env_complain(walk, open, 1, "no quote closes this one", NULL);
}

/* To the end of the line, whose blanks are lost; *end is before them. */
static void
read_bare(struct kp_env_walk *walk, size_t *end)
{
	size_t kept = walk->value.len;

	while (!at_end(walk) && !is_break(kp_env_peek(walk))) {
		char c = walk->text.ptr[walk->at++];
		bool escaped = c == '\\';

		if (escaped) {
			c = kp_env_peek(walk);
			walk->at += at_end(walk) ? 0 : 1;
		}
		if (c != '\0' && !(escaped && is_break(c)))
			kp_buf_add_char(&walk->value, c);
		if (escaped || !is_white(c)) {
			kept = walk->value.len;
			*end = walk->at;
		}
	}
	kp_buf_cut(&walk->value, kept);
}

/* One quoted stretch has its style, all else is bare. */
static bool
read_value(struct kp_env_walk *walk, struct kp_str name)
{
	size_t start = walk->at, end = start;
	enum kp_style style = KP_BARE;
	unsigned stretches = 0;
	bool done = true;

	kp_buf_cut(&walk->value, 0);
	while (done && !at_end(walk) && !is_break(kp_env_peek(walk))) {
		char c = kp_env_peek(walk);

		if (kp_is_blank(c)) {
			walk->at++;
			continue;
		}
		if (stretches++ == 0)
			start = walk->at;
		style = KP_BARE;
		if (c == '\'' || c == '"') {
			done = c == '"' ? read_double(walk) : read_single(walk);
			style = c == '"' ? KP_DOUBLE : KP_SINGLE;
			end = walk->at;
		} else {
			read_bare(walk, &end);
		}
	}
	if (stretches == 0)
		end = start;
	kp_env_add(walk, name, start, end, stretches == 1 ? style : KP_BARE);
	return done;
}

/* A name, up to the "=" of its line; without one the line says nothing. */
static bool
read_entry(struct kp_env_walk *walk)
{
	size_t start = walk->at, end;

	while (!at_end(walk) && !is_break(kp_env_peek(walk)) &&
	    kp_env_peek(walk) != '=')
		walk->at++;
	end = walk->at;
	while (end > start && is_white(walk->text.ptr[end - 1]))
		end--;
	if (kp_env_peek(walk) != '=') {
		kp_scan_add(walk->scan, KP_SYNTAX, start, end, KP_NO_PARENT);
		return true;
	}
	walk->at++;
	return read_value(walk, kp_str_slice(walk->text, start, end));
}

static bool
scan_systemd(struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_env_walk walk;
	bool done = kp_env_start(&walk, scan, diags);

	while (done && !at_end(&walk)) {
		char c = kp_env_peek(&walk);

		if (is_white(c))
			walk.at++;
		else if (c == '#' || c == ';')
			done = read_comment(&walk);
		else
			done = read_entry(&walk);
	}
	return kp_env_end(&walk, done);
}

/* --- encode --- */

/* U+FDD0 to U+FDEF and the last two of each plane are no characters. */
static bool
has_noncharacter(struct kp_str text)
{
	uint32_t rune;
	size_t at = 0;

	while (at < text.len && kp_utf8_next(text, &at, &rune)) {
		if ((rune >= 0xfdd0 && rune <= 0xfdef) ||
		    (rune & 0xfffe) == 0xfffe)
			return true;
	}
	return false;
}

static bool
encode_systemd(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str bytes = value->bytes;

	(void)scan;
	if (!kp_env_check(value, true, why))
		return false;
	if (has_noncharacter(bytes))
		return kp_refuse(why, "encode it: |base64 or |hex",
		    "a noncharacter of Unicode, which systemd takes for bad "
		    "UTF-8");
	if (item->style == KP_BARE && bytes.len > 0 &&
	    kp_literal_is_plain(bytes, plain_marks)) {
		kp_buf_add(out, bytes);
	} else if (item->style == KP_SINGLE && !kp_str_has_any(bytes, "'\\")) {
		kp_buf_add_char(out, '\'');
		kp_buf_add(out, bytes);
		kp_buf_add_char(out, '\'');
	} else {
		kp_buf_add_char(out, '"');
		kp_env_add_escaped(out, bytes, special);
		kp_buf_add_char(out, '"');
	}
	return true;
}

const struct kp_format kp_format_env_systemd = {
	.name = "env/systemd",
	.scan = scan_systemd,
	.encode = encode_systemd,
	.insert = kp_env_insert,
};
