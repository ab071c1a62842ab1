/* SPDX-License-Identifier: MIT */
/* test_ini - the common ground of INI readers. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "an empty text has nothing", "", "" },
	{ "sections, keys, values", "[a b]\nk = v w\n",
	    "section <a b>\nkey <k>\nbare <v w>\n" },
	{ "a byte order mark is no part of the first key", "\xef\xbb\xbfk=v",
	    "key <k>\nbare <v>\n" },
	{ "a line may end in CR LF", "k = v\r\n", "key <k>\nbare <v>\n" },
	{ "a colon is a delimiter", "k: v\n", "key <k>\nbare <v>\n" },
	{ "a key may have no value", "skip-name-resolve\n",
	    "key <skip-name-resolve>\n" },
	{ "a comment may follow it", "k ; a=b\n",
	    "key <k>\ncomment <; a=b>\n" },
	{ "quotes are part of the value", "k = \"v\"\n",
	    "key <k>\nbare <\"v\">\n" },
	{ "a semicolon behind a blank begins a comment", "k = a;b ; c\n",
	    "key <k>\nbare <a;b>\ncomment <; c>\n" },
	{ "a number sign behind a blank does too", "k = a#b # c\n",
	    "key <k>\nbare <a#b>\ncomment <# c>\n" },
	{ "not within quotes", "k = 'a ; b' ; c\n",
	    "key <k>\nbare <'a ; b'>\ncomment <; c>\n" },
	{ "an empty value is there", "k =\nl = ; c\n",
	    "key <k>\nbare <>\nkey <l>\nbare <>\ncomment <; c>\n" },
	{ "a value without a key is nothing", " = v\n", "" },
	{ "a section ends at its first bracket", "[a] ; [b]\n",
	    "section <a>\ncomment <; [b]>\n" },
};

static void
test_scan(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list = slot_list(scans[i].name, &kp_format_ini,
		    kp_str_of(scans[i].text));

		if (!kp_str_is(kp_buf_view(&list), scans[i].expect))
			fail_msg("%s: got %s", scans[i].name, list.data);
		kp_buf_wipe(&list);
	}
}

static void
test_a_section_wants_its_bracket(void **state)
{
	const struct kp_source src = {
		.name = "text",
		.text = KP_STR("k = v\n[s\n"),
	};
	struct kp_diags diags = { 0 };
	struct kp_scan scan;

	(void)state;
	assert_false(kp_scan_run(&scan, &kp_format_ini, &src, &diags));
	assert_int_equal(diags.list[0].place.line, 2);
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

static const struct {
	const char *name, *text, *value, *expect;
} writes[] = {
	{ "a word", "k = SLOT\n", "s3cretPassw0rd", "k = s3cretPassw0rd\n" },
	{ "several words", "k=SLOT\n", "a  b c", "k=a  b c\n" },
	{ "an address", "k = SLOT\n", "no-reply@[::1]:25/x,y",
	    "k = no-reply@[::1]:25/x,y\n" },
	{ "letters beyond ASCII", "k = SLOT\n", "J\xc3\xbcrgen \xe6\xbc\xa2",
	    "k = J\xc3\xbcrgen \xe6\xbc\xa2\n" },
	{ "nothing at all", "k = SLOT\n", "", "k = \n" },
	{ "a word among others", "k = http://SLOT:80/?a=b%20\n", "host",
	    "k = http://host:80/?a=b%20\n" },
	{ "a word in quotes", "k = \"SLOT\"\n", "a b", "k = \"a b\"\n" },
	{ "a word in capitals that is no constant", "k = SLOT\n", "DEBUG",
	    "k = DEBUG\n" },
	{ "a boolean's name within another word", "k = SLOT\n", "on-off",
	    "k = on-off\n" },
	{ "with CR LF", "[s]\r\nk = SLOT\r\nl = m\r\n", "v",
	    "[s]\r\nk = v\r\nl = m\r\n" },
	{ "behind a comment and above one that is indented",
	    "; c\nk = SLOT\n  ; c\nl = m\n", "v",
	    "; c\nk = v\n  ; c\nl = m\n" },
};

static void
test_encode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(writes); i++) {
		struct kp_buf got = { 0 };

		slot_fill(writes[i].name, &kp_format_ini,
		    kp_str_of(writes[i].text), kp_str_of(writes[i].value),
		    &got);
		slot_expect(writes[i].name, &got, writes[i].expect);
		kp_buf_wipe(&got);
	}
}

#define W10 "wwwwwwwwww"
#define W100 W10 W10 W10 W10 W10 W10 W10 W10 W10 W10

static const struct {
	const char *name, *text, *value, *why;
} refusals[] = {
	{ "a comment sign, where go-ini cuts", "k = SLOT\n", "a#b", "byte 2" },
	{ "the other one", "k = SLOT\n", "a;b", "byte 2" },
	{ "a percent sign, which configparser expands", "k = SLOT\n", "50%",
	    "byte 3" },
	{ "a dollar sign, which php.ini expands", "k = SLOT\n", "$x",
	    "byte 1" },
	{ "an equals sign, which php.ini refuses", "k = SLOT\n",
	    "a=", "byte 2" },
	{ "an exclamation mark, an operator of php.ini", "k = SLOT\n", "a!b",
	    "byte 2" },
	{ "a quote", "k = SLOT\n", "a'b", "byte 2" },
	{ "a backslash, an escape of my.cnf", "k = SLOT\n", "a\\b", "byte 2" },
	{ "a second line", "k = SLOT\n", "a\nb", "byte 2" },
	{ "a byte that is not UTF-8", "k = SLOT\n", "ab\xff",
	    "not UTF-8 at byte 3" },
	{ "a no-break space", "k = SLOT\n",
	    "a\xc2\xa0"
	    "b",
	    "byte 2" },
	{ "a blank at the start", "k = SLOT\n", " a", "blank" },
	{ "a blank at the end", "k = SLOT\n", "a ", "blank" },
	{ "a last byte that my.cnf takes for a blank", "k = SLOT\n", "\xc3\xa0",
	    "0xa0" },
	{ "a boolean of php.ini", "k = SLOT\n", "Off", "boolean" },
	{ "a boolean among words", "k = SLOT\n", "x yes", "boolean" },
	{ "a constant of PHP", "k = SLOT\n", "E_ALL", "constant" },
	{ "a signal, a constant of PHP", "k = SLOT\n", "SIGTERM", "constant" },
	{ "a line that inih would cut", "k = SLOT\n",
	    W100 W10 W10 W10 W10 W10 W10 W10 W10 W10 "123456", "199 bytes" },
	{ "a place behind which is a comment", "k = SLOT ; c\n", "v",
	    "comment behind" },
	{ "a place in an indented line", "[s]\n k = SLOT\n", "v", "indented" },
	{ "a place above an indented line", "k = SLOT\n\n  l = m\n", "v",
	    "indented line below" },
	{ "a place in a line that is joined", "; c \\\nk = SLOT\n", "v",
	    "backslash" },
};

static void
test_refuse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refusals); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_fill(refusals[i].name, &kp_format_ini,
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
	{ "behind the key commented out", "[s]\n; a = 1\nb = 2\n", "s.a",
	    "[s]\n; a = 1\na = SLOT\nb = 2\n" },
	{ "behind a key that has no value", "[mysqld]\nskip-name\n", "mysqld.a",
	    "[mysqld]\nskip-name\na = SLOT\n" },
	{ "into a new section", "[s]\n", "t.a", "[s]\n[t]\na = SLOT\n" },
	{ "behind a key above the first section", "b=1\n", "a",
	    "b=1\na=SLOT\n" },
};

static void
test_insert(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(insertions); i++) {
		struct kp_buf got = { 0 };

		slot_insert(insertions[i].name, &kp_format_ini,
		    kp_str_of(insertions[i].text), insertions[i].path, &got);
		slot_expect(insertions[i].name, &got, insertions[i].expect);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name, *text, *path, *why;
} no_insertions[] = {
	{ "a section that comes twice", "[s]\n[t]\n[s]\n", "s.a",
	    "more than once" },
	{ "a key that is there in capitals", "[s]\nA = 1\n", "s.a", "case" },
	{ "a key above the first section", "[s]\n", "a", "first section" },
	{ "below a comment that goes on", "[s]\n;a = c:\\\n", "s.a",
	    "backslash" },
};

static void
test_refuse_to_insert(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(no_insertions); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_insert(no_insertions[i].name, &kp_format_ini,
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
		cmocka_unit_test(test_a_section_wants_its_bracket),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_insert),
		cmocka_unit_test(test_refuse_to_insert),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
