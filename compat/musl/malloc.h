/* SPDX-License-Identifier: MIT */
/* malloc - musl gives freed memory back by itself. */
#include_next <malloc.h>

static inline int
malloc_trim(size_t pad)
{
	(void)pad;
	return 0;
}
