/* SPDX-License-Identifier: MIT */
/*
 * render - one template to the bytes of one target.
 *
 * The one path that every value takes, whatever brought it:
 *
 *	weave    placeholders and matches become sentinels     core/weave
 *	scan     each sentinel lands in a scalar: a slot       format/
 *	set      a rule's path names a scalar: a slot, too
 *	encode   the slot's new value, as its place asks       format/
 *	splice   the new text, all other bytes as they were
 *	verify   scanned again, every slot reads as intended and
 *	         everything else as before, or nothing is written
 *
 * A text in which any byte may stand has nothing to be encoded or read in
 * another way: there, core/direct puts values in as it goes.  A long one that
 * can be read in parts goes all the way in core/pieces, a piece at a time.
 */
#ifndef KP_CORE_RENDER_H
#define KP_CORE_RENDER_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/source.h"
#include "core/expand.h"
#include "core/plan.h"
#include "core/rulevalue.h"
#include "core/values.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What to render; all of it borrowed. */
struct kp_job {
	const struct kp_source *src; /* the template */
	const struct kp_format *format;
	const struct kp_syntax *syntax; /* of the template; NULL: our own */
	const struct kp_plan *plan; /* its sets and matches for target ... */
	const struct kp_target *target; /* ... or NULL: placeholders alone */
	struct kp_str current;          /* what is in the target now */
	bool allow_missing;
	bool traced; /* .slots, and the paths of .uses, are asked for */
};

enum kp_use_kind {
	KP_USE_PLACEHOLDER,
	KP_USE_SET,
	KP_USE_MATCH,
};

enum kp_fate {
	KP_PUT,     /* its value went into a slot */
	KP_SPLICED, /* went in as text: |raw, an alternative on its own line */
	KP_COMMENTED, /* stands in a comment: left as written */
	KP_KEPT,      /* does not resolve: left as written, or rule skipped */
	KP_REPLACED,  /* stood in a scalar that a set replaces as a whole */
	KP_REFUSED,   /* a problem was reported */
};

/* One placeholder or rule at work. */
struct kp_use {
	const struct kp_source *src; /* borrowed: where it is written ... */
	uint32_t offset, len;        /* ... and its bytes there */
	const char *rule;            /* of a set or match, or of the set that
	                                replaces it; borrowed */
	const struct kp_placeholder *placeholder; /* borrowed, or NULL ... */
	const struct kp_template *value; /* ... a rule's value; borrowed */
	const struct kp_entry *entry;    /* the first looked up; borrowed */
	struct kp_result *result; /* owned: until it is put in, or NULL */
	struct kp_buf *path; /* owned: of the scalar it is in; NULL: unknown */
	enum kp_use_kind kind : 8; /* small: a text may have a million */
	enum kp_fate fate : 8;
	enum kp_style style : 8;
};

/* What is written there. */
static inline struct kp_str
kp_use_text(const struct kp_use *use)
{
	return kp_str_slice(use->src->text, use->offset,
	    (size_t)use->offset + use->len);
}

/* A changed scalar of the result, or text that was spliced in. */
struct kp_slot {
	size_t start, end;   /* in the result */
	struct kp_buf label; /* owned: as the template writes it */
	struct kp_buf path;  /* owned */
};

struct kp_rendering {
	struct kp_buf bytes; /* owned: the result, where all went well */
	struct kp_use *uses; /* owned; not traced: one of each fate, at least */
	size_t nuses, uses_cap;
	struct kp_slot *slots; /* owned; in the order of the result; traced */
	size_t nslots, slots_cap;
	struct kp_template text;       /* owned: the template's parts ... */
	struct kp_rule_value **values; /* owned: ... and the rules', which */
	size_t nvalues, values_cap;    /* uses point into */
};

/*
 * Render.  False: a problem is in diags, and .bytes is empty; .uses tells
 * what was found so far.  The caller frees *out either way.
 */
bool kp_render(const struct kp_job *job, struct kp_values *values,
    struct kp_rendering *out, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Of a traced rendering: is there a place in text, in this order, for all
 * that it has beside its slots?  Then the template may have come to it with
 * other values.
 */
bool kp_rendering_resembles(const struct kp_rendering *rendering,
    struct kp_str text);

void kp_rendering_free(struct kp_rendering *rendering);

#endif
