/* SPDX-License-Identifier: MIT */
/* test_ini_php - what PHP reads, and what can be written for it. */
#include "tables.h"

/* Expectations from PHP 8.2, Zend/zend_ini_scanner.l. */
static const struct reading_row readings[] = {
	{ "an empty text has nothing", "", "" },
	{ "a byte order mark is no part of the first key", "\xef\xbb\xbfk=v\n",
	    "key <k>\nbare <v>\n" },
	{ "sections and comments", "[a b] ; c\nk\t=\tv ; d\n",
	    "section <a b>\ncomment <; c>\nkey <k>\nbare <v>\ncomment <; d>\n" },
	{ "a header may be followed by a key", "[a] k=v\n",
	    "section <a>\nkey <k>\nbare <v>\n" },
	{ "a number sign is no comment", "# k = a # b\n",
	    "key <# k>\nbare <a # b>\n" },
	{ "a CR ends a line", "k=v\rl=m\r\n",
	    "key <k>\nbare <v>\nkey <l>\nbare <m>\n" },
	{ "a key may have no value", "k\nl=v", "key <k>\nkey <l>\nbare <v>\n" },
	{ "a tab ends a key", "a\tb = v\n", "key <a>\nkey <b>\nbare <v>\n" },
	{ "a key may have an offset", "k[] = a\nk[b c] = d\n",
	    "key <k[]>\nbare <a>\nkey <k[b c]>\nbare <d>\n" },
	{ "single quotes hold all but themselves", "k='a\\;\"\nb'\n",
	    "key <k>\nsingle-quoted <a\\;\"\nb>\n" },
	{ "double quotes have escapes", "k=\"a\\\"b\\\\c\\d\"\n",
	    "key <k>\ndouble-quoted <a\"b\\c\\d>\n" },
	{ "a backslash and a quote at the end of a line",
	    "k=\"C:\\a\\\"\nl=m\n",
	    "key <k>\ndouble-quoted <C:\\a\\>\nkey <l>\nbare <m>\n" },
	{ "neighbours are joined", "k='a'\"'\"'b'\n", "key <k>\nbare <a'b>\n" },
	{ "blanks around double quotes get lost", "k=a \"b\" c\n",
	    "key <k>\nbare <abc>\n" },
	{ "blanks around single ones do not", "k=a 'b' c\n",
	    "key <k>\nbare <a b c>\n" },
	{ "a dollar sign takes the next byte with it", "k=a$;b\n",
	    "key <k>\nbare <a$;b>\n" },
	{ "a reference stays as it is", "k=\"a${b}\"c\n",
	    "key <k>\nbare <a${b}c>\n" },
	{ "an expression stays as it is", "k=E_ALL & ~E_NOTICE ; c\n",
	    "key <k>\nbare <E_ALL & ~E_NOTICE>\ncomment <; c>\n" },
	{ "an empty value is there", "k=\nl=\"\"\n",
	    "key <k>\nbare <>\nkey <l>\ndouble-quoted <>\n" },
	{ "blanks at the very end of the text stay", "k=a  ",
	    "key <k>\nbare <a  >\n" },
};

