/* SPDX-License-Identifier: MIT */
/* test_toml - what readers of TOML see, and what can be written for them. */
/* TOML has no bare words of its own. */
#define SLOT "kpslotab00000000z"
#include "tables.h"

/* Expectations from the specification of TOML 1.0; "other" is an element. */
static const struct reading_row readings[] = {
	{ "an empty text has nothing", "", "" },
	{ "comments are their own", "# a\n\n \t# b\r\n",
	    "comment <# a>\ncomment <# b>\n" },
	{ "a pair has a key and a scalar", "a = 1 # b\n'c d'=\"e\"",
	    "key <a>\nbare <1>\ncomment <# b>\nkey <c d>\n"
	    "double-quoted <e>\n" },
	{ "a dotted key is several", "a . \"b\" .1= true\n",
	    "key <a>\nkey <b>\nkey <1>\nbare <true>\n" },
	{ "a header is keys", "[ a.b ] # c\n[['d']]\n",
	    "key <a>\nkey <b>\ncomment <# c>\nkey <d>\nother <>\n" },
	{ "an array may go over lines", "a = [ # b\n  1,\n  [2],\n]\n",
	    "key <a>\ncomment <# b>\nother <>\nbare <1>\nother <>\n"
	    "other <>\nbare <2>\n" },
	{ "an inline table has keys", "a = {b = 1, c.d = ''}\n",
	    "key <a>\nkey <b>\nbare <1>\nkey <c>\nkey <d>\n"
	    "single-quoted <>\n" },
	{ "double quotes have escapes",
	    "a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"\n",
	    "key <a>\ndouble-quoted <\b\t\n\f\r\"\\\xc3\xa9"
	    "\xf0\x9f\x98\x80>\n" },
	{ "single quotes have none", "a = 'b\\n\"'\n",
	    "key <a>\nsingle-quoted <b\\n\">\n" },
	{ "three quotes drop a first line break",
	    "a = \"\"\"\nb\r\nc \"\"d\"\"\"\n",
	    "key <a>\ntriple-quoted <b\nc \"\"d>\n" },
	{ "a backslash at the end of a line joins",
	    "a = \"\"\"b \\ \n\n   c\"\"\"\n",
	    "key <a>\ntriple-quoted <b c>\n" },
	{ "quotes may come before the end", "a = '''b'''''\n",
	    "key <a>\ntriple-single-quoted <b''>\n" },
	{ "a date and a time may have a blank between them",
	    "a = 1979-05-27 07:32:00 # b\n",
	    "key <a>\nbare <1979-05-27 07:32:00>\ncomment <# b>\n" },
};

static const struct type_row types[] = {
	{ KP_STRING, { "\"1\"", "'true'" } },
	{ KP_INT, { "0", "-1", "123456789012345678" } },
	{ KP_NUMBER, { "0.5", "1e3", "-1.25E-10" } },
	{ KP_BOOL, { "true", "false" } },
	{ KP_OTHER,
	    { "+1", "1_000", "0xDEAD_beef", "0o17", "0b1", "inf", "-nan",
	        "1_0.0_1e0_1", "1979-05-27", "07:32:00.999",
	        "1979-05-27T07:32:00Z", "1979-05-27t07:32:00-08:00",
	        "2000-02-29", "1234567890123456789", SLOT } },
};

