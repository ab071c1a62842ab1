/* SPDX-License-Identifier: MIT */
/*
 * waits - what run --wait, wait and probe ask, and what they say about it.
 *
 *	kp_waits_open   every mistake in URLs and headers is found here
 *	kp_waits_run    until all are up, or time is
 *	kp_waits_try    once
 *	kp_waits_free
 */
#ifndef KP_CLI_WAITS_H
#define KP_CLI_WAITS_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"
#include "cli/work.h"
#include "net/wait.h"

#include <stdbool.h>

/* { 0 } is a valid empty one. */
struct kp_waits {
	struct kp_wait wait;
	struct kp_list headers; /* owned: with their values, wiped */
	struct kp_work *work;   /* borrowed */
};

/*
 * Read the URLs, and the headers of the options with the values of an open
 * work, which outlives *waits.  The caller frees *waits, empty before, either
 * way.
 */
bool kp_waits_open(struct kp_waits *waits, struct kp_work *work,
    const struct kp_list *urls, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Wait for as long as --timeout says, with a line about it on a terminal.
 * False: not all are up, with a problem for each, or a signal, which is then
 * noted in the work, asked to end.
 */
bool kp_waits_run(struct kp_waits *waits, struct kp_diags *diags) KP_MUST_CHECK;

/* Ask once, for as long as --timeout says or a probe has by default. */
bool kp_waits_try(struct kp_waits *waits, struct kp_diags *diags) KP_MUST_CHECK;

/* Wipes the headers. */
void kp_waits_free(struct kp_waits *waits);

#endif
