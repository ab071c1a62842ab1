/* SPDX-License-Identifier: MIT */
/*
 * creds - become the service's user, and prove that there is no way back.
 *
 * Static glibc without threads: setresuid() and the like are the bare system
 * calls.
 */
#include "proc/creds.h"

#include "base/str.h"
#include "proc/account.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By number, as linux/capability.h has them. */
static const char *const cap_names[] = {
	"CHOWN",
	"DAC_OVERRIDE",
	"DAC_READ_SEARCH",
	"FOWNER",
	"FSETID",
	"KILL",
	"SETGID",
	"SETUID",
	"SETPCAP",
	"LINUX_IMMUTABLE",
	"NET_BIND_SERVICE",
	"NET_BROADCAST",
	"NET_ADMIN",
	"NET_RAW",
	"IPC_LOCK",
	"IPC_OWNER",
	"SYS_MODULE",
	"SYS_RAWIO",
	"SYS_CHROOT",
	"SYS_PTRACE",
	"SYS_PACCT",
	"SYS_ADMIN",
	"SYS_BOOT",
	"SYS_NICE",
	"SYS_RESOURCE",
	"SYS_TIME",
	"SYS_TTY_CONFIG",
	"MKNOD",
	"LEASE",
	"AUDIT_WRITE",
	"AUDIT_CONTROL",
	"SETFCAP",
	"MAC_OVERRIDE",
	"MAC_ADMIN",
	"SYSLOG",
	"WAKE_ALARM",
	"BLOCK_SUSPEND",
	"AUDIT_READ",
	"PERFMON",
	"BPF",
	"CHECKPOINT_RESTORE",
};

#define NCAPS (sizeof(cap_names) / sizeof(cap_names[0]))

static const char *const step_texts[] = {
	[KP_CREDS_DONE] = "done",
	[KP_CREDS_GROUPS] = "cannot set the groups",
	[KP_CREDS_GID] = "cannot change the group",
	[KP_CREDS_UID] = "cannot change the user",
	[KP_CREDS_VERIFY] = "the change of user did not take effect",
	[KP_CREDS_REGAIN] = "the change of user could be undone",
	[KP_CREDS_CAPS] = "cannot set the capabilities",
	[KP_CREDS_NO_NEW_PRIVS] = "cannot set no_new_privs",
};

bool
kp_creds_add_cap(uint64_t *caps, const char *text, struct kp_diags *diags)
{
	struct kp_str name = kp_str_of(text);
	size_t i;

	if (name.len > 4 && kp_str_is_nocase(kp_str_slice(name, 0, 4), "cap_"))
		name = kp_str_slice(name, 4, name.len);
	for (i = 0; i < NCAPS; i++) {
		if (kp_str_is_nocase(name, cap_names[i])) {
			*caps |= UINT64_C(1) << i;
			return true;
		}
	}
	kp_diag_usage(diags, "--cap-keep \"%s\" is no capability", text);
	return kp_diag_hint(diags, "for example --cap-keep NET_BIND_SERVICE");
}

/* Runtimes do the same for a user of their own. */
static void
chown_stdio(uid_t uid, bool terminals)
{
	struct stat st;
	int fd;

	for (fd = 0; fd <= 2; fd++) {
		if (fstat(fd, &st) == -1 || st.st_uid != geteuid() ||
		    st.st_uid == uid)
			continue;
		/* A shared device (/dev/null) or file keeps its owner. */
		if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode) &&
		    !(terminals && isatty(fd)))
			continue;
		if (fchown(fd, uid, (gid_t)-1) == -1)
			continue; /* a service may do without */
	}
}

static bool
lists(const gid_t *groups, size_t count, gid_t gid)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (groups[i] == gid)
			return true;
	}
	return false;
}

/* The group of a process counts whether or not it is in the list as well. */
static bool
are_groups(const struct kp_account *account, const gid_t *now, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!lists(account->groups, account->ngroups, now[i]))
			return false;
	}
	for (i = 0; i < account->ngroups; i++) {
		if (account->groups[i] != account->gid &&
		    !lists(now, count, account->groups[i]))
			return false;
	}
	return true;
}

/* Neither on the stack nor static: nearly all of it is never touched. */
static bool
has_groups(const struct kp_account *account)
{
	const size_t size = KP_GROUPS_MAX * sizeof(gid_t);
	gid_t *now = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int count;
	bool equal;

	if (now == MAP_FAILED)
		return false;
	count = getgroups(KP_GROUPS_MAX, now);
	equal = count != -1 && are_groups(account, now, (size_t)count);
	munmap(now, size);
	return equal;
}

