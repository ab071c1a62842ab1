/* SPDX-License-Identifier: MIT */
/* table - the numbers of things, found by a hash of what they are looked for.
 */
#include "base/table.h"

#include <stdlib.h>

#define FIRST_SLOTS 64

static void
put(struct kp_table *table, struct kp_table_slot slot)
{
	size_t at = slot.half;

	while (table->slots[at & (table->nslots - 1)].number != 0)
		at++;
	table->slots[at & (table->nslots - 1)] = slot;
}

/* In the order of the slots: those of one hash keep theirs. */
static bool
grow(struct kp_table *table)
{
	struct kp_table grown = { .nslots = FIRST_SLOTS };
	size_t first = 0, i;

	if (table->nslots > 0)
		grown.nslots = table->nslots * 2;
	grown.slots = calloc(grown.nslots, sizeof(*grown.slots));
	if (grown.slots == NULL)
		return false;
	/* From behind a free slot on: a run may go over the end. */
	while (first < table->nslots && table->slots[first].number != 0)
		first++;
	for (i = 0; i < table->nslots; i++) {
		const struct kp_table_slot *slot =
		    &table->slots[(first + i) & (table->nslots - 1)];

		if (slot->number != 0)
			put(&grown, *slot);
	}
	free(table->slots);
	table->slots = grown.slots;
	table->nslots = grown.nslots;
	return true;
}

bool
kp_table_add(struct kp_table *table, uint64_t hash, size_t number)
{
	if (number >= UINT32_MAX ||
	    (table->count >= table->nslots / 2 && !grow(table)))
		return false;
	put(table,
	    (struct kp_table_slot){ kp_table_half(hash),
	        (uint32_t)number + 1 });
	table->count++;
	return true;
}

void
kp_table_free(struct kp_table *table)
{
	free(table->slots);
	*table = (struct kp_table){ 0 };
}
