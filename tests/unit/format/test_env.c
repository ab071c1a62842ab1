/* SPDX-License-Identifier: MIT */
/* test_env - what readers of NAME=VALUE lines read, and what can be written. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SH &kp_format_env_sh
#define COMPOSE &kp_format_env_compose
#define SYSTEMD &kp_format_env_systemd
#define ANY &kp_format_env

/*
 * Expectations from POSIX, Shell Command Language; compose-go,
 * dotenv/parser.go; systemd 252, src/basic/env-file.c.
 */
static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text, *expect;
} scans[] = {
	{ "a shell joins bare and quoted stretches", SH, "A=a'b c'\"d\"\\ e\n",
	    "key <A>\nbare <ab cd e>\n" },
	{ "a shell takes several assignments in a line", SH, "A=1 B='2'; C=3\n",
	    "key <A>\nbare <1>\nkey <B>\nsingle-quoted <2>\n"
	    "key <C>\nbare <3>\n" },
	{ "a word behind a command is no assignment", SH, "env A=1\nexport B=2",
	    "other <env>\nother <A=1>\nother <export>\nkey <B>\nbare <2>\n" },
	{ "a number sign within a word is no comment", SH, "A=a#b #c\n",
	    "key <A>\nbare <a#b>\ncomment <#c>\n" },
	{ "a backslash in double quotes stays before a letter", SH,
	    "A=\"\\a\\\\\\$\\`\\\"\\\nb\"\n",
	    "key <A>\ndouble-quoted <\\a\\$`\"b>\n" },
	{ "a CR is part of a shell's value", SH, "A=b\r\n",
	    "key <A>\nbare <b\r>\n" },
	{ "an assignment within a command that is run is not listed", SH,
	    "B=2 # $(A=1)\n", "key <B>\nbare <2>\ncomment <# $(A=1)>\n" },

	{ "compose cuts a bare value at a blank and a number sign", COMPOSE,
	    "A = a#b c #d\n", "key <A>\nbare <a#b c>\ncomment <#d>\n" },
	{ "compose takes a colon and export", COMPOSE, "export A: b\n",
	    "other <export>\nkey <A>\nbare <b>\n" },
	{ "compose reads escapes in double quotes", COMPOSE,
	    "A=\"\\n\\r\\t\\\\\\\"\\$\\q\" # c\n",
	    "key <A>\ndouble-quoted <\n\r\t\\\"$\\q>\ncomment <# c>\n" },
	{ "compose reads no escape but a quote in single quotes", COMPOSE,
	    "A='\\n\\'\nb'\n", "key <A>\nsingle-quoted <\\n'\nb>\n" },
	{ "two dollars are one to compose", COMPOSE, "A=a$$b\n",
	    "key <A>\nbare <a$b>\n" },
	{ "a name alone is no value to compose", COMPOSE, "A\nB=\n",
	    "other <A>\nkey <B>\nbare <>\n" },

	{ "systemd knows no comment behind a value", SYSTEMD, "A=b # c \n",
	    "key <A>\nbare <b # c>\n" },
	{ "systemd drops blanks between stretches", SYSTEMD,
	    " A = \"x\" 'y' z \n;c\n", "key <A>\nbare <xyz>\ncomment <;c>\n" },
	{ "a backslash escapes any byte to systemd", SYSTEMD, "A=\\a\\ \\\nb\n",
	    "key <A>\nbare <a b>\n" },
	{ "a CR ends a line for systemd", SYSTEMD, "A=b\rB=c\r\n",
	    "key <A>\nbare <b>\nkey <B>\nbare <c>\n" },
	{ "systemd expands nothing", SYSTEMD, "A=\"$X\\$Y\"\n",
	    "key <A>\ndouble-quoted <$X$Y>\n" },
	{ "systemd passes over a line without =", SYSTEMD, "x y\nA=\n",
	    "other <x y>\nkey <A>\nbare <>\n" },

	{ "what is read alike everywhere is read", ANY,
	    "# c\n A=a=b\nB='x y'\nC=\"z\"\nD=\n",
	    "comment <# c>\nkey <A>\nbare <a=b>\nkey <B>\nsingle-quoted <x y>\n"
	    "key <C>\ndouble-quoted <z>\nkey <D>\nbare <>\n" },
};

