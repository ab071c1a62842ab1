/* SPDX-License-Identifier: MIT */
/* test_json - what readers of JSON see, and what can be written for them. */
/* JSON has no bare words of its own. */
#define SLOT "kpslotab00000000z"
#include "tables.h"

#include "pieces.h"

/* Expectations from RFC 8259; "other" is an element of an array. */
static const struct reading_row readings[] = {
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

static const struct type_row types[] = {
	{ KP_STRING, { "\"1\"", "\"true\"" } },
	{ KP_INT, { "0", "-1", "9007199254740993" } },
	{ KP_NUMBER, { "-0", "0.5", "1e3", "1E+3", "-1.25e-10" } },
	{ KP_BOOL, { "true", "false" } },
	{ KP_NULL, { "null" } },
	{ KP_OTHER, { SLOT } },
};

static const struct fault_row faults[] = {
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

static const struct fill_row fills[] = {
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

static const struct typed_row typed[] = {
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

static const struct insert_row inserts[] = {
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

static const struct no_insert_row no_inserts[] = {
	{ "nothing to hold it", "{}", "a.x", "\"a\"" },
	{ "a scalar cannot", "{\"a\": 1}", "a.x", "no object" },
	{ "nor can an array", "[]", "x", "no object" },
	{ "an element is no member", "{\"a\": []}", "a[0]", "only a name" },
	{ "an object is no missing value", "{\"a\": {}}", "a", "object" },
	{ "of two objects none is the one", "{\"a\":{},\"a\":{}}", "a.x",
	    "more than once" },
};

static const struct refusal_row refusals[] = {
	{ "a byte that is no text", "{\"a\": " SLOT "}", "caf\xe9",
	    "not UTF-8" },
};

/* The paths of all scalars, a line each. */
static void
scalars_have_paths(void **state)
{
	const struct kp_str text = KP_STR(
	    "{\"a\": {\"b.c\": [1, [2]], \"\": 3}, \"d\\\"\": {\"e\": 4, "
	    "\"e\": 5}}");
	struct kp_buf list = list_paths(&kp_format_json, text);

	(void)state;
	slot_expect("paths", &list,
	    "a.\"b.c\"[0]\na.\"b.c\"[1][0]\na.\"\"\n\"d\\\"\".e\n\"d\\\"\".e\n");
	kp_buf_wipe(&list);
}

/* --- pieces --- */

static void
pieces_have_the_items_of_the_whole(void **state)
{
	(void)state;
	/* All members and elements but the first. */
	assert_int_equal(pieces_count(&kp_format_json,
	                     "{\"a\": [1, [2, {\"b\": [], \"c\" : {}, "
	                     "\"d\":\"x, y\"}], {},\n 3], \"e\" :[[[4], 5], "
	                     "6] ,\r\n \"f\": true, \"\\n\": 7 } "),
	    17);
}

/* What may be open in the midst is an error where the text ends. */
static void
the_last_piece_has_an_end(void **state)
{
	static const char *const texts[] = { "1", "1,", "1, \"a\"", "[2]", "{",
		"1 2", "1]]", NULL };
	const struct kp_source good = { .name = "t", .text = KP_STR("1]\n") };
	struct kp_seam seam = { .last = true,
		.above = { .depth = 1, .blocks = { { ']', 3 } } } };
	struct kp_scan scan;
	size_t i;

	(void)state;
	assert_true(pieces_scan(&scan, &kp_format_json, &seam, &good));
	assert_int_equal(scan.items[0].index, 3);
	kp_scan_wipe(&scan);
	for (i = 0; texts[i] != NULL; i++) {
		const struct kp_source src = { .name = "t",
			.text = kp_str_of(texts[i]) };

		if (pieces_scan(&scan, &kp_format_json, &seam, &src))
			fail_msg("\"%s\" has an end", texts[i]);
		kp_scan_wipe(&scan);
	}
}

static struct tables tables = {
	.format = &kp_format_json,
	TABLE(readings, readings),
	TABLE(types, types),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(typed, typed),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	TABLE(rune_places, places),
	.bare = "{\"a\": " SLOT "}",
	.nest = "",
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(scalars_have_paths),
		cmocka_unit_test(pieces_have_the_items_of_the_whole),
		cmocka_unit_test(the_last_piece_has_an_end),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
