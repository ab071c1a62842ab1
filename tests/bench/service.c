/* SPDX-License-Identifier: MIT */
/*
 * service - what an init has below it while make bench measures it.
 *
 *	service echo       writes a byte for each SIGUSR1
 *	service orphans N  leaves N processes behind that have ended, and
 *	                   writes the nanoseconds until all are reaped
 *	service peak PROGRAM [ARG]...
 *	                   runs it, and writes the most KiB that it had; what
 *	                   a large program starts inherits its peak
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int
echo(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (;;) {
		if (write(STDOUT_FILENO, "x", 1) != 1 ||
		    sigwait(&set, &number) != 0)
			return 1;
	}
}

static long long
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Their parent ends without waiting for them. */
static void
leave_orphans(pid_t *pids, long count)
{
	long i;

	for (i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(0);
	}
	_exit(0);
}

static int
orphans(long count)
{
	pid_t *pids = mmap(NULL, (size_t)count * sizeof(*pids),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long long start = now_ns();
	pid_t parent;
	long i;

	if (pids == MAP_FAILED)
		return 1;
	parent = fork();
	if (parent == 0)
		leave_orphans(pids, count);
	waitpid(parent, NULL, 0);
	for (i = 0; i < count; i++) {
		while (pids[i] > 0 && (kill(pids[i], 0) == 0 || errno == EPERM))
			usleep(50);
	}
	printf("%lld\n", now_ns() - start);
	return 0;
}

static int
peak(char **argv)
{
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid == -1 || wait4(pid, &status, 0, &usage) != pid || status != 0)
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "echo") == 0)
		return echo();
	if (argc == 3 && strcmp(argv[1], "orphans") == 0)
		return orphans(atol(argv[2]));
	if (argc > 2 && strcmp(argv[1], "peak") == 0)
		return peak(argv + 2);
	return 2;
}
