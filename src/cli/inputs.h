/* SPDX-License-Identifier: MIT */
/* inputs - what the command line adds to the plan of the rule files. */
#ifndef KP_CLI_INPUTS_H
#define KP_CLI_INPUTS_H

#include "base/attr.h"
#include "base/diag.h"
#include "cli/options.h"
#include "core/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* A target that this run renders. */
struct kp_input {
	size_t target;  /* its number in the plan */
	char *from;     /* owned: the template instead, or NULL */
	char *to;       /* owned: where to instead, or NULL */
	size_t top;     /* of a tree: how much of .to is its directory */
	bool to_stdout; /* to standard output instead */
};

struct kp_inputs {
	struct kp_input *list; /* owned */
	size_t count, cap;
};

/*
 * Add -t, --set and --export to the plan, and choose the targets: those of
 * the operands, or all there are.  An operand SRC that a target of the rule
 * files has as its name, path or source is that target, rules and all.  The
 * caller frees *inputs either way.
 */
bool kp_inputs_add(struct kp_inputs *inputs, struct kp_plan *plan,
    const struct kp_options *options, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Put the files below it in place of each input whose template is a
 * directory: all of them, the target's suffix, or --suffix, cut off where a
 * name ends in it.
 */
bool kp_inputs_expand(struct kp_inputs *inputs, const struct kp_plan *plan,
    const struct kp_options *options, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Append path as the process finds it: an absolute one below --root, where
 * that is given and path does not lead there already.
 */
void kp_inputs_locate(const struct kp_options *options, const char *path,
    struct kp_buf *out);

void kp_inputs_free(struct kp_inputs *inputs);

#endif
