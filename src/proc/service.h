/* SPDX-License-Identifier: MIT */
/* service - start COMMAND and end as it ends. */
#ifndef KP_PROC_SERVICE_H
#define KP_PROC_SERVICE_H

#include "base/attr.h"
#include "base/diag.h"
#include "proc/exits.h"
#include "proc/signals.h"

#include <stdbool.h>
#include <stdint.h>

struct kp_account;
struct kp_childenv;
struct kp_refresh;

/* All that a start needs.  Pointers are borrowed; durations in ms. */
struct kp_service {
	char *const *argv;                /* overwritten once COMMAND has it */
	struct kp_childenv *env;          /* wiped once COMMAND has it */
	const struct kp_account *account; /* NULL: the user we are */
	uint64_t keep_caps;
	bool no_new_privs, chown_stdio;
	const char *oom_score_adj; /* NULL: as it is */
	bool exec;                 /* become COMMAND, no process stays */
	bool setsid, reset_signals;
	int parent_death;        /* the signal; 0: TERM where we supervise */
	int exit_code;           /* for our own failures */
	char *const *found_env;  /* overwritten before COMMAND runs */
	char *const *found_argv; /* the last of our own; overwritten after */

	/* only where we supervise */
	struct kp_signal_rules rules;
	struct kp_exits exits;
	long kill_after_ms, linger_ms;
	bool to_group, subreaper, keep_init_root, propagate_signal, log_reaped;
	const struct kp_refresh *refresh; /* NULL: without one */

	/*
	 * Wipe every secret that is still in memory: called once, before
	 * COMMAND runs.
	 */
	void (*wipe)(void *ctx);
	/* Print and empty diags. */
	void (*report)(void *ctx, struct kp_diags *diags);
	void *ctx;
};

/*
 * Start COMMAND, and unless exec is set stay with it.  A refresh may start it
 * again: then descriptors and, as always with one, privileges are kept.  The
 * exit status for keyplate: COMMAND's by the rules, 126 or 127, 128 + n when a
 * signal came before the start, else exit_code; problems are in diags then.
 */
int kp_service_run(const struct kp_service *service,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
