/* SPDX-License-Identifier: MIT */
/*
 * refresh - what the service reads is made again while it runs.
 *
 * A descriptor tells that something has happened.  Once it has been quiet
 * for a while a process of its own looks what has changed and does the work:
 * what that takes, secrets above all, is never in the memory of the one that
 * waits.  There is no wake-up while nothing happens.
 */
#ifndef KP_PROC_REFRESH_H
#define KP_PROC_REFRESH_H

#include "base/attr.h"
#include "base/diag.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What has come of it: bits of the exit status of the process. */
#define KP_REFRESH_DONE 1  /* what the service reads is new */
#define KP_REFRESH_AGAIN 2 /* look once more: it may have changed since */
#define KP_REFRESH_LATER 4 /* it could not be written: try once more */

/* Functions get ctx; all but render must not end the process. */
struct kp_refresh {
	int signal; /* sent to the service then; 0: it is started again */
	int fd;     /* borrowed; readable when something has happened; -1 */
	int source; /* borrowed: another one that stays open; -1 */

	/* Take what can be read: is it a reason to look? */
	bool (*take)(void *ctx);
	/* Can more happen than fd tells?  Then it is looked now and then. */
	bool (*is_partial)(void *ctx);
	/* In a process of its own: its exit status. */
	int (*render)(void *ctx);
	/* For a new start: put what COMMAND gets where the first start had
	   it; false: a problem is in diags. */
	bool (*restore)(void *ctx, struct kp_diags *diags);
	/* COMMAND has it: forget it. */
	void (*forget)(void *ctx);
	void *ctx;
};

/* Where it stands; moments are milliseconds of one clock, 0: never. */
struct kp_refresh_state {
	const struct kp_refresh *refresh; /* borrowed; NULL: no more of it */
	int signals;    /* owned: readable when a signal is pending; -1 */
	pid_t process;  /* that renders; 0: none */
	int64_t due;    /* when to look */
	int64_t latest; /* and no later than this, however busy it is */
	int64_t pause;  /* before what could not be written is tried again */
};

/*
 * Begin with a look at what has happened since the last one.  refresh NULL:
 * there is nothing to refresh, and nothing below has any effect.
 */
void kp_refresh_begin(struct kp_refresh_state *state,
    const struct kp_refresh *refresh, int64_t now);

/*
 * Wait until something has happened, a signal is pending, or left_ms
 * milliseconds are over (negative: for ever).  False: it did not wait, as
 * signals alone can wake us.
 */
bool kp_refresh_wait(const struct kp_refresh_state *state,
    int64_t left_ms) KP_MUST_CHECK;

/* Take what has happened, and start the process when it is time to. */
void kp_refresh_meet(struct kp_refresh_state *state, int64_t now);

/*
 * The process has ended, as info says: is what the service reads new?  The
 * caller reaps it; one that was killed is a warning.
 */
bool kp_refresh_ended(struct kp_refresh_state *state, const siginfo_t *info,
    int64_t now, struct kp_diags *diags) KP_MUST_CHECK;

/* No more of it; a process at work is asked to clean up and end. */
void kp_refresh_end(struct kp_refresh_state *state);

#endif
