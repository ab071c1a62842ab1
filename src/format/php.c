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
 * a value, and a placeholder where a string could stand.  A path is there
 * where a value is a single literal.  All other code is passed over, and only
 * its brackets have to match.
 */
#include "format/php.h"

#include "format/formats.h"

#include <string.h>

#define MAX_DEPTH 64

/* --- values --- */

/* Behind the string, word or number at the cursor; the cursor if there is none.
 */
static size_t
literal_end(const struct kp_php_reader *reader)
{
	struct kp_php_reader ahead = *reader;

	if (kp_php_peek(reader) == '-' &&
	    kp_is_digit(kp_php_peek_at(reader, 1)))
		ahead.at++;
	if (kp_is_digit(kp_php_peek(&ahead))) {
		while (kp_php_is_name(kp_php_peek(&ahead)) ||
		    kp_php_peek(&ahead) == '.')
			ahead.at++;
	} else {
		kp_php_skip_name(&ahead);
	}
	return ahead.at;
}

/* True when the value that ends at end is not part of an expression. */
static bool
ends_value(struct kp_php_reader *reader, size_t end)
{
	size_t at = reader->at, next;

	reader->at = end;
	next = kp_php_next_token(reader);
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
read_bare(struct kp_php_reader *reader, size_t end, uint32_t parent)
{
	struct kp_item *item =
	    kp_scan_add(reader->scan, KP_SCALAR, reader->at, end, parent);

	if (item != NULL)
		item->type = type_of(item->value);
	reader->at = end;
}

/* Where the string at the cursor ends, nothing of it listed. */
static bool
find_string_end(struct kp_php_reader *reader, size_t *end)
{
	size_t start = reader->at, count = reader->scan->count;
	bool done = kp_php_read_string(reader, KP_SCALAR, KP_NO_PARENT);

	*end = reader->at;
	reader->at = start;
	reader->scan->count = count;
	return done;
}

static bool read_array(struct kp_php_reader *reader, uint32_t parent);

/* "[" or "array(" at the cursor; the cursor is moved behind it. */
static bool
skip_array_open(struct kp_php_reader *reader, char *close)
{
	size_t at = reader->at;

	*close = ']';
	if (kp_php_peek(reader) == '[') {
		reader->at++;
		return true;
	}
	*close = ')';
	kp_php_skip_name(reader);
	if (kp_str_is_nocase(kp_str_slice(reader->text, at, reader->at),
	        "array") &&
	    kp_php_is_next(reader, "(")) {
		reader->at = kp_php_next_token(reader) + 1;
		return true;
	}
	reader->at = at;
	return false;
}

/* A value with this path, if it is one literal or array; else nothing. */
static bool
read_value(struct kp_php_reader *reader, uint32_t parent)
{
	size_t end = 0;

	if (!kp_php_skip_gap(reader))
		return false;
	if (kp_php_at_string(reader)) {
		if (!find_string_end(reader, &end))
			return false;
		if (ends_value(reader, end))
			return kp_php_read_string(reader, KP_SCALAR, parent);
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
read_key(struct kp_php_reader *reader, uint32_t parent, uint32_t *key)
{
	size_t start = reader->at, end = literal_end(reader);
	bool string = kp_php_at_string(reader);

	if (string && !find_string_end(reader, &end))
		return false;
	reader->at = end;
	if (end == start || !kp_php_is_next(reader, "=>")) {
		reader->at = start;
		return true;
	}
	reader->at = start;
	*key = (uint32_t)reader->scan->count;
	if (string) {
		if (!kp_php_read_string(reader, KP_KEY, parent))
			return false;
	} else {
		kp_scan_add(reader->scan, KP_KEY, start, end, parent);
		reader->at = end;
	}
	if (!kp_php_skip_gap(reader))
		return false;
	reader->at += 2;
	return true;
}

static bool
read_element(struct kp_php_reader *reader, uint32_t parent, uint32_t *index)
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
enter(struct kp_php_reader *reader)
{
	if (reader->depth++ < MAX_DEPTH)
		return true;
	return kp_php_complain(reader, reader->at, "nested too deeply");
}

/* The array at the cursor, if one is there, with its closing bracket. */
static bool
read_array(struct kp_php_reader *reader, uint32_t parent)
{
	size_t open = reader->at;
	uint32_t index = 0;
	char close;

	if (!skip_array_open(reader, &close))
		return true;
	if (!enter(reader))
		return false;
	for (;;) {
		if (!kp_php_skip_gap(reader))
			return false;
		if (kp_php_at_end(reader))
			return kp_php_complain(reader, open,
			    "no bracket closes this one");
		if (kp_php_peek(reader) == close)
			break;
		if (!read_element(reader, parent, &index) ||
		    !kp_php_read_code(reader, close, true))
			return false;
		if (kp_php_peek(reader) == ',')
			reader->at++;
	}
	reader->depth--;
	reader->at++;
	return true;
}

/* --- code --- */

/* True for a "=" that assigns, at the next token. */
static bool
assigns(struct kp_php_reader *reader)
{
	return kp_php_is_next(reader, "=") && !kp_php_is_next(reader, "==") &&
	    !kp_php_is_next(reader, "=>");
}

/* ['key'] or [$i] behind a variable, added to *owner; else nothing moves. */
static bool
read_subscript(struct kp_php_reader *reader, uint32_t *owner)
{
	size_t start = reader->at, end, close;
	uint32_t key = (uint32_t)reader->scan->count;
	bool string;

	reader->at = kp_php_next_token(reader) + 1;
	reader->at = kp_php_next_token(reader);
	string = kp_php_peek(reader) == '\'' || kp_php_peek(reader) == '"';
	end = reader->at + (kp_php_peek(reader) == '$' ? 1 : 0);
	if (string && !find_string_end(reader, &end))
		return false;
	close = reader->at;
	reader->at = end;
	if (!string) {
		kp_php_skip_name(reader);
		end = reader->at;
	}
	if (!kp_php_is_next(reader, "]")) {
		reader->at = start;
		return true;
	}
	reader->at = close;
	if (string && !kp_php_read_string(reader, KP_KEY, *owner))
		return false;
	if (!string)
		kp_scan_add(reader->scan, KP_KEY, close, end, *owner);
	reader->at = end;
	reader->at = kp_php_next_token(reader) + 1;
	*owner = key;
	return true;
}

/*
 * $name['key']... = value: the names are keys then.  Of another use of a
 * variable only the name is passed over.
 */
static bool
read_variable(struct kp_php_reader *reader)
{
	uint32_t count = (uint32_t)reader->scan->count, owner = count;
	size_t start = ++reader->at, behind, before;

	kp_php_skip_name(reader);
	behind = reader->at;
	kp_scan_add(reader->scan, KP_KEY, start, behind, KP_NO_PARENT);
	do {
		before = reader->at;
		if (kp_php_is_next(reader, "[") &&
		    !read_subscript(reader, &owner))
			return false;
	} while (reader->at > before);
	if (start == behind || !assigns(reader)) {
		reader->scan->count = count;
		reader->at = behind;
		return true;
	}
	reader->at = kp_php_next_token(reader) + 1;
	return read_value(reader, owner);
}

/* define('NAME', value: the cursor is behind the word. */
static bool
read_define(struct kp_php_reader *reader)
{
	uint32_t key = (uint32_t)reader->scan->count;
	size_t behind = reader->at, end;

	reader->at = kp_php_next_token(reader) + 1;
	reader->at = kp_php_next_token(reader);
	if (kp_php_peek(reader) == '\'' || kp_php_peek(reader) == '"') {
		if (!find_string_end(reader, &end))
			return false;
		if (!kp_php_read_string(reader, KP_KEY, KP_NO_PARENT))
			return false;
		if (kp_php_is_next(reader, ",")) {
			reader->at = kp_php_next_token(reader) + 1;
			if (!read_value(reader, key))
				return false;
			return kp_php_read_code(reader, ')', false) &&
			    (reader->at++, true);
		}
	}
	reader->scan->count = key;
	reader->at = behind;
	return true;
}

/* const NAME = value: the cursor is behind the word. */
static bool
read_const(struct kp_php_reader *reader)
{
	uint32_t key = (uint32_t)reader->scan->count;
	size_t behind = reader->at, start;

	start = reader->at = kp_php_next_token(reader);
	kp_php_skip_name(reader);
	if (reader->at == start || !assigns(reader)) {
		reader->at = behind;
		return true;
	}
	kp_scan_add(reader->scan, KP_KEY, start, reader->at, KP_NO_PARENT);
	reader->at = kp_php_next_token(reader) + 1;
	return read_value(reader, key);
}

/* The text up to at, less the blanks that it ends in. */
static struct kp_str
text_before(struct kp_str text, size_t at)
{
	while (at > 0 && kp_is_space(text.ptr[at - 1]))
		at--;
	return kp_str_slice(text, 0, at);
}

/*
 * True where the word from start to the cursor is an operand or argument: a
 * string literal can stand for it.
 */
static bool
is_operand(struct kp_php_reader *reader, size_t start)
{
	size_t next = kp_php_next_token(reader);
	struct kp_str rest = kp_str_slice(reader->text, next, reader->text.len);
	struct kp_str before = text_before(reader->text, start);
	char last = before.len == 0 ? '\0' : before.ptr[before.len - 1];

	if ((last == '\0' || strchr("=.(,[", last) == NULL) &&
	    !kp_str_ends(before, "=>"))
		return false;
	if (kp_str_starts(rest, "?>"))
		return true;
	/* Of "use a, b;" no word is a value. */
	if (rest.len == 0 || (last == ',' && rest.ptr[0] == ';'))
		return false;
	return strchr(".,;)]", rest.ptr[0]) != NULL &&
	    !kp_str_starts(rest, "...");
}

static bool
read_word(struct kp_php_reader *reader)
{
	size_t start = reader->at;
	struct kp_str word;

	kp_php_skip_name(reader);
	word = kp_str_slice(reader->text, start, reader->at);
	if (kp_scan_is_sentinel(word) && is_operand(reader, start)) {
		kp_scan_add(reader->scan, KP_SCALAR, start, reader->at,
		    KP_NO_PARENT);
		return true;
	}
	if (kp_str_is_nocase(word, "define") && kp_php_is_next(reader, "("))
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
read_brackets(struct kp_php_reader *reader)
{
	size_t open = reader->at;
	char c = kp_php_peek(reader);

	if (c == '[')
		return read_array(reader, KP_NO_PARENT);
	if (!enter(reader))
		return false;
	reader->at++;
	if (!kp_php_read_code(reader, c == '(' ? ')' : '}', false))
		return false;
	reader->depth--;
	if (kp_php_at_end(reader))
		return kp_php_complain(reader, open,
		    "no bracket closes this one");
	reader->at++;
	return true;
}

static bool
read_token(struct kp_php_reader *reader)
{
	char c = kp_php_peek(reader);

	if (kp_php_at_string(reader))
		return kp_php_read_string(reader, KP_SCALAR, KP_NO_PARENT);
	if (kp_php_looking_at(reader, "?>")) {
		reader->at += 2;
		kp_php_skip_html(reader);
		return true;
	}
	if (c == '`')
		return kp_php_skip_backtick(reader);
	if (c == '(' || c == '[' || c == '{')
		return read_brackets(reader);
	if (c == ')' || c == ']' || c == '}')
		return kp_php_complain(reader, reader->at,
		    "no bracket opens this one");
	if (kp_php_at_variable(reader))
		return read_variable(reader);
	if (kp_php_starts_name(c))
		return read_word(reader);
	reader->at++;
	/* The name behind "->" and "::" is no word with a meaning. */
	if ((c == '>' || c == ':') && kp_php_starts_name(kp_php_peek(reader)))
		kp_php_skip_name(reader);
	return true;
}

bool
kp_php_read_code(struct kp_php_reader *reader, char close, bool to_comma)
{
	for (;;) {
		if (!kp_php_skip_gap(reader))
			return false;
		if (kp_php_at_end(reader))
			return close == '\0' ||
			    kp_php_complain(reader, reader->text.len - 1,
			        "a bracket before this has no end");
		if (close != '\0' && kp_php_peek(reader) == close)
			return true;
		if (to_comma && kp_php_peek(reader) == ',')
			return true;
		if (!read_token(reader))
			return false;
	}
}

static bool
scan_php(struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_php_reader reader = {
		.scan = scan,
		.diags = diags,
		.text = scan->src->text,
	};
	bool done;

	kp_php_skip_html(&reader);
	done = kp_php_read_code(&reader, '\0', false);
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

/* A bare value without a path is that of a return, or else an operand. */
static bool
is_in_expression(const struct kp_scan *scan, const struct kp_item *item)
{
	return item->style == KP_BARE && item->parent == KP_NO_PARENT &&
	    !kp_str_ends(text_before(scan->src->text, item->start), "return");
}

static bool
encode_php(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	if (item->style == KP_HEREDOC)
		return kp_refuse(why, "write it in single quotes",
		    "it stands in a heredoc, whose end versions of PHP find "
		    "differently");
	if (item->role == KP_PHP_INTERPOLATED)
		return kp_refuse(why, "write '...' . $name . '...'",
		    "PHP puts variables into this string");
	if (is_in_expression(scan, item) && value->type != KP_STRING)
		return kp_refuse(why, "make it a string: ${name|str}",
		    "it is part of an expression, and no string");
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
