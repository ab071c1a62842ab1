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
	struct kp_diags *diags;
	struct kp_str text;
	size_t at;
	enum kp_xml_charset charset;
	bool declares;        /* entities may have been declared */
	bool fresh;           /* nothing but text since the start tag */
	struct kp_buf value;  /* owned: the scalar being read */
	struct kp_str *names; /* owned: of the attributes of a tag */
	size_t nnames, names_cap;
	size_t depth;
	uint32_t open[DEPTH_MAX]; /* the keys of open elements */
};

static bool
complain(struct walk *walk, size_t at, size_t len, const char *what)
{
	return kp_diag_at(walk->diags, walk->scan->src, at, len,
	    "not well-formed XML: %s", what);
}

static bool
at_end(const struct walk *walk)
{
	return walk->at == walk->text.len;
}

/* The byte at the cursor; NUL, which no text holds, at the end. */
static char
peek(const struct walk *walk)
{
	return at_end(walk) ? '\0' : walk->text.ptr[walk->at];
}

static struct kp_str
rest_of(const struct walk *walk)
{
	return kp_str_slice(walk->text, walk->at, walk->text.len);
}

static bool
take(struct walk *walk, const char *word)
{
	if (!kp_str_starts(rest_of(walk), word))
		return false;
	walk->at += strlen(word);
	return true;
}

static void
skip_blank(struct walk *walk)
{
	walk->at = kp_xml_skip_blank(walk->text, walk->at);
}

/* Past the next end; what begins at start has none: what. */
static bool
skip_past(struct walk *walk, const char *end, size_t start, const char *what)
{
	size_t hit = kp_str_find_str(rest_of(walk), kp_str_of(end));

	if (hit == KP_NPOS)
		return complain(walk, start, 1, what);
	walk->at += hit + strlen(end);
	return true;
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
	size_t end = kp_xml_name_end(walk->text, walk->at, walk->charset);

	*name = kp_str_slice(walk->text, walk->at, end);
	walk->at = end;
	return name->len > 0;
}

/* An item from start to the cursor. */
static struct kp_item *
add_item(struct walk *walk, enum kp_kind kind, size_t start, uint32_t parent)
{
	return kp_scan_add(walk->scan, kind, start, walk->at, parent);
}

/* What was read into .value, which mostly is what is written. */
static struct kp_str
keep_value(struct walk *walk, size_t start, size_t end)
{
	struct kp_str written = kp_str_slice(walk->text, start, end);
	struct kp_str value = kp_buf_view(&walk->value);

	return kp_str_eq(written, value) ? written :
	                                   kp_scan_store(walk->scan, value);
}

/* --- comments, instructions, the DOCTYPE --- */

/* Production [15]. */
static bool
skip_comment(struct walk *walk)
{
	size_t start = walk->at;

	walk->at += strlen("<!--");
	if (!skip_past(walk, "--", start, "a comment has no end"))
		return false;
	if (!take(walk, ">"))
		return complain(walk, walk->at - 2, 2,
		    "\"--\" cannot stand in a comment");
	return true;
}

static bool
take_comment(struct walk *walk)
{
	size_t start = walk->at;

	return skip_comment(walk) &&
	    add_item(walk, KP_COMMENT, start, owner_of(walk)) != NULL;
}

/* Production [16]. */
static bool
skip_instruction(struct walk *walk)
{
	size_t start = walk->at;
	struct kp_str name;

	walk->at += strlen("<?");
	if (!take_name(walk, &name))
		return complain(walk, walk->at, 1, "a name is missing here");
	if (kp_str_is_nocase(name, "xml"))
		return complain(walk, start, walk->at - start,
		    "nothing can stand before this declaration");
	if (!kp_xml_is_blank(peek(walk)) && !kp_str_starts(rest_of(walk), "?>"))
		return complain(walk, walk->at, 1, "\"?>\" is missing here");
	return skip_past(walk, "?>", start, "an instruction has no end");
}

static bool
take_instruction(struct walk *walk)
{
	size_t start = walk->at;

	return skip_instruction(walk) &&
	    add_item(walk, KP_SYNTAX, start, owner_of(walk)) != NULL;
}

static bool
skip_literal(struct walk *walk)
{
	const char quote[] = { peek(walk), '\0' };
	size_t start = walk->at++;

	return skip_past(walk, quote, start, "this quote is not closed");
}

static bool
fail_declaration(struct walk *walk)
{
	return complain(walk, walk->at, 1,
	    "this cannot stand in a declaration");
}

