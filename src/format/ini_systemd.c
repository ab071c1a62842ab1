/* SPDX-License-Identifier: MIT */
/*
 * ini_systemd - systemd's unit files.
 *
 * systemd.syntax(7); systemd 252, src/shared/conf-parser.c and
 * src/basic/extract-word.c:
 *
 *	text    = { blank | ("#" | ";") any | "[" name "]" | entry }
 *	entry   = key "=" value
 *
 * A backslash at the end of a line joins the next one to it, a blank between
 * the two; comments among joined lines are left out.  A line ends in LF or
 * CR.  What a value is depends on its key:
 *
 *	Environment=  words, split at blanks; quotes '...' and "..." anywhere
 *	              in a word, C escapes in and out of them; then "%"
 *	              specifiers, of which "%%" is a per cent sign
 *	Exec...=      the same, then "$" variables, of which "$$" is a dollar
 *	              sign; a word ";" begins another command
 *	Description=  text as it is, with "%" specifiers
 *	others        lists and numbers and names in grammars of their own: what
 *	              is put there is plain to all of them
 *
 * A word is the n-th element of its key: Service.ExecStart[1].
 */
#include "base/array.h"
#include "base/utf8.h"
#include "format/formats.h"
#include "format/ini.h"

#include <stdlib.h>
#include <string.h>

/* LONG_LINE_MAX, joined lines included. */
#define MAX_LINE (1024 * 1024)

static const struct kp_ini_habit habit = { .needs_section = true };

enum kind {
	KIND_ENVIRONMENT,
	KIND_COMMAND,
	KIND_TEXT,
	KIND_SPACED, /* one value that may have blanks in it */
	KIND_OTHER,
};

static enum kind
kind_of(struct kp_str key)
{
	static const struct {
		const char *key;
		enum kind kind;
	} keys[] = {
		{ "Environment", KIND_ENVIRONMENT },
		{ "ExecCondition", KIND_COMMAND },
		{ "ExecStartPre", KIND_COMMAND },
		{ "ExecStart", KIND_COMMAND },
		{ "ExecStartPost", KIND_COMMAND },
		{ "ExecReload", KIND_COMMAND },
		{ "ExecStop", KIND_COMMAND },
		{ "ExecStopPre", KIND_COMMAND },
		{ "ExecStopPost", KIND_COMMAND },
		{ "Description", KIND_TEXT },
		{ "OnCalendar", KIND_SPACED },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (kp_str_is(key, keys[i].key))
			return keys[i].kind;
	}
	return kp_str_ends(key, "Sec") ? KIND_SPACED : KIND_OTHER;
}

/* --- lines, joined --- */

/* From offset at on, a joined line came from offset origin of the text. */
struct segment {
	size_t at, origin;
};

struct joined {
	struct kp_buf text;       /* owned */
	struct segment *segments; /* owned */
	size_t count, cap;
	bool failed;
};

