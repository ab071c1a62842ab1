/* SPDX-License-Identifier: MIT */
/* test_filter - what ${name|filter} does to a value. */
#include "core/filter.h"

#include "fake.h"

#include <crypt.h>
#include <stdlib.h>

#define BIG_BYTES (1U << 20)

/* With the argument in parentheses, as in a placeholder. */
static bool
apply(const char *filter, struct kp_str value, const char *argument,
    const char *current, struct kp_buf *out, struct kp_filter_error *why)
{
	const struct kp_filter *known = kp_filter_by_name(kp_str_of(filter));

	assert_non_null(known);
	assert_non_null(known->apply);
	memset(why, 0, sizeof(*why));
	return known->apply(value, kp_str_of(argument), kp_str_of(current), out,
	    why);
}

static const struct {
	const char *filter, *argument;
	struct kp_str value, expect;
} good[] = {
	{ "trim", "", KP_STR(" \t\r\n a b \v\f\n"), KP_STR("a b") },
	{ "trim", "", KP_STR(" \n "), KP_STR("") },
	{ "trim", "", KP_STR("\xc2\xa0z\xc2\xa0"),
	    KP_STR("\xc2\xa0z\xc2\xa0") },
	{ "lower", "", KP_STR("AZaz\xc3\x84\x00[@"),
	    KP_STR("azaz\xc3\x84\x00[@") },
	{ "upper", "", KP_STR("AZaz\xc3\xa4\x00{`"),
	    KP_STR("AZAZ\xc3\xa4\x00{`") },
	/* RFC 4648, section 10. */
	{ "base64", "", KP_STR(""), KP_STR("") },
	{ "base64", "", KP_STR("f"), KP_STR("Zg==") },
	{ "base64", "", KP_STR("fo"), KP_STR("Zm8=") },
	{ "base64", "", KP_STR("foo"), KP_STR("Zm9v") },
	{ "base64", "", KP_STR("foob"), KP_STR("Zm9vYg==") },
	{ "base64", "", KP_STR("fooba"), KP_STR("Zm9vYmE=") },
	{ "base64", "", KP_STR("foobar"), KP_STR("Zm9vYmFy") },
	{ "base64", "", KP_STR("\xff\xfe\xfd\x00"), KP_STR("//79AA==") },
	{ "unbase64", "", KP_STR(""), KP_STR("") },
	{ "unbase64", "", KP_STR("Zg=="), KP_STR("f") },
	{ "unbase64", "", KP_STR("Zm8="), KP_STR("fo") },
	{ "unbase64", "", KP_STR("Zm9v"), KP_STR("foo") },
	{ "unbase64", "", KP_STR("Zm9vYg=="), KP_STR("foob") },
	{ "unbase64", "", KP_STR("Zm9vYmE="), KP_STR("fooba") },
	{ "unbase64", "", KP_STR("Zm9vYmFy"), KP_STR("foobar") },
	{ "unbase64", "", KP_STR("//79AA=="), KP_STR("\xff\xfe\xfd\x00") },
	{ "unbase64", "", KP_STR("Zm9v\nYmFy\r\n"), KP_STR("foobar") },
	{ "hex", "", KP_STR("\x00\x7f\x80\xff"), KP_STR("007f80ff") },
	/* FIPS 180-4. */
	{ "sha256", "", KP_STR("abc"),
	    KP_STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
	           "f20015ad") },
	{ "sha256", "", KP_STR(""),
	    KP_STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
	           "7852b855") },
	/* RFC 3986, 2.3: letters, digits and "-._~" alone stay. */
	{ "urlencode", "", KP_STR("aZ09-._~"), KP_STR("aZ09-._~") },
	{ "urlencode", "", KP_STR(":/?#[]@!$&'()*+,;= %\xc3\xa4\n"),
	    KP_STR("%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%20"
	           "%25%C3%A4%0A") },
	{ "bool", "", KP_STR("true"), KP_STR("true") },
	{ "bool", "", KP_STR("Yes"), KP_STR("true") },
	{ "bool", "", KP_STR("ON"), KP_STR("true") },
	{ "bool", "", KP_STR("1"), KP_STR("true") },
	{ "bool", "", KP_STR("False"), KP_STR("false") },
	{ "bool", "", KP_STR("no"), KP_STR("false") },
	{ "bool", "", KP_STR("off"), KP_STR("false") },
	{ "bool", "", KP_STR("0"), KP_STR("false") },
	{ "int", "", KP_STR("0"), KP_STR("0") },
	{ "int", "", KP_STR("-12"), KP_STR("-12") },
	{ "int", "", KP_STR("123456789012345678901234567890"),
	    KP_STR("123456789012345678901234567890") },
	{ "number", "", KP_STR("-0"), KP_STR("-0") },
	{ "number", "", KP_STR("10.25"), KP_STR("10.25") },
	{ "number", "", KP_STR("1e3"), KP_STR("1e3") },
	{ "number", "", KP_STR("-0.5E+10"), KP_STR("-0.5E+10") },
	{ "line", "", KP_STR(" a;b "), KP_STR(" a;b ") },
	{ "line", "", KP_STR(""), KP_STR("") },
	{ "line", "1", KP_STR("a\nb"), KP_STR("a") },
	{ "line", "2", KP_STR("a\r\nb\r\nc"), KP_STR("b") },
	{ "line", "3", KP_STR("a\n\nc\n"), KP_STR("c") },
	{ "line", "2", KP_STR("a\n\nc\n"), KP_STR("") },
	{ "indent", "2", KP_STR("a\nb\nc"), KP_STR("a\n  b\n  c") },
	{ "indent", "0", KP_STR("a\nb"), KP_STR("a\nb") },
	{ "indent", "3", KP_STR("a\0\n"), KP_STR("a\0\n   ") },
	{ "xml", "", KP_STR("a<b>&\"'\t\r\n]]>\xc3\xa4"),
	    KP_STR("a&lt;b&gt;&amp;&quot;&#39;&#9;&#13;&#10;]]&gt;\xc3\xa4") },
	{ "quote", "sh", KP_STR("it's $x `y` \\ \"z\"\n"),
	    KP_STR("'it'\\''s $x `y` \\ \"z\"\n'") },
	{ "quote", "sh", KP_STR(""), KP_STR("''") },
	{ "quote", "regex", KP_STR("a.b*c(d)[e]{1}^$|?+\\-/#_ z\xc3\xa4"),
	    KP_STR("a\\.b\\*c\\(d\\)\\[e\\]\\{1\\}\\^\\$\\|\\?\\+\\\\\\-\\/"
	           "\\#_ z\xc3\xa4") },
	{ "json", "/a/b", KP_STR("{\"a\":{\"b\":\"x\\u00e4\\\"\"}}"),
	    KP_STR("x\xc3\xa4\"") },
	/* RFC 6901, section 5. */
	{ "json", "/a~1b", KP_STR("{\"a/b\": 1, \"m~n\": 8}"), KP_STR("1") },
	{ "json", "/m~0n", KP_STR("{\"a/b\": 1, \"m~n\": 8}"), KP_STR("8") },
	{ "json", "/foo/0", KP_STR("{\"foo\": [\"bar\", \"baz\"]}"),
	    KP_STR("bar") },
	{ "json", "/", KP_STR("{\"\": true}"), KP_STR("true") },
};

