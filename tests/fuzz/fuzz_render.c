/* SPDX-License-Identifier: MIT */
/*
 * fuzz_render - a template of any bytes, rendered both ways.
 *
 * Where any byte may stand there is a short way, see core/direct, and where
 * a text can be read in parts a way of pieces, see core/pieces and
 * core/verify; what is traced, and not in parts, takes the long one, which
 * finds every slot and scans the whole result.  Both come to the same bytes,
 * or to the same problems, whatever an encoder does.
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

static bool
encode_nothing(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan, (void)item, (void)why;
	kp_buf_add(out, value->bytes);
	return true;
}

/* So much that it is rendered in pieces. */
#define SOME_PIECES ((size_t)20 * 1024)

/* Of JSON, so that what are some elements of a list is a list of many. */
static void
repeat(struct kp_str text, const struct kp_format *format, struct kp_buf *out)
{
	bool list = format->joint == ',';

	kp_buf_add_text(out, list ? "[" : "");
	while (text.len > 0 && out->len < SOME_PIECES) {
		kp_buf_add(out, text);
		kp_buf_add_text(out, list ? "," : "");
	}
	kp_buf_add_text(out, list ? "0]" : "");
}

static void
compare(struct way *one, struct way *other)
{
	size_t i;

	require(one->done == other->done, "both ways end alike");
	require(kp_str_eq(kp_buf_view(&one->out.bytes),
	            kp_buf_view(&other->out.bytes)),
	    "both ways come to the same bytes");
	require(one->diags.count == other->diags.count,
	    "both ways have the same to say");
	for (i = 0; i < one->diags.count; i++)
		require(strcmp(one->diags.list[i].text,
		            other->diags.list[i].text) == 0,
		    "in the same words");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kp_format *const formats[] = {
		&kp_format_text,
		&kp_format_ini_grafana,
		&kp_format_ini,
		&kp_format_env,
		&kp_format_redis,
		&kp_format_properties,
		&kp_format_yaml,
		&kp_format_ini_php,
		&kp_format_json,
		&kp_format_nginx,
		&kp_format_caddyfile,
		&kp_format_caddyfile_v1,
	};
	struct kp_source src = { .name = "fuzz" };
	struct kp_job job = { .src = &src };
	struct kp_buf repeated = { 0 };
	struct kp_format format;
	struct way one, other;

	if (size == 0)
		return 0;
	src.text = kp_str_make((const char *)data + 1, size - 1);
	if (is_salted(src.text))
		return 0;
	job.allow_missing = data[0] % 2 == 1;
	format = *formats[(data[0] & 0x3f) / 2 % 12];
	if ((data[0] & 0x40) != 0)
		format.encode = encode_nothing;
	if ((data[0] & 0x80) != 0) {
		repeat(src.text, &format, &repeated);
		src.text = kp_buf_view(&repeated);
	}
	job.format = &format;
	take(&one, &job);
	job.traced = true;
	format.by_lines = false;
	format.joint = '\0';
	take(&other, &job);
	compare(&one, &other);
	leave(&one);
	leave(&other);
	kp_buf_wipe(&repeated);
	return 0;
}
