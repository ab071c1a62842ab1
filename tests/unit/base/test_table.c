/* SPDX-License-Identifier: MIT */
/* test_table - the numbers of things, found by a hash. */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define MANY 5000

static void
test_an_empty_one_has_nothing(void **state)
{
	struct kp_table table = { 0 };
	struct kp_table_walk walk = kp_table_start(&table, 7);
	uint32_t number;

	(void)state;
	assert_false(kp_table_next(&walk, &number));
	kp_table_free(&table);
}

static void
test_each_number_is_found_by_its_hash(void **state)
{
	struct kp_table table = { 0 };
	uint32_t number;
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++)
		assert_true(
		    kp_table_add(&table, i * UINT64_C(0x9E3779B97F4A7C15), i));
	for (i = 0; i < MANY; i++) {
		struct kp_table_walk walk =
		    kp_table_start(&table, i * UINT64_C(0x9E3779B97F4A7C15));
		bool found = false;

		while (kp_table_next(&walk, &number))
			found = found || number == i;
		assert_true(found);
	}
	kp_table_free(&table);
	assert_int_equal(table.count, 0);
}

/* All in one run of slots, which goes over the end, and grows many times. */
static void
test_numbers_of_one_hash_come_in_their_order(void **state)
{
	struct kp_table table = { 0 };
	struct kp_table_walk walk;
	uint32_t number;
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++)
		assert_true(kp_table_add(&table, 62 + i % 3, i));
	walk = kp_table_start(&table, 63);
	for (i = 1; i < MANY; i += 3) {
		assert_true(kp_table_next(&walk, &number));
		assert_int_equal(number, i);
	}
	assert_false(kp_table_next(&walk, &number));
	kp_table_free(&table);
}

static void
test_a_number_too_large_is_refused(void **state)
{
	struct kp_table table = { 0 };
	struct kp_table_walk walk;
	uint32_t number;

	(void)state;
	assert_false(kp_table_add(&table, 1, UINT32_MAX));
	assert_true(kp_table_add(&table, 1, UINT32_MAX - 1));
	walk = kp_table_start(&table, 1);
	assert_true(kp_table_next(&walk, &number));
	assert_int_equal(number, UINT32_MAX - 1);
	kp_table_free(&table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_one_has_nothing),
		cmocka_unit_test(test_each_number_is_found_by_its_hash),
		cmocka_unit_test(test_numbers_of_one_hash_come_in_their_order),
		cmocka_unit_test(test_a_number_too_large_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