static void
test_what_becomes_of_a_value(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct kp_filter_error why;
		struct kp_buf out = { 0 };

		if (!apply(good[i].filter, good[i].value, good[i].argument, "",
		        &out, &why))
			fail_msg("%s of \"%s\": %s", good[i].filter,
			    good[i].value.ptr, why.text);
		expect_bytes(good[i].filter, kp_buf_view(&out), good[i].expect);
		kp_buf_wipe(&out);
	}
}

static const struct {
	const char *filter, *argument;
	struct kp_str value;
	const char *why;
} bad[] = {
	{ "unbase64", "", KP_STR("Z"), "it is not base64" },
	{ "unbase64", "", KP_STR("Zg"), "it is not base64" },
	{ "unbase64", "", KP_STR("Zg="), "it is not base64" },
	{ "unbase64", "", KP_STR("Zg==="), "it is not base64" },
	{ "unbase64", "", KP_STR("===="), "it is not base64" },
	{ "unbase64", "", KP_STR("Zg==Zg=="), "it is not base64" },
	{ "unbase64", "", KP_STR("Zm9-"), "it is not base64" },
	{ "unbase64", "", KP_STR("Zm9v\0"), "it is not base64" },
	/* RFC 4648, 3.5: left-over bits that are not zero. */
	{ "unbase64", "", KP_STR("Zh=="), "it is not base64" },
	{ "unbase64", "", KP_STR("Zm9="), "it is not base64" },
	{ "urlencode", "", KP_STR("a\0b"),
	    "it holds a NUL, which URL readers refuse" },
	{ "bool", "", KP_STR(""), "it is no truth value" },
	{ "bool", "", KP_STR("y"), "it is no truth value" },
	{ "bool", "", KP_STR("true "), "it is no truth value" },
	{ "bool", "", KP_STR("true\0"), "it is no truth value" },
	{ "int", "", KP_STR(""), "it is no whole number" },
	{ "int", "", KP_STR("-"), "it is no whole number" },
	{ "int", "", KP_STR("-0"), "it is no whole number" },
	{ "int", "", KP_STR("+1"), "it is no whole number" },
	{ "int", "", KP_STR("0123"), "it is no whole number" },
	{ "int", "", KP_STR("1.0"), "it is no whole number" },
	{ "int", "", KP_STR("0x1f"), "it is no whole number" },
	{ "int", "", KP_STR("1 "), "it is no whole number" },
	{ "int", "", KP_STR("1\n2"), "it is no whole number" },
	{ "int", "", KP_STR("1\0"), "it is no whole number" },
	{ "int", "", KP_STR("\xd9\xa1"), "it is no whole number" },
	{ "number", "", KP_STR(""), "it is no number" },
	{ "number", "", KP_STR(".5"), "it is no number" },
	{ "number", "", KP_STR("5."), "it is no number" },
	{ "number", "", KP_STR("1e"), "it is no number" },
	{ "number", "", KP_STR("1e+"), "it is no number" },
	{ "number", "", KP_STR("01.5"), "it is no number" },
	{ "number", "", KP_STR("1_000"), "it is no number" },
	{ "number", "", KP_STR("inf"), "it is no number" },
	{ "number", "", KP_STR("NaN"), "it is no number" },
	{ "line", "", KP_STR("a\nb"), "it has more than one line" },
	{ "line", "", KP_STR("a\n"), "it has more than one line" },
	{ "line", "", KP_STR("a\rb"), "it has more than one line" },
	{ "line", "one", KP_STR("a"), "line(n) takes a number from 1" },
	{ "line", "0", KP_STR("a"), "line(n) takes a number from 1" },
	{ "line", "-1", KP_STR("a"), "line(n) takes a number from 1" },
	{ "line", "99999999999999999999", KP_STR("a"),
	    "line(n) takes a number from 1" },
	{ "line", "3", KP_STR("a\nb\n"), "it has no line 3" },
	{ "line", "1", KP_STR(""), "it has no line 1" },
	{ "indent", "x", KP_STR("a"), "indent(n) takes a number" },
	{ "indent", "1001", KP_STR("a"), "indent(n) takes a number" },
	{ "xml", "", KP_STR("\xff"), "it is not UTF-8" },
	{ "xml", "", KP_STR("\xc0\xaf"), "it is not UTF-8" },
	{ "xml", "", KP_STR("\xed\xa0\x80"), "it is not UTF-8" },
	{ "xml", "", KP_STR("a\0"), "that XML cannot carry" },
	{ "xml", "", KP_STR("\x1b"), "that XML cannot carry" },
	{ "xml", "", KP_STR("\xef\xbf\xbf"), "that XML cannot carry" },
	{ "quote", "sh", KP_STR("\0"), "it holds a NUL, which shells drop" },
	{ "quote", "bash", KP_STR("a"), "quote() takes sh or regex" },
	{ "quote", "", KP_STR("a"), "quote() takes sh or regex" },
	{ "bcrypt", "3", KP_STR("a"), "bcrypt(cost) takes a cost from 4" },
	{ "bcrypt", "32", KP_STR("a"), "bcrypt(cost) takes a cost from 4" },
	{ "bcrypt", "x", KP_STR("a"), "bcrypt(cost) takes a cost from 4" },
	{ "bcrypt", "4", KP_STR("a\0b"), "it holds a NUL" },
	{ "sha512crypt", "", KP_STR("a\0b"), "it holds a NUL" },
	{ "json", "/a", KP_STR("{\"b\": 1}"), "it has no such field" },
	{ "json", "/a", KP_STR("{\"a\": null}"), "the field is null" },
	{ "json", "/a", KP_STR("{\"a\": 1.10}"), "whose digits would change" },
	{ "json", "/a", KP_STR("{\"a\": [{\"b\": 1e3}]}"),
	    "whose digits would change" },
	{ "json", "/a", KP_STR("{\"a\": 1, \"b\": 123456789012345678901}"),
	    "a number of more than 64 bits" },
	{ "json", "/a", KP_STR("{\"a\": 1e400}"), "a number of more than" },
	{ "json", "/a", KP_STR("{\"a\": 1, \"a\": 2}"), "one name twice" },
	{ "json", "/a", KP_STR("{\"a\": 1"), "it is not JSON" },
	{ "json", "/a", KP_STR(""), "it is not JSON" },
	{ "json", "a", KP_STR("{\"a\": 1}"), "json() takes a JSON pointer" },
	{ "json", "/a~2", KP_STR("{\"a\": 1}"), "json() takes a JSON pointer" },
	{ "json", "/00", KP_STR("[1]"), "it has no such field" },
	{ "json", "/-", KP_STR("[1]"), "it has no such field" },
};

