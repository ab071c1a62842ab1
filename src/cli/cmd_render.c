/* SPDX-License-Identifier: MIT */
/* cmd_render - render what is asked for, and stop. */
#include "cli/commands.h"
#include "cli/work.h"

/* New files belong to whom COMMAND would run as. */
static bool
take_user(struct kp_work *work, struct kp_account *account,
    struct kp_diags *diags)
{
	if (work->options->user == NULL)
		return true;
	work->account = account;
	return kp_account_load(account, work->options->user, diags);
}

/* What is in memory is gone with us. */
static bool
refuse_memory(const struct kp_work *work, struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		const struct kp_output *output = &work->outputs[i];

		if (output->memory == NULL)
			continue;
		good = kp_diag_usage(diags,
		    "%s is for the COMMAND of run: render has nobody to pass "
		    "it to",
		    output->to);
		kp_diag_hint(diags, "render %s alone goes to standard output",
		    output->from);
	}
	return good;
}

int
kp_cmd_render(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	struct kp_account account = { 0 };
	bool done;
	int status;

	done = kp_work_open(&work, options, envp, diags) &&
	    kp_work_has_inputs(&work, diags) &&
	    take_user(&work, &account, diags) && kp_work_render(&work, diags) &&
	    refuse_memory(&work, diags) && kp_work_store(&work, true, diags);
	status = kp_work_status(&work, done, diags);
	kp_work_wipe(&work);
	kp_account_free(&account);
	return status;
}
