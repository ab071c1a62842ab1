/* SPDX-License-Identifier: MIT */
/* cmd_run - render everything, then start COMMAND. */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/start.h"
#include "cli/work.h"

static void
wipe_work(void *ctx)
{
	kp_work_wipe(ctx);
}

/* Everything up to the start; false: it may not be made. */
static bool
prepare(struct kp_work *work, struct kp_start *start,
    struct kp_options *options, char **envp, struct kp_diags *diags)
{
	bool good = kp_work_open(work, options, envp, diags);

	/* Rule files may have set options of the start. */
	good = kp_start_prepare(start, options, envp, diags) && good;
	if (!good)
		return false;
	work->account = kp_start_account(start);
	good = kp_work_render(work, diags);
	good = kp_work_export(work, start, diags) && good;
	return good && kp_work_store(work, false, diags) &&
	    !kp_work_interrupted(work);
}

int
kp_cmd_run(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	struct kp_start start = { 0 };
	int status;

	if (!prepare(&work, &start, options, envp, diags))
		status = kp_work_status(&work, false, diags);
	else if (options->dry_run)
		status = KP_EXIT_DONE;
	else
		status = kp_start_run(&start, wipe_work, &work, diags);
	kp_work_wipe(&work);
	kp_start_free(&start);
	return status;
}
