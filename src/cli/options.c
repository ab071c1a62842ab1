/* SPDX-License-Identifier: MIT */
/*
 * options - what the command line, KEYPLATE_ variables and the [keyplate]
 * section ask for.
 *
 * The command line is read first, then the variables, then (by the caller,
 * once the rule files are loaded) the [keyplate] sections: an option that an
 * earlier place has set is left alone by the later ones.
 */
#include "cli/options.h"

#include "base/near.h"
#include "cli/option.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values of getopt_long() above all letters: 256 plus the row. */
#define LONG_BASE 256

/* Room for the names of all commands. */
#define COMMANDS_MAX 15

/* Where an option was set, the strongest last. */
enum rank {
	BY_DEFAULT,
	BY_RULE,
	BY_VARIABLE,
	BY_ARGUMENT,
};

/* Where a value stands, and what to call the option in a message. */
struct site {
	enum rank rank;
	const char *label;
	const struct kp_source *src; /* of BY_RULE alone */
	size_t offset, len;
};

void
kp_options_init(struct kp_options *options)
{
	*options = (struct kp_options){
		.command = KP_CMD_HELP,
		.topic = KP_CMD_HELP,
		.suffix = ".tmpl",
		.max_secret = 1024 * 1024,
		.kill_after_ms = KP_FOREVER,
		.linger_ms = 3000,
		.interval_ms = 1000,
		.exit_code = 125,
	};
}

/* --- one value --- */

/* More of a value is not shown. */
#define SHOWN_MAX 40

static bool
complain(const struct site *site, const struct kp_option *option,
    const char *value, struct kp_diags *diags)
{
	const struct kp_option_kind *kind = option->kind;
	char shown[SHOWN_MAX + 16] = "";
	const char *near = NULL;

	if (!kind->secret && value != NULL)
		snprintf(shown, sizeof(shown), ", not \"%.*s\"", SHOWN_MAX,
		    value);
	if (site->rank == BY_RULE)
		kp_diag_at(diags, site->src, site->offset, site->len,
		    "%s wants %s%s", site->label, kind->wants, shown);
	else
		kp_diag_usage(diags, "%s wants %s%s", site->label, kind->wants,
		    shown);
	if (kind->words != NULL && value != NULL)
		near = kp_near_best(kp_str_of(value), kind->words());
	return near == NULL ? false :
	                      kp_diag_hint(diags, "did you mean %s?", near);
}

/* Give each part of a list as a variable or a rule file writes it. */
static enum kp_taken
take_parts(const struct kp_option_kind *kind, void *field, const char *value)
{
	char separator[] = { kind->split, '\0' };
	char *copy = strdup(value);
	char *rest = copy, *part;
	enum kp_taken taken = copy == NULL ? KP_NO_MEMORY : KP_TAKEN;

	while (taken == KP_TAKEN && (part = strsep(&rest, separator)) != NULL) {
		struct kp_str word = kp_str_trim(kp_str_of(part));

		part[(size_t)(word.ptr - part) + word.len] = '\0';
		if (word.len > 0)
			taken = kind->take(field, word.ptr);
	}
	freezero(copy, strlen(value)); /* some URL may hold a password */
	return taken;
}

static enum kp_taken
take_value(const struct kp_option_kind *kind, void *field, const char *value,
    const struct site *site)
{
	if (site->rank == BY_ARGUMENT)
		return kind->take(field, value);
	if (kind->list)
		kp_list_free(field);
	if (kind->split != '\0')
		return take_parts(kind, field, value);
	return kind->take(field, value);
}

static bool
set_option(struct kp_options *options, size_t row, const char *value,
    const struct site *site, struct kp_diags *diags)
{
	const struct kp_option *option = &kp_option_table[row];
	void *field = (char *)options + option->field;

	options->places[row] = (unsigned char)site->rank;
	switch (take_value(option->kind, field, value, site)) {
	case KP_TAKEN:
		return true;
	case KP_NO_MEMORY:
		return kp_diag_nomem(diags);
	case KP_UNFIT:
		break;
	}
	return complain(site, option, value, diags);
}

/* The row of an option's name; KP_NPOS for none. */
static size_t
find_row(struct kp_str name)
{
	size_t row;

	for (row = 0; row < kp_option_count; row++) {
		if (kp_str_is(name, kp_option_table[row].name))
			return row;
	}
	return KP_NPOS;
}

