/* SPDX-License-Identifier: MIT */
/* test_ini_grafana - what Grafana reads, and what can be written for it. */
#include "tables.h"

/* Expectations from gopkg.in/ini.v1 1.66.2, parser.go. */
static const struct reading_row readings[] = {
	{ "an empty text has nothing", "", "" },
	{ "a byte order mark is no part of the first key",
	    "\xef\xbb\xbfk = v\n", "key <k>\nbare <v>\n" },
	{ "blanks around key and value are dropped", "\t k \t= \t v \t\n",
	    "key <k>\nbare <v>\n" },
	{ "a no-break space is a blank to go-ini", "k =\xc2\xa0v\xc2\xa0\n",
	    "key <k>\nbare <v>\n" },
	{ "a byte that is no UTF-8 is not a blank", "k = \xa0v\x85\n",
	    "key <k>\nbare <\xa0v\x85>\n" },
	{ "a line may end in CR LF", "[s]\r\nk = v\r\n",
	    "section <s>\nkey <k>\nbare <v>\n" },
	{ "a key ends at the first colon", "k:v=w\n", "key <k>\nbare <v=w>\n" },
	{ "a key ends at the first equals sign", "k=v:w\n",
	    "key <k>\nbare <v:w>\n" },
	{ "a key may be in double quotes", "\"a=b\" x = v\n",
	    "key <a=b>\nbare <v>\n" },
	{ "a key may be in back-quotes", "`a:b`=v\n", "key <a:b>\nbare <v>\n" },
	{ "a key may be in triple quotes", "\"\"\"a\"b\"\"\" = v\n",
	    "key <a\"b>\nbare <v>\n" },
	{ "a key that is a dash is numbered in its section",
	    "- = a\n- = b\n[s]\n- = c\n",
	    "key <#1>\nbare <a>\nkey <#2>\nbare <b>\n"
	    "section <s>\nkey <#1>\nbare <c>\n" },
	{ "a section's dot is part of its name", "[auth.google]\n",
	    "section <auth.google>\n" },
	{ "a section ends at the last bracket of its line", "[a] ; see [b]\n",
	    "section <a] ; see [b>\n" },
	{ "what follows a section is dropped", "[a] b # c\n",
	    "section <a>\ncomment <b # c>\n" },
	{ "comments begin with # or ;", "# a\n ; b\n",
	    "comment <# a>\ncomment <; b>\n" },
	{ "a value is cut at a semicolon, blank before it or not", "k = a;b\n",
	    "key <k>\nbare <a>\ncomment <;b>\n" },
	{ "a value is cut at a number sign", "k = a #b\n",
	    "key <k>\nbare <a>\ncomment <#b>\n" },
	{ "double quotes do not protect a number sign", "k = \"a#b\"\n",
	    "key <k>\nbare <\"a>\ncomment <#b\">\n" },
	{ "one pair of double quotes is taken off", "k = \" a \" ; c\n",
	    "key <k>\ndouble-quoted < a >\ncomment <; c>\n" },
	{ "one pair of single quotes is taken off", "k = ' a '\n",
	    "key <k>\nsingle-quoted < a >\n" },
	{ "a third quote within keeps them", "k = \"a\"b\"\n",
	    "key <k>\nbare <\"a\"b\">\n" },
	{ "a quote alone is a value", "k = '\n", "key <k>\nbare <'>\n" },
	{ "back-quotes end at the last one of the line", "k = `a`b` c\n",
	    "key <k>\nbacktick-quoted <a`b>\ncomment <c>\n" },
	{ "nothing is special in back-quotes", "k = ` #;\\`\n",
	    "key <k>\nbacktick-quoted < #;\\>\n" },
	{ "back-quotes span lines up to one with a back-quote",
	    "k = `a\n b\r\nc`d` e\nl = m\n",
	    "key <k>\nbacktick-quoted <a\n b\r\nc`d>\ncomment <e>\n"
	    "key <l>\nbare <m>\n" },
	{ "triple quotes span lines too", "k = \"\"\"a\"\n\"\"b\"\"\"\n",
	    "key <k>\ntriple-quoted <a\"\n\"\"b>\n" },
	{ "four quotes at the end leave one in the value",
	    "k = \"\"\"a\"\"\"\"\n", "key <k>\ntriple-quoted <a\">\n" },
	{ "triple quotes alone on the last line open nothing", "k = \"\"\"",
	    "key <k>\nbare <\"\"\">\n" },
	{ "a final backslash joins the next line",
	    "k = a\\\n  b = c # d\nl = m\n",
	    "key <k>\nbare <ab = c # d>\nkey <l>\nbare <m>\n" },
	{ "a backslash in a comment behind a value joins too",
	    "k = a ; b\\\nc\n", "key <k>\nbare <a ; bc>\n" },
	{ "a blank line ends the joining", "k = a\\\n\nl = m\n",
	    "key <k>\nbare <a>\nkey <l>\nbare <m>\n" },
	{ "the end of the text ends the joining", "k = a\\",
	    "key <k>\nbare <a>\n" },
	{ "an empty value is there", "k =\nl = ; c\n",
	    "key <k>\nbare <>\nkey <l>\nbare <>\ncomment <; c>\n" },
	{ "a key that comes twice is there twice", "k = a\nk = b\n",
	    "key <k>\nbare <a>\nkey <k>\nbare <b>\n" },
};

