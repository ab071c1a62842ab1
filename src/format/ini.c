/* SPDX-License-Identifier: MIT */
/*
 * ini - the common ground of INI readers, for files whose reader is unknown.
 *
 * Readers agree on little: go-ini, Python's configparser, iniparser, inih,
 * my.cnf, php.ini and systemd differ in quotes, escapes, comments behind
 * values, joined and continued lines.  So quotes are text here, which all
 * readers leave in place or take off alike, a value is one line, and what is
 * put there is words of plain bytes:
 *
 *	line    = blank | ("#" | ";") any | "[" name "]" any | entry
 *	entry   = key [ ("=" | ":") value ] [ blank ("#" | ";") any ]
 *
 * The limits, and whose they are: blanks at the edges (all trim), # ; (go-ini
 * and my.cnf cut there), quotes, ` and \ (go-ini, my.cnf, systemd), = ( ) ! ~
 * | & ^ and constants (php.ini), % and $ (configparser), { } (php.ini behind
 * a "$"), control and non-UTF-8 bytes (configparser, systemd), a line above
 * 199 bytes (inih).
 */
#include "format/ini.h"

#include "base/utf8.h"
#include "format/formats.h"

#include <string.h>

#define MAX_LINE 199

static const char hint[] = "say which reader it is, as in format = ini/grafana";
static const struct kp_ini_habit habit = { .cautious = true };

/* --- scan --- */

static size_t
skip_space(struct kp_str text, size_t start, size_t end)
{
	while (start < end && kp_is_space(text.ptr[start]))
		start++;
	return start;
}

static size_t
trim_space(struct kp_str text, size_t start, size_t end)
{
	while (end > start && kp_is_space(text.ptr[end - 1]))
		end--;
	return end;
}

/* A "#" or ";" behind a blank; end if there is none, as in most lines. */
static size_t
find_comment(struct kp_str text, size_t start, size_t end)
{
	if (start < end && memchr(text.ptr + start, '#', end - start) == NULL &&
	    memchr(text.ptr + start, ';', end - start) == NULL)
		return end;
	for (; start < end; start++) {
		if ((text.ptr[start] == '#' || text.ptr[start] == ';') &&
		    kp_is_blank(text.ptr[start - 1]))
			return start;
	}
	return end;
}

/* Behind the quote that closes the one at start; start if there is none. */
static size_t
skip_quoted(struct kp_str text, size_t start, size_t end)
{
	size_t close;

	if (start == end || (text.ptr[start] != '"' && text.ptr[start] != '\''))
		return start;
	close =
	    kp_str_find(kp_str_slice(text, start + 1, end), text.ptr[start]);
	return close == KP_NPOS ? start : start + 1 + close + 1;
}

static void
add_comment(struct kp_ini_walk *walk, size_t start, size_t end)
{
	start = skip_space(walk->text, start, end);
	kp_ini_add_comment(walk, start, trim_space(walk->text, start, end));
}

/* The value from at to end; no comment of the line begins before comment. */
static void
scan_value(struct kp_ini_walk *walk, uint32_t key, size_t at, size_t comment,
    size_t end)
{
	struct kp_str text = walk->text;
	size_t start = skip_space(text, at, end), stop;

	if (comment < end)
		comment =
		    find_comment(text, skip_quoted(text, start, end), end);
	stop = trim_space(text, start, comment);
	if (start == stop) {
		/* Keep one blank before a value that is put here. */
		start = at + (at < end && kp_is_blank(text.ptr[at]));
		stop = start;
	}
	kp_scan_add(walk->scan, KP_SCALAR, start, stop, key);
	add_comment(walk, comment, end);
}

static void
scan_entry(struct kp_ini_walk *walk, size_t start, size_t end)
{
	struct kp_str text = walk->text;
	size_t comment = find_comment(text, start + 1, end);
	size_t delimiter = kp_ini_find_delimiter(text, start, comment);
	size_t stop = trim_space(text, start, delimiter);
	uint32_t key;

	if (start == stop)
		return; /* "= x" means nothing to any reader */
	key = kp_ini_add_key(walk, start, stop);
	if (key == KP_NO_PARENT)
		return;
	if (delimiter < comment)
		scan_value(walk, key, delimiter + 1, comment, end);
	else
		add_comment(walk, comment, end);
}

static bool
scan_header(struct kp_ini_walk *walk, size_t start, size_t end,
    struct kp_diags *diags)
{
	size_t close = kp_str_find(kp_str_slice(walk->text, start, end), ']');

