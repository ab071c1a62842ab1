/* SPDX-License-Identifier: MIT */
/* test_diag - problems, collected so that one run reports all of them. */
#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10

static const struct {
	const char *name;
	struct kp_str text;
	size_t offset, len;
	bool guarded;
	size_t guarded_from;
	unsigned line, column;
	const char *shown;
	unsigned caret, width;
} excerpts[] = {
	{ "the line and the marked part", KP_STR("a\nbc = d\n"), 2, 2, false, 0,
	    2, 1, "bc = d", 0, 2 },
	{ "columns are characters", KP_STR("\xc3\xa4\xc3\xb6 z"), 5, 1, false,
	    0, 1, 4, "\xc3\xa4\xc3\xb6 z", 3, 1 },
	{ "control bytes are dots, a tab is a blank",
	    KP_STR("a\x1b[1mb\tc\0d\x7f"), 6, 1, false, 0, 1, 7, "a.[1mb c.d.",
	    6, 1 },
	{ "a part of no bytes is marked by one column", KP_STR("ab"), 2, 0,
	    false, 0, 1, 3, "ab", 2, 1 },
	{ "what is marked ends with its line", KP_STR("ab\ncd"), 1, 4, false, 0,
	    1, 2, "ab", 1, 1 },
	{ "of a long line the part around it", KP_STR(X50 X10 "!" X50 X50), 60,
	    1, false, 0, 1, 61,
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	    48, 1 },
	{ "of a guarded text the key is shown", KP_STR("key = hunter2 # c\n"),
	    0, 3, true, 0, 1, 1, "key = ******* * *", 0, 3 },
	{ "and placeholders are", KP_STR("key: \"hunt${secret:X}er2\"\n"), 0, 3,
	    true, 0, 1, 1, "key: \"****${secret:X}***\"", 0, 3 },
	{ "without a key nothing is", KP_STR("hunter2 {\n"), 0, 1, true, 0, 1,
	    1, "******* {", 0, 1 },
	{ "a character that is hidden is one star", KP_STR("k=\xc3\xa4!"), 0, 1,
	    true, 0, 1, 1, "k=**", 0, 1 },
	{ "what may be a value begins where the source says it",
	    KP_STR("f:a=hunter2 ${X}"), 2, 1, true, 4, 1, 3, "f:a=******* ${X}",
	    2, 1 },
	{ "and goes on in the next line", KP_STR("f:a=${X\nb:c"), 9, 1, true, 4,
	    2, 2, "***", 1, 1 },
	{ "an open placeholder hides", KP_STR("k=${hunter2"), 0, 1, true, 0, 1,
	    1, "k=*{*******", 0, 1 },
};

static void
test_a_line_is_shown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(excerpts) / sizeof(excerpts[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = excerpts[i].text,
			.guarded = excerpts[i].guarded,
			.guarded_from = excerpts[i].guarded_from };
		struct kp_diags diags = { 0 };
		const struct kp_diag *diag;

		assert_false(kp_diag_at(&diags, &src, excerpts[i].offset,
		    excerpts[i].len, "n %d", 5));
		diag = &diags.list[0];
		assert_string_equal(diag->text, "n 5");
		assert_string_equal(diag->path, "t");
		if (strcmp(diag->line, excerpts[i].shown) != 0)
			fail_msg("%s: \"%s\"", excerpts[i].name, diag->line);
		if (diag->place.line != excerpts[i].line ||
		    diag->place.column != excerpts[i].column ||
		    diag->caret != excerpts[i].caret ||
		    diag->width != excerpts[i].width)
			fail_msg("%s: %u:%u, caret %u, width %u",
			    excerpts[i].name, diag->place.line,
			    diag->place.column, diag->caret, diag->width);
		kp_diags_free(&diags);
	}
}

