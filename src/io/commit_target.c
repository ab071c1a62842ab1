/* SPDX-License-Identifier: MIT */
/*
 * commit_target - what the path of a file to be written leads to, and what is
 * to be done there.
 *
 * The way is walked once; from then on the target is a name in a directory
 * that is held open.  Each directory of a commit is open and locked once.
 */
#include "io/commit_file.h"

#include "base/array.h"
#include "io/dir.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LINKS_MAX 8

/* A second in all: to list a directory takes less. */
#define LOCK_TRIES 1000
#define LOCK_PAUSE_MS 1

/* --- problems --- */

static void
hint_for(int sys_errno, struct kp_diags *diags)
{
	if (sys_errno == EROFS)
		kp_diag_hint(diags,
		    "mount a tmpfs or a volume there; a service can read it "
		    "from memory instead: SRC:mem:NAME");
	else if (sys_errno == EACCES || sys_errno == EPERM)
		kp_diag_hint(diags,
		    "the directory has to be writable, or the file with "
		    "in-place");
}

bool
kp_commit_target_refuse(const char *path, const char *text,
    struct kp_diags *diags)
{
	int sys_errno = errno;

	kp_diag_sys(diags, path, "%s", text);
	hint_for(sys_errno, diags);
	return false;
}

/* --- directories --- */

static bool
identify(struct kp_commit_dir *dir)
{
	struct stat st;

	if (dir->known)
		return true;
	if (fstat(dir->fd, &st) == -1)
		return false;
	dir->dev = st.st_dev;
	dir->ino = st.st_ino;
	dir->known = true;
	return true;
}

/*
 * Tell the others that a run is at work here.  Who holds the exclusive lock
 * is clearing, and soon done; whoever holds it for longer is none of ours,
 * and does not keep a service from its start.
 */
