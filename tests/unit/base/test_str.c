/* SPDX-License-Identifier: MIT */
/* test_str - borrowed bytes. */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static struct kp_str
str(const char *text)
{
	return kp_str_of(text);
}

static void
expect(const char *name, struct kp_str got, const char *want)
{
	if (!kp_str_is(got, want))
		fail_msg("%s: got \"%.*s\", want \"%s\"", name, (int)got.len,
		    got.ptr, want);
}

static void
test_what_is_equal(void **state)
{
	(void)state;
	assert_true(kp_str_eq(str("a"), str("a")));
	assert_false(kp_str_eq(str("a"), str("A")));
	assert_false(kp_str_eq(str("a"), str("ab")));
	assert_true(kp_str_eq(str(""), str(NULL)));
	assert_true(kp_str_eq_nocase(str("aZ-\xc3\xa4"), str("Az-\xc3\xa4")));
	/* Of ASCII letters alone: @ and ` are 32 apart as A and a are. */
	assert_false(kp_str_eq_nocase(str("@"), str("`")));
	assert_false(kp_str_eq_nocase(str("\xc3\xa4"), str("\xc3\x84")));
	assert_false(kp_str_is(kp_str_make("a\0b", 3), "a"));
}

static void
test_what_comes_first(void **state)
{
	(void)state;
	assert_int_equal(kp_str_compare(str("a"), str("a")), 0);
	assert_int_equal(kp_str_compare(str(""), str(NULL)), 0);
	assert_true(kp_str_compare(str("a"), str("b")) < 0);
	assert_true(kp_str_compare(str("b"), str("ab")) > 0);
	assert_true(kp_str_compare(str("a"), str("ab")) < 0);
	assert_true(kp_str_compare(str("ab"), str("a")) > 0);
	/* Bytes have no sign, and a NUL is one. */
	assert_true(kp_str_compare(str("a"), str("\xc3")) < 0);
	assert_true(kp_str_compare(kp_str_make("a\0b", 3), str("a")) > 0);
}

static void
test_what_begins_and_ends(void **state)
{
	(void)state;
	assert_true(kp_str_starts(str("abc"), "ab"));
	assert_true(kp_str_starts(str("abc"), ""));
	assert_false(kp_str_starts(str("a"), "ab"));
	assert_true(kp_str_ends(str("abc"), "bc"));
	assert_true(kp_str_ends(str(NULL), ""));
	assert_false(kp_str_ends(str("c"), "bc"));
}

static void
test_where_something_is(void **state)
{
	(void)state;
	assert_int_equal(kp_str_find(str("abcb"), 'b'), 1);
	assert_int_equal(kp_str_find(str("abc"), 'x'), KP_NPOS);
	assert_int_equal(kp_str_find(kp_str_make("a\0", 2), '\0'), 1);
	assert_int_equal(kp_str_find(str(NULL), 'a'), KP_NPOS);
	assert_int_equal(kp_str_find_str(str("abcabc"), str("bc")), 1);
	assert_int_equal(kp_str_find_str(str("abc"), str("")), 0);
	assert_int_equal(kp_str_find_str(str("ab"), str("abc")), KP_NPOS);
	assert_int_equal(kp_str_rfind_str(str("abcabc"), str("bc")), 4);
	assert_int_equal(kp_str_rfind_str(str("bc"), str("bc")), 0);
	assert_int_equal(kp_str_rfind_str(str("abc"), str("")), 3);
	assert_int_equal(kp_str_rfind_str(str("abc"), str("x")), KP_NPOS);
	assert_int_equal(kp_str_rfind_str(str("a]b]c"), str("]")), 3);
	assert_int_equal(kp_str_rfind_str(str("]"), str("]")), 0);
	assert_int_equal(kp_str_rfind_str(str(""), str("]")), KP_NPOS);
	assert_true(kp_str_has_any(str("abc"), "xc"));
	assert_false(kp_str_has_any(str("abc"), "xyz"));
	assert_false(kp_str_has_any(str("abc"), ""));
}

