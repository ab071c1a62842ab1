/* SPDX-License-Identifier: MIT */
/* spec - option texts of two parts: TERM:QUIT, 143:0, user:group. */
#include "proc/spec.h"

#include <stddef.h>

bool
kp_spec_split(struct kp_str text, struct kp_str *left, struct kp_str *right)
{
	size_t colon = kp_str_find(text, ':');

	if (colon == KP_NPOS)
		return false;
	*left = kp_str_slice(text, 0, colon);
	*right = kp_str_slice(text, colon + 1, text.len);
	return true;
}
