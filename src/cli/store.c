/* SPDX-License-Identifier: MIT */
/*
 * store - what was rendered goes where it belongs: staged, or put in memory,
 * verified by the rules' own commands, then renamed, and standard output
 * last.
 */
#include "cli/work.h"

#include "base/array.h"
#include "cli/hidden.h"
#include "io/file.h"
#include "io/memfile.h"
#include "io/tree.h"
#include "proc/account.h"
#include "proc/capture.h"
#include "proc/launch.h"

#include <unistd.h>

/* Settings shorter than this are found in any text; secrets never show. */
#define MASK_MIN 4

/* --- mode and owner --- */

/* Who read it from a rule or an option has told what does not fit. */
static bool
choose_mode(const struct kp_work *work, const struct kp_output *output,
    mode_t *mode)
{
	const char *text = output->target->mode != NULL ? output->target->mode :
	                                                  work->options->mode;

	*mode = KP_COMMIT_KEEP_MODE;
	return text == NULL || kp_file_parse_mode(text, mode);
}

/* A mistake in a rule is reported where it was written. */
static bool
fail_at_owner(const struct kp_written *written, const struct kp_diags *why,
    struct kp_diags *diags)
{
	const struct kp_diag *diag = why->list;

	if (why->count == 0 || diag->fault != KP_FAULT_USAGE)
		return kp_diag_at(diags, written->src, written->offset,
		    written->len, "the owner cannot be looked up");
	kp_diag_at(diags, written->src, written->offset, written->len, "%s",
	    diag->text);
	return kp_diag_hint(diags, "%s", diag->hint);
}

/* The ids of USER[:GROUP]; untouched where spec is NULL. */
static bool
look_up(const char *spec, const struct kp_written *written, uid_t *uid,
    gid_t *gid, struct kp_diags *diags)
{
	struct kp_account account = { 0 };
	struct kp_diags why = { 0 };
	bool found;

	if (spec == NULL)
		return true;
	found = kp_account_load(&account, spec, written == NULL ? diags : &why);
	if (found) {
		*uid = account.uid;
		*gid = account.gid;
	} else if (written != NULL) {
		fail_at_owner(written, &why, diags);
	}
	kp_diags_free(&why);
	kp_account_free(&account);
	return found;
}

static bool
choose_owner(const struct kp_work *work, const struct kp_output *output,
    struct kp_commit_request *request, struct kp_diags *diags)
{
	const struct kp_target *target = output->target;

	request->uid = request->new_uid = KP_COMMIT_KEEP_UID;
	request->gid = request->new_gid = KP_COMMIT_KEEP_GID;
	if (work->account != NULL) {
		request->new_uid = work->account->uid;
		request->new_gid = work->account->gid;
	}
	return target->owner != NULL ?
	    look_up(target->owner, &target->owner_written, &request->uid,
	        &request->gid, diags) :
	    look_up(work->options->owner, NULL, &request->uid, &request->gid,
	        diags);
}

/* Below --root they are those of another machine. */
bool
kp_work_check_owners(const struct kp_work *work, struct kp_diags *diags)
{
	const struct kp_target *last = NULL;
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs && work->options->root == NULL; i++) {
		const struct kp_output *output = &work->outputs[i];
		struct kp_commit_request request;

		/* The files of a tree have one. */
		if (output->to != NULL && output->target != last)
			good =
			    choose_owner(work, output, &request, diags) && good;
		last = output->target;
	}
	return good;
}

/* Whom a new file belongs to; KP_COMMIT_KEEP_...: us. */
static void
new_owner(const struct kp_commit_request *request, uid_t *uid, gid_t *gid)
{
	*uid = request->uid != KP_COMMIT_KEEP_UID ? request->uid :
	                                            request->new_uid;
	*gid = request->gid != KP_COMMIT_KEEP_GID ? request->gid :
	                                            request->new_gid;
}

/* --- verify commands --- */

/* The words of a command, "{}" in them replaced by path. */
static bool
split_command(const char *command, const char *path, struct kp_list *words)
{
	struct kp_str rest = kp_str_of(command);
	bool good = true;

	while (good) {
		struct kp_buf word = { 0 };
		size_t len = 0, i;

		rest = kp_str_trim(rest);
		if (rest.len == 0)
			break;
		while (len < rest.len && !kp_is_space(rest.ptr[len]))
			len++;
		for (i = 0; i < len; i++) {
			if (i + 1 < len && rest.ptr[i] == '{' &&
			    rest.ptr[i + 1] == '}') {
				kp_buf_add_text(&word, path);
				i++;
			} else {
				kp_buf_add_char(&word, rest.ptr[i]);
			}
		}
		good = kp_buf_ok(&word) && kp_list_add(words, word.data);
		kp_buf_wipe(&word);
		rest = kp_str_slice(rest, len, rest.len);
	}
	return good;
}

