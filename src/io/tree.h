/* SPDX-License-Identifier: MIT */
/* tree - the files below a directory of templates. */
#ifndef KP_IO_TREE_H
#define KP_IO_TREE_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Directories within directories: no more than this deep. */
#define KP_TREE_DEPTH 32

/* The most files of one tree. */
#define KP_TREE_FILES 10000

/* Is path a directory?  A link to one counts. */
bool kp_tree_is_dir(const char *path);

/*
 * Append the paths, seen from the directory path, of the regular files below
 * it, in the order of their names.  Links to directories and what begins
 * with ".." are passed over.
 */
bool kp_tree_list(const char *path, struct kp_list *files,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Make the directories that are missing on the way to the file path, below
 * its first top bytes: mode 0700, for uid and gid ((uid_t)-1: who runs).
 * Each one made is added to made.
 */
bool kp_tree_make_way(const char *path, size_t top, uid_t uid, gid_t gid,
    struct kp_list *made, struct kp_diags *diags) KP_MUST_CHECK;

/* Remove what was made, the last first; what is not empty stays. */
void kp_tree_unmake(const struct kp_list *made);

#endif
