/* SPDX-License-Identifier: MIT */
/* features - what glibc's defines for headers of other packages. */
#include_next <features.h>

#ifndef __THROW
#define __THROW
#endif
#ifndef __BEGIN_DECLS
#define __BEGIN_DECLS
#define __END_DECLS
#endif
