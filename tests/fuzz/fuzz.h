/* SPDX-License-Identifier: MIT */
/* fuzz - what the fuzz targets share: properties, and inputs of many parts. */
#ifndef KP_TESTS_FUZZ_H
#define KP_TESTS_FUZZ_H

#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property; one that does not hold ends the program. */
static inline void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static inline bool
says(const struct kp_diags *diags, const char *text)
{
	size_t i;

	for (i = 0; i < diags->count; i++) {
		if (strstr(diags->list[i].text, text) != NULL)
			return true;
	}
	return false;
}

/* The parts of an input have the byte RS between them. */
#define PARTS_SEPARATOR '\x1e'
#define PARTS_MAX 4

struct parts {
	struct kp_str list[PARTS_MAX]; /* borrowed from blocks */
	char *blocks[PARTS_MAX]; /* owned: one each, so that a step beyond its
	                            end is seen */
};

/*
 * Cut bytes into count parts, of which the last has all that is left; those
 * that are missing are empty.
 */
static inline void
parts_cut(struct parts *parts, struct kp_str bytes, size_t count)
{
	size_t i;

	*parts = (struct parts){ 0 };
	for (i = 0; i < count; i++) {
		size_t end = kp_str_find(bytes, PARTS_SEPARATOR);

		if (end == KP_NPOS || i + 1 == count)
			end = bytes.len;
		parts->blocks[i] = malloc(end > 0 ? end : 1);
		require(parts->blocks[i] != NULL, "there is memory");
		if (end > 0)
			memcpy(parts->blocks[i], bytes.ptr, end);
		parts->list[i] = kp_str_make(parts->blocks[i], end);
		bytes = kp_str_slice(bytes, end < bytes.len ? end + 1 : end,
		    bytes.len);
	}
}

static inline void
parts_free(struct parts *parts)
{
	size_t i;

	for (i = 0; i < PARTS_MAX; i++)
		free(parts->blocks[i]);
}

/* A part as a C string, up to its first NUL; the caller frees it. */
static inline char *
part_text(struct kp_str part)
{
	char *text = strndup(part.ptr, part.len);

	require(text != NULL, "there is memory");
	return text;
}

#endif
