/* SPDX-License-Identifier: MIT */
/*
 * json - JSON as RFC 8259 has it, to the letter: no comments, no commas at
 * the end, no NaN.
 *
 *	value  = "{" [ member *( "," member ) ] "}"
 *	       / "[" [ value *( "," value ) ] "]"
 *	       / string / number / "true" / "false" / "null"
 *	member = string ":" value
 *
 * A name that an object has twice is two keys: which of them counts, readers
 * do not agree on.
 */
#include "format/json.h"

#include "base/utf8.h"
#include "format/cursor.h"
#include "format/formats.h"
#include "format/literal.h"

/* What readers with limits of their own still take. */
#define DEPTH_MAX KP_OPEN_MAX

/* An open object or array. */
struct level {
	uint32_t parent; /* the item that it is the value of */
	uint32_t count;  /* of its members or elements so far */
	char closer;
};

struct walk {
	struct kp_scan *scan;
	struct kp_cursor in;
	uint32_t owner;       /* what the next value belongs to */
	struct kp_buf string; /* owned: the one being read */
	size_t depth;
	struct level levels[DEPTH_MAX];
	struct {
		size_t item, depth;
	} last; /* where the last member or element began */
};

size_t
kp_json_skip_space(struct kp_str text, size_t at)
{
	while (at < text.len &&
	    (kp_is_blank(text.ptr[at]) || text.ptr[at] == '\n' ||
	        text.ptr[at] == '\r'))
		at++;
	return at;
}

static void
skip_space(struct walk *walk)
{
	walk->in.at = kp_json_skip_space(walk->in.text, walk->in.at);
}

/* The text goes on behind the comma that ended this piece. */
static bool
goes_on(const struct walk *walk)
{
	return walk->in.at == walk->in.text.len && kp_scan_goes_on(walk->scan);
}

/* --- strings --- */

/* Half of a pair alone is legal, and no character: its three bytes are. */
static void
add_unit(struct kp_buf *out, uint32_t unit)
{
	if (unit < 0xd800 || unit > 0xdfff) {
		kp_utf8_add(out, unit);
		return;
	}
	kp_buf_add_char(out, (char)0xed);
	kp_buf_add_char(out, (char)(0x80 | ((unit >> 6) & 0x3f)));
	kp_buf_add_char(out, (char)(0x80 | (unit & 0x3f)));
}

/* Behind "\u". */
static bool
take_unit(struct walk *walk)
{
	uint32_t rune;
	size_t len = kp_literal_utf16(walk->in.text, walk->in.at, &rune);

	if (len == 0)
		return kp_cursor_complain(&walk->in, walk->in.at - 2, 2,
		    "\\u needs four hexadecimal digits");
	walk->in.at += len;
	add_unit(&walk->string, rune);
	return true;
}

/* Behind the backslash. */
static bool
take_escape(struct walk *walk)
{
	char c = kp_cursor_peek(&walk->in);

	if (kp_cursor_take(&walk->in, 'u'))
		return take_unit(walk);
	if (c != '/' && !kp_literal_unescape(c, &c))
		return kp_cursor_complain(&walk->in, walk->in.at - 1, 2,
		    "no such escape");
	walk->in.at++;
	kp_buf_add_char(&walk->string, c);
	return true;
}

/* Where the characters that stand for themselves end. */
static size_t
skip_plain(struct kp_str text, size_t at)
{
	for (;;) {
		at = kp_str_skip_printable(text, at, '"', '\\');
		if (at == text.len || (unsigned char)text.ptr[at] < 0x7f)
			return at;
		at++;
	}
}

/* Up to the closing quote, behind the opening one. */
static bool
take_inside(struct walk *walk, size_t quote)
{
	while (walk->in.at < walk->in.text.len) {
		size_t start = walk->in.at;

		walk->in.at = skip_plain(walk->in.text, start);
		kp_buf_add(&walk->string,
		    kp_str_slice(walk->in.text, start, walk->in.at));
		if (kp_cursor_take(&walk->in, '"'))
			return true;
		if (walk->in.at == walk->in.text.len)
			break;
		if (!kp_cursor_take(&walk->in, '\\'))
			return kp_cursor_complain(&walk->in, walk->in.at, 1,
			    "a line break or control character in a string");
		if (!take_escape(walk))
			return false;
	}
	return kp_cursor_complain(&walk->in, quote, 1,
	    "a string has no closing quote");
}

