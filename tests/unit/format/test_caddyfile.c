/* SPDX-License-Identifier: MIT */
/* test_caddyfile - what Caddy reads, and what can be written for it. */
#include "tables.h"

#include "pieces.h"

/* Expectations from Caddy 2.6.2, "caddy adapt"; heredocs are as 2.7 has them.
 */
static const struct reading_row readings[] = {
	{ "an empty text has nothing", "", "" },
	{ "addresses are scalars, the comma between them no part",
	    "a.com, b.com {\n}", "bare <a.com>\nbare <b.com>\n" },
	{ "a comma within quotes is part of the word", "\"a,\"\nb {\n}",
	    "double-quoted <a,>\nbare <b>\n" },
	{ "a snippet is a section", "(s) {\n\theader A b\n}\n",
	    "section <(s)>\nkey <header>\nbare <A>\nbare <b>\n" },
	{ "global options are keys", "{\n\tadmin off # x\n}\n",
	    "key <admin>\nbare <off>\ncomment <# x>\n" },
	{ "a file's only site may have no braces", "a\nrespond b\nlog\n",
	    "bare <a>\nkey <respond>\nbare <b>\nkey <log>\n" },
	{ "an import between sites has a line of its own",
	    "import x y\na {\n}\n",
	    "key <import>\nsyntax <x>\nbare <y>\nbare <a>\n" },
	{ "first words in a directive's block are scalars",
	    "a {\nbasicauth {\nbob h\n}\n}\n",
	    "bare <a>\nkey <basicauth>\nbare <bob>\nbare <h>\n" },
	{ "directives stand in the block of handle",
	    "a {\nhandle /x {\nrespond y\n}\n}\n",
	    "bare <a>\nkey <handle>\nbare </x>\nkey <respond>\nbare <y>\n" },
	{ "a named matcher is a word of the syntax", "a {\nrespond @m b\n}\n",
	    "bare <a>\nkey <respond>\nsyntax <@m>\nbare <b>\n" },
	{ "where no matcher can stand, @ begins any word",
	    "a {\nheader A @b\n}\n",
	    "bare <a>\nkey <header>\nbare <A>\nbare <@b>\n" },
	{ "a number sign within a word is part of it", "a b#c #d\r\ne f\n",
	    "bare <a>\nbare <b#c>\ncomment <#d>\nkey <e>\nbare <f>\n" },
	{ "only a quote has an escape in double quotes",
	    "a \"b\\\"c\\d\\\\\"\n",
	    "bare <a>\ndouble-quoted <b\"c\\d\\\\>\n" },
	{ "quotes span lines, and the word behind is on the same line",
	    "a\nb \"c\nd\" e\nf\n",
	    "bare <a>\nkey <b>\ndouble-quoted <c\nd>\nbare <e>\nkey <f>\n" },
	{ "nothing is special in backticks", "a\nb `c\\\" #\n`\n",
	    "bare <a>\nkey <b>\nbacktick-quoted <c\\\" #\n>\n" },
	{ "a closing quote ends the word", "a\nb \"c\"d`e`\n",
	    "bare <a>\nkey <b>\ndouble-quoted <c>\nbare <d`e`>\n" },
	{ "a CR is dropped", "a\nb c\rd\r\n",
	    "bare <a>\nkey <b>\nbare <cd>\n" },
	{ "a no-break space ends a word",
	    "a\nb c\xc2\xa0"
	    "d\n",
	    "bare <a>\nkey <b>\nbare <c>\nbare <d>\n" },
	{ "a bad byte becomes U+FFFD", "a\nb c\xff\n",
	    "bare <a>\nkey <b>\nbare <c\xef\xbf\xbd>\n" },
	{ "a byte order mark is no part of the first word",
	    "\xef\xbb\xbf"
	    "a\n",
	    "bare <a>\n" },
	{ "a backslash before LF joins the lines", "a\nb c\\\n\td \\\r\ne\nf\n",
	    "bare <a>\nkey <b>\nbare <c>\nbare <d>\nbare <e>\nkey <f>\n" },
	{ "a backslash before another blank is lost", "a\nb c\\ d\n",
	    "bare <a>\nkey <b>\nbare <c>\nbare <d>\n" },
	{ "a backslash alone goes to the next word", "a\nb \\ c \\\"d\"\n",
	    "bare <a>\nkey <b>\nbare <\\c>\ndouble-quoted <\\d>\n" },
	{ "a backslash in a comment joins the next line to it",
	    "a\nb c # \\d\ne f\n",
	    "bare <a>\nkey <b>\nbare <c>\ncomment <# \\d>\nbare <e>\n"
	    "bare <f>\n" },
	{ "a variable is an opaque part of its word",
	    "a\nb {$C:d e}f \"{$G\"}\"",
	    "bare <a>\nkey <b>\nbare <{$C:d e}f>\n"
	    "double-quoted <{$G\"}>\n" },
	{ "a variable takes lines from a comment", "a\nb # {$C\nd} e\nf\n",
	    "bare <a>\nkey <b>\ncomment <# {$C\nd} e>\nkey <f>\n" },
	{ "a heredoc ends at its marker", "a\nb <<X\n c }\n X d\ne\n",
	    "bare <a>\nkey <b>\nheredoc <<<X\n c }\n X>\nbare <d>\n"
	    "key <e>\n" },
	{ "a marker that does not come again is a word", "a\nb <<X\nc\n",
	    "bare <a>\nkey <b>\nbare <<<X>\nkey <c>\n" },
};

