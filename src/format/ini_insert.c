/* SPDX-License-Identifier: MIT */
/*
 * ini_insert - where a key that is not there yet goes.
 *
 * Grafana's own file, for one, lists every key commented out:
 *
 *	[security]
 *	;admin_user = admin
 *
 * There, the line for security.admin_user is the one behind that comment,
 * "admin_user = " with its value, so that who reads the file finds it.
 */
#include "format/ini.h"
#include "format/line.h"
#include "format/path.h"

#include <string.h>

/* The path, cut in two, and what the text has of its section. */
struct spot {
	struct kp_str section, key;
	const struct kp_item *header; /* the last one; NULL: none */
	const struct kp_item
	    *comment; /* holds the key, commented out; or NULL */
	const struct kp_item *sibling; /* the last KEY; or NULL */
	const struct kp_item
	    *last; /* the last KEY or SCALAR; NULL as sibling is */
	size_t headers;
	bool clash; /* a key is there that differs in case alone */
};

static void
cut_path(struct kp_str path, struct spot *spot)
{
	size_t cut = KP_NPOS, key = 0, end = path.len;

	if (path.len > 1 && kp_str_ends(path, "\"")) {
		cut = kp_str_rfind_str(kp_str_slice(path, 0, path.len - 1),
		    kp_str_of(".\""));
		key = cut == KP_NPOS ? 1 : cut + 2;
		end--;
	} else {
		cut = kp_str_rfind_str(path, kp_str_of("."));
		key = cut == KP_NPOS ? 0 : cut + 1;
	}
	spot->section = kp_str_slice(path, 0, cut == KP_NPOS ? 0 : cut);
	spot->key = kp_str_slice(path, key, end);
}

/* Letters, digits, "_", and within the name the bytes of inner. */
static bool
is_name(struct kp_str name, const char *inner)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (kp_is_alnum(c) || c == '_')
			continue;
		if (i == 0 || c == '\0' || strchr(inner, c) == NULL)
			return false;
	}
	return name.len > 0 && name.ptr[name.len - 1] != ' ';
}

static bool
check_names(const struct spot *spot, struct kp_refusal *why)
{
	if (!is_name(spot->key, "-."))
		return kp_refuse(why,
		    "a name of letters, digits, \"_\", \"-\" and \".\" can be",
		    "a key with such a name cannot be added");
	if (spot->section.len > 0 && !is_name(spot->section, "-.:/ "))
		return kp_refuse(why,
		    "write the section's header into the template",
		    "a section with such a name cannot be added");
	return true;
}

/* The name of the section that an item is in; "" above the first header. */
static struct kp_str
section_of(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_ini_habit *habit)
{
	struct kp_str name = kp_str_of("");

	if (item->kind == KP_SECTION)
		name = item->value;
	else if (item->parent != KP_NO_PARENT)
		name = scan->items[item->parent].value;
	if (habit->default_section != NULL &&
	    kp_str_is(name, habit->default_section))
		return kp_str_of("");
	return name;
}

static size_t
skip_blank(struct kp_str text, size_t at, size_t end)
{
	while (at < end && kp_is_blank(text.ptr[at]))
		at++;
	return at;
}

/* The delimiter at at, with the blanks around it. */
static bool
read_spacing(struct kp_str text, size_t at, size_t end, struct kp_str *spacing)
{
	size_t delimiter = skip_blank(text, at, end);

	if (delimiter == end ||
	    (text.ptr[delimiter] != '=' && text.ptr[delimiter] != ':'))
		return false;
	*spacing = kp_str_slice(text, at, skip_blank(text, delimiter + 1, end));
	return true;
}

/* The name behind the comment marks, if a delimiter follows. */
static bool
read_commented(struct kp_str text, const struct kp_item *comment,
    struct kp_str *name, struct kp_str *spacing)
{
	size_t start = comment->start, end;

	if (skip_blank(text, kp_ini_line_at(text, start).start, start) != start)
		return false;
	while (start < comment->end &&
	    (text.ptr[start] == ';' || text.ptr[start] == '#'))
		start++;
	start = skip_blank(text, start, comment->end);
	end = kp_ini_find_delimiter(text, start, comment->end);
	while (end > start && kp_is_blank(text.ptr[end - 1]))
		end--;
	*name = kp_str_slice(text, start, end);
	return read_spacing(text, end, comment->end, spacing);
}

static void
note_item(const struct kp_scan *scan, const struct kp_item *item,
    struct spot *spot)
{
	struct kp_str name, spacing;

	switch (item->kind) {
	case KP_SECTION:
		spot->header = item;
		spot->headers++;
		break;
	case KP_COMMENT:
		if (read_commented(scan->src->text, item, &name, &spacing) &&
		    kp_path_is_same(scan, name, spot->key))
			spot->comment = item;
		break;
	case KP_KEY:
		spot->sibling = item;
		spot->last = item;
		if (kp_str_eq_nocase(item->value, spot->key))
			spot->clash = true;
		break;
	default:
		spot->last = item;
		break;
	}
}

static void
survey(const struct kp_scan *scan, const struct kp_ini_habit *habit,
    struct spot *spot)
{
	struct kp_str own = kp_str_of("");
	size_t i;

	if (habit->default_section != NULL &&
	    kp_str_is(spot->section, habit->default_section))
		spot->section = kp_str_of("");
	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		/* A scalar is where its key is. */
		if (item->kind != KP_SCALAR)
			own = section_of(scan, item, habit);
		if (kp_str_eq(own, spot->section))
			note_item(scan, item, spot);
	}
}