static bool
has_gid(gid_t gid)
{
	gid_t real, effective, saved;

	return getresgid(&real, &effective, &saved) == 0 && real == gid &&
	    effective == gid && saved == gid;
}

static bool
has_uid(uid_t uid)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == uid &&
	    effective == uid && saved == uid;
}

/*
 * With these a change of user would leave capabilities as they are.  Only
 * who has CAP_SETPCAP can clear them; set_caps() is what counts.
 */
static void
clear_odd_securebits(void)
{
	const int odd = SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP;
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	if (bits > 0 && (bits & odd) != 0)
		prctl(PR_SET_SECUREBITS, bits & ~odd, 0, 0, 0);
}

/* Refused to who has no privilege, or in a user namespace: fine if equal. */
static bool
set_groups(const struct kp_account *account)
{
	return setgroups(account->ngroups, account->groups) == 0 ||
	    (errno == EPERM && has_groups(account));
}

static enum kp_creds_step
change_ids(const struct kp_account *account)
{
	if (!set_groups(account))
		return KP_CREDS_GROUPS;
	if (!has_gid(account->gid) &&
	    setresgid(account->gid, account->gid, account->gid) == -1)
		return KP_CREDS_GID;
	if (!has_uid(account->uid) &&
	    setresuid(account->uid, account->uid, account->uid) == -1)
		return KP_CREDS_UID;
	errno = 0;
	if (!has_groups(account) || !has_gid(account->gid) ||
	    !has_uid(account->uid))
		return KP_CREDS_VERIFY;
	return KP_CREDS_DONE;
}

static void
fill_caps(struct __user_cap_data_struct data[2], uint64_t caps)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		data[i].effective = (uint32_t)(caps >> (32 * i));
		data[i].permitted = data[i].effective;
		data[i].inheritable = data[i].effective;
	}
}

/* Ambient ones survive execve(), which is what keeping means. */
static bool
raise_ambient(uint64_t caps)
{
	unsigned long cap;

	for (cap = 0; cap < NCAPS; cap++) {
		if ((caps >> cap & 1) != 0 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) ==
		        -1)
			return false;
	}
	return true;
}

/* Exactly caps, in every set; the kernel is asked whether it is so. */
static bool
set_caps(uint64_t caps)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct want[2], have[2];

	fill_caps(want, caps);
	/* Kernels before 4.3 have no ambient set to clear. */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, want) == -1 ||
	    syscall(SYS_capget, &header, have) == -1)
		return false;
	errno = EPERM;
	return memcmp(want, have, sizeof(want)) == 0 && raise_ambient(caps);
}

static bool
can_regain_root(const struct kp_creds *creds)
{
	const struct kp_account *account = creds->account;

	if ((creds->keep_caps >> CAP_SETUID & 1) == 0 &&
	    setresuid(0, 0, 0) == 0)
		return true;
	return account->gid != 0 && (creds->keep_caps >> CAP_SETGID & 1) == 0 &&
	    setresgid(0, 0, 0) == 0;
}

/* Root keeps what it has: that is what was asked for. */
static enum kp_creds_step
change_user(const struct kp_creds *creds)
{
	const struct kp_account *account = creds->account;
	enum kp_creds_step step;

	if (creds->chown_stdio)
		chown_stdio(account->uid, creds->chown_terminal);
	if (account->uid != 0) {
		clear_odd_securebits();
		if (creds->keep_caps != 0 &&
		    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1)
			return KP_CREDS_CAPS;
	}
	step = change_ids(account);
	if (step != KP_CREDS_DONE || account->uid == 0)
		return step;
	if (!set_caps(creds->keep_caps))
		return KP_CREDS_CAPS;
	errno = 0;
	return can_regain_root(creds) ? KP_CREDS_REGAIN : KP_CREDS_DONE;
}

enum kp_creds_step
kp_creds_apply(const struct kp_creds *creds)
{
	enum kp_creds_step step = KP_CREDS_DONE;

	if (creds->account != NULL)
		step = change_user(creds);
	if (step == KP_CREDS_DONE && creds->no_new_privs &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return KP_CREDS_NO_NEW_PRIVS;
	return step;
}

const char *
kp_creds_step_text(enum kp_creds_step step)
{
	return step_texts[step];
}
