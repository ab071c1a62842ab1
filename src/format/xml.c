/* SPDX-License-Identifier: MIT */
/*
 * xml - XML 1.0, fifth edition, as readers without a DTD see it.
 *
 *	document = [ declaration ] misc* [ doctype misc* ] element misc*
 *	element  = "<" name ( blank name "=" quoted )* ( "/>" / ">" content )
 *	content  = ( text / section / element / reference / misc )* end
 *	end      = "</" name [ blank ] ">"
 *	misc     = comment / "<?" ... "?>" / blank
 *	section  = "<![CDATA[" ... "]]>"
 *
 * The names of elements are keys, those of attributes are keys that begin
 * with "@": <db port="1">x</db> has the scalars db.@port and db.  Text and
 * CDATA sections with nothing between them are one scalar; in "<a/>", the
 * scalar is the "/>".  Blanks between elements are none.  What only a DTD
 * can tell, and what names a namespace, is KP_SYNTAX.
 */
#include "format/xml.h"

#include "base/array.h"
#include "base/utf8.h"
#include "format/formats.h"

#include <stdlib.h>
#include <string.h>

/* What readers with limits of their own still take. */
#define DEPTH_MAX 256

#define SECTION "<![CDATA["
#define SECTION_END "]]>"

struct walk {
	struct kp_scan *scan;
	struct kp_cursor in;
	enum kp_xml_charset charset;
	bool declares;        /* entities may have been declared */
	bool fresh;           /* nothing but text since the start tag */
	struct kp_buf value;  /* owned: the scalar being read */
	struct kp_str *names; /* owned: of the attributes of a tag */
	size_t nnames, names_cap;
	size_t depth;
	uint32_t open[DEPTH_MAX]; /* the keys of open elements */
};

static void
skip_blank(struct walk *walk)
{
	walk->in.at = kp_xml_skip_blank(walk->in.text, walk->in.at);
}

/* The innermost open element; none around the root. */
static uint32_t
owner_of(const struct walk *walk)
{
	return walk->depth == 0 ? KP_NO_PARENT : walk->open[walk->depth - 1];
}

static bool
take_name(struct walk *walk, struct kp_str *name)
{
	size_t end = kp_xml_name_end(walk->in.text, walk->in.at, walk->charset);

	*name = kp_str_slice(walk->in.text, walk->in.at, end);
	walk->in.at = end;
	return name->len > 0;
}

/* An item from start to the cursor. */
static struct kp_item *
add_item(struct walk *walk, enum kp_kind kind, size_t start, uint32_t parent)
{
	return kp_scan_add(walk->scan, kind, start, walk->in.at, parent);
}

/* What was read into .value, which mostly is what is written. */
static struct kp_str
keep_value(struct walk *walk, size_t start, size_t end)
{
	struct kp_str written = kp_str_slice(walk->in.text, start, end);
	struct kp_str value = kp_buf_view(&walk->value);

	return kp_str_eq(written, value) ? written :
	                                   kp_scan_store(walk->scan, value);
}

/* --- comments, instructions, the DOCTYPE --- */

static bool
take_comment(struct walk *walk)
{
	size_t start = walk->in.at;

	return kp_xml_skip_comment(&walk->in) &&
	    add_item(walk, KP_COMMENT, start, owner_of(walk)) != NULL;
}

static bool
take_instruction(struct walk *walk)
{
	size_t start = walk->in.at;

	return kp_xml_skip_instruction(&walk->in, walk->charset) &&
	    add_item(walk, KP_SYNTAX, start, owner_of(walk)) != NULL;
}

static bool
take_doctype(struct walk *walk)
{
	size_t start = walk->in.at;
	struct kp_item *item;

	if (!kp_xml_skip_doctype(&walk->in, walk->charset, &walk->declares))
		return false;
	item = add_item(walk, KP_SYNTAX, start, KP_NO_PARENT);
	if (item != NULL && walk->declares)
		item->role = KP_XML_DECLARES;
	return item != NULL;
}

/* What stands around the root element. */
static bool
take_misc(struct walk *walk, bool before)
{
	for (;;) {
		bool good;

		skip_blank(walk);
		if (kp_str_starts(kp_cursor_rest(&walk->in), "<!--")) {
			good = take_comment(walk);
		} else if (kp_str_starts(kp_cursor_rest(&walk->in), "<?")) {
			good = take_instruction(walk);
		} else if (before &&
		    kp_str_starts(kp_cursor_rest(&walk->in), "<!DOCTYPE")) {
			good = take_doctype(walk);
			before = false;
		} else {
			return true;
		}
		if (!good)
			return false;
	}
}

