/* SPDX-License-Identifier: MIT */
/*
 * toml - TOML 1.0, as its specification at toml.io has it.
 *
 *	text   = line *( newline line )
 *	line   = [ header / pair ] [ comment ]
 *	header = "[" key "]" / "[[" key "]]"
 *	pair   = key "=" value
 *	key    = name *( "." name )
 *	value  = string / word / "[" [ value *( "," value ) [ "," ] ] "]"
 *	       / "{" [ pair *( "," pair ) ] "}"
 *
 * Each name is a key, that of a header too, so that "[a.b]" and "a.b = 1"
 * give the same paths; a header that leads through an array of tables has
 * its last element there.
 */
#include "format/toml.h"

#include "format/cursor.h"
#include "format/formats.h"

/* Where in the text's tables something is, and the item that stands there. */
struct spot {
	uint32_t node;
	uint32_t item;
};

struct walk {
	struct kp_scan *scan;
	struct kp_cursor in;
	struct kp_toml_tree tree; /* owned */
	struct kp_buf string;     /* owned: the one being read */
	uint32_t section;         /* headers so far, and one */
	struct spot table;        /* of the last header */
	uint32_t nested;          /* arrays that are open */
};

static void
skip_blank(struct walk *walk)
{
	while (kp_is_blank(kp_cursor_peek(&walk->in)))
		walk->in.at++;
}

static bool
take_break(struct walk *walk)
{
	size_t len = kp_toml_line_break(walk->in.text, walk->in.at);

	walk->in.at += len;
	return len > 0;
}

static uint32_t
last_item(const struct walk *walk)
{
	return (uint32_t)(walk->scan->count - 1);
}

static bool
take_comment(struct walk *walk)
{
	size_t start = walk->in.at;
	struct kp_item *item;

	while (walk->in.at < walk->in.text.len &&
	    !kp_toml_is_control(kp_cursor_peek(&walk->in)))
		walk->in.at++;
	if (walk->in.at < walk->in.text.len &&
	    kp_toml_line_break(walk->in.text, walk->in.at) == 0)
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "a control character in a comment");
	item = kp_scan_add(walk->scan, KP_COMMENT, start, walk->in.at,
	    walk->table.item);
	if (item == NULL)
		return false;
	if (walk->nested > 0)
		item->role = KP_TOML_INSIDE;
	return true;
}

/* --- strings and words --- */

static bool
take_string(struct walk *walk, enum kp_kind kind, uint32_t parent)
{
	struct kp_toml_fault fault = { 0 };
	size_t start = walk->in.at;
	enum kp_style style = KP_BARE;
	struct kp_item *item;
	struct kp_str inner;

	kp_buf_cut(&walk->string, 0);
	if (!kp_toml_string_take(walk->in.text, &walk->in.at, kind == KP_SCALAR,
	        &style, &walk->string, &fault))
		return kp_cursor_complain(&walk->in, fault.at, fault.len,
		    fault.what);
	item = kp_scan_add(walk->scan, kind, start, walk->in.at, parent);
	if (item == NULL)
		return false;
	item->style = style;
	inner = kp_str_slice(walk->in.text, start + 1, walk->in.at - 1);
	item->value = kp_str_eq(inner, kp_buf_view(&walk->string)) ?
	    inner :
	    kp_scan_store(walk->scan, kp_buf_view(&walk->string));
	return true;
}

static bool
is_word_char(char c)
{
	return kp_is_alnum(c) || c == '_' || c == '-' || c == '+' || c == '.' ||
	    c == ':';
}

/* A date and a time may have a blank between them. */
static void
skip_word(struct walk *walk)
{
	size_t start = walk->in.at;

	while (is_word_char(kp_cursor_peek(&walk->in)))
		walk->in.at++;
	if (kp_cursor_peek(&walk->in) != ' ' ||
	    walk->in.at + 1 == walk->in.text.len ||
	    !kp_is_digit(walk->in.text.ptr[walk->in.at + 1]) ||
	    !kp_toml_word_is_date(
	        kp_str_slice(walk->in.text, start, walk->in.at)))
		return;
	walk->in.at++;
	while (is_word_char(kp_cursor_peek(&walk->in)))
		walk->in.at++;
}

static bool
fail_word(struct walk *walk, size_t start)
{
	size_t len = walk->in.at - start;

	if (len == 0)
		return kp_cursor_complain(&walk->in, start, 1,
		    "a value is missing here");
	if (kp_scan_has_sentinel(
	        kp_str_slice(walk->in.text, start, walk->in.at))) {
		kp_cursor_complain(&walk->in, start, len,
		    "a value can be all of a bare word, not a part of it");
		return kp_diag_hint(walk->in.diags,
		    "write double quotes around the whole");
	}
	kp_cursor_complain(&walk->in, start, len,
	    "this is no number, date, true or false");
	return kp_diag_hint(walk->in.diags, "a string needs double quotes");
}

