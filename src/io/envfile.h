/* SPDX-License-Identifier: MIT */
/* envfile - settings from KEY=VALUE files, read as docker compose reads them.
 */
#ifndef KP_IO_ENVFILE_H
#define KP_IO_ENVFILE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/source.h"

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that a file of settings may have. */
#define KP_ENVFILE_MAX ((size_t)1024 * 1024)

/* One setting. */
struct kp_setting {
	char *name;          /* owned */
	struct kp_buf value; /* owned, wiped: some people keep secrets there */
	size_t file;         /* its number in files */
};

/* The settings of all files in their order; { 0 } is a valid empty one. */
struct kp_envfile {
	struct kp_setting *settings; /* owned */
	size_t count, cap;
	struct kp_list files; /* their names */
};

/*
 * Add the settings of a text.  The rules are those of compose v2 (compose-go,
 * package dotenv):
 *
 *	[export ]NAME=bare value # comment
 *	NAME='as it is, but \' is a quote; may span lines'
 *	NAME="with \a\b\f\n\r\t\v\\\"\$; may span lines"
 *
 * ":" may stand for "=".  A line with a name alone takes its value from the
 * environment, so it changes nothing here.  compose expands $NAME in a value
 * that is bare or in double quotes; this program does not look at a value
 * twice, so a $ there that is no $$ is an error, and so is what compose's
 * versions read differently.  All errors are reported, with their places.
 */
bool kp_envfile_parse(struct kp_envfile *envfile, const struct kp_source *src,
    struct kp_diags *diags) KP_MUST_CHECK;

/* The same for a file. */
bool kp_envfile_load(struct kp_envfile *envfile, const char *path,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Wipe and release everything. */
void kp_envfile_wipe(struct kp_envfile *envfile);

#endif
