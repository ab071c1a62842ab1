/* SPDX-License-Identifier: MIT */
/* fake - for tests of the core: a reader of names that are in a table. */
#ifndef KP_TESTS_UNIT_CORE_FAKE_H
#define KP_TESTS_UNIT_CORE_FAKE_H

#include "core/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

/* One name that the reader knows. */
struct fake_name {
	enum kp_origin origin; /* where it is: not KP_ANY */
	const char *name;
	struct kp_str bytes;
	const char *broken; /* why it cannot be used; NULL: it can */
};

struct fake {
	const struct fake_name *names; /* ended by one without a name */
	unsigned reads;                /* how often something was asked for */
};

static inline enum kp_found
fake_read(struct fake *fake, enum kp_origin origin, struct kp_str name,
    struct kp_reading *out)
{
	const struct fake_name *known;

	fake->reads++;
	for (known = fake->names; known->name != NULL; known++) {
		if (known->origin != origin || !kp_str_is(name, known->name))
			continue;
		if (known->broken != NULL) {
			snprintf(out->why, sizeof(out->why), "%s",
			    known->broken);
			return KP_BROKEN;
		}
		kp_buf_add(&out->bytes, known->bytes);
		return KP_FOUND;
	}
	return KP_ABSENT;
}

/* Where it looked is told even when nothing is there. */
static inline enum kp_found
fake_secret(void *ctx, struct kp_str name, struct kp_reading *out)
{
	snprintf(out->where, sizeof(out->where), "/run/secrets/%.*s",
	    (int)name.len, name.ptr);
	return fake_read(ctx, KP_SECRET, name, out);
}

static inline enum kp_found
fake_env(void *ctx, struct kp_str name, struct kp_reading *out)
{
	snprintf(out->where, sizeof(out->where), "environment");
	return fake_read(ctx, KP_ENV, name, out);
}

static inline enum kp_found
fake_file(void *ctx, struct kp_str path, struct kp_reading *out)
{
	snprintf(out->where, sizeof(out->where), "%.*s", (int)path.len,
	    path.ptr);
	return fake_read(ctx, KP_FILE, path, out);
}

static inline const char *
fake_nearest(void *ctx, struct kp_str name)
{
	(void)ctx;
	return kp_str_is(name, "TYPPO") ? "TYPO" : NULL;
}

static inline void
fake_values(struct kp_values *values, struct fake *fake)
{
	kp_values_init(values,
	    (struct kp_reader){
	        .ctx = fake,
	        .secret = fake_secret,
	        .env = fake_env,
	        .file = fake_file,
	        .looked_in = "/run/secrets, environment",
	        .nearest = fake_nearest,
	    });
}

/* Fails, showing both, unless got is want. */
static inline void
expect_bytes(const char *name, struct kp_str got, struct kp_str want)
{
	if (!kp_str_eq(got, want))
		fail_msg("%s: got \"%.*s\", want \"%.*s\"", name, (int)got.len,
		    got.ptr, (int)want.len, want.ptr);
}

static inline void
expect_text(const char *name, struct kp_str got, const char *want)
{
	expect_bytes(name, got, kp_str_of(want));
}

/* True when one of the problems, its hint or its line holds the words. */
static inline bool
tells(const struct kp_diags *diags, const char *words)
{
	size_t i;

	for (i = 0; i < diags->count; i++) {
		if (strstr(diags->list[i].text, words) != NULL ||
		    strstr(diags->list[i].hint, words) != NULL ||
		    strstr(diags->list[i].line, words) != NULL)
			return true;
	}
	return false;
}

/* Fails unless two ways had the same to say of a text; both get sorted. */
static inline void
expect_same_problems(const char *text, struct kp_diags *a, struct kp_diags *b)
{
	size_t i;

	if (a->count != b->count || a->errors != b->errors)
		fail_msg("%zu problems, or %zu, of:\n%s", a->count, b->count,
		    text);
	kp_diags_sort(a);
	kp_diags_sort(b);
	for (i = 0; i < a->count; i++) {
		if (strcmp(a->list[i].text, b->list[i].text) != 0 ||
		    strcmp(a->list[i].line, b->list[i].line) != 0 ||
		    a->list[i].place.line != b->list[i].place.line ||
		    a->list[i].place.column != b->list[i].place.column)
			fail_msg("\"%s\", or \"%s\", of:\n%s", a->list[i].text,
			    b->list[i].text, text);
	}
}

#endif
