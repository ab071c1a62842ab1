/* SPDX-License-Identifier: MIT */
/*
 * supervise - stay with the service until it and what it left are gone.
 *
 * Phases: the child runs; it has ended and the rest was asked to end
 * (lingering); the rest is being killed; over.  Process 1 reaches the rest
 * with kill(-1), unless it goes on with another child.  Any other must not: it
 * asks the kernel for its direct children, to which orphans come generation by
 * generation, as it is their subreaper.  A child that was not reaped cannot be
 * a recycled pid.
 */
#include "proc/supervise.h"

#include "proc/guard.h"
#include "proc/refresh.h"
#include "proc/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A process in a system call that never ends must not hold up the end. */
#define KILL_WAIT_MS 2000

/* Nobody outside has a clock for a service that is to be started again. */
#define RESTART_KILL_MS 10000

/* No deadline: the clock was there before us. */
#define NEVER 0

enum phase { RUNNING, LINGERING, KILLING, OVER };

/*
 * The signals that wait for their --delay, by number.  There is one
 * supervisor in a process; on its stack these would be three pages, here
 * they are none until one is used.  What waits when COMMAND is started again
 * reaches the new one.
 */
static siginfo_t held[KP_SIGNAL_MAX + 1];
static bool was_held[KP_SIGNAL_MAX + 1];
static int64_t due[KP_SIGNAL_MAX + 1]; /* of what is held, else NEVER */

