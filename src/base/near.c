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

/* The nearest name so far. */
struct candidate {
	const char *name; /* NULL: none is near enough */
	size_t far;       /* how far away it is, or what is too far */
};

static void
consider(struct candidate *best, struct kp_str word, const char *text)
{
	struct kp_str name = kp_str_of(text);
	size_t slash = kp_str_rfind_str(name, kp_str_of("/")), far;

	/* Of a single letter, one slip leaves nothing to go by. */
	if (word.len < 2 || word.len > WORD_MAX || name.len > WORD_MAX)
		return;
	far = begins(name, word) ? 1 : distance(word, name);
	if (slash != KP_NPOS &&
	    kp_str_eq_nocase(kp_str_slice(name, slash + 1, name.len), word))
		far = 0;
	if (far < best->far || (best->name == NULL && far == best->far))
		*best = (struct candidate){ text, far };
}

static struct candidate
nobody(struct kp_str word)
{
	return (struct candidate){ NULL, word.len / 3 > 1 ? word.len / 3 : 1 };
}

const char *
kp_near_best(struct kp_str word, const char *const *names)
{
	struct candidate best = nobody(word);

	for (; *names != NULL; names++)
		consider(&best, word, *names);
	return best.name;
}

const char *
kp_near_listed(struct kp_str word, const struct kp_list *names)
{
	struct candidate best = nobody(word);
	size_t i;

	for (i = 0; i < names->count; i++)
		consider(&best, word, names->items[i]);
	return best.name;
}
