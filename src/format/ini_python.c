/* SPDX-License-Identifier: MIT */
/*
 * ini_python - what Python's configparser.ConfigParser reads with no options.
 *
 * Python 3.11, Lib/configparser.py, RawConfigParser._read():
 *
 *	line   = blank | ("#" | ";") any | "[" name "]" any | entry
 *	entry  = key any-of("=:") value { deeper-line }
 *
 * Blanks at the ends of each line are dropped, those of str.isspace(); a line
 * ends in LF, CR or CR LF.  A line that is indented deeper than the key's goes
 * on with its value, an LF between the two, blank lines among them included,
 * comments left out.  A name in brackets ends at the last "]" of its line.
 * There are no quotes and no comments behind values.  Keys are alike in upper
 * and lower case; one that comes twice in a section, or a section that does,
 * is an error.
 *
 * Then BasicInterpolation: "%%" is a per cent sign and "%(key)s" another
 * key's value; any other "%" is an error as soon as the value is asked for.
 * With interpolation=None, and in a RawConfigParser, "%%" stays two: nothing
 * in a file tells which reader it is for, and this is the one with defaults.
 */
#include "base/utf8.h"
#include "format/formats.h"
#include "format/ini.h"

#include <stdlib.h>

static const struct kp_ini_habit habit = { .needs_section = true };

/* --- blanks and lines, as Python has them --- */

/* Python's str.isspace. */
static bool
is_space_rune(uint32_t rune)
{
	if (rune >= 0x80)
		return kp_ini_is_wide_space(rune);
	return kp_is_space((char)rune) || (rune >= 0x1c && rune <= 0x1f);
}

static size_t
count_space(struct kp_str text, size_t start, size_t end, size_t *count)
{
	return kp_ini_count_space(text, start, end, is_space_rune, count);
}

static size_t
skip_space(struct kp_str text, size_t start, size_t end)
{
	return kp_ini_skip_space(text, start, end, is_space_rune);
}

static size_t
trim_space(struct kp_str text, size_t start, size_t end)
{
	return kp_ini_trim_space(text, start, end, is_space_rune);
}

/* A line without the blanks at its ends. */
struct stripped {
	size_t start, end;
	size_t indent; /* in characters */
	bool comment;
};

static struct stripped
strip(struct kp_str text, const struct kp_ini_line *line)
{
	struct stripped str;

	str.start = count_space(text, line->start, line->end, &str.indent);
	str.end = trim_space(text, str.start, line->end);
	str.comment = str.start < str.end &&
	    (text.ptr[str.start] == '#' || text.ptr[str.start] == ';');
	return str;
}

/* --- reading a value --- */

/* A value as configparser reads it. */
struct reading {
	size_t start, end;
	size_t next;       /* where reading goes on */
	struct kp_buf raw; /* as read, before interpolation; owned */
	bool has_comment;  /* a comment line stands within */
	bool has_stray;    /* a "%" that is an error */
	bool has_escaped;  /* a "%%" before a "(" */
};

/* The length of "%(...)s" at at; 0: it is none. */
static size_t
reference_len(struct kp_str str, size_t at)
{
	struct kp_str rest = kp_str_slice(str, at, str.len);
	size_t close;

	if (!kp_str_starts(rest, "%("))
		return 0;
	close = kp_str_find(rest, ')');
	if (close == KP_NPOS || close == 2 || close + 1 == rest.len ||
	    rest.ptr[close + 1] != 's')
		return 0;
	return close + 2;
}

static void
decode(struct reading *val, struct kp_buf *out)
{
	struct kp_str raw = kp_buf_view(&val->raw);
	size_t at = 0, len;

	while (at < raw.len) {
		if (raw.ptr[at] != '%') {
			kp_buf_add_char(out, raw.ptr[at++]);
			continue;
		}
		len = reference_len(raw, at);
		if (len > 0) {
			kp_buf_add(out, kp_str_slice(raw, at, at + len));
			at += len;
			continue;
		}
		kp_buf_add_char(out, raw.ptr[at++]);
		if (at == raw.len || raw.ptr[at] != '%') {
			val->has_stray = true;
			continue;
		}
		at++;
		if (at < raw.len && raw.ptr[at] == '(')
			val->has_escaped = true;
	}
}

/*
 * Go on with the deeper lines below, up to the last one.  Blank lines count
 * when one follows them, and comments do not.
 */