static void
wipe_joined(struct joined *line)
{
	kp_buf_wipe(&line->text);
	free(line->segments);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t
skip_space(struct kp_str str, size_t start, size_t end)
{
	while (start < end && is_space(str.ptr[start]))
		start++;
	return start;
}

static size_t
trim_space(struct kp_str str, size_t start, size_t end)
{
	while (end > start && is_space(str.ptr[end - 1]))
		end--;
	return end;
}

static bool
is_comment(struct kp_str text, const struct kp_ini_line *line)
{
	size_t at = skip_space(text, line->start, line->end);

	return at < line->end && (text.ptr[at] == '#' || text.ptr[at] == ';');
}

/* An odd number of backslashes at the end. */
static bool
ends_open(struct kp_str str)
{
	size_t len = str.len;

	while (len > 0 && str.ptr[len - 1] == '\\')
		len--;
	return (str.len - len) % 2 == 1;
}

static void
add_segment(struct joined *line, struct kp_str text, size_t start, size_t end)
{
	if (!kp_array_grow((void **)&line->segments, &line->cap,
	        line->count + 1, sizeof(*line->segments))) {
		line->failed = true;
		return;
	}
	line->segments[line->count++] =
	    (struct segment){ line->text.len, start };
	kp_buf_add(&line->text, kp_str_slice(text, start, end));
}

/* Read a line that is no comment, with those it is joined to. */
static struct joined
join_lines(struct kp_ini_walk *walk, struct kp_ini_line part)
{
	struct joined line = { 0 };

	do {
		if (line.count > 0 && is_comment(walk->text, &part))
			continue;
		add_segment(&line, walk->text, part.start, part.end);
		if (!ends_open(kp_str_slice(walk->text, part.start, part.end)))
			break;
		kp_buf_cut(&line.text, line.text.len - 1);
		kp_buf_add_char(&line.text, ' ');
	} while (!line.failed && kp_buf_ok(&line.text) &&
	    kp_ini_walk_cr_line(walk, &part));
	line.failed = line.failed || !kp_buf_ok(&line.text);
	return line;
}

/* Where a byte of the joined line is in the text. */
static size_t
origin_of(const struct joined *line, size_t at)
{
	size_t low = 0, high = line->count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (line->segments[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return line->segments[low].origin + (at - line->segments[low].at);
}

/* The end of what begins before at: behind the byte in front of it. */
static size_t
end_of(const struct joined *line, size_t at)
{
	return at == 0 ? origin_of(line, 0) : origin_of(line, at - 1) + 1;
}

/* Add an item for a stretch of the line. */
static struct kp_item *
add_item(struct kp_ini_walk *walk, const struct joined *line, enum kp_kind kind,
    size_t start, size_t end, uint32_t parent)
{
	struct kp_scan *scan = walk->scan;
	size_t from = origin_of(line, start);
	size_t to = start == end ? from : end_of(line, end);
	struct kp_item *item = kp_scan_add(scan, kind, from, to, parent);

	if (item != NULL && line->count > 1)
		item->value = kp_scan_store(scan,
		    kp_str_slice(kp_buf_view(&line->text), start, end));
	return item;
}

/* --- reading a word --- */

struct word {
	struct kp_str line; /* all words, and where the next is looked for */
	size_t at;
	size_t start, end; /* as written */
	struct kp_buf raw; /* as read, before it is expanded; owned */
	enum kp_style style;
	bool relaxed;      /* unknown escapes stay as they are */
	const char *fault; /* what is wrong; or NULL */
};

/* A number of digits in this base; false: they are not there. */
static bool
read_digits(struct kp_str str, size_t at, size_t count, unsigned base,
    uint32_t *number)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	if (str.len < at || str.len - at < count)
		return false;
	*number = 0;
	for (i = at; i < at + count; i++) {
		char c = kp_to_lower(str.ptr[i]);
		const char *found = c == '\0' ? NULL : strchr(digits, c);

		if (found == NULL || (size_t)(found - digits) >= base)
			return false;
		*number = *number * base + (uint32_t)(found - digits);
	}
	return true;
}

/* systemd's unichar_is_valid: no surrogate and no noncharacter. */
static bool
is_character(uint32_t rune)
{
	return rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff) &&
	    (rune < 0xfdd0 || rune > 0xfdef) && (rune & 0xfffe) != 0xfffe;
}

/* \xHH, \NNN, \uHHHH, \UHHHHHHHH; how many bytes it has, 0: none of these. */
static size_t
read_number_escape(struct kp_str str, size_t at, struct kp_buf *out)
{
	uint32_t number;
	size_t len;

	switch (str.ptr[at]) {
	case 'x':
		len = read_digits(str, at + 1, 2, 16, &number) ? 3 : 0;
		break;
	case 'u':
		len = read_digits(str, at + 1, 4, 16, &number) ? 5 : 0;
		break;
	case 'U':
		len = read_digits(str, at + 1, 8, 16, &number) ? 9 : 0;
		break;
	default:
		len = read_digits(str, at, 3, 8, &number) ? 3 : 0;
		break;
	}
	if (len == 0 || number == 0)
		return 0;
	if (len == 3) {
		if (number > 0xff)
			return 0;
		kp_buf_add_char(out, (char)number);
		return len;
	}
	if (!is_character(number))
		return 0;
	kp_utf8_add(out, number);
	return len;
}

/* The escape behind a backslash; how many bytes it has, 0: unknown. */
static size_t
read_escape(struct kp_str str, size_t at, struct kp_buf *out)
{
	static const char letters[] = "abfnrtvs\\\"'";
	static const char bytes[] = "\a\b\f\n\r\t\v \\\"'";
	const char *found = strchr(letters, str.ptr[at]);

	if (found == NULL)
		return read_number_escape(str, at, out);
	kp_buf_add_char(out, bytes[found - letters]);
	return 1;
}

static void
read_backslash(struct word *word)
{
	size_t len = 0;

	word->at++;
	if (word->at < word->line.len)
		len = read_escape(word->line, word->at, &word->raw);
	if (len == 0 && !word->relaxed)
		word->fault = "an escape that systemd does not know";
	if (len == 0)
		kp_buf_add_char(&word->raw, '\\');
	word->at += len;
}

/* From a quote to its counterpart, the quotes left out. */
static void
read_quoted(struct word *word)
{
	char quote = word->line.ptr[word->at++];

	while (word->at < word->line.len) {
		char c = word->line.ptr[word->at];

		if (c == quote) {
			word->at++;
			return;
		}
		if (c == '\\') {
			read_backslash(word);
			continue;
		}
		kp_buf_add_char(&word->raw, c);
		word->at++;
	}
	word->fault = "a quote without its counterpart";
}

static enum kp_style
quote_style(char c)
{
	if (c == '"')
		return KP_DOUBLE;
	return c == '\'' ? KP_SINGLE : KP_BARE;
}

/* Read the next word; false: there is none.  Wipe word->raw either way. */
static bool
read_word(struct word *word)
{
	struct kp_str line = word->line;
	size_t first = 0;

	word->raw = (struct kp_buf){ 0 };
	word->start = word->at = skip_space(line, word->at, line.len);
	if (word->at == line.len)
		return false;
	while (word->at < line.len && !is_space(line.ptr[word->at])) {
		char c = line.ptr[word->at];

		if (c == '"' || c == '\'') {
			read_quoted(word);
		} else if (c == '\\') {
			read_backslash(word);
		} else {
			kp_buf_add_char(&word->raw, c);
			word->at++;
		}
		if (first == 0)
			first = word->at;
	}
	word->end = word->at;
	/* Quoted as a whole, or not at all as far as others can see. */
	word->style =
	    first == word->end ? quote_style(line.ptr[word->start]) : KP_BARE;
	return true;
}

/* --- what words and texts are expanded to --- */

/* Pairs of each sign become one; a sign alone begins what is expanded. */
static void
add_unpaired(struct kp_str str, const char *signs, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		char c = str.ptr[i];

		if (i + 1 < str.len && str.ptr[i + 1] == c && c != '\0' &&
		    strchr(signs, c) != NULL)
			i++;
		kp_buf_add_char(out, c);
	}
}

