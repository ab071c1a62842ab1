/* SPDX-License-Identifier: MIT */
/* test_commit - new contents for files, all of them or none. */
#include "io/commit.h"

#include "io/rewrite.h"

#include "scratch.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* Some user that is neither root nor who runs the tests. */
#define STRANGER 54321

static struct kp_commit_request
ask(const char *path, const char *text)
{
	return (struct kp_commit_request){
		.path = path,
		.bytes = kp_str_of(text),
		.mode = KP_COMMIT_KEEP_MODE,
		.uid = KP_COMMIT_KEEP_UID,
		.gid = KP_COMMIT_KEEP_GID,
		.new_uid = KP_COMMIT_KEEP_UID,
		.new_gid = KP_COMMIT_KEEP_GID,
	};
}

/* Stage and apply one file; *change is what became of it. */
static bool
write_one(const struct kp_commit_request *request, enum kp_change *change,
    struct kp_diags *diags)
{
	struct kp_commit commit = { 0 };
	bool done;

	done = kp_commit_stage(&commit, request, diags) &&
	    kp_commit_apply(&commit, diags);
	if (done)
		*change = kp_commit_change(&commit, 0);
	kp_commit_wipe(&commit);
	return done;
}

static void
expect_written(const struct kp_commit_request *request, enum kp_change expect)
{
	struct kp_diags diags = { 0 };
	enum kp_change change;

	if (!write_one(request, &change, &diags))
		fail_msg("%s", diags.list[0].text);
	assert_int_equal(change, expect);
	kp_diags_free(&diags);
}

static void
expect_refused(const struct kp_commit_request *request, const char *why)
{
	struct kp_diags diags = { 0 };
	enum kp_change change;

	assert_false(write_one(request, &change, &diags));
	scratch_expect_problem(&diags, why);
	kp_diags_free(&diags);
}

static void
make_link(const char *target, const char *path)
{
	assert_int_equal(symlink(target, path), 0);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static ino_t
inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_ino;
}

/* --- new and replaced files --- */

static void
test_a_new_file_is_private_whatever_the_umask(void **state)
{
	static const mode_t masks[] = { 0, 022, 077, 0777 };
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct kp_commit_request request = ask("f", "new");
		mode_t old = umask(masks[i]);

		expect_written(&request, KP_CHANGE_CREATE);
		umask(old);
		assert_int_equal(mode_of("f"), 0600);
		scratch_expect("f", "new");
		assert_int_equal(scratch_count("."), 1);
		unlink("f");
	}
}

static void
test_an_asked_mode_is_given(void **state)
{
	struct kp_commit_request request = ask("f", "new");

	(void)state;
	request.mode = 0640;
	expect_written(&request, KP_CHANGE_CREATE);
	assert_int_equal(mode_of("f"), 0640);
}

static void
test_a_replaced_file_keeps_its_mode(void **state)
{
	struct kp_commit_request request = ask("f", "new");

	(void)state;
	scratch_put("f", "old");
	chmod("f", 0640);
	expect_written(&request, KP_CHANGE_REPLACE);
	assert_int_equal(mode_of("f"), 0640);
	scratch_expect("f", "new");
}

static void
test_special_bits_are_dropped(void **state)
{
	struct kp_commit_request request = ask("f", "new");

	(void)state;
	scratch_put("f", "old");
	chmod("f", 06755);
	expect_written(&request, KP_CHANGE_REPLACE);
	assert_int_equal(mode_of("f"), 0755);
}

static void
test_what_is_right_is_left_alone(void **state)
{
	struct kp_commit_request request = ask("f", "same");
	ino_t inode;

	(void)state;
	scratch_put("f", "same");
	inode = inode_of("f");
	expect_written(&request, KP_CHANGE_NONE);
	assert_int_equal(inode_of("f"), inode);
	request.mode = 0600;
	expect_written(&request, KP_CHANGE_REPLACE);
	assert_int_equal(mode_of("f"), 0600);
}

static void
test_another_name_keeps_the_old_contents(void **state)
{
	struct kp_commit_request request = ask("f", "new");

	(void)state;
	scratch_put("f", "old");
	assert_int_equal(link("f", "g"), 0);
	expect_written(&request, KP_CHANGE_REPLACE);
	scratch_expect("f", "new");
	scratch_expect("g", "old");
}