struct state {
	const struct kp_supervise *plan;
	enum phase phase;
	bool first;   /* we are process 1 */
	bool stopped; /* the child is */
	bool asked;   /* to end, by a signal that was passed on */
	bool refused; /* the warning about EPERM has been given */
	bool renewed; /* it was asked to end, to be started again */
	bool unasked; /* those outside of its group are still to be asked */
	struct kp_refresh_state refresh;
	int64_t kill_at, end_at;
	struct kp_ending ending;
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
after(long ms)
{
	return ms < 0 ? NEVER : now_ms() + ms;
}

/* --- sending --- */

static void
warn_refused(struct state *state, int number)
{
	struct kp_diags diags = { 0 };
	char name[KP_SIGNAL_NAME];

	if (state->refused)
		return;
	state->refused = true;
	kp_signals_name(number, name);
	kp_diag_warn(&diags, NULL,
	    "may not send signal %s to the service: it runs as another user",
	    name);
	kp_diag_hint(&diags, "give the container the capability KILL");
	state->plan->report(state->plan->ctx, &diags);
	kp_diags_free(&diags);
}

/*
 * Signal (0: look for) every direct child, but those of one group (0: of
 * none) and of our own: COMMAND leaves that before it runs, so there are only
 * helpers that were here before, as "exec > >(tee log)" makes them for us.
 * "children" of proc(5): pids with a blank behind each; one that is missed
 * is seen at the next call.  False: there is none, that much is known.
 */
static bool
signal_children(int number, pid_t but_group)
{
	char path[64], text[4096];
	bool found = false;
	int fd;
	ssize_t got;
	pid_t pid = 0, group;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
	    (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return true;
	while ((got = read(fd, text, sizeof(text))) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			if (text[i] >= '0' && text[i] <= '9') {
				pid = pid * 10 + (text[i] - '0');
				continue;
			}
			group = pid > 0 ? getpgid(pid) : getpgrp();
			if (group != but_group && group != getpgrp()) {
				found = true;
				kill(pid, number);
			}
			pid = 0;
		}
	}
	close(fd);
	return found;
}

/*
 * At the end of process 1 all of the container ends.  Where COMMAND is to be
 * started again, what "docker exec" has put beside it is none of its rest.
 */
static bool
reaches_all(const struct state *state)
{
	return state->first && (state->asked || !state->renewed);
}

/* What is left, or everything. */
static void
signal_rest(const struct state *state, int number)
{
	if (reaches_all(state))
		kill(-1, number);
	else
		signal_children(number, 0);
}

/*
 * Ask what is left behind the child to end, and those that are stopped to go
 * on for that.  Its group only while the child, as a zombie at least, keeps
 * the group's number from being used again; others once it is known that
 * there are any.  Nobody gets it twice: the second TERM means haste to some.
 */
static void
ask_rest(struct state *state)
{
	pid_t to = reaches_all(state) ? -1 : -state->plan->child;

	kill(to, SIGTERM);
	kill(to, SIGCONT);
	state->unasked = to != -1;
}

static void
ask_others(struct state *state)
{
	signal_children(SIGTERM, state->plan->child);
	signal_children(SIGCONT, state->plan->child);
	state->unasked = false;
}

/* To the child: with its value where it was sent with one. */
static int
signal_child(const struct state *state, int number, siginfo_t *info)
{
	pid_t child = state->plan->child;

	if (state->plan->to_group)
		return kill(-child, number);
	if (info != NULL && info->si_code == SI_QUEUE &&
	    syscall(SYS_rt_sigqueueinfo, child, number, info) == 0)
		return 0;
	return kill(child, number);
}

static void
send_signal(struct state *state, int number, siginfo_t *info)
{
	if (state->phase == RUNNING) {
		if (signal_child(state, number, info) == -1 && errno == EPERM)
			warn_refused(state, number);
	} else if (state->phase == LINGERING) {
		signal_rest(state, number);
	}
}

/* The first signal that asks for the end; a restart has a time of its own. */
static void
expire(struct state *state)
{
	long kill_after_ms = state->plan->kill_after_ms;

	if (state->kill_at == NEVER ||
	    (state->renewed && !state->asked && kill_after_ms >= 0))
		state->kill_at = after(kill_after_ms);
	state->asked = true;
	kp_refresh_end(&state->refresh);
}

/* Do what a signal means. */
static void
deliver(struct state *state, const struct kp_reaction *reaction,
    siginfo_t *info)
{
	send_signal(state, reaction->send, info);
	if (reaction->resume)
		send_signal(state, SIGCONT, NULL);
	if (reaction->expires)
		expire(state);
	/* The kernel does not stop a process 1. */
	if (reaction->pause && state->phase != OVER)
		kill(getpid(), SIGSTOP);
}

/* --- receiving --- */

/* Raised by a write of ours to a pipe without a reader, or a full disk. */
static bool
is_our_own(const siginfo_t *info)
{
	return (info->si_signo == SIGPIPE || info->si_signo == SIGXFSZ) &&
	    info->si_code <= 0 && info->si_pid == getpid();
}

/* A shell that continues us has given us the terminal: pass it on. */
static bool
resume_job(const struct state *state)
{
	struct kp_terminal *terminal = state->plan->terminal;

	if (state->phase != RUNNING || !kp_terminal_is_ours(terminal))
		return false;
	kp_terminal_give(terminal, state->plan->child);
	return terminal->given;
}

static void
hold(int number, long delay_ms, const siginfo_t *info)
{
	was_held[number] = true;
	due[number] = after(delay_ms);
	held[number] = *info;
}

static void
pass_on(struct state *state, int number, siginfo_t *info)
{
	struct kp_signal_state seen = {
		.was_held = was_held[number],
		.stopped = state->stopped,
		.detached = state->plan->detached || state->plan->to_group,
	};
	struct kp_reaction reaction =
	    kp_signals_react(state->plan->rules, number, seen);

	if (reaction.delay_ms > 0)
		hold(number, reaction.delay_ms, info);
	else if (reaction.send != 0)
		deliver(state, &reaction, info);
}

static void
receive(struct state *state, int number, siginfo_t *info)
{
	if (is_our_own(info))
		return;
	if (number == SIGCONT && resume_job(state))
		kill(-state->plan->child, SIGCONT);
	else
		pass_on(state, number, info);
}

/* --- children --- */

/*
 * Stop as the child did, so that a shell sees its job stopped.  By then the
 * terminal is ours again: Ctrl-C goes on working where nobody stops us.
 */
static void
child_stopped(struct state *state, int number)
{
	struct kp_terminal *terminal = state->plan->terminal;
	bool given = terminal->given;

	state->stopped = true;
	kp_terminal_take(terminal, state->plan->child);
	if (!state->first && terminal->fd != -1 && (given || number != SIGSTOP))
		kp_signals_stop(number);
}

static int64_t
restart_deadline(const struct state *state)
{
	long kill_after_ms = state->plan->kill_after_ms;

	return after(kill_after_ms < 0 ? RESTART_KILL_MS : kill_after_ms);
}

/* What the child reads is new. */
static void
act_on_refresh(struct state *state)
{
	const struct kp_refresh *refresh = state->refresh.refresh;
	struct kp_signal_state seen = { .was_held = true };
	struct kp_reaction reaction;

	if (refresh->signal != 0) {
		send_signal(state, refresh->signal, NULL);
		return;
	}
	/* It ends as it always does, and at once: nobody is to notice. */
	reaction = kp_signals_react(state->plan->rules, SIGTERM, seen);
	send_signal(state, reaction.send != 0 ? reaction.send : SIGTERM, NULL);
	if (state->stopped)
		send_signal(state, SIGCONT, NULL);
	state->renewed = true;
	state->kill_at = restart_deadline(state);
	kp_refresh_end(&state->refresh);
}

/* The process that looked what has changed. */
static void
tend_refresh(struct state *state, const siginfo_t *info)
{
	struct kp_diags diags = { 0 };
	bool renewed =
	    kp_refresh_ended(&state->refresh, info, now_ms(), &diags);

	state->plan->report(state->plan->ctx, &diags);
	kp_diags_free(&diags);
	if (renewed && state->phase == RUNNING)
		act_on_refresh(state);
}

/*
 * The child is a zombie still, and holds the number of its group.  Without
 * linger what is left is left alone, unless the group is what gets signals:
 * then it is asked to end, and nobody waits.  For ever means to leave it alone
 * until it is asked to end.
 */
static void
child_ended(struct state *state, const siginfo_t *info)
{
	long linger_ms = state->plan->linger_ms;
	bool exited = info->si_code == CLD_EXITED;

	state->ending.signal = exited ? 0 : info->si_status;
	state->ending.status =
	    exited ? info->si_status & 0xff : 128 + info->si_status;
	state->phase = linger_ms == 0 ? OVER : LINGERING;
	/* What is asked to end has one time for all that it leaves, too. */
	if (state->renewed && (!state->asked || state->plan->kill_after_ms < 0))
		state->kill_at = NEVER;
	kp_refresh_end(&state->refresh);
	if (linger_ms == 0 && state->plan->to_group)
		kill(-state->plan->child, SIGTERM);
	if (linger_ms == 0)
		return;
	state->end_at = after(linger_ms);
	if (linger_ms > 0 || state->asked || state->renewed)
		ask_rest(state);
	if (linger_ms < 0 && state->renewed && !state->asked)
		state->kill_at = restart_deadline(state);
	if (linger_ms < 0 && state->asked && state->kill_at == NEVER)
		state->kill_at = after(state->plan->kill_after_ms);
}

static void
note_reaped(const struct state *state, const siginfo_t *info)
{
	struct kp_diags diags = { 0 };

	kp_diag_warn(&diags, NULL, "reaped process %d, %s %d",
	    (int)info->si_pid,
	    info->si_code == CLD_EXITED ? "exit status" : "signal",
	    info->si_status);
	state->plan->report(state->plan->ctx, &diags);
	kp_diags_free(&diags);
}

/* Act on one change that was seen, then take it from the kernel's list. */
static void
tend(struct state *state, const siginfo_t *info)
{
	bool is_child = info->si_pid == state->plan->child;
	bool is_refresh = info->si_pid == state->refresh.process;
	bool ended =
	    info->si_code != CLD_STOPPED && info->si_code != CLD_CONTINUED;
	siginfo_t taken;

	if (ended && is_child && state->phase == RUNNING)
		child_ended(state, info);
	waitid(P_PID, (id_t)info->si_pid, &taken,
	    WNOHANG | (ended ? WEXITED : WSTOPPED | WCONTINUED));
	if (ended && is_refresh)
		tend_refresh(state, info);
	else if (ended && !is_child && state->plan->log_reaped)
		note_reaped(state, info);
	if (is_child && info->si_code == CLD_CONTINUED)
		state->stopped = false;
	if (is_child && info->si_code == CLD_STOPPED)
		child_stopped(state, info->si_status);
}

/*
 * Once nobody is left in the child's group, who may use the terminal, Ctrl-C
 * is to reach us: nobody else passes it on to the rest.
 */
static void
take_terminal(const struct state *state)
{
	struct kp_terminal *terminal = state->plan->terminal;
	pid_t child = state->plan->child;

	if (terminal->given && kill(-child, 0) == -1 && errno == ESRCH)
		kp_terminal_take(terminal, child);
}

/* Look after all children that changed: one SIGCHLD may stand for many. */
static void
tend_all(struct state *state)
{
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info,
		        WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT) ==
		    -1) {
			if (errno == EINTR)
				continue;
			state->phase = OVER; /* nobody is left */
		}
		if (state->phase == OVER || info.si_pid == 0)
			break;
		tend(state, &info);
	}
	if (state->phase != RUNNING)
		take_terminal(state);
	if (state->phase != OVER && state->unasked)
		ask_others(state);
	if ((state->phase == LINGERING || state->phase == KILLING) &&
	    !reaches_all(state) && !signal_children(0, 0))
		state->phase = OVER; /* nobody but helpers */
}

