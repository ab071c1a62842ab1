/* SPDX-License-Identifier: MIT */
/* pool - memory for many small things: none moves, and all go at once. */
#include "base/pool.h"

#include "base/pages.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* One after the other, each twice as large as the one before. */
struct kp_pool_block {
	struct kp_pool_block *before; /* owned */
	size_t len, cap;
	_Alignas(max_align_t) char bytes[];
};

#define FIRST_CAPACITY 64
#define LARGEST_CAPACITY ((size_t)32 * 1024 * 1024)

/* Where in a block the next len bytes go; SIZE_MAX: it has no room. */
static size_t
find_room(const struct kp_pool_block *block, size_t len, size_t align)
{
	size_t at;

	if (block == NULL)
		return SIZE_MAX;
	at = (block->len + align - 1) & ~(align - 1);
	return at <= block->cap && len <= block->cap - at ? at : SIZE_MAX;
}

static struct kp_pool_block *
add_block(struct kp_pool *pool, size_t len)
{
	struct kp_pool_block *block;
	size_t cap = FIRST_CAPACITY;

	if (pool->last != NULL && pool->last->cap < LARGEST_CAPACITY)
		cap = pool->last->cap * 2;
	else if (pool->last != NULL)
		cap = LARGEST_CAPACITY;
	if (cap < len)
		cap = len;
	if (cap > SIZE_MAX / 2 - sizeof(*block))
		return NULL;
	block = calloc(1, sizeof(*block) + cap);
	if (block == NULL)
		return NULL;
	kp_pages_advise(block, sizeof(*block) + cap);
	block->before = pool->last;
	block->cap = cap;
	pool->last = block;
	return block;
}

void *
kp_pool_take(struct kp_pool *pool, size_t len, size_t align)
{
	struct kp_pool_block *block = pool->last;
	size_t at = find_room(block, len, align);

	if (at == SIZE_MAX) {
		block = add_block(pool, len);
		at = 0;
	}
	if (block == NULL)
		return NULL;
	block->len = at + len;
	return block->bytes + at;
}

static void
release(struct kp_pool *pool, bool wipe)
{
	struct kp_pool_block *block, *before;

	for (block = pool->last; block != NULL; block = before) {
		before = block->before;
		if (wipe)
			explicit_bzero(block->bytes, block->len);
		free(block);
	}
	pool->last = NULL;
}

void
kp_pool_free(struct kp_pool *pool)
{
	release(pool, false);
}

void
kp_pool_wipe(struct kp_pool *pool)
{
	release(pool, true);
}