static const struct {
	const char *text, *trimmed, *chomped;
} ends[] = {
	{ "", "", "" },
	{ "a", "a", "a" },
	{ " a b\t", "a b", " a b\t" },
	{ "a\n", "a", "a" },
	{ "a\r\n", "a", "a" },
	{ "a\n\n", "a", "a\n" },
	{ "a\r", "a", "a\r" },
	{ "a\n\r", "a", "a\n\r" },
	{ "\n", "", "" },
	{ "\r\n", "", "" },
	{ "\v\f \xc2\xa0", "\xc2\xa0", "\v\f \xc2\xa0" },
};

/* Whole words, what is left of one, and none of the bytes beyond. */
static void
test_each_byte_of_each_length_counts(void **state)
{
	char text[64], other[64];
	size_t start, len, at;

	(void)state;
	for (start = 0; start < 9; start++) {
		for (len = 1; len < 40; len++) {
			struct kp_str view = { text + start, len };
			struct kp_str same = { other, len };

			memset(text, 'x', sizeof(text));
			memset(other, 'x', sizeof(other));
			text[start + len] = '\xff';
			assert_true(kp_str_eq(view, same));
			assert_int_equal(kp_str_find(view, '\xff'), KP_NPOS);
			for (at = len; at-- > 0;) {
				text[start + at] = '\xff';
				assert_int_equal(kp_str_find(view, '\xff'), at);
				assert_false(kp_str_eq(view, same));
				assert_true(kp_str_compare(view, same) > 0);
				assert_true(kp_str_compare(same, view) < 0);
				other[at] = '\xff';
				assert_true(kp_str_eq(view, same));
			}
		}
	}
}

static void
test_what_is_cut_off_at_the_ends(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		expect("trim", kp_str_trim(str(ends[i].text)), ends[i].trimmed);
		expect("chomp", kp_str_chomp(str(ends[i].text)),
		    ends[i].chomped);
	}
}

static void
test_names(void **state)
{
	(void)state;
	assert_true(kp_str_is_name(str("a")));
	assert_true(kp_str_is_name(str("_A9z")));
	assert_false(kp_str_is_name(str("")));
	assert_false(kp_str_is_name(str("9a")));
	assert_false(kp_str_is_name(str("a-b")));
	assert_false(kp_str_is_name(str("\xc3\xa4")));
	assert_false(kp_str_is_name(kp_str_make("a\0", 2)));
}

static void
test_line_by_line(void **state)
{
	struct kp_str rest = str("a\n\nb\r\nc"), line;

	(void)state;
	assert_true(kp_str_next_line(&rest, &line));
	expect("first", line, "a");
	assert_true(kp_str_next_line(&rest, &line));
	expect("empty", line, "");
	assert_true(kp_str_next_line(&rest, &line));
	expect("its CR stays", line, "b\r");
	assert_true(kp_str_next_line(&rest, &line));
	expect("the last, without a line ending", line, "c");
	assert_false(kp_str_next_line(&rest, &line));
	rest = str("a\n");
	assert_true(kp_str_next_line(&rest, &line));
	assert_false(kp_str_next_line(&rest, &line));
}

static const struct {
	const char *text;
	unsigned long max;
	bool good;
	unsigned long number;
} numbers[] = {
	{ "0", 0, true, 0 },
	{ "1", 0, false, 0 },
	{ "007", 7, true, 7 },
	{ "8", 7, false, 0 },
	{ "65535", 65535, true, 65535 },
	{ "65536", 65535, false, 0 },
	{ "18446744073709551615", 18446744073709551615UL, true,
	    18446744073709551615UL },
	{ "18446744073709551616", 18446744073709551615UL, false, 0 },
	{ "99999999999999999999", 18446744073709551615UL, false, 0 },
	{ "", 9, false, 0 },
	{ "-1", 9, false, 0 },
	{ "+1", 9, false, 0 },
	{ " 1", 9, false, 0 },
	{ "1 ", 9, false, 0 },
	{ "0x1", 9, false, 0 },
};