/* --- deadlines --- */

static int64_t
earlier(int64_t one, int64_t other)
{
	if (one == NEVER || other == NEVER)
		return one == NEVER ? other : one;
	return one < other ? one : other;
}

static int64_t
next_deadline(const struct state *state)
{
	int64_t next = earlier(state->kill_at, state->end_at);
	int number;

	next = earlier(next, state->refresh.due);
	for (number = 1; number <= KP_SIGNAL_MAX; number++)
		next = earlier(next, due[number]);
	return next;
}

static bool
is_due(int64_t deadline, int64_t now)
{
	return deadline != NEVER && deadline <= now;
}

static void
release_held(struct state *state, int64_t now)
{
	int number;

	for (number = 1; number <= KP_SIGNAL_MAX; number++) {
		if (!is_due(due[number], now))
			continue;
		due[number] = NEVER;
		pass_on(state, number, &held[number]);
	}
}

static void
start_killing(struct state *state)
{
	state->phase = KILLING;
	state->kill_at = NEVER;
	state->end_at = after(KILL_WAIT_MS);
}

static void
meet_deadlines(struct state *state)
{
	int64_t now;

	if (next_deadline(state) == NEVER)
		return;
	now = now_ms();
	release_held(state, now);
	if (is_due(state->kill_at, now)) {
		state->kill_at = NEVER;
		if (state->phase == RUNNING)
			send_signal(state, SIGKILL, NULL);
		else
			start_killing(state);
	}
	if (is_due(state->end_at, now)) {
		if (state->phase == LINGERING)
			start_killing(state);
		else
			state->phase = OVER;
	}
}

