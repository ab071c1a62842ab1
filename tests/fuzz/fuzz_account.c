/* SPDX-License-Identifier: MIT */
/*
 * fuzz_account - USER[:GROUP], the text of passwd and that of group.
 *
 * The answer must be that of a second reading of passwd(5) and group(5),
 * written here with C strings: so nobody is root unless the text says so.
 */
#include "proc/account.h"

#include "fuzz.h"

#include <unistd.h>

#define FIELDS 6
#define GROUPS_MAX 4096

/* The first fields of a line; NULL where it has not so many. */
struct line {
	char *fields[FIELDS];
	unsigned long ids[2];
};

struct expected {
	bool found;
	unsigned long uid, gids[GROUPS_MAX];
	size_t ngids;
	const char *name, *home;
};

static bool
read_number(const char *text, unsigned long *number)
{
	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
		return false;
	while (text[0] == '0' && text[1] != '\0')
		text++;
	*number =
	    strlen(text) > 10 ? KP_ACCOUNT_MAX + 1 : strtoul(text, NULL, 10);
	return *number <= KP_ACCOUNT_MAX;
}

/*
 * The next line of *text, which is cut up: at least so many fields, and from
 * the third on so many numbers.
 */
static bool
next_line(char **text, size_t nfields, size_t nids, struct line *line)
{
	char *rest;
	size_t i;

	while ((rest = strsep(text, "\n")) != NULL) {
		size_t len = strlen(rest);
		bool good = true;

		if (len > 0 && rest[len - 1] == '\r')
			rest[len - 1] = '\0';
		for (i = 0; i < FIELDS; i++)
			line->fields[i] = strsep(&rest, ":");
		for (i = 0; i < nfields; i++)
			good = good && line->fields[i] != NULL;
		for (i = 0; i < nids; i++)
			good = good &&
			    read_number(line->fields[2 + i], &line->ids[i]);
		if (good && *line->fields[0] != '\0')
			return true;
	}
	return false;
}

static bool
next_user(char **text, struct line *line)
{
	return next_line(text, 6, 2, line);
}

static bool
next_group(char **text, struct line *line)
{
	return next_line(text, 4, 1, line);
}

static bool
find_number(unsigned long uid, char *copy, const char *passwd,
    struct line *line)
{
	char *text = copy;

	strcpy(copy, passwd);
	while (next_user(&text, line)) {
		if (line->ids[0] == uid)
			return true;
	}
	return false;
}

/*
 * By name where there is one, and who runs this where there is none; the
 * line's fields are in copy.
 */
static bool
find_user(const char *user, char *copy, const char *passwd, struct line *line)
{
	unsigned long uid;
	char *text = copy;

	if (*user == '\0')
		return find_number(getuid(), copy, passwd, line);
	strcpy(copy, passwd);
	while (next_user(&text, line)) {
		if (strcmp(line->fields[0], user) == 0)
			return true;
	}
	return read_number(user, &uid) && find_number(uid, copy, passwd, line);
}

static void
add_gid(struct expected *expected, unsigned long gid)
{
	size_t i;

	for (i = 0; i < expected->ngids; i++) {
		if (expected->gids[i] == gid)
			return;
	}
	require(expected->ngids < GROUPS_MAX, "no input has so many groups");
	expected->gids[expected->ngids++] = gid;
}

static bool
find_group(const char *name, char *text, unsigned long *gid)
{
	struct line line;

	while (next_group(&text, &line)) {
		if (strcmp(line.fields[0], name) == 0) {
			*gid = line.ids[0];
			return true;
		}
	}
	return read_number(name, gid);
}

static void
add_groups_of(struct expected *expected, const char *name, char *text)
{
	struct line line;
	char *member;

	while (next_group(&text, &line)) {
		while ((member = strsep(&line.fields[3], ",")) != NULL) {
			if (strcmp(member, name) == 0)
				add_gid(expected, line.ids[0]);
		}
	}
}

/* spec, copy and group are cut up; copy is as long as passwd. */
static void
expect(struct expected *expected, char *spec, const char *passwd, char *copy,
    char *group)
{
	char *user = strsep(&spec, ":");
	bool nobody = *user == '\0';
	unsigned long gid;
	struct line line;
	bool known = find_user(user, copy, passwd, &line);

	expected->home =
	    known && *line.fields[5] != '\0' ? line.fields[5] : "/";
	expected->name = known ? line.fields[0] : NULL;
	if (known)
		expected->uid = line.ids[0];
	else if (nobody)
		expected->uid = getuid();
	else if (!read_number(user, &expected->uid))
		return;
	/* Root needs no group behind its colon. */
	if (spec != NULL && *spec == '\0' && !nobody && expected->uid == 0)
		spec = NULL;
	if (spec != NULL) {
		expected->found = find_group(spec, group, &gid);
		if (expected->found)
			add_gid(expected, gid);
	} else if (known) {
		expected->found = true;
		add_gid(expected, line.ids[1]);
		add_groups_of(expected, line.fields[0], group);
	} else if (nobody) {
		expected->found = true;
		add_gid(expected, getgid());
	}
}

static void
check_account(const struct kp_account *account, const struct expected *expected)
{
	size_t i;

	require(account->uid == expected->uid, "the user is that of the text");
	require(account->gid == expected->gids[0],
	    "the group is that of the text");
	require(account->ngroups == expected->ngids, "all groups are joined");
	for (i = 0; i < account->ngroups; i++)
		require(account->groups[i] == expected->gids[i],
		    "the groups are those of the text");
	require(strcmp(account->home, expected->home) == 0,
	    "the home is that of the text");
	require((account->name == NULL) == (expected->name == NULL) &&
	        (account->name == NULL ||
	            strcmp(account->name, expected->name) == 0),
	    "the name is that of the text");
}

static void
check(const struct parts *parts)
{
	char *spec = part_text(parts->list[0]);
	char *passwd = part_text(parts->list[1]);
	char *copy = part_text(parts->list[1]);
	char *group = part_text(parts->list[2]);
	struct expected *expected = calloc(1, sizeof(*expected));
	struct kp_account account = { 0 };
	struct kp_diags diags = { 0 };
	bool done = kp_account_find(&account, parts->list[0], parts->list[1],
	    parts->list[2], &diags);

	require(expected != NULL, "there is memory");
	expect(expected, spec, passwd, copy, group);
	require(done == (diags.errors == 0), "what is refused has a reason");
	require(done == expected->found, "who is there is found");
	if (done)
		check_account(&account, expected);
	kp_account_free(&account);
	kp_diags_free(&diags);
	free(expected);
	free(group);
	free(copy);
	free(passwd);
	free(spec);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parts parts;

	/* C strings cannot tell a NUL. */
	if (size == 0 || memchr(data, '\0', size) != NULL)
		return 0;
	parts_cut(&parts, kp_str_make((const char *)data, size), 3);
	check(&parts);
	parts_free(&parts);
	return 0;
}
