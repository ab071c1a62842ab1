/* SPDX-License-Identifier: MIT */
/* help - the text of --help, made from the table of options. */
#include "cli/help.h"

#include "cli/option.h"
#include "cli/topic.h"

#include <string.h>

/* Columns: of an option's name and argument, of a command's synopsis. */
#define NAME_WIDTH 31
#define SYNOPSIS_WIDTH 33

/* So many topics fit behind "keyplate help TOPIC:". */
#define TOPICS_ON_A_LINE 3

static const char *const titles[KP_GROUP_COUNT] = {
	[KP_GROUP_PLACES] = "Where things are:",
	[KP_GROUP_RENDER] = "What is rendered:",
	[KP_GROUP_SERVICE] = "The service:",
	[KP_GROUP_WAITING] = "What is waited for:",
	[KP_GROUP_MESSAGES] = "Messages:",
};

static void
add_option(const struct kp_option *option, struct kp_buf *out)
{
	size_t start = out->len;

	if (option->letter == '\0')
		kp_buf_add_text(out, "      --");
	else
		kp_buf_add_format(out, "  -%c, --", option->letter);
	kp_buf_add_text(out, option->name);
	if (option->arg != NULL)
		kp_buf_add_format(out, option->kind->alone ? "[=%s]" : " %s",
		    option->arg);
	do {
		kp_buf_add_char(out, ' ');
	} while (kp_buf_ok(out) && out->len - start < NAME_WIDTH);
	kp_buf_add_format(out, "%s\n", option->help);
}

static void
add_overview(struct kp_buf *out)
{
	const struct kp_option_command *entry = kp_option_commands;
	const char *const *names = kp_topic_names(), *const *topic = names;
	size_t row;

	kp_buf_add_text(out,
	    "usage: keyplate COMMAND [OPTION...] [ARG...]; "
	    "without COMMAND and with \"--\": run\n\n");
	for (; entry->name != NULL; entry++)
		kp_buf_add_format(out, "  %-7s %-*s %s\n", entry->name,
		    SYNOPSIS_WIDTH, entry->synopsis, entry->help);
	kp_buf_add_char(out, '\n');
	for (row = 0; row < kp_option_count; row++) {
		if (kp_option_table[row].everyday)
			add_option(&kp_option_table[row], out);
	}
	kp_buf_add_text(out, "\nkeyplate help TOPIC: a command,");
	for (; *topic != NULL; topic++)
		kp_buf_add_format(out, "%s%s%s",
		    topic == names + TOPICS_ON_A_LINE ? ",\n" :
		        topic == names                ? " " :
		                                        ", ",
		    *topic, topic[1] == NULL ? ".\n" : "");
}

static bool
is_waiting(enum kp_command topic)
{
	return topic == KP_CMD_WAIT || topic == KP_CMD_PROBE;
}

/*
 * Files are read by init, and standard input by encode and decode, as they
 * are: no value is looked up, and nothing is written.
 */
static bool
is_of_reading(const struct kp_option *option, enum kp_command topic)
{
	return option->group == KP_GROUP_MESSAGES ||
	    (topic == KP_CMD_INIT && strcmp(option->name, "root") == 0) ||
	    strcmp(option->name, "format") == 0;
}

/* What the service is given concerns run, and --user the files too. */
static bool
is_of(const struct kp_option *option, enum kp_command topic)
{
	if (option->commands != 0)
		return (option->commands & 1u << topic) != 0;
	if (topic == KP_CMD_INIT || topic == KP_CMD_ENCODE ||
	    topic == KP_CMD_DECODE)
		return is_of_reading(option, topic);
	switch (option->group) {
	case KP_GROUP_SERVICE:
		return topic == KP_CMD_RUN ||
		    (option->letter == 'u' && !is_waiting(topic));
	case KP_GROUP_WAITING:
		return topic == KP_CMD_RUN || is_waiting(topic);
	case KP_GROUP_RENDER:
		return !is_waiting(topic);
	case KP_GROUP_PLACES:
	case KP_GROUP_MESSAGES:
	case KP_GROUP_COUNT:
		break;
	}
	return true;
}

static void
add_group(enum kp_option_group group, enum kp_command topic, struct kp_buf *out)
{
	bool titled = false;
	size_t row;

	for (row = 0; row < kp_option_count; row++) {
		const struct kp_option *option = &kp_option_table[row];

		if (option->group != group || !is_of(option, topic))
			continue;
		if (!titled)
			kp_buf_add_format(out, "\n%s\n", titles[group]);
		titled = true;
		add_option(option, out);
	}
}

static void
add_command(const struct kp_option_command *entry, struct kp_buf *out)
{
	unsigned group;

	kp_buf_add_format(out, "usage: keyplate %s %s\n       %s\n",
	    entry->name, entry->synopsis, entry->help);
	for (group = 0; group < KP_GROUP_COUNT; group++)
		add_group(group, entry->command, out);
	kp_buf_add_text(out,
	    "\nAn option that has no value here takes =yes or "
	    "=no.  See keyplate(1).\n");
}

void
kp_help_add(enum kp_command topic, struct kp_buf *out)
{
	const struct kp_option_command *entry = kp_option_commands;

	while (entry->name != NULL && entry->command != topic)
		entry++;
	if (entry->name == NULL || topic == KP_CMD_HELP)
		add_overview(out);
	else
		add_command(entry, out);
}

void
kp_help_add_options(struct kp_buf *out)
{
	unsigned group;
	size_t row;

	kp_buf_add_text(out,
	    "All options; keyplate COMMAND --help has those of one.\n");
	for (group = 0; group < KP_GROUP_COUNT; group++) {
		kp_buf_add_format(out, "\n%s\n", titles[group]);
		for (row = 0; row < kp_option_count; row++) {
			if (kp_option_table[row].group == group)
				add_option(&kp_option_table[row], out);
		}
	}
}

/* --- for completions --- */

static void
add_words(const struct kp_option *option, struct kp_buf *out)
{
	const char *const *word =
	    option->kind == NULL || option->kind->words == NULL ?
	    NULL :
	    option->kind->words();

	if (word == NULL) {
		kp_buf_add_char(out, '-');
		return;
	}
	for (; *word != NULL; word++)
		kp_buf_add_format(out, "%s%s", *word,
		    word[1] == NULL ? "" : ",");
}

static void
add_completed(const struct kp_option_command *entry,
    const struct kp_option *option, struct kp_buf *out)
{
	bool bare = option->arg == NULL || option->kind->alone;

	kp_buf_add_format(out, "option\t%s\t-%.1s\t--%s\t%s\t", entry->name,
	    option->letter == '\0' ? "" : &option->letter, option->name,
	    bare ? "-" : option->arg);
	add_words(option, out);
	kp_buf_add_format(out, "\t%s\n", option->help);
}

void
kp_help_add_completion(struct kp_buf *out)
{
	const struct kp_option_command *entry = kp_option_commands;
	const char *const *topic = kp_topic_names();
	size_t row;

	for (; entry->name != NULL; entry++) {
		kp_buf_add_format(out, "command\t%s\t%s\n", entry->name,
		    entry->help);
		if (entry->command == KP_CMD_HELP)
			continue;
		for (row = 0; row < kp_option_count; row++) {
			if (is_of(&kp_option_table[row], entry->command))
				add_completed(entry, &kp_option_table[row],
				    out);
		}
	}
	for (; *topic != NULL; topic++)
		kp_buf_add_format(out, "topic\t%s\n", *topic);
}
