/* SPDX-License-Identifier: MIT */
/*
 * ini_php - php.ini, and what else parse_ini_file() reads in normal mode.
 *
 * PHP 8.2, Zend/zend_ini_scanner.l and zend_ini_parser.y:
 *
 *	text    = { blank | ";" any | "[" name "]" | entry } by line ends
 *	entry   = label [ "[" offset "]" ] [ "=" value ]
 *	value   = { word | blanks | string | operator }
 *	string  = "'" not-empty "'" | '"' { any | "\" any | "${" name "}" } '"'
 *
 * The parts of a value are joined; blanks before and behind a double-quoted
 * one get lost.  Single quotes know no escape, cannot be empty, and span
 * lines.  In double quotes \" \\ \$ are escapes, but a \" at the end of a line
 * is a backslash and the end of the string; ${name} is replaced by a setting
 * or variable.  A bare word may be a boolean or a constant; & | ^ ~ ! ( ) make
 * a number of a value.  A line ends in LF, CR or CR LF.  "#" is no comment.
 */
#include "format/ini_php.h"

#include "format/formats.h"
#include "format/ini.h"

#include <string.h>

static const struct kp_ini_habit habit = { 0 };

/* --- reading a value --- */

bool
kp_ini_php_is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static size_t
skip_blank(struct kp_str text, size_t at)
{
	while (at < text.len && kp_is_blank(text.ptr[at]))
		at++;
	return at;
}

static size_t
find_line_end(struct kp_str text, size_t at)
{
	const char *end = text.ptr + text.len, *c = text.ptr + at;

	/* Nearly all bytes are above both. */
	while (c < end && (*c > '\r' || !kp_ini_php_is_line_end(*c)))
		c++;
	return (size_t)(c - text.ptr);
}

static bool
is_boolean(struct kp_str word)
{
	static const char *const words[] = {
		"true",
		"on",
		"yes",
		"false",
		"off",
		"no",
		"none",
		"null",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (kp_str_is_nocase(word, words[i]))
			return true;
	}
	return false;
}

/* What extensions define is upper case, at its start at least. */
static bool
is_constant(struct kp_str word)
{
	size_t i;

	if (!kp_str_is_name(word) || word.ptr[0] < 'A' || word.ptr[0] > 'Z')
		return false;
	for (i = 0; i < word.len; i++) {
		if (word.ptr[i] == '_')
			return true;
	}
	for (i = 0; i < word.len; i++) {
		if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z')
			return false;
	}
	return true;
}

/* An optional minus sign, digits, and at most one dot among them. */
static enum kp_type
number_type(struct kp_str word)
{
	size_t i, digits = 0, dots = 0;

	for (i = 0; i < word.len; i++) {
		if (kp_is_digit(word.ptr[i]))
			digits++;
		else if (word.ptr[i] == '.')
			dots++;
		else if (i > 0 || word.ptr[i] != '-')
			return KP_STRING;
	}
	if (digits == 0 || dots > 1)
		return KP_STRING;
	return dots == 0 ? KP_INT : KP_NUMBER;
}

enum kp_type
kp_ini_php_word_type(struct kp_str word)
{
	return kp_str_is_name(word) ? KP_OTHER : number_type(word);
}

static void
note_part(struct kp_ini_php_value *val, size_t start, enum kp_style style,
    enum kp_type type)
{
	if (val->parts++ == 0) {
		val->start = start;
		val->style = style;
		val->type = type;
	} else {
		val->style = KP_BARE;
		if (val->type != KP_OTHER)
			val->type = type == KP_OTHER ? KP_OTHER : KP_STRING;
	}
	val->end = val->at;
}

static void
fail(struct kp_ini_php_value *val, const char *fault)
{
	val->fault = fault;
}

/* A "$" that begins no reference takes the next byte with it, or two. */
static size_t
skip_dollar(struct kp_str text, size_t at)
{
	if (at + 1 >= text.len || text.ptr[at + 1] == '\0')
		return at;
	if (text.ptr[at + 1] == '\\' && at + 2 < text.len)
		return at + 3;
	return at + 2;
}

