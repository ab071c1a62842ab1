/* SPDX-License-Identifier: MIT */
/* test_report - how a problem looks. */
#include "cli/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	struct kp_diag diag;
	const char *text, *json;
} cases[] = {
	{ "an error of no file", { .text = "no command" },
	    "keyplate: no command\n",
	    "{\"severity\":\"error\",\"message\":\"no command\"}\n" },
	{ "a place, the marked line and what to do",
	    { .path = "/etc/app.ini",
	        .place = { 12, 5 },
	        .text = "no value for \"pw\"",
	        .line = "p = ${pw}",
	        .caret = 4,
	        .width = 5,
	        .hint = "did you mean \"pwd\"?" },
	    "keyplate: /etc/app.ini:12:5: no value for \"pw\"\n"
	    "    p = ${pw}\n"
	    "        ^~~~~\n"
	    "    hint: did you mean \"pwd\"?\n",
	    "{\"severity\":\"error\",\"path\":\"/etc/app.ini\","
	    "\"line\":12,\"column\":5,"
	    "\"message\":\"no value for \\\"pw\\\"\","
	    "\"hint\":\"did you mean \\\"pwd\\\"?\"}\n" },
	{ "the words of the kernel come last",
	    { .path = "/etc/app.ini",
	        .sys_errno = EACCES,
	        .text = "cannot write" },
	    "keyplate: /etc/app.ini: cannot write: Permission denied\n",
	    "{\"severity\":\"error\",\"path\":\"/etc/app.ini\","
	    "\"message\":\"cannot write\","
	    "\"error\":\"Permission denied\"}\n" },
	{ "a warning says that it is one",
	    { .severity = KP_WARNING, .path = "s", .text = "ends in blanks" },
	    "keyplate: s: warning: ends in blanks\n",
	    "{\"severity\":\"warning\",\"path\":\"s\","
	    "\"message\":\"ends in blanks\"}\n" },
	{ "a note says that it is one",
	    { .severity = KP_NOTE, .text = "nothing to do" },
	    "keyplate: note: nothing to do\n",
	    "{\"severity\":\"note\",\"message\":\"nothing to do\"}\n" },
	{ "a path cannot end the line or drive the terminal",
	    { .path = "a\nb\033[2Jc\177", .text = "is odd" },
	    "keyplate: a\\x0ab\\x1b[2Jc\\x7f: is odd\n",
	    "{\"severity\":\"error\","
	    "\"path\":\"a\\u000ab\\u001b[2Jc\\u007f\","
	    "\"message\":\"is odd\"}\n" },
	{ "a name cannot turn the line around",
	    { .text = "no \"a\xe2\x80\xae"
	              "b\xc2\x85\"" },
	    "keyplate: no \"a\\u202eb\\u0085\"\n",
	    "{\"severity\":\"error\","
	    "\"message\":\"no \\\"a\\u202eb\\u0085\\\"\"}\n" },
	{ "what is not UTF-8 is told by its bytes",
	    { .text = "no \"\xff\xc3\"" }, "keyplate: no \"\\xff\\xc3\"\n",
	    "{\"severity\":\"error\","
	    "\"message\":\"no \\\"\\ufffd\\ufffd\\\"\"}\n" },
	{ "other letters are printed as they are",
	    { .text = "no \"gr\xc3\xbc\xc3\x9f\"" },
	    "keyplate: no \"gr\xc3\xbc\xc3\x9f\"\n",
	    "{\"severity\":\"error\","
	    "\"message\":\"no \\\"gr\xc3\xbc\xc3\x9f\\\"\"}\n" },
	{ "the caret stays below its place whatever stands before it",
	    { .text = "odd",
	        .path = "f",
	        .place = { 1, 4 },
	        .line = "\xc3\xbc\xff\033x",
	        .caret = 3,
	        .width = 1 },
	    "keyplate: f:1:4: odd\n"
	    "    \xc3\xbc..x\n"
	    "       ^\n",
	    "{\"severity\":\"error\",\"path\":\"f\",\"line\":1,\"column\":4,"
	    "\"message\":\"odd\"}\n" },
};

