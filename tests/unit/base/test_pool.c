/* SPDX-License-Identifier: MIT */
/* test_pool - memory for many small things. */
#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define COUNT 20000

static void
test_what_was_taken_stays_where_it_is(void **state)
{
	static char *taken[COUNT];
	struct kp_pool pool = { 0 };
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		size_t len = i % 37 + 1;

		taken[i] = kp_pool_take(&pool, len, 1);
		assert_non_null(taken[i]);
		memset(taken[i], (int)(i % 251 + 1), len);
	}
	for (i = 0; i < COUNT; i++) {
		for (j = 0; j < i % 37 + 1; j++)
			assert_int_equal((unsigned char)taken[i][j],
			    i % 251 + 1);
	}
	kp_pool_free(&pool);
	assert_null(pool.last);
	kp_pool_wipe(&pool);
}

static void
test_it_is_zero_and_aligned(void **state)
{
	struct kp_pool pool = { 0 };
	size_t i, j;

	(void)state;
	for (i = 0; i < 5000; i++) {
		size_t align = (size_t)1 << i % 5;
		unsigned char *taken = kp_pool_take(&pool, 19, align);

		assert_non_null(taken);
		assert_int_equal((uintptr_t)taken % align, 0);
		for (j = 0; j < 19; j++)
			assert_int_equal(taken[j], 0);
		memset(taken, 0xff, 19);
	}
	kp_pool_wipe(&pool);
	assert_null(pool.last);
}

static void
test_large_and_small_ones_mix(void **state)
{
	static const size_t lens[] = { 1, 100000, 3, 0, 5000000, 64, 70000 };
	struct kp_pool pool = { 0 };
	char *taken[7];
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++) {
		taken[i] = kp_pool_take(&pool, lens[i], 8);
		assert_non_null(taken[i]);
		memset(taken[i], (int)i, lens[i]);
	}
	for (i = 0; i < 7; i++) {
		if (lens[i] == 0)
			continue;
		assert_int_equal(taken[i][0], i);
		assert_int_equal(taken[i][lens[i] - 1], i);
	}
	kp_pool_free(&pool);
}

static void
test_what_no_memory_has_is_refused(void **state)
{
	struct kp_pool pool = { 0 };

	(void)state;
	assert_null(kp_pool_take(&pool, SIZE_MAX, 1));
	assert_null(kp_pool_take(&pool, SIZE_MAX - 64, 16));
	assert_non_null(kp_pool_take(&pool, 10, 1));
	assert_null(kp_pool_take(&pool, SIZE_MAX - 9, 1));
	assert_non_null(kp_pool_take(&pool, 10, 1));
	kp_pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_taken_stays_where_it_is),
		cmocka_unit_test(test_it_is_zero_and_aligned),
		cmocka_unit_test(test_large_and_small_ones_mix),
		cmocka_unit_test(test_what_no_memory_has_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
