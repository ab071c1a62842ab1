/* SPDX-License-Identifier: MIT */
/* weave - a template with sentinels where values will stand. */
#include "core/weave.h"

#include "base/array.h"
#include "base/random.h"
#include "format/format.h"

#include <stdlib.h>
#include <string.h>

/* "kp", letters that make it unique, then the use's number and a "z". */
#define PREFIX_LEN (2 + KP_SENTINEL_LETTERS)
#define NUMBER_LEN KP_SENTINEL_DIGITS
#define NUMBER_MAX 99999999U

void
kp_weave_start(struct kp_weave *weave, const struct kp_source *src)
{
	weave->src = src;
	weave->failed = false;
	kp_weave_clear(weave);
}

static struct kp_segment *
open_segments(struct kp_weave *weave, size_t at, size_t room)
{
	if (weave->failed ||
	    !kp_array_room((void **)&weave->segments, &weave->cap,
	        weave->count + room, sizeof(*weave->segments))) {
		weave->failed = true;
		return NULL;
	}
	memmove(weave->segments + at + room, weave->segments + at,
	    (weave->count - at) * sizeof(*weave->segments));
	weave->count += room;
	return &weave->segments[at];
}

void
kp_weave_expect(struct kp_weave *weave, size_t count)
{
	kp_array_expect((void **)&weave->segments, &weave->cap, count,
	    sizeof(*weave->segments));
}

void
kp_weave_text(struct kp_weave *weave, struct kp_str text, size_t origin)
{
	kp_weave_splice(weave, text, KP_NO_USE, origin);
}

void
kp_weave_splice(struct kp_weave *weave, struct kp_str value, uint32_t use,
    size_t origin)
{
	struct kp_segment *segment;

	if (value.len == 0)
		return;
	segment = open_segments(weave, weave->count, 1);
	if (segment != NULL)
		*segment = (struct kp_segment){ value, (uint32_t)origin, use };
}

void
kp_weave_use(struct kp_weave *weave, uint32_t use, size_t origin)
{
	struct kp_segment *segment = open_segments(weave, weave->count, 1);

	if (segment != NULL)
		*segment =
		    (struct kp_segment){ kp_str_of(""), (uint32_t)origin, use };
}

static bool
is_sentinel(const struct kp_segment *segment)
{
	return segment->use != KP_NO_USE && segment->text.len == 0;
}

static size_t
segment_len(const struct kp_segment *segment)
{
	return is_sentinel(segment) ? KP_SENTINEL_LEN : segment->text.len;
}

/*
 * Make a segment begin at this offset of the woven text, cutting one in two
 * where needed; returns its number.
 */
static size_t
split(struct kp_weave *weave, size_t at)
{
	size_t start = 0, i;

	for (i = 0; i < weave->count; i++) {
		struct kp_segment *segment = &weave->segments[i];
		size_t len = segment_len(segment);

		if (at <= start)
			return i;
		if (at < start + len && !is_sentinel(segment)) {
			segment = open_segments(weave, i + 1, 1);
			if (segment == NULL)
				return i;
			segment[0] = segment[-1];
			segment[-1].text.len = at - start;
			segment[0].text = kp_str_slice(segment[0].text,
			    at - start, segment[0].text.len);
			segment[0].origin += (uint32_t)(at - start);
			return i + 1;
		}
		start += len;
	}
	return weave->count;
}

/* Where in the template the segment of this number begins. */
static uint32_t
origin_of(const struct kp_weave *weave, size_t number)
{
	if (number < weave->count)
		return weave->segments[number].origin;
	return (uint32_t)weave->src->text.len;
}

void
kp_weave_insert(struct kp_weave *weave, size_t at, struct kp_str before,
    uint32_t use, struct kp_str after)
{
	size_t number = split(weave, at);
	uint32_t origin = origin_of(weave, number);
	struct kp_segment *segment = open_segments(weave, number, 3);

	if (segment == NULL)
		return;
	segment[0] = (struct kp_segment){ before, origin, KP_NO_USE };
	segment[1] = (struct kp_segment){ kp_str_of(""), origin, use };
	segment[2] = (struct kp_segment){ after, origin, KP_NO_USE };
}

