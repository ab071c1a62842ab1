/* SPDX-License-Identifier: MIT */
/* match - where a rule's pattern is found, and what it replaces there. */
#ifndef KP_CORE_MATCH_H
#define KP_CORE_MATCH_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/str.h"
#include "core/plan.h"

#include <stdbool.h>
#include <stddef.h>

#define KP_MATCH_GROUPS 10

/* One place where the pattern was found. */
struct kp_hit {
	size_t start, end;                     /* what is replaced */
	struct kp_str groups[KP_MATCH_GROUPS]; /* of the text; $0 to $9 */
};

struct kp_hits {
	struct kp_hit *list; /* owned */
	size_t count, cap;
};

/*
 * Find all hits of rule in src, from left to right, none overlapping: the
 * group "value" where the rule has a value, else the whole match.  A pattern
 * that does not compile, that runs away (match limit 100,000, depth limit
 * 1,000, heap limit 1 MiB for each match), whose group is found at one place
 * more than once, or that is found another number of times than the rule says
 * is an error at the rule.  valid is kp_utf8_end() of the text, which many
 * rules ask for.  The caller frees *hits either way.
 */
bool kp_match_find(const struct kp_match_rule *rule,
    const struct kp_source *src, size_t valid, struct kp_hits *hits,
    struct kp_diags *diags) KP_MUST_CHECK;

void kp_hits_free(struct kp_hits *hits);

#endif