static const struct fault_row faults[] = {
	{ "a value without quotes", "a = b\n", 1, 5, "no number" },
	{ "a part of a bare word", "a = 80" SLOT "\n", 1, 5,
	    "not a part of it" },
	{ "a missing value", "a =\n", 1, 4, "a value is missing" },
	{ "a missing key", "= 1\n", 1, 1, "a key is missing" },
	{ "two pairs on a line", "a = 1 b = 2\n", 1, 7, "line should end" },
	{ "a key twice", "a = 1\n'a' = 2\n", 2, 1, "there already" },
	{ "a table twice", "[a]\n[a]\n", 2, 2, "defined already" },
	{ "a table that dotted keys made", "a.b = 1\n[a]\n", 2, 2, "defined" },
	{ "a dotted key into a table of its own header",
	    "[a.b]\n[a]\nb.c = 1\n", 3, 1, "defined already" },
	{ "a header through a value", "a = 1\n[a.b]\n", 2, 2, "no table" },
	{ "a key into an inline table", "a = {}\na.b = 1\n", 2, 1, "no table" },
	{ "an array is no array of tables", "a = []\n[[a]]\n", 2, 3,
	    "no array of tables" },
	{ "an inline table over lines", "a = {\nb = 1}\n", 1, 6, "a key is" },
	{ "a comma at its end", "a = {b = 1,}\n", 1, 12, "a key is" },
	{ "a string without an end", "a = \"b\n", 1, 7, "a line break" },
	{ "three quotes without an end", "a = \"\"\"b\n", 1, 5,
	    "no closing quote" },
	{ "an unknown escape", "a = \"\\x41\"\n", 1, 6, "no such escape" },
	{ "a surrogate", "a = \"\\ud800\"\n", 1, 6, "no Unicode character" },
	{ "a control character", "a = 1 # \x01\n", 1, 9, "control character" },
	{ "a day that is not", "a = 2001-02-29\n", 1, 5, "no number, date" },
	{ "a leading zero", "a = 01\n", 1, 5, "no number" },
	{ "an underscore at the end", "a = 1_\n", 1, 5, "no number" },
	{ "a bad byte", "a = '\xe9'\n", 1, 6, "not UTF-8" },
	{ "a byte order mark",
	    "\xef\xbb\xbf"
	    "a = 1\n",
	    1, 1, "byte order" },
	{ "a header without its bracket", "[a\n", 1, 3, "\"]\" is missing" },
	{ "a header without one of its brackets", "[[a]\n", 1, 5,
	    "\"]\" is missing" },
	{ "pairs without a comma", "a = {b = 1 c = 2}\n", 1, 12,
	    "\",\" or \"}\"" },
	{ "a backslash before a blank that ends no line",
	    "a = \"\"\"b\\ c\"\"\"\n", 1, 9, "no such escape" },
};

static const struct fill_row fills[] = {
	{ "the template's CR LF stay, a value's LF too",
	    "a = \"\"\"x\r\n" SLOT "\r\ny\"\"\"\r\n", "p\nq",
	    "a = \"\"\"x\r\np\nq\r\ny\"\"\"\r\n" },
	{ "in single quotes as well", "a = '''\r\nx\r\n" SLOT "\r\n'''\r\n",
	    "p\nq", "a = '''\r\nx\r\np\nq\r\n'''\r\n" },
	{ "a bare place gets quotes", "a = " SLOT " # b\n", "c",
	    "a = \"c\" # b\n" },
	{ "a date is a string too", "a = " SLOT "\n", "1979-05-27",
	    "a = \"1979-05-27\"\n" },
	{ "double quotes stay", "a = \"x " SLOT "\"\n", "\"\\\n\x01\x7f",
	    "a = \"x \\\"\\\\\\n\\u0001\\u007F\"\n" },
	{ "the replacement character is escaped", "a = \"" SLOT "\"\n",
	    "\xef\xbf\xbd", "a = \"\\uFFFD\"\n" },
	{ "single quotes stay", "a = 'x " SLOT "'\n", "\"\\\t",
	    "a = 'x \"\\\t'\n" },
	{ "single quotes become double ones for a quote", "a = '" SLOT "'\n",
	    "it's", "a = \"it's\"\n" },
	{ "and for a line break", "a = '" SLOT "'\n", "b\nc",
	    "a = \"b\\nc\"\n" },
	{ "lines stay lines in three quotes", "a = \"\"\"\n" SLOT "\"\"\"\n",
	    "b\n\"\"\"c\r\n", "a = \"\"\"\nb\n\\\"\\\"\\\"c\\r\n\"\"\"\n" },
	{ "a first line break is not dropped", "a = \"\"\"" SLOT "\"\"\"\n",
	    "\nb", "a = \"\"\"\n\nb\"\"\"\n" },
	{ "a backslash takes them to one line", "a = \"\"\"\n" SLOT "\"\"\"\n",
	    "b\n\\", "a = \"b\\n\\\\\"\n" },
	{ "three single quotes stay", "a = '''\nx\n" SLOT "\n'''\n", "it's\\",
	    "a = '''\nx\nit's\\\n'''\n" },
	{ "three single quotes give way to their like", "a = '''" SLOT "'''\n",
	    "'''", "a = \"\"\"'''\"\"\"\n" },
	{ "a value in an array and inline table", "a = [{b = " SLOT "}, 1]\n",
	    "}", "a = [{b = \"}\"}, 1]\n" },
};