static bool
check_common_ground(const struct spot *spot, struct kp_refusal *why)
{
	const char *hint = "say which reader it is, as in format = ini/grafana";

	if (spot->headers > 1)
		return kp_refuse(why, hint,
		    "the section is there more than once");
	if (spot->clash)
		return kp_refuse(why, hint,
		    "a key is there that differs in upper and lower case alone");
	if (spot->section.len == 0 && spot->sibling == NULL)
		return kp_refuse(why, hint,
		    "some readers refuse a key above the first section");
	return true;
}

static bool
check_line_above(struct kp_str text, struct kp_ini_line line,
    struct kp_refusal *why)
{
	struct kp_str above =
	    kp_str_trim(kp_str_slice(text, line.start, line.end));

	if (kp_str_ends(above, "\\"))
		return kp_refuse(why, "put the key into the template",
		    "the line above ends in a backslash, "
		    "which joins the next one to it");
	return true;
}

/* Begin a line behind line, which may be the last and without an ending. */
static void
begin_line(struct kp_str text, struct kp_ini_line line,
    struct kp_insertion *where)
{
	bool unended = line.start < line.end && line.end == line.next;

	where->offset = line.next;
	kp_buf_add_text(unended ? &where->before : &where->after,
	    kp_line_ending(text));
}

/* "key = ", indented and spaced like the line that model is on. */
static void
add_key_like(struct kp_str text, const struct kp_item *model, struct kp_str key,
    struct kp_str spacing, struct kp_buf *out)
{
	size_t line = kp_ini_line_at(text, model->start).start;

	kp_buf_add(out,
	    kp_str_slice(text, line, skip_blank(text, line, model->start)));
	kp_buf_add(out, key);
	kp_buf_add(out, spacing);
	if (kp_is_blank(spacing.ptr[0]) &&
	    !kp_is_blank(spacing.ptr[spacing.len - 1]))
		kp_buf_add_char(out, ' ');
}

static bool
insert_below_comment(struct kp_str text, const struct spot *spot,
    const struct kp_ini_habit *habit, struct kp_insertion *where,
    struct kp_refusal *why)
{
	struct kp_ini_line line = kp_ini_line_at(text, spot->comment->start);
	struct kp_str name, spacing = kp_str_of(" = ");

	if (habit->cautious && !check_line_above(text, line, why))
		return false;
	begin_line(text, line, where);
	read_commented(text, spot->comment, &name, &spacing);
	add_key_like(text, spot->comment, spot->key, spacing, &where->before);
	return true;
}

static bool
insert_below_key(struct kp_str text, const struct spot *spot,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_ini_line line = kp_ini_line_at(text, spot->last->end);
	struct kp_str spacing = kp_str_of(" = ");

	if (!check_line_above(text, line, why))
		return false;
	begin_line(text, line, where);
	line = kp_ini_line_at(text, spot->sibling->end);
	read_spacing(text, spot->sibling->end, line.end, &spacing);
	add_key_like(text, spot->sibling, spot->key, spacing, &where->before);
	return true;
}

static void
add_key(const struct spot *spot, struct kp_buf *out)
{
	kp_buf_add(out, spot->key);
	kp_buf_add_text(out, " = ");
}

static bool
insert_below_header(struct kp_str text, const struct spot *spot,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_ini_line line = kp_ini_line_at(text, spot->header->end);

	if (!check_line_above(text, line, why))
		return false;
	begin_line(text, line, where);
	add_key(spot, &where->before);
	return true;
}

static bool
insert_at_start(struct kp_str text, const struct spot *spot,
    struct kp_insertion *where)
{
	where->offset = kp_ini_line_at(text, 0).start;
	add_key(spot, &where->before);
	kp_buf_add_text(&where->after, kp_line_ending(text));
	return true;
}

static bool
append_section(struct kp_str text, const struct spot *spot,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_ini_line last =
	    kp_ini_line_at(text, text.len > 0 ? text.len - 1 : 0);

	if (!check_line_above(text, last, why))
		return false;
	begin_line(text, last, where);
	kp_buf_add_char(&where->before, '[');
	kp_buf_add(&where->before, spot->section);
	kp_buf_add_char(&where->before, ']');
	kp_buf_add_text(&where->before, kp_line_ending(text));
	add_key(spot, &where->before);
	return true;
}

bool
kp_ini_insert(const struct kp_scan *scan, struct kp_str path,
    const struct kp_ini_habit *habit, struct kp_insertion *where,
    struct kp_refusal *why)
{
	struct kp_str text = scan->src->text;
	struct spot spot = { 0 };

	cut_path(path, &spot);
	if (!check_names(&spot, why))
		return false;
	survey(scan, habit, &spot);
	if (habit->needs_section && spot.section.len == 0)
		return kp_refuse(why, "name it SECTION.KEY",
		    "a key without a section is nothing to this reader");
	if (habit->cautious && !check_common_ground(&spot, why))
		return false;
	if (spot.comment != NULL)
		return insert_below_comment(text, &spot, habit, where, why);
	if (spot.sibling != NULL)
		return insert_below_key(text, &spot, where, why);
	if (spot.header != NULL)
		return insert_below_header(text, &spot, where, why);
	if (spot.section.len == 0)
		return insert_at_start(text, &spot, where);
	return append_section(text, &spot, where, why);
}
