/* SPDX-License-Identifier: MIT */
/*
 * creds - become the service's user, and prove that there is no way back.
 *
 * Between fork and exec: everything but the parsing is async-signal-safe.
 */
#ifndef KP_PROC_CREDS_H
#define KP_PROC_CREDS_H

#include "base/attr.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stdint.h>

struct kp_account;

struct kp_creds {
	const struct kp_account *account; /* borrowed; NULL: stay who we are */
	uint64_t keep_caps; /* bit n: capability n stays, as an ambient one */
	bool no_new_privs;
	bool chown_stdio;    /* give a pipe or socket on 0-2 to the user */
	bool chown_terminal; /* with that: a terminal, too */
};

/* What could not be done. */
enum kp_creds_step {
	KP_CREDS_DONE,
	KP_CREDS_GROUPS,
	KP_CREDS_GID,
	KP_CREDS_UID,
	KP_CREDS_VERIFY, /* a call said yes and did nothing */
	KP_CREDS_REGAIN, /* root could be taken again */
	KP_CREDS_CAPS,
	KP_CREDS_NO_NEW_PRIVS,
};

/* One --cap-keep: "NET_BIND_SERVICE", "cap_net_bind_service". */
bool kp_creds_add_cap(uint64_t *caps, const char *text,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Change to the account: groups, group, user, then capabilities (none but
 * keep_caps are left to another user than root).  Who already is that user
 * needs no privilege.  errno tells why a step failed; the process must then
 * end, as it may have done half of it.
 */
enum kp_creds_step kp_creds_apply(const struct kp_creds *creds) KP_MUST_CHECK;

/* The words for a step, such as "cannot set the groups". */
const char *kp_creds_step_text(enum kp_creds_step step);

#endif