static void
test_scan(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list = slot_list(scans[i].name, scans[i].format,
		    kp_str_of(scans[i].text));

		slot_expect(scans[i].name, &list, scans[i].expect);
		kp_buf_wipe(&list);
	}
}

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text, *why;
} errors[] = {
	{ "an open quote is an error", SH, "A='b\n", "closes" },
	{ "a here-document is an error", SH, "cat <<E\nA=1\nE\n", "here-doc" },
	{ "an array is an error", SH, "A=(1 2)\n", "array" },
	{ "quotes of some shells are an error", SH, "A=$'b'\n", "differ" },
	{ "text behind a quote is an error to compose", COMPOSE, "A='b'c\n",
	    "behind a closing quote" },
	{ "a value of # is an error to compose", COMPOSE, "A= #b\n",
	    "begins with #" },
	{ "a joined comment is an error to systemd", SYSTEMD, "#a\\\nB=c\n",
	    "backslash" },
	{ "blanks around = are nothing to agree on", ANY, "A = b\n",
	    "NAME=VALUE" },
	{ "a CR is nothing to agree on", ANY, "A=b\r\n", "CR" },
	{ "an open quote is nothing to agree on", ANY, "A=it's\n", "quotes" },
	{ "export is nothing to agree on", ANY, "export A=b\n", "NAME=VALUE" },
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

		if (kp_scan_run(&scan, errors[i].format, &src, &diags))
			fail_msg("%s: it was read", errors[i].name);
		if (strstr(diags.list[0].text, errors[i].why) == NULL)
			fail_msg("%s: %s", errors[i].name, diags.list[0].text);
		kp_scan_wipe(&scan);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *template, *value, *expect;
} fills[] = {
	{ "a plain word stays bare", SH, "A=SLOT\n", "abc", "A=abc\n" },
	{ "signs are put in single quotes", SH, "A=SLOT\n", "a b$(id)`",
	    "A='a b$(id)`'\n" },
	{ "a single quote is written apart", SH, "A='SLOT'\n", "it's",
	    "A='it'\\''s'\n" },
	{ "nothing is expanded in double quotes", SH, "A=\"SLOT\"\n", "$X`\"\\",
	    "A=\"\\$X\\`\\\"\\\\\"\n" },
	{ "what the template expands stays", SH, "A=\"$HOME/SLOT${X:-a}\"\n",
	    "$b", "A=\"$HOME/\\$b${X:-a}\"\n" },
	{ "an empty value is a pair of quotes", SH, "A=SLOT\n", "", "A=''\n" },
	{ "a home directory of the template stays", SH, "A=~/SLOT\n", "a b",
	    "A=~/'a b'\n" },
	{ "bytes that are no text stay", SH, "A=SLOT\n", "\xff", "A='\xff'\n" },

	{ "signs are put in single quotes for compose", COMPOSE, "A=SLOT\n",
	    "a #$b", "A='a #$b'\n" },
	{ "a single quote needs double ones for compose", COMPOSE, "A='SLOT'\n",
	    "it's $5\n", "A=\"it's \\$5\\n\"\n" },
	{ "what compose expands for the template stays", COMPOSE,
	    "A=${X}/SLOT\n", "a b", "A=\"${X}/a b\"\n" },

	{ "signs are put in double quotes for systemd", SYSTEMD, "A=SLOT\n",
	    "a'b $\\", "A=\"a'b \\$\\\\\"\n" },
	{ "single quotes stay where they can", SYSTEMD, "A='SLOT'\n", "a\"$b",
	    "A='a\"$b'\n" },

	{ "signs are put in single quotes for all", ANY, "A=SLOT\n", "a b#c",
	    "A='a b#c'\n" },
	{ "an equals sign is quoted for zsh", ANY, "A=SLOT\n", "=ls",
	    "A='=ls'\n" },
};

