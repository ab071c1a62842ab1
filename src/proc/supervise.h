/* SPDX-License-Identifier: MIT */
/*
 * supervise - stay with the service until it and what it left are gone.
 *
 * One loop with one wait: a signal comes, children that changed are looked
 * after, then the signal is passed on.  Nothing is lost (no signal, no
 * status, no child) and nothing is added.  Without a deadline there is no
 * wake-up.
 */
#ifndef KP_PROC_SUPERVISE_H
#define KP_PROC_SUPERVISE_H

#include "base/attr.h"
#include "base/diag.h"
#include "proc/signals.h"

#include <stdbool.h>
#include <sys/types.h>

struct kp_refresh;
struct kp_terminal;

/* Durations are milliseconds; negative ones have no end. */
struct kp_supervise {
	pid_t child; /* leads a process group of that number */
	const struct kp_signal_rules *rules; /* borrowed */
	struct kp_terminal *terminal;        /* borrowed */
	long kill_after_ms; /* from the first signal that asks to end */
	long linger_ms;     /* for what is left when the child has ended */
	bool to_group;      /* signals go to the child's group */
	bool detached;      /* the child has a session of its own */
	bool log_reaped;    /* a note about each adopted child that ended */
	const struct kp_refresh *refresh; /* borrowed; or NULL */

	/* Prints and empties diags; must not end the process. */
	void (*report)(void *ctx, struct kp_diags *diags);
	void *ctx;
};

/* How the child ended. */
struct kp_ending {
	int status; /* 0 to 255: its own, or 128 + signal */
	int signal; /* that ended it, or 0 */
	bool again; /* a refresh wants it started again, and nothing else */
};

/*
 * To be called with all signals blocked.  Returns when the child has ended
 * and nothing is left, or linger is over and what was left has been killed.
 */
struct kp_ending kp_supervise_run(const struct kp_supervise *plan);

#endif
