/* SPDX-License-Identifier: MIT */
/* pointer - one field of a secret that is JSON. */
#ifndef KP_CORE_POINTER_H
#define KP_CORE_POINTER_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/*
 * Append what the JSON text holds at pointer (RFC 6901): the characters of a
 * string, the digits of an integer, true or false, an array or object as
 * compact JSON.  A number with a fraction or exponent is refused, within an
 * array or object too, as its digits would not be kept.  NULL when done, else
 * why not.  Everything that is read is wiped.
 */
const char *kp_pointer_add(struct kp_buf *out, struct kp_str json,
    struct kp_str pointer);

#endif
