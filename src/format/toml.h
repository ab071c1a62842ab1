/* SPDX-License-Identifier: MIT */
/* toml - what the parts of the TOML format share; no one else needs it. */
#ifndef KP_FORMAT_TOML_H
#define KP_FORMAT_TOML_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/table.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an item's role holds. */
enum kp_toml_role {
	KP_TOML_HEADER = 1 << 0, /* between the brackets of [a.b] or [[a.b]] */
	KP_TOML_OPENS = 1 << 1,  /* the last of those: what follows is its */
	KP_TOML_INSIDE = 1 << 2, /* a comment within an array */
};

/* --- words --- */

/*
 * KP_INT and KP_NUMBER where every format's readers agree on the spelling,
 * KP_BOOL, KP_OTHER for dates, other numbers and the words that stand for
 * values; KP_STRING: it is none of TOML's.
 */
enum kp_type kp_toml_word_type(struct kp_str word);

/* True for "1979-05-27", which one blank may part from a time. */
bool kp_toml_word_is_date(struct kp_str word);

/* True when name needs no quotes as a key. */
bool kp_toml_word_is_key(struct kp_str name);

/* True for what a line cannot hold as it is: C0 but TAB, and DEL. */
static inline bool
kp_toml_is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* The length of LF or CR LF at offset at of text; 0: there is none. */
size_t kp_toml_line_break(struct kp_str text, size_t at);

/* --- strings --- */

/* What is wrong, and with which bytes. */
struct kp_toml_fault {
	size_t at, len;
	const char *what;
};

/*
 * Read the string whose opening quote is at *at of text, append what it
 * stands for to *value and move *at past it.  lines: those in three quotes,
 * too, which may go over lines.  False: see *fault.
 */
bool kp_toml_string_take(struct kp_str text, size_t *at, bool lines,
    enum kp_style *style, struct kp_buf *value, struct kp_toml_fault *fault);

/* --- tables --- */

enum kp_toml_kind {
	KP_TOML_TABLE,
	KP_TOML_TABLES, /* an array of tables, by [[a]] */
	KP_TOML_VALUE,  /* also an array or inline table: it is complete */
};

#define KP_TOML_NONE UINT32_MAX
#define KP_TOML_ROOT 0

/* A name, or an element that holds names. */
struct kp_toml_node {
	struct kp_str name; /* borrowed; empty for an element */
	uint32_t parent, depth;
	uint32_t last, count; /* of the elements of KP_TOML_TABLES */
	uint32_t section;     /* in which dotted keys made it; 0: none did */
	enum kp_toml_kind kind;
	bool defined; /* by a header of its own */
};

/* The names that a text has defined so far.  { 0 } before _init. */
struct kp_toml_tree {
	struct kp_toml_node *nodes; /* owned */
	size_t count, cap;
	struct kp_table names; /* owned: of the nodes; elements have none */
};

/* False: no memory. */
bool kp_toml_tree_init(struct kp_toml_tree *tree) KP_MUST_CHECK;
void kp_toml_tree_free(struct kp_toml_tree *tree);

/*
 * Go from a table to the node of a name in it, which is made where there is
 * none.  KP_TOML_NONE where TOML forbids that: *problem says why, and is NULL
 * when there is no memory.
 *
 *	enter   the names before the last of a header
 *	define  the last of [a.b]
 *	append  the last of [[a.b]]; its element is the node's last
 *	dot     the names before the last of a key in this section, from 1
 *	set     the last of a key
 */
uint32_t kp_toml_tree_enter(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, const char **problem);
uint32_t kp_toml_tree_define(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, const char **problem);
uint32_t kp_toml_tree_append(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, const char **problem);
uint32_t kp_toml_tree_dot(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, uint32_t section, const char **problem);
uint32_t kp_toml_tree_set(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, const char **problem);

/* A node for an array or inline table that is an element. */
uint32_t kp_toml_tree_nest(struct kp_toml_tree *tree, uint32_t parent,
    const char **problem);

/* --- the format --- */

bool kp_toml_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why);
bool kp_toml_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why);

#endif
