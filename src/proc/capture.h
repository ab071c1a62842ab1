/* SPDX-License-Identifier: MIT */
/* capture - run a command to its end and keep what it prints. */
#ifndef KP_PROC_CAPTURE_H
#define KP_PROC_CAPTURE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"

#include <stdbool.h>

/* Of what a command prints, so many bytes are kept. */
#define KP_CAPTURE_MAX 16384

/*
 * Run argv, found by the PATH of envp, with that environment, the signals and
 * limits that keyplate was started with, standard input from /dev/null.
 * *status: its exit status, or 128 + n; 126 and 127 as for a service.  *output,
 * empty before, gets what it prints on standard output and error; the caller
 * wipes it.  False: it could not be run, which is told as a problem of path;
 * or, with nothing in diags, a signal was pending that kp_signals_poll() takes,
 * and the command and its process group were killed.  *status is untouched
 * then.
 */
bool kp_capture(const char *path, char *const *argv, char **envp, int *status,
    struct kp_buf *output, struct kp_diags *diags) KP_MUST_CHECK;

#endif
