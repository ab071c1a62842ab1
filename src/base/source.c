/* SPDX-License-Identifier: MIT */
/* source - a named text, and where in it an offset is. */
#include "base/source.h"

#include <string.h>

static size_t
line_start(struct kp_str text, size_t offset)
{
	const char *before =
	    offset == 0 ? NULL : memrchr(text.ptr, '\n', offset);

	return before == NULL ? 0 : (size_t)(before - text.ptr) + 1;
}

static size_t
clamp(struct kp_str text, size_t offset)
{
	return offset > text.len ? text.len : offset;
}

/* The last shift that begins at or before offset, or NULL. */
static const struct kp_shift *
find_shift(const struct kp_source *src, size_t offset)
{
	size_t low = 0, high = src->nshifts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (src->shifts[middle].at <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &src->shifts[low - 1];
}

size_t
kp_source_origin(const struct kp_source **src, size_t offset)
{
	while ((*src)->origin != NULL) {
		const struct kp_shift *shift = find_shift(*src, offset);
		const struct kp_shift *next =
		    shift == NULL ? (*src)->shifts : shift + 1;
		size_t moved = offset;

		if (shift != NULL)
			moved = shift->origin + (offset - shift->at);
		/* Inside what was put in: never past what follows it. */
		if (next != (*src)->shifts + (*src)->nshifts &&
		    next->origin < moved)
			moved = next->origin;
		offset = moved;
		*src = (*src)->origin;
	}
	return offset;
}

struct kp_place
kp_source_place(const struct kp_source *src, size_t offset)
{
	size_t at = clamp(src->text, offset);
	size_t start = line_start(src->text, at);
	struct kp_place place = { 1, 1 };
	struct kp_str before = kp_str_slice(src->text, 0, start), line;
	size_t i;

	while (kp_str_next_line(&before, &line))
		place.line++;
	for (i = start; i < at; i++)
		place.column +=
		    ((unsigned char)src->text.ptr[i] & 0xc0) != 0x80;
	return place;
}

struct kp_str
kp_source_line(const struct kp_source *src, size_t offset)
{
	size_t at = clamp(src->text, offset);
	size_t start = line_start(src->text, at);
	size_t end =
	    kp_str_find(kp_str_slice(src->text, at, src->text.len), '\n');

	end = end == KP_NPOS ? src->text.len : at + end;
	if (end > start && src->text.ptr[end - 1] == '\r')
		end--;
	return kp_str_slice(src->text, start, end);
}
