/* SPDX-License-Identifier: MIT */
/*
 * verify - the last step: the new text is scanned, and compared with what
 * was meant, item by item.
 *
 * A mistake in an encoder thus becomes an error, never an injection: a value
 * that broke out of its place would add, drop or change some other item.
 *
 * Where lines are read one by one, those that got no value need not be read
 * again.  A window goes from the key whose value is new, or from the start of
 * the text, down to the second key behind it.  Where the first of these two is
 * found as it was, all that is above has come to its end, and the lines from
 * there to the next window are the template's.  The windows alone are scanned
 * then; if one is not as it shall be, the text as a whole decides.
 */
#include "core/stage.h"

#include <stdint.h>

/* What is looked at together: some items, and the landings in them. */
struct window {
	size_t first, end; /* of the items */
	size_t landing, landings_end;
	size_t start, stop; /* bytes of the result */
};

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

/* A section above the window is none of its items. */
static bool
is_same_parent(const struct window *window, uint32_t was, uint32_t is)
{
	if (was == KP_NO_PARENT || was < window->first)
		return is == KP_NO_PARENT;
	return was - window->first == is;
}

static bool
is_same_place(const struct window *window, const struct kp_item *was,
    const struct kp_item *is)
{
	return was->kind == is->kind &&
	    is_same_parent(window, was->parent, is->parent) &&
	    (was->kind != KP_ELEMENT || was->index == is->index) &&
	    was->role == is->role;
}

/* The first from start to end that is not as it was; end: all are. */
static size_t
find_change(const struct window *window, const struct kp_scan *before,
    const struct kp_scan *after, size_t start, size_t end, size_t moved)
{
	for (; start < end && start - window->first < after->count; start++) {
		const struct kp_item *was = &before->items[start];
		const struct kp_item *is = &after->items[start - window->first];

		if (!is_same_place(window, was, is) ||
		    (!is_copied(before, was, after, is,
		         moved - window->start) &&
		        !is_untouched(before, was, after, is)))
			break;
	}
	return start;
}

/* The first landing that is not to be as it was. */
static const struct kp_landing *
first_put(const struct kp_stage *stage, const struct window *window)
{
	size_t i;

	for (i = window->landing; i < window->landings_end; i++) {
		if (!stage->landings[i].restored)
			return &stage->landings[i];
	}
	return &stage->landings[window->landing];
}

/* The first slot that is wrong, or whose value made another item wrong. */
static const struct kp_landing *
find_culprit(const struct kp_stage *stage, const struct window *window,
    const struct kp_scan *after)
{
	const struct kp_landing *last = first_put(stage, window);
	const struct kp_scan *before = &stage->scan;
	size_t moved = kp_stage_moved(stage, window->landing);
	size_t start = window->first, i;

	for (i = window->landing; i < window->landings_end; i++) {
		const struct kp_landing *landing = &stage->landings[i];
		size_t item = landing->item, at = item - window->first;

		if (find_change(window, before, after, start, item, moved) <
		    item)
			return last;
		if (!landing->restored)
			last = landing;
		if (at >= after->count ||
		    !is_same_place(window, &before->items[item],
		        &after->items[at]) ||
		    !reads_as(stage, landing, &after->items[at]))
			return last;
		moved = landing->moved;
		start = item + 1;
	}
	if (after->count != window->end - window->first ||
	    find_change(window, before, after, start, window->end, moved) <
	        window->end)
		return last;
	return NULL;
}

/* The landing in a window that is wrong; NULL: none is. */
static const struct kp_landing *
look_at(struct kp_stage *stage, const struct window *window,
    struct kp_scan *after)
{
	/* Its excerpts would show values: its problems go unread. */
	struct kp_diags unread = { 0 };
	const struct kp_source result = {
		.name = stage->job->src->name,
		.text = kp_str_slice(kp_buf_view(&stage->out->bytes),
		    window->start, window->stop),
		.guarded = true,
	};
	const struct kp_landing *culprit;

	if (kp_scan_run_again(after, stage->scan.format, &result, &unread))
		culprit = find_culprit(stage, window, after);
	else
		culprit = first_put(stage, window);
	kp_diags_free(&unread);
	return culprit;
}

