/* SPDX-License-Identifier: MIT */
/* test_ini_python - what configparser reads, and what can be written for it. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FORMAT kp_format_ini_python

/* Expectations from Python 3.11, Lib/configparser.py. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "an empty text has nothing", "", "" },
	{ "sections, keys, values", "[a b]\nk = v w\nl: m=n\n",
	    "section <a b>\nkey <k>\nbare <v w>\nkey <l>\nbare <m=n>\n" },
	{ "a section ends at its last bracket", "[a] [b] c\n",
	    "section <a] [b>\ncomment <c>\n" },
	{ "comments stand on lines of their own", "# a\n[s]\nk = v ; w\n ; b\n",
	    "comment <# a>\nsection <s>\nkey <k>\nbare <v ; w>\ncomment <; b>\n" },
	{ "quotes are text", "[s]\nk = \"a\"\n",
	    "section <s>\nkey <k>\nbare <\"a\">\n" },
	{ "a deeper line goes on", "[s]\nk = a\n  b = c\n\td\nl = m\n",
	    "section <s>\nkey <k>\nbare <a\nb = c\nd>\nkey <l>\nbare <m>\n" },
	{ "blank lines in between count", "[s]\nk = a\n\n b\n\nl=m\n",
	    "section <s>\nkey <k>\nbare <a\n\nb>\nkey <l>\nbare <m>\n" },
	{ "comments in between do not", "[s]\nk = a\n# c\n b\n# d\n",
	    "section <s>\nkey <k>\nbare <a\nb>\ncomment <# d>\n" },
	{ "a line as deep as the key is another", "[s]\n  k = a\n  l = b\n",
	    "section <s>\nkey <k>\nbare <a>\nkey <l>\nbare <b>\n" },
	{ "a first line may be empty", "[s]\nk =\n a\n",
	    "section <s>\nkey <k>\nbare <\na>\n" },
	{ "a CR ends a line", "[s]\rk = a\r\nl = b\r",
	    "section <s>\nkey <k>\nbare <a>\nkey <l>\nbare <b>\n" },
	{ "a no-break space is a blank", "[s]\nk =\xc2\xa0v\xc2\xa0\n",
	    "section <s>\nkey <k>\nbare <v>\n" },
	{ "two per cent signs are one", "[s]\nk = 100%%\n",
	    "section <s>\nkey <k>\nbare <100%>\n" },
	{ "a reference stays as it is", "[s]\nk = %(a)s/b\n",
	    "section <s>\nkey <k>\nbare <%(a)s/b>\n" },
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
	{ "a key above the first section", "k = v\n", 1 },
	{ "a key without a delimiter", "[s]\nk\n", 2 },
	{ "a value without a key", "[s]\n= v\n", 2 },
	{ "a key that comes twice, in capitals or not", "[s]\nk = a\nK = b\n",
	    3 },
	{ "a section that comes twice", "[s]\n[t]\n[s]\n", 3 },
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
	{ "signs of all sorts stay", "[s]\nk = SLOT\nl = 1\n",
	    "a;b #c \"'\\$=", "[s]\nk = a;b #c \"'\\$=\nl = 1\n" },
	{ "a per cent sign is doubled", "[s]\nk = SLOT\nl = 1\n", "50%",
	    "[s]\nk = 50%%\nl = 1\n" },
	{ "what looks like a reference is none", "[s]\nk = SLOT\nl = 1\n",
	    "%(l)s", "[s]\nk = %%(l)s\nl = 1\n" },
	{ "a reference beside it is kept", "[s]\nk = %(l)s/SLOT\n", "%",
	    "[s]\nk = %(l)s/%%\n" },
	{ "lines are indented", "[s]\nk = SLOT\nl = 1\n", "a\n\nb = c",
	    "[s]\nk = a\n\t\n\tb = c\nl = 1\n" },
	{ "deeper than the key is", "[s]\n  k = SLOT\n", "a\nb",
	    "[s]\n  k = a\n  \tb\n" },
	{ "lines end as the file's do", "[s]\r\nk = SLOT\r\n", "a\nb",
	    "[s]\r\nk = a\r\n\tb\r\n" },
	{ "nothing at all", "[s]\nk = SLOT\nl = 1\n", "",
	    "[s]\nk = \nl = 1\n" },
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
	{ "a blank at the start", "[s]\nk = SLOT\nl = 1\n", " a", "blank" },
	{ "a blank at the end", "[s]\nk = SLOT\nl = 1\n", "a\xc2\xa0",
	    "blank" },
	{ "a blank at the end of a line", "[s]\nk = SLOT\nl = 1\n", "a \nb",
	    "blank" },
	{ "a line break at the end", "[s]\nk = SLOT\nl = 1\n", "a\n",
	    "empty line" },
	{ "a CR", "[s]\nk = SLOT\nl = 1\n", "a\rb", "CR at byte 2" },
	{ "a line that begins like a comment", "[s]\nk = SLOT\nl = 1\n",
	    "a\n#b", "comment sign" },
	{ "a byte that is not UTF-8", "[s]\nk = SLOT\nl = 1\n", "\xff",
	    "UTF-8" },
	{ "a place with a comment among its lines", "[s]\nk = SLOT\n# c\n b\n",
	    "v", "comment stands" },
	{ "a single per cent sign beside it", "[s]\nk = %d SLOT\n", "v",
	    "single" },
	{ "an escaped reference beside it", "[s]\nk = %%(a)s SLOT\n", "v",
	    "could not be told" },
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
	{ "behind the key commented out", "[s]\n;k = 1\nl = 2\n", "s.k",
	    "[s]\n;k = 1\nk = SLOT\nl = 2\n" },
	{ "behind a value of several lines", "[s]\nl = 2\n  3\n[t]\n", "s.k",
	    "[s]\nl = 2\n  3\nk = SLOT\n[t]\n" },
	{ "as deep as its neighbours", "[s]\n  l = 2\n", "s.k",
	    "[s]\n  l = 2\n  k = SLOT\n" },
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
	{ "a key without a section", "[s]\n", "k", "without a section" },
	{ "a line that would go on with a value", "[s]\nl = 2\n  ;k = 1\n",
	    "s.k", "indented" },
	{ "a line that the next would go on with",
	    "[s]\n  l = 2\n;k = 1\n  m = 3\n", "s.k", "indented" },
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
