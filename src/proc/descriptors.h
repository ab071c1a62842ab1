/* SPDX-License-Identifier: MIT */
/* descriptors - let go of what the service was given. */
#ifndef KP_PROC_DESCRIPTORS_H
#define KP_PROC_DESCRIPTORS_H

#include <stddef.h>

/*
 * Put /dev/null in place of standard input and output, and close everything
 * but standard error and the count descriptors of keep (-1: none): the reader
 * of a pipe sees its end when the service closes it.
 */
void kp_descriptors_shed(const int *keep, size_t count);

#endif
