/* SPDX-License-Identifier: MIT */
/*
 * caddyfile - the items of a Caddyfile, versions 2 and 1.
 *
 *	(common) {                     section
 *		header X-A b           key, elements with a scalar each
 *	}
 *	example.com, :8080 {           scalars
 *		import common          key, syntax
 *		basicauth /in {        key, scalar
 *			alice $2a$...  scalar, scalar
 *		}
 *	}
 *
 * Words of a line are elements of its first word, lines of a block belong to
 * the line that opened it: "example.com".basicauth.alice[0] is the hash.  The
 * first word of a line is a key where directives stand: in a site, a snippet,
 * the global options and the blocks of route, handle and their like.  In any
 * other block it is data as often as a name (users, header fields, rows of
 * map), so it is a scalar, and the parent of the words behind it; so is a
 * site's first address to the site's lines.
 *
 * Which words end a line, open and close blocks, and what "import" and a
 * comma do is as in caddyconfig/caddyfile/parse.go of 2.6.2 (addresses,
 * directives, directive) and caddyfile/parse.go of 1.0.  Not followed: a "}"
 * with no "{" before it, which both versions let end a site without braces,
 * and quotes that the end of the file closes, are errors.
 */
#include "format/caddyfile.h"

#include "format/formats.h"

/* Caddy knows no limit; a file has no use for more. */
#define MAX_DEPTH KP_OPEN_MAX

/* What stands in a block. */
enum content {
	OPTIONS,    /* the global ones */
	DIRECTIVES, /* their first argument may be a matcher */
	LINES,      /* of a directive: names or data */
};

struct block {
	enum content content;
	uint32_t parent; /* of its lines */
	size_t open;     /* of its "{"; KP_NPOS: it has none and never ends */
	bool snippet;    /* "(name) {": its "}" may stand anywhere */
};

/* The line being read: a directive, a line of data, or addresses. */
struct line {
	enum { NONE, ADDRESSES, DIRECTIVE } what;
	unsigned traits;
	uint32_t owner;    /* of its words: the item of its first one */
	uint32_t count;    /* of the words behind that */
	uint32_t plain;    /* of these, how many are no matcher */
	uint32_t sole;     /* the item of the first plain one */
	size_t last;       /* line number of its last word */
	bool expects_more; /* a comma: another address follows */
};

struct reader {
	struct kp_scan *scan;
	struct kp_diags *diags;
	enum kp_caddyfile_version version;
	struct kp_caddyfile_lex lex;
	struct kp_caddyfile_word word;
	struct block blocks[MAX_DEPTH];
	size_t depth;
	struct line line;
};

enum {
	NO_MATCHER = 1, /* its first argument is a plain one */
	CONTAINER = 2,  /* directives stand in its block */
	STATUS = 4,     /* a sole argument of three digits is a status */
	IMPORT = 8,
	PASSWORDS = 16, /* version 1: takes a user and a password */
};

/* Directives not named here, plugins' too, may take a matcher. */
static const struct {
	struct kp_str name;
	unsigned traits;
} directives[] = {
	{ KP_STR("bind"), NO_MATCHER },
	{ KP_STR("error"), STATUS },
	{ KP_STR("handle"), CONTAINER },
	{ KP_STR("handle_errors"), NO_MATCHER | CONTAINER },
	{ KP_STR("handle_path"), CONTAINER },
	{ KP_STR("handle_response"), CONTAINER },
	{ KP_STR("import"), NO_MATCHER | IMPORT },
	{ KP_STR("invoke"), NO_MATCHER },
	{ KP_STR("log"), NO_MATCHER },
	{ KP_STR("respond"), STATUS },
	{ KP_STR("route"), CONTAINER },
	{ KP_STR("tls"), NO_MATCHER },
};

static unsigned
traits_v1(struct kp_str name)
{
	if (kp_str_is(name, "import"))
		return NO_MATCHER | IMPORT;
	return NO_MATCHER | (kp_str_is(name, "basicauth") ? PASSWORDS : 0);
}

static unsigned
traits_of(const struct reader *reader, struct kp_str name)
{
	size_t i;

	if (reader->version == KP_CADDYFILE_V1)
		return traits_v1(name);
	for (i = 0; i < sizeof(directives) / sizeof(*directives); i++) {
		if (kp_str_eq(name, directives[i].name))
			return directives[i].traits;
	}
	/* "@name path /x" defines a matcher and takes none. */
	return kp_str_starts(name, "@") ? NO_MATCHER : 0;
}

