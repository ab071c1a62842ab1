/* SPDX-License-Identifier: MIT */
/*
 * probe - a service, and a caller, that tell what they see.
 *
 *	probe log FILE               block and log each signal that arrives, as
 *	                             long as that can be written
 *	probe send PID SIG COUNT     send a signal so many times
 *	probe queue PID SIG VALUE    send a signal with a value
 *	probe orphans COUNT STATUS   leave so many orphans that end at once
 *	probe keep COUNT             as above for ever, one after the other
 *	probe pause MICROSECONDS
 *	probe strike MICROSECONDS -- COMMAND...
 *	                             start it, send it TERM so much later
 *	probe strike-first MICROSECONDS -- COMMAND...
 *	                             as process 1, so much after its first act,
 *	                             which is to block signals
 *	probe fault PID              make it execute what is no code
 *	probe ids                    ids, groups, and whether root can return
 *	probe fds                    numbers of the open descriptors
 *	probe traits                 what a process has from the one before it
 *	                             in its place: session, timers, and so on
 *	probe bind PORT              bind a TCP port
 *	probe deny CALL ARG ERRNO -- COMMAND...
 *	                             run with a system call refused (ARG: its
 *	                             first argument, or any)
 *	probe pty STEP... -- COMMAND...
 *	                             run on a terminal, and print what it shows;
 *	                             STEP: expect=TEXT, send=TEXT, resize, close
 */
#include <arpa/inet.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Seconds in which what is awaited comes, by the factor that pid1.sh sets. */
#define AWAIT_SECONDS 10

static void
die(const char *what)
{
	perror(what);
	exit(99);
}

static int
number(const char *text)
{
	return (int)strtol(text, NULL, 0);
}

static int
patience(void)
{
	const char *factor = getenv("PID1_PATIENCE");

	return AWAIT_SECONDS * (factor == NULL ? 1 : number(factor));
}

/* The like of dprintf() that does not fail. */
static void
note(int fd, const char *format, ...)
{
	va_list args;
	int wrote;

	va_start(args, format);
	wrote = vdprintf(fd, format, args);
	va_end(args);
	if (wrote < 0)
		die("write");
}

/* Without the C library, which leaves 32 and 33 out. */
static int
log_signals(char **argv)
{
	int fd = open(argv[0], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	unsigned long long all = ~0ULL;
	siginfo_t info;
	long got;

	if (fd == -1)
		die(argv[0]);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
	note(fd, "ready\n");
	while ((got = syscall(SYS_rt_sigtimedwait, &all, &info, NULL,
	            sizeof(all))) != 0) {
		if (got == -1)
			continue;
		if (info.si_code == SI_QUEUE)
			note(fd, "%d value %d\n", info.si_signo,
			    info.si_value.sival_int);
		else
			note(fd, "%d\n", info.si_signo);
	}
	return 0;
}

static int
send_many(char **argv)
{
	pid_t pid = number(argv[0]);
	int count = number(argv[2]);

	while (count-- > 0) {
		if (kill(pid, number(argv[1])) == -1)
			die("kill");
	}
	return 0;
}

static int
queue(char **argv)
{
	union sigval value = { .sival_int = number(argv[2]) };

	if (sigqueue(number(argv[0]), number(argv[1]), value) == -1)
		die("sigqueue");
	return 0;
}

/* The middle process ends first, so its child becomes an orphan. */
static void
leave_orphan(void)
{
	pid_t middle = fork();

	if (middle == -1)
		die("fork");
	if (middle == 0)
		_exit(fork() == -1 ? 99 : 0);
	if (waitpid(middle, NULL, 0) == -1)
		die("waitpid");
}

static int
leave_orphans(char **argv)
{
	int count = number(argv[0]);

	while (count-- > 0)
		leave_orphan();
	return number(argv[1]);
}

static int
keep_leaving(char **argv)
{
	int count = number(argv[0]);

	while (count-- > 0)
		leave_orphan();
	puts("done");
	fflush(stdout);
	while (pause() == -1)
		continue;
	return 0;
}

static int
print_ids(char **argv)
{
	uid_t uid[3];
	gid_t gid[3], groups[64];
	int count, i;

	(void)argv;
	getresuid(&uid[0], &uid[1], &uid[2]);
	getresgid(&gid[0], &gid[1], &gid[2]);
	printf("uid %d %d %d gid %d %d %d groups", (int)uid[0], (int)uid[1],
	    (int)uid[2], (int)gid[0], (int)gid[1], (int)gid[2]);
	count = getgroups(64, groups);
	for (i = 0; i < count; i++)
		printf(" %d", (int)groups[i]);
	printf(" root %s\n", setresuid(0, 0, 0) == 0 ? "again" : "never");
	return 0;
}

static int
print_fds(char **argv)
{
	int fd;

	(void)argv;
	for (fd = 0; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			printf("%d ", fd);
	}
	printf("\n");
	return 0;
}

static void
print_timer(int which)
{
	struct itimerval timer;

	if (getitimer(which, &timer) == -1)
		die("getitimer");
	printf("timer %ld.%06ld\n", (long)timer.it_value.tv_sec,
	    (long)timer.it_value.tv_usec);
}

static int
print_traits(char **argv)
{
	int subreaper = -1, parent_death = -1;

	(void)argv;
	prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0);
	prctl(PR_GET_PDEATHSIG, &parent_death, 0, 0, 0);
	printf("session %d group %d\n", (int)getsid(0), (int)getpgrp());
	printf("subreaper %d parent-death %d\n", subreaper, parent_death);
	printf("dumpable %d keep-caps %d no-new-privs %d\n",
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0),
	    prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0),
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("securebits %d slack %d umask %o\n",
	    prctl(PR_GET_SECUREBITS, 0, 0, 0, 0),
	    prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), (unsigned)umask(0));
	print_timer(ITIMER_REAL);
	print_timer(ITIMER_VIRTUAL);
	print_timer(ITIMER_PROF);
	return 0;
}

