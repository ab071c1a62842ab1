/* SPDX-License-Identifier: MIT */
/* diff - two texts line by line, as diff -u shows them. */
#ifndef KP_CORE_DIFF_H
#define KP_CORE_DIFF_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes that are shown as something else. */
struct kp_mask {
	size_t start, end;   /* in the text; ascending, not overlapping */
	struct kp_str shown; /* borrowed; on the first of its lines */
};

/* One side of a diff; all borrowed. */
struct kp_side {
	const char *name;
	struct kp_str text;
	const struct kp_mask *masks;
	size_t nmasks;
};

/*
 * Append the unified diff with three lines of context; nothing where the
 * texts are the same.  Lines are compared by their bytes and shown with their
 * masks.  The shortest edit script is looked for (Myers, 1986) up to 1,000
 * differing lines; beyond, what differs is shown as one block.  False: no
 * memory.
 */
bool kp_diff_add(struct kp_buf *out, const struct kp_side *old,
    const struct kp_side *new) KP_MUST_CHECK;

#endif
