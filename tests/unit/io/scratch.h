/* SPDX-License-Identifier: MIT */
/* scratch - a directory of its own for each test, and what tests do in it. */
#ifndef KP_TESTS_SCRATCH_H
#define KP_TESTS_SCRATCH_H

#include "base/diag.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A test that runs in a directory of its own. */
#define IN_SCRATCH(test)                                                       \
	cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

/* The working directory of the running test. */
static char scratch[64];

static inline int
scratch_enter(void **state)
{
	(void)state;
	snprintf(scratch, sizeof(scratch), "/tmp/keyplate-test-XXXXXX");
	return mkdtemp(scratch) == NULL || chdir(scratch) == -1;
}

static inline int
scratch_remove(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int
scratch_leave(void **state)
{
	(void)state;
	return chdir("/") == -1 ||
	    nftw(scratch, scratch_remove, 8, FTW_DEPTH | FTW_PHYS) == -1;
}

static inline void
scratch_put_bytes(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static inline void
scratch_put(const char *path, const char *text)
{
	scratch_put_bytes(path, text, strlen(text));
}

/* The file has exactly this text. */
static inline void
scratch_expect(const char *path, const char *text)
{
	char got[4096];
	int fd = open(path, O_RDONLY);
	ssize_t len;

	assert_int_not_equal(fd, -1);
	len = read(fd, got, sizeof(got) - 1);
	close(fd);
	assert_true(len >= 0);
	got[len] = '\0';
	assert_string_equal(got, text);
}

static inline size_t
scratch_count(const char *dir)
{
	DIR *entries = opendir(dir);
	size_t count = 0;

	assert_non_null(entries);
	while (readdir(entries) != NULL)
		count++;
	closedir(entries);
	return count - 2;
}

/* Some problem's message has this in it, and nothing shows canary. */
static inline void
scratch_expect_problem(const struct kp_diags *diags, const char *text)
{
	bool found = false;
	size_t i;

	for (i = 0; i < diags->count; i++) {
		const struct kp_diag *diag = &diags->list[i];

		found = found || strstr(diag->text, text) != NULL;
		assert_null(strstr(diag->text, "canary"));
		assert_null(strstr(diag->hint, "canary"));
		assert_null(strstr(diag->line, "canary"));
	}
	if (!found)
		fail_msg("no problem says: %s (the first: %s)", text,
		    diags->count > 0 ? diags->list[0].text : "none");
}

#endif