static int
bind_port(char **argv)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)number(argv[0])),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1)
		die("bind");
	return 0;
}

static int
run(char **argv)
{
	execvp(argv[0], argv);
	die(argv[0]);
	return 99;
}

/* For the moments of a start, which differ from round to round. */
static int
pause_for(char **argv)
{
	return usleep((useconds_t)number(argv[0])) == 0 ? 0 : 1;
}

/* The status of a child as a shell gives it; 97 if it takes too long. */
static int
end_of(pid_t child)
{
	struct timespec limit = { .tv_sec = patience() };
	sigset_t set;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigtimedwait(&set, NULL, &limit) == -1) {
		kill(child, SIGKILL);
		return 97;
	}
	if (waitpid(child, &status, 0) == -1)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Text of a file in the /proc of a process, which ends within size - 1. */
static void
read_about(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	FILE *file;

	memset(text, 0, size);
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "r");
	if (file == NULL)
		return;
	if (fread(text, 1, size - 1, file) == 0)
		text[0] = '\0';
	fclose(file);
}

/*
 * It blocks TERM, proc(5), or waits for it: by then it has a child.  Before it
 * is another program it is the fork of this one, where musl blocks everything.
 */
static int
is_ready(pid_t pid)
{
	char path[32], text[8192];
	const char *mask;

	read_about(pid, "comm", text, sizeof(text));
	if (strcmp(text, "probe\n") == 0)
		return 0;

	snprintf(path, sizeof(path), "task/%d/children", (int)pid);
	read_about(pid, path, text, sizeof(text));
	if (text[0] != '\0')
		return 1;
	read_about(pid, "status", text, sizeof(text));
	mask = strstr(text, "SigBlk:");
	return mask == NULL ||
	    (strtoull(mask + 8, NULL, 16) >> (SIGTERM - 1) & 1) != 0;
}

/* Without a shell, whose own handlers might swallow the signal. */
static int
start_and_strike(char **argv, int first)
{
	sigset_t set, old;
	pid_t child;

	if (first && unshare(CLONE_NEWPID) == -1)
		die("unshare");
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	child = fork();
	if (child == -1)
		die("fork");
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		return run(argv + 2);
	}
	/* Before that the kernel drops what a process 1 does not handle. */
	while (first && !is_ready(child))
		usleep(20);
	usleep((useconds_t)number(argv[0]));
	kill(child, SIGTERM);
	return end_of(child);
}

static int
strike(char **argv)
{
	return start_and_strike(argv, 0);
}

static int
strike_first(char **argv)
{
	return start_and_strike(argv, 1);
}

/* Nothing is mapped at the address 0. */
static int
fault(char **argv)
{
	pid_t pid = number(argv[0]);
	struct user_regs_struct registers;
	struct iovec area = { &registers, sizeof(registers) };

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) == -1 ||
	    waitpid(pid, NULL, __WALL) == -1 ||
	    ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &area) == -1)
		die("ptrace");
