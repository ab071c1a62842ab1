/* SPDX-License-Identifier: MIT */
/* config - rule files: what they say becomes a plan. */
#ifndef KP_IO_CONFIG_H
#define KP_IO_CONFIG_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/source.h"
#include "base/str.h"
#include "core/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* Whom the keys of [keyplate] go to: it knows the options. */
struct kp_config_options {
	void *ctx;
	/* value stands at offset of src; false: the problem is recorded. */
	bool (*set)(void *ctx, struct kp_str name, struct kp_str value,
	    const struct kp_source *src, size_t offset, struct kp_diags *diags);
};

/*
 * Read rule files into *plan: each of paths is a file, or a directory whose
 * "*.conf" files are read in the order of their names.  Every error of every
 * file is reported.  A set's or match's file that is an absolute path no
 * section has becomes a target of its own.  On false *plan is still to be
 * freed.
 */
bool kp_config_load(struct kp_plan *plan, const struct kp_list *paths,
    const struct kp_config_options *options,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * The same for /etc/keyplate.conf and /etc/keyplate.d below root, which may
 * be NULL.  Either may be missing.
 */
bool kp_config_load_default(struct kp_plan *plan, const char *root,
    const struct kp_config_options *options,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
