/* SPDX-License-Identifier: MIT */
/* spec - option texts of two parts: TERM:QUIT, 143:0, user:group. */
#ifndef KP_PROC_SPEC_H
#define KP_PROC_SPEC_H

#include "base/attr.h"
#include "base/str.h"

#include <stdbool.h>

/*
 * Cut text at its first colon; both parts borrow from it.  False where there
 * is none: *left and *right are untouched.
 */
bool kp_spec_split(struct kp_str text, struct kp_str *left,
    struct kp_str *right) KP_MUST_CHECK;

#endif