/* Expectations from caddyfile/lexer.go of 1.0. */
static const struct reading_row readings_v1[] = {
	{ "a number sign cuts a word, and is over at its end",
	    "a\nb c#d e # f\n",
	    "bare <a>\nkey <b>\nbare <c>\ncomment <#d>\nbare <e>\n"
	    "comment <# f>\n" },
	{ "backticks and backslashes are nothing outside quotes",
	    "a\nb `c \\\nd\n",
	    "bare <a>\nkey <b>\nbare <`c>\nbare <\\>\nkey <d>\n" },
	{ "double quotes are those of version 2", "a\nb \"c\\\"\\d\" e\n",
	    "bare <a>\nkey <b>\ndouble-quoted <c\"\\d>\nbare <e>\n" },
	{ "a variable is cut like any other text", "a\nb {$C d}\n",
	    "bare <a>\nkey <b>\nbare <{$C>\nbare <d}>\n" },
	{ "there are no matchers", "a\nb @c\n",
	    "bare <a>\nkey <b>\nbare <@c>\n" },
	{ "there are no heredocs", "a\nb <<X\nX\n",
	    "bare <a>\nkey <b>\nbare <<<X>\nkey <X>\n" },
};

/* As slot_list(), without the elements, and with "syntax". */
static void
list_words(const char *name, const struct kp_format *format, const char *text,
    struct kp_buf *list)
{
	const struct kp_source src = { .name = "text",
		.text = kp_str_of(text) };
	struct kp_scan scan = slot_scan(name, format, &src);
	size_t i;

	for (i = 0; i < scan.count; i++) {
		const struct kp_item *item = &scan.items[i];

		if (item->kind == KP_ELEMENT)
			continue;
		kp_buf_add_text(list,
		    item->kind == KP_SYNTAX ? "syntax" : slot_kind_name(item));
		kp_buf_add_text(list, " <");
		kp_buf_add(list, item->value);
		kp_buf_add_text(list, ">\n");
	}
	kp_scan_wipe(&scan);
}

static void
check_words(const struct kp_format *format, const struct reading_row *rows,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct kp_buf list = { 0 };

		kp_buf_add_text(&list, "");
		list_words(rows[i].name, format, rows[i].text, &list);
		slot_expect(rows[i].name, &list, rows[i].expect);
		kp_buf_wipe(&list);
	}
}