	if (close == KP_NPOS)
		return kp_diag_at(diags, walk->scan->src, start, 1,
		    "a section without \"]\" on its line");
	kp_ini_add_section(walk, start + 1, start + close);
	add_comment(walk, start + close + 1, end);
	return true;
}

static bool
scan_line(struct kp_ini_walk *walk, const struct kp_ini_line *line,
    struct kp_diags *diags)
{
	size_t start = skip_space(walk->text, line->start, line->end);

	if (start == line->end)
		return true;
	switch (walk->text.ptr[start]) {
	case '#':
	case ';':
		add_comment(walk, start, line->end);
		return true;
	case '[':
		return scan_header(walk, start, line->end, diags);
	default:
		scan_entry(walk, start, line->end);
		return true;
	}
}

static bool
scan_ini(struct kp_scan *scan, struct kp_diags *diags)
{
	return kp_ini_scan_lines(scan, kp_ini_walk_line, scan_line, diags);
}

/* --- encode: the place --- */

/* A line above that ends in "\" is joined to this one. */
static bool
is_joined(struct kp_str text, struct kp_ini_line line)
{
	size_t end = line.start;

	if (end == 0)
		return false;
	for (end--; end > 0 && text.ptr[end - 1] != '\n'; end--) {
		if (!kp_is_space(text.ptr[end - 1]))
			return text.ptr[end - 1] == '\\';
	}
	return false;
}

/* The next line that says something is indented: some read on there. */
static bool
is_continued(struct kp_str text, struct kp_ini_line line)
{
	while (line.next < text.len) {
		size_t start;

		line = kp_ini_line_at(text, line.next);
		start = skip_space(text, line.start, line.end);
		if (start < line.end && text.ptr[start] != '#' &&
		    text.ptr[start] != ';')
			return start > line.start;
	}
	return false;
}

static bool
check_place(struct kp_str text, const struct kp_item *item,
    struct kp_ini_line line, struct kp_refusal *why)
{
	if (skip_space(text, line.start, line.end) != line.start)
		return kp_refuse(why, hint,
		    "some readers take an indented line "
		    "for more of the value above it");
	if (is_joined(text, line))
		return kp_refuse(why, hint,
		    "some readers join this line to the one above, "
		    "which ends in a backslash");
	if (skip_space(text, item->end, line.end) != line.end)
		return kp_refuse(why, hint,
		    "some readers take the comment behind this value "
		    "for a part of it");
	if (is_continued(text, line))
		return kp_refuse(why, hint,
		    "some readers take the indented line below "
		    "for more of this value");
	return true;
}

/* --- encode: the value --- */

/* The signs from " " on, a bit for each. */
#define BIT(c) (UINT64_C(1) << ((c) - ' '))
#define SIGNS                                                                  \
	(BIT(' ') | BIT('*') | BIT('+') | BIT(',') | BIT('-') | BIT('.') |     \
	    BIT('/') | BIT(':') | BIT('<') | BIT('>') | BIT('?') | BIT('@') |  \
	    BIT('[') | BIT(']') | BIT('_'))

/* A byte of ASCII that no reader changes or takes for anything else. */
static inline bool
is_common_ascii(char c)
{
	return kp_is_alnum(c) || (c >= ' ' && c <= '_' && (SIGNS & BIT(c)));
}

/* The same of any character. */
static bool
is_common(uint32_t rune)
{
	if (rune < 0x80)
		return is_common_ascii((char)rune);
	/* No control, blank, format or non-character. */
	return rune > 0xa0 && rune != 0xad && rune != 0x1680 &&
	    !(rune >= 0x2000 && rune <= 0x206f) && rune != 0x3000 &&
	    !(rune >= 0xfdd0 && rune <= 0xfdef) && rune != 0xfeff &&
	    (rune & 0xfffe) != 0xfffe;
}

static const char *
describe_rune(uint32_t rune)
{
	switch (rune) {
	case '\0':
		return "a NUL";
	case '\t':
		return "a tab";
	case '\n':
		return "a line feed";
	case '\r':
		return "a carriage return";
	case '"':
	case '\'':
	case '`':
		return "a quote";
	default:
		return rune < 0x80 && rune > ' ' ? "a sign" : "a character";
	}
}

