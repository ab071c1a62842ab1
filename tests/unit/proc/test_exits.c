/* SPDX-License-Identifier: MIT */
/* test_exits - exit statuses, mapped. */
#include "proc/exits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
a_status_is_itself_unless_mapped(void **state)
{
	struct kp_diags diags = { 0 };
	struct kp_exits exits;
	int status;

	(void)state;
	kp_exits_init(&exits);
	for (status = 0; status < 256; status++)
		assert_int_equal(exits.given_as[status], status);
	assert_true(kp_exits_add_zero(&exits, "143", &diags));
	assert_true(kp_exits_add_zero(&exits, "255", &diags));
	assert_true(kp_exits_add_map(&exits, "3:4", &diags));
	assert_true(kp_exits_add_map(&exits, "4:5", &diags));
	assert_true(kp_exits_add_map(&exits, "0:1", &diags));
	assert_int_equal(exits.given_as[143], 0);
	assert_int_equal(exits.given_as[255], 0);
	assert_int_equal(exits.given_as[3], 4);
	assert_int_equal(exits.given_as[4], 5);
	assert_int_equal(exits.given_as[0], 1);
}

static void
what_is_no_status_is_a_usage_error(void **state)
{
	static const char *const zeros[] = { "", "256", "-1", "x", "1:2",
		"1 " };
	static const char *const maps[] = { "", "1", "1:", ":1", "1:256",
		"256:1", "1:2:3", "a:b" };
	struct kp_diags diags = { 0 };
	struct kp_exits exits;
	size_t i;

	(void)state;
	kp_exits_init(&exits);
	for (i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
		assert_false(kp_exits_add_zero(&exits, zeros[i], &diags));
	for (i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		assert_false(kp_exits_add_map(&exits, maps[i], &diags));
	for (i = 0; i < diags.count; i++)
		assert_int_equal(diags.list[i].fault, KP_FAULT_USAGE);
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_is_itself_unless_mapped),
		cmocka_unit_test(what_is_no_status_is_a_usage_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
