/* SPDX-License-Identifier: MIT */
/* array - room for one more element, with the overflow checks in one place. */
#ifndef KP_BASE_ARRAY_H
#define KP_BASE_ARRAY_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

/* Room for need elements, more than *cap: what both of these do then. */
bool kp_array_enlarge(void **array, size_t *cap, size_t need,
    size_t size) KP_MUST_CHECK;

/*
 * Make *array, which has room for *cap elements of size bytes, hold at least
 * need of them; new room is zeroed.  A block that is left is not wiped:
 * bytes of secrets are in struct kp_buf, not here.  False when there is no
 * memory: *array and *cap are as they were.  The caller frees *array.
 */
bool kp_array_grow(void **array, size_t *cap, size_t need,
    size_t size) KP_MUST_CHECK;

/*
 * The same, but new room is as it is: for what is filled element by element,
 * and may be so large that memory nobody needs yet counts.
 */
static inline bool KP_MUST_CHECK
kp_array_room(void **array, size_t *cap, size_t need, size_t size)
{
	return need <= *cap || kp_array_enlarge(array, cap, need, size);
}

/*
 * The same ahead of time, for what will be filled: to grow step by step, a
 * large array is moved each time.  Without memory nothing has changed, and
 * fewer elements may do.
 */
void kp_array_expect(void **array, size_t *cap, size_t need, size_t size);

#endif