static bool
take_string(struct walk *walk, enum kp_kind kind, uint32_t parent)
{
	size_t start = walk->in.at, end = skip_plain(walk->in.text, start + 1);
	struct kp_str value = kp_str_slice(walk->in.text, start + 1, end);
	struct kp_item *item;

	walk->in.at = end;
	if (!kp_cursor_take(&walk->in, '"')) {
		kp_buf_cut(&walk->string, 0);
		walk->in.at = start + 1;
		if (!take_inside(walk, start))
			return false;
		value = kp_scan_store(walk->scan, kp_buf_view(&walk->string));
	}
	item = kp_scan_add(walk->scan, kind, start, walk->in.at, parent);
	if (item == NULL)
		return false;
	item->style = KP_DOUBLE;
	item->value = value;
	return true;
}

/* --- words --- */

static enum kp_type
word_type(struct kp_str word)
{
	if (kp_str_is(word, "true") || kp_str_is(word, "false"))
		return KP_BOOL;
	if (kp_str_is(word, "null"))
		return KP_NULL;
	if (kp_scan_is_sentinel(word))
		return KP_OTHER;
	return kp_literal_number(word);
}

static bool
is_word_char(char c)
{
	return kp_is_alnum(c) || c == '+' || c == '-' || c == '.' || c == '_';
}

static bool
fail_word(struct walk *walk, size_t start)
{
	size_t len = walk->in.at - start;
	struct kp_str word = kp_str_slice(walk->in.text, start, walk->in.at);

	if (len == 0)
		return kp_cursor_complain(&walk->in, start, 1,
		    "a value is missing here");
	if (kp_scan_has_sentinel(word)) {
		kp_cursor_complain(&walk->in, start, len,
		    "a value can be all of a bare word, not a part of it");
		return kp_diag_hint(walk->in.diags,
		    "write double quotes around the whole");
	}
	kp_cursor_complain(&walk->in, start, len,
	    "this is no number, true, false or null");
	return kp_diag_hint(walk->in.diags, "a string needs double quotes");
}

static bool
take_word(struct walk *walk)
{
	size_t start = walk->in.at;
	struct kp_item *item;
	enum kp_type type;

	while (is_word_char(kp_cursor_peek(&walk->in)))
		walk->in.at++;
	type = word_type(kp_str_slice(walk->in.text, start, walk->in.at));
	if (type == KP_STRING)
		return fail_word(walk, start);
	item =
	    kp_scan_add(walk->scan, KP_SCALAR, start, walk->in.at, walk->owner);
	if (item == NULL)
		return false;
	item->type = type;
	return true;
}

/* --- objects and arrays --- */

static bool
open_level(struct walk *walk, char closer)
{
	if (walk->depth == DEPTH_MAX)
		return kp_diag_at(walk->in.diags, walk->scan->src, walk->in.at,
		    1, "nested deeper than %d levels", DEPTH_MAX);
	walk->levels[walk->depth++] =
	    (struct level){ .parent = walk->owner, .closer = closer };
	walk->in.at++;
	return true;
}

static bool
take_value(struct walk *walk)
{
	switch (kp_cursor_peek(&walk->in)) {
	case '{':
		return open_level(walk, '}');
	case '[':
		return open_level(walk, ']');
	case '"':
		return take_string(walk, KP_SCALAR, walk->owner);
	default:
		return take_word(walk);
	}
}

static bool
take_key(struct walk *walk, uint32_t parent)
{
	uint32_t key = (uint32_t)walk->scan->count;

	if (kp_cursor_peek(&walk->in) != '"')
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "a name in double quotes is missing here");
	if (!take_string(walk, KP_KEY, parent))
		return false;
	walk->owner = key;
	skip_space(walk);
	if (!kp_cursor_take(&walk->in, ':'))
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "\":\" is missing here");
	skip_space(walk);
	return true;
}

static bool
begin_element(struct walk *walk, const struct level *level)
{
	uint32_t element = (uint32_t)walk->scan->count;
	struct kp_item *item = kp_scan_add(walk->scan, KP_ELEMENT, walk->in.at,
	    walk->in.at, level->parent);

	if (item == NULL)
		return false;
	item->index = level->count;
	walk->owner = element;
	return true;
}

