/* SPDX-License-Identifier: MIT */
/*
 * number - which one of several that are alike an item is.
 *
 * Two walks over the items with a hash table: one for those that are alike,
 * one for scalars of the same path.  A path's hash goes on from that of its
 * parent, so that no path is put together.  Names are hashed without what
 * some formats do not tell apart, case and "-" or "_"; two paths that share
 * a hash by chance are told apart more than they need to be.
 */
#include "format/number.h"

#include "base/hash.h"
#include "format/path.h"

#include <stdlib.h>

#define NO_ITEM UINT32_MAX

/* Open addressing; no more than half of the slots are taken. */
struct table {
	uint32_t *slots;  /* owned: items, or NO_ITEM */
	uint64_t *hashes; /* owned: of each item */
	size_t mask;      /* slots less one */
};

static bool
make_table(struct table *table, size_t count)
{
	size_t slots = 16;

	while (slots / 2 < count)
		slots *= 2;
	table->slots = calloc(slots, sizeof(*table->slots));
	table->hashes = calloc(count + 1, sizeof(*table->hashes));
	table->mask = slots - 1;
	return table->slots != NULL && table->hashes != NULL;
}

static void
clear_table(struct table *table)
{
	size_t i;

	for (i = 0; i <= table->mask; i++)
		table->slots[i] = NO_ITEM;
}

static void
free_table(struct table *table)
{
	free(table->slots);
	free(table->hashes);
}

static uint64_t
hash_name(uint64_t hash, struct kp_str name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		char c = kp_to_lower(name.ptr[i]);

		hash = kp_hash_byte(hash, (unsigned char)(c == '-' ? '_' : c));
	}
	return hash;
}

static bool
is_named(const struct kp_item *item)
{
	return item->kind == KP_KEY || item->kind == KP_SECTION ||
	    item->kind == KP_SCALAR;
}

static bool
are_alike(const struct kp_scan *scan, uint32_t a, uint32_t b)
{
	const struct kp_item *one = &scan->items[a], *other = &scan->items[b];

	if (one->parent != other->parent || one->kind != other->kind)
		return false;
	if (one->kind != KP_KEY || scan->format->same_key == NULL)
		return kp_str_eq(one->value, other->value);
	return scan->format->same_key(one->value, other->value);
}

static bool
have_one_path(const struct kp_scan *scan, uint32_t a, uint32_t b)
{
	(void)scan;
	(void)a;
	(void)b;
	return true;
}

/* The first item that is the same as this one; itself where there is none. */
static uint32_t
find_first(const struct kp_scan *scan, struct table *table, uint32_t item,
    bool (*is_same)(const struct kp_scan *, uint32_t, uint32_t))
{
	uint64_t hash = table->hashes[item];
	size_t at = (size_t)(hash ^ hash >> 32) & table->mask;

	while (table->slots[at] != NO_ITEM) {
		uint32_t other = table->slots[at];

		if (table->hashes[other] == hash && is_same(scan, other, item))
			return other;
		at = (at + 1) & table->mask;
	}
	table->slots[at] = item;
	return item;
}

static void
number_items(struct kp_scan *scan, struct table *table)
{
	uint32_t i;

	clear_table(table);
	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];
		uint32_t first;

		if (!is_named(item))
			continue;
		table->hashes[i] =
		    hash_name(kp_hash_number(KP_HASH_START, item->parent),
		        item->value);
		first = find_first(scan, table, i, are_alike);
		scan->numbers[i].first = first;
		scan->numbers[i].nth = scan->numbers[first].count++;
	}
}

/* The hash of the path that what belongs to an item has. */
static uint64_t
hash_path(const struct kp_item *item, uint64_t hash)
{
	if (item->kind == KP_ELEMENT)
		return kp_hash_number(kp_hash_byte(hash, '['), item->index);
	hash = kp_hash_byte(hash, kp_path_needs_quotes(item) ? '"' : '.');
	return hash_name(hash, item->value);
}

static uint64_t
hash_of_parent(const struct table *table, const struct kp_item *item)
{
	return item->parent == KP_NO_PARENT ? KP_HASH_START :
	                                      table->hashes[item->parent];
}

/* A scalar's own path is its parent's; most have no lines of their own. */
static void
find_shared(struct kp_scan *scan, struct table *table)
{
	uint64_t *own = table->hashes;
	uint32_t i, first;

	clear_table(table);
	for (i = 0; i < scan->count; i++)
		own[i] = hash_path(&scan->items[i],
		    hash_of_parent(table, &scan->items[i]));
	/* From the end, so that a parent's hash is there while it is needed. */
	for (i = (uint32_t)scan->count; i-- > 0;) {
		if (scan->items[i].kind != KP_SCALAR)
			continue;
		own[i] = hash_of_parent(table, &scan->items[i]);
		first = find_first(scan, table, i, have_one_path);
		if (first != i)
			scan->numbers[i].shared = scan->numbers[first].shared =
			    true;
	}
}

bool
kp_scan_number(struct kp_scan *scan, struct kp_diags *diags)
{
	struct table table = { 0 };

	scan->numbers = calloc(scan->count + 1, sizeof(*scan->numbers));
	if (scan->numbers == NULL || !make_table(&table, scan->count)) {
		/* Numbers that are all 0 would count as told. */
		free(scan->numbers);
		scan->numbers = NULL;
		free_table(&table);
		return kp_diag_nomem(diags);
	}
	if (!scan->format->one_path_each) {
		number_items(scan, &table);
		find_shared(scan, &table);
	}
	free_table(&table);
	return true;
}

uint32_t
kp_number_count(const struct kp_scan *scan, uint32_t index)
{
	return scan->numbers[scan->numbers[index].first].count;
}
