/* SPDX-License-Identifier: MIT */
/* work - what every command does first. */
#include "cli/work.h"

#include "cli/exit.h"
#include "cli/memory.h"
#include "io/config.h"
#include "io/file.h"
#include "proc/heap.h"
#include "proc/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- rules, options, sources of values --- */

static bool
take_option(void *ctx, struct kp_str name, struct kp_str value,
    const struct kp_source *src, size_t offset, struct kp_diags *diags)
{
	return kp_options_from_rule(ctx, name, value, src, offset, diags);
}

/*
 * Append the paths of a list as the process finds them.  Below --root an
 * absolute path that leads nowhere is taken as it is: rule files and secrets
 * of a local rendering are often kept beside the image's files.
 */
static bool
locate_all(const struct kp_options *options, const struct kp_list *paths,
    struct kp_list *out)
{
	struct kp_buf path = { 0 };
	bool good = true;
	size_t i;

	for (i = 0; i < paths->count && good; i++) {
		kp_buf_cut(&path, 0);
		kp_inputs_locate(options, paths->items[i], &path);
		good = kp_buf_ok(&path) &&
		    kp_list_add(out,
		        options->root != NULL && access(path.data, F_OK) == 0 ?
		            path.data :
		            paths->items[i]);
	}
	kp_buf_wipe(&path);
	return good;
}

static bool
load_rules(struct kp_work *work, struct kp_diags *diags)
{
	struct kp_options *options = work->options;
	struct kp_config_options sink = { options, take_option };
	struct kp_list paths = { 0 };
	bool good;

	if (options->configs.count == 0)
		return kp_config_load_default(&work->plan, options->root, &sink,
		    diags);
	good = locate_all(options, &options->configs, &paths) ||
	    kp_diag_nomem(diags);
	good = good && kp_config_load(&work->plan, &paths, &sink, diags);
	kp_list_free(&paths);
	return good;
}

static bool
load_settings(struct kp_work *work, struct kp_diags *diags)
{
	struct kp_list paths = { 0 };
	bool good = true;
	size_t i;

	if (!locate_all(work->options, &work->options->env_files, &paths))
		good = kp_diag_nomem(diags);
	for (i = 0; i < paths.count; i++)
		good =
		    kp_envfile_load(&work->settings, paths.items[i], diags) &&
		    good;
	kp_list_free(&paths);
	return good;
}

/* Paths of files are compared with them: DIR/ is DIR. */
static void
strip_slashes(struct kp_list *dirs)
{
	size_t i, len;

	for (i = 0; i < dirs->count; i++) {
		len = strlen(dirs->items[i]);
		while (len > 1 && dirs->items[i][len - 1] == '/')
			dirs->items[i][--len] = '\0';
	}
}

/* -s, else /run/secrets and what systemd provides. */
static bool
choose_dirs(struct kp_work *work, char **envp, struct kp_diags *diags)
{
	static const char variable[] = "CREDENTIALS_DIRECTORY=";
	struct kp_list standard = { 0 };
	bool good;
	size_t i;

	if (work->options->secrets.count > 0)
		return locate_all(work->options, &work->options->secrets,
		           &work->dirs) ||
		    kp_diag_nomem(diags);
	good = kp_list_add(&standard, "/run/secrets");
	for (i = 0; envp[i] != NULL; i++) {
		if (strncmp(envp[i], variable, sizeof(variable) - 1) == 0)
			good = kp_list_add(&standard,
			           envp[i] + sizeof(variable) - 1) &&
			    good;
	}
	for (i = 0; i < standard.count && good; i++) {
		struct kp_buf path = { 0 };

		kp_inputs_locate(work->options, standard.items[i], &path);
		good = kp_buf_ok(&path) && kp_list_add(&work->dirs, path.data);
		kp_buf_wipe(&path);
	}
	kp_list_free(&standard);
	return good || kp_diag_nomem(diags);
}

static bool
open_values(struct kp_work *work, char **envp, struct kp_diags *diags)
{
	const struct kp_secrets_setup setup = {
		.dirs = &work->dirs,
		.envp = envp,
		.settings = &work->settings,
		.root = work->options->root,
		.max_bytes = work->options->max_secret,
	};

	if (!choose_dirs(work, envp, diags))
		return false;
	strip_slashes(&work->dirs);
	if (!kp_secrets_open(&work->secrets, &setup, diags))
		return false;
	kp_values_init(&work->values, kp_secrets_reader(&work->secrets));
	return true;
}

