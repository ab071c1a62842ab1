/* SPDX-License-Identifier: MIT */
/*
 * varfiles - --expand-files: a variable that names a file becomes one that
 * has its content.
 *
 *	X_FILE=/run/secrets/x    as images of databases have it
 *	X__FILE=...              Grafana, Gitea
 *	FILE__X=...              linuxserver.io
 */
#ifndef KP_CLI_VARFILES_H
#define KP_CLI_VARFILES_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>

struct kp_start;
struct kp_work;

/* Among the patterns of --expand-files, what stands for the option alone. */
#define KP_VARFILES_SECRETS "yes"

/* The X of a variable's name, a part of it; false: it is of no such form. */
bool kp_varfiles_target(struct kp_str name, struct kp_str *target);

/*
 * Give X to COMMAND, and keep the variable that named the file from it: for
 * each one that a pattern matches or, with KP_VARFILES_SECRETS among them,
 * whose file is below a directory of secrets.  One that is empty names none.
 */
bool kp_varfiles_expand(struct kp_work *work, struct kp_start *start,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