static struct kp_str
word_text(const struct reader *reader)
{
	return kp_buf_view(&reader->lex.value);
}

static bool
word_is(const struct reader *reader, const char *text)
{
	return kp_str_is(word_text(reader), text);
}

static bool
complain(const struct reader *reader, size_t offset, const char *what)
{
	return kp_diag_at(reader->diags, reader->scan->src, offset, 1, "%s",
	    what);
}

/* True when the word is the first of a line. */
static bool
is_first(const struct reader *reader)
{
	return reader->line.what == NONE ||
	    reader->line.last < reader->word.line;
}

static struct block *
innermost(struct reader *reader)
{
	return reader->depth == 0 ? NULL : &reader->blocks[reader->depth - 1];
}

/* The value of a word: where it can, a view of the text itself. */
static struct kp_str
keep_value(struct reader *reader, size_t start, size_t end, struct kp_str value)
{
	struct kp_str written =
	    kp_str_slice(reader->scan->src->text, start, end);

	if (kp_str_eq(written, value))
		return written;
	return kp_scan_store(reader->scan, value);
}

/* Add the word as an item; returns its index. */
static uint32_t
add_word(struct reader *reader, enum kp_kind kind, uint32_t parent,
    unsigned role)
{
	const struct kp_caddyfile_word *word = &reader->word;
	struct kp_str value =
	    keep_value(reader, word->start, word->end, word_text(reader));
	struct kp_item *item =
	    kp_scan_add(reader->scan, kind, word->start, word->end, parent);

	if (item == NULL)
		return KP_NO_PARENT;
	item->value = value;
	item->style = word->style;
	item->role = role | (word->joined ? KP_CADDYFILE_JOINED : 0);
	return (uint32_t)(reader->scan->count - 1);
}

static uint32_t
add_element(struct reader *reader)
{
	struct kp_item *element = kp_scan_add(reader->scan, KP_ELEMENT,
	    reader->word.start, reader->word.start, reader->line.owner);

	if (element == NULL)
		return KP_NO_PARENT;
	element->index = reader->line.count;
	return (uint32_t)(reader->scan->count - 1);
}

static bool
push_block(struct reader *reader, enum content content, uint32_t parent,
    size_t open)
{
	const struct kp_item *items = reader->scan->items;

	if (reader->depth == MAX_DEPTH)
		return complain(reader, reader->word.start,
		    "blocks are nested too deeply");
	reader->blocks[reader->depth++] = (struct block){
		.content = content,
		.parent = parent,
		.open = open,
		.snippet =
		    parent != KP_NO_PARENT && items[parent].kind == KP_SECTION,
	};
	return true;
}

/* What a block holds that the line before its "{" begins. */
static enum content
content_of(struct reader *reader)
{
	switch (reader->line.what) {
	case NONE:
		return reader->depth == 0 ? OPTIONS : LINES;
	case ADDRESSES:
		return DIRECTIVES;
	case DIRECTIVE:
		break;
	}
	return reader->line.traits & CONTAINER ? DIRECTIVES : LINES;
}

static bool
open_block(struct reader *reader)
{
	const struct block *outer = innermost(reader);
	uint32_t parent = outer == NULL ? KP_NO_PARENT : outer->parent;

	if (reader->line.expects_more)
		return complain(reader, reader->word.start,
		    "expected another address after the comma, not a \"{\"");
	if (reader->line.what != NONE)
		parent = reader->line.owner;
	if (!push_block(reader, content_of(reader), parent, reader->word.start))
		return false;
	reader->line = (struct line){ .what = NONE };
	return true;
}

/* Caddy wants the "}" of a site on a line of its own, of a snippet not. */
static bool
may_close(const struct reader *reader, const struct block *block)
{
	if (block == NULL || block->open == KP_NPOS)
		return false;
	return reader->depth > 1 || is_first(reader) || block->snippet;
}

static bool
close_block(struct reader *reader)
{
	if (!may_close(reader, innermost(reader)))
		return complain(reader, reader->word.start,
		    "unexpected \"}\": no opening brace matches it");
	reader->depth--;
	reader->line = (struct line){ .what = NONE };
	return true;
}

/* (name), or &(name) of a named route, before a block of directives. */
static bool
is_snippet(struct kp_str name)
{
	return (kp_str_starts(name, "(") || kp_str_starts(name, "&(")) &&
	    kp_str_ends(name, ")");
}

