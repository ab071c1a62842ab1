/* SPDX-License-Identifier: MIT */
/* list - C strings in the order they were given. */
#ifndef KP_BASE_LIST_H
#define KP_BASE_LIST_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

/* { 0 } is a valid empty list. */
struct kp_list {
	char **items; /* owned, and each string too */
	size_t count, cap;
};

/* Append a copy of text; false when there is no memory. */
bool kp_list_add(struct kp_list *list, const char *text) KP_MUST_CHECK;

bool kp_list_has(const struct kp_list *list, const char *text);

/* Wipes every string: some hold what a user typed. */
void kp_list_free(struct kp_list *list);

#endif
