/* SPDX-License-Identifier: MIT */
/*
 * fuzz_report - problems as they are printed.
 *
 * The first two bytes choose a place in the last part, a text; the others
 * are a path, a message and a hint.  What is printed is a bounded number of
 * lines of printable UTF-8, or one line of JSON; what is behind "=" or ":"
 * in a text that may hold values changes none of it.
 */
#include "cli/report.h"

#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>

#include "fuzz.h"

/* The most bytes of a problem, each of them escaped. */
#define PRINTED_MAX (6 * sizeof(struct kp_diag))

/* A problem, its excerpt and caret, its hint. */
#define LINES_MAX 4

static bool
is_printable(uint32_t rune)
{
	return rune >= 0x20 && rune != 0x7f && (rune < 0x80 || rune >= 0xa0) &&
	    rune != 0x2028 && rune != 0x2029 &&
	    (rune < 0x202a || rune > 0x202e) &&
	    (rune < 0x2066 || rune > 0x2069);
}

/* Returns how many lines there are. */
static size_t
check_printable(struct kp_str text)
{
	size_t at = 0, lines = 0;
	uint32_t rune;

	require(text.len <= PRINTED_MAX, "what is printed is bounded");
	require(kp_str_ends(text, "\n"), "a line is ended");
	while (at < text.len) {
		require(kp_utf8_next(text, &at, &rune), "it is UTF-8");
		require(rune == '\n' || is_printable(rune), "it is printable");
		lines += rune == '\n';
	}
	return lines;
}

static void
check_text(const struct kp_diag *diag)
{
	struct kp_buf out = { 0 };
	struct kp_str rest, line;
	size_t i;

	kp_report_add_text(diag, false, &out);
	require(check_printable(kp_buf_view(&out)) <= LINES_MAX,
	    "there are few lines");
	rest = kp_buf_view(&out);
	for (i = 0; kp_str_next_line(&rest, &line); i++)
		require(kp_str_starts(line, i == 0 ? "keyplate: " : "    "),
		    "a line that goes on is indented");
	kp_buf_wipe(&out);
}

static void
check_json(const struct kp_diag *diag)
{
	struct kp_buf out = { 0 };
	json_t *root;

	kp_report_add_json(diag, &out);
	require(check_printable(kp_buf_view(&out)) == 1, "it is one line");
	root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
	require(json_is_object(root), "it is a JSON object");
	require(json_is_string(json_object_get(root, "severity")),
	    "it has a severity");
	json_decref(root);
	kp_buf_wipe(&out);
}

static void
check_problems(struct kp_diags *diags)
{
	size_t i;

	kp_diags_sort(diags);
	for (i = 0; i < diags->count; i++) {
		check_text(&diags->list[i]);
		check_json(&diags->list[i]);
	}
}

/* --- what may be a value --- */

/* The same text with letters and digits that may be a value's changed. */
static void
add_twin(struct kp_str text, struct kp_buf *out)
{
	struct kp_str line;

	while (kp_str_next_line(&text, &line)) {
		size_t i, colon = kp_str_find(line, ':');
		size_t start = kp_str_find(line, '=');

		if (colon < start)
			start = colon;
		if (start == KP_NPOS)
			start = 0;
		for (i = 0; i < line.len; i++) {
			char c = line.ptr[i];

			kp_buf_add_char(out,
			    i >= start && kp_is_alnum(c) ? 'x' : c);
		}
		kp_buf_add_char(out, '\n');
	}
}

static void
report_guarded(struct kp_str text, size_t offset, size_t len,
    struct kp_diags *diags)
{
	const struct kp_source src = { .name = "guarded",
		.text = text,
		.guarded = true };

	kp_diag_at(diags, &src, offset, len, "wrong");
	kp_diag_at(diags, &src, offset, len, "hidden");
	kp_diag_conceal(diags, 0);
}

static void
check_guarded(struct kp_str text, size_t offset, size_t len)
{
	struct kp_diags diags = { 0 }, twins = { 0 };
	struct kp_buf twin = { 0 };
	size_t i;

	/* The name in a placeholder is shown. */
	if (kp_str_find_str(text, kp_str_of("${")) != KP_NPOS)
		return;
	add_twin(text, &twin);
	report_guarded(text, offset, len, &diags);
	report_guarded(kp_str_slice(kp_buf_view(&twin), 0, text.len), offset,
	    len, &twins);
	for (i = 0; i < diags.count; i++) {
		const struct kp_diag *a = &diags.list[i], *b = &twins.list[i];

		require(strcmp(a->line, b->line) == 0,
		    "a value is not seen in its line");
		require(a->caret == b->caret && a->width == b->width &&
		        a->place.line == b->place.line &&
		        a->place.column == b->place.column,
		    "a value does not move a place");
	}
	kp_buf_wipe(&twin);
	kp_diags_free(&diags);
	kp_diags_free(&twins);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parts parts;
	struct kp_diags diags = { 0 };
	struct kp_source src = { 0 };
	char *path, *text, *hint;
	size_t offset, len;

	if (size < 2)
		return 0;
	parts_cut(&parts, kp_str_make((const char *)data + 2, size - 2), 4);
	path = part_text(parts.list[0]);
	text = part_text(parts.list[1]);
	hint = part_text(parts.list[2]);
	src.name = path;
	src.text = parts.list[3];
	offset = data[0] * src.text.len / UINT8_MAX;
	len = data[1] * (src.text.len - offset) / UINT8_MAX;
	kp_diag_at(&diags, &src, offset, len, "%s", text);
	kp_diag_hint(&diags, "%s", hint);
	kp_diag_warn_at(&diags, &src, offset, len, "%s", text);
	kp_diag_conceal(&diags, data[1]);
	errno = data[0];
	kp_diag_sys(&diags, path, "%s", text);
	kp_diag_usage(&diags, "%s", text);
	kp_diag_note(&diags, NULL, "%s", hint);
	check_problems(&diags);
	check_guarded(src.text, offset, len);
	kp_diags_free(&diags);
	free(hint);
	free(text);
	free(path);
	parts_free(&parts);
	return 0;
}
