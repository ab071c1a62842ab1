/* SPDX-License-Identifier: MIT */
/* cmd_run - render everything, then start COMMAND. */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/memory.h"
#include "cli/option.h"
#include "cli/start.h"
#include "cli/waits.h"
#include "cli/watching.h"
#include "cli/work.h"

#include <string.h>

/*
 * Whoever waits beside the service needs nothing of what may hold a secret.
 * What came from rule files stays where it is, empty: much of it is borrowed.
 */
static void
wipe_options(struct kp_options *options)
{
	size_t i;

	for (i = 0; i < kp_option_count; i++) {
		const struct kp_option *option = &kp_option_table[i];

		if (option->kind != NULL && option->kind->list &&
		    option->kind->secret)
			kp_list_free((void *)((char *)options + option->field));
	}
	for (i = 0; i < options->kept.count; i++) {
		char *text = options->kept.items[i];

		explicit_bzero(text, strlen(text));
	}
}

static void
wipe_work(void *ctx)
{
	struct kp_work *work = ctx;

	wipe_options(work->options);
	kp_work_wipe(work);
}

/* A run may render the very program that it starts. */
static bool
renders_command(const struct kp_work *work)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		const char *to = work->outputs[i].to;

		if (to != NULL &&
		    strcmp(to, work->options->command_argv[0]) == 0)
			return true;
	}
	return false;
}

/* What COMMAND gets of values: in files and in its environment. */
static bool
resolve(struct kp_work *work, struct kp_start *start,
    struct kp_options *options, struct kp_diags *diags)
{
	const struct kp_diags_mark mark = kp_diags_mark(diags);
	bool good;

	do {
		good = kp_work_render(work, diags);
		good = kp_memory_check_arguments(work, options->command_argv,
		           diags) &&
		    good;
		good = kp_work_export(work, start, diags) && good;
	} while (!good && kp_work_renew(work, mark, diags) &&
	    kp_start_renew(start, work->envp, diags));
	return good;
}

/*
 * With all in memory, and nothing written: is there what COMMAND needs?  What
 * has changed while it was waited for is not to be what COMMAND starts with.
 */
static bool
await(struct kp_waits *waits, struct kp_start *start,
    struct kp_watching *watching, struct kp_diags *diags)
{
	struct kp_work *work = waits->work;

	if (waits->wait.count == 0 || work->options->dry_run)
		return true;
	if (!kp_waits_run(waits, diags))
		return false;
	kp_work_reread(work);
	return kp_start_renew(start, work->envp, diags) &&
	    resolve(work, start, work->options, diags) &&
	    kp_watching_note(watching, work, diags);
}

/*
 * Everything up to the start; false: it may not be made.  *status, 0 before,
 * is set where COMMAND is not to be found: then nothing has been written.
 */
static bool
prepare(struct kp_work *work, struct kp_start *start,
    struct kp_watching *watching, struct kp_options *options, char **envp,
    int *status, struct kp_diags *diags)
{
	bool good = kp_work_open(work, options, envp, diags);
	struct kp_waits waits = { 0 };

	/* Rule files may have set options of the start. */
	good = kp_start_prepare(start, options, envp, diags) && good;
	good = kp_watching_open(watching, start, options, envp, diags) && good;
	if (!good)
		return false;
	work->account = kp_start_account(start);
	kp_watching_attend(watching, work);
	good = resolve(work, start, options, diags);
	good = kp_watching_note(watching, work, diags) && good;
	good = kp_waits_open(&waits, work, &options->waits, diags) && good;
	if (good && !renders_command(work))
		*status = kp_start_look(start, diags);
	good = good && *status == 0 && await(&waits, start, watching, diags);
	kp_waits_free(&waits);
	return good && kp_work_store(work, false, diags) &&
	    (options->dry_run || kp_start_pass_on(start, work, diags));
}

int
kp_cmd_run(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	struct kp_start start = { 0 };
	struct kp_watching watching = { 0 };
	int status = 0;

	if (!prepare(&work, &start, &watching, options, envp, &status, diags))
		status =
		    status != 0 ? status : kp_work_status(&work, false, diags);
	else if (options->dry_run)
		status = KP_EXIT_DONE;
	else
		status = kp_start_run(&start, wipe_work, &work, diags);
	kp_work_wipe(&work);
	kp_start_free(&start);
	kp_watching_free(&watching);
	return status;
}
