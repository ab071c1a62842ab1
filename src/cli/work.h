/* SPDX-License-Identifier: MIT */
/*
 * work - what every command does first: rules and options become a plan,
 * each target is rendered in memory, and all problems are collected.
 */
#ifndef KP_CLI_WORK_H
#define KP_CLI_WORK_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/list.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "core/plan.h"
#include "core/render.h"
#include "core/syntax.h"
#include "core/values.h"
#include "io/commit.h"
#include "io/envfile.h"
#include "io/secrets.h"
#include "proc/account.h"

#include <stdbool.h>
#include <stddef.h>

struct kp_start;

/* One target on its way from template to disk. */
struct kp_output {
	const struct kp_target *target; /* borrowed from the plan */
	const struct kp_format *format;
	char *from;         /* owned: path of the template; "-" */
	char *to;           /* owned: path of the target; NULL: stdout */
	const char *memory; /* NAME, where .to is mem:NAME; NULL: a file */
	int descriptor;     /* owned: of what is in memory; 0: nothing yet */
	struct kp_syntax syntax;
	struct kp_list only;     /* owned: what .syntax borrows */
	struct kp_buf template;  /* owned */
	struct kp_buf current;   /* owned: what is in the target now */
	struct kp_source source; /* of the template */
	char *sealed;            /* owned: path of the pristine copy, where the
	                            template is rendered over itself */
	bool seals;              /* it is to be kept for the next start */
	struct kp_rendering rendering;
	size_t top;    /* of a tree: how much of .to is its directory */
	size_t staged; /* its number in the commit */
	bool skipped;  /* optional, and not there */
	bool opened;   /* the template was read, and can be rendered */
};

struct kp_work {
	struct kp_options *options; /* borrowed */
	char **envp;                /* borrowed */
	struct kp_plan plan;
	struct kp_inputs inputs;
	struct kp_list dirs; /* of secrets */
	struct kp_envfile settings;
	struct kp_secrets secrets;
	struct kp_values values;
	struct kp_output *outputs; /* owned */
	size_t noutputs;
	const struct kp_account
	    *account;      /* whom new files belong to, or NULL */
	size_t written;    /* files that were not right before */
	int signal;        /* the one that ended it; 0: none */
	unsigned renewals; /* how often all values were read anew */
};

/*
 * Read rule files and options, open the sources of values.  The caller wipes
 * *work either way.
 */
bool kp_work_open(struct kp_work *work, struct kp_options *options, char **envp,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * The same for what renders nothing: options of rule files, and the sources
 * of values.
 */
bool kp_work_open_values(struct kp_work *work, struct kp_options *options,
    char **envp, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Render every target of the inputs.  All are tried, so that all problems
 * are reported; false where there is one, or a signal asked to end.  Where
 * secrets were replaced in the middle, all is rendered with the new ones.
 */
bool kp_work_render(struct kp_work *work, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * What was read after rendering failed: true where secrets were replaced in
 * the middle and rendering is to be tried with the new ones.  All values,
 * and the problems behind the first mark of diags, are forgotten then.
 */
bool kp_work_renew(struct kp_work *work, struct kp_diags_mark mark,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Time has passed since all was rendered: forget the values, so that it is
 * rendered with those of now.
 */
void kp_work_reread(struct kp_work *work);

/* Read what the targets hold now, where rendering did not need it. */
bool kp_work_read_current(struct kp_work *work,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Put what was rendered where it belongs: into memory, then verify commands,
 * then files all or none, then standard output.  durable: synced to the disk.
 */
bool kp_work_store(struct kp_work *work, bool durable,
    struct kp_diags *diags) KP_MUST_CHECK;

/* What kp_work_store() would find of owners; it writes nothing. */
bool kp_work_check_owners(const struct kp_work *work,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Put the contents of --expand-files, then the exports, into the environment
 * that start has; a variable whose file served as a value is taken out of it.
 */
bool kp_work_export(struct kp_work *work, struct kp_start *start,
    struct kp_diags *diags) KP_MUST_CHECK;

/* A command line and rules that name no target are a mistake. */
bool kp_work_has_inputs(const struct kp_work *work,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Did a signal ask to end?  It stays noted in the work. */
bool kp_work_interrupted(struct kp_work *work) KP_MUST_CHECK;

/*
 * The exit status: 128 and the signal that asked to end, else by what is in
 * diags; done tells whether all steps were made.
 */
int kp_work_status(const struct kp_work *work, bool done,
    const struct kp_diags *diags) KP_MUST_CHECK;

/* With this begins a problem that is what a verify command printed. */
#define KP_WORK_VERIFY "verify: "

/* Wipe every value, close and release everything. */
void kp_work_wipe(struct kp_work *work);

#endif
