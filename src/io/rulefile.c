/* SPDX-License-Identifier: MIT */
/*
 * rulefile - the raw lines of a rule file: what each section and key is, and
 * where it stands.
 *
 *	file    = { line LF }
 *	line    = blank | (";" | "#") comment | "[" KIND [NAME] "]" | entry
 *	entry   = KEY "=" value [ blank (";" | "#") comment ]
 *	value   = bare | '"' no '"' or "\" '"' | "'" no "'" or "\" "'"
 */
#include "io/rulefile.h"

#include "base/array.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/near.h"

#include <stdlib.h>

/* iniparser gives up at 1024 with the line's end and what it joins. */
#define LINE_MAX_BYTES 1000

/* iniparser's time grows with the square of this. */
#define ENTRIES_MAX 20000

static const char *const kind_names[] = {
	[KP_RULE_OPTIONS] = "keyplate",
	[KP_RULE_FILE] = "file",
	[KP_RULE_SET] = "set",
	[KP_RULE_MATCH] = "match",
	[KP_RULE_EXPORT] = "export",
	NULL,
};

/* [keyplate] is not here: its keys are the options, which judge themselves. */
static const char *const file_keys[] = { "path", "source", "format", "syntax",
	"delimiters", "only", "suffix", "mode", "owner", "verify", "optional",
	"no-overwrite", "in-place", NULL };
static const char *const set_keys[] = { "file", "key", "value", "optional",
	NULL };
static const char *const match_keys[] = { "file", "pattern", "value", "replace",
	"count", "optional", NULL };
static const char *const export_keys[] = { "name", "value", "optional", NULL };

static const char *const *const known_keys[] = {
	[KP_RULE_OPTIONS] = NULL,
	[KP_RULE_FILE] = file_keys,
	[KP_RULE_SET] = set_keys,
	[KP_RULE_MATCH] = match_keys,
	[KP_RULE_EXPORT] = export_keys,
};

/* In these a ; or # is more likely meant than a comment. */
static const char *const strict_keys[] = { "pattern", "replace", "value", "key",
	"delimiters", "verify", NULL };

/* A rule file on its way. */
struct reader {
	struct kp_rulefile *file;
	struct kp_diags *diags;
	bool in_section; /* false: none yet, or one that is unknown */
	bool any_header;
	bool failed;
};

size_t
kp_rulefile_offset(const struct kp_rulefile *file, struct kp_str view)
{
	return (size_t)(view.ptr - file->src->text.ptr);
}

/* Report a problem of view and go on; a hint may be NULL. */
static void
refuse(struct reader *reader, struct kp_str view, const char *text,
    const char *hint)
{
	kp_diag_at(reader->diags, reader->file->src,
	    kp_rulefile_offset(reader->file, view), view.len, "%s", text);
	if (hint != NULL)
		kp_diag_hint(reader->diags, "%s", hint);
	reader->failed = true;
}

static void
hint_at_names(struct reader *reader, const char *const *names)
{
	struct kp_buf list = { 0 };

	for (; *names != NULL; names++)
		kp_buf_add_format(&list, "%s%s", list.len == 0 ? "" : ", ",
		    *names);
	if (kp_buf_ok(&list))
		kp_diag_hint(reader->diags, "there are: %s", list.data);
	kp_buf_wipe(&list);
}

/* An unknown name; known is what there is, ended by NULL. */
static void
refuse_name(struct reader *reader, struct kp_str name, const char *what,
    const char *const *known)
{
	const char *near = kp_near_best(name, known);

	refuse(reader, name, what, NULL);
	if (near != NULL)
		kp_diag_hint(reader->diags, "did you mean \"%s\"?", near);
	else
		hint_at_names(reader, known);
}

static bool
find_name(const char *const *names, struct kp_str name, size_t *found)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		if (kp_str_is_nocase(name, names[i])) {
			*found = i;
			return true;
		}
	}
	return false;
}

/* --- sections --- */

/* "set  admin password": the kind, and a name that may hold blanks. */
static void
split_header(struct kp_str header, struct kp_str *kind, struct kp_str *name)
{
	size_t len = 0;

	while (len < header.len && !kp_is_blank(header.ptr[len]))
		len++;
	*kind = kp_str_slice(header, 0, len);
	*name = kp_str_trim(kp_str_slice(header, len, header.len));
}

static bool
check_repeated(struct reader *reader, const struct kp_rule_section *section)
{
	const struct kp_rulefile *file = reader->file;
	struct kp_table_walk walk =
	    kp_table_start(&file->names, kp_rule_section_hash(section));
	uint32_t number;

	while (kp_table_next(&walk, &number)) {
		const struct kp_rule_section *other = &file->sections[number];

		if (other->kind == section->kind &&
		    kp_str_eq_nocase(other->name, section->name)) {
			refuse(reader, section->header, "a repeated section",
			    "join the two, or give one another name");
			return false;
		}
	}
	return true;
}

