/* SPDX-License-Identifier: MIT */
/* hidden - what a run knows and never shows: its values. */
#ifndef KP_CLI_HIDDEN_H
#define KP_CLI_HIDDEN_H

#include "base/attr.h"
#include "base/str.h"
#include "core/render.h"
#include "core/values.h"

#include <stdbool.h>
#include <stddef.h>

/* One of them, and what may be shown in its place. */
struct kp_hidden_value {
	struct kp_str value; /* borrowed */
	const char *name;    /* borrowed */
};

/* { 0 } is a valid empty one. */
struct kp_hidden {
	struct kp_hidden_value *list; /* owned; the longest first */
	size_t count;
	bool begins[256]; /* bytes that some of them begins with */
};

/*
 * Fill an empty *hidden with the values as the sources have them and, unless
 * it is NULL, as they were written into a rendering.  Settings shorter than
 * least bytes are left out: any text has words like them.  False: no memory.
 */
bool kp_hidden_collect(struct kp_hidden *hidden, const struct kp_values *values,
    const struct kp_rendering *rendering, size_t least) KP_MUST_CHECK;

/*
 * The longest of them that text begins with; NULL: none.  Where text was cut
 * off behind its end, one that begins with all of it counts as well.
 */
const struct kp_hidden_value *kp_hidden_find(const struct kp_hidden *hidden,
    struct kp_str text, bool cut);

void kp_hidden_free(struct kp_hidden *hidden);

#endif
