/* SPDX-License-Identifier: MIT */
/* stage - what the steps of one rendering hand to each other. */
#include "core/stage.h"

#include "base/array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct kp_use *
kp_stage_add_use(struct kp_stage *stage, enum kp_use_kind kind,
    const struct kp_source *src, size_t offset, size_t len)
{
	struct kp_rendering *out = stage->out;
	struct kp_use *use;

	if (out->nuses >= KP_NO_USE ||
	    !kp_array_room((void **)&out->uses, &out->uses_cap, out->nuses + 1,
	        sizeof(*out->uses))) {
		kp_diag_nomem(stage->diags);
		return NULL;
	}
	use = &out->uses[out->nuses++];
	*use = (struct kp_use){
		.kind = kind,
		.fate = KP_REFUSED,
		.src = src,
		.offset = (uint32_t)offset,
		.len = (uint32_t)len,
	};
	return use;
}

struct kp_buf *
kp_use_make_path(struct kp_use *use)
{
	if (use->path == NULL)
		use->path = calloc(1, sizeof(*use->path));
	else
		kp_buf_cut(use->path, 0);
	return use->path;
}

void
kp_use_forget(struct kp_use *use)
{
	if (use->result == NULL)
		return;
	kp_result_free(use->result);
	free(use->result);
	use->result = NULL;
}

void
kp_use_wipe(struct kp_use *use)
{
	kp_use_forget(use);
	if (use->path == NULL)
		return;
	kp_buf_wipe(use->path);
	free(use->path);
	use->path = NULL;
}

bool
kp_stage_fail(struct kp_stage *stage, struct kp_use *use, const char *fmt, ...)
{
	char text[320];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	use->fate = KP_REFUSED;
	return kp_diag_at(stage->diags, use->src, use->offset, use->len, "%s",
	    text);
}

enum kp_outcome
kp_stage_expand(struct kp_stage *stage, struct kp_use *use,
    enum kp_missing missing, struct kp_result *result)
{
	struct kp_expander *expander = &stage->expander;
	size_t before = result->bytes.len;
	enum kp_outcome outcome;

	expander->missing = missing;
	result->entry = NULL;
	if (use->placeholder != NULL)
		outcome =
		    kp_expand(expander, use->src, use->placeholder, result);
	else
		outcome = kp_expand_template(expander, use->value, result);
	use->entry = result->entry;
	stage->expanded += result->bytes.len - before;
	if (outcome == KP_RESOLVED && stage->expanded > KP_EXPAND_MAX)
		outcome =
		    kp_expand_full(expander, use->src, use->offset, use->len);
	switch (outcome) {
	case KP_RESOLVED:
		use->fate = KP_PUT;
		break;
	case KP_UNRESOLVED:
		use->fate = KP_KEPT;
		break;
	case KP_FAILED:
		use->fate = KP_REFUSED;
		break;
	}
	return outcome;
}

enum kp_outcome
kp_stage_resolve(struct kp_stage *stage, struct kp_use *use,
    enum kp_missing missing)
{
	kp_use_forget(use);
	use->result = calloc(1, sizeof(*use->result));
	if (use->result == NULL) {
		kp_diag_nomem(stage->diags);
		return KP_FAILED;
	}
	return kp_stage_expand(stage, use, missing, use->result);
}

struct kp_str
kp_stage_value(const struct kp_stage *stage, const struct kp_landing *landing)
{
	if (landing->change != NULL)
		return kp_buf_view(&landing->change->value.bytes);
	return kp_str_slice(kp_buf_view(&stage->out->bytes), landing->at,
	    (size_t)landing->at + landing->len);
}

void
kp_change_wipe(struct kp_change *change)
{
	kp_result_free(&change->value);
	kp_buf_wipe(&change->text);
	free(change->marks);
	*change = (struct kp_change){ 0 };
}

