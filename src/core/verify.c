/* SPDX-License-Identifier: MIT */
/*
 * verify - the last step: the new text is scanned, and compared with what
 * was meant, item by item.
 *
 * A mistake in an encoder thus becomes an error, never an injection: a value
 * that broke out of its place would add, drop or change some other item.
 */
#include "core/stage.h"

#include <string.h>

/* Is what nobody meant to change as it was? */
static bool
is_untouched(const struct kp_scan *before, const struct kp_item *was,
    const struct kp_scan *after, const struct kp_item *is)
{
	struct kp_str old =
	    kp_str_slice(before->src->text, was->start, was->end);
	struct kp_str new = kp_str_slice(after->src->text, is->start, is->end);

	return was->style == is->style && was->type == is->type &&
	    kp_str_eq(old, new) && kp_str_eq(was->value, is->value);
}

/* Does a slot read as it shall? */
static bool
reads_as(const struct kp_landing *landing, const struct kp_item *is)
{
	if (landing->restored)
		return true; /* its text is the template's */
	if (landing->type == KP_STRING && is->type != KP_STRING)
		return false;
	return kp_str_eq(is->value, kp_buf_view(&landing->value));
}

static bool
is_same_place(const struct kp_item *was, const struct kp_item *is)
{
	return was->kind == is->kind && was->parent == is->parent &&
	    was->index == is->index && was->role == is->role;
}

/* The first slot that is wrong, or whose value made another item wrong. */
static const struct kp_landing *
find_culprit(const struct kp_stage *stage, const struct kp_scan *after)
{
	const struct kp_landing *last = &stage->landings[0];
	size_t next = 0, i;

	for (i = 0; i < stage->scan.count; i++) {
		const struct kp_item *was = &stage->scan.items[i];
		const struct kp_item *is;

		if (next < stage->nlandings && stage->landings[next].item == i)
			last = &stage->landings[next++];
		if (i >= after->count)
			return last;
		is = &after->items[i];
		if (!is_same_place(was, is))
			return last;
		if (next > 0 && stage->landings[next - 1].item == i) {
			if (!reads_as(last, is))
				return last;
		} else if (!is_untouched(&stage->scan, was, after, is)) {
			return last;
		}
	}
	return after->count == stage->scan.count ? NULL : last;
}

static bool
fail_verify(struct kp_stage *stage, const struct kp_landing *landing)
{
	uint32_t number = landing->set != KP_NO_USE ?
	    landing->set :
	    stage->weave.sentinels[landing->first].use;

	kp_stage_fail(stage, &stage->out->uses[number],
	    "written here, it would not be read back as it is (%s)",
	    stage->job->format->name);
	return kp_diag_hint(stage->diags,
	    "this is a fault of keyplate: please report the line, without "
	    "the value");
}

bool
kp_stage_verify(struct kp_stage *stage)
{
	/* Its excerpts would show values: its problems go unread. */
	struct kp_diags unread = { 0 };
	struct kp_source result = {
		.name = stage->job->src->name,
		.text = kp_buf_view(&stage->out->bytes),
		.guarded = true,
	};
	const struct kp_landing *culprit = NULL;
	struct kp_scan after;
	bool scanned;

	if (stage->nlandings == 0)
		return true;
	scanned = kp_scan_run(&after, stage->job->format, &result, &unread);
	if (!scanned)
		culprit = &stage->landings[0];
	else
		culprit = find_culprit(stage, &after);
	kp_diags_free(&unread);
	kp_scan_wipe(&after);
	return culprit == NULL || fail_verify(stage, culprit);
}
