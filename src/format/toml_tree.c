/* SPDX-License-Identifier: MIT */
/*
 * toml_tree - which names a TOML text has defined, and may define again.
 *
 * TOML lets a table grow in several places but be defined in one:
 *
 *	[a.b]     makes a, which no header defined yet, and defines a.b
 *	[a]       may still define a, once
 *	b.c = 1   must not: a.b was defined by its header
 *	d.e = 1   makes a.d, which from the next header on is defined too
 */
#include "format/toml.h"

#include "base/array.h"
#include "base/hash.h"

#include <stdlib.h>

/* Paths and the scanner are as deep as this at most. */
#define DEPTH_MAX 64
#define TOO_DEEP "nested deeper than 64 levels"

static const char redefined[] = "this table is defined already";
static const char no_table[] = "this has a value, and is no table to add to";

static uint64_t
hash(uint32_t parent, struct kp_str name)
{
	return kp_hash_text(kp_hash_number(KP_HASH_START, parent), name);
}

/* name.ptr is NULL for an element. */
static uint32_t
add_node(struct kp_toml_tree *tree, uint32_t parent, struct kp_str name,
    enum kp_toml_kind kind, const char **problem)
{
	uint32_t depth = tree->nodes[parent].depth + 1;

	*problem = NULL;
	if (depth > DEPTH_MAX) {
		*problem = TOO_DEEP;
		return KP_TOML_NONE;
	}
	if (!kp_array_grow((void **)&tree->nodes, &tree->cap, tree->count + 1,
	        sizeof(*tree->nodes)) ||
	    (name.ptr != NULL &&
	        !kp_table_add(&tree->names, hash(parent, name), tree->count)))
		return KP_TOML_NONE;
	tree->nodes[tree->count] = (struct kp_toml_node){
		.name = name,
		.parent = parent,
		.depth = depth,
		.kind = kind,
	};
	return (uint32_t)tree->count++;
}

static uint32_t
find_node(const struct kp_toml_tree *tree, uint32_t parent, struct kp_str name)
{
	struct kp_table_walk walk =
	    kp_table_start(&tree->names, hash(parent, name));
	uint32_t number;

	while (kp_table_next(&walk, &number)) {
		const struct kp_toml_node *node = &tree->nodes[number];

		if (node->parent == parent && kp_str_eq(node->name, name))
			return number;
	}
	return KP_TOML_NONE;
}

static uint32_t
forbid(const char *what, const char **problem)
{
	*problem = what;
	return KP_TOML_NONE;
}

bool
kp_toml_tree_init(struct kp_toml_tree *tree)
{
	if (!kp_array_grow((void **)&tree->nodes, &tree->cap, 1,
	        sizeof(*tree->nodes)))
		return false;
	tree->nodes[KP_TOML_ROOT] =
	    (struct kp_toml_node){ .parent = KP_TOML_NONE };
	tree->count = 1;
	return true;
}

void
kp_toml_tree_free(struct kp_toml_tree *tree)
{
	free(tree->nodes);
	kp_table_free(&tree->names);
	*tree = (struct kp_toml_tree){ 0 };
}

uint32_t
kp_toml_tree_enter(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, const char **problem)
{
	uint32_t found = find_node(tree, table, name);

	if (found == KP_TOML_NONE)
		return add_node(tree, table, name, KP_TOML_TABLE, problem);
	if (tree->nodes[found].kind == KP_TOML_VALUE)
		return forbid(no_table, problem);
	return found;
}

uint32_t
kp_toml_tree_define(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, const char **problem)
{
	uint32_t found = kp_toml_tree_enter(tree, table, name, problem);
	struct kp_toml_node *node;

	if (found == KP_TOML_NONE)
		return found;
	node = &tree->nodes[found];
	if (node->kind == KP_TOML_TABLES || node->defined || node->section > 0)
		return forbid(redefined, problem);
	node->defined = true;
	return found;
}

uint32_t
kp_toml_tree_append(struct kp_toml_tree *tree, uint32_t table,
    struct kp_str name, const char **problem)
{
	uint32_t found = find_node(tree, table, name), element;

	if (found == KP_TOML_NONE)
		found = add_node(tree, table, name, KP_TOML_TABLES, problem);
	if (found == KP_TOML_NONE)
		return found;
	if (tree->nodes[found].kind != KP_TOML_TABLES)
		return forbid("this is no array of tables", problem);
	element = kp_toml_tree_nest(tree, found, problem);
	if (element == KP_TOML_NONE)
		return element;
	tree->nodes[found].last = element;
	tree->nodes[found].count++;
	return found;
}

uint32_t
kp_toml_tree_dot(struct kp_toml_tree *tree, uint32_t table, struct kp_str name,
    uint32_t section, const char **problem)
{
	uint32_t found = kp_toml_tree_enter(tree, table, name, problem);
	struct kp_toml_node *node;

	if (found == KP_TOML_NONE)
		return found;
	node = &tree->nodes[found];
	if (node->kind == KP_TOML_TABLES || node->defined ||
	    (node->section > 0 && node->section != section))
		return forbid(redefined, problem);
	node->section = section;
	return found;
}

uint32_t
kp_toml_tree_set(struct kp_toml_tree *tree, uint32_t table, struct kp_str name,
    const char **problem)
{
	if (find_node(tree, table, name) != KP_TOML_NONE)
		return forbid("this key is there already", problem);
	return add_node(tree, table, name, KP_TOML_VALUE, problem);
}

uint32_t
kp_toml_tree_nest(struct kp_toml_tree *tree, uint32_t parent,
    const char **problem)
{
	return add_node(tree, parent, kp_str_make(NULL, 0), KP_TOML_TABLE,
	    problem);
}
