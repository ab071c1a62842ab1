/* SPDX-License-Identifier: MIT */
/* index - the scalars of a scan by their paths. */
#ifndef KP_FORMAT_INDEX_H
#define KP_FORMAT_INDEX_H

#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kp_index;

/* The scalars that are left of those that may have a path. */
struct kp_index_walk {
	const struct kp_scan *scan; /* borrowed */
	uint64_t hashes[2];
	uint32_t at[2];
};

/* Walk the scalars of an indexed scan that may have path, in their order. */
struct kp_index_walk kp_index_start(const struct kp_scan *scan,
    struct kp_str path);

/* False: there is no more. */
bool kp_index_next(struct kp_index_walk *walk, size_t *item);

void kp_index_free(struct kp_index *index);

#endif
