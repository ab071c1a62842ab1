/* SPDX-License-Identifier: MIT */
/* rulevalue - the value of a rule: a template of its own. */
#ifndef KP_CORE_RULEVALUE_H
#define KP_CORE_RULEVALUE_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/source.h"
#include "core/plan.h"
#include "core/template.h"

#include <stdbool.h>

/* Not to be moved once it is parsed: src points to shift. */
struct kp_rule_value {
	struct kp_template template;
	struct kp_source src; /* what the template was parsed from */
	struct kp_shift shift;
};

/*
 * Parse value, which is borrowed as long as *out lives; written says where it
 * stands in the rule file, so that problems have their line and column there.
 * False: it is malformed, and reported.  The caller frees *out either way.
 */
bool kp_rule_value_parse(struct kp_rule_value *out, const char *value,
    const struct kp_written *written, struct kp_diags *diags) KP_MUST_CHECK;

void kp_rule_value_free(struct kp_rule_value *value);

#endif
