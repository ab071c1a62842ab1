/* SPDX-License-Identifier: MIT */
/*
 * json_insert - a member more, at the end of an object that is there.
 *
 *	{                          {
 *	  "log": {                   "log": {
 *	    "level": "info"   ->       "level": "info",
 *	  }                            "file": SLOT
 *	}                            }
 *	                           }
 *
 * It is spaced like the member before it.
 */
#include "format/json.h"

#include "base/utf8.h"
#include "format/literal.h"
#include "format/path.h"

/* The object that gets a member. */
struct home {
	uint32_t owner;     /* the item it is the value of; KP_NO_PARENT: top */
	size_t start, stop; /* behind its "{"; behind the last member */
	const struct kp_item *sibling; /* the last key; NULL: it is empty */
};

/* Where the value that belongs to the item of this index begins. */
static size_t
value_start(const struct kp_scan *scan, uint32_t owner)
{
	struct kp_str text = scan->src->text;
	size_t at;

	if (owner == KP_NO_PARENT)
		return kp_json_skip_space(text, 0);
	if (scan->items[owner].kind == KP_ELEMENT)
		return scan->items[owner].start;
	at = kp_json_skip_space(text, scan->items[owner].end);
	return kp_json_skip_space(text, at + 1);
}

/* Past the string whose opening quote is at at. */
static size_t
skip_string(struct kp_str text, size_t at)
{
	at++;
	while (text.ptr[at] != '"')
		at += text.ptr[at] == '\\' ? 2 : 1;
	return at + 1;
}

/* The "}" of the object whose "{" is at at; the text is valid JSON. */
static size_t
find_close(struct kp_str text, size_t at)
{
	size_t depth = 0;

	for (;;) {
		switch (text.ptr[at]) {
		case '"':
			at = skip_string(text, at);
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			depth--;
			break;
		default:
			break;
		}
		if (depth == 0)
			return at;
		at++;
	}
}

/* The key or element of this path, where it is the only one. */
static bool
find_owner(const struct kp_scan *scan, struct kp_str path, struct home *home,
    struct kp_refusal *why)
{
	size_t hits = 0;
	uint32_t i;

	home->owner = KP_NO_PARENT;
	if (path.len == 0)
		return true;
	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind != KP_SCALAR &&
		    kp_path_is_of(scan, i, path)) {
			home->owner = i;
			hits++;
		}
	}
	if (hits == 1)
		return true;
	if (hits == 0)
		return kp_refuse(why, "write it into the file",
		    "it is not there, and neither is \"%.*s\" to put it into",
		    (int)path.len, path.ptr);
	return kp_refuse(why, NULL,
	    "it is not there, and \"%.*s\" is there more than once",
	    (int)path.len, path.ptr);
}

static bool
find_home(const struct kp_scan *scan, struct kp_str path, struct home *home,
    struct kp_refusal *why)
{
	struct kp_str text = scan->src->text;
	size_t at, i;

	if (!find_owner(scan, path, home, why))
		return false;
	at = value_start(scan, home->owner);
	if (text.ptr[at] != '{')
		return kp_refuse(why, "write it into the file",
		    "it is not there, and what would hold it is no object");
	home->start = at + 1;
	home->stop = find_close(text, at);
	while (
	    home->stop > home->start && kp_is_space(text.ptr[home->stop - 1]))
		home->stop--;
	home->sibling = NULL;
	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind == KP_KEY &&
		    scan->items[i].parent == home->owner)
			home->sibling = &scan->items[i];
	}
	return true;
}

static bool
check_path(const struct kp_scan *scan, struct kp_str path, struct kp_buf *name,
    struct kp_refusal *why)
{
	struct kp_str parent, last;
	uint32_t i;

	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind == KP_KEY &&
		    kp_path_is_of(scan, i, path))
			return kp_refuse(why, NULL,
			    "it is there, and holds an object or array");
	}
	kp_path_cut(path, &parent, &last);
	if (!kp_path_next(&last, name) || last.len > 0 ||
	    !kp_utf8_valid(kp_buf_view(name)))
		return kp_refuse(why, "write it into the file",
		    "it is not there, and only a name can be added");
	return true;
}

/* The first member's own blank is behind its ":" alone: {"a": 1}. */
static bool
needs_blank(struct kp_str text, size_t start, const struct kp_item *sibling)
{
	size_t colon = kp_json_skip_space(text, sibling->end);

	return text.ptr[start - 1] == '{' && start == sibling->start &&
	    kp_is_space(text.ptr[colon + 1]);
}

/* The white space in front of the member, and what is behind its name. */
static void
write_member(struct kp_str text, const struct home *home, struct kp_str name,
    struct kp_insertion *where)
{
	size_t start, end, colon;

	where->offset = home->stop;
	if (home->sibling == NULL) {
		kp_literal_add_quoted(&where->before, name);
		kp_buf_add_text(&where->before, ": ");
		return;
	}
	start = home->sibling->start;
	while (kp_is_space(text.ptr[start - 1]))
		start--;
	kp_buf_add_char(&where->before, ',');
	if (needs_blank(text, start, home->sibling))
		kp_buf_add_char(&where->before, ' ');
	kp_buf_add(&where->before,
	    kp_str_slice(text, start, home->sibling->start));
	kp_literal_add_quoted(&where->before, name);
	end = home->sibling->end;
	colon = kp_json_skip_space(text, end) + 1;
	kp_buf_add(&where->before,
	    kp_str_slice(text, end, kp_json_skip_space(text, colon)));
}

bool
kp_json_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_str parent, last;
	struct kp_buf name = { 0 };
	struct home home = { 0 };
	bool done;

	kp_path_cut(path, &parent, &last);
	done = check_path(scan, path, &name, why) &&
	    find_home(scan, parent, &home, why);
	if (done)
		write_member(scan->src->text, &home, kp_buf_view(&name), where);
	where->before.failed |= name.failed;
	kp_buf_wipe(&name);
	return done;
}