/* Does a sign stand twice in a row, and so for itself? */
static bool
has_pair(struct kp_str str, const char *signs)
{
	struct kp_buf unpaired = { 0 };
	bool found;

	add_unpaired(str, signs, &unpaired);
	found = unpaired.len != str.len;
	kp_buf_wipe(&unpaired);
	return found;
}

/* Does a sign stand alone, and so for what it is expanded to? */
static bool
has_single(struct kp_str str, const char *signs)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		if (str.ptr[i] == '\0' || strchr(signs, str.ptr[i]) == NULL)
			continue;
		if (i + 1 == str.len || str.ptr[i + 1] != str.ptr[i])
			return true;
		i++;
	}
	return false;
}

/* --- scan --- */

static void
store_value(struct kp_scan *scan, struct kp_item *item, struct kp_str raw,
    const char *signs)
{
	struct kp_buf bytes = { 0 };

	add_unpaired(raw, signs, &bytes);
	if (!kp_str_eq(item->value, kp_buf_view(&bytes)))
		item->value = kp_scan_store(scan, kp_buf_view(&bytes));
	scan->failed |= !kp_buf_ok(&bytes);
	kp_buf_wipe(&bytes);
}

/* Text that is one value as a whole. */
static bool
scan_text(struct kp_ini_walk *walk, const struct joined *line, uint32_t key,
    size_t start, size_t end)
{
	struct kp_str str = kp_str_slice(kp_buf_view(&line->text), start, end);
	struct kp_item *item = add_item(walk, line, KP_SCALAR, start, end, key);

	if (item != NULL && kind_of(walk->scan->items[key].value) == KIND_TEXT)
		store_value(walk->scan, item, str, "%");
	return true;
}

