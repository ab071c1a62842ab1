/* SPDX-License-Identifier: MIT */
/* test_secrets - directories of secrets, the environment and files. */
#include "io/secrets.h"

#include "io/envfile.h"

#include "scratch.h"

#include <errno.h>

#define MAX 64

/* A reader over directories and an environment, with its answer. */
struct fixture {
	struct kp_list dirs;
	struct kp_secrets secrets;
	struct kp_reader reader;
	struct kp_reading reading;
	struct kp_diags diags;
};

static void
begin(struct fixture *fix, const char *dir, const char *second, char **envp,
    const struct kp_envfile *settings)
{
	struct kp_secrets_setup setup = { .envp = envp,
		.settings = settings,
		.max_bytes = MAX };

	*fix = (struct fixture){ 0 };
	assert_true(kp_list_add(&fix->dirs, dir));
	if (second != NULL)
		assert_true(kp_list_add(&fix->dirs, second));
	setup.dirs = &fix->dirs;
	assert_true(kp_secrets_open(&fix->secrets, &setup, &fix->diags));
	fix->reader = kp_secrets_reader(&fix->secrets);
}

static void
end(struct fixture *fix)
{
	kp_buf_wipe(&fix->reading.bytes);
	kp_secrets_close(&fix->secrets);
	kp_list_free(&fix->dirs);
	kp_diags_free(&fix->diags);
}

static enum kp_found
secret(struct fixture *fix, const char *name)
{
	kp_buf_wipe(&fix->reading.bytes);
	fix->reading = (struct kp_reading){ 0 };
	return fix->reader.secret(fix->reader.ctx, kp_str_of(name),
	    &fix->reading);
}

static enum kp_found
variable(struct fixture *fix, const char *name)
{
	kp_buf_wipe(&fix->reading.bytes);
	fix->reading = (struct kp_reading){ 0 };
	return fix->reader.env(fix->reader.ctx, kp_str_of(name), &fix->reading);
}

static enum kp_found
file(struct fixture *fix, const char *path)
{
	kp_buf_wipe(&fix->reading.bytes);
	fix->reading = (struct kp_reading){ 0 };
	return fix->reader.file(fix->reader.ctx, kp_str_of(path),
	    &fix->reading);
}

static void
expect(const struct fixture *fix, const char *bytes)
{
	if (!kp_str_is(kp_buf_view(&fix->reading.bytes), bytes))
		fail_msg("got %s, want %s", fix->reading.bytes.data, bytes);
}

static void
test_every_byte_of_a_secret_is_read(void **state)
{
	struct fixture fix;

	(void)state;
	mkdir("s", 0700);
	scratch_put("s/db-pass.v1", "value\n");
	begin(&fix, "s", NULL, NULL, NULL);
	assert_int_equal(secret(&fix, "db-pass.v1"), KP_FOUND);
	expect(&fix, "value\n");
	assert_string_equal(fix.reading.where, "s/db-pass.v1");
	assert_int_equal(secret(&fix, "other"), KP_ABSENT);
	end(&fix);
}

static void
test_a_name_is_never_a_path(void **state)
{
	static const char *const names[] = { "..", "../x", "..data", ".x", "-x",
		"a/b", "", "a b" };
	struct fixture fix;
	size_t i;

	(void)state;
	mkdir("s", 0700);
	mkdir("s/a", 0700);
	scratch_put("x", "canary");
	scratch_put("s/.x", "canary");
	scratch_put("s/-x", "canary");
	scratch_put("s/a/b", "canary");
	begin(&fix, "s", NULL, NULL, NULL);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(secret(&fix, names[i]), KP_ABSENT);
	end(&fix);
}

