/* SPDX-License-Identifier: MIT */
/* test_duration - which texts are spans of time, and how long they are. */
#include "base/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *text;
	long ms;
} durations[] = {
	{ "0", 0 },
	{ "2", 2000 },
	{ "5s", 5000 },
	{ "500ms", 500 },
	{ "1m", 60000 },
	{ "1h", 3600000 },
	{ "007s", 7000 },
	{ "inf", KP_DURATION_INF },
	{ "2147483647ms", 2147483647 },
	{ "2147483s", 2147483000 },
	{ "596h", 2145600000 },
};

static const char *const refused[] = {
	"",
	"s",
	"ms",
	"-1",
	"+1",
	" 1",
	"1 s",
	"1.5s",
	"1d",
	"5S",
	"INF",
	"infs",
	"1ss",
	"0x10",
	"1e3",
	"2147483648ms",
	"2147484s",
	"597h",
	"99999999999999999999",
};

static void
spans_of_time_are_read(void **state)
{
	size_t i;
	long ms;

	(void)state;
	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		assert_true(
		    kp_duration_parse(kp_str_of(durations[i].text), &ms));
		assert_int_equal(ms, durations[i].ms);
	}
}

static void
everything_else_is_refused_and_leaves_the_result_alone(void **state)
{
	size_t i;
	long ms = 42;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_false(kp_duration_parse(kp_str_of(refused[i]), &ms));
		assert_int_equal(ms, 42);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_of_time_are_read),
		cmocka_unit_test(
		    everything_else_is_refused_and_leaves_the_result_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
