/* SPDX-License-Identifier: MIT */
/*
 * xml_insert - an attribute or an element more, in an element that is there.
 *
 *	<server>                  <server>
 *	  <connector port="1"/>     <connector port="1" host="SLOT"/>
 *	</server>                   <name>SLOT</name>
 *	                          </server>
 *
 * It is spaced like the one before it.
 */
#include "format/xml.h"

#include "format/path.h"

#include <string.h>

/* What a path to something new is about. */
struct target {
	struct kp_str parent; /* the path of the element that gets it */
	struct kp_buf name;   /* owned; without the "@" of an attribute */
	bool attribute;
	uint32_t owner; /* the key of that element */
};

/* Fill .parent, .name and .attribute; "db@port" is "db.@port". */
static bool
split_path(struct kp_str path, struct target *target, struct kp_refusal *why)
{
	struct kp_str last;
	size_t at;

	kp_path_cut(path, &target->parent, &last);
	at = kp_str_find(last, '@');
	if (at != KP_NPOS && at > 0 && last.ptr[0] != '"') {
		size_t start = (size_t)(last.ptr - path.ptr);

		target->parent = kp_str_slice(path, 0, start + at);
		last = kp_str_slice(last, at, last.len);
	}
	if (!kp_path_next(&last, &target->name) || last.len > 0)
		return kp_refuse(why, "write it into the file",
		    "it is not there, and only a name can be added");
	target->attribute = kp_str_starts(kp_buf_view(&target->name), "@");
	return true;
}

static bool
fail_there(const struct kp_item *key, struct kp_refusal *why)
{
	if ((key->role & KP_XML_ENTITY_TEXT) != 0)
		return kp_refuse(why,
		    "write the text out in the file, or use a [match]",
		    "it is there, and its text has an entity in it that the "
		    "DTD declares");
	return kp_refuse(why, NULL, "it is there, and holds more than a value");
}

static const struct kp_item *
root_of(const struct kp_scan *scan)
{
	const struct kp_item *item = scan->items;

	while (item->kind != KP_KEY)
		item++;
	return item;
}

/* The one element of this path. */
static bool
find_owner(const struct kp_scan *scan, struct target *target,
    struct kp_refusal *why)
{
	struct kp_str path = target->parent;
	size_t hits = 0;
	uint32_t i;

	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind != KP_KEY ||
		    kp_xml_is_attribute(&scan->items[i]) ||
		    !kp_path_is_of(scan, i, path))
			continue;
		target->owner = i;
		hits++;
	}
	if (hits == 1)
		return true;
	if (path.len == 0 &&
	    kp_str_eq(root_of(scan)->value, kp_buf_view(&target->name)))
		return fail_there(root_of(scan), why);
	if (path.len == 0)
		return kp_refuse(why, NULL,
		    "it is not there, and a file has one root element");
	return hits == 0 ?
	    kp_refuse(why, "write it into the file",
	        "it is not there, and neither is \"%.*s\" to put it into",
	        (int)path.len, path.ptr) :
	    kp_refuse(why, "write it into the file",
	        "it is not there, and \"%.*s\" is there more than once",
	        (int)path.len, path.ptr);
}

/* The prefix of an element's own name means the same in its content. */
static bool
is_known_prefix(const struct kp_scan *scan, const struct target *target,
    struct kp_str prefix)
{
	struct kp_str own = scan->items[target->owner].value;
	size_t colon = kp_str_find(own, ':');

	return !target->attribute && colon != KP_NPOS &&
	    kp_str_eq(kp_str_slice(own, 0, colon), prefix);
}

static bool
check_name(const struct kp_scan *scan, const struct target *target,
    struct kp_refusal *why)
{
	struct kp_str name = kp_buf_view(&target->name);
	size_t colon;

	if (target->attribute)
		name = kp_str_slice(name, 1, name.len);
	if (name.len == 0 || kp_xml_name_end(name, 0, KP_XML_ASCII) != name.len)
		return kp_refuse(why, "write it into the file",
		    "it is not there, and this name cannot be added");
	colon = kp_str_find(name, ':');
	if (kp_str_is(name, "xmlns") ||
	    (colon != KP_NPOS &&
	        !is_known_prefix(scan, target, kp_str_slice(name, 0, colon))))
		return kp_refuse(why, "write it into the file",
		    "it is not there, and its namespace may not be known");
	return true;
}

/* Its path names no scalar: what is there holds something else. */
static bool
check_absent(const struct kp_scan *scan, const struct target *target,
    struct kp_refusal *why)
{
	size_t i;

	for (i = target->owner + 1; i < scan->count; i++) {
		if (scan->items[i].kind == KP_KEY &&
		    scan->items[i].parent == target->owner &&
		    kp_str_eq(scan->items[i].value, kp_buf_view(&target->name)))
			return fail_there(&scan->items[i], why);
	}
	return true;
}

/* The blanks that end at this offset. */
static struct kp_str
blanks_before(struct kp_str text, size_t at)
{
	size_t start = at;

	while (start > 0 && kp_xml_is_blank(text.ptr[start - 1]))
		start--;
	return kp_str_slice(text, start, at);
}

/* --- attributes --- */

static void
place_attribute(const struct kp_scan *scan, const struct target *target,
    struct kp_insertion *where)
{
	struct kp_str name = kp_buf_view(&target->name);
	struct kp_str blanks = kp_str_of(" ");
	uint32_t i = target->owner;

