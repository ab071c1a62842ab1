/* SPDX-License-Identifier: MIT */
/*
 * weave - a template with sentinels where values will stand.
 *
 * A sentinel is a word of letters and digits that occurs nowhere else in the
 * text: a plain word in every format, so that a scan tells which scalar it
 * landed in.  "http://${HOST}:${PORT}/" becomes, in short,
 * "http://kpa0z:kpa1z/".  The woven text is a source whose places are those
 * of the template.
 */
#ifndef KP_CORE_WEAVE_H
#define KP_CORE_WEAVE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KP_NO_USE UINT32_MAX

/* Text of the template, the value of a use as text, or its sentinel. */
struct kp_segment {
	struct kp_str text; /* borrowed; empty for a sentinel */
	uint32_t origin;    /* in the template */
	uint32_t use;       /* KP_NO_USE: of the template */
};

/* Where in the woven text a use's sentinel, or its value as text, stands. */
struct kp_sentinel {
	uint32_t at, len;
	uint32_t use;
	bool spliced; /* the value itself */
};

struct kp_weave {
	const struct kp_source *src; /* borrowed: the template */
	struct kp_segment *segments; /* owned */
	size_t count, cap;
	struct kp_sentinel *sentinels; /* owned; filled by kp_weave_build */
	size_t nsentinels, sentinels_cap;
	struct kp_shift *shifts; /* owned */
	size_t nshifts, shifts_cap;
	char prefix[16];
	struct kp_buf text;     /* owned */
	struct kp_source woven; /* what the scanner is given */
	bool has_splices;       /* a value is in it as text */
	bool failed;            /* out of memory */
};

/* Weave src, anew: *weave is { 0 }, or of another text, whose room stays. */
void kp_weave_start(struct kp_weave *weave, const struct kp_source *src);

/* About so many segments will be appended. */
void kp_weave_expect(struct kp_weave *weave, size_t count);

/* Append text that stands at origin of the template; borrowed. */
void kp_weave_text(struct kp_weave *weave, struct kp_str text, size_t origin);

/* Append the value of a use as text; borrowed. */
void kp_weave_splice(struct kp_weave *weave, struct kp_str value, uint32_t use,
    size_t origin);

/* Append the sentinel of a use. */
void kp_weave_use(struct kp_weave *weave, uint32_t use, size_t origin);

/* Put text, a sentinel, and text in at an offset of the woven text. */
void kp_weave_insert(struct kp_weave *weave, size_t at, struct kp_str before,
    uint32_t use, struct kp_str after);

/* Replace bytes start to end of the woven text by the value of a use. */
void kp_weave_replace(struct kp_weave *weave, size_t start, size_t end,
    struct kp_str value, uint32_t use);

/* Drop all segments, to weave the same template anew. */
void kp_weave_clear(struct kp_weave *weave);

/* Make .woven and .sentinels of the segments; to be repeated after changes. */
bool kp_weave_build(struct kp_weave *weave,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Find the next sentinel in text, which may be a decoded scalar, at or
 * behind *at, and move *at past it.  *before is the text in front of it.
 * False: there is none, *before is the rest.
 */
bool kp_weave_next(const struct kp_weave *weave, struct kp_str text, size_t *at,
    struct kp_str *before, uint32_t *use);

/* There will be no more changes: the segments are released. */
void kp_weave_settle(struct kp_weave *weave);

void kp_weave_free(struct kp_weave *weave);

#endif
