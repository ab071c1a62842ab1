/* SPDX-License-Identifier: MIT */
/*
 * limit - how long something on the network may take, and who may end it
 * sooner.
 *
 * All waiting of this folder is in kp_limit_poll(), so that a request to end
 * is heard wherever it waits.
 */
#ifndef KP_NET_LIMIT_H
#define KP_NET_LIMIT_H

#include "base/attr.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* A span without an end. */
#define KP_LIMIT_NONE INT64_MAX

struct kp_limit {
	int64_t end_ms;          /* of the monotonic clock; KP_LIMIT_NONE */
	bool (*stop)(void *ctx); /* asked while we wait; may be NULL */
	void *ctx;               /* borrowed */
};

/* From now on for span_ms, or KP_LIMIT_NONE; with the stop of outer. */
struct kp_limit kp_limit_within(const struct kp_limit *outer, int64_t span_ms);

/* Milliseconds that are left, 0 at least; KP_LIMIT_NONE: no end. */
int64_t kp_limit_left(const struct kp_limit *limit);

/* Did stop ask to end? */
bool kp_limit_stopped(const struct kp_limit *limit);

/*
 * poll(2) that hears stop within 100 ms.  True: one of the descriptors is
 * ready.  False: errno is ETIMEDOUT, EINTR where stop asked to end, or what
 * poll says.
 */
bool kp_limit_poll(const struct kp_limit *limit, struct pollfd *fds,
    nfds_t count) KP_MUST_CHECK;

/* Wait for one descriptor. */
bool kp_limit_poll_one(const struct kp_limit *limit, int fd,
    short events) KP_MUST_CHECK;

/* Do nothing until the limit is reached, or stop asks to end. */
void kp_limit_pause(const struct kp_limit *limit);

#endif