static void
lock_shared(int fd)
{
	unsigned tries;

	for (tries = 0; tries < LOCK_TRIES; tries++) {
		if (flock(fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			return;
		poll(NULL, 0, LOCK_PAUSE_MS);
	}
}

/*
 * The number of a directory, whose descriptor is taken.  Only where there are
 * several does it matter which is which.
 */
static bool
add_dir(struct kp_commit *commit, struct kp_commit_dir dir, size_t *number)
{
	for (*number = 0; *number < commit->ndirs; ++*number) {
		struct kp_commit_dir *other = &commit->dirs[*number];

		if (!identify(&dir) || !identify(other))
			return false;
		if (dir.dev == other->dev && dir.ino == other->ino) {
			close(dir.fd);
			return true;
		}
	}
	if (!kp_array_grow((void **)&commit->dirs, &commit->dirs_cap,
	        commit->ndirs + 1, sizeof(*commit->dirs)))
		return false;
	commit->dirs[commit->ndirs++] = dir;
	if (dir.readable && !commit->dry_run)
		lock_shared(dir.fd);
	return true;
}

/* Open path, seen from at, and make it the file's directory. */
static bool
enter_dir(struct kp_commit *commit, struct kp_commit_file *file, int at,
    const char *path, bool beneath, struct kp_diags *diags)
{
	struct kp_commit_dir dir = { 0 };

	dir.fd =
	    kp_dir_open(at, path, beneath, &dir.readable, file->path, diags);
	if (dir.fd == -1)
		return false;
	if (add_dir(commit, dir, &file->dir))
		return true;
	close(dir.fd);
	return kp_commit_target_refuse(file->path, "cannot open its directory",
	    diags);
}

int
kp_commit_target_dir(const struct kp_commit *commit,
    const struct kp_commit_file *file)
{
	return commit->dirs[file->dir].fd;
}

/* --- the way --- */

/* The bytes up to the last slash, which is included; and what follows. */
static void
split_path(struct kp_str path, struct kp_str *parent, struct kp_str *name)
{
	size_t slash = path.len;

	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	*parent = kp_str_slice(path, 0, slash);
	*name = kp_str_slice(path, slash, path.len);
}

static bool
is_file_name(struct kp_str name)
{
	return name.len > 0 && name.len <= NAME_MAX && !kp_str_is(name, ".") &&
	    !kp_str_is(name, "..");
}

/*
 * Go where path leads, seen from at, and keep its last component.  The way
 * so far is in file->parent.
 */
static bool
go_to(struct kp_commit *commit, struct kp_commit_file *file, int at,
    struct kp_str path, bool beneath, struct kp_diags *diags)
{
	struct kp_str parent, name;
	struct kp_buf way = { 0 };
	bool done;

	split_path(path, &parent, &name);
	if (!is_file_name(name))
		return kp_diag_file(diags, file->path, "does not name a file");
	free(file->name);
	file->name = strndup(name.ptr, name.len);
	kp_buf_add(&way, parent);
	kp_buf_add(&file->parent, parent);
	if (file->name == NULL || !kp_buf_ok(&way) || !kp_buf_ok(&file->parent))
		done = kp_diag_nomem(diags);
	else
		done = enter_dir(commit, file, at,
		    way.data == NULL ? "" : way.data, beneath, diags);
	kp_buf_wipe(&way);
	return done;
}

/* A link that begins with the way to itself stays below its directory. */
static struct kp_str
make_relative(const struct kp_commit_file *file, struct kp_str target)
{
	struct kp_str parent = kp_buf_view(&file->parent);

	if (parent.len > 0 && parent.len < target.len &&
	    kp_str_eq(parent, kp_str_slice(target, 0, parent.len)))
		return kp_str_slice(target, parent.len, target.len);
	return target;
}

static bool
follow_link(struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	char target[PATH_MAX];
	ssize_t len;

	if (file->old.st_uid != 0 && file->old.st_uid != geteuid()) {
		kp_diag_file(diags, file->path,
		    "is a symbolic link of another user");
		return kp_diag_hint(diags, "name the file that is meant");
	}
	len = readlinkat(kp_commit_target_dir(commit, file), file->name, target,
	    sizeof(target));
	if (len == -1)
		return kp_commit_target_refuse(file->path,
		    "cannot read the symbolic link", diags);
	return go_to(commit, file, kp_commit_target_dir(commit, file),
	    make_relative(file, kp_str_make(target, (size_t)len)), true, diags);
}

/* What has the name now; true with existed false where nothing has. */
static bool
examine(struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	file->existed = fstatat(kp_commit_target_dir(commit, file), file->name,
	                    &file->old, AT_SYMLINK_NOFOLLOW) == 0;
	if (!file->existed && errno != ENOENT)
		return kp_commit_target_refuse(file->path, "cannot be examined",
		    diags);
	return true;
}

static bool
check_kind(const struct kp_commit_file *file, unsigned links,
    struct kp_diags *diags)
{
	if (!file->existed && links > 0) {
		kp_diag_file(diags, file->path,
		    "is a symbolic link to nothing");
		return kp_diag_hint(diags, "remove it, or make its target");
	}
	if (file->existed && S_ISLNK(file->old.st_mode)) {
		errno = ELOOP;
		return kp_commit_target_refuse(file->path, "cannot be followed",
		    diags);
	}
	if (file->existed && !S_ISREG(file->old.st_mode))
		return kp_diag_file(diags, file->path, "is %s, not a file",
		    kp_file_kind(file->old.st_mode));
	return true;
}

bool
kp_commit_target_find(struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	unsigned links = 0;

	if (!go_to(commit, file, AT_FDCWD, kp_str_of(file->path), false,
	        diags) ||
	    !examine(commit, file, diags))
		return false;
	while (file->existed && S_ISLNK(file->old.st_mode) &&
	    links++ < LINKS_MAX) {
		if (!follow_link(commit, file, diags) ||
		    !examine(commit, file, diags))
			return false;
	}
	return check_kind(file, links, diags);
}

/* --- what is to be done --- */

/* A mode that nobody asked for loses what a file of values never needs. */
void
kp_commit_target_access(struct kp_commit_file *file)
{
	const struct kp_commit_request *request = &file->request;

	file->mode = request->mode;
	file->uid = request->uid;
	file->gid = request->gid;
	if (file->mode == KP_COMMIT_KEEP_MODE)
		file->mode = file->existed ? file->old.st_mode & 0777 :
		                             KP_COMMIT_NEW_MODE;
	if (file->uid == KP_COMMIT_KEEP_UID)
		file->uid = file->existed ? file->old.st_uid : request->new_uid;
	if (file->gid == KP_COMMIT_KEEP_GID)
		file->gid = file->existed ? file->old.st_gid : request->new_gid;
}

static bool
has_access(const struct kp_commit_file *file)
{
	return file->old.st_uid == file->uid && file->old.st_gid == file->gid &&
	    (file->old.st_mode & KP_COMMIT_PERMISSIONS) == file->mode;
}

/* A file that cannot be read counts as different: it is replaced. */
static bool
has_bytes(const struct kp_commit *commit, const struct kp_commit_file *file)
{
	return (size_t)file->old.st_size == file->request.bytes.len &&
	    kp_file_holds(kp_commit_target_dir(commit, file), file->name,
	        O_NOFOLLOW, file->request.bytes);
}

/* Linux 5.8 tells; before that only a rename's EBUSY does. */
static bool
is_mount(const struct kp_commit *commit, const struct kp_commit_file *file)
{
	struct statx stx;

	return statx(kp_commit_target_dir(commit, file), file->name,
	           AT_SYMLINK_NOFOLLOW, STATX_TYPE, &stx) == 0 &&
	    (stx.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

enum kp_change
kp_commit_target_change(const struct kp_commit *commit,
    const struct kp_commit_file *file)
{
	if (!file->existed)
		return KP_CHANGE_CREATE;
	if (file->request.no_overwrite)
		return KP_CHANGE_KEPT;
	if (has_access(file) && has_bytes(commit, file))
		return KP_CHANGE_NONE;
	if (file->request.in_place || is_mount(commit, file))
		return KP_CHANGE_REWRITE;
	return KP_CHANGE_REPLACE;
}
