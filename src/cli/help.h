/* SPDX-License-Identifier: MIT */
/* help - the text of --help, made from the table of options. */
#ifndef KP_CLI_HELP_H
#define KP_CLI_HELP_H

#include "base/buf.h"
#include "cli/options.h"

/*
 * Append the help on topic: of KP_CMD_HELP the commands and the everyday
 * options, on one screen of 80 x 24; of a command all the options it takes.
 */
void kp_help_add(enum kp_command topic, struct kp_buf *out);

/* Append every option that there is, by groups. */
void kp_help_add_options(struct kp_buf *out);

/*
 * Append the tables of commands and options as completions/ reads them, a
 * line for each, the columns separated by tabs:
 *
 *	command NAME HELP
 *	option COMMAND -LETTER --NAME ARGUMENT WORD,... HELP
 *	topic NAME
 *
 * An option has a line for each command that it is of.  "-" stands for what
 * there is not; words are all that the argument can be.
 */
void kp_help_add_completion(struct kp_buf *out);

#endif
