/* SPDX-License-Identifier: MIT */
/* test_childenv - what COMMAND finds in its environment. */
#include "proc/childenv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const found[] = {
	"PATH=/bin",
	"AWS_KEY=k",
	"AWS_REGION=r",
	"KEYPLATE_SECRETS=/x",
	"KEYPLATE=name",
	"EMPTY=",
	"no equals sign",
	"PATH=/usr/bin",
	"=odd",
	NULL,
};

static struct kp_list none;

static bool
build(struct kp_childenv *env, const struct kp_childenv_rules *rules)
{
	struct kp_diags diags = { 0 };

	*env = (struct kp_childenv){ 0 };
	return kp_childenv_build(env, (char *const *)found, rules, &diags);
}

static void
holds(const struct kp_childenv *env, const char *const *want)
{
	size_t i;

	for (i = 0; want[i] != NULL; i++) {
		assert_non_null(env->vars[i]);
		assert_string_equal(env->vars[i], want[i]);
	}
	assert_null(env->vars[i]);
	assert_int_equal(env->count, i);
}

static void
all_but_our_own_is_passed_on_as_it_is(void **state)
{
	static const char *const want[] = { "PATH=/bin", "AWS_KEY=k",
		"AWS_REGION=r", "KEYPLATE=name", "EMPTY=", "no equals sign",
		"PATH=/usr/bin", "=odd", NULL };
	struct kp_childenv_rules rules = { .keep = &none, .drop = &none };
	struct kp_childenv env;

	(void)state;
	assert_true(build(&env, &rules));
	holds(&env, want);
	kp_childenv_wipe(&env);
}

static void
patterns_keep_and_drop(void **state)
{
	static const char *const kept[] = { "AWS_REGION=r", NULL };
	static const char *const nothing[] = { NULL };
	struct kp_list keep = { 0 }, drop = { 0 };
	struct kp_childenv_rules rules = { .keep = &keep, .drop = &drop };
	struct kp_childenv env;

	(void)state;
	assert_true(kp_list_add(&keep, "AWS_*"));
	assert_true(kp_list_add(&keep, "KEYPLATE_*"));
	assert_true(kp_list_add(&drop, "*_KEY"));
	assert_true(build(&env, &rules));
	holds(&env, kept);
	kp_childenv_wipe(&env);
	rules = (struct kp_childenv_rules){ .pristine = true,
		.keep = &none,
		.drop = &none };
	assert_true(build(&env, &rules));
	holds(&env, nothing);
	kp_childenv_wipe(&env);
	kp_list_free(&keep);
	kp_list_free(&drop);
}

static void
setting_a_variable_replaces_every_one_of_its_name(void **state)
{
	struct kp_childenv_rules rules = { .keep = &none, .drop = &none };
	struct kp_diags diags = { 0 };
	struct kp_childenv env;

	(void)state;
	assert_true(build(&env, &rules));
	assert_true(kp_childenv_set(&env, "PATH", kp_str_of("/opt"), &diags));
	assert_true(kp_childenv_close(&env, &diags));
	assert_string_equal(kp_childenv_get(env.vars, "PATH"), "/opt");
	assert_string_equal(kp_childenv_get(env.vars, "EMPTY"), "");
	assert_null(kp_childenv_get(env.vars, "AWS"));
	assert_null(kp_childenv_get(env.vars, "no equals sign"));
	kp_childenv_unset(&env, "PATH");
	assert_true(kp_childenv_close(&env, &diags));
	assert_null(kp_childenv_get(env.vars, "PATH"));
	assert_int_equal(env.count, 6);
	kp_childenv_wipe(&env);
}

/* Among gaps, after them, and when they are closed. */
static void
each_of_many_is_found_by_its_name(void **state)
{
	struct kp_diags diags = { 0 };
	struct kp_childenv env = { 0 };
	char name[16], value[16];
	unsigned round, i;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 1000; i++) {
			snprintf(name, sizeof(name), "N%u", i);
			snprintf(value, sizeof(value), "%u", round + i);
			assert_true(kp_childenv_set(&env, name,
			    kp_str_of(value), &diags));
		}
		for (i = 0; i < 1000; i += 3) {
			snprintf(name, sizeof(name), "N%u", i);
			kp_childenv_unset(&env, name);
		}
		kp_childenv_unset(&env, "N");
		if (round == 1)
			assert_true(kp_childenv_close(&env, &diags));
	}
	assert_true(kp_childenv_close(&env, &diags));
	assert_int_equal(env.count, 666);
	assert_null(env.vars[666]);
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "N%u", i);
		snprintf(value, sizeof(value), "%u", 2 + i);
		if (i % 3 == 0)
			assert_null(kp_childenv_get(env.vars, name));
		else
			assert_string_equal(kp_childenv_get(env.vars, name),
			    value);
	}
	kp_childenv_wipe(&env);
}

static void
a_value_is_as_long_as_the_kernel_takes_and_no_longer(void **state)
{
	struct kp_childenv env = { 0 };
	struct kp_diags diags = { 0 };
	char *value = malloc(KP_CHILDENV_MAX);

	(void)state;
	memset(value, 'k', KP_CHILDENV_MAX);
	assert_true(kp_childenv_set(&env, "V",
	    kp_str_make(value, KP_CHILDENV_MAX - 2), &diags));
	assert_false(kp_childenv_set(&env, "V",
	    kp_str_make(value, KP_CHILDENV_MAX - 1), &diags));
	assert_false(
	    kp_childenv_set(&env, "N", kp_str_make("a\0b", 3), &diags));
	assert_int_equal(diags.count, 2);
	assert_non_null(strstr(diags.list[0].text, "\"V\""));
	assert_null(strstr(diags.list[0].text, "kk"));
	assert_non_null(strstr(diags.list[1].text, "\"N\""));
	kp_diags_free(&diags);
	kp_childenv_wipe(&env);
	free(value);
}

static void
strings_are_overwritten_where_they_are(void **state)
{
	char first[] = "A=secret", second[] = "";
	char *vector[] = { first, second, NULL };
	static const char zeros[sizeof(first)];

	(void)state;
	kp_childenv_scrub(vector);
	assert_memory_equal(first, zeros, sizeof(first));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_but_our_own_is_passed_on_as_it_is),
		cmocka_unit_test(patterns_keep_and_drop),
		cmocka_unit_test(
		    setting_a_variable_replaces_every_one_of_its_name),
		cmocka_unit_test(each_of_many_is_found_by_its_name),
		cmocka_unit_test(
		    a_value_is_as_long_as_the_kernel_takes_and_no_longer),
		cmocka_unit_test(strings_are_overwritten_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