static void
test_what_is_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kp_filter_error why;
		struct kp_buf out = { 0 };

		if (apply(bad[i].filter, bad[i].value, bad[i].argument, "",
		        &out, &why))
			fail_msg("%s(%s) of \"%s\": it was taken",
			    bad[i].filter, bad[i].argument, bad[i].value.ptr);
		if (strstr(why.text, bad[i].why) == NULL)
			fail_msg("%s of \"%s\": got \"%s\", want \"%s\"",
			    bad[i].filter, bad[i].value.ptr, why.text,
			    bad[i].why);
		kp_buf_wipe(&out);
	}
}

static struct kp_buf
repeat(char c, size_t count)
{
	struct kp_buf text = { 0 };

	while (text.len < count)
		kp_buf_add_char(&text, c);
	return text;
}

static void
test_values_of_a_mebibyte(void **state)
{
	static const struct {
		const char *filter, *argument;
		size_t len; /* of what comes out */
	} cases[] = {
		{ "trim", "", 0 },
		{ "lower", "", BIG_BYTES },
		{ "base64", "", (BIG_BYTES + 2) / 3 * 4 },
		{ "hex", "", BIG_BYTES * 2 },
		{ "sha256", "", 64 },
		{ "urlencode", "", (size_t)BIG_BYTES * 3 },
		{ "line", "1000", 0 },
		{ "indent", "1", (size_t)BIG_BYTES * 2 },
		{ "xml", "", (size_t)BIG_BYTES * 5 },
		{ "quote", "sh", BIG_BYTES + 2 },
		{ "quote", "regex", BIG_BYTES },
	};
	struct kp_buf value = repeat('\n', BIG_BYTES);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kp_filter_error why;
		struct kp_buf out = { 0 };

		assert_true(apply(cases[i].filter, kp_buf_view(&value),
		    cases[i].argument, "", &out, &why));
		assert_true(kp_buf_ok(&out));
		if (out.len != cases[i].len)
			fail_msg("%s: %zu bytes, want %zu", cases[i].filter,
			    out.len, cases[i].len);
		kp_buf_wipe(&out);
	}
	kp_buf_wipe(&value);
}