/* --- the command line --- */

/* What getopt_long() wants to know, made from the table; { 0 } before. */
struct getopt_tables {
	struct option longs[KP_OPTIONS_MAX + 1];
	char letters[2 * KP_OPTIONS_MAX + 3];
};

static void
fill_tables(struct getopt_tables *tables)
{
	char *letter = tables->letters;
	size_t row;

	/* Stop at the first operand; tell a missing value from an unknown. */
	*letter++ = '+';
	*letter++ = ':';
	for (row = 0; row < kp_option_count; row++) {
		const struct kp_option *option = &kp_option_table[row];
		bool bare = option->kind == NULL;

		tables->longs[row] = (struct option){
			.name = option->name,
			.has_arg = bare         ? no_argument :
			    option->kind->alone ? optional_argument :
			                          required_argument,
			.val = LONG_BASE + (int)row,
		};
		if (option->letter == '\0')
			continue;
		*letter++ = option->letter;
		if (!bare && !option->kind->alone)
			*letter++ = ':';
	}
}

/* The row of what getopt_long() returned or left in optopt. */
static size_t
row_of(int value)
{
	size_t row;

	if (value >= LONG_BASE)
		return (size_t)(value - LONG_BASE);
	for (row = 0; row < kp_option_count; row++) {
		char letter = kp_option_table[row].letter;

		if (letter != '\0' && letter == value)
			return row;
	}
	return KP_NPOS;
}

static struct kp_str
long_name(const char *argument)
{
	return kp_str_make(argument + 2, strcspn(argument + 2, "="));
}

static const char *
command_name(enum kp_command command)
{
	const struct kp_option_command *entry = kp_option_commands;

	while (entry->name != NULL && entry->command != command)
		entry++;
	return entry->name == NULL ? "keyplate" : entry->name;
}

/* Where its options are listed: each command has others. */
static bool
hint_at_help(const struct kp_options *options, struct kp_diags *diags)
{
	if (options->topic == KP_CMD_HELP)
		return kp_diag_hint(diags, "keyplate --help lists the options");
	return kp_diag_hint(diags, "keyplate %s --help lists the options",
	    command_name(options->topic));
}

static bool
complain_unknown_long(const struct kp_options *options, const char *argument,
    struct kp_diags *diags)
{
	const char *names[KP_OPTIONS_MAX + 1];
	struct kp_str name = long_name(argument);
	const char *near;
	size_t row;

	for (row = 0; row < kp_option_count; row++)
		names[row] = kp_option_table[row].name;
	names[row] = NULL;
	near = kp_near_best(name, names);
	/* What follows "=" is not repeated: it may be a secret. */
	kp_diag_usage(diags, "unknown option \"--%.*s\"",
	    name.len > 60 ? 60 : (int)name.len, name.ptr);
	if (near != NULL)
		return kp_diag_hint(diags, "did you mean --%s?", near);
	return hint_at_help(options, diags);
}

static bool
complain_unknown(const struct kp_options *options, const char *argument,
    struct kp_diags *diags)
{
	if (strncmp(argument, "--", 2) == 0)
		return complain_unknown_long(options, argument, diags);
	kp_diag_usage(diags, "unknown option \"-%c\"", optopt);
	return hint_at_help(options, diags);
}

/* getopt_long() refused what it read at argument. */
static bool
complain_refused(const struct kp_options *options, int answer,
    const char *argument, struct kp_diags *diags)
{
	size_t row = optopt == 0 ? KP_NPOS : row_of(optopt);

	if (row == KP_NPOS)
		return complain_unknown(options, argument, diags);
	if (answer == ':')
		return kp_diag_usage(diags, "--%s wants %s",
		    kp_option_table[row].name,
		    kp_option_table[row].kind->wants);
	return kp_diag_usage(diags, "--%s takes no value",
	    kp_option_table[row].name);
}

static bool
take_argument(struct kp_options *options, size_t row, struct kp_diags *diags)
{
	const struct kp_option *option = &kp_option_table[row];
	char label[64] = "--";
	struct site site = { .rank = BY_ARGUMENT, .label = label };

	if (option->commands != 0 &&
	    (option->commands & 1u << options->command) == 0)
		return kp_diag_usage(diags, "--%s is not an option of %s",
		    option->name, command_name(options->command));
	strlcat(label, option->name, sizeof(label));
	return set_option(options, row, optarg, &site, diags);
}

