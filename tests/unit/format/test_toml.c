/* SPDX-License-Identifier: MIT */
/* test_toml - what readers of TOML see, and what can be written for them. */
#include "base/utf8.h"
#include "format/formats.h"

/* TOML has no bare words of its own. */
#define SLOT "kpslotab00000000z"
#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FORMAT (&kp_format_toml)
#define BARE "a = " SLOT "\n"
#define TYPED "a = %s\n"
#define NEST "a = "
#define PATHS_TEXT                                                             \
	"a.'b.c' = 1\n[d]\n\"\" = [2, {e.f = 3}]\n[[g.h]]\ni = 4\n[[g.h]]\n"   \
	"i = 5\n[g.h.j]\nk = 6\n[g]\nl = 7\n"
#define PATHS_EXPECT                                                           \
	"a.\"b.c\"\nd.\"\"[0]\nd.\"\"[1].e.f\ng.h[0].i\ng.h[1].i\n"            \
	"g.h[1].j.k\ng.l\n"

/* Expectations from the specification of TOML 1.0; "other" is an element. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "an empty text has nothing", "", "" },
	{ "comments are their own", "# a\n\n \t# b\r\n",
	    "comment <# a>\ncomment <# b>\n" },
	{ "a pair has a key and a scalar", "a = 1 # b\n'c d'=\"e\"",
	    "key <a>\nbare <1>\ncomment <# b>\nkey <c d>\n"
	    "double-quoted <e>\n" },
	{ "a dotted key is several", "a . \"b\" .1= true\n",
	    "key <a>\nkey <b>\nkey <1>\nbare <true>\n" },
	{ "a header is keys", "[ a.b ] # c\n[['d']]\n",
	    "key <a>\nkey <b>\ncomment <# c>\nkey <d>\nother <>\n" },
	{ "an array may go over lines", "a = [ # b\n  1,\n  [2],\n]\n",
	    "key <a>\ncomment <# b>\nother <>\nbare <1>\nother <>\n"
	    "other <>\nbare <2>\n" },
	{ "an inline table has keys", "a = {b = 1, c.d = ''}\n",
	    "key <a>\nkey <b>\nbare <1>\nkey <c>\nkey <d>\n"
	    "single-quoted <>\n" },
	{ "double quotes have escapes",
	    "a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"\n",
	    "key <a>\ndouble-quoted <\b\t\n\f\r\"\\\xc3\xa9"
	    "\xf0\x9f\x98\x80>\n" },
	{ "single quotes have none", "a = 'b\\n\"'\n",
	    "key <a>\nsingle-quoted <b\\n\">\n" },
	{ "three quotes drop a first line break",
	    "a = \"\"\"\nb\r\nc \"\"d\"\"\"\n",
	    "key <a>\ntriple-quoted <b\nc \"\"d>\n" },
	{ "a backslash at the end of a line joins",
	    "a = \"\"\"b \\ \n\n   c\"\"\"\n",
	    "key <a>\ntriple-quoted <b c>\n" },
	{ "quotes may come before the end", "a = '''b'''''\n",
	    "key <a>\ntriple-single-quoted <b''>\n" },
	{ "a date and a time may have a blank between them",
	    "a = 1979-05-27 07:32:00 # b\n",
	    "key <a>\nbare <1979-05-27 07:32:00>\ncomment <# b>\n" },
};

static const struct {
	enum kp_type type;
	const char *words[24];
} types[] = {
	{ KP_STRING, { "\"1\"", "'true'" } },
	{ KP_INT, { "0", "-1", "123456789012345678" } },
	{ KP_NUMBER, { "0.5", "1e3", "-1.25E-10" } },
	{ KP_BOOL, { "true", "false" } },
	{ KP_OTHER,
	    { "+1", "1_000", "0xDEAD_beef", "0o17", "0b1", "inf", "-nan",
	        "1_0.0_1e0_1", "1979-05-27", "07:32:00.999",
	        "1979-05-27T07:32:00Z", "1979-05-27t07:32:00-08:00",
	        "2000-02-29", "1234567890123456789", SLOT } },
};

static const struct {
	const char *name, *text, *value, *expect;
} fills[] = {
	{ "a bare place gets quotes", "a = " SLOT " # b\n", "c",
	    "a = \"c\" # b\n" },
	{ "a date is a string too", "a = " SLOT "\n", "1979-05-27",
	    "a = \"1979-05-27\"\n" },
	{ "double quotes stay", "a = \"x " SLOT "\"\n", "\"\\\n\x01\x7f",
	    "a = \"x \\\"\\\\\\n\\u0001\\u007F\"\n" },
	{ "the replacement character is escaped", "a = \"" SLOT "\"\n",
	    "\xef\xbf\xbd", "a = \"\\uFFFD\"\n" },
	{ "single quotes stay", "a = 'x " SLOT "'\n", "\"\\\t",
	    "a = 'x \"\\\t'\n" },
	{ "single quotes become double ones for a quote", "a = '" SLOT "'\n",
	    "it's", "a = \"it's\"\n" },
	{ "and for a line break", "a = '" SLOT "'\n", "b\nc",
	    "a = \"b\\nc\"\n" },
	{ "lines stay lines in three quotes", "a = \"\"\"\n" SLOT "\"\"\"\n",
	    "b\n\"\"\"c\r\n", "a = \"\"\"\nb\n\\\"\\\"\\\"c\\r\n\"\"\"\n" },
	{ "a first line break is not dropped", "a = \"\"\"" SLOT "\"\"\"\n",
	    "\nb", "a = \"\"\"\n\nb\"\"\"\n" },
	{ "a backslash takes them to one line", "a = \"\"\"\n" SLOT "\"\"\"\n",
	    "b\n\\", "a = \"b\\n\\\\\"\n" },
	{ "three single quotes stay", "a = '''\nx\n" SLOT "\n'''\n", "it's\\",
	    "a = '''\nx\nit's\\\n'''\n" },
	{ "three single quotes give way to their like", "a = '''" SLOT "'''\n",
	    "'''", "a = \"\"\"'''\"\"\"\n" },
	{ "a value in an array and inline table", "a = [{b = " SLOT "}, 1]\n",
	    "}", "a = [{b = \"}\"}, 1]\n" },
};

static const char *const places[] = { "a = " SLOT "\n", "a = \"" SLOT "\"\n",
	"a = '" SLOT "'\n", "a = \"\"\"x\n" SLOT "\"\"\"\n",
	"a = \"\"\"" SLOT "\"\"\"\n", "a = '''" SLOT "'''\n",
	"a = '''\n" SLOT "x'''\n", "a = {b = '" SLOT "'}\n" };

static const struct {
	const char *value, *expect;
	enum kp_type type;
} typed[] = {
	{ "12", "12", KP_INT },
	{ "1.5", "1.5", KP_NUMBER },
	{ "1e3", "1e3", KP_NUMBER },
	{ "true", "true", KP_BOOL },
	{ "1.", "\"1.\"", KP_NUMBER },
	{ "012", "\"012\"", KP_INT },
	{ "1_000", "\"1_000\"", KP_INT },
	{ "9223372036854775808", "\"9223372036854775808\"", KP_INT },
	{ "12", "\"12\"", KP_STRING },
};

static const struct {
	const char *name, *text, *path, *expect;
} inserts[] = {
	{ "a key goes behind the last of its table",
	    "[a]\nb = [\n  1, # ]\n]\n\n# c\n[d]\n", "a.x",
	    "[a]\nb = [\n  1, # ]\n]\nx = " SLOT "\n\n# c\n[d]\n" },
	{ "behind a string whose last line looks like a comment",
	    "[a]\nb = '''\n# c'''\n[d]\n", "a.x",
	    "[a]\nb = '''\n# c'''\nx = " SLOT "\n[d]\n" },
	{ "behind the header of an empty table", "[a]\n[b]\n", "a.x",
	    "[a]\nx = " SLOT "\n[b]\n" },
	{ "behind where it is commented out",
	    "[a]\n  # x = 1\n  b = 2\n[c]\n# x = 3\n", "a.x",
	    "[a]\n  # x = 1\n  x = " SLOT "\n  b = 2\n[c]\n# x = 3\n" },
	{ "but not within an array", "[a]\nb = [\n# x = 1\n]\n", "a.x",
	    "[a]\nb = [\n# x = 1\n]\nx = " SLOT "\n" },
	{ "at the top, before the first header", "a = 1\n\n[b]\n", "x",
	    "a = 1\nx = " SLOT "\n\n[b]\n" },
	{ "in a text of nothing", "", "x", "x = " SLOT "\n" },
	{ "behind a last line without a break", "[a]\nb = 1", "a.x",
	    "[a]\nb = 1\nx = " SLOT },
	{ "in lines that end in CR LF", "[a]\r\nb = 1\r\n", "a.x",
	    "[a]\r\nb = 1\r\nx = " SLOT "\r\n" },
	{ "in an array's table", "[[a]]\nb = 1\n[[a]]\nb = 2\n", "a[0].x",
	    "[[a]]\nb = 1\nx = " SLOT "\n[[a]]\nb = 2\n" },
	{ "a table that nothing defines is added", "[a]\nb = 1\n",
	    "a.\"c d\".x", "[a]\nb = 1\n\n[a.\"c d\"]\nx = " SLOT "\n" },
	{ "so is one that only an inner one made", "[a.b]\nc = 1\n", "a.x",
	    "[a.b]\nc = 1\n\n[a]\nx = " SLOT "\n" },
};

static const struct {
	const char *name, *text, *path, *words;
} no_inserts[] = {
	{ "an inline table is complete", "a = {b = 1}\n", "a.x", "\"a\"" },
	{ "so is what dotted keys made", "a.b = 1\n", "a.x", "\"a\"" },
	{ "and what is below such a table", "a.b = 1\n", "a.b.x", "\"a.b\"" },
	{ "an array of tables is not one", "[[a]]\n", "a.x", "\"a\"" },
	{ "nor is a table below it", "[[a]]\n", "a.b.x", "\"a.b\"" },
	{ "an element is no key", "a = [1]\n", "a[1]", "only a key" },
	{ "a table is no missing value", "[a]\n", "a", "holds a table" },
	{ "nor is an implied one", "[a.b]\n", "a", "holds a table" },
};

static const struct {
	const char *name, *text;
	unsigned line, column;
	const char *words;
} faults[] = {
	{ "a value without quotes", "a = b\n", 1, 5, "no number" },
	{ "a part of a bare word", "a = 80" SLOT "\n", 1, 5,
	    "not a part of it" },
	{ "a missing value", "a =\n", 1, 4, "a value is missing" },
	{ "a missing key", "= 1\n", 1, 1, "a key is missing" },
	{ "two pairs on a line", "a = 1 b = 2\n", 1, 7, "line should end" },
	{ "a key twice", "a = 1\n'a' = 2\n", 2, 1, "there already" },
	{ "a table twice", "[a]\n[a]\n", 2, 2, "defined already" },
	{ "a table that dotted keys made", "a.b = 1\n[a]\n", 2, 2, "defined" },
	{ "a dotted key into a table of its own header",
	    "[a.b]\n[a]\nb.c = 1\n", 3, 1, "defined already" },
	{ "a header through a value", "a = 1\n[a.b]\n", 2, 2, "no table" },
	{ "a key into an inline table", "a = {}\na.b = 1\n", 2, 1, "no table" },
	{ "an array is no array of tables", "a = []\n[[a]]\n", 2, 3,
	    "no array of tables" },
	{ "an inline table over lines", "a = {\nb = 1}\n", 1, 6, "a key is" },
	{ "a comma at its end", "a = {b = 1,}\n", 1, 12, "a key is" },
	{ "a string without an end", "a = \"b\n", 1, 7, "a line break" },
	{ "three quotes without an end", "a = \"\"\"b\n", 1, 5,
	    "no closing quote" },
	{ "an unknown escape", "a = \"\\x41\"\n", 1, 6, "no such escape" },
	{ "a surrogate", "a = \"\\ud800\"\n", 1, 6, "no Unicode character" },
	{ "a control character", "a = 1 # \x01\n", 1, 9, "control character" },
	{ "a day that is not", "a = 2001-02-29\n", 1, 5, "no number, date" },
	{ "a leading zero", "a = 01\n", 1, 5, "no number" },
	{ "an underscore at the end", "a = 1_\n", 1, 5, "no number" },
	{ "a bad byte", "a = '\xe9'\n", 1, 6, "not UTF-8" },
	{ "a byte order mark",
	    "\xef\xbb\xbf"
	    "a = 1\n",
	    1, 1, "byte order" },
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
