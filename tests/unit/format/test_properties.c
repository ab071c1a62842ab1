/* SPDX-License-Identifier: MIT */
/* test_properties - what Java's Properties reads, and how it is written. */
#include "tables.h"

/* Expectations from java.util.Properties.load() of Java 17. */
static const struct reading_row readings[] = {
	{ "the first = or : or blank ends a key", "a=b=c\nd:e\nf g\n",
	    "key <a>\nbare <b=c>\nkey <d>\nbare <e>\nkey <f>\nbare <g>\n" },
	{ "blanks around the delimiter are dropped", "  a \t= b \n",
	    "key <a>\nbare <b >\n" },
	{ "comments begin with # or !", "# a\n ! b\nc=d # e\n",
	    "comment <# a>\ncomment <! b>\nkey <c>\nbare <d # e>\n" },
	{ "a backslash escapes", "a\\ b\\=c=\\t\\n\\q\\u0041\\\\\n",
	    "key <a b=c>\nbare <\t\nqA\\>\n" },
	{ "two units are one character", "a=\\ud83d\\ude00\n",
	    "key <a>\nbare <😀>\n" },
	{ "a backslash at the end joins lines", "a=b\\\n   c\\\r\n d\n",
	    "key <a>\nbare <bcd>\n" },
	{ "a comment is not joined", "# a\\\nb=c\n",
	    "comment <# a\\>\nkey <b>\nbare <c>\n" },
	{ "a CR ends a line", "a=b\rc=d\r\n",
	    "key <a>\nbare <b>\nkey <c>\nbare <d>\n" },
	{ "a key alone has an empty value", "a\n", "key <a>\nbare <>\n" },
};

static const struct fault_row faults[] = {
	{ "a unit needs four digits", "a=\\u12\n", 1, 0, "four digits" },
	{ "half a character is an error", "a=\\ud83d\n", 1, 0,
	    "half a character" },
};

static const struct fill_row fills[] = {
	{ "text is written as ASCII", "a=SLOT\n", "\303\251", "a=\\u00E9\n" },
	{ "a character may need two units", "a=SLOT\n", "\360\237\230\200",
	    "a=\\uD83D\\uDE00\n" },
	{ "each leading blank is escaped", "a=SLOT\n", "  b ", "a=\\ \\ b \n" },
	{ "signs of the syntax need nothing in a value", "a=SLOT\n", "=:#!",
	    "a==:#!\n" },
	{ "a delimiter is escaped where none stands", "a SLOT\n", "=b",
	    "a \\=b\n" },
	{ "a backslash is doubled", "a=SLOT\n", "b\\", "a=b\\\\\n" },
	{ "line breaks are escaped", "a=SLOT\n", "b\nc\rd", "a=b\\nc\\rd\n" },
};

static const char *const places[] = {
	"a=SLOT\n",
	"a SLOT\n",
	"a=b-SLOT-c\n",
};

static const struct refusal_row refusals[] = {
	{ "bytes that are no text are refused", "a=SLOT\n", "\377", "UTF-8" },
	{ "text of an unknown encoding is not written again", "a=é SLOT\n", "b",
	    "Latin-1" },
};

static const struct insert_row inserts[] = {
	{ "a key goes below its comment", "#a.b = c\nd=e\n", "a.b",
	    "#a.b = c\na.b=SLOT\nd=e\n" },
	{ "a key goes to the end", "d=e", "a.b", "d=e\na.b=SLOT" },
	{ "blanks in a comment do not matter", "#  a.b  =c\nd=e\n", "a.b",
	    "#  a.b  =c\na.b=SLOT\nd=e\n" },
	{ "a comment about a longer key is about another", "#a.bc=d\ne=f\n",
	    "a.b", "#a.bc=d\ne=f\na.b=SLOT\n" },
	{ "a key may be in quotes", "d=e\n", "\"a.b\"", "d=e\na.b=SLOT\n" },
};

static const struct no_insert_row no_inserts[] = {
	{ "a key with a sign of the format", "a=b\n", "c=d", "this name" },
	{ "a last line that goes on", "a=b\\", "c", "backslash" },
};

static const struct path_row paths[] = {
	{ "dots are part of a key", "spring.datasource.password=x\n",
	    "spring.datasource.password", "x" },
};

static void
every_ascii_byte_can_be_carried(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(places); i++)
		check_bytes(&kp_format_properties, places[i], 0, 127);
}

static struct tables tables = {
	.format = &kp_format_properties,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	TABLE(paths, paths),
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(every_ascii_byte_can_be_carried),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
