/* SPDX-License-Identifier: MIT */
/*
 * bundle - a directory, arguments and an environment, kept in a file in
 * memory, each string ended by a NUL:
 *
 *	directory, number of arguments, arguments, variables
 */
#include "io/bundle.h"

#include "base/str.h"
#include "io/file.h"
#include "io/memfile.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "what keyplate was started with"

int
kp_bundle_open(struct kp_diags *diags)
{
	int fd = kp_memfile_create("keyplate");

	if (fd != -1 && fchmod(fd, S_IRUSR | S_IWUSR) == 0)
		return fd;
	kp_diag_sys(diags, NULL, "cannot make a file in memory");
	if (fd != -1)
		close(fd);
	return -1;
}

static void
add(struct kp_buf *out, const char *text)
{
	kp_buf_add_text(out, text);
	kp_buf_add_char(out, '\0');
}

static size_t
count_of(char *const *vector)
{
	size_t count = 0;

	while (vector[count] != NULL)
		count++;
	return count;
}

bool
kp_bundle_store(int fd, char *const *argv, char *const *envp,
    struct kp_diags *diags)
{
	struct kp_buf bytes = { 0 };
	char here[PATH_MAX];
	bool stored;

	if (getcwd(here, sizeof(here)) == NULL)
		return kp_diag_sys(diags, NULL,
		    "cannot tell the working directory");
	add(&bytes, here);
	kp_buf_add_format(&bytes, "%zu%c", count_of(argv), '\0');
	for (; *argv != NULL; argv++)
		add(&bytes, *argv);
	for (; *envp != NULL; envp++)
		add(&bytes, *envp);
	stored = kp_buf_ok(&bytes);
	if (!stored)
		kp_diag_nomem(diags);
	else if (ftruncate(fd, 0) == -1 ||
	    !kp_file_write_at(fd, kp_buf_view(&bytes), 0))
		stored = kp_diag_sys(diags, NULL, "cannot keep " NAME);
	kp_buf_wipe(&bytes);
	return stored;
}

/* Point to count strings from *at on, as many as there are before end. */
static char **
point(char **at, const char *end, size_t count)
{
	char **vector = calloc(count + 1, sizeof(*vector));
	size_t i;

	for (i = 0; vector != NULL && i < count && *at < end; i++) {
		vector[i] = *at;
		*at += strlen(*at) + 1;
	}
	return vector;
}

static size_t
strings_in(const char *at, const char *end)
{
	size_t count = 0;

	for (; at < end; at += strlen(at) + 1)
		count++;
	return count;
}

bool
kp_bundle_load(int fd, struct kp_bundle *bundle, struct kp_diags *diags)
{
	unsigned long count = 0;
	char *at, *end;

	if (lseek(fd, 0, SEEK_SET) == -1)
		return kp_diag_sys(diags, NULL, "cannot read " NAME);
	if (!kp_file_read_stream(fd, NAME, KP_FILE_MAX, &bundle->bytes, diags))
		return false;
	if (bundle->bytes.len == 0)
		return kp_diag_file(diags, NULL, NAME " is lost");
	at = bundle->bytes.data;
	end = at + bundle->bytes.len;
	bundle->directory = at;
	at += strlen(at) + 1;
	if (at >= end || !kp_str_to_number(kp_str_of(at), INT_MAX, &count))
		return kp_diag_file(diags, NULL, NAME " is lost");
	at += strlen(at) + 1;
	bundle->argc = count;
	bundle->argv = point(&at, end, count);
	bundle->envp = point(&at, end, strings_in(at, end));
	return (bundle->argv != NULL && bundle->envp != NULL) ||
	    kp_diag_nomem(diags);
}

bool
kp_bundle_enter(const struct kp_bundle *bundle, struct kp_diags *diags)
{
	return chdir(bundle->directory) == 0 ||
	    kp_diag_sys(diags, bundle->directory, "cannot go there");
}

void
kp_bundle_wipe(struct kp_bundle *bundle)
{
	kp_buf_wipe(&bundle->bytes);
	free(bundle->argv);
	free(bundle->envp);
	*bundle = (struct kp_bundle){ 0 };
}
