/* SPDX-License-Identifier: MIT */
/*
 * yaml - YAML as libyaml and its ports in Go, Python and elsewhere read it.
 *
 * libyaml parses; its events tell the style, the decoded value and the marks
 * of each node.  Marks count characters, items count bytes, so a cursor
 * walks along.  What events do not tell is found in the text: comments are
 * in the gaps between nodes, where a "#" can be nothing else; properties
 * (&anchor, !tag) are before a node's own text; and a block scalar ends with
 * its last line of content, where libyaml's mark is at the next node.
 */
#include "format/yaml.h"

#include "base/utf8.h"
#include "format/formats.h"

#include <string.h>
#include <yaml.h>

/* libyaml takes time quadratic in the depth. */
#define DEPTH_MAX 64

/* A key that is no scalar has no name that a path could give. */
#define UNNAMED "?"

/* An open mapping or sequence. */
struct level {
	uint32_t parent; /* the item that it is the value of */
	uint32_t key;    /* of a mapping: the key whose value is next */
	uint32_t count;  /* of a sequence: entries so far */
	bool mapping, flow, value_next;
};

struct walk {
	struct kp_scan *scan;
	struct kp_diags *diags;
	struct kp_str text;
	yaml_parser_t parser;
	size_t character, byte; /* the same place, counted in two ways ... */
	bool ascii;             /* ... which are one */
	size_t done;            /* where the last item ended */
	size_t documents;
	struct kp_buf anchors; /* owned: of this document, a NUL around each */
	size_t depth;
	struct level levels[DEPTH_MAX];
};

/* A node that has begun: where, and what it belongs to. */
struct node {
	size_t gap;        /* where what is before it ended */
	size_t start, end; /* as written; its properties come off the front */
	uint32_t parent;
	bool key, tagged, anchored;
};

/* --- characters and bytes --- */

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static void
step_forward(struct walk *walk)
{
	walk->character++;
	walk->byte++;
	while (walk->byte < walk->text.len &&
	    is_continuation(walk->text.ptr[walk->byte]))
		walk->byte++;
}

static void
step_back(struct walk *walk)
{
	walk->character--;
	walk->byte--;
	while (walk->byte > 0 && is_continuation(walk->text.ptr[walk->byte]))
		walk->byte--;
}

static size_t
byte_of(struct walk *walk, yaml_mark_t mark)
{
	if (walk->ascii)
		return mark.index < walk->text.len ? mark.index :
		                                     walk->text.len;
	while (walk->character < mark.index && walk->byte < walk->text.len)
		step_forward(walk);
	while (walk->character > mark.index)
		step_back(walk);
	return walk->byte;
}

/* --- items --- */

static struct level *
innermost(struct walk *walk)
{
	return walk->depth == 0 ? NULL : &walk->levels[walk->depth - 1];
}

static struct kp_item *
add_item(struct walk *walk, enum kp_kind kind, size_t start, size_t end,
    uint32_t parent)
{
	struct kp_item *item =
	    kp_scan_add(walk->scan, kind, start, end, parent);
	const struct level *level = innermost(walk);

	if (item == NULL)
		return NULL;
	if (level != NULL && level->flow)
		item->role |= KP_YAML_FLOW;
	if (walk->documents > 1)
		item->role |= KP_YAML_LATER;
	walk->done = end;
	return item;
}

static uint32_t
last_item(const struct walk *walk)
{
	return (uint32_t)(walk->scan->count - 1);
}

static size_t
line_end(struct kp_str text, size_t at)
{
	while (at < text.len && kp_yaml_text_break(text, at) == 0)
		at++;
	return at;
}

/* Add the comments between the last item and end. */
static void
add_comments(struct walk *walk, size_t end)
{
	const struct level *level = innermost(walk);
	uint32_t parent = level == NULL ? KP_NO_PARENT : level->parent;
	size_t sharp;

	while (walk->done < end) {
		sharp =
		    kp_str_find(kp_str_slice(walk->text, walk->done, end), '#');
		if (sharp == KP_NPOS)
			return;
		sharp += walk->done;
		if (add_item(walk, KP_COMMENT, sharp,
		        line_end(walk->text, sharp), parent) == NULL)
			return;
	}
}