struct kp_str
kp_stage_keep(struct kp_stage *stage, struct kp_buf *text)
{
	struct kp_buf *kept = calloc(1, sizeof(*kept));

	if (kept == NULL ||
	    !kp_array_grow((void **)&stage->kept, &stage->kept_cap,
	        stage->nkept + 1, sizeof(struct kp_buf *))) {
		free(kept);
		kp_buf_wipe(text);
		stage->weave.failed = true;
		return kp_str_of("");
	}
	*kept = kp_buf_take(text);
	stage->kept[stage->nkept++] = kept;
	return kp_buf_view(kept);
}

struct kp_rule_value *
kp_stage_add_value(struct kp_stage *stage)
{
	struct kp_rendering *out = stage->out;
	struct kp_rule_value *own = calloc(1, sizeof(*own));

	if (own == NULL ||
	    !kp_array_grow((void **)&out->values, &out->values_cap,
	        out->nvalues + 1, sizeof(struct kp_rule_value *))) {
		free(own);
		kp_diag_nomem(stage->diags);
		return NULL;
	}
	out->values[out->nvalues++] = own;
	return own;
}

const struct kp_template *
kp_stage_parse_value(struct kp_stage *stage, const char *value,
    const struct kp_written *written)
{
	struct kp_rule_value *own = kp_stage_add_value(stage);

	if (own == NULL)
		return NULL;
	if (!kp_rule_value_parse(own, value, written, stage->diags))
		return NULL;
	return &own->template;
}

bool
kp_stage_number(struct kp_stage *stage)
{
	return stage->scan.numbers != NULL ||
	    kp_scan_number(&stage->scan, stage->diags);
}

/* What a result gets before it is known what values come to. */
#define FIRST_ROOM ((size_t)1024 * 1024)

/* Counted in blocks: these numbers are multiplied. */
#define BLOCK ((size_t)1024)

void
kp_stage_enlarge(struct kp_stage *stage, size_t done, size_t len)
{
	struct kp_buf *out = &stage->out->bytes;
	size_t rest = stage->job->src->text.len - done;

	if (done > 0)
		rest = rest * (out->len / BLOCK + 1) / (done / BLOCK + 1);
	else if (rest > FIRST_ROOM)
		rest = FIRST_ROOM;
	rest += rest / 64;
	kp_buf_reserve(out, rest > len ? rest : len);
}

bool
kp_stage_scan(struct kp_stage *stage)
{
	stage->finds = 0;
	if (kp_weave_build(&stage->weave, stage->diags) &&
	    kp_scan_run_again(&stage->scan, stage->job->format,
	        &stage->weave.woven, stage->diags) &&
	    (!stage->job->traced || kp_stage_number(stage)))
		return true;
	kp_scan_wipe(&stage->scan);
	return false;
}

size_t
kp_stage_moved(const struct kp_stage *stage, size_t landing)
{
	return landing == 0 ? 0 : stage->landings[landing - 1].moved;
}

/* What landings and texts own. */
static void
forget_owned(struct kp_stage *stage)
{
	size_t i;

	for (i = 0; i < stage->nlandings; i++) {
		if (stage->landings[i].change == NULL)
			continue;
		kp_change_wipe(stage->landings[i].change);
		free(stage->landings[i].change);
	}
	for (i = 0; i < stage->nkept; i++) {
		kp_buf_wipe(stage->kept[i]);
		free(stage->kept[i]);
	}
}

void
kp_stage_clear(struct kp_stage *stage)
{
	struct kp_rendering *out = stage->out;
	size_t i;

	forget_owned(stage);
	stage->expanded = 0;
	stage->nlandings = stage->nkept = 0;
	stage->ncommented = stage->naims = 0;
	for (i = 0; i < out->nuses; i++)
		kp_use_wipe(&out->uses[i]);
	out->nuses = 0;
	kp_buf_cut(&out->bytes, 0);
	kp_template_free(&out->text);
}

void
kp_stage_free(struct kp_stage *stage)
{
	forget_owned(stage);
	free(stage->kept);
	free(stage->landings);
	free(stage->aims);
	free(stage->commented);
	kp_scan_wipe(&stage->scan);
	kp_weave_free(&stage->weave);
}
