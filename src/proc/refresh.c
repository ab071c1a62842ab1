/* SPDX-License-Identifier: MIT */
/* refresh - what the service reads is made again while it runs. */
#include "proc/refresh.h"

#include "proc/release.h"
#include "proc/signals.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* So long nothing may have happened: many changes are often one. */
#define QUIET_MS 500

/* Where it is never quiet. */
#define BUSY_MS 5000

/* Between two looks where not all is told; after a process that failed. */
#define PAUSE_MS 5000

/* What could not be written is tried again ever more seldom. */
#define PAUSE_MAX_MS 60000

#define NEVER 0

void
kp_refresh_begin(struct kp_refresh_state *state,
    const struct kp_refresh *refresh, int64_t now)
{
	*state = (struct kp_refresh_state){ .refresh = refresh, .signals = -1 };
	if (refresh == NULL)
		return;
	state->signals = kp_signals_watch_all();
	state->due = now + QUIET_MS;
}

static void
poll_at_rest(struct pollfd *fds, uintptr_t count, int64_t left_ms)
{
	struct timespec left = { left_ms / 1000, left_ms % 1000 * 1000000 };
	const uintptr_t args[] = { (uintptr_t)fds, count,
		left_ms < 0 ? 0 : (uintptr_t)&left, 0 };

	kp_release_call(SYS_ppoll, args);
}

bool
kp_refresh_wait(const struct kp_refresh_state *state, int64_t left_ms)
{
	bool is_long = left_ms < 0 || left_ms > KP_RELEASE_AFTER;
	struct pollfd fds[] = {
		{ .fd = state->signals, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};

	if (state->signals == -1)
		return false;
	/* While the process is at work it says itself what it has not seen. */
	if (state->process == 0)
		fds[1].fd = state->refresh->fd;
	if (poll(fds, 2, is_long ? KP_RELEASE_AFTER : (int)left_ms) == 0 &&
	    is_long)
		poll_at_rest(fds, 2,
		    left_ms < 0 ? left_ms : left_ms - KP_RELEASE_AFTER);
	return true;
}

/* Tied to us: without us there is nobody to tell. */
static void
start(struct kp_refresh_state *state, int64_t now)
{
	const struct kp_refresh *refresh = state->refresh;
	pid_t parent = getpid(), process = fork();

	if (process == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
		_exit(getppid() == parent ? refresh->render(refresh->ctx) : 0);
	}
	/* Our own group is that of helpers which were here before us. */
	if (process != -1)
		setpgid(process, process);
	state->latest = NEVER;
	state->due = process == -1 ? now + PAUSE_MS : NEVER;
	state->process = process == -1 ? 0 : process;
}

static void
put_off(struct kp_refresh_state *state, int64_t now)
{
	if (state->latest == NEVER)
		state->latest = now + BUSY_MS;
	state->due = now + QUIET_MS;
	if (state->due > state->latest)
		state->due = state->latest;
}

void
kp_refresh_meet(struct kp_refresh_state *state, int64_t now)
{
	const struct kp_refresh *refresh = state->refresh;

	if (refresh == NULL || state->process != 0)
		return;
	if (refresh->take(refresh->ctx))
		put_off(state, now);
	if (state->due == NEVER &&
	    (state->signals == -1 || refresh->is_partial(refresh->ctx)))
		state->due = now + PAUSE_MS;
	if (state->due != NEVER && state->due <= now)
		start(state, now);
}

static void
retry(struct kp_refresh_state *state, int64_t now)
{
	state->pause = state->pause == 0 ? PAUSE_MS : state->pause * 2;
	if (state->pause > PAUSE_MAX_MS)
		state->pause = PAUSE_MAX_MS;
	state->due = now + state->pause;
}

bool
kp_refresh_ended(struct kp_refresh_state *state, const siginfo_t *info,
    int64_t now, struct kp_diags *diags)
{
	bool exited = info->si_code == CLD_EXITED;
	int bits = exited ? info->si_status : 0;

	state->process = 0;
	if (state->refresh == NULL)
		return false;
	if (!exited) {
		kp_diag_warn(diags, NULL,
		    "the process that renders again was ended by signal %d",
		    info->si_status);
		state->due = now + PAUSE_MS;
	}
	if ((bits & KP_REFRESH_LATER) != 0)
		retry(state, now);
	else
		state->pause = 0;
	if ((bits & KP_REFRESH_AGAIN) != 0)
		state->due = now + QUIET_MS;
	return (bits & KP_REFRESH_DONE) != 0;
}

void
kp_refresh_end(struct kp_refresh_state *state)
{
	if (state->refresh == NULL)
		return;
	if (state->process != 0)
		kill(state->process, SIGTERM);
	if (state->signals != -1)
		close(state->signals);
	state->signals = -1;
	state->due = NEVER;
	state->refresh = NULL;
}