/* Does the library that checks passwords take this one? */
static bool
fits(const char *password, const char *hash)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *again;
	bool same;

	assert_non_null(data);
	again = crypt_r(password, hash, data);
	same = again != NULL && strcmp(again, hash) == 0;
	free(data);
	return same;
}

static void
expect_hash(const char *filter, const char *argument, const char *password,
    const char *prefix)
{
	struct kp_filter_error why;
	struct kp_buf out = { 0 };

	assert_true(
	    apply(filter, kp_str_of(password), argument, "", &out, &why));
	if (!kp_str_starts(kp_buf_view(&out), prefix))
		fail_msg("%s(%s): it begins with %.7s", filter, argument,
		    out.data);
	assert_true(fits(password, out.data));
	assert_false(fits("another", out.data));
	kp_buf_wipe(&out);
}

static void
test_a_salted_hash_fits_its_password(void **state)
{
	struct kp_buf longest = repeat('x', 72);

	(void)state;
	expect_hash("bcrypt", "4", "swordfish", "$2b$04$");
	expect_hash("bcrypt", "05", "", "$2b$05$");
	expect_hash("bcrypt", "", "\xc3\xa4\xff", "$2b$10$");
	expect_hash("bcrypt", "4", longest.data, "$2b$04$");
	expect_hash("sha512crypt", "", "swordfish", "$6$");
	kp_buf_wipe(&longest);
}

static void
test_a_salt_is_never_the_same(void **state)
{
	struct kp_buf first = { 0 }, second = { 0 };
	struct kp_filter_error why;

	(void)state;
	assert_true(apply("bcrypt", kp_str_of("a"), "4", "", &first, &why));
	assert_true(apply("bcrypt", kp_str_of("a"), "4", "", &second, &why));
	assert_string_not_equal(first.data, second.data);
	kp_buf_wipe(&first);
	kp_buf_wipe(&second);
}

