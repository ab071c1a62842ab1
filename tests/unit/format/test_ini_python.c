/* SPDX-License-Identifier: MIT */
/* test_ini_python - what configparser reads, and what can be written for it. */
#include "tables.h"

/* Expectations from Python 3.11, Lib/configparser.py. */
static const struct reading_row readings[] = {
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

static const struct fault_row faults[] = {
	{ "a key above the first section", "k = v\n", 1, 0, NULL },
	{ "a key without a delimiter", "[s]\nk\n", 2, 0, NULL },
	{ "a value without a key", "[s]\n= v\n", 2, 0, NULL },
	{ "a key that comes twice, in capitals or not", "[s]\nk = a\nK = b\n",
	    3, 0, NULL },
	{ "a section that comes twice", "[s]\n[t]\n[s]\n", 3, 0, NULL },
};

static const struct fill_row fills[] = {
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

static const struct refusal_row refusals[] = {
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

static const struct insert_row inserts[] = {
	{ "behind the key commented out", "[s]\n;k = 1\nl = 2\n", "s.k",
	    "[s]\n;k = 1\nk = SLOT\nl = 2\n" },
	{ "behind a value of several lines", "[s]\nl = 2\n  3\n[t]\n", "s.k",
	    "[s]\nl = 2\n  3\nk = SLOT\n[t]\n" },
	{ "as deep as its neighbours", "[s]\n  l = 2\n", "s.k",
	    "[s]\n  l = 2\n  k = SLOT\n" },
	{ "behind a last line without an ending", "[s]\nl = 2", "s.k",
	    "[s]\nl = 2\nk = SLOT" },
	{ "in a file of CR LF lines, too", "[s]\r\n  l = 2", "s.k",
	    "[s]\r\n  l = 2\r\n  k = SLOT" },
};

static const struct no_insert_row no_inserts[] = {
	{ "a key without a section", "[s]\n", "k", "without a section" },
	{ "a line that would go on with a value", "[s]\nl = 2\n  ;k = 1\n",
	    "s.k", "indented" },
	{ "a last line that would go on with a value", "[s]\nl = 2\n  ;k = 1",
	    "s.k", "indented" },
	{ "a line that the next would go on with",
	    "[s]\n  l = 2\n;k = 1\n  m = 3\n", "s.k", "indented" },
};

static struct tables tables = {
	.format = &kp_format_ini_python,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
};

int
main(void)
{
	return run_tables(&tables, 1, NULL, 0);
}
