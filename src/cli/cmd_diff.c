/* SPDX-License-Identifier: MIT */
/*
 * cmd_diff - what would change on disk, values masked on both sides.
 *
 * A new value is shown as the template writes it, an old one as "***": both
 * sides of a line that differs in its value alone are shown, so that one
 * sees that it changes, and not to what.  Of the old text nobody can tell
 * what was a value: where its format reads both, what is not the same in the
 * new one counts as such.
 */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/hidden.h"
#include "cli/paint.h"
#include "cli/work.h"
#include "base/array.h"
#include "core/diff.h"
#include "io/file.h"

#include <stdlib.h>
#include <unistd.h>

#define HIDDEN "***"

/* Shorter settings, such as true, are rather the words of a file. */
#define MASK_MIN 8

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

/* A scalar of the result: what may be shown where the old text has it too. */
struct scalar {
	struct kp_buf path;  /* owned */
	struct kp_str shown; /* borrowed: its text, or the label of its slot */
};

struct scalars {
	struct scalar *list; /* owned; sorted */
	size_t count;
};

static int
compare_scalars(const void *a, const void *b)
{
	const struct scalar *one = a, *other = b;
	int order =
	    kp_str_compare(kp_buf_view(&one->path), kp_buf_view(&other->path));

	return order != 0 ? order : kp_str_compare(one->shown, other->shown);
}

static void
free_scalars(struct scalars *scalars)
{
	size_t i;

	for (i = 0; i < scalars->count; i++)
		kp_buf_wipe(&scalars->list[i].path);
	free(scalars->list);
}

/* The slot that item is in, or NULL; slots before *next end before it. */
static const struct kp_slot *
find_slot(const struct kp_rendering *rendering, const struct kp_item *item,
    size_t *next)
{
	const struct kp_slot *slots = rendering->slots;

	while (*next < rendering->nslots && slots[*next].end <= item->start)
		++*next;
	return *next < rendering->nslots && slots[*next].start < item->end ?
	    &slots[*next] :
	    NULL;
}

/* Quotes and escapes may make a value look different: it is read. */
static bool
holds_known(const struct kp_item *item, const struct kp_hidden *hidden)
{
	size_t i;

	for (i = 0; i < item->value.len; i++) {
		if (kp_hidden_find(hidden,
		        kp_str_slice(item->value, i, item->value.len),
		        false) != NULL)
			return true;
	}
	return false;
}

/* What may be shown of an item of the result. */
static struct kp_str
show_item(struct masks *masks, const struct kp_item *item,
    const struct kp_slot *slot, const struct kp_output *output,
    const struct kp_hidden *hidden)
{
	struct kp_str text = kp_buf_view(&output->rendering.bytes);

	if (slot != NULL)
		return kp_buf_view(&slot->label);
	if (!holds_known(item, hidden))
		return kp_str_slice(text, item->start, item->end);
	add_mask(masks, item->start, item->end, kp_str_of(HIDDEN));
	return kp_str_of(HIDDEN);
}

/* The scalars of the result; masks gets those that hold what is known. */
static bool
list_scalars(struct scalars *scalars, const struct kp_scan *scan,
    struct masks *masks, const struct kp_output *output,
    const struct kp_hidden *hidden)
{
	size_t next = 0, i;
	bool good = true;

	scalars->list = calloc(scan->count + 1, sizeof(*scalars->list));
	if (scalars->list == NULL)
		return false;
	for (i = 0; good && i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];
		struct scalar *scalar = &scalars->list[scalars->count];

		if (item->kind != KP_SCALAR)
			continue;
		scalars->count++;
		scalar->shown = show_item(masks, item,
		    find_slot(&output->rendering, item, &next), output, hidden);
		kp_scan_path(scan, item, &scalar->path);
		good = kp_buf_ok(&scalar->path);
	}
	qsort(scalars->list, scalars->count, sizeof(*scalars->list),
	    compare_scalars);
	return good;
}

/*
 * The scalars of the old text but those that the result has too, at the same
 * path: a key that has got another name had a value all the same.
 */
