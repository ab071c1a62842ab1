/* SPDX-License-Identifier: MIT */
/*
 * test_nomem - each allocation of a rendering fails in turn.
 *
 * The linker puts the functions here in front of those of the library.  What
 * comes of it is a refusal, or, where it can be done without, a text that is
 * read as ever: never another.
 */
#include "core/diff.h"
#include "core/render.h"

#include "fake.h"
#include "format/formats.h"

#include <stdlib.h>

/* How many allocations succeed before one fails, or all of them. */
static size_t granted;
static bool armed, lasting, failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t len);

static bool
is_refused(void)
{
	if (!armed)
		return false;
	if (granted > 0) {
		granted--;
		return false;
	}
	failed = true;
	armed = lasting;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return is_refused() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return is_refused() ? NULL : __real_calloc(count, size);
}

void *
__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return is_refused() ? NULL : __real_reallocarray(old, count, size);
}

char *
__wrap_strdup(const char *text)
{
	return is_refused() ? NULL : __real_strdup(text);
}

char *
__wrap_strndup(const char *text, size_t len)
{
	return is_refused() ? NULL : __real_strndup(text, len);
}

static const struct fake_name names[] = {
	{ KP_SECRET, "pw", KP_STR("swordfish\n"), NULL },
	{ KP_SECRET, "lines", KP_STR("a: 1\n  b: 2\n"), NULL },
	{ KP_ENV, "HOST", KP_STR("db.example"), NULL },
	{ KP_ENV, "TOKEN_FILE", KP_STR("/token"), NULL },
	{ KP_FILE, "/token", KP_STR("of the file\n"), NULL },
	{ KP_ANY, NULL, KP_STR(""), NULL },
};

#define MATCH_RULE "${pw|upper|base64|unbase64}"
#define SET_RULE "x ${nope:-${TOKEN}} \"y\""

static char rule_name[] = "r", target_name[] = "t";
static char pattern[] = "(?<value>xxx)", match_value[] = MATCH_RULE;
static char key[] = "s.b", new_key[] = "s.new", set_value[] = SET_RULE;

static const struct kp_source rules = { .name = "rules",
	.text = KP_STR(MATCH_RULE "\n" SET_RULE) };
static const struct kp_written match_written = { &rules, 0,
	sizeof(MATCH_RULE) - 1 };
static const struct kp_written set_written = { &rules, sizeof(MATCH_RULE),
	sizeof(SET_RULE) - 1 };

static struct kp_target target = { .name = target_name };
static struct kp_match_rule match = {
	.name = rule_name,
	.file = target_name,
	.pattern = pattern,
	.value = match_value,
	.count = 1,
	.written = match_written,
	.pattern_written = match_written,
	.value_written = match_written,
	.target = &target,
};
static struct kp_set_rule sets[] = {
	{ rule_name, target_name, key, set_value, false, set_written,
	    set_written, set_written, set_written, &target },
	{ rule_name, target_name, new_key, set_value, false, set_written,
	    set_written, set_written, set_written, &target },
};
static const struct kp_plan plan = {
	.targets = &target,
	.ntargets = 1,
	.sets = sets,
	.nsets = 2,
	.matches = &match,
	.nmatches = 1,
};

static const struct {
	const char *name;
	const struct kp_format *format;
	struct kp_str text;
	const struct kp_target *target;
} texts[] = {
	{ "a text", &kp_format_text,
	    KP_STR("a ${pw} ${HOST|raw} ${lines|line(2)} ${TOKEN}\n"), NULL },
	{ "YAML", &kp_format_yaml,
	    KP_STR("# ${nope}\na: \"${lines}\"\nx:\n  ${lines|raw}\n"
	           "${HOST:+y: ${HOST:?no ${pw}}\n}\n"),
	    NULL },
	{ "YAML with rules", &kp_format_yaml,
	    KP_STR("a: xxx\ns:\n  b: ${nope}\n  c: ${pw}\n"), &target },
	{ "a comment that is no placeholder", &kp_format_yaml,
	    KP_STR("# ${a.b}\na: ${pw} # ${unclosed\n"), NULL },
	{ "an INI file with rules", &kp_format_ini_grafana,
	    KP_STR("[s]\na = xxx\n;new = 1\nb = ${nope}\n"), &target },
	{ "a Caddyfile", &kp_format_caddyfile,
	    KP_STR(":80 {\n\trespond \"${lines}\" ${HOST}\n}\n"), NULL },
	{ "problems", &kp_format_yaml,
	    KP_STR("a: ${nope}\nb: ${pw|int}\n${HOST}: ${x y}\n"), NULL },
};

