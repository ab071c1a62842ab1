/* SPDX-License-Identifier: MIT */
/* stdio - with renameat2(), which musl got later. */
#include_next <stdio.h>

#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2

int renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned int flags);
