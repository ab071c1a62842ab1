/* SPDX-License-Identifier: MIT */
/* exports - what is put into the environment of COMMAND. */
#include "cli/work.h"

#include "cli/start.h"
#include "cli/varfiles.h"
#include "core/expand.h"
#include "core/rulevalue.h"

/* What COMMAND gets cannot stay a placeholder; check starts none. */
static enum kp_missing
missing_of(const struct kp_work *work, const struct kp_export_rule *rule)
{
	const struct kp_options *options = work->options;

	if (rule->optional)
		return KP_MISSING_SKIPS;
	return options->command == KP_CMD_CHECK && options->allow_missing ?
	    KP_MISSING_STAYS :
	    KP_MISSING_FAILS;
}

/* Expand one value; an optional one that does not resolve is passed over. */
static bool export(struct kp_work *work, struct kp_start *start,
    const struct kp_export_rule *rule, struct kp_diags *diags)
{
	struct kp_expander expander = {
		.values = &work->values,
		.diags = diags,
		.missing = missing_of(work, rule),
	};
	struct kp_result result = { 0 };
	struct kp_rule_value value;
	bool good;

	good = kp_rule_value_parse(&value, rule->value, &rule->value_written,
	    diags);
	if (good) {
		switch (
		    kp_expand_template(&expander, &value.template, &result)) {
		case KP_RESOLVED:
			good = kp_start_export(start, rule->variable,
			    kp_buf_view(&result.bytes), diags);
			break;
		case KP_UNRESOLVED:
			break;
		case KP_FAILED:
			good = false;
			break;
		}
	}
	kp_result_free(&result);
	kp_rule_value_free(&value);
	return good;
}

/* X_FILE has done its duty when X was read from there. */
static void
drop_consumed(const struct kp_work *work, struct kp_start *start)
{
	size_t i;

	for (i = 0; i < work->values.count; i++) {
		const struct kp_entry *entry = work->values.entries[i];
		struct kp_buf name = { 0 };

		if (entry->asked != KP_ANY || entry->from != KP_FILE)
			continue;
		kp_buf_add_format(&name, "%s_FILE", entry->name);
		if (kp_buf_ok(&name))
			kp_start_drop(start, name.data);
		kp_buf_wipe(&name);
	}
}

bool
kp_work_export(struct kp_work *work, struct kp_start *start,
    struct kp_diags *diags)
{
	bool good = kp_varfiles_expand(work, start, diags);
	size_t i;

	for (i = 0; i < work->plan.nexports; i++)
		good =
		    export(work, start, &work->plan.exports[i], diags) && good;
	drop_consumed(work, start);
	return kp_start_close(start, diags) && good;
}
