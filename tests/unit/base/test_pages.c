/* SPDX-License-Identifier: MIT */
/* test_pages - large blocks of memory. */
#include "base/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((size_t)1024 * 1024)
#define PAGE ((size_t)4096)

/* How many of the bytes are this one. */
static size_t
count(const char *bytes, size_t len, char byte)
{
	size_t found = 0, i;

	for (i = 0; i < len; i++)
		found += bytes[i] == byte;
	return found;
}

static void
test_what_is_wiped_is_zero_and_no_more(void **state)
{
	static const size_t sizes[] = { 0, 1, PAGE, MIB, 4 * MIB - 1, 4 * MIB,
		4 * MIB + 1, 6 * MIB + PAGE - 1 };
	static const size_t starts[] = { 0, 1, 16, PAGE - 1, PAGE };
	const size_t room = 7 * MIB;
	char *block = malloc(room);
	size_t i, j;

	(void)state;
	assert_non_null(block);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (j = 0; j < sizeof(starts) / sizeof(starts[0]); j++) {
			size_t start = starts[j], len = sizes[i];

			memset(block, 'x', room);
			errno = EDOM;
			kp_pages_wipe(block + start, len);
			assert_int_equal(errno, EDOM);
			assert_int_equal(count(block + start, len, '\0'), len);
			assert_int_equal(count(block, room, 'x'), room - len);
		}
	}
	free(block);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_wiped_is_zero_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
