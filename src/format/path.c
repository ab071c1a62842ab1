/* SPDX-License-Identifier: MIT */
/*
 * path - where a scalar is: a.b[0]."odd key".
 *
 * What a path names is found by spelling the path of each scalar and
 * comparing the two as the format does.  Of keys that are there more than
 * once, the path that is looked for says whether "[n]" follows their name;
 * where it does, their own n is spelled, too:
 *
 *	server { listen 1; }    server.listen, server[0].listen
 *	server { listen 2; }    server.listen, server[1].listen
 */
#include "format/path.h"

#include "format/index.h"
#include "format/number.h"

#include <stdio.h>

/* Append what is in the quotes at the front; returns where they end. */
static size_t
take_quoted(struct kp_str text, struct kp_buf *name)
{
	size_t at = 1;

	while (at < text.len && text.ptr[at] != '"') {
		if (text.ptr[at] == '\\' && at + 1 < text.len)
			at++;
		kp_buf_add_char(name, text.ptr[at++]);
	}
	return at < text.len ? at + 1 : KP_NPOS;
}

static size_t
take_plain(struct kp_str text, struct kp_buf *name)
{
	size_t at = 0;

	while (at < text.len && text.ptr[at] != '.')
		at++;
	if (at == 0 || kp_str_has_any(kp_str_slice(text, 0, at), "[]\" \t\r\n"))
		return KP_NPOS;
	kp_buf_add(name, kp_str_slice(text, 0, at));
	return at;
}

bool
kp_path_next(struct kp_str *rest, struct kp_buf *name)
{
	size_t end;

	end = kp_str_starts(*rest, "\"") ? take_quoted(*rest, name) :
	                                   take_plain(*rest, name);
	if (end == KP_NPOS)
		return false;
	*rest = kp_str_slice(*rest, end, rest->len);
	if (rest->len == 0)
		return true;
	if (rest->ptr[0] != '.' || rest->len == 1)
		return false;
	*rest = kp_str_slice(*rest, 1, rest->len);
	return true;
}

void
kp_path_cut(struct kp_str path, struct kp_str *parent, struct kp_str *name)
{
	bool quoted = false;
	size_t start = 0, i;

	for (i = 0; i < path.len; i++) {
		if (quoted && path.ptr[i] == '\\')
			i++;
		else if (path.ptr[i] == '"')
			quoted = !quoted;
		else if (path.ptr[i] == '.' && !quoted)
			start = i + 1;
	}
	*parent = kp_str_slice(path, 0, start > 0 ? start - 1 : 0);
	*name = kp_str_slice(path, start, path.len);
}

bool
kp_path_is_same(const struct kp_scan *scan, struct kp_str a, struct kp_str b)
{
	return scan->format->same_key == NULL ? kp_str_eq(a, b) :
	                                        scan->format->same_key(a, b);
}

bool
kp_path_is_of(const struct kp_scan *scan, uint32_t index, struct kp_str path)
{
	const struct kp_item child = { .parent = index };
	struct kp_buf own = { 0 };
	bool same;

	kp_scan_path(scan, &child, &own);
	same = kp_str_eq(kp_buf_view(&own), path);
	kp_buf_wipe(&own);
	return same;
}

/* --- paths of scalars --- */

/* How a path is spelled. */
struct spelling {
	bool quoted;          /* a key that needs quotes has them */
	bool numbered;        /* "[n]" behind all keys that are repeated */
	bool exact;           /* where an element follows, at least */
	struct kp_str wanted; /* else where this path has it */
};

bool
kp_path_needs_quotes(const struct kp_item *item)
{
	/* A section's dots are levels of the path: auth.google.client_id. */
	return item->kind != KP_SECTION &&
	    (item->value.len == 0 ||
	        kp_str_has_any(item->value, ".[]\" \t\r\n"));
}

