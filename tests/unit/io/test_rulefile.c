/* SPDX-License-Identifier: MIT */
/* test_rulefile - the raw lines of a rule file, and what is wrong in them. */
#include "io/rulefile.h"

#include "scratch.h"

static const struct {
	const char *name, *line, *key, *value; /* in a section [set x] */
} good[] = {
	{ "a bare value", "value = a b", "value", "a b" },
	{ "blanks at the ends are cut off", "\tvalue =  a \t", "value", "a" },
	{ "nothing at all", "value =", "value", "" },
	{ "empty quotes", "value = \"\"", "value", "" },
	{ "quotes keep blanks and comment signs", "value = \" a;b#c \"",
	    "value", " a;b#c " },
	{ "single quotes keep double ones", "value = '{\"a\": 1}'", "value",
	    "{\"a\": 1}" },
	{ "a comment behind quotes", "value = \"a\" ; b", "value", "a" },
	{ "quotes inside a bare value", "value = a \"b\"", "value", "a \"b\"" },
	{ "an equals sign in a value", "value = a=b", "value", "a=b" },
	{ "the case of a key does not count", "VALUE = a", "VALUE", "a" },
	{ "a bare backslash", "value = \\d+x", "value", "\\d+x" },
	{ "a comment behind a plain word", "file = a ; b", "file", "a" },
	{ "CR LF", "value = a\r", "value", "a" },
	{ "bytes that are not UTF-8", "value = \xff", "value", "\xff" },
};

static bool
parse(const char *text, struct kp_source *src, struct kp_rulefile *file,
    struct kp_diags *diags)
{
	*src = (struct kp_source){ .name = "x.conf", .text = kp_str_of(text) };
	return kp_rulefile_parse(file, src, diags);
}

static void
test_a_value_is_what_is_written(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char text[128];
		struct kp_source src;
		struct kp_rulefile file;
		struct kp_diags diags = { 0 };

		snprintf(text, sizeof(text), "[set x]\n%s\n", good[i].line);
		if (!parse(text, &src, &file, &diags))
			fail_msg("%s: %s", good[i].name, diags.list[0].text);
		assert_int_equal(file.nentries, 1);
		if (!kp_str_is(file.entries[0].key, good[i].key) ||
		    !kp_str_is(file.entries[0].value, good[i].value))
			fail_msg("%s", good[i].name);
		kp_rulefile_free(&file);
	}
}

static const struct {
	const char *name, *text, *expect, *hint;
	unsigned line, column;
} bad[] = {
	{ "an unknown section", "[fil a]\n", "unknown section",
	    "did you mean \"file\"?", 1, 2 },
	{ "an unknown key", "[set a]\nfiel = x\n", "unknown key",
	    "did you mean \"file\"?", 2, 1 },
	{ "a key twice", "[set a]\nfile = x\nFile = y\n",
	    "a key that was already set", "", 3, 1 },
	{ "a section twice", "[set a]\n[match a]\n[SET  A]\n",
	    "a repeated section", "", 3, 2 },
	{ "a comment behind a header", "[set a] ; why\n",
	    "text behind a section header", "", 1, 9 },
	{ "a header that is not closed", "[set a\n", "without its ]", "", 1,
	    1 },
	{ "a section without a name", "[set]\n", "without a name", "", 1, 2 },
	{ "options with a name", "[keyplate x]\n", "takes no name", "", 1, 11 },
	{ "an empty header", "[]\n", "unknown section", "", 1, 2 },
	{ "a key before any section", "file = x\n", "before any section", "", 1,
	    1 },
	{ "no key", "[set a]\n= canary\n", "no KEY = value", "", 2, 1 },
	{ "no value", "[set a]\ncanary\n", "no KEY = value", "", 2, 1 },
	{ "a bare semicolon", "[set a]\nvalue = a ; b\n", "unquoted ; or #",
	    "in quotes", 2, 11 },
	{ "a bare hash", "[match a]\npattern = a#b\n", "unquoted ; or #",
	    "in quotes", 2, 12 },
	{ "a hash in a path", "[file a]\npath = /a#b\n", "unquoted ; or #",
	    "in quotes", 2, 10 },
	{ "a semicolon in a command", "[file a]\nverify = a; b\n",
	    "unquoted ; or #", "in quotes", 2, 11 },
	{ "a backslash in quotes", "[set a]\nvalue = \"a\\\"b\"\n",
	    "a backslash in quotes", "without quotes", 2, 11 },
	{ "an open quote", "[set a]\nvalue = \"a\n", "never closed", "", 2, 9 },
	{ "text behind quotes", "[set a]\nvalue = \"a\" b\n",
	    "behind the closing quote", "", 2, 13 },
	{ "a joined line", "[set a]\nvalue = a\\\n  b\n",
	    "would join the next line", "", 2, 10 },
	{ "a joined comment", "# c \\\n[set a]\n", "would join", "", 1, 5 },
	{ "a control byte", "[set a]\nvalue = a\033b\n", "a control byte", "",
	    2, 10 },
	{ "a byte order mark", "\xef\xbb\xbf[set a]\n", "byte order mark", "",
	    1, 1 },
};

