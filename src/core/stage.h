/* SPDX-License-Identifier: MIT */
/* stage - what the steps of one rendering hand to each other. */
#ifndef KP_CORE_STAGE_H
#define KP_CORE_STAGE_H

#include "core/expand.h"
#include "core/render.h"
#include "core/weave.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a value that a use brought. */
struct kp_mark {
	size_t start, end;
	uint32_t use;
};

/* What a scalar gets, while it is made. */
struct kp_change {
	struct kp_result value; /* owned: what the reader shall see */
	struct kp_buf text;     /* owned: what is written for it */
	struct kp_mark *marks;  /* owned; none where a set is at work */
	size_t nmarks, marks_cap;
};

/* A scalar that gets a new value, or a comment that gets its text back. */
struct kp_landing {
	uint32_t item;              /* of the scan */
	uint32_t first, nsentinels; /* in it; none: a set on the whole scalar */
	uint32_t set;               /* the use that sets it, or KP_NO_USE */
	struct kp_change *change;   /* owned; NULL: ... */
	uint32_t at, len; /* ... the value is these bytes of the result */
	size_t moved; /* so much further on is in the result what is behind */
	enum kp_type type; /* of the value */
	bool restored;     /* its text stays as the template has it */
	bool kept;         /* ... though it was to get a value */
};

/* A [set] whose scalar is there. */
struct kp_aim {
	uint32_t use;
	struct kp_str path; /* borrowed from the rule */
};

struct kp_stage {
	const struct kp_job *job; /* borrowed */
	struct kp_rendering *out; /* borrowed */
	struct kp_expander expander;
	size_t expanded;        /* bytes of the results of all uses */
	struct kp_diags *diags; /* borrowed */
	struct kp_weave weave;  /* owned */
	struct kp_scan scan;    /* owned: of the woven text */
	size_t finds;           /* how often a path was looked for in it */
	struct kp_buf **kept;   /* owned: texts that segments borrow */
	size_t nkept, kept_cap;
	size_t *commented; /* owned: starts of placeholders that */
	size_t ncommented, commented_cap; /* ... stand in comments */
	struct kp_aim *aims;              /* owned */
	size_t naims, aims_cap;
	struct kp_landing *landings; /* owned; in the order of their items */
	size_t nlandings, landings_cap;
};

/*
 * Instead of all steps: put the values into a text that takes any byte.
 * KP_UNRESOLVED: it is not for this way; what .out has is to be freed.
 */
enum kp_outcome kp_stage_direct(struct kp_stage *stage) KP_MUST_CHECK;

/*
 * The same of a long text that can be read in parts: all steps, a piece at a
 * time.  KP_UNRESOLVED: it is not for this way; what .out has is to be freed.
 */
enum kp_outcome kp_stage_pieces(struct kp_stage *stage) KP_MUST_CHECK;

/*
 * gather: weave the template and its matches.  A problem is reported, and
 * the others are looked for all the same.
 */
bool kp_stage_gather(struct kp_stage *stage) KP_MUST_CHECK;

/* place: find what each set and each sentinel stands in. */
bool kp_stage_place(struct kp_stage *stage) KP_MUST_CHECK;

/* splice: expand, encode, and make the new text with its slots. */
bool kp_stage_splice(struct kp_stage *stage) KP_MUST_CHECK;

/* verify: scan the new text; all is as intended, or false. */
bool kp_stage_verify(struct kp_stage *stage) KP_MUST_CHECK;

/* --- shared by the steps --- */

/* A new use, valid until the next is added; NULL when there is no memory. */
struct kp_use *kp_stage_add_use(struct kp_stage *stage, enum kp_use_kind kind,
    const struct kp_source *src, size_t offset, size_t len);

/* Room for the path of a use, empty; NULL: no memory. */
struct kp_buf *kp_use_make_path(struct kp_use *use);

/* Wipe the result of a use; or all that it owns. */
void kp_use_forget(struct kp_use *use);
void kp_use_wipe(struct kp_use *use);

/* Report a problem at the place where a use is written; returns false. */
bool kp_stage_fail(struct kp_stage *stage, struct kp_use *use, const char *fmt,
    ...) KP_PRINTF(3, 4);

/* Expand a use's placeholder or value, behind what *result has. */
enum kp_outcome kp_stage_expand(struct kp_stage *stage, struct kp_use *use,
    enum kp_missing missing, struct kp_result *result);

/* The same into a result that stays with the use. */
enum kp_outcome kp_stage_resolve(struct kp_stage *stage, struct kp_use *use,
    enum kp_missing missing);

/* Room for a template that lives as long as the rendering; NULL: no memory. */
struct kp_rule_value *kp_stage_add_value(struct kp_stage *stage);

/*
 * Parse the value of a rule; it lives as long as the rendering.  NULL: it is
 * malformed, and reported.  The bytes are those of value, written says where
 * they are in the rule file.
 */
const struct kp_template *kp_stage_parse_value(struct kp_stage *stage,
    const char *value, const struct kp_written *written);

/* What the reader shall see. */
struct kp_str kp_stage_value(const struct kp_stage *stage,
    const struct kp_landing *landing);

void kp_change_wipe(struct kp_change *change);

/* Keep a text for as long as the stage lives; *text is moved. */
struct kp_str kp_stage_keep(struct kp_stage *stage, struct kp_buf *text);

/* Number the scan, unless it is. */
bool kp_stage_number(struct kp_stage *stage) KP_MUST_CHECK;

/* What kp_stage_make_room() does where there is none. */
void kp_stage_enlarge(struct kp_stage *stage, size_t done, size_t len);

/*
 * Room for len bytes more of the result, and for all that will follow, as it
 * seems from what the first done bytes of the template came to: a large one
 * that grows step by step is there twice each time.
 */
static inline void
kp_stage_make_room(struct kp_stage *stage, size_t done, size_t len)
{
	if (len >= stage->out->bytes.cap - stage->out->bytes.len)
		kp_stage_enlarge(stage, done, len);
}

/* Build the woven text and scan it anew; where that fails .scan is empty. */
bool kp_stage_scan(struct kp_stage *stage) KP_MUST_CHECK;

/* Of a spliced stage: so much further on is what was in front of a landing. */
size_t kp_stage_moved(const struct kp_stage *stage, size_t landing);

/* Forget what the steps have made, to take them again; the room stays. */
void kp_stage_clear(struct kp_stage *stage);

/* Free it, but for .out. */
void kp_stage_free(struct kp_stage *stage);

#endif
