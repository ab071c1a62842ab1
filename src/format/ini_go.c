/* SPDX-License-Identifier: MIT */
/*
 * ini_go - go-ini's grammar, as it is read with no options.
 *
 * gopkg.in/ini.v1 1.66.2, parser.go:
 *
 *	text    = [ BOM ] { line LF }
 *	line    = blank | ("#" | ";") any | "[" name "]" any | entry
 *	entry   = key any-of("=:") value
 *	key     = name | quoted(`"`, "`", `"""`) any
 *	value   = "`" any "`" any | `"""` any `"""` any
 *	        | text-without-#; [ ("#" | ";") any ]
 *	        | text "\" LF line-of-value
 *
 * A name in brackets ends at the last "]" of its line.  A value in back- or
 * triple quotes ends at the last such quote of its line, or else of the first
 * line below that has one; there is no escape, and nothing within is special.
 * Any other value is joined to the next line by a final "\", cut at the first
 * "#" or ";", and then loses one pair of quotes "..." or '...' around it, if
 * no third one is within.  Blanks are what unicode.IsSpace says.
 */
#include "format/ini.h"

#include <string.h>

/* A value as go-ini reads it, by offsets. */
struct reading {
	size_t start, end;             /* as written, quotes included */
	size_t inner_start, inner_end; /* as read, unless joined */
	size_t next;                   /* where reading goes on */
	enum kp_style style;
	bool joined;   /* by "\" to the lines below: only the first is read */
	bool unclosed; /* the closing quote is missing */
};

/* --- blanks, as Go has them --- */

