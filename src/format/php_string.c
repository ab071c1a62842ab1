/* SPDX-License-Identifier: MIT */
/* php_string - the string literals of PHP, as they are read. */
#include "format/php.h"

#include "base/utf8.h"

#include <string.h>

/* Strings in code in strings; each is looked at up to three times. */
#define MAX_STRINGS 4

static bool
read_single(struct kp_php_reader *reader)
{
	size_t open = reader->at++;

	while (!kp_php_at_end(reader)) {
		char c = reader->text.ptr[reader->at++];

		if (c == '\'')
			return true;
		if (c == '\\' &&
		    (kp_php_peek(reader) == '\'' ||
		        kp_php_peek(reader) == '\\'))
			c = reader->text.ptr[reader->at++];
		kp_buf_add_char(&reader->value, c);
	}
	return kp_php_complain(reader, open, "no quote closes this one");
}

static unsigned
digit_of(char c, unsigned base)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c == '\0' ? NULL : strchr(digits, kp_to_lower(c));
	unsigned digit = found == NULL ? base : (unsigned)(found - digits);

	return digit < base ? digit : base;
}

/* Up to max digits at the cursor; *number is untouched if there are none. */
static bool
read_digits(struct kp_php_reader *reader, unsigned base, unsigned max,
    uint32_t *number)
{
	uint32_t found = 0;
	unsigned count = 0;

	while (count < max && digit_of(kp_php_peek(reader), base) < base) {
		found = found * base + digit_of(kp_php_peek(reader), base);
		reader->at++;
		count++;
	}
	if (count > 0)
		*number = found;
	return count > 0;
}

/* \u{...}: the cursor is on the brace. */
static bool
read_unicode(struct kp_php_reader *reader)
{
	size_t start = reader->at++;
	uint32_t rune = 0;

	if (!read_digits(reader, 16, 6, &rune) || kp_php_peek(reader) != '}' ||
	    rune > 0x10ffff)
		return kp_php_complain(reader, start,
		    "no character of Unicode");
	reader->at++;
	kp_utf8_add(&reader->value, rune);
	return true;
}

/* A backslash in double quotes; the cursor is behind it. */
static bool
read_escape(struct kp_php_reader *reader)
{
	static const char letters[] = "nrtvef\\$\"";
	static const char bytes[] = "\n\r\t\v\033\f\\$\"";
	char c = kp_php_peek(reader);
	const char *letter = c == '\0' ? NULL : strchr(letters, c);
	uint32_t number = 0;

	if (letter != NULL) {
		reader->at++;
		kp_buf_add_char(&reader->value, bytes[letter - letters]);
		return true;
	}
	if (c == 'u' && kp_php_peek_at(reader, 1) == '{') {
		reader->at++;
		return read_unicode(reader);
	}
	if (c == 'x' && digit_of(kp_php_peek_at(reader, 1), 16) < 16) {
		reader->at++;
		read_digits(reader, 16, 2, &number);
	} else if (!read_digits(reader, 8, 3, &number)) {
		number = '\\';
	}
	kp_buf_add_char(&reader->value, (char)(number & 0xff));
	return true;
}

/* "{$...}" or "${...}": code within a string, whose strings are its own. */
static bool
skip_braced(struct kp_php_reader *reader)
{
	size_t count = reader->scan->count;
	struct kp_buf value;
	bool done;

	if (reader->strings == MAX_STRINGS)
		return kp_php_complain(reader, reader->at, "nested too deeply");
	value = kp_buf_take(&reader->value);
	reader->strings++;
	reader->at += kp_php_looking_at(reader, "${") ? 2 : 1;
	done = kp_php_read_code(reader, '}', false);
	reader->at += done ? 1 : 0;
	reader->strings--;
	reader->scan->count = count;
	kp_buf_wipe(&reader->value);
	reader->value = value;
	return done;
}

bool
kp_php_at_variable(const struct kp_php_reader *reader)
{
	return kp_php_peek(reader) == '$' &&
	    kp_php_starts_name(kp_php_peek_at(reader, 1));
}

