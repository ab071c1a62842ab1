/* SPDX-License-Identifier: MIT */
/* test_config - rule files: what they say becomes a plan. */
#include "io/config.h"

#include "scratch.h"

/* Collects what [keyplate] says: "name=value|". */
static bool
note_option(void *ctx, struct kp_str name, struct kp_str value,
    const struct kp_source *src, size_t offset, struct kp_diags *diags)
{
	struct kp_buf *seen = ctx;

	kp_buf_add(seen, name);
	kp_buf_add_char(seen, '=');
	kp_buf_add(seen, kp_str_slice(src->text, offset, offset + value.len));
	kp_buf_add_char(seen, '|');
	if (kp_str_is(name, "bad"))
		return kp_diag_at(diags, src, offset, value.len,
		    "an unknown option");
	return true;
}

/* Read one file or directory. */
static bool
load(const char *path, struct kp_plan *plan, struct kp_buf *seen,
    struct kp_diags *diags)
{
	const struct kp_config_options options = { seen, note_option };
	struct kp_list paths = { 0 };
	bool good;

	assert_true(kp_list_add(&paths, path));
	good = kp_config_load(plan, &paths, &options, diags);
	kp_list_free(&paths);
	return good;
}

/* The text that a rule says it was written as. */
static void
expect_written(const struct kp_written *written, const char *text)
{
	struct kp_str got = kp_str_slice(written->src->text, written->offset,
	    written->offset + written->len);

	if (!kp_str_is(got, text))
		fail_msg("written: %.*s, want %s", (int)got.len, got.ptr, text);
}

static const char all_kinds[] = "[keyplate]\n"
                                "user = grafana\n"
                                "\n"
                                "[file Grafana]\n"
                                "path   = /etc/grafana.ini\n"
                                "source = /etc/grafana.ini.tmpl ; the image's\n"
                                "mode   = 0640\n"
                                "optional = Yes\n"
                                "in-place = off\n"
                                "\n"
                                "[set admin password]\n"
                                "file  = grafana\n"
                                "key   = security.admin_password\n"
                                "value = \"${secret:admin; x}\"\n"
                                "\n"
                                "[match skip]\n"
                                "file    = /etc/other.yml\n"
                                "pattern = ^\\s*skip:\\s*(?<value>xxx)\\s*$\n"
                                "value   = ${env:SKIP|bool}\n"
                                "count   = any\n"
                                "\n"
                                "[export user]\n"
                                "name  = ADMIN_USER\n"
                                "value =\n";

static void
test_each_kind_of_section_is_read(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_buf seen = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put("x.conf", all_kinds);
	if (!load("x.conf", &plan, &seen, &diags))
		fail_msg("%s", diags.list[0].text);
	assert_string_equal(seen.data, "user=grafana|");
	assert_int_equal(plan.ntargets, 2);
	assert_string_equal(plan.targets[0].name, "Grafana");
	assert_string_equal(plan.targets[0].path, "/etc/grafana.ini");
	assert_string_equal(plan.targets[0].source, "/etc/grafana.ini.tmpl");
	assert_string_equal(plan.targets[0].mode, "0640");
	assert_true(plan.targets[0].optional);
	assert_false(plan.targets[0].in_place);
	assert_null(plan.targets[0].owner);
	expect_written(&plan.targets[0].written, "file Grafana");
	assert_string_equal(plan.sets[0].name, "admin password");
	assert_string_equal(plan.sets[0].key, "security.admin_password");
	assert_string_equal(plan.sets[0].value, "${secret:admin; x}");
	expect_written(&plan.sets[0].value_written, "${secret:admin; x}");
	assert_string_equal(plan.matches[0].pattern,
	    "^\\s*skip:\\s*(?<value>xxx)\\s*$");
	assert_null(plan.matches[0].replace);
	assert_true(plan.matches[0].count == KP_COUNT_ANY);
	expect_written(&plan.matches[0].pattern_written,
	    "^\\s*skip:\\s*(?<value>xxx)\\s*$");
	assert_string_equal(plan.exports[0].variable, "ADMIN_USER");
	assert_string_equal(plan.exports[0].value, "");
	assert_true(kp_plan_check(&plan, &diags));
	kp_plan_free(&plan);
	kp_buf_wipe(&seen);
}

static void
test_a_path_without_a_section_becomes_a_target(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_buf seen = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put("x.conf",
	    "[set a]\nfile = /etc/x\nkey = k\nvalue = v\n"
	    "[set b]\nfile = /etc/x\nkey = l\nvalue = w\n");
	assert_true(load("x.conf", &plan, &seen, &diags));
	assert_int_equal(plan.ntargets, 1);
	assert_null(plan.targets[0].name);
	assert_string_equal(plan.targets[0].path, "/etc/x");
	kp_plan_free(&plan);
}

