/* SPDX-License-Identifier: MIT */
/* service - start COMMAND and end as it ends. */
#include "proc/service.h"

#include "proc/childenv.h"
#include "proc/descriptors.h"
#include "proc/guard.h"
#include "proc/launch.h"
#include "proc/refresh.h"
#include "proc/release.h"
#include "proc/supervise.h"
#include "proc/terminal.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 * A terminal that is ours ends with us, or with the init that a container has
 * above us.  With another one a user goes on, and who is not root any more
 * cannot give it back.
 */
static bool
owns_terminal(void)
{
	pid_t leader = getsid(0);

	return leader == getpid() || leader == 1;
}

static struct kp_launch
make_launch(const struct kp_service *service, struct kp_terminal *terminal)
{
	return (struct kp_launch){
		.argv = service->argv,
		.envp = service->env->vars,
		.creds = {
			.account = service->account,
			.keep_caps = service->keep_caps,
			.no_new_privs = service->no_new_privs,
			.chown_stdio = service->chown_stdio,
			.chown_terminal = owns_terminal(),
		},
		.terminal = terminal,
		.oom_score_adj = service->oom_score_adj,
		.setsid = service->setsid,
		.reset_signals = service->reset_signals,
		.parent_death = service->parent_death,
	};
}

static int
run_in_place(const struct kp_service *service, struct kp_diags *diags)
{
	struct kp_launch launch = make_launch(service, NULL);
	struct kp_launch_failure failure;
	int number;

	if (kp_guard_is_first()) {
		kp_diag_note(diags, NULL,
		    "\"%s\" will be process 1: it must reap children, and "
		    "handle TERM itself",
		    service->argv[0]);
		service->report(service->ctx, diags);
	}
	service->wipe(service->ctx);
	/* Pending, they would be lost on a process 1, or kill COMMAND. */
	number = kp_signals_drain();
	if (number != 0)
		return 128 + number;
	kp_launch_exec(&launch, &failure);
	return kp_launch_explain(&launch, &failure, service->exit_code, diags);
}

