/* SPDX-License-Identifier: MIT */
/* cmd_init - read files as they are, propose the rules for them. */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "core/proposal.h"
#include "core/script.h"
#include "core/shell.h"
#include "core/survey.h"
#include "io/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that was read, so that a script may name it again. */
struct reading {
	struct reading *next; /* owned */
	char *path;           /* owned: as the rules name it */
	struct kp_buf name;   /* owned: where it is */
	struct kp_buf text;   /* owned */
	struct kp_source src;
	bool good;
};

struct readings {
	const struct kp_options *options;
	struct reading *first; /* owned */
};

static void
free_reading(struct reading *reading)
{
	free(reading->path);
	kp_buf_wipe(&reading->name);
	kp_buf_wipe(&reading->text);
	free(reading);
}

static void
free_readings(struct readings *readings)
{
	while (readings->first != NULL) {
		struct reading *next = readings->first->next;

		free_reading(readings->first);
		readings->first = next;
	}
}

/* Read a file once; NULL: there is no memory, .good false: it cannot be. */
static struct reading *
read_once(struct readings *readings, const char *path, struct kp_diags *diags)
{
	struct reading *reading = readings->first;

	while (reading != NULL && strcmp(reading->path, path) != 0)
		reading = reading->next;
	if (reading != NULL)
		return reading;
	reading = calloc(1, sizeof(*reading));
	if (reading == NULL || (reading->path = strdup(path)) == NULL) {
		free(reading);
		kp_diag_nomem(diags);
		return NULL;
	}
	kp_inputs_locate(readings->options, path, &reading->name);
	if (!kp_buf_ok(&reading->name)) {
		free_reading(reading);
		kp_diag_nomem(diags);
		return NULL;
	}
	reading->good = kp_file_read(reading->name.data, KP_FILE_MAX,
	    &reading->text, diags);
	reading->src.name = reading->name.data;
	reading->src.text = kp_buf_view(&reading->text);
	reading->src.guarded = true;
	reading->next = readings->first;
	readings->first = reading;
	return reading;
}

/* For the files that a script names: what is not there is no problem. */
static const struct kp_source *
read_named(void *ctx, const char *path)
{
	struct kp_diags unread = { 0 };
	struct reading *reading = read_once(ctx, path, &unread);

	kp_diags_free(&unread);
	return reading != NULL && reading->good ? &reading->src : NULL;
}

static const struct kp_format *
format_of(const struct kp_options *options, const char *path)
{
	if (options->format != NULL)
		return kp_format_by_name(kp_str_of(options->format));
	return kp_format_by_path(kp_str_of(path));
}

static bool
survey_file(struct kp_proposal *proposal, struct readings *readings,
    const char *path, struct kp_diags *diags)
{
	struct reading *reading = read_once(readings, path, diags);
	const struct kp_script_reader reader = { readings, read_named };
	const struct kp_format *format = format_of(readings->options, path);

	if (reading == NULL || !reading->good)
		return false;
	if (!kp_proposal_can_hold(kp_str_of(path)))
		return kp_diag_file(diags, path,
		    "no rule file can hold this path");
	if (kp_shell_is_script(reading->src.text))
		return kp_script_survey(proposal, &reading->src, &reader,
		    diags);
	if (strcmp(format->name, "text") == 0) {
		kp_diag_file(diags, reading->src.name,
		    "its name tells no format that has keys");
		return kp_diag_hint(diags, "say which it is: --format NAME");
	}
	return kp_survey(proposal, path, format, &reading->src, diags);
}

static bool
survey_all(struct kp_proposal *proposal, struct readings *readings,
    struct kp_diags *diags)
{
	const struct kp_list *files = &readings->options->operands;
	bool good = true;
	size_t i;

	for (i = 0; i < files->count; i++)
		good =
		    survey_file(proposal, readings, files->items[i], diags) &&
		    good;
	if (files->count > 0)
		return good;
	kp_diag_usage(diags, "init takes files to read");
	return kp_diag_hint(diags, "keyplate init [OPTION...] FILE...");
}

/* Whoever may read a file that gets a secret reads that. */
static void
note_modes(struct kp_proposal *proposal, const struct kp_options *options)
{
	struct kp_buf name = { 0 };
	struct stat status;
	size_t i;

	for (i = 0; i < proposal->nfiles; i++) {
		kp_buf_cut(&name, 0);
		kp_inputs_locate(options, proposal->files[i].path, &name);
		proposal->files[i].is_open = kp_buf_ok(&name) &&
		    stat(name.data, &status) == 0 &&
		    (status.st_mode & S_IROTH) != 0;
	}
	kp_buf_wipe(&name);
}

int
kp_cmd_init(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct readings readings = { options, NULL };
	struct kp_proposal proposal = { .root = options->root };
	struct kp_buf out = { 0 };

	(void)envp;
	if (survey_all(&proposal, &readings, diags)) {
		note_modes(&proposal, options);
		kp_proposal_print(&proposal, &options->operands, &out);
		if (!kp_buf_ok(&out))
			kp_diag_nomem(diags);
		else if (!kp_file_write(STDOUT_FILENO, kp_buf_view(&out)))
			kp_diag_sys(diags, NULL,
			    "cannot write to standard output");
	}
	kp_buf_wipe(&out);
	kp_proposal_free(&proposal);
	free_readings(&readings);
	return kp_exit_of(options, diags);
}