static bool
check_bytes(struct kp_str bytes, struct kp_refusal *why)
{
	size_t start, at = 0;
	uint32_t rune;

	for (;;) {
		while (at < bytes.len && is_common_ascii(bytes.ptr[at]))
			at++;
		if (at == bytes.len)
			return true;
		start = at;
		if (!kp_utf8_next(bytes, &at, &rune))
			return kp_refuse(why, hint,
			    "the value is not UTF-8 at byte %zu, "
			    "and some readers insist on that",
			    start + 1);
		if (!is_common(rune))
			return kp_refuse(why, hint,
			    "the value has %s at byte %zu "
			    "that INI readers read differently",
			    describe_rune(rune), start + 1);
	}
}

/* Text that stands in this place already: its author knows the reader. */
static bool
stands_there(struct kp_str there, const struct kp_piece *piece)
{
	return piece->trusted &&
	    kp_str_find_str(there, piece->bytes) != KP_NPOS;
}

static bool
is_word(struct kp_str word, const struct kp_str *list)
{
	for (; list->len > 0; list++) {
		if (word.len == list->len && kp_str_eq_nocase(word, *list))
			return true;
	}
	return false;
}

/* The shape of PHP's constants: E_ALL, SIGTERM, STREAM_CRYPTO_PROTO_TLSv1. */
static bool
is_constant(struct kp_str word)
{
	static const struct kp_str bare[] = {
		KP_STR("INF"),
		KP_STR("NAN"),
		KP_STR("STDIN"),
		KP_STR("STDOUT"),
		KP_STR("STDERR"),
		{ NULL, 0 },
	};

	if (!kp_str_is_name(word) || word.ptr[0] < 'A' || word.ptr[0] > 'Z')
		return false;
	return kp_str_find(word, '_') != KP_NPOS ||
	    kp_str_starts(word, "SIG") || is_word(word, bare);
}

/* php.ini makes "1", "" or a number of some words; others keep them. */
static bool
check_words(struct kp_str bytes, struct kp_refusal *why)
{
	static const struct kp_str changed[] = {
		KP_STR("yes"),
		KP_STR("no"),
		KP_STR("on"),
		KP_STR("off"),
		KP_STR("true"),
		KP_STR("false"),
		KP_STR("null"),
		KP_STR("none"),
		{ NULL, 0 },
	};
	size_t end;

	for (;;) {
		struct kp_str word = bytes;

		end = kp_str_find(bytes, ' ');
		if (end != KP_NPOS)
			word.len = end;
		if (is_word(word, changed) || is_constant(word))
			return kp_refuse(why, hint,
			    "the value has a word that some readers "
			    "take for a boolean or a constant");
		if (end == KP_NPOS)
			return true;
		bytes = kp_str_slice(bytes, end + 1, bytes.len);
	}
}

static bool
check_edges(struct kp_str bytes, struct kp_refusal *why)
{
	if (bytes.len == 0)
		return true;
	if (kp_is_space(bytes.ptr[0]) || kp_is_space(bytes.ptr[bytes.len - 1]))
		return kp_refuse(why, hint,
		    "the value begins or ends with a blank, "
		    "which readers take off");
	if (bytes.ptr[bytes.len - 1] == '\xa0')
		return kp_refuse(why, hint,
		    "the value ends in the byte 0xa0, "
		    "which some readers take for a blank");
	return true;
}

static bool
check_value(struct kp_str there, const struct kp_value *value,
    struct kp_refusal *why)
{
	bool changed = false;
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		if (stands_there(there, &value->pieces[i]))
			continue;
		changed = true;
		if (!check_bytes(value->pieces[i].bytes, why))
			return false;
	}
	return !changed ||
	    (check_words(value->bytes, why) && check_edges(value->bytes, why));
}

static bool
encode_ini(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str text = scan->src->text;
	struct kp_str there = kp_str_slice(text, item->start, item->end);
	struct kp_ini_line line = kp_ini_line_at(text, item->start);

	if (!check_place(text, item, line, why) ||
	    !check_value(there, value, why))
		return false;
	if (item->start - line.start + value->bytes.len > MAX_LINE)
		return kp_refuse(why, hint,
		    "the line would be longer than %d bytes, "
		    "and some readers cut it there",
		    MAX_LINE);
	kp_buf_add(out, value->bytes);
	return true;
}

static bool
insert_ini(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	return kp_ini_insert(scan, path, &habit, where, why);
}

const struct kp_format kp_format_ini = {
	.name = "ini",
	.scan = scan_ini,
	.encode = encode_ini,
	.insert = insert_ini,
	.by_lines = true,
};
