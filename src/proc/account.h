/* SPDX-License-Identifier: MIT */
/*
 * account - who COMMAND runs as: USER[:GROUP] from the text of passwd and
 * group.
 *
 * The files are read directly: a static program has no name service.  Lines
 * are as passwd(5) and group(5) have them; what is not such a line is
 * skipped, the first match counts.
 */
#ifndef KP_PROC_ACCOUNT_H
#define KP_PROC_ACCOUNT_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The highest number of a user or group. */
#define KP_ACCOUNT_MAX 2147483647UL

/* Groups of one user: Linux's NGROUPS_MAX, of which musl knows 32. */
#define KP_GROUPS_MAX 65536

/* { 0 } is a valid empty one. */
struct kp_account {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* owned: all of them, gid first */
	size_t ngroups, groups_cap;
	char *name; /* owned; NULL: the number has no entry */
	char *home; /* owned; "/" where there is no entry or it names none */
};

/*
 * Resolve spec: NAME, UID, nothing for the user we are, or any of them with
 * ":GROUP".  A name that exists wins over its reading as a number.  With a
 * group, that alone is joined; without one, the user's own and all that list
 * the name.  A number without an entry needs a group: it would keep root's.
 * Nothing behind the colon is an error, but for root.  The caller frees
 * *account either way.
 */
bool kp_account_find(struct kp_account *account, struct kp_str spec,
    struct kp_str passwd, struct kp_str group,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * The same with /etc/passwd and /etc/group; a file that is not there is an
 * empty one.
 */
bool kp_account_load(struct kp_account *account, const char *spec,
    struct kp_diags *diags) KP_MUST_CHECK;

void kp_account_free(struct kp_account *account);

#endif