static void
read_deeper(struct kp_ini_walk walk, size_t indent, struct reading *val)
{
	struct kp_ini_line line;
	bool comment = false;
	size_t blanks = 0;

	while (kp_ini_walk_cr_line(&walk, &line)) {
		struct stripped str = strip(walk.text, &line);

		if (str.comment) {
			comment = true;
			continue;
		}
		if (str.start == str.end) {
			blanks++;
			continue;
		}
		if (str.indent <= indent)
			return;
		for (; blanks > 0; blanks--)
			kp_buf_add_char(&val->raw, '\n');
		kp_buf_add_char(&val->raw, '\n');
		kp_buf_add(&val->raw,
		    kp_str_slice(walk.text, str.start, str.end));
		val->end = str.end;
		val->next = walk.at;
		val->has_comment = val->has_comment || comment;
	}
}

/* Read the value behind the delimiter, at at, of a line ended by walk.at. */
static void
read_value(const struct kp_ini_walk *walk, size_t at, size_t end, size_t indent,
    struct reading *val)
{
	struct kp_str text = walk->text;

	*val = (struct reading){ .next = walk->at };
	val->start = skip_space(text, at, end);
	val->end = trim_space(text, val->start, end);
	if (val->start >= val->end) {
		/* Keep one blank before a value that is put here. */
		val->start = at + (at < end && kp_is_blank(text.ptr[at]));
		val->end = val->start;
	}
	kp_buf_add(&val->raw, kp_str_slice(text, val->start, val->end));
	read_deeper(*walk, indent, val);
}

/* --- scan --- */

static void
scan_value(struct kp_ini_walk *walk, uint32_t key, size_t at, size_t end,
    size_t indent)
{
	struct kp_scan *scan = walk->scan;
	struct kp_buf bytes = { 0 };
	struct kp_item *item;
	struct reading val;

	read_value(walk, at, end, indent, &val);
	walk->at = val.next;
	decode(&val, &bytes);
	item = kp_scan_add(scan, KP_SCALAR, val.start, val.end, key);
	if (item != NULL && !kp_str_eq(item->value, kp_buf_view(&bytes)))
		item->value = kp_scan_store(scan, kp_buf_view(&bytes));
	scan->failed |= !kp_buf_ok(&val.raw) || !kp_buf_ok(&bytes);
	kp_buf_wipe(&val.raw);
	kp_buf_wipe(&bytes);
}

static bool
scan_entry(struct kp_ini_walk *walk, const struct stripped *str,
    struct kp_diags *diags)
{
	const struct kp_source *src = walk->scan->src;
	size_t delimiter =
	    kp_ini_find_delimiter(walk->text, str->start, str->end);
	uint32_t key;

	if (walk->section == KP_NO_PARENT)
		return kp_diag_at(diags, src, str->start, 1,
		    "a key above the first section");
	if (delimiter == str->end)
		return kp_diag_at(diags, src, str->start, 1,
		    "a key without \"=\" or \":\" behind it");
	if (delimiter == str->start)
		return kp_diag_at(diags, src, str->start, 1,
		    "a value without a key");
	key = kp_ini_add_key(walk, str->start,
	    trim_space(walk->text, str->start, delimiter));
	if (key == KP_NO_PARENT)
		return kp_diag_nomem(diags);
	scan_value(walk, key, delimiter + 1, str->end, str->indent);
	return true;
}

/* False: the line is no header, though it may begin like one. */
static bool
scan_header(struct kp_ini_walk *walk, const struct stripped *str)
{
	struct kp_str text = walk->text;
	size_t close =
	    kp_str_rfind_str(kp_str_slice(text, str->start, str->end),
	        kp_str_of("]"));

	if (text.ptr[str->start] != '[' || close == KP_NPOS || close < 2)
		return false;
	close += str->start;
	kp_ini_add_section(walk, str->start + 1, close);
	kp_ini_add_comment(walk, skip_space(text, close + 1, str->end),
	    str->end);
	return true;
}

static bool
scan_line(struct kp_ini_walk *walk, const struct kp_ini_line *line,
    struct kp_diags *diags)
{
	struct stripped str = strip(walk->text, line);

	if (str.start == str.end)
		return true;
	if (str.comment) {
		kp_ini_add_comment(walk, str.start, str.end);
		return true;
	}
	return scan_header(walk, &str) || scan_entry(walk, &str, diags);
}

/* --- what comes twice --- */