bool
kp_work_open(struct kp_work *work, struct kp_options *options, char **envp,
    struct kp_diags *diags)
{
	bool good;

	*work = (struct kp_work){ .options = options, .envp = envp };
	good = load_rules(work, diags);
	good = kp_inputs_add(&work->inputs, &work->plan, options, diags) &&
	    kp_plan_check(&work->plan, diags) &&
	    kp_inputs_expand(&work->inputs, &work->plan, options, diags) &&
	    good;
	good = load_settings(work, diags) && good;
	return open_values(work, envp, diags) && good;
}

bool
kp_work_open_values(struct kp_work *work, struct kp_options *options,
    char **envp, struct kp_diags *diags)
{
	bool good;

	*work = (struct kp_work){ .options = options, .envp = envp };
	good = load_rules(work, diags);
	good = load_settings(work, diags) && good;
	return open_values(work, envp, diags) && good;
}

/* --- rendering --- */

/* Secrets are replaced once a minute, or someone is playing with them. */
#define RENEWALS_MAX 3

/* What the name of a template's pristine copy ends in. */
#define SEALED_SUFFIX ".keyplate"

static bool
is_absent(const char *path)
{
	return access(path, F_OK) == -1 && errno == ENOENT;
}

static char *
locate(const struct kp_work *work, const char *path)
{
	struct kp_buf located = { 0 };

	kp_inputs_locate(work->options, path, &located);
	if (kp_buf_ok(&located))
		return located.data;
	kp_buf_wipe(&located);
	return NULL;
}

/*
 * A template rendered over itself has a pristine copy beside it from the
 * first rendering on: that is the template then.
 */
static bool
set_sealed(struct kp_output *output)
{
	struct kp_buf path = { 0 };

	if (strcmp(output->from, output->to) != 0)
		return true;
	kp_buf_add_format(&path, "%s%s", output->to, SEALED_SUFFIX);
	if (!kp_buf_ok(&path))
		return false;
	output->sealed = path.data;
	if (is_absent(output->sealed))
		return true;
	free(output->from);
	output->from = strdup(output->sealed);
	return output->from != NULL;
}

/* Where an output's template is and where its result goes. */
static bool
set_paths(const struct kp_work *work, const struct kp_input *input,
    struct kp_output *output)
{
	const struct kp_target *target = output->target;
	const char *to = input->to != NULL ? input->to : target->path;
	const char *from =
	    target->source != NULL ? target->source : target->path;

	output->from =
	    input->from != NULL ? strdup(input->from) : locate(work, from);
	if (output->from == NULL)
		return false;
	if (to == NULL || input->to_stdout)
		return true;
	output->to = locate(work, to);
	if (output->to == NULL)
		return false;
	output->memory = kp_memory_name(output->to);
	if (output->memory != NULL)
		return true;
	/* --root may have been put in front. */
	if (input->top > 0)
		output->top = strlen(output->to) - (strlen(to) - input->top);
	return set_sealed(output);
}

/* By the first name that is there and tells, else by the other. */
static const struct kp_format *
format_by_names(const char *first, const char *other)
{
	const struct kp_format *format = NULL;

	if (first != NULL)
		format = kp_format_by_path(kp_str_of(first));
	if (format == NULL || strcmp(format->name, "text") == 0)
		format = kp_format_by_path(kp_str_of(other));
	return format;
}

/* By the rule; else by -f, on the command line; else by the names. */
static const struct kp_format *
choose_format(const struct kp_work *work, const struct kp_output *output)
{
	const struct kp_target *target = output->target;
	const char *name = target->format;

	if (name == NULL && target->name == NULL)
		name = work->options->format;
	if (name != NULL)
		return kp_format_by_name(kp_str_of(name));
	/* In memory a name is free, and says less than the template's. */
	if (output->memory != NULL)
		return format_by_names(output->from, output->memory);
	return format_by_names(output->to, output->from);
}

/* The names of a rule's "only": commas or blanks between them. */
static bool
split_names(const char *text, struct kp_list *names)
{
	static const char separators[] = ", \t";
	bool good = true;

	while (*text != '\0' && good) {
		size_t len = strcspn(text, separators);
		struct kp_buf name = { 0 };

		kp_buf_add(&name, kp_str_make(text, len));
		good = kp_buf_ok(&name) &&
		    (len == 0 || kp_list_add(names, name.data));
		kp_buf_wipe(&name);
		text += len;
		text += strspn(text, separators);
	}
	return good;
}

