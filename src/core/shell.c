/* SPDX-License-Identifier: MIT */
/*
 * shell - the words of a shell script (POSIX.1-2017, XCU 2.2 and 2.3).
 *
 * Not a parser of the whole language: compound commands come out as the
 * simple ones in them, which is all that a proposal needs.
 */
#include "core/shell.h"

#include "base/buf.h"

#include <string.h>

static bool
at_end(const struct kp_shell *shell)
{
	return shell->at >= shell->text.len;
}

static char
peek_at(const struct kp_shell *shell, size_t ahead)
{
	size_t at = shell->at + ahead;

	return at < shell->text.len ? shell->text.ptr[at] : '\0';
}

static char
peek(const struct kp_shell *shell)
{
	return peek_at(shell, 0);
}

/* NUL bytes are dropped, as shells do: a word is a C string. */
static void
add_char(struct kp_buf *word, char c)
{
	if (c != '\0' && c != KP_SHELL_OPEN && c != KP_SHELL_CLOSE)
		kp_buf_add_char(word, c);
}

static void
skip_line(struct kp_shell *shell)
{
	while (!at_end(shell) && peek(shell) != '\n')
		shell->at++;
}

/* --- what the shell puts in --- */

/* From behind an opening mark to its closing one, others nested in it. */
static void
take_nested(struct kp_shell *shell, char open, char close, struct kp_buf *word)
{
	unsigned depth = 1;
	char quote = '\0';

	for (; !at_end(shell); shell->at++) {
		char c = peek(shell);

		if (c == '\\' && quote != '\'') {
			add_char(word, c);
			shell->at++;
			add_char(word, peek(shell));
			continue;
		}
		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (c == '\'' || (c == '"' && open == '('))
			quote = c;
		else if (c == close && --depth == 0)
			break;
		else if (c == open)
			depth++;
		add_char(word, c);
	}
	shell->at++;
}

static void
take_backquoted(struct kp_shell *shell, struct kp_buf *word)
{
	kp_buf_add_char(word, KP_SHELL_OPEN);
	kp_buf_add_char(word, '(');
	for (shell->at++; !at_end(shell) && peek(shell) != '`'; shell->at++)
		add_char(word, peek(shell));
	shell->at++;
	kp_buf_add_char(word, KP_SHELL_CLOSE);
}

static bool
is_special(char c)
{
	return c != '\0' && strchr("@*#?$!-0123456789", c) != NULL;
}

/* A "$" and what it means; alone it is itself. */
static void
take_dollar(struct kp_shell *shell, struct kp_buf *word)
{
	char next = peek_at(shell, 1);

	if (next != '{' && next != '(' && !is_special(next) &&
	    !kp_is_alpha(next) && next != '_') {
		add_char(word, '$');
		shell->at++;
		return;
	}
	shell->at++;
	kp_buf_add_char(word, KP_SHELL_OPEN);
	if (next == '{') {
		shell->at++;
		take_nested(shell, '{', '}', word);
	} else if (next == '(') {
		shell->at++;
		kp_buf_add_char(word, '(');
		take_nested(shell, '(', ')', word);
	} else if (is_special(next)) {
		add_char(word, next);
		shell->at++;
	} else {
		while (kp_is_alnum(peek(shell)) || peek(shell) == '_')
			add_char(word, shell->text.ptr[shell->at++]);
	}
	kp_buf_add_char(word, KP_SHELL_CLOSE);
}

/* --- words --- */

static void
take_single(struct kp_shell *shell, struct kp_buf *word)
{
	for (shell->at++; !at_end(shell) && peek(shell) != '\''; shell->at++)
		add_char(word, peek(shell));
	shell->at++;
}

static void
take_double(struct kp_shell *shell, struct kp_buf *word)
{
	shell->at++;
	while (!at_end(shell) && peek(shell) != '"') {
		char c = peek(shell), next = peek_at(shell, 1);

		if (c == '$') {
			take_dollar(shell, word);
		} else if (c == '`') {
			take_backquoted(shell, word);
		} else if (c == '\\' && next != '\0' &&
		    strchr("$`\"\\\n", next) != NULL) {
			if (next != '\n')
				add_char(word, next);
			shell->at += 2;
		} else {
			add_char(word, c);
			shell->at++;
		}
	}
	shell->at++;
}

static bool
ends_word(const struct kp_shell *shell)
{
	char c = peek(shell);

	return at_end(shell) || kp_is_space(c) ||
	    (c != '\0' && strchr(";&|<>()", c) != NULL);
}

/* True: there was a word, though it may be empty, as "" is. */
static bool
take_word(struct kp_shell *shell, struct kp_buf *word)
{
	size_t start = shell->at;

	while (!ends_word(shell)) {
		char c = peek(shell);

		if (c == '\'') {
			take_single(shell, word);
		} else if (c == '"') {
			take_double(shell, word);
		} else if (c == '$') {
			take_dollar(shell, word);
		} else if (c == '`') {
			take_backquoted(shell, word);
		} else if (c == '\\') {
			if (peek_at(shell, 1) != '\n')
				add_char(word, peek_at(shell, 1));
			shell->at += 2;
		} else {
			add_char(word, c);
			shell->at++;
		}
	}
	if (shell->at > start && peek(shell) == '(' &&
	    peek_at(shell, 1) == ')') {
		kp_buf_add_text(word, "()");
		shell->at += 2;
	}
	return shell->at > start;
}

