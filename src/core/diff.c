/* SPDX-License-Identifier: MIT */
/*
 * diff - two texts line by line, as diff -u shows them.
 *
 * What both texts begin and end with is set aside; between, E. Myers, "An
 * O(ND) Difference Algorithm and Its Variations" (1986), finds the shortest
 * script.  The furthest points of each round are kept, and the way back
 * through them marks each line as deleted, inserted or common.
 */
#include "core/diff.h"

#include "base/array.h"

#include <stdlib.h>

#define CONTEXT 3
#define ROUNDS_MAX 1000

struct line {
	size_t start, end; /* without the LF */
	bool unended;      /* the last one, without an LF */
	bool differs;
};

struct lines {
	const struct kp_side *side;
	struct line *list; /* owned */
	size_t count, cap;
};

/* The part of both texts that is compared. */
struct window {
	struct lines *old, *new;
	size_t start;      /* of both: the common lines in front */
	size_t nold, nnew; /* lines behind that */
	size_t *rounds;    /* owned: ROUNDS_MAX + 1 rows of furthest points */
	size_t width;
};

/* Room for one more line. */
static bool
make_room(struct lines *lines)
{
	return kp_array_grow((void **)&lines->list, &lines->cap,
	    lines->count + 1, sizeof(*lines->list));
}

/* There is room even where there is no line: list is not NULL then. */
static bool
split_lines(struct lines *lines)
{
	struct kp_str text = lines->side->text;
	bool room = make_room(lines);
	size_t at = 0;

	while (room && at < text.len) {
		size_t len =
		    kp_str_find(kp_str_slice(text, at, text.len), '\n');
		struct line line = { .start = at };

		line.unended = len == KP_NPOS;
		line.end = line.unended ? text.len : at + len;
		lines->list[lines->count++] = line;
		room = make_room(lines);
		at = line.end + 1;
	}
	return room;
}

static bool
is_same(const struct lines *old, size_t i, const struct lines *new, size_t j)
{
	const struct line *a = &old->list[i], *b = &new->list[j];

	return a->unended == b->unended &&
	    kp_str_eq(kp_str_slice(old->side->text, a->start, a->end),
	        kp_str_slice(new->side->text, b->start, b->end));
}

static void
set_window(struct window *window)
{
	size_t nold = window->old->count, nnew = window->new->count;
	size_t start = 0;

	while (start < nold && start < nnew &&
	    is_same(window->old, start, window->new, start))
		start++;
	while (nold > start && nnew > start &&
	    is_same(window->old, nold - 1, window->new, nnew - 1)) {
		nold--;
		nnew--;
	}
	window->start = start;
	window->nold = nold - start;
	window->nnew = nnew - start;
}

static void
mark(struct lines *lines, size_t from, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		lines->list[from + i].differs = true;
}

/* The furthest x on diagonal k of round d; the middle column is k = 0. */
static size_t *
furthest(struct window *window, size_t d, long k)
{
	return &window->rounds[d * window->width +
	    (size_t)(k + (long)(window->width / 2))];
}

/* Does the best way to diagonal k in round d come by an insertion? */
static bool
comes_down(struct window *window, size_t d, long k)
{
	if (k == -(long)d)
		return true;
	if (k == (long)d)
		return false;
	return *furthest(window, d - 1, k - 1) <
	    *furthest(window, d - 1, k + 1);
}

static size_t
follow_common(struct window *window, size_t x, size_t y)
{
	while (x < window->nold && y < window->nnew &&
	    is_same(window->old, window->start + x, window->new,
	        window->start + y)) {
		x++;
		y++;
	}
	return x;
}

/* One round of Myers; true when the end of both is reached. */
static bool
extend(struct window *window, size_t d)
{
	long k;

	for (k = -(long)d; k <= (long)d; k += 2) {
		size_t x = 0;

		if (d > 0)
			x = comes_down(window, d, k) ?
			    *furthest(window, d - 1, k + 1) :
			    *furthest(window, d - 1, k - 1) + 1;
		/* Beyond the edge: no way leads on from here. */
		if ((long)x - k < 0 || x > window->nold ||
		    (size_t)((long)x - k) > window->nnew) {
			*furthest(window, d, k) = x;
			continue;
		}
		x = follow_common(window, x, (size_t)((long)x - k));
		*furthest(window, d, k) = x;
		if (x == window->nold && (size_t)((long)x - k) == window->nnew)
			return true;
	}
	return false;
}

/* From the end back to the start, a marked line each round. */
static void
trace_back(struct window *window, size_t d)
{
	long k = (long)window->nold - (long)window->nnew;

	for (; d > 0; d--) {
		bool down = comes_down(window, d, k);
		long before = down ? k + 1 : k - 1;
		size_t x = *furthest(window, d - 1, before);

		if (down)
			mark(window->new,
			    window->start + (size_t)((long)x - before), 1);
		else
			mark(window->old, window->start + x, 1);
		k = before;
	}
}

