/* SPDX-License-Identifier: MIT */
/* reason - why something is not up. */
#ifndef KP_NET_REASON_H
#define KP_NET_REASON_H

#include "base/attr.h"

#include <stdbool.h>

/* { 0 }: none. */
struct kp_reason {
	int sys_errno;  /* the failed call's; 0: text tells all */
	char text[120]; /* "status 503"; may be empty where sys_errno is set */
};

/* Both return false, so that giving a reason can be the return statement. */
bool kp_reason_set(struct kp_reason *why, const char *fmt, ...) KP_PRINTF(2, 3);

/* errno, and what failed; NULL: the words of errno tell. */
bool kp_reason_sys(struct kp_reason *why, const char *what);

/* Both parts as one text: valid until the next call. */
const char *kp_reason_words(const struct kp_reason *why);

#endif
