/* SPDX-License-Identifier: MIT */
/* pages - large blocks of memory. */
#include "base/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Two of the large pages that most machines have. */
#define LARGE ((size_t)4 * 1024 * 1024)

void
kp_pages_advise(void *block, size_t size)
{
	size_t page, skipped;
	int saved = errno;

	if (size < LARGE)
		return;
	page = (size_t)sysconf(_SC_PAGESIZE);
	skipped = (page - (uintptr_t)block % page) % page;
	(void)madvise((char *)block + skipped, size - skipped, MADV_HUGEPAGE);
	errno = saved;
}
