/* SPDX-License-Identifier: MIT */
/* capture - run a command to its end and keep what it prints. */
#include "proc/capture.h"

#include "proc/launch.h"
#include "proc/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* As shells have it: plus the number of the signal. */
#define STATUS_SIGNAL 128

/* In the child: between fork and exec only what is async-signal-safe. */
static void
become(char *const *argv, char **envp, int out)
{
	const struct kp_launch launch = { .argv = argv, .envp = envp };
	struct kp_launch_failure failure = { 0 };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setpgid(0, 0);
	if (null != -1)
		dup2(null, STDIN_FILENO);
	if (dup2(out, STDOUT_FILENO) != -1 && dup2(out, STDERR_FILENO) != -1) {
		kp_launch_exec(&launch, &failure);
		errno = failure.sys_errno;
	}
	_exit(errno == ENOENT ? KP_LAUNCH_NOT_FOUND : KP_LAUNCH_NOT_EXECUTABLE);
}

/* Wait until fd has something to tell; false: asked has, which is to end. */
static bool
wait_for(int fd, int asked)
{
	struct pollfd fds[] = {
		{ .fd = asked, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};

	while (poll(fds, 2, -1) == -1 && errno == EINTR)
		continue;
	return fds[0].revents == 0;
}

/* Until the last one has closed its end; false: asked to end before. */
static bool
drain(int fd, int asked, struct kp_buf *output)
{
	char chunk[4096];
	ssize_t got = 1;
	bool waited = true;

	while (got != 0 && (waited = wait_for(fd, asked))) {
		size_t room = KP_CAPTURE_MAX - output->len;

		got = read(fd, chunk, sizeof(chunk));
		if (got == -1 && errno != EINTR)
			break;
		if (got > 0)
			kp_buf_add(output,
			    kp_str_make(chunk,
			        (size_t)got < room ? (size_t)got : room));
	}
	explicit_bzero(chunk, sizeof(chunk));
	return waited;
}

/* A command may go on that prints nothing more; false: asked to end before. */
static bool
wait_for_end(pid_t child, int asked)
{
	int fd = (int)syscall(SYS_pidfd_open, child, 0);
	bool waited = true;

	/* Linux before 5.3, and some filters, have none. */
	if (fd != -1) {
		waited = wait_for(fd, asked);
		close(fd);
	}
	return waited;
}

static int
reap(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) == -1) {
		if (errno != EINTR)
			return KP_LAUNCH_NOT_EXECUTABLE;
	}
	if (WIFSIGNALED(status))
		return STATUS_SIGNAL + WTERMSIG(status);
	return WEXITSTATUS(status);
}

bool
kp_capture(const char *path, char *const *argv, char **envp, int *status,
    struct kp_buf *output, struct kp_diags *diags)
{
	int ends[2], asked, end;
	pid_t child;
	bool waited;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return kp_diag_sys(diags, path, "cannot make a pipe");
	child = fork();
	if (child == -1) {
		close(ends[0]);
		close(ends[1]);
		return kp_diag_sys(diags, path, "cannot start %s", argv[0]);
	}
	if (child == 0)
		become(argv, envp, ends[1]);
	/* On both sides, so that neither order matters. */
	setpgid(child, child);
	close(ends[1]);
	asked = kp_signals_watch();
	waited = drain(ends[0], asked, output) && wait_for_end(child, asked);
	if (!waited)
		kill(-child, SIGKILL);
	if (asked != -1)
		close(asked);
	close(ends[0]);
	end = reap(child);
	if (waited)
		*status = end;
	return waited;
}
