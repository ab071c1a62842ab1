/* SPDX-License-Identifier: MIT */
/* paint - what commands print on standard output, for people or programs. */
#include "cli/paint.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
kp_paint_wanted(const struct kp_options *options, int fd)
{
	const char *never = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (options->color != 0)
		return options->color > 0;
	return (never == NULL || *never == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0 && isatty(fd) == 1;
}

void
kp_paint_add(struct kp_buf *out, bool color, const char *sequence)
{
	if (color)
		kp_buf_add_text(out, sequence);
}

/* --- text --- */

bool
kp_paint_is_unsafe(uint32_t rune)
{
	return rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || rune == 0x61c ||
	    rune == 0x200e || rune == 0x200f ||
	    (rune >= 0x2028 && rune <= 0x202e) ||
	    (rune >= 0x2066 && rune <= 0x2069);
}

void
kp_paint_add_escaped(struct kp_buf *out, struct kp_str text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t start = at;
		uint32_t rune;

		if (!kp_utf8_next(text, &at, &rune))
			kp_buf_add_format(out, "\\x%02x",
			    (unsigned char)text.ptr[at++]);
		else if (rune < 0x80 && kp_paint_is_unsafe(rune))
			kp_buf_add_format(out, "\\x%02x", (unsigned)rune);
		else if (kp_paint_is_unsafe(rune))
			kp_buf_add_format(out, "\\u%04x", (unsigned)rune);
		else
			kp_buf_add(out, kp_str_slice(text, start, at));
	}
}

size_t
kp_paint_width(struct kp_str text)
{
	size_t width = 0, at = 0;
	uint32_t rune;

	while (at < text.len) {
		if (!kp_utf8_next(text, &at, &rune))
			at++;
		width++;
	}
	return width;
}

/* RFC 8259, section 7. */
void
kp_paint_add_json(struct kp_buf *out, struct kp_str text)
{
	size_t at = 0;

	kp_buf_add_char(out, '"');
	while (at < text.len) {
		size_t start = at;
		uint32_t rune;

		if (!kp_utf8_next(text, &at, &rune)) {
			kp_buf_add_text(out, "\\ufffd");
			at++;
		} else if (kp_paint_is_unsafe(rune)) {
			kp_buf_add_format(out, "\\u%04x", (unsigned)rune);
		} else {
			if (rune == '"' || rune == '\\')
				kp_buf_add_char(out, '\\');
			kp_buf_add(out, kp_str_slice(text, start, at));
		}
	}
	kp_buf_add_char(out, '"');
}

/* --- diffs --- */

/* A diff that is being read: where its next lines belong. */
struct hunk {
	size_t old_line, new_line;
	size_t old_left, new_left; /* lines that are still to come */
};

/* Read a number at *at, and pass over it; 1 where there is none. */
static size_t
read_number(struct kp_str line, size_t *at)
{
	size_t number = 0, start = *at;

	for (; *at < line.len && kp_is_digit(line.ptr[*at]); (*at)++)
		number = number * 10 + (size_t)(line.ptr[*at] - '0');
	return *at == start ? 1 : number;
}

/* "12,3": a line, and how many; one where that is left out. */
static void
read_range(struct kp_str line, size_t *at, size_t *first, size_t *count)
{
	*first = read_number(line, at);
	*count = 1;
	if (*at < line.len && line.ptr[*at] == ',') {
		(*at)++;
		*count = read_number(line, at);
	}
}

/* "@@ -1,2 +3,4 @@" */
static void
begin_hunk(struct hunk *hunk, struct kp_str line)
{
	size_t at = strlen("@@ -");

	read_range(line, &at, &hunk->old_line, &hunk->old_left);
	at += strlen(" +");
	if (at < line.len)
		read_range(line, &at, &hunk->new_line, &hunk->new_left);
}

/* The sign that a line of the diff begins with; "-" is no header there. */
static char
step(struct hunk *hunk, struct kp_str line)
{
	char sign = line.len == 0 ? ' ' : line.ptr[0];

	if (hunk->old_left + hunk->new_left == 0) {
		if (kp_str_starts(line, "@@ -"))
			begin_hunk(hunk, line);
		return '@';
	}
	if (sign == '\\')
		return sign;
	if (sign != '+' && hunk->old_left > 0) {
		hunk->old_left--;
		hunk->old_line++;
	}
	if (sign != '-' && hunk->new_left > 0) {
		hunk->new_left--;
		hunk->new_line++;
	}
	return sign;
}

static const char *
paint_of(char sign, struct kp_str line)
{
	switch (sign) {
	case '@':
		if (kp_str_starts(line, "\\"))
			return NULL;
		return kp_str_starts(line, "@@ ") ? KP_PAINT_PLACE :
		                                    KP_PAINT_BOLD;
	case '-':
		return KP_PAINT_BAD;
	case '+':
		return KP_PAINT_GOOD;
	default:
		return NULL;
	}
}

void
kp_paint_add_diff(struct kp_buf *out, struct kp_str diff)
{
	struct hunk hunk = { 0 };
	struct kp_str line;

	while (kp_str_next_line(&diff, &line)) {
		const char *paint = paint_of(step(&hunk, line), line);

		kp_paint_add(out, paint != NULL, paint);
		kp_buf_add(out, line);
		kp_paint_add(out, paint != NULL, KP_PAINT_PLAIN);
		kp_buf_add_char(out, '\n');
	}
}

void
kp_paint_add_diff_json(struct kp_buf *out, const char *path, struct kp_str diff)
{
	struct hunk hunk = { 0 };
	struct kp_str line;

	while (kp_str_next_line(&diff, &line)) {
		size_t old_line = hunk.old_line, new_line = hunk.new_line;
		char sign = step(&hunk, line);

		if (sign != '-' && sign != '+')
			continue;
		kp_buf_add_text(out, "{\"path\":");
		kp_paint_add_json(out, kp_str_of(path));
		kp_buf_add_format(out, ",\"line\":%zu,\"change\":\"%s\",",
		    sign == '-' ? old_line : new_line,
		    sign == '-' ? "removed" : "added");
		kp_buf_add_text(out, "\"text\":");
		kp_paint_add_json(out, kp_str_slice(line, 1, line.len));
		kp_buf_add_text(out, "}\n");
	}
}
