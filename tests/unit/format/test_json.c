/* SPDX-License-Identifier: MIT */
/* test_json - what readers of JSON see, and what can be written for them. */
#include "base/utf8.h"
#include "format/formats.h"

/* JSON has no bare words of its own. */
#define SLOT "kpslotab00000000z"
#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FORMAT (&kp_format_json)
#define BARE "{\"a\": " SLOT "}"
#define TYPED "{\"a\": %s}"
#define NEST ""
#define PATHS_TEXT                                                             \
	"{\"a\": {\"b.c\": [1, [2]], \"\": 3}, \"d\\\"\": {\"e\": 4, "         \
	"\"e\": 5}}"
#define PATHS_EXPECT                                                           \
	"a.\"b.c\"[0]\na.\"b.c\"[1][0]\na.\"\"\n\"d\\\"\".e\n\"d\\\"\".e\n"

/* Expectations from RFC 8259; "other" is an element of an array. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "a text may be one string", " \"a\"\r\n", "double-quoted <a>\n" },
	{ "a text may be one word", "null", "bare <null>\n" },
	{ "an empty object has nothing", "{ }", "" },
	{ "an object has keys and scalars", "{\"a\" : 1,\n\t\"b\":\"c\"}",
	    "key <a>\nbare <1>\nkey <b>\ndouble-quoted <c>\n" },
	{ "an array has elements", "[1, [], {}, true]",
	    "other <>\nbare <1>\nother <>\nother <>\nother <>\nbare <true>\n" },
	{ "a name may come twice", "{\"a\":1,\"a\":2}",
	    "key <a>\nbare <1>\nkey <a>\nbare <2>\n" },
	{ "strings have escapes",
	    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"",
	    "double-quoted <\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80>\n" },
	{ "half of a pair is its own", "\"\\ud800\\n\"",
	    "double-quoted <\xed\xa0\x80\n>\n" },
	{ "DEL and line separators may be raw", "\"\x7f\xe2\x80\xa8\"",
	    "double-quoted <\x7f\xe2\x80\xa8>\n" },
};

static const struct {
	enum kp_type type;
	const char *words[8];
} types[] = {
	{ KP_STRING, { "\"1\"", "\"true\"" } },
	{ KP_INT, { "0", "-1", "9007199254740993" } },
	{ KP_NUMBER, { "-0", "0.5", "1e3", "1E+3", "-1.25e-10" } },
	{ KP_BOOL, { "true", "false" } },
	{ KP_NULL, { "null" } },
	{ KP_OTHER, { SLOT } },
};

static const struct {
	const char *name, *text, *value, *expect;
} fills[] = {
	{ "a bare place gets quotes", "{\"a\": " SLOT "}", "b",
	    "{\"a\": \"b\"}" },
	{ "a string of digits too", "[" SLOT ",1]", "12", "[\"12\",1]" },
	{ "nothing is a string of nothing", "[" SLOT "]", "", "[\"\"]" },
	{ "quotes and backslashes are escaped", "[\"x " SLOT "\"]", "\"\\",
	    "[\"x \\\"\\\\\"]" },
	{ "lines are escaped", "[\"" SLOT "\"]", "a\r\n\tb\b\f",
	    "[\"a\\r\\n\\tb\\b\\f\"]" },
	{ "control characters are escaped", "[\"" SLOT "\"]", "\x01\x1b\x7f",
	    "[\"\\u0001\\u001B\\u007F\"]" },
	{ "other characters are as they are", "[\"" SLOT "\"]",
	    "\xc3\xa9/\xf0\x9f\x98\x80", "[\"\xc3\xa9/\xf0\x9f\x98\x80\"]" },
	{ "structure stays text", "{\"a\": \"" SLOT "\"}", "\", \"b\": \"",
	    "{\"a\": \"\\\", \\\"b\\\": \\\"\"}" },
};

static const char *const places[] = { "[" SLOT "]", "{\"a\": \"x" SLOT "y\"}" };

static const struct {
	const char *value, *expect;
	enum kp_type type;
} typed[] = {
	{ "12", "12", KP_INT },
	{ "1.5", "1.5", KP_NUMBER },
	{ "false", "false", KP_BOOL },
	{ "012", "\"012\"", KP_INT },
	{ "1.", "\"1.\"", KP_NUMBER },
	{ "+1", "\"+1\"", KP_INT },
	{ "1,2", "\"1,2\"", KP_NUMBER },
	{ "null", "\"null\"", KP_NULL },
	{ "12", "\"12\"", KP_STRING },
};

static const struct {
	const char *name, *text, *path, *expect;
} inserts[] = {
	{ "a member goes behind the last, spaced like it",
	    "{\n  \"a\" : 1,\n  \"b\" : {\"c\": 2}\n}\n", "x",
	    "{\n  \"a\" : 1,\n  \"b\" : {\"c\": 2},\n  \"x\" : " SLOT "\n}\n" },
	{ "an inner object gets one", "{\"a\":{\"b\":\"}\"},\"c\":1}", "a.x",
	    "{\"a\":{\"b\":\"}\",\"x\":" SLOT "},\"c\":1}" },
	{ "an empty object gets its first", "{ \"a\": { } }", "a.x",
	    "{ \"a\": {\"x\": " SLOT " } }" },
	{ "an element's object gets one", "[{\"a\": 1}, {\"a\": \"\\\"}\"}]",
	    "[1].x", "[{\"a\": 1}, {\"a\": \"\\\"}\", \"x\": " SLOT "}]" },
	{ "a name that needs escapes", "{}", "\"x.\\\"y\"",
	    "{\"x.\\\"y\": " SLOT "}" },
};

static const struct {
	const char *name, *text, *path, *words;
} no_inserts[] = {
	{ "nothing to hold it", "{}", "a.x", "\"a\"" },
	{ "a scalar cannot", "{\"a\": 1}", "a.x", "no object" },
	{ "nor can an array", "[]", "x", "no object" },
	{ "an element is no member", "{\"a\": []}", "a[0]", "only a name" },
	{ "an object is no missing value", "{\"a\": {}}", "a", "object" },
	{ "of two objects none is the one", "{\"a\":{},\"a\":{}}", "a.x",
	    "more than once" },
};

static const struct {
	const char *name, *text;
	unsigned line, column;
	const char *words;
} faults[] = {
	{ "nothing at all", "", 1, 1, "a value is missing" },
	{ "a comma at the end", "{\"a\": 1,\n}", 2, 1, "a name in double" },
	{ "a comma at the end of an array", "[1,]", 1, 4, "a value is" },
	{ "a comment", "[1] // a", 1, 5, "behind the end" },
	{ "a missing comma", "[1 2]", 1, 4, "\",\" or \"]\"" },
	{ "a missing colon", "{\"a\" 1}", 1, 6, "\":\"" },
	{ "a name without quotes", "{a: 1}", 1, 2, "a name in double quotes" },
	{ "a value without quotes", "[abc]", 1, 2, "no number" },
	{ "a word that is almost a sentinel", "[kpslotab0000000z]", 1, 2,
	    "no number" },
	{ "a part of a bare word", "[80" SLOT "]", 1, 2, "not a part of it" },
	{ "NaN", "[NaN]", 1, 2, "no number" },
	{ "a leading zero", "[01]", 1, 2, "no number" },
	{ "a string without an end", "[\"a\\\"]", 1, 2, "no closing quote" },
	{ "a raw line break", "[\"a\nb\"]", 1, 4, "a line break" },
	{ "an unknown escape", "[\"\\x41\"]", 1, 3, "no such escape" },
	{ "a short escape", "[\"\\u12\"]", 1, 3, "four hexadecimal" },
	{ "an object without an end", "{\"a\": 1", 1, 8, "\",\" or \"}\"" },
	{ "a bad byte", "[\"\xc3\xa9\xe9\"]", 1, 4, "not UTF-8" },
	{ "a byte order mark", "\xef\xbb\xbf{}", 1, 1, "byte order mark" },
};

static bool
scan_fails(const char *text, struct kp_diags *diags)
{
	const struct kp_source src = { .name = "text",
		.text = kp_str_of(text) };
	struct kp_scan scan;
	bool good = kp_scan_run(&scan, FORMAT, &src, diags);

	kp_scan_wipe(&scan);
	return !good;
}

static void
scan_lists_what_readers_see(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list =
		    slot_list(scans[i].name, FORMAT, kp_str_of(scans[i].text));

		slot_expect(scans[i].name, &list, scans[i].expect);
		kp_buf_wipe(&list);
	}
}

static void
words_have_types(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(types); i++) {
		for (j = 0; types[i].words[j] != NULL; j++) {
			struct kp_buf text = { 0 };
			struct kp_source src = { .name = "text" };
			struct kp_scan scan;

			kp_buf_add_format(&text, TYPED, types[i].words[j]);
			src.text = kp_buf_view(&text);
			scan = slot_scan(types[i].words[j], FORMAT, &src);
			if (scan.items[1].type != types[i].type)
				fail_msg("\"%s\" is of another type",
				    types[i].words[j]);
			kp_scan_wipe(&scan);
			kp_buf_wipe(&text);
		}
	}
}

/* The paths of all scalars, a line each. */
static void
scalars_have_paths(void **state)
{
	const struct kp_source src = { .name = "text",
		.text = KP_STR(PATHS_TEXT) };
	struct kp_scan scan = slot_scan("paths", FORMAT, &src);
	struct kp_buf list = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < scan.count; i++) {
		struct kp_buf path = { 0 };

		if (scan.items[i].kind != KP_SCALAR)
			continue;
		kp_scan_path(&scan, &scan.items[i], &path);
		kp_buf_add(&list, kp_buf_view(&path));
		kp_buf_add_char(&list, '\n');
		kp_buf_wipe(&path);
	}
	slot_expect("paths", &list, PATHS_EXPECT);
	kp_buf_wipe(&list);
	kp_scan_wipe(&scan);
}

