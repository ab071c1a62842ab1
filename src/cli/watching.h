/* SPDX-License-Identifier: MIT */
/*
 * watching - --watch: render again when a secret has changed.
 *
 *	kp_watching_open    once the options are known
 *	kp_watching_attend  before rendering: note what is read
 *	kp_watching_note    after it: remember what it was, watch for changes
 *	kp_refresh_...      while COMMAND runs, see proc/refresh
 *	kp_watching_free
 *
 * A refresh is a process of its own, which does all of the above again. Without
 * --watch nothing here has any effect.
 *
 * What the process that waits remembers of the values is a salted hash; what
 * it was started with is in a file in memory, see io/bundle.
 */
#ifndef KP_CLI_WATCHING_H
#define KP_CLI_WATCHING_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"
#include "cli/options.h"
#include "core/values.h"
#include "io/bundle.h"
#include "proc/refresh.h"

#include <stdbool.h>

struct kp_watching_memory;
struct kp_start;
struct kp_work;

/* What a run reads. */
struct kp_watching_reads {
	struct kp_reader reader;    /* the one that does it */
	const struct kp_work *work; /* borrowed */
	struct kp_list paths;       /* owned: of all that was asked for */
	bool failed;                /* there was no memory for one */
};

/* { 0 } is a valid empty one. */
struct kp_watching {
	struct kp_start *start;            /* borrowed; NULL: no --watch */
	struct kp_watching_memory *memory; /* owned, shared with the process */
	struct kp_watching_reads reads;
	struct kp_bundle bundle; /* owned: for a new start of COMMAND */
	int next;                /* owned: what COMMAND is started with next */
	struct kp_refresh plan;  /* .fd and .source, which is what keyplate was
	                            started with, are owned */
};

/* Prepare for what options ask; the caller frees *watching either way. */
bool kp_watching_open(struct kp_watching *watching, struct kp_start *start,
    const struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;

/* From now on note what the values of work are read from. */
void kp_watching_attend(struct kp_watching *watching, struct kp_work *work);

/*
 * All that COMMAND reads has been rendered, in memory: remember what it was,
 * and watch for changes.  What cannot be rendered again is refused, what
 * cannot change is warned about.
 */
bool kp_watching_note(struct kp_watching *watching, const struct kp_work *work,
    struct kp_diags *diags) KP_MUST_CHECK;

void kp_watching_free(struct kp_watching *watching);

#endif
