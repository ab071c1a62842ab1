/* SPDX-License-Identifier: MIT */
/* test_weave - a template with sentinels where values will stand. */
#include "core/weave.h"

#include "format/format.h"

#include "fake.h"

/* The woven text, "<n>" for the sentinel of use n. */
static struct kp_buf
show(const struct kp_weave *weave)
{
	struct kp_str before;
	struct kp_buf out = { 0 };
	size_t at = 0;
	uint32_t use;

	while (kp_weave_next(weave, weave->woven.text, &at, &before, &use)) {
		kp_buf_add(&out, before);
		kp_buf_add_format(&out, "<%u>", (unsigned)use);
	}
	kp_buf_add(&out, before);
	return out;
}

static void
expect_woven(const char *name, struct kp_weave *weave, const char *want)
{
	struct kp_diags diags = { 0 };
	struct kp_buf got;

	assert_true(kp_weave_build(weave, &diags));
	got = show(weave);
	expect_text(name, kp_buf_view(&got), want);
	kp_buf_wipe(&got);
	kp_diags_free(&diags);
}

static const struct kp_source src = { .name = "t",
	.text = KP_STR("a${X}b${Y}") };

/* "a${X}b${Y}" with uses 0 and 7. */
static void
start(struct kp_weave *weave)
{
	kp_weave_start(weave, &src);
	kp_weave_text(weave, kp_str_slice(src.text, 0, 1), 0);
	kp_weave_use(weave, 0, 1);
	kp_weave_text(weave, kp_str_slice(src.text, 5, 6), 5);
	kp_weave_use(weave, 7, 6);
}

static void
test_sentinels_stand_for_uses(void **state)
{
	struct kp_weave weave = { 0 };

	(void)state;
	start(&weave);
	expect_woven("woven", &weave, "a<0>b<7>");
	assert_int_equal(weave.nsentinels, 2);
	assert_int_equal(weave.sentinels[0].at, 1);
	assert_int_equal(weave.sentinels[0].len, KP_SENTINEL_LEN);
	assert_int_equal(weave.sentinels[1].at, 1 + KP_SENTINEL_LEN + 1);
	assert_int_equal(weave.sentinels[1].use, 7);
	assert_false(weave.sentinels[1].spliced);
	kp_weave_free(&weave);
}

static void
test_places_are_those_of_the_template(void **state)
{
	const struct kp_source *at;
	struct kp_weave weave = { 0 };

	(void)state;
	start(&weave);
	expect_woven("woven", &weave, "a<0>b<7>");
	at = &weave.woven;
	assert_int_equal(kp_source_origin(&at, 0), 0);
	at = &weave.woven;
	assert_int_equal(kp_source_origin(&at, 1), 1);
	at = &weave.woven;
	assert_int_equal(kp_source_origin(&at, 1 + KP_SENTINEL_LEN), 5);
	assert_ptr_equal(at, &src);
	kp_weave_free(&weave);
}

static void
test_a_value_may_be_spliced_in(void **state)
{
	struct kp_weave weave = { 0 };

	(void)state;
	start(&weave);
	kp_weave_splice(&weave, kp_str_of("value"), 3, 6);
	kp_weave_splice(&weave, kp_str_of(""), 4, 6);
	expect_woven("spliced", &weave, "a<0>b<7>value");
	assert_int_equal(weave.nsentinels, 3);
	assert_true(weave.sentinels[2].spliced);
	assert_int_equal(weave.sentinels[2].use, 3);
	assert_int_equal(weave.sentinels[2].len, 5);
	kp_weave_clear(&weave);
	expect_woven("cleared", &weave, "");
	kp_weave_free(&weave);
}

static void
test_a_line_is_put_in(void **state)
{
	static const struct {
		size_t at;
		const char *expect;
	} cases[] = {
		{ 0, "[<1>]a<0>b<7>" },
		{ 1, "a[<1>]<0>b<7>" },
		{ 1 + KP_SENTINEL_LEN, "a<0>[<1>]b<7>" },
		{ 2 + 2 * KP_SENTINEL_LEN, "a<0>b<7>[<1>]" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kp_weave weave = { 0 };

		start(&weave);
		kp_weave_insert(&weave, cases[i].at, kp_str_of("["), 1,
		    kp_str_of("]"));
		expect_woven("put in", &weave, cases[i].expect);
		kp_weave_free(&weave);
	}
}

static void
test_a_line_is_put_into_text(void **state)
{
	static const struct kp_source text = { .name = "t",
		.text = KP_STR("one\ntwo\n") };
	const struct kp_source *at;
	struct kp_weave weave = { 0 };

	(void)state;
	kp_weave_start(&weave, &text);
	kp_weave_text(&weave, text.text, 0);
	kp_weave_insert(&weave, 4, kp_str_of("a="), 1, kp_str_of("\n"));
	expect_woven("put in", &weave, "one\na=<1>\ntwo\n");
	at = &weave.woven;
	assert_int_equal(kp_source_origin(&at, 4 + 2 + KP_SENTINEL_LEN + 1 + 1),
	    5);
	kp_weave_free(&weave);
}

static void
test_a_part_is_replaced(void **state)
{
	static const struct kp_source text = { .name = "t",
		.text = KP_STR("one two three") };
	struct kp_weave weave = { 0 };

	(void)state;
	kp_weave_start(&weave, &text);
	kp_weave_text(&weave, text.text, 0);
	kp_weave_replace(&weave, 4, 7, kp_str_of("2"), 5);
	expect_woven("replaced", &weave, "one 2 three");
	assert_int_equal(weave.nsentinels, 1);
	assert_int_equal(weave.sentinels[0].at, 4);
	kp_weave_replace(&weave, 3, 5, kp_str_of(""), 6);
	expect_woven("replaced by nothing", &weave, "one three");
	kp_weave_free(&weave);
}

/* What the text holds is no sentinel: another prefix is chosen. */
static void
test_a_text_full_of_sentinels_holds_none(void **state)
{
	struct kp_source full = { .name = "t" };
	struct kp_diags diags = { 0 };
	struct kp_weave weave = { 0 };
	unsigned round;

	(void)state;
	for (round = 0; round < 50; round++) {
		struct kp_buf before = { 0 }, got;

		start(&weave);
		assert_true(kp_weave_build(&weave, &diags));
		kp_buf_add(&before, weave.woven.text);
		kp_weave_free(&weave);
		full.text = kp_buf_view(&before);
		kp_weave_start(&weave, &full);
		kp_weave_text(&weave, full.text, 0);
		kp_weave_use(&weave, 1, 0);
		assert_true(kp_weave_build(&weave, &diags));
		got = show(&weave);
		assert_true(kp_str_starts(kp_buf_view(&got), before.data));
		assert_true(kp_str_ends(kp_buf_view(&got), "<1>"));
		kp_buf_wipe(&got);
		kp_weave_free(&weave);
		kp_buf_wipe(&before);
	}
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentinels_stand_for_uses),
		cmocka_unit_test(test_places_are_those_of_the_template),
		cmocka_unit_test(test_a_value_may_be_spliced_in),
		cmocka_unit_test(test_a_line_is_put_in),
		cmocka_unit_test(test_a_line_is_put_into_text),
		cmocka_unit_test(test_a_part_is_replaced),
		cmocka_unit_test(test_a_text_full_of_sentinels_holds_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
