/* SPDX-License-Identifier: MIT */
/*
 * commit - new contents for files, all of them or none.
 *
 * Everything that can fail is done while staging: the way to a file is
 * walked once, its new contents are put beside it under a random name, with
 * owner and mode before the bytes.  Applying renames.  Where a later rename
 * fails the earlier ones are taken back.
 */
#ifndef KP_IO_COMMIT_H
#define KP_IO_COMMIT_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/str.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define KP_COMMIT_KEEP_MODE ((mode_t)-1)
#define KP_COMMIT_KEEP_UID ((uid_t)-1)
#define KP_COMMIT_KEEP_GID ((gid_t)-1)

/* How a new file's mode is unless somebody says otherwise. */
#define KP_COMMIT_NEW_MODE ((mode_t)0600)

/* One file to be written. */
struct kp_commit_request {
	const char *path;    /* copied */
	struct kp_str bytes; /* borrowed until the commit is wiped */
	mode_t mode;         /* up to 0777, or the target's own */
	uid_t uid;           /* or the target's own */
	gid_t gid;
	uid_t new_uid;     /* of a file that is new, where uid says keep; */
	gid_t new_gid;     /* keep here too: as the system gives it */
	bool no_overwrite; /* leave a file that is there alone */
	bool in_place;     /* never rename */
	bool sync;         /* to the disk before apply returns */
	bool staged_copy;  /* for a verify command: in place too */
};

/* What a commit does with a file. */
enum kp_change {
	KP_CHANGE_NONE, /* bytes, mode and owner are right */
	KP_CHANGE_KEPT, /* it is there, and was not to be overwritten */
	KP_CHANGE_CREATE,
	KP_CHANGE_REPLACE, /* by a rename */
	KP_CHANGE_REWRITE, /* in place */
};

struct kp_commit_file;
struct kp_commit_dir;

/* { 0 } is a valid empty one; files count from 0 in the order of staging. */
struct kp_commit {
	bool dry_run;                 /* set before: stage only looks */
	struct kp_commit_file *files; /* owned */
	size_t count, cap;
	struct kp_table places;     /* owned: of the files */
	struct kp_commit_dir *dirs; /* owned */
	size_t ndirs, dirs_cap;
};

/*
 * Stage one file; what is on disk under its name does not change.  A missing
 * directory, a target that is a directory, device, FIFO or socket, and one
 * that was staged before are refused.  A target that is a symbolic link of
 * root or this user's is followed below its own directory.  A replaced
 * file's mode is kept less its special bits, with its access control list
 * and its attributes of the user; a group that this process may not give the
 * new file loses its permissions.  A mode that is asked for takes the list
 * away.  An error adds no file.
 */
bool kp_commit_stage(struct kp_commit *commit,
    const struct kp_commit_request *request,
    struct kp_diags *diags) KP_MUST_CHECK;

/* What is done with the i-th file, or would be. */
enum kp_change kp_commit_change(const struct kp_commit *commit, size_t i);

/* Where a verify command finds the i-th file's bytes; NULL: not staged. */
const char *kp_commit_staged_path(const struct kp_commit *commit, size_t i);

/*
 * Put all staged files in their places, and remove what runs that were
 * killed left beside them; also where nothing changes, but never after a dry
 * run.  False: every file is as it was, unless a problem
 * names it as one that could not be taken back.
 */
bool kp_commit_apply(struct kp_commit *commit,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Remove what is staged and not applied, release everything. */
void kp_commit_wipe(struct kp_commit *commit);

#endif
