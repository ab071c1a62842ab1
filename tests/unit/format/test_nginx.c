/* SPDX-License-Identifier: MIT */
/* test_nginx - what nginx reads, and how it is written. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Expectations from ngx_conf_read_token() of nginx 1.22. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
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
};

static void
test_scan(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list = slot_list(scans[i].name, &kp_format_nginx,
		    kp_str_of(scans[i].text));

		slot_expect(scans[i].name, &list, scans[i].expect);
		kp_buf_wipe(&list);
	}
}

static const struct {
	const char *name, *text, *why;
} errors[] = {
	{ "an open quote is an error", "a \"b;", "no quote closes" },
	{ "text behind a quote is an error", "a \"b\"c;",
	    "behind a closing quote" },
	{ "an open block is an error", "a {", "closes this block" },
	{ "a wrong brace is an error", "a; }", "opens this block" },
	{ "a directive has to end", "a b", "ends this directive" },
	{ "a semicolon alone is an error", ";", "no directive" },
	{ "a block in Lua is an error", "content_by_lua_block { x = '}' }",
	    "Lua" },
};

static void
test_scan_error(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(errors); i++) {
		const struct kp_source src = {
			.name = "text",
			.text = kp_str_of(errors[i].text),
		};
		struct kp_diags diags = { 0 };
		struct kp_scan scan;

		if (kp_scan_run(&scan, &kp_format_nginx, &src, &diags))
			fail_msg("%s: it was read", errors[i].name);
		if (strstr(diags.list[0].text, errors[i].why) == NULL)
			fail_msg("%s: %s", errors[i].name, diags.list[0].text);
		kp_scan_wipe(&scan);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *name, *template;
	struct kp_str value;
	const char *expect;
} fills[] = {
	{ "a plain word stays bare", "a SLOT;", KP_STR("b@c:8080/x"),
	    "a b@c:8080/x;" },
	{ "signs are quoted", "a SLOT;", KP_STR("b; c#\""),
	    "a \"b; c#\\\"\";" },
	{ "single quotes stay", "a 'SLOT';", KP_STR("b'c\\"),
	    "a 'b\\'c\\\\';" },
	{ "line breaks are escaped", "a SLOT;", KP_STR("b\nc"),
	    "a \"b\\nc\";" },
	{ "an empty value is a pair of quotes", "a SLOT;", KP_STR(""),
	    "a \"\";" },
	{ "variables of the template stay", "a \"$host SLOT ${x}\";",
	    KP_STR("b"), "a \"$host b ${x}\";" },
	{ "a bracket behind the word is part of it", "if ($a = SLOT) { b; }",
	    KP_STR("c d"), "if ($a = \"c d)\" { b; }" },
};

static void
test_encode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fills); i++) {
		struct kp_buf got = { 0 };

		if (!slot_fill(fills[i].name, &kp_format_nginx,
		        kp_str_of(fills[i].template), fills[i].value, &got))
			fail_msg("%s: %s", fills[i].name, got.data);
		slot_expect(fills[i].name, &got, fills[i].expect);
		kp_buf_wipe(&got);
	}
}

static const struct {
	const char *name, *template;
	struct kp_str value;
	const char *why;
} refusals[] = {
	{ "a dollar has no escape", "a SLOT;", KP_STR("b$c"), "no escape" },
	{ "a value is no part of a variable's name", "a $SLOT;", KP_STR("b"),
	    "name of a variable" },
	{ "no NUL can be carried", "a SLOT;", KP_STR("b\000c"), "NUL" },
	{ "a word has its limit", "a SLOT;",
	    KP_STR(
	        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
	    "4094" },
};

static void
test_refuse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refusals); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_fill(refusals[i].name, &kp_format_nginx,
		    kp_str_of(refusals[i].template), refusals[i].value, &got);

		slot_expect_refusal(refusals[i].name, done, &got,
		    refusals[i].why);
		kp_buf_wipe(&got);
	}
}

static void
test_every_byte_but_a_dollar_can_be_carried(void **state)
{
	static const char *const templates[] = {
		"a SLOT;",
		"a \"SLOT\";",
		"a 'SLOT';",
		"a b-SLOT-c;",
	};
	char bytes[3] = "a_b";
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < COUNT(templates); i++) {
		for (c = 1; c < 256; c++) {
			struct kp_buf got = { 0 };

			if (c == '$')
				continue;
			bytes[1] = (char)c;
			if (!slot_fill(templates[i], &kp_format_nginx,
			        kp_str_of(templates[i]), kp_str_make(bytes, 3),
			        &got))
				fail_msg("%s: byte %02x: %s", templates[i],
				    (unsigned)c, got.data);
			kp_buf_wipe(&got);
		}
	}
}

static const struct {
	const char *name, *text, *path, *value;
} paths[] = {
	{ "blocks are levels", "http { server { listen 80; } }",
	    "http.server.listen", "80" },
	{ "a block's argument is a level", "location /a { root /b; }",
	    "location./a.root", "/b" },
	{ "arguments are numbered", "return 200 x;", "return[1]", "x" },
};

static void
test_paths(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(paths); i++) {
		const struct kp_source src = {
			.name = "text",
			.text = kp_str_of(paths[i].text),
		};
		struct kp_scan scan =
		    slot_scan(paths[i].name, &kp_format_nginx, &src);
		size_t found = 0;

		if (kp_scan_find(&scan, kp_str_of(paths[i].path), &found) != 1)
			fail_msg("%s: no such path", paths[i].name);
		if (!kp_str_is(scan.items[found].value, paths[i].value))
			fail_msg("%s: another value", paths[i].name);
		kp_scan_wipe(&scan);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_error),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_every_byte_but_a_dollar_can_be_carried),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
