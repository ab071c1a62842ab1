/* SPDX-License-Identifier: MIT */
/* filter - what ${name|filter} does to a value before it is put in place. */
#ifndef KP_CORE_FILTER_H
#define KP_CORE_FILTER_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Why a filter cannot do it; never quotes the value. */
struct kp_filter_error {
	char text[160];
};

/* What a filter means beside, or instead of, changing bytes. */
enum kp_filter_effect {
	KP_FX_STRING = 1 << 0, /* a string, whatever it looks like */
	KP_FX_TYPED = 1 << 1,  /* a number or truth value, unquoted */
	KP_FX_WHOLE = 1 << 2,  /* every byte, the final line ending too */
	KP_FX_RAW = 1 << 3,    /* no encoding: text of the template */
	KP_FX_SALTED = 1 << 4, /* slow on purpose, and another each time */
};

enum kp_argument {
	KP_ARG_NONE,
	KP_ARG_OPTIONAL,
	KP_ARG_REQUIRED,
};

struct kp_filter {
	const char *name;
	enum kp_argument argument;
	unsigned effects;

	/*
	 * Append what becomes of value.  False: it cannot, *why tells.  NULL:
	 * the bytes stay as they are.  current is what the target holds now:
	 * a salted hash in it that still fits the value is taken again, so
	 * that rendering twice gives the same file.
	 */
	bool (*apply)(struct kp_str value, struct kp_str argument,
	    struct kp_str current, struct kp_buf *out,
	    struct kp_filter_error *why);
};

/* NULL: there is none of that name. */
const struct kp_filter *kp_filter_by_name(struct kp_str name);

/* All names, ended by NULL, for near-miss hints. */
const char *const *kp_filter_names(void);

#endif
