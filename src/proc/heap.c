/* SPDX-License-Identifier: MIT */
/*
 * heap - memory for a start, in few steps.
 *
 * This is for the heap of glibc.  With musl, compat/musl/pages.c does it.
 */
#include "proc/heap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef M_TOP_PAD

/* Of address space, of which most starts use a part. */
#define STEP (512 * 1024)

/* The largest that malloc() does not map by itself. */
#define BLOCK (124 * 1024)

void
kp_heap_widen(void)
{
	mallopt(M_TOP_PAD, STEP);
	mallopt(M_TRIM_THRESHOLD, 4 * STEP);
}

/* A large block is the end of the heap, and then free again. */
void
kp_heap_bring(size_t len)
{
#ifdef MADV_POPULATE_WRITE
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	char *block = malloc(BLOCK);
	uintptr_t start = (uintptr_t)block + page - (uintptr_t)block % page;
	uintptr_t end = (uintptr_t)sbrk(0);

	end -= end % page;
	if (block != NULL && start < end && end - start <= BLOCK + 2 * STEP)
		madvise((void *)start, len < end - start ? len : end - start,
		    MADV_POPULATE_WRITE);
	free(block);
#else
	(void)len;
#endif
}

#else

void
kp_heap_widen(void)
{
}

void
kp_heap_bring(size_t len)
{
	(void)len;
}

#endif
