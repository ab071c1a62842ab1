/* SPDX-License-Identifier: MIT */
/*
 * limit - how long something on the network may take, and who may end it
 * sooner.
 */
#include "net/limit.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

/* How long a request to end may go unheard. */
#define SLICE_MS 100

/* The monotonic clock, in milliseconds. */
static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct kp_limit
kp_limit_within(const struct kp_limit *outer, int64_t span_ms)
{
	struct kp_limit inner = *outer;

	if (span_ms < kp_limit_left(outer))
		inner.end_ms = now_ms() + span_ms;
	return inner;
}

int64_t
kp_limit_left(const struct kp_limit *limit)
{
	int64_t now;

	if (limit->end_ms == KP_LIMIT_NONE)
		return KP_LIMIT_NONE;
	now = now_ms();
	return limit->end_ms > now ? limit->end_ms - now : 0;
}

bool
kp_limit_stopped(const struct kp_limit *limit)
{
	return limit->stop != NULL && limit->stop(limit->ctx);
}

bool
kp_limit_poll(const struct kp_limit *limit, struct pollfd *fds, nfds_t count)
{
	int64_t left;
	int ready;

	for (;;) {
		if (kp_limit_stopped(limit)) {
			errno = EINTR;
			return false;
		}
		left = kp_limit_left(limit);
		ready =
		    poll(fds, count, (int)(left < SLICE_MS ? left : SLICE_MS));
		if (ready > 0)
			return true;
		if (ready == -1 && errno != EINTR)
			return false;
		if (left == 0) {
			errno = ETIMEDOUT;
			return false;
		}
	}
}

bool
kp_limit_poll_one(const struct kp_limit *limit, int fd, short events)
{
	struct pollfd one = { .fd = fd, .events = events };

	return kp_limit_poll(limit, &one, 1);
}

void
kp_limit_pause(const struct kp_limit *limit)
{
	(void)!kp_limit_poll(limit, NULL, 0);
}
