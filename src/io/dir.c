/* SPDX-License-Identifier: MIT */
/*
 * dir - the way to a directory, walked once and then held by descriptor.
 *
 * Most ways have no symbolic link: openat2() then does it in one call.  Where
 * it is missing or met a link, the way is walked component by component, and
 * a link's target takes the link's place in what is left of the way.
 */
#include "io/dir.h"

#include "base/buf.h"
#include "base/str.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As many as the kernel follows. */
#define LINKS_MAX 40

struct walk {
	int at;             /* owned: where we are */
	struct kp_buf rest; /* the way that is left */
	unsigned links;     /* followed so far */
	bool beneath;
	const char *path, *subject; /* for messages */
	struct kp_diags *diags;
};

static bool
refuse(const struct walk *walk, const char *why, const char *hint)
{
	kp_diag_file(walk->diags, walk->subject, "the way to it, \"%s\", %s",
	    walk->path, why);
	return kp_diag_hint(walk->diags, "%s", hint);
}

static bool
refuse_sys(const struct walk *walk)
{
	int sys_errno = errno;

	kp_diag_sys(walk->diags, walk->subject,
	    "cannot open its directory \"%s\"", walk->path);
	if (sys_errno == ENOENT)
		kp_diag_hint(walk->diags,
		    "create the directory, or mount a volume there");
	return false;
}

/* Cut the first component off the way; false at its end. */
static bool
next_component(struct walk *walk, struct kp_buf *name)
{
	struct kp_str rest = kp_buf_view(&walk->rest);
	struct kp_buf left = { 0 };
	size_t start = 0, end;

	while (start < rest.len && rest.ptr[start] == '/')
		start++;
	for (end = start; end < rest.len && rest.ptr[end] != '/';)
		end++;
	if (start == end)
		return false;
	kp_buf_cut(name, 0);
	kp_buf_add(name, kp_str_slice(rest, start, end));
	kp_buf_add(&left, kp_str_slice(rest, end, rest.len));
	kp_buf_wipe(&walk->rest);
	walk->rest = left;
	return true;
}

static bool
is_kubernetes_own(struct kp_str name)
{
	return name.len > 2 && kp_str_starts(name, "..");
}

/* The same for a whole way, on which no link has been followed. */
static bool
has_kubernetes_own(struct kp_str path)
{
	size_t i;

	for (i = 0; i + 2 < path.len; i++) {
		struct kp_str rest = kp_str_slice(path, i, path.len);

		if ((i == 0 || path.ptr[i - 1] == '/') &&
		    kp_str_starts(rest, "..") && rest.ptr[2] != '/')
			return true;
	}
	return false;
}

static void
move_to(struct walk *walk, int fd)
{
	close(walk->at);
	walk->at = fd;
}

static bool
move_to_root(struct walk *walk)
{
	int fd;

	if (walk->beneath)
		return refuse(walk, "leads out of the link's own directory",
		    "name the file that is meant");
	fd = kp_file_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	if (fd == -1)
		return refuse_sys(walk);
	move_to(walk, fd);
	return true;
}

/* What a link says takes its place in front of the rest of the way. */
static bool
splice_link(struct walk *walk, int link)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(link, "", target, sizeof(target));
	struct kp_buf spliced = { 0 };

	if (len == -1)
		return refuse_sys(walk);
	kp_buf_add(&spliced, kp_str_make(target, (size_t)len));
	kp_buf_add_char(&spliced, '/');
	kp_buf_add(&spliced, kp_buf_view(&walk->rest));
	kp_buf_wipe(&walk->rest);
	walk->rest = spliced;
	return target[0] != '/' || move_to_root(walk);
}

static bool
follow(struct walk *walk, int link, const struct stat *st)
{
	if (++walk->links > LINKS_MAX) {
		errno = ELOOP;
		return refuse_sys(walk);
	}
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return refuse(walk, "has a symbolic link of another user",
		    "name the place that it leads to");
	return splice_link(walk, link);
}

