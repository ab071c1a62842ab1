/* SPDX-License-Identifier: MIT */
/*
 * signals - their names and numbers, what was found at the start, and what
 * each one that arrives means.
 */
#include "proc/signals.h"

#include "proc/release.h"

#include "base/duration.h"
#include "proc/spec.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The kernel's numbers: the C library keeps the first two for itself. */
#define RTMIN 34
#define RTMAX KP_SIGNAL_MAX

#define ALL_SIGNALS UINT64_MAX

static const char *const names[RTMIN] = {
	[SIGHUP] = "HUP",
	[SIGINT] = "INT",
	[SIGQUIT] = "QUIT",
	[SIGILL] = "ILL",
	[SIGTRAP] = "TRAP",
	[SIGABRT] = "ABRT",
	[SIGBUS] = "BUS",
	[SIGFPE] = "FPE",
	[SIGKILL] = "KILL",
	[SIGUSR1] = "USR1",
	[SIGSEGV] = "SEGV",
	[SIGUSR2] = "USR2",
	[SIGPIPE] = "PIPE",
	[SIGALRM] = "ALRM",
	[SIGTERM] = "TERM",
	[SIGSTKFLT] = "STKFLT",
	[SIGCHLD] = "CHLD",
	[SIGCONT] = "CONT",
	[SIGSTOP] = "STOP",
	[SIGTSTP] = "TSTP",
	[SIGTTIN] = "TTIN",
	[SIGTTOU] = "TTOU",
	[SIGURG] = "URG",
	[SIGXCPU] = "XCPU",
	[SIGXFSZ] = "XFSZ",
	[SIGVTALRM] = "VTALRM",
	[SIGPROF] = "PROF",
	[SIGWINCH] = "WINCH",
	[SIGIO] = "IO",
	[SIGPWR] = "PWR",
	[SIGSYS] = "SYS",
};

static const struct {
	const char *name;
	int number;
} aliases[] = {
	{ "IOT", SIGABRT },
	{ "CLD", SIGCHLD },
	{ "POLL", SIGIO },
	{ "RTMIN", RTMIN },
	{ "RTMAX", RTMAX },
};

/* Blocked at the start: of the process itself, so there is one. */
static uint64_t found_mask;

static uint64_t
bit(int number)
{
	return UINT64_C(1) << (number - 1);
}

static void
set_mask(const uint64_t *mask, uint64_t *old)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, old, sizeof(*mask));
}

/* The next pending signal of a set, waiting as told (NULL: for ever). */
static int
take(uint64_t set, siginfo_t *info, const struct timespec *wait)
{
	long number;

	number = syscall(SYS_rt_sigtimedwait, &set, info, wait, sizeof(set));
	return number > 0 ? (int)number : 0;
}

/* Ends a process that does nothing about it, and is sent to that end. */
static bool
asks_to_end(int number)
{
	return number == SIGTERM || number == SIGINT || number == SIGQUIT;
}

static bool
is_job_stop(int number)
{
	return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

void
kp_signals_block(void)
{
	uint64_t all = ALL_SIGNALS;

	set_mask(&all, &found_mask);
	/* Ignored, it would let children vanish without a status. */
	signal(SIGCHLD, SIG_DFL);
}

/*
 * The kernel's own call: the C library hides 32 and 33.  All zero is the
 * default disposition, whatever a machine's struct looks like.
 */
static void
set_default(int number)
{
	static const uint64_t standard[8];

	syscall(SYS_rt_sigaction, number, standard, NULL, sizeof(uint64_t));
}

void
kp_signals_restore(bool reset)
{
	uint64_t mask = reset ? 0 : found_mask;
	int number;

	for (number = 1; reset && number <= KP_SIGNAL_MAX; number++)
		set_default(number);
	set_mask(&mask, NULL);
}

/* Nothing changes what was found: keyplate has no handlers. */
static bool
is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 &&
	    action.sa_handler == SIG_IGN;
}

/* Those that ended the process as it was found, unless it ignores them. */
static uint64_t
ending_signals(void)
{
	uint64_t set = bit(SIGHUP) | bit(SIGINT) | bit(SIGQUIT) | bit(SIGTERM);

	return set & ~found_mask;
}

/*
 * The next pending signal of a set that is not ignored; 0: none.  What is
 * blocked is pending even where it is ignored.
 */
