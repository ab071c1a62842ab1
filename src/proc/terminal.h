/* SPDX-License-Identifier: MIT */
/*
 * terminal - the controlling terminal, and whose keys it listens to.
 *
 * The service has a process group of its own; it is made the foreground one
 * where keyplate's was, so that Ctrl-C reaches the service once, and keyplate
 * not at all.  Everything here runs with SIGTTOU blocked, and is
 * async-signal-safe.
 */
#ifndef KP_PROC_TERMINAL_H
#define KP_PROC_TERMINAL_H

#include "base/attr.h"

#include <stdbool.h>
#include <sys/types.h>

struct kp_terminal {
	int fd;     /* owned; -1: no controlling terminal */
	bool given; /* the service's group is the foreground one */
};

/* Find it on standard input or /dev/tty; none is no error. */
void kp_terminal_open(struct kp_terminal *terminal);

/* True when keyplate's own group is the foreground one. */
bool kp_terminal_is_ours(const struct kp_terminal *terminal) KP_MUST_CHECK;

/* Make group the foreground one; what cannot be done is left as it is. */
void kp_terminal_give(struct kp_terminal *terminal, pid_t group);

/* Take back what was given, unless somebody else has it by now. */
void kp_terminal_take(struct kp_terminal *terminal, pid_t group);

void kp_terminal_close(struct kp_terminal *terminal);

#endif