static const char *const places[] = { "a = " SLOT "\n", "a = \"" SLOT "\"\n",
	"a = '" SLOT "'\n", "a = \"\"\"x\n" SLOT "\"\"\"\n",
	"a = \"\"\"" SLOT "\"\"\"\n", "a = '''" SLOT "'''\n",
	"a = '''\n" SLOT "x'''\n", "a = {b = '" SLOT "'}\n" };

static const struct typed_row typed[] = {
	{ "12", "12", KP_INT },
	{ "1.5", "1.5", KP_NUMBER },
	{ "1e3", "1e3", KP_NUMBER },
	{ "true", "true", KP_BOOL },
	{ "1.", "\"1.\"", KP_NUMBER },
	{ "012", "\"012\"", KP_INT },
	{ "1_000", "\"1_000\"", KP_INT },
	{ "9223372036854775808", "\"9223372036854775808\"", KP_INT },
	{ "12", "\"12\"", KP_STRING },
};

static const struct insert_row inserts[] = {
	{ "a key goes behind the last comment that has it",
	    "[a]\n# x = 1\n#x = 2\nb = 3\n", "a.x",
	    "[a]\n# x = 1\n#x = 2\nx = " SLOT "\nb = 3\n" },
	{ "a key goes behind the last of its table",
	    "[a]\nb = [\n  1, # ]\n]\n\n# c\n[d]\n", "a.x",
	    "[a]\nb = [\n  1, # ]\n]\nx = " SLOT "\n\n# c\n[d]\n" },
	{ "behind a string whose last line looks like a comment",
	    "[a]\nb = '''\n# c'''\n[d]\n", "a.x",
	    "[a]\nb = '''\n# c'''\nx = " SLOT "\n[d]\n" },
	{ "behind the header of an empty table", "[a]\n[b]\n", "a.x",
	    "[a]\nx = " SLOT "\n[b]\n" },
	{ "behind where it is commented out",
	    "[a]\n  # x = 1\n  b = 2\n[c]\n# x = 3\n", "a.x",
	    "[a]\n  # x = 1\n  x = " SLOT "\n  b = 2\n[c]\n# x = 3\n" },
	{ "but not within an array", "[a]\nb = [\n# x = 1\n]\n", "a.x",
	    "[a]\nb = [\n# x = 1\n]\nx = " SLOT "\n" },
	{ "at the top, before the first header", "a = 1\n\n[b]\n", "x",
	    "a = 1\nx = " SLOT "\n\n[b]\n" },
	{ "in a text of nothing", "", "x", "x = " SLOT "\n" },
	{ "behind a last line without a break", "[a]\nb = 1", "a.x",
	    "[a]\nb = 1\nx = " SLOT },
	{ "in lines that end in CR LF", "[a]\r\nb = 1\r\n", "a.x",
	    "[a]\r\nb = 1\r\nx = " SLOT "\r\n" },
	{ "in an array's table", "[[a]]\nb = 1\n[[a]]\nb = 2\n", "a[0].x",
	    "[[a]]\nb = 1\nx = " SLOT "\n[[a]]\nb = 2\n" },
	{ "a table that nothing defines is added", "[a]\nb = 1\n",
	    "a.\"c d\".x", "[a]\nb = 1\n\n[a.\"c d\"]\nx = " SLOT "\n" },
	{ "so is one that only an inner one made", "[a.b]\nc = 1\n", "a.x",
	    "[a.b]\nc = 1\n\n[a]\nx = " SLOT "\n" },
};