static void
mask_changed(struct masks *masks, const struct kp_scan *old,
    const struct scalars *shown)
{
	struct scalar wanted = { 0 };
	size_t i;

	for (i = 0; i < old->count; i++) {
		const struct kp_item *item = &old->items[i];

		if (item->kind != KP_SCALAR)
			continue;
		kp_buf_cut(&wanted.path, 0);
		kp_scan_path(old, item, &wanted.path);
		wanted.shown =
		    kp_str_slice(old->src->text, item->start, item->end);
		if (bsearch(&wanted, shown->list, shown->count,
		        sizeof(*shown->list), compare_scalars) == NULL)
			add_mask(masks, item->start, item->end,
			    kp_str_of(HIDDEN));
	}
	masks->failed = masks->failed || !kp_buf_ok(&wanted.path);
	kp_buf_wipe(&wanted.path);
}

/* Where its format can parse both texts; false: it cannot. */
static bool
mask_scalars(struct masks *masks, struct masks *new_masks,
    const struct kp_output *output, const struct kp_hidden *hidden)
{
	const struct kp_source old = { .name = output->to,
		.text = kp_buf_view(&output->current) };
	const struct kp_source new = { .name = output->to,
		.text = kp_buf_view(&output->rendering.bytes) };
	struct kp_diags unread = { 0 };
	struct kp_scan before = { 0 }, after = { 0 };
	struct scalars shown = { 0 };
	bool good;

	good = kp_scan_run(&before, output->format, &old, &unread) &&
	    kp_scan_run(&after, output->format, &new, &unread);
	if (good && list_scalars(&shown, &after, new_masks, output, hidden))
		mask_changed(masks, &before, &shown);
	else
		masks->failed = masks->failed || good;
	free_scalars(&shown);
	kp_scan_wipe(&before);
	kp_scan_wipe(&after);
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

/* The values that stand from start to end. */
static void
mask_known_between(struct masks *masks, struct kp_str text, size_t start,
    size_t end, const struct kp_hidden *hidden)
{
	while (start < end) {
		const struct kp_hidden_value *found = kp_hidden_find(hidden,
		    kp_str_slice(text, start, text.len), false);
		size_t next =
		    found == NULL ? start + 1 : start + found->value.len;

		if (next > end)
			next = end;
		if (found != NULL)
			add_mask(masks, start, next, kp_str_of(HIDDEN));
		start = next;
	}
}

/* Values that a run before this one put elsewhere: they are known too. */
static void
mask_known(struct masks *masks, struct kp_str text,
    const struct kp_hidden *hidden)
{
	struct masks all = { .failed = masks->failed };
	size_t at = 0, i;

	for (i = 0; i < masks->count; i++) {
		const struct kp_mask *mask = &masks->list[i];

		mask_known_between(&all, text, at, mask->start, hidden);
		add_mask(&all, mask->start, mask->end, mask->shown);
		at = mask->end;
	}
	mask_known_between(&all, text, at, text.len, hidden);
	free(masks->list);
	*masks = all;
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

static int
compare_masks(const void *a, const void *b)
{
	const struct kp_mask *one = a, *other = b;

	return (one->start > other->start) - (one->start < other->start);
}

/* Both sides, the new one's slots first. */
static void
mask_all(struct masks *before, struct masks *after,
    const struct kp_output *output, const struct kp_hidden *hidden)
{
	mask_new(after, &output->rendering);
	if (!has_paths(&output->rendering) ||
	    !mask_scalars(before, after, output, hidden))
		mask_old_gaps(before, output);
	if (after->count > 0)
		qsort(after->list, after->count, sizeof(*after->list),
		    compare_masks);
	mask_known(before, kp_buf_view(&output->current), hidden);
	mask_known(after, kp_buf_view(&output->rendering.bytes), hidden);
}

static bool
add_diff(struct kp_buf *out, const struct kp_work *work,
    const struct kp_output *output, struct kp_diags *diags)
{
	struct masks before = { 0 }, after = { 0 };
	struct kp_hidden hidden = { 0 };
	struct kp_side old = { .name = output->to,
		.text = kp_buf_view(&output->current) };
	struct kp_side new = { .name = output->to,
		.text = kp_buf_view(&output->rendering.bytes) };
	bool good;

	if (!kp_hidden_collect(&hidden, &work->values, NULL, MASK_MIN))
		return kp_diag_nomem(diags);
	mask_all(&before, &after, output, &hidden);
	kp_hidden_free(&hidden);
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
			good = add_diff(&diff, work, output, diags);
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
