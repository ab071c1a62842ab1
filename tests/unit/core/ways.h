/* SPDX-License-Identifier: MIT */
/*
 * ways - for tests of texts put together by chance: each is rendered as a
 * whole and in the format's own way, and nobody may see a difference.
 */
#ifndef KP_TESTS_UNIT_CORE_WAYS_H
#define KP_TESTS_UNIT_CORE_WAYS_H

#include "core/render.h"

#include "fake.h"

#include <stdlib.h>

/* --- by chance --- */

static uint32_t seed;

/* A number below that: the same ones in each run. */
static inline uint32_t
pick(uint32_t below)
{
	seed = seed * 1664525U + 1013904223U;
	return (uint32_t)(((uint64_t)seed * below) >> 32);
}

/* Of a list that NULL ends. */
static inline uint32_t
count(const char *const *list)
{
	uint32_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

/* --- two ways --- */

struct run {
	struct kp_values values;
	struct fake fake;
	struct kp_rendering out;
	struct kp_diags diags;
	bool done;
};

static inline void
render(struct run *run, const struct kp_format *format,
    const struct fake_name *names, const struct kp_source *src,
    bool allow_missing)
{
	const struct kp_job job = { .src = src,
		.format = format,
		.allow_missing = allow_missing };

	*run = (struct run){ .fake = { .names = names } };
	fake_values(&run->values, &run->fake);
	run->done = kp_render(&job, &run->values, &run->out, &run->diags);
}

static inline void
free_run(struct run *run)
{
	kp_rendering_free(&run->out);
	kp_values_wipe(&run->values);
	kp_diags_free(&run->diags);
}

/* Returns whether the text could be rendered. */
static inline bool
expect_same(const struct kp_format *format, const struct fake_name *names,
    const struct kp_buf *text, bool allow_missing)
{
	struct kp_format as_whole = *format;
	const struct kp_source src = { .name = "t", .text = kp_buf_view(text) };
	struct run a, b;
	bool done;

	as_whole.by_lines = false;
	as_whole.joint = '\0';
	render(&a, format, names, &src, allow_missing);
	render(&b, &as_whole, names, &src, allow_missing);
	done = a.done;
	if (a.done != b.done)
		fail_msg("%s, or %s, of:\n%s", a.done ? "good" : "bad",
		    b.done ? "good" : "bad", src.text.ptr);
	expect_same_problems(src.text.ptr, &a.diags, &b.diags);
	if (!kp_str_eq(kp_buf_view(&a.out.bytes), kp_buf_view(&b.out.bytes)))
		fail_msg("\"%s\", or \"%s\"", kp_buf_view(&a.out.bytes).ptr,
		    kp_buf_view(&b.out.bytes).ptr);
	free_run(&a);
	free_run(&b);
	return done;
}

/* The encoder of a format that has none: what it breaks is to be found. */
static inline bool
encode_nothing(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan, (void)item, (void)why;
	kp_buf_add(out, value->bytes);
	return true;
}

#endif