/* A comma behind a bare address is no part of it. */
static void
cut_comma(struct reader *reader)
{
	struct kp_str text = word_text(reader);

	reader->line.expects_more = kp_str_ends(text, ",");
	if (!reader->line.expects_more || reader->word.style != KP_BARE)
		return;
	kp_buf_cut(&reader->lex.value, text.len - 1);
	reader->word.end--;
}

static void
read_address(struct reader *reader)
{
	enum kp_kind kind = KP_SCALAR;
	uint32_t item;

	if (reader->line.count == 0 && is_snippet(word_text(reader)))
		kind = KP_SECTION;
	cut_comma(reader);
	if (reader->word.start == reader->word.end)
		return;
	item = add_word(reader, kind, KP_NO_PARENT, KP_CADDYFILE_ADDRESS);
	if (reader->line.count++ == 0)
		reader->line.owner = item;
}

/* A first word where directives stand, or lines of one. */
static void
begin_line(struct reader *reader, const struct block *block)
{
	unsigned traits = traits_of(reader, word_text(reader));
	uint32_t parent = block == NULL ? KP_NO_PARENT : block->parent;
	enum kp_kind kind = KP_KEY;
	unsigned role = 0;

	if (block != NULL && block->content != DIRECTIVES)
		traits |= NO_MATCHER;
	if (block != NULL && block->content == LINES && !(traits & IMPORT)) {
		kind = KP_SCALAR;
		role = KP_CADDYFILE_FIRST;
	}
	reader->line = (struct line){ .what = DIRECTIVE, .traits = traits };
	reader->line.owner = add_word(reader, kind, parent, role);
}

/* The first of two arguments is text, whatever its digits. */
static unsigned
status_role(struct reader *reader)
{
	struct line *line = &reader->line;

	if (!(line->traits & STATUS) || line->traits & NO_MATCHER)
		return 0;
	if (++line->plain == 1)
		return KP_CADDYFILE_STATUS;
	if (line->plain == 2 && line->sole < reader->scan->count)
		reader->scan->items[line->sole].role &=
		    ~(uint32_t)KP_CADDYFILE_STATUS;
	return 0;
}

static unsigned
argument_role(struct reader *reader)
{
	struct kp_str text = word_text(reader);
	unsigned role = 0;

	if (reader->line.traits & PASSWORDS)
		return KP_CADDYFILE_PASSWORD;
	if (reader->line.count == 0 && !(reader->line.traits & NO_MATCHER)) {
		role = KP_CADDYFILE_MATCHER;
		if (kp_str_starts(text, "/") || kp_str_starts(text, "@") ||
		    kp_str_is(text, "*"))
			return role;
	}
	return role | status_role(reader);
}

static void
read_argument(struct reader *reader)
{
	unsigned role = argument_role(reader);
	uint32_t element = add_element(reader), item;
	enum kp_kind kind = KP_SCALAR;

	if (reader->line.count == 0 && reader->line.traits & IMPORT)
		kind = KP_SYNTAX;
	if (role & KP_CADDYFILE_MATCHER &&
	    kp_str_starts(word_text(reader), "@"))
		kind = KP_SYNTAX;
	item = add_word(reader, kind, element, role);
	if (role & KP_CADDYFILE_STATUS)
		reader->line.sole = item;
	reader->line.count++;
}

/* A word outside of all blocks. */
static bool
read_outermost(struct reader *reader)
{
	bool first = is_first(reader) && !reader->line.expects_more;

	if (first && word_is(reader, "import")) {
		begin_line(reader, NULL);
		return true;
	}
	if (reader->line.what == DIRECTIVE && !first) {
		read_argument(reader);
		return true;
	}
	if (reader->line.what == ADDRESSES && first) {
		/* The lines of a file's only site may stand without braces. */
		if (!push_block(reader, DIRECTIVES, reader->line.owner,
		        KP_NPOS))
			return false;
		begin_line(reader, innermost(reader));
		return true;
	}
	if (reader->line.what != ADDRESSES)
		reader->line = (struct line){ .what = ADDRESSES };
	read_address(reader);
	return true;
}

/* --- pieces --- */

/* What is known of a block that was opened above this piece. */
enum {
	CONTENT = 3, /* a mask: enum content */
	UNBRACED = 4,
	SNIPPET = 8,
};