static void
a_scan_sees_what_caddy_reads(void **state)
{
	(void)state;
	check_words(&kp_format_caddyfile, readings, COUNT(readings));
}

static void
a_scan_sees_what_caddy_1_reads(void **state)
{
	(void)state;
	check_words(&kp_format_caddyfile_v1, readings_v1, COUNT(readings_v1));
}

static const struct path_row paths[] = {
	{ "arguments are numbered", "a {\nredir b c\n}\n", "a.redir[1]", "c" },
	{ "the lines of a block follow the line before it",
	    "a {\nbasicauth bcrypt x {\nbob h\n}\n}\n", "a.basicauth.bob[0]",
	    "h" },
	{ "the first of several addresses counts", "a, b {\nrespond c\n}\n",
	    "a.respond[0]", "c" },
	{ "global options have no site", "{\nservers {\nprotocols h1\n}\n}\n",
	    "servers.protocols[0]", "h1" },
	{ "a site without braces counts too", "a\nrespond b\n", "a.respond[0]",
	    "b" },
	{ "a snippet counts as a site", "(s) {\nrespond b\n}\n",
	    "(s).respond[0]", "b" },
	{ "an address with dots is quoted", "a.com {\nrespond b\n}\n",
	    "\"a.com\".respond[0]", "b" },
};

static const struct fault_row faults[] = {
	{ "a block that nothing closes is shown where it opens",
	    "a {\n\tb {\n\tc\n}\n", 1, 3, NULL },
	{ "quotes that nothing closes are shown where they open",
	    "a {\n\tb \"c\n}\n", 2, 4, NULL },
	{ "backticks that nothing closes are shown where they open",
	    "a {\n\tb `c\n}\n", 2, 4, NULL },
	{ "a brace too many is shown", "a {\n}\n}\n", 3, 1, NULL },
	{ "a site's brace on a directive's line is shown", "a {\n\tb }\n}\n", 2,
	    4, NULL },
	{ "a brace that ends a site without braces is shown", "a\nb\n}\n", 3, 1,
	    NULL },
	{ "a comma before a block is shown", "a, {\n}\n", 1, 4, NULL },
	{ "a comma at the end is shown", "a,", 1, 3, NULL },
};

static void
blocks_nested_without_end_are_an_error(void **state)
{
	struct kp_buf text = { 0 };
	struct kp_source src = { .name = "text" };
	struct kp_diags diags = { 0 };
	struct kp_scan scan;
	size_t i;

	(void)state;
	for (i = 0; i < 100000; i++)
		kp_buf_add_text(&text, "a {\n");
	src.text = kp_buf_view(&text);
	assert_false(kp_scan_run(&scan, &kp_format_caddyfile, &src, &diags));
	assert_string_equal(diags.list[0].text, "blocks are nested too deeply");
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
	kp_buf_wipe(&text);
}

#define HASH "$2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG"

