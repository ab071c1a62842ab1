/* SPDX-License-Identifier: MIT */
/* test_release - a system call with the memory given back. */
#include "proc/release.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static const char *constant = "constant";
static int variable = 1;
static int zero;

static void
arguments_and_result_pass(void **state)
{
	char bytes[8] = "";
	uintptr_t args[4] = { 0 };
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd != -1);
	args[0] = (uintptr_t)fd;
	args[1] = (uintptr_t)bytes;
	args[2] = 3;
	args[3] = 1;
	assert_int_equal(kp_release_call(SYS_pread64, args), 3);
	assert_string_equal(bytes, "ELF");
	close(fd);
	assert_true(kp_release_call(SYS_pread64, args) < 0);
}

static void
variables_and_memory_are_what_they_were(void **state)
{
	const uintptr_t args[4] = { 0 };
	char on_stack[] = "stack", *on_heap = strdup("heap");

	(void)state;
	variable++;
	zero++;
	assert_int_equal(kp_release_call(SYS_getpid, args), getpid());
	assert_int_equal(kp_release_call(SYS_getpid, args), getpid());
	assert_int_equal(variable, 2);
	assert_int_equal(zero, 1);
	assert_string_equal(constant, "constant");
	assert_string_equal(on_stack, "stack");
	assert_string_equal(on_heap, "heap");
	free(on_heap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_and_result_pass),
		cmocka_unit_test(variables_and_memory_are_what_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
