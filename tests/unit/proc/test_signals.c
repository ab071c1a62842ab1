/* SPDX-License-Identifier: MIT */
/* test_signals - names, rules, and what each signal means. */
#include "proc/signals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *text;
	int number;
} names[] = {
	{ "TERM", 15 },
	{ "SIGTERM", 15 },
	{ "sigterm", 15 },
	{ "term", 15 },
	{ "15", 15 },
	{ "1", 1 },
	{ "64", 64 },
	{ "HUP", 1 },
	{ "WINCH", 28 },
	{ "POLL", 29 },
	{ "IO", 29 },
	{ "IOT", 6 },
	{ "CLD", 17 },
	{ "RTMIN", 34 },
	{ "SIGRTMIN+3", 37 },
	{ "RTMIN+30", 64 },
	{ "rtmax", 64 },
	{ "RTMAX-1", 63 },
	{ "RTMAX-30", 34 },
};

static const char *const not_names[] = {
	"",
	"0",
	"65",
	"-1",
	"SIG",
	"SIGSIGTERM",
	"TERMX",
	"TER",
	" TERM",
	"RTMIN+",
	"RTMIN-1",
	"RTMIN+31",
	"RTMAX+1",
	"RTMAX-31",
	"POLLX",
	"99999999999999999999",
};

static void
signals_have_names_and_numbers(void **state)
{
	int number = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(
		    kp_signals_parse(kp_str_of(names[i].text), &number));
		assert_int_equal(number, names[i].number);
	}
	for (i = 0; i < sizeof(not_names) / sizeof(not_names[0]); i++)
		assert_false(
		    kp_signals_parse(kp_str_of(not_names[i]), &number));
}

static void
every_name_that_is_written_is_read_as_its_number(void **state)
{
	char name[KP_SIGNAL_NAME];
	int number, back;

	(void)state;
	for (number = 1; number <= KP_SIGNAL_MAX; number++) {
		kp_signals_name(number, name);
		assert_true(kp_signals_parse(kp_str_of(name), &back));
		assert_int_equal(back, number);
	}
	kp_signals_name(15, name);
	assert_string_equal(name, "TERM");
	kp_signals_name(37, name);
	assert_string_equal(name, "RTMIN+3");
	kp_signals_name(33, name);
	assert_string_equal(name, "33");
}

static int
sent_as(const struct kp_signal_rules *rules, int number)
{
	struct kp_signal_state state = { 0 };

	return kp_signals_react(rules, number, state).send;
}

static void
without_rules_all_but_the_end_of_children_is_passed_on(void **state)
{
	struct kp_signal_rules rules;
	int number;

	(void)state;
	kp_signals_rules_init(&rules);
	for (number = 1; number <= KP_SIGNAL_MAX; number++)
		assert_int_equal(sent_as(&rules, number),
		    number == 17 ? 0 : number);
}

static void
rewriting_is_applied_once_and_the_last_rule_wins(void **state)
{
	struct kp_signal_rules rules;
	struct kp_diags diags = { 0 };

	(void)state;
	kp_signals_rules_init(&rules);
	assert_true(kp_signals_add_rewrite(&rules, "TERM:INT", &diags));
	assert_true(kp_signals_add_rewrite(&rules, "INT:TERM", &diags));
	assert_true(kp_signals_add_rewrite(&rules, "HUP:USR1", &diags));
	assert_true(kp_signals_add_rewrite(&rules, "1:SIGRTMIN+3", &diags));
	assert_true(kp_signals_add_rewrite(&rules, "USR2:0", &diags));
	assert_int_equal(sent_as(&rules, 15), 2);
	assert_int_equal(sent_as(&rules, 2), 15);
	assert_int_equal(sent_as(&rules, 1), 37);
	assert_int_equal(sent_as(&rules, 12), 0);
	assert_int_equal(diags.errors, 0);
}