/* --- text --- */

/* "&...;", which goes to .value; *entity is set where a DTD has to tell. */
static bool
take_reference(struct walk *walk, bool *entity)
{
	uint32_t rune;
	size_t start = walk->in.at;
	size_t end = kp_xml_reference_end(walk->in.text, start, &rune);

	if (end == 0)
		return kp_cursor_complain(&walk->in, start, 1,
		    "\"&\" begins no reference here; alone it is \"&amp;\"");
	walk->in.at = end;
	if (rune == KP_XML_ENTITY) {
		*entity = true;
		return walk->declares ||
		    kp_cursor_complain(&walk->in, start, end - start,
		        "nothing declares this entity");
	}
	if (!kp_xml_is_char(rune))
		return kp_cursor_complain(&walk->in, start, end - start,
		    "there is no such character in XML");
	kp_utf8_add(&walk->value, rune);
	return true;
}

/* A line ending of any kind is a line feed (section 2.11). */
static void
take_line_break(struct walk *walk, char read_as)
{
	if (!kp_cursor_take_word(&walk->in, "\r\n"))
		walk->in.at++;
	kp_buf_add_char(&walk->value, read_as);
}

/* Up to a byte of stops, or the end; returns what was passed. */
static struct kp_str
take_plain(struct walk *walk, const char *stops)
{
	size_t start = walk->in.at;
	struct kp_str plain;

	while (!kp_cursor_at_end(&walk->in) &&
	    strchr(stops, kp_cursor_peek(&walk->in)) == NULL)
		walk->in.at++;
	plain = kp_str_slice(walk->in.text, start, walk->in.at);
	kp_buf_add(&walk->value, plain);
	return plain;
}

static bool
take_section(struct walk *walk)
{
	size_t start = walk->in.at, end;

	walk->in.at += strlen(SECTION);
	end =
	    kp_str_find_str(kp_cursor_rest(&walk->in), kp_str_of(SECTION_END));
	if (end == KP_NPOS)
		return kp_cursor_complain(&walk->in, start, 1,
		    "a CDATA section has no end");
	end += walk->in.at;
	while (walk->in.at < end) {
		size_t from = walk->in.at;
		size_t cr =
		    kp_str_find(kp_str_slice(walk->in.text, from, end), '\r');

		walk->in.at = cr == KP_NPOS ? end : from + cr;
		kp_buf_add(&walk->value,
		    kp_str_slice(walk->in.text, from, walk->in.at));
		if (walk->in.at < end)
			take_line_break(walk, '\n');
	}
	walk->in.at = end + strlen(SECTION_END);
	return true;
}

/* One step in text; *more is false where something else begins. */
static bool
take_text(struct walk *walk, bool *more)
{
	struct kp_str plain = take_plain(walk, "<&\r");
	size_t bad = kp_str_find_str(plain, kp_str_of(SECTION_END));
	uint32_t rune;
	bool entity;

	if (bad != KP_NPOS)
		return kp_cursor_complain(&walk->in,
		    walk->in.at - plain.len + bad, strlen(SECTION_END),
		    "\"]]>\" cannot stand in text");
	switch (kp_cursor_peek(&walk->in)) {
	case '\r':
		take_line_break(walk, '\n');
		return true;
	case '&':
		*more = kp_xml_reference_end(walk->in.text, walk->in.at,
		            &rune) == 0 ||
		    rune != KP_XML_ENTITY;
		return !*more || take_reference(walk, &entity);
	default:
		*more = kp_str_starts(kp_cursor_rest(&walk->in), SECTION);
		return !*more || take_section(walk);
	}
}

/* Text and sections up to other markup: one scalar, unless it is nothing. */
static bool
take_run(struct walk *walk)
{
	size_t start = walk->in.at;
	bool more = true, whole;
	struct kp_item *item;

	kp_buf_cut(&walk->value, 0);
	while (more) {
		if (!take_text(walk, &more))
			return false;
	}
	whole = walk->fresh && kp_str_starts(kp_cursor_rest(&walk->in), "</");
	if (walk->in.at == start && !whole)
		return true;
	item = add_item(walk, KP_SCALAR, start, owner_of(walk));
	if (item == NULL)
		return false;
	item->style =
	    kp_str_find_str(item->value, kp_str_of(SECTION)) == KP_NPOS ?
	    KP_BARE :
	    KP_CDATA;
	item->role = whole ? KP_XML_WHOLE : 0;
	item->value = keep_value(walk, start, walk->in.at);
	return true;
}

