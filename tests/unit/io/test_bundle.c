/* SPDX-License-Identifier: MIT */
/* test_bundle - what is stored is what is loaded. */
#include "io/bundle.h"

#include "scratch.h"

/* Linux 6.3. */
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x0020
#endif

#define TEXT(text) ((char[]){ text })

static char *no_strings[] = { NULL };
static char *arguments[] = { TEXT(""), TEXT("two words"), TEXT(""), TEXT("-x"),
	TEXT(""), NULL };
static char *variables[] = { TEXT("A=1"), TEXT("EMPTY="),
	TEXT("no equals sign"), NULL };

static void
expect(char *const *got, char *const *want)
{
	for (; *want != NULL; got++, want++) {
		assert_non_null(*got);
		assert_string_equal(*got, *want);
	}
	assert_null(*got);
}

static void
pass(int fd, char *const *argv, char *const *envp, size_t argc)
{
	struct kp_bundle bundle = { 0 };
	struct kp_diags diags = { 0 };
	char here[256];

	assert_true(kp_bundle_store(fd, argv, envp, &diags));
	assert_true(kp_bundle_load(fd, &bundle, &diags));
	expect(bundle.argv, argv);
	expect(bundle.envp, envp);
	assert_int_equal(bundle.argc, argc);
	assert_string_equal(bundle.directory, getcwd(here, sizeof(here)));
	kp_bundle_wipe(&bundle);
	assert_int_equal(diags.count, 0);
}

static void
test_what_is_stored_is_loaded(void **state)
{
	struct kp_diags diags = { 0 };
	int fd = kp_bundle_open(&diags);

	(void)state;
	pass(fd, arguments, variables, 5);
	/* A shorter one leaves nothing of the one before. */
	pass(fd, arguments + 3, variables + 2, 2);
	pass(fd, no_strings, variables, 0);
	pass(fd, arguments, no_strings, 5);
	pass(fd, no_strings, no_strings, 0);
	close(fd);
}

static void
test_nobody_else_may_open_it_nor_execute_it(void **state)
{
	struct kp_diags diags = { 0 };
	int fd = kp_bundle_open(&diags);
	struct stat st;

	(void)state;
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* Linux 6.3 and later seal that; before, everything is. */
	if ((fcntl(fd, F_GET_SEALS) & F_SEAL_EXEC) != 0)
		assert_int_equal(fchmod(fd, 0700), -1);
	else
		assert_int_equal(fcntl(fd, F_GET_SEALS), 0);
	close(fd);
}

static void
test_the_directory_is_found_again_or_said(void **state)
{
	struct kp_bundle bundle = { 0 };
	struct kp_diags diags = { 0 };
	int fd = kp_bundle_open(&diags);
	char here[256];

	(void)state;
	assert_int_equal(mkdir("work", 0700), 0);
	assert_int_equal(chdir("work"), 0);
	assert_true(kp_bundle_store(fd, no_strings, no_strings, &diags));
	assert_int_equal(chdir("/"), 0);
	assert_true(kp_bundle_load(fd, &bundle, &diags));
	assert_true(kp_bundle_enter(&bundle, &diags));
	assert_string_equal(getcwd(here, sizeof(here)), bundle.directory);
	assert_int_equal(rmdir(bundle.directory), 0);
	assert_int_equal(chdir("/"), 0);
	assert_false(kp_bundle_enter(&bundle, &diags));
	scratch_expect_problem(&diags, "cannot go there");
	kp_bundle_wipe(&bundle);
	kp_diags_free(&diags);
	close(fd);
}

static void
test_what_was_never_stored_is_said(void **state)
{
	struct kp_bundle bundle = { 0 };
	struct kp_diags diags = { 0 };
	int fd = kp_bundle_open(&diags);

	(void)state;
	assert_false(kp_bundle_load(fd, &bundle, &diags));
	scratch_expect_problem(&diags, "is lost");
	kp_bundle_wipe(&bundle);
	kp_diags_free(&diags);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_what_is_stored_is_loaded),
		IN_SCRATCH(test_nobody_else_may_open_it_nor_execute_it),
		IN_SCRATCH(test_the_directory_is_found_again_or_said),
		IN_SCRATCH(test_what_was_never_stored_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
