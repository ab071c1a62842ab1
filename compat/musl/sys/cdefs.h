/* SPDX-License-Identifier: MIT */
/* cdefs - musl has none; libbsd's adds to it. */
#include <features.h>

#if __has_include_next(<sys/cdefs.h>)
#include_next <sys/cdefs.h>
#endif
