/* SPDX-License-Identifier: MIT */
/* array - room for one more element, with the overflow checks in one place. */
#include "base/array.h"

#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 4

/* Below that many elements it is the number of steps that counts. */
#define SMALL 64

bool
kp_array_enlarge(void **array, size_t *cap, size_t need, size_t size)
{
	size_t grown = *cap;
	void *bigger;

	if (need > SIZE_MAX / 2 / size)
		return false;
	/* What is asked for first is most often all that is needed. */
	if (grown == 0)
		grown = need < FIRST_CAPACITY ? FIRST_CAPACITY : need;
	while (grown < need)
		grown += grown < SMALL ? grown : grown / 2;
	bigger = reallocarray(*array, grown, size);
	if (bigger == NULL)
		return false;
	if (*array == NULL)
		kp_pages_advise(bigger, grown * size);
	*array = bigger;
	*cap = grown;
	return true;
}

bool
kp_array_grow(void **array, size_t *cap, size_t need, size_t size)
{
	size_t before = *cap;

	if (!kp_array_room(array, cap, need, size))
		return false;
	if (*cap > before)
		memset((char *)*array + before * size, 0,
		    (*cap - before) * size);
	return true;
}

void
kp_array_expect(void **array, size_t *cap, size_t need, size_t size)
{
	bool found = kp_array_room(array, cap, need, size);

	(void)found;
}
