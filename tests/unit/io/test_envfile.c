/* SPDX-License-Identifier: MIT */
/* test_envfile - settings as compose-go's dotenv package reads them. */
#include "io/envfile.h"

#include "scratch.h"

static const struct {
	const char *name, *text, *expect; /* "NAME=value|NAME=value" */
} good[] = {
	{ "a bare value", "A=b", "A=b" },
	{ "no value at all", "A=", "A=" },
	{ "blanks around are no part of it", " A = b \n", "A=b" },
	{ "a colon stands for the equals sign", "A: b", "A=b" },
	{ "export is skipped", "export A=b", "A=b" },
	{ "export may be a name", "export=b", "export=b" },
	{ "exported is a name", "exported=b", "exported=b" },
	{ "a comment begins at a blank and a hash", "A=b # c", "A=b" },
	{ "a hash inside a word is no comment", "A=b#c", "A=b#c" },
	{ "a tab and a hash are no comment", "A=b\t#c", "A=b\t#c" },
	{ "a line of comment", "# A=b\nB=c", "B=c" },
	{ "CR LF is a line ending", "A=b\r\nB=c\r\n", "A=b|B=c" },
	{ "a byte order mark is skipped",
	    "\xef\xbb\xbf"
	    "A=b",
	    "A=b" },
	{ "two dollars are one", "A=a$$b", "A=a$b" },
	{ "bare backslashes are bytes", "A=a\\nb", "A=a\\nb" },
	{ "quotes in the middle are bytes", "A=a\"b\"", "A=a\"b\"" },
	{ "single quotes keep all", "A='a $b \\n # \"'", "A=a $b \\n # \"" },
	{ "an escaped single quote", "A='it\\'s'", "A=it's" },
	{ "a doubled backslash in single quotes is two", "A='a\\\\b'",
	    "A=a\\\\b" },
	{ "double quotes read escapes", "A=\"a\\nb\\t\\\\\\\"\\$\"",
	    "A=a\nb\t\\\"$" },
	{ "an unknown escape stays", "A=\"a\\xb\\'\"", "A=a\\xb\\'" },
	{ "a quoted value spans lines", "A='a\nb'\nB=c", "A=a\nb|B=c" },
	{ "a comment behind quotes", "A='b' # c\nB=c", "A=b|B=c" },
	{ "an empty quoted value", "A=''\nB=\"\"", "A=|B=" },
	{ "a name alone changes nothing", "A\nB=c", "B=c" },
	{ "a name alone at the end", "B=c\nA", "B=c" },
	{ "bytes above 127 are kept", "A=\xff\xfe", "A=\xff\xfe" },
	{ "dots and dashes in a name", "a.b-c=d", "a.b-c=d" },
	{ "an equals sign in a value", "A=b=c", "A=b=c" },
};

static void
describe(const struct kp_envfile *envfile, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < envfile->count; i++) {
		if (i > 0)
			kp_buf_add_char(out, '|');
		kp_buf_add_text(out, envfile->settings[i].name);
		kp_buf_add_char(out, '=');
		kp_buf_add(out, kp_buf_view(&envfile->settings[i].value));
	}
}

static void
test_settings_are_read_as_compose_does(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct kp_source src = { .name = ".env",
			.text = kp_str_of(good[i].text) };
		struct kp_envfile envfile = { 0 };
		struct kp_diags diags = { 0 };
		struct kp_buf got = { 0 };

		if (!kp_envfile_parse(&envfile, &src, &diags))
			fail_msg("%s: %s", good[i].name, diags.list[0].text);
		describe(&envfile, &got);
		if (!kp_str_is(kp_buf_view(&got), good[i].expect))
			fail_msg("%s: got %s", good[i].name, got.data);
		kp_buf_wipe(&got);
		kp_envfile_wipe(&envfile);
	}
}

static const struct {
	const char *name, *text, *expect;
	unsigned line, column;
} bad[] = {
	{ "a name in a bare value", "A=b$canary", "a $ that compose", 1, 4 },
	{ "a name in double quotes", "A=1\nB=\"${canary}\"", "a $ that", 2, 4 },
	{ "a lone dollar", "A=canary$", "a $ that compose", 1, 9 },
	{ "a dollar on a second line is shown at the value",
	    "A=\"canary\ncanary$x\"", "a $ that compose", 1, 3 },
	{ "a value that begins with a hash", "A= #canary", "begins with #", 1,
	    4 },
	{ "an open quote", "A='canary\ncanary", "never closed", 1, 3 },
	{ "text behind a quote", "A='canary'canary", "behind the closing", 1,
	    11 },
	{ "no setting", "canary canary", "not a setting", 1, 1 },
	{ "a bad byte in a name", "can&canary=x", "not a setting", 1, 1 },
	{ "an octal escape", "A=\"canary\\0123\"", "read differently", 1, 10 },
	{ "a control escape", "A=\"\\cX\"", "read differently", 1, 4 },
	{ "a backslash at the end", "A=\"canary\\", "never closed", 1, 3 },
};

static void
test_what_is_read_differently_is_an_error(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kp_source src = { .name = ".env",
			.text = kp_str_of(bad[i].text),
			.guarded = true };
		struct kp_envfile envfile = { 0 };
		struct kp_diags diags = { 0 };

		if (kp_envfile_parse(&envfile, &src, &diags))
			fail_msg("%s: no error", bad[i].name);
		scratch_expect_problem(&diags, bad[i].expect);
		assert_int_equal(diags.list[0].place.line, bad[i].line);
		assert_int_equal(diags.list[0].place.column, bad[i].column);
		kp_diags_free(&diags);
		kp_envfile_wipe(&envfile);
	}
}

static void
test_all_errors_are_reported(void **state)
{
	struct kp_envfile envfile = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put(".env", "A=$a\nB=ok\nC=$c\n? \n");
	assert_false(kp_envfile_load(&envfile, ".env", &diags));
	assert_int_equal(diags.errors, 3);
	kp_diags_free(&diags);
	kp_envfile_wipe(&envfile);
}

static void
test_a_nul_is_refused(void **state)
{
	struct kp_envfile envfile = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put_bytes(".env", "A=b\0c", 5);
	assert_false(kp_envfile_load(&envfile, ".env", &diags));
	scratch_expect_problem(&diags, "NUL at byte 4");
	kp_diags_free(&diags);
	kp_envfile_wipe(&envfile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_are_read_as_compose_does),
		cmocka_unit_test(test_what_is_read_differently_is_an_error),
		IN_SCRATCH(test_all_errors_are_reported),
		IN_SCRATCH(test_a_nul_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