/* What Caddy 2.6.2 was seen to read back as the value. */
static const struct fill_row fills[] = {
	{ "a plain value stays bare", "a\nheader A SLOT # c\n",
	    "s3cret/+=", "a\nheader A s3cret/+= # c\n" },
	{ "a bcrypt hash stays bare", "a\nb u SLOT\n", HASH,
	    "a\nb u " HASH "\n" },
	{ "an empty value is a pair of quotes", "a\nheader A SLOT\n", "",
	    "a\nheader A \"\"\n" },
	{ "a blank needs quotes", "a\nheader A SLOT\n", "x y",
	    "a\nheader A \"x y\"\n" },
	{ "a part of a bare word brings its word into quotes",
	    "a\nheader A xSLOTy\n", "#", "a\nheader A \"x#y\"\n" },
	{ "a quote is escaped", "a\nheader A SLOT\n", "x\"y",
	    "a\nheader A \"x\\\"y\"\n" },
	{ "an even number of backslashes before a quote can be escaped",
	    "a\nheader A SLOT\n", "x\\\\\"", "a\nheader A \"x\\\\\\\"\"\n" },
	{ "a backslash at the end needs backticks", "a\nheader A SLOT\n", "x\\",
	    "a\nheader A `x\\`\n" },
	{ "a backslash before a quote needs backticks",
	    "a\nheader A \"SLOT\"\n", "x\\\"y", "a\nheader A `x\\\"y`\n" },
	{ "backticks stay", "a\nheader A `SLOT`\n", "x \"y\\",
	    "a\nheader A `x \"y\\`\n" },
	{ "a backtick needs double quotes", "a\nheader A `x SLOT`\n", "`",
	    "a\nheader A \"x `\"\n" },
	{ "line breaks may stand in quotes", "a\nheader A SLOT\nlog\n",
	    "x\r\ny\n", "a\nheader A \"x\r\ny\n\"\nlog\n" },
	{ "a lone brace within a value may stand", "a\nheader A SLOT\n", "x{y",
	    "a\nheader A \"x{y\"\n" },
	{ "braces the wrong way round may stand", "a\nheader A SLOT\n", "}{",
	    "a\nheader A \"}{\"\n" },
	{ "a backslash before the only brace may stand", "a\nheader A SLOT\n",
	    "x\\}", "a\nheader A \"x\\}\"\n" },
	{ "placeholders of the template stay",
	    "a\nheader A \"{host} SLOT {uri}\"\n", "x }",
	    "a\nheader A \"{host} x } {uri}\"\n" },
	{ "a bare word with a placeholder stays bare",
	    "a\nheader A {host}SLOT{uri}\n", "x",
	    "a\nheader A {host}x{uri}\n" },
	{ "a bare word with a variable stays bare", "a\nb {$HOST:c d}:SLOT\n",
	    "8080", "a\nb {$HOST:c d}:8080\n" },
	{ "an address takes a domain", "SLOT, b {\n}\n", "a.example.com",
	    "a.example.com, b {\n}\n" },
	{ "an address takes a port", "http://SLOT:80 {\n}\n", "[::1]",
	    "http://[::1]:80 {\n}\n" },
	{ "a user may stand first in a line",
	    "a {\nbasicauth {\nSLOT h\n}\n}\n", "bob x",
	    "a {\nbasicauth {\n\"bob x\" h\n}\n}\n" },
	{ "a path behind a matcher is a value", "a\nroot * SLOT\n", "/srv",
	    "a\nroot * /srv\n" },
	{ "tls takes no matcher", "a\ntls SLOT k\n", "/c", "a\ntls /c k\n" },
	{ "the options of a directive take no matcher",
	    "a {\nfile_server {\nroot SLOT\n}\n}\n", "/srv",
	    "a {\nfile_server {\nroot /srv\n}\n}\n" },
	{ "a matcher of the template takes a part", "a\nhandle /SLOT/*\n", "/",
	    "a\nhandle ///*\n" },
	{ "three digits before a status are text", "a\nrespond SLOT 200\n",
	    "404", "a\nrespond 404 200\n" },
	{ "three digits behind a text are a status", "a\nrespond \"\" SLOT\n",
	    "404", "a\nrespond \"\" 404\n" },
	{ "more digits are text", "a\nrespond SLOT\n", "4040",
	    "a\nrespond 4040\n" },
	{ "a heredoc's beginning is quoted", "a\nheader A SLOT\n", "<<EOF",
	    "a\nheader A \"<<EOF\"\n" },
	{ "a no-break space needs quotes", "a\nheader A SLOT\n", "x\xc2\xa0",
	    "a\nheader A \"x\xc2\xa0\"\n" },
	{ "a backslash that is lost goes with its word",
	    "a\nheader A SLOT\\ b\n", "x y", "a\nheader A \"x y\" b\n" },
	{ "a backslash that joins lines stays", "a\nheader A SLOT\\\n\tb\n",
	    "x y", "a\nheader A \"x y\"\\\n\tb\n" },
};