static bool
take_entity(struct walk *walk)
{
	size_t start = walk->in.at;
	bool entity;

	walk->scan->items[owner_of(walk)].role |= KP_XML_ENTITY_TEXT;
	return take_reference(walk, &entity) &&
	    add_item(walk, KP_SYNTAX, start, owner_of(walk)) != NULL;
}

/* --- attributes --- */

bool
kp_xml_is_attribute(const struct kp_item *item)
{
	return item->kind == KP_KEY && kp_str_starts(item->value, "@");
}

static int
compare_names(const void *left, const void *right)
{
	const struct kp_str *a = left, *b = right;
	int order = kp_str_compare(*a, *b);

	if (order != 0)
		return order;
	return a->ptr < b->ptr ? -1 : a->ptr > b->ptr;
}

/* No name is there twice; the names are of one text. */
static bool
check_names(struct walk *walk)
{
	size_t i;

	if (walk->nnames < 2)
		return true;
	qsort(walk->names, walk->nnames, sizeof(*walk->names), compare_names);
	for (i = 1; i < walk->nnames; i++) {
		if (kp_str_eq(walk->names[i - 1], walk->names[i]))
			return kp_cursor_complain(&walk->in,
			    (size_t)(walk->names[i].ptr - walk->in.text.ptr),
			    walk->names[i].len,
			    "the element has this attribute twice");
	}
	return true;
}

static bool
note_name(struct walk *walk, struct kp_str name)
{
	if (!kp_array_grow((void **)&walk->names, &walk->names_cap,
	        walk->nnames + 1, sizeof(*walk->names))) {
		walk->scan->failed = true;
		return false;
	}
	walk->names[walk->nnames++] = name;
	return true;
}

/* Up to the closing quote, behind the opening one (section 3.3.3). */
static bool
take_inside(struct walk *walk, char quote, bool *entity)
{
	const char stops[] = { quote, '<', '&', '\t', '\n', '\r', '\0' };
	size_t start = walk->in.at - 1;

	for (;;) {
		take_plain(walk, stops);
		if (kp_cursor_at_end(&walk->in))
			return kp_cursor_complain(&walk->in, start, 1,
			    "this quote is not closed");
		if (kp_cursor_peek(&walk->in) == quote)
			return true;
		if (kp_cursor_peek(&walk->in) == '<')
			return kp_cursor_complain(&walk->in, walk->in.at, 1,
			    "\"<\" is \"&lt;\" in an attribute");
		if (kp_xml_is_blank(kp_cursor_peek(&walk->in)))
			take_line_break(walk, ' ');
		else if (!take_reference(walk, entity))
			return false;
	}
}

/* A quoted value; nobody's where a DTD has to tell, or it is a namespace. */
static bool
take_quoted(struct walk *walk, bool is_syntax, uint32_t key)
{
	size_t start = walk->in.at;
	char quote = kp_cursor_peek(&walk->in);
	struct kp_item *item;

	if (quote != '"' && quote != '\'') {
		kp_cursor_complain(&walk->in, start, 1,
		    "a quote is missing here");
		return kp_diag_hint(walk->in.diags,
		    "write double quotes around the value");
	}
	walk->in.at++;
	kp_buf_cut(&walk->value, 0);
	if (!take_inside(walk, quote, &is_syntax))
		return false;
	walk->in.at++;
	item = add_item(walk, is_syntax ? KP_SYNTAX : KP_SCALAR, start, key);
	if (item == NULL)
		return false;
	item->style = KP_ATTRIBUTE;
	item->value = keep_value(walk, start + 1, walk->in.at - 1);
	return true;
}

/* The name with "@" before it, as it stands in a path. */
static bool
add_attribute(struct walk *walk, struct kp_str name, uint32_t parent)
{
	struct kp_item *item = kp_scan_add(walk->scan, KP_KEY,
	    walk->in.at - name.len, walk->in.at, parent);

	if (item == NULL)
		return false;
	kp_buf_cut(&walk->value, 0);
	kp_buf_add_char(&walk->value, '@');
	kp_buf_add(&walk->value, name);
	item->value = kp_scan_store(walk->scan, kp_buf_view(&walk->value));
	return note_name(walk, name);
}

static bool
take_attribute(struct walk *walk, uint32_t parent)
{
	uint32_t key = (uint32_t)walk->scan->count;
	struct kp_str name;

	if (!take_name(walk, &name))
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "an attribute, \">\" or \"/>\" is missing here");
	if (!add_attribute(walk, name, parent))
		return false;
	skip_blank(walk);
	if (!kp_cursor_take_word(&walk->in, "="))
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "\"=\" is missing here");
	skip_blank(walk);
	return take_quoted(walk,
	    kp_str_is(name, "xmlns") || kp_str_starts(name, "xmlns:"), key);
}