static void
test_the_first_directory_wins(void **state)
{
	struct fixture fix;
	struct kp_buf shadowed = { 0 };

	(void)state;
	mkdir("s", 0700);
	mkdir("t", 0700);
	scratch_put("s/a", "first");
	scratch_put("t/a", "second");
	scratch_put("t/b", "only");
	begin(&fix, "s", "t", NULL, NULL);
	assert_int_equal(secret(&fix, "a"), KP_FOUND);
	expect(&fix, "first");
	kp_secrets_shadowed(&fix.secrets, kp_str_of("a"), &shadowed);
	assert_true(kp_str_is(kp_buf_view(&shadowed), "t/a"));
	assert_int_equal(secret(&fix, "b"), KP_FOUND);
	expect(&fix, "only");
	kp_buf_wipe(&shadowed);
	end(&fix);
}

static void
test_a_missing_directory_has_no_secrets(void **state)
{
	struct fixture fix;

	(void)state;
	begin(&fix, "nowhere", NULL, NULL, NULL);
	assert_int_equal(secret(&fix, "a"), KP_ABSENT);
	assert_string_equal(fix.reader.looked_in,
	    "nowhere (not there), environment");
	end(&fix);
}

static void
test_what_cannot_be_a_secret_is_refused(void **state)
{
	char loop[80];
	const struct {
		const char *name, *why;
	} cases[] = {
		{ "fifo", "is a FIFO, not a file" },
		{ "dir", "is a directory, not a file" },
		{ "zero", "is a device, not a file" },
		{ "long", "is longer than 64 bytes" },
		{ "dangling", "is a symbolic link to nothing" },
		{ "loop", loop },
	};
	char bytes[MAX + 1];
	struct fixture fix;
	size_t i;

	(void)state;
	snprintf(loop, sizeof(loop), "is a loop of symbolic links: %s",
	    strerror(ELOOP));
	mkdir("s", 0700);
	memset(bytes, 'x', sizeof(bytes));
	scratch_put_bytes("s/long", bytes, sizeof(bytes));
	assert_int_equal(mkfifo("s/fifo", 0600), 0);
	assert_int_equal(mkdir("s/dir", 0700), 0);
	assert_int_equal(symlink("/dev/zero", "s/zero"), 0);
	assert_int_equal(symlink("gone", "s/dangling"), 0);
	assert_int_equal(symlink("loop", "s/loop"), 0);
	begin(&fix, "s", NULL, NULL, NULL);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(secret(&fix, cases[i].name), KP_BROKEN);
		assert_string_equal(fix.reading.why, cases[i].why);
	}
	end(&fix);
}

static void
test_a_file_in_place_of_the_directory_is_refused(void **state)
{
	struct fixture fix;

	(void)state;
	scratch_put("s", "");
	begin(&fix, "s", NULL, NULL, NULL);
	assert_int_equal(secret(&fix, "a"), KP_BROKEN);
	assert_string_equal(fix.reading.why,
	    "the directory cannot be opened: Not a directory");
	end(&fix);
}

/* As the kubelet does it: a new directory, then ..data renamed to it. */
static void
put_generation(const char *dir, const char *a, const char *b)
{
	char path[64];

	mkdir("s", 0700);
	snprintf(path, sizeof(path), "s/%s", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "s/%s/a", dir);
	scratch_put(path, a);
	snprintf(path, sizeof(path), "s/%s/b", dir);
	scratch_put(path, b);
	assert_int_equal(symlink(dir, "s/..data_tmp"), 0);
	assert_int_equal(rename("s/..data_tmp", "s/..data"), 0);
}

static void
put_links(void)
{
	assert_int_equal(symlink("..data/a", "s/a"), 0);
	assert_int_equal(symlink("..data/b", "s/b"), 0);
}

static void
drop_generation(const char *dir)
{
	char path[64];

	snprintf(path, sizeof(path), "s/%s/a", dir);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "s/%s/b", dir);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "s/%s", dir);
	assert_int_equal(rmdir(path), 0);
}