/* Is a piece parted from what is below where it was, and as it was? */
static bool
is_same_seam(const struct kp_seam *was, const struct kp_seam *is)
{
	uint32_t i;

	if (was->item != is->item || was->below.depth != is->below.depth)
		return false;
	for (i = 0; i < was->below.depth; i++) {
		if (was->below.blocks[i].kind != is->below.blocks[i].kind ||
		    was->below.blocks[i].count != is->below.blocks[i].count)
			return false;
	}
	return true;
}

/* To read so many items costs less than another window. */
#define NEAR 8

/* Is the next landing hardly behind the end of a window? */
static bool
is_next_near(const struct kp_stage *stage, const struct window *window)
{
	return window->landings_end < stage->nlandings &&
	    stage->landings[window->landings_end].item - window->end < NEAR;
}

/* The window of the next landing, and of those near to it. */
static struct window
open_window(const struct kp_stage *stage, const struct window *before)
{
	const struct kp_scan *scan = &stage->scan;
	struct window window = {
		.first = stage->landings[before->landings_end].item,
		.end = stage->landings[before->landings_end].item,
		.landing = before->landings_end,
		.landings_end = before->landings_end,
	};
	bool passed = false; /* a key, and no landing behind it */

	/* The end of the window before is the start of a line. */
	while (window.first > before->end &&
	    !kp_scan_begins_line(scan, window.first))
		window.first--;
	for (; window.end < scan->count; window.end++) {
		if (window.landings_end < stage->nlandings &&
		    stage->landings[window.landings_end].item == window.end) {
			window.landings_end++;
			passed = false;
		} else if (kp_scan_begins_line(scan, window.end)) {
			if (passed && !is_next_near(stage, &window))
				break;
			passed = true;
		}
	}
	if (window.first > 0)
		window.start = scan->items[window.first].start +
		    kp_stage_moved(stage, window.landing);
	window.stop = window.end == scan->count ?
	    stage->out->bytes.len :
	    scan->items[window.end].start +
	        kp_stage_moved(stage, window.landings_end);
	return window;
}

/* False: to be looked at as a whole. */
static bool
fits_by_lines(struct kp_stage *stage)
{
	struct window window = { 0 };
	struct kp_scan after = { 0 };
	bool fits = true;

	while (fits && window.landings_end < stage->nlandings) {
		window = open_window(stage, &window);
		fits = look_at(stage, &window, &after) == NULL;
	}
	kp_scan_wipe(&after);
	return fits;
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
	const struct window whole = { 0 };
	size_t i;

	if (after->count != before->count)
		return false;
	for (i = 0; i < before->count; i++) {
		const struct kp_item *was = &before->items[i];
		const struct kp_item *is = &after->items[i];

		if (!is_same_place(&whole, was, is) ||
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
	struct kp_scan after = { .expected = stage->scan.count };
	bool good;

	add_alone(stage, landing, &text);
	src.text = kp_buf_view(&text);
	good = kp_scan_run_again(&after, stage->scan.format, &src, &unread) &&
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
	const struct window whole = {
		.end = stage->scan.count,
		.landings_end = stage->nlandings,
		.stop = stage->out->bytes.len,
	};
	struct kp_scan after = { .expected = stage->scan.count,
		.told_apart = true };
	const struct kp_seam *was = stage->scan.seam;
	const struct kp_landing *culprit;
	struct kp_seam is;
	bool failed;

	if (stage->nlandings == 0)
		return true;
	if (stage->job->format->by_lines && fits_by_lines(stage))
		return true;
	if (was != NULL) {
		is = *was;
		after.seam = &is;
	}
	culprit = look_at(stage, &whole, &after);
	if (culprit == NULL && was != NULL && !is_same_seam(was, &is))
		culprit = stage->landings;
	failed = after.failed;
	kp_scan_wipe(&after);
	if (culprit == NULL)
		return true;
	if (failed)
		return kp_diag_nomem(stage->diags);
	return check_kept(stage) && fail_verify(stage, culprit);
}