/*
 * A long option has to be written out: an abbreviation would change its
 * meaning, or end to have one, with the next option that begins like it.
 */
static bool
is_abbreviated(int answer, const char *argument)
{
	return answer >= LONG_BASE &&
	    !kp_str_is(long_name(argument),
	        kp_option_table[row_of(answer)].name);
}

/*
 * Take what getopt_long() answered for argument.  --help and --version are
 * commands that are written as options, and end the reading.
 */
static bool
take_answer(struct kp_options *options, int answer, const char *argument,
    struct kp_diags *diags)
{
	const struct kp_option *option;

	if (answer == '?' || answer == ':')
		return complain_refused(options, answer, argument, diags);
	if (is_abbreviated(answer, argument))
		return complain_unknown(options, argument, diags);
	option = &kp_option_table[row_of(answer)];
	if (option->kind != NULL)
		return take_argument(options, row_of(answer), diags);
	options->command = option->letter == 'V' ? KP_CMD_VERSION : KP_CMD_HELP;
	return true;
}

/*
 * Read the options behind args[0].  optind is then at the first operand, and
 * *ended tells whether "--" stood before it.
 */
static bool
read_arguments(struct kp_options *options, int count, char **args, bool *ended,
    struct kp_diags *diags)
{
	enum kp_command command = options->command;
	struct getopt_tables tables = { 0 };
	bool done = true;
	int answer, at;

	fill_tables(&tables);
	opterr = 0;
	optind = 0; /* forget an earlier scan */
	*ended = false;
	while (options->command == command) {
		at = optind == 0 ? 1 : optind;
		answer = getopt_long(count, args, tables.letters, tables.longs,
		    NULL);
		if (answer == -1) {
			*ended = optind > at && strcmp(args[at], "--") == 0;
			break;
		}
		if (!take_answer(options, answer, args[at], diags))
			done = false;
	}
	/* Where there is not even a name, musl has passed over one. */
	if (optind > count)
		optind = count;
	return done;
}

static bool
complain_command(const char *word, struct kp_diags *diags)
{
	const char *names[COMMANDS_MAX + 1] = { NULL };
	const char *near;
	size_t i;

	for (i = 0; i < COMMANDS_MAX; i++) {
		names[i] = kp_option_commands[i].name;
		if (names[i] == NULL)
			break;
	}
	near = kp_near_best(kp_str_of(word), names);
	kp_diag_usage(diags, "no command \"%s\"", word);
	if (near != NULL)
		return kp_diag_hint(diags, "did you mean %s?", near);
	return kp_diag_hint(diags,
	    "to start a service: keyplate run [OPTION...] -- COMMAND");
}

/* Is there a command word, and which?  Without one, run may be meant. */
static bool
find_command(struct kp_options *options, int argc, char **argv, bool *word,
    struct kp_diags *diags)
{
	const struct kp_option_command *entry = kp_option_commands;

	*word = argc > 1 && argv[1][0] != '-';
	if (!*word) {
		options->command = KP_CMD_RUN;
		return true;
	}
	for (; entry->name != NULL; entry++) {
		if (strcmp(argv[1], entry->name) == 0) {
			options->command = entry->command;
			options->topic = entry->command;
			return true;
		}
	}
	return complain_command(argv[1], diags);
}

static bool
takes_urls(enum kp_command command)
{
	return command == KP_CMD_WAIT || command == KP_CMD_PROBE;
}

/* What follows the option itself is not repeated: it may be a secret. */
static bool
complain_behind(const struct kp_options *options, const char *argument,
    struct kp_diags *diags)
{
	int len =
	    strncmp(argument, "--", 2) == 0 ? (int)strcspn(argument, "=") : 2;

	kp_diag_usage(diags, "the option \"%.*s\" stands behind %s",
	    len > 60 ? 60 : len, argument,
	    takes_urls(options->command) ? "a URL" : "a file's name");
	return kp_diag_hint(diags,
	    "put options first, or \"--\" "
	    "before names that begin with -");
}

static bool
add_operands(struct kp_options *options, char **args, bool ended,
    struct kp_diags *diags)
{
	bool done = true;

	for (; *args != NULL; args++) {
		if (!ended && args[0][0] == '-' && args[0][1] != '\0') {
			done = complain_behind(options, *args, diags);
		} else if (!kp_list_add(&options->operands, *args)) {
			return kp_diag_nomem(diags);
		}
	}
	if (options->output != NULL && options->command == KP_CMD_RENDER &&
	    options->operands.count != 1)
		done =
		    kp_diag_usage(diags, "--output goes with exactly one SRC");
	return done;
}