static void
test_a_rotation_does_not_mix_generations(void **state)
{
	struct fixture fix;

	(void)state;
	put_generation("..1", "a1", "b1");
	put_links();
	begin(&fix, "s", NULL, NULL, NULL);
	assert_int_equal(secret(&fix, "a"), KP_FOUND);
	expect(&fix, "a1");
	put_generation("..2", "a2", "b2");
	assert_int_equal(secret(&fix, "b"), KP_FOUND);
	expect(&fix, "b1");
	drop_generation("..1");
	assert_int_equal(secret(&fix, "b"), KP_BROKEN);
	assert_string_equal(fix.reading.why, "was replaced during the run");
	end(&fix);
}

static void
test_after_a_lost_generation_all_is_read_from_the_next(void **state)
{
	struct fixture fix;

	(void)state;
	put_generation("..1", "a1", "b1");
	put_links();
	begin(&fix, "s", NULL, NULL, NULL);
	assert_int_equal(secret(&fix, "a"), KP_FOUND);
	assert_false(kp_secrets_renew(&fix.secrets));
	put_generation("..2", "a2", "b2");
	drop_generation("..1");
	assert_int_equal(secret(&fix, "b"), KP_BROKEN);
	assert_true(kp_secrets_renew(&fix.secrets));
	assert_int_equal(secret(&fix, "a"), KP_FOUND);
	expect(&fix, "a2");
	assert_int_equal(secret(&fix, "b"), KP_FOUND);
	expect(&fix, "b2");
	assert_false(kp_secrets_renew(&fix.secrets));
	end(&fix);
}

static void
test_a_rotation_before_the_first_secret_is_followed(void **state)
{
	struct fixture fix;

	(void)state;
	put_generation("..1", "a1", "b1");
	put_links();
	begin(&fix, "s", NULL, NULL, NULL);
	put_generation("..2", "a2", "b2");
	drop_generation("..1");
	assert_int_equal(secret(&fix, "a"), KP_FOUND);
	expect(&fix, "a2");
	assert_int_equal(secret(&fix, "c"), KP_ABSENT);
	end(&fix);
}

static void
test_a_file_variable_reads_the_same_generation(void **state)
{
	struct fixture fix;
	char path[128];

	(void)state;
	put_generation("..1", "a1", "b1");
	put_links();
	snprintf(path, sizeof(path), "%s/s", scratch);
	begin(&fix, path, NULL, NULL, NULL);
	put_generation("..2", "a2", "b2");
	snprintf(path, sizeof(path), "%s/s/a", scratch);
	assert_int_equal(file(&fix, path), KP_FOUND);
	expect(&fix, "a1");
	end(&fix);
}

static void
test_plain_files_beside_data_count(void **state)
{
	struct fixture fix;

	(void)state;
	put_generation("..1", "a1", "b1");
	scratch_put("s/own", "mine");
	begin(&fix, "s", NULL, NULL, NULL);
	assert_int_equal(secret(&fix, "own"), KP_FOUND);
	expect(&fix, "mine");
	end(&fix);
}

static char *odd_environment[] = { (char[]){ "A=1" }, (char[]){ "B=x=y" },
	(char[]){ "A=2" }, (char[]){ "broken" }, (char[]){ "=empty" },
	(char[]){ "E=" }, (char[]){ "" }, NULL };

static void
test_of_two_variables_the_first_counts(void **state)
{
	struct fixture fix;

	(void)state;
	begin(&fix, "s", NULL, odd_environment, NULL);
	assert_int_equal(variable(&fix, "A"), KP_FOUND);
	expect(&fix, "1");
	assert_string_equal(fix.reading.where, "environment");
	assert_int_equal(variable(&fix, "B"), KP_FOUND);
	expect(&fix, "x=y");
	assert_int_equal(variable(&fix, "E"), KP_FOUND);
	expect(&fix, "");
	assert_int_equal(variable(&fix, "broken"), KP_ABSENT);
	assert_int_equal(variable(&fix, ""), KP_ABSENT);
	assert_int_equal(variable(&fix, "ZZZ"), KP_ABSENT);
	end(&fix);
}