static void
test_kinds_of_problems(void **state)
{
	struct kp_diags diags = { 0 };

	(void)state;
	assert_false(kp_diag_warn(&diags, "w", "a"));
	assert_false(kp_diag_note(&diags, "n", "b"));
	assert_int_equal(diags.errors, 0);
	assert_false(kp_diag_file(&diags, NULL, "c"));
	assert_false(kp_diag_usage(&diags, "d"));
	errno = ENOSPC;
	assert_false(kp_diag_sys(&diags, "s", "e"));
	assert_int_equal(diags.errors, 3);
	assert_int_equal(diags.list[0].severity, KP_WARNING);
	assert_int_equal(diags.list[1].severity, KP_NOTE);
	assert_string_equal(diags.list[2].path, "");
	assert_int_equal(diags.list[2].place.line, 0);
	assert_int_equal(diags.list[3].fault, KP_FAULT_USAGE);
	assert_int_equal(diags.list[4].fault, KP_FAULT_SYSTEM);
	assert_int_equal(diags.list[4].sys_errno, ENOSPC);
	kp_diags_free(&diags);
}

static void
test_a_long_path_keeps_its_tail(void **state)
{
	struct kp_diags diags = { 0 };

	(void)state;
	kp_diag_file(&diags, X50 X50 X50 X50 X50 "/etc/tail.conf", "a");
	assert_int_equal(strlen(diags.list[0].path), 255);
	assert_memory_equal(diags.list[0].path, "...x", 4);
	assert_string_equal(diags.list[0].path + 255 - 14, "/etc/tail.conf");
	kp_diags_free(&diags);
}

static void
test_what_is_too_long_is_cut(void **state)
{
	struct kp_diags diags = { 0 };

	(void)state;
	kp_diag_file(&diags, "a", "%s", X50 X50 X50 X50 X50 X50 X50 X50);
	assert_int_equal(strlen(diags.list[0].text),
	    sizeof(diags.list[0].text) - 1);
	kp_diags_free(&diags);
}

static void
test_more_than_are_kept_are_counted(void **state)
{
	struct kp_diags diags = { 0 };
	unsigned i;

	(void)state;
	assert_false(kp_diag_hint(&diags, "of nothing"));
	for (i = 0; i < KP_DIAGS_MAX + 5; i++) {
		kp_diag_file(&diags, "a", "%u", i);
		kp_diag_hint(&diags, "hint %u", i);
	}
	assert_int_equal(diags.count, KP_DIAGS_MAX);
	assert_int_equal(diags.dropped, 5);
	assert_int_equal(diags.errors, KP_DIAGS_MAX + 5);
	/* A hint about one that was dropped is not given to another. */
	assert_string_equal(diags.list[KP_DIAGS_MAX - 1].hint, "hint 999");
	kp_diags_free(&diags);
}

static void
test_what_came_later_is_forgotten(void **state)
{
	struct kp_diags diags = { 0 };
	struct kp_diags_mark mark;
	size_t i;

	(void)state;
	kp_diag_file(&diags, "f", "first");
	kp_diag_warn(&diags, "f", "second");
	mark = kp_diags_mark(&diags);
	for (i = 0; i < KP_DIAGS_MAX; i++)
		kp_diag_file(&diags, "f", "later");
	kp_diags_cut(&diags, mark);
	assert_int_equal(diags.count, 2);
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.dropped, 0);
	kp_diag_file(&diags, "f", "third");
	assert_string_equal(diags.list[2].text, "third");
	kp_diags_free(&diags);
}

/* Also behind a full list, which has room for none of them. */
static void
test_errors_alone_are_forgotten(void **state)
{
	struct kp_diags diags = { 0 };
	size_t errors, i;

	(void)state;
	for (i = 0; i < KP_DIAGS_MAX; i++) {
		struct kp_diags_mark mark;

		kp_diag_warn(&diags, "f", "before");
		errors = i / 400;
		mark = kp_diags_mark(&diags);
		kp_diag_file(&diags, "f", "error");
		kp_diag_warn(&diags, "f", "warning %zu", i);
		kp_diag_file(&diags, "f", "error");
		kp_diags_cut_errors(&diags, mark);
		assert_int_equal(diags.errors, errors);
		assert_int_equal(diags.count + diags.dropped,
		    2 * (i + 1) + errors);
		if (i % 400 == 399)
			kp_diag_file(&diags, "f", "that stays");
	}
	assert_string_equal(diags.list[1].text, "warning 0");
	kp_diags_free(&diags);
}