static void
a_rule_that_makes_no_sense_is_a_usage_error(void **state)
{
	static const char *const rewrites[] = {
		"TERM",
		"",
		":",
		"TERM:",
		":TERM",
		"KILL:TERM",
		"STOP:TERM",
		"CHLD:TERM",
		"0:TERM",
		"TERM:65",
		"TERM:INT:HUP",
	};
	static const char *const delays[] = {
		"TERM",
		"TERM:",
		"TERM:x",
		"TERM:inf",
		"KILL:5s",
		"5s:TERM",
	};
	struct kp_signal_rules rules;
	struct kp_diags diags = { 0 };
	size_t i, count = 0;

	(void)state;
	kp_signals_rules_init(&rules);
	for (i = 0; i < sizeof(rewrites) / sizeof(rewrites[0]); i++, count++)
		assert_false(
		    kp_signals_add_rewrite(&rules, rewrites[i], &diags));
	for (i = 0; i < sizeof(delays) / sizeof(delays[0]); i++, count++)
		assert_false(kp_signals_add_delay(&rules, delays[i], &diags));
	assert_int_equal(diags.errors, count);
	for (i = 0; i < diags.count; i++)
		assert_int_equal(diags.list[i].fault, KP_FAULT_USAGE);
	kp_diags_free(&diags);
}

static void
only_the_first_signal_of_a_number_is_delayed(void **state)
{
	struct kp_signal_state first = { 0 }, second = { .was_held = true };
	struct kp_signal_rules rules;
	struct kp_diags diags = { 0 };

	(void)state;
	kp_signals_rules_init(&rules);
	assert_true(kp_signals_add_delay(&rules, "TERM:5s", &diags));
	assert_int_equal(kp_signals_react(&rules, 15, first).delay_ms, 5000);
	assert_int_equal(kp_signals_react(&rules, 15, second).delay_ms, 0);
	assert_int_equal(kp_signals_react(&rules, 2, first).delay_ms, 0);
}

static void
a_stopped_service_is_continued_to_obey(void **state)
{
	struct kp_signal_state running = { 0 }, stopped = { .stopped = true };
	struct kp_signal_rules rules;

	(void)state;
	kp_signals_rules_init(&rules);
	assert_true(kp_signals_react(&rules, 15, stopped).resume);
	assert_true(kp_signals_react(&rules, 1, stopped).resume);
	assert_false(kp_signals_react(&rules, 10, stopped).resume);
	assert_false(kp_signals_react(&rules, 15, running).resume);
}

static void
the_clock_of_kill_after_runs_from_a_signal_that_asks_to_end(void **state)
{
	struct kp_signal_state none = { 0 };
	struct kp_signal_rules rules;
	struct kp_diags diags = { 0 };

	(void)state;
	kp_signals_rules_init(&rules);
	assert_true(kp_signals_add_rewrite(&rules, "TERM:WINCH", &diags));
	assert_true(kp_signals_add_rewrite(&rules, "HUP:QUIT", &diags));
	assert_true(kp_signals_add_rewrite(&rules, "INT:0", &diags));
	assert_true(kp_signals_react(&rules, 15, none).expires);
	assert_true(kp_signals_react(&rules, 1, none).expires);
	assert_false(kp_signals_react(&rules, 2, none).expires);
	assert_false(kp_signals_react(&rules, 10, none).expires);
}

static void
a_stop_from_the_keys_stops_a_detached_group_too(void **state)
{
	struct kp_signal_state near = { 0 }, detached = { .detached = true };
	struct kp_signal_rules rules;
	int number;

	(void)state;
	kp_signals_rules_init(&rules);
	for (number = 20; number <= 22; number++) {
		assert_true(kp_signals_react(&rules, number, near).pause);
		assert_int_equal(kp_signals_react(&rules, number, near).send,
		    number);
		assert_int_equal(kp_signals_react(&rules, number, detached)
		                     .send,
		    19);
	}
	assert_false(kp_signals_react(&rules, 15, near).pause);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_have_names_and_numbers),
		cmocka_unit_test(
		    every_name_that_is_written_is_read_as_its_number),
		cmocka_unit_test(
		    without_rules_all_but_the_end_of_children_is_passed_on),
		cmocka_unit_test(
		    rewriting_is_applied_once_and_the_last_rule_wins),
		cmocka_unit_test(a_rule_that_makes_no_sense_is_a_usage_error),
		cmocka_unit_test(only_the_first_signal_of_a_number_is_delayed),
		cmocka_unit_test(a_stopped_service_is_continued_to_obey),
		cmocka_unit_test(
		    the_clock_of_kill_after_runs_from_a_signal_that_asks_to_end),
		cmocka_unit_test(
		    a_stop_from_the_keys_stops_a_detached_group_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
