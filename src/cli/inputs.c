/* SPDX-License-Identifier: MIT */
/* inputs - what the command line adds to the plan of the rule files. */
#include "cli/inputs.h"

#include "base/array.h"
#include "cli/memory.h"
#include "io/tree.h"

#include <stdlib.h>
#include <string.h>

void
kp_inputs_locate(const struct kp_options *options, const char *path,
    struct kp_buf *out)
{
	const char *root = options->root;
	size_t len = root == NULL ? 0 : strlen(root);

	while (len > 0 && root[len - 1] == '/')
		len--;
	/* root may be "/" or end in "/": only its names count. */
	if (root != NULL && path[0] == '/' &&
	    !(strncmp(path, root, len) == 0 &&
	        (path[len] == '/' || path[len] == '\0')))
		kp_buf_add(out, kp_str_make(root, len));
	kp_buf_add_text(out, path);
}

/*
 * A text of the command line as a source, for messages about it: value is the
 * part of it that may be a secret, or NULL.
 */
static bool
note_written(struct kp_plan *plan, const char *option, const char *text,
    const char *value, struct kp_written *written)
{
	struct kp_buf copy = { 0 };

	kp_buf_add_text(&copy, text);
	if (!kp_buf_ok(&copy)) {
		kp_buf_wipe(&copy);
		return false;
	}
	written->len = copy.len;
	written->offset = 0;
	written->src = kp_plan_add_source(plan, option, &copy,
	    value == NULL ? KP_NPOS : (size_t)(value - text));
	kp_buf_wipe(&copy);
	return written->src != NULL;
}

