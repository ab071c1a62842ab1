/* SPDX-License-Identifier: MIT */
/* memory - targets in memory, and their paths in the arguments of COMMAND. */
#include "cli/memory.h"

#include "base/array.h"
#include "base/near.h"
#include "base/str.h"
#include "cli/work.h"
#include "io/memfile.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX "mem:"
#define NAME_MAX_LENGTH 200

const char *
kp_memory_name(const char *path)
{
	if (strncmp(path, PREFIX, strlen(PREFIX)) != 0)
		return NULL;
	return path + strlen(PREFIX);
}

/* How many of the first bytes are a name. */
static size_t
name_length(struct kp_str text)
{
	size_t len = 0;

	while (len < text.len &&
	    (kp_is_alnum(text.ptr[len]) || text.ptr[len] == '_' ||
	        (len > 0 && (text.ptr[len] == '.' || text.ptr[len] == '-'))))
		len++;
	return len <= NAME_MAX_LENGTH ? len : 0;
}

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name_length(kp_str_make(name, len)) == len;
}

/* --- targets --- */

static bool
refuse(const struct kp_output *output, const char *text, const char *hint,
    struct kp_diags *diags)
{
	const struct kp_written *written = &output->target->written;

	kp_diag_at(diags, written->src, written->offset, written->len, "%s %s",
	    output->to, text);
	return kp_diag_hint(diags, "%s", hint);
}

bool
kp_memory_check_output(const struct kp_work *work, size_t i,
    struct kp_diags *diags)
{
	const struct kp_output *output = &work->outputs[i];
	size_t j;

	if (output->memory == NULL)
		return true;
	if (!is_name(output->memory))
		return refuse(output, "is no name of a file in memory",
		    "mem: and letters, digits, \"_\", \".\" and \"-\", neither "
		    "of the last two first",
		    diags);
	if (strcmp(output->from, output->to) == 0)
		return refuse(output, "needs a template",
		    "in a rule: source = FILE; on the command line: "
		    "SRC:mem:NAME",
		    diags);
	for (j = 0; j < i; j++) {
		if (work->outputs[j].memory != NULL &&
		    strcmp(work->outputs[j].memory, output->memory) == 0)
			return refuse(output, "is the target of another file",
			    "give each file in memory a name of its own",
			    diags);
	}
	return true;
}

/* --- arguments --- */

/* What is to be replaced in an argument. */
struct mark {
	size_t start, end;
	struct kp_str name; /* within the argument */
	bool escaped;       /* "@@{NAME}" */
};

/* Is there a mark at offset at? */
static bool
read_mark(struct kp_str text, size_t at, struct mark *mark)
{
	struct kp_str rest = kp_str_slice(text, at, text.len);
	bool escaped = kp_str_starts(rest, "@@{");
	size_t open, len;

	if (!escaped && !kp_str_starts(rest, "@{"))
		return false;
	open = at + (escaped ? 3 : 2);
	len = name_length(kp_str_slice(text, open, text.len));
	if (len == 0 || open + len == text.len || text.ptr[open + len] != '}')
		return false;
	*mark = (struct mark){ at, open + len + 1,
		kp_str_slice(text, open, open + len), escaped };
	return true;
}

/* The first mark from offset at on. */
static bool
find_mark(struct kp_str text, size_t at, struct mark *mark)
{
	for (; at < text.len; at++) {
		if (read_mark(text, at, mark))
			return true;
	}
	return false;
}

/* The file in memory of that name, or NULL. */
static struct kp_output *
find_file(const struct kp_work *work, struct kp_str name)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		struct kp_output *output = &work->outputs[i];

		if (output->memory != NULL && kp_str_is(name, output->memory))
			return output;
	}
	return NULL;
}

static bool
has_files(const struct kp_work *work)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		if (work->outputs[i].memory != NULL)
			return true;
	}
	return false;
}

static bool
complain_unknown(const struct kp_work *work, struct kp_str name,
    struct kp_diags *diags)
{
	const char **names = calloc(work->noutputs + 1, sizeof(*names));
	const char *near;
	size_t i, count = 0;