#if defined(__x86_64__)
	registers.rip = 0;
	/* No system call is to be started again. */
	registers.orig_rax = (unsigned long long)-1;
#elif defined(__aarch64__)
	registers.pc = 0;
#else
	return 77;
#endif
	if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &area) == -1 ||
	    ptrace(PTRACE_DETACH, pid, NULL, NULL) == -1)
		die("ptrace");
	return 0;
}

static int
deny(char **argv)
{
	int call = number(argv[0]), error = number(argv[2]);
	int any = strcmp(argv[1], "any") == 0;
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, args)),
		BPF_JUMP(any ? BPF_JMP | BPF_JGE | BPF_K :
		               BPF_JMP | BPF_JEQ | BPF_K,
		    any ? 0 : (unsigned)number(argv[1]), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	/* As root, so no_new_privs need not be set. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == -1)
		die("seccomp");
	return run(argv + 4);
}

/* --- a terminal --- */

static char seen[65536];
static size_t seen_len;

/* More of what the terminal shows; 0 at its end. */
static int
read_more(int master)
{
	struct pollfd wait = { .fd = master, .events = POLLIN };
	ssize_t got;

	if (poll(&wait, 1, patience() * 1000) == 0) {
		fprintf(stderr, "timed out; shown: %s\n", seen);
		exit(98);
	}
	got = read(master, seen + seen_len, sizeof(seen) - 1 - seen_len);
	if (got <= 0)
		return 0;
	fwrite(seen + seen_len, 1, (size_t)got, stdout);
	seen_len += (size_t)got;
	seen[seen_len] = '\0';
	return 1;
}

/* Wait for text, and forget everything up to its end. */
static void
expect(int master, const char *text)
{
	char *hit;

	while ((hit = strstr(seen, text)) == NULL) {
		if (!read_more(master)) {
			fprintf(stderr, "no \"%s\"; shown: %s\n", text, seen);
			exit(98);
		}
	}
	hit += strlen(text);
	seen_len -= (size_t)(hit - seen);
	memmove(seen, hit, seen_len + 1);
}

/* "\003" and the like are written with printf(1) by the caller. */
static void
do_step(int *master, const char *step)
{
	if (strncmp(step, "expect=", 7) == 0) {
		expect(*master, step + 7);
	} else if (strncmp(step, "send=", 5) == 0) {
		if (write(*master, step + 5, strlen(step + 5)) == -1)
			die("write");
	} else if (strcmp(step, "resize") == 0) {
		struct winsize size = { .ws_row = 7, .ws_col = 77 };

		ioctl(*master, TIOCSWINSZ, &size);
	} else if (strcmp(step, "close") == 0) {
		close(*master);
		*master = -1;
	}
}

static int
on_terminal(char **argv)
{
	char **command = argv;
	int master, status;
	pid_t pid;

	while (strcmp(*command, "--") != 0)
		command++;
	*command++ = NULL;
	pid = forkpty(&master, NULL, NULL, NULL);
	if (pid == -1)
		die("forkpty");
	if (pid == 0) {
		/* Its keys are of use, also where the tests are a job in the
		   background of a shell. */
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		return run(command);
	}
	for (; *argv != NULL; argv++)
		do_step(&master, *argv);
	while (master != -1 && read_more(master))
		seen_len = 0;
	if (waitpid(pid, &status, 0) == -1)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const struct {
	const char *name;
	int (*run)(char **argv);
	int args;
} commands[] = {
	{ "log", log_signals, 1 },
	{ "send", send_many, 3 },
	{ "queue", queue, 3 },
	{ "orphans", leave_orphans, 2 },
	{ "keep", keep_leaving, 1 },
	{ "pause", pause_for, 1 },
	{ "strike", strike, 3 },
	{ "strike-first", strike_first, 3 },
	{ "fault", fault, 1 },
	{ "ids", print_ids, 0 },
	{ "fds", print_fds, 0 },
	{ "traits", print_traits, 0 },
	{ "bind", bind_port, 1 },
	{ "deny", deny, 5 },
	{ "pty", on_terminal, 2 },
};

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc >= 2 + commands[i].args &&
		    strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argv + 2);
	}
	fprintf(stderr, "usage: see probe.c\n");
	return 2;
}