/* fd is owned, and is what the component was. */
static bool
enter(struct walk *walk, int fd)
{
	struct stat st;
	bool done;

	if (fstat(fd, &st) == -1) {
		done = refuse_sys(walk);
	} else if (S_ISLNK(st.st_mode)) {
		done = follow(walk, fd, &st);
	} else if (S_ISDIR(st.st_mode)) {
		move_to(walk, fd);
		return true;
	} else {
		errno = ENOTDIR;
		done = refuse_sys(walk);
	}
	close(fd);
	return done;
}

static bool
step(struct walk *walk, const struct kp_buf *name)
{
	struct kp_str component = kp_buf_view(name);
	int fd;

	if (!kp_buf_ok(name) || !kp_buf_ok(&walk->rest))
		return kp_diag_nomem(walk->diags);
	if (is_kubernetes_own(component))
		return refuse(walk, "goes through what Kubernetes replaces",
		    "write to another volume");
	if (walk->beneath && kp_str_is(component, ".."))
		return refuse(walk, "leads out of the link's own directory",
		    "name the file that is meant");
	fd = kp_file_open(walk->at, name->data, O_PATH | O_NOFOLLOW, 0);
	return fd == -1 ? refuse_sys(walk) : enter(walk, fd);
}

static bool
go(struct walk *walk)
{
	struct kp_buf name = { 0 };
	bool done = true;

	kp_buf_add_text(&walk->rest, walk->path);
	if (walk->path[0] == '/')
		done = move_to_root(walk);
	while (done && next_component(walk, &name))
		done = step(walk, &name);
	if (done && !kp_buf_ok(&walk->rest))
		done = kp_diag_nomem(walk->diags);
	kp_buf_wipe(&name);
	return done;
}

static int
walk_slowly(int at, const char *path, bool beneath, const char *subject,
    struct kp_diags *diags)
{
	struct walk walk = { .beneath = beneath,
		.path = path,
		.subject = subject,
		.diags = diags };
	bool done;

	walk.at = kp_file_open(at, ".", O_PATH | O_DIRECTORY, 0);
	if (walk.at == -1) {
		refuse_sys(&walk);
		return -1;
	}
	done = go(&walk);
	kp_buf_wipe(&walk.rest);
	if (!done)
		close(walk.at);
	return done ? walk.at : -1;
}

/*
 * All in one call, where no link is on the way; -1: it has to be walked.
 * access: O_PATH or O_RDONLY.
 */
static int
jump(int at, const char *path, bool beneath, int access)
{
	struct open_how how = {
		.flags = (unsigned)access | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	if (path[0] == '\0' || has_kubernetes_own(kp_str_of(path)))
		return -1;
	if (beneath)
		how.resolve |= RESOLVE_BENEATH;
	return (int)syscall(SYS_openat2, at, path, &how, sizeof(how));
}

/* Take the place of fd, which may be such a descriptor already. */
static int
make_readable(int fd, bool *readable)
{
	int other =
	    *readable ? fd : kp_file_open(fd, ".", O_RDONLY | O_DIRECTORY, 0);

	*readable = other != -1;
	if (!*readable || other == fd)
		return fd;
	close(fd);
	return other;
}

int
kp_dir_open(int at, const char *path, bool beneath, bool *readable,
    const char *subject, struct kp_diags *diags)
{
	int fd = jump(at, path, beneath, O_RDONLY);

	*readable = fd != -1;
	if (fd == -1 && errno == EACCES)
		fd = jump(at, path, beneath, O_PATH);
	if (fd == -1)
		fd = walk_slowly(at, path, beneath, subject, diags);
	return fd == -1 ? -1 : make_readable(fd, readable);
}

static int
compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

bool
kp_dir_names(DIR *dir, bool (*is_wanted)(const char *name),
    struct kp_list *names)
{
	const struct dirent *entry;

	/* An error is not the end of the directory. */
	while ((errno = 0, entry = readdir(dir)) != NULL) {
		if (is_wanted(entry->d_name) &&
		    !kp_list_add(names, entry->d_name)) {
			errno = ENOMEM;
			return false;
		}
	}
	if (errno != 0)
		return false;
	if (names->count > 1)
		qsort(names->items, names->count, sizeof(*names->items),
		    compare);
	return true;
}