/* What "@", "-", ":", "+" and "!" before a command mean is not text. */
static size_t
skip_prefix(struct kp_str word)
{
	size_t i = 0;

	while (i < word.len && word.ptr[i] != '\0' &&
	    strchr("@-:+!|", word.ptr[i]) != NULL)
		i++;
	return i;
}

/* What a word's role is made of. */
enum role {
	ROLE_COMMAND = 1,   /* a program: the first word of a command */
	ROLE_VARIABLES = 2, /* "$" is expanded */
};

/* A command's words: "$" is text when ":" is among what stands before it. */
static uint32_t
role_of(enum kind kind, struct kp_str command)
{
	struct kp_str prefix = kp_str_slice(command, 0, skip_prefix(command));

	if (kind == KIND_COMMAND && kp_str_find(prefix, ':') == KP_NPOS)
		return ROLE_VARIABLES;
	return 0;
}

static const char *
signs_of(uint32_t role)
{
	return role & ROLE_VARIABLES ? "%$" : "%";
}

static bool
add_word(struct kp_ini_walk *walk, const struct joined *line,
    const struct word *word, uint32_t key, uint32_t index, uint32_t role)
{
	size_t base = (size_t)(word->line.ptr - line->text.data);
	struct kp_scan *scan = walk->scan;
	struct kp_item *item;
	uint32_t element;

	item = add_item(walk, line, KP_ELEMENT, base + word->start,
	    base + word->start, key);
	if (item == NULL)
		return false;
	item->index = index;
	item->value = kp_str_of("");
	element = (uint32_t)(scan->count - 1);
	item = add_item(walk, line, KP_SCALAR, base + word->start,
	    base + word->end, element);
	if (item == NULL)
		return false;
	item->style = word->style;
	item->role = role;
	store_value(scan, item, kp_buf_view(&word->raw), signs_of(role));
	return true;
}

/* Is it this, spelled so? */
static bool
is_written(const struct word *word, const char *text)
{
	return kp_str_is(kp_str_slice(word->line, word->start, word->end),
	    text);
}

/* A key's words, of one command or of several. */
struct words {
	struct word word;
	enum kind kind;
	uint32_t key, index;
	uint32_t role;   /* of the command's words */
	bool is_command; /* the next word is a command's first */
};

static bool
scan_word(struct kp_ini_walk *walk, const struct joined *line,
    struct words *words)
{
	struct word *word = &words->word;
	size_t base = (size_t)(word->line.ptr - line->text.data);
	uint32_t first = 0;

	if (words->kind == KIND_COMMAND && is_written(word, ";")) {
		words->is_command = true;
		return add_item(walk, line, KP_SYNTAX, base + word->start,
		           base + word->end, words->key) != NULL;
	}
	if (words->kind == KIND_COMMAND && is_written(word, "\\;")) {
		kp_buf_cut(&word->raw, 0);
		kp_buf_add_char(&word->raw, ';');
	}
	if (words->is_command) {
		words->role = role_of(words->kind, kp_buf_view(&word->raw));
		first = words->kind == KIND_COMMAND ? ROLE_COMMAND : 0;
	}
	words->is_command = false;
	return add_word(walk, line, word, words->key, words->index++,
	    words->role | first);
}