static void
test_the_environment_wins_over_settings(void **state)
{
	struct kp_source src = { .name = "app.env",
		.text = KP_STR("A=9\nC=old\nC=new\n") };
	struct kp_envfile settings = { 0 };
	struct fixture fix;
	struct kp_diags diags = { 0 };

	(void)state;
	assert_true(kp_envfile_parse(&settings, &src, &diags));
	begin(&fix, "s", NULL, odd_environment, &settings);
	assert_int_equal(variable(&fix, "A"), KP_FOUND);
	expect(&fix, "1");
	assert_int_equal(variable(&fix, "C"), KP_FOUND);
	expect(&fix, "new");
	assert_string_equal(fix.reading.where, "app.env");
	end(&fix);
	kp_envfile_wipe(&settings);
}

static void
test_files_are_read_below_the_root(void **state)
{
	struct fixture fix;

	(void)state;
	mkdir("etc", 0700);
	scratch_put("etc/motd", "hello");
	begin(&fix, "s", NULL, NULL, NULL);
	fix.secrets.setup.root = scratch;
	assert_int_equal(file(&fix, "/etc/motd"), KP_FOUND);
	expect(&fix, "hello");
	assert_int_equal(file(&fix, "/etc/none"), KP_ABSENT);
	assert_int_equal(file(&fix, "/etc"), KP_BROKEN);
	end(&fix);
}

static void
test_a_near_name_is_found_among_all(void **state)
{
	struct fixture fix;

	(void)state;
	mkdir("s", 0700);
	scratch_put("s/admin_password", "canary");
	scratch_put("s/..hidden", "canary");
	begin(&fix, "s", NULL, odd_environment, NULL);
	assert_string_equal(fix.reader.nearest(fix.reader.ctx,
	                        kp_str_of("admin_pasword")),
	    "admin_password");
	assert_null(fix.reader.nearest(fix.reader.ctx, kp_str_of("zzzzzz")));
	end(&fix);
}

/* A C string would end at the NUL, and name another file. */
static void
test_what_is_no_path_is_refused(void **state)
{
	static const struct kp_str paths[] = { KP_STR(""), KP_STR("f\0g"),
		KP_STR("f\0") };
	struct fixture fix;
	size_t i;

	(void)state;
	scratch_put("f", "canary");
	begin(&fix, "s", NULL, NULL, NULL);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		fix.reading = (struct kp_reading){ 0 };
		assert_int_equal(fix.reader.file(fix.reader.ctx, paths[i],
		                     &fix.reading),
		    KP_BROKEN);
		assert_string_equal(fix.reading.why,
		    "is no path that can be opened");
		assert_int_equal(fix.reading.bytes.len, 0);
		kp_buf_wipe(&fix.reading.bytes);
	}
	end(&fix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_every_byte_of_a_secret_is_read),
		IN_SCRATCH(test_a_name_is_never_a_path),
		IN_SCRATCH(test_the_first_directory_wins),
		IN_SCRATCH(test_a_missing_directory_has_no_secrets),
		IN_SCRATCH(test_what_cannot_be_a_secret_is_refused),
		IN_SCRATCH(test_a_file_in_place_of_the_directory_is_refused),
		IN_SCRATCH(test_a_rotation_does_not_mix_generations),
		IN_SCRATCH(
		    test_after_a_lost_generation_all_is_read_from_the_next),
		IN_SCRATCH(test_a_rotation_before_the_first_secret_is_followed),
		IN_SCRATCH(test_a_file_variable_reads_the_same_generation),
		IN_SCRATCH(test_plain_files_beside_data_count),
		IN_SCRATCH(test_of_two_variables_the_first_counts),
		IN_SCRATCH(test_the_environment_wins_over_settings),
		IN_SCRATCH(test_files_are_read_below_the_root),
		IN_SCRATCH(test_a_near_name_is_found_among_all),
		IN_SCRATCH(test_what_is_no_path_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
