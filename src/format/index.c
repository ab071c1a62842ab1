/* SPDX-License-Identifier: MIT */
/*
 * index - the scalars of a scan by their paths.
 *
 * A path is looked up by a hash of what all its spellings have in common: no
 * quote, backslash or dot, no difference of case or of "-" and "_".  Whether
 * a scalar has the path is for the caller to compare.  The hash goes on from
 * that of the parent, so that no path is put together.
 *
 * "[n]" behind a repeated key may be left out in a path: a scalar below one is
 * listed without all that is in brackets, each other one with it.  A path is
 * looked up both ways.
 *
 * Where a format has its own way to compare paths, their last name counts
 * alone: "DEFAULT.x" may be "x", and "db@port" "db.@port".
 */
#include "format/index.h"

#include "base/hash.h"
#include "format/number.h"

#include <stdio.h>
#include <stdlib.h>

#define NO_ITEM UINT32_MAX

struct kp_index {
	uint64_t *hashes; /* owned: of each item */
	uint32_t *next;   /* owned: the next scalar in the same slot */
	uint32_t *slots;  /* owned: the first scalar, or NO_ITEM */
	size_t mask;      /* slots less one */
};

/* How text goes into a hash. */
struct habit {
	bool last; /* only what is behind the last dot */
	bool bare; /* without "[n]" */
};

static bool
is_quoting(char c)
{
	return c == '"' || c == '\\';
}

/* Behind the "[n]" at at, whatever quotes are in it; at: it is none. */
static size_t
skip_number(struct kp_str text, size_t at)
{
	size_t digits = 0, i;

	for (i = at + 1; i < text.len; i++) {
		if (text.ptr[i] == ']' && digits > 0)
			return i + 1;
		if (kp_is_digit(text.ptr[i]))
			digits++;
		else if (!is_quoting(text.ptr[i]))
			break;
	}
	return at;
}

static uint64_t
hash_char(uint64_t hash, char c)
{
	c = kp_to_lower(c);
	return kp_hash_byte(hash, (unsigned char)(c == '-' ? '_' : c));
}

static uint64_t
hash_text(uint64_t hash, struct kp_str text, struct habit habit)
{
	size_t i = 0;

	while (i < text.len) {
		char c = text.ptr[i];

		if (c == '[' && habit.bare) {
			size_t behind = skip_number(text, i);

			if (behind > i) {
				i = behind;
				continue;
			}
		}
		if (habit.last && (c == '.' || c == '@'))
			hash = KP_HASH_START;
		else if (c != '.' && !is_quoting(c))
			hash = hash_char(hash, c);
		i++;
	}
	return hash;
}

static uint64_t
hash_element(uint64_t hash, uint32_t number)
{
	char digits[16];
	int len = snprintf(digits, sizeof(digits), "[%u]", (unsigned)number);

	return hash_text(hash, kp_str_make(digits, (size_t)len),
	    (struct habit){ 0 });
}

/* --- making one --- */

/* What an item adds to the paths below it. */
static uint64_t
hash_item(const struct kp_item *item, uint64_t hash, struct habit habit)
{
	if (item->kind == KP_ELEMENT)
		return habit.bare ? hash : hash_element(hash, item->index);
	if (habit.last)
		hash = KP_HASH_START;
	return hash_text(hash, item->value, habit);
}

/* What is known of the paths below an item, while all are walked. */
struct below {
	uint64_t whole, bare; /* hashes: with "[n]", without */
	bool numbered;        /* a key on the way is repeated */
};

/* The path of a scalar is that of its parent. */
static struct below
below_parent(const struct kp_item *item, const struct below *known)
{
	static const struct below none = { KP_HASH_START, KP_HASH_START,
		false };

	return item->parent == KP_NO_PARENT ? none : known[item->parent];
}