static void
add_quoted(struct kp_str name, struct kp_buf *out)
{
	size_t i;

	kp_buf_add_char(out, '"');
	for (i = 0; i < name.len; i++) {
		if (name.ptr[i] == '"' || name.ptr[i] == '\\')
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, name.ptr[i]);
	}
	kp_buf_add_char(out, '"');
}

/* Does the wanted path have "[" where own ends? */
static bool
wants_number(const struct kp_scan *scan, struct kp_str wanted,
    struct kp_str own)
{
	size_t i;

	for (i = 0; i < wanted.len; i++) {
		if (wanted.ptr[i] == '[' &&
		    kp_path_is_same(scan, kp_str_slice(wanted, 0, i), own))
			return true;
	}
	return false;
}

static void
add_number(const struct kp_scan *scan, uint32_t index,
    const struct spelling *spelling, bool element_follows, struct kp_buf *out)
{
	if (scan->numbers == NULL || kp_number_count(scan, index) < 2)
		return;
	if (spelling->numbered || (spelling->exact && element_follows) ||
	    wants_number(scan, spelling->wanted, kp_buf_view(out)))
		kp_buf_add_format(out, "[%u]",
		    (unsigned)scan->numbers[index].nth);
}

/* From the outermost inwards; the depth is bounded by the scanners. */
static void
add_path(const struct kp_scan *scan, uint32_t index,
    const struct spelling *spelling, bool element_follows, struct kp_buf *out)
{
	const struct kp_item *item = &scan->items[index];

	if (item->parent != KP_NO_PARENT)
		add_path(scan, item->parent, spelling, item->kind == KP_ELEMENT,
		    out);
	if (item->kind == KP_ELEMENT) {
		kp_buf_add_format(out, "[%u]", (unsigned)item->index);
		return;
	}
	if (out->len > 0)
		kp_buf_add_char(out, '.');
	if (spelling->quoted && kp_path_needs_quotes(item))
		add_quoted(item->value, out);
	else
		kp_buf_add(out, item->value);
	add_number(scan, index, spelling, element_follows, out);
}

static void
add_path_of(const struct kp_scan *scan, const struct kp_item *item,
    const struct spelling *spelling, struct kp_buf *out)
{
	struct kp_buf path = { 0 };

	if (item->parent != KP_NO_PARENT)
		add_path(scan, item->parent, spelling, false, &path);
	kp_buf_add(out, kp_buf_view(&path));
	out->failed = out->failed || path.failed;
	kp_buf_wipe(&path);
}

void
kp_scan_path(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_buf *out)
{
	const struct spelling plain = { .quoted = true };

	add_path_of(scan, item, &plain, out);
}

void
kp_scan_exact_path(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_buf *out)
{
	const struct spelling exact = {
		.quoted = true,
		.exact = true,
		.numbered = scan->numbers != NULL &&
		    scan->numbers[item - scan->items].shared,
	};

	add_path_of(scan, item, &exact, out);
}

/* --- what a path names --- */

/* The path with the quotes of its keys, and the escapes in them, taken off. */
static void
add_unquoted(struct kp_str path, struct kp_buf *out)
{
	bool inside = false;
	size_t i;

	for (i = 0; i < path.len; i++) {
		if (path.ptr[i] == '"') {
			inside = !inside;
			continue;
		}
		if (inside && path.ptr[i] == '\\' && i + 1 < path.len)
			i++;
		kp_buf_add_char(out, path.ptr[i]);
	}
}

/* The scalars that may have a path: all, where there is no index. */
struct walk {
	const struct kp_scan *scan;
	struct kp_str wanted;
	struct kp_index_walk indexed;
	size_t at;
};

static struct walk
start_walk(const struct kp_scan *scan, struct kp_str path)
{
	struct walk walk = { .scan = scan, .wanted = path };

	if (scan->index != NULL)
		walk.indexed = kp_index_start(scan, path);
	return walk;
}

/* The same to the least particular of the formats. */
static bool
is_alike(char a, char b)
{
	a = kp_to_lower(a);
	b = kp_to_lower(b);
	return (a == '-' ? '_' : a) == (b == '-' ? '_' : b);
}

