/* SPDX-License-Identifier: MIT */
/*
 * secrets - the directories of secrets, the environment and files, as the
 * reader of core/values.
 */
#include "io/secrets.h"

#include "base/array.h"
#include "base/hash.h"
#include "base/near.h"
#include "io/envfile.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_LENGTH 255

/* So many names are compared with a wrong one; more would take too long. */
#define NAMES_MAX 2000

struct kp_secrets_dir {
	const char *path; /* borrowed from the setup */
	int fd;           /* -1: sys_errno tells why */
	int data; /* what ..data led to at the start; -1: no such link */
	int sys_errno;
	bool used; /* something was read below data */
	bool lost; /* and something else cannot be any more */
};

struct kp_variable {
	struct kp_str name, value; /* borrowed */
	const char *where;         /* borrowed */
};

/* --- directories --- */

static int
open_dir(int at, const char *path)
{
	return kp_file_open(at, path, O_PATH | O_DIRECTORY, 0);
}

static struct kp_secrets_dir
hold_dir(const char *path)
{
	struct kp_secrets_dir dir = { .path = path, .data = -1 };

	dir.fd = open_dir(AT_FDCWD, path);
	if (dir.fd == -1)
		dir.sys_errno = errno;
	else
		dir.data = open_dir(dir.fd, "..data");
	return dir;
}

/* True when ..data leads elsewhere by now: another generation is in place. */
static bool
is_rotated(const struct kp_secrets_dir *dir)
{
	struct stat held, now;

	return dir->data != -1 &&
	    (fstat(dir->data, &held) == -1 ||
	        fstatat(dir->fd, "..data", &now, 0) == -1 ||
	        held.st_dev != now.st_dev || held.st_ino != now.st_ino);
}

static void
reopen_data(struct kp_secrets_dir *dir)
{
	close(dir->data);
	dir->data = open_dir(dir->fd, "..data");
}

static enum kp_found
refuse(struct kp_reading *out, const char *why, const char *hint)
{
	snprintf(out->why, sizeof(out->why), "%s", why);
	snprintf(out->hint, sizeof(out->hint), "%s", hint);
	return KP_BROKEN;
}

static const char *
hint_for(int sys_errno)
{
	switch (sys_errno) {
	case EACCES:
	case EPERM:
		return "let the user that keyplate runs as read it";
	case EMFILE:
	case ENFILE:
		return "raise the limit of open files";
	default:
		return "";
	}
}

static enum kp_found
refuse_sys(struct kp_reading *out, const char *what, int sys_errno)
{
	char why[sizeof(out->why)];

	snprintf(why, sizeof(why), "%s: %s", what, strerror(sys_errno));
	return refuse(out, why, hint_for(sys_errno));
}

static enum kp_found
refuse_file(struct kp_reading *out, const struct kp_file_refusal *why)
{
	if (why->sys_errno != 0)
		return refuse_sys(out, why->text, why->sys_errno);
	return refuse(out, why->text, "");
}

/* A name that is there but leads to nothing is not the same as no name. */
static bool
is_dangling(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode);
}

static enum kp_found
read_file_at(struct kp_secrets *secrets, int dir, const char *name, int flags,
    struct kp_reading *out)
{
	struct kp_file_refusal why;

	if (kp_file_read_spent(dir, name, flags, secrets->setup.max_bytes,
	        &secrets->spent, &out->bytes, &why))
		return KP_FOUND;
	if (why.sys_errno != ENOENT && why.sys_errno != ENOTDIR)
		return refuse_file(out, &why);
	if (is_dangling(dir, name))
		return refuse(out, "is a symbolic link to nothing",
		    "check what it points to");
	return KP_ABSENT;
}

/* Beside ..data only plain files count: a link there leads through it. */
static enum kp_found
read_beside_data(struct kp_secrets *secrets, const struct kp_secrets_dir *dir,
    const char *name, struct kp_reading *out)
{
	struct stat st;

	if (fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    S_ISLNK(st.st_mode))
		return KP_ABSENT;
	return read_file_at(secrets, dir->fd, name, O_NOFOLLOW, out);
}

/*
 * Read below the generation held.  Once it is gone a run that has read
 * nothing of it goes over to the next one; another run cannot go on.
 */
