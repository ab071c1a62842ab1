/* SPDX-License-Identifier: MIT */
/* cmd_run - render everything, then start COMMAND. */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/start.h"
#include "cli/work.h"

#include <string.h>

static void
wipe_work(void *ctx)
{
	kp_work_wipe(ctx);
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

/*
 * Everything up to the start; false: it may not be made.  *status, 0 before,
 * is set where COMMAND is not to be found: then nothing has been written.
 */
static bool
prepare(struct kp_work *work, struct kp_start *start,
    struct kp_options *options, char **envp, int *status,
    struct kp_diags *diags)
{
	bool good = kp_work_open(work, options, envp, diags);

	/* Rule files may have set options of the start. */
	good = kp_start_prepare(start, options, envp, diags) && good;
	if (!good)
		return false;
	work->account = kp_start_account(start);
	good = kp_work_render(work, diags);
	good = kp_work_export(work, start, diags) && good;
	if (good && !renders_command(work))
		*status = kp_start_look(start, diags);
	return good && *status == 0 && kp_work_store(work, false, diags) &&
	    !kp_work_interrupted(work);
}

int
kp_cmd_run(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	struct kp_start start = { 0 };
	int status = 0;

	if (!prepare(&work, &start, options, envp, &status, diags))
		status =
		    status != 0 ? status : kp_work_status(&work, false, diags);
	else if (options->dry_run)
		status = KP_EXIT_DONE;
	else
		status = kp_start_run(&start, wipe_work, &work, diags);
	kp_work_wipe(&work);
	kp_start_free(&start);
	return status;
}
