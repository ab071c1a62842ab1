/* SPDX-License-Identifier: MIT */
/* service - start COMMAND and end as it ends. */
#include "proc/service.h"

#include "proc/childenv.h"
#include "proc/descriptors.h"
#include "proc/guard.h"
#include "proc/launch.h"
#include "proc/supervise.h"
#include "proc/terminal.h"

#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* More than rendering ever had on the stack. */
#define STACK_MAX (256 * 1024)

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

	if (getpid() == 1) {
		kp_diag_note(diags, NULL,
		    "\"%s\" will be process 1: it must reap children, and "
		    "handle TERM itself",
		    service->argv[0]);
		service->report(service->ctx, diags);
	}
	service->wipe(service->ctx);
	/* Pending, they would be lost on a process 1, or kill COMMAND. */
	number = kp_signals_poll();
	if (number != 0)
		return 128 + number;
	kp_signals_drain();
	kp_launch_exec(&launch, &failure);
	return kp_launch_explain(&launch, &failure, service->exit_code, diags);
}

/* Orphans come to a process 1 by nature, to another one by this. */
static void
adopt_orphans(const struct kp_service *service, struct kp_diags *diags)
{
	if (getpid() == 1 || !service->subreaper ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
		return;
	kp_diag_warn(diags, NULL,
	    "the kernel does not let keyplate adopt orphans (PR_SET_CHILD_"
	    "SUBREAPER)");
	kp_diag_hint(diags, "with --subreaper=no it does not try");
	service->report(service->ctx, diags);
}

/*
 * What the calls before left below our own frame.  Its whole pages, touched
 * by this alone perhaps, go back to the kernel.
 */
static __attribute__((__noinline__)) void
wipe_stack(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char below[STACK_MAX];
	size_t lead;

	explicit_bzero(below, sizeof(below));
	lead = page - (uintptr_t)below % page;
	madvise(below + lead, (STACK_MAX - lead) / page * page, MADV_DONTNEED);
}

/*
 * COMMAND runs: be no better than it, and hold nothing that it should not
 * see.  The same user may signal it even without CAP_KILL.
 */
static void
shed(const struct kp_service *service, struct kp_terminal *terminal,
    struct kp_diags *diags)
{
	struct kp_creds creds = { .account = service->account };
	enum kp_creds_step step = KP_CREDS_DONE;

	kp_childenv_wipe(service->env);
	kp_childenv_scrub_arguments(service->argv);
	wipe_stack();
	malloc_trim(0);
	kp_descriptors_shed(&terminal->fd);
	if (!service->keep_init_root)
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

static int
run_supervised(const struct kp_service *service, struct kp_diags *diags)
{
	struct kp_terminal terminal;
	struct kp_launch launch = make_launch(service, &terminal);
	struct kp_launch_failure failure;
	struct kp_supervise plan = {
		.rules = service->rules,
		.terminal = &terminal,
		.kill_after_ms = service->kill_after_ms,
		.linger_ms = service->linger_ms,
		.to_group = service->to_group,
		.detached = service->setsid,
		.log_reaped = service->log_reaped,
		.report = service->report,
		.ctx = service->ctx,
	};
	struct kp_ending ending;
	int status;

	kp_terminal_open(&terminal);
	adopt_orphans(service, diags);
	/* COMMAND could read them in our memory or /proc as soon as it runs. */
	service->wipe(service->ctx);
	kp_childenv_scrub(service->found_env);
	/* A service that nobody watches over is told so. */
	if (launch.parent_death == 0 && getpid() != 1)
		launch.parent_death = SIGTERM;
	if (kp_launch_start(&launch, &plan.child, &failure)) {
		shed(service, &terminal, diags);
		follow_parent(service);
		ending = kp_supervise_run(&plan);
		kp_terminal_take(&terminal, plan.child);
		status = finish(service, ending);
	} else {
		status = kp_launch_explain(&launch, &failure,
		    service->exit_code, diags);
	}
	kp_terminal_close(&terminal);
	return status;
}

int
kp_service_run(const struct kp_service *service, struct kp_diags *diags)
{
	int number = kp_signals_poll();

	if (number != 0)
		return 128 + number;
	if (service->exec)
		return run_in_place(service, diags);
	return run_supervised(service, diags);
}