/* As compilers and GitHub's workflows have it: a problem is a line or two. */
static const struct {
	const char *name;
	struct kp_diag diag;
	const char *gcc, *github;
} lines[] = {
	{ "an error of no file", { .text = "no command" },
	    "keyplate: error: no command\n", "::error::no command\n" },
	{ "a place and what to do",
	    { .path = "/etc/app.ini",
	        .place = { 12, 5 },
	        .text = "no value for \"pw\"",
	        .line = "p = ${pw}",
	        .hint = "did you mean \"pwd\"?" },
	    "/etc/app.ini:12:5: error: no value for \"pw\"\n"
	    "/etc/app.ini:12:5: note: did you mean \"pwd\"?\n",
	    "::error file=/etc/app.ini,line=12,col=5::no value for \"pw\""
	    "%0Ahint: did you mean \"pwd\"?\n" },
	{ "a whole file, and the words of the kernel",
	    { .path = "app.ini", .sys_errno = EACCES, .text = "cannot write" },
	    "app.ini: error: cannot write: Permission denied\n",
	    "::error file=app.ini::cannot write: Permission denied\n" },
	{ "warnings and notes",
	    { .severity = KP_WARNING, .path = "s", .text = "odd" },
	    "s: warning: odd\n", "::warning file=s::odd\n" },
	{ "a note is a notice there",
	    { .severity = KP_NOTE, .text = "nothing to do" },
	    "keyplate: note: nothing to do\n", "::notice::nothing to do\n" },
	{ "no name begins a command of its own",
	    { .path = "a,b:c%\nd", .text = "100% \n::error::x" },
	    "a,b:c%\\x0ad: error: 100% \\x0a::error::x\n",
	    "::error file=a%2Cb%3Ac%25\\x0ad::100%25 \\x0a::error::x\n" },
};

static void
check(const char *name, struct kp_buf *out, const char *expect)
{
	if (!kp_buf_ok(out) || !kp_str_is(kp_buf_view(out), expect))
		fail_msg("%s: got %s, want %s", name, out->data, expect);
	kp_buf_wipe(out);
}

static void
test_as_text(void **state)
{
	struct kp_buf out = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kp_report_add_text(&cases[i].diag, false, &out);
		check(cases[i].name, &out, cases[i].text);
	}
}

static void
test_as_json(void **state)
{
	struct kp_buf out = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		kp_report_add_json(&cases[i].diag, &out);
		check(cases[i].name, &out, cases[i].json);
	}
}

static void
test_a_line_for_editors_and_workflows(void **state)
{
	struct kp_buf out = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		kp_report_add_gcc(&lines[i].diag, &out);
		check(lines[i].name, &out, lines[i].gcc);
		kp_report_add_github(&lines[i].diag, &out);
		check(lines[i].name, &out, lines[i].github);
	}
}

/* ECMA-48: SGR 1 is bold, 31 red, 32 green, 0 ends them. */
static void
test_colours_end_where_they_began(void **state)
{
	static const struct kp_diag diag = {
		.path = "f",
		.place = { 1, 1 },
		.text = "odd",
		.line = "x",
		.width = 1,
		.hint = "do",
	};
	struct kp_buf out = { 0 };

	(void)state;
	kp_report_add_text(&diag, true, &out);
	check("an error in colours", &out,
	    "keyplate: \033[1mf:1:1:\033[0m odd\n"
	    "    x\n"
	    "    \033[1;31m^\033[0m\n"
	    "    \033[32mhint:\033[0m do\n");
}

/* What kp_report() writes to standard error, for a given set of options. */
static void
check_printed(const char *name, struct kp_diags *diags,
    const struct kp_options *options, const char *expect)
{
	char said[512] = "";
	int saved = dup(STDERR_FILENO);
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
	kp_report(diags, options);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	close(saved);
	rewind(file);
	assert_true(fread(said, 1, sizeof(said) - 1, file) > 0);
	fclose(file);
	if (strcmp(said, expect) != 0)
		fail_msg("%s: got %s, want %s", name, said, expect);
}

