/* SPDX-License-Identifier: MIT */
/* test_account - USER[:GROUP] against passwd and group of every shape. */
#include "proc/account.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
                             "daemon:x:1:1::/usr/sbin:/bin/false\n"
                             "games:x:5:60:games:/usr/games:/bin/false\n"
                             "nowhere:x:7:7:no home::/bin/false\n"
                             "1000:x:33:33:a number as a name:/odd:/bin/sh\n"
                             "late:x:999:999::/late:/bin/sh\n";

static const char group[] = "root:x:0:\n"
                            "daemon:x:1:\n"
                            "games:x:60:\n"
                            "users:x:100:late,games\n"
                            "more:x:200:games\n"
                            "same:x:60:games\n"
                            "almost:x:300:games2,game\n";

#define MAX_GROUPS 4

static const struct {
	const char *name, *spec;
	uid_t uid;
	gid_t gid;
	size_t ngroups;
	gid_t groups[MAX_GROUPS];
	const char *user, *home;
} found[] = {
	{ "a name has all its groups", "games", 5, 60, 3, { 60, 100, 200 },
	    "games", "/usr/games" },
	{ "a number with an entry is that user", "5", 5, 60, 3,
	    { 60, 100, 200 }, "games", "/usr/games" },
	{ "a group stands alone", "games:daemon", 5, 1, 1, { 1 }, "games",
	    "/usr/games" },
	{ "a group may be a number", "games:77", 5, 77, 1, { 77 }, "games",
	    "/usr/games" },
	{ "root is root", "0", 0, 0, 1, { 0 }, "root", "/root" },
	{ "root needs nothing behind the colon", "0:", 0, 0, 1, { 0 }, "root",
	    "/root" },
	{ "root may have another group", "root:1", 0, 1, 1, { 1 }, "root",
	    "/root" },
	{ "numbers without entries need none", "1234:5678", 1234, 5678, 1,
	    { 5678 }, NULL, "/" },
	{ "a number without an entry may have a group by name", "1234:users",
	    1234, 100, 1, { 100 }, NULL, "/" },
	{ "a name wins over its reading as a number", "1000", 33, 33, 1, { 33 },
	    "1000", "/odd" },
	{ "an entry without a home gives the root directory", "nowhere", 7, 7,
	    1, { 7 }, "nowhere", "/" },
	{ "the highest number is taken", "2147483647:2147483647", 2147483647,
	    2147483647, 1, { 2147483647 }, NULL, "/" },
	{ "leading zeros are decimal", "0010:0010", 10, 10, 1, { 10 }, NULL,
	    "/" },
};

static const char *const refused[] = {
	"1234",
	":",
	"5:",
	"1234:",
	"games:",
	"a:b:c",
	"0:0:0",
	"bogus",
	"0day",
	"0:bogus",
	"0:0day",
	"-1",
	"+5",
	" 5",
	"5 ",
	"0x10",
	"1e3",
	"2147483648",
	"4294967295",
	"4294967296",
	"18446744073709551616",
	"5:-1",
	"5:4294967295",
	"../x",
	"GAMES",
	"game",
	"games2",
};

static bool
find(struct kp_account *account, const char *spec, struct kp_str users,
    struct kp_str groups)
{
	struct kp_diags diags = { 0 };
	bool done;

	*account = (struct kp_account){ 0 };
	done = kp_account_find(account, kp_str_of(spec), users, groups, &diags);
	assert_int_equal(diags.errors, done ? 0 : 1);
	kp_diags_free(&diags);
	return done;
}

static void
users_and_groups_are_found(void **state)
{
	struct kp_account account;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		print_message("# %s\n", found[i].name);
		assert_true(find(&account, found[i].spec, kp_str_of(passwd),
		    kp_str_of(group)));
		assert_int_equal(account.uid, found[i].uid);
		assert_int_equal(account.gid, found[i].gid);
		assert_int_equal(account.ngroups, found[i].ngroups);
		assert_memory_equal(account.groups, found[i].groups,
		    found[i].ngroups * sizeof(gid_t));
		assert_string_equal(account.home, found[i].home);
		if (found[i].user == NULL)
			assert_null(account.name);
		else
			assert_string_equal(account.name, found[i].user);
		kp_account_free(&account);
	}
}

static void
what_is_no_user_is_refused(void **state)
{
	struct kp_account account;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_false(find(&account, refused[i], kp_str_of(passwd),
		    kp_str_of(group)));
		kp_account_free(&account);
	}
}

/* Who runs this need not have an entry. */
static void
no_user_is_the_one_we_are(void **state)
{
	struct kp_account account;

	(void)state;
	assert_true(find(&account, "", kp_str_of(NULL), kp_str_of(NULL)));
	assert_int_equal(account.uid, getuid());
	assert_int_equal(account.gid, getgid());
	assert_int_equal(account.ngroups, 1);
	assert_int_equal(account.groups[0], getgid());
	kp_account_free(&account);
	assert_true(find(&account, ":77", kp_str_of(NULL), kp_str_of(NULL)));
	assert_int_equal(account.uid, getuid());
	assert_int_equal(account.gid, 77);
	assert_int_equal(account.ngroups, 1);
	kp_account_free(&account);
}