static const struct fault_row faults[] = {
	{ "a key wants a delimiter", "a = 1\nkey\n", 2, 0, NULL },
	{ "a section wants its bracket", "\n\n[s\n", 3, 0, NULL },
	{ "a section wants a name", "[]\n", 1, 0, NULL },
	{ "a value wants a key", "= v\n", 1, 0, NULL },
	{ "a quoted key wants its quote", "\"k = v\n", 1, 0, NULL },
	{ "a back-quoted value wants its quote", "k = `a\nb\n", 1, 0, NULL },
	{ "a triple-quoted value wants its quote", "k = \"\"\"a\"\"\nb\n", 1, 0,
	    NULL },
};

static const struct fill_row fills[] = {
	{ "a word stays bare", "k = SLOT\n", "s3cret", "k = s3cret\n" },
	{ "what other readers expand stays bare", "k = SLOT\n",
	    "a&b|c$d {e} \\1 50%", "k = a&b|c$d {e} \\1 50%\n" },
	{ "text around it stays bare too", "k = http://SLOT:80/\n", "h",
	    "k = http://h:80/\n" },
	{ "a number sign asks for back-quotes", "k = SLOT\n", "a#b",
	    "k = `a#b`\n" },
	{ "a semicolon asks for back-quotes", "k=SLOT\n", "a;b", "k=`a;b`\n" },
	{ "a blank at the end asks for back-quotes", "k = SLOT\n", "a ",
	    "k = `a `\n" },
	{ "a final backslash asks for back-quotes", "k = SLOT\n", "a\\",
	    "k = `a\\`\n" },
	{ "a first quote asks for back-quotes", "k = SLOT\n", "\"a\"",
	    "k = `\"a\"`\n" },
	{ "a back-quote within back-quotes is kept", "k = SLOT\n", "`a`#",
	    "k = ``a`#`\n" },
	{ "a value of two lines asks for back-quotes", "k = SLOT\n", "a\nb`",
	    "k = `a\nb``\n" },
	{ "a back-quote above the last line asks for triple quotes",
	    "k = SLOT\n", "a`\nb", "k = \"\"\"a`\nb\"\"\"\n" },
	{ "an inline comment stays", "k = SLOT ; note\n", "v",
	    "k = v ; note\n" },
	{ "an inline comment stays behind back-quotes", "k = SLOT ; note\n",
	    "a;b", "k = `a;b` ; note\n" },
	{ "a back-quote in the comment asks for triple quotes",
	    "k = SLOT ; use `x`\n", "a;b", "k = \"\"\"a;b\"\"\" ; use `x`\n" },
	{ "double quotes stay", "k = \"SLOT\"\n", " a ", "k = \" a \"\n" },
	{ "double quotes give way where they must", "k = \"a SLOT\"\n", "b\"",
	    "k = `a b\"`\n" },
	{ "single quotes stay", "k = 'SLOT'\n", "a\"b", "k = 'a\"b'\n" },
	{ "back-quotes stay", "k = `SLOT`\n", "a", "k = `a`\n" },
	{ "triple quotes stay", "k = \"\"\"SLOT\"\"\"\n", "\"",
	    "k = \"\"\"\"\"\"\"\n" },
	{ "lines around it stay", "k = `a\nSLOT\nc`\n", "b",
	    "k = `a\nb\nc`\n" },
	{ "joined lines become one", "k = a\\\n  SLOT\nl = m\n", "b",
	    "k = ab\nl = m\n" },
	{ "the line ending stays CR LF", "k = SLOT\r\n", "a#b",
	    "k = `a#b`\r\n" },
	{ "the last line may lack its ending", "k = SLOT", "a#b", "k = `a#b`" },
	{ "what looks like a section is in quotes", "k = SLOT\n",
	    "a\n[s]\nk = w", "k = `a\n[s]\nk = w`\n" },
	{ "the template's own variables stay", "k = %(proto)s://SLOT${X}\n",
	    "h", "k = %(proto)s://h${X}\n" },
	{ "a dollar sign and a brace apart are text", "k = SLOT\n",
	    "$X $ {x} ${} $__{x} ${", "k = $X $ {x} ${} $__{x} ${\n" },
	{ "a percent sign and parentheses apart are text", "k = SLOT\n",
	    "%(x) %()s % (x)s", "k = %(x) %()s % (x)s\n" },
};