/*
 * "keyplate -- COMMAND" is run; without "--" it was nothing we know.  Where
 * something else was wrong, that is what the user has to see.
 */
static bool
complain_wordless(struct kp_options *options, const char *operand,
    struct kp_diags *diags)
{
	options->command = KP_CMD_HELP;
	if (diags->errors > 0)
		return false;
	if (operand != NULL) {
		kp_diag_usage(diags, "\"%s\" stands behind an option", operand);
		return kp_diag_hint(diags,
		    "a command of keyplate comes first, "
		    "one to start behind \"--\"");
	}
	kp_diag_usage(diags, "no command");
	return kp_diag_hint(diags, "keyplate --help lists the commands");
}

static bool
take_rest(struct kp_options *options, char **args, bool word, bool ended,
    struct kp_diags *diags)
{
	if (!word && !ended)
		return complain_wordless(options, *args, diags);
	if (options->command != KP_CMD_RUN)
		return add_operands(options, args, ended, diags);
	if (*args != NULL) {
		options->command_argv = args;
		return true;
	}
	kp_diag_usage(diags, "no command to start");
	return kp_diag_hint(diags, "keyplate run [OPTION...] -- COMMAND");
}

/* --- variables --- */

#define PREFIX "KEYPLATE_"

/* KEYPLATE_ENV_FILE is env-file.  KP_NPOS: no option has this name. */
static size_t
find_variable(struct kp_str name)
{
	char lower[64];
	size_t i;

	if (name.len >= sizeof(lower))
		return KP_NPOS;
	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c != '_' && c == kp_to_lower(c) && !kp_is_digit(c))
			return KP_NPOS;
		lower[i] = c == '_' ? '-' : kp_to_lower(c);
	}
	i = find_row(kp_str_make(lower, name.len));
	return i != KP_NPOS && kp_option_table[i].kind != NULL ? i : KP_NPOS;
}

/*
 * A variable that is no option is not an error, and worth a word only where
 * it is near to one: Kubernetes makes such names for every service, one
 * called keyplate included.
 */
static void
warn_variable(struct kp_str name, struct kp_diags *diags)
{
	const char *near = kp_near_best(name, kp_options_names());
	int shown = name.len > 60 ? 60 : (int)name.len;
	char variable[64], *c;

	if (near == NULL) {
		kp_diag_note(diags, NULL, PREFIX "%.*s names no option", shown,
		    name.ptr);
		return;
	}
	kp_diag_warn(diags, NULL, PREFIX "%.*s names no option", shown,
	    name.ptr);
	snprintf(variable, sizeof(variable), "%s", near);
	for (c = variable; *c != '\0'; c++)
		*c = *c == '-' ? '_' : kp_to_upper(*c);
	kp_diag_hint(diags, "did you mean " PREFIX "%s?", variable);
}

static bool
read_variable(struct kp_options *options, const char *variable,
    struct kp_diags *diags)
{
	struct kp_str text = kp_str_of(variable);
	size_t equals = kp_str_find(text, '=');
	struct kp_str name = kp_str_slice(text, strlen(PREFIX), equals);
	size_t row = find_variable(name);
	char label[64];
	struct site site = { .rank = BY_VARIABLE, .label = label };

	if (row == KP_NPOS) {
		warn_variable(name, diags);
		return true;
	}
	if (options->places[row] >= BY_VARIABLE || equals + 1 == text.len)
		return true;
	snprintf(label, sizeof(label), "%.*s", (int)equals, variable);
	return set_option(options, row, variable + equals + 1, &site, diags);
}

static bool
read_variables(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	bool done = true;

	for (; *envp != NULL; envp++) {
		if (strncmp(*envp, PREFIX, strlen(PREFIX)) == 0 &&
		    strchr(*envp, '=') != NULL &&
		    !read_variable(options, *envp, diags))
			done = false;
	}
	return done;
}

/* "help TOPIC": a command's name, or what cli/topic knows. */
static bool
take_topic(struct kp_options *options, char **args, struct kp_diags *diags)
{
	const struct kp_option_command *entry = kp_option_commands;

	if (*args == NULL)
		return true;
	if (args[1] != NULL)
		return kp_diag_usage(diags, "help takes one topic");
	for (; entry->name != NULL; entry++) {
		if (strcmp(entry->name, *args) == 0)
			options->topic = entry->command;
	}
	if (options->topic == KP_CMD_HELP && strcmp(*args, "help") != 0)
		options->help_on = *args;
	return true;
}

