/* SPDX-License-Identifier: MIT */
/* wait - until everything that a service needs is up. */
#ifndef KP_NET_WAIT_H
#define KP_NET_WAIT_H

#include "base/attr.h"
#include "base/list.h"
#include "net/limit.h"
#include "net/reason.h"
#include "net/url.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one URL has come to. */
struct kp_awaited {
	struct kp_url url; /* owned */
	bool up;
	struct kp_reason why; /* of the last attempt, where not up */
};

struct kp_wait {
	struct kp_awaited *list; /* owned */
	size_t count, cap;
	const struct kp_list *headers; /* borrowed; of http */
	const struct kp_list *expect;  /* borrowed: ranges of status */
	int64_t attempt_ms;            /* one attempt takes no longer */
	int64_t interval_ms;           /* the longest pause */
	/* Told what is not up after each attempt; may be NULL. */
	void (*tell)(void *ctx, const struct kp_awaited *awaited);
	void *ctx; /* borrowed */
};

/* Add a URL; a problem is a usage error. */
bool kp_wait_add(struct kp_wait *wait, const char *url,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Try each of them once that is not up yet.  True: all are. */
bool kp_wait_once(struct kp_wait *wait,
    const struct kp_limit *limit) KP_MUST_CHECK;

/*
 * Try again and again, with a pause between that grows from 50 ms to
 * .interval_ms, until all have been up or the limit is reached.
 */
bool kp_wait(struct kp_wait *wait, const struct kp_limit *limit) KP_MUST_CHECK;

void kp_wait_free(struct kp_wait *wait);

#endif
