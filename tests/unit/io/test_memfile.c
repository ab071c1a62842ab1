/* SPDX-License-Identifier: MIT */
/* test_memfile - a file in memory: who reads it, and that nobody writes. */
#include "io/memfile.h"

#include "scratch.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

static int
make(const struct kp_memfile_request *request)
{
	struct kp_diags diags = { 0 };
	int fd = -1;

	assert_true(kp_memfile_make(request, &fd, &diags));
	assert_int_equal(diags.count, 0);
	kp_diags_free(&diags);
	return fd;
}

static const struct kp_memfile_request plain = {
	.path = "mem:cnf",
	.name = "cnf",
	.bytes = KP_STR("a\0b\n"),
	.mode = 0600,
	.uid = (uid_t)-1,
	.gid = (gid_t)-1,
};

static void
expect_bytes(const char *path)
{
	char got[16];
	int fd = open(path, O_RDONLY);

	assert_int_not_equal(fd, -1);
	assert_int_equal(read(fd, got, sizeof(got)), plain.bytes.len);
	assert_memory_equal(got, plain.bytes.ptr, plain.bytes.len);
	close(fd);
}

static void
test_each_open_starts_at_the_first_byte(void **state)
{
	char path[KP_MEMFILE_PATH_SIZE];
	int fd = make(&plain);

	(void)state;
	kp_memfile_path(fd, path);
	expect_bytes(path);
	expect_bytes(path);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	close(fd);
}

static void
test_two_files_have_descriptors_of_their_own(void **state)
{
	int first = make(&plain), second = make(&plain);

	(void)state;
	assert_true(first >= KP_MEMFILE_FIRST);
	assert_true(second > first);
	close(first);
	close(second);
}

static void
test_an_open_descriptor_is_not_taken(void **state)
{
	int held = fcntl(STDIN_FILENO, F_DUPFD, KP_MEMFILE_FIRST);
	int fd = make(&plain);

	(void)state;
	assert_int_not_equal(held, -1);
	assert_int_not_equal(fd, held);
	close(held);
	close(fd);
}

static void
test_it_closes_on_exec_unless_shared(void **state)
{
	int fd = make(&plain);

	(void)state;
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	kp_memfile_share(fd, true);
	assert_int_equal(fcntl(fd, F_GETFD), 0);
	kp_memfile_share(fd, false);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
}

static void
test_nobody_changes_it(void **state)
{
	int fd = make(&plain);

	(void)state;
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(pwrite(fd, "x", 1, 4), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
	assert_int_equal(errno, EPERM);
	close(fd);
}

static const struct {
	const char *name;
	mode_t asked, given;
} modes[] = {
	{ "a file is readable by its owner", 0600, 0400 },
	{ "by others too where that is asked for", 0644, 0444 },
	{ "nothing is executable", 0777, 0444 },
	{ "nor written by the group", 0660, 0440 },
};

static void
test_of_a_mode_the_bits_to_read_count(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct kp_memfile_request request = plain;
		struct stat st;
		int fd;

		print_message("# %s\n", modes[i].name);
		request.mode = modes[i].asked;
		fd = make(&request);
		assert_int_equal(fstat(fd, &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i].given);
		close(fd);
	}
}

static void
test_it_belongs_to_whom_it_is_for(void **state)
{
	struct kp_memfile_request request = plain;
	struct stat st;
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	request.uid = 65534;
	request.gid = 12345;
	fd = make(&request);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_uid, 65534);
	assert_int_equal(st.st_gid, 12345);
	close(fd);
}

/* The kernel refuses a name of 250 bytes, memfd_create(2). */
static void
test_a_name_that_is_too_long_is_refused(void **state)
{
	struct kp_memfile_request request = plain;
	struct kp_diags diags = { 0 };
	char name[251];
	int fd = 0;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	request.name = name;
	assert_false(kp_memfile_make(&request, &fd, &diags));
	scratch_expect_problem(&diags, "cannot make a file in memory");
	assert_int_equal(fd, 0);
	kp_diags_free(&diags);
}

/* A limit of the size of files is one of those in memory too. */
static void
test_bytes_that_do_not_fit_are_refused(void **state)
{
	struct rlimit old, small = { 2, 2 };
	struct kp_diags diags = { 0 };
	int fd = -1, next = make(&plain), again;
	bool made;

	(void)state;
	close(next);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	made = kp_memfile_make(&plain, &fd, &diags);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(made);
	scratch_expect_problem(&diags, "cannot be written");
	assert_int_equal(fd, -1);
	kp_diags_free(&diags);
	/* Nothing of it is left open. */
	again = make(&plain);
	assert_int_equal(again, next);
	close(again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_open_starts_at_the_first_byte),
		cmocka_unit_test(test_two_files_have_descriptors_of_their_own),
		cmocka_unit_test(test_an_open_descriptor_is_not_taken),
		cmocka_unit_test(test_it_closes_on_exec_unless_shared),
		cmocka_unit_test(test_nobody_changes_it),
		cmocka_unit_test(test_of_a_mode_the_bits_to_read_count),
		cmocka_unit_test(test_it_belongs_to_whom_it_is_for),
		cmocka_unit_test(test_a_name_that_is_too_long_is_refused),
		cmocka_unit_test(test_bytes_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
