/* SPDX-License-Identifier: MIT */
/*
 * fuzz_options - arguments, a line each; variables; and a text that is the
 * value of whatever the arguments have set, as a variable and in a rule file.
 *
 * There is a plan or a usage error, the same each time, and the command line
 * wins over the two other places.
 */
#include "cli/option.h"
#include "cli/options.h"

#include "fuzz.h"

#define STRINGS_MAX 128

/* Ended by NULL. */
struct strings {
	char *list[STRINGS_MAX + 1];
	int count;
};

struct answer {
	struct kp_options options;
	struct kp_diags diags;
	bool done;
};

static void
add_string(struct strings *strings, char *text)
{
	if (strings->count < STRINGS_MAX)
		strings->list[strings->count++] = text;
	else
		free(text);
	strings->list[strings->count] = NULL;
}

static void
add_lines(struct strings *strings, struct kp_str lines)
{
	struct kp_str line;

	while (kp_str_next_line(&lines, &line))
		add_string(strings, part_text(line));
}

static void
free_strings(struct strings *strings)
{
	while (strings->count > 0)
		free(strings->list[--strings->count]);
}

static void
ask(struct answer *answer, struct strings *args, struct strings *vars)
{
	*answer = (struct answer){ 0 };
	kp_options_init(&answer->options);
	answer->done = kp_options_parse(&answer->options, args->count,
	    args->list, vars->list, &answer->diags);
}

static void
free_answer(struct answer *answer)
{
	kp_options_free(&answer->options);
	kp_diags_free(&answer->diags);
}

static void
check_answer(const struct answer *answer, const struct strings *args)
{
	const struct kp_options *options = &answer->options;
	int i;

	require(answer->done == (answer->diags.errors == 0),
	    "what is refused has a reason");
	for (i = 0; i < (int)answer->diags.count; i++)
		require(answer->diags.list[i].severity != KP_ERROR ||
		        answer->diags.list[i].fault == KP_FAULT_USAGE,
		    "a mistake is one of usage");
	require(options->exit_code >= 1 && options->exit_code <= 255,
	    "an exit status is one");
	if (options->command_argv == NULL) {
		require(!answer->done || options->command != KP_CMD_RUN,
		    "run has a command to start");
		return;
	}
	for (i = 1; i < args->count; i++) {
		if (options->command_argv == &args->list[i])
			return;
	}
	require(false, "a command to start is of the arguments");
}

static bool
is_same_list(const struct kp_list *a, const struct kp_list *b)
{
	bool same = a->count == b->count;
	size_t i;

	for (i = 0; same && i < a->count; i++)
		same = strcmp(a->items[i], b->items[i]) == 0;
	return same;
}

static bool
has_same_lists(const struct kp_options *a, const struct kp_options *b)
{
	size_t row;

	for (row = 0; row < kp_option_count; row++) {
		const struct kp_option *option = &kp_option_table[row];

		if (option->kind != NULL && option->kind->list &&
		    !is_same_list((const void *)((const char *)a +
		                      option->field),
		        (const void *)((const char *)b + option->field)))
			return false;
	}
	return is_same_list(&a->operands, &b->operands);
}

/* Texts are borrowed from the same arguments. */
static void
require_same(const struct kp_options *a, const struct kp_options *b,
    const char *what)
{
	require(has_same_lists(a, b), what);
	require(a->command == b->command && a->topic == b->topic &&
	        a->command_argv == b->command_argv,
	    what);
	require(a->root == b->root && a->format == b->format &&
	        a->syntax == b->syntax && a->delimiters == b->delimiters &&
	        a->style == b->style && a->output == b->output &&
	        a->mode == b->mode && a->owner == b->owner &&
	        a->user == b->user && a->basic_auth == b->basic_auth,
	    what);
	require(a->exit_code == b->exit_code && a->verbose == b->verbose &&
	        a->quiet == b->quiet && a->log_format == b->log_format &&
	        a->color == b->color && a->max_secret == b->max_secret,
	    what);
	require(a->timeout_ms == b->timeout_ms &&
	        a->interval_ms == b->interval_ms &&
	        a->kill_after_ms == b->kill_after_ms &&
	        a->linger_ms == b->linger_ms,
	    what);
	require(a->exec == b->exec && a->to_group == b->to_group &&
	        a->pristine == b->pristine && a->dry_run == b->dry_run &&
	        a->in_place == b->in_place &&
	        a->no_overwrite == b->no_overwrite &&
	        a->allow_missing == b->allow_missing,
	    what);
}

/* KEYPLATE_ENV_FILE=value for env-file. */
static char *
variable_of(const struct kp_option *option, struct kp_str value)
{
	struct kp_buf text = { 0 };
	const char *name;
	char *copy;

	kp_buf_add_text(&text, "KEYPLATE_");
	for (name = option->name; *name != '\0'; name++)
		kp_buf_add_char(&text, *name == '-' ? '_' : kp_to_upper(*name));
	kp_buf_add_char(&text, '=');
	kp_buf_add(&text, value);
	copy = part_text(kp_buf_view(&text));
	kp_buf_wipe(&text);
	return copy;
}

/* Each option that the arguments have set, set in the other places too. */
static void
check_precedence(const struct answer *answer, struct strings *args,
    struct kp_str value)
{
	const struct kp_source src = { .name = "rules", .text = value };
	struct strings vars = { 0 };
	struct answer again;
	size_t row;

	for (row = 0; row < kp_option_count; row++) {
		if (answer->options.places[row] != 0)
			add_string(&vars,
			    variable_of(&kp_option_table[row], value));
	}
	ask(&again, args, &vars);
	for (row = 0; row < kp_option_count; row++) {
		const char *name = kp_option_table[row].name;

		if (answer->options.places[row] != 0 &&
		    strcmp(name, "config") != 0)
			require(kp_options_from_rule(&again.options,
			            kp_str_of(name), value, &src, 0,
			            &again.diags),
			    "a rule file is not looked at");
	}
	require(again.done == answer->done &&
	        again.diags.errors == answer->diags.errors,
	    "the command line alone is judged");
	require_same(&answer->options, &again.options, "the command line wins");
	free_answer(&again);
	free_strings(&vars);
}

/* Whatever stands in a rule file is taken, or has a place. */
static void
check_rules(struct answer *answer, struct kp_str value)
{
	const struct kp_source src = { .name = "rules", .text = value };
	const char *const *name;

	for (name = kp_options_names(); *name != NULL; name++) {
		size_t errors = answer->diags.errors;

		require(kp_options_from_rule(&answer->options, kp_str_of(*name),
		            value, &src, 0,
		            &answer->diags) == (answer->diags.errors == errors),
		    "what a rule file says is taken or refused");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strings args = { 0 }, vars = { 0 }, none = { 0 };
	struct parts parts;
	struct answer first, second;

	parts_cut(&parts, kp_str_make((const char *)data, size), 3);
	add_string(&args, part_text(kp_str_of("keyplate")));
	add_lines(&args, parts.list[0]);
	add_lines(&vars, parts.list[1]);
	ask(&first, &args, &vars);
	check_answer(&first, &args);
	ask(&second, &args, &vars);
	require(first.done == second.done, "there are no two meanings");
	require_same(&first.options, &second.options,
	    "there are no two meanings");
	free_answer(&second);
	ask(&second, &args, &none);
	check_precedence(&second, &args, parts.list[2]);
	free_answer(&second);
	check_rules(&first, parts.list[2]);
	free_answer(&first);
	free_strings(&vars);
	free_strings(&args);
	parts_free(&parts);
	return 0;
}