static void
test_problems_of_no_file_keep_their_order(void **state)
{
	struct kp_diags diags = { 0 };
	struct kp_diags_mark mark = kp_diags_mark(&diags);

	(void)state;
	kp_diag_file(&diags, NULL, "taken back");
	kp_diag_warn(&diags, NULL, "first");
	kp_diags_cut_errors(&diags, mark);
	kp_diag_warn(&diags, NULL, "second");
	assert_true(diags.list[0].number < diags.list[1].number);
	kp_diags_sort(&diags);
	assert_string_equal(diags.list[0].text, "first");
	kp_diags_free(&diags);
}

static void
test_what_may_be_a_secret_is_concealed(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("a ${hunter2}\n") };
	struct kp_diags diags = { 0 };

	(void)state;
	kp_diag_at(&diags, &src, 2, 2, "x");
	kp_diag_conceal(&diags, 3);
	assert_string_equal(diags.list[0].line, "a ${h...");
	assert_int_equal(diags.list[0].width, 3);
	kp_diags_free(&diags);
}

static void
test_problems_are_sorted_by_place(void **state)
{
	static const char *const expect[] = { "1", "2", "3", "4", "z", "5" };
	const struct kp_source a = { .name = "a", .text = KP_STR("x\nyy") };
	const struct kp_source b = { .name = "b", .text = KP_STR("x") };
	struct kp_diags diags = { 0 };
	size_t i;

	(void)state;
	kp_diag_file(&diags, NULL, "z");
	kp_diag_file(&diags, NULL, "5");
	kp_diag_at(&diags, &b, 0, 1, "4");
	kp_diag_at(&diags, &a, 3, 1, "3");
	kp_diag_at(&diags, &a, 2, 1, "2");
	kp_diag_file(&diags, "a", "1");
	kp_diags_sort(&diags);
	for (i = 0; i < 6; i++)
		assert_string_equal(diags.list[i].text, expect[i]);
	kp_diags_free(&diags);
}

static void
test_one_place_has_one_message_for_one_problem(void **state)
{
	static const char *const expect[] = { "a", "b", "a", "c", "c" };
	const struct kp_source src = { .name = "a", .text = KP_STR("xy") };
	struct kp_diags diags = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		kp_diag_at(&diags, &src, 0, 1, "a");
		kp_diag_at(&diags, &src, 0, 1, "b");
	}
	kp_diag_at(&diags, &src, 1, 1, "a");
	kp_diag_file(&diags, NULL, "c");
	kp_diag_file(&diags, NULL, "c");
	kp_diags_sort(&diags);
	assert_int_equal(diags.count, 5);
	for (i = 0; i < 5; i++)
		assert_string_equal(diags.list[i].text, expect[i]);
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_is_shown),
		cmocka_unit_test(test_kinds_of_problems),
		cmocka_unit_test(test_a_long_path_keeps_its_tail),
		cmocka_unit_test(test_what_is_too_long_is_cut),
		cmocka_unit_test(test_more_than_are_kept_are_counted),
		cmocka_unit_test(test_what_came_later_is_forgotten),
		cmocka_unit_test(test_errors_alone_are_forgotten),
		cmocka_unit_test(test_problems_of_no_file_keep_their_order),
		cmocka_unit_test(test_what_may_be_a_secret_is_concealed),
		cmocka_unit_test(test_problems_are_sorted_by_place),
		cmocka_unit_test(
		    test_one_place_has_one_message_for_one_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