/* The items of what is above are no items of this piece. */
static void
begin_piece(struct reader *reader, struct kp_seam *seam)
{
	for (; reader->depth < seam->above.depth; reader->depth++) {
		uint32_t kind = seam->above.blocks[reader->depth].kind;

		reader->blocks[reader->depth] = (struct block){
			.content = (enum content)(kind & CONTENT),
			.parent = KP_NO_PARENT,
			.open = kind & UNBRACED ? KP_NPOS : 0,
			.snippet = kind & SNIPPET,
		};
	}
	if (!seam->first)
		reader->lex.at = 0; /* no byte order mark stands there */
	seam->item = 0;
}

/*
 * Does this word begin a line that is read as at the start of a piece?  A
 * comma alone is no item.
 */
static bool
may_begin_piece(const struct reader *reader)
{
	return is_first(reader) && !reader->word.joined &&
	    !reader->lex.endless && !word_is(reader, ",") &&
	    (reader->depth > 0 || reader->line.what != ADDRESSES);
}

static void
note_line(const struct reader *reader, struct kp_seam *seam)
{
	size_t i;

	seam->item = reader->scan->count;
	seam->below.depth = (uint32_t)reader->depth;
	for (i = 0; i < reader->depth; i++) {
		const struct block *block = &reader->blocks[i];

		seam->below.blocks[i].kind = (uint32_t)block->content |
		    (block->open == KP_NPOS ? UNBRACED : 0) |
		    (block->snippet ? SNIPPET : 0);
	}
}

/* --- words --- */

static bool
read_word(struct reader *reader)
{
	if (word_is(reader, "{"))
		return open_block(reader);
	if (word_is(reader, "}"))
		return close_block(reader);
	if (reader->scan->seam != NULL && may_begin_piece(reader))
		note_line(reader, reader->scan->seam);
	if (reader->depth == 0) {
		if (!read_outermost(reader))
			return false;
	} else if (is_first(reader)) {
		begin_line(reader, innermost(reader));
	} else {
		read_argument(reader);
	}
	reader->line.last = reader->word.last_line;
	return true;
}

static bool
check_end(struct reader *reader)
{
	const struct block *block = innermost(reader);

	if (!kp_buf_ok(&reader->lex.value))
		return kp_diag_nomem(reader->diags);
	if (kp_scan_goes_on(reader->scan))
		return true;
	if (block != NULL && block->open != KP_NPOS)
		return complain(reader, block->open,
		    "no \"}\" closes this block");
	if (reader->line.expects_more)
		return complain(reader, reader->scan->src->text.len,
		    "expected another address after the comma");
	return true;
}

static bool
read_words(struct reader *reader)
{
	struct kp_caddyfile_word *word = &reader->word;

	for (;;) {
		switch (kp_caddyfile_lex_next(&reader->lex, word)) {
		case KP_CADDYFILE_WORD:
			if (!read_word(reader))
				return false;
			break;
		case KP_CADDYFILE_COMMENT:
			kp_scan_add(reader->scan, KP_COMMENT, word->start,
			    word->end, KP_NO_PARENT);
			break;
		case KP_CADDYFILE_UNCLOSED:
			return complain(reader, word->start,
			    "no quote closes this one");
		case KP_CADDYFILE_END:
			return check_end(reader);
		}
	}
}

static bool
scan_version(enum kp_caddyfile_version version, struct kp_scan *scan,
    struct kp_diags *diags)
{
	struct reader reader = {
		.scan = scan,
		.diags = diags,
		.version = version,
	};
	bool done;

	kp_caddyfile_lex_init(&reader.lex, version, scan->src->text);
	if (scan->seam != NULL)
		begin_piece(&reader, scan->seam);
	done = read_words(&reader);
	kp_caddyfile_lex_wipe(&reader.lex);
	return done;
}

static bool
scan_v2(struct kp_scan *scan, struct kp_diags *diags)
{
	return scan_version(KP_CADDYFILE_V2, scan, diags);
}

static bool
scan_v1(struct kp_scan *scan, struct kp_diags *diags)
{
	return scan_version(KP_CADDYFILE_V1, scan, diags);
}

static bool
encode_v2(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan;
	return kp_caddyfile_encode(KP_CADDYFILE_V2, item, value, out, why);
}

static bool
encode_v1(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan;
	return kp_caddyfile_encode(KP_CADDYFILE_V1, item, value, out, why);
}

/* No insert(): nothing tells which directives take a line twice. */
const struct kp_format kp_format_caddyfile = {
	.name = "caddyfile",
	.scan = scan_v2,
	.encode = encode_v2,
	.joint = '\n',
};

const struct kp_format kp_format_caddyfile_v1 = {
	.name = "caddyfile/v1",
	.scan = scan_v1,
	.encode = encode_v1,
	.joint = '\n',
};
