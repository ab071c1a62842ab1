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
 *	              sign, but not in a command's path; a word ";" begins
 *	              another command
 *	Description=  text as it is, with "%" specifiers
 *	others        lists and numbers and names in grammars of their own: what
 *	              is put there is plain to all of them
 *
 * A word is the n-th element of its key: Service.ExecStart[1].
 */
#include "format/ini_systemd.h"

#include "format/formats.h"

#include <string.h>

static const struct kp_ini_habit habit = { .needs_section = true };

enum kp_systemd_kind
kp_systemd_kind_of(struct kp_str key)
{
	static const struct {
		const char *key;
		enum kp_systemd_kind kind;
	} keys[] = {
		{ "Environment", KP_SYSTEMD_ENVIRONMENT },
		{ "ExecCondition", KP_SYSTEMD_COMMAND },
		{ "ExecStartPre", KP_SYSTEMD_COMMAND },
		{ "ExecStart", KP_SYSTEMD_COMMAND },
		{ "ExecStartPost", KP_SYSTEMD_COMMAND },
		{ "ExecReload", KP_SYSTEMD_COMMAND },
		{ "ExecStop", KP_SYSTEMD_COMMAND },
		{ "ExecStopPre", KP_SYSTEMD_COMMAND },
		{ "ExecStopPost", KP_SYSTEMD_COMMAND },
		{ "Description", KP_SYSTEMD_TEXT },
		{ "OnCalendar", KP_SYSTEMD_SPACED },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (kp_str_is(key, keys[i].key))
			return keys[i].kind;
	}
	return kp_str_ends(key, "Sec") ? KP_SYSTEMD_SPACED : KP_SYSTEMD_OTHER;
}

/* --- scan --- */

/* Add an item for a stretch of the line. */
static struct kp_item *
add_item(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    enum kp_kind kind, size_t start, size_t end, uint32_t parent)
{
	struct kp_scan *scan = walk->scan;
	size_t from = kp_systemd_line_origin(line, start);
	size_t to = start == end ? from : kp_systemd_line_end(line, end);
	struct kp_item *item = kp_scan_add(scan, kind, from, to, parent);

	if (item != NULL && line->count > 1)
		item->value = kp_scan_store(scan,
		    kp_str_slice(kp_buf_view(&line->text), start, end));
	return item;
}

static void
store_value(struct kp_scan *scan, struct kp_item *item, struct kp_str raw,
    const char *signs)
{
	struct kp_buf bytes = { 0 };

	kp_systemd_word_unpair(raw, signs, &bytes);
	if (!kp_str_eq(item->value, kp_buf_view(&bytes)))
		item->value = kp_scan_store(scan, kp_buf_view(&bytes));
	scan->failed |= !kp_buf_ok(&bytes);
	kp_buf_wipe(&bytes);
}

/* Text that is one value as a whole. */
static bool
scan_text(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    uint32_t key, size_t start, size_t end)
{
	struct kp_str str = kp_str_slice(kp_buf_view(&line->text), start, end);
	struct kp_item *item = add_item(walk, line, KP_SCALAR, start, end, key);

	if (item != NULL &&
	    kp_systemd_kind_of(walk->scan->items[key].value) == KP_SYSTEMD_TEXT)
		store_value(walk->scan, item, str, "%");
	return true;
}

/* A command's words: "$" is text when ":" is among what stands before it. */
static uint32_t
role_of(enum kp_systemd_kind kind, struct kp_str command)
{
	struct kp_str prefix =
	    kp_str_slice(command, 0, kp_systemd_word_skip_prefix(command));

	if (kind == KP_SYSTEMD_COMMAND && kp_str_find(prefix, ':') == KP_NPOS)
		return KP_SYSTEMD_ROLE_VARIABLES;
	return 0;
}

static bool
add_word(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    const struct kp_systemd_word *word, uint32_t key, uint32_t index,
    uint32_t role)
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
	store_value(scan, item, kp_buf_view(&word->raw),
	    kp_systemd_word_signs(role));
	return true;
}

