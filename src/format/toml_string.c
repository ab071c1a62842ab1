/* SPDX-License-Identifier: MIT */
/*
 * toml_string - the four kinds of strings that TOML has.
 *
 *	"..."      escapes, on one line
 *	'...'      none
 *	"""..."""  escapes; a backslash at the end of a line joins the next
 *	'''...'''  none
 *
 * Those in three quotes drop a line break that comes first, and may have one
 * or two of their quotes before the end.  CR LF is read as LF.
 */
#include "format/toml.h"

#include "base/utf8.h"
#include "format/literal.h"

/* A string while it is read. */
struct reader {
	struct kp_str text;
	size_t at;
	char quote;
	bool lines; /* in three quotes */
	struct kp_buf *value;
	struct kp_toml_fault *fault;
};

static bool
complain(struct reader *reader, size_t at, size_t len, const char *what)
{
	*reader->fault = (struct kp_toml_fault){ at, len, what };
	return false;
}

static bool
has_quotes(const struct reader *reader, size_t count)
{
	size_t i;

	for (i = reader->at; i < reader->at + count; i++) {
		if (i >= reader->text.len ||
		    reader->text.ptr[i] != reader->quote)
			return false;
	}
	return true;
}

/* Past blanks and, where breaks is true, line breaks. */
static void
skip_blank(struct reader *reader, bool breaks)
{
	struct kp_str text = reader->text;

	while (reader->at < text.len) {
		size_t len = breaks ? kp_toml_line_break(text, reader->at) : 0;

		if (len == 0 && !kp_is_blank(text.ptr[reader->at]))
			return;
		reader->at += len > 0 ? len : 1;
	}
}

/* Behind "\u" or "\U". */
static bool
take_rune(struct reader *reader, size_t digits)
{
	uint32_t rune;

	if (!kp_literal_hex(reader->text, reader->at, digits, &rune) ||
	    rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
		return complain(reader, reader->at - 2, 2,
		    "no Unicode character in hexadecimal digits follows");
	reader->at += digits;
	kp_utf8_add(reader->value, rune);
	return true;
}

/* A backslash at the end of a line: all white space up to the next text. */
static bool
take_continuation(struct reader *reader, size_t backslash)
{
	skip_blank(reader, false);
	if (reader->at < reader->text.len &&
	    kp_toml_line_break(reader->text, reader->at) == 0)
		return complain(reader, backslash, 1, "no such escape");
	skip_blank(reader, true);
	return true;
}

static bool
take_escape(struct reader *reader)
{
	size_t backslash = reader->at++;
	char c =
	    reader->at < reader->text.len ? reader->text.ptr[reader->at] : '\0';

	if (reader->lines &&
	    (kp_is_blank(c) || kp_toml_line_break(reader->text, reader->at)))
		return take_continuation(reader, backslash);
	if (c == 'u' || c == 'U') {
		reader->at++;
		return take_rune(reader, c == 'u' ? 4 : 8);
	}
	if (!kp_literal_unescape(c, &c))
		return complain(reader, backslash, 2, "no such escape");
	reader->at++;
	kp_buf_add_char(reader->value, c);
	return true;
}

/* Past the closing quotes; those beyond three belong to the string. */
static void
take_close(struct reader *reader)
{
	size_t extra;

	reader->at += reader->lines ? 3 : 1;
	for (extra = 0; extra < 2 && reader->lines; extra++) {
		if (!has_quotes(reader, 1))
			return;
		kp_buf_add_char(reader->value, reader->quote);
		reader->at++;
	}
}

/* Past what stands for itself in each of the four. */
static bool
take_plain(struct reader *reader)
{
	struct kp_str text = reader->text;
	size_t start = reader->at, at = start;

	for (;;) {
		at = kp_str_skip_printable(text, at, reader->quote, '\\');
		if (at == text.len || (unsigned char)text.ptr[at] < 0x80)
			break;
		at++;
	}
	kp_buf_add(reader->value, kp_str_slice(text, start, at));
	reader->at = at;
	return at > start;
}

static bool
take_char(struct reader *reader)
{
	char c = reader->text.ptr[reader->at];
	size_t len = kp_toml_line_break(reader->text, reader->at);

	if (c == '\\' && reader->quote == '"')
		return take_escape(reader);
	if (reader->lines && len > 0) {
		reader->at += len;
		kp_buf_add_char(reader->value, '\n');
		return true;
	}
	if (kp_toml_is_control(c))
		return complain(reader, reader->at, 1,
		    "a line break or control character in a string");
	reader->at++;
	kp_buf_add_char(reader->value, c);
	return true;
}

static enum kp_style
style_of(const struct reader *reader)
{
	if (reader->quote == '"')
		return reader->lines ? KP_TRIPLE : KP_DOUBLE;
	return reader->lines ? KP_TRIPLE_SINGLE : KP_SINGLE;
}

bool
kp_toml_string_take(struct kp_str text, size_t *at, bool lines,
    enum kp_style *style, struct kp_buf *value, struct kp_toml_fault *fault)
{
	struct reader reader = { .text = text,
		.at = *at,
		.value = value,
		.quote = text.ptr[*at],
		.fault = fault };

	reader.lines = lines && has_quotes(&reader, 3);
	reader.at += reader.lines ? 3 : 1;
	if (reader.lines)
		reader.at += kp_toml_line_break(text, reader.at);
	while (!has_quotes(&reader, reader.lines ? 3 : 1)) {
		if (reader.at >= text.len)
			return complain(&reader, *at, reader.lines ? 3 : 1,
			    "a string has no closing quote");
		if (!take_plain(&reader) && !take_char(&reader))
			return false;
	}
	take_close(&reader);
	*style = style_of(&reader);
	*at = reader.at;
	return true;
}
