/* SPDX-License-Identifier: MIT */
/* php_walk - the cursor in PHP source, and what is between tokens. */
#include "format/php.h"

bool
kp_php_at_end(const struct kp_php_reader *reader)
{
	return reader->at >= reader->text.len;
}

char
kp_php_peek_at(const struct kp_php_reader *reader, size_t ahead)
{
	size_t at = reader->at + ahead;

	return at < reader->text.len ? reader->text.ptr[at] : '\0';
}

char
kp_php_peek(const struct kp_php_reader *reader)
{
	return kp_php_peek_at(reader, 0);
}

bool
kp_php_looking_at(const struct kp_php_reader *reader, const char *text)
{
	return kp_str_starts(kp_str_slice(reader->text, reader->at,
	                         reader->text.len),
	    text);
}

bool
kp_php_complain(struct kp_php_reader *reader, size_t offset, const char *what)
{
	return kp_diag_at(reader->diags, reader->scan->src, offset, 1, "%s",
	    what);
}

bool
kp_php_is_name(char c)
{
	return kp_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

bool
kp_php_starts_name(char c)
{
	return kp_php_is_name(c) && !kp_is_digit(c);
}

void
kp_php_skip_name(struct kp_php_reader *reader)
{
	while (kp_php_is_name(kp_php_peek(reader)))
		reader->at++;
}

/* --- between tokens --- */

void
kp_php_skip_html(struct kp_php_reader *reader)
{
	for (; !kp_php_at_end(reader); reader->at++) {
		if (kp_php_looking_at(reader, "<?=")) {
			reader->at += 3;
			return;
		}
		if (kp_php_looking_at(reader, "<?php") &&
		    (reader->at + 5 == reader->text.len ||
		        kp_is_space(kp_php_peek_at(reader, 5)))) {
			reader->at += 5;
			return;
		}
	}
}

/* To the end of the line, or "?>". */
static void
skip_line_comment(struct kp_php_reader *reader)
{
	while (!kp_php_at_end(reader) && kp_php_peek(reader) != '\n' &&
	    kp_php_peek(reader) != '\r' && !kp_php_looking_at(reader, "?>"))
		reader->at++;
}

static bool
read_comment(struct kp_php_reader *reader)
{
	size_t start = reader->at, close;

	if (kp_php_looking_at(reader, "/*")) {
		close = kp_str_find_str(kp_str_slice(reader->text, start + 2,
		                            reader->text.len),
		    kp_str_of("*/"));
		if (close == KP_NPOS)
			return kp_php_complain(reader, start,
			    "nothing closes this comment");
		reader->at = start + 2 + close + 2;
	} else {
		skip_line_comment(reader);
	}
	kp_scan_add(reader->scan, KP_COMMENT, start, reader->at, KP_NO_PARENT);
	return true;
}

static bool
at_comment(const struct kp_php_reader *reader)
{
	return kp_php_looking_at(reader, "/*") ||
	    kp_php_looking_at(reader, "//") ||
	    (kp_php_peek(reader) == '#' && kp_php_peek_at(reader, 1) != '[');
}

bool
kp_php_skip_gap(struct kp_php_reader *reader)
{
	while (!kp_php_at_end(reader)) {
		if (at_comment(reader)) {
			if (!read_comment(reader))
				return false;
		} else if (kp_is_space(kp_php_peek(reader))) {
			reader->at++;
		} else {
			break;
		}
	}
	return true;
}

size_t
kp_php_next_token(struct kp_php_reader *reader)
{
	size_t at = reader->at, count = reader->scan->count, found;

	found = kp_php_skip_gap(reader) ? reader->at : reader->text.len;
	reader->at = at;
	reader->scan->count = count;
	return found;
}

bool
kp_php_is_next(struct kp_php_reader *reader, const char *token)
{
	size_t at = kp_php_next_token(reader);

	return kp_str_starts(kp_str_slice(reader->text, at, reader->text.len),
	    token);
}
