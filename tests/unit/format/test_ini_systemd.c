/* SPDX-License-Identifier: MIT */
/* test_ini_systemd - what systemd reads, and what can be written for it. */
#include "tables.h"

/* Expectations from systemd 252, conf-parser.c and extract-word.c. */
static const struct reading_row readings[] = {
	{ "an empty text has nothing", "", "" },
	{ "sections, keys, values", "# c\n[Unit]\nAfter = a b # c\n ;d\n",
	    "comment <# c>\nsection <Unit>\nkey <After>\nbare <a b # c>\ncomment <;d>\n" },
	{ "a backslash joins the next line",
	    "[Unit]\nAfter=a\\\n# c\n b\nWants=c\n",
	    "section <Unit>\nkey <After>\nbare <a  b>\nkey <Wants>\nbare <c>\n" },
	{ "two of them do not", "[Unit]\nDocumentation=a\\\\\nWants=c\n",
	    "section <Unit>\nkey <Documentation>\nbare <a\\\\>\nkey <Wants>\nbare <c>\n" },
	{ "a CR ends a line", "[Unit]\rAfter=a\r\n",
	    "section <Unit>\nkey <After>\nbare <a>\n" },
	{ "a variable is a word",
	    "[Service]\nEnvironment=A=b \"C=d e\" 'F=g'\n",
	    "section <Service>\nkey <Environment>\nother <>\nbare <A=b>\nother <>\ndouble-quoted <C=d e>\nother <>\nsingle-quoted <F=g>\n" },
	{ "a quote may open within a word",
	    "[Service]\nEnvironment=A=\"b c\"d\n",
	    "section <Service>\nkey <Environment>\nother <>\nbare <A=b cd>\n" },
	{ "escapes are undone, in quotes or not",
	    "[Service]\nEnvironment=A=\\x41\\s\\101 'B=\\u00e9\\t'\n",
	    "section <Service>\nkey <Environment>\nother <>\nbare <A=A A>\nother <>\nsingle-quoted <B=\xc3\xa9\t>\n" },
	{ "two per cent signs are one", "[Service]\nEnvironment=A=%%n%n\n",
	    "section <Service>\nkey <Environment>\nother <>\nbare <A=%n%n>\n" },
	{ "a semicolon parts commands", "[Service]\nExecStop=/a $$ ; /b \\;\n",
	    "section <Service>\nkey <ExecStop>\nother <>\nbare </a>\nother <>\nbare <$>\nother <;>\nother <>\nbare </b>\nother <>\nbare <;>\n" },
	{ "a colon leaves dollar signs alone", "[Service]\nExecStop=-:/a $$\n",
	    "section <Service>\nkey <ExecStop>\nother <>\nbare <-:/a>\nother <>\nbare <$$>\n" },
	{ "an unknown escape stays in a command",
	    "[Service]\nExecStop=/a \\d\n",
	    "section <Service>\nkey <ExecStop>\nother <>\nbare </a>\nother <>\nbare <\\d>\n" },
	{ "a description has no quotes", "[Unit]\nDescription=\"a\" 5%%\n",
	    "section <Unit>\nkey <Description>\nbare <\"a\" 5%>\n" },
	{ "words may stand on several lines", "[Service]\nExecStop=/a \\\n b\n",
	    "section <Service>\nkey <ExecStop>\nother <>\nbare </a>\nother <>\nbare <b>\n" },
};

static const struct fault_row faults[] = {
	{ "a key above the first section", "After=a\n", 1, 0, NULL },
	{ "a line that is no assignment", "[Unit]\nfoo\n", 2, 0, NULL },
	{ "a section with text behind it", "[Unit] x\n", 1, 0, NULL },
	{ "a quote without its counterpart", "[Service]\nEnvironment=\"A=b\n",
	    2, 0, NULL },
	{ "an unknown escape in a variable", "[Service]\nEnvironment=A=\\d\n",
	    2, 0, NULL },
	{ "a line that is not UTF-8", "[Unit]\nAfter=\xff\n", 2, 0, NULL },
};