static void
read_word(struct kp_ini_php_value *val)
{
	static const char ends[] = "= \t\n\r;&|^~()!\"'";
	struct kp_str text = val->text, word;
	size_t start = val->at, at = start;

	while (at < text.len && text.ptr[at] != '\0' &&
	    strchr(ends, text.ptr[at]) == NULL) {
		size_t next = at + 1;

		if (text.ptr[at] == '$') {
			if (at + 1 < text.len && text.ptr[at + 1] == '{')
				break;
			next = skip_dollar(text, at);
		}
		if (next == at)
			break;
		at = next;
	}
	if (at == start) {
		fail(val, "a byte that PHP has no place for in a value");
		return;
	}
	word = kp_str_slice(text, start, at);
	val->boolean = val->boolean || is_boolean(word);
	val->constant = val->constant || is_constant(word);
	val->at = at;
	kp_buf_add(val->out, word);
	note_part(val, start, KP_BARE, kp_ini_php_word_type(word));
}

/* "${...}", kept as it is. */
static void
read_reference(struct kp_ini_php_value *val)
{
	struct kp_str rest = kp_str_slice(val->text, val->at, val->text.len);
	size_t close = kp_str_find(rest, '}');

	if (close == KP_NPOS) {
		fail(val, "a \"${\" without its \"}\"");
		return;
	}
	kp_buf_add(val->out, kp_str_slice(rest, 0, close + 1));
	val->at += close + 1;
	val->reference = true;
}

static void
read_single(struct kp_ini_php_value *val)
{
	size_t start = val->at;
	struct kp_str rest = kp_str_slice(val->text, start + 1, val->text.len);
	size_t close = kp_str_find(rest, '\'');

	if (close == KP_NPOS) {
		fail(val, "a single quote without its counterpart");
		return;
	}
	if (close == 0) {
		fail(val,
		    "an empty pair of single quotes, "
		    "which PHP does not read as such");
		return;
	}
	rest = kp_str_slice(rest, 0, close);
	val->literal =
	    val->literal || kp_str_find_str(rest, kp_str_of("${")) != KP_NPOS;
	kp_buf_add(val->out, rest);
	val->at = start + 1 + close + 1;
	note_part(val, start, KP_SINGLE, KP_STRING);
}

/* A backslash and what follows it in double quotes. */
static void
read_escape(struct kp_ini_php_value *val)
{
	struct kp_str text = val->text;
	size_t next = val->at + 1;
	char c = next < text.len ? text.ptr[next] : '\0';

	if (c == '"' &&
	    (next + 1 == text.len ||
	        kp_ini_php_is_line_end(text.ptr[next + 1])))
		c = '\0'; /* a backslash, then the end of the string */
	if (c == '\0' || strchr("\"\\$", c) == NULL) {
		kp_buf_add_char(val->out, '\\');
		val->at = next;
		return;
	}
	if (c == '$' && next + 1 < text.len && text.ptr[next + 1] == '{')
		val->literal = true;
	kp_buf_add_char(val->out, c);
	val->at = next + 1;
}

static void
read_double(struct kp_ini_php_value *val)
{
	struct kp_str text = val->text;
	size_t start = val->at++;

	while (val->fault == NULL && val->at < text.len) {
		char c = text.ptr[val->at];

		if (c == '"') {
			val->at++;
			note_part(val, start, KP_DOUBLE, KP_STRING);
			val->at = skip_blank(text, val->at);
			return;
		}
		if (c == '\\') {
			read_escape(val);
		} else if (c == '$' && val->at + 1 < text.len &&
		    text.ptr[val->at + 1] == '{') {
			read_reference(val);
		} else {
			kp_buf_add_char(val->out, c);
			val->at++;
		}
	}
	if (val->fault == NULL) {
		val->at = start;
		fail(val, "a double quote without its counterpart");
	}
}

/* Can the operator stand here, by "expr" of Zend/zend_ini_parser.y? */
static bool
fits_operator(struct kp_ini_php_value *val, char c)
{
	bool fits;

	switch (c) {
	case '~':
	case '!':
		return !val->complete;
	case '(':
		val->open++;
		return !val->complete;
	case ')':
		fits = val->complete && val->open > 0;
		val->open -= fits;
		val->closed = true;
		return fits;
	default:
		fits = val->complete;
		val->complete = false;
		val->closed = false;
		return fits;
	}
}