/* As a DST: what a SRC without one goes to. */
static bool
is_stdout(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* SRC[:DST] as a new target; its number. */
static bool
add_target(struct kp_plan *plan, const char *option, const char *text,
    size_t *number, struct kp_diags *diags)
{
	const char *colon = strchr(text, ':');
	struct kp_target *target = kp_plan_add_target(plan);

	if (target == NULL)
		return kp_diag_nomem(diags);
	if (kp_memory_name(text) != NULL)
		return kp_diag_usage(diags,
		    "%s takes SRC:mem:NAME for a file in memory", option);
	*number = plan->ntargets - 1;
	target->source = strndup(text,
	    colon == NULL ? strlen(text) : (size_t)(colon - text));
	if (colon != NULL)
		target->path = strdup(colon + 1);
	if (target->source == NULL || (colon != NULL && target->path == NULL) ||
	    !note_written(plan, option, text, NULL, &target->written))
		return kp_diag_nomem(diags);
	if (target->source[0] == '\0' ||
	    (colon != NULL && target->path[0] == '\0'))
		return kp_diag_usage(diags,
		    "%s takes SRC or SRC:DST, both not empty", option);
	return true;
}

/* A template without a DST is rendered over itself. */
static bool
add_template(struct kp_plan *plan, const char *text, struct kp_diags *diags)
{
	struct kp_target *target;
	size_t number = 0;

	if (!add_target(plan, "--template", text, &number, diags))
		return false;
	target = &plan->targets[number];
	if (target->path == NULL) {
		target->path = target->source;
		target->source = NULL;
	}
	/* What a service prints is kept in logs. */
	return !is_stdout(target->path) ||
	    kp_diag_usage(diags,
	        "--template takes SRC or SRC:DST, and \"-\" is neither");
}

/* Is what stands before the operand's colon this target? */
static bool
names_target(const struct kp_options *options, const struct kp_target *target,
    const char *source)
{
	const char *const known[] = { target->name, target->path,
		target->source };
	struct kp_buf wanted = { 0 }, own = { 0 };
	bool same = false;
	size_t i;

	kp_inputs_locate(options, source, &wanted);
	for (i = 0; i < sizeof(known) / sizeof(*known) && !same; i++) {
		if (known[i] == NULL)
			continue;
		kp_buf_cut(&own, 0);
		kp_inputs_locate(options, known[i], &own);
		same = strcmp(known[i], source) == 0 ||
		    kp_str_eq(kp_buf_view(&own), kp_buf_view(&wanted));
	}
	kp_buf_wipe(&own);
	kp_buf_wipe(&wanted);
	return same;
}

static struct kp_input *
add_input(struct kp_inputs *inputs, size_t target, struct kp_diags *diags)
{
	if (!kp_array_grow((void **)&inputs->list, &inputs->cap,
	        inputs->count + 1, sizeof(*inputs->list))) {
		kp_diag_nomem(diags);
		return NULL;
	}
	inputs->list[inputs->count] = (struct kp_input){ .target = target };
	return &inputs->list[inputs->count++];
}

/* An operand that the plan knows keeps its rules and goes where it says. */
static bool
add_known(struct kp_inputs *inputs, const struct kp_plan *plan,
    const struct kp_options *options, const char *text, bool *known,
    struct kp_diags *diags)
{
	const char *colon = strchr(text, ':');
	char *source = strndup(text,
	    colon == NULL ? strlen(text) : (size_t)(colon - text));
	struct kp_input *input;
	size_t i = 0;

	if (source == NULL)
		return kp_diag_nomem(diags);
	while (i < plan->ntargets &&
	    !names_target(options, &plan->targets[i], source))
		i++;
	free(source);
	*known = i < plan->ntargets;
	if (!*known)
		return true;
	input = add_input(inputs, i, diags);
	if (input == NULL)
		return false;
	input->to_stdout = colon == NULL || is_stdout(colon + 1);
	if (!input->to_stdout) {
		input->to = strdup(colon + 1);
		if (input->to == NULL)
			return kp_diag_nomem(diags);
	}
	return true;
}

static bool
add_operand(struct kp_inputs *inputs, struct kp_plan *plan,
    const struct kp_options *options, const char *text, struct kp_diags *diags)
{
	struct kp_target *target;
	size_t number = 0;
	bool known = false;

	if (!add_known(inputs, plan, options, text, &known, diags))
		return false;
	if (known)
		return true;
	if (!add_target(plan, "SRC", text, &number, diags))
		return false;
	target = &plan->targets[number];
	if (target->path != NULL && is_stdout(target->path)) {
		free(target->path);
		target->path = NULL;
	}
	return true;
}

/* The colon of FILE:PATH=VALUE; FILE may be mem:NAME. */
static const char *
find_colon(const char *text)
{
	const char *colon = strchr(text, ':');
	const char *name = kp_memory_name(text);
	size_t len = name == NULL ? 0 : strcspn(name, ":=");

	return len > 0 && name[len] == ':' ? name + len : colon;
}

/* The "=" behind a PATH, which may have others between double quotes; NULL. */
static const char *
find_equals(const char *path)
{
	bool quoted = false;
	const char *p;

	for (p = path; *p != '\0'; p++) {
		if (*p == '=' && !quoted)
			return p;
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && quoted && p[1] != '\0')
			p++;
	}
	return NULL;
}

/*
 * VALUE of an option, behind its "=".  Between double quotes a shell has put
 * nothing in place of a placeholder.
 */
static void
note_value(struct kp_written *value, const struct kp_written *option,
    const char *text, const char *equals, struct kp_diags *diags)
{
	*value = *option;
	value->offset = (size_t)(equals + 1 - text);
	value->len = strlen(equals + 1);
	if (value->len > 0)
		return;
	kp_diag_warn_at(diags, value->src, value->offset, 0,
	    "the value is empty");
	kp_diag_hint(diags,
	    "between double quotes the shell replaces ${...}: use single "
	    "quotes");
}

