/* SPDX-License-Identifier: MIT */
/* test_random - bytes that nobody can foretell. */
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void
test_two_fills_differ(void **state)
{
	unsigned char one[32] = { 0 }, other[32] = { 0 };

	(void)state;
	assert_true(kp_random_fill(one, sizeof(one)));
	assert_true(kp_random_fill(other, sizeof(other)));
	assert_memory_not_equal(one, other, sizeof(one));
}

/* One fill in 2^64 leaves the last eight bytes as they were. */
static void
test_a_long_fill_reaches_its_end_and_no_further(void **state)
{
	static unsigned char data[100000 + 8];
	static const unsigned char none[8];

	(void)state;
	memset(data, 0, sizeof(data));
	assert_true(kp_random_fill(data, 100000));
	assert_memory_not_equal(data + 100000 - 8, none, 8);
	assert_memory_equal(data + 100000, none, 8);
}

static void
test_no_bytes_are_no_failure(void **state)
{
	unsigned char byte = 'x';

	(void)state;
	assert_true(kp_random_fill(&byte, 0));
	assert_int_equal(byte, 'x');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_fills_differ),
		cmocka_unit_test(
		    test_a_long_fill_reaches_its_end_and_no_further),
		cmocka_unit_test(test_no_bytes_are_no_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