static void
read_operator(struct kp_ini_php_value *val, char c)
{
	size_t start = val->at++;

	if (!fits_operator(val, c)) {
		val->at = start;
		fail(val, "an operator that PHP has no place for here");
		return;
	}
	val->expression = true;
	note_part(val, start, KP_BARE, KP_OTHER);
	val->at = skip_blank(val->text, val->at);
}

static void
read_part(struct kp_ini_php_value *val)
{
	size_t start = val->at;
	char c = val->text.ptr[start];

	if (c == '\'') {
		read_single(val);
	} else if (c == '"') {
		read_double(val);
	} else if (c == '=') {
		fail(val, "a second \"=\", which PHP refuses outside quotes");
	} else if (c != '\0' && strchr("&|^~()!", c) != NULL) {
		read_operator(val, c);
		return;
	} else if (kp_str_starts(kp_str_slice(val->text, start, val->text.len),
	               "${")) {
		read_reference(val);
		note_part(val, start, KP_BARE, KP_STRING);
	} else {
		read_word(val);
	}
	if (val->closed && val->fault == NULL) {
		val->at = start;
		fail(val, "text behind a \")\", which PHP refuses");
	}
	val->complete = true;
}

/* Blanks between parts belong to the value, but before a double quote. */
static bool
read_blanks(struct kp_ini_php_value *val)
{
	struct kp_str text = val->text;
	size_t start = val->at, next = skip_blank(text, start);

	if (next < text.len &&
	    (kp_ini_php_is_line_end(text.ptr[next]) || text.ptr[next] == ';'))
		return false;
	val->at = next;
	if (val->parts > 0 && next > start &&
	    (next == text.len || text.ptr[next] != '"')) {
		kp_buf_add(val->out, kp_str_slice(text, start, next));
		note_part(val, start, KP_BARE, KP_STRING);
	}
	return next < text.len;
}

void
kp_ini_php_read(struct kp_str text, size_t at, struct kp_buf *out,
    struct kp_ini_php_value *val)
{
	*val = (struct kp_ini_php_value){ .text = text, .at = at, .out = out };
	val->at = skip_blank(text, at);
	while (val->fault == NULL && read_blanks(val))
		read_part(val);
	if (val->fault == NULL && val->boolean && val->parts > 1)
		fail(val, "a boolean word among others, which PHP refuses");
	if (val->fault == NULL && val->expression &&
	    (!val->complete || val->open > 0))
		fail(val,
		    "an operator or \"(\" before this lacks its other half");
	if (val->fault == NULL && val->parts == 0) {
		/* Keep one blank before a value that is put here. */
		val->start = at + (val->at > at);
		val->end = val->start;
	}
}

/* --- scan --- */

static bool
fail_line(struct kp_ini_walk *walk, size_t at, struct kp_diags *diags,
    const char *fault)
{
	walk->at = find_line_end(walk->text, at);
	return kp_diag_at(diags, walk->scan->src, at, 1, "%s", fault);
}

static void
scan_comment(struct kp_ini_walk *walk, size_t at)
{
	struct kp_str text = walk->text;
	size_t end = find_line_end(text, at);

	walk->at = end;
	while (end > at && kp_is_blank(text.ptr[end - 1]))
		end--;
	kp_ini_add_comment(walk, at, end);
}

/* The "]" that ends a header or an offset; at when there is none. */
static size_t
find_bracket(struct kp_str text, size_t at)
{
	size_t end = at;

	while (end < text.len && text.ptr[end] != '\0' &&
	    strchr("]\n\r;\"'$\\", text.ptr[end]) == NULL)
		end++;
	return end < text.len && text.ptr[end] == ']' ? end : at - 1;
}

static bool
scan_header(struct kp_ini_walk *walk, size_t at, struct kp_diags *diags)
{
	size_t close = find_bracket(walk->text, at + 1);

	if (close == at)
		return fail_line(walk, at, diags,
		    "a section without \"]\", or with a quote or another sign "
		    "of PHP's in its name");
	kp_ini_add_section(walk, at + 1, close);
	walk->at = close + 1;
	return true;
}

static bool
scan_value(struct kp_ini_walk *walk, uint32_t key, size_t at,
    struct kp_diags *diags)
{
	struct kp_buf bytes = { 0 };
	struct kp_item *item;
	struct kp_ini_php_value val;
	bool same;

