/* SPDX-License-Identifier: MIT */
/*
 * ini_mysql - option files of MariaDB and MySQL: my.cnf.
 *
 * MariaDB 10.11, mysys/my_default.c, search_default_file_with_ext():
 *
 *	line   = blank | ("#" | ";") any | "!" directive | "[" name "]" any
 *	       | entry [ "#" any ]
 *	entry  = key [ "=" value ]
 *
 * A quote opens and closes anywhere in an entry, the key included, and hides
 * a "#" from ending it; a backslash within hides a quote.  Blanks are those of
 * Latin-1, the byte 0xa0 too.  Of a value, blanks at its ends go, then one
 * pair of equal quotes around it, then, quoted or not, the escapes \n \t \r
 * \b \s (a blank) \" \' \\ are undone; a backslash before any other byte
 * stays.
 *
 * Connector/C (libmariadb/ma_default.c) reads the same file for programs that
 * are linked with it, and has no comments behind values.
 */
#include "format/formats.h"
#include "format/ini.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

/* The reader's buffer; what is longer becomes two lines without a word. */
#define MAX_LINE 4094

static const struct kp_ini_habit habit = { .needs_section = true };

static bool
is_space(char c)
{
	return kp_is_space(c) || c == '\xa0';
}

static size_t
skip_space(struct kp_str text, size_t start, size_t end)
{
	while (start < end && is_space(text.ptr[start]))
		start++;
	return start;
}

static size_t
trim_space(struct kp_str text, size_t start, size_t end)
{
	while (end > start && is_space(text.ptr[end - 1]))
		end--;
	return end;
}

/* --- scan --- */

/* A "#" that no quote hides; end if there is none. */
static size_t
find_comment(struct kp_str text, size_t start, size_t end)
{
	bool escaped = false;
	char quote = '\0';

	for (; start < end; start++) {
		char c = text.ptr[start];

		if ((c == '"' || c == '\'') && !escaped) {
			if (quote == '\0')
				quote = c;
			else if (quote == c)
				quote = '\0';
		}
		if (c == '#' && quote == '\0')
			return start;
		escaped = quote != '\0' && c == '\\' && !escaped;
	}
	return end;
}

/* What a backslash and this byte stand for; '\0': for themselves. */
static char
unescape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case 'b':
		return '\b';
	case 's':
		return ' ';
	case '"':
	case '\'':
	case '\\':
		return c;
	default:
		return '\0';
	}
}

static void
decode(struct kp_str str, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		char c = str.ptr[i];

		if (c != '\\' || i + 1 == str.len) {
			kp_buf_add_char(out, c);
			continue;
		}
		c = unescape(str.ptr[++i]);
		if (c == '\0') {
			kp_buf_add_char(out, '\\');
			c = str.ptr[i];
		}
		kp_buf_add_char(out, c);
	}
}

static struct kp_str
decoded(struct kp_scan *scan, struct kp_str str)
{
	struct kp_buf bytes = { 0 };
	struct kp_str value;

	if (kp_str_find(str, '\\') == KP_NPOS)
		return str;
	decode(str, &bytes);
	value = kp_scan_store(scan, kp_buf_view(&bytes));
	scan->failed |= !kp_buf_ok(&bytes);
	kp_buf_wipe(&bytes);
	return value;
}

/* The quotes around a value that the reader takes off. */
static enum kp_style
style_of(struct kp_str str)
{
	if (str.len < 2 || str.ptr[0] != str.ptr[str.len - 1])
		return KP_BARE;
	if (str.ptr[0] == '"')
		return KP_DOUBLE;
	return str.ptr[0] == '\'' ? KP_SINGLE : KP_BARE;
}

static void
add_comment(struct kp_ini_walk *walk, size_t start, size_t end)
{
	kp_ini_add_comment(walk, start, trim_space(walk->text, start, end));
}

