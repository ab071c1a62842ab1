/* SPDX-License-Identifier: MIT */
/* dir - the way to a directory, walked once and then held by descriptor. */
#ifndef KP_IO_DIR_H
#define KP_IO_DIR_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"

#include <dirent.h>
#include <stdbool.h>

/*
 * Open the directory path, seen from the directory at (AT_FDCWD: the working
 * one); "" is at itself.  A symbolic link on the way counts only when root
 * or this process's user owns it, and what Kubernetes keeps for itself
 * ("..data", "..2024_...") is no way at all.  beneath: path and its links may
 * not lead out of at.  Returns a descriptor, which the caller closes; -1: the
 * problem is recorded for subject, the path of the file that this is about.
 * *readable: the directory can be listed, locked and synced by it; else it is
 * for openat() and its like alone (O_PATH).
 */
int kp_dir_open(int at, const char *path, bool beneath, bool *readable,
    const char *subject, struct kp_diags *diags);

/*
 * Add the names in an open directory that is_wanted takes to an empty list,
 * sorted byte by byte.  False: errno tells why they are not all.
 */
bool kp_dir_names(DIR *dir, bool (*is_wanted)(const char *name),
    struct kp_list *names) KP_MUST_CHECK;

#endif
