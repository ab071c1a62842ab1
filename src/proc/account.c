/* SPDX-License-Identifier: MIT */
/*
 * account - who COMMAND runs as: USER[:GROUP] from the text of passwd and
 * group.
 */
#include "proc/account.h"

#include "base/array.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/near.h"
#include "proc/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Far beyond any that is in use. */
#define FILE_MAX (64UL * 1024 * 1024)

/* name:password:uid:gid:gecos:home[:shell] */
struct user {
	struct kp_str name, home;
	unsigned long uid, gid;
};

/* name:password:gid:members */
struct group {
	struct kp_str name, members;
	unsigned long gid;
};

/* Cut one field off the front of *rest; the last one has no colon behind. */
static bool
take_field(struct kp_str *rest, struct kp_str *field)
{
	if (rest->ptr == NULL)
		return false;
	if (kp_spec_split(*rest, field, rest))
		return true;
	*field = *rest;
	*rest = kp_str_make(NULL, 0);
	return true;
}

static bool
take_number(struct kp_str *rest, unsigned long *number)
{
	struct kp_str field;

	return take_field(rest, &field) &&
	    kp_str_to_number(field, KP_ACCOUNT_MAX, number);
}

/* The next line of *rest, without the CR of a file made elsewhere. */
static bool
next_line(struct kp_str *rest, struct kp_str *line)
{
	if (!kp_str_next_line(rest, line))
		return false;
	if (kp_str_ends(*line, "\r"))
		*line = kp_str_slice(*line, 0, line->len - 1);
	return true;
}

/* The next well-formed line of *passwd; false at the end. */
static bool
next_user(struct kp_str *passwd, struct user *user)
{
	struct kp_str line, skipped;

	while (next_line(passwd, &line)) {
		if (take_field(&line, &user->name) && user->name.len > 0 &&
		    take_field(&line, &skipped) &&
		    take_number(&line, &user->uid) &&
		    take_number(&line, &user->gid) &&
		    take_field(&line, &skipped) &&
		    take_field(&line, &user->home))
			return true;
	}
	return false;
}

static bool
next_group(struct kp_str *text, struct group *group)
{
	struct kp_str line, skipped;

	while (next_line(text, &line)) {
		if (take_field(&line, &group->name) && group->name.len > 0 &&
		    take_field(&line, &skipped) &&
		    take_number(&line, &group->gid) &&
		    take_field(&line, &group->members))
			return true;
	}
	return false;
}

static bool
find_user_name(struct kp_str passwd, struct kp_str name, struct user *user)
{
	while (next_user(&passwd, user)) {
		if (kp_str_eq(user->name, name))
			return true;
	}
	return false;
}

static bool
find_user_number(struct kp_str passwd, unsigned long uid, struct user *user)
{
	struct user next;

	while (next_user(&passwd, &next)) {
		if (next.uid == uid) {
			*user = next;
			return true;
		}
	}
	return false;
}

static bool
find_group_name(struct kp_str text, struct kp_str name, unsigned long *gid)
{
	struct group group;

	while (next_group(&text, &group)) {
		if (kp_str_eq(group.name, name)) {
			*gid = group.gid;
			return true;
		}
	}
	return false;
}

static bool
is_member(const struct group *group, struct kp_str name)
{
	struct kp_str rest = group->members;

	while (rest.len > 0) {
		size_t comma = kp_str_find(rest, ',');
		size_t end = comma == KP_NPOS ? rest.len : comma;

		if (kp_str_eq(kp_str_slice(rest, 0, end), name))
			return true;
		rest = kp_str_slice(rest, comma == KP_NPOS ? end : end + 1,
		    rest.len);
	}
	return false;
}

static bool
join(struct kp_account *account, gid_t gid, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < account->ngroups; i++) {
		if (account->groups[i] == gid)
			return true;
	}
	if (!kp_array_grow((void **)&account->groups, &account->groups_cap,
	        account->ngroups + 1, sizeof(*account->groups)))
		return kp_diag_nomem(diags);
	account->groups[account->ngroups++] = gid;
	return true;
}

/* The user's own group, and every other that lists the name. */
static bool
join_all(struct kp_account *account, const struct user *user,
    struct kp_str text, struct kp_diags *diags)
{
	struct group group;

	account->gid = (gid_t)user->gid;
	if (!join(account, account->gid, diags))
		return false;
	while (next_group(&text, &group)) {
		if (is_member(&group, user->name) &&
		    !join(account, (gid_t)group.gid, diags))
			return false;
	}
	if (account->ngroups > KP_GROUPS_MAX)
		return kp_diag_file(diags, "/etc/group",
		    "more than %d groups for one user", KP_GROUPS_MAX);
	return true;
}

static char *
copy(struct kp_str text)
{
	return strndup(text.ptr, text.len);
}

/* Note the entry's name and home; user NULL: there is no entry. */
static bool
describe(struct kp_account *account, const struct user *user,
    struct kp_diags *diags)
{
	if (user == NULL || user->home.len == 0)
		account->home = strdup("/");
	else
		account->home = copy(user->home);
	if (user != NULL)
		account->name = copy(user->name);
	if (account->home == NULL || (user != NULL && account->name == NULL))
		return kp_diag_nomem(diags);
	return true;
}

