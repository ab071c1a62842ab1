/* SPDX-License-Identifier: MIT */
/* slot - for tests of formats: what a scan sees, and a word replaced. */
#ifndef KP_TESTS_UNIT_FORMAT_SLOT_H
#define KP_TESTS_UNIT_FORMAT_SLOT_H

#include "format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/*
 * The word of a template that a value takes the place of.  A test of a format
 * without bare words defines one in the shape of a sentinel.
 */
#ifndef SLOT
#define SLOT "SLOT"
#endif

static inline struct kp_scan
slot_scan(const char *name, const struct kp_format *format,
    const struct kp_source *src)
{
	struct kp_diags diags = { 0 };
	struct kp_scan scan;

	if (!kp_scan_run(&scan, format, src, &diags))
		fail_msg("%s: %s", name, diags.list[0].text);
	kp_diags_free(&diags);
	return scan;
}

static inline const char *
slot_kind_name(const struct kp_item *item)
{
	switch (item->kind) {
	case KP_SCALAR:
		return kp_style_name(item->style);
	case KP_KEY:
		return "key";
	case KP_SECTION:
		return "section";
	case KP_COMMENT:
		return "comment";
	default:
		return "other";
	}
}

/* A line an item: its kind or style, and its value in brackets. */
static inline struct kp_buf
slot_list(const char *name, const struct kp_format *format, struct kp_str text)
{
	const struct kp_source src = { .name = "text", .text = text };
	struct kp_scan scan = slot_scan(name, format, &src);
	struct kp_buf list = { 0 };
	size_t i;

	for (i = 0; i < scan.count; i++) {
		kp_buf_add_text(&list, slot_kind_name(&scan.items[i]));
		kp_buf_add_text(&list, " <");
		kp_buf_add(&list, scan.items[i].value);
		kp_buf_add_text(&list, ">\n");
	}
	kp_scan_wipe(&scan);
	return list;
}

static inline size_t
slot_item(const char *name, const struct kp_scan *scan)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind == KP_SCALAR &&
		    kp_str_find_str(scan->items[i].value, kp_str_of(SLOT)) !=
		        KP_NPOS)
			return i;
	}
	fail_msg("%s: the template has no " SLOT " in a value", name);
	return 0;
}

/* Every item of after is as before, but number: a string, read as value. */
static inline void
slot_verify(const char *name, const struct kp_scan *before, struct kp_str text,
    size_t number, struct kp_str value)
{
	const struct kp_source src = { .name = "result", .text = text };
	struct kp_scan after = slot_scan(name, before->format, &src);
	size_t i;

	if (before->count != after.count)
		fail_msg("%s: %zu items became %zu", name, before->count,
		    after.count);
	if (after.items[number].type != KP_STRING)
		fail_msg("%s: it is read as no string", name);
	for (i = 0; i < after.count; i++) {
		if (!kp_str_eq(after.items[i].value,
		        i == number ? value : before->items[i].value))
			fail_msg("%s: item %zu is read otherwise", name, i);
	}
	kp_scan_wipe(&after);
}

/*
 * Put value, which is foreign to it, into the template's slot.  True: result
 * is the new text, and was verified.  False: result is why it was refused.
 */
static inline bool
slot_fill(const char *name, const struct kp_format *format,
    struct kp_str template, struct kp_str value, struct kp_buf *result)
{
	const struct kp_source src = { .name = "text", .text = template };
	struct kp_scan scan = slot_scan(name, format, &src);
	size_t number = slot_item(name, &scan);
	const struct kp_item *item = &scan.items[number];
	size_t at = kp_str_find_str(item->value, kp_str_of(SLOT));
	struct kp_piece pieces[3] = {
		{ kp_str_slice(item->value, 0, at), true },
		{ value, false },
		{ kp_str_slice(item->value, at + strlen(SLOT), item->value.len),
		    true },
	};
	struct kp_value whole = { .pieces = pieces, .npieces = 3 };
	struct kp_buf bytes = { 0 };
	struct kp_refusal why;
	bool done;
	size_t i;

	for (i = 0; i < 3; i++)
		kp_buf_add(&bytes, pieces[i].bytes);
	whole.bytes = kp_buf_view(&bytes);
	kp_buf_add(result, kp_str_slice(template, 0, item->start));
	done = format->encode(&scan, item, &whole, result, &why);
	if (done) {
		kp_buf_add(result,
		    kp_str_slice(template, item->end, template.len));
		slot_verify(name, &scan, kp_buf_view(result), number,
		    whole.bytes);
	} else {
		assert_int_equal(result->len, item->start);
		kp_buf_cut(result, 0);
		kp_buf_add_text(result, why.text);
	}
	kp_buf_wipe(&bytes);
	kp_scan_wipe(&scan);
	return done;
}

/*
 * Put the key of path into text, SLOT for its value.  True: result is the new
 * text, in which path is found.  False: result is why it was refused.
 */
static inline bool
slot_insert(const char *name, const struct kp_format *format,
    struct kp_str text, const char *path, struct kp_buf *result)
{
	const struct kp_source src = { .name = "text", .text = text };
	struct kp_source again = { .name = "result" };
	struct kp_scan scan = slot_scan(name, format, &src);
	struct kp_insertion where = { 0 };
	struct kp_refusal why;
	size_t found = 0;
	bool done;

	done = format->insert(&scan, kp_str_of(path), &where, &why);
	if (done) {
		kp_buf_add(result, kp_str_slice(text, 0, where.offset));
		kp_buf_add(result, kp_buf_view(&where.before));
		kp_buf_add_text(result, SLOT);
		kp_buf_add(result, kp_buf_view(&where.after));
		kp_buf_add(result, kp_str_slice(text, where.offset, text.len));
	} else {
		kp_buf_add_text(result, why.text);
	}
	kp_buf_wipe(&where.before);
	kp_buf_wipe(&where.after);
	kp_scan_wipe(&scan);
	if (!done)
		return false;
	again.text = kp_buf_view(result);
	scan = slot_scan(name, format, &again);
	if (kp_scan_find(&scan, kp_str_of(path), &found) != 1 ||
	    !kp_str_is(scan.items[found].value, SLOT))
		fail_msg("%s: the key is not where its path says", name);
	kp_scan_wipe(&scan);
	return true;
}

/* Fails, showing both, unless got is want. */
static inline void
slot_expect(const char *name, const struct kp_buf *got, const char *want)
{
	if (!kp_str_is(kp_buf_view(got), want))
		fail_msg("%s: got \"%s\", want \"%s\"", name, got->data, want);
}

/* Fails unless the reason in got holds the words want. */
static inline void
slot_expect_refusal(const char *name, bool done, const struct kp_buf *got,
    const char *want)
{
	if (done)
		fail_msg("%s: written as \"%s\"", name, got->data);
	if (kp_str_find_str(kp_buf_view(got), kp_str_of(want)) == KP_NPOS)
		fail_msg("%s: refused for another reason: %s", name, got->data);
}

#endif
