/* SPDX-License-Identifier: MIT */
/*
 * fuzz_format - the scanner and the encoder of one format, named by the
 * variable FORMAT.
 *
 * The first byte chooses: a text is scanned, its items must be in order and
 * within it, its scalars found by their paths, and two pieces of it have the
 * items of the whole; or a value is encoded in each style and must be read back
 * as it is.  A replay of the corpus is part of make check.
 */
#include "base/diag.h"
#include "base/source.h"
#include "format/format.h"
#include "format/frame.h"

#include "fuzz.h"

static void
check_item(const struct kp_scan *scan, size_t i, size_t *end)
{
	const struct kp_item *item = &scan->items[i];

	require(item->start <= item->end, "an item ends behind its start");
	require(item->end <= scan->src->text.len, "an item is in the text");
	require(item->start >= *end || item->kind == KP_ELEMENT,
	    "items do not overlap");
	require(item->parent == KP_NO_PARENT || item->parent < i,
	    "a parent comes before");
	if (item->kind != KP_ELEMENT)
		*end = item->end;
}

/* The scalars whose paths are looked at: that takes a while. */
#define PATHS_MAX 32

static bool
is_found(const struct kp_scan *scan, struct kp_str path, size_t scalar)
{
	size_t list[PATHS_MAX];
	size_t found = kp_scan_find_all(scan, path, list, PATHS_MAX), i;

	for (i = 0; i < found && i < PATHS_MAX; i++) {
		if (list[i] == scalar)
			return true;
	}
	return found > PATHS_MAX;
}

static void
check_paths(struct kp_scan *scan)
{
	struct kp_diags diags = { 0 };
	size_t i, left = PATHS_MAX;

	require(kp_scan_number(scan, &diags) && kp_scan_index(scan, &diags),
	    "there is memory");
	for (i = 0; i < scan->count && left > 0; i++) {
		struct kp_buf path = { 0 };

		if (scan->items[i].kind != KP_SCALAR)
			continue;
		kp_scan_exact_path(scan, &scan->items[i], &path);
		require(is_found(scan, kp_buf_view(&path), i),
		    "a scalar is found by its path");
		kp_buf_wipe(&path);
		left--;
	}
	kp_diags_free(&diags);
}

/* --- pieces --- */

static bool
scan_piece(struct kp_scan *scan, struct kp_seam *seam,
    const struct kp_format *format, const struct kp_source *src)
{
	struct kp_diags unread = { 0 };
	bool good;

	*scan = (struct kp_scan){ .seam = seam };
	good = kp_scan_run_again(scan, format, src, &unread);
	kp_diags_free(&unread);
	return good;
}

/* So many of a piece whose first one is this of the whole. */
static void
check_same_items(const struct kp_scan *whole, const struct kp_scan *piece,
    size_t first, size_t count)
{
	size_t moved = whole->items[first].start - piece->items[0].start, i;

	for (i = 0; i < count; i++) {
		const struct kp_item *is = &piece->items[i];
		const struct kp_item *of = &whole->items[first + i];

		require(is->kind == of->kind && is->style == of->style &&
		        is->type == of->type && is->index == of->index &&
		        is->role == of->role &&
		        is->start + moved == of->start &&
		        is->end + moved == of->end &&
		        kp_str_eq(is->value, of->value),
		    "an item of a piece is one of the whole");
		require(is->parent == KP_NO_PARENT ?
		        of->parent == KP_NO_PARENT || of->parent < first :
		        is->parent + first == of->parent,
		    "it has the same parent");
	}
}

/* Two pieces, the first of which ends here: they are good if the whole is. */
static void
check_parted(const struct kp_scan *whole, bool good, size_t end)
{
	struct kp_str text = whole->src->text;
	const struct kp_source above = { .name = "fuzz",
		.text = kp_str_slice(text, 0, end) };
	struct kp_source below = { .name = "fuzz" };
	struct kp_seam seam = { .first = true }, rest = { .last = true };
	struct kp_scan first, second;

	if (scan_piece(&first, &seam, whole->format, &above) && seam.item > 0) {
		rest.above = seam.below;
		below.text =
		    kp_str_slice(text, first.items[seam.item].start, text.len);
		require(scan_piece(&second, &rest, whole->format, &below) ==
		        good,
		    "what is below a good piece decides");
		if (good) {
			require(seam.item + second.count == whole->count,
			    "no item is lost");
			check_same_items(whole, &first, 0, seam.item);
			check_same_items(whole, &second, seam.item,
			    second.count);
		}
		kp_scan_wipe(&second);
	}
	kp_scan_wipe(&first);
}

/* So many places are tried. */
#define JOINTS_MAX 32

static void
check_seams(const struct kp_scan *whole, bool good)
{
	struct kp_str text = whole->src->text;
	size_t tried = 0, i;

	for (i = 0; i < text.len && tried < JOINTS_MAX; i++) {
		if (text.ptr[i] != whole->format->joint)
			continue;
		check_parted(whole, good, i + 1);
		tried++;
	}
}

/* --- a text, or a value --- */

static void
scan_text(const struct kp_format *format, struct kp_str text)
{
	const struct kp_source src = { .name = "fuzz", .text = text };
	struct kp_diags diags = { 0 };
	struct kp_scan scan;
	size_t end = 0, i;
	bool good = kp_scan_run(&scan, format, &src, &diags);

	if (format->joint != '\0')
		check_seams(&scan, good);
	if (good) {
		for (i = 0; i < scan.count; i++)
			check_item(&scan, i, &end);
		check_paths(&scan);
		require(diags.errors == 0, "no error where the scan is good");
	} else {
		require(diags.errors > 0, "an error where the scan is not");
	}
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

/* A refusal is fine; what is written and read otherwise is not. */
static void
encode_value(const struct kp_format *format, struct kp_str value)
{
	int style;

	for (style = KP_BARE; style <= KP_ATTRIBUTE; style++) {
		struct kp_diags diags = { 0 };
		struct kp_buf out = { 0 };
		bool done;

		done = kp_frame_encode(format, (enum kp_style)style, value,
		    &out, &diags);
		require(done == (diags.errors == 0), "a refusal has a reason");
		require(!says(&diags, "would not be read back"),
		    "what is encoded is read back as it is");
		kp_buf_wipe(&out);
		kp_diags_free(&diags);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kp_format *format =
	    kp_format_by_name(kp_str_of(getenv("FORMAT")));
	struct kp_str rest;

	require(format != NULL, "FORMAT names a format");
	if (size == 0)
		return 0;
	rest = kp_str_make((const char *)data + 1, size - 1);
	if (data[0] % 2 == 0)
		scan_text(format, rest);
	else
		encode_value(format, rest);
	return 0;
}
