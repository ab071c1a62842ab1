/* SPDX-License-Identifier: MIT */
/* rulevalue - the value of a rule: a template of its own. */
#include "core/rulevalue.h"

#include <string.h>

/*
 * Make .src the text of a value: the rule file itself where the bytes stand
 * there as they are, so that a problem has its line and column, else a
 * source of its own that begins where the value does.  Returns where the
 * value begins in it.
 */
static size_t
set_source(struct kp_rule_value *own, const char *value,
    const struct kp_written *written)
{
	size_t end = written->offset + strlen(value);

	if (end <= written->src->text.len &&
	    kp_str_is(kp_str_slice(written->src->text, written->offset, end),
	        value)) {
		own->src = *written->src;
		return written->offset;
	}
	own->shift = (struct kp_shift){ 0, (uint32_t)written->offset };
	own->src = (struct kp_source){
		.name = written->src->name,
		.text = kp_str_of(value),
		.origin = written->src,
		.shifts = &own->shift,
		.nshifts = 1,
	};
	return 0;
}

bool
kp_rule_value_parse(struct kp_rule_value *out, const char *value,
    const struct kp_written *written, struct kp_diags *diags)
{
	size_t start;

	*out = (struct kp_rule_value){ 0 };
	start = set_source(out, value, written);
	return kp_template_parse_part(&out->template, &out->src, start,
	    start + strlen(value), diags);
}

void
kp_rule_value_free(struct kp_rule_value *value)
{
	kp_template_free(&value->template);
}