/* "...": *role tells of variables, which are not followed. */
static bool
read_double(struct kp_php_reader *reader, uint32_t *role)
{
	size_t open = reader->at++;

	while (!kp_php_at_end(reader)) {
		if (kp_php_looking_at(reader, "{$") ||
		    kp_php_looking_at(reader, "${")) {
			*role = KP_PHP_INTERPOLATED;
			if (!skip_braced(reader))
				return false;
			continue;
		}
		if (kp_php_at_variable(reader))
			*role = KP_PHP_INTERPOLATED;
		switch (kp_php_peek(reader)) {
		case '"':
			reader->at++;
			return true;
		case '\\':
			reader->at++;
			if (!read_escape(reader))
				return false;
			break;
		default:
			kp_buf_add_char(&reader->value, kp_php_peek(reader));
			reader->at++;
		}
	}
	return kp_php_complain(reader, open, "no quote closes this one");
}

/* The label of <<<LABEL, <<<"LABEL" or <<<'LABEL' at the cursor. */
static struct kp_str
heredoc_label(const struct kp_php_reader *reader)
{
	size_t start = reader->at + 3, end;

	while (start < reader->text.len && kp_is_blank(reader->text.ptr[start]))
		start++;
	if (start < reader->text.len &&
	    (reader->text.ptr[start] == '"' || reader->text.ptr[start] == '\''))
		start++;
	end = start;
	while (end < reader->text.len && kp_php_is_name(reader->text.ptr[end]))
		end++;
	return kp_str_slice(reader->text, start, end);
}

/* Where the label closes a heredoc, at the start of a line; KP_NPOS. */
static size_t
find_label(struct kp_str text, size_t at, struct kp_str label)
{
	for (; at < text.len; at++) {
		size_t end;

		if (text.ptr[at] != '\n' && text.ptr[at] != '\r')
			continue;
		end = at + 1;
		while (end < text.len && kp_is_blank(text.ptr[end]))
			end++;
		end += label.len;
		if (end <= text.len &&
		    kp_str_eq(kp_str_slice(text, end - label.len, end),
		        label) &&
		    (end == text.len || !kp_php_is_name(text.ptr[end])))
			return end;
	}
	return KP_NPOS;
}

static bool
read_heredoc(struct kp_php_reader *reader)
{
	struct kp_str label = heredoc_label(reader);
	size_t start = reader->at, end;

	end = find_label(reader->text,
	    (size_t)(label.ptr - reader->text.ptr) + label.len, label);
	if (end == KP_NPOS)
		return kp_php_complain(reader, start,
		    "nothing closes this heredoc");
	kp_buf_add(&reader->value, kp_str_slice(reader->text, start, end));
	reader->at = end;
	return true;
}

static bool
at_heredoc(const struct kp_php_reader *reader)
{
	return kp_php_looking_at(reader, "<<<") &&
	    heredoc_label(reader).len > 0;
}

bool
kp_php_at_string(const struct kp_php_reader *reader)
{
	return kp_php_peek(reader) == '\'' || kp_php_peek(reader) == '"' ||
	    at_heredoc(reader);
}

bool
kp_php_read_string(struct kp_php_reader *reader, enum kp_kind kind,
    uint32_t parent)
{
	size_t start = reader->at;
	enum kp_style style = KP_SINGLE;
	uint32_t role = 0;
	struct kp_item *item;
	bool done;

	kp_buf_cut(&reader->value, 0);
	if (kp_php_peek(reader) == '\'') {
		done = read_single(reader);
	} else if (kp_php_peek(reader) == '"') {
		style = KP_DOUBLE;
		done = read_double(reader, &role);
	} else {
		style = KP_HEREDOC;
		done = read_heredoc(reader);
	}
	item = kp_scan_add(reader->scan, kind, start, reader->at, parent);
	if (item == NULL || !done)
		return false;
	item->style = style;
	item->role = role;
	if (role == 0)
		item->value =
		    kp_scan_store(reader->scan, kp_buf_view(&reader->value));
	return true;
}

bool
kp_php_skip_backtick(struct kp_php_reader *reader)
{
	size_t open = reader->at++;

	for (; !kp_php_at_end(reader); reader->at++) {
		if (kp_php_peek(reader) == '`') {
			reader->at++;
			return true;
		}
		if (kp_php_peek(reader) == '\\')
			reader->at++;
	}
	return kp_php_complain(reader, open, "no quote closes this one");
}