static void
test_a_file_is_left_alone_where_asked(void **state)
{
	struct kp_commit_request request = ask("f", "new");

	(void)state;
	request.no_overwrite = true;
	expect_written(&request, KP_CHANGE_CREATE);
	request.bytes = kp_str_of("newer");
	expect_written(&request, KP_CHANGE_KEPT);
	scratch_expect("f", "new");
}

static void
test_a_name_of_255_bytes_works(void **state)
{
	char name[NAME_MAX + 1];
	struct kp_commit_request request;

	(void)state;
	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	request = ask(name, "new");
	expect_written(&request, KP_CHANGE_CREATE);
	scratch_expect(name, "new");
}

static void
test_an_empty_file_is_written(void **state)
{
	struct kp_commit_request request = ask("f", "");

	(void)state;
	expect_written(&request, KP_CHANGE_CREATE);
	scratch_expect("f", "");
}

static void
test_a_synced_file_is_the_same(void **state)
{
	struct kp_commit_request request = ask("f", "new");

	(void)state;
	request.sync = true;
	expect_written(&request, KP_CHANGE_CREATE);
	scratch_expect("f", "new");
}

/* --- what is no target --- */

static void
test_paths_that_name_no_file_are_refused(void **state)
{
	static const char *const paths[] = { "", "/", "d/", ".", "..", "d/." };
	size_t i;

	(void)state;
	mkdir("d", 0700);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct kp_commit_request request = ask(paths[i], "canary");

		expect_refused(&request, "does not name a file");
	}
}

static void
test_what_is_no_file_is_refused(void **state)
{
	struct kp_commit_request request = ask("fifo", "canary");

	(void)state;
	mkfifo("fifo", 0600);
	expect_refused(&request, "is a FIFO, not a file");
	mkdir("d", 0700);
	request.path = "d";
	expect_refused(&request, "is a directory, not a file");
	request.path = "/dev/null";
	expect_refused(&request, "is a device, not a file");
	assert_int_equal(scratch_count("."), 2);
}

static void
test_a_missing_directory_is_refused(void **state)
{
	struct kp_commit_request request = ask("d/e/f", "canary");

	(void)state;
	expect_refused(&request, "cannot open its directory \"d/e/\"");
	assert_int_equal(scratch_count("."), 0);
}

static void
test_the_same_file_twice_is_refused(void **state)
{
	struct kp_commit_request request = ask("f", "a");
	struct kp_commit commit = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	mkdir("d", 0700);
	assert_true(kp_commit_stage(&commit, &request, &diags));
	request.path = "d/../f";
	assert_false(kp_commit_stage(&commit, &request, &diags));
	scratch_expect_problem(&diags, "written twice");
	kp_commit_wipe(&commit);
	assert_int_equal(scratch_count("."), 1);
	kp_diags_free(&diags);
}

/* --- symbolic links --- */

static void
test_a_link_is_followed_below_its_directory(void **state)
{
	struct kp_commit_request request = ask("link", "new");

	(void)state;
	mkdir("d", 0700);
	scratch_put("d/f", "old");
	make_link("d/f", "second");
	make_link("second", "link");
	expect_written(&request, KP_CHANGE_REPLACE);
	scratch_expect("d/f", "new");
	assert_int_equal(scratch_count("."), 3);
	assert_int_equal(scratch_count("d"), 1);
}

static void
test_an_absolute_link_into_its_directory_is_followed(void **state)
{
	char link_path[128], target[128];
	struct kp_commit_request request;

	(void)state;
	snprintf(link_path, sizeof(link_path), "%s/link", scratch);
	snprintf(target, sizeof(target), "%s/f", scratch);
	scratch_put("f", "old");
	make_link(target, "link");
	request = ask(link_path, "new");
	expect_written(&request, KP_CHANGE_REPLACE);
	scratch_expect("f", "new");
}

