/* SPDX-License-Identifier: MIT */
/* source - a named text, and where in it an offset is. */
#ifndef KP_BASE_SOURCE_H
#define KP_BASE_SOURCE_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From offset at on, text of a source came from offset origin of another. */
struct kp_shift {
	uint32_t at, origin;
};

/*
 * A text with the name that messages give it.  A text made from another one
 * by replacing parts has that as its origin and a shift at each seam, so
 * that a problem is always reported where the user wrote it.
 */
struct kp_source {
	const char *name;    /* borrowed */
	struct kp_str text;  /* borrowed */
	bool guarded;        /* may hold values: excerpts hide them ... */
	size_t guarded_from; /* ... from here on; 0: not known, so from a
	                        line's first "=" or ":" on */
	const struct kp_source *origin; /* borrowed; NULL: this is the first */
	const struct kp_shift *shifts;  /* borrowed; ascending by at */
	size_t nshifts;
};

/* A place as people count: from 1, the column in UTF-8 characters. */
struct kp_place {
	unsigned line, column;
};

/* Follow *src to its first origin; returns the offset there. */
size_t kp_source_origin(const struct kp_source **src, size_t offset);

/* The place of an offset in src's own text, whatever its origin. */
struct kp_place kp_source_place(const struct kp_source *src, size_t offset);

/* The line that holds offset, without its line ending. */
struct kp_str kp_source_line(const struct kp_source *src, size_t offset);

#endif
