/* SPDX-License-Identifier: MIT */
/* render - one template to the bytes of one target. */
#include "core/render.h"

#include "core/stage.h"

#include <stdlib.h>

static void
free_stage(struct kp_stage *stage)
{
	size_t i;

	for (i = 0; i < stage->nlandings; i++)
		kp_change_free(stage->landings[i].change);
	for (i = 0; i < stage->nkept; i++) {
		kp_buf_wipe(stage->kept[i]);
		free(stage->kept[i]);
	}
	free(stage->kept);
	free(stage->landings);
	free(stage->aims);
	free(stage->commented);
	kp_scan_wipe(&stage->scan);
	kp_weave_free(&stage->weave);
}

bool
kp_render(const struct kp_job *job, struct kp_values *values,
    struct kp_rendering *out, struct kp_diags *diags)
{
	struct kp_stage stage = {
		.job = job,
		.out = out,
		.diags = diags,
		.expander = {
			.values = values,
			.diags = diags,
			.current = job->current,
		},
	};
	bool done;

	*out = (struct kp_rendering){ 0 };
	kp_weave_init(&stage.weave, job->src);
	done = kp_stage_gather(&stage) && kp_stage_place(&stage);
	/* What is wrong with other values is told as well. */
	if (stage.scan.format != NULL)
		done = kp_stage_splice(&stage) && done;
	done = done && kp_stage_verify(&stage);
	if (!done)
		kp_buf_wipe(&out->bytes);
	free_stage(&stage);
	return done;
}

void
kp_rendering_free(struct kp_rendering *rendering)
{
	size_t i;

	for (i = 0; i < rendering->nuses; i++) {
		kp_result_free(&rendering->uses[i].result);
		kp_buf_wipe(&rendering->uses[i].path);
	}
	for (i = 0; i < rendering->nslots; i++) {
		kp_buf_wipe(&rendering->slots[i].label);
		kp_buf_wipe(&rendering->slots[i].path);
	}
	for (i = 0; i < rendering->nvalues; i++) {
		kp_template_free(&rendering->values[i]->template);
		free(rendering->values[i]);
	}
	kp_buf_wipe(&rendering->bytes);
	kp_template_free(&rendering->text);
	free(rendering->uses);
	free(rendering->slots);
	free(rendering->values);
	*rendering = (struct kp_rendering){ 0 };
}
