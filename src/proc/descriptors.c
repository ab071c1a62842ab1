/* SPDX-License-Identifier: MIT */
/* descriptors - let go of what the service was given. */
#include "proc/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where neither the kernel nor /proc helps: no soft limit is above that. */
#define GUESS_MAX 65536

static bool
is_kept(int fd, const int *keep, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (keep[i] == fd)
			return true;
	}
	return false;
}

/* The lowest that is kept, from first on; INT_MAX: none is. */
static int
next_kept(int first, const int *keep, size_t count)
{
	int next = INT_MAX;
	size_t i;

	for (i = 0; i < count; i++) {
		if (keep[i] >= first && keep[i] < next)
			next = keep[i];
	}
	return next;
}

/*
 * Close the ranges between those that are kept; false where the kernel does
 * not.  Linux 5.9; filters for older ones refuse it with odd errors.
 */
static bool
close_ranges(int first, const int *keep, size_t count)
{
	int next;

	do {
		next = next_kept(first, keep, count);
		if (next > first &&
		    syscall(SYS_close_range, first,
		        next == INT_MAX ? UINT_MAX : (unsigned)next - 1,
		        0) == -1)
			return false;
		first = next == INT_MAX ? first : next + 1;
	} while (next != INT_MAX);
	return true;
}

/* Close those that /proc/self/fd lists; false where it does not list all. */
static bool
close_listed(int first, const int *keep, size_t count)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	bool whole;
	int fd;

	if (dir == NULL)
		return false;
	while ((errno = 0, entry = readdir(dir)) != NULL) {
		fd = atoi(entry->d_name);
		if (fd >= first && fd != dirfd(dir) &&
		    !is_kept(fd, keep, count))
			close(fd);
	}
	whole = errno == 0;
	closedir(dir);
	return whole;
}

static void
close_from(int first, const int *keep, size_t count)
{
	struct rlimit limit;
	int fd;

	if (close_ranges(first, keep, count) ||
	    close_listed(first, keep, count))
		return;
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 ||
	    limit.rlim_cur > GUESS_MAX)
		limit.rlim_cur = GUESS_MAX;
	for (fd = first; fd < (int)limit.rlim_cur; fd++) {
		if (!is_kept(fd, keep, count))
			close(fd);
	}
}

/* Without a /dev/null the root directory serves: nothing can be read there. */
static int
open_null(void)
{
	int null = open("/dev/null", O_RDWR | O_NOCTTY | O_CLOEXEC);

	return null != -1 ? null :
	                    open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
blind(int fd, int null)
{
	if (null == -1)
		close(fd);
	else
		dup2(null, fd);
}

void
kp_descriptors_shed(const int *keep, size_t count)
{
	int null = open_null();

	blind(STDIN_FILENO, null);
	blind(STDOUT_FILENO, null);
	/* The first three were open: this closes null as well. */
	close_from(STDERR_FILENO + 1, keep, count);
}