static void
values_take_the_slot(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fills); i++) {
		struct kp_buf result = { 0 };

		if (!slot_fill(fills[i].name, FORMAT, kp_str_of(fills[i].text),
		        kp_str_of(fills[i].value), &result))
			fail_msg("%s: %s", fills[i].name, result.data);
		slot_expect(fills[i].name, &result, fills[i].expect);
		kp_buf_wipe(&result);
	}
}

static void
what_is_no_text_is_refused(void **state)
{
	struct kp_buf result = { 0 };
	bool done = slot_fill("a bad byte", FORMAT, kp_str_of(BARE),
	    kp_str_of("caf\xe9"), &result);

	(void)state;
	slot_expect_refusal("a bad byte", done, &result, "not UTF-8");
	kp_buf_wipe(&result);
}

/* Every character, in every kind of place; slot_fill() reads it back. */
static void
each_character_is_carried_everywhere(void **state)
{
	static const uint32_t more[] = { 0x2028, 0xd7ff, 0xe000, 0xfeff, 0xfffd,
		0xffff, 0x1f600, 0x10ffff };
	size_t i, place;

	(void)state;
	for (i = 0; i < 0x180 + COUNT(more); i++) {
		struct kp_buf value = { 0 };

		kp_utf8_add(&value, i < 0x180 ? (uint32_t)i : more[i - 0x180]);
		for (place = 0; place < COUNT(places); place++) {
			struct kp_buf result = { 0 };

			if (!slot_fill(places[place], FORMAT,
			        kp_str_of(places[place]), kp_buf_view(&value),
			        &result))
				fail_msg("%s: %s", places[place], result.data);
			kp_buf_wipe(&result);
		}
		kp_buf_wipe(&value);
	}
}

