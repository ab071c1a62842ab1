/* SPDX-License-Identifier: MIT */
/* cmd_probe - one try whether something is up, for health checks. */
#include "cli/commands.h"
#include "cli/waits.h"
#include "cli/work.h"

static bool
has_one_url(const struct kp_options *options, struct kp_diags *diags)
{
	if (options->operands.count == 1)
		return true;
	kp_diag_usage(diags, "probe takes exactly one URL");
	return kp_diag_hint(diags, "keyplate probe [OPTION...] URL");
}

int
kp_cmd_probe(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	struct kp_waits waits = { 0 };
	bool done = has_one_url(options, diags);
	int status;

	done = kp_work_open_values(&work, options, envp, diags) && done;
	done = kp_waits_open(&waits, &work, &options->operands, diags) && done;
	done = done && kp_waits_try(&waits, diags);
	status = kp_work_status(&work, done, diags);
	kp_waits_free(&waits);
	kp_work_wipe(&work);
	return status;
}