/* Go's unicode.IsSpace. */
static bool
is_space_rune(uint32_t rune)
{
	return rune < 0x80 ? kp_is_space((char)rune) :
	                     kp_ini_is_wide_space(rune);
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

/* --- reading a value --- */

static struct kp_str
quote_of(enum kp_style style)
{
	switch (style) {
	case KP_SINGLE:
		return kp_str_of("'");
	case KP_DOUBLE:
		return kp_str_of("\"");
	case KP_BACKTICK:
		return kp_str_of("`");
	case KP_TRIPLE:
		return kp_str_of("\"\"\"");
	default:
		return kp_str_of("");
	}
}

/* Nearly no line begins with one of go-ini's quotes. */
static bool
starts_with_quote(struct kp_str line)
{
	return line.len > 0 && (line.ptr[0] == '"' || line.ptr[0] == '`');
}

/* The style that the first bytes of a line's value ask for. */
static enum kp_style
opening_style(struct kp_str line)
{
	if (!starts_with_quote(line))
		return KP_BARE;
	/* Three quotes alone on the last line are no opening to go-ini. */
	if (line.len > 3 && kp_str_starts(line, "\"\"\""))
		return KP_TRIPLE;
	return kp_str_starts(line, "`") ? KP_BACKTICK : KP_BARE;
}

/* Up to the last quote of the line, or of the first line that has one. */
static void
read_quoted(struct kp_str text, struct reading *val)
{
	struct kp_str quote = quote_of(val->style);
	size_t from = val->start + quote.len, found;

	val->inner_start = from;
	for (;;) {
		found = kp_str_rfind_str(kp_str_slice(text, from, val->next),
		    quote);
		if (found != KP_NPOS)
			break;
		if (val->next >= text.len) {
			val->unclosed = true;
			val->end = val->inner_end = text.len;
			return;
		}
		from = val->next;
		val->next = kp_ini_next_line(text, from);
	}
	val->inner_end = from + found;
	val->end = val->inner_end + quote.len;
}

static size_t
find_comment(struct kp_str text, size_t start, size_t end)
{
	const char *hit = memchr(text.ptr + start, '#', end - start);

	if (hit != NULL)
		end = (size_t)(hit - text.ptr);
	hit = memchr(text.ptr + start, ';', end - start);
	return hit != NULL ? (size_t)(hit - text.ptr) : end;
}

/* One pair of quotes around, and no third one within. */
static bool
is_surrounded(struct kp_str str, char quote)
{
	return str.len >= 2 && str.ptr[0] == quote &&
	    kp_str_find(kp_str_slice(str, 1, str.len), quote) == str.len - 2;
}

static void
read_plain(struct kp_str text, struct reading *val)
{
	struct kp_str str;

	val->end = find_comment(text, val->start, val->end);
	val->end = trim_space(text, val->start, val->end);
	str = kp_str_slice(text, val->start, val->end);
	if (is_surrounded(str, '\''))
		val->style = KP_SINGLE;
	else if (is_surrounded(str, '"'))
		val->style = KP_DOUBLE;
	val->inner_start = val->start + (val->style != KP_BARE);
	val->inner_end = val->end - (val->style != KP_BARE);
}

/* Read the value behind the delimiter, at at; its line ends before next. */
static void
read_value(struct kp_str text, size_t at, size_t next, struct reading *val)
{
	*val = (struct reading){
		.start = skip_space(text, at, next),
		.next = next,
	};
	val->style = opening_style(kp_str_slice(text, val->start, next));
	if (val->style != KP_BARE) {
		read_quoted(text, val);
		return;
	}
	val->end = trim_space(text, val->start, next);
	if (val->end > val->start && text.ptr[val->end - 1] == '\\') {
		val->joined = true;
		return;
	}
	read_plain(text, val);
	if (val->start == val->end) {
		/* Keep one blank before a value that is put here. */
		at += at < next && kp_is_blank(text.ptr[at]);
		val->start = val->end = at;
		val->inner_start = val->inner_end = at;
	}
}

/* Go on with the lines that "\" joins, and set end and next behind them. */
static void
read_joined(struct kp_str text, struct reading *val, struct kp_buf *out)
{
	size_t start, end;

	kp_buf_add(out, kp_str_slice(text, val->start, val->end - 1));
	while (val->next < text.len) {
		struct kp_ini_line line = kp_ini_line_at(text, val->next);

		val->next = line.next;
		start = skip_space(text, line.start, line.next);
		end = trim_space(text, start, line.next);
		val->end = start == end ? line.start : end;
		/* A blank line ends the value, and is part of it as written. */
		if (start == end)
			return;
		kp_buf_add(out, kp_str_slice(text, start, end));
		if (text.ptr[end - 1] != '\\')
			return;
		kp_buf_cut(out, out->len - 1);
	}
}

/* --- scan --- */

static void
add_scalar(struct kp_ini_walk *walk, uint32_t key, const struct reading *val,
    struct kp_str value)
{
	struct kp_item *item =
	    kp_scan_add(walk->scan, KP_SCALAR, val->start, val->end, key);

	if (item == NULL)
		return;
	item->value = value;
	item->style = val->style;
}

/* What go-ini drops from behind a value or header to the end of its line. */
static void
add_rest(struct kp_ini_walk *walk, size_t start, size_t end)
{
	start = skip_space(walk->text, start, end);
	kp_ini_add_comment(walk, start, trim_space(walk->text, start, end));
}

static bool
scan_value(struct kp_ini_walk *walk, uint32_t key, size_t at, size_t next,
    struct kp_diags *diags)
{
	struct kp_str text = walk->text, value;
	struct kp_buf joined = { 0 };
	struct reading val;

	read_value(text, at, next, &val);
	if (val.unclosed) {
		walk->at = text.len;
		kp_diag_at(diags, walk->scan->src, val.start,
		    quote_of(val.style).len,
		    "a quoted value that does not end");
		return false;
	}
	if (val.joined) {
		read_joined(text, &val, &joined);
		value = kp_scan_store(walk->scan, kp_buf_view(&joined));
		walk->scan->failed |= !kp_buf_ok(&joined);
		kp_buf_wipe(&joined);
	} else {
		value = kp_str_slice(text, val.inner_start, val.inner_end);
	}
	add_scalar(walk, key, &val, value);
	if (!val.joined)
		add_rest(walk, val.end, val.next);
	walk->at = val.next;
	return true;
}

/* A key by offsets: as written, as read, and its delimiter. */
struct key {
	size_t start, end;
	size_t name_start, name_end;
	size_t delimiter;
};

/* The length of the quote that a key starts with; 0: none. */
static size_t
key_quote(struct kp_str line)
{
	if (!starts_with_quote(line))
		return 0;
	return line.len > 6 && kp_str_starts(line, "\"\"\"") ? 3 : 1;
}

/* From its opening quote to the next; false: there is none. */
static bool
read_quoted_key(struct kp_str text, size_t quote, size_t end, struct key *key)
{
	struct kp_str mark = kp_str_slice(text, key->start, key->start + quote);
	size_t close;

	key->name_start = key->start + quote;
	close = kp_str_find_str(kp_str_slice(text, key->name_start, end), mark);
	if (close == KP_NPOS)
		return false;
	key->name_end = key->name_start + close;
	key->end = key->name_end + quote;
	key->delimiter = kp_ini_find_delimiter(text, key->end, end);
	return true;
}

static bool
read_key(struct kp_ini_walk *walk, size_t start, size_t end, struct key *key,
    struct kp_diags *diags)
{
	const struct kp_source *src = walk->scan->src;
	struct kp_str text = walk->text;
	size_t quote = key_quote(kp_str_slice(text, start, end));

	*key = (struct key){ .start = start, .name_start = start };
	if (quote == 0) {
		key->delimiter = kp_ini_find_delimiter(text, start, end);
		key->name_end = key->delimiter;
	} else if (!read_quoted_key(text, quote, end, key)) {
		return kp_diag_at(diags, src, start, quote,
		    "a quoted key that does not end on its line");
	}
	if (key->delimiter == end)
		return kp_diag_at(diags, src, start, 1,
		    "a key without \"=\" or \":\" behind it");
	key->name_start = skip_space(text, key->name_start, key->name_end);
	key->name_end = trim_space(text, key->name_start, key->name_end);
	if (quote == 0)
		key->end = key->name_end;
	if (key->name_start == key->name_end)
		return kp_diag_at(diags, src, start, 1,
		    "a value without a key");
	return true;
}

/* A key "-" is read as "#1", the next one in its section as "#2". */
static void
number_dash(struct kp_ini_walk *walk, struct kp_item *item)
{
	struct kp_buf name = { 0 };

	kp_buf_add_format(&name, "#%u", ++walk->dashes);
	walk->scan->failed |= !kp_buf_ok(&name);
	item->value = kp_scan_store(walk->scan, kp_buf_view(&name));
	kp_buf_wipe(&name);
}

static bool
scan_entry(struct kp_ini_walk *walk, size_t start, size_t end,
    struct kp_diags *diags)
{
	struct kp_item *item;
	struct key key;
	uint32_t index;

	if (!read_key(walk, start, end, &key, diags))
		return false;
	index = kp_ini_add_key(walk, key.start, key.end);
	if (index == KP_NO_PARENT)
		return kp_diag_nomem(diags);
	item = &walk->scan->items[index];
	item->value = kp_str_slice(walk->text, key.name_start, key.name_end);
	if (kp_str_is(item->value, "-"))
		number_dash(walk, item);
	return scan_value(walk, index, key.delimiter + 1, end, diags);
}

static bool
scan_header(struct kp_ini_walk *walk, size_t start, size_t end,
    struct kp_diags *diags)
{
	size_t close = kp_str_rfind_str(kp_str_slice(walk->text, start, end),
	    kp_str_of("]"));

	if (close == KP_NPOS)
		return kp_diag_at(diags, walk->scan->src, start, 1,
		    "a section without \"]\" on its line");
	if (close == 1)
		return kp_diag_at(diags, walk->scan->src, start, 2,
		    "a section without a name");
	kp_ini_add_section(walk, start + 1, start + close);
	add_rest(walk, start + close + 1, end);
	return true;
}

static bool
scan_line(struct kp_ini_walk *walk, const struct kp_ini_line *line,
    struct kp_diags *diags)
{
	size_t start = skip_space(walk->text, line->start, line->next);

	if (start == line->next)
		return true;
	switch (walk->text.ptr[start]) {
	case '#':
	case ';':
		add_rest(walk, start, line->next);
		return true;
	case '[':
		return scan_header(walk, start, line->next, diags);
	default:
		return scan_entry(walk, start, line->next, diags);
	}
}

bool
kp_ini_go_scan(struct kp_scan *scan, struct kp_diags *diags)
{
	return kp_ini_scan_lines(scan, kp_ini_walk_line, scan_line, diags);
}

/* --- encode --- */

/* Plain to the eye and to other versions, not to this reader alone. */
static bool
is_plain(struct kp_str str)
{
	size_t i;

	if (str.len > 0 && kp_str_has_any(kp_str_slice(str, 0, 1), "\"'`"))
		return false;
	for (i = 0; i < str.len; i++) {
		if (str.ptr[i] < 0x20 || str.ptr[i] > 0x7e)
			return false;
	}
	return true;
}

/* Would go-ini see value, were line what stands behind the delimiter? */
static bool
reads_back(struct kp_str line, size_t written, enum kp_style style,
    struct kp_str value)
{
	struct reading val;

	read_value(line, 0, kp_ini_next_line(line, 0), &val);
	return !val.joined && !val.unclosed && val.style == style &&
	    val.start == 0 && val.end == written &&
	    kp_str_eq(kp_str_slice(line, val.inner_start, val.inner_end),
	        value);
}

/*
 * Append value in style to out if go-ini reads it back with rest behind it
 * on its line.  Without memory this succeeds: out's failure is for its owner.
 */
static bool
write_in_style(enum kp_style style, struct kp_str value, struct kp_str rest,
    struct kp_buf *out)
{
	size_t mark = out->len, written;
	bool good;

	kp_buf_add(out, quote_of(style));
	kp_buf_add(out, value);
	kp_buf_add(out, quote_of(style));
	written = out->len - mark;
	kp_buf_add(out, rest);
	good = !kp_buf_ok(out) ||
	    reads_back(kp_str_slice(kp_buf_view(out), mark, out->len), written,
	        style, value);
	kp_buf_cut(out, good ? mark + written : mark);
	return good;
}

/* In the style it has, else in back-quotes, else in triple quotes. */
static bool
write_value(enum kp_style own, struct kp_str value, struct kp_str rest,
    struct kp_buf *out)
{
	if (own != KP_BARE || is_plain(value)) {
		if (write_in_style(own, value, rest, out))
			return true;
	}
	return write_in_style(KP_BACKTICK, value, rest, out) ||
	    write_in_style(KP_TRIPLE, value, rest, out);
}

bool
kp_ini_go_write(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str bytes, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str text = scan->src->text;
	struct kp_str rest =
	    kp_str_slice(text, item->end, kp_ini_next_line(text, item->end));
	size_t mark = out->len;

	if (write_value(item->style, bytes, rest, out))
		return true;
	if (write_value(item->style, bytes, kp_str_of("\n"), out)) {
		kp_buf_cut(out, mark);
		return kp_refuse(why,
		    "move what follows the value to a line of its own",
		    "what follows on the line holds a quote, "
		    "and go-ini reads a quoted value up to the last one");
	}
	return kp_refuse(why, "choose a value without one of the two",
	    "the value has a back-quote and three double quotes in a row "
	    "above its last line, and no quotes of go-ini can hold both");
}
