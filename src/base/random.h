/* SPDX-License-Identifier: MIT */
/* random - bytes that nobody can foretell. */
#ifndef KP_BASE_RANDOM_H
#define KP_BASE_RANDOM_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Fill data with len random bytes.  False where the kernel gives none, which
 * a filter of system calls can do: errno tells.
 */
bool kp_random_fill(void *data, size_t len) KP_MUST_CHECK;

#endif
