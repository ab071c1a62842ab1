/* SPDX-License-Identifier: MIT */
/*
 * commit_temp - new contents beside their target, under a random name, until
 * they take its place.
 *
 * A run holds a shared lock on each directory that it stages in.  Who gets
 * the exclusive one knows that no other run is at work there, so whatever
 * has a temporary name is litter.
 */
#include "io/commit_file.h"

#include "base/random.h"
#include "io/attributes.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TEMP_TRIES 16

/* What is listed of a directory at a time. */
#define ENTRIES_SIZE 4096

static bool
make_temp_name(char name[KP_COMMIT_TEMP_SIZE])
{
	uint64_t random;

	if (!kp_random_fill(&random, sizeof(random)))
		return false;
	snprintf(name, KP_COMMIT_TEMP_SIZE, KP_COMMIT_TEMP_PREFIX "%016llx",
	    (unsigned long long)random);
	return true;
}

/*
 * A file system on a network may have made the file that it says it could
 * not: nobody else has such a name.
 */
static void
drop_unopened(int dir, const char *name)
{
	int reason = errno;

	unlinkat(dir, name, 0);
	errno = reason;
}

/* A new file with a name of its own; -1: errno tells. */
static int
open_temp(int dir, char name[KP_COMMIT_TEMP_SIZE])
{
	unsigned tries;
	int fd = -1;

	for (tries = 0; fd == -1 && tries < TEMP_TRIES; tries++) {
		if (!make_temp_name(name))
			break;
		fd = kp_file_open(dir, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
		if (fd == -1 && errno != EEXIST) {
			drop_unopened(dir, name);
			break;
		}
	}
	if (fd == -1)
		name[0] = '\0';
	return fd;
}

/* The file that is to be replaced, to look at; -1: it cannot be. */
static int
open_old(int dir, const struct kp_commit_file *file)
{
	struct stat st;
	int fd = kp_file_open(dir, file->name, O_RDONLY | O_NOFOLLOW, 0);

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_dev == file->old.st_dev &&
	    st.st_ino == file->old.st_ino)
		return fd;
	close(fd);
	return -1;
}

/*
 * A default ACL of the directory would let its users in once a group may.
 * The old file's stays, unless a mode was asked for, which then is all that
 * counts: without it the group might read what only the users in it could.
 * An ACL that cannot be seen may have kept the group out.
 */
static bool
give_acl(int fd, struct kp_commit_file *file, int old)
{
	bool keeps = file->existed && file->request.mode == KP_COMMIT_KEEP_MODE;

	if (keeps && old == -1)
		file->mode &= (mode_t)~070;
	return kp_attributes_copy_acl(keeps ? old : -1, fd, file->mode);
}

/*
 * A group that cannot be given keeps nothing of what the old one had, unless
 * it was asked for by name.
 */
static bool
give_group(int fd, struct kp_commit_file *file, const struct stat *st)
{
	if (file->gid == KP_COMMIT_KEEP_GID || file->gid == st->st_gid ||
	    fchown(fd, KP_COMMIT_KEEP_UID, file->gid) == 0)
		return true;
	if (errno != EPERM || file->request.gid != KP_COMMIT_KEEP_GID)
		return false;
	file->gid = st->st_gid;
	file->mode &= (mode_t)~070;
	return true;
}

static bool
give_user(int fd, struct kp_commit_file *file, const struct stat *st)
{
	if (file->uid == KP_COMMIT_KEEP_UID || file->uid == st->st_uid ||
	    fchown(fd, file->uid, KP_COMMIT_KEEP_GID) == 0)
		return true;
	if (errno != EPERM || file->request.uid != KP_COMMIT_KEEP_UID)
		return false;
	file->uid = st->st_uid;
	return true;
}

/*
 * The group, then the ACL and the mode, then the user: nobody may read at any
 * moment who may not in the end, and changing those takes no privilege.
 */
static bool
give_access(int fd, struct kp_commit_file *file, int old)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return false;
	if (!give_group(fd, file, &st) || !give_acl(fd, file, old))
		return false;
	/* An ACL that was copied may have changed the mode. */
	if ((old != -1 || (st.st_mode & KP_COMMIT_PERMISSIONS) != file->mode) &&
	    fchmod(fd, file->mode) == -1)
		return false;
	return give_user(fd, file, &st);
}

