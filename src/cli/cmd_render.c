/* SPDX-License-Identifier: MIT */
/* cmd_render - render what is asked for, and stop. */
#include "cli/commands.h"
#include "cli/work.h"

int
kp_cmd_render(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	bool done;
	int status;

	done = kp_work_open(&work, options, envp, diags) &&
	    kp_work_has_inputs(&work, diags) && kp_work_render(&work, diags) &&
	    kp_work_store(&work, true, diags);
	status = kp_work_status(&work, done, diags);
	kp_work_wipe(&work);
	return status;
}