static enum kp_found
read_generation(struct kp_secrets *secrets, struct kp_secrets_dir *dir,
    const char *name, struct kp_reading *out)
{
	enum kp_found found = read_file_at(secrets, dir->data, name, 0, out);

	if (found == KP_ABSENT && is_rotated(dir)) {
		if (dir->used) {
			dir->lost = true;
			return refuse(out, "was replaced during the run",
			    "start again: all values are read anew then");
		}
		reopen_data(dir);
		if (dir->data == -1)
			return KP_ABSENT;
		found = read_file_at(secrets, dir->data, name, 0, out);
	}
	dir->used = dir->used || found == KP_FOUND;
	if (found == KP_ABSENT)
		return read_beside_data(secrets, dir, name, out);
	return found;
}

static enum kp_found
read_in_dir(struct kp_secrets *secrets, struct kp_secrets_dir *dir,
    const char *name, struct kp_reading *out)
{
	enum kp_found found;

	if (dir->fd == -1 && dir->sys_errno == ENOENT)
		return KP_ABSENT;
	strlcpy(out->where, dir->path, sizeof(out->where));
	if (dir->fd == -1)
		return refuse_sys(out, "the directory cannot be opened",
		    dir->sys_errno);
	found = dir->data == -1 ? read_file_at(secrets, dir->fd, name, 0, out) :
	                          read_generation(secrets, dir, name, out);
	strlcat(out->where, "/", sizeof(out->where));
	strlcat(out->where, name, sizeof(out->where));
	return found;
}

/* Dots lead upwards and to what Kubernetes keeps for itself. */
static bool
is_secret_name(struct kp_str name)
{
	size_t i;

	if (name.len == 0 || name.len > NAME_LENGTH || name.ptr[0] == '.' ||
	    name.ptr[0] == '-')
		return false;
	for (i = 0; i < name.len; i++) {
		if (!kp_is_alnum(name.ptr[i]) &&
		    memchr("_.-", name.ptr[i], 3) == NULL)
			return false;
	}
	return true;
}

static void
copy_name(char copy[NAME_LENGTH + 1], struct kp_str name)
{
	memcpy(copy, name.ptr, name.len);
	copy[name.len] = '\0';
}

static enum kp_found
read_secret(void *ctx, struct kp_str name, struct kp_reading *out)
{
	struct kp_secrets *secrets = ctx;
	char text[NAME_LENGTH + 1];
	enum kp_found found = KP_ABSENT;
	size_t i;

	if (!is_secret_name(name))
		return KP_ABSENT;
	copy_name(text, name);
	for (i = 0; i < secrets->ndirs && found == KP_ABSENT; i++)
		found = read_in_dir(secrets, &secrets->dirs[i], text, out);
	return found;
}

void
kp_secrets_shadowed(const struct kp_secrets *secrets, struct kp_str name,
    struct kp_buf *out)
{
	char text[NAME_LENGTH + 1];
	struct stat st;
	bool seen = false;
	size_t i;

	if (!is_secret_name(name))
		return;
	copy_name(text, name);
	for (i = 0; i < secrets->ndirs; i++) {
		const struct kp_secrets_dir *dir = &secrets->dirs[i];

		if (dir->fd == -1 || fstatat(dir->fd, text, &st, 0) == -1)
			continue;
		if (seen)
			kp_buf_add_format(out, "%s%s/%s",
			    out->len > 0 ? ", " : "", dir->path, text);
		seen = true;
	}
}

/* --- files --- */

/* The directory of secrets that a path names a secret of; *name is its. */
static struct kp_secrets_dir *
find_dir(struct kp_secrets *secrets, struct kp_str path, struct kp_str *name)
{
	size_t i;

	for (i = 0; i < secrets->ndirs; i++) {
		struct kp_secrets_dir *dir = &secrets->dirs[i];
		size_t len = strlen(dir->path);

		if (dir->fd == -1 || !kp_str_starts(path, dir->path) ||
		    path.len <= len || path.ptr[len] != '/')
			continue;
		*name = kp_str_slice(path, len + 1, path.len);
		if (is_secret_name(*name))
			return dir;
	}
	return NULL;
}

static enum kp_found
read_path(struct kp_secrets *secrets, struct kp_str path,
    struct kp_reading *out)
{
	struct kp_buf full = { 0 };
	enum kp_found found;

