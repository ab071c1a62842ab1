/* SPDX-License-Identifier: MIT */
/* tree - the files below a directory of templates. */
#include "io/tree.h"

#include "base/buf.h"
#include "io/dir.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
	const char *top; /* for messages */
	struct kp_list *files;
	struct kp_diags *diags;
};

bool
kp_tree_is_dir(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* What Kubernetes keeps for itself begins with two dots. */
static bool
is_template(const char *name)
{
	return strcmp(name, ".") != 0 && strncmp(name, "..", 2) != 0;
}

/* The names in a directory, sorted; fd is closed. */
static bool
read_names(struct walk *walk, int fd, struct kp_list *names)
{
	DIR *dir = fdopendir(fd);
	bool good;

	if (dir == NULL) {
		close(fd);
		return kp_diag_sys(walk->diags, walk->top, "cannot list");
	}
	good = kp_dir_names(dir, is_template, names) ||
	    kp_diag_sys(walk->diags, walk->top, "cannot list");
	closedir(dir);
	return good;
}

static bool
add_file(struct walk *walk, const char *path)
{
	if (walk->files->count >= KP_TREE_FILES)
		return kp_diag_file(walk->diags, walk->top,
		    "holds more than %d files", KP_TREE_FILES);
	return kp_list_add(walk->files, path) || kp_diag_nomem(walk->diags);
}

static bool descend(struct walk *walk, int parent, const char *name,
    const char *path, unsigned depth);

/* One name of the directory dir, whose own path is above. */
static bool
visit(struct walk *walk, int dir, const char *above, const char *name,
    unsigned depth)
{
	struct kp_buf path = { 0 };
	struct stat link, status;
	bool good = true;

	if (above[0] != '\0')
		kp_buf_add_format(&path, "%s/", above);
	kp_buf_add_text(&path, name);
	if (!kp_buf_ok(&path))
		return kp_diag_nomem(walk->diags);
	if (fstatat(dir, name, &link, AT_SYMLINK_NOFOLLOW) == -1 ||
	    fstatat(dir, name, &status, 0) == -1)
		good = kp_diag_sys(walk->diags, walk->top, "cannot look at %s",
		    path.data);
	else if (S_ISREG(status.st_mode))
		good = add_file(walk, path.data);
	else if (S_ISDIR(link.st_mode))
		good = descend(walk, dir, name, path.data, depth + 1);
	kp_buf_wipe(&path);
	return good;
}

static bool
descend(struct walk *walk, int parent, const char *name, const char *path,
    unsigned depth)
{
	struct kp_list names = { 0 };
	int fd, listed;
	bool good;
	size_t i;

	if (depth > KP_TREE_DEPTH)
		return kp_diag_file(walk->diags, walk->top,
		    "is nested deeper than %d directories", KP_TREE_DEPTH);
	fd = kp_file_open(parent, name, O_RDONLY | O_DIRECTORY, 0);
	listed = fd == -1 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (listed == -1) {
		kp_diag_sys(walk->diags, walk->top, "cannot open %s", name);
		if (fd != -1)
			close(fd);
		return false;
	}
	good = read_names(walk, listed, &names);
	for (i = 0; i < names.count && good; i++)
		good = visit(walk, fd, path, names.items[i], depth);
	kp_list_free(&names);
	close(fd);
	return good;
}

bool
kp_tree_list(const char *path, struct kp_list *files, struct kp_diags *diags)
{
	struct walk walk = { .top = path, .files = files, .diags = diags };

	return descend(&walk, AT_FDCWD, path, "", 0);
}

static bool
make_dir(const char *path, uid_t uid, gid_t gid, struct kp_list *made,
    struct kp_diags *diags)
{
	if (mkdir(path, S_IRWXU) == -1)
		return errno == EEXIST ||
		    kp_diag_sys(diags, path, "cannot make the directory");
	if (!kp_list_add(made, path))
		return kp_diag_nomem(diags);
	if ((uid != (uid_t)-1 || gid != (gid_t)-1) &&
	    lchown(path, uid, gid) == -1)
		return kp_diag_sys(diags, path, "cannot give it to the user");
	return true;
}

bool
kp_tree_make_way(const char *path, size_t top, uid_t uid, gid_t gid,
    struct kp_list *made, struct kp_diags *diags)
{
	char *way = strdup(path);
	bool good = true;
	char *slash;

	if (way == NULL)
		return kp_diag_nomem(diags);
	for (slash = strchr(way + top + 1, '/'); slash != NULL && good;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		good = make_dir(way, uid, gid, made, diags);
		*slash = '/';
	}
	free(way);
	return good;
}

void
kp_tree_unmake(const struct kp_list *made)
{
	size_t i;

	for (i = made->count; i > 0; i--)
		rmdir(made->items[i - 1]);
}