/*
 * Can the path of this scalar be the wanted one, to judge by its last key?
 * Most cannot, and need not be spelled out.
 */
static bool
may_be(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str wanted)
{
	const struct kp_item *key;
	size_t i;

	if (item->parent == KP_NO_PARENT || wanted.len == 0 ||
	    wanted.ptr[wanted.len - 1] == ']' ||
	    wanted.ptr[wanted.len - 1] == '"')
		return true;
	key = &scan->items[item->parent];
	if (key->kind == KP_ELEMENT)
		return true;
	if (key->value.len > wanted.len)
		return false;
	for (i = 1; i <= key->value.len; i++) {
		if (!is_alike(key->value.ptr[key->value.len - i],
		        wanted.ptr[wanted.len - i]))
			return false;
	}
	return true;
}

static bool
next_scalar(struct walk *walk, size_t *item)
{
	const struct kp_scan *scan = walk->scan;

	if (scan->index != NULL)
		return kp_index_next(&walk->indexed, item);
	while (walk->at < scan->count) {
		*item = walk->at++;
		if (scan->items[*item].kind == KP_SCALAR &&
		    may_be(scan, &scan->items[*item], walk->wanted))
			return true;
	}
	return false;
}

/* Returns how many scalars there are; the first cap of them are in list. */
static size_t
find_path(const struct kp_scan *scan, struct kp_str path, bool quoted,
    size_t *list, size_t cap, size_t *last)
{
	const struct spelling spelling = { .quoted = quoted, .wanted = path };
	struct walk walk = start_walk(scan, path);
	struct kp_buf own = { 0 };
	size_t hits = 0, i;

	while (next_scalar(&walk, &i)) {
		const struct kp_item *item = &scan->items[i];

		kp_buf_cut(&own, 0);
		if (item->parent != KP_NO_PARENT)
			add_path(scan, item->parent, &spelling, false, &own);
		if (!kp_path_is_same(scan, kp_buf_view(&own), path))
			continue;
		if (hits < cap)
			list[hits] = i;
		hits++;
		*last = i;
	}
	kp_buf_wipe(&own);
	return hits;
}

/* Its own spelling comes first: s."a.b" is no key b of a section s.a. */
static size_t
find_either(const struct kp_scan *scan, struct kp_str path, size_t *list,
    size_t cap, size_t *last)
{
	struct kp_buf unquoted = { 0 };
	size_t hits = find_path(scan, path, true, list, cap, last);

	if (hits == 0) {
		add_unquoted(path, &unquoted);
		hits = find_path(scan, kp_buf_view(&unquoted), false, list, cap,
		    last);
		kp_buf_wipe(&unquoted);
	}
	return hits;
}

size_t
kp_scan_find(const struct kp_scan *scan, struct kp_str path, size_t *found)
{
	return find_either(scan, path, NULL, 0, found);
}

size_t
kp_scan_find_all(const struct kp_scan *scan, struct kp_str path, size_t *list,
    size_t cap)
{
	size_t last;

	return find_either(scan, path, list, cap, &last);
}

/* --- why a path names nothing --- */

/* The first key, or what stands for one, of this path; KP_NO_PARENT: none. */
static uint32_t
find_key(const struct kp_scan *scan, struct kp_str path, bool quoted)
{
	const struct spelling spelling = { .quoted = quoted, .wanted = path };
	struct kp_buf own = { 0 };
	uint32_t found = KP_NO_PARENT, i;

	for (i = 0; i < scan->count && found == KP_NO_PARENT; i++) {
		enum kp_kind kind = scan->items[i].kind;

		if (kind != KP_KEY && kind != KP_SECTION && kind != KP_SCALAR)
			continue;
		kp_buf_cut(&own, 0);
		add_path(scan, i, &spelling, false, &own);
		if (kp_path_is_same(scan, kp_buf_view(&own), path))
			found = i;
	}
	kp_buf_wipe(&own);
	return found;
}