static int
compare_bytes(struct kp_str a, struct kp_str b, bool nocase)
{
	size_t i;

	for (i = 0; i < a.len && i < b.len; i++) {
		char x = nocase ? kp_to_lower(a.ptr[i]) : a.ptr[i];
		char y = nocase ? kp_to_lower(b.ptr[i]) : b.ptr[i];

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

/* Sections first, by name; then keys, by section and name. */
static int
compare_names(const struct kp_scan *scan, const struct kp_item *a,
    const struct kp_item *b)
{
	int order;

	if (a->kind != b->kind)
		return a->kind == KP_SECTION ? -1 : 1;
	if (a->kind == KP_SECTION)
		return compare_bytes(a->value, b->value, false);
	order = compare_bytes(scan->items[a->parent].value,
	    scan->items[b->parent].value, false);
	return order != 0 ? order : compare_bytes(a->value, b->value, true);
}

static int
compare_items(const void *a, const void *b, void *scan)
{
	const struct kp_item *x = *(const struct kp_item *const *)a;
	const struct kp_item *y = *(const struct kp_item *const *)b;
	int order = compare_names(scan, x, y);

	return order != 0 ? order :
	                    (x->start > y->start) - (x->start < y->start);
}

static bool
report_twice(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_diags *diags)
{
	if (item->kind == KP_KEY)
		return kp_diag_at(diags, scan->src, item->start,
		    item->end - item->start,
		    "a key that is there before in its section");
	/* All keys above the first header of a section are DEFAULT's. */
	if (kp_str_is(item->value, "DEFAULT"))
		return true;
	return kp_diag_at(diags, scan->src, item->start,
	    item->end - item->start, "a section that is there before");
}

static bool
check_twice(struct kp_scan *scan, struct kp_diags *diags)
{
	const struct kp_item **names;
	size_t count = 0, i;
	bool done = true;

	names = calloc(scan->count + 1, sizeof(*names));
	if (names == NULL)
		return kp_diag_nomem(diags);
	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind == KP_KEY ||
		    scan->items[i].kind == KP_SECTION)
			names[count++] = &scan->items[i];
	}
	qsort_r(names, count, sizeof(*names), compare_items, scan);
	for (i = 1; i < count; i++) {
		if (compare_names(scan, names[i - 1], names[i]) == 0 &&
		    !report_twice(scan, names[i], diags))
			done = false;
	}
	free(names);
	return done;
}

static bool
scan_python(struct kp_scan *scan, struct kp_diags *diags)
{
	return kp_ini_scan_lines(scan, kp_ini_walk_cr_line, scan_line, diags) &&
	    (scan->failed || check_twice(scan, diags));
}

/* --- encode --- */

static bool
check_line(struct kp_str line, bool first, struct kp_refusal *why)
{
	if (line.len == 0)
		return true;
	if (skip_space(line, 0, line.len) > 0 ||
	    trim_space(line, 0, line.len) < line.len)
		return kp_refuse(why, "choose a value without it",
		    "a line of the value begins or ends with a blank, "
		    "which configparser drops");
	if (!first && (line.ptr[0] == '#' || line.ptr[0] == ';'))
		return kp_refuse(why, "choose a value without it",
		    "a line of the value begins with a comment sign, "
		    "and configparser drops it");
	return true;
}

static bool
check_lines(struct kp_str bytes, struct kp_refusal *why)
{
	struct kp_str rest = bytes, line;
	bool first = true;

	if (kp_str_ends(bytes, "\n"))
		return kp_refuse(why, "choose a value without it",
		    "the value ends with an empty line, "
		    "which configparser drops");
	while (kp_str_next_line(&rest, &line)) {
		if (!check_line(line, first, why))
			return false;
		first = false;
	}
	return true;
}

static bool
check_bytes(struct kp_str bytes, struct kp_refusal *why)
{
	size_t cr = kp_str_find(bytes, '\r');

	if (!kp_utf8_valid(bytes))
		return kp_refuse(why, "encode it, in base64 for one",
		    "the value is not UTF-8, which configparser insists on");
	if (cr != KP_NPOS)
		return kp_refuse(why, "choose a value without it",
		    "the value has a CR at byte %zu, "
		    "which configparser takes for the end of a line",
		    cr + 1);
	return check_lines(bytes, why);
}

/* Is text with a per cent sign of the template's own kept in this place? */
static bool
keeps_percent(const struct kp_item *item, const struct kp_value *value)
{
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		struct kp_str bytes = value->pieces[i].bytes;

		if (value->pieces[i].trusted &&
		    kp_str_find(bytes, '%') != KP_NPOS &&
		    kp_str_find_str(item->value, bytes) != KP_NPOS)
			return true;
	}
	return false;
}

static bool
check_place(const struct reading *old, const struct kp_item *item,
    const struct kp_value *value, struct kp_refusal *why)
{
	if (old->has_comment)
		return kp_refuse(why, "move the comment above the key",
		    "a comment stands among the lines of this value");
	if (old->has_stray && keeps_percent(item, value))
		return kp_refuse(why, "write \"%%\" where \"%\" is meant",
		    "beside it stands a single \"%%\", "
		    "which configparser refuses");
	if (old->has_escaped && keeps_percent(item, value))
		return kp_refuse(why, "use a key of its own for that text",
		    "beside it stands \"%%%%(\", which could not be told from "
		    "a reference any more");
	return true;
}

