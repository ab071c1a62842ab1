/* SPDX-License-Identifier: MIT */
/* test_env - what readers of NAME=VALUE lines read, and what can be written. */
#include "tables.h"

/*
 * Expectations from POSIX, Shell Command Language; compose-go,
 * dotenv/parser.go; systemd 252, src/basic/env-file.c.
 */
static const struct reading_row sh_readings[] = {
	{ "a shell joins bare and quoted stretches", "A=a'b c'\"d\"\\ e\n",
	    "key <A>\nbare <ab cd e>\n" },
	{ "a shell takes several assignments in a line", "A=1 B='2'; C=3\n",
	    "key <A>\nbare <1>\nkey <B>\nsingle-quoted <2>\n"
	    "key <C>\nbare <3>\n" },
	{ "a word behind a command is no assignment", "env A=1\nexport B=2",
	    "other <env>\nother <A=1>\nother <export>\nkey <B>\nbare <2>\n" },
	{ "a number sign within a word is no comment", "A=a#b #c\n",
	    "key <A>\nbare <a#b>\ncomment <#c>\n" },
	{ "a backslash in double quotes stays before a letter",
	    "A=\"\\a\\\\\\$\\`\\\"\\\nb\"\n",
	    "key <A>\ndouble-quoted <\\a\\$`\"b>\n" },
	{ "a CR is part of a shell's value", "A=b\r\n",
	    "key <A>\nbare <b\r>\n" },
	{ "an assignment within a command that is run is not listed",
	    "B=2 # $(A=1)\n", "key <B>\nbare <2>\ncomment <# $(A=1)>\n" },
	{ "a dollar alone is itself", "A=a$\nB=\"$\"\n",
	    "key <A>\nbare <a$>\nkey <B>\ndouble-quoted <$>\n" },
	{ "a line goes on behind a backslash", "A=1 \\\nB=2\n",
	    "key <A>\nbare <1>\nkey <B>\nbare <2>\n" },
	{ "where output goes is no value", "A=1 >|f B=2 2>&1\n",
	    "key <A>\nbare <1>\nother <f>\nkey <B>\nbare <2>\n"
	    "other <2>\nother <1>\n" },
};

#define BRACES4 "${b:${b:${b:${b:"
#define BRACES16 BRACES4 BRACES4 BRACES4 BRACES4
#define BRACES64 BRACES16 BRACES16 BRACES16 BRACES16

static const struct fault_row sh_faults[] = {
	{ "an open quote is an error", "A='b\n", 1, 0, "closes" },
	{ "an open double quote is an error", "B=1\nA=\"b\n", 2, 3, "closes" },
	{ "an open back quote is an error", "A=a`b\n", 1, 4, "closes" },
	{ "an open brace is an error", "A=${b\n", 1, 4, "closes" },
	{ "an open bracket is an error", "A=$(b\n", 1, 4, "closes" },
	{ "expansions 65 deep are an error", "A=" BRACES64 "${b\n", 1, 259,
	    "deep" },
	{ "a here-document is an error", "cat <<E\nA=1\nE\n", 1, 0,
	    "here-doc" },
	{ "an array is an error", "A=(1 2)\n", 1, 0, "array" },
	{ "quotes of some shells are an error", "A=$'b'\n", 1, 0, "differ" },
};

