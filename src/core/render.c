/* SPDX-License-Identifier: MIT */
/* render - one template to the bytes of one target. */
#include "core/render.h"

#include "core/stage.h"
#include "core/syntax.h"

#include <stdlib.h>

/* Does the text have what placeholders begin with, in UTF-16 of any order? */
static bool
has_wide_placeholder(struct kp_str text, const struct kp_syntax *syntax)
{
	struct kp_str lead =
	    syntax == NULL ? kp_str_of("${") : kp_syntax_lead(syntax);
	struct kp_buf wide = { 0 };
	bool found;
	size_t i;

	for (i = 0; i < lead.len; i++) {
		if (i > 0)
			kp_buf_add_char(&wide, '\0');
		kp_buf_add_char(&wide, lead.ptr[i]);
	}
	found = kp_str_find_str(text, kp_buf_view(&wide)) != KP_NPOS;
	kp_buf_wipe(&wide);
	return found;
}

/*
 * Bytes of any kind may be text, but the placeholders of UTF-16 would not be
 * found, and reach the service as they are.
 */
static bool
check_encoding(const struct kp_job *job, struct kp_diags *diags)
{
	return !job->format->verbatim || !kp_format_is_utf16(job->src->text) ||
	    !has_wide_placeholder(job->src->text, job->syntax) ||
	    kp_format_fail_utf16(job->src, diags);
}

/* One step after the other. */
static bool
take_steps(struct kp_stage *stage)
{
	bool done;

	done = kp_stage_gather(stage) && kp_stage_place(stage);
	kp_weave_settle(&stage->weave);
	/* What is wrong with other values is told as well. */
	if (stage->scan.format != NULL)
		done = kp_stage_splice(stage) && done;
	done = done && kp_stage_verify(stage);
	kp_stage_free(stage);
	return done;
}

bool
kp_render(const struct kp_job *job, struct kp_values *values,
    struct kp_rendering *out, struct kp_diags *diags)
{
	const struct kp_stage fresh = {
		.job = job,
		.out = out,
		.diags = diags,
		.expander = {
			.values = values,
			.diags = diags,
			.current = job->current,
		},
	};
	struct kp_stage stage = fresh;
	enum kp_outcome outcome;
	bool done;

	*out = (struct kp_rendering){ 0 };
	if (!check_encoding(job, diags))
		return false;
	outcome = kp_stage_direct(&stage);
	if (outcome == KP_UNRESOLVED) {
		kp_rendering_free(out);
		stage = fresh;
		outcome = kp_stage_pieces(&stage);
	}
	done = outcome == KP_RESOLVED;
	if (outcome == KP_UNRESOLVED) {
		kp_rendering_free(out);
		stage = fresh;
		done = take_steps(&stage);
	}
	if (!done)
		kp_buf_wipe(&out->bytes);
	return done;
}

/* A value of one line was one before; of several it may have had others. */
static bool
is_plausible(const struct kp_rendering *rendering, size_t slot,
    struct kp_str before)
{
	struct kp_str now = kp_str_slice(kp_buf_view(&rendering->bytes),
	    rendering->slots[slot].start, rendering->slots[slot].end);

	return kp_str_find(before, '\n') == KP_NPOS ||
	    kp_str_find(now, '\n') != KP_NPOS;
}

bool
kp_rendering_resembles(const struct kp_rendering *rendering, struct kp_str text)
{
	struct kp_str bytes = kp_buf_view(&rendering->bytes);
	size_t from = 0, i;

	for (i = 0; i <= rendering->nslots; i++) {
		bool last = i == rendering->nslots;
		size_t end = last ? bytes.len : rendering->slots[i].start;
		struct kp_str between = kp_str_slice(bytes, from, end);
		size_t at = 0, found;

		/* The end of the text is no place that may come earlier. */
		if (last && text.len >= between.len)
			at = text.len - between.len;
		found =
		    kp_str_find_str(kp_str_slice(text, at, text.len), between);
		if (found == KP_NPOS)
			return false;
		at += found;
		if (i == 0 ? at > 0 :
		             !is_plausible(rendering, i - 1,
		                 kp_str_slice(text, 0, at)))
			return false;
		text = kp_str_slice(text, at + between.len, text.len);
		from = last ? end : rendering->slots[i].end;
	}
	return text.len == 0;
}

void
kp_rendering_free(struct kp_rendering *rendering)
{
	size_t i;

	for (i = 0; i < rendering->nuses; i++)
		kp_use_wipe(&rendering->uses[i]);
	for (i = 0; i < rendering->nslots; i++) {
		kp_buf_wipe(&rendering->slots[i].label);
		kp_buf_wipe(&rendering->slots[i].path);
	}
	for (i = 0; i < rendering->nvalues; i++) {
		kp_rule_value_free(rendering->values[i]);
		free(rendering->values[i]);
	}
	kp_buf_wipe(&rendering->bytes);
	kp_template_free(&rendering->text);
	free(rendering->uses);
	free(rendering->slots);
	free(rendering->values);
	*rendering = (struct kp_rendering){ 0 };
}
