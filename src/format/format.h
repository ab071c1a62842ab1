/* SPDX-License-Identifier: MIT */
/*
 * format - what every dialect offers: scan and encode.
 *
 * A format is a dialect of one reader.  scan() walks a text and lists what
 * that reader would see: each scalar with its byte range, style and decoded
 * value, and the keys, sections and comments around them.  encode() is the
 * way back: the text to write so that the reader sees given bytes, or a
 * refusal.  All else (placeholders, set, check, verify, diff) is made of
 * these two, so no format knows of secrets, rules or files.
 */
#ifndef KP_FORMAT_FORMAT_H
#define KP_FORMAT_FORMAT_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/pool.h"
#include "base/source.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kp_kind {
	KP_SCALAR,  /* a value that the service reads */
	KP_KEY,     /* the name of an option, directive or mapping entry */
	KP_SECTION, /* the name in a section header or before a block */
	KP_ELEMENT, /* the n-th of a sequence; no bytes of its own */
	KP_COMMENT, /* nobody reads it */
	KP_SYNTAX,  /* a word with a meaning: anchor, tag, alias, include */
};

enum kp_style {
	KP_BARE,
	KP_SINGLE,        /* '...' */
	KP_DOUBLE,        /* "..." */
	KP_BACKTICK,      /* `...` */
	KP_TRIPLE,        /* """...""" */
	KP_TRIPLE_SINGLE, /* '''...''' */
	KP_LITERAL,       /* YAML | */
	KP_FOLDED,        /* YAML > */
	KP_HEREDOC,
	KP_CDATA,
	KP_ATTRIBUTE, /* XML */
};

/* What the reader makes of a scalar, where that depends on its spelling. */
enum kp_type {
	KP_STRING,
	KP_INT,
	KP_NUMBER,
	KP_BOOL,
	KP_NULL,
	KP_OTHER, /* date, merge key, or different from reader to reader */
};

#define KP_NO_PARENT UINT32_MAX

/*
 * One thing in a text.  Items come in the order of their bytes and do not
 * overlap.  parent is the index of the KEY, SECTION or ELEMENT that it
 * belongs to (a key's parent is what encloses it), always a smaller index.
 */
struct kp_item {
	uint32_t start, end; /* as written: quotes and block header included */
	struct kp_str value; /* as read; in the text or in the scan's store */
	uint32_t parent;
	union {
		uint32_t index;  /* of an ELEMENT in its sequence, from 0 */
		uint32_t indent; /* of a block scalar's lines, in bytes */
	};
	uint32_t role;         /* the format's own: see its source */
	enum kp_kind kind : 8; /* small, as there are as many as words */
	enum kp_style style : 8;
	enum kp_type type : 8;
};

/* So many blocks may be open in each other where a text is parted. */
#define KP_OPEN_MAX 64

/* What is open at some place of a text, from the outermost block. */
struct kp_open {
	uint32_t depth;
	struct kp_open_block {
		uint32_t kind;  /* the format's own */
		uint32_t count; /* of what it has so far */
	} blocks[KP_OPEN_MAX];
};

/*
 * Where a piece of a text meets the others.  Its scan begins in the midst of
 * what is open above it, and, unless it is the last, ends where its bytes end.
 */
struct kp_seam {
	struct kp_open above;
	bool first, last;
	/* Of the scan: */
	size_t item; /* the next piece may begin with it; 0: with none */
	struct kp_open below; /* what is open there */
};

struct kp_format;

/* What a scan found; wiped by kp_scan_wipe(). */
struct kp_scan {
	const struct kp_format *format; /* borrowed */
	const struct kp_source *src;    /* borrowed; outlives the scan */
	struct kp_seam *seam;  /* borrowed; NULL: the text is a whole */
	struct kp_item *items; /* owned */
	size_t count, cap;
	size_t expected;      /* so many items; 0: unknown */
	bool told_apart;      /* another scan saw that no name is there twice */
	struct kp_pool store; /* owned: bytes that had escapes */
	struct kp_number *numbers; /* owned: of each item; NULL: not yet */
	struct kp_index *index;    /* owned; NULL: not yet */
	bool failed;               /* out of memory */
};

