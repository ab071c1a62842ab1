/* SPDX-License-Identifier: MIT */
/* test_redis - what Redis reads, and how it is written. */
#include "tables.h"

/* Expectations from sdssplitargs() in src/sds.c of Redis 7.0. */
static const struct reading_row readings[] = {
	{ "one word is the directive's", "requirepass foo\n",
	    "key <requirepass>\nbare <foo>\n" },
	{ "several words are elements", "save 60 1\n",
	    "key <save>\nother <>\nbare <60>\nother <>\nbare <1>\n" },
	{ "comments begin lines alone", "# a\n dir /a#b #c\n",
	    "comment <# a>\nkey <dir>\nother <>\nbare </a#b>\nother <>\nbare <#c>\n" },
	{ "double quotes have escapes", "a \"\\n\\x41\\q\\\"\"\n",
	    "key <a>\ndouble-quoted <\nAq\">\n" },
	{ "single quotes have one", "a 'b\\n\\'c'\n",
	    "key <a>\nsingle-quoted <b\\n'c>\n" },
	{ "quotes open within a word", "a b\"c d\"\n",
	    "key <a>\nbare <bc d>\n" },
	{ "a CR is a blank", "a b\r\n", "key <a>\nbare <b>\n" },
	{ "a directive may have no argument", "a\nb \"\"",
	    "key <a>\nkey <b>\ndouble-quoted <>\n" },
	{ "a CR behind a comment is none of it", "# c\r\na b\n",
	    "comment <# c>\nkey <a>\nbare <b>\n" },
};

static const struct fault_row faults[] = {
	{ "an open quote is an error", "a \"b\n", 1, 0, "no quote closes" },
	{ "text behind a quote is an error", "a \"b\"c\n", 1, 0,
	    "behind a closing quote" },
};

static const struct fill_row fills[] = {
	{ "a plain word stays bare", "requirepass SLOT\n", "a#b$c",
	    "requirepass a#b$c\n" },
	{ "signs are quoted", "requirepass SLOT\n", "a \"b\\",
	    "requirepass \"a \\\"b\\\\\"\n" },
	{ "a whole word is quoted", "user a >SLOT\n", "b c",
	    "user a \">b c\"\n" },
	{ "single quotes stay where they can", "a 'SLOT'\n", "b'c \"",
	    "a 'b\\'c \"'\n" },
	{ "a backslash needs double quotes", "a 'SLOT'\n", "b\\",
	    "a \"b\\\\\"\n" },
	{ "an empty value is a pair of quotes", "a SLOT\n", "", "a \"\"\n" },
};

static const char *const places[] = {
	"requirepass SLOT\n",
	"masterauth \"SLOT\"\n",
	"requirepass 'SLOT'\n",
	"user b-SLOT c\n",
};

static const struct insert_row inserts[] = {
	{ "a directive goes below its comment",
	    "# requirepass foobared\nport 0\n", "requirepass",
	    "# requirepass foobared\nrequirepass SLOT\nport 0\n" },
	{ "a directive goes to the end", "port 0", "masterauth",
	    "port 0\nmasterauth SLOT" },
};

static const struct no_insert_row no_inserts[] = {
	{ "a directive with a sign of the format", "port 0\n", "a#b",
	    "this name" },
};

static const struct path_row paths[] = {
	{ "a directive's case does not matter", "RequirePass x\n",
	    "requirepass", "x" },
	{ "arguments are numbered", "user a on >x\n", "user[2]", ">x" },
};

static void
controls_are_escaped(void **state)
{
	const struct kp_str controls = KP_STR("b\000\n\177");

	(void)state;
	check_fill("controls", &kp_format_redis, "Requirepass SLOT\n", controls,
	    "Requirepass \"b\\x00\\x0a\\x7f\"\n");
	check_fill("controls", &kp_format_redis, "user a on >SLOT\n", controls,
	    "user a on \">b\\x00\\x0a\\x7f\"\n");
}

static struct tables tables = {
	.format = &kp_format_redis,
	.nul = "masteruser SLOT\n",
	.nul_words = "it has a NUL",
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	TABLE(paths, paths),
	TABLE(byte_places, places),
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(controls_are_escaped),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