static const char *const places[] = {
	"k = SLOT\n",
	"k = SLOT ; note\n",
	"k = a SLOT b\n",
	"k = 'SLOT'\n",
	"k = \"SLOT\"\n",
	"k = `SLOT`\n",
	"k = \"\"\"SLOT\"\"\"\n",
	"k = `a\nSLOT\nb`\n",
	"k = SLOT",
};

static const struct refusal_row refusals[] = {
	{ "an empty value does not override", "k = SLOT\n", "", "empty" },
	{ "Grafana's variable", "k = SLOT\n", "${X}", "${...}" },
	{ "Grafana's variable with a provider", "k = `SLOT`\n", "a$__file{/x}b",
	    "${...}" },
	{ "a provider that Grafana may not have", "k = SLOT\n", "$__vault{a:b}",
	    "${...}" },
	{ "a variable across lines", "k = SLOT\n", "${a\nb}", "${...}" },
	{ "a variable made with the template before it", "k = $SLOT\n", "{X}",
	    "${...}" },
	{ "a variable made with the template behind it", "k = SLOT{X}\n",
	    "$__env", "${...}" },
	{ "a name within the template's variable", "k = ${SLOT}\n", "X",
	    "${...}" },
	{ "a variable behind an empty one", "k = SLOT\n", "${}${X}", "${...}" },
	{ "another key's value", "k = SLOT\n", "%(x)s", "%(...)s" },
	{ "another key's value, made with the template", "k = %(SLOT\n", "x)s",
	    "%(...)s" },
	{ "both quotes above the last line", "k = SLOT\n", "`\"\"\"\n",
	    "above its last line" },
	{ "both quotes in a comment behind it",
	    "k = SLOT ; `x` \"\"\"y\"\"\"\n", "a#b",
	    "what follows on the line" },
};

