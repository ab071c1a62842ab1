/* SPDX-License-Identifier: MIT */
/*
 * varfiles - --expand-files: a variable that names a file becomes one that
 * has its content.
 */
#include "cli/varfiles.h"

#include "base/list.h"
#include "cli/inputs.h"
#include "cli/start.h"
#include "cli/work.h"
#include "core/expand.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PREFIX "FILE__"

/* Options of our own end in _FILE too. */
#define OWN_PREFIX "KEYPLATE_"

/* The longer one first. */
static const char *const suffixes[] = { "__FILE", "_FILE" };

bool
kp_varfiles_target(struct kp_str name, struct kp_str *target)
{
	size_t i, len;

	if (kp_str_starts(name, PREFIX) && name.len > strlen(PREFIX)) {
		*target = kp_str_slice(name, strlen(PREFIX), name.len);
		return true;
	}
	for (i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		len = strlen(suffixes[i]);
		if (kp_str_ends(name, suffixes[i]) && name.len > len) {
			*target = kp_str_slice(name, 0, name.len - len);
			return true;
		}
	}
	return false;
}

/* --- which variables --- */

static bool
is_same_directory(const char *path, const char *other)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(other, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool
is_directory_of_secrets(const struct kp_work *work, struct kp_str path)
{
	char *text = strndup(path.ptr, path.len);
	bool same = false;
	size_t i;

	for (i = 0; text != NULL && i < work->dirs.count && !same; i++)
		same = strcmp(text, work->dirs.items[i]) == 0 ||
		    is_same_directory(text, work->dirs.items[i]);
	free(text);
	return same;
}

/* A way back up may lead out of where it went. */
static bool
goes_up(struct kp_str path)
{
	return kp_str_find_str(path, kp_str_of("/../")) != KP_NPOS ||
	    kp_str_ends(path, "/..");
}

/*
 * Does the way to a file lead through a directory of secrets?  That may have
 * another name, as /var/run has, and need not be there.
 */
static bool
is_below_secrets(const struct kp_work *work, const char *file)
{
	struct kp_buf located = { 0 };
	struct kp_str path;
	bool below = false;
	size_t i;

	kp_inputs_locate(work->options, file, &located);
	path = kp_buf_view(&located);
	if (file[0] == '/' && kp_buf_ok(&located) && !goes_up(path)) {
		for (i = 1; i < path.len && !below; i++)
			below = path.ptr[i] == '/' &&
			    is_directory_of_secrets(work,
			        kp_str_slice(path, 0, i));
	}
	kp_buf_wipe(&located);
	return below;
}

/* One variable of the environment that may name a file. */
struct varfile {
	char *name;           /* owned */
	char *target;         /* owned */
	const char *path;     /* borrowed from the environment */
	struct kp_list *done; /* targets that have been given */
};

static bool
is_asked_for(const struct kp_work *work, const struct varfile *file)
{
	const struct kp_list *patterns = &work->options->expand_files;
	size_t i;

	for (i = 0; i < patterns->count; i++) {
		const char *pattern = patterns->items[i];

		if (strcmp(pattern, KP_VARFILES_SECRETS) == 0 ?
		        is_below_secrets(work, file->path) :
		        fnmatch(pattern, file->name, 0) == 0)
			return true;
	}
	return false;
}

/* --- one of them --- */

/* What is no path may be the secret itself, put there by mistake. */
static bool
looks_like_path(const char *text)
{
	return text[0] == '/' || text[0] == '.';
}

static bool
complain(const struct varfile *file, const struct kp_entry *entry,
    const char *why, struct kp_diags *diags)
{
	if (!looks_like_path(file->path)) {
		kp_diag_file(diags, NULL,
		    "variable \"%s\" does not name a file that can be read",
		    file->name);
		return kp_diag_hint(diags, "it takes a path");
	}
	kp_diag_file(diags, entry->where, "%s; \"%s\" names it", why,
	    file->name);
	return entry->hint[0] == '\0' ? false :
	                                kp_diag_hint(diags, "%s", entry->hint);
}

/* The content as it was read; NULL: it cannot be used. */
static struct kp_entry *
read_content(struct kp_work *work, const struct varfile *file,
    struct kp_diags *diags)
{
	struct kp_entry *entry =
	    kp_values_get(&work->values, KP_FILE, kp_str_of(file->path));

	if (entry == NULL) {
		kp_diag_nomem(diags);
		return NULL;
	}
	if (entry->found == KP_FOUND && entry->value.len > 0)
		return entry;
	if (entry->found == KP_BROKEN)
		complain(file, entry, entry->why, diags);
	else if (entry->found == KP_ABSENT)
		complain(file, entry, "does not exist", diags);
	else
		complain(file, entry, "is empty", diags);
	return NULL;
}

static void
warn_if_odd(const struct varfile *file, struct kp_entry *entry,
    struct kp_diags *diags)
{
	const char *odd = kp_expand_oddity(entry->value);

	if (entry->examined || odd == NULL)
		return;
	entry->examined = true;
	kp_diag_warn(diags, entry->where, "%s (%zu bytes, for \"%s\")", odd,
	    entry->value.len, file->target);
}

/* Two ways to one variable: nobody could tell which is meant. */
static bool
check_target(const struct varfile *file, char *const *envp,
    struct kp_diags *diags)
{
	const char *value = kp_childenv_get(envp, file->target);

	if (value != NULL && *value != '\0') {
		kp_diag_file(diags, NULL, "both \"%s\" and \"%s\" are set",
		    file->target, file->name);
		return kp_diag_hint(diags, "unset one of them");
	}
	if (kp_list_has(file->done, file->target)) {
		kp_diag_file(diags, NULL,
		    "\"%s\" names a file for \"%s\", and another variable too",
		    file->name, file->target);
		return kp_diag_hint(diags, "unset one of them");
	}
	return kp_list_add(file->done, file->target) || kp_diag_nomem(diags);
}

static bool
expand(struct kp_work *work, struct kp_start *start, const struct varfile *file,
    struct kp_diags *diags)
{
	struct kp_entry *entry;

	if (!check_target(file, work->secrets.setup.envp, diags))
		return false;
	entry = read_content(work, file, diags);
	if (entry == NULL)
		return false;
	warn_if_odd(file, entry, diags);
	kp_start_drop(start, file->name);
	return kp_start_export(start, file->target, entry->value, diags);
}

/* --- all of them --- */

static bool
expand_variable(struct kp_work *work, struct kp_start *start, const char *text,
    struct kp_list *done, struct kp_diags *diags)
{
	struct kp_str name = kp_str_make(text, strcspn(text, "="));
	struct kp_str target;
	struct varfile file = { .done = done };
	bool good;

	if (text[name.len] == '\0' || text[name.len + 1] == '\0' ||
	    kp_str_starts(name, OWN_PREFIX) ||
	    !kp_varfiles_target(name, &target))
		return true;
	file.path = text + name.len + 1;
	file.name = strndup(name.ptr, name.len);
	file.target = strndup(target.ptr, target.len);
	if (file.name == NULL || file.target == NULL)
		good = kp_diag_nomem(diags);
	else
		good = !is_asked_for(work, &file) ||
		    expand(work, start, &file, diags);
	free(file.name);
	free(file.target);
	return good;
}

bool
kp_varfiles_expand(struct kp_work *work, struct kp_start *start,
    struct kp_diags *diags)
{
	struct kp_list done = { 0 };
	bool good = true;
	char **var;

	if (work->options->expand_files.count == 0)
		return true;
	for (var = work->secrets.setup.envp; *var != NULL; var++)
		good = expand_variable(work, start, *var, &done, diags) && good;
	kp_list_free(&done);
	return good;
}