/* Is it this, spelled so? */
static bool
is_written(const struct kp_systemd_word *word, const char *text)
{
	return kp_str_is(kp_str_slice(word->line, word->start, word->end),
	    text);
}

/* A key's words, of one command or of several. */
struct words {
	struct kp_systemd_word word;
	enum kp_systemd_kind kind;
	uint32_t key, index;
	uint32_t role;   /* of the command's words */
	bool is_command; /* the next word is a command's first */
};

static bool
scan_word(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    struct words *words)
{
	struct kp_systemd_word *word = &words->word;
	size_t base = (size_t)(word->line.ptr - line->text.data);
	uint32_t first = 0;

	if (words->kind == KP_SYSTEMD_COMMAND && is_written(word, ";")) {
		words->is_command = true;
		return add_item(walk, line, KP_SYNTAX, base + word->start,
		           base + word->end, words->key) != NULL;
	}
	if (words->kind == KP_SYSTEMD_COMMAND && is_written(word, "\\;")) {
		kp_buf_cut(&word->raw, 0);
		kp_buf_add_char(&word->raw, ';');
	}
	if (words->is_command) {
		words->role = role_of(words->kind, kp_buf_view(&word->raw));
		first = words->kind == KP_SYSTEMD_COMMAND ?
		    KP_SYSTEMD_ROLE_COMMAND :
		    0;
	}
	words->is_command = false;
	return add_word(walk, line, word, words->key, words->index++,
	    words->role | first);
}

static bool
scan_words(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    uint32_t key, size_t start, size_t end, struct kp_diags *diags)
{
	enum kp_systemd_kind kind =
	    kp_systemd_kind_of(walk->scan->items[key].value);
	struct words words = {
		.word = {
			.line = kp_str_slice(kp_buf_view(&line->text), start,
			    end),
			.relaxed = kind == KP_SYSTEMD_COMMAND,
		},
		.kind = kind,
		.key = key,
		.is_command = true,
	};
	bool good = true;

	/* No words at all: a place for the first. */
	if (start == end)
		return scan_word(walk, line, &words);
	while (good && kp_systemd_word_read(&words.word)) {
		if (words.word.fault != NULL)
			good = kp_diag_at(diags, walk->scan->src,
			    kp_systemd_line_origin(line,
			        start + words.word.start),
			    1, "%s", words.word.fault);
		else
			good = scan_word(walk, line, &words);
		walk->scan->failed |= !kp_buf_ok(&words.word.raw);
		kp_buf_wipe(&words.word.raw);
	}
	return good;
}

static bool
scan_entry(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    size_t start, size_t end, struct kp_diags *diags)
{
	struct kp_str str = kp_buf_view(&line->text);
	size_t equals = kp_str_find(kp_str_slice(str, start, end), '=');
	size_t at = start + equals + 1, from;
	uint32_t key;

	if (equals == KP_NPOS || equals == 0)
		return kp_diag_at(diags, walk->scan->src,
		    kp_systemd_line_origin(line, start), 1,
		    "no \"key =\", and systemd leaves the line out");
	if (walk->section == KP_NO_PARENT)
		return kp_diag_at(diags, walk->scan->src,
		    kp_systemd_line_origin(line, start), 1,
		    "a key above the first section");
	if (add_item(walk, line, KP_KEY, start,
	        kp_systemd_trim_space(str, start, start + equals),
	        walk->section) == NULL)
		return false;
	key = (uint32_t)(walk->scan->count - 1);
	from = kp_systemd_skip_space(str, at, end);
	/* Keep one blank before a value that is put here. */
	if (from >= end)
		from = end = at + (at < str.len && kp_is_blank(str.ptr[at]));
	if (kp_systemd_kind_of(walk->scan->items[key].value) <=
	    KP_SYSTEMD_COMMAND)
		return scan_words(walk, line, key, from, end, diags);
	return scan_text(walk, line, key, from, end);
}

