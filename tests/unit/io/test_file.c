/* SPDX-License-Identifier: MIT */
/* test_file - bounded reads of regular files, and writes that are complete. */
#include "io/file.h"

#include "scratch.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static void
make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
	    0);
	close(fd);
}

static void
test_a_file_is_read_to_its_end(void **state)
{
	char bytes[20000];
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	bytes[5] = '\0';
	scratch_put_bytes("f", bytes, sizeof(bytes));
	assert_true(kp_file_read("f", sizeof(bytes), &out, &diags));
	assert_int_equal(out.len, sizeof(bytes));
	assert_memory_equal(out.data, bytes, sizeof(bytes));
	kp_buf_wipe(&out);
}

static void
test_an_empty_file_is_empty(void **state)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put("f", "");
	assert_true(kp_file_read("f", 10, &out, &diags));
	assert_int_equal(out.len, 0);
	kp_buf_wipe(&out);
}

static void
test_a_file_that_claims_to_be_empty_is_read(void **state)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	if (access("/proc/self/status", R_OK) == -1)
		skip();
	assert_true(kp_file_read("/proc/self/status", 1 << 20, &out, &diags));
	assert_true(kp_str_starts(kp_buf_view(&out), "Name:"));
	kp_buf_wipe(&out);
}

static void
test_a_byte_over_the_limit_is_refused(void **state)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put("f", "canary");
	assert_true(kp_file_read("f", 6, &out, &diags));
	kp_buf_wipe(&out);
	assert_false(kp_file_read("f", 5, &out, &diags));
	assert_null(out.data);
	scratch_expect_problem(&diags, "is longer than 5 bytes");
	kp_diags_free(&diags);
}

/* The size of one in /proc is 0, whatever it holds. */
static void
test_a_file_that_claims_to_be_empty_has_its_limit(void **state)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	if (access("/proc/self/status", R_OK) == -1)
		skip();
	assert_false(kp_file_read("/proc/self/status", 10, &out, &diags));
	assert_null(out.data);
	scratch_expect_problem(&diags, "is longer than 10 bytes");
	kp_diags_free(&diags);
}

/* Nothing is mapped at the beginning of a process's memory. */
static void
test_a_read_that_fails_is_told(void **state)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	if (access("/proc/self/mem", R_OK) == -1)
		skip();
	assert_false(kp_file_read("/proc/self/mem", 10, &out, &diags));
	assert_null(out.data);
	scratch_expect_problem(&diags, "cannot be read");
	kp_diags_free(&diags);
}

static void
test_a_huge_sparse_file_is_refused_at_once(void **state)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };
	int fd = open("f", O_WRONLY | O_CREAT, 0600);

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
	close(fd);
	assert_false(kp_file_read("f", KP_FILE_MAX, &out, &diags));
	scratch_expect_problem(&diags, "is longer than 67108864 bytes");
	kp_diags_free(&diags);
}

static void
test_what_is_no_file_is_named(void **state)
{
	static const struct {
		const char *path, *expect;
	} cases[] = {
		{ "fifo", "is a FIFO, not a file" },
		{ "dir", "is a directory, not a file" },
		{ "socket", "is a socket, not a file" },
		{ "/dev/null", "is a device, not a file" },
		{ "/dev/zero", "is a device, not a file" },
		{ "missing", "cannot be opened" },
		{ "loop", "is a loop of symbolic links" },
	};
	size_t i;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	make_socket("socket");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kp_buf out = { 0 };
		struct kp_diags diags = { 0 };

		assert_false(kp_file_read(cases[i].path, 100, &out, &diags));
		scratch_expect_problem(&diags, cases[i].expect);
		kp_diags_free(&diags);
	}
}

#define PART ((size_t)64 * 1024)

