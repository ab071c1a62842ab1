/* SPDX-License-Identifier: MIT */
/*
 * toml_insert - where a key goes that a table does not have yet.
 *
 *	[server.tls]
 *	# cert = "a.pem"     <- server.tls.cert: the line after
 *	key = "b.pem"        <- any other key of it: the line after the last
 *
 *	[log]
 *
 * A table that nothing defines is added at the end of the text.  Tables made
 * by dotted keys or in one line are left to their author.
 */
#include "format/toml.h"

#include "base/utf8.h"
#include "format/line.h"
#include "format/literal.h"
#include "format/path.h"

/* The lines of a table: behind its header, up to the next. */
struct region {
	size_t start, end;
	uint32_t owner; /* the item that opens it; KP_NO_PARENT: the top */
};

static size_t
skip_blank(struct kp_str text, size_t at)
{
	while (at < text.len && kp_is_blank(text.ptr[at]))
		at++;
	return at;
}

static bool
has_role(const struct kp_scan *scan, uint32_t index, uint32_t role)
{
	return (scan->items[index].role & role) != 0;
}

/* --- tables --- */

/* Where the header that comes at or behind this item begins its line. */
static size_t
next_header(const struct kp_scan *scan, uint32_t index)
{
	for (; index < scan->count; index++) {
		if (has_role(scan, index, KP_TOML_HEADER))
			return kp_line_start(scan->src->text,
			    scan->items[index].start);
	}
	return scan->src->text.len;
}

/* The region of the header with this path; false: there is none. */
static bool
find_region(const struct kp_scan *scan, struct kp_str path,
    struct region *region)
{
	uint32_t i;

	*region = (struct region){ .owner = KP_NO_PARENT };
	if (path.len == 0) {
		region->end = next_header(scan, 0);
		return true;
	}
	for (i = 0; i < scan->count; i++) {
		if (!has_role(scan, i, KP_TOML_OPENS) ||
		    !kp_path_is_of(scan, i, path))
			continue;
		region->owner = i;
		region->start =
		    kp_line_next(scan->src->text, scan->items[i].end);
		region->end = next_header(scan, i + 1);
		return true;
	}
	return false;
}

/* --- lines --- */

/* True for "# name = ...", alone on its line and not within an array. */
static bool
is_commented_out(const struct kp_scan *scan, const struct kp_item *comment,
    struct kp_str name)
{
	struct kp_str text = scan->src->text, key;
	size_t at = comment->start, end;

	if (comment->kind != KP_COMMENT ||
	    (comment->role & KP_TOML_INSIDE) != 0 ||
	    skip_blank(text, kp_line_start(text, at)) != at)
		return false;
	while (at < comment->end && text.ptr[at] == '#')
		at++;
	key = kp_str_slice(text, skip_blank(text, at), comment->end);
	end = kp_str_find(key, '=');
	return end != KP_NPOS &&
	    kp_str_eq(kp_str_trim(kp_str_slice(key, 0, end)), name);
}

/* True when nothing but a comment begins on the line at start. */
static bool
is_idle(const struct kp_scan *scan, size_t start)
{
	struct kp_str text = scan->src->text;
	size_t at = skip_blank(text, start), i;

	if (at == text.len || kp_toml_line_break(text, at) > 0)
		return true;
	for (i = scan->count; i > 0; i--) {
		const struct kp_item *item = &scan->items[i - 1];

		if (item->kind == KP_COMMENT && item->start == at)
			return true;
		if (item->start < at)
			break;
	}
	return false;
}

/* Behind the last line of the region that is more than a comment. */
static size_t
find_end(const struct kp_scan *scan, const struct region *region)
{
	size_t end = region->end;

	while (end > region->start) {
		size_t start = kp_line_start(scan->src->text, end - 1);

		if (!is_idle(scan, start))
			return end;
		end = start;
	}
	return region->start;
}

/* The item whose line is the model; NULL: there is none. */
static const struct kp_item *
find_model(const struct kp_scan *scan, const struct region *region,
    struct kp_str name)
{
	const struct kp_item *comment = NULL, *model = NULL;
	uint32_t i;

	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (item->start < region->start || item->start >= region->end)
			continue;
		if (is_commented_out(scan, item, name))
			comment = item;
		if (item->kind == KP_KEY && item->parent == region->owner)
			model = item;
	}
	return comment != NULL ? comment : model;
}

static void
add_name(struct kp_str name, struct kp_buf *out)
{
	if (kp_toml_word_is_key(name))
		kp_buf_add(out, name);
	else
		kp_literal_add_quoted(out, name);
}