static bool
scan_header(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    size_t start, size_t end, struct kp_diags *diags)
{
	struct kp_str str = kp_buf_view(&line->text);

	if (end - start < 2 || str.ptr[end - 1] != ']')
		return kp_diag_at(diags, walk->scan->src,
		    kp_systemd_line_origin(line, start), 1,
		    "a section without \"]\" at the end of its line");
	if (add_item(walk, line, KP_SECTION, start + 1, end - 1,
	        KP_NO_PARENT) == NULL)
		return false;
	walk->section = (uint32_t)(walk->scan->count - 1);
	return true;
}

static bool
scan_joined(struct kp_ini_walk *walk, const struct kp_systemd_line *line,
    struct kp_diags *diags)
{
	struct kp_str str = kp_buf_view(&line->text);
	size_t end = kp_systemd_trim_space(str, 0, str.len);
	size_t start = kp_systemd_skip_space(str, 0, end);
	const struct kp_source *src = walk->scan->src;

	if (start == end)
		return true;
	if (!kp_systemd_is_text(str))
		return kp_diag_at(diags, src,
		    kp_systemd_line_origin(line, start), 1,
		    "not UTF-8, and systemd leaves the line out");
	if (str.len >= KP_SYSTEMD_LINE_MAX)
		return kp_diag_at(diags, src,
		    kp_systemd_line_origin(line, start), 1,
		    "a line of more than a mebibyte, which systemd refuses");
	if (str.ptr[start] == '[')
		return scan_header(walk, line, start, end, diags);
	return scan_entry(walk, line, start, end, diags);
}

static bool
scan_line(struct kp_ini_walk *walk, const struct kp_ini_line *part,
    struct kp_diags *diags)
{
	struct kp_systemd_line line;
	bool done;

	if (kp_systemd_line_is_comment(walk->text, part)) {
		kp_ini_add_comment(walk,
		    kp_systemd_skip_space(walk->text, part->start, part->end),
		    kp_systemd_trim_space(walk->text, part->start, part->end));
		return true;
	}
	line = kp_systemd_line_join(walk, *part);
	walk->scan->failed |= line.failed;
	done = line.failed || scan_joined(walk, &line, diags);
	kp_systemd_line_wipe(&line);
	return done;
}

static bool
scan_systemd(struct kp_scan *scan, struct kp_diags *diags)
{
	size_t nul = kp_str_find(scan->src->text, '\0');

	if (nul != KP_NPOS)
		return kp_diag_at(diags, scan->src, nul, 1,
		    "a NUL, where systemd ends the line");
	return kp_ini_scan_lines(scan, kp_ini_walk_cr_line, scan_line, diags) ||
	    scan->failed;
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

/* Behind the key of what is a list: its first word. */
#define FIRST "[0]"

/* A second line of a command's would be a second command. */
static bool
insert_systemd(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	size_t dot = kp_str_rfind_str(path, kp_str_of("."));
	size_t start = dot == KP_NPOS ? 0 : dot + 1;
	size_t word =
	    kp_str_ends(path, FIRST) ? path.len - strlen(FIRST) : path.len;
	struct kp_str key = kp_str_slice(path, start, word);

	if (kp_systemd_kind_of(key) == KP_SYSTEMD_ENVIRONMENT) {
		if (word == path.len)
			return kp_refuse(why, "name the word: Environment[0]",
			    "it is not there, and is a list of words");
		path = kp_str_slice(path, 0, word);
	}
	if (kp_systemd_kind_of(key) == KP_SYSTEMD_COMMAND &&
	    has_key(scan, path))
		return kp_refuse(why, "name the word, as in ExecStart[1]",
		    "a command is there, and is a list of words");
	return kp_ini_insert(scan, path, &habit, where, why);
}

const struct kp_format kp_format_ini_systemd = {
	.name = "ini/systemd",
	.scan = scan_systemd,
	.encode = kp_systemd_encode,
	.insert = insert_systemd,
};