/* Bytes of a new value, and whether the template's author wrote them. */
struct kp_piece {
	struct kp_str bytes;
	bool trusted;
};

/*
 * What a scalar shall hold: its pieces one after the other.  Text of the
 * template may use what its reader expands ("%(protocol)s", "$host",
 * "{http.request.host}"); a value never may, nor may both together.
 */
struct kp_value {
	struct kp_str bytes;           /* all pieces joined; borrowed */
	const struct kp_piece *pieces; /* borrowed */
	size_t npieces;
	enum kp_type type; /* KP_STRING: it must be read as a string */
};

/* Why a value cannot be written.  Names bytes by their kind, quotes none. */
struct kp_refusal {
	char text[200];
	char hint[200];
};

/* Where a missing key would go, and what to write around its value. */
struct kp_insertion {
	size_t offset;
	struct kp_buf before, after; /* owned; wiped by the caller */
};

struct kp_format {
	const char *name; /* as in format = NAME */

	/*
	 * List what is in scan->src.  False when this reader could not parse
	 * it: the problem, with its place, is in diags.
	 */
	bool (*scan)(struct kp_scan *scan, struct kp_diags *diags);

	/*
	 * Append what has to stand in place of item, one of scan, so that the
	 * reader sees value: in the item's style where that can carry it, in
	 * a stronger one where it cannot.  False: refused, *why tells.
	 */
	bool (*encode)(const struct kp_scan *scan, const struct kp_item *item,
	    const struct kp_value *value, struct kp_buf *out,
	    struct kp_refusal *why);

	/*
	 * Find a place for path, which names no scalar of scan: the line after
	 * it where it is commented out, else the end of its section.  NULL
	 * where a format cannot add keys.
	 */
	bool (*insert)(const struct kp_scan *scan, struct kp_str path,
	    struct kp_insertion *where, struct kp_refusal *why);

	/* How keys compare in a path; NULL: byte for byte. */
	bool (*same_key)(struct kp_str a, struct kp_str b);

	/*
	 * No two scalars of a text have one path, though a header may name
	 * again what is there: nothing is told apart by a number.
	 */
	bool one_path_each;

	/* A text is one scalar, whose bytes are written as they are read. */
	bool verbatim;

	/*
	 * A key of no role that begins a line is read as at the start of a
	 * text, and so is all that follows; what is above it is read as if it
	 * ended there.  Its section alone is another.  For what is above it,
	 * or below, encode() refuses a value at most.
	 */
	bool by_lines;

	/*
	 * Behind this byte a piece of a text may end, and scan() takes pieces;
	 * 0: it does not.  What is below a value has no say in how the text
	 * above it is read, nor encode() in what it refuses.
	 */
	char joint;
};

/* By the name in rules and options, such as "ini/grafana"; NULL: none. */
const struct kp_format *kp_format_by_name(struct kp_str name);

/* The names of all, ended by NULL. */
const char *const *kp_format_names(void);

/*
 * By a file's name, template suffixes (.tmpl, .template, .tpl, .in,
 * .keyplate) cut off first; "text" where nothing fits.
 */
const struct kp_format *kp_format_by_path(struct kp_str path);

/* All of them, ended by NULL. */
extern const struct kp_format *const kp_formats[];

/* --- for the scanners --- */

/*
 * While a text is scanned, a word stands where a value will: "kp", letters,
 * digits and "z", as in kpabcdef00000012z.  Where bare words have a meaning
 * each, as in JSON, one of this shape is a scalar of type KP_OTHER.
 */
#define KP_SENTINEL_LETTERS 6
#define KP_SENTINEL_DIGITS 8
#define KP_SENTINEL_LEN (2 + KP_SENTINEL_LETTERS + KP_SENTINEL_DIGITS + 1)