/* The rule's own, else what the options say for all. */
static bool
choose_syntax(const struct kp_work *work, struct kp_output *output,
    struct kp_diags *diags)
{
	const struct kp_options *options = work->options;
	const struct kp_target *target = output->target;
	const char *profile =
	    target->syntax != NULL ? target->syntax : options->syntax;
	const char *delimiters = target->delimiters != NULL ?
	    target->delimiters :
	    options->delimiters;

	kp_syntax_init(&output->syntax);
	/* Who read them from a rule or an option has told what does not fit. */
	if ((profile != NULL &&
	        !kp_syntax_set_profile(&output->syntax, profile)) ||
	    (delimiters != NULL &&
	        !kp_syntax_set_delimiters(&output->syntax, delimiters)))
		return false;
	if (target->only != NULL) {
		if (!split_names(target->only, &output->only))
			return kp_diag_nomem(diags);
		output->syntax.only = &output->only;
	} else if (options->only.count > 0) {
		output->syntax.only = &options->only;
	}
	return true;
}

/* "render a.tmpl b.yml", as cp and others have it. */
static bool
hint_at_dst(const struct kp_work *work, const struct kp_output *output,
    struct kp_diags *diags)
{
	const struct kp_list *words = &work->options->operands;

	if (words->count != 2 || strchr(words->items[0], ':') != NULL ||
	    strcmp(words->items[1], output->from) != 0)
		return false;
	return kp_diag_hint(diags, "to write it there: %s:%s", words->items[0],
	    words->items[1]);
}

static bool
read_file(struct kp_work *work, struct kp_output *output,
    struct kp_diags *diags)
{
	struct kp_file_refusal why;

	if (kp_file_read_spent(AT_FDCWD, output->from, 0, KP_FILE_MAX,
	        &work->secrets.spent, &output->template, &why))
		return true;
	kp_file_report(output->from, &why, diags);
	return why.sys_errno == ENOENT && hint_at_dst(work, output, diags);
}

static bool
read_template(struct kp_work *work, struct kp_output *output,
    struct kp_diags *diags)
{
	bool stream = strcmp(output->from, "-") == 0;

	if (!stream && output->target->optional && is_absent(output->from)) {
		output->skipped = true;
		return true;
	}
	if (stream ? !kp_file_read_stream(STDIN_FILENO, "standard input",
	                 KP_FILE_MAX, &output->template, diags) :
	             !read_file(work, output, diags)) {
		if (!stream && output->target->name != NULL &&
		    is_absent(output->from))
			kp_diag_hint(diags,
			    "[file %s] needs it; where it may be missing: "
			    "optional = yes",
			    output->target->name);
		return false;
	}
	output->source = (struct kp_source){
		.name = stream ? "standard input" : output->from,
		.text = kp_buf_view(&output->template),
		/* A file edited in place holds the values of before. */
		.guarded =
		    output->to != NULL && strcmp(output->from, output->to) == 0,
	};
	return true;
}

static bool
read_current(struct kp_output *output, struct kp_diags *diags)
{
	if (output->skipped || output->to == NULL || output->memory != NULL ||
	    is_absent(output->to))
		return true;
	if (output->current.len > 0)
		return true;
	return kp_file_read(output->to, KP_FILE_MAX, &output->current, diags);
}

/* Salted hashes of before are taken again where they still fit. */
static bool
wants_current(const struct kp_work *work, const struct kp_output *output)
{
	static const char method[] = "crypt";
	const struct kp_plan *plan = &work->plan;
	struct kp_str template = kp_buf_view(&output->template);
	bool wants;
	size_t i;

	/* Most files have no filter at all, which is found out sooner. */
	wants = kp_str_find(template, '|') != KP_NPOS &&
	    kp_str_find_str(template, kp_str_of(method)) != KP_NPOS;
	for (i = 0; i < plan->nsets && !wants; i++)
		wants = strstr(plan->sets[i].value, method) != NULL;
	for (i = 0; i < plan->nmatches && !wants; i++) {
		const struct kp_match_rule *match = &plan->matches[i];

		wants =
		    strstr(match->value != NULL ? match->value : match->replace,
		        method) != NULL;
	}
	return wants;
}

