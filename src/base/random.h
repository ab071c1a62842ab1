/* SPDX-License-Identifier: MIT */
/* random - bytes that nobody can foretell. */
#ifndef KP_BASE_RANDOM_H
#define KP_BASE_RANDOM_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Fill data with len random bytes.  False where the kernel gives none: errno
 * tells.  Where a filter of system calls is in the way, they come of those
 * that the process got at its start.  A process that was forked may get the
 * same ones as the one that it comes from.
 */
bool kp_random_fill(void *data, size_t len) KP_MUST_CHECK;

#endif
