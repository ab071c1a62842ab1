/* SPDX-License-Identifier: MIT */
/* stat - with statx(), which musl got later. */
#include_next <sys/stat.h>

#include <linux/stat.h>

int statx(int dir, const char *path, int flags, unsigned int mask,
    struct statx *file);
