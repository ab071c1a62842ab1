/* SPDX-License-Identifier: MIT */
/* path - where a scalar is: a.b[0]."odd key". */
#ifndef KP_FORMAT_PATH_H
#define KP_FORMAT_PATH_H

#include "base/buf.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Cut the first name off *rest and append it to *name, without its quotes.
 * False: none is there, or it is an element or malformed.
 */
bool kp_path_next(struct kp_str *rest, struct kp_buf *name);

/*
 * Cut path in two: *name is the last name of it, in quotes where it is
 * written so, *parent what is before the dot; empty at the top.
 */
void kp_path_cut(struct kp_str path, struct kp_str *parent,
    struct kp_str *name);

/* True when this KEY, SECTION or SCALAR stands in a path in double quotes. */
bool kp_path_needs_quotes(const struct kp_item *item);

/* True when the two are one to the format: paths, or the names of keys. */
bool kp_path_is_same(const struct kp_scan *scan, struct kp_str a,
    struct kp_str b);

/* True when what belongs to the item of this index has this path. */
bool kp_path_is_of(const struct kp_scan *scan, uint32_t index,
    struct kp_str path);

#endif
