/* SPDX-License-Identifier: MIT */
/* commit_file - what the parts of a commit share; no one else needs it. */
#ifndef KP_IO_COMMIT_FILE_H
#define KP_IO_COMMIT_FILE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "io/commit.h"
#include "io/rewrite.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Names of temporary files: the prefix and so many hexadecimal digits. */
#define KP_COMMIT_TEMP_PREFIX ".keyplate-"
#define KP_COMMIT_TEMP_DIGITS 16
#define KP_COMMIT_TEMP_SIZE                                                    \
	(sizeof(KP_COMMIT_TEMP_PREFIX) + KP_COMMIT_TEMP_DIGITS)

/* The bits that a mode is compared in. */
#define KP_COMMIT_PERMISSIONS 07777

/* How far a file is on its way. */
enum kp_commit_progress {
	KP_COMMIT_WAITING,
	KP_COMMIT_CREATED,   /* under its name, where there was none */
	KP_COMMIT_EXCHANGED, /* the temporary name has the old contents */
	KP_COMMIT_RENAMED,   /* the old contents are gone */
	KP_COMMIT_REWRITTEN,
};

struct kp_commit_file {
	char *path;                     /* owned; as the user wrote it */
	struct kp_buf parent;           /* the path of dir, for staged */
	char *name;                     /* owned; in dir */
	size_t dir;                     /* its number */
	char temp[KP_COMMIT_TEMP_SIZE]; /* the staged one in dir; or empty */
	char *staged;                   /* owned; its path */
	struct stat staged_st;
	struct stat old; /* of the target, where existed */
	bool existed;
	struct kp_commit_request request; /* path is not ours: not used */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	enum kp_change change;
	enum kp_commit_progress progress;
	struct kp_rewrite rewrite;
};

struct kp_commit_dir {
	int fd;        /* owned; -1: closed already */
	bool readable; /* can be listed, locked and synced */
	bool known;    /* dev and ino are */
	dev_t dev;
	ino_t ino;
};

/* --- target: what there is, and what is to be done --- */

/* Record errno as a problem of path, and what helps against it; false. */
bool kp_commit_target_refuse(const char *path, const char *text,
    struct kp_diags *diags);

/*
 * Go where file->path leads, through links, and examine what is there: dir,
 * parent, name, old and existed are set, the commit gets the directory.
 */
bool kp_commit_target_find(struct kp_commit *commit,
    struct kp_commit_file *file, struct kp_diags *diags) KP_MUST_CHECK;

/* The descriptor of the directory that file is in. */
int kp_commit_target_dir(const struct kp_commit *commit,
    const struct kp_commit_file *file);

/* Set the file's mode, uid and gid to those that it is to have. */
void kp_commit_target_access(struct kp_commit_file *file);

/* What has to be done for the file to have its bytes, mode and owner. */
enum kp_change kp_commit_target_change(const struct kp_commit *commit,
    const struct kp_commit_file *file);

/* --- temp: files under temporary names --- */

/* Make the file's temporary one, with owner, mode and bytes. */
bool kp_commit_temp_make(const struct kp_commit *commit,
    struct kp_commit_file *file, struct kp_diags *diags) KP_MUST_CHECK;

/* Remove the file's temporary one, if it has one. */
void kp_commit_temp_remove(const struct kp_commit *commit,
    struct kp_commit_file *file);

/*
 * Remove what runs that were killed left in dir, unless another run is at
 * work there.  Nothing more can be done in dir then: it may be closed.
 */
void kp_commit_temp_clear(struct kp_commit_dir *dir);

/* --- place: changes to the targets themselves --- */

/*
 * Rename the temporary file to its target.  The old contents are kept for
 * undo, unless alone: then no other file can fail any more.  A target that
 * turns out to be a mount is rewritten; one that has come since the file was
 * staged is left alone where it is right, and replaced else.
 */
bool kp_commit_place_rename(const struct kp_commit *commit,
    struct kp_commit_file *file, bool alone,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Write into the target. */
bool kp_commit_place_rewrite(const struct kp_commit *commit,
    struct kp_commit_file *file, struct kp_diags *diags) KP_MUST_CHECK;

/* Make the target what it was; a problem tells where that cannot be. */
void kp_commit_place_undo(const struct kp_commit *commit,
    struct kp_commit_file *file, struct kp_diags *diags);

#endif
