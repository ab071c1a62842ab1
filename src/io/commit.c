/* SPDX-License-Identifier: MIT */
/*
 * commit - new contents for files, all of them or none.
 *
 * Where several files are replaced, each changes places with its temporary
 * one, which then holds the old contents until all are in place: that is
 * what makes taking back possible.  A single file is simply renamed over,
 * unless bringing its directory to the disk may still fail.
 *
 * A run holds a shared lock on each directory that it stages in.  Who gets
 * the exclusive one knows that no other run is at work there, so whatever
 * has a temporary name is litter.
 */
#include "io/commit.h"

#include "base/array.h"
#include "base/buf.h"
#include "io/dir.h"
#include "io/file.h"
#include "io/rewrite.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define TEMP_PREFIX ".keyplate-"
#define TEMP_DIGITS 16
#define TEMP_SIZE (sizeof(TEMP_PREFIX) + TEMP_DIGITS)
#define TEMP_TRIES 16

#define PERMISSIONS 07777
#define LINKS_MAX 8

/* How far a file is on its way. */
enum progress {
	WAITING,
	CREATED,   /* under its name, where there was none */
	EXCHANGED, /* the temporary name has the old contents */
	RENAMED,   /* the old contents are gone */
	REWRITTEN,
};

struct kp_commit_file {
	char *path;           /* owned; as the user wrote it */
	struct kp_buf parent; /* the path of dir, for staged */
	char *name;           /* owned; in dir */
	size_t dir;           /* its number */
	char temp[TEMP_SIZE]; /* name of the staged file in dir; or empty */
	char *staged;         /* owned; its path */
	struct stat staged_st;
	struct stat old; /* of the target, where existed */
	bool existed;
	struct kp_commit_request request; /* path is not ours: not used */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	enum kp_change change;
	enum progress progress;
	struct kp_rewrite rewrite;
};

struct kp_commit_dir {
	int fd;
	bool readable; /* can be listed, locked and synced */
	dev_t dev;
	ino_t ino;
};

/* --- problems --- */

static void
hint_for(int sys_errno, struct kp_diags *diags)
{
	if (sys_errno == EROFS)
		kp_diag_hint(diags, "mount a tmpfs or a volume there");
	else if (sys_errno == EACCES || sys_errno == EPERM)
		kp_diag_hint(diags,
		    "the directory has to be writable, or the file with "
		    "in-place");
}

static bool
refuse_sys(const char *path, const char *text, struct kp_diags *diags)
{
	int sys_errno = errno;

	kp_diag_sys(diags, path, "%s", text);
	hint_for(sys_errno, diags);
	return false;
}

/* --- directories --- */

/* The number of the directory that fd, which is taken, has open. */
static bool
add_dir(struct kp_commit *commit, int fd, size_t *number)
{
	struct stat st;
	struct kp_commit_dir *dir;
	int readable;

	if (fstat(fd, &st) == -1)
		return false;
	for (*number = 0; *number < commit->ndirs; ++*number) {
		dir = &commit->dirs[*number];
		if (dir->dev == st.st_dev && dir->ino == st.st_ino) {
			close(fd);
			return true;
		}
	}
	if (!kp_array_grow((void **)&commit->dirs, &commit->dirs_cap,
	        commit->ndirs + 1, sizeof(*commit->dirs)))
		return false;
	dir = &commit->dirs[commit->ndirs++];
	*dir = (struct kp_commit_dir){ fd, false, st.st_dev, st.st_ino };
	readable = kp_dir_reopen(fd);
	if (readable == -1)
		return true;
	close(fd);
	dir->fd = readable;
	dir->readable = true;
	if (!commit->dry_run)
		flock(readable, LOCK_SH | LOCK_NB);
	return true;
}

/* Open path, seen from at, and make it the file's directory. */
static bool
enter_dir(struct kp_commit *commit, struct kp_commit_file *file, int at,
    const char *path, bool beneath, struct kp_diags *diags)
{
	int fd = kp_dir_open(at, path, beneath, file->path, diags);

	if (fd == -1)
		return false;
	if (add_dir(commit, fd, &file->dir))
		return true;
	close(fd);
	return refuse_sys(file->path, "cannot open its directory", diags);
}

