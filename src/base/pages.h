/* SPDX-License-Identifier: MIT */
/* pages - large blocks of memory. */
#ifndef KP_BASE_PAGES_H
#define KP_BASE_PAGES_H

#include <stddef.h>

/*
 * Tell the kernel that a block may have large pages, if it is of several
 * MiB: page by page, half the time of rendering a large text goes there.
 * Advice, no more: where there are no such pages, nothing is lost.  Not for
 * what realloc() makes grow: moving them takes more than they save.
 */
void kp_pages_advise(void *block, size_t size);

/*
 * Zero a block from malloc().  The whole pages of a large one go back to the
 * kernel, which gives them to nobody as they are: to write zeroes to all that
 * is about to be freed takes as long as to write the text.
 */
void kp_pages_wipe(void *block, size_t size);

#endif