/* FILE:PATH=VALUE; a file that no target has becomes one, in place. */
static bool
add_set(struct kp_plan *plan, const char *text, struct kp_diags *diags)
{
	const char *colon = find_colon(text);
	const char *equals = colon == NULL ? NULL : find_equals(colon + 1);
	struct kp_set_rule *set;
	struct kp_target *target;

	if (equals == NULL || colon == text || equals == colon + 1)
		return kp_diag_usage(diags, "--set takes FILE:PATH=VALUE");
	set = kp_plan_add_set(plan);
	if (set == NULL)
		return kp_diag_nomem(diags);
	set->name = strdup("--set");
	set->file = strndup(text, (size_t)(colon - text));
	set->key = strndup(colon + 1, (size_t)(equals - colon - 1));
	set->value = strdup(equals + 1);
	if (set->name == NULL || set->file == NULL || set->key == NULL ||
	    set->value == NULL ||
	    !note_written(plan, "--set", text, equals + 1, &set->written))
		return kp_diag_nomem(diags);
	note_value(&set->value_written, &set->written, text, equals, diags);
	if (kp_plan_target(plan, set->file) != NULL)
		return true;
	target = kp_plan_add_target(plan);
	if (target == NULL)
		return kp_diag_nomem(diags);
	target->written = set->written;
	target->path = strdup(set->file);
	return target->path != NULL || kp_diag_nomem(diags);
}

static bool
add_export(struct kp_plan *plan, const char *text, struct kp_diags *diags)
{
	const char *equals = strchr(text, '=');
	struct kp_export_rule *export;

	if (equals == NULL || equals == text)
		return kp_diag_usage(diags, "--export takes NAME=VALUE");
	export = kp_plan_add_export(plan);
	if (export == NULL)
		return kp_diag_nomem(diags);
	export->variable = strndup(text, (size_t)(equals - text));
	export->value = strdup(equals + 1);
	if (export->variable == NULL || export->value == NULL ||
	    !note_written(plan, "--export", text, equals + 1, &export->written))
		return kp_diag_nomem(diags);
	note_value(&export->value_written, &export->written, text, equals,
	    diags);
	return true;
}

/*
 * Operands come before --set: the file of a --set may be one of them, by the
 * name it has as a SRC.
 */
static bool
add_to_plan(struct kp_inputs *inputs, struct kp_plan *plan,
    const struct kp_options *options, struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < options->templates.count; i++)
		good = add_template(plan, options->templates.items[i], diags) &&
		    good;
	for (i = 0; i < options->operands.count; i++)
		good = add_operand(inputs, plan, options,
		           options->operands.items[i], diags) &&
		    good;
	for (i = 0; i < options->sets.count; i++)
		good = add_set(plan, options->sets.items[i], diags) && good;
	for (i = 0; i < options->exports.count; i++)
		good =
		    add_export(plan, options->exports.items[i], diags) && good;
	return good;
}

/* -o names the DST of the one operand. */
static bool
apply_output(struct kp_inputs *inputs, const struct kp_options *options,
    struct kp_diags *diags)
{
	struct kp_input *input = inputs->list;

	if (options->output == NULL)
		return true;
	if (options->operands.count != 1 || inputs->count != 1)
		return kp_diag_usage(diags, "--output takes exactly one SRC");
	free(input->to);
	input->to_stdout = is_stdout(options->output);
	input->to = strdup(options->output);
	return input->to != NULL || kp_diag_nomem(diags);
}

/*
 * With operands, what the command line names; else the rule files' targets
 * too.
 */
bool
kp_inputs_add(struct kp_inputs *inputs, struct kp_plan *plan,
    const struct kp_options *options, struct kp_diags *diags)
{
	size_t from = plan->ntargets, i;

	if (!add_to_plan(inputs, plan, options, diags))
		return false;
	if (options->operands.count == 0)
		from = 0;
	for (i = from; i < plan->ntargets; i++) {
		if (add_input(inputs, i, diags) == NULL)
			return false;
	}
	return apply_output(inputs, options, diags);
}

/* --- directories --- */

/* A tree that is being laid out as inputs of its own. */
struct layout {
	struct kp_inputs *inputs;
	const struct kp_options *options;
	const struct kp_target *target;
	size_t number;    /* of the target */
	const char *from; /* the directory, as the process finds it */
	const char *to;   /* as written */
	struct kp_diags *diags;
};