void
kp_weave_replace(struct kp_weave *weave, size_t start, size_t end,
    struct kp_str value, uint32_t use)
{
	size_t first = split(weave, start);
	uint32_t origin = origin_of(weave, first);
	size_t behind = split(weave, end);
	struct kp_segment *segment;

	if (weave->failed)
		return;
	memmove(weave->segments + first, weave->segments + behind,
	    (weave->count - behind) * sizeof(*weave->segments));
	weave->count -= behind - first;
	if (value.len == 0)
		return;
	segment = open_segments(weave, first, 1);
	if (segment != NULL)
		*segment = (struct kp_segment){ value, origin, use };
}

void
kp_weave_clear(struct kp_weave *weave)
{
	weave->count = 0;
}

/* Random letters: nobody can write a text that holds every prefix. */
static bool
make_prefix(struct kp_weave *weave)
{
	unsigned char random[KP_SENTINEL_LETTERS];
	size_t i;

	if (!kp_random_fill(random, sizeof(random)))
		return false;
	memcpy(weave->prefix, "kp", 2);
	for (i = 0; i < KP_SENTINEL_LETTERS; i++)
		weave->prefix[2 + i] = (char)('a' + random[i] % 26);
	weave->prefix[PREFIX_LEN] = '\0';
	return true;
}

/* Does a segment hold it?  Nearly all are of the template: once for those. */
static bool
occurs(const struct kp_weave *weave)
{
	struct kp_str prefix = kp_str_of(weave->prefix);
	struct kp_str all = weave->src->text;
	size_t i;

	if (kp_str_find_str(all, prefix) != KP_NPOS)
		return true;
	for (i = 0; i < weave->count; i++) {
		struct kp_str text = weave->segments[i].text;

		if (text.len > 0 &&
		    (uintptr_t)text.ptr - (uintptr_t)all.ptr >= all.len &&
		    kp_str_find_str(text, prefix) != KP_NPOS)
			return true;
	}
	return false;
}

/* None where the text goes on as it does in the template. */
static bool
add_shift(struct kp_weave *weave, size_t at, uint32_t origin)
{
	const struct kp_shift *last;

	if (weave->nshifts > 0) {
		last = &weave->shifts[weave->nshifts - 1];
		if (at - last->at == (size_t)origin - last->origin)
			return true;
	}
	if (!kp_array_room((void **)&weave->shifts, &weave->shifts_cap,
	        weave->nshifts + 1, sizeof(*weave->shifts)))
		return false;
	weave->shifts[weave->nshifts++] =
	    (struct kp_shift){ (uint32_t)at, origin };
	return true;
}

/* There is one for each placeholder: printf() would take most of the time. */
static void
add_word(struct kp_weave *weave, uint32_t number)
{
	char word[KP_SENTINEL_LEN];
	size_t i;

	memcpy(word, weave->prefix, PREFIX_LEN);
	for (i = PREFIX_LEN + NUMBER_LEN; i-- > PREFIX_LEN; number /= 10)
		word[i] = (char)('0' + number % 10);
	word[KP_SENTINEL_LEN - 1] = 'z';
	kp_buf_add(&weave->text, kp_str_make(word, sizeof(word)));
}

static bool
add_sentinel(struct kp_weave *weave, const struct kp_segment *segment)
{
	bool spliced = !is_sentinel(segment);

	if (segment->use > NUMBER_MAX ||
	    !kp_array_room((void **)&weave->sentinels, &weave->sentinels_cap,
	        weave->nsentinels + 1, sizeof(*weave->sentinels)))
		return false;
	weave->sentinels[weave->nsentinels++] = (struct kp_sentinel){
		.at = (uint32_t)weave->text.len,
		.len = (uint32_t)segment_len(segment),
		.use = segment->use,
		.spliced = spliced,
	};
	if (!spliced)
		add_word(weave, segment->use);
	weave->has_splices = weave->has_splices || spliced;
	return true;
}

