/* SPDX-License-Identifier: MIT */
/*
 * secrets - the directories of secrets, the environment and files, as the
 * reader of core/values.
 *
 * A directory of secrets is held by descriptor from the start, and so is the
 * generation that a "..data" link in it names (the layout of Kubernetes):
 * what is asked for is read below that, so a rotation in the middle of a run
 * cannot mix two generations.  One that is removed before all is read is
 * lost: what was read of it is of no use beside the next one.  Only files that
 * are asked for are opened.  A link is followed wherever it leads: who may
 * write into a directory of secrets chooses the values anyway.
 */
#ifndef KP_IO_SECRETS_H
#define KP_IO_SECRETS_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/str.h"
#include "base/table.h"
#include "core/values.h"
#include "io/spent.h"

#include <stdbool.h>
#include <stddef.h>

struct kp_envfile;

/* The most bytes of a secret, unless the user says otherwise. */
#define KP_SECRETS_MAX ((size_t)1024 * 1024)

struct kp_secrets_setup {
	const struct kp_list *dirs;        /* the first that has a name wins */
	char **envp;                       /* ended by NULL; may be NULL */
	const struct kp_envfile *settings; /* the environment wins; or NULL */
	const char *root;                  /* before ${file:} paths; or NULL */
	size_t max_bytes;                  /* of one secret */
};

struct kp_secrets_dir;
struct kp_variable;

struct kp_secrets {
	struct kp_secrets_setup setup;
	struct kp_secrets_dir *dirs; /* owned */
	size_t ndirs;
	struct kp_variable *variables; /* owned; of two alike the first wins */
	size_t nvariables;
	struct kp_table by_name; /* owned: of the variables */
	struct kp_buf looked_in; /* "/run/secrets, environment" */
	struct kp_list names;    /* of everything, read for nearest() */
	bool listed;
	struct kp_spent spent; /* what was read */
};

/*
 * Open the directories; one that is missing or no directory is a problem
 * only when a secret is asked for.  What setup points to outlives *secrets.
 * False: no memory.
 */
bool kp_secrets_open(struct kp_secrets *secrets,
    const struct kp_secrets_setup *setup, struct kp_diags *diags) KP_MUST_CHECK;

/* A reader whose ctx is *secrets. */
struct kp_reader kp_secrets_reader(struct kp_secrets *secrets);

/* Hold the generations that are there now: all has to be read again. */
void kp_secrets_reread(struct kp_secrets *secrets);

/* The same where a generation was lost.  False: none was. */
bool kp_secrets_renew(struct kp_secrets *secrets);

/* Append the paths, behind the first, that have a secret of that name too. */
void kp_secrets_shadowed(const struct kp_secrets *secrets, struct kp_str name,
    struct kp_buf *out);

/* Close and release everything. */
void kp_secrets_close(struct kp_secrets *secrets);

#endif
