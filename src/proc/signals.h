/* SPDX-License-Identifier: MIT */
/*
 * signals - their names and numbers, what was found at the start, and what
 * each one that arrives means.
 *
 * The mask is handled as the kernel has it, 64 bits: the C library hides the
 * numbers 32 and 33, which can be sent, blocked and forwarded all the same.
 */
#ifndef KP_PROC_SIGNALS_H
#define KP_PROC_SIGNALS_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/str.h"

#include <signal.h>
#include <stdbool.h>

/* Signals are numbered from 1 to this. */
#define KP_SIGNAL_MAX 64

/* Holds the longest name, "RTMIN+30". */
#define KP_SIGNAL_NAME 12

/*
 * Block every signal, remember the mask that was there, and make SIGCHLD
 * default.  The first act of main: a process 1 loses what is not blocked.
 */
void kp_signals_block(void);

/*
 * Give the process the mask it was found with; with reset, an empty mask and
 * every disposition default.  For the one that executes a program next;
 * async-signal-safe.
 */
void kp_signals_restore(bool reset);

/*
 * Take a pending TERM, INT, QUIT or HUP that would have ended the process as
 * it was found.  Its number, or 0.  To be asked between the steps of
 * rendering and in every wait: what is in the making is then removed, and
 * the status is 128 + number.
 */
int kp_signals_poll(void);

/*
 * A descriptor that poll() finds readable while a signal is pending that
 * kp_signals_poll() would take; nothing is read from it.  The caller closes
 * it.  -1: there is none.
 */
int kp_signals_watch(void);

/* The same for every signal, of those that kp_signals_wait() would take. */
int kp_signals_watch_all(void);

/*
 * kp_signals_poll(), which also forgets pending signals that keyplate's own
 * writing raised (PIPE, XFSZ) and CHLD, so that a program executed in its
 * place is not hit by them.
 */
int kp_signals_drain(void);

/*
 * Wait for the next signal, whichever it is; at most timeout_ms
 * milliseconds, for ever where that is negative.  Its number, or 0: time is
 * up or the wait was interrupted.
 */
int kp_signals_wait(siginfo_t *info, long timeout_ms);

/* Die of number, without a core; returns where the kernel forbids that. */
void kp_signals_die(int number);

/*
 * Stop as number, a stop signal, would have stopped us; returns when the
 * process is continued, or at once where the kernel does not stop it.
 */
void kp_signals_stop(int number);

/*
 * "TERM", "SIGTERM", "sigterm", "15", "RTMIN", "RTMIN+3", "RTMAX-1".  False:
 * no signal has that name.
 */
bool kp_signals_parse(struct kp_str text, int *number) KP_MUST_CHECK;

/* The name, without SIG, of a number from 1 to KP_SIGNAL_MAX. */
void kp_signals_name(int number, char name[KP_SIGNAL_NAME]);

/* What is done with each signal, by the number under which it arrives. */
struct kp_signal_rules {
	unsigned char sent_as[KP_SIGNAL_MAX + 1]; /* 0: dropped */
	long delay_ms[KP_SIGNAL_MAX + 1];         /* of the first one */
};

/* Every signal is forwarded as itself and at once. */
void kp_signals_rules_init(struct kp_signal_rules *rules);

/* One --rewrite, "TERM:QUIT" or "HUP:0"; a later one for the same wins. */
bool kp_signals_add_rewrite(struct kp_signal_rules *rules, const char *text,
    struct kp_diags *diags) KP_MUST_CHECK;

/* One --delay, "TERM:5s". */
bool kp_signals_add_delay(struct kp_signal_rules *rules, const char *text,
    struct kp_diags *diags) KP_MUST_CHECK;

/* What the supervisor knows when a signal arrives. */
struct kp_signal_state {
	bool was_held; /* an earlier one of this number has been delayed */
	bool stopped;  /* the service is stopped */
	bool detached; /* its group may be orphaned: TSTP would not stop it */
};

/* What one signal makes the supervisor do, in this order. */
struct kp_reaction {
	int send;      /* to the service; 0: nothing */
	long delay_ms; /* wait so long before that; the rest follows then */
	bool resume;   /* a stopped service could not obey without a CONT */
	bool expires;  /* the service is asked to end: --kill-after runs */
	bool pause;    /* the supervisor stops itself too */
};

/* Pure: nothing but its arguments decide. */
struct kp_reaction kp_signals_react(const struct kp_signal_rules *rules,
    int number, struct kp_signal_state state);

#endif
