/* SPDX-License-Identifier: MIT */
/* exit - what the exit status says; the manual's EXIT STATUS. */
#ifndef KP_CLI_EXIT_H
#define KP_CLI_EXIT_H

#include "base/attr.h"
#include "base/diag.h"
#include "cli/options.h"

enum kp_exit {
	KP_EXIT_DONE = 0,
	KP_EXIT_FAULT = 1,    /* of render, check; of diff: something differs */
	KP_EXIT_USAGE = 2,    /* of diff: every trouble */
	KP_EXIT_OWN = 125,    /* of run, before COMMAND ran; --exit-code */
	KP_EXIT_SIGNAL = 128, /* plus the number of the signal */
};

/*
 * The status of the command in options with what is in diags: KP_EXIT_DONE
 * unless there is an error.  To be asked before diags is reported.
 */
int kp_exit_of(const struct kp_options *options,
    const struct kp_diags *diags) KP_MUST_CHECK;

#endif