static bool
scan_words(struct kp_ini_walk *walk, const struct joined *line, uint32_t key,
    size_t start, size_t end, struct kp_diags *diags)
{
	enum kind kind = kind_of(walk->scan->items[key].value);
	struct words words = {
		.word = {
			.line = kp_str_slice(kp_buf_view(&line->text), start,
			    end),
			.relaxed = kind == KIND_COMMAND,
		},
		.kind = kind,
		.key = key,
		.is_command = true,
	};
	bool good = true;

	/* No words at all: a place for the first. */
	if (start == end)
		return scan_word(walk, line, &words);
	while (good && read_word(&words.word)) {
		if (words.word.fault != NULL)
			good = kp_diag_at(diags, walk->scan->src,
			    origin_of(line, start + words.word.start), 1, "%s",
			    words.word.fault);
		else
			good = scan_word(walk, line, &words);
		walk->scan->failed |= !kp_buf_ok(&words.word.raw);
		kp_buf_wipe(&words.word.raw);
	}
	return good;
}

static bool
scan_entry(struct kp_ini_walk *walk, const struct joined *line, size_t start,
    size_t end, struct kp_diags *diags)
{
	struct kp_str str = kp_buf_view(&line->text);
	size_t equals = kp_str_find(kp_str_slice(str, start, end), '=');
	size_t at = start + equals + 1, from;
	uint32_t key;

	if (equals == KP_NPOS || equals == 0)
		return kp_diag_at(diags, walk->scan->src,
		    origin_of(line, start), 1,
		    "no \"key =\", and systemd leaves the line out");
	if (walk->section == KP_NO_PARENT)
		return kp_diag_at(diags, walk->scan->src,
		    origin_of(line, start), 1, "a key above the first section");
	if (add_item(walk, line, KP_KEY, start,
	        trim_space(str, start, start + equals), walk->section) == NULL)
		return false;
	key = (uint32_t)(walk->scan->count - 1);
	from = skip_space(str, at, end);
	/* Keep one blank before a value that is put here. */
	if (from >= end)
		from = end = at + (at < str.len && kp_is_blank(str.ptr[at]));
	if (kind_of(walk->scan->items[key].value) <= KIND_COMMAND)
		return scan_words(walk, line, key, from, end, diags);
	return scan_text(walk, line, key, from, end);
}

static bool
scan_header(struct kp_ini_walk *walk, const struct joined *line, size_t start,
    size_t end, struct kp_diags *diags)
{
	struct kp_str str = kp_buf_view(&line->text);

	if (end - start < 2 || str.ptr[end - 1] != ']')
		return kp_diag_at(diags, walk->scan->src,
		    origin_of(line, start), 1,
		    "a section without \"]\" at the end of its line");
	if (add_item(walk, line, KP_SECTION, start + 1, end - 1,
	        KP_NO_PARENT) == NULL)
		return false;
	walk->section = (uint32_t)(walk->scan->count - 1);
	return true;
}

/* systemd's utf8_is_valid: no noncharacters either. */
static bool
is_text(struct kp_str str)
{
	size_t at = 0;
	uint32_t rune;

	while (at < str.len) {
		if (!kp_utf8_next(str, &at, &rune) || !is_character(rune))
			return false;
	}
	return true;
}

static bool
scan_joined(struct kp_ini_walk *walk, const struct joined *line,
    struct kp_diags *diags)
{
	struct kp_str str = kp_buf_view(&line->text);
	size_t end = trim_space(str, 0, str.len);
	size_t start = skip_space(str, 0, end);
	const struct kp_source *src = walk->scan->src;

	if (start == end)
		return true;
	if (!is_text(str))
		return kp_diag_at(diags, src, origin_of(line, start), 1,
		    "not UTF-8, and systemd leaves the line out");
	if (str.len >= MAX_LINE)
		return kp_diag_at(diags, src, origin_of(line, start), 1,
		    "a line of more than a mebibyte, which systemd refuses");
	if (str.ptr[start] == '[')
		return scan_header(walk, line, start, end, diags);
	return scan_entry(walk, line, start, end, diags);
}

