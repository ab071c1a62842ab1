/* SPDX-License-Identifier: MIT */
/*
 * commit_place - staged contents take the place of what is there, and give
 * it back.
 *
 * Where several files are replaced, each changes places with its temporary
 * one, which then holds the old contents until all are in place: that is
 * what makes taking back possible.  A single file is simply renamed over,
 * unless bringing its directory to the disk may still fail.
 */
#include "io/commit_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Never over a file that has come since: EEXIST tells of that. */
static bool
rename_new(int dir, const struct kp_commit_file *file)
{
	if (renameat2(dir, file->temp, dir, file->name, RENAME_NOREPLACE) == 0)
		return true;
	if (errno == EEXIST)
		return false;
	/* Not every file system and kernel can; nor can all make links. */
	if (linkat(dir, file->temp, dir, file->name, 0) == 0)
		return unlinkat(dir, file->temp, 0) == 0;
	return errno != EEXIST && !file->request.no_overwrite &&
	    renameat(dir, file->temp, dir, file->name) == 0;
}

/* Does the name belong to the file that was staged? */
static bool
has_name(int dir, const char *name, const struct kp_commit_file *file)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_dev == file->staged_st.st_dev &&
	    st.st_ino == file->staged_st.st_ino;
}

/*
 * A call that says it did is not believed: false, with EIO, where the file
 * still has the name that it was staged under.  That it has neither name is
 * the work of another run, which was faster.
 */
static bool
check_renamed(int dir, const struct kp_commit_file *file)
{
	if (has_name(dir, file->name, file) || !has_name(dir, file->temp, file))
		return true;
	errno = EIO;
	return false;
}

static bool
create(int dir, struct kp_commit_file *file)
{
	if (!rename_new(dir, file) || !check_renamed(dir, file))
		return false;
	file->temp[0] = '\0';
	file->progress = KP_COMMIT_CREATED;
	return true;
}

static bool
is_no_file(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode);
}

/* Change places, but not with what is no file any more. */
static bool
exchange(int dir, struct kp_commit_file *file)
{
	if (renameat2(dir, file->temp, dir, file->name, RENAME_EXCHANGE) == -1)
		return false;
	if (!check_renamed(dir, file))
		return false;
	file->progress = KP_COMMIT_EXCHANGED;
	if (!is_no_file(dir, file->temp))
		return true;
	renameat2(dir, file->temp, dir, file->name, RENAME_EXCHANGE);
	file->progress = KP_COMMIT_WAITING;
	errno = ESTALE;
	return false;
}

static bool
replace(int dir, struct kp_commit_file *file, bool alone)
{
	if (!alone && exchange(dir, file))
		return true;
	if (!alone && (errno == EBUSY || errno == ESTALE || errno == EIO))
		return false;
	if (renameat(dir, file->temp, dir, file->name) == -1 ||
	    !check_renamed(dir, file))
		return false;
	file->temp[0] = '\0';
	file->progress = KP_COMMIT_RENAMED;
	return true;
}

bool
kp_commit_place_rewrite(const struct kp_commit *commit,
    struct kp_commit_file *file, struct kp_diags *diags)
{
	if (file->rewrite.fd == -1 &&
	    !kp_rewrite_begin(&file->rewrite,
	        kp_commit_target_dir(commit, file), file->name, file->path,
	        diags))
		return false;
	/* The staged copy may have got another owner; the file keeps its. */
	kp_commit_target_access(file);
	if (!kp_rewrite_store(&file->rewrite, file->request.bytes, file->mode,
	        file->uid, file->gid, file->path, diags))
		return false;
	file->progress = KP_COMMIT_REWRITTEN;
	file->change = KP_CHANGE_REWRITE;
	return true;
}

static bool
put(int dir, struct kp_commit_file *file, bool alone)
{
	return file->change == KP_CHANGE_CREATE ? create(dir, file) :
	                                          replace(dir, file, alone);
}

/*
 * A file that was not there when it was staged has come since, as of another
 * run that starts beside this one: look what is to be done now.  False: it
 * stays as it is.
 */
static bool
meet_file(const struct kp_commit *commit, struct kp_commit_file *file)
{
	if (fstatat(kp_commit_target_dir(commit, file), file->name, &file->old,
	        AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISREG(file->old.st_mode)) {
		errno = EEXIST;
		return false;
	}
	file->existed = true;
	kp_commit_target_access(file);
	file->change = kp_commit_target_change(commit, file);
	return true;
}

bool
kp_commit_place_rename(const struct kp_commit *commit,
    struct kp_commit_file *file, bool alone, struct kp_diags *diags)
{
	int dir = kp_commit_target_dir(commit, file);
	bool done = put(dir, file, alone);

	if (!done && errno == EEXIST && meet_file(commit, file))
		done = file->change <= KP_CHANGE_KEPT ||
		    (file->change == KP_CHANGE_REPLACE &&
		        put(dir, file, alone));
	/* A mount cannot be renamed over: write into it. */
	if (file->change == KP_CHANGE_REWRITE ||
	    (!done && errno == EBUSY && file->change == KP_CHANGE_REPLACE))
		return kp_commit_place_rewrite(commit, file, diags);
	return done ||
	    kp_commit_target_refuse(file->path, "cannot be replaced", diags);
}

/* What another run has put there since is newer than what was before us. */
static bool
take_back(int dir, const struct kp_commit_file *file, struct kp_diags *diags)
{
	struct stat st;

	if (fstatat(dir, file->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !has_name(dir, file->name, file)) {
		kp_diag_file(diags, file->path,
		    "was replaced by another run meanwhile, and stays so");
		return true;
	}
	return file->progress == KP_COMMIT_CREATED ?
	    unlinkat(dir, file->name, 0) == 0 :
	    renameat2(dir, file->temp, dir, file->name, RENAME_EXCHANGE) == 0;
}

void
kp_commit_place_undo(const struct kp_commit *commit,
    struct kp_commit_file *file, struct kp_diags *diags)
{
	int dir = kp_commit_target_dir(commit, file);
	bool done = true;

	switch (file->progress) {
	case KP_COMMIT_WAITING:
		break;
	case KP_COMMIT_CREATED:
	case KP_COMMIT_EXCHANGED:
		done = take_back(dir, file, diags);
		break;
	case KP_COMMIT_RENAMED:
		kp_diag_file(diags, file->path,
		    "was replaced already, and stays so");
		break;
	case KP_COMMIT_REWRITTEN:
		kp_rewrite_undo(&file->rewrite, file->path, diags);
		break;
	}
	/* The temporary name then has the only copy of the old contents. */
	if (!done && file->progress == KP_COMMIT_EXCHANGED)
		file->temp[0] = '\0';
	if (!done)
		kp_diag_sys(diags, file->path, "cannot be taken back");
	file->progress = KP_COMMIT_WAITING;
}
