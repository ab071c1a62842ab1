/* SPDX-License-Identifier: MIT */
/*
 * php - string literals and plain constants in PHP source.
 *
 *	define('DB_PASSWORD', 'x');          DB_PASSWORD
 *	const SALT = "x";                    SALT
 *	$cfg['db']['password'] = 'x';        cfg.db.password
 *	$conf = ['db' => ['port' => 1]];     conf.db.port
 *	return array('a' => 'x', 'y');       a, [1]
 *	connect('host', 'x');                strings without a path
 *
 * Words and strings are cut as by Zend/zend_language_scanner.l of PHP 8.2.
 * Every string literal is a scalar; a word or number is one where it is all of
 * a value.  A path is there where a value is a single literal.  All other
 * code is passed over, and only its brackets have to match.
 */
#include "format/formats.h"

#include "base/utf8.h"

#include <string.h>

#define MAX_DEPTH 64

/* Strings in code in strings; each is looked at up to three times. */
#define MAX_STRINGS 4

/* kp_item.role: what encode() has to know. */
enum {
	INTERPOLATED = 1, /* PHP puts variables into this string */
};

struct reader {
	struct kp_scan *scan;
	struct kp_diags *diags;
	struct kp_str text;
	size_t at;
	struct kp_buf value; /* owned: the string being read */
	unsigned depth;      /* of brackets */
	unsigned strings;    /* around the one being read */
};

static bool read_code(struct reader *reader, char close, bool to_comma);

/* --- cursor --- */

static bool
at_end(const struct reader *reader)
{
	return reader->at >= reader->text.len;
}

static char
peek_at(const struct reader *reader, size_t ahead)
{
	size_t at = reader->at + ahead;

	return at < reader->text.len ? reader->text.ptr[at] : '\0';
}

static char
peek(const struct reader *reader)
{
	return peek_at(reader, 0);
}

static bool
looking_at(const struct reader *reader, const char *text)
{
	return kp_str_starts(kp_str_slice(reader->text, reader->at,
	                         reader->text.len),
	    text);
}

static bool
complain(struct reader *reader, size_t offset, const char *what)
{
	return kp_diag_at(reader->diags, reader->scan->src, offset, 1, "%s",
	    what);
}