/* A scalar may have a block below it, too. */
static struct below
below_item(const struct kp_scan *scan, uint32_t number,
    const struct below *known)
{
	const struct kp_item *item = &scan->items[number];
	bool last = scan->format->same_key != NULL;
	struct below below = below_parent(item, known);

	below.whole =
	    hash_item(item, below.whole, (struct habit){ last, false });
	below.bare = hash_item(item, below.bare, (struct habit){ last, true });
	if (item->kind != KP_ELEMENT && kp_number_count(scan, number) > 1)
		below.numbered = true;
	return below;
}

static size_t
slot_of(const struct kp_index *index, uint64_t hash)
{
	return (size_t)(hash ^ hash >> 32) & index->mask;
}

/* From the end, so that the first of a slot is the first in the text. */
static void
link_scalars(struct kp_index *index, const struct kp_scan *scan,
    const struct below *known)
{
	uint32_t i = (uint32_t)scan->count;

	while (i-- > 0) {
		struct below own;
		uint32_t *slot;

		if (scan->items[i].kind != KP_SCALAR)
			continue;
		own = below_parent(&scan->items[i], known);
		index->hashes[i] = own.numbered ? own.bare : own.whole;
		slot = &index->slots[slot_of(index, index->hashes[i])];
		index->next[i] = *slot;
		*slot = i;
	}
}

static bool
allocate(struct kp_index *index, size_t count)
{
	size_t slots = 16, i;

	while (slots < count)
		slots *= 2;
	index->hashes = calloc(count + 1, sizeof(*index->hashes));
	index->next = calloc(count + 1, sizeof(*index->next));
	index->slots = calloc(slots, sizeof(*index->slots));
	if (index->hashes == NULL || index->next == NULL ||
	    index->slots == NULL)
		return false;
	index->mask = slots - 1;
	for (i = 0; i < slots; i++)
		index->slots[i] = NO_ITEM;
	return true;
}

static struct kp_index *
make_index(const struct kp_scan *scan)
{
	struct kp_index *index = calloc(1, sizeof(*index));
	struct below *known = calloc(scan->count + 1, sizeof(*known));
	uint32_t i;

	if (index == NULL || known == NULL || !allocate(index, scan->count)) {
		kp_index_free(index);
		free(known);
		return NULL;
	}
	for (i = 0; i < scan->count; i++)
		known[i] = below_item(scan, i, known);
	link_scalars(index, scan, known);
	free(known);
	return index;
}

bool
kp_scan_index(struct kp_scan *scan, struct kp_diags *diags)
{
	scan->index = make_index(scan);
	return scan->index != NULL || kp_diag_nomem(diags);
}

void
kp_index_free(struct kp_index *index)
{
	if (index == NULL)
		return;
	free(index->hashes);
	free(index->next);
	free(index->slots);
	free(index);
}

/* --- looking up --- */

struct kp_index_walk
kp_index_start(const struct kp_scan *scan, struct kp_str path)
{
	bool last = scan->format->same_key != NULL;
	struct kp_index_walk walk = {
		.scan = scan,
		.hashes = {
			hash_text(KP_HASH_START, path,
			    (struct habit){ last, false }),
			hash_text(KP_HASH_START, path,
			    (struct habit){ last, true }),
		},
	};
	size_t i;

	for (i = 0; i < 2; i++)
		walk.at[i] =
		    scan->index->slots[slot_of(scan->index, walk.hashes[i])];
	return walk;
}

/* The first scalar from *at on that has this hash. */
static uint32_t
settle(const struct kp_index *index, uint64_t hash, uint32_t at)
{
	while (at != NO_ITEM && index->hashes[at] != hash)
		at = index->next[at];
	return at;
}

bool
kp_index_next(struct kp_index_walk *walk, size_t *item)
{
	const struct kp_index *index = walk->scan->index;
	size_t i;

	for (i = 0; i < 2; i++)
		walk->at[i] = settle(index, walk->hashes[i], walk->at[i]);
	*item = walk->at[0] < walk->at[1] ? walk->at[0] : walk->at[1];
	if (*item == NO_ITEM)
		return false;
	for (i = 0; i < 2; i++) {
		if (walk->at[i] == *item)
			walk->at[i] = index->next[*item];
	}
	return true;
}
