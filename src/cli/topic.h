/* SPDX-License-Identifier: MIT */
/* topic - what "keyplate help TOPIC" says, a screen or less for each. */
#ifndef KP_CLI_TOPIC_H
#define KP_CLI_TOPIC_H

#include "base/attr.h"
#include "base/buf.h"

#include <stdbool.h>

/* The names of all topics but the commands, ended by NULL. */
const char *const *kp_topic_names(void);

/* Append the text on a topic; false: there is none of that name. */
bool kp_topic_add(const char *name, struct kp_buf *out) KP_MUST_CHECK;

#endif
