/* SPDX-License-Identifier: MIT */
/*
 * commands - what each command word does.
 *
 * Each of them returns the exit status of the process, and may set options
 * from the [keyplate] sections it reads.  What is left in diags is reported
 * by the caller; one that starts a service reports before the start.
 */
#ifndef KP_CLI_COMMANDS_H
#define KP_CLI_COMMANDS_H

#include "base/attr.h"
#include "base/diag.h"
#include "cli/options.h"

int kp_cmd_run(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;
int kp_cmd_render(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;
int kp_cmd_check(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;
int kp_cmd_diff(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;
int kp_cmd_explain(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;
int kp_cmd_init(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;

int kp_cmd_encode(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;
int kp_cmd_decode(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;

int kp_cmd_wait(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;
int kp_cmd_probe(struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
