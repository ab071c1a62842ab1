/* SPDX-License-Identifier: MIT */
/* test_utf8 - strict UTF-8. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* Unicode 15.0, table 3-7, and its neighbours. */
static const struct {
	struct kp_str text;
	uint32_t rune; /* 0: none */
} cases[] = {
	{ KP_STR("\x01"), 0x01 },
	{ KP_STR("\x7f"), 0x7f },
	{ KP_STR("\x80"), 0 },
	{ KP_STR("\xbf"), 0 },
	{ KP_STR("\xc0\x80"), 0 },
	{ KP_STR("\xc1\xbf"), 0 },
	{ KP_STR("\xc2\x80"), 0x80 },
	{ KP_STR("\xdf\xbf"), 0x7ff },
	{ KP_STR("\xc2"), 0 },
	{ KP_STR("\xc2z"), 0 },
	{ KP_STR("\xc2\xc2"), 0 },
	{ KP_STR("\xe0\x9f\xbf"), 0 },
	{ KP_STR("\xe0\xa0\x80"), 0x800 },
	{ KP_STR("\xe2\x82"), 0 },
	{ KP_STR("\xe2\x82\xac"), 0x20ac },
	{ KP_STR("\xed\x9f\xbf"), 0xd7ff },
	{ KP_STR("\xed\xa0\x80"), 0 },
	{ KP_STR("\xed\xbf\xbf"), 0 },
	{ KP_STR("\xee\x80\x80"), 0xe000 },
	{ KP_STR("\xef\xbf\xbf"), 0xffff },
	{ KP_STR("\xf0\x8f\xbf\xbf"), 0 },
	{ KP_STR("\xf0\x90\x80\x80"), 0x10000 },
	{ KP_STR("\xf0\x9f\x94"), 0 },
	{ KP_STR("\xf4\x8f\xbf\xbf"), 0x10ffff },
	{ KP_STR("\xf4\x90\x80\x80"), 0 },
	{ KP_STR("\xf5\x80\x80\x80"), 0 },
	{ KP_STR("\xfe"), 0 },
	{ KP_STR("\xff"), 0 },
};

static void
test_what_is_a_character(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t rune = 0;
		size_t at = 0;
		bool good = kp_utf8_next(cases[i].text, &at, &rune);

		if (good != (cases[i].rune != 0) || rune != cases[i].rune ||
		    at != (good ? cases[i].text.len : 0))
			fail_msg("case %zu: U+%04X up to %zu", i,
			    (unsigned)rune, at);
		assert_int_equal(kp_utf8_valid(cases[i].text), good);
	}
}

static void
test_texts(void **state)
{
	(void)state;
	assert_true(kp_utf8_valid(kp_str_of("")));
	assert_true(kp_utf8_valid(kp_str_make("a\0\xc3\xa4", 4)));
	assert_false(kp_utf8_valid(kp_str_of("a\xc3")));
	assert_false(kp_utf8_valid(kp_str_of("\xc3\xa4\xff")));
}

/* A byte above 0x7f is found at each place, and NUL is ASCII. */
static void
test_ascii(void **state)
{
	char text[20] = { 0 };
	size_t len, at;

	(void)state;
	for (len = 0; len <= sizeof(text); len++) {
		assert_true(kp_utf8_is_ascii(kp_str_make(text, len)));
		for (at = 0; at < len; at++) {
			text[at] = '\x80';
			assert_false(kp_utf8_is_ascii(kp_str_make(text, len)));
			text[at] = '\x7f';
			assert_true(kp_utf8_is_ascii(kp_str_make(text, len)));
		}
	}
}

static void
test_every_character_comes_back(void **state)
{
	uint32_t rune, back = 0;

	(void)state;
	for (rune = 0; rune <= 0x10ffff; rune++) {
		struct kp_buf buf = { 0 };
		size_t at = 0;

		if (rune >= 0xd800 && rune <= 0xdfff)
			continue;
		kp_utf8_add(&buf, rune);
		if (!kp_utf8_next(kp_buf_view(&buf), &at, &back) ||
		    back != rune || at != buf.len)
			fail_msg("U+%04X", (unsigned)rune);
		kp_buf_wipe(&buf);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_a_character),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_every_character_comes_back),
		cmocka_unit_test(test_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