static const struct {
	const char *name, *text, *expect;
	unsigned line, column;
} bad[] = {
	{ "a file without a path", "[file a]\nmode = 0600\n", "path is missing",
	    1, 2 },
	{ "an empty path", "[file a]\npath =\n", "path is empty", 2, 7 },
	{ "a set without a value", "[set a]\nfile = /x\nkey = k\n",
	    "value is missing", 1, 2 },
	{ "a match with nothing to put in",
	    "[match a]\nfile = /x\npattern = x\n", "value or replace is", 1,
	    2 },
	{ "a match with both",
	    "[match a]\nfile = /x\npattern = x\nvalue = a\nreplace = b\n",
	    "replace and value are both", 5, 11 },
	{ "a count of 0",
	    "[match a]\nfile = /x\npattern = x\nvalue = a\ncount = 0\n",
	    "count is no number", 5, 9 },
	{ "an odd truth", "[file a]\npath = /x\noptional = maybe\n",
	    "optional is neither yes nor no", 3, 12 },
	{ "a format that is none", "[file a]\npath = /x\nformat = yml\n",
	    "format wants the name of a format", 3, 10 },
	{ "a syntax that is none", "[file a]\npath = /x\nsyntax = jinja\n",
	    "syntax wants the name of a syntax", 3, 10 },
	{ "one delimiter", "[file a]\npath = /x\ndelimiters = {{\n",
	    "delimiters wants two marks", 3, 14 },
	{ "a mode of one digit", "[file a]\npath = /x\nmode = 6\n",
	    "mode wants a file mode from 0000 to 0777", 3, 8 },
	{ "a mode that is not octal", "[file a]\npath = /x\nmode = 888\n",
	    "mode wants", 3, 8 },
	{ "a mode of a set-user-ID file", "[file a]\npath = /x\nmode = 4755\n",
	    "mode wants", 3, 8 },
	{ "a verify command of no words", "[file a]\npath = /x\nverify =\n",
	    "verify is empty", 3, 9 },
	{ "a variable with a dash", "[export a]\nname = a-b\nvalue = c\n",
	    "is no name of a variable", 2, 8 },
	{ "an option that is unknown", "[keyplate]\nbad = 1\n",
	    "an unknown option", 2, 7 },
};

static void
test_what_makes_no_plan_is_an_error(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kp_plan plan = { 0 };
		struct kp_buf seen = { 0 };
		struct kp_diags diags = { 0 };

		scratch_put("x.conf", bad[i].text);
		if (load("x.conf", &plan, &seen, &diags))
			fail_msg("%s: no error", bad[i].name);
		scratch_expect_problem(&diags, bad[i].expect);
		if (diags.list[0].place.line != bad[i].line ||
		    diags.list[0].place.column != bad[i].column)
			fail_msg("%s: %u:%u", bad[i].name,
			    diags.list[0].place.line,
			    diags.list[0].place.column);
		kp_plan_free(&plan);
		kp_buf_wipe(&seen);
		kp_diags_free(&diags);
	}
}

static void
test_a_directory_is_read_in_the_order_of_names(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_buf seen = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	mkdir("d", 0700);
	scratch_put("d/20.conf", "[keyplate]\nb = 2\n");
	scratch_put("d/10.conf", "[keyplate]\na = 1\n");
	scratch_put("d/30.txt", "[nonsense\n");
	scratch_put("d/.hidden.conf", "[nonsense\n");
	assert_true(load("d", &plan, &seen, &diags));
	assert_string_equal(seen.data, "a=1|b=2|");
	kp_plan_free(&plan);
	kp_buf_wipe(&seen);
}

static void
test_a_name_in_two_files_is_an_error(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_buf seen = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	mkdir("d", 0700);
	scratch_put("d/1.conf", "[file a]\npath = /x\n");
	scratch_put("d/2.conf", "[file A]\npath = /y\n");
	assert_false(load("d", &plan, &seen, &diags));
	scratch_expect_problem(&diags, "a section that d/1.conf has too");
	assert_string_equal(diags.list[0].path, "d/2.conf");
	kp_plan_free(&plan);
	kp_diags_free(&diags);
}