static const struct fill_row sh_fills[] = {
	{ "a plain word stays bare", "A=SLOT\n", "abc", "A=abc\n" },
	{ "signs are put in single quotes", "A=SLOT\n", "a b$(id)`",
	    "A='a b$(id)`'\n" },
	{ "a single quote is written apart", "A='SLOT'\n", "it's",
	    "A='it'\\''s'\n" },
	{ "nothing is expanded in double quotes", "A=\"SLOT\"\n", "$X`\"\\",
	    "A=\"\\$X\\`\\\"\\\\\"\n" },
	{ "what the template expands stays", "A=\"$HOME/SLOT${X:-a}\"\n", "$b",
	    "A=\"$HOME/\\$b${X:-a}\"\n" },
	{ "an empty value is a pair of quotes", "A=SLOT\n", "", "A=''\n" },
	{ "a home directory of the template stays", "A=~/SLOT\n", "a b",
	    "A=~/'a b'\n" },
	{ "a home directory behind a colon stays", "A=x:~me/SLOT\n", "a b",
	    "A=x:~me/'a b'\n" },
	{ "a bracket in a comment of a command does not end it",
	    "A=$(b # c)\n)SLOT\n", "a b", "A=$(b # c)\n)'a b'\n" },
	{ "a command's own brackets do not end it", "A=$( (b) )SLOT\n", "a b",
	    "A=$( (b) )'a b'\n" },
	{ "bytes that are no text stay", "A=SLOT\n", "\xff", "A='\xff'\n" },
	{ "what is expanded in quotes stays in quotes", "A=a\"$X\"SLOT\n",
	    "b c", "A=a\"$X\"'b c'\n" },
};

static const struct refusal_row sh_refusals[] = {
	{ "a value is no part of a variable's name", "A=$SLOT\n", "a",
	    "expands" },
	{ "a value is no part of a command", "A=`SLOT`\n", "a", "expands" },
};

static const struct insert_row sh_inserts[] = {
	{ "a variable goes to the end", "A=1\n", "B", "A=1\nB=SLOT\n" },
	{ "one that was exported is exported", "# export A=x\n#B=\nC=1\n", "A",
	    "# export A=x\nexport A=SLOT\n#B=\nC=1\n" },
	{ "a line ends in LF alone, for a CR is part of a value",
	    "A=1\r\n#B=2\r\nC=3\r\n", "B", "A=1\r\n#B=2\r\nB=SLOT\nC=3\r\n" },
	{ "so does a last line without an ending", "A=1\r\nB=2", "C",
	    "A=1\r\nB=2\nC=SLOT" },
	{ "not within a command that may not run",
	    "if [ -n \"$X\" ]; then\n\t#B=2\n\tA=1\nfi\n", "B",
	    "if [ -n \"$X\" ]; then\n\t#B=2\n\tA=1\nfi\nB=SLOT\n" },
	{ "nor between patterns",
	    "case x in\n#B=2\nx) A=1;;\n(y)\n#B=3\n;;\nesac\n", "B",
	    "case x in\n#B=2\nx) A=1;;\n(y)\n#B=3\n;;\nesac\nB=SLOT\n" },
	{ "nor in a loop, a function, or another shell",
	    "for i in if; do\n#B=1\ndone\nf() {\n#B=2\n}\n(\n#B=3\n)\n", "B",
	    "for i in if; do\n#B=1\ndone\nf() {\n#B=2\n}\n(\n#B=3\n)\n"
	    "B=SLOT\n" },
	{ "but behind it", "if x; then y; fi\n#B=\nwhile x\ndo\ny\ndone\n", "B",
	    "if x; then y; fi\n#B=\nB=SLOT\nwhile x\ndo\ny\ndone\n" },
};

static const struct reading_row compose_readings[] = {
	{ "compose cuts a bare value at a blank and a number sign",
	    "A = a#b c #d\n", "key <A>\nbare <a#b c>\ncomment <#d>\n" },
	{ "compose takes a colon and export", "export A: b\n",
	    "other <export>\nkey <A>\nbare <b>\n" },
	{ "compose reads escapes in double quotes",
	    "A=\"\\n\\r\\t\\\\\\\"\\$\\q\" # c\n",
	    "key <A>\ndouble-quoted <\n\r\t\\\"$\\q>\ncomment <# c>\n" },
	{ "compose reads no escape but a quote in single quotes",
	    "A='\\n\\'\nb'\n", "key <A>\nsingle-quoted <\\n'\nb>\n" },
	{ "two dollars are one to compose", "A=a$$b\n",
	    "key <A>\nbare <a$b>\n" },
	{ "a name alone is no value to compose", "A\nB=\n",
	    "other <A>\nkey <B>\nbare <>\n" },
	{ "a byte order mark is nothing to compose",
	    "\xef\xbb\xbf"
	    "A=b\n",
	    "key <A>\nbare <b>\n" },
	{ "a CR behind a comment is none of it", "# c\r\nA=b\n",
	    "comment <# c>\nkey <A>\nbare <b>\n" },
	{ "blanks before a comment are no part of a value", "A=b \t #c\n",
	    "key <A>\nbare <b>\ncomment <#c>\n" },
};

