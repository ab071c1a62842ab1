/* SPDX-License-Identifier: MIT */
/* near - which known name a mistyped one was meant to be. */
#include "base/near.h"

#include <stddef.h>

/* A longer word is no slip of the finger. */
#define WORD_MAX 63

static size_t
min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
same(char a, char b)
{
	return kp_to_lower(a) == kp_to_lower(b);
}

static bool
swapped(struct kp_str a, struct kp_str b, size_t i, size_t j)
{
	return i > 1 && j > 1 && same(a.ptr[i - 1], b.ptr[j - 2]) &&
	    same(a.ptr[i - 2], b.ptr[j - 1]);
}

/*
 * Optimal string alignment: rows of the matrix of distances between the
 * first i letters of a and the first j of b; three rows are enough, since a
 * swap looks two back.
 */
static size_t
distance(struct kp_str a, struct kp_str b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t i, j;

	for (j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];

		row[0] = i;
		for (j = 1; j <= b.len; j++) {
			size_t differs =
			    same(a.ptr[i - 1], b.ptr[j - 1]) ? 0 : 1;

			row[j] = min(above[j - 1] + differs,
			    min(above[j], row[j - 1]) + 1);
			if (swapped(a, b, i, j))
				row[j] =
				    min(row[j], rows[(i + 1) % 3][j - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

static bool
begins(struct kp_str name, struct kp_str word)
{
	return word.len >= 3 && word.len < name.len &&
	    kp_str_eq_nocase(kp_str_slice(name, 0, word.len), word);
}

const char *
kp_near_best(struct kp_str word, const char *const *names)
{
	const char *best = NULL;
	size_t nearest = word.len / 3 > 1 ? word.len / 3 : 1;

	/* Of a single letter, one slip leaves nothing to go by. */
	if (word.len < 2 || word.len > WORD_MAX)
		return NULL;
	for (; *names != NULL; names++) {
		struct kp_str name = kp_str_of(*names);
		size_t far;

		if (name.len > WORD_MAX)
			continue;
		far = begins(name, word) ? 1 : distance(word, name);
		if (far > nearest || (best != NULL && far == nearest))
			continue;
		best = *names;
		nearest = far;
	}
	return best;
}