static void
test_a_link_out_of_its_directory_is_refused(void **state)
{
	struct kp_commit_request request = ask("d/link", "canary");

	(void)state;
	mkdir("d", 0700);
	scratch_put("f", "old");
	make_link("../f", "d/link");
	expect_refused(&request, "leads out of the link's own directory");
	unlink("d/link");
	make_link("/etc/hostname", "d/link");
	expect_refused(&request, "leads out of the link's own directory");
	scratch_expect("f", "old");
}

static void
test_a_link_to_nothing_is_refused(void **state)
{
	struct kp_commit_request request = ask("link", "canary");

	(void)state;
	make_link("gone", "link");
	expect_refused(&request, "is a symbolic link to nothing");
	make_link("loop", "loop");
	request.path = "loop";
	expect_refused(&request, "cannot be followed");
}

static void
test_what_kubernetes_replaces_is_refused(void **state)
{
	struct kp_commit_request request = ask("f", "canary");

	(void)state;
	mkdir("..1", 0700);
	scratch_put("..1/f", "old");
	make_link("..1", "..data");
	make_link("..data/f", "f");
	expect_refused(&request, "goes through what Kubernetes replaces");
	request.path = "..data/f";
	expect_refused(&request, "goes through what Kubernetes replaces");
	request.path = "..1/f";
	expect_refused(&request, "goes through what Kubernetes replaces");
	scratch_expect("..1/f", "old");
}

static void
test_a_way_through_links_of_root_is_gone(void **state)
{
	struct kp_commit_request request = ask("a/f", "new");

	(void)state;
	mkdir("d", 0700);
	make_link("d", "b");
	make_link("b", "a");
	expect_written(&request, KP_CHANGE_CREATE);
	scratch_expect("d/f", "new");
}

static void
test_a_link_of_another_user_does_not_count(void **state)
{
	struct kp_commit_request request = ask("a/f", "canary");

	(void)state;
	if (geteuid() != 0)
		skip();
	mkdir("d", 0700);
	scratch_put("d/f", "old");
	make_link("d", "a");
	assert_int_equal(lchown("a", STRANGER, STRANGER), 0);
	expect_refused(&request, "has a symbolic link of another user");
	make_link("d/f", "link");
	assert_int_equal(lchown("link", STRANGER, STRANGER), 0);
	request.path = "link";
	expect_refused(&request, "is a symbolic link of another user");
	scratch_expect("d/f", "old");
}

/* --- owners --- */

static void
test_owners_are_kept_and_given(void **state)
{
	struct kp_commit_request request = ask("f", "new");
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	scratch_put("f", "old");
	assert_int_equal(chown("f", STRANGER, STRANGER + 1), 0);
	expect_written(&request, KP_CHANGE_REPLACE);
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_uid, STRANGER);
	assert_int_equal(st.st_gid, STRANGER + 1);
	request.uid = 1;
	request.gid = 2;
	expect_written(&request, KP_CHANGE_REPLACE);
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_uid, 1);
	assert_int_equal(st.st_gid, 2);
	request.path = "g";
	request.uid = KP_COMMIT_KEEP_UID;
	request.gid = KP_COMMIT_KEEP_GID;
	request.new_uid = 3;
	request.new_gid = 4;
	expect_written(&request, KP_CHANGE_CREATE);
	assert_int_equal(stat("g", &st), 0);
	assert_int_equal(st.st_uid, 3);
	assert_int_equal(st.st_gid, 4);
}

/* Runs test as an ordinary user of the group that it is given. */
static void
as_stranger(void (*test)(void))
{
	int status;
	pid_t child;

	assert_int_equal(chmod(".", 0777), 0);
	child = fork();
	if (child == 0) {
		if (setresgid(STRANGER, STRANGER, STRANGER) == -1 ||
		    setresuid(STRANGER, STRANGER, STRANGER) == -1)
			_exit(2);
		test();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
replace_as_stranger(void)
{
	struct kp_commit_request request = ask("f", "new");
	struct kp_diags diags = { 0 };
	enum kp_change change;

	if (!write_one(&request, &change, &diags))
		_exit(3);
	kp_diags_free(&diags);
}

static void
test_a_group_that_cannot_be_kept_may_nothing(void **state)
{
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	scratch_put("f", "old");
	chmod("f", 0664);
	as_stranger(replace_as_stranger);
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_uid, STRANGER);
	assert_int_equal(st.st_mode & 07777, 0604);
	scratch_expect("f", "new");
}

static void
give_away_as_stranger(void)
{
	struct kp_commit_request request = ask("f", "canary");
	struct kp_diags diags = { 0 };
	enum kp_change change;

	request.uid = 0;
	if (write_one(&request, &change, &diags) || diags.errors != 1)
		_exit(3);
	if (scratch_count(".") != 0)
		_exit(4);
	kp_diags_free(&diags);
}

static void
test_an_owner_that_cannot_be_given_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	as_stranger(give_away_as_stranger);
}

