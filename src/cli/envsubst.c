/* SPDX-License-Identifier: MIT */
/* envsubst - keyplate called by that name. */
#include "cli/envsubst.h"

#include "base/buf.h"
#include "base/list.h"
#include "base/str.h"
#include "cli/exit.h"
#include "core/expand.h"
#include "core/syntax.h"
#include "core/template.h"
#include "core/values.h"
#include "io/file.h"
#include "io/secrets.h"

#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: envsubst [OPTION] [SHELL-FORMAT]\n"
    "Substitute environment variables in standard input.\n"
    "\n"
    "  -v, --variables   print the variables of SHELL-FORMAT, one a line\n"
    "  -h, --help        print this and stop\n"
    "  -V, --version     print the version and stop\n"
    "\n"
    "With SHELL-FORMAT, only the variables in it are substituted.  This is\n"
    "keyplate; \"keyplate --help\" tells what else it does.\n";

struct request {
	bool variables, help, version;
	const char *format; /* SHELL-FORMAT, or NULL */
};

bool
kp_envsubst_is_name(const char *program)
{
	const char *slash = program == NULL ? NULL : strrchr(program, '/');

	return program != NULL &&
	    strcmp(slash == NULL ? program : slash + 1, "envsubst") == 0;
}

static bool
read_option(const char *text, struct request *request)
{
	if (strcmp(text, "-v") == 0 || strcmp(text, "--variables") == 0)
		request->variables = true;
	else if (strcmp(text, "-h") == 0 || strcmp(text, "--help") == 0)
		request->help = true;
	else if (strcmp(text, "-V") == 0 || strcmp(text, "--version") == 0)
		request->version = true;
	else
		return false;
	return true;
}

static bool
read_arguments(int argc, char **argv, struct request *request,
    struct kp_diags *diags)
{
	bool options = true;
	int i;

	for (i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!read_option(argv[i], request))
				return kp_diag_usage(diags,
				    "there is no option \"%s\"", argv[i]);
		} else if (request->format != NULL) {
			return kp_diag_usage(diags, "too many arguments");
		} else {
			request->format = argv[i];
		}
	}
	if (request->variables && request->format == NULL)
		return kp_diag_usage(diags, "SHELL-FORMAT is missing");
	return true;
}

static bool
parse(struct kp_template *template, const struct kp_source *src,
    const struct kp_list *only, struct kp_diags *diags)
{
	struct kp_syntax syntax;

	kp_syntax_init(&syntax);
	syntax.profile = KP_PROFILE_ENVSUBST;
	syntax.environment_only = true;
	syntax.only = only;
	return kp_template_parse_as(template, src, &syntax, diags);
}

/* The variables of SHELL-FORMAT, each as often as it stands there. */
static bool
list_variables(const char *format, struct kp_list *names,
    struct kp_diags *diags)
{
	const struct kp_source src = { .name = "SHELL-FORMAT",
		.text = kp_str_of(format) };
	struct kp_template template;
	bool good = parse(&template, &src, NULL, diags);
	size_t i;

	for (i = 0; i < template.count && good; i++) {
		struct kp_buf name = { 0 };

		if (template.parts[i].placeholder == NULL)
			continue;
		kp_buf_add(&name, template.parts[i].placeholder->name);
		good = (kp_buf_ok(&name) && kp_list_add(names, name.data)) ||
		    kp_diag_nomem(diags);
		kp_buf_wipe(&name);
	}
	kp_template_free(&template);
	return good;
}

/* The text of standard input with its variables substituted. */
static bool
substitute(const struct kp_source *src, const struct kp_list *only,
    struct kp_values *values, struct kp_buf *out, struct kp_diags *diags)
{
	struct kp_expander expander = { .values = values, .diags = diags };
	struct kp_result result = { 0 };
	struct kp_template template;
	bool good;

	good = parse(&template, src, only, diags) &&
	    kp_expand_template(&expander, &template, &result) == KP_RESOLVED;
	if (good)
		*out = kp_buf_take(&result.bytes);
	kp_result_free(&result);
	kp_template_free(&template);
	return good;
}

static bool
filter_input(const struct kp_list *only, char **envp, struct kp_buf *out,
    struct kp_diags *diags)
{
	const struct kp_list no_dirs = { 0 };
	const struct kp_secrets_setup setup = { .dirs = &no_dirs,
		.envp = envp,
		.max_bytes = KP_SECRETS_MAX };
	struct kp_source src = { .name = "standard input" };
	struct kp_secrets secrets;
	struct kp_values values;
	struct kp_buf text = { 0 };
	bool good;

	if (!kp_secrets_open(&secrets, &setup, diags))
		return false;
	kp_values_init(&values, kp_secrets_reader(&secrets));
	good = kp_file_read_stream(STDIN_FILENO, src.name, KP_FILE_MAX, &text,
	    diags);
	src.text = kp_buf_view(&text);
	good = good && substitute(&src, only, &values, out, diags);
	kp_buf_wipe(&text);
	kp_values_wipe(&values);
	kp_secrets_close(&secrets);
	return good;
}

static bool
serve(const struct request *request, char **envp, struct kp_buf *out,
    struct kp_diags *diags)
{
	struct kp_list names = { 0 };
	bool good = true;
	size_t i;

	if (request->help)
		kp_buf_add_text(out, help);
	else if (request->version)
		kp_buf_add_text(out,
		    "envsubst (keyplate " PACKAGE_VERSION ")\n");
	if (request->help || request->version)
		return true;
	if (request->format != NULL)
		good = list_variables(request->format, &names, diags);
	if (good && request->variables) {
		for (i = 0; i < names.count; i++)
			kp_buf_add_format(out, "%s\n", names.items[i]);
	} else if (good) {
		good = filter_input(request->format == NULL ? NULL : &names,
		    envp, out, diags);
	}
	kp_list_free(&names);
	return good;
}

int
kp_envsubst(int argc, char **argv, char **envp, struct kp_diags *diags)
{
	struct request request = { .format = NULL };
	struct kp_buf out = { 0 };
	bool good;

	good = read_arguments(argc, argv, &request, diags) &&
	    serve(&request, envp, &out, diags);
	if (good && !kp_buf_ok(&out))
		good = kp_diag_nomem(diags);
	if (good && !kp_file_write(STDOUT_FILENO, kp_buf_view(&out)))
		good =
		    kp_diag_sys(diags, NULL, "cannot write to standard output");
	kp_buf_wipe(&out);
	return good ? KP_EXIT_DONE : KP_EXIT_FAULT;
}
