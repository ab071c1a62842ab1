/* SPDX-License-Identifier: MIT */
/* watch - notice that a file is another one, or has other contents. */
#include "io/watch.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Links on one way, as many as the kernel follows. */
#define LINKS_MAX 40

#define CONTENTS (IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB)
#define ENTRIES (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
#define ITSELF (IN_DELETE_SELF | IN_MOVE_SELF)

/* A path on the way to its file. */
struct walk {
	struct kp_watch *watch;
	int fd;
	struct kp_buf dir;  /* where we are, without a link; empty: "/" */
	struct kp_buf rest; /* what is still to be walked */
	unsigned links;
};

int
kp_watch_open(void)
{
	return inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

/* Two names with one hash cost no more than a look too many. */
static uint64_t
hash(struct kp_str name)
{
	return kp_hash_text(KP_HASH_START, name);
}

static bool
has_name(const struct kp_watch *watch, int directory, uint64_t name)
{
	size_t i;

	for (i = 0; i < watch->count; i++) {
		if (watch->names[i].directory == directory &&
		    watch->names[i].name == name)
			return true;
	}
	return false;
}

static bool
has_directory(const struct kp_watch *watch, int directory)
{
	size_t i;

	for (i = 0; i < watch->count; i++) {
		if (watch->names[i].directory == directory)
			return true;
	}
	return false;
}

/* --- what is on the way --- */

static void
add(struct walk *walk, const char *path, uint32_t mask, struct kp_str name)
{
	struct kp_watch *watch = walk->watch;
	int directory = inotify_add_watch(walk->fd, path, mask);
	uint64_t sum = hash(name);

	if (directory == -1) {
		watch->sys_errno = errno;
		return;
	}
	if (has_name(watch, directory, sum))
		return;
	if (watch->count == KP_WATCH_MAX) {
		watch->sys_errno = ENOSPC;
		return;
	}
	watch->names[watch->count++] = (struct kp_watch_name){ directory, sum };
}

/* Watch the name in the directory where we are. */
static void
add_name(struct walk *walk, struct kp_str name)
{
	add(walk, walk->dir.len == 0 ? "/" : walk->dir.data,
	    CONTENTS | ENTRIES | ITSELF | IN_ONLYDIR, name);
}

/* Cut the next name off the rest; false: there is none. */
static bool
next_name(struct walk *walk, struct kp_buf *name)
{
	struct kp_str rest = kp_buf_view(&walk->rest);
	struct kp_buf left = { 0 };
	size_t start = 0, end;

	while (start < rest.len && rest.ptr[start] == '/')
		start++;
	end = start;
	while (end < rest.len && rest.ptr[end] != '/')
		end++;
	kp_buf_cut(name, 0);
	kp_buf_add(name, kp_str_slice(rest, start, end));
	kp_buf_add(&left, kp_str_slice(rest, end, rest.len));
	kp_buf_wipe(&walk->rest);
	walk->rest = left;
	return kp_buf_ok(name) && kp_buf_ok(&walk->rest) && end > start;
}

/* Go on where a link leads, with what is behind it. */
static bool
follow_link(struct walk *walk, struct kp_str target)
{
	struct kp_buf rest = { 0 };

	if (++walk->links > LINKS_MAX)
		return false;
	kp_buf_add(&rest, target);
	kp_buf_add(&rest, kp_buf_view(&walk->rest));
	kp_buf_wipe(&walk->rest);
	walk->rest = rest;
	if (kp_str_starts(target, "/"))
		kp_buf_cut(&walk->dir, 0);
	return kp_buf_ok(&walk->rest);
}

static bool
is_directory(const char *path)
{
	struct stat found;

	return lstat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* One name further on; false: the way ends here. */
static bool
step(struct walk *walk, struct kp_str name)
{
	size_t above = walk->dir.len;
	char target[PATH_MAX];
	ssize_t len;

	kp_buf_add_char(&walk->dir, '/');
	kp_buf_add(&walk->dir, name);
	if (!kp_buf_ok(&walk->dir))
		return false;
	len = readlink(walk->dir.data, target, sizeof(target));
	if (len == -1 && is_directory(walk->dir.data))
		return true;
	if (len == -1 && kp_watch_look(walk->dir.data) != KP_WATCH_FREE)
		add(walk, walk->dir.data, CONTENTS | ITSELF, kp_str_of(NULL));
	kp_buf_cut(&walk->dir, above);
	add_name(walk, name);
	return len != -1 && follow_link(walk, kp_str_make(target, (size_t)len));
}

/* Every directory is named from the root on, "" being the root itself. */
static bool
walk_path(struct kp_watch *watch, int fd, const char *path)
{
	struct walk walk = { .watch = watch, .fd = fd };
	char here[PATH_MAX] = "";
	struct kp_buf name = { 0 };
	bool good;

	if (path[0] != '/' && getcwd(here, sizeof(here)) == NULL)
		return false;
	kp_buf_add_format(&walk.rest, "%s/%s", here, path);
	while (next_name(&walk, &name) && step(&walk, kp_buf_view(&name)))
		continue;
	good =
	    kp_buf_ok(&name) && kp_buf_ok(&walk.dir) && kp_buf_ok(&walk.rest);
	kp_buf_wipe(&name);
	kp_buf_wipe(&walk.dir);
	kp_buf_wipe(&walk.rest);
	return good;
}

/* --- all of it --- */

static bool
is_same(const struct kp_watch *one, const struct kp_watch *other)
{
	size_t i;

	for (i = 0; i < one->count && one->count == other->count; i++) {
		if (!has_name(other, one->names[i].directory,
		        one->names[i].name))
			return false;
	}
	return one->count == other->count;
}

/* Twice the same number: the second time there is nothing to remove. */
static void
forget_others(const struct kp_watch *before, const struct kp_watch *now, int fd)
{
	size_t i;

	for (i = 0; i < before->count; i++) {
		if (!has_directory(now, before->names[i].directory))
			inotify_rm_watch(fd, before->names[i].directory);
	}
}

bool
kp_watch_follow(struct kp_watch *watch, int fd, const struct kp_list *paths)
{
	struct kp_watch *now = calloc(1, sizeof(*now));
	bool changed;
	size_t i;

	if (now == NULL) {
		watch->sys_errno = ENOMEM;
		return false;
	}
	for (i = 0; i < paths->count; i++) {
		if (!walk_path(now, fd, paths->items[i]))
			now->sys_errno = ENOMEM;
	}
	changed = !is_same(watch, now);
	forget_others(watch, now, fd);
	memcpy(watch->names, now->names, now->count * sizeof(*now->names));
	watch->count = now->count;
	watch->sys_errno = now->sys_errno;
	free(now);
	return changed;
}

/* What is said of a directory or file as a whole has no name. */
static bool
is_about(const struct kp_watch *watch, const struct inotify_event *event)
{
	if ((event->mask & IN_Q_OVERFLOW) != 0)
		return true;
	if (event->len == 0)
		return has_directory(watch, event->wd);
	return has_name(watch, event->wd, hash(kp_str_of(event->name)));
}

bool
kp_watch_take(const struct kp_watch *watch, int fd)
{
	_Alignas(struct inotify_event) char bytes[4096];
	bool about = false;
	ssize_t got, at;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0) {
		for (at = 0; at < got;) {
			/* The kernel aligns each, by padding its name. */
			const struct inotify_event *event =
			    (const void *)(bytes + at);

			about = about || is_about(watch, event);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
	return about;
}

enum kp_watch_pin
kp_watch_look(const char *path)
{
	struct statx file;
	struct statfs system;

	if (statx(AT_FDCWD, path, 0, STATX_TYPE, &file) == -1 ||
	    !S_ISREG(file.stx_mode) ||
	    (file.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0)
		return KP_WATCH_FREE;
	if (statfs(path, &system) == 0 && system.f_type == TMPFS_MAGIC &&
	    (system.f_flags & ST_RDONLY) != 0)
		return KP_WATCH_FROZEN;
	return KP_WATCH_PINNED;
}
