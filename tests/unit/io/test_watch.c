/* SPDX-License-Identifier: MIT */
/* test_watch - what is noticed, what is not, and which file cannot change. */
#include "io/watch.h"

#include "scratch.h"

#include <errno.h>
#include <poll.h>
#include <sys/mount.h>
#include <sched.h>

/* Too large for a stack. */
static struct kp_watch watch;
static int events;

static int
enter(void **state)
{
	watch = (struct kp_watch){ 0 };
	events = kp_watch_open();
	return events == -1 || scratch_enter(state) != 0;
}

static int
leave(void **state)
{
	close(events);
	return scratch_leave(state);
}

/* Watch one path, below the scratch directory. */
static bool
follow(const char *path)
{
	struct kp_list paths = { 0 };
	char full[256];
	bool changed;

	snprintf(full, sizeof(full), "%s/%s", scratch, path);
	assert_true(kp_list_add(&paths, full));
	changed = kp_watch_follow(&watch, events, &paths);
	kp_list_free(&paths);
	assert_int_equal(watch.sys_errno, 0);
	return changed;
}

static void
make_dir(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

static void
move(const char *from, const char *to)
{
	assert_int_equal(rename(from, to), 0);
}

static void
make_link(const char *to, const char *path)
{
	assert_int_equal(symlink(to, path), 0);
}

/* What there is before each change: a file, and one behind links. */
static void
set_up(void)
{
	make_dir("dir");
	scratch_put("dir/file", "one");
	scratch_put("dir/other", "one");
	make_dir("dir/..1");
	make_dir("dir/..2");
	scratch_put("dir/..1/key", "one");
	scratch_put("dir/..2/key", "two");
	make_link("..1", "dir/..data");
	make_link("..data/key", "dir/key");
	make_link("../dir", "dir/back");
	scratch_put("new", "new");
	make_dir("spare");
	scratch_put("spare/file", "new");
}

static void
write_file(void)
{
	scratch_put("dir/file", "two");
}

static void
write_other(void)
{
	scratch_put("dir/other", "two");
}

static void
replace_file(void)
{
	move("new", "dir/file");
}

static void
remove_file(void)
{
	assert_int_equal(unlink("dir/file"), 0);
}

static void
close_file(void)
{
	assert_int_equal(chmod("dir/file", 0), 0);
}

static void
read_file(void)
{
	scratch_expect("dir/file", "one");
}

static void
swap_data(void)
{
	make_link("..2", "dir/..tmp");
	move("dir/..tmp", "dir/..data");
}

static void
move_dir(void)
{
	move("dir", "gone");
}

static void
add_missing(void)
{
	scratch_put("dir/missing", "one");
}

static void
add_missing_dir(void)
{
	make_dir("absent");
}

static void
write_generation(void)
{
	scratch_put("dir/..1/key", "three");
}

static const struct {
	const char *name, *path;
	void (*change)(void);
	bool noticed;
} cases[] = {
	{ "a file that is written to", "dir/file", write_file, true },
	{ "a file that is replaced", "dir/file", replace_file, true },
	{ "a file that is removed", "dir/file", remove_file, true },
	{ "a file that may be read no more", "dir/file", close_file, true },
	{ "a file that is read is none", "dir/file", read_file, false },
	{ "another file is none", "dir/file", write_other, false },
	{ "a link that leads elsewhere", "dir/key", swap_data, true },
	{ "what a link leads to", "dir/key", write_generation, true },
	{ "a link beside the way is none", "dir/file", swap_data, false },
	{ "a link up and down again", "dir/back/back/key", swap_data, true },
	{ "a directory that is moved away", "dir/file", move_dir, true },
	{ "a file that was missing", "dir/missing", add_missing, true },
	{ "a directory that was missing", "absent/x/y", add_missing_dir, true },
	{ "a double slash and a dot", "dir//./file", replace_file, true },
};

static void
test_a_change_is_noticed(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(enter(state), 0);
		set_up();
		assert_true(follow(cases[i].path));
		assert_false(kp_watch_take(&watch, events));
		cases[i].change();
		if (kp_watch_take(&watch, events) != cases[i].noticed)
			fail_msg("%s", cases[i].name);
		assert_int_equal(leave(state), 0);
	}
}

