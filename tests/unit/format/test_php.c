/* SPDX-License-Identifier: MIT */
/* test_php - string literals in PHP, and how they are written. */
#include "tables.h"

/* Expectations from Zend/zend_language_scanner.l of PHP 8.2. */
static const struct reading_row readings[] = {
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
	{ "a constant without a plain name has none here",
	    "<?php define($n, 'x'); const A = 'y';",
	    "single-quoted <x>\nkey <A>\nsingle-quoted <y>\n" },
	{ "a constant of another file is not one of this",
	    "<?php use const a\\b; 'c';", "single-quoted <c>\n" },
	{ "a here-document's label may have blanks before it",
	    "<?php $a = <<< E\nb\nE;\n", "key <a>\nheredoc <<<< E\nb\nE>\n" },
	{ "what a shell runs is no string", "<?php `a\\`'b'`; 'c';",
	    "single-quoted <c>\n" },
};

static const struct fault_row faults[] = {
	{ "an open quote is an error", "<?php 'a", 1, 0, "no quote closes" },
	{ "an open bracket is an error", "<?php f('a'", 1, 0, "no end" },
	{ "a wrong bracket is an error", "<?php f('a']", 1, 0,
	    "no bracket opens" },
	{ "an open heredoc is an error", "<?php <<<E\na\n", 1, 0, "heredoc" },
	{ "an open comment is an error", "<?php /* a", 1, 0, "comment" },
	{ "deep nesting is an error",
	    "<?php [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	    1, 0, "deeply" },
	{ "an open array is an error", "<?php\nreturn ['b',", 2, 8, "closes" },
	{ "an open double quote is an error", "<?php \"a", 1, 7,
	    "no quote closes" },
	{ "an open back quote is an error", "<?php `a", 1, 7,
	    "no quote closes" },
	{ "no character is above U+10FFFF", "<?php \"\\u{110000}\";", 1, 0,
	    "no character" },
	{ "strings within strings within strings have an end",
	    "<?php \"{$a[\"{$a[\"{$a[\"{$a[\"{$a[\"", 1, 0, "deep" },
};

static const struct fill_row fills[] = {
	{ "single quotes get two escapes", "<?php define('A', 'SLOT');",
	    "it's a\\ $b", "<?php define('A', 'it\\'s a\\\\ $b');" },
	{ "double quotes hide dollars", "<?php $a = \"SLOT\";",
	    "$b {$c} \"\\\n", "<?php $a = \"\\$b {\\$c} \\\"\\\\\\n\";" },
	{ "a bare word gets quotes", "<?php define('A', SLOT);", "12",
	    "<?php define('A', '12');" },
	{ "the tag's end is harmless", "<?php f('SLOT');", "?>",
	    "<?php f('?>');" },
};

static const char *const places[] = {
	"<?php f('SLOT');",
	"<?php f(\"SLOT\");",
	"<?php define('A', SLOT);",
};

static const struct refusal_row refusals[] = {
	{ "a heredoc is refused", "<?php $a = <<<E\nSLOT\nE;", "b", "heredoc" },
	{ "a string with variables is refused", "<?php $a = \"$b SLOT\";", "c",
	    "variables" },
};

static const struct path_row paths[] = {
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

static struct tables tables = {
	.format = &kp_format_php,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(paths, paths),
	TABLE(byte_places, places),
};

int
main(void)
{
	return run_tables(&tables, 1, NULL, 0);
}
