/* SPDX-License-Identifier: MIT */
/* ini - what the INI dialects share: lines, items, and where a key goes. */
#ifndef KP_FORMAT_INI_H
#define KP_FORMAT_INI_H

#include "base/attr.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A dialect lists four kinds of items.  A SECTION is the name in a header,
 * brackets left out; a KEY belongs to the SECTION above it, or to none; a
 * SCALAR to its KEY; a COMMENT to the SECTION above it.  What a reader drops
 * behind a value or a header is a COMMENT too, whatever it begins with.
 */

/* Where a scan is. */
struct kp_ini_walk {
	struct kp_scan *scan;
	struct kp_str text; /* borrowed: the source's */
	size_t at;          /* where the next line starts */
	uint32_t section;   /* the SECTION above, or KP_NO_PARENT */
	unsigned dashes;    /* keys "-" in this section, as some number them */
};

/* A line: end is where its LF is, or the text's end; next is behind that. */
struct kp_ini_line {
	size_t start, end, next;
};

/* At the first line of scan's source, a byte order mark left behind. */
struct kp_ini_walk kp_ini_walk_start(struct kp_scan *scan);

/* Cut a line off the front of what is left; false at the end. */
bool kp_ini_walk_line(struct kp_ini_walk *walk, struct kp_ini_line *line);

/* As kp_ini_walk_line(), for readers to whom a CR alone ends a line too. */
bool kp_ini_walk_cr_line(struct kp_ini_walk *walk, struct kp_ini_line *line);

/*
 * Give each line that cut() cuts off to read().  False when one of them could
 * not be read: the others were looked at all the same.
 */
bool kp_ini_scan_lines(struct kp_scan *scan,
    bool (*cut)(struct kp_ini_walk *walk, struct kp_ini_line *line),
    bool (*read)(struct kp_ini_walk *walk, const struct kp_ini_line *line,
        struct kp_diags *diags),
    struct kp_diags *diags);

/* Add the items; nothing comes of a comment with no bytes. */
void kp_ini_add_section(struct kp_ini_walk *walk, size_t start, size_t end);
void kp_ini_add_comment(struct kp_ini_walk *walk, size_t start, size_t end);

/* The new KEY's index; KP_NO_PARENT when there is no memory. */
uint32_t kp_ini_add_key(struct kp_ini_walk *walk, size_t start, size_t end);

/* The line of text that holds offset. */
struct kp_ini_line kp_ini_line_at(struct kp_str text, size_t offset);

/* Where the line behind the one that holds offset begins. */
size_t kp_ini_next_line(struct kp_str text, size_t offset);

/* No reader takes a character that can be seen for a blank. */
static inline bool
kp_ini_is_visible(char c)
{
	return c > ' ' && c < 0x7f;
}

/*
 * Where the blanks at start end, *count of them; and where those before end
 * begin.  is_space() is what the reader has for blank; above ASCII Go and
 * Python agree with Unicode.
 */
size_t kp_ini_count_space(struct kp_str text, size_t start, size_t end,
    bool (*is_space)(uint32_t rune), size_t *count);
size_t kp_ini_cut_space(struct kp_str text, size_t start, size_t end,
    bool (*is_space)(uint32_t rune));

/* The same two, in few steps where the blanks are ASCII's. */

static inline size_t
kp_ini_skip_space(struct kp_str text, size_t start, size_t end,
    bool (*is_space)(uint32_t rune))
{
	size_t count;

	while (start < end && kp_is_space(text.ptr[start]))
		start++;
	return start == end || kp_ini_is_visible(text.ptr[start]) ?
	    start :
	    kp_ini_count_space(text, start, end, is_space, &count);
}

static inline size_t
kp_ini_trim_space(struct kp_str text, size_t start, size_t end,
    bool (*is_space)(uint32_t rune))
{
	while (end > start && kp_is_space(text.ptr[end - 1]))
		end--;
	return end == start || kp_ini_is_visible(text.ptr[end - 1]) ?
	    end :
	    kp_ini_cut_space(text, start, end, is_space);
}

bool kp_ini_is_wide_space(uint32_t rune);

/* Offset of the first "=" or ":" from start up to end; end if there is none. */
size_t kp_ini_find_delimiter(struct kp_str text, size_t start, size_t end);

/* How a dialect wants new keys; see kp_ini_insert(). */
struct kp_ini_habit {
	/* Keys of this section and those above the first header are alike. */
	const char *default_section; /* or NULL: there is none */
	/*
	 * Nobody knows the reader: refuse where readers differ, on repeated
	 * sections, on keys that differ in case alone, on keys above the
	 * first header unless some are there, on a joined comment line.
	 */
	bool cautious;
	bool needs_section; /* the reader wants no key above the first header */
};

/*
 * struct kp_format's insert(): path is SECTION.KEY, cut at its last dot, or
 * KEY alone; SECTION."KEY" where the key has dots.  The new line goes behind
 * the last comment ";KEY =" or "# KEY =" of the section, else behind its last
 * key, and looks like that; else behind its header; else the header is added
 * at the end of the text.  Line endings are those of the text.
 */
bool kp_ini_insert(const struct kp_scan *scan, struct kp_str path,
    const struct kp_ini_habit *habit, struct kp_insertion *where,
    struct kp_refusal *why);

/*
 * struct kp_format's scan() for go-ini with no options.  Above the first
 * header is the section "DEFAULT" to it.
 */
bool kp_ini_go_scan(struct kp_scan *scan, struct kp_diags *diags);

/*
 * Append bytes so that go-ini reads them in item's place: in its own quotes,
 * else in back-quotes, else in triple quotes; false where none can hold them.
 */
bool kp_ini_go_write(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str bytes, struct kp_buf *out, struct kp_refusal *why);

#endif
