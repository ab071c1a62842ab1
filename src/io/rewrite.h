/* SPDX-License-Identifier: MIT */
/*
 * rewrite - new contents for a file that has to stay the same inode, as one
 * that is a mount has to.  A reader may see it half done; an error puts the
 * old bytes back.
 */
#ifndef KP_IO_REWRITE_H
#define KP_IO_REWRITE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* { .fd = -1 } is a valid empty one. */
struct kp_rewrite {
	int fd;              /* -1: not begun */
	struct stat before;  /* mode, owner and size of old */
	struct kp_buf saved; /* the bytes of old */
};

/*
 * Open name in dir and keep its bytes.  A file with a second hard link is
 * refused: who made that may have meant another file to change.  path is for
 * messages.
 */
bool kp_rewrite_begin(struct kp_rewrite *rewrite, int dir, const char *name,
    const char *path, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Replace the bytes: room is made first, the file is never empty or cut off
 * in between.  mode, uid and gid are set before, where they differ.  False:
 * the file is as it was, or the problem says that it is not.
 */
bool kp_rewrite_store(struct kp_rewrite *rewrite, struct kp_str bytes,
    mode_t mode, uid_t uid, gid_t gid, const char *path,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Put back what was there before kp_rewrite_store(). */
bool kp_rewrite_undo(struct kp_rewrite *rewrite, const char *path,
    struct kp_diags *diags);

/* Close and wipe. */
void kp_rewrite_end(struct kp_rewrite *rewrite);

#endif