/* Past blanks, line breaks and comments, but not past end. */
static size_t
skip_gap(struct kp_str text, size_t at, size_t end)
{
	size_t len;

	while (at < end) {
		len = kp_yaml_text_break(text, at);
		if (len == 0 && kp_is_blank(text.ptr[at]))
			len = 1;
		if (len == 0 && text.ptr[at] == '#')
			len = line_end(text, at) - at;
		if (len == 0)
			break;
		at += len;
	}
	return at < end ? at : end;
}

/* Of a tag, which ends at a blank, in flow at a comma too. */
static size_t
tag_end(struct kp_str text, size_t at)
{
	bool verbatim = at + 1 < text.len && text.ptr[at + 1] == '<';

	while (at < text.len && kp_yaml_text_break(text, at) == 0 &&
	    !kp_is_blank(text.ptr[at]) && (verbatim || text.ptr[at] != ','))
		at++;
	return at;
}

/* Of an anchor, which ends at the first byte that no name can hold. */
static size_t
anchor_end(struct kp_str text, size_t at)
{
	do
		at++;
	while (at < text.len &&
	    (kp_is_alnum(text.ptr[at]) || text.ptr[at] == '_' ||
	        text.ptr[at] == '-'));
	return at;
}

/* Add a node's anchor and tag; node->start moves to its own text. */
static void
add_properties(struct walk *walk, struct node *node)
{
	const char *p = walk->text.ptr;
	uint32_t parent = node->parent;
	size_t end;

	while (node->start < node->end &&
	    (p[node->start] == '&' || p[node->start] == '!')) {
		if (p[node->start] == '&') {
			node->anchored = true;
			end = anchor_end(walk->text, node->start);
		} else {
			node->tagged = true;
			end = tag_end(walk->text, node->start);
		}
		add_comments(walk, node->start);
		if (add_item(walk, KP_SYNTAX, node->start, end, parent) == NULL)
			return;
		node->start = skip_gap(walk->text, end, node->end);
	}
	add_comments(walk, node->start);
}

/* --- places --- */

/* A key that is a collection or an alias: a nameless one stands for it. */
static void
add_unnamed_key(struct walk *walk, struct level *level, struct node *node)
{
	struct kp_item *item =
	    add_item(walk, KP_KEY, node->start, node->start, level->parent);

	if (item == NULL)
		return;
	item->value = kp_str_of(UNNAMED);
	item->role |= KP_YAML_NOWHERE;
	level->key = last_item(walk);
	node->parent = level->key;
}

static void
add_element(struct walk *walk, struct level *level, struct node *node)
{
	struct kp_item *item =
	    add_item(walk, KP_ELEMENT, node->start, node->start, level->parent);

	if (item == NULL)
		return;
	item->index = level->count++;
	node->parent = last_item(walk);
}

/* Find what the node of this event belongs to, and list that. */
static struct node
begin_node(struct walk *walk, const yaml_event_t *event)
{
	struct level *level = innermost(walk);
	struct node node = { .parent = KP_NO_PARENT };

	node.start = byte_of(walk, event->start_mark);
	node.end = byte_of(walk, event->end_mark);
	add_comments(walk, node.start);
	node.gap = walk->done;
	if (level == NULL)
		return node;
	if (!level->mapping) {
		add_element(walk, level, &node);
		return node;
	}
	node.key = !level->value_next;
	node.parent = node.key ? level->parent : level->key;
	level->value_next = node.key;
	if (node.key && event->type != YAML_SCALAR_EVENT)
		add_unnamed_key(walk, level, &node);
	return node;
}

/* --- scalars --- */

static enum kp_style
style_of(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return KP_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return KP_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
		return KP_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return KP_FOLDED;
	default:
		return KP_BARE;
	}
}