static int
dir_of(const struct kp_commit *commit, const struct kp_commit_file *file)
{
	return commit->dirs[file->dir].fd;
}

/* --- the way to the target --- */

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
	if (file->name == NULL || !kp_buf_ok(&way))
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
	len = readlinkat(dir_of(commit, file), file->name, target,
	    sizeof(target));
	if (len == -1)
		return refuse_sys(file->path, "cannot read the symbolic link",
		    diags);
	return go_to(commit, file, dir_of(commit, file),
	    make_relative(file, kp_str_make(target, (size_t)len)), true, diags);
}

/* What has the name now; true with existed false where nothing has. */
static bool
examine(struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	file->existed = fstatat(dir_of(commit, file), file->name, &file->old,
	                    AT_SYMLINK_NOFOLLOW) == 0;
	if (!file->existed && errno != ENOENT)
		return refuse_sys(file->path, "cannot be examined", diags);
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
		return refuse_sys(file->path, "cannot be followed", diags);
	}
	if (file->existed && !S_ISREG(file->old.st_mode))
		return kp_diag_file(diags, file->path, "is %s, not a file",
		    kp_file_kind(file->old.st_mode));
	return true;
}

static bool
find_target(struct kp_commit *commit, struct kp_commit_file *file,
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

/* Two files of one run in the same place: one of them would be lost. */
static bool
check_unique(const struct kp_commit *commit, const struct kp_commit_file *file,
    struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < commit->count; i++) {
		const struct kp_commit_file *other = &commit->files[i];

		if (other->dir == file->dir &&
		    strcmp(other->name, file->name) == 0)
			return kp_diag_file(diags, file->path,
			    "would be written twice in one run");
	}
	return true;
}

/* --- what is to be done --- */

/* A mode that nobody asked for loses what a file of values never needs. */
static void
choose_access(struct kp_commit_file *file)
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
	    (file->old.st_mode & PERMISSIONS) == file->mode;
}

/* A file that cannot be read counts as different: it is replaced. */
static bool
has_bytes(const struct kp_commit *commit, const struct kp_commit_file *file)
{
	struct kp_buf old = { 0 };
	struct kp_file_refusal why;
	struct kp_str bytes = file->request.bytes;
	bool same = false;

	if ((size_t)file->old.st_size != bytes.len)
		return false;
	if (kp_file_read_at(dir_of(commit, file), file->name, O_NOFOLLOW,
	        KP_FILE_MAX, &old, &why))
		same = kp_str_eq(kp_buf_view(&old), bytes);
	kp_buf_wipe(&old);
	return same;
}

