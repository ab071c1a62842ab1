/* SPDX-License-Identifier: MIT */
/* test_source - a named text, and where in it an offset is. */
#include "base/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct {
	const char *name;
	struct kp_str text;
	size_t offset;
	unsigned line, column;
	const char *shown;
} places[] = {
	{ "an empty text", KP_STR(""), 0, 1, 1, "" },
	{ "the first byte", KP_STR("ab\ncd"), 0, 1, 1, "ab" },
	{ "the end of a line", KP_STR("ab\ncd"), 2, 1, 3, "ab" },
	{ "the start of a line", KP_STR("ab\ncd"), 3, 2, 1, "cd" },
	{ "the end of the text", KP_STR("ab\ncd"), 5, 2, 3, "cd" },
	{ "behind a final line ending", KP_STR("ab\n"), 3, 2, 1, "" },
	{ "far behind the text", KP_STR("ab\ncd"), 99, 2, 3, "cd" },
	{ "an empty line", KP_STR("a\n\nb"), 2, 2, 1, "" },
	{ "a CR LF is not shown", KP_STR("ab\r\ncd"), 1, 1, 2, "ab" },
	{ "on a CR", KP_STR("ab\r\ncd"), 2, 1, 3, "ab" },
	{ "a lone CR is a character", KP_STR("a\rb"), 2, 1, 3, "a\rb" },
	{ "a column is a character", KP_STR("\xc3\xa4\xe2\x82\xacz"), 5, 1, 3,
	    "\xc3\xa4\xe2\x82\xacz" },
};

static void
test_places(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = places[i].text };
		struct kp_place place = kp_source_place(&src, places[i].offset);
		struct kp_str line = kp_source_line(&src, places[i].offset);

		if (place.line != places[i].line ||
		    place.column != places[i].column)
			fail_msg("%s: %u:%u", places[i].name, place.line,
			    place.column);
		if (!kp_str_is(line, places[i].shown))
			fail_msg("%s: \"%.*s\"", places[i].name, (int)line.len,
			    line.ptr);
	}
}

/*
 * "aa${X}bb${Y}" became "aaVVVVVVVVbbW": what was put in is placed where
 * its placeholder is, and never behind it.
 */
static void
test_a_text_made_from_another(void **state)
{
	static const struct kp_shift shifts[] = {
		{ 0, 0 },
		{ 2, 2 },
		{ 10, 6 },
		{ 12, 8 },
	};
	static const size_t origins[] = { 0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 7, 8,
		9 };
	const struct kp_source first = { .name = "t",
		.text = KP_STR("aa${X}bb${Y}") };
	const struct kp_source made = {
		.name = "t",
		.text = KP_STR("aaVVVVVVVVbbW"),
		.origin = &first,
		.shifts = shifts,
		.nshifts = 4,
	};
	const struct kp_source again = {
		.name = "t",
		.text = KP_STR("VVbbW"),
		.origin = &made,
		.shifts = (const struct kp_shift[]){ { 0, 8 } },
		.nshifts = 1,
	};
	const struct kp_source *src;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		src = &made;
		assert_int_equal(kp_source_origin(&src, i), origins[i]);
		assert_ptr_equal(src, &first);
	}
	/* Through two of them. */
	src = &again;
	assert_int_equal(kp_source_origin(&src, 3), 7);
	assert_ptr_equal(src, &first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_a_text_made_from_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