static bool
scan_line(struct kp_ini_walk *walk, const struct kp_ini_line *part,
    struct kp_diags *diags)
{
	struct joined line;
	bool done;

	if (is_comment(walk->text, part)) {
		kp_ini_add_comment(walk,
		    skip_space(walk->text, part->start, part->end),
		    trim_space(walk->text, part->start, part->end));
		return true;
	}
	line = join_lines(walk, *part);
	walk->scan->failed |= line.failed;
	done = line.failed || scan_joined(walk, &line, diags);
	wipe_joined(&line);
	return done;
}

static bool
scan_systemd(struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_ini_walk walk = kp_ini_walk_start(scan);
	size_t nul = kp_str_find(walk.text, '\0');
	struct kp_ini_line part;
	bool done = true;

	if (nul != KP_NPOS)
		return kp_diag_at(diags, scan->src, nul, 1,
		    "a NUL, where systemd ends the line");
	while (!scan->failed && kp_ini_walk_cr_line(&walk, &part)) {
		if (!scan_line(&walk, &part, diags))
			done = false;
	}
	return done || scan->failed;
}

/* --- encode: what may stand there --- */

static const struct kp_item *
key_of(const struct kp_scan *scan, const struct kp_item *item)
{
	while (item->kind != KP_KEY)
		item = &scan->items[item->parent];
	return item;
}

/* Letters, digits, signs that no setting's grammar gives a meaning. */
static bool
is_plain(struct kp_str str, const char *signs)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		char c = str.ptr[i];

		if (!kp_is_alnum(c) && (c & 0x80) == 0 &&
		    (c == '\0' || strchr(signs, c) == NULL))
			return false;
	}
	return true;
}

static bool
check_plain(const struct kp_value *value, enum kind kind,
    struct kp_refusal *why)
{
	const char *signs =
	    kind == KIND_SPACED ? "_./:@+,=~*- " : "_./:@+,=~*-";
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		if (!value->pieces[i].trusted &&
		    !is_plain(value->pieces[i].bytes, signs))
			return kp_refuse(why,
			    "let systemd read it from a file: LoadCredential=",
			    "the value has a byte that systemd reads "
			    "differently from setting to setting");
	}
	return true;
}

static bool
check_edges(struct kp_str bytes, struct kp_refusal *why)
{
	const char *hint = "choose a value without it";

	if (bytes.len > 0 &&
	    (is_space(bytes.ptr[0]) || is_space(bytes.ptr[bytes.len - 1])))
		return kp_refuse(why, hint,
		    "the value begins or ends with a blank, "
		    "which systemd drops");
	if (ends_open(bytes))
		return kp_refuse(why, hint,
		    "the value ends in a backslash, "
		    "which joins the next line to it");
	if (kp_str_has_any(bytes, "\n\r"))
		return kp_refuse(why, hint,
		    "the value has more than one line, "
		    "and there are no quotes for this setting");
	return true;
}

static bool
check_bytes(struct kp_str bytes, struct kp_refusal *why)
{
	const char *hint = "let systemd read it from a file: LoadCredential=";
	size_t nul = kp_str_find(bytes, '\0');

	if (nul != KP_NPOS)
		return kp_refuse(why, hint,
		    "the value has a NUL at byte %zu, "
		    "where systemd ends the line",
		    nul + 1);
	if (!is_text(bytes))
		return kp_refuse(why, hint,
		    "the value is not UTF-8, or has a noncharacter, "
		    "and systemd leaves such a line out");
	return true;
}

/* Is text with this sign, of the template's own, kept in this place? */
static bool
keeps_sign(const struct kp_item *item, const struct kp_value *value,
    const char *signs)
{
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		struct kp_str bytes = value->pieces[i].bytes;

		if (value->pieces[i].trusted && kp_str_has_any(bytes, signs) &&
		    kp_str_find_str(item->value, bytes) != KP_NPOS)
			return true;
	}
	return false;
}

/*
 * The text around must be what it was when it is written anew.  *literal:
 * none of its signs is expanded.
 */
