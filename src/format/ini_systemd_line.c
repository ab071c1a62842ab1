/* SPDX-License-Identifier: MIT */
/* ini_systemd_line - the lines of a unit file, joined where they go on. */
#include "format/ini_systemd.h"

#include "base/array.h"

#include <stdlib.h>

void
kp_systemd_line_wipe(struct kp_systemd_line *line)
{
	kp_buf_wipe(&line->text);
	free(line->segments);
}

bool
kp_systemd_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

size_t
kp_systemd_skip_space(struct kp_str str, size_t start, size_t end)
{
	while (start < end && kp_systemd_is_space(str.ptr[start]))
		start++;
	return start;
}

size_t
kp_systemd_trim_space(struct kp_str str, size_t start, size_t end)
{
	while (end > start && kp_systemd_is_space(str.ptr[end - 1]))
		end--;
	return end;
}

bool
kp_systemd_line_is_comment(struct kp_str text, const struct kp_ini_line *line)
{
	size_t at = kp_systemd_skip_space(text, line->start, line->end);

	return at < line->end && (text.ptr[at] == '#' || text.ptr[at] == ';');
}

bool
kp_systemd_line_is_open(struct kp_str str)
{
	size_t len = str.len;

	while (len > 0 && str.ptr[len - 1] == '\\')
		len--;
	return (str.len - len) % 2 == 1;
}

static void
add_segment(struct kp_systemd_line *line, struct kp_str text, size_t start,
    size_t end)
{
	if (!kp_array_grow((void **)&line->segments, &line->cap,
	        line->count + 1, sizeof(*line->segments))) {
		line->failed = true;
		return;
	}
	line->segments[line->count++] =
	    (struct kp_systemd_segment){ line->text.len, start };
	kp_buf_add(&line->text, kp_str_slice(text, start, end));
}

struct kp_systemd_line
kp_systemd_line_join(struct kp_ini_walk *walk, struct kp_ini_line part)
{
	struct kp_systemd_line line = { 0 };

	do {
		if (line.count > 0 &&
		    kp_systemd_line_is_comment(walk->text, &part))
			continue;
		add_segment(&line, walk->text, part.start, part.end);
		if (!kp_systemd_line_is_open(
		        kp_str_slice(walk->text, part.start, part.end)))
			break;
		kp_buf_cut(&line.text, line.text.len - 1);
		kp_buf_add_char(&line.text, ' ');
	} while (!line.failed && kp_buf_ok(&line.text) &&
	    kp_ini_walk_cr_line(walk, &part));
	line.failed = line.failed || !kp_buf_ok(&line.text);
	return line;
}

size_t
kp_systemd_line_origin(const struct kp_systemd_line *line, size_t at)
{
	size_t low = 0, high = line->count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (line->segments[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return line->segments[low].origin + (at - line->segments[low].at);
}

size_t
kp_systemd_line_end(const struct kp_systemd_line *line, size_t at)
{
	return at == 0 ? kp_systemd_line_origin(line, 0) :
	                 kp_systemd_line_origin(line, at - 1) + 1;
}
