/* SPDX-License-Identifier: MIT */
/* malloc - with malloc_trim(): pages.c keeps what musl gives back. */
#include_next <malloc.h>

int malloc_trim(size_t pad);
