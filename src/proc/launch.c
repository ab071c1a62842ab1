/* SPDX-License-Identifier: MIT */
/*
 * launch - from keyplate to COMMAND: clone, become the user, search, execve.
 *
 * As after vfork() the child has our memory, and we are stopped until it has
 * executed COMMAND or ended: no page is copied, and a failure is where we look
 * for it.  It has our descriptors too, up to execve(): what it closes is
 * closed in us before COMMAND can run.  What the child does has to be undone,
 * or meant for both: it writes *failure, whether the terminal was given, and
 * LISTEN_PID.
 */
#include "proc/launch.h"

#include "base/str.h"
#include "proc/childenv.h"
#include "proc/guard.h"
#include "proc/program.h"
#include "proc/signals.h"
#include "proc/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

#define LISTEN_PID "LISTEN_PID="

/* For a few paths, and a signal's frame with all registers. */
#define CHILD_STACK ((size_t)64 << 10)

static void
fail(struct kp_launch_failure *failure, enum kp_launch_step step)
{
	failure->step = step;
	failure->sys_errno = errno;
}

/* --- the way to execve, in the child or in place --- */

/* A process that is not dumpable has its files in /proc owned by root. */
static int
open_oom_score(void)
{
	const char *path = "/proc/self/oom_score_adj";
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd != -1 || errno != EACCES)
		return fd;
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	kp_guard_renew();
	return fd;
}

static bool
set_oom_score(const char *score)
{
	int fd = open_oom_score();
	bool done;

	if (fd == -1)
		return false;
	done = write(fd, score, strlen(score)) != -1;
	close(fd);
	return done;
}

/*
 * Cleared by each change of user, so this comes after the last one.  Is the
 * parent another one by then, it died before and the signal is due.
 */
static void
tie_to_parent(int number, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, (unsigned long)number, 0, 0, 0);
	if (getppid() != parent)
		kill(getpid(), number);
}

/* dir/name; false where that is longer than any path. */
static bool
join_path(char path[PATH_MAX], struct kp_str dir, const char *name)
{
	size_t len = strlen(name);

	if (dir.len + 1 + len + 1 > PATH_MAX)
		return false;
	memcpy(path, dir.ptr, dir.len);
	path[dir.len] = '/';
	memcpy(path + dir.len + 1, name, len + 1);
	return true;
}

/* It exists, so the ENOENT is about its interpreter. */
static bool
lacks_interpreter(const char *path, int error)
{
	return error == ENOENT && access(path, F_OK) == 0;
}

/* An error that lets the search go on, as POSIX has it for execvp(). */
static bool
may_be_elsewhere(int error)
{
	return error == ENOENT || error == EACCES || error == ENOTDIR ||
	    error == ELOOP || error == ENAMETOOLONG || error == ESTALE ||
	    error == ENODEV || error == ETIMEDOUT;
}

/* Remember the first thing found that could not be executed. */
static void
remember(struct kp_launch_failure *failure, const char *path, int error)
{
	if (failure->path[0] != '\0' ||
	    (error != EACCES && !lacks_interpreter(path, error)))
		return;
	memcpy(failure->path, path, strlen(path) + 1);
	failure->sys_errno = error;
}

/* The next element of a PATH; an empty one is the current directory. */
static bool
next_dir(const char **path, struct kp_str *dir)
{
	if (*path == NULL)
		return false;
	*dir = kp_str_make(*path, strcspn(*path, ":"));
	*path = (*path)[dir->len] == ':' ? *path + dir->len + 1 : NULL;
	if (dir->len == 0)
		*dir = kp_str_of(".");
	return true;
}