static const struct refusal_row refusals[] = {
	{ "a brace alone is a block's", "a\nheader A \"SLOT\"\n", "{",
	    "a single brace" },
	{ "a pair of braces is a placeholder", "a\nheader A `SLOT`\n",
	    "x{env.HOME}", "placeholder" },
	{ "braces may come from value and template", "a\nheader A \"SLOT}\"\n",
	    "{host", "placeholder" },
	{ "a value within a placeholder is refused",
	    "a\nheader A \"{xSLOT}\"\n", "y", "placeholder" },
	{ "a variable is replaced", "a\nheader A SLOT\n", "{$HOME", "\"{$\"" },
	{ "a variable of template and value is replaced", "a\nheader A {SLOT\n",
	    "$HOME", "\"{$\"" },
	{ "a variable's default is no place for a value",
	    "a\nheader A {$B:SLOT}\n", "x", "placeholder" },
	{ "a brace escaped is read in two ways", "a\nheader A SLOT\n", "\\{",
	    "a backslash before a brace" },
	{ "a brace escaped beside a placeholder is read in two ways",
	    "a\nheader A \"{host}SLOT\"\n", "\\}",
	    "a backslash before a brace" },
	{ "a backtick and a final backslash cannot be written",
	    "a\nheader A SLOT\n", "`\\", "no quotes of Caddy's" },
	{ "bytes that are no UTF-8 cannot be written", "a\nheader A SLOT\n",
	    "\xe9", "not UTF-8" },
	{ "a variable's word keeps its quotes", "a\nheader A {$B}SLOT\n", "x y",
	    "{$NAME}" },
	{ "an address holds no blank", "SLOT {\n}\n", "a b", "address" },
	{ "an address holds no comma", "SLOT {\n}\n", "a,b", "address" },
	{ "an address is not empty", "SLOT {\n}\n", "", "cannot be empty" },
	{ "an address is no import", "SLOT {\n}\n", "import", "a directive" },
	{ "a line does not begin with import",
	    "a {\nbasicauth {\n\"SLOT\" h\n}\n}\n", "import", "a directive" },
	{ "a first argument is no path", "a\nrespond SLOT\n", "/x", "matcher" },
	{ "a first argument is no matcher's name", "a\nrespond \"SLOT\"\n",
	    "@x", "matcher" },
	{ "a first argument is no asterisk", "a\nrespond `SLOT`\n", "*",
	    "matcher" },
	{ "a body alone is no status", "a\nrespond SLOT\n", "200", "a status" },
	{ "a body behind a matcher is no status", "a\nerror * \"SLOT\"\n",
	    "099", "a status" },
	{ "a number with a sign is a status too", "a\nrespond SLOT\n", "+12",
	    "a status" },
	{ "a heredoc is read in two ways", "a\nb <<X\nSLOT\nX\n", "x",
	    "a heredoc" },
	{ "a line break does not go with joined lines",
	    "a\nheader A \\\nSLOT b\n", "x\ny", "a line break" },
};

static const struct fill_row fills_v1[] = {
	{ "signs stay bare", "a\nb SLOT\n", "x\"`\\&", "a\nb x\"`\\&\n" },
	{ "a number sign needs quotes", "a\nb SLOT\n", "x#y",
	    "a\nb \"x#y\"\n" },
	{ "a first quote needs quotes", "a\nb SLOT\n", "\"x",
	    "a\nb \"\\\"x\"\n" },
	{ "letters outside ASCII are quoted", "a\nb SLOT\n", "\xc3\xa9",
	    "a\nb \"\xc3\xa9\"\n" },
	{ "a path is no matcher", "a\nb SLOT\n", "/x", "a\nb /x\n" },
};