/* The tag as resolved by libyaml; for "!" it may have none. */
static enum kp_yaml_tag
tag_of(const yaml_char_t *resolved, bool tagged)
{
	static const struct {
		const char *name;
		enum kp_yaml_tag tag;
	} tags[] = {
		{ "str", KP_YAML_TAG_STR },
		{ "int", KP_YAML_TAG_INT },
		{ "float", KP_YAML_TAG_FLOAT },
		{ "bool", KP_YAML_TAG_BOOL },
		{ "binary", KP_YAML_TAG_BINARY },
	};
	static const struct kp_str core = KP_STR("tag:yaml.org,2002:");
	struct kp_str tag = kp_str_of((const char *)resolved);
	size_t i;

	if (!tagged)
		return KP_YAML_TAG_NONE;
	if (tag.len == 0 || kp_str_is(tag, "!"))
		return KP_YAML_TAG_ALONE;
	if (!kp_str_starts(tag, core.ptr))
		return KP_YAML_TAG_OWN;
	tag = kp_str_slice(tag, core.len, tag.len);
	for (i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (kp_str_is(tag, tags[i].name))
			return tags[i].tag;
	}
	return KP_YAML_TAG_CORE;
}

/* Where a tag says what becomes of the text, its spelling does not. */
static enum kp_type
type_of(const struct kp_item *item, enum kp_yaml_tag tag)
{
	return tag == KP_YAML_TAG_NONE && item->style == KP_BARE ?
	    kp_yaml_text_type(item->value) :
	    KP_STRING;
}

/*
 * The line of content that ends a block scalar is the last one that is
 * longer than the indentation; shorter ones are blank.
 */
static size_t
content_end(struct kp_str text, size_t at, size_t end, uint32_t indent)
{
	size_t found = line_end(text, at), stop;

	at = found + kp_yaml_text_break(text, found);
	while (indent > 0 && at < end) {
		stop = line_end(text, at);
		if (stop - at > indent)
			found = stop;
		at = stop + kp_yaml_text_break(text, stop);
	}
	return found;
}

/* Where the last line break between at and end begins, if one ends there. */
static size_t
before_break(struct kp_str text, size_t at, size_t end)
{
	size_t back;

	for (back = 3; back > 0; back--) {
		if (end >= at + back &&
		    kp_yaml_text_break(text, end - back) == back)
			return end - back;
	}
	return end;
}

/* In "|+", "|2+" or "|+2"; the comment behind may hold anything. */
static bool
has_keep_indicator(struct kp_str header)
{
	size_t at = 1;

	while (at < header.len &&
	    (kp_is_digit(header.ptr[at]) || header.ptr[at] == '-'))
		at++;
	return at < header.len && header.ptr[at] == '+';
}

static size_t
count_blanks(struct kp_str str)
{
	size_t count = 0;

	while (count < str.len && str.ptr[count] == ' ')
		count++;
	return count;
}

/*
 * The indentation of a block scalar is what its first line of content has
 * more blanks in the text than in value; the lines before it are empty in
 * both.  0: it has no content.
 */
static uint32_t
block_indent(struct kp_str text, size_t at, size_t end, struct kp_str value)
{
	size_t value_at = 0, len;

	at = line_end(text, at);
	at += kp_yaml_text_break(text, at);
	while (value_at < value.len) {
		len = kp_yaml_text_break(value, value_at);
		if (len == 0)
			return (uint32_t)(count_blanks(
			                      kp_str_slice(text, at, end)) -
			    count_blanks(
			        kp_str_slice(value, value_at, value.len)));
		value_at += len;
		at = line_end(text, at);
		at += kp_yaml_text_break(text, at);
	}
	return 0;
}

/* With "+" the blank lines at the end count, else content ends it. */
static void
measure_block(struct walk *walk, struct kp_item *item)
{
	struct kp_str text = walk->text;
	size_t header = line_end(text, item->start);

	item->indent = block_indent(text, item->start, item->end, item->value);
	if (has_keep_indicator(kp_str_slice(text, item->start, header)))
		item->end = (uint32_t)before_break(text, header, item->end);
	else
		item->end = (uint32_t)content_end(text, item->start, item->end,
		    item->indent);
	walk->done = item->end;
}