/*
 * Values that stand where placeholders or matches were could not be replaced
 * at the next start: the template is to be kept.  A set finds its key again.
 */
static bool
seal(struct kp_output *output, struct kp_diags *diags)
{
	const struct kp_rendering *rendering = &output->rendering;
	const struct kp_written *written = &output->target->written;
	size_t i;

	if (output->sealed == NULL)
		return true;
	for (i = 0; i < rendering->nuses; i++) {
		const struct kp_use *use = &rendering->uses[i];

		if (use->kind != KP_USE_SET && use->fate != KP_COMMENTED)
			output->seals = true;
	}
	if (rendering->nuses > 0)
		return true;
	kp_diag_at(diags, written->src, written->offset, written->len,
	    "%s has no placeholder, no rule sets a key in it, and there is "
	    "no %s",
	    output->to, output->sealed);
	return kp_diag_hint(diags,
	    "put a placeholder into it, or add a [set] for it; if it was "
	    "rendered before, put the template back in its place");
}

/* All that rendering reads but the values. */
static bool
open_output(struct kp_work *work, struct kp_output *output,
    struct kp_diags *diags)
{
	output->format = choose_format(work, output);
	if (output->format == NULL || !choose_syntax(work, output, diags) ||
	    !read_template(work, output, diags))
		return false;
	if (output->skipped)
		return true;
	output->opened =
	    !wants_current(work, output) || read_current(output, diags);
	return output->opened;
}

/* The text again with its values, and what is known of its lines. */
#define MEMORY_PER_BYTE 4

/* Where a text is longer, faults are the least of it. */
#define MEMORY_MAX ((size_t)256 * 1024)

static bool
open_outputs(struct kp_work *work, struct kp_diags *diags)
{
	bool good = true;
	size_t i, len = 0;

	work->outputs = calloc(work->inputs.count + 1, sizeof(*work->outputs));
	if (work->outputs == NULL)
		return kp_diag_nomem(diags);
	work->noutputs = work->inputs.count;
	for (i = 0; i < work->noutputs; i++) {
		const struct kp_input *input = &work->inputs.list[i];
		struct kp_output *output = &work->outputs[i];

		if (i > 0 && kp_work_interrupted(work))
			return false;
		output->target = &work->plan.targets[input->target];
		if (!set_paths(work, input, output))
			return kp_diag_nomem(diags);
		good = kp_memory_check_output(work, i, diags) &&
		    open_output(work, output, diags) && good;
		len += output->template.len;
	}
	if (len > 0)
		kp_heap_bring(len < MEMORY_MAX / MEMORY_PER_BYTE ?
		        len * MEMORY_PER_BYTE :
		        MEMORY_MAX);
	return good;
}

/* The template is the pristine copy that an earlier run has kept. */
static bool
is_sealed(const struct kp_output *output)
{
	return output->sealed != NULL &&
	    strcmp(output->from, output->sealed) == 0;
}

/* Does somebody ask later where values went? */
static bool
shows_places(const struct kp_work *work, const struct kp_output *output)
{
	return work->options->command == KP_CMD_DIFF ||
	    work->options->command == KP_CMD_EXPLAIN ||
	    output->target->verify != NULL || is_sealed(output);
}

/* Something was left out, so that the text depends on what there is. */
static bool
has_gaps(const struct kp_rendering *rendering)
{
	size_t i;

	for (i = 0; i < rendering->nuses; i++) {
		if (rendering->uses[i].fate == KP_KEPT)
			return true;
	}
	return false;
}

/*
 * The template is the pristine copy, and what the target has beside its
 * values is not from there: somebody has changed it, and may not know.
 */
static void
warn_edited(struct kp_output *output, struct kp_diags *diags)
{
	const struct kp_rendering *rendering = &output->rendering;
	struct kp_diags unread = { 0 };
	bool known;

	if (!is_sealed(output) || has_gaps(rendering))
		return;
	known = read_current(output, &unread) && output->current.len > 0;
	kp_diags_free(&unread);
	if (!known ||
	    kp_rendering_resembles(rendering, kp_buf_view(&output->current)))
		return;
	kp_diag_warn(diags, output->to,
	    "was changed since it was rendered, which does not last: its "
	    "template is %s",
	    output->sealed);
	kp_diag_hint(diags,
	    "make the change there, or remove it to begin with %s anew",
	    output->to);
}