/* What stands in brackets from at on, for one of count that are alike. */
static bool
check_number(struct kp_str path, size_t at, uint32_t count,
    struct kp_refusal *why)
{
	struct kp_str rest = kp_str_slice(path, at + 1, path.len);
	size_t close = kp_str_find(rest, ']');
	unsigned long number;
	char hint[80];

	if (close != KP_NPOS &&
	    kp_str_to_number(kp_str_slice(rest, 0, close), UINT32_MAX,
	        &number) &&
	    number < count)
		return true;
	snprintf(hint, sizeof(hint), "[n] counts from 0: the last one is [%u]",
	    (unsigned)(count - 1));
	return kp_refuse(why, hint, "%.*s stands there %u times", (int)at,
	    path.ptr, (unsigned)count);
}

/* Check each number behind a repeated key; *chosen: there is one. */
static bool
check_numbers(const struct kp_scan *scan, struct kp_str path, bool quoted,
    bool *chosen, struct kp_refusal *why)
{
	size_t i;

	for (i = 1; i < path.len; i++) {
		uint32_t key, count;

		/* What follows a number or an element is an element. */
		if (path.ptr[i] != '[' || path.ptr[i - 1] == ']')
			continue;
		key = find_key(scan, kp_str_slice(path, 0, i), quoted);
		count = key == KP_NO_PARENT ? 0 : kp_number_count(scan, key);
		if (count > 1 && !check_number(path, i, count, why))
			return false;
		*chosen = *chosen || count > 1;
	}
	return true;
}

/* Is there a "[" in the path of this scalar? */
static bool
has_bracket(const struct kp_scan *scan, const struct kp_item *item)
{
	while (item->parent != KP_NO_PARENT) {
		uint32_t index = item->parent;

		item = &scan->items[index];
		if (item->kind == KP_ELEMENT ||
		    kp_str_find(item->value, '[') != KP_NPOS ||
		    (scan->numbers != NULL && kp_number_count(scan, index) > 1))
			return true;
	}
	return false;
}

/* The exact path of the first scalar that is an element of path's key. */
static bool
find_element(const struct kp_scan *scan, struct kp_str path, bool quoted,
    struct kp_buf *out)
{
	const struct spelling spelling = { .quoted = quoted, .wanted = path };
	size_t i;

	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind != KP_SCALAR ||
		    !has_bracket(scan, &scan->items[i]))
			continue;
		kp_buf_cut(out, 0);
		add_path_of(scan, &scan->items[i], &spelling, out);
		if (kp_buf_ok(out) && out->len > path.len &&
		    out->data[path.len] == '[' &&
		    kp_path_is_same(scan,
		        kp_str_slice(kp_buf_view(out), 0, path.len), path)) {
			kp_buf_cut(out, 0);
			kp_scan_exact_path(scan, &scan->items[i], out);
			return true;
		}
	}
	return false;
}

static bool
check_path(const struct kp_scan *scan, struct kp_str path, bool quoted,
    struct kp_refusal *why)
{
	struct kp_buf element = { 0 };
	bool chosen = false, found;
	char hint[180];

	if (!check_numbers(scan, path, quoted, &chosen, why))
		return false;
	found = find_element(scan, path, quoted, &element);
	if (found)
		snprintf(hint, sizeof(hint), "name one of them, such as %s",
		    element.data);
	kp_buf_wipe(&element);
	if (found)
		return kp_refuse(why, hint, "it has several values there");
	return !chosen ||
	    kp_refuse(why, "write it into the template",
	        "nothing can be added to one of several that are alike");
}

bool
kp_scan_check_path(const struct kp_scan *scan, struct kp_str path,
    struct kp_refusal *why)
{
	struct kp_buf unquoted = { 0 };
	bool good;

	add_unquoted(path, &unquoted);
	good = check_path(scan, path, true, why) &&
	    check_path(scan, kp_buf_view(&unquoted), false, why);
	kp_buf_wipe(&unquoted);
	return good;
}