static void
test_what_a_hash_would_not_count_is_refused(void **state)
{
	struct kp_buf value = repeat('x', 73), out = { 0 };
	struct kp_filter_error why;

	(void)state;
	assert_false(apply("bcrypt", kp_buf_view(&value), "4", "", &out, &why));
	assert_string_equal(why.text,
	    "bcrypt reads no more than 72 bytes, it has 73");
	kp_buf_wipe(&value);
	value = repeat('x', 512);
	assert_false(
	    apply("sha512crypt", kp_buf_view(&value), "", "", &out, &why));
	assert_string_equal(why.text,
	    "sha512crypt takes no more than 511 bytes");
	kp_buf_wipe(&value);
	kp_buf_wipe(&out);
}

static void
expect_reuse(const char *name, const char *filter, const char *argument,
    const char *password, const char *current, const char *known)
{
	struct kp_filter_error why;
	struct kp_buf out = { 0 };

	assert_true(
	    apply(filter, kp_str_of(password), argument, current, &out, &why));
	if (known != NULL)
		expect_text(name, kp_buf_view(&out), known);
	else if (strstr(current, out.data) != NULL)
		fail_msg("%s: a hash was taken again", name);
	assert_true(fits(password, out.data));
	kp_buf_wipe(&out);
}

static void
test_a_hash_that_still_fits_is_taken_again(void **state)
{
	struct kp_buf known = { 0 }, current = { 0 };
	struct kp_filter_error why;

	(void)state;
	assert_true(
	    apply("bcrypt", kp_str_of("swordfish"), "4", "", &known, &why));
	kp_buf_add_format(&current, "a: $2b$\nb: \"%s\"\n", known.data);
	expect_reuse("it fits", "bcrypt", "4", "swordfish", current.data,
	    known.data);
	expect_reuse("another password", "bcrypt", "4", "swordfisch",
	    current.data, NULL);
	expect_reuse("another cost", "bcrypt", "5", "swordfish", current.data,
	    NULL);
	expect_reuse("another kind", "sha512crypt", "", "swordfish",
	    current.data, NULL);
	kp_buf_add_text(&current, known.data);
	kp_buf_cut(&current, current.len - 1);
	expect_reuse("one is cut short, one is whole", "bcrypt", "4",
	    "swordfish", current.data, known.data);
	kp_buf_cut(&current, 0);
	kp_buf_add_format(&current, "%sA", known.data);
	expect_reuse("more follows it", "bcrypt", "4", "swordfish",
	    current.data, NULL);
	kp_buf_wipe(&known);
	kp_buf_wipe(&current);
	assert_true(
	    apply("sha512crypt", kp_str_of("swordfish"), "", "", &known, &why));
	kp_buf_add_format(&current, "root:%s:19000:0:::::\n", known.data);
	expect_reuse("a line of a shadow file", "sha512crypt", "", "swordfish",
	    current.data, known.data);
	kp_buf_wipe(&known);
	kp_buf_wipe(&current);
}

/* What is in the target may have been put there to keep us busy. */
static void
test_a_hash_of_a_thousand_million_rounds_is_not_tried(void **state)
{
	static const char current[] =
	    "$6$rounds=999999999$saltsalt$"
	    "qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc"
	    ".eoxqOmSuNp2xS0ktL3nh/";

	(void)state;
	expect_reuse("many rounds", "sha512crypt", "", "swordfish", current,
	    NULL);
}

static void
test_names_of_filters(void **state)
{
	const char *const *name;

	(void)state;
	for (name = kp_filter_names(); *name != NULL; name++)
		assert_string_equal(kp_filter_by_name(kp_str_of(*name))->name,
		    *name);
	assert_null(kp_filter_by_name(kp_str_of("")));
	assert_null(kp_filter_by_name(kp_str_of("TRIM")));
	assert_null(kp_filter_by_name(kp_str_of("trimm")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_becomes_of_a_value),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_values_of_a_mebibyte),
		cmocka_unit_test(test_a_salted_hash_fits_its_password),
		cmocka_unit_test(test_a_salt_is_never_the_same),
		cmocka_unit_test(test_what_a_hash_would_not_count_is_refused),
		cmocka_unit_test(test_a_hash_that_still_fits_is_taken_again),
		cmocka_unit_test(
		    test_a_hash_of_a_thousand_million_rounds_is_not_tried),
		cmocka_unit_test(test_names_of_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
