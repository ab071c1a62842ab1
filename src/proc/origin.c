/* SPDX-License-Identifier: MIT */
/*
 * origin - where the program lies, which nobody asks.
 *
 * A static start of glibc follows /proc/self/exe, in case a library is to be
 * loaded from beside the program: of a start that has nothing to render that
 * was a thirtieth.  Nothing is loaded here, and this stands in for the
 * function, by the name that glibc calls it by.  "-1" is its "not known".
 */
#include <features.h>

const char *_dl_get_origin(void); /* NOLINT(bugprone-reserved-identifier) */

#ifdef __GLIBC__

const char *
_dl_get_origin(void)
{
	return (const char *)-1;
}

#endif
