/* SPDX-License-Identifier: MIT */
/* release - give back the memory that waiting does not need. */
#ifndef KP_PROC_RELEASE_H
#define KP_PROC_RELEASE_H

/* Wipe what earlier calls left on the stack below the caller's frame. */
void kp_release_wipe_stack(void);

/*
 * Give the kernel back every page that is not needed or can be had again: of
 * the stack below the caller's frame, of the free heap, of program text.  To
 * be called last before a long wait; what runs afterwards is read again from
 * the page cache, some 64 KiB around each place.
 */
void kp_release_memory(void);

#endif