static const struct fault_row compose_faults[] = {
	{ "text behind a quote is an error to compose", "A='b'c\n", 1, 0,
	    "behind a closing quote" },
	{ "a value of # is an error to compose", "A= #b\n", 1, 0,
	    "begins with #" },
	{ "an open quote is an error to compose", "A=\"b\n", 1, 3, "closes" },
	{ "an octal escape is an error to compose", "A=\"b\\012\"\n", 1, 5,
	    "differently" },
};

static const struct fill_row compose_fills[] = {
	{ "signs are put in single quotes for compose", "A=SLOT\n", "a #$b",
	    "A='a #$b'\n" },
	{ "a single quote needs double ones for compose", "A='SLOT'\n",
	    "it's $5\n", "A=\"it's \\$5\\n\"\n" },
	{ "what compose expands for the template stays", "A=${X}/SLOT\n", "a b",
	    "A=\"${X}/a b\"\n" },
	{ "a name that compose expands ends where no name goes on",
	    "A=$X_1-SLOT\n", "a b", "A=\"$X_1-a b\"\n" },
};

static const struct refusal_row compose_refusals[] = {
	{ "compose takes text alone", "A=SLOT\n", "\xff", "UTF-8" },
	{ "a brace does not end what compose expands", "A=\"${X}SLOT\"\n", "a}",
	    "\"}\"" },
	{ "quotes cannot go around what compose expands with quotes",
	    "A=${X:-\"d\"}SLOT\n", "a b", "needs quotes" },
};

static const struct insert_row compose_inserts[] = {
	{ "a last line without an ending gets one", "A=1", "B", "A=1\nB=SLOT" },
	{ "a line ends as the others do for compose", "A=1\r\n", "B",
	    "A=1\r\nB=SLOT\r\n" },
};

static const struct reading_row systemd_readings[] = {
	{ "systemd knows no comment behind a value", "A=b # c \n",
	    "key <A>\nbare <b # c>\n" },
	{ "systemd drops blanks between stretches", " A = \"x\" 'y' z \n;c\n",
	    "key <A>\nbare <xyz>\ncomment <;c>\n" },
	{ "a backslash escapes any byte to systemd", "A=\\a\\ \\\nb\n",
	    "key <A>\nbare <a b>\n" },
	{ "a CR ends a line for systemd", "A=b\rB=c\r\n",
	    "key <A>\nbare <b>\nkey <B>\nbare <c>\n" },
	{ "systemd expands nothing", "A=\"$X\\$Y\"\n",
	    "key <A>\ndouble-quoted <$X$Y>\n" },
	{ "a backslash before a letter stays in double quotes", "A=\"\\a\"\n",
	    "key <A>\ndouble-quoted <\\a>\n" },
	{ "systemd passes over a line without =", "x y\nA=\n",
	    "other <x y>\nkey <A>\nbare <>\n" },
};

static const struct fault_row systemd_faults[] = {
	{ "an open quote is an error to systemd", "B=1\nA='b\n", 2, 3,
	    "closes" },
	{ "an open double quote is an error to systemd", "A=\"b\n", 1, 3,
	    "closes" },
	{ "a joined comment is an error to systemd", "#a\\\nB=c\n", 1, 0,
	    "backslash" },
};

static const struct fill_row systemd_fills[] = {
	{ "signs are put in double quotes for systemd", "A=SLOT\n", "a'b $\\",
	    "A=\"a'b \\$\\\\\"\n" },
	{ "single quotes stay where they can", "A='SLOT'\n", "a\"$b",
	    "A='a\"$b'\n" },
};

static const struct refusal_row systemd_refusals[] = {
	{ "systemd takes text alone", "A=SLOT\n", "\xff", "UTF-8" },
	{ "systemd takes no noncharacter", "A=SLOT\n", "\xef\xbf\xbe",
	    "noncharacter" },
};