static void
test_a_file_holds_its_bytes_and_no_others(void **state)
{
	static const size_t sizes[] = { 0, 1, 100, PART - 1, PART, PART + 1,
		2 * PART, 2 * PART + 7 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t len = sizes[i];
		char *bytes = malloc(len + 1);
		struct kp_str view = kp_str_make(bytes, len);

		assert_non_null(bytes);
		memset(bytes, 'a', len + 1);
		scratch_put_bytes("f", bytes, len);
		assert_true(kp_file_holds(AT_FDCWD, "f", 0, view));
		view.len = len + 1;
		assert_false(kp_file_holds(AT_FDCWD, "f", 0, view));
		if (len > 0) {
			view.len = len - 1;
			assert_false(kp_file_holds(AT_FDCWD, "f", 0, view));
			view.len = len;
			bytes[len - 1] = 'b';
			assert_false(kp_file_holds(AT_FDCWD, "f", 0, view));
			bytes[len - 1] = 'a';
			bytes[0] = 'b';
			assert_false(kp_file_holds(AT_FDCWD, "f", 0, view));
		}
		free(bytes);
	}
}

static void
test_what_is_no_file_holds_nothing(void **state)
{
	struct kp_str none = kp_str_of("");

	(void)state;
	scratch_put("f", "");
	assert_int_equal(symlink("f", "link"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_true(kp_file_holds(AT_FDCWD, "link", 0, none));
	assert_false(kp_file_holds(AT_FDCWD, "link", O_NOFOLLOW, none));
	assert_false(kp_file_holds(AT_FDCWD, "fifo", 0, none));
	assert_false(kp_file_holds(AT_FDCWD, ".", 0, none));
	assert_false(kp_file_holds(AT_FDCWD, "none", 0, none));
	/* It claims to be empty. */
	assert_false(kp_file_holds(AT_FDCWD, "/proc/self/mem", 0, none));
}

static void
test_a_pipe_is_read_as_a_stream(void **state)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "abc", 3), 3);
	close(ends[1]);
	assert_true(kp_file_read_stream(ends[0], "-", 10, &out, &diags));
	close(ends[0]);
	assert_true(kp_str_is(kp_buf_view(&out), "abc"));
	kp_buf_wipe(&out);
}

#define STREAM ((size_t)300 * 1000)

/* Take what a pipe gives; 0: it was all. */
static int
take_all(int fd)
{
	struct kp_buf out = { 0 };
	struct kp_diags diags = { 0 };
	size_t len;

	if (!kp_file_read_stream(fd, "-", STREAM, &out, &diags))
		return 1;
	len = out.len;
	kp_buf_wipe(&out);
	return len != STREAM;
}

/* As a shell's coprocess, or another program's event loop, leaves them. */
static void
test_a_stream_that_does_not_block_is_waited_for(void **state)
{
	char *bytes = calloc(STREAM, 1);
	int ends[2], status;
	pid_t child;

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		_exit(take_all(ends[0]));
	}
	close(ends[0]);
	assert_true(kp_file_write(ends[1], kp_str_make(bytes, STREAM)));
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	free(bytes);
}

static void
test_writing_keeps_what_is_around(void **state)
{
	int fd;

	(void)state;
	scratch_put("f", "abcdef");
	fd = open("f", O_WRONLY);
	assert_true(kp_file_write_at(fd, kp_str_of("XY"), 2));
	close(fd);
	scratch_expect("f", "abXYef");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_a_file_is_read_to_its_end),
		IN_SCRATCH(test_an_empty_file_is_empty),
		IN_SCRATCH(test_a_file_that_claims_to_be_empty_is_read),
		IN_SCRATCH(test_a_byte_over_the_limit_is_refused),
		IN_SCRATCH(test_a_file_that_claims_to_be_empty_has_its_limit),
		IN_SCRATCH(test_a_read_that_fails_is_told),
		IN_SCRATCH(test_a_huge_sparse_file_is_refused_at_once),
		IN_SCRATCH(test_what_is_no_file_is_named),
		IN_SCRATCH(test_a_file_holds_its_bytes_and_no_others),
		IN_SCRATCH(test_what_is_no_file_holds_nothing),
		IN_SCRATCH(test_a_pipe_is_read_as_a_stream),
		IN_SCRATCH(test_a_stream_that_does_not_block_is_waited_for),
		IN_SCRATCH(test_writing_keeps_what_is_around),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
