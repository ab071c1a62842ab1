/* SPDX-License-Identifier: MIT */
/*
 * yaml_insert - where a key goes that a mapping does not have yet.
 *
 *	modules:
 *	  http_2xx:
 *	    prober: http
 *	    # timeout: 5s       <- modules.http_2xx.timeout: the line after
 *	    http: {}            <- any other key of it: the line after
 *	  tcp_connect:
 *
 * Keys are added to block mappings of the first and only document, entries of
 * a list too.  Nothing that is there moves but down.
 */
#include "format/yaml.h"

#include "format/line.h"
#include "format/path.h"

/* The mapping that gets a key. */
struct home {
	uint32_t owner; /* the key or element that it is the value of;
	                   KP_NO_PARENT: the top */
	size_t indent;  /* of its keys, in bytes */
};

static bool
is_under(const struct kp_scan *scan, size_t index, uint32_t owner)
{
	uint32_t parent = scan->items[index].parent;

	while (parent != KP_NO_PARENT && parent != owner)
		parent = scan->items[parent].parent;
	return parent == owner;
}

static bool
is_comment(const struct kp_scan *scan, size_t index)
{
	return scan->items[index].kind == KP_COMMENT;
}

/*
 * True when only blanks are before at on its line, or the "- " of entries;
 * *indent is their number.
 */
static bool
is_first_on_line(struct kp_str text, size_t at, bool entry, size_t *indent)
{
	size_t start = kp_line_start(text, at), i;

	for (i = start; i < at; i++) {
		if (text.ptr[i] != ' ' && !(entry && text.ptr[i] == '-'))
			return false;
	}
	*indent = at - start;
	return true;
}

/* --- the path --- */

/* How many keys or elements have this path; *found is that of the last. */
static size_t
count_keys(const struct kp_scan *scan, struct kp_str path, uint32_t *found)
{
	size_t hits = 0;
	uint32_t i;

	for (i = 0; i < scan->count; i++) {
		enum kp_kind kind = scan->items[i].kind;

		if ((kind == KP_KEY || kind == KP_ELEMENT) &&
		    kp_path_is_of(scan, i, path)) {
			*found = i;
			hits++;
		}
	}
	return hits;
}

static bool
check_path(const struct kp_scan *scan, struct kp_str path, struct kp_str last,
    struct kp_buf *name, struct kp_refusal *why)
{
	uint32_t found;
	size_t i;

	if (count_keys(scan, path, &found) > 0)
		return kp_refuse(why, NULL,
		    "it is there, and holds no single value but a mapping, a "
		    "list or an alias");
	if (!kp_path_next(&last, name) || last.len > 0)
		return kp_refuse(why, "write the entry into the file",
		    "it is not there, and only a key can be added");
	for (i = 0; i < scan->count; i++) {
		if ((scan->items[i].role & KP_YAML_LATER) != 0)
			return kp_refuse(why, "write the key into the file",
			    "it is not there, and the file holds several "
			    "documents");
	}
	return true;
}

/* --- the mapping --- */

/* The indentation of a mapping is that of a key which begins its line. */
static bool
find_indent(const struct kp_scan *scan, struct home *home)
{
	bool entry = home->owner != KP_NO_PARENT &&
	    scan->items[home->owner].kind == KP_ELEMENT;
	size_t i;

	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (item->kind == KP_KEY && item->parent == home->owner &&
		    (item->role & KP_YAML_FLOW) == 0 &&
		    is_first_on_line(scan->src->text, item->start, entry,
		        &home->indent))
			return true;
	}
	return false;
}

/* A text of nothing but comments is an empty mapping. */
static bool
is_blank(const struct kp_scan *scan)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		if (!is_comment(scan, i))
			return false;
	}
	return true;
}

static bool
find_home(const struct kp_scan *scan, struct kp_str path, struct home *home,
    struct kp_refusal *why)
{
	size_t hits;

	home->owner = KP_NO_PARENT;
	home->indent = 0;
	if (path.len == 0 && is_blank(scan))
		return true;
	hits = path.len == 0 ? 1 : count_keys(scan, path, &home->owner);
	if (hits == 0)
		return kp_refuse(why, "write it into the file",
		    "it is not there, and neither is \"%.*s\" to put it into",
		    (int)path.len, path.ptr);
	if (hits > 1)
		return kp_refuse(why, NULL,
		    "it is not there, and \"%.*s\" is there more than once",
		    (int)path.len, path.ptr);
	if (find_indent(scan, home))
		return true;
	return kp_refuse(why, "write the key into the file",
	    "it is not there, and what would hold it is no mapping with one "
	    "key a line");
}

/* --- the line --- */

/*
 * Cut the key off "name: value", "'name': value" and the like; empty when
 * there is none.
 */