static void
test_encode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fills); i++) {
		struct kp_buf got = { 0 };

		if (!slot_fill(fills[i].name, fills[i].format,
		        kp_str_of(fills[i].template), kp_str_of(fills[i].value),
		        &got))
			fail_msg("%s: %s", fills[i].name, got.data);
		slot_expect(fills[i].name, &got, fills[i].expect);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *template;
	struct kp_str value;
	const char *why;
} refusals[] = {
	{ "no variable holds a NUL", SH, "A=SLOT\n", KP_STR("a\0b"), "NUL" },
	{ "a value is no part of a variable's name", SH, "A=$SLOT\n",
	    KP_STR("a"), "expands" },
	{ "a value is no part of a command", SH, "A=`SLOT`\n", KP_STR("a"),
	    "expands" },
	{ "compose takes text alone", COMPOSE, "A=SLOT\n", KP_STR("\xff"),
	    "UTF-8" },
	{ "a brace does not end what compose expands", COMPOSE,
	    "A=\"${X}SLOT\"\n", KP_STR("a}"), "\"}\"" },
	{ "systemd takes text alone", SYSTEMD, "A=SLOT\n", KP_STR("\xff"),
	    "UTF-8" },
	{ "systemd takes no noncharacter", SYSTEMD, "A=SLOT\n",
	    KP_STR("\xef\xbf\xbe"), "noncharacter" },
	{ "no single quote is read alike everywhere", ANY, "A=SLOT\n",
	    KP_STR("it's"), "readers agree" },
	{ "no line break is read alike everywhere", ANY, "A='SLOT'\n",
	    KP_STR("a\nb"), "readers agree" },
	{ "phpdotenv takes =\" for the start of lines", ANY, "A='SLOT'\n",
	    KP_STR("a=\"b"), "readers agree" },
	{ "text that readers differ on is not written again", ANY,
	    "A=SLOT # c\n", KP_STR("b"), "differ" },
};

static void
test_refuse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refusals); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_fill(refusals[i].name, refusals[i].format,
		    kp_str_of(refusals[i].template), refusals[i].value, &got);

		slot_expect_refusal(refusals[i].name, done, &got,
		    refusals[i].why);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text, *path, *expect;
} insertions[] = {
	{ "a variable goes to the end", SH, "A=1\n", "B", "A=1\nB=SLOT\n" },
	{ "a last line without an ending gets one", COMPOSE, "A=1", "B",
	    "A=1\nB=SLOT" },
	{ "a variable goes below its comment", SYSTEMD,
	    "A=1\n# B=old\n#B=older\nC=2\n", "B",
	    "A=1\n# B=old\n#B=older\nB=SLOT\nC=2\n" },
	{ "a text of nothing gets a line", ANY, "", "B", "B=SLOT\n" },
};

static void
test_insert(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(insertions); i++) {
		struct kp_buf got = { 0 };

		if (!slot_insert(insertions[i].name, insertions[i].format,
		        kp_str_of(insertions[i].text), insertions[i].path,
		        &got))
			fail_msg("%s: %s", insertions[i].name, got.data);
		slot_expect(insertions[i].name, &got, insertions[i].expect);
		kp_buf_wipe(&got);
	}
}

static void
test_a_path_is_a_name(void **state)
{
	struct kp_buf got = { 0 };
	bool done =
	    slot_insert("path", SH, kp_str_of("A=1\n"), "B;rm -rf x", &got);

	(void)state;
	slot_expect_refusal("path", done, &got, "no name");
	kp_buf_wipe(&got);
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
		cmocka_unit_test(test_a_path_is_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