/* Room for all that the segments come to. */
static bool
make_room(struct kp_weave *weave)
{
	size_t len = 0, sentinels = 0, i;

	for (i = 0; i < weave->count; i++) {
		len += segment_len(&weave->segments[i]);
		sentinels += weave->segments[i].use != KP_NO_USE;
	}
	kp_array_expect((void **)&weave->sentinels, &weave->sentinels_cap,
	    sentinels, sizeof(*weave->sentinels));
	kp_array_expect((void **)&weave->shifts, &weave->shifts_cap,
	    sentinels + 1, sizeof(*weave->shifts));
	return kp_buf_reserve(&weave->text, len);
}

bool
kp_weave_build(struct kp_weave *weave, struct kp_diags *diags)
{
	bool good;
	size_t i;

	do {
		if (!make_prefix(weave))
			return kp_diag_sys(diags, NULL,
			    "cannot get random numbers");
	} while (occurs(weave));
	kp_buf_cut(&weave->text, 0);
	weave->nsentinels = 0;
	weave->nshifts = 0;
	weave->has_splices = false;
	good = make_room(weave);
	for (i = 0; i < weave->count && good; i++) {
		const struct kp_segment *segment = &weave->segments[i];

		good = add_shift(weave, weave->text.len, segment->origin);
		if (good && segment->use != KP_NO_USE)
			good = add_sentinel(weave, segment);
		kp_buf_add(&weave->text, segment->text);
	}
	if (!good || weave->failed || !kp_buf_ok(&weave->text))
		return kp_diag_nomem(diags);
	weave->woven = (struct kp_source){
		.name = weave->src->name,
		.text = kp_buf_view(&weave->text),
		.guarded = weave->src->guarded,
		.origin = weave->src,
		.shifts = weave->shifts,
		.nshifts = weave->nshifts,
	};
	return true;
}

/* Most scalars that have a sentinel are one, and nothing else. */
static size_t
find_prefix(const struct kp_weave *weave, struct kp_str text)
{
	struct kp_str prefix = kp_str_make(weave->prefix, PREFIX_LEN);

	if (text.len < KP_SENTINEL_LEN)
		return KP_NPOS;
	if (memcmp(text.ptr, prefix.ptr, prefix.len) == 0)
		return 0;
	return kp_str_find_str(text, prefix);
}

/* The number behind a prefix: digits as many as add_word() writes. */
static bool
read_number(const char *digits, uint32_t *number)
{
	uint32_t total = 0;
	size_t i;

	for (i = 0; i < NUMBER_LEN; i++) {
		if (!kp_is_digit(digits[i]))
			return false;
		total = total * 10 + (uint32_t)(digits[i] - '0');
	}
	*number = total;
	return true;
}

bool
kp_weave_next(const struct kp_weave *weave, struct kp_str text, size_t *at,
    struct kp_str *before, uint32_t *use)
{
	struct kp_str rest = kp_str_slice(text, *at, text.len);
	size_t hit = find_prefix(weave, rest);

	*before = rest;
	if (hit == KP_NPOS || rest.len - hit < KP_SENTINEL_LEN ||
	    !read_number(rest.ptr + hit + PREFIX_LEN, use)) {
		*at = text.len;
		return false;
	}
	before->len = hit;
	*at += hit + KP_SENTINEL_LEN;
	return true;
}

void
kp_weave_settle(struct kp_weave *weave)
{
	free(weave->segments);
	weave->segments = NULL;
	weave->count = weave->cap = 0;
}

void
kp_weave_free(struct kp_weave *weave)
{
	kp_buf_wipe(&weave->text);
	free(weave->segments);
	free(weave->sentinels);
	free(weave->shifts);
	*weave = (struct kp_weave){ 0 };
}
