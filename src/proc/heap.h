/* SPDX-License-Identifier: MIT */
/* heap - memory for a start, in few steps: the opposite of proc/release. */
#ifndef KP_PROC_HEAP_H
#define KP_PROC_HEAP_H

#include <stddef.h>

/* Let the heap grow in large steps.  To be called early in main, once. */
void kp_heap_widen(void);

/*
 * Have so many bytes of the heap in memory that will be needed soon, at once
 * instead of by a fault for each page.
 */
void kp_heap_bring(size_t len);

#endif
