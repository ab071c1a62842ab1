/* SPDX-License-Identifier: MIT */
/* test_ini_mysql - what MariaDB reads, and what can be written for it. */
#include "tables.h"

/* Expectations from MariaDB 10.11, mysys/my_default.c. */
static const struct reading_row readings[] = {
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

static const struct fault_row faults[] = {
	{ "an option above the first group", "\nk=v\n", 2, 0, NULL },
	{ "a group without its bracket", "[g]\n[h\n", 2, 0, NULL },
	{ "a value without an option", "[g]\n = v\n", 2, 0, NULL },
	{ "a byte order mark", "\xef\xbb\xbf[g]\n", 1, 0, NULL },
};

static const struct fill_row fills[] = {
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

static const struct refusal_row refusals[] = {
	{ "a comment behind it, text to Connector/C", "[g]\nk = SLOT # c\n",
	    "v", "comment behind" },
	{ "a quote in the option's name", "[g]\n'k = SLOT\n", "v",
	    "quote in the option" },
};

static const struct insert_row inserts[] = {
	{ "behind the option commented out", "[g]\n#k=1\nl=2\n", "g.k",
	    "[g]\n#k=1\nk=SLOT\nl=2\n" },
	{ "behind the option in its other spelling", "[g]\n#k-k=1\nl=2\n",
	    "g.k_k", "[g]\n#k-k=1\nk_k=SLOT\nl=2\n" },
	{ "at the end of its group", "[g]\nl=2\n[h]\n", "g.k",
	    "[g]\nl=2\nk=SLOT\n[h]\n" },
};

static const struct no_insert_row no_inserts[] = {
	{ "an option without a group", "[g]\n", "k", "without a section" },
};

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
	assert_true(slot_fill("as long as can be", &kp_format_ini_mysql,
	    template, kp_str_make(value, 4092), &got));
	kp_buf_wipe(&got);
	done = slot_fill("a byte longer", &kp_format_ini_mysql, template,
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
	assert_false(kp_scan_run(&scan, &kp_format_ini_mysql, &src, &diags));
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

static struct tables tables = {
	.format = &kp_format_ini_mysql,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	.nul = "[g]\nk = SLOT\n",
	.nul_words = "NUL at byte 2",
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(test_a_value_of_4092_bytes_is_the_longest),
		cmocka_unit_test(test_a_longer_line_is_not_read),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
