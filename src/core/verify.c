/* SPDX-License-Identifier: MIT */
/*
 * verify - the last step: the new text is scanned, and compared with what
 * was meant, item by item.
 *
 * A mistake in an encoder thus becomes an error, never an injection: a value
 * that broke out of its place would add, drop or change some other item.
 */
#include "core/stage.h"

#include <stdint.h>

/* Where in the text an item's value begins; it may be elsewhere, anywhere. */
static size_t
value_offset(const struct kp_scan *scan, const struct kp_item *item)
{
	return (uintptr_t)item->value.ptr - (uintptr_t)scan->src->text.ptr;
}

/*
 * The same as is_untouched() of an item whose value is among its own bytes,
 * behind a slot that moved it so far: between two slots there is a copy, whose
 * bytes need not be read again.
 */
static bool
is_copied(const struct kp_scan *before, const struct kp_item *was,
    const struct kp_scan *after, const struct kp_item *is, size_t moved)
{
	size_t value = value_offset(before, was);
	size_t len = was->end - was->start;

	return was->style == is->style && was->type == is->type &&
	    was->start + moved == is->start && was->end + moved == is->end &&
	    value + moved == value_offset(after, is) &&
	    was->value.len == is->value.len && was->value.len <= len &&
	    value - was->start <= len - was->value.len;
}

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
reads_as(const struct kp_stage *stage, const struct kp_landing *landing,
    const struct kp_item *is)
{
	if (landing->restored)
		return true; /* its text is the template's */
	if (landing->type == KP_STRING && is->type != KP_STRING)
		return false;
	return kp_str_eq(is->value, kp_stage_value(stage, landing));
}

static bool
is_same_place(const struct kp_item *was, const struct kp_item *is)
{
	return was->kind == is->kind && was->parent == is->parent &&
	    (was->kind != KP_ELEMENT || was->index == is->index) &&
	    was->role == is->role;
}

/* The first from start to end that is not as it was; end: all are. */
static size_t
find_change(const struct kp_scan *before, const struct kp_scan *after,
    size_t start, size_t end, size_t moved)
{
	for (; start < end && start < after->count; start++) {
		const struct kp_item *was = &before->items[start];
		const struct kp_item *is = &after->items[start];

		if (!is_same_place(was, is) ||
		    (!is_copied(before, was, after, is, moved) &&
		        !is_untouched(before, was, after, is)))
			break;
	}
	return start;
}

/* The first slot that is wrong, or whose value made another item wrong. */
static const struct kp_landing *
find_culprit(const struct kp_stage *stage, const struct kp_scan *after)
{
	const struct kp_landing *last = &stage->landings[0];
	const struct kp_scan *before = &stage->scan;
	size_t start = 0, moved = 0, i;

	for (i = 0; i < stage->nlandings; i++) {
		const struct kp_landing *landing = &stage->landings[i];
		size_t end = landing->item;

		if (find_change(before, after, start, end, moved) < end)
			return last;
		last = landing;
		if (end >= after->count ||
		    !is_same_place(&before->items[end], &after->items[end]) ||
		    !reads_as(stage, landing, &after->items[end]))
			return last;
		moved = landing->moved;
		start = end + 1;
	}
	if (after->count != before->count ||
	    find_change(before, after, start, before->count, moved) <
	        before->count)
		return last;
	return NULL;
}

/* Text of the template, around one landing that is as it will be. */
static void
add_alone(const struct kp_stage *stage, const struct kp_landing *landing,
    struct kp_buf *out)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	struct kp_str text = stage->weave.woven.text;

	kp_buf_add(out, kp_str_slice(text, 0, item->start));
	kp_buf_add(out, kp_buf_view(&landing->change->text));
	kp_buf_add(out, kp_str_slice(text, item->end, text.len));
}

/* Is all but this scalar as it was? */
static bool
fits_alone(const struct kp_stage *stage, const struct kp_landing *landing,
    const struct kp_scan *after)
{
	const struct kp_scan *before = &stage->scan;
	size_t i;

	if (after->count != before->count)
		return false;
	for (i = 0; i < before->count; i++) {
		const struct kp_item *was = &before->items[i];
		const struct kp_item *is = &after->items[i];

		if (!is_same_place(was, is) ||
		    (i != landing->item &&
		        !is_untouched(before, was, after, is)))
			return false;
	}
	return true;
}

/* Can the placeholders of this scalar stay as they are written? */
static bool
may_stay(const struct kp_stage *stage, const struct kp_landing *landing)
{
	struct kp_diags unread = { 0 };
	struct kp_buf text = { 0 };
	struct kp_source src = { .name = stage->job->src->name,
		.guarded = true };
	struct kp_scan after;
	bool good;

	add_alone(stage, landing, &text);
	src.text = kp_buf_view(&text);
	good = kp_scan_run_like(&after, &stage->scan, &src, &unread) &&
	    fits_alone(stage, landing, &after);
	kp_diags_free(&unread);
	kp_scan_wipe(&after);
	kp_buf_wipe(&text);
	return good;
}

/* Report the first placeholder of a scalar that was to stay. */
static bool
fail_kept(struct kp_stage *stage, const struct kp_landing *landing)
{
	const struct kp_sentinel *at = &stage->weave.sentinels[landing->first];
	const struct kp_entry *entry;
	struct kp_use *use;

	while (stage->out->uses[at->use].fate != KP_KEPT)
		at++;
	use = &stage->out->uses[at->use];
	entry = use->entry;
	kp_stage_fail(stage, use,
	    "\"%s\" has no value, and %s cannot read what is written here",
	    entry == NULL ? use->rule : entry->name, stage->job->format->name);
	return kp_diag_hint(stage->diags,
	    "provide it, give it a default, or put quotes around it");
}

/*
 * What the author wrote for a value that is missing may be nothing that the
 * reader takes in its place.  True: there is none such.
 */
static bool
check_kept(struct kp_stage *stage)
{
	bool good = true;
	size_t i;

	for (i = 0; i < stage->nlandings; i++) {
		const struct kp_landing *landing = &stage->landings[i];

		if (landing->kept && !may_stay(stage, landing))
			good = fail_kept(stage, landing);
	}
	return good;
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
	bool scanned, failed;

	if (stage->nlandings == 0)
		return true;
	scanned = kp_scan_run_like(&after, &stage->scan, &result, &unread);
	if (!scanned)
		culprit = &stage->landings[0];
	else
		culprit = find_culprit(stage, &after);
	failed = after.failed;
	kp_diags_free(&unread);
	kp_scan_wipe(&after);
	if (failed)
		return kp_diag_nomem(stage->diags);
	if (culprit == NULL)
		return true;
	return check_kept(stage) && fail_verify(stage, culprit);
}
