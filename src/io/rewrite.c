/* SPDX-License-Identifier: MIT */
/* rewrite - new contents for a file that has to stay the same inode. */
#include "io/rewrite.h"

#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PERMISSIONS 07777

static bool
check_file(struct kp_rewrite *rewrite, const char *path, struct kp_diags *diags)
{
	const struct stat *st = &rewrite->before;

	if (fstat(rewrite->fd, &rewrite->before) == -1)
		return kp_diag_sys(diags, path, "cannot be examined");
	if (!S_ISREG(st->st_mode))
		return kp_diag_file(diags, path, "is %s, not a file",
		    kp_file_kind(st->st_mode));
	if (st->st_nlink > 1) {
		kp_diag_file(diags, path,
		    "has another name, a hard link, that would change too");
		return kp_diag_hint(diags,
		    "remove the other name, or let keyplate replace the file");
	}
	return true;
}

bool
kp_rewrite_begin(struct kp_rewrite *rewrite, int dir, const char *name,
    const char *path, struct kp_diags *diags)
{
	rewrite->fd = kp_file_open(dir, name, O_RDWR | O_NOFOLLOW, 0);
	if (rewrite->fd == -1)
		return kp_diag_sys(diags, path, "cannot be written in place");
	if (check_file(rewrite, path, diags) &&
	    kp_file_read_stream(rewrite->fd, path, KP_FILE_MAX, &rewrite->saved,
	        diags))
		return true;
	kp_rewrite_end(rewrite);
	return false;
}

/* Blocks for len bytes, the size left alone; not all file systems can. */
static bool
reserve(int fd, size_t len)
{
	return len == 0 ||
	    fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)len) == 0 ||
	    errno == EOPNOTSUPP || errno == ENOSYS || errno == EPERM ||
	    errno == EINTR;
}

static bool
set_access(int fd, const struct stat *now, mode_t mode, uid_t uid, gid_t gid)
{
	if ((now->st_uid != uid || now->st_gid != gid) &&
	    fchown(fd, uid, gid) == -1)
		return false;
	return (now->st_mode & PERMISSIONS) == mode || fchmod(fd, mode) == 0;
}

/* The size last: a file that is cut off first is empty for a while. */
static bool
put_bytes(int fd, struct kp_str bytes)
{
	struct stat st;

	if (!kp_file_write_at(fd, bytes, 0) ||
	    ftruncate(fd, (off_t)bytes.len) == -1 || !kp_file_sync(fd) ||
	    fstat(fd, &st) == -1)
		return false;
	errno = EIO;
	return (size_t)st.st_size == bytes.len;
}

static bool
restore_access(const struct kp_rewrite *rewrite)
{
	const struct stat *before = &rewrite->before;
	struct stat now;

	return fstat(rewrite->fd, &now) == 0 &&
	    set_access(rewrite->fd, &now, before->st_mode & PERMISSIONS,
	        before->st_uid, before->st_gid);
}

bool
kp_rewrite_undo(struct kp_rewrite *rewrite, const char *path,
    struct kp_diags *diags)
{
	if (put_bytes(rewrite->fd, kp_buf_view(&rewrite->saved)) &&
	    restore_access(rewrite))
		return true;
	return kp_diag_sys(diags, path,
	    "cannot put the old contents back, the file is damaged");
}

bool
kp_rewrite_store(struct kp_rewrite *rewrite, struct kp_str bytes, mode_t mode,
    uid_t uid, gid_t gid, const char *path, struct kp_diags *diags)
{
	if (!reserve(rewrite->fd, bytes.len))
		return kp_diag_sys(diags, path, "cannot be written in place");
	if (set_access(rewrite->fd, &rewrite->before, mode, uid, gid) &&
	    put_bytes(rewrite->fd, bytes))
		return true;
	kp_diag_sys(diags, path, "cannot be written in place");
	kp_rewrite_undo(rewrite, path, diags);
	return false;
}

void
kp_rewrite_end(struct kp_rewrite *rewrite)
{
	if (rewrite->fd != -1)
		close(rewrite->fd);
	kp_buf_wipe(&rewrite->saved);
	*rewrite = (struct kp_rewrite){ .fd = -1 };
}
