/* SPDX-License-Identifier: MIT */
/* guard - no core, no reader of our memory, no wide file while secrets are
 * held. */
#ifndef KP_PROC_GUARD_H
#define KP_PROC_GUARD_H

#include "base/attr.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Not dumpable (so that no process of the same user reads our memory), core
 * limit 0, umask 077; what was there is remembered, and so is the parent.
 * To be called early in main, once.
 */
void kp_guard_raise(void);

/* A change of user makes a process dumpable again: once more. */
void kp_guard_renew(void);

/*
 * Give back the core limit and the umask that were found; dumpable is what
 * the next execve() makes it.  For the one that executes a program next;
 * async-signal-safe.
 */
void kp_guard_lower(void);

/* The parent when keyplate was started. */
pid_t kp_guard_parent(void);

/* Is this process 1?  It has no parent, so others need not ask. */
bool kp_guard_is_first(void);

#endif
