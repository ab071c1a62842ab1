/* SPDX-License-Identifier: MIT */
/*
 * clone - what is clone() in the program for valgrind, which makes a fork of a
 * vfork and gives up at a child that shares descriptors.
 */
#include <sched.h>

int __real_clone(int (*start)(void *), void *stack, int flags, void *argument);
int __wrap_clone(int (*start)(void *), void *stack, int flags, void *argument);

int
__wrap_clone(int (*start)(void *), void *stack, int flags, void *argument)
{
	return __real_clone(start, stack, flags & ~CLONE_FILES, argument);
}
