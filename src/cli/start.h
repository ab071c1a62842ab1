/* SPDX-License-Identifier: MIT */
/*
 * start - COMMAND as the options want it.
 *
 *	kp_start_prepare   before anything is read or written: every mistake
 *	                   in the options is found here
 *	kp_start_drop      X_FILE, once its content has become X
 *	kp_start_export    what the rules put into the environment
 *	kp_start_close     ... which is whole then
 *	kp_start_look      before anything is written, COMMAND itself
 *	kp_start_pass_on   what has been put in memory
 *	kp_start_run       once all files are in place
 *	kp_start_free
 */
#ifndef KP_CLI_START_H
#define KP_CLI_START_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/str.h"
#include "cli/options.h"
#include "proc/account.h"
#include "proc/childenv.h"
#include "proc/service.h"

#include <stdbool.h>

struct kp_work;

/* { 0 } is a valid empty one. */
struct kp_start {
	const struct kp_options *options; /* borrowed */
	struct kp_account account;        /* owned; of --user */
	struct kp_childenv env;           /* owned */
	struct kp_list arguments; /* owned; empty: those of the options */
	char oom_score_adj[8];    /* of the options, which are wiped */
	struct kp_service service;
	void (*wipe)(void *ctx);
	void *wipe_ctx;
};

/*
 * Resolve --user, build the environment of COMMAND from envp, check every
 * option of the start.  options and envp outlive *start, which the caller
 * frees either way.
 */
bool kp_start_prepare(struct kp_start *start, const struct kp_options *options,
    char **envp, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * The environment of COMMAND as kp_start_prepare() made it of envp: nothing has
 * been dropped or exported.
 */
bool kp_start_renew(struct kp_start *start, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Who COMMAND runs as; NULL: who keyplate runs as. */
const struct kp_account *kp_start_account(const struct kp_start *start);

/* Keep a variable from COMMAND. */
void kp_start_drop(struct kp_start *start, const char *name);

/* Give COMMAND a variable; the value is copied. */
bool kp_start_export(struct kp_start *start, const char *name,
    struct kp_str value, struct kp_diags *diags) KP_MUST_CHECK;

/* The environment of COMMAND is whole: nothing is dropped or exported more. */
bool kp_start_close(struct kp_start *start,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Look for COMMAND before anything is written: 0, or the exit status for what
 * cannot be started, with the problem in diags.
 */
int kp_start_look(const struct kp_start *start,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Let COMMAND inherit the files that work has in memory, and know their
 * paths.
 */
bool kp_start_pass_on(struct kp_start *start, struct kp_work *work,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Start COMMAND: the exit status of keyplate.  What diags holds is reported
 * before.  wipe(ctx) is called once, as soon as no value is needed any more;
 * the strings of argv and envp are overwritten when it returns.
 */
int kp_start_run(struct kp_start *start, void (*wipe)(void *ctx), void *ctx,
    struct kp_diags *diags) KP_MUST_CHECK;

void kp_start_free(struct kp_start *start);

#endif
