/* SPDX-License-Identifier: MIT */
/*
 * table - the numbers of things, found by a hash of what they are looked for.
 *
 * Whose things they are compares them: a walk gives the few numbers that were
 * added with this hash, and perhaps one more whose hash has the same half.
 * The first number added is the first given.
 */
#ifndef KP_BASE_TABLE_H
#define KP_BASE_TABLE_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kp_table_slot {
	uint32_t half;   /* of the hash */
	uint32_t number; /* from 1 on; 0: a free slot */
};

/* { 0 } is a valid empty one. */
struct kp_table {
	struct kp_table_slot *slots; /* owned; 2^n, half of them free */
	size_t nslots, count;
};

struct kp_table_walk {
	const struct kp_table *table; /* borrowed; nothing is added meanwhile */
	size_t at;
	uint32_t half;
};

static inline uint32_t
kp_table_half(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

/* Walk the numbers that were added with this hash. */
static inline struct kp_table_walk
kp_table_start(const struct kp_table *table, uint64_t hash)
{
	uint32_t half = kp_table_half(hash);

	return (struct kp_table_walk){ table, half, half };
}

/* False: there is no more. */
static inline bool
kp_table_next(struct kp_table_walk *walk, uint32_t *number)
{
	const struct kp_table *table = walk->table;

	if (table->nslots == 0)
		return false;
	for (;;) {
		const struct kp_table_slot *slot =
		    &table->slots[walk->at++ & (table->nslots - 1)];

		if (slot->number == 0)
			return false;
		if (slot->half == walk->half) {
			*number = slot->number - 1;
			return true;
		}
	}
}

/* False: no memory, or the number is UINT32_MAX; nothing is changed. */
bool kp_table_add(struct kp_table *table, uint64_t hash,
    size_t number) KP_MUST_CHECK;

void kp_table_free(struct kp_table *table);

#endif