static const struct no_insert_row no_inserts[] = {
	{ "an inline table is complete", "a = {b = 1}\n", "a.x", "\"a\"" },
	{ "so is what dotted keys made", "a.b = 1\n", "a.x", "\"a\"" },
	{ "and what is below such a table", "a.b = 1\n", "a.b.x", "\"a.b\"" },
	{ "an array of tables is not one", "[[a]]\n", "a.x", "\"a\"" },
	{ "nor is a table below it", "[[a]]\n", "a.b.x", "\"a.b\"" },
	{ "an element is no key", "a = [1]\n", "a[1]", "only a key" },
	{ "a table is no missing value", "[a]\n", "a", "holds a table" },
	{ "nor is an implied one", "[a.b]\n", "a", "holds a table" },
};

static const struct refusal_row refusals[] = {
	{ "other quotes would change the template's CR LF",
	    "a = \"\"\"x\r\n" SLOT "\"\"\"\r\n", "b\\c", "the CR LF of the" },
	{ "those of single quotes, too", "a = '''x\r\n" SLOT "'''\r\n", "b\x07",
	    "the CR LF of the" },
	{ "a byte that is no text", "a = " SLOT "\n", "caf\xe9", "not UTF-8" },
};

/* The paths of all scalars, a line each. */
static void
scalars_have_paths(void **state)
{
	const struct kp_str text = KP_STR(
	    "a.'b.c' = 1\n[d]\n\"\" = [2, {e.f = 3}]\n[[g.h]]\ni = 4\n[[g.h]]\n"
	    "i = 5\n[g.h.j]\nk = 6\n[g]\nl = 7\n");
	struct kp_buf list = list_paths(&kp_format_toml, text);

	(void)state;
	slot_expect("paths", &list,
	    "a.\"b.c\"\nd.\"\"[0]\nd.\"\"[1].e.f\ng.h[0].i\ng.h[1].i\n"
	    "g.h[1].j.k\ng.l\n");
	kp_buf_wipe(&list);
}

/* Where that was seen before, names that hold no others are not told apart. */
static void
names_are_told_apart_once(void **state)
{
	const struct kp_source good = { .name = "t",
		.text =
		    KP_STR("b = 1\nc.d = 2\nc.e = 3\na = {b = 4, c.d = [5]}\n"
		           "f=[{b = 6}, {b = 7}]\ng = [[8], [9]]\n[[h]]\n"
		           "b = \"x\"\n[[h]]\nb = 1979-05-27\n[h.i]\n"
		           "b = '''y\n[z'''\n[k]\n\"b\" = { }\n"
		           "l = {m.n = 1}\n[k.m]\nn = 2\n") };
	const struct kp_source twice = { .name = "t",
		.text = KP_STR("a = 1\na = 2\n") };
	struct kp_diags diags = { 0 };
	struct kp_scan scan, again = { .told_apart = true };
	size_t i;

	(void)state;
	assert_true(kp_scan_run(&scan, &kp_format_toml, &good, &diags));
	assert_true(kp_scan_run_again(&again, &kp_format_toml, &good, &diags));
	assert_int_equal(again.count, scan.count);
	for (i = 0; i < scan.count; i++) {
		assert_int_equal(again.items[i].kind, scan.items[i].kind);
		assert_int_equal(again.items[i].start, scan.items[i].start);
		assert_int_equal(again.items[i].end, scan.items[i].end);
		assert_int_equal(again.items[i].parent, scan.items[i].parent);
		assert_int_equal(again.items[i].index, scan.items[i].index);
		assert_int_equal(again.items[i].role, scan.items[i].role);
	}
	assert_true(kp_scan_run_again(&again, &kp_format_toml, &twice, &diags));
	kp_scan_wipe(&again);
	kp_scan_wipe(&scan);
	assert_false(kp_scan_run(&scan, &kp_format_toml, &twice, &diags));
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

static struct tables tables = {
	.format = &kp_format_toml,
	TABLE(readings, readings),
	TABLE(types, types),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(typed, typed),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	TABLE(rune_places, places),
	.bare = "a = " SLOT "\n",
	.nest = "a = ",
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(scalars_have_paths),
		cmocka_unit_test(names_are_told_apart_once),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
