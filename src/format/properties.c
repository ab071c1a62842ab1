/* SPDX-License-Identifier: MIT */
/*
 * properties - Java's .properties files.
 *
 *	# or ! begins a comment line
 *	key = value           blanks, ":" or a blank alone stand for "=" too
 *	a\ b : c\u00e9 \      \uXXXX is a UTF-16 unit; a backslash at the end
 *	    d                 joins the next line, less its leading blanks
 *
 * The rules are those of java.util.Properties.load() of Java 17.  Files are
 * read as Latin-1 or as UTF-8, who knows: what is written is ASCII, and text
 * of the template that is not is not written again.
 */
#include "format/cursor.h"
#include "format/formats.h"

#include "base/utf8.h"
#include "format/line.h"
#include "format/literal.h"

#include <string.h>

struct reader {
	struct kp_scan *scan;
	struct kp_cursor in;
	struct kp_buf value; /* owned: the key or value being read */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

static void
skip_blank(struct reader *reader)
{
	while (is_blank(kp_cursor_peek_line(&reader->in)))
		reader->in.at++;
}

/* Past the line ending at the cursor and the next line's blanks. */
static void
skip_joint(struct reader *reader)
{
	if (kp_cursor_peek_line(&reader->in) == '\r')
		reader->in.at++;
	if (!kp_cursor_at_end(&reader->in) &&
	    kp_cursor_peek_line(&reader->in) == '\n')
		reader->in.at++;
	skip_blank(reader);
}

/* \uXXXX, the cursor on the "u"; two of them may be one character. */
static bool
read_unit(struct reader *reader)
{
	uint32_t rune;
	size_t len =
	    kp_literal_utf16(reader->in.text, reader->in.at + 1, &rune);

	if (len == 0)
		return kp_cursor_complain(&reader->in, reader->in.at, 1,
		    "\\u without four digits");
	if (rune >= 0xd800 && rune <= 0xdfff)
		return kp_cursor_complain(&reader->in, reader->in.at - 1, 1,
		    "half a character: one of two \\u is missing");
	kp_utf8_add(&reader->value, rune);
	reader->in.at += 1 + len;
	return true;
}

/* A backslash; the cursor is behind it. */
static bool
read_escape(struct reader *reader)
{
	static const char letters[] = "tnrf";
	static const char bytes[] = "\t\n\r\f";
	char c = kp_cursor_peek_line(&reader->in);
	const char *letter = c == '\0' ? NULL : strchr(letters, c);

	if (is_break(c)) {
		skip_joint(reader);
		return true;
	}
	if (c == 'u')
		return read_unit(reader);
	kp_buf_add_char(&reader->value,
	    letter == NULL ? c : bytes[letter - letters]);
	reader->in.at++;
	return true;
}

/* Up to the end of the line, or a byte of stops; nothing escaped counts. */
static bool
read_text(struct reader *reader, const char *stops)
{
	kp_buf_cut(&reader->value, 0);
	while (!is_break(kp_cursor_peek_line(&reader->in))) {
		char c = kp_cursor_peek_line(&reader->in);

		if (c != '\0' && strchr(stops, c) != NULL)
			return true;
		reader->in.at++;
		if (c != '\\')
			kp_buf_add_char(&reader->value, c);
		else if (!read_escape(reader))
			return false;
	}
	return true;
}

static bool
add_text(struct reader *reader, enum kp_kind kind, const char *stops,
    uint32_t parent)
{
	size_t start = reader->in.at;
	struct kp_item *item;

	if (!read_text(reader, stops))
		return false;
	item = kp_scan_add(reader->scan, kind, start, reader->in.at, parent);
	if (item == NULL)
		return false;
	item->value = kp_scan_store(reader->scan, kp_buf_view(&reader->value));
	return true;
}

/* Between key and value: blanks, one "=" or ":", blanks, lines joined. */
static void
skip_delimiter(struct reader *reader)
{
	bool seen = false;

	for (;;) {
		char c = kp_cursor_peek_line(&reader->in);
		size_t at = reader->in.at;

		if (c == '\\' && at + 1 < reader->in.text.len &&
		    is_break(reader->in.text.ptr[at + 1])) {
			reader->in.at++;
			skip_joint(reader);
		} else if (is_blank(c)) {
			reader->in.at++;
		} else if (!seen && (c == '=' || c == ':')) {
			seen = true;
			reader->in.at++;
		} else {
			return;
		}
	}
}

static void
read_comment(struct reader *reader)
{
	size_t start = reader->in.at;

	while (!is_break(kp_cursor_peek_line(&reader->in)))
		reader->in.at++;
	kp_scan_add(reader->scan, KP_COMMENT, start, reader->in.at,
	    KP_NO_PARENT);
}

static bool
read_line(struct reader *reader)
{
	uint32_t key = (uint32_t)reader->scan->count;

	skip_blank(reader);
	if (kp_cursor_peek_line(&reader->in) == '#' ||
	    kp_cursor_peek_line(&reader->in) == '!') {
		read_comment(reader);
	} else if (!is_break(kp_cursor_peek_line(&reader->in))) {
		if (!add_text(reader, KP_KEY, "=: \t\f", KP_NO_PARENT))
			return false;
		skip_delimiter(reader);
		if (!add_text(reader, KP_SCALAR, "", key))
			return false;
	}
	reader->in.at++;
	return true;
}

static bool
scan_properties(struct kp_scan *scan, struct kp_diags *diags)
{
	struct reader reader = {
		.scan = scan,
		.in = {
			.src = scan->src,
			.diags = diags,
			.text = scan->src->text,
			.verdict = "",
		},
	};
	bool done = true;

	while (done && !kp_cursor_at_end(&reader.in))
		done = read_line(&reader);
	if (!kp_buf_ok(&reader.value))
		scan->failed = true;
	kp_buf_wipe(&reader.value);
	return done || scan->failed;
}

/* --- encode --- */

static void
add_rune(struct kp_buf *out, uint32_t rune)
{
	if (rune > 0xffff) {
		rune -= 0x10000;
		kp_buf_add_format(out, "\\u%04X\\u%04X",
		    (unsigned)(0xd800 + (rune >> 10)),
		    (unsigned)(0xdc00 + (rune & 0x3ff)));
	} else if (rune >= ' ' && rune <= '~') {
		if (rune == '\\')
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, (char)rune);
	} else {
		kp_buf_add_format(out, "\\u%04X", (unsigned)rune);
	}
}