static int
take_pending(uint64_t set)
{
	static const struct timespec now = { 0, 0 };
	siginfo_t info;
	int number;

	do {
		number = set == 0 ? 0 : take(set, &info, &now);
	} while (number != 0 && is_ignored(number));
	return number;
}

int
kp_signals_poll(void)
{
	return take_pending(ending_signals());
}

static int
watch(uint64_t set)
{
	return (int)syscall(SYS_signalfd4, -1, &set, sizeof(set), SFD_CLOEXEC);
}

int
kp_signals_watch(void)
{
	uint64_t set = ending_signals();
	int number;

	for (number = 1; number <= KP_SIGNAL_MAX; number++) {
		if ((set & bit(number)) != 0 && is_ignored(number))
			set &= ~bit(number);
	}
	return watch(set);
}

int
kp_signals_watch_all(void)
{
	return watch(ALL_SIGNALS);
}

int
kp_signals_drain(void)
{
	uint64_t own = bit(SIGPIPE) | bit(SIGXFSZ) | bit(SIGCHLD);
	int number;

	do {
		number = take_pending(own | ending_signals());
	} while (number != 0 && (own & bit(number)) != 0);
	return number;
}

static struct timespec
span(long ms)
{
	return (struct timespec){ ms / 1000, ms % 1000 * 1000000L };
}

/* The same, for a wait that may be long. */
static int
take_at_rest(uint64_t set, siginfo_t *info, const struct timespec *wait)
{
	const uintptr_t args[] = { (uintptr_t)&set, (uintptr_t)info,
		(uintptr_t)wait, sizeof(set) };
	long number = kp_release_call(SYS_rt_sigtimedwait, args);

	return number > 0 ? (int)number : 0;
}

int
kp_signals_wait(siginfo_t *info, long timeout_ms)
{
	bool is_long = timeout_ms < 0 || timeout_ms > KP_RELEASE_AFTER;
	struct timespec wait = span(is_long ? KP_RELEASE_AFTER : timeout_ms);
	int number = take(ALL_SIGNALS, info, &wait);

	if (number != 0 || !is_long)
		return number;
	wait = span(timeout_ms - KP_RELEASE_AFTER);
	return take_at_rest(ALL_SIGNALS, info, timeout_ms < 0 ? NULL : &wait);
}

void
kp_signals_die(int number)
{
	struct rlimit none = { 0, 0 };
	uint64_t others = ~bit(number);

	/* The service has left its own core, if any. */
	setrlimit(RLIMIT_CORE, &none);
	signal(number, SIG_DFL);
	kill(getpid(), number);
	set_mask(&others, NULL);
}

void
kp_signals_stop(int number)
{
	uint64_t all = ALL_SIGNALS, others = ~bit(number);

	/* Blocked, it is pending; SIGSTOP works at once. */
	kill(getpid(), number);
	set_mask(&others, NULL);
	set_mask(&all, NULL);
}

/* "+3" behind RTMIN, "-1" behind RTMAX; nothing is 0. */
static bool
parse_offset(struct kp_str text, int *number)
{
	unsigned long steps;

	if (text.len == 0)
		return true;
	if (text.ptr[0] != (*number == RTMIN ? '+' : '-') ||
	    !kp_str_to_number(kp_str_slice(text, 1, text.len), RTMAX - RTMIN,
	        &steps))
		return false;
	*number += *number == RTMIN ? (int)steps : -(int)steps;
	return true;
}

static bool
parse_name(struct kp_str text, int *number)
{
	size_t i;

	for (i = 1; i < RTMIN; i++) {
		if (names[i] != NULL && kp_str_is_nocase(text, names[i])) {
			*number = (int)i;
			return true;
		}
	}
	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		struct kp_str name = kp_str_of(aliases[i].name);
		bool counts = aliases[i].number >= RTMIN;
		int base = aliases[i].number;

		if (text.len < name.len || (!counts && text.len > name.len) ||
		    !kp_str_eq_nocase(kp_str_slice(text, 0, name.len), name) ||
		    !parse_offset(kp_str_slice(text, name.len, text.len),
		        &base))
			continue;
		*number = base;
		return true;
	}
	return false;
}

