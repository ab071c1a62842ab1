/* SPDX-License-Identifier: MIT */
/*
 * survey - what of a configuration file is to be set when a container starts.
 */
#ifndef KP_CORE_SURVEY_H
#define KP_CORE_SURVEY_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/source.h"
#include "core/proposal.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Propose a rule for each value of src that looks like a secret, a setting
 * or a marker, and for secrets that are commented out.  path: as the rule
 * file shall name it.  A compose file, which a container does not read,
 * gives variables for the services in it instead.  False: the format's
 * reader could not parse it, or there is no memory; reported.
 */
bool kp_survey(struct kp_proposal *proposal, const char *path,
    const struct kp_format *format, const struct kp_source *src,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Propose what an entry point sets: key, the last name of a path or a marker
 * such as __PASS__, gets value.  file is its number in the proposal; why is
 * the comment.  False where no such value is in src, or several are.
 */
bool kp_survey_find(struct kp_proposal *proposal, size_t file,
    const struct kp_format *format, const struct kp_source *src,
    struct kp_str key, const char *value, const char *why,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