static int
wait_signal(const struct state *state, siginfo_t *info)
{
	int64_t next = next_deadline(state);
	int64_t left = next == NEVER ? -1 : next - now_ms();

	if (next != NEVER && left < 0)
		left = 0;
	if (kp_refresh_wait(&state->refresh, left))
		left = 0;
	return kp_signals_wait(info, (long)left);
}

struct kp_ending
kp_supervise_run(const struct kp_supervise *plan)
{
	struct state state = {
		.plan = plan,
		.first = kp_guard_is_first(),
	};
	siginfo_t info;
	int number;

	/* A signal is held once; what still waits was. */
	for (number = 1; number <= KP_SIGNAL_MAX; number++)
		was_held[number] = due[number] != NEVER;
	kp_refresh_begin(&state.refresh, plan->refresh, now_ms());
	/* From here on nothing may end the process but the end of the loop. */
	for (;;) {
		number = wait_signal(&state, &info);
		/* First what has been: a signal must not reach a new owner of
		   a pid, nor a deadline a child that is gone already. */
		tend_all(&state);
		/* Nobody is left to get it, but it may ask for no new start. */
		if (number != 0)
			receive(&state, number, &info);
		if (state.phase == OVER)
			break;
		meet_deadlines(&state);
		kp_refresh_meet(&state.refresh, now_ms());
		if (state.phase == KILLING)
			signal_rest(&state, SIGKILL);
		if (state.phase == OVER)
			break;
	}
	kp_refresh_end(&state.refresh);
	state.ending.again = state.renewed && !state.asked;
	return state.ending;
}