static bool
compare(struct window *window)
{
	size_t most, d;

	set_window(window);
	most = window->nold + window->nnew;
	if (most > ROUNDS_MAX)
		most = ROUNDS_MAX;
	window->width = 2 * most + 3;
	window->rounds =
	    calloc((most + 1) * window->width, sizeof(*window->rounds));
	if (window->rounds == NULL)
		return false;
	for (d = 0; d <= most; d++) {
		if (extend(window, d)) {
			trace_back(window, d);
			break;
		}
	}
	if (d > most) {
		mark(window->old, window->start, window->nold);
		mark(window->new, window->start, window->nnew);
	}
	free(window->rounds);
	return true;
}

/* --- output --- */

/* The first mask that does not end before at. */
static size_t
find_mask(const struct kp_side *side, size_t at)
{
	size_t low = 0, high = side->nmasks;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (side->masks[middle].end < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* One line with its masks: what a mask covers is shown once. */
static void
add_line(struct kp_buf *out, char sign, const struct lines *lines, size_t i)
{
	const struct kp_side *side = lines->side;
	const struct line *line = &lines->list[i];
	size_t at = line->start, m;

	kp_buf_add_char(out, sign);
	for (m = find_mask(side, at); m < side->nmasks; m++) {
		const struct kp_mask *mask = &side->masks[m];
		size_t end = mask->end < line->end ? mask->end : line->end;

		if (mask->start > line->end)
			break;
		if (mask->end == at && mask->start < line->start)
			continue;
		if (mask->start > at)
			kp_buf_add(out,
			    kp_str_slice(side->text, at, mask->start));
		if (mask->start >= line->start)
			kp_buf_add(out, mask->shown);
		else
			kp_buf_add_text(out, "...");
		at = end;
	}
	kp_buf_add(out, kp_str_slice(side->text, at, line->end));
	kp_buf_add_char(out, '\n');
	if (line->unended)
		kp_buf_add_text(out, "\\ No newline at end of file\n");
}

/* A run of lines with their context: "@@ -3,7 +3,7 @@". */
struct hunk {
	size_t old, new;   /* where it begins */
	size_t nold, nnew; /* lines of each side */
};

static bool
differs_at(const struct lines *lines, size_t at)
{
	return at < lines->count && lines->list[at].differs;
}

static bool
is_end(const struct window *window, size_t i, size_t j)
{
	return i >= window->old->count && j >= window->new->count;
}

/* Find the next hunk from these lines on; they are moved to its end. */
static bool
next_hunk(const struct window *window, size_t *i, size_t *j, struct hunk *hunk)
{
	size_t common = 0, before = 0;

	while (!is_end(window, *i, *j) && !differs_at(window->old, *i) &&
	    !differs_at(window->new, *j)) {
		(*i)++;
		(*j)++;
		before++;
	}
	if (is_end(window, *i, *j))
		return false;
	if (before > CONTEXT)
		before = CONTEXT;
	hunk->old = *i - before;
	hunk->new = *j - before;
	while (!is_end(window, *i, *j) && common <= 2 * CONTEXT) {
		if (differs_at(window->old, *i)) {
			(*i)++;
			common = 0;
		} else if (differs_at(window->new, *j)) {
			(*j)++;
			common = 0;
		} else {
			(*i)++;
			(*j)++;
			common++;
		}
	}
	/* Of the common lines behind it, the rest may be before the next. */
	common = common > CONTEXT ? common - CONTEXT : 0;
	*i -= common;
	*j -= common;
	hunk->nold = *i - hunk->old;
	hunk->nnew = *j - hunk->new;
	return true;
}

static void
add_hunk(struct kp_buf *out, const struct window *window,
    const struct hunk *hunk)
{
	size_t i = hunk->old, j = hunk->new;

	kp_buf_add_format(out, "@@ -%zu,%zu +%zu,%zu @@\n",
	    hunk->nold == 0 ? hunk->old : hunk->old + 1, hunk->nold,
	    hunk->nnew == 0 ? hunk->new : hunk->new + 1, hunk->nnew);
	/* What comes behind a hunk is common: it ends none too late. */
	while (i < hunk->old + hunk->nold || j < hunk->new + hunk->nnew) {
		if (differs_at(window->old, i)) {
			add_line(out, '-', window->old, i++);
		} else if (differs_at(window->new, j)) {
			add_line(out, '+', window->new, j++);
		} else {
			add_line(out, ' ', window->new, j++);
			i++;
		}
	}
}

static void
add_hunks(struct kp_buf *out, const struct window *window)
{
	struct hunk hunk;
	size_t i = 0, j = 0;
	bool first = true;

	while (next_hunk(window, &i, &j, &hunk)) {
		if (first)
			kp_buf_add_format(out, "--- %s\n+++ %s\n",
			    window->old->side->name, window->new->side->name);
		first = false;
		add_hunk(out, window, &hunk);
	}
}

bool
kp_diff_add(struct kp_buf *out, const struct kp_side *old,
    const struct kp_side *new)
{
	struct lines before = { .side = old }, after = { .side = new };
	struct window window = { .old = &before, .new = &after };
	bool done;

	done = split_lines(&before) && split_lines(&after) && compare(&window);
	if (done)
		add_hunks(out, &window);
	free(before.list);
	free(after.list);
	return done && kp_buf_ok(out);
}