static void
test_what_iniparser_lets_pass_is_an_error(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kp_source src;
		struct kp_rulefile file;
		struct kp_diags diags = { 0 };

		if (parse(bad[i].text, &src, &file, &diags))
			fail_msg("%s: no error", bad[i].name);
		scratch_expect_problem(&diags, bad[i].expect);
		if (diags.list[0].place.line != bad[i].line ||
		    diags.list[0].place.column != bad[i].column ||
		    strstr(diags.list[0].hint, bad[i].hint) == NULL)
			fail_msg("%s: %u:%u %s", bad[i].name,
			    diags.list[0].place.line,
			    diags.list[0].place.column, diags.list[0].hint);
		kp_rulefile_free(&file);
		kp_diags_free(&diags);
	}
}

static void
test_a_nul_is_an_error(void **state)
{
	struct kp_source src = { .name = "x.conf",
		.text = KP_STR("[set a]\nvalue = a\0b\n") };
	struct kp_rulefile file;
	struct kp_diags diags = { 0 };

	(void)state;
	assert_false(kp_rulefile_parse(&file, &src, &diags));
	scratch_expect_problem(&diags, "a NUL");
	kp_rulefile_free(&file);
	kp_diags_free(&diags);
}

static void
expect_length(size_t len, bool good_one)
{
	struct kp_buf text = { 0 };
	struct kp_source src;
	struct kp_rulefile file;
	struct kp_diags diags = { 0 };
	size_t i;

	kp_buf_add_text(&text, "[set a]\nvalue=");
	for (i = strlen("value="); i < len; i++)
		kp_buf_add_char(&text, 'x');
	assert_int_equal(parse(text.data, &src, &file, &diags), good_one);
	kp_rulefile_free(&file);
	kp_diags_free(&diags);
	kp_buf_wipe(&text);
}

static void
test_a_line_has_at_most_1000_bytes(void **state)
{
	(void)state;
	expect_length(1000, true);
	expect_length(1001, false);
}

static void
test_all_errors_of_a_file_are_reported(void **state)
{
	struct kp_source src;
	struct kp_rulefile file;
	struct kp_diags diags = { 0 };

	(void)state;
	assert_false(parse("[wrong x]\nwhatever = 1\n[set a]\nfiel = x\n"
	                   "value = a#b\n",
	    &src, &file, &diags));
	assert_int_equal(diags.errors, 3);
	kp_rulefile_free(&file);
	kp_diags_free(&diags);
}

/* So many sections of one key each. */
static void
expect_sections(unsigned count, bool good_one)
{
	struct kp_buf text = { 0 };
	struct kp_source src;
	struct kp_rulefile file;
	struct kp_diags diags = { 0 };
	unsigned i;

	for (i = 0; i < count; i++)
		kp_buf_add_format(&text, "[set %u]\nvalue = a\n", i);
	assert_true(kp_buf_ok(&text));
	assert_int_equal(parse(text.data, &src, &file, &diags), good_one);
	if (!good_one)
		scratch_expect_problem(&diags,
		    "more than 20000 sections and keys");
	assert_int_equal(diags.count, !good_one);
	kp_rulefile_free(&file);
	kp_diags_free(&diags);
	kp_buf_wipe(&text);
}

static void
test_a_file_has_at_most_20000_sections_and_keys(void **state)
{
	(void)state;
	expect_sections(10000, true);
	expect_sections(10001, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_value_is_what_is_written),
		cmocka_unit_test(test_what_iniparser_lets_pass_is_an_error),
		cmocka_unit_test(test_a_nul_is_an_error),
		cmocka_unit_test(test_a_line_has_at_most_1000_bytes),
		cmocka_unit_test(
		    test_a_file_has_at_most_20000_sections_and_keys),
		cmocka_unit_test(test_all_errors_of_a_file_are_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