/* One rendering; true when it is done, its bytes appended to *out. */
static bool
render(size_t number, struct kp_buf *out)
{
	const struct kp_source src = { .name = "t",
		.text = texts[number].text };
	const struct kp_job job = { .src = &src,
		.format = texts[number].format,
		.plan = &plan,
		.target = texts[number].target,
		.traced = true };
	struct fake fake = { .names = names };
	struct kp_diags diags = { 0 };
	struct kp_rendering rendering;
	struct kp_values values;
	bool done, good;

	fake_values(&values, &fake);
	armed = true;
	done = kp_render(&job, &values, &rendering, &diags);
	armed = false;
	good = done == (diags.errors == 0) && kp_buf_ok(&rendering.bytes);
	if (done)
		kp_buf_add(out, kp_buf_view(&rendering.bytes));
	kp_rendering_free(&rendering);
	kp_values_wipe(&values);
	kp_diags_free(&diags);
	if (!good)
		fail_msg("%s: done is %d", texts[number].name, done);
	return done;
}

/* Other quotes may have been chosen: what is read has to be the same. */
static void
expect_reading(const char *name, const struct kp_format *format,
    const struct kp_buf *got, const struct kp_buf *want)
{
	const struct kp_source sources[] = {
		{ .name = "got", .text = kp_buf_view(got) },
		{ .name = "want", .text = kp_buf_view(want) },
	};
	struct kp_scan scans[2];
	struct kp_diags diags = { 0 };
	size_t i;

	for (i = 0; i < 2; i++)
		assert_true(
		    kp_scan_run(&scans[i], format, &sources[i], &diags));
	assert_int_equal(scans[0].count, scans[1].count);
	for (i = 0; i < scans[0].count; i++) {
		assert_int_equal(scans[0].items[i].kind,
		    scans[1].items[i].kind);
		expect_bytes(name, scans[0].items[i].value,
		    scans[1].items[i].value);
	}
	kp_scan_wipe(&scans[0]);
	kp_scan_wipe(&scans[1]);
	kp_diags_free(&diags);
}

/* Let the first, the second ... allocation fail until none is left to. */
static void
sweep(size_t number, bool for_good)
{
	struct kp_buf expect = { 0 };
	bool possible;
	size_t n = 0;

	lasting = for_good;
	granted = SIZE_MAX;
	possible = render(number, &expect);
	do {
		struct kp_buf got = { 0 };

		granted = n++;
		failed = false;
		if (render(number, &got)) {
			assert_true(possible);
			expect_reading(texts[number].name, texts[number].format,
			    &got, &expect);
		} else {
			assert_true(failed || !possible);
		}
		kp_buf_wipe(&got);
	} while (failed);
	assert_true(n > 10);
	kp_buf_wipe(&expect);
}

static void
test_one_allocation_fails(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		sweep(i, false);
}

static void
test_all_allocations_from_one_on_fail(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		sweep(i, true);
}

static void
test_keys_have_all_their_numbers_or_none(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("a = 1\na = 2\n") };
	struct kp_diags diags = { 0 };
	struct kp_scan scan;
	size_t n = 0;

	(void)state;
	lasting = false;
	assert_true(kp_scan_run(&scan, &kp_format_ini_grafana, &src, &diags));
	do {
		bool done;

		granted = n++;
		failed = false;
		armed = true;
		done = kp_scan_number(&scan, &diags);
		armed = false;
		assert_int_equal(done, !failed);
		assert_int_equal(scan.numbers != NULL, !failed);
	} while (failed);
	assert_true(n > 2);
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

static void
test_a_diff_without_memory(void **state)
{
	const struct kp_side old = { .name = "a", .text = KP_STR("1\n2\n3\n") };
	const struct kp_side new = { .name = "b", .text = KP_STR("1\nx\n3\n") };
	size_t n = 0;

	(void)state;
	lasting = false;
	do {
		struct kp_buf out = { 0 };
		bool done;

		granted = n++;
		failed = false;
		armed = true;
		done = kp_diff_add(&out, &old, &new);
		armed = false;
		assert_int_equal(done, !failed);
		kp_buf_wipe(&out);
	} while (failed);
	assert_true(n > 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_allocation_fails),
		cmocka_unit_test(test_all_allocations_from_one_on_fail),
		cmocka_unit_test(test_keys_have_all_their_numbers_or_none),
		cmocka_unit_test(test_a_diff_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
