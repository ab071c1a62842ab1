/* SPDX-License-Identifier: MIT */
/* test_plan - the targets and rules of one run. */
#include "core/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void
add_target(struct kp_plan *plan, const char *name, const char *path)
{
	struct kp_target *target = kp_plan_add_target(plan);

	assert_non_null(target);
	target->name = name == NULL ? NULL : strdup(name);
	target->path = path == NULL ? NULL : strdup(path);
}

static void
test_a_new_rule_is_empty(void **state)
{
	struct kp_plan plan = { 0 };

	(void)state;
	assert_null(kp_plan_add_target(&plan)->path);
	assert_null(kp_plan_add_set(&plan)->file);
	assert_null(kp_plan_add_export(&plan)->value);
	assert_int_equal(kp_plan_add_match(&plan)->count, 1);
	kp_plan_free(&plan);
}

static void
test_many_rules_are_kept(void **state)
{
	struct kp_plan plan = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		assert_non_null(kp_plan_add_set(&plan));
	assert_int_equal(plan.nsets, 1000);
	kp_plan_free(&plan);
}

static void
test_a_source_stays_where_it_is(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_buf text = { 0 };
	const struct kp_source *first;
	size_t i;

	(void)state;
	kp_buf_add_text(&text, "abc");
	first = kp_plan_add_source(&plan, "a.conf", &text, KP_NPOS);
	assert_null(text.data);
	for (i = 0; i < 100; i++)
		assert_non_null(
		    kp_plan_add_source(&plan, "b.conf", &text, KP_NPOS));
	assert_string_equal(first->name, "a.conf");
	assert_true(kp_str_is(first->text, "abc"));
	kp_plan_free(&plan);
}

static void
test_a_target_is_found_by_name_and_by_path(void **state)
{
	struct kp_plan plan = { 0 };

	(void)state;
	add_target(&plan, NULL, NULL);
	add_target(&plan, NULL, "/etc/a");
	add_target(&plan, "Grafana", "/etc/b");
	add_target(&plan, "/etc/a", "/etc/c");
	assert_ptr_equal(kp_plan_target(&plan, "grafana"), &plan.targets[2]);
	assert_ptr_equal(kp_plan_target(&plan, "/etc/b"), &plan.targets[2]);
	/* A section's name counts first. */
	assert_ptr_equal(kp_plan_target(&plan, "/etc/a"), &plan.targets[3]);
	/* Of paths the case counts. */
	assert_null(kp_plan_target(&plan, "/ETC/B"));
	kp_plan_free(&plan);
}

static void
test_every_rule_of_no_target_is_reported(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_diags diags = { 0 };
	struct kp_buf text = { 0 };
	const struct kp_source *src;
	struct kp_set_rule *set;
	struct kp_match_rule *match;

	(void)state;
	kp_buf_add_text(&text, "[set a]\n[match b]\n");
	src = kp_plan_add_source(&plan, "a.conf", &text, KP_NPOS);
	add_target(&plan, "grafana", "/etc/a");
	set = kp_plan_add_set(&plan);
	set->file = strdup("grafna");
	set->written = (struct kp_written){ src, 1, 5 };
	match = kp_plan_add_match(&plan);
	match->file = strdup("other");
	match->written = (struct kp_written){ src, 9, 7 };
	assert_false(kp_plan_check(&plan, &diags));
	assert_int_equal(diags.errors, 2);
	assert_string_equal(diags.list[0].text, "no file is called \"grafna\"");
	assert_string_equal(diags.list[0].hint, "did you mean \"grafana\"?");
	assert_int_equal(diags.list[0].place.line, 1);
	assert_int_equal(diags.list[1].place.line, 2);
	assert_string_equal(diags.list[1].hint,
	    "add a section [file other] with its path, or write its absolute "
	    "path here");
	kp_diags_free(&diags);
	kp_plan_free(&plan);
}

/* What it lacks was reported when its section was read. */
static void
test_a_rule_without_a_file_is_not_reported_again(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	assert_non_null(kp_plan_add_set(&plan));
	assert_non_null(kp_plan_add_match(&plan));
	assert_false(kp_plan_check(&plan, &diags));
	assert_int_equal(diags.count, 0);
	kp_plan_free(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_new_rule_is_empty),
		cmocka_unit_test(test_many_rules_are_kept),
		cmocka_unit_test(test_a_source_stays_where_it_is),
		cmocka_unit_test(test_a_target_is_found_by_name_and_by_path),
		cmocka_unit_test(test_every_rule_of_no_target_is_reported),
		cmocka_unit_test(
		    test_a_rule_without_a_file_is_not_reported_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
