/* SPDX-License-Identifier: MIT */
/*
 * memory - targets in memory, and their paths in the arguments of COMMAND.
 *
 *	argument  = { "@{" NAME "}" | "@@{" NAME "}" | byte }
 *	NAME      = [A-Za-z0-9_][A-Za-z0-9_.-]*, at most 200 bytes
 *
 * In a run with a target mem:NAME, "@{NAME}" becomes the path of its file and
 * "@@{NAME}" is "@{NAME}".  In one without, arguments are what they are.
 */
#ifndef KP_CLI_MEMORY_H
#define KP_CLI_MEMORY_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>

struct kp_output;
struct kp_work;

/* The NAME of "mem:NAME", within path; NULL: path is that of a file. */
const char *kp_memory_name(const char *path);

/*
 * Can output be in memory, being work->outputs[i] with those before it known?
 * True where it is not to be.
 */
bool kp_memory_check_output(const struct kp_work *work, size_t i,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Check every "@{NAME}" of the arguments behind argv[0], before anything is
 * written.  A file that none of them names gets a warning.
 */
bool kp_memory_check_arguments(const struct kp_work *work, char *const *argv,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Let COMMAND inherit the files in memory of what has been stored: work has
 * them no more, they are closed with all that keyplate lets go of.
 * *arguments, empty before, gets a copy of argv with their paths, ended by
 * NULL; it stays empty where there are no such files.
 */
bool kp_memory_pass_on(struct kp_work *work, char *const *argv,
    struct kp_list *arguments, struct kp_diags *diags) KP_MUST_CHECK;

#endif
