/* SPDX-License-Identifier: MIT */
/* commit - new contents for files, all of them or none. */
#include "io/commit.h"

#include "base/array.h"
#include "base/hash.h"
#include "io/commit_file.h"
#include "io/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- places --- */

static uint64_t
hash_place(const struct kp_commit_file *file)
{
	return kp_hash_text(kp_hash_number(KP_HASH_START, (uint32_t)file->dir),
	    kp_str_of(file->name));
}

/* Is there a file in this one's place?  One of the two would be lost. */
static bool
is_taken(const struct kp_commit *commit, const struct kp_commit_file *file)
{
	struct kp_table_walk walk =
	    kp_table_start(&commit->places, hash_place(file));
	uint32_t number;

	while (kp_table_next(&walk, &number)) {
		const struct kp_commit_file *other = &commit->files[number];

		if (other->dir == file->dir &&
		    strcmp(other->name, file->name) == 0)
			return true;
	}
	return false;
}

/* --- staging --- */

static bool
prepare(const struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	switch (file->change) {
	case KP_CHANGE_NONE:
	case KP_CHANGE_KEPT:
		return true;
	case KP_CHANGE_CREATE:
	case KP_CHANGE_REPLACE:
		return kp_commit_temp_make(commit, file, diags);
	case KP_CHANGE_REWRITE:
		return kp_rewrite_begin(&file->rewrite,
		           kp_commit_target_dir(commit, file), file->name,
		           file->path, diags) &&
		    (!file->request.staged_copy ||
		        kp_commit_temp_make(commit, file, diags));
	}
	return false;
}

static void
wipe_file(const struct kp_commit *commit, struct kp_commit_file *file)
{
	kp_commit_temp_remove(commit, file);
	kp_rewrite_end(&file->rewrite);
	kp_buf_wipe(&file->parent);
	free(file->path);
	free(file->name);
	free(file->staged);
}

static bool
stage(struct kp_commit *commit, struct kp_commit_file *file,
    struct kp_diags *diags)
{
	if (!kp_commit_target_find(commit, file, diags))
		return false;
	if (is_taken(commit, file))
		return kp_diag_file(diags, file->path,
		    "would be written twice in one run");
	kp_commit_target_access(file);
	file->change = kp_commit_target_change(commit, file);
	if (!commit->dry_run && !prepare(commit, file, diags))
		return false;
	return kp_table_add(&commit->places, hash_place(file), commit->count) ||
	    kp_diag_nomem(diags);
}

bool
kp_commit_stage(struct kp_commit *commit,
    const struct kp_commit_request *request, struct kp_diags *diags)
{
	struct kp_commit_file file = { .request = *request,
		.rewrite = { .fd = -1 } };

	if (!kp_array_grow((void **)&commit->files, &commit->cap,
	        commit->count + 1, sizeof(*commit->files)))
		return kp_diag_nomem(diags);
	file.path = strdup(request->path);
	if (file.path == NULL)
		return kp_diag_nomem(diags);
	if (!stage(commit, &file, diags)) {
		wipe_file(commit, &file);
		return false;
	}
	commit->files[commit->count++] = file;
	return true;
}

enum kp_change
kp_commit_change(const struct kp_commit *commit, size_t i)
{
	return commit->files[i].change;
}

const char *
kp_commit_staged_path(const struct kp_commit *commit, size_t i)
{
	return commit->files[i].staged;
}

/* --- applying --- */

static size_t
count_changes(const struct kp_commit *commit)
{
	size_t i, count = 0;

	for (i = 0; i < commit->count; i++)
		count += commit->files[i].change > KP_CHANGE_KEPT;
	return count;
}

/* What can be taken back for certain goes first. */
static bool
put_all(struct kp_commit *commit, struct kp_diags *diags)
{
	bool alone = count_changes(commit) == 1;
	size_t i;

	for (i = 0; i < commit->count; i++) {
		struct kp_commit_file *file = &commit->files[i];

		if (file->change == KP_CHANGE_REWRITE &&
		    !kp_commit_place_rewrite(commit, file, diags))
			return false;
	}
	for (i = 0; i < commit->count; i++) {
		struct kp_commit_file *file = &commit->files[i];

		if ((file->change == KP_CHANGE_CREATE ||
		        file->change == KP_CHANGE_REPLACE) &&
		    !kp_commit_place_rename(commit, file,
		        alone && !file->request.sync, diags))
			return false;
	}
	return true;
}

static bool
sync_dirs(const struct kp_commit *commit, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < commit->count; i++) {
		const struct kp_commit_file *file = &commit->files[i];
		const struct kp_commit_dir *dir = &commit->dirs[file->dir];

		if (file->request.sync && file->progress != KP_COMMIT_WAITING &&
		    dir->readable && !kp_file_sync(dir->fd))
			return kp_diag_sys(diags, file->path,
			    "cannot bring its directory to the disk");
	}
	return true;
}

static void
note_changes(const struct kp_commit *commit, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < commit->count; i++) {
		const struct kp_commit_file *file = &commit->files[i];

		/* Who asked for it knows. */
		if (file->progress == KP_COMMIT_REWRITTEN &&
		    !file->request.in_place)
			kp_diag_warn(diags, file->path,
			    "is a mount of its own, written in place: for a "
			    "moment a reader may have seen a part of it");
		else if (file->change == KP_CHANGE_REPLACE &&
		    (file->uid != file->old.st_uid ||
		        file->gid != file->old.st_gid))
			kp_diag_note(diags, file->path,
			    "has another owner now");
	}
}

bool
kp_commit_apply(struct kp_commit *commit, struct kp_diags *diags)
{
	bool done = put_all(commit, diags) && sync_dirs(commit, diags);
	size_t i;

	for (i = commit->count; !done && i > 0; i--)
		kp_commit_place_undo(commit, &commit->files[i - 1], diags);
	for (i = 0; i < commit->count; i++)
		kp_commit_temp_remove(commit, &commit->files[i]);
	for (i = 0; done && i < commit->ndirs; i++)
		kp_commit_temp_clear(&commit->dirs[i]);
	if (done)
		note_changes(commit, diags);
	return done;
}

void
kp_commit_wipe(struct kp_commit *commit)
{
	size_t i;

	for (i = 0; i < commit->count; i++)
		wipe_file(commit, &commit->files[i]);
	for (i = 0; i < commit->ndirs; i++) {
		if (commit->dirs[i].fd != -1)
			close(commit->dirs[i].fd);
	}
	free(commit->files);
	kp_table_free(&commit->places);
	free(commit->dirs);
	*commit = (struct kp_commit){ 0 };
}