/* The letter of a short escape; NUL: there is none. */
static char
letter_of(uint32_t rune)
{
	switch (rune) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\f':
		return 'f';
	default:
		return '\0';
	}
}

/* What stands between the key and its value. */
static struct kp_str
delimiter_of(const struct kp_scan *scan, const struct kp_item *item)
{
	return kp_str_slice(scan->src->text, scan->items[item->parent].end,
	    item->start);
}

static bool
encode_properties(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str text = value->bytes, delimiter = delimiter_of(scan, item);
	/* Where a blank alone ends the key, a "=" would be taken for it. */
	bool leading = true, taken = !kp_str_has_any(delimiter, "=:");
	size_t at = 0;
	uint32_t rune;

	if (!kp_utf8_valid(text))
		return kp_refuse(why, "encode it: |base64 or |hex",
		    "not UTF-8, which Java's strings cannot hold");
	if (kp_literal_has_raw(scan, item, value))
		return kp_refuse(why, "write that as \\uXXXX",
		    "the text around it is not ASCII, and read as Latin-1 or "
		    "as UTF-8");
	/* A key alone on its line. */
	if (delimiter.len == 0) {
		kp_buf_add_char(out, '=');
		taken = false;
	}
	while (at < text.len && kp_utf8_next(text, &at, &rune)) {
		leading = leading && rune == ' ';
		if (leading || (taken && (rune == '=' || rune == ':')))
			kp_buf_add_char(out, '\\');
		if (letter_of(rune) != '\0') {
			kp_buf_add_char(out, '\\');
			kp_buf_add_char(out, letter_of(rune));
		} else {
			add_rune(out, rune);
		}
	}
	return true;
}

/* --- insert --- */

/* True for "#key=...". */
static bool
is_commented(struct kp_str text, const struct kp_item *comment,
    struct kp_str key)
{
	size_t at = comment->start + 1;

	while (at < comment->end && is_blank(text.ptr[at]))
		at++;
	if (comment->end - at <= key.len ||
	    !kp_str_eq(kp_str_slice(text, at, at + key.len), key))
		return false;
	at += key.len;
	while (at < comment->end && is_blank(text.ptr[at]))
		at++;
	return at < comment->end && text.ptr[at] == '=';
}

static bool
insert_properties(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	if (path.len > 1 && path.ptr[0] == '"' && kp_str_ends(path, "\""))
		path = kp_str_slice(path, 1, path.len - 1);
	if (!kp_literal_is_plain(path, "_-."))
		return kp_refuse(why, "write it into the template",
		    "it is not there, and this name cannot be added");
	if (kp_str_ends(kp_str_trim(scan->src->text), "\\"))
		return kp_refuse(why, "write it into the template",
		    "it is not there, and the last line ends in a backslash");
	kp_line_insert(scan, path, "=", kp_line_ending(scan->src->text),
	    is_commented, where);
	return true;
}

const struct kp_format kp_format_properties = {
	.name = "properties",
	.scan = scan_properties,
	.encode = encode_properties,
	.insert = insert_properties,
	.by_lines = true,
};