static const struct insert_row systemd_inserts[] = {
	{ "a variable goes below its comment", "A=1\n# B=old\n#B=older\nC=2\n",
	    "B", "A=1\n# B=old\n#B=older\nB=SLOT\nC=2\n" },
};

static const struct reading_row any_readings[] = {
	{ "what is read alike everywhere is read",
	    "# c\n A=a=b\nB='x y'\nC=\"z\"\nD=\n",
	    "comment <# c>\nkey <A>\nbare <a=b>\nkey <B>\nsingle-quoted <x y>\n"
	    "key <C>\ndouble-quoted <z>\nkey <D>\nbare <>\n" },
	{ "blanks behind a value are none of it", "A=b \t\nB='c' \n",
	    "key <A>\nbare <b>\nkey <B>\nsingle-quoted <c>\n" },
};

static const struct fault_row any_faults[] = {
	{ "blanks around = are nothing to agree on", "A = b\n", 1, 0,
	    "NAME=VALUE" },
	{ "a CR is nothing to agree on", "A=b\r\n", 1, 0, "CR" },
	{ "an open quote is nothing to agree on", "A=it's\n", 1, 0, "quotes" },
	{ "export is nothing to agree on", "export A=b\n", 1, 0, "NAME=VALUE" },
	{ "a blank before a value is nothing to agree on", "A= b\n", 1, 3,
	    "a blank" },
	{ "a comment that may be joined is nothing to agree on", "A=b\n# c\\\n",
	    2, 4, "backslash" },
};

static const struct fill_row any_fills[] = {
	{ "signs are put in single quotes for all", "A=SLOT\n", "a b#c",
	    "A='a b#c'\n" },
	{ "an equals sign is quoted for zsh", "A=SLOT\n", "=ls", "A='=ls'\n" },
};

static const struct refusal_row any_refusals[] = {
	{ "no single quote is read alike everywhere", "A=SLOT\n", "it's",
	    "readers agree" },
	{ "no line break is read alike everywhere", "A='SLOT'\n", "a\nb",
	    "readers agree" },
	{ "phpdotenv takes =\" for the start of lines", "A='SLOT'\n", "a=\"b",
	    "readers agree" },
	{ "text that readers differ on is not written again", "A=SLOT # c\n",
	    "b", "differ" },
};

static const struct insert_row any_inserts[] = {
	{ "a text of nothing gets a line", "", "B", "B=SLOT\n" },
};

static void
a_path_is_a_name(void **state)
{
	struct kp_buf got = { 0 };
	bool done = slot_insert("path", &kp_format_env_sh, kp_str_of("A=1\n"),
	    "B;rm -rf x", &got);

	(void)state;
	slot_expect_refusal("path", done, &got, "this name");
	kp_buf_wipe(&got);
}

static struct tables tables[] = {
	{
	    .format = &kp_format_env_sh,
	    TABLE(readings, sh_readings),
	    TABLE(faults, sh_faults),
	    TABLE(fills, sh_fills),
	    TABLE(refusals, sh_refusals),
	    TABLE(inserts, sh_inserts),
	    .nul = "A=SLOT\n",
	    .nul_words = "NUL",
	},
	{
	    .format = &kp_format_env_compose,
	    TABLE(readings, compose_readings),
	    TABLE(faults, compose_faults),
	    TABLE(fills, compose_fills),
	    TABLE(refusals, compose_refusals),
	    TABLE(inserts, compose_inserts),
	},
	{
	    .format = &kp_format_env_systemd,
	    TABLE(readings, systemd_readings),
	    TABLE(faults, systemd_faults),
	    TABLE(fills, systemd_fills),
	    TABLE(refusals, systemd_refusals),
	    TABLE(inserts, systemd_inserts),
	},
	{
	    .format = &kp_format_env,
	    TABLE(readings, any_readings),
	    TABLE(faults, any_faults),
	    TABLE(fills, any_fills),
	    TABLE(refusals, any_refusals),
	    TABLE(inserts, any_inserts),
	},
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(a_path_is_a_name),
	};

	return run_tables(tables, COUNT(tables), more, COUNT(more));
}
