/* SPDX-License-Identifier: MIT */
/* guard - no core, no reader of our memory, no wide file while secrets are
 * held. */
#include "proc/guard.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the process itself, so there is one. */
static struct {
	bool raised;
	bool limited; /* core holds the limit that was found */
	struct rlimit core;
	mode_t mask;
	pid_t parent;
} found;

void
kp_guard_raise(void)
{
	struct rlimit none;

	found.parent = getppid();
	found.mask = umask(077);
	if (getrlimit(RLIMIT_CORE, &found.core) == 0 &&
	    found.core.rlim_cur != 0) {
		/* The hard limit stays: it could not be raised again. */
		none = found.core;
		none.rlim_cur = 0;
		found.limited = setrlimit(RLIMIT_CORE, &none) == 0;
	}
	found.raised = true;
	kp_guard_renew();
}

void
kp_guard_renew(void)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void
kp_guard_lower(void)
{
	if (!found.raised)
		return;
	umask(found.mask);
	if (found.limited)
		setrlimit(RLIMIT_CORE, &found.core);
}

pid_t
kp_guard_parent(void)
{
	return found.raised ? found.parent : getppid();
}

bool
kp_guard_is_first(void)
{
	return kp_guard_parent() == 0 && getpid() == 1;
}
