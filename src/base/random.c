/* SPDX-License-Identifier: MIT */
/*
 * random - bytes that nobody can foretell.
 *
 * Straight from the kernel: arc4random() ends the process where it finds no
 * memory or no random numbers.
 */
#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

/* A call that is interrupted more often than this is given up. */
#define PATIENCE 100

bool
kp_random_fill(void *data, size_t len)
{
	unsigned char *at = data;
	unsigned tries = 0;

	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);

		if (got == -1 && errno == EINTR && tries++ < PATIENCE)
			continue;
		if (got == 0)
			errno = EIO;
		if (got <= 0)
			return false;
		at += got;
		len -= (size_t)got;
	}
	return true;
}
