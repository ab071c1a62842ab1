/* SPDX-License-Identifier: MIT */
/* attr - what the compiler is told about our functions. */
#ifndef KP_BASE_ATTR_H
#define KP_BASE_ATTR_H

#define KP_MUST_CHECK __attribute__((__warn_unused_result__))
#define KP_PRINTF(fmt, args) __attribute__((__format__(__printf__, fmt, args)))
#define KP_NORETURN __attribute__((__noreturn__))
#define KP_NOINLINE __attribute__((__noinline__))

#endif