	if (secrets->setup.root != NULL)
		kp_buf_add_text(&full, secrets->setup.root);
	kp_buf_add(&full, path);
	if (!kp_buf_ok(&full) || path.len == 0 ||
	    kp_str_find(path, '\0') != KP_NPOS) {
		kp_buf_wipe(&full);
		return refuse(out, "is no path that can be opened", "");
	}
	strlcpy(out->where, full.data, sizeof(out->where));
	found = read_file_at(secrets, AT_FDCWD, full.data, 0, out);
	kp_buf_wipe(&full);
	return found;
}

/* A path into a directory of secrets reads from what is held of it. */
static enum kp_found
read_file(void *ctx, struct kp_str path, struct kp_reading *out)
{
	struct kp_secrets *secrets = ctx;
	struct kp_str name;
	struct kp_secrets_dir *dir = find_dir(secrets, path, &name);
	char text[NAME_LENGTH + 1];

	if (dir == NULL)
		return read_path(secrets, path, out);
	copy_name(text, name);
	return read_in_dir(secrets, dir, text, out);
}

/* --- variables --- */

static bool
add_variable(struct kp_secrets *secrets, struct kp_variable variable)
{
	size_t number = secrets->nvariables++;

	secrets->variables[number] = variable;
	return kp_table_add(&secrets->by_name,
	    kp_hash_text(KP_HASH_START, variable.name), number);
}

/* An entry with no name or no "=" is nothing that anybody can ask for. */
static bool
add_entry(struct kp_secrets *secrets, const char *entry)
{
	struct kp_str text = kp_str_of(entry);
	size_t equals = kp_str_find(text, '=');

	if (equals == KP_NPOS || equals == 0)
		return true;
	return add_variable(secrets,
	    (struct kp_variable){
	        .name = kp_str_slice(text, 0, equals),
	        .value = kp_str_slice(text, equals + 1, text.len),
	        .where = "environment",
	    });
}

static bool
add_setting(struct kp_secrets *secrets, size_t i)
{
	const struct kp_envfile *settings = secrets->setup.settings;
	const struct kp_setting *setting = &settings->settings[i];

	return add_variable(secrets,
	    (struct kp_variable){
	        .name = kp_str_of(setting->name),
	        .value = kp_buf_view(&setting->value),
	        .where = settings->files.items[setting->file],
	    });
}

static size_t
count_entries(char **envp)
{
	size_t count = 0;

	while (envp != NULL && envp[count] != NULL)
		count++;
	return count;
}

/* Of the settings the last one counts, behind the environment. */
static bool
index_variables(struct kp_secrets *secrets)
{
	const struct kp_secrets_setup *setup = &secrets->setup;
	size_t nentries = count_entries(setup->envp);
	size_t nsettings = setup->settings == NULL ? 0 : setup->settings->count;
	bool good = true;
	size_t i;

	secrets->variables =
	    calloc(nentries + nsettings + 1, sizeof(*secrets->variables));
	if (secrets->variables == NULL)
		return false;
	for (i = 0; i < nentries && good; i++)
		good = add_entry(secrets, setup->envp[i]);
	for (i = nsettings; i > 0 && good; i--)
		good = add_setting(secrets, i - 1);
	return good;
}

/* The first of that name, or NULL. */
static const struct kp_variable *
find_variable(const struct kp_secrets *secrets, struct kp_str name)
{
	struct kp_table_walk walk = kp_table_start(&secrets->by_name,
	    kp_hash_text(KP_HASH_START, name));
	uint32_t number;

	while (kp_table_next(&walk, &number)) {
		if (kp_str_eq(secrets->variables[number].name, name))
			return &secrets->variables[number];
	}
	return NULL;
}

static enum kp_found
read_variable(void *ctx, struct kp_str name, struct kp_reading *out)
{
	const struct kp_variable *variable = find_variable(ctx, name);

	if (variable == NULL)
		return KP_ABSENT;
	strlcpy(out->where, variable->where, sizeof(out->where));
	kp_buf_add(&out->bytes, variable->value);
	if (!kp_buf_ok(&out->bytes))
		return refuse_sys(out, "cannot be kept", ENOMEM);
	return KP_FOUND;
}

/* --- names --- */

static void
list_name(struct kp_secrets *secrets, struct kp_str name)
{
	char text[NAME_LENGTH + 1];

	if (!is_secret_name(name) || secrets->names.count >= NAMES_MAX)
		return;
	copy_name(text, name);
	if (!kp_list_add(&secrets->names, text))
		return; /* one fewer that a wrong name may be near to */
}