/* --- here-documents --- */

/* Behind the line that asked for them. */
static void
skip_documents(struct kp_shell *shell)
{
	size_t i;

	for (i = 0; i < shell->ends.count; i++) {
		struct kp_str rest =
		    kp_str_slice(shell->text, shell->at, shell->text.len);
		struct kp_str line;

		while (kp_str_next_line(&rest, &line)) {
			shell->at = shell->text.len - rest.len;
			if (kp_str_is(kp_str_trim(line), shell->ends.items[i]))
				break;
		}
	}
	kp_list_free(&shell->ends);
}

static void
take_document(struct kp_shell *shell)
{
	struct kp_buf end = { 0 };

	if (peek(shell) == '-')
		shell->at++;
	while (kp_is_blank(peek(shell)))
		shell->at++;
	if (take_word(shell, &end) && end.len > 0 &&
	    (!kp_buf_ok(&end) || !kp_list_add(&shell->ends, end.data)))
		shell->failed = true;
	kp_buf_wipe(&end);
}

/* --- commands --- */

static void
add_word(struct kp_shell *shell, struct kp_shell_command *command,
    const char *word)
{
	if (!kp_list_add(&command->words, word == NULL ? "" : word))
		shell->failed = true;
}

/* "<", ">", ">>", "<<" with its document, "<<<"; "2>&1" loses its "&". */
static void
take_redirection(struct kp_shell *shell, struct kp_shell_command *command)
{
	char c = peek(shell);

	shell->at++;
	if (c == '<' && peek(shell) == '<' && peek_at(shell, 1) != '<') {
		shell->at++;
		add_word(shell, command, "<<");
		take_document(shell);
		return;
	}
	if (peek(shell) == c) {
		shell->at++;
		add_word(shell, command, c == '>' ? ">>" : "<<<");
	} else {
		add_word(shell, command, c == '>' ? ">" : "<");
	}
	while (peek(shell) == '&' || peek(shell) == '<')
		shell->at++;
}

/* Pass over what is between commands. */
static void
skip_between(struct kp_shell *shell)
{
	while (!at_end(shell)) {
		char c = peek(shell);

		if (c == '\n') {
			shell->at++;
			skip_documents(shell);
		} else if (c == '#') {
			skip_line(shell);
		} else if (kp_is_space(c) || strchr(";&|()", c) != NULL) {
			shell->at++;
		} else if (c == '\\' && peek_at(shell, 1) == '\n') {
			shell->at += 2;
		} else {
			return;
		}
	}
}

bool
kp_shell_next(struct kp_shell *shell, struct kp_shell_command *command)
{
	*command = (struct kp_shell_command){ 0 };
	skip_between(shell);
	command->start = shell->at;
	while (!at_end(shell) && !shell->failed) {
		struct kp_buf word = { 0 };
		char c = peek(shell);

		if (kp_is_blank(c) || c == '\r') {
			shell->at++;
		} else if (c == '\\' && peek_at(shell, 1) == '\n') {
			shell->at += 2;
		} else if (c == '<' || c == '>') {
			take_redirection(shell, command);
		} else if (c == '#' || ends_word(shell)) {
			break;
		} else {
			if (take_word(shell, &word))
				add_word(shell, command, word.data);
			if (word.failed)
				shell->failed = true;
			kp_buf_wipe(&word);
		}
	}
	return command->words.count > 0 && !shell->failed;
}

void
kp_shell_command_free(struct kp_shell_command *command)
{
	kp_list_free(&command->words);
}

void
kp_shell_free(struct kp_shell *shell)
{
	kp_list_free(&shell->ends);
}

bool
kp_shell_is_script(struct kp_str text)
{
	static const char *const names[] = { "sh", "bash", "dash", "ash",
		"ksh" };
	struct kp_str line;
	size_t slash, i;

	if (!kp_str_starts(text, "#!") || !kp_str_next_line(&text, &line))
		return false;
	line = kp_str_trim(line);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct kp_str word = line;

		/* "#!/bin/bash -e", "#!/usr/bin/env bash" */
		slash = kp_str_rfind_str(line, kp_str_of("/"));
		if (slash != KP_NPOS)
			word = kp_str_slice(line, slash + 1, line.len);
		if (kp_str_starts(word, "env "))
			word = kp_str_trim(kp_str_slice(word, 4, word.len));
		if (kp_str_starts(word, names[i]) &&
		    (word.len == strlen(names[i]) ||
		        kp_is_blank(word.ptr[strlen(names[i])])))
			return true;
	}
	return false;
}
