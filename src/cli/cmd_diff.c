/* SPDX-License-Identifier: MIT */
/*
 * cmd_diff - what would change on disk, values masked on both sides.
 *
 * A new value is shown as the template writes it, an old one as "***": both
 * sides of a line that differs in its value alone are shown, so that one
 * sees that it changes, and not to what.
 */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/paint.h"
#include "cli/work.h"
#include "base/array.h"
#include "core/diff.h"
#include "io/file.h"

#include <stdlib.h>
#include <unistd.h>

#define HIDDEN "***"

struct masks {
	struct kp_mask *list; /* owned */
	size_t count, cap;
	bool failed;
};

static void
add_mask(struct masks *masks, size_t start, size_t end, struct kp_str shown)
{
	if (!kp_array_grow((void **)&masks->list, &masks->cap, masks->count + 1,
	        sizeof(*masks->list))) {
		masks->failed = true;
		return;
	}
	masks->list[masks->count++] = (struct kp_mask){ start, end, shown };
}

static void
mask_new(struct masks *masks, const struct kp_rendering *rendering)
{
	size_t i;

	for (i = 0; i < rendering->nslots; i++) {
		const struct kp_slot *slot = &rendering->slots[i];

		add_mask(masks, slot->start, slot->end,
		    kp_buf_view(&slot->label));
	}
}

/* A placeholder that was not replaced yet is no value. */
static void
mask_old_value(struct masks *masks, struct kp_str text, size_t start,
    size_t end, struct kp_str label)
{
	if (!kp_str_eq(kp_str_slice(text, start, end), label))
		add_mask(masks, start, end, kp_str_of(HIDDEN));
}

/* The slots of a rendering, sorted by their paths: there may be many. */
struct by_path {
	const struct kp_slot **slots; /* owned; each one the rendering's */
	size_t count;
};

/* Of the same path, the first in the text is the first here. */
static int
compare_slots(const void *a, const void *b)
{
	const struct kp_slot *one = *(const struct kp_slot *const *)a;
	const struct kp_slot *other = *(const struct kp_slot *const *)b;
	int order =
	    kp_str_compare(kp_buf_view(&one->path), kp_buf_view(&other->path));

	if (order != 0)
		return order;
	return (one->start > other->start) - (one->start < other->start);
}

static bool
sort_by_path(struct by_path *sorted, const struct kp_rendering *rendering)
{
	size_t i;

	sorted->slots = calloc(rendering->nslots + 1, sizeof(*sorted->slots));
	if (sorted->slots == NULL)
		return false;
	sorted->count = rendering->nslots;
	for (i = 0; i < sorted->count; i++)
		sorted->slots[i] = &rendering->slots[i];
	qsort(sorted->slots, sorted->count, sizeof(*sorted->slots),
	    compare_slots);
	return true;
}

