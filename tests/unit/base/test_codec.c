/* SPDX-License-Identifier: MIT */
/* test_codec - bytes as text. */
#include "base/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* 256 bytes, one of each. */
static struct kp_buf
all_bytes(void)
{
	struct kp_buf all = { 0 };
	int i;

	for (i = 0; i < 256; i++)
		kp_buf_add_char(&all, (char)i);
	return all;
}

static void
test_base64_of_any_length_comes_back(void **state)
{
	struct kp_buf all = all_bytes();
	size_t len;

	(void)state;
	for (len = 0; len <= 256; len++) {
		struct kp_str bytes = kp_str_slice(kp_buf_view(&all), 0, len);
		struct kp_buf text = { 0 }, back = { 0 };

		kp_base64_add(&text, bytes);
		assert_int_equal(text.len, (len + 2) / 3 * 4);
		assert_true(kp_base64_decode(&back, kp_buf_view(&text)));
		assert_true(kp_str_eq(kp_buf_view(&back), bytes));
		kp_buf_wipe(&text);
		kp_buf_wipe(&back);
	}
	kp_buf_wipe(&all);
}

static const struct {
	const char *text;
	bool good;
} texts[] = {
	{ "", true },
	{ "QUJD", true },
	{ " Q U\tJ\nD\r\n", true },
	{ "QQ==", true },
	{ "QQ= =", true },
	{ "Q", false },
	{ "QQ", false },
	{ "QQ=", false },
	{ "QQ===", false },
	{ "QUI=", true },
	{ "QUI==", false },
	{ "=", false },
	{ "==", false },
	{ "====", false },
	{ "QQ==QQ==", false },
	{ "Q=Q=", false },
	{ "QUJ-", false },
	{ "QUJ_", false },
	{ "QUJ\xff", false },
	{ "QR==", false },
	{ "QUJ=", false },
};

static void
test_what_is_base64(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct kp_buf out = { 0 };

		if (kp_base64_decode(&out, kp_str_of(texts[i].text)) !=
		    texts[i].good)
			fail_msg("\"%s\"", texts[i].text);
		kp_buf_wipe(&out);
	}
}

static void
test_hexadecimal(void **state)
{
	struct kp_buf out = { 0 };

	(void)state;
	kp_hex_add(&out, kp_str_make("\x00\x0f\xf0\xff", 4));
	assert_string_equal(out.data, "000ff0ff");
	kp_buf_wipe(&out);
}

/* RFC 3986, 2.3, and nothing else, stays as it is. */
static void
test_percent_signs(void **state)
{
	static const char unreserved[] =
	    "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	    "abcdefghijklmnopqrstuvwxyz~";
	struct kp_buf all = all_bytes(), out = { 0 };
	size_t i, kept = 0;

	(void)state;
	kp_percent_add(&out, kp_buf_view(&all));
	assert_int_equal(out.len, 66 + (256 - 66) * 3);
	for (i = 0; i < out.len; i++) {
		if (out.data[i] == '%')
			i += 2;
		else
			assert_int_equal(out.data[i], unreserved[kept++]);
	}
	assert_int_equal(kept, 66);
	assert_true(kp_str_starts(kp_buf_view(&out), "%00%01"));
	assert_true(kp_str_ends(kp_buf_view(&out), "%FE%FF"));
	kp_buf_wipe(&all);
	kp_buf_wipe(&out);
}

/* All bytes but NUL come back; digits may be of either case. */
static void
test_percent_signs_are_read(void **state)
{
	static const char *const wrong[] = { "%", "a%", "%4", "%4g", "%g4",
		"%00", "a%%41", NULL };
	struct kp_buf all = all_bytes(), text = { 0 }, out = { 0 };
	struct kp_str bytes = kp_str_slice(kp_buf_view(&all), 1, 256);
	size_t i;

	(void)state;
	kp_percent_add(&text, bytes);
	assert_true(kp_percent_decode(&out, kp_buf_view(&text)));
	assert_true(kp_str_eq(kp_buf_view(&out), bytes));
	kp_buf_cut(&out, 0);
	assert_true(kp_percent_decode(&out, kp_str_of("%2f%2Fx")));
	assert_true(kp_str_is(kp_buf_view(&out), "//x"));
	for (i = 0; wrong[i] != NULL; i++)
		assert_false(kp_percent_decode(&out, kp_str_of(wrong[i])));
	kp_buf_wipe(&all);
	kp_buf_wipe(&text);
	kp_buf_wipe(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64_of_any_length_comes_back),
		cmocka_unit_test(test_what_is_base64),
		cmocka_unit_test(test_hexadecimal),
		cmocka_unit_test(test_percent_signs),
		cmocka_unit_test(test_percent_signs_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