/* Where the line starts that offset is on. */
static size_t
line_start(struct kp_str text, size_t offset)
{
	while (offset > 0 && text.ptr[offset - 1] != '\n' &&
	    text.ptr[offset - 1] != '\r')
		offset--;
	return offset;
}

static size_t
indent_of(const struct kp_scan *scan, const struct kp_item *item)
{
	struct kp_str text = scan->src->text;
	size_t indent;

	count_space(text, line_start(text, item->start), item->start, &indent);
	return indent;
}

/* What stands at the item now, read again. */
static struct reading
read_again(const struct kp_scan *scan, const struct kp_item *item)
{
	const struct kp_item *key = &scan->items[item->parent];
	struct kp_ini_walk walk = { .text = scan->src->text, .at = key->start };
	struct kp_buf unused = { 0 };
	struct kp_ini_line line;
	struct reading val = { 0 };

	if (kp_ini_walk_cr_line(&walk, &line))
		read_value(&walk, item->start, line.end, indent_of(scan, key),
		    &val);
	decode(&val, &unused);
	kp_buf_wipe(&unused);
	return val;
}

/* A line that goes on with item's value is deeper than its key by a tab. */
static void
add_line_break(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_buf *out)
{
	const struct kp_item *key = &scan->items[item->parent];
	struct kp_str text = scan->src->text;
	struct kp_ini_line line = kp_ini_line_at(text, key->start);

	if (line.end > line.start && text.ptr[line.end - 1] == '\r')
		kp_buf_add_char(out, '\r');
	kp_buf_add_char(out, '\n');
	kp_buf_add(out,
	    kp_str_slice(text, line_start(text, key->start), key->start));
	kp_buf_add_char(out, '\t');
}

/* A per cent sign twice, but for that of the author's own "%(...)s". */
static size_t
add_percent(const struct kp_value *value, size_t at, struct kp_buf *out)
{
	struct kp_str str = value->bytes;
	size_t len = 0;

	if (!kp_value_is_foreign(value, at, at + 1))
		len = reference_len(str, at);
	if (len == 0 || kp_value_is_foreign(value, at, at + len)) {
		kp_buf_add_text(out, "%%");
		return at + 1;
	}
	kp_buf_add(out, kp_str_slice(str, at, at + len));
	return at + len;
}

static void
add_value(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out)
{
	struct kp_str str = value->bytes;
	size_t at = 0;

	while (at < str.len) {
		if (str.ptr[at] == '%') {
			at = add_percent(value, at, out);
			continue;
		}
		if (str.ptr[at] == '\n')
			add_line_break(scan, item, out);
		else
			kp_buf_add_char(out, str.ptr[at]);
		at++;
	}
}

static bool
encode_python(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	struct reading old;
	bool done;

	if (!check_bytes(value->bytes, why))
		return false;
	old = read_again(scan, item);
	done = check_place(&old, item, value, why);
	kp_buf_wipe(&old.raw);
	if (done)
		add_value(scan, item, value, out);
	return done;
}

/* --- insert --- */

/*
 * The new line must not be deeper than the key above it, whose value it would
 * go on with, nor less deep than the line below, which would go on with its.
 */
static bool
fits_between(const struct kp_scan *scan, const struct kp_insertion *where)
{
	struct kp_str added = kp_buf_view(&where->before);
	size_t start = 0, blanks, above, i;

	/* A last line that had no ending gets one first. */
	while (start < added.len &&
	    (added.ptr[start] == '\r' || added.ptr[start] == '\n'))
		start++;
	count_space(added, start, added.len, &blanks);
	above = blanks;
	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (item->kind != KP_SECTION && item->kind != KP_KEY)
			continue;
		if (item->start >= where->offset)
			return blanks <= above &&
			    indent_of(scan, item) <= blanks;
		above = item->kind == KP_KEY ? indent_of(scan, item) : blanks;
	}
	return blanks <= above;
}

static bool
insert_python(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	return kp_ini_insert(scan, path, &habit, where, why) &&
	    (fits_between(scan, where) ||
	        kp_refuse(why, "put the key into the template",
	            "the lines around it are indented in another way, "
	            "and would be read as parts of one value"));
}

/* The last dot of a path: the key is behind it. */
static size_t
key_of(struct kp_str path)
{
	size_t dot = kp_str_rfind_str(path, kp_str_of("."));

	return dot == KP_NPOS ? 0 : dot;
}

static bool
same_path(struct kp_str a, struct kp_str b)
{
	size_t cut = key_of(a);

	return cut == key_of(b) && kp_str_eq_nocase(a, b) &&
	    kp_str_eq(kp_str_slice(a, 0, cut), kp_str_slice(b, 0, cut));
}

const struct kp_format kp_format_ini_python = {
	.name = "ini/python",
	.scan = scan_python,
	.encode = encode_python,
	.insert = insert_python,
	.same_key = same_path,
};