static const struct kp_slot *
find_slot(const struct by_path *sorted, struct kp_str path)
{
	size_t low = 0, high = sorted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct kp_str found = kp_buf_view(&sorted->slots[middle]->path);

		if (kp_str_compare(found, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < sorted->count &&
	    kp_str_eq(kp_buf_view(&sorted->slots[low]->path), path))
		return sorted->slots[low];
	return NULL;
}

/* Of a text that its format can parse, the scalars that slots set. */
static bool
mask_old_scalars(struct masks *masks, const struct kp_output *output)
{
	const struct kp_source old = {
		.name = output->to,
		.text = kp_buf_view(&output->current),
		.guarded = true,
	};
	struct kp_diags unread = { 0 };
	struct by_path sorted = { 0 };
	struct kp_buf path = { 0 };
	struct kp_scan scan;
	bool good;
	size_t i;

	if (!sort_by_path(&sorted, &output->rendering))
		masks->failed = true;
	good = kp_scan_run(&scan, output->format, &old, &unread);
	for (i = 0; good && i < scan.count; i++) {
		const struct kp_item *item = &scan.items[i];
		const struct kp_slot *slot;

		if (item->kind != KP_SCALAR)
			continue;
		kp_buf_cut(&path, 0);
		kp_scan_path(&scan, item, &path);
		slot = find_slot(&sorted, kp_buf_view(&path));
		if (slot != NULL)
			mask_old_value(masks, old.text, item->start, item->end,
			    kp_buf_view(&slot->label));
	}
	free(sorted.slots);
	kp_buf_wipe(&path);
	kp_scan_wipe(&scan);
	kp_diags_free(&unread);
	return good;
}

/*
 * Of any text, what stands between the stretches that the result has around
 * its slots; from the first that is missing, everything.
 */
static void
mask_old_gaps(struct masks *masks, const struct kp_output *output)
{
	const struct kp_rendering *rendering = &output->rendering;
	struct kp_str new = kp_buf_view(&rendering->bytes);
	struct kp_str old = kp_buf_view(&output->current);
	size_t at = 0, from = 0, i;

	for (i = 0; i <= rendering->nslots; i++) {
		bool last = i == rendering->nslots;
		size_t to = last ? new.len : rendering->slots[i].start;
		struct kp_str kept = kp_str_slice(new, from, to);
		struct kp_str rest = kp_str_slice(old, at, old.len);
		size_t hit = last ? kp_str_rfind_str(rest, kept) :
		                    kp_str_find_str(rest, kept);

		if (hit == KP_NPOS) {
			add_mask(masks, at, old.len, kp_str_of(HIDDEN));
			return;
		}
		if (hit > 0)
			mask_old_value(masks, old, at, at + hit,
			    i == 0 ?
			        kp_str_of("") :
			        kp_buf_view(&rendering->slots[i - 1].label));
		at += hit + kept.len;
		if (!last)
			from = rendering->slots[i].end;
	}
}

static bool
has_paths(const struct kp_rendering *rendering)
{
	size_t i;

	for (i = 0; i < rendering->nslots; i++) {
		if (rendering->slots[i].path.len == 0)
			return false;
	}
	return true;
}

static void
mask_old(struct masks *masks, const struct kp_output *output)
{
	if (!has_paths(&output->rendering) || !mask_old_scalars(masks, output))
		mask_old_gaps(masks, output);
}

static bool
add_diff(struct kp_buf *out, const struct kp_output *output,
    struct kp_diags *diags)
{
	struct masks before = { 0 }, after = { 0 };
	struct kp_side old = { .name = output->to,
		.text = kp_buf_view(&output->current) };
	struct kp_side new = { .name = output->to,
		.text = kp_buf_view(&output->rendering.bytes) };
	bool good;

	mask_old(&before, output);
	mask_new(&after, &output->rendering);
	old.masks = before.list;
	old.nmasks = before.count;
	new.masks = after.list;
	new.nmasks = after.count;
	good = !before.failed && !after.failed && kp_diff_add(out, &old, &new);
	free(before.list);
	free(after.list);
	return good || kp_diag_nomem(diags);
}

/* A file in memory is made anew at each start. */
static bool
is_compared(const struct kp_output *output, struct kp_diags *diags)
{
	if (output->memory != NULL)
		kp_diag_note(diags, output->to,
		    "in memory: there is nothing to compare with");
	return !output->skipped && output->memory == NULL;
}

/* A diff needs something to compare with. */
static bool
check_targets(const struct kp_work *work, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		if (work->outputs[i].to == NULL)
			return kp_diag_usage(diags,
			    "diff takes SRC:DST, and %s has no DST",
			    work->outputs[i].from);
	}
	return true;
}

static void
add_painted(struct kp_buf *out, const struct kp_output *output,
    struct kp_str diff, const struct kp_options *options)
{
	if (options->log_format == KP_LOG_JSON)
		kp_paint_add_diff_json(out, output->to, diff);
	else if (kp_paint_wanted(options, STDOUT_FILENO))
		kp_paint_add_diff(out, diff);
	else
		kp_buf_add(out, diff);
}

static bool
print_diffs(struct kp_work *work, bool *differs, struct kp_diags *diags)
{
	struct kp_buf out = { 0 };
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs && good; i++) {
		const struct kp_output *output = &work->outputs[i];
		struct kp_buf diff = { 0 };

		if (is_compared(output, diags))
			good = add_diff(&diff, output, diags);
		add_painted(&out, output, kp_buf_view(&diff), work->options);
		kp_buf_wipe(&diff);
	}
	good = good && (kp_buf_ok(&out) || kp_diag_nomem(diags));
	*differs = out.len > 0;
	if (good && !kp_file_write(STDOUT_FILENO, kp_buf_view(&out)))
		good =
		    kp_diag_sys(diags, NULL, "cannot write to standard output");
	kp_buf_wipe(&out);
	return good;
}

int
kp_cmd_diff(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_work work;
	bool done, differs = false;
	int status;

	done = kp_work_open(&work, options, envp, diags) &&
	    kp_work_has_inputs(&work, diags) && kp_work_render(&work, diags) &&
	    check_targets(&work, diags) && kp_work_read_current(&work, diags) &&
	    print_diffs(&work, &differs, diags);
	status = kp_work_status(&work, done, diags);
	if (status == KP_EXIT_DONE && differs)
		status = KP_EXIT_FAULT;
	kp_work_wipe(&work);
	return status;
}