static const struct fill_row fills[] = {
	{ "a plain word stays bare", "[Service]\nEnvironment=X=SLOT\n", "a/b:c",
	    "[Service]\nEnvironment=X=a/b:c\n" },
	{ "a blank quotes the whole word", "[Service]\nEnvironment=X=SLOT\n",
	    "a b", "[Service]\nEnvironment=\"X=a b\"\n" },
	{ "quotes, backslashes and lines are escaped",
	    "[Service]\nEnvironment=X=SLOT\n", "a\"b\\c\nd\te\x01",
	    "[Service]\nEnvironment=\"X=a\\\"b\\\\c\\nd\\te\\x01\"\n" },
	{ "a per cent sign is doubled", "[Service]\nEnvironment=X=SLOT\n",
	    "%n $x", "[Service]\nEnvironment=\"X=%%n $x\"\n" },
	{ "so is a dollar sign in a command",
	    "[Service]\nExecStart=/bin/x SLOT\n", "$x ${y}",
	    "[Service]\nExecStart=/bin/x \"$$x $${y}\"\n" },
	{ "but not behind a colon", "[Service]\nExecStart=:/bin/x SLOT\n", "$x",
	    "[Service]\nExecStart=:/bin/x \"$x\"\n" },
	{ "a semicolon is a word", "[Service]\nExecStart=/bin/x SLOT\n", ";",
	    "[Service]\nExecStart=/bin/x \";\"\n" },
	{ "nothing at all is one too", "[Service]\nExecStart=/bin/x SLOT\n", "",
	    "[Service]\nExecStart=/bin/x \"\"\n" },
	{ "single quotes stay", "[Service]\nEnvironment='X=SLOT'\n", "it's",
	    "[Service]\nEnvironment='X=it\\'s'\n" },
	{ "a specifier beside it is kept", "[Service]\nEnvironment=X=%n-SLOT\n",
	    "%", "[Service]\nEnvironment=\"X=%n-%%\"\n" },
	{ "so is one that is there", "[Service]\nExecStop=/a 5%%SLOT\n", "n",
	    "[Service]\nExecStop=/a \"5%%n\"\n" },
	{ "a description takes all signs", "[Unit]\nDescription=SLOT\n",
	    "a \"b\" 5% $x", "[Unit]\nDescription=a \"b\" 5%% $x\n" },
	{ "a user's name", "[Service]\nUser=SLOT\n", "grafana",
	    "[Service]\nUser=grafana\n" },
	{ "a span of time", "[Service]\nTimeoutStopSec=SLOT\n", "1min 20s",
	    "[Service]\nTimeoutStopSec=1min 20s\n" },
};

static const struct refusal_row refusals[] = {
	{ "a byte that is not UTF-8", "[Service]\nEnvironment=X=SLOT\n", "\xff",
	    "UTF-8" },
	{ "a noncharacter", "[Service]\nEnvironment=X=SLOT\n", "\xef\xbf\xbe",
	    "noncharacter" },
	{ "a word that is no assignment", "[Service]\nEnvironment=SLOT\n",
	    "a b", "NAME=VALUE" },
	{ "a sign before a program", "[Service]\nExecStart=SLOT\n", "+/bin/x",
	    "a program's path" },
	{ "a blank in a setting of its own grammar", "[Service]\nUser=SLOT\n",
	    "a b", "setting to setting" },
	{ "a specifier in one", "[Service]\nUser=SLOT\n", "%n",
	    "setting to setting" },
	{ "a backslash at the end of a description",
	    "[Unit]\nDescription=SLOT\n", "a\\", "joins the next" },
	{ "a blank at its end", "[Unit]\nDescription=SLOT\n", "a ", "blank" },
	{ "several lines of it", "[Unit]\nDescription=SLOT\n", "a\nb",
	    "more than one line" },
	{ "a specifier and one that is none beside it",
	    "[Service]\nEnvironment=X=%n%%n-SLOT\n", "v",
	    "signs that it does not" },
	{ "a place that goes over several lines",
	    "[Service]\nExecStart=/bin/x \"a \\\n SLOT\"\n", "v",
	    "several lines" },
};

static const struct insert_row inserts[] = {
	{ "a key commented out", "[Service]\n#User=nobody\n", "Service.User",
	    "[Service]\n#User=nobody\nUser=SLOT\n" },
	{ "spaced like its neighbours", "[Service]\nType=simple\n\n[Install]\n",
	    "Service.User",
	    "[Service]\nType=simple\nUser=SLOT\n\n[Install]\n" },
	{ "the first word of a list", "[Service]\n#Environment=A=b\nUser=c\n",
	    "Service.Environment[0]",
	    "[Service]\n#Environment=A=b\nEnvironment=SLOT\nUser=c\n" },
};

static const struct no_insert_row no_inserts[] = {
	{ "a key without a section", "[Service]\n", "User",
	    "without a section" },
	{ "a second command", "[Service]\nExecStart=/bin/x\n",
	    "Service.ExecStart", "list of words" },
	{ "a list as a whole", "[Service]\n", "Service.Environment",
	    "list of words" },
};

static struct tables tables = {
	.format = &kp_format_ini_systemd,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	.nul = "[Unit]\nDescription=SLOT\n",
	.nul_words = "NUL at byte 2",
};

int
main(void)
{
	return run_tables(&tables, 1, NULL, 0);
}
