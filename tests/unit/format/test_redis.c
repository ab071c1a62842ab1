/* SPDX-License-Identifier: MIT */
/* test_redis - what Redis reads, and how it is written. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Expectations from sdssplitargs() in src/sds.c of Redis 7.0. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "one word is the directive's", "requirepass foo\n",
	    "key <requirepass>\nbare <foo>\n" },
	{ "several words are elements", "save 60 1\n",
	    "key <save>\nother <>\nbare <60>\nother <>\nbare <1>\n" },
	{ "comments begin lines alone", "# a\n dir /a#b #c\n",
	    "comment <# a>\nkey <dir>\nother <>\nbare </a#b>\nother <>\nbare <#c>\n" },
	{ "double quotes have escapes", "a \"\\n\\x41\\q\\\"\"\n",
	    "key <a>\ndouble-quoted <\nAq\">\n" },
	{ "single quotes have one", "a 'b\\n\\'c'\n",
	    "key <a>\nsingle-quoted <b\\n'c>\n" },
	{ "quotes open within a word", "a b\"c d\"\n",
	    "key <a>\nbare <bc d>\n" },
	{ "a CR is a blank", "a b\r\n", "key <a>\nbare <b>\n" },
	{ "a directive may have no argument", "a\nb \"\"",
	    "key <a>\nkey <b>\ndouble-quoted <>\n" },
};

static void
test_scan(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list = slot_list(scans[i].name, &kp_format_redis,
		    kp_str_of(scans[i].text));

		slot_expect(scans[i].name, &list, scans[i].expect);
		kp_buf_wipe(&list);
	}
}

static const struct {
	const char *name, *text, *why;
} errors[] = {
	{ "an open quote is an error", "a \"b\n", "no quote closes" },
	{ "text behind a quote is an error", "a \"b\"c\n",
	    "behind a closing quote" },
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

		if (kp_scan_run(&scan, &kp_format_redis, &src, &diags))
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
	{ "a plain word stays bare", "requirepass SLOT\n", KP_STR("a#b$c"),
	    "requirepass a#b$c\n" },
	{ "signs are quoted", "requirepass SLOT\n", KP_STR("a \"b\\"),
	    "requirepass \"a \\\"b\\\\\"\n" },
	{ "a whole word is quoted", "user a >SLOT\n", KP_STR("b c"),
	    "user a \">b c\"\n" },
	{ "single quotes stay where they can", "a 'SLOT'\n", KP_STR("b'c \""),
	    "a 'b\\'c \"'\n" },
	{ "a backslash needs double quotes", "a 'SLOT'\n", KP_STR("b\\"),
	    "a \"b\\\\\"\n" },
	{ "controls are escaped", "a SLOT\n", KP_STR("b\000\n\177"),
	    "a \"b\\x00\\x0a\\x7f\"\n" },
	{ "an empty value is a pair of quotes", "a SLOT\n", KP_STR(""),
	    "a \"\"\n" },
};

static void
test_encode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fills); i++) {
		struct kp_buf got = { 0 };

		if (!slot_fill(fills[i].name, &kp_format_redis,
		        kp_str_of(fills[i].template), fills[i].value, &got))
			fail_msg("%s: %s", fills[i].name, got.data);
		slot_expect(fills[i].name, &got, fills[i].expect);
		kp_buf_wipe(&got);
	}
}

static void
test_every_byte_can_be_carried(void **state)
{
	static const char *const templates[] = {
		"a SLOT\n",
		"a \"SLOT\"\n",
		"a 'SLOT'\n",
		"a b-SLOT c\n",
	};
	char bytes[3] = "a_b";
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < COUNT(templates); i++) {
		for (c = 0; c < 256; c++) {
			struct kp_buf got = { 0 };

			bytes[1] = (char)c;
			if (!slot_fill(templates[i], &kp_format_redis,
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
	{ "a directive's case does not matter", "RequirePass x\n",
	    "requirepass", "x" },
	{ "arguments are numbered", "user a on >x\n", "user[2]", ">x" },
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
		    slot_scan(paths[i].name, &kp_format_redis, &src);
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
	{ "a directive goes below its comment",
	    "# requirepass foobared\nport 0\n", "requirepass",
	    "# requirepass foobared\nrequirepass SLOT\nport 0\n" },
	{ "a directive goes to the end", "port 0", "masterauth",
	    "port 0\nmasterauth SLOT" },
};

static void
test_insert(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(insertions); i++) {
		struct kp_buf got = { 0 };

		if (!slot_insert(insertions[i].name, &kp_format_redis,
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
		cmocka_unit_test(test_every_byte_can_be_carried),
		cmocka_unit_test(test_insert),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
