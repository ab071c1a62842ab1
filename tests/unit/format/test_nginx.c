/* SPDX-License-Identifier: MIT */
/* test_nginx - what nginx reads, and how it is written. */
#include "tables.h"

#include "pieces.h"

/* Expectations from ngx_conf_read_token() of nginx 1.22. */
static const struct reading_row readings[] = {
	{ "a directive ends at a semicolon", "a b;c d e;",
	    "key <a>\nbare <b>\nkey <c>\nother <>\nbare <d>\nother <>\nbare <e>\n" },
	{ "a block may stand in a block", "a{b c{d;}}",
	    "key <a>\nkey <b>\nbare <c>\nkey <d>\n" },
	{ "comments begin where words do", "a b#c #d ; e\n;",
	    "key <a>\nbare <b#c>\ncomment <#d ; e>\n" },
	{ "both quotes have the same escapes", "a \"\\n\\\"\\q\" '\\t\\'\\\\';",
	    "key <a>\nother <>\ndouble-quoted <\n\"\\q>\nother <>\nsingle-quoted <\t'\\>\n" },
	{ "quotes open at the start of a word alone", "a b\"c;",
	    "key <a>\nbare <b\"c>\n" },
	{ "a bare word has escapes too", "a b\\;\\ c\\n;",
	    "key <a>\nbare <b\\;\\ c\n>\n" },
	{ "a brace behind a dollar is part of the word", "a ${b}c;",
	    "key <a>\nbare <${b}c>\n" },
	{ "quotes may span lines", "a 'b\nc';",
	    "key <a>\nsingle-quoted <b\nc>\n" },
	{ "a bracket may follow a quote", "if ($a = \"b\") { c; }",
	    "key <if>\nother <>\nbare <($a>\nother <>\nbare <=>\nother <>\ndouble-quoted <b>\nother <>\nbare <)>\nkey <c>\n" },
	{ "a CR behind a comment is none of it", "# c\r\na b;",
	    "comment <# c>\nkey <a>\nbare <b>\n" },
	{ "a comment may stand between words", "a # c\n b;",
	    "key <a>\ncomment <# c>\nbare <b>\n" },
	{ "a byte order mark is nothing",
	    "\xef\xbb\xbf"
	    "a b;",
	    "key <a>\nbare <b>\n" },
};

#define BLOCKS4 "a{a{a{a{"
#define BLOCKS16 BLOCKS4 BLOCKS4 BLOCKS4 BLOCKS4
#define BLOCKS64 BLOCKS16 BLOCKS16 BLOCKS16 BLOCKS16

static const struct fault_row faults[] = {
	{ "an open quote is an error", "a \"b;", 1, 0, "no quote closes" },
	{ "text behind a quote is an error", "a \"b\"c;", 1, 0,
	    "behind a closing quote" },
	{ "an open block is an error", "a {", 1, 0, "closes this block" },
	{ "a wrong brace is an error", "a; }", 1, 0, "opens this block" },
	{ "a directive has to end", "a b", 1, 0, "ends this directive" },
	{ "a semicolon alone is an error", ";", 1, 0, "no directive" },
	{ "a block in Lua is an error", "content_by_lua_block { x = '}' }", 1,
	    0, "Lua" },
	{ "blocks 65 deep are an error", BLOCKS64 "a{", 1, 130, "deep" },
};

static const struct fill_row fills[] = {
	{ "a plain word stays bare", "a SLOT;", "b@c:8080/x", "a b@c:8080/x;" },
	{ "signs are quoted", "a SLOT;", "b; c#\"", "a \"b; c#\\\"\";" },
	{ "single quotes stay", "a 'SLOT';", "b'c\\", "a 'b\\'c\\\\';" },
	{ "line breaks are escaped", "a SLOT;", "b\nc", "a \"b\\nc\";" },
	{ "an empty value is a pair of quotes", "a SLOT;", "", "a \"\";" },
	{ "variables of the template stay", "a \"$host SLOT ${x}\";", "b",
	    "a \"$host b ${x}\";" },
	{ "a bracket behind the word is part of it", "if ($a = SLOT) { b; }",
	    "c d", "if ($a = \"c d)\" { b; }" },
};

static const char *const places[] = {
	"a SLOT;",
	"a \"SLOT\";",
	"a 'SLOT';",
	"a b-SLOT-c;",
};

static const struct refusal_row refusals[] = {
	{ "a dollar has no escape", "a SLOT;", "b$c", "no escape" },
	{ "a value is no part of a variable's name", "a $SLOT;", "b",
	    "name of a variable" },
	{ "a word has its limit", "a SLOT;",
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "4094" },
};

static const struct path_row paths[] = {
	{ "blocks are levels", "http { server { listen 80; } }",
	    "http.server.listen", "80" },
	{ "a block's argument is a level", "location /a { root /b; }",
	    "location./a.root", "/b" },
	{ "arguments are numbered", "return 200 x;", "return[1]", "x" },
};

static void
every_byte_but_a_dollar_can_be_carried(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(places); i++) {
		check_bytes(&kp_format_nginx, places[i], 1, '$' - 1);
		check_bytes(&kp_format_nginx, places[i], '$' + 1, 255);
	}
}

static void
pieces_have_the_items_of_the_whole(void **state)
{
	(void)state;
	/* All directives but the first. */
	assert_int_equal(
	    pieces_count(&kp_format_nginx,
	        "a { b c; d { e \"f;\" g; } # h; i\n j k;\n} l '}' m;\n"
	        "\xef\xbb\xbfn\\;\n o # {\n { p; } q r s;"
	        "\xff\xfet;"),
	    9);
}

static struct tables tables = {
	.format = &kp_format_nginx,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(paths, paths),
	.nul = "a SLOT;",
	.nul_words = "NUL",
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(every_byte_but_a_dollar_can_be_carried),
		cmocka_unit_test(pieces_have_the_items_of_the_whole),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
