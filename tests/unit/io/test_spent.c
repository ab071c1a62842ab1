/* SPDX-License-Identifier: MIT */
/* test_spent - descriptors that have served, closed many at a time. */
#include "io/spent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#define MANY (3 * KP_SPENT_MAX)

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

static void
open_many(int fds[MANY])
{
	size_t i;

	for (i = 0; i < MANY; i++) {
		fds[i] = open("/", O_PATH | O_CLOEXEC);
		assert_true(fds[i] != -1);
	}
}

static void
test_what_was_spent_is_closed_and_nothing_else(void **state)
{
	struct kp_spent spent = { 0 };
	int fds[MANY];
	size_t i;

	(void)state;
	open_many(fds);
	for (i = 0; i < MANY; i++) {
		if (i % 7 != 0)
			kp_spent_add(&spent, fds[i]);
	}
	kp_spent_close(&spent);
	for (i = 0; i < MANY; i++)
		assert_int_equal(is_open(fds[i]), i % 7 == 0);
	for (i = 0; i < MANY; i += 7)
		close(fds[i]);
}

static void
test_the_order_does_not_matter(void **state)
{
	struct kp_spent spent = { 0 };
	int fds[MANY];
	size_t i;

	(void)state;
	open_many(fds);
	for (i = MANY; i > 0; i--)
		kp_spent_add(&spent, fds[i - 1]);
	kp_spent_close(&spent);
	for (i = 0; i < MANY; i++)
		assert_false(is_open(fds[i]));
}

static void
test_no_descriptor_is_none_to_close(void **state)
{
	struct kp_spent spent = { 0 };

	(void)state;
	kp_spent_add(&spent, -1);
	assert_int_equal(spent.count, 0);
	kp_spent_close(&spent);
	assert_true(is_open(STDIN_FILENO));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_what_was_spent_is_closed_and_nothing_else),
		cmocka_unit_test(test_the_order_does_not_matter),
		cmocka_unit_test(test_no_descriptor_is_none_to_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