static bool
check_section_name(struct reader *reader, const struct kp_rule_section *section)
{
	bool named = section->name.len > 0;

	if (section->kind == KP_RULE_OPTIONS && named) {
		refuse(reader, section->name, "[keyplate] takes no name", NULL);
		return false;
	}
	if (section->kind != KP_RULE_OPTIONS && !named) {
		refuse(reader, section->header, "a section without a name",
		    "give it one, such as [set admin-password]");
		return false;
	}
	return true;
}

static void
add_section(struct reader *reader, struct kp_rule_section section)
{
	struct kp_rulefile *file = reader->file;

	if (!kp_array_grow((void **)&file->sections, &file->sections_cap,
	        file->nsections + 1, sizeof(*file->sections)) ||
	    !kp_table_add(&file->names, kp_rule_section_hash(&section),
	        file->nsections)) {
		kp_diag_nomem(reader->diags);
		reader->failed = true;
		return;
	}
	section.first = file->nentries;
	file->sections[file->nsections++] = section;
	reader->in_section = true;
}

/* inside is what is between the brackets. */
static void
read_section(struct reader *reader, struct kp_str inside)
{
	struct kp_rule_section section = { .header = kp_str_trim(inside) };
	struct kp_str word;
	size_t kind;

	split_header(section.header, &word, &section.name);
	if (!find_name(kind_names, word, &kind)) {
		refuse_name(reader, section.header.len == 0 ? inside : word,
		    "an unknown section", kind_names);
		return;
	}
	section.kind = (enum kp_rule_kind)kind;
	if (check_section_name(reader, &section) &&
	    check_repeated(reader, &section))
		add_section(reader, section);
}

static void
read_header(struct reader *reader, struct kp_str line)
{
	size_t close = kp_str_find(line, ']');
	struct kp_str rest;

	reader->in_section = false;
	reader->any_header = true;
	if (close == KP_NPOS) {
		refuse(reader, line, "a section header without its ]", NULL);
		return;
	}
	rest = kp_str_trim(kp_str_slice(line, close + 1, line.len));
	if (rest.len > 0)
		refuse(reader, rest, "text behind a section header",
		    "put a comment on a line of its own");
	read_section(reader, kp_str_slice(line, 1, close));
}

/* --- values --- */

static const char not_bare[] =
    "an unquoted ; or #, which begins a comment wherever it stands";
static const char not_bare_hint[] =
    "put the value in quotes; in a pattern write \\x3b or \\x23";

static bool
is_comment(char c)
{
	return c == ';' || c == '#';
}

/* Cut a bare value off where a comment begins. */
static bool
read_bare(struct reader *reader, bool strict, struct kp_str *value)
{
	size_t at = 0;

	while (at < value->len && !is_comment(value->ptr[at]))
		at++;
	if (at < value->len &&
	    (strict || (at > 0 && !kp_is_blank(value->ptr[at - 1])))) {
		refuse(reader, kp_str_slice(*value, at, at + 1), not_bare,
		    not_bare_hint);
		return false;
	}
	*value = kp_str_trim(kp_str_slice(*value, 0, at));
	return true;
}

static bool
read_quoted(struct reader *reader, struct kp_str *value)
{
	struct kp_str inside = kp_str_slice(*value, 1, value->len);
	size_t close = kp_str_find(inside, value->ptr[0]);
	size_t backslash = kp_str_find(inside, '\\');
	struct kp_str rest;

	if (close == KP_NPOS) {
		refuse(reader, kp_str_slice(*value, 0, 1),
		    "a quote that is never closed", NULL);
		return false;
	}
	if (backslash < close) {
		refuse(reader, kp_str_slice(inside, backslash, backslash + 1),
		    "a backslash in quotes, which not every iniparser reads "
		    "alike",
		    "write the value without quotes");
		return false;
	}
	rest = kp_str_trim(kp_str_slice(inside, close + 1, inside.len));
	if (rest.len > 0 && !is_comment(rest.ptr[0])) {
		refuse(reader, rest, "text behind the closing quote", NULL);
		return false;
	}
	*value = kp_str_slice(inside, 0, close);
	return true;
}

/* Narrow *value, blanks cut off, to what it says. */
static bool
read_value(struct reader *reader, struct kp_str key, struct kp_str *value)
{
	size_t found;

	if (value->len > 0 && (value->ptr[0] == '"' || value->ptr[0] == '\''))
		return read_quoted(reader, value);
	return read_bare(reader, find_name(strict_keys, key, &found), value);
}

/* --- entries --- */

static bool
check_key(struct reader *reader, struct kp_str key)
{
	const struct kp_rulefile *file = reader->file;
	const struct kp_rule_section *section =
	    &file->sections[file->nsections - 1];
	const char *const *known = known_keys[section->kind];
	size_t i;

	if (known != NULL && !find_name(known, key, &i)) {
		refuse_name(reader, key, "an unknown key", known);
		return false;
	}
	for (i = section->first; i < file->nentries; i++) {
		if (kp_str_eq_nocase(file->entries[i].key, key)) {
			refuse(reader, key, "a key that was already set",
			    "the section has it twice");
			return false;
		}
	}
	return true;
}