/* --- in place --- */

static void
test_in_place_the_inode_stays(void **state)
{
	static const char *const texts[] = { "a longer text", "b", "" };
	size_t i;

	(void)state;
	scratch_put("f", "old");
	chmod("f", 0640);
	for (i = 0; i < 3; i++) {
		struct kp_commit_request request = ask("f", texts[i]);
		ino_t inode = inode_of("f");

		request.in_place = true;
		expect_written(&request, KP_CHANGE_REWRITE);
		assert_int_equal(inode_of("f"), inode);
		assert_int_equal(mode_of("f"), 0640);
		scratch_expect("f", texts[i]);
	}
	assert_int_equal(scratch_count("."), 1);
}

static void
test_in_place_another_name_is_refused(void **state)
{
	struct kp_commit_request request = ask("f", "canary");

	(void)state;
	scratch_put("f", "old");
	assert_int_equal(link("f", "g"), 0);
	request.in_place = true;
	expect_refused(&request, "has another name");
	scratch_expect("g", "old");
}

static void
test_in_place_an_error_restores_the_old_bytes(void **state)
{
	struct rlimit old, small = { 8, 8 };
	struct kp_commit_request request = ask("f", "twelve bytes");

	(void)state;
	scratch_put("f", "old");
	request.in_place = true;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	expect_refused(&request, "cannot be written in place");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	scratch_expect("f", "old");
}

/* Who looked at it before saw a file. */
static void
test_in_place_what_is_no_file_any_more_is_refused(void **state)
{
	struct kp_rewrite rewrite = { .fd = -1 };
	struct kp_diags diags = { 0 };

	(void)state;
	assert_int_equal(mkfifo("f", 0600), 0);
	assert_false(kp_rewrite_begin(&rewrite, AT_FDCWD, "f", "f", &diags));
	scratch_expect_problem(&diags, "is a FIFO, not a file");
	assert_int_equal(rewrite.fd, -1);
	kp_diags_free(&diags);
}

static void
test_in_place_what_cannot_be_put_back_is_called_damaged(void **state)
{
	struct rlimit old, small = { 2, 2 };
	struct kp_rewrite rewrite = { .fd = -1 };
	struct kp_diags diags = { 0 };
	bool undone;

	(void)state;
	scratch_put("f", "old");
	assert_true(kp_rewrite_begin(&rewrite, AT_FDCWD, "f", "f", &diags));
	assert_true(kp_rewrite_store(&rewrite, kp_str_of("n"),
	    rewrite.before.st_mode & 07777, rewrite.before.st_uid,
	    rewrite.before.st_gid, "f", &diags));
	scratch_expect("f", "n");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	undone = kp_rewrite_undo(&rewrite, "f", &diags);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(undone);
	scratch_expect_problem(&diags,
	    "cannot put the old contents back, the file is damaged");
	kp_rewrite_end(&rewrite);
	kp_diags_free(&diags);
}

/* --- several files --- */

static void
test_staging_alone_changes_no_file(void **state)
{
	struct kp_commit_request a = ask("a", "new"), b = ask("b", "new");
	struct kp_commit commit = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put("a", "old");
	assert_true(kp_commit_stage(&commit, &a, &diags));
	assert_true(kp_commit_stage(&commit, &b, &diags));
	scratch_expect("a", "old");
	scratch_expect(kp_commit_staged_path(&commit, 0), "new");
	assert_int_equal(access("b", F_OK), -1);
	kp_commit_wipe(&commit);
	assert_int_equal(scratch_count("."), 1);
}