/* A byte of a name; PHP takes all above ASCII for letters. */
static bool
is_name_char(char c)
{
	return kp_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool
starts_name(char c)
{
	return is_name_char(c) && !kp_is_digit(c);
}

static void
skip_name(struct reader *reader)
{
	while (is_name_char(peek(reader)))
		reader->at++;
}

/* --- between tokens --- */

/* The text outside of <?php ... ?>, up to where code begins. */
static void
skip_html(struct reader *reader)
{
	for (; !at_end(reader); reader->at++) {
		if (looking_at(reader, "<?=")) {
			reader->at += 3;
			return;
		}
		if (looking_at(reader, "<?php") &&
		    (reader->at + 5 == reader->text.len ||
		        kp_is_space(peek_at(reader, 5)))) {
			reader->at += 5;
			return;
		}
	}
}

/* To the end of the line, or "?>". */
static void
skip_line_comment(struct reader *reader)
{
	while (!at_end(reader) && peek(reader) != '\n' &&
	    peek(reader) != '\r' && !looking_at(reader, "?>"))
		reader->at++;
}

static bool
read_comment(struct reader *reader)
{
	size_t start = reader->at, close;

	if (looking_at(reader, "/*")) {
		close = kp_str_find_str(kp_str_slice(reader->text, start + 2,
		                            reader->text.len),
		    kp_str_of("*/"));
		if (close == KP_NPOS)
			return complain(reader, start,
			    "nothing closes this comment");
		reader->at = start + 2 + close + 2;
	} else {
		skip_line_comment(reader);
	}
	kp_scan_add(reader->scan, KP_COMMENT, start, reader->at, KP_NO_PARENT);
	return true;
}

static bool
at_comment(const struct reader *reader)
{
	return looking_at(reader, "/*") || looking_at(reader, "//") ||
	    (peek(reader) == '#' && peek_at(reader, 1) != '[');
}

/* White space and comments. */
static bool
skip_gap(struct reader *reader)
{
	while (!at_end(reader)) {
		if (at_comment(reader)) {
			if (!read_comment(reader))
				return false;
		} else if (kp_is_space(peek(reader))) {
			reader->at++;
		} else {
			break;
		}
	}
	return true;
}

/* Where the next token begins, comments passed over but not listed. */
static size_t
next_token(struct reader *reader)
{
	size_t at = reader->at, count = reader->scan->count, found;

	found = skip_gap(reader) ? reader->at : reader->text.len;
	reader->at = at;
	reader->scan->count = count;
	return found;
}

static bool
is_next(struct reader *reader, const char *token)
{
	size_t at = next_token(reader);

	return kp_str_starts(kp_str_slice(reader->text, at, reader->text.len),
	    token);
}

/* --- strings --- */

static bool
read_single(struct reader *reader)
{
	size_t open = reader->at++;

	while (!at_end(reader)) {
		char c = reader->text.ptr[reader->at++];

		if (c == '\'')
			return true;
		if (c == '\\' && (peek(reader) == '\'' || peek(reader) == '\\'))
			c = reader->text.ptr[reader->at++];
		kp_buf_add_char(&reader->value, c);
	}
	return complain(reader, open, "no quote closes this one");
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
read_digits(struct reader *reader, unsigned base, unsigned max,
    uint32_t *number)
{
	uint32_t found = 0;
	unsigned count = 0;

	while (count < max && digit_of(peek(reader), base) < base) {
		found = found * base + digit_of(peek(reader), base);
		reader->at++;
		count++;
	}
	if (count > 0)
		*number = found;
	return count > 0;
}

/* \u{...}: the cursor is on the brace. */
static bool
read_unicode(struct reader *reader)
{
	size_t start = reader->at++;
	uint32_t rune = 0;

	if (!read_digits(reader, 16, 6, &rune) || peek(reader) != '}' ||
	    rune > 0x10ffff)
		return complain(reader, start, "no character of Unicode");
	reader->at++;
	kp_utf8_add(&reader->value, rune);
	return true;
}

/* A backslash in double quotes; the cursor is behind it. */
static bool
read_escape(struct reader *reader)
{
	static const char letters[] = "nrtvef\\$\"";
	static const char bytes[] = "\n\r\t\v\033\f\\$\"";
	char c = peek(reader);
	const char *letter = c == '\0' ? NULL : strchr(letters, c);
	uint32_t number = 0;

	if (letter != NULL) {
		reader->at++;
		kp_buf_add_char(&reader->value, bytes[letter - letters]);
		return true;
	}
	if (c == 'u' && peek_at(reader, 1) == '{') {
		reader->at++;
		return read_unicode(reader);
	}
	if (c == 'x' && digit_of(peek_at(reader, 1), 16) < 16) {
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
skip_braced(struct reader *reader)
{
	size_t count = reader->scan->count;
	struct kp_buf value;
	bool done;

	if (reader->strings == MAX_STRINGS)
		return complain(reader, reader->at, "nested too deeply");
	value = kp_buf_take(&reader->value);
	reader->strings++;
	reader->at += looking_at(reader, "${") ? 2 : 1;
	done = read_code(reader, '}', false);
	reader->at += done ? 1 : 0;
	reader->strings--;
	reader->scan->count = count;
	kp_buf_wipe(&reader->value);
	reader->value = value;
	return done;
}

static bool
at_variable(const struct reader *reader)
{
	return peek(reader) == '$' && starts_name(peek_at(reader, 1));
}

/* "...": *role tells of variables, which are not followed. */
static bool
read_double(struct reader *reader, uint32_t *role)
{
	size_t open = reader->at++;

	while (!at_end(reader)) {
		if (looking_at(reader, "{$") || looking_at(reader, "${")) {
			*role = INTERPOLATED;
			if (!skip_braced(reader))
				return false;
			continue;
		}
		if (at_variable(reader))
			*role = INTERPOLATED;
		switch (peek(reader)) {
		case '"':
			reader->at++;
			return true;
		case '\\':
			reader->at++;
			if (!read_escape(reader))
				return false;
			break;
		default:
			kp_buf_add_char(&reader->value, peek(reader));
			reader->at++;
		}
	}
	return complain(reader, open, "no quote closes this one");
}

/* The label of <<<LABEL, <<<"LABEL" or <<<'LABEL' at the cursor. */
static struct kp_str
heredoc_label(const struct reader *reader)
{
	size_t start = reader->at + 3, end;

	while (start < reader->text.len && kp_is_blank(reader->text.ptr[start]))
		start++;
	if (start < reader->text.len &&
	    (reader->text.ptr[start] == '"' || reader->text.ptr[start] == '\''))
		start++;
	end = start;
	while (end < reader->text.len && is_name_char(reader->text.ptr[end]))
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
		    (end == text.len || !is_name_char(text.ptr[end])))
			return end;
	}
	return KP_NPOS;
}

static bool
read_heredoc(struct reader *reader)
{
	struct kp_str label = heredoc_label(reader);
	size_t start = reader->at, end;

	end = find_label(reader->text,
	    (size_t)(label.ptr - reader->text.ptr) + label.len, label);
	if (end == KP_NPOS)
		return complain(reader, start, "nothing closes this heredoc");
	kp_buf_add(&reader->value, kp_str_slice(reader->text, start, end));
	reader->at = end;
	return true;
}

static bool
at_heredoc(const struct reader *reader)
{
	return looking_at(reader, "<<<") && heredoc_label(reader).len > 0;
}

static bool
at_string(const struct reader *reader)
{
	return peek(reader) == '\'' || peek(reader) == '"' ||
	    at_heredoc(reader);
}

/* A string as an item of this kind, of which parent is the path. */
static bool
read_string(struct reader *reader, enum kp_kind kind, uint32_t parent)
{
	size_t start = reader->at;
	enum kp_style style = KP_SINGLE;
	uint32_t role = 0;
	struct kp_item *item;
	bool done;

	kp_buf_cut(&reader->value, 0);
	if (peek(reader) == '\'') {
		done = read_single(reader);
	} else if (peek(reader) == '"') {
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

/* `...`: a command; nothing in it is a value. */
static bool
skip_backtick(struct reader *reader)
{
	size_t open = reader->at++;

	for (; !at_end(reader); reader->at++) {
		if (peek(reader) == '`') {
			reader->at++;
			return true;
		}
		if (peek(reader) == '\\')
			reader->at++;
	}
	return complain(reader, open, "no quote closes this one");
}

/* --- values --- */

/* Behind the string, word or number at the cursor; the cursor if there is none.
 */
static size_t
literal_end(const struct reader *reader)
{
	struct reader ahead = *reader;

	if (peek(reader) == '-' && kp_is_digit(peek_at(reader, 1)))
		ahead.at++;
	if (kp_is_digit(peek(&ahead))) {
		while (is_name_char(peek(&ahead)) || peek(&ahead) == '.')
			ahead.at++;
	} else {
		skip_name(&ahead);
	}
	return ahead.at;
}

/* True when the value that ends at end is not part of an expression. */
static bool
ends_value(struct reader *reader, size_t end)
{
	size_t at = reader->at, next;

	reader->at = end;
	next = next_token(reader);
	reader->at = at;
	return next == reader->text.len ||
	    strchr(";,)]}", reader->text.ptr[next]) != NULL ||
	    kp_str_starts(kp_str_slice(reader->text, next, reader->text.len),
	        "?>");
}

static enum kp_type
type_of(struct kp_str word)
{
	size_t i, digits = 0;

	if (kp_str_is_nocase(word, "true") || kp_str_is_nocase(word, "false"))
		return KP_BOOL;
	if (kp_str_is_nocase(word, "null"))
		return KP_NULL;
	for (i = 0; i < word.len; i++)
		digits += kp_is_digit(word.ptr[i]) ? 1 : 0;
	if (word.len > 0 && digits == word.len - (word.ptr[0] == '-' ? 1 : 0))
		return KP_INT;
	return word.len > 0 && kp_is_digit(word.ptr[word.ptr[0] == '-']) ?
	    KP_NUMBER :
	    KP_OTHER;
}

/* A bare word or number that is all of a value. */
static void
read_bare(struct reader *reader, size_t end, uint32_t parent)
{
	struct kp_item *item =
	    kp_scan_add(reader->scan, KP_SCALAR, reader->at, end, parent);

	if (item != NULL)
		item->type = type_of(item->value);
	reader->at = end;
}

/* Where the string at the cursor ends, nothing of it listed. */
static bool
find_string_end(struct reader *reader, size_t *end)
{
	size_t start = reader->at, count = reader->scan->count;
	bool done = read_string(reader, KP_SCALAR, KP_NO_PARENT);

	*end = reader->at;
	reader->at = start;
	reader->scan->count = count;
	return done;
}

static bool read_array(struct reader *reader, uint32_t parent);

/* "[" or "array(" at the cursor; the cursor is moved behind it. */
static bool
skip_array_open(struct reader *reader, char *close)
{
	size_t at = reader->at;

	*close = ']';
	if (peek(reader) == '[') {
		reader->at++;
		return true;
	}
	*close = ')';
	skip_name(reader);
	if (kp_str_is_nocase(kp_str_slice(reader->text, at, reader->at),
	        "array") &&
	    is_next(reader, "(")) {
		reader->at = next_token(reader) + 1;
		return true;
	}
	reader->at = at;
	return false;
}

/* A value with this path, if it is one literal or array; else nothing. */
static bool
read_value(struct reader *reader, uint32_t parent)
{
	size_t end = 0;

	if (!skip_gap(reader))
		return false;
	if (at_string(reader)) {
		if (!find_string_end(reader, &end))
			return false;
		if (ends_value(reader, end))
			return read_string(reader, KP_SCALAR, parent);
		return true;
	}
	end = literal_end(reader);
	if (end > reader->at && ends_value(reader, end)) {
		read_bare(reader, end, parent);
		return true;
	}
	return read_array(reader, parent);
}

/* 'key' => or 1 =>, as a KEY in *key; nothing where there is none. */
static bool
read_key(struct reader *reader, uint32_t parent, uint32_t *key)
{
	size_t start = reader->at, end = literal_end(reader);
	bool string = at_string(reader);

	if (string && !find_string_end(reader, &end))
		return false;
	reader->at = end;
	if (end == start || !is_next(reader, "=>")) {
		reader->at = start;
		return true;
	}
	reader->at = start;
	*key = (uint32_t)reader->scan->count;
	if (string) {
		if (!read_string(reader, KP_KEY, parent))
			return false;
	} else {
		kp_scan_add(reader->scan, KP_KEY, start, end, parent);
		reader->at = end;
	}
	if (!skip_gap(reader))
		return false;
	reader->at += 2;
	return true;
}

static bool
read_element(struct reader *reader, uint32_t parent, uint32_t *index)
{
	uint32_t owner = KP_NO_PARENT;
	struct kp_item *element;

	if (!read_key(reader, parent, &owner))
		return false;
	if (owner == KP_NO_PARENT) {
		owner = (uint32_t)reader->scan->count;
		element = kp_scan_add(reader->scan, KP_ELEMENT, reader->at,
		    reader->at, parent);
		if (element != NULL)
			element->index = (*index)++;
	}
	return read_value(reader, owner);
}

static bool
enter(struct reader *reader)
{
	if (reader->depth++ < MAX_DEPTH)
		return true;
	return complain(reader, reader->at, "nested too deeply");
}

/* The array at the cursor, if one is there, with its closing bracket. */
static bool
read_array(struct reader *reader, uint32_t parent)
{
	size_t open = reader->at;
	uint32_t index = 0;
	char close;

	if (!skip_array_open(reader, &close))
		return true;
	if (!enter(reader))
		return false;
	for (;;) {
		if (!skip_gap(reader))
			return false;
		if (at_end(reader))
			return complain(reader, open,
			    "no bracket closes this one");
		if (peek(reader) == close)
			break;
		if (!read_element(reader, parent, &index) ||
		    !read_code(reader, close, true))
			return false;
		if (peek(reader) == ',')
			reader->at++;
	}
	reader->depth--;
	reader->at++;
	return true;
}

/* --- code --- */

/* True for a "=" that assigns, at the next token. */
static bool
assigns(struct reader *reader)
{
	return is_next(reader, "=") && !is_next(reader, "==") &&
	    !is_next(reader, "=>");
}

/* ['key'] or [$i] behind a variable, added to *owner; else nothing moves. */
static bool
read_subscript(struct reader *reader, uint32_t *owner)
{
	size_t start = reader->at, end, close;
	uint32_t key = (uint32_t)reader->scan->count;
	bool string;

	reader->at = next_token(reader) + 1;
	reader->at = next_token(reader);
	string = peek(reader) == '\'' || peek(reader) == '"';
	end = reader->at + (peek(reader) == '$' ? 1 : 0);
	if (string && !find_string_end(reader, &end))
		return false;
	close = reader->at;
	reader->at = end;
	if (!string) {
		skip_name(reader);
		end = reader->at;
	}
	if (!is_next(reader, "]")) {
		reader->at = start;
		return true;
	}
	reader->at = close;
	if (string && !read_string(reader, KP_KEY, *owner))
		return false;
	if (!string)
		kp_scan_add(reader->scan, KP_KEY, close, end, *owner);
	reader->at = end;
	reader->at = next_token(reader) + 1;
	*owner = key;
	return true;
}

/*
 * $name['key']... = value: the names are keys then.  Of another use of a
 * variable only the name is passed over.
 */
static bool
read_variable(struct reader *reader)
{
	uint32_t count = (uint32_t)reader->scan->count, owner = count;
	size_t start = ++reader->at, behind, before;

	skip_name(reader);
	behind = reader->at;
	kp_scan_add(reader->scan, KP_KEY, start, behind, KP_NO_PARENT);
	do {
		before = reader->at;
		if (is_next(reader, "[") && !read_subscript(reader, &owner))
			return false;
	} while (reader->at > before);
	if (start == behind || !assigns(reader)) {
		reader->scan->count = count;
		reader->at = behind;
		return true;
	}
	reader->at = next_token(reader) + 1;
	return read_value(reader, owner);
}

/* define('NAME', value: the cursor is behind the word. */
static bool
read_define(struct reader *reader)
{
	uint32_t key = (uint32_t)reader->scan->count;
	size_t behind = reader->at, end;

	reader->at = next_token(reader) + 1;
	reader->at = next_token(reader);
	if (peek(reader) == '\'' || peek(reader) == '"') {
		if (!find_string_end(reader, &end))
			return false;
		if (!read_string(reader, KP_KEY, KP_NO_PARENT))
			return false;
		if (is_next(reader, ",")) {
			reader->at = next_token(reader) + 1;
			if (!read_value(reader, key))
				return false;
			return read_code(reader, ')', false) &&
			    (reader->at++, true);
		}
	}
	reader->scan->count = key;
	reader->at = behind;
	return true;
}

/* const NAME = value: the cursor is behind the word. */
static bool
read_const(struct reader *reader)
{
	uint32_t key = (uint32_t)reader->scan->count;
	size_t behind = reader->at, start;

	start = reader->at = next_token(reader);
	skip_name(reader);
	if (reader->at == start || !assigns(reader)) {
		reader->at = behind;
		return true;
	}
	kp_scan_add(reader->scan, KP_KEY, start, reader->at, KP_NO_PARENT);
	reader->at = next_token(reader) + 1;
	return read_value(reader, key);
}

static bool
read_word(struct reader *reader)
{
	size_t start = reader->at;
	struct kp_str word;

	skip_name(reader);
	word = kp_str_slice(reader->text, start, reader->at);
	if (kp_str_is_nocase(word, "define") && is_next(reader, "("))
		return read_define(reader);
	if (kp_str_is_nocase(word, "const"))
		return read_const(reader);
	if (kp_str_is_nocase(word, "return"))
		return read_value(reader, KP_NO_PARENT);
	if (kp_str_is_nocase(word, "__halt_compiler"))
		reader->at = reader->text.len;
	if (!kp_str_is_nocase(word, "array"))
		return true;
	reader->at = start;
	if (!read_array(reader, KP_NO_PARENT))
		return false;
	reader->at += reader->at == start ? word.len : 0;
	return true;
}

/* Brackets of code: all up to the one that closes them. */
static bool
read_brackets(struct reader *reader)
{
	size_t open = reader->at;
	char c = peek(reader);

	if (c == '[')
		return read_array(reader, KP_NO_PARENT);
	if (!enter(reader))
		return false;
	reader->at++;
	if (!read_code(reader, c == '(' ? ')' : '}', false))
		return false;
	reader->depth--;
	if (at_end(reader))
		return complain(reader, open, "no bracket closes this one");
	reader->at++;
	return true;
}

static bool
read_token(struct reader *reader)
{
	char c = peek(reader);

	if (at_string(reader))
		return read_string(reader, KP_SCALAR, KP_NO_PARENT);
	if (looking_at(reader, "?>")) {
		reader->at += 2;
		skip_html(reader);
		return true;
	}
	if (c == '`')
		return skip_backtick(reader);
	if (c == '(' || c == '[' || c == '{')
		return read_brackets(reader);
	if (c == ')' || c == ']' || c == '}')
		return complain(reader, reader->at,
		    "no bracket opens this one");
	if (at_variable(reader))
		return read_variable(reader);
	if (starts_name(c))
		return read_word(reader);
	reader->at++;
	/* The name behind "->" and "::" is no word with a meaning. */
	if ((c == '>' || c == ':') && starts_name(peek(reader)))
		skip_name(reader);
	return true;
}

/* Up to close, or with to_comma a comma, which are not consumed. */
static bool
read_code(struct reader *reader, char close, bool to_comma)
{
	for (;;) {
		if (!skip_gap(reader))
			return false;
		if (at_end(reader))
			return close == '\0' ||
			    complain(reader, reader->text.len - 1,
			        "a bracket before this has no end");
		if (close != '\0' && peek(reader) == close)
			return true;
		if (to_comma && peek(reader) == ',')
			return true;
		if (!read_token(reader))
			return false;
	}
}

static bool
scan_php(struct kp_scan *scan, struct kp_diags *diags)
{
	struct reader reader = {
		.scan = scan,
		.diags = diags,
		.text = scan->src->text,
	};
	bool done;

	skip_html(&reader);
	done = read_code(&reader, '\0', false);
	if (!kp_buf_ok(&reader.value))
		scan->failed = true;
	kp_buf_wipe(&reader.value);
	return done || scan->failed;
}

/* --- encode --- */

static void
write_single(struct kp_str bytes, struct kp_buf *out)
{
	size_t i;

	kp_buf_add_char(out, '\'');
	for (i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\'' || bytes.ptr[i] == '\\')
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, bytes.ptr[i]);
	}
	kp_buf_add_char(out, '\'');
}

static void
write_double(struct kp_str bytes, struct kp_buf *out)
{
	size_t i;

	kp_buf_add_char(out, '"');
	for (i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];

		if (c == '\n' || c == '\r') {
			kp_buf_add_text(out, c == '\n' ? "\\n" : "\\r");
			continue;
		}
		if (c == '\\' || c == '"' || c == '$')
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, c);
	}
	kp_buf_add_char(out, '"');
}

static bool
encode_php(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan;
	if (item->style == KP_HEREDOC)
		return kp_refuse(why, "write it in single quotes",
		    "it stands in a heredoc, whose end versions of PHP find "
		    "differently");
	if (item->role == INTERPOLATED)
		return kp_refuse(why, "write '...' . $name . '...'",
		    "PHP puts variables into this string");
	if (item->style == KP_DOUBLE)
		write_double(value->bytes, out);
	else if (item->style == KP_BARE && value->type != KP_STRING)
		kp_buf_add(out, value->bytes);
	else
		write_single(value->bytes, out);
	return true;
}

/* No insert(): nothing tells where in a program a line takes effect. */
const struct kp_format kp_format_php = {
	.name = "php",
	.scan = scan_php,
	.encode = encode_php,
};
