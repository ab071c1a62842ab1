/* SPDX-License-Identifier: MIT */
/* terminal - the controlling terminal, and whose keys it listens to. */
#include "proc/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

void
kp_terminal_open(struct kp_terminal *terminal)
{
	terminal->given = false;
	if (tcgetpgrp(STDIN_FILENO) != -1)
		terminal->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		terminal->fd = open("/dev/tty",
		    O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

bool
kp_terminal_is_ours(const struct kp_terminal *terminal)
{
	return terminal->fd != -1 && tcgetpgrp(terminal->fd) == getpgrp();
}

void
kp_terminal_give(struct kp_terminal *terminal, pid_t group)
{
	terminal->given = tcsetpgrp(terminal->fd, group) == 0;
}

void
kp_terminal_take(struct kp_terminal *terminal, pid_t group)
{
	pid_t holder;

	if (!terminal->given)
		return;
	terminal->given = false;
	holder = tcgetpgrp(terminal->fd);
	if (holder == group ||
	    (holder > 0 && kill(-holder, 0) == -1 && errno == ESRCH))
		tcsetpgrp(terminal->fd, getpgrp());
}

void
kp_terminal_close(struct kp_terminal *terminal)
{
	if (terminal->fd != -1)
		close(terminal->fd);
	terminal->fd = -1;
}
