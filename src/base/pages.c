/* SPDX-License-Identifier: MIT */
/* pages - large blocks of memory. */
#include "base/pages.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Two of the large pages that most machines have. */
#define LARGE ((size_t)4 * 1024 * 1024)

/* Up to the first page that begins in a block. */
static size_t
before_pages(const void *block, size_t page)
{
	return (page - (uintptr_t)block % page) % page;
}

void
kp_pages_advise(void *block, size_t size)
{
	size_t skipped;
	int saved = errno;

	if (size < LARGE)
		return;
	skipped = before_pages(block, (size_t)sysconf(_SC_PAGESIZE));
	(void)madvise((char *)block + skipped, size - skipped, MADV_HUGEPAGE);
	errno = saved;
}

void
kp_pages_wipe(void *block, size_t size)
{
	size_t page, start, len;
	int saved = errno;

	if (size < LARGE) {
		explicit_bzero(block, size);
		return;
	}
	page = (size_t)sysconf(_SC_PAGESIZE);
	start = before_pages(block, page);
	len = (size - start) / page * page;
	if (madvise((char *)block + start, len, MADV_DONTNEED) == -1)
		explicit_bzero((char *)block + start, len);
	explicit_bzero(block, start);
	explicit_bzero((char *)block + start + len, size - start - len);
	errno = saved;
}
