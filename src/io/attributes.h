/* SPDX-License-Identifier: MIT */
/*
 * attributes - what a file has besides owner and mode, for the file that
 * takes its place: the access control list, and attributes of the user.
 * What the system keeps for itself, such as capabilities, is never copied.
 */
#ifndef KP_IO_ATTRIBUTES_H
#define KP_IO_ATTRIBUTES_H

#include "base/attr.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Give the file fd the access control list that the file from has; none
 * where from has none or is -1.  The mode of fd follows it; from the first
 * moment on nobody in the list, nor the group, may more than the group bits
 * of mode say.  False: errno tells.
 */
bool kp_attributes_copy_acl(int from, int fd, mode_t mode) KP_MUST_CHECK;

/*
 * Give fd the attributes that from has and whose names begin with "user.".
 * False where one of them could not be given: errno tells of one.
 */
bool kp_attributes_copy_user(int from, int fd) KP_MUST_CHECK;

#endif
