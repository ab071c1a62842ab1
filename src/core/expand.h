/* SPDX-License-Identifier: MIT */
/* expand - what a placeholder, or a rule's value, comes to. */
#ifndef KP_CORE_EXPAND_H
#define KP_CORE_EXPAND_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/str.h"
#include "core/template.h"
#include "core/values.h"

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that values come to, of one rendering or one export. */
#define KP_EXPAND_MAX ((size_t)64 * 1024 * 1024)

/* What to do about a name that resolves to nothing. */
enum kp_missing {
	KP_MISSING_FAILS, /* an error */
	KP_MISSING_STAYS, /* a warning; the placeholder stays as written */
	KP_MISSING_SKIPS, /* silence; the rule is passed over */
};

struct kp_expander {
	struct kp_values *values; /* borrowed */
	struct kp_diags *diags;   /* borrowed */
	enum kp_missing missing;
	struct kp_str current; /* what the target holds now: old hashes */
	bool full; /* there was more: reported, and no more is put */
};

enum kp_outcome {
	KP_RESOLVED,
	KP_UNRESOLVED, /* stays or is skipped, as the expander says */
	KP_FAILED,     /* reported */
};

/* A run of bytes in a result, and whether the author wrote it. */
struct kp_run {
	size_t len;
	bool trusted;
};

/* { 0 } before; freed by kp_result_free() whatever the outcome. */
struct kp_result {
	struct kp_buf bytes; /* owned */
	struct kp_run *runs; /* owned; they add up to bytes */
	size_t nruns, runs_cap;
	bool string;                  /* a secret or |str: never a number */
	bool typed;                   /* |int, |number, |bool made it one */
	const struct kp_entry *entry; /* the first looked up; borrowed */
};

/* Expand one placeholder of src, behind what *result has. */
enum kp_outcome kp_expand(struct kp_expander *expander,
    const struct kp_source *src, const struct kp_placeholder *placeholder,
    struct kp_result *result);

/* Expand a whole template: a rule's value, or the word of an operator. */
enum kp_outcome kp_expand_template(struct kp_expander *expander,
    const struct kp_template *template, struct kp_result *result);

/* True when the operator "+" applies: the name is set. */
enum kp_outcome kp_expand_condition(struct kp_expander *expander,
    const struct kp_source *src, const struct kp_placeholder *placeholder,
    bool *is_set);

/*
 * Values were too long where len bytes from offset of src ask for more.
 * Reported the first time; KP_FAILED.
 */
enum kp_outcome kp_expand_full(struct kp_expander *expander,
    const struct kp_source *src, size_t offset, size_t len);

/* What in a secret is most often a mistake, in words; NULL: nothing. */
const char *kp_expand_oddity(struct kp_str value);

/* Append bytes, or what another result holds.  False: no memory. */
bool kp_result_add(struct kp_result *result, struct kp_str bytes,
    bool trusted) KP_MUST_CHECK;
bool kp_result_append(struct kp_result *result,
    const struct kp_result *more) KP_MUST_CHECK;

/* Wipe everything but the room that it takes, for the next one. */
void kp_result_clear(struct kp_result *result);

void kp_result_free(struct kp_result *result);

#endif
