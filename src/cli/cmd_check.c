/* SPDX-License-Identifier: MIT */
/* cmd_check - read, resolve and render everything, write nothing. */
#include "cli/commands.h"
#include "cli/start.h"
#include "cli/waits.h"
#include "cli/work.h"
#include "core/filter.h"

/* |raw is the one way to splice structure: worth a second look. */
static void
warn_about_raw(const struct kp_output *output, struct kp_diags *diags)
{
	const struct kp_rendering *rendering = &output->rendering;
	size_t i;

	for (i = 0; i < rendering->nuses; i++) {
		const struct kp_use *use = &rendering->uses[i];
		bool raw = use->placeholder != NULL ?
		    kp_placeholder_has(use->placeholder, KP_FX_RAW) :
		    use->value != NULL &&
		        kp_template_has(use->value, KP_FX_RAW);

		if (raw && use->fate == KP_SPLICED)
			kp_diag_warn_at(diags, use->src, use->offset, use->len,
			    "inserted raw: what this value holds becomes "
			    "syntax");
	}
}

/* What run would wait for: its addresses and headers can be made. */
static bool
check_waits(struct kp_work *work, const struct kp_options *options,
    struct kp_diags *diags)
{
	struct kp_waits waits = { 0 };
	bool good = kp_waits_open(&waits, work, &options->waits, diags);

	kp_waits_free(&waits);
	return good;
}

int
kp_cmd_check(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_start nobody = { 0 };
	struct kp_work work;
	bool done;
	int status;
	size_t i;

	done = kp_work_open(&work, options, envp, diags) &&
	    kp_work_has_inputs(&work, diags);
	if (done) {
		done = kp_work_render(&work, diags);
		done = kp_work_export(&work, &nobody, diags) && done;
		done = kp_work_check_owners(&work, diags) && done;
		done = check_waits(&work, options, diags) && done;
		for (i = 0; i < work.noutputs; i++)
			warn_about_raw(&work.outputs[i], diags);
	}
	status = kp_work_status(&work, done, diags);
	kp_work_wipe(&work);
	kp_start_free(&nobody);
	return status;
}