static const struct refusal_row refusals_v1[] = {
	{ "a final backslash and a blank cannot be written", "a\nb SLOT\n",
	    "x \\", "an odd number of backslashes" },
	{ "either sort of variable is replaced", "a\nb SLOT\n", "{%X",
	    "\"{%\"" },
	{ "a brace may disturb a variable", "a\nb {$X}SLOT\n", "}",
	    "a variable" },
	{ "a password may not name a file", "a\nbasicauth / u SLOT\n",
	    "htpasswd=/x", "the name of a file" },
};

static const char *const places[] = {
	"a\nheader A SLOT # c\nlog\n",
	"a\nheader A \"SLOT\" b\nlog\n",
	"a\nheader A `SLOT` b\nlog\n",
	"a\nheader A xSLOTy\nlog\n",
	"a {\nbasicauth {\nSLOT h\nbob h\n}\n}\n",
};

static void
fill_byte(const char *template, char byte, bool alone)
{
	char value[3] = { 'a', byte, 'b' };
	struct kp_str bytes =
	    alone ? kp_str_make(&byte, 1) : kp_str_make(value, sizeof(value));
	bool brace = byte == '{' || byte == '}';
	bool expect = (unsigned char)byte < 0x80;
	struct kp_buf got = { 0 };

	if (alone && brace &&
	    kp_str_find_str(kp_str_of(template), kp_str_of("xSLOTy")) ==
	        KP_NPOS)
		expect = false;
	if (slot_fill(template, &kp_format_caddyfile, kp_str_of(template),
	        bytes, &got) != expect)
		fail_msg("%s: byte %d", template, (unsigned char)byte);
	kp_buf_wipe(&got);
}

static void
each_byte_is_carried_or_refused(void **state)
{
	size_t i;
	int byte;

	(void)state;
	for (i = 0; i < COUNT(places); i++) {
		for (byte = 0; byte < 256; byte++) {
			fill_byte(places[i], (char)byte, false);
			fill_byte(places[i], (char)byte, true);
		}
	}
}

/* So many lines may begin a piece: in these, "+" stands where one does. */
static const char *const parted[] = {
	"{\n email x\n}\n+(a) {\n+ b c }\n+d, e {\n+ f `g\n h` i\n"
	"+ j {\n+ k l\n }\n+ m \\\n n\n # o \\\n p\n}\n"
	"+\xef\xbb\xbfq {\n+ r\n }\n",
	"a\nb c\n+d {\n+ e\n}\n+f {\n+ g }\n",
	"a {\n+ b {$c\n d\n}\n}\n+e {\n}\n",
	"a {\n+ b <<X\n c\n X\n+ d\n}\n",
	"a,\nb {\n+ c\n}\n+import d\n+e {\n}\n,\n f {\n}\n",
};

static void
pieces_have_the_items_of_the_whole(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(parted); i++) {
		struct kp_buf text = { 0 };
		const char *at;

		for (at = parted[i]; *at != '\0'; at++) {
			if (*at != '+')
				kp_buf_add_char(&text, *at);
		}
		assert_int_equal(pieces_count(&kp_format_caddyfile, text.data),
		    strlen(parted[i]) - text.len);
		kp_buf_wipe(&text);
	}
}

static struct tables tables[] = {
	{
	    .format = &kp_format_caddyfile,
	    TABLE(paths, paths),
	    TABLE(faults, faults),
	    TABLE(fills, fills),
	    TABLE(refusals, refusals),
	},
	{
	    .format = &kp_format_caddyfile_v1,
	    TABLE(fills, fills_v1),
	    TABLE(refusals, refusals_v1),
	},
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(a_scan_sees_what_caddy_reads),
		cmocka_unit_test(a_scan_sees_what_caddy_1_reads),
		cmocka_unit_test(blocks_nested_without_end_are_an_error),
		cmocka_unit_test(each_byte_is_carried_or_refused),
		cmocka_unit_test(pieces_have_the_items_of_the_whole),
	};

	return run_tables(tables, COUNT(tables), more, COUNT(more));
}
