/* SPDX-License-Identifier: MIT */
/* program - why a file that was found cannot be executed. */
#ifndef KP_PROC_PROGRAM_H
#define KP_PROC_PROGRAM_H

#include "base/diag.h"

/*
 * Record why execve() of path gave error: the interpreter or loader that is
 * missing, the machine that the file is for, the mount that forbids it.
 */
void kp_program_explain(const char *path, int error, struct kp_diags *diags);

/* Record that arguments and environment are too long together. */
void kp_program_explain_size(char *const *argv, char *const *envp,
    struct kp_diags *diags);

#endif
