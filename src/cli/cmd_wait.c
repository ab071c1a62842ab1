/* SPDX-License-Identifier: MIT */
/* cmd_wait - wait until something is up. */
#include "cli/commands.h"
#include "cli/waits.h"
#include "cli/work.h"

/* Those of the command line, else those that run would wait for. */
static const struct kp_list *
choose_urls(const struct kp_options *options, struct kp_diags *diags)
{
	if (options->operands.count > 0)
		return &options->operands;
	if (options->waits.count == 0) {
		kp_diag_usage(diags, "there is nothing to wait for");
		kp_diag_hint(diags,
		    "name it: keyplate wait URL..., or with --wait");
	}
	return &options->waits;
}

int
kp_cmd_wait(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	struct kp_waits waits = { 0 };
	bool done;
	int status;

	/* Rule files may have set options. */
	done = kp_work_open_values(&work, options, envp, diags);
	done =
	    kp_waits_open(&waits, &work, choose_urls(options, diags), diags) &&
	    done && waits.wait.count > 0 && kp_waits_run(&waits, diags);
	status = kp_work_status(&work, done, diags);
	kp_waits_free(&waits);
	kp_work_wipe(&work);
	return status;
}
