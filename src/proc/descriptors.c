/* SPDX-License-Identifier: MIT */
/* descriptors - let go of what the service was given. */
#include "proc/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where neither the kernel nor /proc helps: no soft limit is above that. */
#define GUESS_MAX 65536

/* Close those that /proc/self/fd lists; false where there is no such. */
static bool
close_listed(int first)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int fd;

	if (dir == NULL)
		return false;
	while ((entry = readdir(dir)) != NULL) {
		fd = atoi(entry->d_name);
		if (fd >= first && fd != dirfd(dir))
			close(fd);
	}
	closedir(dir);
	return true;
}

static void
close_from(int first)
{
	struct rlimit limit;
	int fd;

	/* Linux 5.9; filters for older ones refuse it with odd errors. */
	if (syscall(SYS_close_range, first, UINT_MAX, 0) == 0 ||
	    close_listed(first))
		return;
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 ||
	    limit.rlim_cur > GUESS_MAX)
		limit.rlim_cur = GUESS_MAX;
	for (fd = first; fd < (int)limit.rlim_cur; fd++)
		close(fd);
}

/* Without a /dev/null the root directory serves: nothing can be read there. */
static void
blind(int fd)
{
	int null = open("/dev/null", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (null == -1)
		null = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (null == -1) {
		close(fd);
		return;
	}
	dup2(null, fd);
	close(null);
}

void
kp_descriptors_shed(int *keep)
{
	int first = STDERR_FILENO + 1;

	blind(STDIN_FILENO);
	blind(STDOUT_FILENO);
	if (*keep != -1) {
		if (*keep != first)
			dup3(*keep, first, O_CLOEXEC);
		*keep = first++;
	}
	close_from(first);
}
