/* SPDX-License-Identifier: MIT */
/* duration - spans of time as people write them: 5s, 500ms, 1m, inf. */
#ifndef KP_BASE_DURATION_H
#define KP_BASE_DURATION_H

#include "base/attr.h"
#include "base/str.h"

#include <stdbool.h>

/* "inf": as long as it takes. */
#define KP_DURATION_INF (-1L)

/* Almost 25 days: what a 32-bit number of milliseconds holds. */
#define KP_DURATION_MAX 2147483647L

/*
 * Decimal digits and a unit (ms, s, m, h; none: seconds), or "inf".  *ms is
 * 0 to KP_DURATION_MAX, or KP_DURATION_INF.  False: not a duration, *ms is
 * untouched.
 */
bool kp_duration_parse(struct kp_str text, long *ms) KP_MUST_CHECK;

/* What kp_duration_parse() takes, for messages. */
#define KP_DURATION_FORMS "such as 500ms, 5s, 2m, 1h or inf"

#endif