static void
test_several_files_are_written(void **state)
{
	struct kp_commit_request a = ask("a", "new"), b = ask("b", "new"),
	                         c = ask("d/c", "new");
	struct kp_commit commit = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	mkdir("d", 0700);
	scratch_put("a", "old");
	scratch_put("d/c", "old");
	c.in_place = true;
	assert_true(kp_commit_stage(&commit, &a, &diags));
	assert_true(kp_commit_stage(&commit, &b, &diags));
	assert_true(kp_commit_stage(&commit, &c, &diags));
	assert_true(kp_commit_apply(&commit, &diags));
	kp_commit_wipe(&commit);
	scratch_expect("a", "new");
	scratch_expect("b", "new");
	scratch_expect("d/c", "new");
	assert_int_equal(scratch_count("."), 3);
	assert_int_equal(scratch_count("d"), 1);
	kp_diags_free(&diags);
}

static void
test_a_late_failure_takes_all_back(void **state)
{
	static const char *const paths[] = { "a", "new", "place", "last" };
	struct kp_commit commit = { 0 };
	struct kp_diags diags = { 0 };
	size_t i;

	(void)state;
	scratch_put("a", "old");
	scratch_put("place", "old");
	scratch_put("last", "old");
	for (i = 0; i < 4; i++) {
		struct kp_commit_request request = ask(paths[i], "canary");

		request.in_place = i == 2;
		assert_true(kp_commit_stage(&commit, &request, &diags));
	}
	/* Somebody puts a directory in the last one's place meanwhile. */
	unlink("last");
	mkdir("last", 0700);
	assert_false(kp_commit_apply(&commit, &diags));
	assert_int_equal(diags.errors, 1);
	scratch_expect_problem(&diags, "cannot be replaced");
	kp_commit_wipe(&commit);
	scratch_expect("a", "old");
	scratch_expect("place", "old");
	assert_int_equal(access("new", F_OK), -1);
	assert_int_equal(scratch_count("."), 3);
	assert_int_equal(scratch_count("last"), 0);
	kp_diags_free(&diags);
}

/* Stage a new file, put another one in its place, and apply. */
static bool
meet(const struct kp_commit_request *request, const char *other,
    enum kp_change *change)
{
	struct kp_commit commit = { 0 };
	struct kp_diags diags = { 0 };
	bool done;

	assert_true(kp_commit_stage(&commit, request, &diags));
	scratch_put("f", other);
	chmod("f", 0600);
	done = kp_commit_apply(&commit, &diags);
	*change = kp_commit_change(&commit, 0);
	kp_commit_wipe(&commit);
	kp_diags_free(&diags);
	return done;
}

static void
test_a_file_that_has_come_meanwhile_is_right_or_replaced(void **state)
{
	struct kp_commit_request request = ask("f", "new");
	enum kp_change change;
	int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		bool same = i % 2 == 0;

		request.in_place = i >= 2;
		assert_true(meet(&request, same ? "new" : "another", &change));
		assert_int_equal(change,
		    same                 ? KP_CHANGE_NONE :
		        request.in_place ? KP_CHANGE_REWRITE :
		                           KP_CHANGE_REPLACE);
		scratch_expect("f", "new");
		assert_int_equal(scratch_count("."), 1);
		unlink("f");
	}
	request.no_overwrite = true;
	assert_true(meet(&request, "another", &change));
	assert_int_equal(change, KP_CHANGE_KEPT);
	scratch_expect("f", "another");
	assert_int_equal(scratch_count("."), 1);
}

static void
test_a_dry_run_only_tells(void **state)
{
	struct kp_commit commit = { .dry_run = true };
	struct kp_commit_request a = ask("a", "new"), b = ask("b", "new"),
	                         c = ask("c", "same");
	struct kp_diags diags = { 0 };

	(void)state;
	scratch_put("a", "old");
	scratch_put("c", "same");
	assert_true(kp_commit_stage(&commit, &a, &diags));
	assert_true(kp_commit_stage(&commit, &b, &diags));
	assert_true(kp_commit_stage(&commit, &c, &diags));
	assert_int_equal(kp_commit_change(&commit, 0), KP_CHANGE_REPLACE);
	assert_int_equal(kp_commit_change(&commit, 1), KP_CHANGE_CREATE);
	assert_int_equal(kp_commit_change(&commit, 2), KP_CHANGE_NONE);
	assert_null(kp_commit_staged_path(&commit, 0));
	assert_int_equal(scratch_count("."), 2);
	kp_commit_wipe(&commit);
}

