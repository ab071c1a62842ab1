/* SPDX-License-Identifier: MIT */
/* test_buf - owned bytes that grow. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void
test_bytes_are_appended(void **state)
{
	struct kp_buf buf = { 0 };

	(void)state;
	assert_int_equal(kp_buf_view(&buf).len, 0);
	kp_buf_add_text(&buf, "");
	assert_null(buf.data);
	kp_buf_add_text(&buf, "a");
	kp_buf_add(&buf, kp_str_make("\0b", 2));
	kp_buf_add_char(&buf, '\xff');
	kp_buf_add_format(&buf, "%03d", 7);
	assert_true(kp_buf_ok(&buf));
	assert_int_equal(buf.len, 7);
	assert_memory_equal(buf.data,
	    "a\0b\xff"
	    "007",
	    8);
	kp_buf_wipe(&buf);
	assert_null(buf.data);
	assert_int_equal(buf.len, 0);
}

static void
test_it_grows(void **state)
{
	struct kp_buf buf = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		kp_buf_add_char(&buf, (char)('a' + i % 26));
		assert_true(buf.cap > buf.len);
	}
	assert_int_equal(buf.len, 100000);
	for (i = 0; i < buf.len; i++)
		assert_int_equal(buf.data[i], 'a' + i % 26);
	assert_int_equal(buf.data[buf.len], '\0');
	kp_buf_wipe(&buf);
}

static void
test_what_is_cut_is_wiped(void **state)
{
	struct kp_buf buf = { 0 };

	(void)state;
	kp_buf_cut(&buf, 0);
	kp_buf_add_text(&buf, "keep-secret");
	kp_buf_cut(&buf, 99);
	assert_int_equal(buf.len, 11);
	kp_buf_cut(&buf, 4);
	assert_int_equal(buf.len, 4);
	assert_memory_equal(buf.data, "keep\0\0\0\0\0\0\0", 12);
	kp_buf_add_char(&buf, 'r');
	assert_string_equal(buf.data, "keepr");
	kp_buf_wipe(&buf);
}

static void
test_a_failure_stays(void **state)
{
	struct kp_buf buf = { 0 };

	(void)state;
	kp_buf_add_text(&buf, "a");
	assert_false(kp_buf_reserve(&buf, SIZE_MAX));
	assert_false(kp_buf_ok(&buf));
	kp_buf_add_text(&buf, "b");
	kp_buf_add_format(&buf, "%d", 1);
	assert_false(kp_buf_ok(&buf));
	assert_string_equal(buf.data, "a");
	kp_buf_wipe(&buf);
	assert_true(kp_buf_ok(&buf));
}

static void
test_contents_move(void **state)
{
	struct kp_buf from = { 0 }, to;

	(void)state;
	kp_buf_add_text(&from, "a");
	to = kp_buf_take(&from);
	assert_null(from.data);
	assert_string_equal(to.data, "a");
	kp_buf_wipe(&from);
	kp_buf_wipe(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_are_appended),
		cmocka_unit_test(test_it_grows),
		cmocka_unit_test(test_what_is_cut_is_wiped),
		cmocka_unit_test(test_a_failure_stays),
		cmocka_unit_test(test_contents_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
