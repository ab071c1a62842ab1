/* SPDX-License-Identifier: MIT */
/* descriptors - let go of what the service was given. */
#ifndef KP_PROC_DESCRIPTORS_H
#define KP_PROC_DESCRIPTORS_H

/*
 * Put /dev/null in place of standard input and output, and close everything
 * but standard error and *keep, which is moved to 3 (-1: there is none): the
 * reader of a pipe sees its end when the service closes it.
 */
void kp_descriptors_shed(int *keep);

#endif
