/* SPDX-License-Identifier: MIT */
/* exit - what the exit status says. */
#include "cli/exit.h"

static bool
has_usage_error(const struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < diags->count; i++) {
		if (diags->list[i].severity == KP_ERROR &&
		    diags->list[i].fault == KP_FAULT_USAGE)
			return true;
	}
	return false;
}

int
kp_exit_of(const struct kp_options *options, const struct kp_diags *diags)
{
	if (diags->errors == 0)
		return KP_EXIT_DONE;
	if (options->command == KP_CMD_RUN)
		return options->exit_code;
	if (options->command == KP_CMD_DIFF || has_usage_error(diags))
		return KP_EXIT_USAGE;
	return KP_EXIT_FAULT;
}
