/* SPDX-License-Identifier: MIT */
/* ini_walk - line by line through an INI text, listing what is there. */
#include "format/ini.h"

#include "base/utf8.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

static struct kp_ini_line
line_from(struct kp_str text, size_t start)
{
	const char *lf = NULL;
	size_t end = text.len;

	if (start < text.len)
		lf = memchr(text.ptr + start, '\n', text.len - start);
	if (lf != NULL)
		end = (size_t)(lf - text.ptr);
	return (struct kp_ini_line){
		.start = start,
		.end = end,
		.next = lf != NULL ? end + 1 : end,
	};
}

struct kp_ini_walk
kp_ini_walk_start(struct kp_scan *scan)
{
	struct kp_str text = scan->src->text;

	return (struct kp_ini_walk){
		.scan = scan,
		.text = text,
		.at = kp_str_starts(text, BOM) ? strlen(BOM) : 0,
		.section = KP_NO_PARENT,
	};
}

bool
kp_ini_walk_line(struct kp_ini_walk *walk, struct kp_ini_line *line)
{
	if (walk->at >= walk->text.len)
		return false;
	*line = line_from(walk->text, walk->at);
	walk->at = line->next;
	return true;
}

bool
kp_ini_walk_cr_line(struct kp_ini_walk *walk, struct kp_ini_line *line)
{
	struct kp_str text = walk->text;
	size_t at = walk->at;

	if (at >= text.len)
		return false;
	while (at < text.len && text.ptr[at] != '\n' && text.ptr[at] != '\r')
		at++;
	line->start = walk->at;
	line->end = at;
	if (at + 1 < text.len && text.ptr[at] == '\r' &&
	    text.ptr[at + 1] == '\n')
		at++;
	line->next = at < text.len ? at + 1 : at;
	walk->at = line->next;
	return true;
}

bool
kp_ini_scan_lines(struct kp_scan *scan,
    bool (*cut)(struct kp_ini_walk *walk, struct kp_ini_line *line),
    bool (*read)(struct kp_ini_walk *walk, const struct kp_ini_line *line,
        struct kp_diags *diags),
    struct kp_diags *diags)
{
	struct kp_ini_walk walk = kp_ini_walk_start(scan);
	struct kp_ini_line line;
	bool done = true;

	while (!scan->failed && cut(&walk, &line)) {
		if (!read(&walk, &line, diags))
			done = false;
	}
	return done;
}

void
kp_ini_add_section(struct kp_ini_walk *walk, size_t start, size_t end)
{
	if (kp_scan_add(walk->scan, KP_SECTION, start, end, KP_NO_PARENT) ==
	    NULL)
		return;
	walk->section = (uint32_t)(walk->scan->count - 1);
	walk->dashes = 0;
}

void
kp_ini_add_comment(struct kp_ini_walk *walk, size_t start, size_t end)
{
	if (start < end)
		kp_scan_add(walk->scan, KP_COMMENT, start, end, walk->section);
}

uint32_t
kp_ini_add_key(struct kp_ini_walk *walk, size_t start, size_t end)
{
	if (kp_scan_add(walk->scan, KP_KEY, start, end, walk->section) == NULL)
		return KP_NO_PARENT;
	return (uint32_t)(walk->scan->count - 1);
}

struct kp_ini_line
kp_ini_line_at(struct kp_str text, size_t offset)
{
	const char *lf = NULL;
	size_t start = 0;

	if (offset > 0)
		lf = memrchr(text.ptr, '\n', offset);
	if (lf != NULL)
		start = (size_t)(lf - text.ptr) + 1;
	else if (kp_str_starts(text, BOM))
		start = strlen(BOM);
	return line_from(text, start);
}

size_t
kp_ini_next_line(struct kp_str text, size_t offset)
{
	return line_from(text, offset).next;
}

size_t
kp_ini_find_delimiter(struct kp_str text, size_t start, size_t end)
{
	const char *equals = memchr(text.ptr + start, '=', end - start);
	const char *colon;

	if (equals != NULL)
		end = (size_t)(equals - text.ptr);
	colon = memchr(text.ptr + start, ':', end - start);
	return colon != NULL ? (size_t)(colon - text.ptr) : end;
}

/* How many bytes the blank has that text begins with; 0: there is none. */
static KP_NOINLINE size_t
first_wide_space(struct kp_str text, bool (*is_space)(uint32_t rune))
{
	size_t at = 0;
	uint32_t rune;

	return kp_utf8_next(text, &at, &rune) && is_space(rune) ? at : 0;
}

/* The same of the one that text ends with. */
static KP_NOINLINE size_t
last_wide_space(struct kp_str text, bool (*is_space)(uint32_t rune))
{
	size_t len, at;
	uint32_t rune;

	for (len = 2; len <= 3 && len <= text.len; len++) {
		at = text.len - len;
		if (kp_utf8_next(text, &at, &rune) && at == text.len)
			return is_space(rune) ? len : 0;
	}
	return 0;
}

/* A blank of one byte is told by it alone, and hardly any has more. */
static bool
is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

size_t
kp_ini_count_space(struct kp_str text, size_t start, size_t end,
    bool (*is_space)(uint32_t rune), size_t *count)
{
	size_t len, blanks = 0;

	for (; start < end; start += len, blanks++) {
		char c = text.ptr[start];

		if (kp_ini_is_visible(c))
			break;
		len = is_ascii(c) ?
		    is_space((unsigned char)c) :
		    first_wide_space(kp_str_slice(text, start, end), is_space);
		if (len == 0)
			break;
	}
	*count = blanks;
	return start;
}

size_t
kp_ini_cut_space(struct kp_str text, size_t start, size_t end,
    bool (*is_space)(uint32_t rune))
{
	size_t len;

	for (; start < end; end -= len) {
		char c = text.ptr[end - 1];

		if (kp_ini_is_visible(c))
			break;
		len = is_ascii(c) ?
		    is_space((unsigned char)c) :
		    last_wide_space(kp_str_slice(text, start, end), is_space);
		if (len == 0)
			break;
	}
	return end;
}

bool
kp_ini_is_wide_space(uint32_t rune)
{
	return rune == 0x85 || rune == 0xa0 || rune == 0x1680 ||
	    (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 ||
	    rune == 0x2029 || rune == 0x202f || rune == 0x205f ||
	    rune == 0x3000;
}
