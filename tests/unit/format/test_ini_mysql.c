/* SPDX-License-Identifier: MIT */
/* test_ini_mysql - what MariaDB reads, and what can be written for it. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FORMAT kp_format_ini_mysql
#define NUL_TEXT "[g]\nk = SLOT\n"

/* Expectations from MariaDB 10.11, mysys/my_default.c. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "an empty text has nothing", "", "" },
	{ "a group, an option, a value", "[a]\nk = v w\n",
	    "section <a>\nkey <k>\nbare <v w>\n" },
	{ "a group loses blanks at its end alone", "[ a ] x\n",
	    "section < a>\ncomment <x>\n" },
	{ "an option may have no value", "[g]\nskip-name-resolve # c\n",
	    "section <g>\nkey <skip-name-resolve>\ncomment <# c>\n" },
	{ "a number sign ends a value, blank or not", "[g]\nk=a#b\n",
	    "section <g>\nkey <k>\nbare <a>\ncomment <#b>\n" },
	{ "a semicolon does not", "[g]\nk=a ;b\n;c\n",
	    "section <g>\nkey <k>\nbare <a ;b>\ncomment <;c>\n" },
	{ "a number sign in quotes is text", "[g]\nk=\"a#b\" # c\n",
	    "section <g>\nkey <k>\ndouble-quoted <a#b>\ncomment <# c>\n" },
	{ "a quote within a value opens too", "[g]\nk=a'#b\n",
	    "section <g>\nkey <k>\nbare <a'#b>\n" },
	{ "a quote in an option's name opens too", "[g]\n\"k#l = v\n",
	    "section <g>\nkey <\"k#l>\nbare <v>\n" },
	{ "single quotes are taken off", "[g]\nk=' a '\n",
	    "section <g>\nkey <k>\nsingle-quoted < a >\n" },
	{ "different quotes are kept", "[g]\nk=\"a'\n",
	    "section <g>\nkey <k>\nbare <\"a'>\n" },
	{ "a quote alone is a value", "[g]\nk=\"\n",
	    "section <g>\nkey <k>\nbare <\">\n" },
	{ "escapes are undone in quotes",
	    "[g]\nk='\\n\\t\\r\\b\\s\\\"\\'\\\\'\n",
	    "section <g>\nkey <k>\nsingle-quoted <\n\t\r\x08 \"'\\>\n" },
	{ "and without", "[g]\nk=C:\\temp\\x\n",
	    "section <g>\nkey <k>\nbare <C:\temp\\x>\n" },
	{ "a last backslash stays", "[g]\nk=a\\\n",
	    "section <g>\nkey <k>\nbare <a\\>\n" },
	{ "the byte a0 is a blank",
	    "[g]\nk=\xa0"
	    "a b\xa0\n",
	    "section <g>\nkey <k>\nbare <a b>\n" },
	{ "a CR alone ends no line", "[g]\nk=a\rb\r\n",
	    "section <g>\nkey <k>\nbare <a\rb>\n" },
	{ "a directive is none of ours", "!includedir /etc/x\n[g]\n",
	    "other <!includedir /etc/x>\nsection <g>\n" },
	{ "an empty value is there", "[g]\nk=\nl = # c\n",
	    "section <g>\nkey <k>\nbare <>\nkey <l>\nbare <>\ncomment <# c>\n" },
	{ "groups and options may come twice", "[g]\nk=a\nk=b\n[g]\n",
	    "section <g>\nkey <k>\nbare <a>\nkey <k>\nbare <b>\nsection <g>\n" },
};

static void
test_scan(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list =
		    slot_list(scans[i].name, &FORMAT, kp_str_of(scans[i].text));

		if (!kp_str_is(kp_buf_view(&list), scans[i].expect))
			fail_msg("%s: got %s", scans[i].name, list.data);
		kp_buf_wipe(&list);
	}
}

static const struct {
	const char *name, *text;
	unsigned line;
} errors[] = {
	{ "an option above the first group", "\nk=v\n", 2 },
	{ "a group without its bracket", "[g]\n[h\n", 2 },
	{ "a value without an option", "[g]\n = v\n", 2 },
	{ "a byte order mark", "\xef\xbb\xbf[g]\n", 1 },
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

		if (kp_scan_run(&scan, &FORMAT, &src, &diags))
			fail_msg("%s: it is read", errors[i].name);
		if (diags.list[0].place.line != errors[i].line)
			fail_msg("%s: line %u, want %u", errors[i].name,
			    diags.list[0].place.line, errors[i].line);
		kp_scan_wipe(&scan);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *name, *text, *value, *expect;
} writes[] = {
	{ "a plain value stays bare", "[g]\nk = SLOT\n", "s3cret/Pass:w@rd",
	    "[g]\nk = s3cret/Pass:w@rd\n" },
	{ "a number sign is quoted", "[g]\nk = SLOT\n", "a#b",
	    "[g]\nk = \"a#b\"\n" },
	{ "nothing at all is quoted", "[g]\nk = SLOT\n", "",
	    "[g]\nk = \"\"\n" },
	{ "a backslash is doubled", "[g]\nk = SLOT\n", "C:\\new",
	    "[g]\nk = \"C:\\\\new\"\n" },
	{ "lines become escapes", "[g]\nk = SLOT\n", "a\nb\r\n\tc\x08",
	    "[g]\nk = \"a\\nb\\r\\n\\tc\\b\"\n" },
	{ "a last byte a0 is quoted", "[g]\nk = SLOT\n", "caf\xc3\xa0",
	    "[g]\nk = \"caf\xc3\xa0\"\n" },
	{ "double quotes stay", "[g]\nk=\"SLOT\"\n", "a\"b'c",
	    "[g]\nk=\"a\\\"b'c\"\n" },
	{ "single quotes stay", "[g]\nk='SLOT'\n", "a\"b'c",
	    "[g]\nk='a\"b\\'c'\n" },
	{ "a part of a value quotes all of it", "[g]\nk=C:\\\\SLOT x\n", "a;b",
	    "[g]\nk=\"C:\\\\a;b x\"\n" },
	{ "CR LF lines stay so", "[g]\r\nk=SLOT\r\nl=m\r\n", "a b",
	    "[g]\r\nk=\"a b\"\r\nl=m\r\n" },
};

static void
test_encode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(writes); i++) {
		struct kp_buf got = { 0 };

		slot_fill(writes[i].name, &FORMAT, kp_str_of(writes[i].text),
		    kp_str_of(writes[i].value), &got);
		slot_expect(writes[i].name, &got, writes[i].expect);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name, *text, *value, *why;
} refusals[] = {
	{ "a comment behind it, text to Connector/C", "[g]\nk = SLOT # c\n",
	    "v", "comment behind" },
	{ "a quote in the option's name", "[g]\n'k = SLOT\n", "v",
	    "quote in the option" },
};

static void
test_refuse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refusals); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_fill(refusals[i].name, &FORMAT,
		    kp_str_of(refusals[i].text), kp_str_of(refusals[i].value),
		    &got);

		slot_expect_refusal(refusals[i].name, done, &got,
		    refusals[i].why);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name, *text, *path, *expect;
} insertions[] = {
	{ "behind the option commented out", "[g]\n#k=1\nl=2\n", "g.k",
	    "[g]\n#k=1\nk=SLOT\nl=2\n" },
	{ "at the end of its group", "[g]\nl=2\n[h]\n", "g.k",
	    "[g]\nl=2\nk=SLOT\n[h]\n" },
};

static void
test_insert(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(insertions); i++) {
		struct kp_buf got = { 0 };

		slot_insert(insertions[i].name, &FORMAT,
		    kp_str_of(insertions[i].text), insertions[i].path, &got);
		slot_expect(insertions[i].name, &got, insertions[i].expect);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name, *text, *path, *why;
} no_insertions[] = {
	{ "an option without a group", "[g]\n", "k", "without a section" },
};

static void
test_refuse_to_insert(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(no_insertions); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_insert(no_insertions[i].name, &FORMAT,
		    kp_str_of(no_insertions[i].text), no_insertions[i].path,
		    &got);

		slot_expect_refusal(no_insertions[i].name, done, &got,
		    no_insertions[i].why);
		kp_buf_wipe(&got);
	}
}

static void
test_a_nul_is_refused(void **state)
{
	const struct kp_str nul = KP_STR("a\0b");
	struct kp_buf got = { 0 };
	bool done;

	(void)state;
	done = slot_fill("a NUL", &FORMAT, kp_str_of(NUL_TEXT), nul, &got);
	slot_expect_refusal("a NUL", done, &got, "NUL at byte 2");
	kp_buf_wipe(&got);
}

/* "k=" and the value are the line; its end does not count. */
static void
test_a_value_of_4092_bytes_is_the_longest(void **state)
{
	struct kp_str template = kp_str_of("[g]\nk=SLOT\n");
	struct kp_buf got = { 0 };
	char value[4093];
	bool done;

	(void)state;
	memset(value, 'x', sizeof(value));
	assert_true(slot_fill("as long as can be", &FORMAT, template,
	    kp_str_make(value, 4092), &got));
	kp_buf_wipe(&got);
	done = slot_fill("a byte longer", &FORMAT, template,
	    kp_str_make(value, 4093), &got);
	slot_expect_refusal("a byte longer", done, &got, "4094 bytes");
	kp_buf_wipe(&got);
}

static void
test_a_longer_line_is_not_read(void **state)
{
	char text[4095];
	const struct kp_source src = {
		.name = "text",
		.text = { text, sizeof(text) },
	};
	struct kp_diags diags = { 0 };
	struct kp_scan scan;

	(void)state;
	memset(text, '#', sizeof(text));
	assert_false(kp_scan_run(&scan, &FORMAT, &src, &diags));
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_error),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_insert),
		cmocka_unit_test(test_refuse_to_insert),
		cmocka_unit_test(test_a_nul_is_refused),
		cmocka_unit_test(test_a_value_of_4092_bytes_is_the_longest),
		cmocka_unit_test(test_a_longer_line_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