static void
scan_value(struct kp_ini_walk *walk, uint32_t key, size_t at, size_t end)
{
	struct kp_str text = walk->text;
	size_t start = skip_space(text, at, end);
	size_t stop = trim_space(text, start, end);
	struct kp_item *item;

	if (start == stop) {
		/* Keep one blank before a value that is put here. */
		start = at + (at < end && kp_is_blank(text.ptr[at]));
		stop = start;
	}
	item = kp_scan_add(walk->scan, KP_SCALAR, start, stop, key);
	if (item == NULL)
		return;
	item->style = style_of(kp_str_slice(text, start, stop));
	if (item->style != KP_BARE) {
		start++;
		stop--;
	}
	item->value = decoded(walk->scan, kp_str_slice(text, start, stop));
}

static bool
scan_entry(struct kp_ini_walk *walk, size_t start, size_t end,
    struct kp_diags *diags)
{
	struct kp_str text = walk->text;
	size_t comment = find_comment(text, start, end);
	size_t equals = kp_str_find(kp_str_slice(text, start, comment), '=');
	size_t stop = equals == KP_NPOS ? comment : start + equals;
	uint32_t key;

	if (walk->section == KP_NO_PARENT)
		return kp_diag_at(diags, walk->scan->src, start, 1,
		    "an option above the first group");
	if (trim_space(text, start, stop) == start)
		return kp_diag_at(diags, walk->scan->src, start, 1,
		    "a value without an option");
	key = kp_ini_add_key(walk, start, trim_space(text, start, stop));
	if (key == KP_NO_PARENT)
		return kp_diag_nomem(diags);
	if (equals != KP_NPOS)
		scan_value(walk, key, stop + 1, comment);
	add_comment(walk, comment, end);
	return true;
}

static bool
scan_header(struct kp_ini_walk *walk, size_t start, size_t end,
    struct kp_diags *diags)
{
	struct kp_str text = walk->text;
	size_t close = kp_str_find(kp_str_slice(text, start, end), ']');

	if (close == KP_NPOS)
		return kp_diag_at(diags, walk->scan->src, start, 1,
		    "a group without \"]\" on its line");
	close += start;
	kp_ini_add_section(walk, start + 1, trim_space(text, start + 1, close));
	add_comment(walk, skip_space(text, close + 1, end), end);
	return true;
}

/* "!include FILE" and "!includedir DIR": the file named is not looked at. */
static bool
scan_directive(struct kp_ini_walk *walk, size_t start, size_t end)
{
	kp_scan_add(walk->scan, KP_SYNTAX, start,
	    trim_space(walk->text, start, end), walk->section);
	return true;
}

static bool
check_line(const struct kp_source *src, const struct kp_ini_line *line,
    struct kp_diags *diags)
{
	struct kp_str str = kp_str_slice(src->text, line->start, line->end);
	size_t nul = kp_str_find(str, '\0');

	if (str.len > MAX_LINE)
		return kp_diag_at(diags, src, line->start, 1,
		    "a line of more than %d bytes, which MariaDB reads as two",
		    MAX_LINE);
	if (nul != KP_NPOS)
		return kp_diag_at(diags, src, line->start + nul, 1,
		    "a NUL, where MariaDB cuts the line");
	return true;
}

static bool
scan_line(struct kp_ini_walk *walk, const struct kp_ini_line *line,
    struct kp_diags *diags)
{
	size_t start = skip_space(walk->text, line->start, line->end);

	if (!check_line(walk->scan->src, line, diags))
		return false;
	if (start == line->end)
		return true;
	switch (walk->text.ptr[start]) {
	case '#':
	case ';':
		add_comment(walk, start, line->end);
		return true;
	case '!':
		return scan_directive(walk, start, line->end);
	case '[':
		return scan_header(walk, start, line->end, diags);
	default:
		return scan_entry(walk, start, line->end, diags);
	}
}

