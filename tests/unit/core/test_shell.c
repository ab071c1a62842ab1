/* SPDX-License-Identifier: MIT */
/* test_shell - the words of a shell script. */
#include "core/shell.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/*
 * All words, each between "[" and "]", the commands on lines; what the shell
 * puts in stands between "<" and ">".
 */
static const struct {
	const char *name, *script, *expect;
} cases[] = {
	{ "words are cut at blanks", "a  b\tc\n", "[a][b][c]\n" },
	{ "comments and empty lines are none", "# x\n\n a # b\n#c", "[a]\n" },
	{ "a number sign in a word is a part of it", "a#b", "[a#b]\n" },
	{ "commands end at signs", "a;b&&c||d|e&f",
	    "[a]\n[b]\n[c]\n[d]\n[e]\n[f]\n" },
	{ "single quotes keep everything", "a 'b $c \\ \"'d",
	    "[a][b $c \\ \"d]\n" },
	{ "double quotes keep most", "\"a b\\$c\\\\ \\d '\"",
	    "[a b$c\\ \\d ']\n" },
	{ "an empty word is one", "a '' \"\"", "[a][][]\n" },
	{ "a variable", "$a ${b} \"x$c.y\"", "[<a>][<b>][x<c>.y]\n" },
	{ "with an operator", "${a:-b c} ${a//x/\\}}",
	    "[<a:-b c>][<a//x/\\}>]\n" },
	{ "a parameter", "$1 \"$@\" $10", "[<1>][<@>][<1>0]\n" },
	{ "a dollar that is one", "a$ $. \"$\"", "[a$][$.][$]\n" },
	{ "a command", "$(cat /a/b) x", "[<(cat /a/b>][x]\n" },
	{ "a command in a command", "\"$(a $(b \")\") c)\"d",
	    "[<(a $(b \")\") c>d]\n" },
	{ "in back quotes", "`cat a`/b", "[<(cat a>/b]\n" },
	{ "a line goes on behind a backslash", "a \\\nb\\\nc\nd",
	    "[a][bc]\n[d]\n" },
	{ "redirections are words", "a<b >c 2>&1 >>d",
	    "[a][<][b][>][c][2][>][1][>>][d]\n" },
	{ "a here-document is passed over", "cat >a <<EOF\n$x 'y\nEOF\nb",
	    "[cat][>][a][<<]\n[b]\n" },
	{ "with its end in quotes and behind tabs",
	    "cat <<-'E F'\n\tx\n\tE F\nb", "[cat][<<]\n[b]\n" },
	{ "two of them", "a <<X; b <<Y\nx\nX\ny\nY\nc",
	    "[a][<<]\n[b][<<]\n[c]\n" },
	{ "a function", "f() { a; }\ng ( ) {", "[f()][{][a]\n[}]\n[g]\n[{]\n" },
	{ "what is never closed ends with the text", "a \"b", "[a][b]\n" },
	{ "a quote that is never closed in a command", "$(a 'b",
	    "[<(a 'b>]\n" },
};

static void
write_word(struct kp_buf *out, const char *word)
{
	kp_buf_add_char(out, '[');
	for (; *word != '\0'; word++)
		kp_buf_add_char(out,
		    *word == KP_SHELL_OPEN      ? '<' :
		        *word == KP_SHELL_CLOSE ? '>' :
		                                  *word);
	kp_buf_add_char(out, ']');
}

static void
write_all(struct kp_buf *out, const char *script)
{
	struct kp_shell shell = { .text = kp_str_of(script) };
	struct kp_shell_command command;
	size_t i;

	while (kp_shell_next(&shell, &command)) {
		for (i = 0; i < command.words.count; i++)
			write_word(out, command.words.items[i]);
		kp_buf_add_char(out, '\n');
		kp_shell_command_free(&command);
	}
	kp_shell_command_free(&command);
	assert_false(shell.failed);
	kp_shell_free(&shell);
}

static void
test_words(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct kp_buf out = { 0 };

		write_all(&out, cases[i].script);
		if (!kp_str_is(kp_buf_view(&out), cases[i].expect))
			fail_msg("%s: got\n%s, want\n%s", cases[i].name,
			    out.data, cases[i].expect);
		kp_buf_wipe(&out);
	}
}

static void
test_scripts_by_their_first_line(void **state)
{
	static const char *const good[] = { "#!/bin/sh\n", "#!/bin/bash -e\n",
		"#!/usr/bin/env bash\n", "#! /bin/dash\r\n", "#!/bin/ash" };
	static const char *const bad[] = { "", "sh\n", "#!/usr/bin/python3\n",
		"#!/usr/bin/fish\n", "#!/bin/shred\n", "# sh\n" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		if (!kp_shell_is_script(kp_str_of(good[i])))
			fail_msg("no script: %s", good[i]);
	}
	for (i = 0; i < COUNT(bad); i++) {
		if (kp_shell_is_script(kp_str_of(bad[i])))
			fail_msg("a script: %s", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_scripts_by_their_first_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