/* --- elements --- */

static bool
take_attributes(struct walk *walk, uint32_t key)
{
	walk->nnames = 0;
	for (;;) {
		size_t start = walk->in.at;

		skip_blank(walk);
		if (kp_cursor_peek(&walk->in) == '>' ||
		    kp_cursor_peek(&walk->in) == '/')
			return check_names(walk);
		if (walk->in.at == start)
			return kp_cursor_complain(&walk->in, start, 1,
			    "a blank, \">\" or \"/>\" is missing here");
		if (!take_attribute(walk, key))
			return false;
	}
}

/* What ends a start tag; "/>" is the element's empty scalar. */
static bool
end_tag(struct walk *walk, uint32_t key)
{
	size_t start = walk->in.at;
	struct kp_item *item;

	if (kp_cursor_take_word(&walk->in, ">")) {
		walk->open[walk->depth++] = key;
		walk->fresh = true;
		return true;
	}
	if (!kp_cursor_take_word(&walk->in, "/>"))
		return kp_cursor_complain(&walk->in, start, 1,
		    "\">\" is missing here");
	item = add_item(walk, KP_SCALAR, start, key);
	if (item == NULL)
		return false;
	item->role = KP_XML_WHOLE;
	item->value = kp_str_of("");
	walk->fresh = false;
	return true;
}

static bool
take_start(struct walk *walk)
{
	size_t start = walk->in.at++;
	uint32_t key = (uint32_t)walk->scan->count, parent = owner_of(walk);
	struct kp_str name;

	if (walk->depth == DEPTH_MAX)
		return kp_diag_at(walk->in.diags, walk->scan->src, start, 1,
		    "nested deeper than %d levels", DEPTH_MAX);
	if (!take_name(walk, &name))
		return kp_cursor_complain(&walk->in, start, 1,
		    "\"<\" begins no tag here; alone it is \"&lt;\"");
	if (add_item(walk, KP_KEY, start + 1, parent) == NULL)
		return false;
	if (parent != KP_NO_PARENT)
		walk->scan->items[parent].role |= KP_XML_PARENT;
	return take_attributes(walk, key) && end_tag(walk, key);
}

/* Placeholders in both tags of one element are told apart by their numbers. */
static bool
is_same_name(struct kp_str start, struct kp_str end)
{
	return kp_str_eq(start, end) ||
	    (kp_scan_has_sentinel(start) && kp_scan_has_sentinel(end));
}

static bool
fail_end(struct walk *walk, size_t start, const struct kp_item *key)
{
	const struct kp_source *src = walk->scan->src;
	size_t offset = kp_source_origin(&src, key->start);

	kp_cursor_complain(&walk->in, start, walk->in.at - start,
	    "another element has to end first");
	return kp_diag_hint(walk->in.diags, "it begins in line %u",
	    kp_source_place(src, offset).line);
}

static bool
take_end(struct walk *walk)
{
	const struct kp_item *key = &walk->scan->items[owner_of(walk)];
	size_t start = walk->in.at;
	struct kp_str name;

	walk->in.at += strlen("</");
	if (!take_name(walk, &name) || !is_same_name(key->value, name))
		return fail_end(walk, start, key);
	skip_blank(walk);
	if (!kp_cursor_take_word(&walk->in, ">"))
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "\">\" is missing here");
	walk->depth--;
	walk->fresh = false;
	return true;
}

/* Text of the innermost element, and the markup behind it. */
static bool
step(struct walk *walk)
{
	struct kp_str rest;

	if (!take_run(walk))
		return false;
	rest = kp_cursor_rest(&walk->in);
	if (rest.len == 0)
		return kp_cursor_complain(&walk->in,
		    walk->scan->items[owner_of(walk)].start - 1, 1,
		    "an element has no end tag");
	if (kp_str_starts(rest, "</"))
		return take_end(walk);
	if (rest.ptr[0] == '<' && !kp_str_starts(rest, "<!") &&
	    !kp_str_starts(rest, "<?"))
		return take_start(walk);
	walk->fresh = false;
	if (rest.ptr[0] == '&')
		return take_entity(walk);
	if (kp_str_starts(rest, "<!--"))
		return take_comment(walk);
	if (kp_str_starts(rest, "<?"))
		return take_instruction(walk);
	return kp_cursor_complain(&walk->in, walk->in.at, 2,
	    "no declaration can stand here");
}

/* --- the whole --- */

/* Is it text of an element of this role? */
static bool
is_text_of(const struct kp_scan *scan, const struct kp_item *item,
    enum kp_xml_role role)
{
	return item->kind == KP_SCALAR && item->parent != KP_NO_PARENT &&
	    (scan->items[item->parent].role & role) != 0;
}

