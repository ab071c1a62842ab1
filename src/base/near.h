/* SPDX-License-Identifier: MIT */
/* near - which known name a mistyped one was meant to be. */
#ifndef KP_BASE_NEAR_H
#define KP_BASE_NEAR_H

#include "base/list.h"
#include "base/str.h"

/*
 * The one of names, a list ended by NULL, that word was most likely meant to
 * be; NULL when none is near.  Near is: one slip of the finger (a letter too
 * many, missing, wrong, or two swapped) for each three letters and at least
 * one, a name's first three letters or more, or all behind its slash.  ASCII
 * case does not count.
 */
const char *kp_near_best(struct kp_str word, const char *const *names);

/* The same of a list, which owns what is returned. */
const char *kp_near_listed(struct kp_str word, const struct kp_list *names);

#endif