/* Orphans come to a process 1 by nature, to another one by this. */
static void
adopt_orphans(const struct kp_service *service, struct kp_diags *diags)
{
	if (kp_guard_is_first() || !service->subreaper ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
		return;
	kp_diag_warn(diags, NULL,
	    "the kernel does not let keyplate adopt orphans (PR_SET_CHILD_"
	    "SUBREAPER)");
	kp_diag_hint(diags, "with --subreaper=no it does not try");
	service->report(service->ctx, diags);
}

/* A COMMAND that is started again gets what the first one got. */
static void
shed_descriptors(const struct kp_refresh *refresh,
    const struct kp_terminal *terminal)
{
	const int keep[] = {
		terminal->fd,
		refresh == NULL ? -1 : refresh->fd,
		refresh == NULL ? -1 : refresh->source,
	};

	if (refresh == NULL || refresh->signal != 0)
		kp_descriptors_shed(keep, sizeof(keep) / sizeof(*keep));
}

/*
 * COMMAND runs: be no better than it, and hold nothing that it should not
 * see.  The same user may signal it even without CAP_KILL.
 */
static void
shed(const struct kp_service *service, struct kp_terminal *terminal,
    struct kp_diags *diags)
{
	const struct kp_refresh *refresh = service->refresh;
	struct kp_creds creds = { .account = service->account };
	enum kp_creds_step step = KP_CREDS_DONE;

	kp_childenv_wipe(service->env);
	kp_childenv_scrub_arguments(service->found_argv);
	kp_childenv_scrub(service->argv);
	kp_release_wipe_stack();
	shed_descriptors(refresh, terminal);
	if (!service->keep_init_root && refresh == NULL)
		step = kp_creds_apply(&creds);
	kp_guard_renew();
	if (step == KP_CREDS_DONE)
		return;
	kp_diag_warn(diags, NULL, "keyplate itself: %s",
	    kp_creds_step_text(step));
	service->report(service->ctx, diags);
}

/* Set after the last change of user, which clears it. */
static void
follow_parent(const struct kp_service *service)
{
	if (service->parent_death == 0)
		return;
	prctl(PR_SET_PDEATHSIG, (unsigned long)service->parent_death, 0, 0, 0);
	if (getppid() != kp_guard_parent())
		kill(getpid(), service->parent_death);
}

static int
finish(const struct kp_service *service, struct kp_ending ending)
{
	int status = service->exits.given_as[ending.status];

	if (service->propagate_signal && ending.signal != 0 &&
	    status == ending.status)
		kp_signals_die(ending.signal);
	return status;
}

/*
 * Start COMMAND; false: *status is what that gives.  A function of its own,
 * so that what it has on the stack is gone while COMMAND runs.
 */
static KP_NOINLINE bool
start(const struct kp_service *service, struct kp_terminal *terminal,
    pid_t *child, int *status, struct kp_diags *diags)
{
	struct kp_launch launch = make_launch(service, terminal);
	struct kp_launch_failure failure;

	/* A service that nobody watches over is told so. */
	if (launch.parent_death == 0 && !kp_guard_is_first())
		launch.parent_death = SIGTERM;
	if (kp_launch_start(&launch, child, &failure))
		return true;
	*status =
	    kp_launch_explain(&launch, &failure, service->exit_code, diags);
	return false;
}

static struct kp_ending
supervise(const struct kp_service *service, struct kp_terminal *terminal,
    pid_t child)
{
	struct kp_supervise plan = {
		.child = child,
		.rules = &service->rules,
		.terminal = terminal,
		.kill_after_ms = service->kill_after_ms,
		.linger_ms = service->linger_ms,
		.to_group = service->to_group,
		.detached = service->setsid,
		.log_reaped = service->log_reaped,
		.refresh = service->refresh,
		.report = service->report,
		.ctx = service->ctx,
	};
	struct kp_ending ending = kp_supervise_run(&plan);

	kp_terminal_take(terminal, child);
	return ending;
}

/* With what it is to have now; as start() otherwise. */
static bool
start_again(const struct kp_service *service, struct kp_terminal *terminal,
    pid_t *child, int *status, struct kp_diags *diags)
{
	const struct kp_refresh *refresh = service->refresh;
	bool started = false;

	*status = service->exit_code;
	if (refresh->restore(refresh->ctx, diags))
		started = start(service, terminal, child, status, diags);
	refresh->forget(refresh->ctx);
	return started;
}

/* The exit status, once COMMAND has ended for good. */
static int
stay(const struct kp_service *service, struct kp_terminal *terminal,
    pid_t child, struct kp_diags *diags)
{
	struct kp_ending ending = supervise(service, terminal, child);
	int status;

	while (ending.again) {
		if (!start_again(service, terminal, &child, &status, diags))
			return status;
		ending = supervise(service, terminal, child);
	}
	return finish(service, ending);
}

static int
run_supervised(const struct kp_service *service, struct kp_diags *diags)
{
	struct kp_terminal terminal;
	int status = kp_signals_poll();
	pid_t child;

	if (status != 0)
		return 128 + status;
	kp_terminal_open(&terminal);
	adopt_orphans(service, diags);
	/* COMMAND could read them in our memory or /proc as soon as it runs. */
	service->wipe(service->ctx);
	kp_childenv_scrub(service->found_env);
	if (start(service, &terminal, &child, &status, diags)) {
		shed(service, &terminal, diags);
		follow_parent(service);
		status = stay(service, &terminal, child, diags);
	}
	kp_terminal_close(&terminal);
	return status;
}

int
kp_service_run(const struct kp_service *service, struct kp_diags *diags)
{
	if (service->exec)
		return run_in_place(service, diags);
	return run_supervised(service, diags);
}