static bool
is_about_us(const struct kp_options *options)
{
	return options->command == KP_CMD_HELP ||
	    options->command == KP_CMD_VERSION;
}

bool
kp_options_parse(struct kp_options *options, int argc, char **argv, char **envp,
    struct kp_diags *diags)
{
	bool word, ended, done, known;

	options->argv = argv;
	known = find_command(options, argc, argv, &word, diags);
	done = known &&
	    read_arguments(options, argc - word, argv + word, &ended, diags);
	if (done && word && options->topic == KP_CMD_HELP &&
	    options->command == KP_CMD_HELP)
		return take_topic(options, argv + word + optind, diags);
	if (known && is_about_us(options))
		return done;
	if (!read_variables(options, envp, diags))
		done = false;
	if (known &&
	    !take_rest(options, argv + word + optind, word, ended, diags))
		done = false;
	return done;
}

/* --- [keyplate] --- */

/* A rule file cannot say where rule files are. */
static bool
is_for_rules(const struct kp_option *option)
{
	return option->kind != NULL && strcmp(option->name, "config") != 0;
}

const char *const *
kp_options_names(void)
{
	/* Filled at the first call, the same ever after. */
	static const char *names[KP_OPTIONS_MAX + 1];
	size_t row, count = 0;

	for (row = 0; row < kp_option_count; row++) {
		if (is_for_rules(&kp_option_table[row]))
			names[count++] = kp_option_table[row].name;
	}
	return names;
}

static size_t
find_rule_row(struct kp_str name)
{
	size_t row;

	for (row = 0; row < kp_option_count; row++) {
		if (is_for_rules(&kp_option_table[row]) &&
		    kp_str_is_nocase(name, kp_option_table[row].name))
			return row;
	}
	return KP_NPOS;
}

/* A copy that lives as long as options; NULL when there is no memory. */
static const char *
keep_text(struct kp_options *options, struct kp_str value)
{
	char *copy = strndup(value.ptr, value.len);
	bool kept = copy != NULL && kp_list_add(&options->kept, copy);

	if (copy != NULL)
		freezero(copy, strlen(copy));
	return kept ? options->kept.items[options->kept.count - 1] : NULL;
}

/* At the name, which begins the line of the value at offset. */
static bool
complain_rule(struct kp_str name, const struct kp_source *src, size_t offset,
    struct kp_diags *diags)
{
	const char *near = kp_near_best(name, kp_options_names());
	struct kp_str line = kp_source_line(src, offset);
	size_t at = (size_t)(line.ptr - src->text.ptr);

	while (kp_is_blank(src->text.ptr[at]))
		at++;
	kp_diag_at(diags, src, at, name.len, "no option \"%.*s\" in [keyplate]",
	    name.len > 60 ? 60 : (int)name.len, name.ptr);
	if (kp_str_is_nocase(name, "config"))
		return kp_diag_hint(diags,
		    "name rule files on the command line, or in " PREFIX
		    "CONFIG");
	return near == NULL ? false :
	                      kp_diag_hint(diags, "did you mean %s?", near);
}

bool
kp_options_from_rule(struct kp_options *options, struct kp_str name,
    struct kp_str value, const struct kp_source *src, size_t offset,
    struct kp_diags *diags)
{
	size_t row = find_rule_row(name);
	struct site site = { BY_RULE, NULL, src, offset, value.len };
	const char *text;

	if (row == KP_NPOS)
		return complain_rule(name, src, offset, diags);
	if (options->places[row] > BY_RULE)
		return true;
	text = keep_text(options, value);
	if (text == NULL)
		return kp_diag_nomem(diags);
	site.label = kp_option_table[row].name;
	return set_option(options, row, text, &site, diags);
}

void
kp_options_free(struct kp_options *options)
{
	size_t row;

	for (row = 0; row < kp_option_count; row++) {
		const struct kp_option *option = &kp_option_table[row];

		if (option->kind != NULL && option->kind->list)
			kp_list_free((void *)((char *)options + option->field));
	}
	kp_list_free(&options->operands);
	kp_list_free(&options->kept);
}