static void
add_entry(struct reader *reader, struct kp_str key, struct kp_str value)
{
	struct kp_rulefile *file = reader->file;

	if (!kp_array_grow((void **)&file->entries, &file->entries_cap,
	        file->nentries + 1, sizeof(*file->entries))) {
		kp_diag_nomem(reader->diags);
		reader->failed = true;
		return;
	}
	file->entries[file->nentries++] =
	    (struct kp_rule_entry){ key, value, file->nsections - 1 };
	file->sections[file->nsections - 1].count++;
}

static void
read_entry(struct reader *reader, struct kp_str line)
{
	size_t equals = kp_str_find(line, '=');
	struct kp_str key, value;

	if (equals == KP_NPOS || equals == 0) {
		refuse(reader, line,
		    "no section, no comment and no KEY = value", NULL);
		kp_diag_conceal(reader->diags, 0);
		return;
	}
	if (!reader->any_header)
		refuse(reader, line, "a key before any section",
		    "begin with a header such as [file NAME]");
	/* What an unknown section holds was reported with its header. */
	if (!reader->in_section)
		return;
	key = kp_str_trim(kp_str_slice(line, 0, equals));
	value = kp_str_trim(kp_str_slice(line, equals + 1, line.len));
	if (check_key(reader, key) && read_value(reader, key, &value))
		add_entry(reader, key, value);
}

/* --- lines --- */

/* The first byte that no rule file may hold; KP_NPOS: there is none. */
static size_t
find_control(struct kp_str line)
{
	size_t i;

	for (i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return i;
	}
	return KP_NPOS;
}

/* In a pattern there is another way to write one; no value has any. */
static const char *
hint_at_backslash(struct kp_str line)
{
	size_t equals = kp_str_find(line, '=');
	struct kp_str key =
	    kp_str_slice(line, 0, equals == KP_NPOS ? 0 : equals);

	if (kp_str_is_nocase(kp_str_trim(key), "pattern"))
		return "put it in brackets, [\\\\]";
	return "what ends in one has to come from a secret or a variable";
}

/* What would make iniparser read another line than the one that is seen. */
static bool
check_line(struct reader *reader, struct kp_str line)
{
	size_t control = find_control(line);
	struct kp_str last = kp_str_trim(line);

	if (line.len > LINE_MAX_BYTES) {
		refuse(reader, kp_str_slice(line, 0, 1),
		    "a line of more than 1000 bytes", NULL);
		return false;
	}
	if (control != KP_NPOS) {
		refuse(reader, kp_str_slice(line, control, control + 1),
		    line.ptr[control] == '\0' ? "a NUL" : "a control byte",
		    NULL);
		return false;
	}
	if (kp_str_ends(last, "\\")) {
		refuse(reader, kp_str_slice(last, last.len - 1, last.len),
		    "a backslash at the end would join the next line",
		    hint_at_backslash(line));
		return false;
	}
	return true;
}

static void
read_line(struct reader *reader, struct kp_str line)
{
	/* Of CR LF the CR is no part of the line. */
	if (kp_str_ends(line, "\r"))
		line.len--;
	if (!check_line(reader, line))
		return;
	line = kp_str_trim(line);
	if (line.len == 0 || is_comment(line.ptr[0]))
		return;
	if (line.ptr[0] == '[')
		read_header(reader, line);
	else
		read_entry(reader, line);
}

bool
kp_rulefile_parse(struct kp_rulefile *file, const struct kp_source *src,
    struct kp_diags *diags)
{
	struct reader reader = { .file = file, .diags = diags };
	struct kp_str rest = src->text, line;

	*file = (struct kp_rulefile){ .src = src };
	if (kp_str_starts(rest, "\xef\xbb\xbf"))
		return kp_diag_at(diags, src, 0, 3,
		    "a byte order mark, which iniparser takes for a name");
	while (kp_str_next_line(&rest, &line)) {
		read_line(&reader, line);
		if (file->nentries + file->nsections > ENTRIES_MAX)
			return kp_diag_file(diags, src->name,
			    "more than %d sections and keys", ENTRIES_MAX);
	}
	return !reader.failed;
}

uint64_t
kp_rule_section_hash(const struct kp_rule_section *section)
{
	uint64_t kind = kp_hash_number(KP_HASH_START, (uint32_t)section->kind);

	return kp_hash_nocase(kind, section->name);
}

void
kp_rulefile_free(struct kp_rulefile *file)
{
	kp_table_free(&file->names);
	free(file->sections);
	free(file->entries);
	*file = (struct kp_rulefile){ 0 };
}