static bool
render_output(struct kp_work *work, struct kp_output *output,
    struct kp_diags *diags)
{
	struct kp_job job = {
		.src = &output->source,
		.syntax = &output->syntax,
		.plan = &work->plan,
		.target = output->target,
		.allow_missing = work->options->allow_missing,
		.format = output->format,
		.current = kp_buf_view(&output->current),
		.traced = shows_places(work, output),
	};

	if (!kp_render(&job, &work->values, &output->rendering, diags) ||
	    !seal(output, diags))
		return false;
	warn_edited(output, diags);
	return true;
}

static bool
render_outputs(struct kp_work *work, struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		struct kp_output *output = &work->outputs[i];

		if (i > 0 && kp_work_interrupted(work))
			return false;
		if (output->opened)
			good = render_output(work, output, diags) && good;
	}
	return good;
}

bool
kp_work_render(struct kp_work *work, struct kp_diags *diags)
{
	bool opened = work->outputs != NULL || open_outputs(work, diags);
	const struct kp_diags_mark mark = kp_diags_mark(diags);
	bool rendered;

	do {
		rendered = render_outputs(work, diags);
	} while (!rendered && kp_work_renew(work, mark, diags));
	return opened && rendered;
}

/* What could not be opened is not tried again: its problem has to stay. */
static bool
all_opened(const struct kp_work *work)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		if (!work->outputs[i].opened && !work->outputs[i].skipped)
			return false;
	}
	return true;
}

/* What was read and rendered; the templates stay. */
static void
forget_values(struct kp_work *work)
{
	const struct kp_reader reader = work->values.reader;
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		kp_rendering_free(&work->outputs[i].rendering);
		work->outputs[i].seals = false;
	}
	kp_values_wipe(&work->values);
	kp_values_init(&work->values, reader);
}

void
kp_work_reread(struct kp_work *work)
{
	kp_secrets_reread(&work->secrets);
	forget_values(work);
}

bool
kp_work_renew(struct kp_work *work, struct kp_diags_mark mark,
    struct kp_diags *diags)
{
	if (work->renewals == RENEWALS_MAX || kp_work_interrupted(work) ||
	    !all_opened(work) || !kp_secrets_renew(&work->secrets))
		return false;
	work->renewals++;
	forget_values(work);
	kp_diags_cut(diags, mark);
	return true;
}

bool
kp_work_read_current(struct kp_work *work, struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs; i++)
		good = read_current(&work->outputs[i], diags) && good;
	return good;
}

bool
kp_work_has_inputs(const struct kp_work *work, struct kp_diags *diags)
{
	enum kp_command command = work->options->command;

	/* What is exported can be looked at, and stands in no file. */
	if (work->inputs.count > 0 ||
	    ((command == KP_CMD_CHECK || command == KP_CMD_EXPLAIN) &&
	        work->plan.nexports > 0))
		return true;
	kp_diag_usage(diags, "there is nothing to work on");
	return kp_diag_hint(diags,
	    "name a SRC, or a rule file with -c that has targets");
}

bool
kp_work_interrupted(struct kp_work *work)
{
	if (work->signal == 0)
		work->signal = kp_signals_poll();
	return work->signal != 0;
}

int
kp_work_status(const struct kp_work *work, bool done,
    const struct kp_diags *diags)
{
	int status = kp_exit_of(work->options, diags);

	if (work->signal != 0)
		return KP_EXIT_SIGNAL + work->signal;
	return done || status != KP_EXIT_DONE ? status : KP_EXIT_FAULT;
}

static void
free_output(struct kp_output *output)
{
	free(output->from);
	free(output->to);
	if (output->descriptor != 0)
		close(output->descriptor);
	free(output->sealed);
	kp_list_free(&output->only);
	kp_buf_wipe(&output->template);
	kp_buf_wipe(&output->current);
	kp_rendering_free(&output->rendering);
}

void
kp_work_wipe(struct kp_work *work)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++)
		free_output(&work->outputs[i]);
	free(work->outputs);
	kp_values_wipe(&work->values);
	kp_secrets_close(&work->secrets);
	kp_envfile_wipe(&work->settings);
	kp_list_free(&work->dirs);
	kp_inputs_free(&work->inputs);
	kp_plan_free(&work->plan);
	*work = (struct kp_work){ 0 };
}
