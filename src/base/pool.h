/* SPDX-License-Identifier: MIT */
/* pool - memory for many small things: none moves, and all go at once. */
#ifndef KP_BASE_POOL_H
#define KP_BASE_POOL_H

#include "base/attr.h"

#include <stddef.h>

struct kp_pool_block;

/* { 0 } is an empty pool. */
struct kp_pool {
	struct kp_pool_block *last; /* owned */
};

/*
 * len bytes, all zero, at an address that align, a power of two and at most
 * that of max_align_t, divides.  They stay where they are for as long as the
 * pool lives.  NULL: no memory.
 */
void *kp_pool_take(struct kp_pool *pool, size_t len,
    size_t align) KP_MUST_CHECK;

/* Release all of it, and leave an empty pool. */
void kp_pool_free(struct kp_pool *pool);

/* The same, zeroed before. */
void kp_pool_wipe(struct kp_pool *pool);

#endif