/* Begin a line, indented as the one that model is on. */
static void
begin_line(struct kp_str text, const struct kp_item *model,
    struct kp_insertion *where)
{
	size_t start;

	kp_line_begin(text, kp_line_ending(text), where);
	if (model == NULL)
		return;
	start = kp_line_start(text, model->start);
	kp_buf_add(&where->before,
	    kp_str_slice(text, start, skip_blank(text, start)));
}

static void
insert_key(const struct kp_scan *scan, const struct region *region,
    struct kp_str name, struct kp_insertion *where)
{
	struct kp_str text = scan->src->text;
	const struct kp_item *model = find_model(scan, region, name);

	if (model != NULL && model->kind == KP_COMMENT)
		where->offset = kp_line_next(text, model->end);
	else if (model != NULL || region->owner != KP_NO_PARENT)
		where->offset = find_end(scan, region);
	else
		where->offset = region->end;
	begin_line(text, model, where);
	add_name(name, &where->before);
	kp_buf_add_text(&where->before, " = ");
}

/* --- a table more --- */

/* A name on the way to it that no header wrote, or that is a list. */
static bool
is_in_the_way(const struct kp_scan *scan, struct kp_str path)
{
	uint32_t i;

	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];
		bool list = item->kind == KP_ELEMENT;
		uint32_t name = list ? item->parent : i;

		if (item->kind != KP_KEY && !list)
			continue;
		if ((list || !has_role(scan, i, KP_TOML_HEADER)) &&
		    kp_path_is_of(scan, name, path))
			return true;
	}
	return false;
}

static bool
refuse_table(struct kp_str path, struct kp_refusal *why)
{
	return kp_refuse(why, "write it into the file",
	    "it is not there, and \"%.*s\" is no table with a header that "
	    "could hold it",
	    (int)path.len, path.ptr);
}

/* Append "a.b" as it is written in a header, if it can be added. */
static bool
add_header(const struct kp_scan *scan, struct kp_str path, struct kp_buf *out)
{
	struct kp_str rest = path;

	while (rest.len > 0) {
		struct kp_buf name = { 0 };
		struct kp_str so_far;
		bool good;

		good = kp_path_next(&rest, &name) &&
		    kp_utf8_valid(kp_buf_view(&name));
		so_far = kp_str_slice(path, 0,
		    path.len - rest.len - (rest.len > 0 ? 1 : 0));
		if (good)
			add_name(kp_buf_view(&name), out);
		out->failed |= name.failed;
		kp_buf_wipe(&name);
		if (!good || is_in_the_way(scan, so_far))
			return false;
		if (rest.len > 0)
			kp_buf_add_char(out, '.');
	}
	return true;
}

static bool
insert_table(const struct kp_scan *scan, struct kp_str path, struct kp_str name,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_str text = scan->src->text;
	struct kp_buf header = { 0 };
	bool good = add_header(scan, path, &header);

	if (good) {
		where->offset = text.len;
		begin_line(text, NULL, where);
		if (text.len > 0)
			kp_buf_add_text(&where->before, kp_line_ending(text));
		kp_buf_add_char(&where->before, '[');
		kp_buf_add(&where->before, kp_buf_view(&header));
		kp_buf_add_char(&where->before, ']');
		kp_buf_add_text(&where->before, kp_line_ending(text));
		add_name(name, &where->before);
		kp_buf_add_text(&where->before, " = ");
	}
	where->before.failed |= header.failed;
	kp_buf_wipe(&header);
	return good || refuse_table(path, why);
}

/* --- the path --- */

static bool
check_path(const struct kp_scan *scan, struct kp_str path, struct kp_str last,
    struct kp_buf *name, struct kp_refusal *why)
{
	uint32_t i;

	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind == KP_KEY &&
		    kp_path_is_of(scan, i, path))
			return kp_refuse(why, NULL,
			    "it is there, and holds a table or an array");
	}
	if (kp_path_next(&last, name) && last.len == 0 &&
	    kp_utf8_valid(kp_buf_view(name)))
		return true;
	return kp_refuse(why, "write it into the file",
	    "it is not there, and only a key can be added");
}

bool
kp_toml_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_str parent, last;
	struct kp_buf name = { 0 };
	struct region region;
	bool done;

	kp_path_cut(path, &parent, &last);
	done = check_path(scan, path, last, &name, why);
	if (done && find_region(scan, parent, &region))
		insert_key(scan, &region, kp_buf_view(&name), where);
	else if (done)
		done =
		    insert_table(scan, parent, kp_buf_view(&name), where, why);
	where->before.failed |= name.failed;
	kp_buf_wipe(&name);
	return done;
}