	kp_ini_php_read(walk->text, at, &bytes, &val);
	if (val.fault != NULL) {
		kp_buf_wipe(&bytes);
		return fail_line(walk, val.at, diags, val.fault);
	}
	walk->at = val.at;
	item = kp_scan_add(walk->scan, KP_SCALAR, val.start, val.end, key);
	same = val.expression ||
	    kp_str_eq(kp_str_slice(walk->text, val.start, val.end),
	        kp_buf_view(&bytes));
	if (item != NULL) {
		item->style = val.style;
		item->type = val.type;
	}
	if (item != NULL && !same)
		item->value = kp_scan_store(walk->scan, kp_buf_view(&bytes));
	walk->scan->failed |= !kp_buf_ok(&bytes);
	kp_buf_wipe(&bytes);
	return true;
}

/* Behind the bytes of a label; blanks are part of one, tabs are not. */
static size_t
skip_label(struct kp_str text, size_t at)
{
	while (at < text.len &&
	    (kp_is_alnum(text.ptr[at]) ||
	        (text.ptr[at] != '\0' &&
	            strchr("=\n\r\t;&|^$~(){}!\"[]", text.ptr[at]) == NULL)))
		at++;
	return at;
}

static bool
scan_entry(struct kp_ini_walk *walk, size_t start, struct kp_diags *diags)
{
	struct kp_str text = walk->text;
	size_t at = skip_label(text, start), end = at;
	bool offset = at < text.len && text.ptr[at] == '[';
	uint32_t key;

	while (end > start && text.ptr[end - 1] == ' ')
		end--;
	if (end == start)
		return fail_line(walk, start, diags,
		    "a sign that PHP has no place for outside values");
	if (is_boolean(kp_str_slice(text, start, end)))
		return fail_line(walk, start, diags,
		    "a boolean word for a key, which PHP refuses");
	if (offset) {
		end = find_bracket(text, at + 1) + 1;
		if (end == at + 1)
			return fail_line(walk, at, diags,
			    "a \"[\" that does not end, or with a quote or "
			    "another sign of PHP's behind it");
		at = end;
	}
	at = skip_blank(text, at);
	key = kp_ini_add_key(walk, start, end);
	if (key == KP_NO_PARENT)
		return kp_diag_nomem(diags);
	if (at < text.len && text.ptr[at] == '=')
		return scan_value(walk, key, at + 1, diags);
	walk->at = at;
	return !offset ||
	    fail_line(walk, start, diags, "a key[...] without \"=\"");
}

/* One or more, and no tab: they are a label. */
static bool
are_spaces(struct kp_str text, size_t start, size_t end)
{
	struct kp_str blanks = kp_str_slice(text, start, end);

	return blanks.len > 0 && kp_str_find(blanks, '\t') == KP_NPOS;
}

static bool
scan_statement(struct kp_ini_walk *walk, struct kp_diags *diags)
{
	size_t at = skip_blank(walk->text, walk->at);
	char c = at < walk->text.len ? walk->text.ptr[at] : '\n';

	if (kp_ini_php_is_line_end(c)) {
		walk->at = at + 1;
		return true;
	}
	if (c == ';') {
		scan_comment(walk, at);
		return true;
	}
	if (c == '[' && are_spaces(walk->text, walk->at, at))
		return fail_line(walk, at, diags,
		    "blanks before a \"[\", which PHP takes for a key");
	if (c == '[')
		return scan_header(walk, at, diags);
	return scan_entry(walk, at, diags);
}

static bool
scan_php(struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_ini_walk walk = kp_ini_walk_start(scan);
	size_t nul = kp_str_find(walk.text, '\0');
	bool done = true;

	if (nul != KP_NPOS)
		return kp_diag_at(diags, scan->src, nul, 1,
		    "a NUL, where PHP stops reading");
	while (!scan->failed && walk.at < walk.text.len) {
		if (!scan_statement(&walk, diags))
			done = false;
	}
	return done;
}

/* --- insert --- */

static bool
insert_php(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	return kp_ini_insert(scan, path, &habit, where, why);
}

const struct kp_format kp_format_ini_php = {
	.name = "ini/php",
	.scan = scan_php,
	.encode = kp_ini_php_encode,
	.insert = insert_php,
	.by_lines = true,
};
