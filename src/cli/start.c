/* SPDX-License-Identifier: MIT */
/* start - COMMAND as the options want it. */
#include "cli/start.h"

#include "base/duration.h"
#include "base/list.h"
#include "cli/memory.h"
#include "cli/report.h"
#include "proc/creds.h"
#include "proc/exits.h"
#include "proc/launch.h"
#include "proc/signals.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Static_assert(KP_FOREVER == KP_DURATION_INF, "one number for no end");

static bool
read_signals(struct kp_signal_rules *rules, const struct kp_options *options,
    struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	kp_signals_rules_init(rules);
	for (i = 0; i < options->rewrites.count; i++)
		good &= kp_signals_add_rewrite(rules,
		    options->rewrites.items[i], diags);
	for (i = 0; i < options->delays.count; i++)
		good &= kp_signals_add_delay(rules, options->delays.items[i],
		    diags);
	return good;
}

static bool
read_exits(struct kp_exits *exits, const struct kp_options *options,
    struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	kp_exits_init(exits);
	for (i = 0; i < options->exit_zero.count; i++)
		good &= kp_exits_add_zero(exits, options->exit_zero.items[i],
		    diags);
	for (i = 0; i < options->map_exit.count; i++)
		good &=
		    kp_exits_add_map(exits, options->map_exit.items[i], diags);
	return good;
}

static bool
read_caps(uint64_t *caps, const struct kp_options *options,
    struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < options->keep_caps.count; i++)
		good &=
		    kp_creds_add_cap(caps, options->keep_caps.items[i], diags);
	if (good && *caps != 0 && options->user == NULL) {
		kp_diag_usage(diags, "--cap-keep needs --user");
		return kp_diag_hint(diags,
		    "without a change of user every capability stays");
	}
	return good;
}

static bool
read_parent_death(int *number, const struct kp_options *options,
    struct kp_diags *diags)
{
	if (options->parent_death == NULL ||
	    kp_signals_parse(kp_str_of(options->parent_death), number))
		return true;
	return kp_diag_usage(diags, "--parent-death \"%s\" is no signal",
	    options->parent_death);
}

/* A mistake in one option does not hide those in the others. */
static bool
read_options(struct kp_service *service, const struct kp_options *options,
    struct kp_diags *diags)
{
	bool good = read_signals(&service->rules, options, diags);

	good &= read_exits(&service->exits, options, diags);
	good &= read_caps(&service->keep_caps, options, diags);
	good &= read_parent_death(&service->parent_death, options, diags);
	service->no_new_privs = options->no_new_privs;
	service->chown_stdio = !options->no_chown_stdio;
	service->exec = options->exec;
	service->setsid = options->setsid;
	service->reset_signals = options->reset_signals;
	service->exit_code = options->exit_code;
	service->kill_after_ms = options->kill_after_ms;
	service->linger_ms = options->linger_ms;
	service->to_group = options->to_group;
	service->subreaper = !options->no_subreaper;
	service->keep_init_root = options->keep_init_root;
	service->propagate_signal = options->propagate_signal;
	service->log_reaped = options->log_reaped;
	return good;
}

static bool
set_home(struct kp_start *start, char *const *envp, struct kp_diags *diags)
{
	const struct kp_account *account = &start->account;
	struct kp_str name = kp_str_of(account->name);

	if (!kp_childenv_set(&start->env, "HOME", kp_str_of(account->home),
	        diags))
		return false;
	/* An entry-less user keeps no name of somebody else. */
	if (account->name == NULL) {
		kp_childenv_unset(&start->env, "USER");
		kp_childenv_unset(&start->env, "LOGNAME");
		return true;
	}
	return (kp_childenv_get(envp, "USER") == NULL ||
	           kp_childenv_set(&start->env, "USER", name, diags)) &&
	    (kp_childenv_get(envp, "LOGNAME") == NULL ||
	        kp_childenv_set(&start->env, "LOGNAME", name, diags));
}

static bool
build_environment(struct kp_start *start, char *const *envp,
    struct kp_diags *diags)
{
	const struct kp_options *options = start->options;
	struct kp_childenv_rules rules = {
		.pristine = options->pristine,
		.keep = &options->keep_env,
		.drop = &options->drop_env,
	};

	return kp_childenv_build(&start->env, envp, &rules, diags) &&
	    (options->user == NULL || options->keep_home ||
	        set_home(start, envp, diags));
}

bool
kp_start_prepare(struct kp_start *start, const struct kp_options *options,
    char **envp, struct kp_diags *diags)
{
	struct kp_service *service = &start->service;
	bool good;

	start->options = options;
	good = read_options(service, options, diags);
	if (options->oom_score_adj != NULL) {
		snprintf(start->oom_score_adj, sizeof(start->oom_score_adj),
		    "%ld", strtol(options->oom_score_adj, NULL, 10));
		service->oom_score_adj = start->oom_score_adj;
	}
	if (options->user != NULL) {
		good &= kp_account_load(&start->account, options->user, diags);
		service->account = &start->account;
	}
	if (!good || !build_environment(start, envp, diags))
		return false;
	service->argv = service->found_argv = options->command_argv;
	service->env = &start->env;
	service->found_env = envp;
	return true;
}

bool
kp_start_renew(struct kp_start *start, char **envp, struct kp_diags *diags)
{
	kp_childenv_wipe(&start->env);
	return build_environment(start, envp, diags);
}

const struct kp_account *
kp_start_account(const struct kp_start *start)
{
	return start->service.account;
}

void
kp_start_drop(struct kp_start *start, const char *name)
{
	kp_childenv_unset(&start->env, name);
}

bool
kp_start_export(struct kp_start *start, const char *name, struct kp_str value,
    struct kp_diags *diags)
{
	return kp_childenv_set(&start->env, name, value, diags);
}

bool
kp_start_close(struct kp_start *start, struct kp_diags *diags)
{
	return kp_childenv_close(&start->env, diags);
}

static void
wipe_values(void *ctx)
{
	struct kp_start *start = ctx;

	start->wipe(start->wipe_ctx);
}

static void
report(void *ctx, struct kp_diags *diags)
{
	const struct kp_start *start = ctx;

	kp_report(diags, start->options);
}

int
kp_start_look(const struct kp_start *start, struct kp_diags *diags)
{
	const struct kp_launch launch = {
		.argv = start->options->command_argv,
		.envp = start->env.vars,
	};
	struct kp_launch_failure failure = { 0 };

	if (kp_launch_look(&launch, &failure))
		return 0;
	return kp_launch_explain(&launch, &failure, start->options->exit_code,
	    diags);
}

bool
kp_start_pass_on(struct kp_start *start, struct kp_work *work,
    struct kp_diags *diags)
{
	if (!kp_memory_pass_on(work, start->options->command_argv,
	        &start->arguments, diags))
		return false;
	if (start->arguments.count > 0)
		start->service.argv = start->arguments.items;
	return true;
}

int
kp_start_run(struct kp_start *start, void (*wipe)(void *ctx), void *ctx,
    struct kp_diags *diags)
{
	start->wipe = wipe;
	start->wipe_ctx = ctx;
	start->service.wipe = wipe_values;
	start->service.report = report;
	start->service.ctx = start;
	kp_report(diags, start->options);
	return kp_service_run(&start->service, diags);
}

void
kp_start_free(struct kp_start *start)
{
	kp_account_free(&start->account);
	kp_childenv_wipe(&start->env);
	kp_list_free(&start->arguments);
}