static bool
resolve_group(struct kp_account *account, struct kp_str spec,
    struct kp_str name, struct kp_str group, struct kp_diags *diags)
{
	unsigned long gid;

	if (!find_group_name(group, name, &gid) &&
	    !kp_str_to_number(name, KP_ACCOUNT_MAX, &gid))
		return kp_diag_usage(diags,
		    "user \"%.*s\": no group \"%.*s\" in /etc/group",
		    (int)spec.len, spec.ptr, (int)name.len, name.ptr);
	account->gid = (gid_t)gid;
	return join(account, account->gid, diags);
}

static bool
refuse_number_alone(struct kp_str spec, struct kp_diags *diags)
{
	kp_diag_usage(diags,
	    "user \"%.*s\" has no entry in /etc/passwd, so it has no group",
	    (int)spec.len, spec.ptr);
	return kp_diag_hint(diags, "say which: %.*s:GROUP", (int)spec.len,
	    spec.ptr);
}

/* A group was meant, as in "$UID:$GID"; to root none makes a difference. */
static bool
refuse_group_missing(struct kp_str spec, struct kp_diags *diags)
{
	kp_diag_usage(diags,
	    "user \"%.*s\": there is no group behind the colon", (int)spec.len,
	    spec.ptr);
	return kp_diag_hint(diags,
	    "without the colon all groups of the user are meant");
}

/*
 * By name, else by number, else the user we are; *uid is set though there may
 * be no entry.
 */
static bool
find_user(struct kp_str passwd, struct kp_str name, struct user *user,
    unsigned long *uid, bool *known)
{
	*known = name.len > 0 && find_user_name(passwd, name, user);
	if (*known) {
		*uid = user->uid;
		return true;
	}
	*uid = getuid();
	if (name.len > 0 && !kp_str_to_number(name, KP_ACCOUNT_MAX, uid))
		return false;
	*known = find_user_number(passwd, *uid, user);
	return true;
}

static bool
add_name(struct kp_list *names, struct kp_str name)
{
	char *copy = strndup(name.ptr, name.len);
	bool added = copy != NULL && kp_list_add(names, copy);

	free(copy);
	return added;
}

static bool
complain_user(struct kp_str passwd, struct kp_str name, struct kp_diags *diags)
{
	struct kp_list names = { 0 };
	struct user user;
	const char *near;
	bool good = true;

	kp_diag_usage(diags, "no user \"%.*s\" in /etc/passwd", (int)name.len,
	    name.ptr);
	while (good && next_user(&passwd, &user))
		good = add_name(&names, user.name);
	near = kp_near_listed(name, &names);
	if (near != NULL)
		kp_diag_hint(diags, "did you mean \"%s\"?", near);
	else
		kp_diag_hint(diags, "a number needs no entry there: 1000:1000");
	kp_list_free(&names);
	return false;
}

bool
kp_account_find(struct kp_account *account, struct kp_str spec,
    struct kp_str passwd, struct kp_str group, struct kp_diags *diags)
{
	struct kp_str name = spec, group_name = { 0 };
	bool has_colon = kp_spec_split(spec, &name, &group_name);
	struct user user;
	unsigned long uid;
	bool known;

	if (!find_user(passwd, name, &user, &uid, &known))
		return complain_user(passwd, name, diags);
	account->uid = (uid_t)uid;
	if (!describe(account, known ? &user : NULL, diags))
		return false;
	if (group_name.len > 0)
		return resolve_group(account, spec, group_name, group, diags);
	if (has_colon && (name.len == 0 || uid != 0))
		return refuse_group_missing(spec, diags);
	if (known)
		return join_all(account, &user, group, diags);
	if (name.len > 0)
		return refuse_number_alone(spec, diags);
	account->gid = getgid();
	return join(account, account->gid, diags);
}

static bool
read_all(int fd, struct kp_buf *text)
{
	ssize_t got;

	do {
		if (text->len > FILE_MAX) {
			errno = EFBIG;
			return false;
		}
		if (!kp_buf_reserve(text, 65536)) {
			errno = ENOMEM;
			return false;
		}
		got = read(fd, text->data + text->len, 65536);
		if (got > 0)
			text->len += (size_t)got;
		text->data[text->len] = '\0';
	} while (got > 0 || (got == -1 && errno == EINTR));
	return got == 0;
}

static bool
read_database(const char *path, struct kp_buf *text, struct kp_diags *diags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool done;

	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	done = fd != -1 && read_all(fd, text);
	if (!done)
		kp_diag_sys(diags, path, "cannot read");
	if (fd != -1)
		close(fd);
	return done;
}

bool
kp_account_load(struct kp_account *account, const char *spec,
    struct kp_diags *diags)
{
	struct kp_buf passwd = { 0 }, group = { 0 };
	bool done;

	done = read_database("/etc/passwd", &passwd, diags) &&
	    read_database("/etc/group", &group, diags) &&
	    kp_account_find(account, kp_str_of(spec), kp_buf_view(&passwd),
	        kp_buf_view(&group), diags);
	kp_buf_wipe(&passwd);
	kp_buf_wipe(&group);
	return done;
}

void
kp_account_free(struct kp_account *account)
{
	free(account->groups);
	free(account->name);
	free(account->home);
	*account = (struct kp_account){ 0 };
}