/* Linux 5.8 tells; before that only a rename's EBUSY does. */
static bool
is_mount(const struct kp_commit *commit, const struct kp_commit_file *file)
{
	struct statx stx;

	return statx(dir_of(commit, file), file->name, AT_SYMLINK_NOFOLLOW,
	           STATX_TYPE, &stx) == 0 &&
	    (stx.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

static enum kp_change
choose_change(const struct kp_commit *commit, const struct kp_commit_file *file)
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

/* --- the staged file --- */

static void
make_temp_name(char name[TEMP_SIZE])
{
	uint64_t random;

	arc4random_buf(&random, sizeof(random));
	snprintf(name, TEMP_SIZE, TEMP_PREFIX "%016llx",
	    (unsigned long long)random);
}

/* A new file with a name of its own; -1: errno tells. */
static int
open_temp(int dir, char name[TEMP_SIZE])
{
	unsigned tries;
	int fd = -1;

	for (tries = 0; fd == -1 && tries < TEMP_TRIES; tries++) {
		make_temp_name(name);
		fd = kp_file_open(dir, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
		if (fd == -1 && errno != EEXIST)
			break;
	}
	if (fd == -1)
		name[0] = '\0';
	return fd;
}

/* A default ACL of the directory would let its users in once a group may. */
static bool
drop_acl(int fd)
{
	static const char acl[] = "system.posix_acl_access";

	return fremovexattr(fd, acl) == 0 || fgetxattr(fd, acl, NULL, 0) <= 0;
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
 * The group, then the mode, then the user: nobody may read at any moment who
 * may not in the end, and changing the mode takes no privilege.
 */
static bool
give_access(int fd, struct kp_commit_file *file)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return false;
	if (!drop_acl(fd) || !give_group(fd, file, &st))
		return false;
	if (fchmod(fd, file->mode) == -1)
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
	return (st->st_mode & PERMISSIONS) == file->mode &&
	    (file->uid == KP_COMMIT_KEEP_UID || st->st_uid == file->uid) &&
	    (file->gid == KP_COMMIT_KEEP_GID || st->st_gid == file->gid) &&
	    (size_t)st->st_size == file->request.bytes.len;
}

/* A file system without fsync() says EINVAL. */
static bool
sync_fd(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL || errno == ENOSYS;
}

static bool
fill_temp(int fd, struct kp_commit_file *file, struct kp_diags *diags)
{
	if (!give_access(fd, file)) {
		kp_diag_sys(diags, file->path,
		    "cannot have this owner and mode");
		return kp_diag_hint(diags,
		    "giving files away takes root with the capability CHOWN");
	}
	if (!kp_file_write_at(fd, file->request.bytes, 0) ||
	    (file->request.sync && !sync_fd(fd)))
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

static bool
make_temp(const struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	int fd = open_temp(dir_of(commit, file), file->temp);
	bool done;

	if (fd == -1)
		return refuse_sys(file->path, "cannot make a file beside it",
		    diags);
	done = fill_temp(fd, file, diags);
	/* A network file system may keep its errors for now. */
	if (close(fd) == -1 && errno != EINTR && done)
		done = kp_diag_sys(diags, file->path, "cannot be written");
	if (done && !name_staged(file))
		done = kp_diag_nomem(diags);
	return done;
}

static bool
prepare(const struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	switch (file->change) {
	case KP_CHANGE_NONE:
	case KP_CHANGE_KEPT:
		return true;
	case KP_CHANGE_CREATE:
	case KP_CHANGE_REPLACE:
		return make_temp(commit, file, diags);
	case KP_CHANGE_REWRITE:
		return kp_rewrite_begin(&file->rewrite, dir_of(commit, file),
		           file->name, file->path, diags) &&
		    (!file->request.staged_copy ||
		        make_temp(commit, file, diags));
	}
	return false;
}

static void
remove_temp(const struct kp_commit *commit, struct kp_commit_file *file)
{
	if (file->temp[0] != '\0' &&
	    (unlinkat(dir_of(commit, file), file->temp, 0) == 0 ||
	        errno == ENOENT))
		file->temp[0] = '\0';
}

static void
wipe_file(const struct kp_commit *commit, struct kp_commit_file *file)
{
	remove_temp(commit, file);
	kp_rewrite_end(&file->rewrite);
	kp_buf_wipe(&file->parent);
	free(file->path);
	free(file->name);
	free(file->staged);
}

static bool
stage(struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	if (!find_target(commit, file, diags) ||
	    !check_unique(commit, file, diags))
		return false;
	choose_access(file);
	file->change = choose_change(commit, file);
	return commit->dry_run || prepare(commit, file, diags);
}

bool
kp_commit_stage(struct kp_commit *commit,
    const struct kp_commit_request *request, struct kp_diags *diags)
{
	struct kp_commit_file file = { .request = *request,
		.rewrite = { .fd = -1 } };

	if (!kp_array_grow((void **)&commit->files, &commit->cap,
	        commit->count + 1, sizeof(*commit->files)))
		return kp_diag_nomem(diags);
	file.path = strdup(request->path);
	if (file.path == NULL)
		return kp_diag_nomem(diags);
	if (!stage(commit, &file, diags)) {
		wipe_file(commit, &file);
		return false;
	}
	commit->files[commit->count++] = file;
	return true;
}

enum kp_change
kp_commit_change(const struct kp_commit *commit, size_t i)
{
	return commit->files[i].change;
}

const char *
kp_commit_staged_path(const struct kp_commit *commit, size_t i)
{
	return commit->files[i].staged;
}

/* --- putting in place --- */

/* Never over a file that has come since: EEXIST tells of that. */
static bool
rename_new(int dir, const struct kp_commit_file *file)
{
	if (renameat2(dir, file->temp, dir, file->name, RENAME_NOREPLACE) == 0)
		return true;
	if (errno == EEXIST)
		return false;
	/* Not every file system and kernel can; nor can all make links. */
	if (linkat(dir, file->temp, dir, file->name, 0) == 0)
		return unlinkat(dir, file->temp, 0) == 0;
	return errno != EEXIST && !file->request.no_overwrite &&
	    renameat(dir, file->temp, dir, file->name) == 0;
}

/*
 * A call that says it did is not believed.  Where there is no telling it is:
 * false, with EIO, only when another file or none has the name.
 */
static bool
check_renamed(int dir, const struct kp_commit_file *file)
{
	const struct stat *wanted = &file->staged_st;
	struct stat st;

	if (fstatat(dir, file->name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno != ENOENT)
			return true;
	} else if (st.st_dev == wanted->st_dev && st.st_ino == wanted->st_ino) {
		return true;
	}
	errno = EIO;
	return false;
}

static bool
create(int dir, struct kp_commit_file *file)
{
	if (!rename_new(dir, file) || !check_renamed(dir, file))
		return false;
	file->temp[0] = '\0';
	file->progress = CREATED;
	return true;
}

static bool
is_no_file(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode);
}

/* Change places, but not with what is no file any more. */
static bool
exchange(int dir, struct kp_commit_file *file)
{
	if (renameat2(dir, file->temp, dir, file->name, RENAME_EXCHANGE) == -1)
		return false;
	if (!check_renamed(dir, file))
		return false;
	file->progress = EXCHANGED;
	if (!is_no_file(dir, file->temp))
		return true;
	renameat2(dir, file->temp, dir, file->name, RENAME_EXCHANGE);
	file->progress = WAITING;
	errno = ESTALE;
	return false;
}

static bool
replace(int dir, struct kp_commit_file *file, bool alone)
{
	if (!alone && exchange(dir, file))
		return true;
	if (!alone && (errno == EBUSY || errno == ESTALE || errno == EIO))
		return false;
	if (renameat(dir, file->temp, dir, file->name) == -1 ||
	    !check_renamed(dir, file))
		return false;
	file->temp[0] = '\0';
	file->progress = RENAMED;
	return true;
}

static bool
rewrite(const struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	if (file->rewrite.fd == -1 &&
	    !kp_rewrite_begin(&file->rewrite, dir_of(commit, file), file->name,
	        file->path, diags))
		return false;
	/* The staged copy may have got another owner; the file keeps its. */
	choose_access(file);
	if (!kp_rewrite_store(&file->rewrite, file->request.bytes, file->mode,
	        file->uid, file->gid, file->path, diags))
		return false;
	file->progress = REWRITTEN;
	file->change = KP_CHANGE_REWRITE;
	return true;
}

static bool
rename_file(const struct kp_commit *commit, struct kp_commit_file *file,
    bool alone, struct kp_diags *diags)
{
	int dir = dir_of(commit, file);
	bool done = file->change == KP_CHANGE_CREATE ?
	    create(dir, file) :
	    replace(dir, file, alone);

	/* A mount cannot be renamed over: write into it. */
	if (!done && errno == EBUSY && file->change == KP_CHANGE_REPLACE)
		return rewrite(commit, file, diags);
	return done || refuse_sys(file->path, "cannot be replaced", diags);
}

static size_t
count_changes(const struct kp_commit *commit)
{
	size_t i, count = 0;

	for (i = 0; i < commit->count; i++)
		count += commit->files[i].change > KP_CHANGE_KEPT;
	return count;
}

/* What can be taken back for certain goes first. */
static bool
put_all(struct kp_commit *commit, struct kp_diags *diags)
{
	bool alone = count_changes(commit) == 1;
	size_t i;

	for (i = 0; i < commit->count; i++) {
		struct kp_commit_file *file = &commit->files[i];

		if (file->change == KP_CHANGE_REWRITE &&
		    !rewrite(commit, file, diags))
			return false;
	}
	for (i = 0; i < commit->count; i++) {
		struct kp_commit_file *file = &commit->files[i];

		if ((file->change == KP_CHANGE_CREATE ||
		        file->change == KP_CHANGE_REPLACE) &&
		    !rename_file(commit, file, alone && !file->request.sync,
		        diags))
			return false;
	}
	return true;
}

static bool
sync_dirs(const struct kp_commit *commit, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < commit->count; i++) {
		const struct kp_commit_file *file = &commit->files[i];
		const struct kp_commit_dir *dir = &commit->dirs[file->dir];

		if (file->request.sync && file->progress != WAITING &&
		    dir->readable && !sync_fd(dir->fd))
			return kp_diag_sys(diags, file->path,
			    "cannot bring its directory to the disk");
	}
	return true;
}

static void
take_back(const struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	int dir = dir_of(commit, file);
	bool done = true;

	switch (file->progress) {
	case WAITING:
		break;
	case CREATED:
		done = check_renamed(dir, file) &&
		    unlinkat(dir, file->name, 0) == 0;
		break;
	case EXCHANGED:
		done = renameat2(dir, file->temp, dir, file->name,
		           RENAME_EXCHANGE) == 0;
		break;
	case RENAMED:
		kp_diag_file(diags, file->path,
		    "was replaced already, and stays so");
		break;
	case REWRITTEN:
		kp_rewrite_undo(&file->rewrite, file->path, diags);
		break;
	}
	/* The temporary name then has the only copy of the old contents. */
	if (!done && file->progress == EXCHANGED)
		file->temp[0] = '\0';
	if (!done)
		kp_diag_sys(diags, file->path, "cannot be taken back");
	file->progress = WAITING;
}

/* --- litter --- */

static bool
is_temp_name(struct kp_str name)
{
	size_t prefix = sizeof(TEMP_PREFIX) - 1, i;

	if (name.len != prefix + TEMP_DIGITS ||
	    !kp_str_starts(name, TEMP_PREFIX))
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

static void
remove_litter(const struct kp_commit_dir *dir)
{
	const struct dirent *entry;
	DIR *entries;
	int fd;

	if (!dir->readable || flock(dir->fd, LOCK_EX | LOCK_NB) == -1)
		return;
	fd = kp_dir_reopen(dir->fd);
	entries = fd == -1 ? NULL : fdopendir(fd);
	if (entries == NULL) {
		if (fd != -1)
			close(fd);
		return;
	}
	while ((entry = readdir(entries)) != NULL) {
		if (is_litter(dir->fd, entry->d_name))
			unlinkat(dir->fd, entry->d_name, 0);
	}
	closedir(entries);
}

/* --- the whole --- */

static void
note_changes(const struct kp_commit *commit, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < commit->count; i++) {
		const struct kp_commit_file *file = &commit->files[i];

		if (file->progress == REWRITTEN)
			kp_diag_note(diags, file->path,
			    "written in place: for a moment a reader may "
			    "have seen a part of it");
		else if (file->change == KP_CHANGE_REPLACE &&
		    (file->uid != file->old.st_uid ||
		        file->gid != file->old.st_gid))
			kp_diag_note(diags, file->path,
			    "has another owner now");
	}
}

bool
kp_commit_apply(struct kp_commit *commit, struct kp_diags *diags)
{
	bool done = put_all(commit, diags) && sync_dirs(commit, diags);
	size_t i;

	for (i = commit->count; !done && i > 0; i--)
		take_back(commit, &commit->files[i - 1], diags);
	for (i = 0; i < commit->count; i++)
		remove_temp(commit, &commit->files[i]);
	for (i = 0; done && i < commit->ndirs; i++)
		remove_litter(&commit->dirs[i]);
	if (done)
		note_changes(commit, diags);
	return done;
}

void
kp_commit_wipe(struct kp_commit *commit)
{
	size_t i;

	for (i = 0; i < commit->count; i++)
		wipe_file(commit, &commit->files[i]);
	for (i = 0; i < commit->ndirs; i++)
		close(commit->dirs[i].fd);
	free(commit->files);
	free(commit->dirs);
	*commit = (struct kp_commit){ 0 };
}
