/* SPDX-License-Identifier: MIT */
/*
 * pieces - for tests of formats whose long texts go in pieces: what two of
 * them hold is what the whole does, wherever the first one ends.
 */
#ifndef KP_TESTS_UNIT_FORMAT_PIECES_H
#define KP_TESTS_UNIT_FORMAT_PIECES_H

#include "slot.h"

static inline bool
pieces_scan(struct kp_scan *scan, const struct kp_format *format,
    struct kp_seam *seam, const struct kp_source *src)
{
	struct kp_diags diags = { 0 };
	bool good;

	*scan = (struct kp_scan){ .seam = seam };
	good = kp_scan_run_again(scan, format, src, &diags);
	assert_int_equal(good, diags.errors == 0);
	kp_diags_free(&diags);
	return good;
}

/* The same but for where it is, and what is above the piece. */
static inline void
pieces_expect_item(const struct kp_item *got, const struct kp_item *want,
    size_t first, size_t moved)
{
	uint32_t parent = want->parent;

	if (parent != KP_NO_PARENT)
		parent =
		    parent < first ? KP_NO_PARENT : parent - (uint32_t)first;
	assert_int_equal(got->kind, want->kind);
	assert_int_equal(got->style, want->style);
	assert_int_equal(got->type, want->type);
	assert_int_equal(got->index, want->index);
	assert_int_equal(got->role, want->role);
	assert_int_equal(got->parent, parent);
	assert_int_equal(got->start + moved, want->start);
	assert_int_equal(got->end + moved, want->end);
	assert_true(kp_str_eq(got->value, want->value));
}

/* Where the second piece begins; 0: the text is not parted. */
static inline size_t
pieces_part(const struct kp_scan *whole, size_t end)
{
	struct kp_str text = whole->src->text;
	const struct kp_source above = { .name = "t",
		.text = kp_str_slice(text, 0, end) };
	struct kp_source below = { .name = "t" };
	struct kp_seam seam = { .first = true }, rest = { .last = true };
	struct kp_scan scan, next;
	size_t start = 0, i;

	if (pieces_scan(&scan, whole->format, &seam, &above) && seam.item > 0) {
		for (i = 0; i < seam.item; i++)
			pieces_expect_item(&scan.items[i], &whole->items[i], 0,
			    0);
		start = scan.items[seam.item].start;
		rest.above = seam.below;
		below.text = kp_str_slice(text, start, text.len);
		assert_true(pieces_scan(&next, whole->format, &rest, &below));
		assert_int_equal(seam.item + next.count, whole->count);
		for (i = 0; i < next.count; i++)
			pieces_expect_item(&next.items[i],
			    &whole->items[seam.item + i], seam.item, start);
		kp_scan_wipe(&next);
	}
	kp_scan_wipe(&scan);
	return start;
}

/* Part text at each of its bytes; returns how many second pieces began. */
static inline size_t
pieces_count(const struct kp_format *format, const char *text)
{
	const struct kp_source src = { .name = "t", .text = kp_str_of(text) };
	struct kp_scan whole;
	size_t begun = 0, last = 0, end;

	assert_true(pieces_scan(&whole, format, NULL, &src));
	for (end = 0; end <= src.text.len; end++) {
		size_t start = pieces_part(&whole, end);

		begun += start > last;
		last = start > last ? start : last;
	}
	kp_scan_wipe(&whole);
	return begun;
}

#endif