/* Put names in the place of values; without memory nothing is left. */
static void
mask_all(const struct kp_work *work, const struct kp_output *output,
    struct kp_buf *text)
{
	struct kp_str rest = kp_buf_view(text);
	bool cut = rest.len == KP_CAPTURE_MAX;
	struct kp_hidden hidden = { 0 };
	struct kp_buf masked = { 0 };

	if (!kp_hidden_collect(&hidden, &work->values, &output->rendering,
	        MASK_MIN))
		rest.len = 0;
	while (rest.len > 0) {
		const struct kp_hidden_value *found =
		    kp_hidden_find(&hidden, rest, cut);
		size_t len = found == NULL ? 1 : found->value.len;

		if (found == NULL)
			kp_buf_add_char(&masked, rest.ptr[0]);
		else
			kp_buf_add_format(&masked, "<%s>", found->name);
		rest = kp_str_slice(rest, len < rest.len ? len : rest.len,
		    rest.len);
	}
	kp_hidden_free(&hidden);
	kp_buf_wipe(text);
	*text = masked;
}

static bool
fail_verify(const struct kp_work *work, const struct kp_output *output,
    const char *command, int status, struct kp_buf *printed,
    struct kp_diags *diags)
{
	const struct kp_written *written = &output->target->verify_written;
	struct kp_str rest, line;

	/* A shell would have told what it did not find. */
	if (status == KP_LAUNCH_NOT_FOUND && printed->len == 0)
		return kp_diag_at(diags, written->src, written->offset,
		    written->len, "\"%s\": command not found", command);
	mask_all(work, output, printed);
	kp_diag_at(diags, written->src, written->offset, written->len,
	    "the verify command of %s ended with %d", output->to, status);
	rest = kp_buf_view(printed);
	while (kp_str_next_line(&rest, &line)) {
		if (line.len > 0)
			kp_diag_file(diags, NULL, KP_WORK_VERIFY "%.*s",
			    (int)line.len, line.ptr);
	}
	return false;
}

static bool
verify(const struct kp_work *work, const struct kp_output *output,
    const char *path, struct kp_diags *diags)
{
	struct kp_list words = { 0 };
	struct kp_buf printed = { 0 };
	int status = 0;
	bool good;

	good = split_command(output->target->verify, path, &words) &&
	    kp_array_grow((void **)&words.items, &words.cap, words.count + 1,
	        sizeof(*words.items));
	if (!good)
		kp_diag_nomem(diags);
	good = good &&
	    kp_capture(output->to, words.items, work->envp, &status, &printed,
	        diags);
	if (good && status != 0)
		good = fail_verify(work, output, words.items[0], status,
		    &printed, diags);
	kp_buf_wipe(&printed);
	kp_list_free(&words);
	return good;
}

/* --- files --- */

static bool
is_file(const struct kp_output *output)
{
	return !output->skipped && output->to != NULL && output->memory == NULL;
}

static bool
is_in_memory(const struct kp_output *output)
{
	return !output->skipped && output->memory != NULL;
}

static bool
stage(struct kp_work *work, struct kp_commit *commit,
    const struct kp_output *output, bool durable, struct kp_diags *diags)
{
	const struct kp_options *options = work->options;
	const struct kp_target *target = output->target;
	struct kp_commit_request request = {
		.path = output->to,
		.bytes = kp_buf_view(&output->rendering.bytes),
		.no_overwrite = target->no_overwrite || options->no_overwrite,
		.in_place = target->in_place || options->in_place,
		.sync = durable || options->fsync,
		.staged_copy = target->verify != NULL,
	};

	return choose_mode(work, output, &request.mode) &&
	    choose_owner(work, output, &request, diags) &&
	    kp_commit_stage(commit, &request, diags);
}

/* Before the target: it is the one that must never be missing. */
static bool
stage_sealed(struct kp_commit *commit, const struct kp_output *output,
    struct kp_diags *diags)
{
	const struct kp_commit_request request = {
		.path = output->sealed,
		.bytes = kp_buf_view(&output->template),
		.mode = KP_COMMIT_KEEP_MODE,
		.uid = KP_COMMIT_KEEP_UID,
		.gid = KP_COMMIT_KEEP_GID,
		.new_uid = KP_COMMIT_KEEP_UID,
		.new_gid = KP_COMMIT_KEEP_GID,
		.sync = true,
	};