static char *
join_path(const char *dir, struct kp_str name)
{
	struct kp_buf path = { 0 };

	kp_buf_add_format(&path, "%s/", dir);
	kp_buf_add(&path, name);
	if (!kp_buf_ok(&path))
		kp_buf_wipe(&path);
	return path.data;
}

static bool
add_file(struct layout *layout, const char *file)
{
	const char *suffix = layout->target->suffix != NULL ?
	    layout->target->suffix :
	    layout->options->suffix;
	struct kp_str name = kp_str_of(file);
	struct kp_input *input;

	input = add_input(layout->inputs, layout->number, layout->diags);
	if (input == NULL)
		return false;
	input->from = join_path(layout->from, name);
	if (suffix != NULL && kp_str_ends(name, suffix))
		name.len -= strlen(suffix);
	input->to = join_path(layout->to, name);
	input->top = strlen(layout->to);
	return (input->from != NULL && input->to != NULL) ||
	    kp_diag_nomem(layout->diags);
}

static bool
lay_out(struct layout *layout, const struct kp_plan *plan)
{
	const struct kp_written *written = &layout->target->written;
	struct kp_list files = { 0 };
	bool good;
	size_t i;

	if (layout->to == NULL)
		return kp_diag_usage(layout->diags,
		    "%s is a directory: it takes SRC:DST", layout->from);
	if (kp_memory_name(layout->to) != NULL)
		return kp_diag_at(layout->diags, written->src, written->offset,
		    written->len, "%s is a directory: %s takes a file",
		    layout->from, layout->to);
	/* One path of a rule cannot be in every file of a tree. */
	if (kp_plan_has_rules(plan, layout->target))
		return kp_diag_at(layout->diags, written->src, written->offset,
		    written->len, "%s is a directory: a rule needs a file",
		    layout->from);
	good = kp_tree_list(layout->from, &files, layout->diags);
	for (i = 0; i < files.count && good; i++)
		good = add_file(layout, files.items[i]);
	kp_list_free(&files);
	return good;
}

/* Copy an input, or what is below its directory, to the new list. */
static bool
expand(struct kp_inputs *expanded, struct kp_input *input,
    const struct kp_plan *plan, const struct kp_options *options,
    struct kp_diags *diags)
{
	const struct kp_target *target = &plan->targets[input->target];
	struct layout layout = {
		.inputs = expanded,
		.options = options,
		.target = target,
		.number = input->target,
		.to = input->to != NULL ? input->to : target->path,
		.diags = diags,
	};
	struct kp_buf from = { 0 };
	struct kp_input *copy;
	bool good;

	kp_inputs_locate(options,
	    target->source != NULL ? target->source : target->path, &from);
	if (!kp_buf_ok(&from))
		return kp_diag_nomem(diags);
	if (kp_tree_is_dir(from.data)) {
		layout.from = from.data;
		good = lay_out(&layout, plan);
	} else {
		copy = add_input(expanded, input->target, diags);
		good = copy != NULL;
		if (good) {
			*copy = *input;
			input->to = NULL;
		}
	}
	kp_buf_wipe(&from);
	return good;
}

bool
kp_inputs_expand(struct kp_inputs *inputs, const struct kp_plan *plan,
    const struct kp_options *options, struct kp_diags *diags)
{
	struct kp_inputs expanded = { 0 };
	bool good = true;
	size_t i;

	for (i = 0; i < inputs->count; i++)
		good =
		    expand(&expanded, &inputs->list[i], plan, options, diags) &&
		    good;
	kp_inputs_free(inputs);
	*inputs = expanded;
	return good;
}

void
kp_inputs_free(struct kp_inputs *inputs)
{
	size_t i;

	for (i = 0; i < inputs->count; i++) {
		free(inputs->list[i].from);
		free(inputs->list[i].to);
	}
	free(inputs->list);
	*inputs = (struct kp_inputs){ 0 };
}