static void
record_one_of_each(struct kp_diags *diags)
{
	kp_diag_usage(diags, "bad option");
	kp_diag_note(diags, "b", "note");
	kp_diag_warn(diags, "a", "warning");
	kp_diag_file(diags, "c", "error");
}

static void
test_what_is_shown(void **state)
{
	static const struct {
		const char *name;
		struct kp_options options;
		const char *expect;
	} views[] = {
		{ "notes are not shown unless asked for", { .color = -1 },
		    "keyplate: a: warning: warning\n"
		    "keyplate: c: error\n"
		    "keyplate: bad option\n" },
		{ "-v shows notes", { .color = -1, .verbose = 1 },
		    "keyplate: a: warning: warning\n"
		    "keyplate: b: note: note\n"
		    "keyplate: c: error\n"
		    "keyplate: bad option\n" },
		{ "-q shows errors alone", { .color = -1, .quiet = true },
		    "keyplate: c: error\n"
		    "keyplate: bad option\n" },
		{ "JSON has no colours",
		    { .color = 1, .log_format = KP_LOG_JSON, .quiet = true },
		    "{\"severity\":\"error\",\"path\":\"c\","
		    "\"message\":\"error\"}\n"
		    "{\"severity\":\"error\",\"message\":\"bad option\"}\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		struct kp_diags diags = { 0 };

		record_one_of_each(&diags);
		check_printed(views[i].name, &diags, &views[i].options,
		    views[i].expect);
		assert_int_equal(diags.count, 0);
		assert_int_equal(diags.errors, 2);
		kp_diags_free(&diags);
	}
}

static void
test_what_was_reported_is_not_reported_again(void **state)
{
	static const struct kp_options options = { .color = -1 };
	struct kp_diags diags = { 0 };

	(void)state;
	kp_diag_file(&diags, "f", "first");
	check_printed("first", &diags, &options, "keyplate: f: first\n");
	kp_diag_file(&diags, "f", "second");
	check_printed("second", &diags, &options, "keyplate: f: second\n");
	kp_diags_free(&diags);
}

static void
test_the_number_of_problems_not_kept(void **state)
{
	static const struct kp_options options = { .color = -1, .quiet = true };
	struct kp_diags diags = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < KP_DIAGS_MAX; i++)
		kp_diag_warn(&diags, "f", "warning");
	kp_diag_file(&diags, "f", "one");
	kp_diag_file(&diags, "f", "two");
	check_printed("two of 1002", &diags, &options,
	    "keyplate: 2 more problems are not shown\n");
	kp_diags_free(&diags);
}

static void
test_a_reader_that_is_gone_or_asleep_holds_up_nothing(void **state)
{
	static const struct kp_options options = { .color = -1 };
	struct kp_diags diags = { 0 };
	int saved = dup(STDERR_FILENO);
	int ends[2];
	size_t i;

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	/* More than the 64 KiB that a pipe holds. */
	for (i = 0; i < KP_DIAGS_MAX; i++)
		kp_diag_file(&diags, "f", "%0100d", 0);
	kp_report(&diags, &options);
	kp_diag_file(&diags, "f", "nobody reads this");
	close(STDERR_FILENO);
	kp_report(&diags, &options);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(diags.count, 0);
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_text),
		cmocka_unit_test(test_as_json),
		cmocka_unit_test(test_a_line_for_editors_and_workflows),
		cmocka_unit_test(test_colours_end_where_they_began),
		cmocka_unit_test(test_what_is_shown),
		cmocka_unit_test(test_what_was_reported_is_not_reported_again),
		cmocka_unit_test(test_the_number_of_problems_not_kept),
		cmocka_unit_test(
		    test_a_reader_that_is_gone_or_asleep_holds_up_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