/* What stands below the header counts for nothing here. */
static void
test_a_name_of_each_kind_is_one_file_s(void **state)
{
	static const struct {
		const char *header, *rest;
	} kinds[] = {
		{ "[set a b]", "file = /x\nkey = k\nvalue = v\n" },
		{ "[match a b]", "file = /x\npattern = p\nvalue = v\n" },
		{ "[export a b]", "name = N\nvalue = v\n" },
	};
	size_t i;

	(void)state;
	mkdir("d", 0700);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct kp_plan plan = { 0 };
		struct kp_buf seen = { 0 }, text = { 0 };
		struct kp_diags diags = { 0 };

		kp_buf_add_format(&text, "%s\n%s", kinds[i].header,
		    kinds[i].rest);
		assert_true(kp_buf_ok(&text));
		scratch_put("d/1.conf", text.data);
		scratch_put("d/2.conf", text.data);
		assert_false(load("d", &plan, &seen, &diags));
		scratch_expect_problem(&diags,
		    "a section that d/1.conf has too");
		assert_int_equal(diags.errors, 1);
		assert_string_equal(diags.list[0].path, "d/2.conf");
		assert_int_equal(diags.list[0].place.line, 1);
		kp_plan_free(&plan);
		kp_diags_free(&diags);
		kp_buf_wipe(&text);
	}
}

/* A [set x] and a [match x] are two rules. */
static void
test_a_name_may_be_of_several_kinds(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_buf seen = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	mkdir("d", 0700);
	scratch_put("d/1.conf", "[file a]\npath = /x\n");
	scratch_put("d/2.conf", "[set a]\nfile = a\nkey = k\nvalue = v\n");
	scratch_put("d/3.conf",
	    "[match a]\nfile = a\npattern = p\nvalue = v\n");
	scratch_put("d/4.conf", "[export a]\nname = N\nvalue = v\n");
	assert_true(load("d", &plan, &seen, &diags));
	assert_int_equal(diags.count, 0);
	kp_plan_free(&plan);
}

/* In the table of names these two, with their kinds, have one number. */
static void
test_names_of_one_hash_are_two_names(void **state)
{
	struct kp_plan plan = { 0 };
	struct kp_buf seen = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	mkdir("d", 0700);
	scratch_put("d/1.conf",
	    "[export other]\nname = O\nvalue = v\n"
	    "[export n36601]\nname = N\nvalue = v\n");
	scratch_put("d/2.conf",
	    "[set m31048]\nfile = /x\nkey = k\nvalue = v\n");
	assert_true(load("d", &plan, &seen, &diags));
	assert_int_equal(diags.count, 0);
	assert_int_equal(plan.nexports, 2);
	assert_int_equal(plan.nsets, 1);
	kp_plan_free(&plan);
}

static void
test_a_missing_file_is_an_error_only_when_named(void **state)
{
	const struct kp_config_options options = { NULL, note_option };
	struct kp_plan plan = { 0 };
	struct kp_buf seen = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	assert_true(kp_config_load_default(&plan, scratch, &options, &diags));
	assert_false(load("none.conf", &plan, &seen, &diags));
	scratch_expect_problem(&diags, "cannot be opened");
	kp_plan_free(&plan);
	kp_diags_free(&diags);
}

static void
test_the_default_places_are_read_below_the_root(void **state)
{
	struct kp_buf seen = { 0 };
	const struct kp_config_options options = { &seen, note_option };
	struct kp_plan plan = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	mkdir("etc", 0700);
	mkdir("etc/keyplate.d", 0700);
	scratch_put("etc/keyplate.conf", "[keyplate]\na = 1\n");
	scratch_put("etc/keyplate.d/x.conf", "[keyplate]\nb = 2\n");
	assert_true(kp_config_load_default(&plan, scratch, &options, &diags));
	assert_string_equal(seen.data, "a=1|b=2|");
	kp_plan_free(&plan);
	kp_buf_wipe(&seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_each_kind_of_section_is_read),
		IN_SCRATCH(test_a_path_without_a_section_becomes_a_target),
		IN_SCRATCH(test_what_makes_no_plan_is_an_error),
		IN_SCRATCH(test_a_directory_is_read_in_the_order_of_names),
		IN_SCRATCH(test_a_name_in_two_files_is_an_error),
		IN_SCRATCH(test_a_name_of_each_kind_is_one_file_s),
		IN_SCRATCH(test_a_name_may_be_of_several_kinds),
		IN_SCRATCH(test_names_of_one_hash_are_two_names),
		IN_SCRATCH(test_a_missing_file_is_an_error_only_when_named),
		IN_SCRATCH(test_the_default_places_are_read_below_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