static bool
take_word(struct walk *walk, uint32_t parent)
{
	size_t start = walk->in.at;
	struct kp_item *item;
	enum kp_type type;

	skip_word(walk);
	type =
	    kp_toml_word_type(kp_str_slice(walk->in.text, start, walk->in.at));
	if (type == KP_STRING)
		return fail_word(walk, start);
	item = kp_scan_add(walk->scan, KP_SCALAR, start, walk->in.at, parent);
	if (item == NULL)
		return false;
	item->type = type;
	return true;
}

/* --- keys --- */

static bool
take_bare_name(struct walk *walk, uint32_t parent)
{
	size_t start = walk->in.at;

	while (kp_is_alnum(kp_cursor_peek(&walk->in)) ||
	    kp_cursor_peek(&walk->in) == '_' ||
	    kp_cursor_peek(&walk->in) == '-')
		walk->in.at++;
	if (walk->in.at == start)
		return kp_cursor_complain(&walk->in, start, 1,
		    "a key is missing here");
	return kp_scan_add(walk->scan, KP_KEY, start, walk->in.at, parent) !=
	    NULL;
}

/* One name, and the blanks behind it; *more: a dot follows. */
static bool
take_name(struct walk *walk, uint32_t parent, bool *more)
{
	bool quoted = kp_cursor_peek(&walk->in) == '"' ||
	    kp_cursor_peek(&walk->in) == '\'';

	if (!(quoted ? take_string(walk, KP_KEY, parent) :
	               take_bare_name(walk, parent)))
		return false;
	skip_blank(walk);
	*more = kp_cursor_take(&walk->in, '.');
	if (*more)
		skip_blank(walk);
	return true;
}

static struct kp_str
last_name(const struct walk *walk)
{
	return walk->scan->items[last_item(walk)].value;
}

/* The name that was read last led to this node, or to a problem. */
static bool
move_to(struct walk *walk, struct spot *spot, uint32_t node,
    const char *problem)
{
	const struct kp_item *item = &walk->scan->items[last_item(walk)];

	if (node != KP_TOML_NONE) {
		*spot = (struct spot){ node, last_item(walk) };
		return true;
	}
	if (problem == NULL)
		walk->scan->failed = true;
	else
		kp_cursor_complain(&walk->in, item->start,
		    item->end - item->start, problem);
	return false;
}

/* From an array of tables to its last element. */
static bool
enter_element(struct walk *walk, struct spot *spot)
{
	const struct kp_toml_node *node = &walk->tree.nodes[spot->node];
	size_t at = walk->scan->items[spot->item].end;
	struct kp_item *item =
	    kp_scan_add(walk->scan, KP_ELEMENT, at, at, spot->item);

	if (item == NULL)
		return false;
	item->index = node->count - 1;
	item->role = KP_TOML_HEADER;
	*spot = (struct spot){ node->last, last_item(walk) };
	return true;
}

/* One name of a header and where it leads. */
static bool
take_step(struct walk *walk, bool list, struct spot *spot, bool *more)
{
	const char *problem = NULL;
	struct kp_str name;
	uint32_t node;

	if (!take_name(walk, spot->item, more))
		return false;
	walk->scan->items[last_item(walk)].role = KP_TOML_HEADER;
	name = last_name(walk);
	if (*more)
		node =
		    kp_toml_tree_enter(&walk->tree, spot->node, name, &problem);
	else if (list)
		node = kp_toml_tree_append(&walk->tree, spot->node, name,
		    &problem);
	else
		node = kp_toml_tree_define(&walk->tree, spot->node, name,
		    &problem);
	if (!move_to(walk, spot, node, problem))
		return false;
	return walk->tree.nodes[node].kind != KP_TOML_TABLES ||
	    enter_element(walk, spot);
}

/* Behind the first bracket. */
static bool
take_header(struct walk *walk)
{
	struct spot spot = { KP_TOML_ROOT, KP_NO_PARENT };
	bool list = kp_cursor_take(&walk->in, '['), more = true;

	walk->section++;
	skip_blank(walk);
	while (more) {
		if (!take_step(walk, list, &spot, &more))
			return false;
	}
	if (!kp_cursor_take(&walk->in, ']') ||
	    (list && !kp_cursor_take(&walk->in, ']')))
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "\"]\" is missing here");
	walk->scan->items[spot.item].role |= KP_TOML_OPENS;
	walk->table = spot;
	return true;
}

/* --- values --- */

static bool take_value(struct walk *walk, struct spot owner);

/* Is this the name of an inline table, whose names are in a node of its own? */
static bool
names_table(const struct walk *walk)
{
	struct kp_str text = walk->in.text;
	size_t at = walk->in.at;

	if (at < text.len && text.ptr[at] == '=')
		at++;
	while (at < text.len && kp_is_blank(text.ptr[at]))
		at++;
	return at < text.len && text.ptr[at] == '{';
}

static bool
take_pair(struct walk *walk, struct spot table)
{
	struct spot spot = table;
	bool more = true;

	while (more) {
		const char *problem = NULL;
		uint32_t node;

		if (!take_name(walk, spot.item, &more))
			return false;
		/* Most names hold no others, and need to be told apart once. */
		if (!more && walk->scan->told_apart && !names_table(walk)) {
			spot.item = last_item(walk);
			break;
		}
		node = more ? kp_toml_tree_dot(&walk->tree, spot.node,
		                  last_name(walk), walk->section, &problem) :
		              kp_toml_tree_set(&walk->tree, spot.node,
		                  last_name(walk), &problem);
		if (!move_to(walk, &spot, node, problem))
			return false;
	}
	if (!kp_cursor_take(&walk->in, '='))
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "\"=\" is missing here");
	skip_blank(walk);
	return take_value(walk, spot);
}

