/* SPDX-License-Identifier: MIT */
/*
 * spent - descriptors that have served, closed many at a time.
 *
 * A start reads dozens of small files, and each close() is a system call of
 * its own.  Descriptors that nobody has given back follow one another, and
 * the kernel closes neighbours in one call.
 */
#include "io/spent.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Linux 5.9; filters for older ones refuse it with odd errors. */
static void
close_from(int first, int last)
{
	if (last > first && syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (; first <= last; first++)
		close(first);
}

void
kp_spent_close(struct kp_spent *spent)
{
	size_t i, first = 0;

	for (i = 1; i <= spent->count; i++) {
		if (i < spent->count && spent->fds[i] == spent->fds[i - 1] + 1)
			continue;
		close_from(spent->fds[first], spent->fds[i - 1]);
		first = i;
	}
	spent->count = 0;
}

void
kp_spent_add(struct kp_spent *spent, int fd)
{
	size_t at;

	if (fd == -1)
		return;
	if (spent->count == KP_SPENT_MAX)
		kp_spent_close(spent);
	/* In order: what was opened first may be spent last. */
	for (at = spent->count; at > 0 && spent->fds[at - 1] > fd; at--)
		spent->fds[at] = spent->fds[at - 1];
	spent->fds[at] = fd;
	spent->count++;
}
