/* SPDX-License-Identifier: MIT */
/* attr - what the compiler is told about our functions. */
#ifndef KP_BASE_ATTR_H
#define KP_BASE_ATTR_H

#define KP_MUST_CHECK __attribute__((__warn_unused_result__))
#define KP_PRINTF(fmt, args) __attribute__((__format__(__printf__, fmt, args)))
#define KP_NOINLINE __attribute__((__noinline__))

/* For what is large on the stack, and is not to be touched whole. */
#if defined(__GNUC__) && !defined(__clang__)
#define KP_NO_PROBE __attribute__((__optimize__("no-stack-clash-protection")))
#else
#define KP_NO_PROBE
#endif
#if defined(__has_attribute) && __has_attribute(__uninitialized__)
#define KP_UNINITIALIZED __attribute__((__uninitialized__))
#else
#define KP_UNINITIALIZED
#endif

#endif
