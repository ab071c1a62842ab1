/* SPDX-License-Identifier: MIT */
/*
 * option - the table of all options, one row each: what getopt_long(), --help,
 * the KEYPLATE_ variables and [keyplate] know, they know from here.
 */
#ifndef KP_CLI_OPTION_H
#define KP_CLI_OPTION_H

#include "cli/options.h"

#include <stdbool.h>
#include <stddef.h>

enum kp_taken {
	KP_TAKEN,
	KP_UNFIT, /* no such value: field is as it was */
	KP_NO_MEMORY,
};

/* How a value is read, shared by all options of one kind. */
struct kp_option_kind {
	/* field: in struct kp_options; value NULL: the option stood alone */
	enum kp_taken (*take)(void *field, const char *value);
	const char *wants; /* "a duration such as 5s": for messages */
	bool list;         /* field is a struct kp_list */
	bool alone;        /* may stand without a value */
	bool secret;       /* a value may hold one: it is not shown */
	char split;        /* in variables and rule files; NUL: not at all */
	/* The words that there are, ended by NULL; NULL: not so few. */
	const char *const *(*words)(void);
};

enum kp_option_group {
	KP_GROUP_PLACES,
	KP_GROUP_RENDER,
	KP_GROUP_SERVICE,
	KP_GROUP_WAITING,
	KP_GROUP_MESSAGES,
	KP_GROUP_COUNT,
};

struct kp_option {
	const char *name;                  /* without the dashes */
	char letter;                       /* NUL: none */
	const char *arg;                   /* as --help writes it; NULL: none */
	const struct kp_option_kind *kind; /* NULL: --help and --version */
	size_t field;                      /* offset in struct kp_options */
	enum kp_option_group group;
	unsigned commands; /* bits of enum kp_command; 0: any */
	bool everyday;     /* shown by "keyplate --help" */
	const char *help;  /* at most 47 columns */
};

/* In the order of --help and the manual. */
extern const struct kp_option kp_option_table[];
extern const size_t kp_option_count;

/* A command word. */
struct kp_option_command {
	const char *name;
	enum kp_command command;
	const char *synopsis; /* what follows the name */
	const char *help;     /* at most 47 columns */
};

/* In the order of --help and the manual, ended by a name that is NULL. */
extern const struct kp_option_command kp_option_commands[];

#endif
