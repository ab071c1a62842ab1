/* SPDX-License-Identifier: MIT */
/*
 * shell - the words of a shell script, as far as one can tell without
 * running it.
 */
#ifndef KP_CORE_SHELL_H
#define KP_CORE_SHELL_H

#include "base/attr.h"
#include "base/list.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * In a word, quotes are taken away, and what the shell would put in stands
 * between these two: a variable as "NAME" or "NAME:-word", the output of a
 * command as "(" and the command.
 */
#define KP_SHELL_OPEN '\001'
#define KP_SHELL_CLOSE '\002'

/* A script that is being read. { .text } before the first command. */
struct kp_shell {
	struct kp_str text; /* borrowed */
	size_t at;
	/* Of the here-document that the command has: its end, and where. */
	struct kp_list ends;
	bool failed; /* out of memory */
};

/* One simple command. */
struct kp_shell_command {
	struct kp_list words; /* owned; "<", ">", ">>" are words */
	size_t start;         /* in the text */
};

/* Is the text a script for a shell, by its first line? */
bool kp_shell_is_script(struct kp_str text);

/*
 * Read the next simple command, comments and empty lines passed over; what
 * stands between ";", "&&", "|" and the ends of lines is one.  Keywords such
 * as "if" and "}" are words like others, "name()" is one word.  False: there
 * is no more, or no memory.  The caller frees *command by
 * kp_shell_command_free(), and in the end the shell by kp_shell_free().
 */
bool kp_shell_next(struct kp_shell *shell, struct kp_shell_command *command);

void kp_shell_command_free(struct kp_shell_command *command);
void kp_shell_free(struct kp_shell *shell);

#endif
