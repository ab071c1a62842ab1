/* SPDX-License-Identifier: MIT */
/* test_php - string literals in PHP, and how they are written. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Expectations from Zend/zend_language_scanner.l of PHP 8.2. */
static const struct {
	const char *name, *text, *expect;
} scans[] = {
	{ "text outside of code is no value", "a 'b' <?php 'c';\n",
	    "single-quoted <c>\n" },
	{ "single quotes have two escapes", "<?php 'a\\'b\\\\c\\n';",
	    "single-quoted <a'b\\c\\n>\n" },
	{ "double quotes have many",
	    "<?php \"\\n\\t\\x41\\101\\u{e9}\\$\\\"\\q\";",
	    "double-quoted <\n\tAAé$\"\\q>\n" },
	{ "comments end at a line or a tag",
	    "<?php # a 'b\n// c ?> 'd' <?php /* 'e */ 'f';",
	    "comment <# a 'b>\ncomment <// c >\ncomment </* 'e */>\nsingle-quoted <f>\n" },
	{ "an attribute is no comment", "<?php #[A('x')]\n'y';",
	    "other <>\nsingle-quoted <x>\nsingle-quoted <y>\n" },
	{ "a string within a string's code is part of it",
	    "<?php \"a{$b[\"c\"]}d\";", "double-quoted <\"a{$b[\"c\"]}d\">\n" },
	{ "a constant's name is a key", "<?php define('A', 'b'); const C = 1;",
	    "key <A>\nsingle-quoted <b>\nkey <C>\nbare <1>\n" },
	{ "a heredoc ends at its label", "<?php $a = <<<E\n 'b\n E;\n'c';",
	    "key <a>\nheredoc <<<<E\n 'b\n E>\nsingle-quoted <c>\n" },
	{ "a sum of strings has no key", "<?php $a = 'b' . 'c';",
	    "key <a>\nsingle-quoted <b>\nsingle-quoted <c>\n" },
	{ "a comparison is no assignment", "<?php $a == 'b';",
	    "single-quoted <b>\n" },
	{ "what follows the end of the program is data",
	    "<?php 'a'; __halt_compiler(); 'b", "single-quoted <a>\n" },
};

static void
test_scan(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scans); i++) {
		struct kp_buf list = slot_list(scans[i].name, &kp_format_php,
		    kp_str_of(scans[i].text));

		slot_expect(scans[i].name, &list, scans[i].expect);
		kp_buf_wipe(&list);
	}
}

static const struct {
	const char *name, *text, *why;
} errors[] = {
	{ "an open quote is an error", "<?php 'a", "no quote closes" },
	{ "an open bracket is an error", "<?php f('a'", "no end" },
	{ "a wrong bracket is an error", "<?php f('a']", "no bracket opens" },
	{ "an open heredoc is an error", "<?php <<<E\na\n", "heredoc" },
	{ "an open comment is an error", "<?php /* a", "comment" },
	{ "deep nesting is an error",
	    "<?php [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	    "deeply" },
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

		if (kp_scan_run(&scan, &kp_format_php, &src, &diags))
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
	{ "single quotes get two escapes", "<?php define('A', 'SLOT');",
	    KP_STR("it's a\\ $b"), "<?php define('A', 'it\\'s a\\\\ $b');" },
	{ "double quotes hide dollars", "<?php $a = \"SLOT\";",
	    KP_STR("$b {$c} \"\\\n"),
	    "<?php $a = \"\\$b {\\$c} \\\"\\\\\\n\";" },
	{ "a bare word gets quotes", "<?php define('A', SLOT);", KP_STR("12"),
	    "<?php define('A', '12');" },
	{ "the tag's end is harmless", "<?php f('SLOT');", KP_STR("?>"),
	    "<?php f('?>');" },
};

static void
test_encode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fills); i++) {
		struct kp_buf got = { 0 };

		if (!slot_fill(fills[i].name, &kp_format_php,
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
	{ "a heredoc is refused", "<?php $a = <<<E\nSLOT\nE;", KP_STR("b"),
	    "heredoc" },
	{ "a string with variables is refused", "<?php $a = \"$b SLOT\";",
	    KP_STR("c"), "variables" },
};

static void
test_refuse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refusals); i++) {
		struct kp_buf got = { 0 };
		bool done = slot_fill(refusals[i].name, &kp_format_php,
		    kp_str_of(refusals[i].template), refusals[i].value, &got);

		slot_expect_refusal(refusals[i].name, done, &got,
		    refusals[i].why);
		kp_buf_wipe(&got);
	}
}

static void
test_every_byte_can_be_carried(void **state)
{
	static const char *const templates[] = {
		"<?php f('SLOT');",
		"<?php f(\"SLOT\");",
		"<?php define('A', SLOT);",
	};
	char bytes[3] = "a_b";
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < COUNT(templates); i++) {
		for (c = 0; c < 256; c++) {
			struct kp_buf got = { 0 };

			bytes[1] = (char)c;
			if (!slot_fill(templates[i], &kp_format_php,
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
	{ "a subscript is a level", "<?php $c['a']['b'] = 'x';", "c.a.b", "x" },
	{ "an array is levels", "<?php $c = array('a' => ['b' => 'x', 'y']);",
	    "c.a.b", "x" },
	{ "what has no key is numbered", "<?php return ['x', 'a' => [1, 'y']];",
	    "a[1]", "y" },
	{ "a setting of a class has its name",
	    "<?php class A { public $b = 'x'; }", "b", "x" },
	{ "spacing and comments do not matter",
	    "<?php define ( 'A' /* b */ , 'x' ) ;", "A", "x" },
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
		    slot_scan(paths[i].name, &kp_format_php, &src);
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
		cmocka_unit_test(test_every_byte_can_be_carried),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
