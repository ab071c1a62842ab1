/* SPDX-License-Identifier: MIT */
/*
 * envsubst - keyplate called by that name: GNU gettext's program, from the
 * environment alone and with its options, for scripts that have it.
 */
#ifndef KP_CLI_ENVSUBST_H
#define KP_CLI_ENVSUBST_H

#include "base/attr.h"
#include "base/diag.h"

#include <stdbool.h>

/* Is this the name that the program was called by? */
bool kp_envsubst_is_name(const char *program);

/* Do what envsubst(1) does; its exit status, problems in diags. */
int kp_envsubst(int argc, char **argv, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