static void
without_files_numbers_are_enough(void **state)
{
	struct kp_account account;

	(void)state;
	assert_true(find(&account, "5:6", kp_str_of(NULL), kp_str_of(NULL)));
	assert_int_equal(account.uid, 5);
	assert_int_equal(account.gid, 6);
	kp_account_free(&account);
	assert_false(find(&account, "5", kp_str_of(NULL), kp_str_of(NULL)));
	kp_account_free(&account);
	assert_false(find(&account, "root", kp_str_of(NULL), kp_str_of(NULL)));
	kp_account_free(&account);
}

static const struct {
	const char *name, *passwd, *group;
	bool known;
} shapes[] = {
	{ "without a final newline", "app:x:5:6::/app:/bin/sh", "", true },
	{ "with CR LF", "app:x:5:6::/app:/bin/sh\r\n", "", true },
	{ "with CR LF and no shell", "app:x:5:6::/app\r\n", "", true },
	{ "an empty file", "", "", false },
	{ "a line with too few fields", "app:x:5\n", "", false },
	{ "an empty number", "app:x::6::/app:\n", "", false },
	{ "a negative number", "app:x:-5:6::/app:\n", "", false },
	{ "a number that is too big", "app:x:4294967295:6::/app:\n", "",
	    false },
	{ "a name service's line", "+::::::\napp:x:5:6::/app:\n", "", true },
	{ "a broken line before", "app:x\n\n:::\napp:x:5:6::/app:\n", "",
	    true },
	{ "a second entry of that name", "app:x:5:6::/app:\napp:x:0:0::/:\n",
	    "", true },
};

static void
passwd_may_have_any_shape(void **state)
{
	struct kp_account account;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		print_message("# %s\n", shapes[i].name);
		assert_int_equal(find(&account, "app",
		                     kp_str_of(shapes[i].passwd),
		                     kp_str_of(shapes[i].group)),
		    shapes[i].known);
		if (shapes[i].known) {
			assert_int_equal(account.uid, 5);
			assert_int_equal(account.gid, 6);
			assert_string_equal(account.home, "/app");
		}
		kp_account_free(&account);
	}
}

static void
the_last_member_of_a_line_with_cr_lf_is_one(void **state)
{
	struct kp_account account;

	(void)state;
	assert_true(find(&account, "app", kp_str_of("app:x:5:6::/app:\n"),
	    kp_str_of("first:x:10:other,app\r\nsecond:x:11:app\r\n")));
	assert_int_equal(account.ngroups, 3);
	kp_account_free(&account);
}

static void
long_lines_and_many_groups_are_read(void **state)
{
	struct kp_buf users = { 0 }, groups = { 0 };
	struct kp_account account;
	unsigned i;

	(void)state;
	kp_buf_add_text(&users, "long:x:1:1:");
	for (i = 0; i < 1000000; i++)
		kp_buf_add_char(&users, 'x');
	kp_buf_add_text(&users, ":/:/bin/sh\napp:x:5:6::/app:/bin/sh\n");
	for (i = 0; i < 10000; i++)
		kp_buf_add_format(&groups, "g%u:x:%u:app\n", i, 1000 + i);
	assert_true(kp_buf_ok(&users) && kp_buf_ok(&groups));
	assert_true(
	    find(&account, "app", kp_buf_view(&users), kp_buf_view(&groups)));
	assert_int_equal(account.ngroups, 10001);
	assert_int_equal(account.groups[10000], 10999);
	kp_account_free(&account);
	kp_buf_wipe(&users);
	kp_buf_wipe(&groups);
}

/* setgroups(2) takes no more. */
static void
more_groups_than_a_process_can_have_are_refused(void **state)
{
	struct kp_buf groups = { 0 };
	struct kp_account account = { 0 };
	struct kp_diags diags = { 0 };
	unsigned i;

	(void)state;
	for (i = 0; i < KP_GROUPS_MAX; i++)
		kp_buf_add_format(&groups, "g:x:%u:app\n", 1000 + i);
	assert_true(kp_buf_ok(&groups));
	assert_false(kp_account_find(&account, kp_str_of("app"),
	    kp_str_of("app:x:5:6::/app:\n"), kp_buf_view(&groups), &diags));
	assert_int_equal(diags.count, 1);
	assert_string_equal(diags.list[0].path, "/etc/group");
	assert_string_equal(diags.list[0].text,
	    "more than 65536 groups for one user");
	kp_account_free(&account);
	kp_diags_free(&diags);
	kp_buf_wipe(&groups);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_and_groups_are_found),
		cmocka_unit_test(what_is_no_user_is_refused),
		cmocka_unit_test(no_user_is_the_one_we_are),
		cmocka_unit_test(without_files_numbers_are_enough),
		cmocka_unit_test(passwd_may_have_any_shape),
		cmocka_unit_test(the_last_member_of_a_line_with_cr_lf_is_one),
		cmocka_unit_test(long_lines_and_many_groups_are_read),
		cmocka_unit_test(
		    more_groups_than_a_process_can_have_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