static void
a_typed_value_stays_bare_only_where_it_is_one(void **state)
{
	const struct kp_source src = { .name = "text", .text = KP_STR(BARE) };
	struct kp_scan scan = slot_scan("typed", FORMAT, &src);
	const struct kp_item *item = &scan.items[slot_item("typed", &scan)];
	struct kp_refusal why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(typed); i++) {
		const struct kp_value value = {
			.bytes = kp_str_of(typed[i].value),
			.type = typed[i].type,
		};
		struct kp_buf result = { 0 };

		assert_true(
		    (FORMAT)->encode(&scan, item, &value, &result, &why));
		slot_expect(typed[i].value, &result, typed[i].expect);
		kp_buf_wipe(&result);
	}
	kp_scan_wipe(&scan);
}

static void
keys_can_be_added(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(inserts); i++) {
		struct kp_buf result = { 0 };

		if (!slot_insert(inserts[i].name, FORMAT,
		        kp_str_of(inserts[i].text), inserts[i].path, &result))
			fail_msg("%s: %s", inserts[i].name, result.data);
		slot_expect(inserts[i].name, &result, inserts[i].expect);
		kp_buf_wipe(&result);
	}
}

static void
keys_without_a_place_are_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(no_inserts); i++) {
		struct kp_buf result = { 0 };
		bool done = slot_insert(no_inserts[i].name, FORMAT,
		    kp_str_of(no_inserts[i].text), no_inserts[i].path, &result);

		slot_expect_refusal(no_inserts[i].name, done, &result,
		    no_inserts[i].words);
		kp_buf_wipe(&result);
	}
}

static void
faults_have_a_place(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(faults); i++) {
		struct kp_diags diags = { 0 };

		if (!scan_fails(faults[i].text, &diags))
			fail_msg("%s: it was read", faults[i].name);
		if (diags.list[0].place.line != faults[i].line ||
		    diags.list[0].place.column != faults[i].column)
			fail_msg("%s: at %u:%u", faults[i].name,
			    diags.list[0].place.line,
			    diags.list[0].place.column);
		if (strstr(diags.list[0].text, faults[i].words) == NULL)
			fail_msg("%s: %s", faults[i].name, diags.list[0].text);
		kp_diags_free(&diags);
	}
}

static void
nesting_has_a_limit(void **state)
{
	struct kp_diags diags = { 0 };
	char text[160] = NEST;
	size_t start = strlen(text);

	(void)state;
	memset(text + start, '[', 64);
	memset(text + start + 64, ']', 64);
	assert_false(scan_fails(text, &diags));
	memset(text + start, '[', 65);
	memset(text + start + 65, ']', 65);
	assert_true(scan_fails(text, &diags));
	assert_non_null(
	    strstr(diags.list[0].text, "nested deeper than 64 levels"));
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scan_lists_what_readers_see),
		cmocka_unit_test(words_have_types),
		cmocka_unit_test(scalars_have_paths),
		cmocka_unit_test(values_take_the_slot),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(each_character_is_carried_everywhere),
		cmocka_unit_test(a_typed_value_stays_bare_only_where_it_is_one),
		cmocka_unit_test(keys_can_be_added),
		cmocka_unit_test(keys_without_a_place_are_refused),
		cmocka_unit_test(faults_have_a_place),
		cmocka_unit_test(nesting_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
