/* SPDX-License-Identifier: MIT */
/* test_memory - "@{NAME}" in the arguments of COMMAND. */
#include "base/str.h"
#include "cli/memory.h"
#include "cli/work.h"
#include "io/memfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAME_50 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define NAME_200 NAME_50 NAME_50 NAME_50 NAME_50

static char cnf_path[] = "mem:cnf", two_path[] = "mem:a-b.2_c",
            file_path[] = "/etc/file", long_path[] = "mem:" NAME_200;

/* Four targets, three of them in memory; the last one's template is absent. */
struct fixture {
	struct kp_output outputs[4];
	struct kp_work work;
	char path[KP_MEMFILE_PATH_SIZE]; /* of cnf */
};

static void
set_up(struct fixture *fixture)
{
	const struct kp_memfile_request request = {
		.path = cnf_path,
		.name = "cnf",
		.bytes = KP_STR("text\n"),
		.mode = 0600,
		.uid = (uid_t)-1,
		.gid = (gid_t)-1,
	};
	struct kp_diags diags = { 0 };

	*fixture = (struct fixture){
		.outputs = { { .to = cnf_path, .memory = cnf_path + 4 },
		    { .to = file_path },
		    { .to = two_path, .memory = two_path + 4 },
		    { .to = long_path,
		        .memory = long_path + 4,
		        .skipped = true } },
	};
	assert_true(
	    kp_memfile_make(&request, &fixture->outputs[0].descriptor, &diags));
	kp_memfile_path(fixture->outputs[0].descriptor, fixture->path);
	fixture->work.outputs = fixture->outputs;
	fixture->work.noutputs = 4;
}

static const struct {
	const char *name, *argument;
	const char *before, *after; /* the path */
} replaced[] = {
	{ "an argument of its own", "@{cnf}", "", "" },
	{ "within an argument", "--config=@{cnf}:ro", "--config=", ":ro" },
	{ "behind a part of another", "@{@{cnf}@", "@{", "@" },
	{ "behind a brace", "{@{cnf}}", "{", "}" },
};

static const struct {
	const char *name, *argument, *expect;
} kept[] = {
	{ "nothing", "", "" },
	{ "no mark at all", "a@b {x} ${y} @z", "a@b {x} ${y} @z" },
	{ "no name", "@{} @{ cnf } @{-x} @{.x} @{a/b} @{$x}",
	    "@{} @{ cnf } @{-x} @{.x} @{a/b} @{$x}" },
	{ "no end", "@{cnf", "@{cnf" },
	{ "the escape of a name", "x@@{cnf}y", "x@{cnf}y" },
	{ "the escape of a name that is none", "@@{other}", "@{other}" },
	{ "the escape behind an at sign", "a@@@{cnf}", "a@@{cnf}" },
	{ "the escape of what is no mark", "@@{} @@{ x }", "@@{} @@{ x }" },
	{ "a name of 201 bytes", "@{" NAME_200 "n}", "@{" NAME_200 "n}" },
};

/* The argument as COMMAND gets it. */
static void
assert_passed_on(struct fixture *fixture, const char *argument,
    const char *expect)
{
	char command[] = "@{cnf}", text[512];
	char *argv[] = { command, text, NULL };
	struct kp_list arguments = { 0 };
	struct kp_diags diags = { 0 };

	snprintf(text, sizeof(text), "%s", argument);
	assert_true(kp_memory_check_arguments(&fixture->work, argv, &diags));
	assert_int_equal(diags.errors, 0);
	assert_true(
	    kp_memory_pass_on(&fixture->work, argv, &arguments, &diags));
	assert_int_equal(arguments.count, 2);
	assert_string_equal(arguments.items[0], "@{cnf}");
	assert_string_equal(arguments.items[1], expect);
	assert_null(arguments.items[2]);
	kp_list_free(&arguments);
	kp_diags_free(&diags);
}

static void
test_a_name_becomes_a_path(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++) {
		struct fixture fixture;
		char expect[128];
		int fd;

		print_message("# %s\n", replaced[i].name);
		set_up(&fixture);
		fd = fixture.outputs[0].descriptor;
		snprintf(expect, sizeof(expect), "%s%s%s", replaced[i].before,
		    fixture.path, replaced[i].after);
		assert_passed_on(&fixture, replaced[i].argument, expect);
		close(fd);
	}
}

static void
test_what_is_no_name_stays(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		struct fixture fixture;
		int fd;

		print_message("# %s\n", kept[i].name);
		set_up(&fixture);
		fd = fixture.outputs[0].descriptor;
		assert_passed_on(&fixture, kept[i].argument, kept[i].expect);
		close(fd);
	}
}

static const struct {
	const char *name, *argument, *text, *hint;
} refused[] = {
	{ "an unknown name", "a=@{other}", "\"@{other}\"", "\"@@{other}\"" },
	{ "a name that is nearly one", "@{cfn}", "\"@{cfn}\"", "\"@{cnf}\"" },
	{ "case counts", "@{CNF}", "\"@{CNF}\"", "\"@{cnf}\"" },
	{ "a file is not in memory", "@{file}", "\"@{file}\"", "" },
	{ "a template that is not there", "@{" NAME_200 "}", "is not there",
	    "" },
};

static void
test_an_unknown_name_is_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct fixture fixture;
		struct kp_diags diags = { 0 };
		char command[] = "x", text[512];
		char *argv[] = { command, text, NULL };

		print_message("# %s\n", refused[i].name);
		set_up(&fixture);
		snprintf(text, sizeof(text), "%s", refused[i].argument);
		assert_false(
		    kp_memory_check_arguments(&fixture.work, argv, &diags));
		assert_int_equal(diags.errors, 1);
		assert_non_null(strstr(diags.list[0].text, refused[i].text));
		assert_non_null(strstr(diags.list[0].hint, refused[i].hint));
		kp_diags_free(&diags);
		close(fixture.outputs[0].descriptor);
	}
}

static void
test_without_files_in_memory_arguments_are_what_they_are(void **state)
{
	struct fixture fixture;
	struct kp_list arguments = { 0 };
	struct kp_diags diags = { 0 };
	char command[] = "x", text[] = "@{other} @@{cnf}";
	char *argv[] = { command, text, NULL };

	(void)state;
	set_up(&fixture);
	close(fixture.outputs[0].descriptor);
	fixture.work.outputs = &fixture.outputs[1];
	fixture.work.noutputs = 1;
	assert_true(kp_memory_check_arguments(&fixture.work, argv, &diags));
	assert_int_equal(diags.count, 0);
	assert_true(kp_memory_pass_on(&fixture.work, argv, &arguments, &diags));
	assert_int_equal(arguments.count, 0);
}

static const struct {
	const char *path, *name; /* NULL: a file's path */
} paths[] = {
	{ "mem:cnf", "cnf" },
	{ "mem:", "" },
	{ "mem", NULL },
	{ "MEM:cnf", NULL },
	{ "./mem:cnf", NULL },
	{ "/mem:cnf", NULL },
};

static void
test_a_prefix_says_that_a_target_is_in_memory(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *name = kp_memory_name(paths[i].path);

		if (paths[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, paths[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_becomes_a_path),
		cmocka_unit_test(test_what_is_no_name_stays),
		cmocka_unit_test(test_an_unknown_name_is_refused),
		cmocka_unit_test(
		    test_without_files_in_memory_arguments_are_what_they_are),
		cmocka_unit_test(test_a_prefix_says_that_a_target_is_in_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