/* What the file system made of it: not all do what they say. */
static bool
check_staged(int fd, struct kp_commit_file *file)
{
	struct stat *st = &file->staged_st;

	if (fstat(fd, st) == -1)
		return false;
	errno = EIO;
	return (st->st_mode & KP_COMMIT_PERMISSIONS) == file->mode &&
	    (file->uid == KP_COMMIT_KEEP_UID || st->st_uid == file->uid) &&
	    (file->gid == KP_COMMIT_KEEP_GID || st->st_gid == file->gid) &&
	    (size_t)st->st_size == file->request.bytes.len;
}

static bool
fill_temp(int fd, struct kp_commit_file *file, int old, struct kp_diags *diags)
{
	/* While the file is ours, and may be written. */
	if (old != -1 && !kp_attributes_copy_user(old, fd))
		kp_diag_warn(diags, file->path,
		    "loses an extended attribute: %s", strerror(errno));
	if (!give_access(fd, file, old)) {
		bool forbidden = errno == EPERM;

		kp_diag_sys(diags, file->path,
		    "cannot have this owner and mode");
		return forbidden &&
		    kp_diag_hint(diags,
		        "giving files away takes root with the capability "
		        "CHOWN");
	}
	if (!kp_file_write_at(fd, file->request.bytes, 0) ||
	    (file->request.sync && !kp_file_sync(fd)))
		return kp_diag_sys(diags, file->path, "cannot be written");
	if (!check_staged(fd, file))
		return kp_diag_sys(diags, file->path,
		    "did not take its bytes, owner and mode");
	return true;
}

static bool
name_staged(struct kp_commit_file *file)
{
	struct kp_buf path = { 0 };

	kp_buf_add(&path, kp_buf_view(&file->parent));
	kp_buf_add_text(&path, file->temp);
	file->staged = kp_buf_ok(&path) ? path.data : NULL;
	return file->staged != NULL;
}

bool
kp_commit_temp_make(const struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	int dir = kp_commit_target_dir(commit, file);
	int fd = open_temp(dir, file->temp);
	bool done;
	int old;

	if (fd == -1)
		return kp_commit_target_refuse(file->path,
		    "cannot make a file beside it", diags);
	old = file->existed ? open_old(dir, file) : -1;
	done = fill_temp(fd, file, old, diags);
	if (old != -1)
		close(old);
	/* A network file system may keep its errors for now. */
	if (close(fd) == -1 && errno != EINTR && done)
		done = kp_diag_sys(diags, file->path, "cannot be written");
	if (done && !name_staged(file))
		done = kp_diag_nomem(diags);
	return done;
}

void
kp_commit_temp_remove(const struct kp_commit *commit,
    struct kp_commit_file *file)
{
	if (file->temp[0] != '\0' &&
	    (unlinkat(kp_commit_target_dir(commit, file), file->temp, 0) == 0 ||
	        errno == ENOENT))
		file->temp[0] = '\0';
}

/* --- litter --- */

static bool
is_temp_name(struct kp_str name)
{
	size_t prefix = sizeof(KP_COMMIT_TEMP_PREFIX) - 1, i;

	if (name.len != prefix + KP_COMMIT_TEMP_DIGITS ||
	    !kp_str_starts(name, KP_COMMIT_TEMP_PREFIX))
		return false;
	for (i = prefix; i < name.len; i++) {
		if (!kp_is_digit(name.ptr[i]) &&
		    (name.ptr[i] < 'a' || name.ptr[i] > 'f'))
			return false;
	}
	return true;
}

/* Root's own may have been given to a service already. */
static bool
is_litter(int dir, const char *name)
{
	struct stat st;

	return is_temp_name(kp_str_of(name)) &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode) && (geteuid() == 0 || st.st_uid == geteuid());
}

void
kp_commit_temp_clear(struct kp_commit_dir *dir)
{
	_Alignas(struct dirent64) char entries[ENTRIES_SIZE];
	const struct dirent64 *entry;
	long len, at;

	if (!dir->readable || flock(dir->fd, LOCK_EX | LOCK_NB) == -1)
		return;
	/* readdir() would take seven calls where this takes one. */
	do {
		len =
		    syscall(SYS_getdents64, dir->fd, entries, sizeof(entries));
		for (at = 0; at < len; at += entry->d_reclen) {
			entry = (const struct dirent64 *)(entries + at);
			if (is_litter(dir->fd, entry->d_name))
				unlinkat(dir->fd, entry->d_name, 0);
		}
		/* A list with room for one more name has come to its end. */
	} while (len + (long)sizeof(*entry) > ENTRIES_SIZE);
	/* Another run may be waiting for its lock. */
	close(dir->fd);
	dir->fd = -1;
}