bool
kp_signals_parse(struct kp_str text, int *number)
{
	unsigned long plain;

	if (kp_str_to_number(text, KP_SIGNAL_MAX, &plain) && plain > 0) {
		*number = (int)plain;
		return true;
	}
	if (text.len > 3 && kp_str_is_nocase(kp_str_slice(text, 0, 3), "SIG"))
		text = kp_str_slice(text, 3, text.len);
	return parse_name(text, number);
}

void
kp_signals_name(int number, char name[KP_SIGNAL_NAME])
{
	if (number > 0 && number < RTMIN && names[number] != NULL)
		snprintf(name, KP_SIGNAL_NAME, "%s", names[number]);
	else if (number == RTMIN)
		snprintf(name, KP_SIGNAL_NAME, "RTMIN");
	else if (number > RTMIN)
		snprintf(name, KP_SIGNAL_NAME, "RTMIN+%u",
		    (unsigned)(number - RTMIN) % 31);
	else
		snprintf(name, KP_SIGNAL_NAME, "%d", number);
}

void
kp_signals_rules_init(struct kp_signal_rules *rules)
{
	unsigned char number;

	*rules = (struct kp_signal_rules){ 0 };
	for (number = 1; number <= KP_SIGNAL_MAX; number++)
		rules->sent_as[number] = number;
	/* How children end is the supervisor's own business. */
	rules->sent_as[SIGCHLD] = 0;
}

/* A signal that a process can do something about. */
static bool
parse_catchable(struct kp_str text, int *number)
{
	return kp_signals_parse(text, number) && *number != SIGKILL &&
	    *number != SIGSTOP && *number != SIGCHLD;
}

bool
kp_signals_add_rewrite(struct kp_signal_rules *rules, const char *text,
    struct kp_diags *diags)
{
	struct kp_str from_text, to_text;
	int from, to = 0;

	if (!kp_spec_split(kp_str_of(text), &from_text, &to_text)) {
		kp_diag_usage(diags,
		    "--rewrite \"%s\" is not two signals with a colon "
		    "between",
		    text);
		return kp_diag_hint(diags,
		    "for example --rewrite TERM:QUIT, or HUP:0 to drop it");
	}
	if (!parse_catchable(from_text, &from))
		return kp_diag_usage(diags,
		    "--rewrite \"%s\": \"%.*s\" is no signal that can be "
		    "received",
		    text, (int)from_text.len, from_text.ptr);
	if (!kp_str_is(to_text, "0") && !kp_signals_parse(to_text, &to))
		return kp_diag_usage(diags,
		    "--rewrite \"%s\": \"%.*s\" is no signal", text,
		    (int)to_text.len, to_text.ptr);
	rules->sent_as[from] = (unsigned char)to;
	return true;
}

bool
kp_signals_add_delay(struct kp_signal_rules *rules, const char *text,
    struct kp_diags *diags)
{
	struct kp_str name, span;
	int number;
	long ms;

	if (!kp_spec_split(kp_str_of(text), &name, &span)) {
		kp_diag_usage(diags,
		    "--delay \"%s\" is not a signal and a duration with a "
		    "colon between",
		    text);
		return kp_diag_hint(diags, "for example --delay TERM:5s");
	}
	if (!parse_catchable(name, &number))
		return kp_diag_usage(diags,
		    "--delay \"%s\": \"%.*s\" is no signal that can be "
		    "received",
		    text, (int)name.len, name.ptr);
	if (!kp_duration_parse(span, &ms) || ms == KP_DURATION_INF)
		return kp_diag_usage(diags,
		    "--delay \"%s\": \"%.*s\" is no span of time, such as "
		    "500ms or 5s",
		    text, (int)span.len, span.ptr);
	rules->delay_ms[number] = ms;
	return true;
}

struct kp_reaction
kp_signals_react(const struct kp_signal_rules *rules, int number,
    struct kp_signal_state state)
{
	struct kp_reaction reaction = { 0 };

	reaction.send = rules->sent_as[number];
	if (reaction.send == 0)
		return reaction;
	if (!state.was_held)
		reaction.delay_ms = rules->delay_ms[number];
	reaction.expires = asks_to_end(number) || asks_to_end(reaction.send);
	reaction.resume =
	    state.stopped && (reaction.expires || reaction.send == SIGHUP);
	reaction.pause = is_job_stop(number);
	if (state.detached && is_job_stop(reaction.send))
		reaction.send = SIGSTOP;
	return reaction;
}
