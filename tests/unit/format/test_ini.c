/* SPDX-License-Identifier: MIT */
/* test_ini - the common ground of INI readers. */
#include "tables.h"

static const struct reading_row readings[] = {
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

static const struct fault_row faults[] = {
	{ "a section wants its bracket", "k = v\n[s\n", 2, 0, NULL },
};

static const struct fill_row fills[] = {
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

#define W10 "wwwwwwwwww"
#define W100 W10 W10 W10 W10 W10 W10 W10 W10 W10 W10

static const struct refusal_row refusals[] = {
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

static const struct insert_row inserts[] = {
	{ "behind the key commented out", "[s]\n; a = 1\nb = 2\n", "s.a",
	    "[s]\n; a = 1\na = SLOT\nb = 2\n" },
	{ "behind a key that has no value", "[mysqld]\nskip-name\n", "mysqld.a",
	    "[mysqld]\nskip-name\na = SLOT\n" },
	{ "into a new section", "[s]\n", "t.a", "[s]\n[t]\na = SLOT\n" },
	{ "behind a key above the first section", "b=1\n", "a",
	    "b=1\na=SLOT\n" },
};

static const struct no_insert_row no_inserts[] = {
	{ "a section that comes twice", "[s]\n[t]\n[s]\n", "s.a",
	    "more than once" },
	{ "a key that is there in capitals", "[s]\nA = 1\n", "s.a", "case" },
	{ "a key above the first section", "[s]\n", "a", "first section" },
	{ "below a comment that goes on", "[s]\n;a = c:\\\n", "s.a",
	    "backslash" },
};

static struct tables tables = {
	.format = &kp_format_ini,
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
