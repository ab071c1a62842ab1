/* SPDX-License-Identifier: MIT */
/*
 * script - what an entry point written for a shell does, as rules.
 *
 * Known are the habits of such scripts: secrets read by cat, values put into
 * files by sed, envsubst, variables exported, waiting for a port, giving up
 * root, and the exec at the end.  The rest is named, for somebody to decide.
 */
#ifndef KP_CORE_SCRIPT_H
#define KP_CORE_SCRIPT_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/source.h"
#include "core/proposal.h"

#include <stdbool.h>

/* How a file that the script writes is read. */
struct kp_script_reader {
	void *ctx;
	/* NULL: it cannot be; else valid until the script is done. */
	const struct kp_source *(*read)(void *ctx, const char *path);
};

/* False: there is no memory; reported. */
bool kp_script_survey(struct kp_proposal *proposal, const struct kp_source *src,
    const struct kp_script_reader *reader,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
