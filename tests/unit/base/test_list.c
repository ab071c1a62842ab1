/* SPDX-License-Identifier: MIT */
/* test_list - C strings in the order they were given. */
#include "base/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

static void
test_strings_are_copied_in_their_order(void **state)
{
	struct kp_list list = { 0 };
	char text[16];
	unsigned i;

	(void)state;
	assert_false(kp_list_has(&list, ""));
	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "item%u", i);
		assert_true(kp_list_add(&list, text));
	}
	assert_int_equal(list.count, 1000);
	assert_string_equal(list.items[0], "item0");
	assert_string_equal(list.items[999], "item999");
	assert_true(kp_list_has(&list, "item500"));
	assert_false(kp_list_has(&list, "item"));
	assert_false(kp_list_has(&list, "ITEM5"));
	kp_list_free(&list);
	assert_int_equal(list.count, 0);
	kp_list_free(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings_are_copied_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