/* Behind the "{". */
static bool
take_inline_table(struct walk *walk, struct spot owner)
{
	skip_blank(walk);
	if (kp_cursor_take(&walk->in, '}'))
		return true;
	do {
		skip_blank(walk);
		if (!take_pair(walk, owner))
			return false;
		skip_blank(walk);
	} while (kp_cursor_take(&walk->in, ','));
	if (kp_cursor_take(&walk->in, '}'))
		return true;
	return kp_cursor_complain(&walk->in, walk->in.at, 1,
	    "\",\" or \"}\" is missing here");
}

/* White space, line breaks and comments. */
static bool
skip_space(struct walk *walk)
{
	do {
		skip_blank(walk);
		if (kp_cursor_peek(&walk->in) == '#' && !take_comment(walk))
			return false;
	} while (take_break(walk));
	return true;
}

/* An array or inline table within an array has a node of its own. */
static bool
take_element(struct walk *walk, struct spot array, uint32_t index)
{
	bool holds = kp_cursor_peek(&walk->in) == '[' ||
	    kp_cursor_peek(&walk->in) == '{';
	struct kp_item *item = kp_scan_add(walk->scan, KP_ELEMENT, walk->in.at,
	    walk->in.at, array.item);
	struct spot spot = { array.node, last_item(walk) };
	const char *problem = NULL;
	uint32_t node;

	if (item == NULL)
		return false;
	item->index = index;
	if (holds) {
		node = kp_toml_tree_nest(&walk->tree, array.node, &problem);
		if (!move_to(walk, &spot, node, problem))
			return false;
	}
	return take_value(walk, spot);
}

static bool
take_elements(struct walk *walk, struct spot array)
{
	uint32_t index = 0;

	do {
		if (!skip_space(walk))
			return false;
		if (kp_cursor_peek(&walk->in) == ']')
			return true;
		if (!take_element(walk, array, index++) || !skip_space(walk))
			return false;
	} while (kp_cursor_take(&walk->in, ','));
	return true;
}

/* Behind the "[". */
static bool
take_array(struct walk *walk, struct spot owner)
{
	walk->nested++;
	if (!take_elements(walk, owner))
		return false;
	walk->nested--;
	if (kp_cursor_take(&walk->in, ']'))
		return true;
	return kp_cursor_complain(&walk->in, walk->in.at, 1,
	    "\",\" or \"]\" is missing here");
}

static bool
take_value(struct walk *walk, struct spot owner)
{
	if (kp_cursor_peek(&walk->in) == '"' ||
	    kp_cursor_peek(&walk->in) == '\'')
		return take_string(walk, KP_SCALAR, owner.item);
	if (kp_cursor_take(&walk->in, '['))
		return take_array(walk, owner);
	if (kp_cursor_take(&walk->in, '{'))
		return take_inline_table(walk, owner);
	return take_word(walk, owner.item);
}

/* --- lines --- */

static bool
take_line(struct walk *walk)
{
	skip_blank(walk);
	if (kp_cursor_take(&walk->in, '[')) {
		if (!take_header(walk))
			return false;
	} else if (kp_cursor_peek(&walk->in) != '#' &&
	    walk->in.at < walk->in.text.len &&
	    kp_toml_line_break(walk->in.text, walk->in.at) == 0) {
		if (!take_pair(walk, walk->table))
			return false;
	}
	skip_blank(walk);
	if (kp_cursor_peek(&walk->in) == '#' && !take_comment(walk))
		return false;
	if (walk->in.at == walk->in.text.len || take_break(walk))
		return true;
	return kp_cursor_complain(&walk->in, walk->in.at, 1,
	    "the line should end here");
}

static bool
scan_toml(struct kp_scan *scan, struct kp_diags *diags)
{
	struct walk walk = {
		.scan = scan,
		.in = {
			.src = scan->src,
			.diags = diags,
			.text = scan->src->text,
			.verdict = "not valid TOML: ",
		},
		.section = 1,
		.table = { KP_TOML_ROOT, KP_NO_PARENT },
	};
	bool done;

	if (!kp_scan_check_utf8(scan, diags))
		return false;
	if (!kp_toml_tree_init(&walk.tree))
		scan->failed = true;
	done = !scan->failed;
	while (done && walk.in.at < walk.in.text.len)
		done = take_line(&walk);
	scan->failed = scan->failed || !kp_buf_ok(&walk.string);
	kp_toml_tree_free(&walk.tree);
	kp_buf_wipe(&walk.string);
	/* Without memory there is nothing else to report. */
	return done || scan->failed;
}

const struct kp_format kp_format_toml = {
	.name = "toml",
	.scan = scan_toml,
	.encode = kp_toml_encode,
	.insert = kp_toml_insert,
	.one_path_each = true,
};