/* In the text where it stands there as it is. */
static struct kp_str
keep_value(struct walk *walk, const struct kp_item *item, struct kp_str value)
{
	size_t quote = item->style == KP_SINGLE || item->style == KP_DOUBLE;
	struct kp_str inner =
	    kp_str_slice(walk->text, item->start + quote, item->end - quote);

	if (kp_str_eq(inner, value))
		return inner;
	return kp_scan_store(walk->scan, value);
}

/* An empty value needs the ":" or "-" before it that makes room for one. */
static bool
has_room(const struct walk *walk, const struct node *node)
{
	const struct kp_item *items = walk->scan->items;
	size_t at = node->start;
	char indicator;

	if (node->start < node->end || node->tagged || node->anchored)
		return true;
	if (node->key || node->parent == KP_NO_PARENT)
		return false;
	indicator = items[node->parent].kind == KP_ELEMENT ? '-' : ':';
	while (at > node->gap && kp_is_space(walk->text.ptr[at - 1]))
		at--;
	return at > node->gap && walk->text.ptr[at - 1] == indicator;
}

static void
add_scalar(struct walk *walk, const yaml_event_t *event, struct node *node)
{
	struct kp_str value =
	    kp_str_make((const char *)event->data.scalar.value,
	        event->data.scalar.length);
	enum kp_yaml_tag tag;
	struct kp_item *item;

	add_properties(walk, node);
	tag = tag_of(event->data.scalar.tag, node->tagged);
	item = add_item(walk, node->key ? KP_KEY : KP_SCALAR, node->start,
	    node->end, node->parent);
	if (item == NULL)
		return;
	item->style = style_of(event->data.scalar.style);
	item->value = keep_value(walk, item, value);
	item->type = type_of(item, tag);
	item->role |= (uint32_t)tag << KP_YAML_TAG_SHIFT;
	if (!has_room(walk, node))
		item->role |= KP_YAML_NOWHERE;
	if (item->style == KP_LITERAL || item->style == KP_FOLDED)
		measure_block(walk, item);
	if (node->key)
		innermost(walk)->key = last_item(walk);
}

/* --- events --- */

static bool
open_level(struct walk *walk, struct node *node, bool mapping, bool flow)
{
	if (walk->depth == DEPTH_MAX)
		return kp_diag_at(walk->diags, walk->scan->src, node->start, 1,
		    "nested deeper than %d levels", DEPTH_MAX);
	add_properties(walk, node);
	walk->levels[walk->depth++] = (struct level){
		.parent = node->parent,
		.mapping = mapping,
		.flow = flow,
	};
	return true;
}

static void
note_anchor(struct walk *walk, const yaml_char_t *anchor)
{
	if (anchor == NULL)
		return;
	if (walk->anchors.len == 0)
		kp_buf_add_char(&walk->anchors, '\0');
	kp_buf_add_text(&walk->anchors, (const char *)anchor);
	kp_buf_add_char(&walk->anchors, '\0');
}

static bool
has_anchor(struct walk *walk, const yaml_char_t *anchor)
{
	struct kp_buf wanted = { 0 };
	bool there;

	kp_buf_add_char(&wanted, '\0');
	kp_buf_add_text(&wanted, (const char *)anchor);
	kp_buf_add_char(&wanted, '\0');
	walk->scan->failed |= !kp_buf_ok(&wanted) || !kp_buf_ok(&walk->anchors);
	there = walk->scan->failed ||
	    kp_str_find_str(kp_buf_view(&walk->anchors),
	        kp_buf_view(&wanted)) != KP_NPOS;
	kp_buf_wipe(&wanted);
	return there;
}

/* libyaml's parser leaves it to the reader to know all anchors. */
static bool
take_alias(struct walk *walk, const struct node *node,
    const yaml_char_t *anchor)
{
	if (!kp_scan_has_sentinel(kp_str_of((const char *)anchor)) &&
	    !has_anchor(walk, anchor))
		return kp_diag_at(walk->diags, walk->scan->src, node->start,
		    node->end - node->start,
		    "not valid YAML: no anchor before it has this name");
	add_item(walk, KP_SYNTAX, node->start, node->end, node->parent);
	return true;
}

