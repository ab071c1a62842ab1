/* SPDX-License-Identifier: MIT */
/*
 * bundle - a directory, arguments and an environment, kept in a file in
 * memory: the kernel has them, and no process, until they are loaded again.
 */
#ifndef KP_IO_BUNDLE_H
#define KP_IO_BUNDLE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

/* What was loaded; { 0 } is a valid empty one. */
struct kp_bundle {
	struct kp_buf bytes;   /* owned: what all strings are in */
	const char *directory; /* borrowed from .bytes */
	char **argv;           /* owned, ended by NULL; the strings are not */
	size_t argc;
	char **envp; /* the same */
};

/*
 * A file for a bundle, which closes on exec and no other user can open; the
 * caller closes it.  -1: a problem is recorded.
 */
int kp_bundle_open(struct kp_diags *diags);

/* Keep the working directory and both vectors in place of what fd has. */
bool kp_bundle_store(int fd, char *const *argv, char *const *envp,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Load what was stored into an empty *bundle, which the caller wipes. */
bool kp_bundle_load(int fd, struct kp_bundle *bundle,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Go to the directory of what was loaded. */
bool kp_bundle_enter(const struct kp_bundle *bundle,
    struct kp_diags *diags) KP_MUST_CHECK;

void kp_bundle_wipe(struct kp_bundle *bundle);

#endif