	return kp_commit_stage(commit, &request, diags);
}

static bool
put_in_memory(struct kp_work *work, struct kp_output *output,
    struct kp_diags *diags)
{
	struct kp_commit_request owner = { 0 };
	struct kp_memfile_request request = {
		.path = output->to,
		.name = output->memory,
		.bytes = kp_buf_view(&output->rendering.bytes),
	};

	if (!choose_mode(work, output, &request.mode) ||
	    !choose_owner(work, output, &owner, diags))
		return false;
	if (request.mode == KP_COMMIT_KEEP_MODE)
		request.mode = KP_COMMIT_NEW_MODE;
	new_owner(&owner, &request.uid, &request.gid);
	return kp_memfile_make(&request, &output->descriptor, diags);
}

static bool
stage_all(struct kp_work *work, struct kp_commit *commit, bool durable,
    struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		struct kp_output *output = &work->outputs[i];

		if (is_in_memory(output) && !commit->dry_run)
			good = put_in_memory(work, output, diags) && good;
		if (!is_file(output))
			continue;
		if (output->seals)
			good = stage_sealed(commit, output, diags) && good;
		output->staged = commit->count;
		good = stage(work, commit, output, durable || output->seals,
		           diags) &&
		    good;
	}
	return good;
}

/* The command inherits this file in memory, and no other. */
static bool
verify_memory(const struct kp_work *work, const struct kp_output *output,
    struct kp_diags *diags)
{
	char path[KP_MEMFILE_PATH_SIZE];
	bool good;

	if (output->descriptor == 0)
		return true;
	kp_memfile_path(output->descriptor, path);
	kp_memfile_share(output->descriptor, true);
	good = verify(work, output, path, diags);
	kp_memfile_share(output->descriptor, false);
	return good;
}

static bool
verify_file(const struct kp_work *work, const struct kp_commit *commit,
    const struct kp_output *output, struct kp_diags *diags)
{
	const char *path = kp_commit_staged_path(commit, output->staged);

	return path == NULL || verify(work, output, path, diags);
}

static bool
verify_all(const struct kp_work *work, const struct kp_commit *commit,
    struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		const struct kp_output *output = &work->outputs[i];

		if (output->target->verify == NULL)
			continue;
		if (is_in_memory(output))
			good = verify_memory(work, output, diags) && good;
		if (is_file(output))
			good = verify_file(work, commit, output, diags) && good;
	}
	return good;
}

static bool
print(const struct kp_output *output, struct kp_diags *diags)
{
	if (output->skipped || output->to != NULL)
		return true;
	return kp_file_write(STDOUT_FILENO,
	           kp_buf_view(&output->rendering.bytes)) ||
	    kp_diag_sys(diags, NULL, "cannot write to standard output");
}

/* The directories of trees; a dry run has no use for them. */
static bool
make_ways(struct kp_work *work, struct kp_list *made, struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		const struct kp_output *output = &work->outputs[i];
		struct kp_commit_request owner = { 0 };
		uid_t uid;
		gid_t gid;

		if (!is_file(output) || output->top == 0)
			continue;
		if (!choose_owner(work, output, &owner, diags))
			return false;
		new_owner(&owner, &uid, &gid);
		good = kp_tree_make_way(output->to, output->top, uid, gid, made,
		           diags) &&
		    good;
	}
	return good;
}

static void
count_written(struct kp_work *work, const struct kp_commit *commit)
{
	size_t i;

	for (i = 0; i < commit->count; i++) {
		enum kp_change change = kp_commit_change(commit, i);

		if (change != KP_CHANGE_NONE && change != KP_CHANGE_KEPT)
			work->written++;
	}
}

bool
kp_work_store(struct kp_work *work, bool durable, struct kp_diags *diags)
{
	struct kp_commit commit = { .dry_run = work->options->dry_run };
	struct kp_list made = { 0 };
	bool good;
	size_t i;

	/* Every value has been read. */
	kp_secrets_close(&work->secrets);
	good = commit.dry_run || make_ways(work, &made, diags);
	good = good && stage_all(work, &commit, durable, diags) &&
	    verify_all(work, &commit, diags);
	good = !kp_work_interrupted(work) && good;
	if (good && !work->options->dry_run)
		good = kp_commit_apply(&commit, diags);
	count_written(work, &commit);
	kp_commit_wipe(&commit);
	if (!good)
		kp_tree_unmake(&made);
	kp_list_free(&made);
	for (i = 0; i < work->noutputs && good; i++)
		good = print(&work->outputs[i], diags);
	return good;
}