/* "<!ENTITY ...>" and its like, in a DOCTYPE. */
static bool
skip_markup_declaration(struct walk *walk)
{
	size_t start = walk->at++;

	while (!take(walk, ">")) {
		if (at_end(walk))
			return complain(walk, start, 1,
			    "a declaration has no end");
		if (peek(walk) == '<')
			return fail_declaration(walk);
		if (peek(walk) != '"' && peek(walk) != '\'')
			walk->at++;
		else if (!skip_literal(walk))
			return false;
	}
	return true;
}

/* Behind "[", up to "]". */
static bool
skip_subset(struct walk *walk)
{
	bool good = true;

	while (good && !at_end(walk) && !take(walk, "]")) {
		if (kp_str_starts(rest_of(walk), "<!--"))
			good = skip_comment(walk);
		else if (kp_str_starts(rest_of(walk), "<?"))
			good = skip_instruction(walk);
		else if (kp_str_starts(rest_of(walk), "<!"))
			good = skip_markup_declaration(walk);
		else if (peek(walk) == '<')
			good = fail_declaration(walk);
		else
			walk->at++;
	}
	return good;
}

/* From behind its name up to ">". */
static bool
skip_doctype(struct walk *walk)
{
	bool good = true;

	walk->declares = false;
	while (good && !at_end(walk) && peek(walk) != '>') {
		char c = peek(walk);

		walk->declares |= c == '[' || c == '"' || c == '\'';
		if (c == '<')
			good = fail_declaration(walk);
		else if (c == '"' || c == '\'')
			good = skip_literal(walk);
		else if (take(walk, "["))
			good = skip_subset(walk);
		else
			walk->at++;
	}
	return good;
}