static void
test_numbers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		unsigned long number = 99;
		bool good = kp_str_to_number(str(numbers[i].text),
		    numbers[i].max, &number);

		if (good != numbers[i].good ||
		    number != (good ? numbers[i].number : 99))
			fail_msg("\"%s\": %d, %lu", numbers[i].text, good,
			    number);
	}
}

/* What ASCII says of each of the 256 bytes. */
static void
test_kinds_of_characters(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		char c = (char)i;
		bool upper = i >= 0x41 && i <= 0x5a;
		bool lower = i >= 0x61 && i <= 0x7a;
		bool digit = i >= 0x30 && i <= 0x39;

		assert_int_equal(kp_is_alpha(c), upper || lower);
		assert_int_equal(kp_is_digit(c), digit);
		assert_int_equal(kp_is_alnum(c), upper || lower || digit);
		assert_int_equal(kp_is_blank(c), i == 0x20 || i == 0x09);
		assert_int_equal(kp_is_space(c),
		    i == 0x20 || (i >= 0x09 && i <= 0x0d));
		assert_int_equal(kp_to_lower(c), upper ? (char)(i + 32) : c);
		assert_int_equal(kp_to_upper(c), lower ? (char)(i - 32) : c);
	}
}

/* In a word of eight, before and behind each other byte, at each place. */
static void
test_what_is_printable_ends_where_it_does(void **state)
{
	char text[24];
	size_t len, at;
	int i, behind;

	(void)state;
	for (i = 0; i < 256; i++) {
		bool plain = i >= ' ' && i <= '~' && i != '"' && i != '\\';

		for (at = 0; at < sizeof(text); at++) {
			for (behind = 0; behind < 256; behind += 17) {
				memset(text, 'x', sizeof(text));
				memset(text + at, behind, sizeof(text) - at);
				text[at] = (char)i;
				if (plain)
					memset(text + at + 1, 'x',
					    sizeof(text) - at - 1);
				for (len = at + 1; len <= sizeof(text); len++)
					assert_int_equal(kp_str_skip_printable(
					                     kp_str_make(text,
					                         len),
					                     at / 2, '"', '\\'),
					    plain ? len : at);
			}
		}
	}
	assert_int_equal(kp_str_skip_printable(kp_str_of(""), 0, 'a', 'b'), 0);
}

/* The first place, byte by byte. */
static size_t
find_slowly(struct kp_str text, struct kp_str needle)
{
	size_t at;

	for (at = 0; at + needle.len <= text.len; at++) {
		if (kp_str_eq(kp_str_slice(text, at, at + needle.len), needle))
			return at;
	}
	return KP_NPOS;
}

/* Texts of few letters, common ones and rare, in which much is nearly right. */
static void
test_a_needle_of_any_length_is_found(void **state)
{
	static const char letters[] = "aa_k";
	char text[96], needle[40];
	uint32_t seed = 1;
	size_t i, j;

	(void)state;
	for (i = 0; i < 40000; i++) {
		struct kp_str in, what;
		size_t from;

		seed = seed * 1664525U + 1013904223U;
		for (j = 0; j < sizeof(text); j++)
			text[j] = letters[(seed >> (j % 29)) % 4];
		for (j = 0; j < sizeof(needle); j++)
			needle[j] = letters[(seed >> (j % 7 + 3)) % 4];
		in = kp_str_make(text, (seed >> 24) % (sizeof(text) + 1));
		what = kp_str_make(needle, (seed >> 16) % sizeof(needle));
		/* Half of them are there. */
		from = (seed >> 8) % sizeof(text);
		if (seed >> 31 == 1 && from + what.len <= in.len)
			what.ptr = text + from;
		assert_int_equal(kp_str_find_str(in, what),
		    find_slowly(in, what));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_equal),
		cmocka_unit_test(test_what_comes_first),
		cmocka_unit_test(test_what_begins_and_ends),
		cmocka_unit_test(test_where_something_is),
		cmocka_unit_test(test_each_byte_of_each_length_counts),
		cmocka_unit_test(test_a_needle_of_any_length_is_found),
		cmocka_unit_test(test_what_is_printable_ends_where_it_does),
		cmocka_unit_test(test_what_is_cut_off_at_the_ends),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_line_by_line),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_kinds_of_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
