/* SPDX-License-Identifier: MIT */
/*
 * shortio - run a command whose reads and writes transfer few bytes each.
 * usage: shortio BYTES COMMAND [ARG...]
 *
 * The command is traced, and what it asks read() and write() for is made
 * less.  Its children are left alone.  The status is its own; 77 where this
 * machine's registers are not known.
 */
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS_UNKNOWN_MACHINE 77
#define STATUS_TROUBLE 99
#define SYSCALL_STOP (SIGTRAP | 0x80)

#if defined(__x86_64__)
typedef struct user_regs_struct registers;
#define CALL(regs) ((regs).orig_rax)
#define COUNT(regs) ((regs).rdx)
#elif defined(__aarch64__)
typedef struct user_regs_struct registers;
#define CALL(regs) ((regs).regs[8])
#define COUNT(regs) ((regs).regs[2])
#else
#define NO_REGISTERS
#endif

static void
fail(const char *what)
{
	perror(what);
	exit(STATUS_TROUBLE);
}

#ifndef NO_REGISTERS

static int
is_transfer(unsigned long call)
{
	return call == SYS_read || call == SYS_write || call == SYS_pread64 ||
	    call == SYS_pwrite64;
}

/* At the entry of a system call. */
static void
shorten(pid_t pid, unsigned long most)
{
	registers regs;
	struct iovec io = { &regs, sizeof(regs) };

	if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &io) == -1)
		fail("PTRACE_GETREGSET");
	if (!is_transfer(CALL(regs)) || COUNT(regs) <= most)
		return;
	COUNT(regs) = most;
	if (ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &io) == -1)
		fail("PTRACE_SETREGSET");
}

/* Until the next stop; the signal that stopped it, or exit. */
static int
go_on(pid_t pid, int number)
{
	int status;

	if (ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)number) == -1)
		fail("PTRACE_SYSCALL");
	if (waitpid(pid, &status, 0) == -1)
		fail("waitpid");
	if (WIFEXITED(status))
		exit(WEXITSTATUS(status));
	if (WIFSIGNALED(status))
		exit(128 + WTERMSIG(status));
	return WSTOPSIG(status);
}

static void
trace(pid_t pid, unsigned long most)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
	int status, stop, entered = 0, number = 0;

	/* It stops at its exec. */
	if (waitpid(pid, &status, 0) == -1 || !WIFSTOPPED(status))
		exit(STATUS_TROUBLE);
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)options) == -1)
		fail("PTRACE_SETOPTIONS");
	for (;;) {
		stop = go_on(pid, number);
		number = stop == SYSCALL_STOP || stop == SIGTRAP ? 0 : stop;
		if (stop != SYSCALL_STOP)
			continue;
		entered = !entered;
		if (entered)
			shorten(pid, most);
	}
}

int
main(int argc, char **argv)
{
	unsigned long most;
	pid_t pid;

	if (argc < 3 || (most = strtoul(argv[1], NULL, 10)) == 0) {
		fprintf(stderr, "usage: shortio BYTES COMMAND [ARG...]\n");
		return STATUS_TROUBLE;
	}
	pid = fork();
	if (pid == -1)
		fail("fork");
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
			fail("PTRACE_TRACEME");
		execvp(argv[2], argv + 2);
		fail(argv[2]);
	}
	trace(pid, most);
}

#else

int
main(void)
{
	return STATUS_UNKNOWN_MACHINE;
}

#endif