/* True when word, or only a part of it, has that shape. */
bool kp_scan_is_sentinel(struct kp_str word);
bool kp_scan_has_sentinel(struct kp_str word);

/* True unless it is of a piece that has others above it. */
bool kp_scan_begins_text(const struct kp_scan *scan);

/* True when it is of a piece that has others below it. */
bool kp_scan_goes_on(const struct kp_scan *scan);

/* False, and reported, unless the text is UTF-8 without a byte order mark. */
bool kp_scan_check_utf8(const struct kp_scan *scan, struct kp_diags *diags);

/*
 * Add an item and return it, valid until the next is added; NULL when there
 * is no memory (scan->failed is set, kp_scan_run reports it).
 */
struct kp_item *kp_scan_add(struct kp_scan *scan, enum kp_kind kind,
    size_t start, size_t end, uint32_t parent);

/* Keep bytes that are not in the text for as long as the scan lives. */
struct kp_str kp_scan_store(struct kp_scan *scan, struct kp_str bytes);

/* Fill *why; returns false.  hint may be NULL. */
bool kp_refuse(struct kp_refusal *why, const char *hint, const char *fmt, ...)
    KP_PRINTF(3, 4);

/* True unless bytes start to end of the value are all of one trusted piece. */
bool kp_value_is_foreign(const struct kp_value *value, size_t start,
    size_t end);

/* --- for those who use a format --- */

/*
 * True when a byte order mark of UTF-16 begins the text: no placeholder of it
 * would be found.
 */
bool kp_format_is_utf16(struct kp_str text);

/* False, and reported: src is UTF-16. */
bool kp_format_fail_utf16(const struct kp_source *src, struct kp_diags *diags);

/*
 * Run the format's scanner over src.  The caller wipes *scan either way.  Only
 * where any byte may stand may it be UTF-16.
 */
bool kp_scan_run(struct kp_scan *scan, const struct kp_format *format,
    const struct kp_source *src, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * The same with a scan of another text, or { 0 }: what it found is wiped, its
 * room, .seam, .expected and .told_apart stay.
 */
bool kp_scan_run_again(struct kp_scan *scan, const struct kp_format *format,
    const struct kp_source *src, struct kp_diags *diags) KP_MUST_CHECK;

void kp_scan_wipe(struct kp_scan *scan);

/* Is this item a key at the start of a line, and without a role? */
bool kp_scan_begins_line(const struct kp_scan *scan, size_t item);

/*
 * Append the path of an item: keys and sections joined by ".", elements as
 * "[n]"; a key with one of .[]" or a blank in it in double quotes.  Where
 * keys are repeated, several items may have one path.
 */
void kp_scan_path(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_buf *out);

/*
 * Number the keys and sections that are repeated, once, in time that grows
 * with the scan: from here on "[n]" behind the name of one, n from 0, means
 * the n-th of those that have the same parent.
 */
bool kp_scan_number(struct kp_scan *scan, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Index a numbered scan: to find a path no longer takes a walk over all
 * scalars then.  It costs as much as some of those walks.
 */
bool kp_scan_index(struct kp_scan *scan, struct kp_diags *diags) KP_MUST_CHECK;

/* Append the path of an item of a numbered scan, told apart where [n] can. */
void kp_scan_exact_path(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_buf *out);

/* How many scalars have this path; *found is the index of the last. */
size_t kp_scan_find(const struct kp_scan *scan, struct kp_str path,
    size_t *found);

/* The same; list gets the indices of the first cap of them, in order. */
size_t kp_scan_find_all(const struct kp_scan *scan, struct kp_str path,
    size_t *list, size_t cap);

/*
 * False when path, which names no scalar of this numbered scan, is about what
 * is there: it has a number of which there is no such key, or is the path of
 * a list.  *why says so.
 */
bool kp_scan_check_path(const struct kp_scan *scan, struct kp_str path,
    struct kp_refusal *why);

/* "bare", "double-quoted" ...: the words of explain and of --style. */
const char *kp_style_name(enum kp_style style);

#endif