static void
list_dir(struct kp_secrets *secrets, const struct kp_secrets_dir *dir)
{
	int fd = dir->fd == -1 ?
	    -1 :
	    kp_file_open(dir->fd, ".", O_RDONLY | O_DIRECTORY, 0);
	DIR *entries = fd == -1 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t seen = 0;

	if (entries == NULL) {
		if (fd != -1)
			close(fd);
		return;
	}
	while (seen++ < NAMES_MAX && (entry = readdir(entries)) != NULL)
		list_name(secrets, kp_str_of(entry->d_name));
	closedir(entries);
}

/* All names that could have been meant, ended by NULL. */
static bool
list_names(struct kp_secrets *secrets)
{
	struct kp_list *names = &secrets->names;
	size_t i;

	if (secrets->listed)
		return true;
	kp_spent_close(&secrets->spent);
	for (i = 0; i < secrets->nvariables; i++)
		list_name(secrets, secrets->variables[i].name);
	for (i = 0; i < secrets->ndirs; i++)
		list_dir(secrets, &secrets->dirs[i]);
	secrets->listed = kp_array_grow((void **)&names->items, &names->cap,
	    names->count + 1, sizeof(*names->items));
	return secrets->listed;
}

static const char *
find_nearest(void *ctx, struct kp_str name)
{
	struct kp_secrets *secrets = ctx;

	if (!list_names(secrets))
		return NULL;
	return kp_near_best(name, (const char *const *)secrets->names.items);
}

/* --- all of it --- */

static void
describe_places(struct kp_secrets *secrets)
{
	struct kp_buf *out = &secrets->looked_in;
	size_t i;

	for (i = 0; i < secrets->ndirs; i++)
		kp_buf_add_format(out, "%s%s, ", secrets->dirs[i].path,
		    secrets->dirs[i].sys_errno == ENOENT ? " (not there)" : "");
	for (i = 0; secrets->setup.settings != NULL &&
	     i < secrets->setup.settings->files.count;
	     i++)
		kp_buf_add_format(out, "%s, ",
		    secrets->setup.settings->files.items[i]);
	kp_buf_add_text(out, "environment");
}

bool
kp_secrets_open(struct kp_secrets *secrets,
    const struct kp_secrets_setup *setup, struct kp_diags *diags)
{
	const struct kp_list *dirs = setup->dirs;

	*secrets = (struct kp_secrets){ .setup = *setup };
	secrets->dirs = calloc(dirs->count + 1, sizeof(*secrets->dirs));
	if (secrets->dirs == NULL)
		return kp_diag_nomem(diags);
	for (; secrets->ndirs < dirs->count; secrets->ndirs++)
		secrets->dirs[secrets->ndirs] =
		    hold_dir(dirs->items[secrets->ndirs]);
	describe_places(secrets);
	if (!index_variables(secrets) || !kp_buf_ok(&secrets->looked_in)) {
		kp_secrets_close(secrets);
		return kp_diag_nomem(diags);
	}
	return true;
}

void
kp_secrets_reread(struct kp_secrets *secrets)
{
	size_t i;

	for (i = 0; i < secrets->ndirs; i++) {
		struct kp_secrets_dir *dir = &secrets->dirs[i];

		if (is_rotated(dir))
			reopen_data(dir);
		dir->used = dir->lost = false;
	}
}

bool
kp_secrets_renew(struct kp_secrets *secrets)
{
	bool lost = false;
	size_t i;

	for (i = 0; i < secrets->ndirs; i++)
		lost = lost || secrets->dirs[i].lost;
	if (lost)
		kp_secrets_reread(secrets);
	return lost;
}

struct kp_reader
kp_secrets_reader(struct kp_secrets *secrets)
{
	return (struct kp_reader){
		.ctx = secrets,
		.secret = read_secret,
		.env = read_variable,
		.file = read_file,
		.looked_in = secrets->looked_in.data,
		.nearest = find_nearest,
	};
}

void
kp_secrets_close(struct kp_secrets *secrets)
{
	size_t i;

	for (i = 0; i < secrets->ndirs; i++) {
		kp_spent_add(&secrets->spent, secrets->dirs[i].data);
		kp_spent_add(&secrets->spent, secrets->dirs[i].fd);
	}
	kp_spent_close(&secrets->spent);
	free(secrets->dirs);
	free(secrets->variables);
	kp_table_free(&secrets->by_name);
	kp_buf_wipe(&secrets->looked_in);
	kp_list_free(&secrets->names);
	*secrets = (struct kp_secrets){ 0 };
}
