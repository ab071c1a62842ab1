/* SPDX-License-Identifier: MIT */
/*
 * fuzz_format - the scanner and the encoder of one format, named by the
 * variable FORMAT.
 *
 * The first byte chooses: a text is scanned, and its items must be in order
 * and within it; or a value is encoded in each style and must be read back
 * as it is.  A replay of the corpus is part of make check.
 */
#include "base/diag.h"
#include "base/source.h"
#include "format/format.h"
#include "format/frame.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

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

static void
scan_text(const struct kp_format *format, struct kp_str text)
{
	const struct kp_source src = { .name = "fuzz", .text = text };
	struct kp_diags diags = { 0 };
	struct kp_buf path = { 0 };
	struct kp_scan scan;
	size_t end = 0, i;

	if (kp_scan_run(&scan, format, &src, &diags)) {
		for (i = 0; i < scan.count; i++) {
			check_item(&scan, i, &end);
			kp_buf_cut(&path, 0);
			kp_scan_path(&scan, &scan.items[i], &path);
		}
		require(diags.errors == 0, "no error where the scan is good");
	} else {
		require(diags.errors > 0, "an error where the scan is not");
	}
	kp_buf_wipe(&path);
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

static bool
says(const struct kp_diags *diags, const char *text)
{
	size_t i;

	for (i = 0; i < diags->count; i++) {
		if (strstr(diags->list[i].text, text) != NULL)
			return true;
	}
	return false;
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