/* --- litter --- */

static const char litter[] = ".keyplate-0123456789abcdef";

static void
test_litter_is_removed_even_where_nothing_changes(void **state)
{
	struct kp_commit_request request = ask("f", "same");

	(void)state;
	scratch_put("f", "same");
	scratch_put(litter, "canary");
	scratch_put(".keyplate-0123456789abcdeg", "not ours");
	scratch_put(".keyplate-", "not ours");
	make_link("f", ".keyplate-0000000000000000");
	expect_written(&request, KP_CHANGE_NONE);
	assert_int_equal(access(litter, F_OK), -1);
	assert_int_equal(scratch_count("."), 4);
}

static void
test_what_another_run_is_at_stays(void **state)
{
	struct kp_commit_request request = ask("f", "new");
	int other = open(".", O_RDONLY | O_DIRECTORY);

	(void)state;
	scratch_put(litter, "");
	assert_int_equal(flock(other, LOCK_SH), 0);
	expect_written(&request, KP_CHANGE_CREATE);
	assert_int_equal(access(litter, F_OK), 0);
	close(other);
}

/* Is the process, and has nothing to do at the moment? */
static bool
is_asleep(pid_t process)
{
	char path[64], state = 'R';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
	file = fopen(path, "r");
	if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (file != NULL)
		fclose(file);
	return state != 'R' && state != '?';
}

/* Clear the directory for as long as who started us does not wait for it. */
static void
hold_until_awaited(int told)
{
	pid_t parent = getppid();
	int dir = open(".", O_RDONLY | O_DIRECTORY);

	if (flock(dir, LOCK_EX) == -1 || write(told, "", 1) != 1)
		_exit(1);
	while (!is_asleep(parent))
		sched_yield();
	_exit(0);
}

static void
test_a_run_waits_until_another_has_cleared(void **state)
{
	struct kp_commit_request request = ask("f", "new");
	struct kp_commit commit = { 0 };
	struct kp_diags diags = { 0 };
	int told[2], other;
	pid_t child;
	char byte;

	(void)state;
	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0)
		hold_until_awaited(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_true(kp_commit_stage(&commit, &request, &diags));
	assert_int_equal(waitpid(child, NULL, 0), child);
	other = open(".", O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
	assert_true(kp_commit_apply(&commit, &diags));
	/* What may go on for long afterwards keeps nobody out. */
	assert_int_equal(flock(other, LOCK_SH | LOCK_NB), 0);
	kp_commit_wipe(&commit);
	close(other);
	close(told[0]);
	close(told[1]);
}

/* --- mounts --- */

/* A mount table of our own; false: not allowed. */
static bool
leave_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0;
}

static void
test_a_mounted_file_is_written_in_place(void **state)
{
	struct kp_commit_request request = ask("f", "new");
	struct kp_diags diags = { 0 };
	enum kp_change change;

	(void)state;
	scratch_put("outside", "old text");
	scratch_put("f", "");
	if (!leave_mounts() || mount("outside", "f", "none", MS_BIND, NULL))
		skip();
	assert_true(write_one(&request, &change, &diags));
	assert_int_equal(change, KP_CHANGE_REWRITE);
	assert_int_equal(diags.list[0].severity, KP_WARNING);
	assert_int_equal(umount("f"), 0);
	scratch_expect("outside", "new");
	assert_int_equal(scratch_count("."), 2);
	kp_diags_free(&diags);
}