static void
test_the_list_is_another_only_when_it_is(void **state)
{
	(void)state;
	set_up();
	assert_true(follow("dir/key"));
	assert_false(follow("dir/key"));
	swap_data();
	assert_true(follow("dir/key"));
	assert_false(follow("dir/key"));
}

static void
test_what_is_not_followed_any_more_is_quiet(void **state)
{
	struct pollfd fd = { .fd = events, .events = POLLIN };

	(void)state;
	set_up();
	follow("dir/file");
	follow("spare/file");
	/* That the kernel removed it is not about what is watched. */
	assert_false(kp_watch_take(&watch, events));
	write_file();
	assert_int_equal(poll(&fd, 1, 0), 0);
	scratch_put("spare/file", "two");
	assert_true(kp_watch_take(&watch, events));
}

static void
test_a_circle_of_links_ends(void **state)
{
	(void)state;
	make_link("two", "one");
	make_link("one", "two");
	assert_true(follow("one"));
	assert_int_equal(unlink("two"), 0);
	assert_true(kp_watch_take(&watch, events));
}

static void
test_more_names_than_there_is_room_for(void **state)
{
	struct kp_list paths = { 0 };
	char path[300];
	int i;

	(void)state;
	for (i = 0; i <= KP_WATCH_MAX; i++) {
		snprintf(path, sizeof(path), "%s/name%d", scratch, i);
		assert_true(kp_list_add(&paths, path));
	}
	assert_true(kp_watch_follow(&watch, events, &paths));
	assert_int_equal(watch.count, KP_WATCH_MAX);
	assert_int_equal(watch.sys_errno, ENOSPC);
	kp_list_free(&paths);
}

/* How many events the kernel keeps for one that does not take them. */
static unsigned long
queue_length(void)
{
	unsigned long length = 0;
	FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");

	if (file != NULL) {
		if (fscanf(file, "%lu", &length) != 1)
			length = 0;
		fclose(file);
	}
	return length;
}

static void
test_events_that_were_lost_may_have_been_about_anything(void **state)
{
	unsigned long i, length = queue_length();

	(void)state;
	if (length == 0 || length > 100000)
		skip();
	set_up();
	follow("dir/file");
	/* Two that are the same in a row would count as one. */
	for (i = 0; i <= length; i++)
		scratch_put(i % 2 == 0 ? "dir/other" : "dir/more", "");
	assert_true(kp_watch_take(&watch, events));
	assert_false(kp_watch_take(&watch, events));
}

static void
test_a_file_that_is_a_mount_cannot_be_replaced(void **state)
{
	char inside[128], outside[128];

	(void)state;
	scratch_put("inside", "one");
	scratch_put("outside", "two");
	snprintf(inside, sizeof(inside), "%s/inside", scratch);
	snprintf(outside, sizeof(outside), "%s/outside", scratch);
	assert_int_equal(kp_watch_look(inside), KP_WATCH_FREE);
	assert_int_equal(kp_watch_look("/nonexistent"), KP_WATCH_FREE);
	if (unshare(CLONE_NEWNS) == -1)
		skip();
	assert_int_equal(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL),
	    0);
	assert_int_equal(mount(outside, inside, "none", MS_BIND, NULL), 0);
	assert_int_equal(kp_watch_look(inside), KP_WATCH_PINNED);
	assert_int_equal(kp_watch_look(outside), KP_WATCH_FREE);
	follow("inside");
	scratch_put("outside", "three");
	assert_true(kp_watch_take(&watch, events));
	assert_int_equal(umount(inside), 0);
}

#define WATCHED(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_change_is_noticed),
		WATCHED(test_the_list_is_another_only_when_it_is),
		WATCHED(test_what_is_not_followed_any_more_is_quiet),
		WATCHED(test_a_circle_of_links_ends),
		WATCHED(test_more_names_than_there_is_room_for),
		WATCHED(
		    test_events_that_were_lost_may_have_been_about_anything),
		WATCHED(test_a_file_that_is_a_mount_cannot_be_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
