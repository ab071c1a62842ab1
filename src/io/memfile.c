/* SPDX-License-Identifier: MIT */
/* memfile - a file in memory, which has a path without being in a directory. */
#include "io/memfile.h"

#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux 6.3; it may be asked for by vm.memfd_noexec. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

#define READ_BITS (S_IRUSR | S_IRGRP | S_IROTH)

int
kp_memfile_create(const char *name)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | MFD_NOEXEC_SEAL);

	if (fd == -1 && errno == EINVAL)
		fd = memfd_create(name, flags);
	return fd;
}

/* The same file under a number that no shell script uses. */
static int
move_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, KP_MEMFILE_FIRST);
	int error = errno;

	close(fd);
	errno = error;
	return moved;
}

/* The mode first: who gives a file away may not change it any more. */
static bool
give(int fd, const struct kp_memfile_request *request, struct kp_diags *diags)
{
	if (fchmod(fd, request->mode & READ_BITS) == -1)
		return kp_diag_sys(diags, request->path, "cannot set the mode");
	if (fchown(fd, request->uid, request->gid) == 0)
		return true;
	if (errno == EPERM && (request->mode & S_IROTH) != 0)
		return true;
	kp_diag_sys(diags, request->path, "cannot set the owner");
	return kp_diag_hint(diags,
	    "with the capability CHOWN, or with mode 0444, for every user to "
	    "read, it works");
}

static bool
fill(int fd, const struct kp_memfile_request *request, struct kp_diags *diags)
{
	if (kp_file_write_at(fd, request->bytes, 0) &&
	    fcntl(fd, F_ADD_SEALS,
	        F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
		return true;
	return kp_diag_sys(diags, request->path, "cannot be written");
}

/* Without /proc the file has no path. */
static bool
has_path(int fd, const struct kp_memfile_request *request,
    struct kp_diags *diags)
{
	char path[KP_MEMFILE_PATH_SIZE];
	struct stat held, found;

	kp_memfile_path(fd, path);
	if (fstat(fd, &held) == 0 && stat(path, &found) == 0 &&
	    held.st_dev == found.st_dev && held.st_ino == found.st_ino)
		return true;
	kp_diag_file(diags, request->path, "there is no %s to read it by",
	    path);
	return kp_diag_hint(diags, "mount /proc: a file in memory needs it");
}

bool
kp_memfile_make(const struct kp_memfile_request *request, int *fd,
    struct kp_diags *diags)
{
	int made = kp_memfile_create(request->name);

	if (made != -1)
		made = move_up(made);
	if (made == -1)
		return kp_diag_sys(diags, request->path,
		    "cannot make a file in memory");
	if (!give(made, request, diags) || !fill(made, request, diags) ||
	    !has_path(made, request, diags)) {
		close(made);
		return false;
	}
	*fd = made;
	return true;
}

void
kp_memfile_share(int fd, bool shared)
{
	fcntl(fd, F_SETFD, shared ? 0 : FD_CLOEXEC);
}

void
kp_memfile_path(int fd, char path[KP_MEMFILE_PATH_SIZE])
{
	snprintf(path, KP_MEMFILE_PATH_SIZE, "/proc/self/fd/%d", fd);
}
