/* SPDX-License-Identifier: MIT */
/*
 * fuzz_diff - two texts, and the diff between them.
 *
 * Applied to the first it must give the second.  Runs of the byte 0x01 are
 * taken for values: with masks over them none of it is shown.
 */
#include "core/diff.h"

#include "base/array.h"

#include "fuzz.h"

#define SECRET '\x01'

/* A line of a diff: its sign, and what it stands for, LF included. */
struct edit {
	char sign;
	struct kp_str line; /* borrowed */
};

static bool
next_edit(struct kp_str *diff, struct edit *edit)
{
	struct kp_str line;

	if (diff->len == 0 || diff->ptr[0] == '@' ||
	    !kp_str_next_line(diff, &line))
		return false;
	require(line.len > 0 && strchr(" -+", line.ptr[0]) != NULL,
	    "a line of a diff has a sign");
	edit->sign = line.ptr[0];
	edit->line = kp_str_make(line.ptr + 1, line.len);
	if (kp_str_starts(*diff, "\\")) {
		edit->line.len--;
		require(kp_str_next_line(diff, &line), "a mark is a line");
	}
	return true;
}

/* The next line of a text, its LF included, from the front of *rest. */
static struct kp_str
take_line(struct kp_str *rest)
{
	size_t end = kp_str_find(*rest, '\n');
	struct kp_str line =
	    kp_str_slice(*rest, 0, end == KP_NPOS ? rest->len : end + 1);

	*rest = kp_str_slice(*rest, line.len, rest->len);
	return line;
}

static void
apply_hunk(struct kp_str *diff, struct kp_str *rest, size_t *at,
    struct kp_buf *out)
{
	size_t start, nold, nnew, first;
	struct edit edit;
	char header[80];
	struct kp_str line;

	require(kp_str_next_line(diff, &line), "a hunk has a header");
	snprintf(header, sizeof(header), "%.*s", (int)line.len, line.ptr);
	require(sscanf(header, "@@ -%zu,%zu +%zu,%zu @@", &start, &nold, &first,
	            &nnew) == 4,
	    "a hunk has its numbers");
	for (; *at + (nold > 0) < start; (*at)++)
		kp_buf_add(out, take_line(rest));
	while (next_edit(diff, &edit)) {
		if (edit.sign != '+') {
			require(kp_str_eq(take_line(rest), edit.line),
			    "a line that goes or stays is there");
			(*at)++;
			nold--;
		}
		if (edit.sign != '-') {
			kp_buf_add(out, edit.line);
			nnew--;
		}
	}
	require(nold == 0 && nnew == 0, "a hunk has as many lines as it says");
}

static void
check_applied(struct kp_str old, struct kp_str new, struct kp_str diff)
{
	struct kp_buf out = { 0 };
	struct kp_str line;
	size_t at = 0;

	require((diff.len == 0) == kp_str_eq(old, new),
	    "a diff is empty where nothing differs");
	if (diff.len > 0) {
		require(kp_str_next_line(&diff, &line) &&
		        kp_str_is(line, "--- old"),
		    "the old name comes first");
		require(kp_str_next_line(&diff, &line) &&
		        kp_str_is(line, "+++ new"),
		    "then the new one");
	}
	while (diff.len > 0)
		apply_hunk(&diff, &old, &at, &out);
	kp_buf_add(&out, old);
	require(kp_str_eq(kp_buf_view(&out), new),
	    "the diff applied gives the new text");
	kp_buf_wipe(&out);
}

/* --- values --- */

/* Where the value that begins at at ends; it may go on in other lines. */
static size_t
secret_end(struct kp_str text, size_t at)
{
	while (at < text.len &&
	    (text.ptr[at] == SECRET ||
	        (text.ptr[at] == '\n' && at + 1 < text.len &&
	            text.ptr[at + 1] == SECRET)))
		at++;
	return at;
}

static struct kp_mask *
mask_secrets(struct kp_side *side)
{
	struct kp_mask *masks = NULL;
	size_t cap = 0, at = 0;

	while (at < side->text.len) {
		struct kp_mask mask = { at, secret_end(side->text, at),
			KP_STR("<value>") };

		if (side->text.ptr[at] != SECRET) {
			at++;
			continue;
		}
		require(kp_array_grow((void **)&masks, &cap, side->nmasks + 1,
		            sizeof(*masks)),
		    "there is memory");
		masks[side->nmasks++] = mask;
		at = mask.end;
	}
	side->masks = masks;
	return masks;
}

static void
check_masked(struct kp_side *old, struct kp_side *new)
{
	struct kp_mask *before = mask_secrets(old), *after = mask_secrets(new);
	struct kp_buf diff = { 0 };

	require(kp_diff_add(&diff, old, new), "there is memory");
	require(kp_str_find(kp_buf_view(&diff), SECRET) == KP_NPOS,
	    "no value is shown");
	kp_buf_wipe(&diff);
	free(before);
	free(after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parts parts;
	struct kp_side old = { .name = "old" }, new = { .name = "new" };
	struct kp_buf diff = { 0 };

	parts_cut(&parts, kp_str_make((const char *)data, size), 2);
	old.text = parts.list[0];
	new.text = parts.list[1];
	require(kp_diff_add(&diff, &old, &new), "there is memory");
	check_applied(old.text, new.text, kp_buf_view(&diff));
	check_masked(&old, &new);
	kp_buf_wipe(&diff);
	parts_free(&parts);
	return 0;
}