static bool
is_blank_run(const struct kp_scan *scan, const struct kp_item *item)
{
	return is_text_of(scan, item, KP_XML_PARENT) &&
	    item->style == KP_BARE &&
	    kp_xml_skip_blank(scan->src->text, item->start) >= item->end;
}

/*
 * Blanks between elements lay a text out.  Text beside what a DTD tells is
 * not all that is read there: it has no path.  Only now all is known of the
 * elements.
 */
static void
settle_runs(struct kp_scan *scan)
{
	uint32_t *moved = calloc(scan->count + 1, sizeof(*moved));
	size_t kept = 0, i;

	if (moved == NULL) {
		scan->failed = true;
		return;
	}
	for (i = 0; i < scan->count; i++) {
		struct kp_item item = scan->items[i];

		/* Its parent is before it, and has moved already. */
		if (item.parent != KP_NO_PARENT)
			item.parent = moved[item.parent];
		if (is_blank_run(scan, &item))
			continue;
		if (is_text_of(scan, &item, KP_XML_ENTITY_TEXT))
			item.parent = KP_NO_PARENT;
		moved[i] = (uint32_t)kept;
		scan->items[kept++] = item;
	}
	scan->count = kept;
	free(moved);
}

/* Nothing but characters of XML, in what the text says is its encoding. */
static bool
check_text(struct walk *walk)
{
	size_t at = kp_xml_skip_mark(walk->in.text);
	uint32_t rune;

	while (at < walk->in.text.len) {
		size_t start = at;

		if (walk->charset != KP_XML_UTF8)
			rune = (unsigned char)walk->in.text.ptr[at++];
		else if (!kp_utf8_next(walk->in.text, &at, &rune))
			return kp_diag_at(walk->in.diags, walk->scan->src, at,
			    1, "is not UTF-8");
		if (!kp_xml_is_char(rune))
			return kp_cursor_complain(&walk->in, start, 1,
			    "there is no such character in XML");
		if (walk->charset == KP_XML_ASCII && rune > 0x7f)
			return kp_cursor_complain(&walk->in, start, 1,
			    "this is not ASCII");
	}
	return true;
}

static bool
take_declaration(struct walk *walk)
{
	size_t start = kp_xml_skip_mark(walk->in.text);
	struct kp_xml_fault fault;

	if (!kp_xml_read_declaration(walk->in.text, &walk->charset,
	        &walk->in.at, &fault))
		return kp_cursor_complain(&walk->in, fault.at, fault.len,
		    fault.what);
	return walk->in.at == start ||
	    add_item(walk, KP_SYNTAX, start, KP_NO_PARENT) != NULL;
}

static bool
walk_text(struct walk *walk)
{
	if (!take_declaration(walk) || !check_text(walk) ||
	    !take_misc(walk, true))
		return false;
	if (kp_cursor_peek(&walk->in) != '<')
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "the root element is missing here");
	if (!take_start(walk))
		return false;
	while (walk->depth > 0) {
		if (!step(walk))
			return false;
	}
	if (!take_misc(walk, false))
		return false;
	return kp_cursor_at_end(&walk->in) ||
	    kp_cursor_complain(&walk->in, walk->in.at, 1,
	        "there is more behind the end of the root element");
}

static bool
scan_xml(struct kp_scan *scan, struct kp_diags *diags)
{
	struct walk walk = {
		.scan = scan,
		.in = {
			.src = scan->src,
			.diags = diags,
			.text = scan->src->text,
			.verdict = "not well-formed XML: ",
		},
	};
	bool done;

	/* Without memory there is nothing else to report. */
	done = walk_text(&walk) || scan->failed;
	scan->failed = scan->failed || !kp_buf_ok(&walk.value);
	kp_buf_wipe(&walk.value);
	free(walk.names);
	if (done)
		settle_runs(scan);
	return done;
}

/* The dot before "@" may be left out: db.@port, db@port. */
static bool
is_same_path(struct kp_str a, struct kp_str b)
{
	size_t i = 0, j = 0;

	for (;;) {
		i += kp_str_starts(kp_str_slice(a, i, a.len), ".@");
		j += kp_str_starts(kp_str_slice(b, j, b.len), ".@");
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.ptr[i++] != b.ptr[j++])
			return false;
	}
}

const struct kp_format kp_format_xml = {
	.name = "xml",
	.scan = scan_xml,
	.encode = kp_xml_encode,
	.insert = kp_xml_insert,
	.same_key = is_same_path,
};