static bool
take_event(struct walk *walk, const yaml_event_t *event)
{
	struct node node;

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		walk->documents++;
		kp_buf_cut(&walk->anchors, 0);
		return true;
	case YAML_SCALAR_EVENT:
		note_anchor(walk, event->data.scalar.anchor);
		node = begin_node(walk, event);
		add_scalar(walk, event, &node);
		return true;
	case YAML_ALIAS_EVENT:
		node = begin_node(walk, event);
		return take_alias(walk, &node, event->data.alias.anchor);
	case YAML_SEQUENCE_START_EVENT:
		note_anchor(walk, event->data.sequence_start.anchor);
		node = begin_node(walk, event);
		return open_level(walk, &node, false,
		    event->data.sequence_start.style ==
		        YAML_FLOW_SEQUENCE_STYLE);
	case YAML_MAPPING_START_EVENT:
		note_anchor(walk, event->data.mapping_start.anchor);
		node = begin_node(walk, event);
		return open_level(walk, &node, true,
		    event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		walk->depth--;
		return true;
	default:
		return true;
	}
}

/* The problem in libyaml's own words, which never quote the text. */
static bool
report_parser(struct walk *walk)
{
	const yaml_parser_t *parser = &walk->parser;
	size_t at;

	if (parser->error == YAML_MEMORY_ERROR)
		return kp_diag_nomem(walk->diags);
	if (parser->error == YAML_READER_ERROR)
		at = parser->problem_offset;
	else
		at = byte_of(walk, parser->problem_mark);
	if (parser->context == NULL ||
	    parser->context_mark.line == parser->problem_mark.line)
		kp_diag_at(walk->diags, walk->scan->src, at, 1,
		    "not valid YAML: %s", parser->problem);
	else
		kp_diag_at(walk->diags, walk->scan->src, at, 1,
		    "not valid YAML: %s, %s from line %zu on", parser->problem,
		    parser->context, parser->context_mark.line + 1);
	if (at < walk->scan->src->text.len &&
	    walk->scan->src->text.ptr[at] == '\t')
		kp_diag_hint(walk->diags,
		    "this is a tab: YAML is indented by blanks alone");
	return false;
}

/* What was read may be a secret: leave as little of it as we can. */
static void
forget_event(yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT)
		explicit_bzero(event->data.scalar.value,
		    event->data.scalar.length);
	yaml_event_delete(event);
}

static void
forget_parser(yaml_parser_t *parser)
{
	explicit_bzero(parser->raw_buffer.start,
	    (size_t)(parser->raw_buffer.end - parser->raw_buffer.start));
	explicit_bzero(parser->buffer.start,
	    (size_t)(parser->buffer.end - parser->buffer.start));
	yaml_parser_delete(parser);
}

static bool
walk_events(struct walk *walk)
{
	yaml_event_t event;
	bool good = true, last = false;

	while (good && !last && !walk->scan->failed) {
		if (!yaml_parser_parse(&walk->parser, &event))
			return report_parser(walk);
		good = take_event(walk, &event);
		last = event.type == YAML_STREAM_END_EVENT;
		forget_event(&event);
	}
	if (good)
		add_comments(walk, walk->text.len);
	return good;
}

static bool
scan_yaml(struct kp_scan *scan, struct kp_diags *diags)
{
	struct walk walk = {
		.scan = scan,
		.diags = diags,
		.text = scan->src->text,
		.ascii = kp_utf8_is_ascii(scan->src->text),
	};
	bool done;

	if (!kp_scan_check_utf8(scan, diags))
		return false;
	if (!yaml_parser_initialize(&walk.parser))
		return kp_diag_nomem(diags);
	yaml_parser_set_encoding(&walk.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&walk.parser,
	    (const unsigned char *)(walk.text.len == 0 ? "" : walk.text.ptr),
	    walk.text.len);
	done = walk_events(&walk);
	kp_buf_wipe(&walk.anchors);
	forget_parser(&walk.parser);
	return done;
}

const struct kp_format kp_format_yaml = {
	.name = "yaml",
	.scan = scan_yaml,
	.encode = kp_yaml_encode,
	.insert = kp_yaml_insert,
	.by_lines = true,
};