	where->offset = scan->items[i].end;
	/* Each attribute is a key and, behind it, what is in quotes. */
	while (i + 2 < scan->count &&
	    kp_xml_is_attribute(&scan->items[i + 1]) &&
	    scan->items[i + 1].parent == target->owner) {
		blanks =
		    blanks_before(scan->src->text, scan->items[i + 1].start);
		where->offset = scan->items[i + 2].end;
		i += 2;
	}
	kp_buf_add(&where->before, blanks);
	kp_buf_add(&where->before, kp_str_slice(name, 1, name.len));
	kp_buf_add_text(&where->before, "=\"");
	kp_buf_add_char(&where->after, '"');
}

/* --- elements --- */

/* Behind the ">" of the tag that at is in. */
static size_t
tag_end(struct kp_str text, size_t at)
{
	while (text.ptr[at] != '>') {
		char c = text.ptr[at++];

		if (c == '"' || c == '\'')
			at += kp_str_find(kp_str_slice(text, at, text.len), c) +
			    1;
	}
	return at + 1;
}

/* Behind the next end. */
static size_t
skip_past(struct kp_str text, size_t at, const char *end)
{
	return at + strlen(end) +
	    kp_str_find_str(kp_str_slice(text, at, text.len), kp_str_of(end));
}

/* Behind the markup at at; *depth counts the elements that are open. */
static size_t
skip_markup(struct kp_str text, size_t at, size_t *depth)
{
	struct kp_str rest = kp_str_slice(text, at, text.len);
	size_t end;

	if (kp_str_starts(rest, "<!--"))
		return skip_past(text, at, "-->");
	if (kp_str_starts(rest, "<!"))
		return skip_past(text, at, "]]>");
	if (kp_str_starts(rest, "<?"))
		return skip_past(text, at, "?>");
	end = tag_end(text, at);
	if (kp_str_starts(rest, "</"))
		(*depth)--;
	else if (text.ptr[end - 2] != '/')
		(*depth)++;
	return end;
}

/* The end tag of the element whose content begins at at. */
static size_t
find_end_tag(struct kp_str text, size_t at)
{
	size_t depth = 1, start = at;

	while (depth > 0) {
		start = at + kp_str_find(kp_str_slice(text, at, text.len), '<');
		at = skip_markup(text, start, &depth);
	}
	return start;
}

/* True for "<!-- <name>...". */
static bool
is_commented(const struct kp_item *item, struct kp_str name)
{
	struct kp_str text = item->value;
	size_t at = kp_xml_skip_blank(text, strlen("<!--"));

	return text.ptr[at] == '<' &&
	    kp_xml_name_end(text, at + 1, KP_XML_UTF8) == at + 1 + name.len &&
	    kp_str_eq(kp_str_slice(text, at + 1, at + 1 + name.len), name);
}

static bool
check_content(const struct kp_scan *scan, const struct target *target,
    struct kp_refusal *why)
{
	bool holds_text =
	    (scan->items[target->owner].role & KP_XML_ENTITY_TEXT) != 0;
	size_t i;

	for (i = target->owner + 1; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		holds_text |= item->kind == KP_SCALAR &&
		    item->parent == target->owner &&
		    kp_xml_skip_blank(item->value, 0) < item->value.len;
	}
	return !holds_text ||
	    kp_refuse(why, "write it into the file",
	        "it is not there, and what would hold it holds text");
}

/*
 * Behind the last comment that has it, else behind the last thing in the
 * element; *blanks are those before that comment or the last element in it.
 */
static size_t
find_place(const struct kp_scan *scan, const struct target *target,
    size_t content, struct kp_str *blanks)
{
	struct kp_str text = scan->src->text;
	size_t place = find_end_tag(text, content), i;
	bool commented = false;

	place -= blanks_before(text, place).len;
	for (i = target->owner + 1; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (item->parent != target->owner || kp_xml_is_attribute(item))
			continue;
		if (item->kind == KP_COMMENT &&
		    is_commented(item, kp_buf_view(&target->name))) {
			commented = true;
			place = item->end;
			*blanks = blanks_before(text, item->start);
		} else if (item->kind == KP_KEY && !commented) {
			*blanks = blanks_before(text, item->start - 1);
		}
	}
	return place;
}

static bool
place_element(const struct kp_scan *scan, const struct target *target,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_str text = scan->src->text, blanks = kp_str_of("");
	size_t content = tag_end(text, scan->items[target->owner].end);

	if (text.ptr[content - 2] == '/')
		return kp_refuse(why, "write it with an end tag: <name></name>",
		    "it is not there, and what would hold it is an empty tag");
	if (!check_content(scan, target, why))
		return false;
	where->offset = find_place(scan, target, content, &blanks);
	kp_buf_add(&where->before, blanks);
	kp_buf_add_char(&where->before, '<');
	kp_buf_add(&where->before, kp_buf_view(&target->name));
	kp_buf_add_char(&where->before, '>');
	kp_buf_add_text(&where->after, "</");
	kp_buf_add(&where->after, kp_buf_view(&target->name));
	kp_buf_add_char(&where->after, '>');
	return true;
}

bool
kp_xml_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	struct target target = { 0 };
	bool done;

	done = split_path(path, &target, why) &&
	    find_owner(scan, &target, why) && check_name(scan, &target, why) &&
	    check_absent(scan, &target, why);
	if (done && target.attribute)
		place_attribute(scan, &target, where);
	else if (done)
		done = place_element(scan, &target, where, why);
	where->before.failed |= target.name.failed;
	kp_buf_wipe(&target.name);
	return done;
}