static void
test_a_full_file_system_keeps_the_old_file(void **state)
{
	char bytes[100000];
	struct kp_commit_request request = ask("m/f", "");

	(void)state;
	mkdir("m", 0700);
	if (!leave_mounts() ||
	    mount("tmpfs", "m", "tmpfs", 0, "size=64k") == -1)
		skip();
	scratch_put("m/f", "old");
	memset(bytes, 'x', sizeof(bytes));
	request.bytes = kp_str_make(bytes, sizeof(bytes));
	expect_refused(&request, "cannot be written");
	scratch_expect("m/f", "old");
	request.in_place = true;
	expect_refused(&request, "cannot be written in place");
	scratch_expect("m/f", "old");
	assert_int_equal(scratch_count("m"), 1);
	assert_int_equal(umount("m"), 0);
}

static void
test_a_read_only_file_that_is_right_is_fine(void **state)
{
	struct kp_commit_request request = ask("m/f", "same");

	(void)state;
	mkdir("m", 0700);
	if (!leave_mounts() || mount("tmpfs", "m", "tmpfs", 0, NULL) == -1)
		skip();
	scratch_put("m/f", "same");
	assert_int_equal(mount("none", "m", "none", MS_REMOUNT | MS_RDONLY,
	                     NULL),
	    0);
	expect_written(&request, KP_CHANGE_NONE);
	request.bytes = kp_str_of("other");
	expect_refused(&request, "cannot make a file beside it");
	assert_int_equal(umount("m"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_a_new_file_is_private_whatever_the_umask),
		IN_SCRATCH(test_an_asked_mode_is_given),
		IN_SCRATCH(test_a_replaced_file_keeps_its_mode),
		IN_SCRATCH(test_special_bits_are_dropped),
		IN_SCRATCH(test_what_is_right_is_left_alone),
		IN_SCRATCH(test_another_name_keeps_the_old_contents),
		IN_SCRATCH(test_a_file_is_left_alone_where_asked),
		IN_SCRATCH(test_a_name_of_255_bytes_works),
		IN_SCRATCH(test_an_empty_file_is_written),
		IN_SCRATCH(test_a_synced_file_is_the_same),
		IN_SCRATCH(test_paths_that_name_no_file_are_refused),
		IN_SCRATCH(test_what_is_no_file_is_refused),
		IN_SCRATCH(test_a_missing_directory_is_refused),
		IN_SCRATCH(test_the_same_file_twice_is_refused),
		IN_SCRATCH(test_a_link_is_followed_below_its_directory),
		IN_SCRATCH(
		    test_an_absolute_link_into_its_directory_is_followed),
		IN_SCRATCH(test_a_link_out_of_its_directory_is_refused),
		IN_SCRATCH(test_a_link_to_nothing_is_refused),
		IN_SCRATCH(test_what_kubernetes_replaces_is_refused),
		IN_SCRATCH(test_a_way_through_links_of_root_is_gone),
		IN_SCRATCH(test_a_link_of_another_user_does_not_count),
		IN_SCRATCH(test_owners_are_kept_and_given),
		IN_SCRATCH(test_a_group_that_cannot_be_kept_may_nothing),
		IN_SCRATCH(test_an_owner_that_cannot_be_given_is_refused),
		IN_SCRATCH(test_in_place_the_inode_stays),
		IN_SCRATCH(test_in_place_another_name_is_refused),
		IN_SCRATCH(test_in_place_an_error_restores_the_old_bytes),
		IN_SCRATCH(test_in_place_what_is_no_file_any_more_is_refused),
		IN_SCRATCH(
		    test_in_place_what_cannot_be_put_back_is_called_damaged),
		IN_SCRATCH(test_staging_alone_changes_no_file),
		IN_SCRATCH(test_several_files_are_written),
		IN_SCRATCH(test_a_late_failure_takes_all_back),
		IN_SCRATCH(
		    test_a_file_that_has_come_meanwhile_is_right_or_replaced),
		IN_SCRATCH(test_a_dry_run_only_tells),
		IN_SCRATCH(test_litter_is_removed_even_where_nothing_changes),
		IN_SCRATCH(test_what_another_run_is_at_stays),
		IN_SCRATCH(test_a_run_waits_until_another_has_cleared),
		IN_SCRATCH(test_a_mounted_file_is_written_in_place),
		IN_SCRATCH(test_a_full_file_system_keeps_the_old_file),
		IN_SCRATCH(test_a_read_only_file_that_is_right_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