/* One member or element of the innermost level. */
static bool
take_part(struct walk *walk)
{
	struct level *level = &walk->levels[walk->depth - 1];
	bool begun;

	walk->last.item = walk->scan->count;
	walk->last.depth = walk->depth;
	begun = level->closer == '}' ? take_key(walk, level->parent) :
	                               begin_element(walk, level);
	level->count++;
	return begun && take_value(walk);
}

/* The next part of the innermost level, or its end. */
static bool
step(struct walk *walk)
{
	const struct level *level = &walk->levels[walk->depth - 1];

	if (kp_cursor_take(&walk->in, level->closer)) {
		walk->depth--;
		return true;
	}
	if (level->count > 0) {
		if (!kp_cursor_take(&walk->in, ','))
			return kp_cursor_complain(&walk->in, walk->in.at, 1,
			    level->closer == '}' ?
			        "\",\" or \"}\" is missing here" :
			        "\",\" or \"]\" is missing here");
		skip_space(walk);
	}
	return goes_on(walk) || take_part(walk);
}

static bool
walk_text(struct walk *walk)
{
	bool good;

	skip_space(walk);
	good = walk->depth == 0 ? take_value(walk) : take_part(walk);
	skip_space(walk);
	while (good && walk->depth > 0 && !goes_on(walk)) {
		good = step(walk);
		skip_space(walk);
	}
	if (good && walk->in.at < walk->in.text.len)
		return kp_cursor_complain(&walk->in, walk->in.at, 1,
		    "there is more behind the end of the value");
	return good;
}

/* --- pieces --- */

/* The items of what is above are no items of this piece. */
static void
begin_piece(struct walk *walk, const struct kp_open *above)
{
	for (; walk->depth < above->depth; walk->depth++) {
		const struct kp_open_block *block = &above->blocks[walk->depth];

		walk->levels[walk->depth] = (struct level){
			.parent = KP_NO_PARENT,
			.count = block->count,
			.closer = (char)block->kind,
		};
	}
}

/* What ended since the last part began is in its place still. */
static void
end_piece(const struct walk *walk, struct kp_seam *seam)
{
	size_t i;

	seam->item = walk->last.item;
	seam->below.depth = (uint32_t)walk->last.depth;
	for (i = 0; i < walk->last.depth; i++)
		seam->below.blocks[i] = (struct kp_open_block){
			.kind = (unsigned char)walk->levels[i].closer,
			.count = walk->levels[i].count,
		};
	if (i > 0)
		seam->below.blocks[i - 1].count--;
}

static bool
scan_json(struct kp_scan *scan, struct kp_diags *diags)
{
	struct walk walk = {
		.scan = scan,
		.in = {
			.src = scan->src,
			.diags = diags,
			.text = scan->src->text,
			.verdict = "not valid JSON: ",
		},
		.owner = KP_NO_PARENT,
	};
	bool done;

	if (!kp_scan_check_utf8(scan, diags))
		return false;
	if (scan->seam != NULL)
		begin_piece(&walk, &scan->seam->above);
	/* Without memory there is nothing else to report. */
	done = walk_text(&walk) || scan->failed;
	if (scan->seam != NULL)
		end_piece(&walk, scan->seam);
	scan->failed = scan->failed || !kp_buf_ok(&walk.string);
	kp_buf_wipe(&walk.string);
	return done;
}

static bool
encode_json(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	enum kp_type type = word_type(value->bytes);

	(void)scan;
	if (!kp_utf8_valid(value->bytes))
		return kp_refuse(why, "use the filter \"base64\"",
		    "it is not UTF-8, and JSON carries text only");
	if (item->style == KP_BARE && value->type != KP_STRING &&
	    (type == KP_INT || type == KP_NUMBER || type == KP_BOOL))
		kp_buf_add(out, value->bytes);
	else
		kp_literal_add_quoted(out, value->bytes);
	return true;
}

const struct kp_format kp_format_json = {
	.name = "json",
	.scan = scan_json,
	.encode = encode_json,
	.insert = kp_json_insert,
	.joint = ',',
};