static const struct fault_row faults[] = {
	{ "a single quote wants its counterpart", "\nk=it's\n", 2, 0, NULL },
	{ "an empty pair of single quotes is none", "k=''\n", 1, 0, NULL },
	{ "a double quote wants its counterpart", "k=\"a\n", 1, 0, NULL },
	{ "a second equals sign", "k=a=b\n", 1, 0, NULL },
	{ "a boolean among other words", "k=yes a\n", 1, 0, NULL },
	{ "a boolean for a key", "on = 1\n", 1, 0, NULL },
	{ "a section wants its bracket", "[a\n", 1, 0, NULL },
	{ "a section that is indented", "k=1\n  [a]\n", 2, 3, "for a key" },
	{ "a bracket outside values", "k=v\na(b=1\n", 2, 0, NULL },
	{ "an operator of no right side", "k=1\nl=5 & ;\n", 2, 7, "half" },
	{ "an operator of no left side", "k= | 5\n", 1, 4, "operator" },
	{ "two operators", "k=1 & | 5\n", 1, 7, "operator" },
	{ "a negation behind a word", "k=1 ~ 5\n", 1, 5, "operator" },
	{ "a bracket behind a word", "k=a(1)\n", 1, 4, "operator" },
	{ "a bracket too many", "k=(1))\n", 1, 6, "operator" },
	{ "a bracket too few", "k=(1 | (2)\n", 1, 11, "half" },
	{ "a bracket around nothing", "k=()\n", 1, 4, "operator" },
	{ "a word behind a bracket", "k=(1) 2\n", 1, 7, "behind a" },
	{ "a sign that PHP has no place for", "k = )\n", 1, 0, "no place" },
	{ "a reference without its end", "k=${a\n", 1, 0, "without its" },
	{ "an offset without its end", "a[b=1\n", 1, 0, "does not end" },
};

static const struct fill_row fills[] = {
	{ "a path stays bare", "k = SLOT\nl = 1\n", "/var/lib/php",
	    "k = /var/lib/php\nl = 1\n" },
	{ "a word may be a constant", "k = SLOT\nl = 1\n", "hunter",
	    "k = 'hunter'\nl = 1\n" },
	{ "a boolean is quoted", "k = SLOT\nl = 1\n", "off",
	    "k = 'off'\nl = 1\n" },
	{ "a secret of digits is no number", "k = SLOT\nl = 1\n", "0123",
	    "k = '0123'\nl = 1\n" },
	{ "nothing at all", "k = SLOT\nl = 1\n", "", "k = \"\"\nl = 1\n" },
	{ "signs stand in single quotes", "k = SLOT\nl = 1\n", "a;b\\${x}\"\n#",
	    "k = 'a;b\\${x}\"\n#'\nl = 1\n" },
	{ "a single quote in double ones", "k = SLOT\nl = 1\n", "it's",
	    "k = \"it's\"\nl = 1\n" },
	{ "both in strings side by side", "k = SLOT\nl = 1\n", "it's \"$x\"",
	    "k = 'it'\"'\"'s \"$x\"'\nl = 1\n" },
	{ "double quotes stay", "k=\"SLOT\"\n", "a\"b\\c$d",
	    "k=\"a\\\"b\\\\c$d\"\n" },
	{ "a reference beside it is kept", "k=\"${a}/SLOT\"\n", "b",
	    "k=\"${a}/b\"\n" },
	{ "a value that looks like one is not", "k=\"${a}/SLOT\"\n", "${b}",
	    "k=\"${a}\"'/${b}'\n" },
	{ "nor is text in single quotes", "k='${a}/SLOT'\n", "it's",
	    "k='${a}/it'\"'\"'s'\n" },
	{ "a last backslash leaves double quotes", "k=\"SLOT\"\n", "a\\",
	    "k='a\\'\n" },
	{ "a part of a bare value quotes all of it", "k=a x.SLOT b\n", "y|z",
	    "k='a x.y|z b'\n" },
};

static const struct refusal_row refusals[] = {
	{ "a place in an expression", "k=E_ALL & SLOT\n", "v",
	    "operator or a constant" },
	{ "a place beside a constant", "k=PHP_VERSION\"SLOT\"\n", "v",
	    "operator or a constant" },
	{ "a reference and one that is none", "k='${a}'\"${b}SLOT\"\n", "v",
	    "does not" },
};

static const struct insert_row inserts[] = {
	{ "behind the key commented out", "[PHP]\n;k = 1\nl = 2\n", "PHP.k",
	    "[PHP]\n;k = 1\nk = SLOT\nl = 2\n" },
	{ "above the first section", "[PHP]\n", "k", "k = SLOT\n[PHP]\n" },
};

static struct tables tables = {
	.format = &kp_format_ini_php,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	.nul = "k = SLOT\nl = 1\n",
	.nul_words = "NUL at byte 2",
};

int
main(void)
{
	return run_tables(&tables, 1, NULL, 0);
}