static const struct insert_row inserts[] = {
	{ "behind the key commented out",
	    "[security]\n;admin_user = admin\n\n[x]\n", "security.admin_user",
	    "[security]\n;admin_user = admin\nadmin_user = SLOT\n\n[x]\n" },
	{ "spaced as the comment is", "[s]\n#a=1\n", "s.a",
	    "[s]\n#a=1\na=SLOT\n" },
	{ "indented as the comment is", "[s]\n  ;  a : 1\nb = 2\n", "s.a",
	    "[s]\n  ;  a : 1\n  a : SLOT\nb = 2\n" },
	{ "a comment with no value keeps its blank", "[s]\n;a =\n", "s.a",
	    "[s]\n;a =\na = SLOT\n" },
	{ "behind the last of two such comments", "[s]\n;a = 1\n;a = 2\n",
	    "s.a", "[s]\n;a = 1\n;a = 2\na = SLOT\n" },
	{ "not behind one of another section", "[r]\n;a = 1\n[s]\n", "s.a",
	    "[r]\n;a = 1\n[s]\na = SLOT\n" },
	{ "not behind one of a longer name", "[s]\n;ab = 1\n", "s.a",
	    "[s]\na = SLOT\n;ab = 1\n" },
	{ "not behind a comment within a line", "[s]\nb = 1 ;a = 2\nc=3\n",
	    "s.a", "[s]\nb = 1 ;a = 2\nc=3\na=SLOT\n" },
	{ "behind the last key of the section", "[s]\nb=1\n\n[t]\n", "s.a",
	    "[s]\nb=1\na=SLOT\n\n[t]\n" },
	{ "behind a value of several lines", "[s]\nb = `1\n2` x\n[t]\n", "s.a",
	    "[s]\nb = `1\n2` x\na = SLOT\n[t]\n" },
	{ "behind joined lines and the blank one that ends them",
	    "[s]\nb = 1\\\n\n[t]\n", "s.a", "[s]\nb = 1\\\n\na = SLOT\n[t]\n" },
	{ "behind the header of an empty section", "[s] ; c\n[t]\n", "s.a",
	    "[s] ; c\na = SLOT\n[t]\n" },
	{ "into a section of several parts, the last with a key",
	    "[s]\nb = 1\n[t]\n[s]\nc = 2\n", "s.a",
	    "[s]\nb = 1\n[t]\n[s]\nc = 2\na = SLOT\n" },
	{ "into a new section at the end", "[s]\nb = 1\n", "auth.google.a",
	    "[s]\nb = 1\n[auth.google]\na = SLOT\n" },
	{ "into a new section of an empty text", "", "s.a", "[s]\na = SLOT\n" },
	{ "behind a last line without its ending", "[s]\nb = 1", "s.a",
	    "[s]\nb = 1\na = SLOT" },
	{ "into a new section behind such a line", "[s]\nb = 1", "t.a",
	    "[s]\nb = 1\n[t]\na = SLOT" },
	{ "with the line endings of the text", "[s]\r\n;a = 1\r\n", "s.a",
	    "[s]\r\n;a = 1\r\na = SLOT\r\n" },
	{ "above the first section", "[s]\n", "a", "a = SLOT\n[s]\n" },
	{ "behind a byte order mark", "\xef\xbb\xbf[s]\n", "a",
	    "\xef\xbb\xbf"
	    "a = SLOT\n[s]\n" },
	{ "behind a key above the first section", "b = 1\n[s]\n", "a",
	    "b = 1\na = SLOT\n[s]\n" },
	{ "DEFAULT is above the first section", ";a = 1\n[s]\n", "DEFAULT.a",
	    ";a = 1\na = SLOT\n[s]\n" },
	{ "above the first section is DEFAULT", "[DEFAULT]\nb = 1\n", "a",
	    "[DEFAULT]\nb = 1\na = SLOT\n" },
	{ "a key with a dot, in quotes", "[s]\n", "s.\"a.b\"",
	    "[s]\na.b = SLOT\n" },
};

static const struct no_insert_row no_inserts[] = {
	{ "a key that would be read as something else", "[s]\n", "s.a=b",
	    "key with such a name" },
	{ "a key without a name", "[s]\n", "s.", "key with such a name" },
	{ "a section that would be read as something else", "", "a]b.c",
	    "section with such a name" },
	{ "below a line that would swallow it", "[s]\nb = 1\\\n", "s.a",
	    "backslash" },
};

static void
test_keys_above_the_first_section_are_those_of_default(void **state)
{
	const struct kp_source src = {
		.name = "text",
		.text = KP_STR("a = 1\n[DEFAULT]\nb = 2\n[s]\nc = 3\n"),
	};
	struct kp_scan scan =
	    slot_scan("DEFAULT", &kp_format_ini_grafana, &src);
	size_t found = 0;

	(void)state;
	assert_int_equal(kp_scan_find(&scan, kp_str_of("a"), &found), 1);
	assert_int_equal(kp_scan_find(&scan, kp_str_of("DEFAULT.a"), &found),
	    1);
	assert_int_equal(kp_scan_find(&scan, kp_str_of("b"), &found), 1);
	assert_int_equal(kp_scan_find(&scan, kp_str_of("DEFAULT.b"), &found),
	    1);
	assert_int_equal(kp_scan_find(&scan, kp_str_of("c"), &found), 0);
	assert_int_equal(kp_scan_find(&scan, kp_str_of("S.c"), &found), 0);
	kp_scan_wipe(&scan);
}

static struct tables tables = {
	.format = &kp_format_ini_grafana,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	TABLE(byte_places, places),
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(
		    test_keys_above_the_first_section_are_those_of_default),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
