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

#endif
