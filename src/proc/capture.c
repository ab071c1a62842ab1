/* SPDX-License-Identifier: MIT */
/* capture - run a command to its end and keep what it prints. */
#include "proc/capture.h"

#include "proc/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The shell's words for what execve() answers. */
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127
#define STATUS_SIGNAL 128

/* In the child: between fork and exec only what is async-signal-safe. */
static void
become(char *const *argv, int out)
{
	const struct kp_launch launch = { .argv = argv, .envp = environ };
	struct kp_launch_failure failure = { 0 };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null != -1)
		dup2(null, STDIN_FILENO);
	if (dup2(out, STDOUT_FILENO) != -1 && dup2(out, STDERR_FILENO) != -1) {
		kp_launch_exec(&launch, &failure);
		errno = failure.sys_errno;
	}
	_exit(errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

static void
drain(int fd, struct kp_buf *output)
{
	char chunk[4096];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		size_t room = KP_CAPTURE_MAX - output->len;

		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			break;
		kp_buf_add(output,
		    kp_str_make(chunk,
		        (size_t)got < room ? (size_t)got : room));
	}
	explicit_bzero(chunk, sizeof(chunk));
}

static int
reap(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) == -1) {
		if (errno != EINTR)
			return STATUS_NOT_EXECUTABLE;
	}
	if (WIFSIGNALED(status))
		return STATUS_SIGNAL + WTERMSIG(status);
	return WEXITSTATUS(status);
}

bool
kp_capture(char *const *argv, int *status, struct kp_buf *output,
    struct kp_diags *diags)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return kp_diag_sys(diags, NULL, "cannot make a pipe");
	child = fork();
	if (child == -1) {
		close(ends[0]);
		close(ends[1]);
		return kp_diag_sys(diags, NULL, "cannot start %s", argv[0]);
	}
	if (child == 0)
		become(argv, ends[1]);
	close(ends[1]);
	drain(ends[0], output);
	close(ends[0]);
	*status = reap(child);
	return true;
}