	if (names == NULL)
		return kp_diag_nomem(diags);
	for (i = 0; i < work->noutputs; i++) {
		if (work->outputs[i].memory != NULL)
			names[count++] = work->outputs[i].memory;
	}
	near = kp_near_best(name, names);
	free(names);
	kp_diag_usage(diags,
	    "an argument of COMMAND has \"@{%.*s}\", and no target is in "
	    "memory by this name",
	    (int)name.len, name.ptr);
	if (near != NULL)
		return kp_diag_hint(diags, "did you mean \"@{%s}\"?", near);
	return kp_diag_hint(diags, "to pass it on as it is: \"@@{%.*s}\"",
	    (int)name.len, name.ptr);
}

static bool
check_name(const struct kp_work *work, struct kp_str name,
    struct kp_diags *diags)
{
	const struct kp_output *output = find_file(work, name);

	if (output == NULL)
		return complain_unknown(work, name, diags);
	if (!output->skipped)
		return true;
	return kp_diag_usage(diags,
	    "an argument of COMMAND has \"@{%s}\", and its template is not "
	    "there",
	    output->memory);
}

/* Does an argument name the file? */
static bool
is_named(const struct kp_output *output, char *const *argv)
{
	for (; *argv != NULL; argv++) {
		struct kp_str text = kp_str_of(*argv);
		struct mark mark = { 0 };

		while (find_mark(text, mark.end, &mark)) {
			if (!mark.escaped &&
			    kp_str_is(mark.name, output->memory))
				return true;
		}
	}
	return false;
}

static void
warn_unnamed(const struct kp_work *work, char *const *argv,
    struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		const struct kp_output *output = &work->outputs[i];

		if (output->memory == NULL || output->skipped ||
		    is_named(output, argv))
			continue;
		kp_diag_warn(diags, output->to,
		    "no argument of COMMAND has \"@{%s}\"", output->memory);
		kp_diag_hint(diags, "nothing else says where the file is");
	}
}

bool
kp_memory_check_arguments(const struct kp_work *work, char *const *argv,
    struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	/* A rendering that was ended did not come to all files. */
	if (work->signal != 0 || !has_files(work))
		return true;
	for (i = 1; argv[i] != NULL; i++) {
		struct kp_str text = kp_str_of(argv[i]);
		struct mark mark = { 0 };

		while (find_mark(text, mark.end, &mark))
			good = (mark.escaped ||
			           check_name(work, mark.name, diags)) &&
			    good;
	}
	if (good && diags->errors == 0)
		warn_unnamed(work, argv + 1, diags);
	return good;
}

static void
add_replacement(const struct kp_work *work, const struct mark *mark,
    struct kp_str text, struct kp_buf *out)
{
	const struct kp_output *output = find_file(work, mark->name);
	char path[KP_MEMFILE_PATH_SIZE];

	if (mark->escaped || output == NULL) {
		kp_buf_add(out,
		    kp_str_slice(text, mark->start + mark->escaped, mark->end));
		return;
	}
	kp_memfile_path(output->descriptor, path);
	kp_buf_add_text(out, path);
}

static bool
add_argument(const struct kp_work *work, const char *argument,
    struct kp_list *arguments)
{
	struct kp_str text = kp_str_of(argument);
	struct kp_buf out = { 0 };
	struct mark mark = { 0 };
	size_t at = 0;
	bool good;

	while (find_mark(text, at, &mark)) {
		kp_buf_add(&out, kp_str_slice(text, at, mark.start));
		add_replacement(work, &mark, text, &out);
		at = mark.end;
	}
	kp_buf_add_text(&out, argument + at);
	good = kp_buf_ok(&out) &&
	    kp_list_add(arguments, out.data == NULL ? "" : out.data);
	kp_buf_wipe(&out);
	return good;
}

static bool
build_arguments(const struct kp_work *work, char *const *argv,
    struct kp_list *arguments)
{
	bool good = kp_list_add(arguments, *argv);

	while (good && *++argv != NULL)
		good = add_argument(work, *argv, arguments);
	return good &&
	    kp_array_grow((void **)&arguments->items, &arguments->cap,
	        arguments->count + 1, sizeof(*arguments->items));
}

bool
kp_memory_pass_on(struct kp_work *work, char *const *argv,
    struct kp_list *arguments, struct kp_diags *diags)
{
	size_t i;

	if (!has_files(work))
		return true;
	if (!build_arguments(work, argv, arguments))
		return kp_diag_nomem(diags);
	for (i = 0; i < work->noutputs; i++) {
		struct kp_output *output = &work->outputs[i];

		if (output->descriptor == 0)
			continue;
		kp_memfile_share(output->descriptor, true);
		output->descriptor = 0;
	}
	return true;
}