static bool
check_place(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, const char *signs, bool *literal,
    struct kp_refusal *why)
{
	size_t quote = item->style != KP_BARE;
	struct kp_str there = kp_str_slice(scan->src->text, item->start + quote,
	    item->end - quote);

	if (kp_str_has_any(there, "\n\r"))
		return kp_refuse(why, "write it on one line",
		    "the text that it is a part of goes over several lines");
	*literal = false;
	if (!keeps_sign(item, value, signs))
		return true;
	*literal = has_pair(there, signs);
	if ((*literal && has_single(there, signs)) ||
	    kp_str_has_any(there, "\\\"'"))
		return kp_refuse(why,
		    "put what systemd expands into another variable",
		    "beside it stand signs that systemd expands "
		    "and signs that it does not");
	return true;
}

/* NAME=, as env_assignment_is_valid() wants it. */
static bool
is_assignment(struct kp_str word)
{
	size_t equals = kp_str_find(word, '=');

	return equals != KP_NPOS &&
	    kp_str_is_name(kp_str_slice(word, 0, equals));
}

static bool
check_word(const struct kp_item *item, const struct kp_value *value,
    enum kind kind, struct kp_refusal *why)
{
	struct kp_str word = value->bytes;

	if (kind == KIND_ENVIRONMENT && !is_assignment(word))
		return kp_refuse(why, "write NAME=VALUE",
		    "it would be no NAME=VALUE, and systemd leaves it out");
	if (!(item->role & ROLE_COMMAND))
		return true;
	if (word.len == 0 ||
	    kp_value_is_foreign(value, 0, skip_prefix(word) + 1))
		return kp_refuse(why, "write the program's path yourself",
		    "a program's path that begins with the value could be "
		    "empty or begin with a sign of systemd's own");
	return true;
}

/* --- encode: writing it --- */

/* Does the author's own "%x" or "${x}" begin at at? */
static bool
is_expanded(const struct kp_value *value, size_t at)
{
	struct kp_str rest = kp_str_slice(value->bytes, at, value->bytes.len);
	size_t close;

	if (rest.len < 2 || kp_value_is_foreign(value, at, at + 2))
		return false;
	if (rest.ptr[0] == '%')
		return rest.ptr[1] != '%';
	if (rest.ptr[1] != '{')
		return false;
	close = kp_str_find(rest, '}');
	return close != KP_NPOS &&
	    !kp_value_is_foreign(value, at, at + close + 1);
}

static void
add_escaped(char c, char quote, struct kp_buf *out)
{
	static const char bytes[] = "\n\r\t\\", letters[] = "nrt\\";
	const char *found = strchr(bytes, c);

	if (found != NULL)
		kp_buf_add_format(out, "\\%c", letters[found - bytes]);
	else if ((unsigned char)c < 0x20 || c == 0x7f)
		kp_buf_add_format(out, "\\x%02x", (unsigned)c);
	else if (c == quote)
		kp_buf_add_format(out, "\\%c", c);
	else
		kp_buf_add_char(out, c);
}

static void
add_quoted(const struct kp_value *value, char quote, const char *signs,
    bool literal, struct kp_buf *out)
{
	size_t i;

	kp_buf_add_char(out, quote);
	for (i = 0; i < value->bytes.len; i++) {
		char c = value->bytes.ptr[i];

		if (strchr(signs, c) != NULL &&
		    (literal || !is_expanded(value, i)))
			kp_buf_add_char(out, c);
		add_escaped(c, quote, out);
	}
	kp_buf_add_char(out, quote);
}

static bool
encode_word(const struct kp_item *item, const struct kp_value *value,
    enum kind kind, bool literal, struct kp_buf *out, struct kp_refusal *why)
{
	bool plain =
	    value->bytes.len > 0 && is_plain(value->bytes, "_./:@+,=~*-");

	if (!check_word(item, value, kind, why))
		return false;
	if (item->style == KP_BARE && plain)
		kp_buf_add(out, value->bytes);
	else
		add_quoted(value, item->style == KP_SINGLE ? '\'' : '"',
		    signs_of(item->role), literal, out);
	return true;
}