/* Production [28], as far as it takes to find the end. */
static bool
take_doctype(struct walk *walk)
{
	size_t start = walk->at;
	struct kp_item *item;
	struct kp_str name;

	walk->at += strlen("<!DOCTYPE");
	skip_blank(walk);
	if (!take_name(walk, &name))
		return complain(walk, walk->at, 1, "a name is missing here");
	if (!skip_doctype(walk))
		return false;
	if (!take(walk, ">"))
		return complain(walk, start, 1, "a declaration has no end");
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
		if (kp_str_starts(rest_of(walk), "<!--")) {
			good = take_comment(walk);
		} else if (kp_str_starts(rest_of(walk), "<?")) {
			good = take_instruction(walk);
		} else if (before &&
		    kp_str_starts(rest_of(walk), "<!DOCTYPE")) {
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
	size_t start = walk->at;
	size_t end = kp_xml_reference_end(walk->text, start, &rune);

	if (end == 0)
		return complain(walk, start, 1,
		    "\"&\" begins no reference here; alone it is \"&amp;\"");
	walk->at = end;
	if (rune == KP_XML_ENTITY) {
		*entity = true;
		return walk->declares ||
		    complain(walk, start, end - start,
		        "nothing declares this entity");
	}
	if (!kp_xml_is_char(rune))
		return complain(walk, start, end - start,
		    "there is no such character in XML");
	kp_utf8_add(&walk->value, rune);
	return true;
}

/* A line ending of any kind is a line feed (section 2.11). */
static void
take_line_break(struct walk *walk, char read_as)
{
	if (!take(walk, "\r\n"))
		walk->at++;
	kp_buf_add_char(&walk->value, read_as);
}

/* Up to a byte of stops, or the end; returns what was passed. */
static struct kp_str
take_plain(struct walk *walk, const char *stops)
{
	size_t start = walk->at;
	struct kp_str plain;

	while (!at_end(walk) && strchr(stops, peek(walk)) == NULL)
		walk->at++;
	plain = kp_str_slice(walk->text, start, walk->at);
	kp_buf_add(&walk->value, plain);
	return plain;
}

static bool
take_section(struct walk *walk)
{
	size_t start = walk->at, end;

	walk->at += strlen(SECTION);
	end = kp_str_find_str(rest_of(walk), kp_str_of(SECTION_END));
	if (end == KP_NPOS)
		return complain(walk, start, 1, "a CDATA section has no end");
	end += walk->at;
	while (walk->at < end) {
		size_t from = walk->at;
		size_t cr =
		    kp_str_find(kp_str_slice(walk->text, from, end), '\r');

		walk->at = cr == KP_NPOS ? end : from + cr;
		kp_buf_add(&walk->value,
		    kp_str_slice(walk->text, from, walk->at));
		if (walk->at < end)
			take_line_break(walk, '\n');
	}
	walk->at = end + strlen(SECTION_END);
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
		return complain(walk, walk->at - plain.len + bad,
		    strlen(SECTION_END), "\"]]>\" cannot stand in text");
	switch (peek(walk)) {
	case '\r':
		take_line_break(walk, '\n');
		return true;
	case '&':
		*more =
		    kp_xml_reference_end(walk->text, walk->at, &rune) == 0 ||
		    rune != KP_XML_ENTITY;
		return !*more || take_reference(walk, &entity);
	default:
		*more = kp_str_starts(rest_of(walk), SECTION);
		return !*more || take_section(walk);
	}
}

/* Text and sections up to other markup: one scalar, unless it is nothing. */
static bool
take_run(struct walk *walk)
{
	size_t start = walk->at;
	bool more = true, whole;
	struct kp_item *item;

	kp_buf_cut(&walk->value, 0);
	while (more) {
		if (!take_text(walk, &more))
			return false;
	}
	whole = walk->fresh && kp_str_starts(rest_of(walk), "</");
	if (walk->at == start && !whole)
		return true;
	item = add_item(walk, KP_SCALAR, start, owner_of(walk));
	if (item == NULL)
		return false;
	item->style =
	    kp_str_find_str(item->value, kp_str_of(SECTION)) == KP_NPOS ?
	    KP_BARE :
	    KP_CDATA;
	item->role = whole ? KP_XML_WHOLE : 0;
	item->value = keep_value(walk, start, walk->at);
	return true;
}

static bool
take_entity(struct walk *walk)
{
	size_t start = walk->at;
	bool entity;

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
	int order = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	if (order != 0)
		return order;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
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
			return complain(walk,
			    (size_t)(walk->names[i].ptr - walk->text.ptr),
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
	size_t start = walk->at - 1;

	for (;;) {
		take_plain(walk, stops);
		if (at_end(walk))
			return complain(walk, start, 1,
			    "this quote is not closed");
		if (peek(walk) == quote)
			return true;
		if (peek(walk) == '<')
			return complain(walk, walk->at, 1,
			    "\"<\" is \"&lt;\" in an attribute");
		if (kp_xml_is_blank(peek(walk)))
			take_line_break(walk, ' ');
		else if (!take_reference(walk, entity))
			return false;
	}
}

/* A quoted value; nobody's where a DTD has to tell, or it is a namespace. */
static bool
take_quoted(struct walk *walk, bool is_syntax, uint32_t key)
{
	size_t start = walk->at;
	char quote = peek(walk);
	struct kp_item *item;

	if (quote != '"' && quote != '\'') {
		complain(walk, start, 1, "a quote is missing here");
		return kp_diag_hint(walk->diags,
		    "write double quotes around the value");
	}
	walk->at++;
	kp_buf_cut(&walk->value, 0);
	if (!take_inside(walk, quote, &is_syntax))
		return false;
	walk->at++;
	item = add_item(walk, is_syntax ? KP_SYNTAX : KP_SCALAR, start, key);
	if (item == NULL)
		return false;
	item->style = KP_ATTRIBUTE;
	item->value = keep_value(walk, start + 1, walk->at - 1);
	return true;
}

/* The name with "@" before it, as it stands in a path. */
static bool
add_attribute(struct walk *walk, struct kp_str name, uint32_t parent)
{
	struct kp_item *item = kp_scan_add(walk->scan, KP_KEY,
	    walk->at - name.len, walk->at, parent);

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
		return complain(walk, walk->at, 1,
		    "an attribute, \">\" or \"/>\" is missing here");
	if (!add_attribute(walk, name, parent))
		return false;
	skip_blank(walk);
	if (!take(walk, "="))
		return complain(walk, walk->at, 1, "\"=\" is missing here");
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
		size_t start = walk->at;

		skip_blank(walk);
		if (peek(walk) == '>' || peek(walk) == '/')
			return check_names(walk);
		if (walk->at == start)
			return complain(walk, start, 1,
			    "a blank, \">\" or \"/>\" is missing here");
		if (!take_attribute(walk, key))
			return false;
	}
}

/* What ends a start tag; "/>" is the element's empty scalar. */
static bool
end_tag(struct walk *walk, uint32_t key)
{
	size_t start = walk->at;
	struct kp_item *item;

	if (take(walk, ">")) {
		walk->open[walk->depth++] = key;
		walk->fresh = true;
		return true;
	}
	if (!take(walk, "/>"))
		return complain(walk, start, 1, "\">\" is missing here");
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
	size_t start = walk->at++;
	uint32_t key = (uint32_t)walk->scan->count, parent = owner_of(walk);
	struct kp_str name;

	if (walk->depth == DEPTH_MAX)
		return kp_diag_at(walk->diags, walk->scan->src, start, 1,
		    "nested deeper than %d levels", DEPTH_MAX);
	if (!take_name(walk, &name))
		return complain(walk, start, 1,
		    "\"<\" begins no tag here; alone it is \"&lt;\"");
	if (add_item(walk, KP_KEY, start + 1, parent) == NULL)
		return false;
	if (parent != KP_NO_PARENT)
		walk->scan->items[parent].role = KP_XML_PARENT;
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

	complain(walk, start, walk->at - start,
	    "another element has to end first");
	return kp_diag_hint(walk->diags, "it begins in line %u",
	    kp_source_place(src, offset).line);
}

static bool
take_end(struct walk *walk)
{
	const struct kp_item *key = &walk->scan->items[owner_of(walk)];
	size_t start = walk->at;
	struct kp_str name;

	walk->at += strlen("</");
	if (!take_name(walk, &name) || !is_same_name(key->value, name))
		return fail_end(walk, start, key);
	skip_blank(walk);
	if (!take(walk, ">"))
		return complain(walk, walk->at, 1, "\">\" is missing here");
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
	rest = rest_of(walk);
	if (rest.len == 0)
		return complain(walk,
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
	return complain(walk, walk->at, 2, "no declaration can stand here");
}

/* --- the whole --- */

static bool
is_blank_run(const struct kp_scan *scan, const struct kp_item *item)
{
	return item->kind == KP_SCALAR && item->style == KP_BARE &&
	    item->parent != KP_NO_PARENT &&
	    scan->items[item->parent].role == KP_XML_PARENT &&
	    kp_xml_skip_blank(scan->src->text, item->start) >= item->end;
}

/* Blanks between elements lay a text out; only now all elements are known. */
static void
drop_blank_runs(struct kp_scan *scan)
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
	size_t at = kp_xml_skip_mark(walk->text);
	uint32_t rune;

	while (at < walk->text.len) {
		size_t start = at;

		if (walk->charset != KP_XML_UTF8)
			rune = (unsigned char)walk->text.ptr[at++];
		else if (!kp_utf8_next(walk->text, &at, &rune))
			return kp_diag_at(walk->diags, walk->scan->src, at, 1,
			    "is not UTF-8");
		if (!kp_xml_is_char(rune))
			return complain(walk, start, 1,
			    "there is no such character in XML");
		if (walk->charset == KP_XML_ASCII && rune > 0x7f)
			return complain(walk, start, 1, "this is not ASCII");
	}
	return true;
}

static bool
take_declaration(struct walk *walk)
{
	size_t start = kp_xml_skip_mark(walk->text);
	struct kp_xml_fault fault;

	if (!kp_xml_read_declaration(walk->text, &walk->charset, &walk->at,
	        &fault))
		return complain(walk, fault.at, fault.len, fault.what);
	return walk->at == start ||
	    add_item(walk, KP_SYNTAX, start, KP_NO_PARENT) != NULL;
}

static bool
walk_text(struct walk *walk)
{
	if (!take_declaration(walk) || !check_text(walk) ||
	    !take_misc(walk, true))
		return false;
	if (peek(walk) != '<')
		return complain(walk, walk->at, 1,
		    "the root element is missing here");
	if (!take_start(walk))
		return false;
	while (walk->depth > 0) {
		if (!step(walk))
			return false;
	}
	if (!take_misc(walk, false))
		return false;
	return at_end(walk) ||
	    complain(walk, walk->at, 1,
	        "there is more behind the end of the root element");
}

static bool
scan_xml(struct kp_scan *scan, struct kp_diags *diags)
{
	struct walk walk = {
		.scan = scan,
		.diags = diags,
		.text = scan->src->text,
	};
	bool done;

	/* Without memory there is nothing else to report. */
	done = walk_text(&walk) || scan->failed;
	scan->failed = scan->failed || !kp_buf_ok(&walk.value);
	kp_buf_wipe(&walk.value);
	free(walk.names);
	if (done)
		drop_blank_runs(scan);
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
