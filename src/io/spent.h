/* SPDX-License-Identifier: MIT */
/* spent - descriptors that have served, closed many at a time. */
#ifndef KP_IO_SPENT_H
#define KP_IO_SPENT_H

#include <stddef.h>

/* So many at a time. */
#define KP_SPENT_MAX 40

/* Zero is valid and empty.  What it holds is closed by kp_spent_close(). */
struct kp_spent {
	int fds[KP_SPENT_MAX];
	size_t count;
};

/*
 * Close fd, which nobody uses any more, now or later; -1 is none.  Errors of
 * the close are lost: only for what was read.
 */
void kp_spent_add(struct kp_spent *spent, int fd);

/* Close all that is left; for when descriptors have run out, too. */
void kp_spent_close(struct kp_spent *spent);

#endif