/* Text has no quotes; its per cent signs are doubled. */
static bool
encode_text(const struct kp_value *value, bool literal, struct kp_buf *out,
    struct kp_refusal *why)
{
	size_t i;

	if (!check_edges(value->bytes, why))
		return false;
	for (i = 0; i < value->bytes.len; i++) {
		if (value->bytes.ptr[i] == '%' &&
		    (literal || !is_expanded(value, i)))
			kp_buf_add_char(out, '%');
		kp_buf_add_char(out, value->bytes.ptr[i]);
	}
	return true;
}

static bool
encode_plain(const struct kp_value *value, enum kind kind, struct kp_buf *out,
    struct kp_refusal *why)
{
	if (!check_plain(value, kind, why) || !check_edges(value->bytes, why))
		return false;
	kp_buf_add(out, value->bytes);
	return true;
}

/* Is the line, with those it is joined to, short enough for systemd? */
static bool
check_length(const struct kp_scan *scan, const struct kp_item *item,
    size_t written, struct kp_refusal *why)
{
	struct kp_ini_walk walk = { .text = scan->src->text };
	struct kp_ini_line part;
	struct joined line = { 0 };
	size_t len;

	walk.at = key_of(scan, item)->start;
	while (walk.at > 0 && kp_is_blank(walk.text.ptr[walk.at - 1]))
		walk.at--;
	if (kp_ini_walk_cr_line(&walk, &part))
		line = join_lines(&walk, part);
	len = line.text.len - (item->end - item->start) + written;
	wipe_joined(&line);
	if (len < MAX_LINE)
		return true;
	return kp_refuse(why, "choose a shorter value",
	    "the line would be longer than a mebibyte, "
	    "which systemd refuses");
}

static bool
encode_kind(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	enum kind kind = kind_of(key_of(scan, item)->value);
	bool literal;

	switch (kind) {
	case KIND_ENVIRONMENT:
	case KIND_COMMAND:
		return check_place(scan, item, value, signs_of(item->role),
		           &literal, why) &&
		    encode_word(item, value, kind, literal, out, why);
	case KIND_TEXT:
		return check_place(scan, item, value, "%", &literal, why) &&
		    encode_text(value, literal, out, why);
	default:
		return check_place(scan, item, value, "", &literal, why) &&
		    encode_plain(value, kind, out, why);
	}
}

static bool
encode_systemd(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	size_t mark = out->len;

	if (check_bytes(value->bytes, why) &&
	    encode_kind(scan, item, value, out, why) &&
	    check_length(scan, item, out->len - mark, why))
		return true;
	kp_buf_cut(out, mark);
	return false;
}

/* --- insert --- */

/* Is this key, as SECTION.KEY, there? */
static bool
has_key(const struct kp_scan *scan, struct kp_str path)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		const struct kp_item *key = &scan->items[i];
		struct kp_str section;

		if (key->kind != KP_KEY)
			continue;
		section = scan->items[key->parent].value;
		if (path.len == section.len + 1 + key->value.len &&
		    kp_str_eq(section, kp_str_slice(path, 0, section.len)) &&
		    kp_str_eq(key->value,
		        kp_str_slice(path, section.len + 1, path.len)))
			return true;
	}
	return false;
}

/* A second line of a command's would be a second command. */
static bool
insert_systemd(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	size_t dot = kp_str_rfind_str(path, kp_str_of("."));
	struct kp_str key =
	    kp_str_slice(path, dot == KP_NPOS ? 0 : dot + 1, path.len);

	if (kind_of(key) == KIND_COMMAND && has_key(scan, path))
		return kp_refuse(why, "name the word, as in ExecStart[1]",
		    "a command is there, and is a list of words");
	return kp_ini_insert(scan, path, &habit, where, why);
}

const struct kp_format kp_format_ini_systemd = {
	.name = "ini/systemd",
	.scan = scan_systemd,
	.encode = encode_systemd,
	.insert = insert_systemd,
};
