/* SPDX-License-Identifier: MIT */
/*
 * launch - from keyplate to COMMAND: vfork, become the user, search, execve.
 *
 * No shell and no execvp(): a file of another machine is an error, not a
 * script.  Nothing is allocated between vfork and exec; a step there that
 * fails is told by the child itself, so that 126 and 127 of COMMAND are never
 * mistaken for ours.
 */
#ifndef KP_PROC_LAUNCH_H
#define KP_PROC_LAUNCH_H

#include "base/attr.h"
#include "base/diag.h"
#include "proc/creds.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct kp_terminal;

/* Searched where the environment of COMMAND has no PATH, or an empty one. */
#define KP_LAUNCH_PATH                                                         \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* The statuses of what could not be executed, as shells have them. */
enum {
	KP_LAUNCH_NOT_EXECUTABLE = 126,
	KP_LAUNCH_NOT_FOUND = 127,
};

/* All pointers are borrowed. */
struct kp_launch {
	char *const *argv;
	char **envp;
	struct kp_creds creds;
	struct kp_terminal *terminal; /* given to a supervised child */
	const char *oom_score_adj; /* digits, as the kernel reads them; NULL */
	bool setsid;
	bool reset_signals;
	int parent_death; /* the signal; 0: none */
};

enum kp_launch_step {
	KP_LAUNCH_DONE,
	KP_LAUNCH_FORK,
	KP_LAUNCH_OOM,
	KP_LAUNCH_CREDS,
	KP_LAUNCH_EXEC,
};

/* What went wrong on the way. */
struct kp_launch_failure {
	enum kp_launch_step step;
	enum kp_creds_step creds; /* of KP_LAUNCH_CREDS */
	int sys_errno;
	char path[PATH_MAX]; /* of KP_LAUNCH_EXEC: what was tried; or empty */
};

/*
 * Start COMMAND as a child in a process group of its own.  True once it has
 * been executed: *child is its pid.  Meanwhile keyplate's own working
 * directory becomes "/", before COMMAND runs, so that it holds no mount.
 */
bool kp_launch_start(const struct kp_launch *launch, pid_t *child,
    struct kp_launch_failure *failure) KP_MUST_CHECK;

/*
 * Is there a file that COMMAND can be?  Asked before anything is written; who
 * may execute it, and what it is, only an execve() tells.
 */
bool kp_launch_look(const struct kp_launch *launch,
    struct kp_launch_failure *failure) KP_MUST_CHECK;

/* Become COMMAND; returns only when that failed. */
void kp_launch_exec(const struct kp_launch *launch,
    struct kp_launch_failure *failure);

/*
 * Record what a failure means.  The exit status: 127 not found, 126 found
 * but not executable, else own.
 */
int kp_launch_explain(const struct kp_launch *launch,
    const struct kp_launch_failure *failure, int own, struct kp_diags *diags);

#endif
