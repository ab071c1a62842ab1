/* SPDX-License-Identifier: MIT */
/* number - which one of several that are alike an item is. */
#ifndef KP_FORMAT_NUMBER_H
#define KP_FORMAT_NUMBER_H

#include "format/format.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Of a KEY, SECTION or SCALAR: alike are those of one kind and one name that
 * have the same parent.
 */
struct kp_number {
	uint32_t first; /* the item that is the first of them */
	uint32_t nth;   /* from 0 */
	uint32_t count; /* of the first alone: how many; 0: one_path_each */
	bool shared;    /* a SCALAR whose path some other has, too */
};

/* How many there are that are alike, this one included. */
uint32_t kp_number_count(const struct kp_scan *scan, uint32_t index);

#endif