/* Stands in for execve(): 0 where that would have a file to execute. */
static int
look_at(const char *path, char *const *argv, char *const *envp)
{
	struct stat status;

	(void)argv, (void)envp;
	if (stat(path, &status) == -1)
		return -1;
	if (S_ISREG(status.st_mode) &&
	    (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0)
		return 0;
	errno = EACCES;
	return -1;
}

typedef int try_function(const char *path, char *const *argv,
    char *const *envp);

/* True when one try succeeded, which execve() never tells. */
static bool
search(const struct kp_launch *launch, try_function *try,
    struct kp_launch_failure *failure)
{
	const char *path = kp_childenv_get(launch->envp, "PATH");
	char candidate[PATH_MAX];
	struct kp_str dir;

	if (path == NULL || path[0] == '\0')
		path = KP_LAUNCH_PATH;
	failure->sys_errno = ENOENT;
	while (next_dir(&path, &dir)) {
		if (!join_path(candidate, dir, launch->argv[0]))
			continue;
		if (try(candidate, launch->argv, launch->envp) == 0)
			return true;
		if (!may_be_elsewhere(errno)) {
			failure->sys_errno = errno;
			memcpy(failure->path, candidate, sizeof(candidate));
			return false;
		}
		remember(failure, candidate, errno);
	}
	return false;
}

/* The parent looks at it from another directory. */
static void
make_absolute(char path[PATH_MAX])
{
	char dir[PATH_MAX], joined[PATH_MAX];
	const char *name = path;

	if (path[0] == '/' || path[0] == '\0' ||
	    getcwd(dir, sizeof(dir)) == NULL)
		return;
	while (name[0] == '.' && name[1] == '/')
		name += 2;
	if (join_path(joined, kp_str_of(dir), name))
		memcpy(path, joined, strlen(joined) + 1);
}

static bool
find_command(const struct kp_launch *launch, try_function *try,
    struct kp_launch_failure *failure)
{
	const char *name = launch->argv[0];

	failure->step = KP_LAUNCH_EXEC;
	failure->path[0] = '\0';
	if (name[0] != '\0' && strchr(name, '/') == NULL)
		return search(launch, try, failure);
	if (try(name, launch->argv, launch->envp) == 0)
		return true;
	failure->sys_errno = errno;
	if (strlen(name) < sizeof(failure->path))
		memcpy(failure->path, name, strlen(name) + 1);
	return false;
}

bool
kp_launch_look(const struct kp_launch *launch,
    struct kp_launch_failure *failure)
{
	return find_command(launch, look_at, failure);
}

/* Everything from the user on; parent is whom the process is tied to. */
static void
become(const struct kp_launch *launch, pid_t parent,
    struct kp_launch_failure *failure)
{
	failure->creds = kp_creds_apply(&launch->creds);
	if (failure->creds != KP_CREDS_DONE) {
		fail(failure, KP_LAUNCH_CREDS);
		return;
	}
	if (launch->parent_death != 0)
		tie_to_parent(launch->parent_death, parent);
	kp_guard_lower();
	kp_signals_restore(launch->reset_signals);
	find_command(launch, execve, failure);
	make_absolute(failure->path);
}

void
kp_launch_exec(const struct kp_launch *launch,
    struct kp_launch_failure *failure)
{
	if (launch->oom_score_adj != NULL &&
	    !set_oom_score(launch->oom_score_adj))
		fail(failure, KP_LAUNCH_OOM);
	else
		become(launch, kp_guard_parent(), failure);
}

/* --- the child --- */

/*
 * LISTEN_PID says for whom the sockets from descriptor 3 on are; where that
 * was keyplate, it is COMMAND now.  sd_listen_fds(3).  The variable, or NULL.
 */
static char **
find_listen_pid(char **envp, pid_t parent)
{
	const char *value = kp_childenv_get(envp, "LISTEN_PID");
	unsigned long pid;

	if (value == NULL ||
	    !kp_str_to_number(kp_str_of(value), INT_MAX, &pid) ||
	    (pid_t)pid != parent)
		return NULL;
	while (!kp_str_starts(kp_str_of(*envp), LISTEN_PID))
		envp++;
	return envp;
}

static void
pass_listen_pid(char **variable)
{
	static char ours[] = LISTEN_PID "2147483647";

	if (variable == NULL)
		return;
	snprintf(ours, sizeof(ours), LISTEN_PID "%d", (int)getpid());
	*variable = ours;
}

static void
enter_group(const struct kp_launch *launch, bool foreground)
{
	if (launch->setsid) {
		setsid();
		return;
	}
	setpgid(0, 0);
	if (foreground)
		kp_terminal_give(launch->terminal, getpid());
}

/* What is found before the child is there. */
struct origin {
	const struct kp_launch *launch;
	pid_t parent;
	bool foreground;   /* the terminal listens to us */
	int directory;     /* where we were, but have left; -1: we have not */
	char **listen_pid; /* or NULL */
	/* Whoever executes COMMAND, or is killed, tells nothing. */
	struct kp_launch_failure *failure;
	bool failed;
};

/* Back to where we were; closed here it is closed in both of us. */
static bool
enter_directory(int fd)
{
	return fd == -1 || (fchdir(fd) == 0 && close(fd) == 0);
}

static int
be_child(void *argument)
{
	struct origin *origin = argument;
	const struct kp_launch *launch = origin->launch;
	struct kp_launch_failure *failure = origin->failure;

	/* Lowering it takes a privilege that the next steps give up. */
	if (launch->oom_score_adj != NULL &&
	    !set_oom_score(launch->oom_score_adj)) {
		fail(failure, KP_LAUNCH_OOM);
	} else if (!enter_directory(origin->directory)) {
		fail(failure, KP_LAUNCH_FORK);
	} else {
		enter_group(launch, origin->foreground);
		pass_listen_pid(origin->listen_pid);
		become(launch, origin->parent, failure);
	}
	origin->failed = true;
	_exit(KP_LAUNCH_NOT_FOUND);
}

/* --- the parent --- */

static void
collect(pid_t child)
{
	while (waitpid(child, NULL, 0) == -1 && errno == EINTR)
		continue;
}

/*
 * Leave the working directory to COMMAND, so that it can unmount it as soon
 * as it runs: a descriptor for the child to go back by.  -1: we stay for now.
 */
static int
leave_directory(void)
{
	int fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd != -1 && chdir("/") == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Nothing is lost where that fails: some mount may stay busy. */
static void
leave_after_all(int directory)
{
	if (directory == -1 && chdir("/") == -1)
		return;
}

/* To a sanitizer the child, which did not return, is still in its functions. */
static void
forget_frames(const char *stack)
{
#ifdef __SANITIZE_ADDRESS__
	ASAN_UNPOISON_MEMORY_REGION(stack, CHILD_STACK);
#else
	(void)stack;
#endif
}

/*
 * The child; -1 with errno.  Nobody is stopped by its having our descriptors:
 * execve() gives it a table of its own.
 */
static KP_NO_PROBE pid_t
spawn(struct origin *origin)
{
	const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
	KP_UNINITIALIZED _Alignas(16) char stack[CHILD_STACK];
	char *top = stack + sizeof(stack);
	pid_t child = clone(be_child, top, flags | CLONE_FILES, origin);

	forget_frames(stack);
	if (child != -1 || errno != EINVAL)
		return child;
	/* An emulator that knows no clone() but those of fork() and vfork(). */
	child = clone(be_child, top, flags, origin);
	forget_frames(stack);
	if (origin->directory != -1)
		close(origin->directory);
	return child;
}

bool
kp_launch_start(const struct kp_launch *launch, pid_t *child,
    struct kp_launch_failure *failure)
{
	pid_t parent = getpid();
	struct origin origin = {
		.launch = launch,
		.parent = parent,
		.foreground =
		    !launch->setsid && kp_terminal_is_ours(launch->terminal),
		.directory = leave_directory(),
		.listen_pid = find_listen_pid(launch->envp, parent),
		.failure = failure,
	};
	char *listen_pid =
	    origin.listen_pid == NULL ? NULL : *origin.listen_pid;

	*child = spawn(&origin);
	if (*child == -1)
		fail(failure, KP_LAUNCH_FORK);
	if (origin.listen_pid != NULL)
		*origin.listen_pid = listen_pid;
	leave_after_all(origin.directory);
	if (*child != -1 && !origin.failed)
		return true;
	kp_terminal_take(launch->terminal, *child);
	if (*child != -1)
		collect(*child);
	return false;
}

/* --- what to say --- */

static void
explain_absent(const struct kp_launch *launch, struct kp_diags *diags)
{
	const char *path = kp_childenv_get(launch->envp, "PATH");

	kp_diag_file(diags, NULL, "\"%s\": command not found", launch->argv[0]);
	/* As in "run a.tmpl:a -- app", where that is taken for COMMAND. */
	if (strchr(launch->argv[0], ':') != NULL)
		kp_diag_hint(diags,
		    "a template stands behind -t, and \"--\" before COMMAND");
	else
		kp_diag_hint(diags, "looked in %s",
		    path == NULL ? KP_LAUNCH_PATH : path);
}

static int
explain_exec(const struct kp_launch *launch,
    const struct kp_launch_failure *failure, struct kp_diags *diags)
{
	if (failure->sys_errno == E2BIG)
		kp_program_explain_size(launch->argv, launch->envp, diags);
	else if (failure->path[0] == '\0')
		explain_absent(launch, diags);
	else
		kp_program_explain(failure->path, failure->sys_errno, diags);
	return failure->sys_errno == ENOENT ? KP_LAUNCH_NOT_FOUND :
	                                      KP_LAUNCH_NOT_EXECUTABLE;
}

/* EPERM has one usual reason in a container. */
static void
explain_creds(const struct kp_launch_failure *failure, struct kp_diags *diags)
{
	const char *text = kp_creds_step_text(failure->creds);

	if (failure->sys_errno == 0) {
		kp_diag_file(diags, NULL, "%s", text);
		return;
	}
	kp_diag_sys(diags, NULL, "%s", text);
	if (failure->sys_errno == EPERM)
		kp_diag_hint(diags,
		    "root with the capabilities SETUID and SETGID can; or let "
		    "the runtime set the user");
	else if (failure->sys_errno == EINVAL)
		kp_diag_hint(diags,
		    "the user namespace has no such user or group");
}

int
kp_launch_explain(const struct kp_launch *launch,
    const struct kp_launch_failure *failure, int own, struct kp_diags *diags)
{
	errno = failure->sys_errno;
	switch (failure->step) {
	case KP_LAUNCH_EXEC:
		return explain_exec(launch, failure, diags);
	case KP_LAUNCH_CREDS:
		explain_creds(failure, diags);
		break;
	case KP_LAUNCH_OOM:
		kp_diag_sys(diags, "/proc/self/oom_score_adj", "cannot write");
		break;
	case KP_LAUNCH_FORK:
	case KP_LAUNCH_DONE:
		kp_diag_sys(diags, NULL, "cannot start a process");
		break;
	}
	return own;
}
