/* SPDX-License-Identifier: MIT */
/* test_properties - what Java's Properties reads, and how it is written. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Expectations from java.util.Properties.load() of Java 17. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "the first = or : or blank ends a key", "a=b=c\nd:e\nf g\n",
	    "key <a>\nbare <b=c>\nkey <d>\nbare <e>\nkey <f>\nbare <g>\n" },
	{ "blanks around the delimiter are dropped", "  a \t= b \n",
	    "key <a>\nbare <b >\n" },
	{ "comments begin with # or !", "# a\n ! b\nc=d # e\n",
	    "comment <# a>\ncomment <! b>\nkey <c>\nbare <d # e>\n" },
	{ "a backslash escapes", "a\\ b\\=c=\\t\\n\\q\\u0041\\\\\n",
	    "key <a b=c>\nbare <\t\nqA\\>\n" },
	{ "two units are one character", "a=\\ud83d\\ude00\n",
	    "key <a>\nbare <😀>\n" },
	{ "a backslash at the end joins lines", "a=b\\\n   c\\\r\n d\n",
	    "key <a>\nbare <bcd>\n" },
	{ "a comment is not joined", "# a\\\nb=c\n",
	    "comment <# a\\>\nkey <b>\nbare <c>\n" },
	{ "a CR ends a line", "a=b\rc=d\r\n",
	    "key <a>\nbare <b>\nkey <c>\nbare <d>\n" },
	{ "a key alone has an empty value", "a\n", "key <a>\nbare <>\n" },
};

static void
test_scan(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list = slot_list(scans[i].name,
		    &kp_format_properties, kp_str_of(scans[i].text));

		slot_expect(scans[i].name, &list, scans[i].expect);
		kp_buf_wipe(&list);
	}
}

static const struct {
	const char *name, *text, *why;
} errors[] = {
	{ "a unit needs four digits", "a=\\u12\n", "four digits" },
	{ "half a character is an error", "a=\\ud83d\n", "half a character" },
};

static void
test_scan_error(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(errors); i++) {
		const struct kp_source src = {
			.name = "text",
			.text = kp_str_of(errors[i].text),
		};
		struct kp_diags diags = { 0 };
		struct kp_scan scan;

		if (kp_scan_run(&scan, &kp_format_properties, &src, &diags))
			fail_msg("%s: it was read", errors[i].name);
		if (strstr(diags.list[0].text, errors[i].why) == NULL)
			fail_msg("%s: %s", errors[i].name, diags.list[0].text);
		kp_scan_wipe(&scan);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *name, *template;
	struct kp_str value;
	const char *expect;
} fills[] = {
	{ "text is written as ASCII", "a=SLOT\n", KP_STR("\303\251"),
	    "a=\\u00E9\n" },
	{ "a character may need two units", "a=SLOT\n",
	    KP_STR("\360\237\230\200"), "a=\\uD83D\\uDE00\n" },
	{ "each leading blank is escaped", "a=SLOT\n", KP_STR("  b "),
	    "a=\\ \\ b \n" },
	{ "signs of the syntax need nothing in a value", "a=SLOT\n",
	    KP_STR("=:#!"), "a==:#!\n" },
	{ "a delimiter is escaped where none stands", "a SLOT\n", KP_STR("=b"),
	    "a \\=b\n" },
	{ "a backslash is doubled", "a=SLOT\n", KP_STR("b\\"), "a=b\\\\\n" },
	{ "line breaks are escaped", "a=SLOT\n", KP_STR("b\nc\rd"),
	    "a=b\\nc\\rd\n" },
};

static void
test_encode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fills); i++) {
		struct kp_buf got = { 0 };

		if (!slot_fill(fills[i].name, &kp_format_properties,
		        kp_str_of(fills[i].template), fills[i].value, &got))
			fail_msg("%s: %s", fills[i].name, got.data);
		slot_expect(fills[i].name, &got, fills[i].expect);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name, *template;
	struct kp_str value;
	const char *why;
} refusals[] = {
	{ "bytes that are no text are refused", "a=SLOT\n", KP_STR("\377"),
	    "UTF-8" },
	{ "text of an unknown encoding is not written again", "a=é SLOT\n",
	    KP_STR("b"), "Latin-1" },
};

static void
test_refuse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refusals); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_fill(refusals[i].name, &kp_format_properties,
		    kp_str_of(refusals[i].template), refusals[i].value, &got);

		slot_expect_refusal(refusals[i].name, done, &got,
		    refusals[i].why);
		kp_buf_wipe(&got);
	}
}

static void
test_every_byte_can_be_carried(void **state)
{
	static const char *const templates[] = {
		"a=SLOT\n",
		"a SLOT\n",
		"a=b-SLOT-c\n",
	};
	char bytes[3] = "a_b";
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < COUNT(templates); i++) {
		for (c = 0; c < 128; c++) {
			struct kp_buf got = { 0 };

			bytes[1] = (char)c;
			if (!slot_fill(templates[i], &kp_format_properties,
			        kp_str_of(templates[i]), kp_str_make(bytes, 3),
			        &got))
				fail_msg("%s: byte %02x: %s", templates[i],
				    (unsigned)c, got.data);
			kp_buf_wipe(&got);
		}
	}
}

static const struct {
	const char *name, *text, *path, *value;
} paths[] = {
	{ "dots are part of a key", "spring.datasource.password=x\n",
	    "spring.datasource.password", "x" },
};

static void
test_paths(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(paths); i++) {
		const struct kp_source src = {
			.name = "text",
			.text = kp_str_of(paths[i].text),
		};
		struct kp_scan scan =
		    slot_scan(paths[i].name, &kp_format_properties, &src);
		size_t found = 0;

		if (kp_scan_find(&scan, kp_str_of(paths[i].path), &found) != 1)
			fail_msg("%s: no such path", paths[i].name);
		if (!kp_str_is(scan.items[found].value, paths[i].value))
			fail_msg("%s: another value", paths[i].name);
		kp_scan_wipe(&scan);
	}
}

static const struct {
	const char *name, *text, *path, *expect;
} insertions[] = {
	{ "a key goes below its comment", "#a.b = c\nd=e\n", "a.b",
	    "#a.b = c\na.b=SLOT\nd=e\n" },
	{ "a key goes to the end", "d=e", "a.b", "d=e\na.b=SLOT" },
};

static void
test_insert(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(insertions); i++) {
		struct kp_buf got = { 0 };

		if (!slot_insert(insertions[i].name, &kp_format_properties,
		        kp_str_of(insertions[i].text), insertions[i].path,
		        &got))
			fail_msg("%s: %s", insertions[i].name, got.data);
		slot_expect(insertions[i].name, &got, insertions[i].expect);
		kp_buf_wipe(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_error),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_every_byte_can_be_carried),
		cmocka_unit_test(test_insert),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