static struct kp_str
commented_key(struct kp_str line)
{
	struct kp_str none = KP_STR("");
	size_t colon = kp_str_find(line, ':');

	if (colon == KP_NPOS ||
	    (colon + 1 < line.len && !kp_is_space(line.ptr[colon + 1])))
		return none;
	line = kp_str_trim(kp_str_slice(line, 0, colon));
	if (line.len > 2 && (line.ptr[0] == '"' || line.ptr[0] == '\'') &&
	    line.ptr[line.len - 1] == line.ptr[0])
		return kp_str_slice(line, 1, line.len - 1);
	return line;
}

/*
 * A key is commented out by a "#" where it would stand, or one at the front
 * of the line with the key near where it stood.
 */
static bool
is_commented_out(const struct kp_scan *scan, const struct kp_item *comment,
    const struct home *home, struct kp_str name)
{
	struct kp_str text =
	    kp_str_slice(comment->value, 1, comment->value.len);
	size_t sharp, key = 1;

	if (!is_first_on_line(scan->src->text, comment->start, false, &sharp))
		return false;
	while (key < comment->value.len && comment->value.ptr[key] == ' ')
		key++;
	if (sharp != home->indent &&
	    (sharp != 0 || key < home->indent || key > home->indent + 2))
		return false;
	return kp_str_eq(commented_key(text), name);
}

/* What comes next decides whether a comment is between keys of a mapping. */
static bool
is_between_keys(const struct kp_scan *scan, size_t index,
    const struct home *home)
{
	while (index < scan->count && is_comment(scan, index))
		index++;
	return index == scan->count ||
	    scan->items[index].parent == home->owner ||
	    !is_under(scan, index, home->owner);
}

/* The range of items that the mapping and the comments around it are. */
static size_t
first_of(const struct home *home)
{
	return home->owner == KP_NO_PARENT ? 0 : home->owner + 1;
}

static size_t
end_of(const struct kp_scan *scan, const struct home *home)
{
	size_t i = first_of(home);

	while (i < scan->count &&
	    (is_comment(scan, i) || is_under(scan, i, home->owner)))
		i++;
	return i;
}

static bool
find_commented(const struct kp_scan *scan, const struct home *home,
    struct kp_str name, size_t *offset)
{
	size_t end = end_of(scan, home), i;
	bool found = false;

	for (i = first_of(home); i < end; i++) {
		const struct kp_item *item = &scan->items[i];

		if (item->kind == KP_COMMENT &&
		    is_commented_out(scan, item, home, name) &&
		    is_between_keys(scan, i, home)) {
			*offset = kp_line_next(scan->src->text, item->end);
			found = true;
		}
	}
	return found;
}

/* Behind the brackets that close after the last item: they have no items. */
static size_t
skip_closers(const struct kp_scan *scan, size_t last, size_t end)
{
	struct kp_str text = scan->src->text;
	size_t at = scan->items[last].end, found = at;
	size_t stop = end < scan->count ? scan->items[end].start : text.len;
	size_t next = last + 1;

	while (at < stop) {
		if (next < end && at == scan->items[next].start) {
			at = scan->items[next++].end;
			continue;
		}
		if (text.ptr[at] == ']' || text.ptr[at] == '}')
			found = at;
		at++;
	}
	return found;
}

static size_t
find_end(const struct kp_scan *scan, const struct home *home)
{
	size_t end = end_of(scan, home), last = end;

	while (last > first_of(home) && is_comment(scan, last - 1))
		last--;
	if (last == 0)
		return scan->src->text.len;
	return kp_line_next(scan->src->text, skip_closers(scan, last - 1, end));
}

static void
write_line(const struct kp_scan *scan, const struct home *home,
    struct kp_str name, struct kp_insertion *where)
{
	size_t i;

	kp_line_begin(scan->src->text, kp_line_ending(scan->src->text), where);
	for (i = 0; i < home->indent; i++)
		kp_buf_add_char(&where->before, ' ');
	if (kp_yaml_text_is_plain(name, true))
		kp_buf_add(&where->before, name);
	else
		kp_yaml_text_add_quoted(&where->before, name);
	kp_buf_add_text(&where->before, ": ");
}

bool
kp_yaml_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_str parent, last;
	struct kp_buf name = { 0 };
	struct home home;
	bool done;

	kp_path_cut(path, &parent, &last);
	done = check_path(scan, path, last, &name, why) &&
	    find_home(scan, parent, &home, why);
	if (done) {
		if (!find_commented(scan, &home, kp_buf_view(&name),
		        &where->offset))
			where->offset = find_end(scan, &home);
		write_line(scan, &home, kp_buf_view(&name), where);
	}
	where->before.failed |= name.failed;
	kp_buf_wipe(&name);
	return done;
}