static bool
scan_mysql(struct kp_scan *scan, struct kp_diags *diags)
{
	if (kp_str_starts(scan->src->text, BOM))
		return kp_diag_at(diags, scan->src, 0, strlen(BOM),
		    "a byte order mark, which MariaDB takes for an option");
	return kp_ini_scan_lines(scan, kp_ini_walk_line, scan_line, diags);
}

/* --- encode --- */

/* What no reader of the file changes outside quotes. */
static bool
is_plain(struct kp_str str)
{
	static const char signs[] = "_./:@%+,=!?~^*()<>{}|&$-";
	size_t i;

	for (i = 0; i < str.len; i++) {
		char c = str.ptr[i];

		if (!kp_is_alnum(c) && (c == '\0' || strchr(signs, c) == NULL))
			return false;
	}
	return str.len > 0;
}

static void
add_escaped(struct kp_str str, char quote, struct kp_buf *out)
{
	static const char bytes[] = "\n\t\r\b\\", letters[] = "ntrb\\";
	size_t i;

	for (i = 0; i < str.len; i++) {
		const char *found = strchr(bytes, str.ptr[i]);

		if (str.ptr[i] == quote || found != NULL)
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out,
		    found != NULL ? letters[found - bytes] : str.ptr[i]);
	}
}

static void
add_quoted(struct kp_str str, char quote, struct kp_buf *out)
{
	kp_buf_add_char(out, quote);
	add_escaped(str, quote, out);
	kp_buf_add_char(out, quote);
}

static bool
check_place(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_refusal *why)
{
	struct kp_str text = scan->src->text;
	size_t end = kp_ini_line_at(text, item->end).end;

	if (kp_str_has_any(scan->items[item->parent].value, "\"'"))
		return kp_refuse(why, "take the quote out of the option's name",
		    "a quote in the option's name counts as one of the value");
	if (skip_space(text, item->end, end) != end)
		return kp_refuse(why, "move the comment to a line of its own",
		    "client programs take the comment behind this value "
		    "for a part of it");
	return true;
}

/* Is the whole line, with the value now at the end of out, short enough? */
static bool
check_length(const struct kp_scan *scan, const struct kp_item *item,
    size_t written, struct kp_refusal *why)
{
	struct kp_ini_line line = kp_ini_line_at(scan->src->text, item->start);

	if (item->start - line.start + written + (line.end - item->end) <=
	    MAX_LINE)
		return true;
	return kp_refuse(why, "choose a shorter value",
	    "the line would have more than %d bytes, "
	    "and MariaDB reads the rest as another line",
	    MAX_LINE);
}

static bool
encode_mysql(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	size_t mark = out->len, nul = kp_str_find(value->bytes, '\0');

	if (nul != KP_NPOS)
		return kp_refuse(why, "choose a value without it",
		    "the value has a NUL at byte %zu, where MariaDB cuts it",
		    nul + 1);
	if (!check_place(scan, item, why))
		return false;
	if (item->style == KP_SINGLE)
		add_quoted(value->bytes, '\'', out);
	else if (item->style == KP_DOUBLE || !is_plain(value->bytes))
		add_quoted(value->bytes, '"', out);
	else
		kp_buf_add(out, value->bytes);
	if (check_length(scan, item, out->len - mark, why))
		return true;
	kp_buf_cut(out, mark);
	return false;
}

static bool
insert_mysql(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	return kp_ini_insert(scan, path, &habit, where, why);
}

/* "-" and "_" are the same in an option's name. */
static bool
same_path(struct kp_str a, struct kp_str b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++) {
		if ((a.ptr[i] == '-' ? '_' : a.ptr[i]) !=
		    (b.ptr[i] == '-' ? '_' : b.ptr[i]))
			return false;
	}
	return true;
}

const struct kp_format kp_format_ini_mysql = {
	.name = "ini/mysql",
	.scan = scan_mysql,
	.encode = encode_mysql,
	.insert = insert_mysql,
	.same_key = same_path,
};
