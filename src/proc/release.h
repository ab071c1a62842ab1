/* SPDX-License-Identifier: MIT */
/* release - give back the memory that waiting does not need. */
#ifndef KP_PROC_RELEASE_H
#define KP_PROC_RELEASE_H

#include <stdint.h>

/* Wipe what earlier calls left on the stack below the caller's frame. */
void kp_release_wipe_stack(void);

/*
 * As syscall(2), for a call that may wait long, while the memory that waiting
 * does not need is the kernel's: the free heap, the stack below the caller's
 * frame, the program's own text and variables.  So no argument may point to a
 * variable that is not on the stack or the heap.  No other thread may run,
 * and no signal handler.  Negative: the call failed; errno says nothing.
 *
 * Afterwards the variables are made again, and what runs is read again from
 * the page cache: all of it costs some hundred microseconds, which is much for
 * a wait that ends soon.
 */
long kp_release_call(long number, const uintptr_t args[4]);

/* Milliseconds after which a wait is a long one. */
#define KP_RELEASE_AFTER 1000

#endif
