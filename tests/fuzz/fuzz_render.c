/* SPDX-License-Identifier: MIT */
/*
 * fuzz_render - a template of any bytes, rendered both ways.
 *
 * Where any byte may stand there is a short way, see core/direct; what is
 * traced takes the long one, which finds every slot and scans the result.
 * Both come to the same bytes, or to the same problems.
 */
#include "core/render.h"
#include "core/values.h"
#include "format/formats.h"

#include "fuzz.h"

/* Some names have a value: one each of no, one and several lines, of any. */
static enum kp_found
read_name(void *ctx, struct kp_str name, struct kp_reading *out)
{
	static const struct {
		const char *name;
		struct kp_str bytes;
	} known[] = {
		{ "a", KP_STR("${b} }|:-$") },
		{ "b", KP_STR("two\nlines\r\n") },
		{ "c", KP_STR("") },
		{ "d", KP_STR("\xff\0\n") },
		{ "n", KP_STR("42") },
	};
	size_t i;

	(void)ctx;
	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (kp_str_is(name, known[i].name)) {
			kp_buf_add(&out->bytes, known[i].bytes);
			return KP_FOUND;
		}
	}
	return KP_ABSENT;
}

static const char *
no_nearest(void *ctx, struct kp_str name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

struct way {
	struct kp_values values;
	struct kp_rendering out;
	struct kp_diags diags;
	bool done;
};

static void
take(struct way *way, const struct kp_job *job)
{
	*way = (struct way){ 0 };
	kp_values_init(&way->values,
	    (struct kp_reader){
	        .secret = read_name,
	        .env = read_name,
	        .file = read_name,
	        .looked_in = "nowhere",
	        .nearest = no_nearest,
	    });
	way->done = kp_render(job, &way->values, &way->out, &way->diags);
	kp_diags_sort(&way->diags);
}

static void
leave(struct way *way)
{
	kp_rendering_free(&way->out);
	kp_values_wipe(&way->values);
	kp_diags_free(&way->diags);
}

/* A salt is another one each time. */
static bool
is_salted(struct kp_str text)
{
	return kp_str_find_str(text, kp_str_of("crypt")) != KP_NPOS;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kp_source src = { .name = "fuzz" };
	struct kp_job job = { .src = &src, .format = &kp_format_text };
	struct way direct, traced;
	size_t i;

	if (size == 0)
		return 0;
	src.text = kp_str_make((const char *)data + 1, size - 1);
	if (is_salted(src.text))
		return 0;
	job.allow_missing = data[0] % 2 == 1;
	take(&direct, &job);
	job.traced = true;
	take(&traced, &job);
	require(direct.done == traced.done, "both ways end alike");
	require(kp_str_eq(kp_buf_view(&direct.out.bytes),
	            kp_buf_view(&traced.out.bytes)),
	    "both ways come to the same bytes");
	require(direct.diags.count == traced.diags.count,
	    "both ways have the same to say");
	for (i = 0; i < direct.diags.count; i++)
		require(strcmp(direct.diags.list[i].text,
		            traced.diags.list[i].text) == 0,
		    "in the same words");
	leave(&direct);
	leave(&traced);
	return 0;
}
