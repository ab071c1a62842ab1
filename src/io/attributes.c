/* SPDX-License-Identifier: MIT */
/* attributes - what a file has besides owner and mode. */
#include "io/attributes.h"

#include "base/buf.h"
#include "base/str.h"

#include <errno.h>
#include <sys/types.h>
#include <sys/xattr.h>

/* As the kernel keeps and passes it. */
#define ACL "system.posix_acl_access"
#define ACL_HEADER 4 /* bytes */
#define ACL_ENTRY 8
#define ACL_MASK 0x10

#define USER_PREFIX "user."

/* No such attribute, or a file system that has none: nothing to copy. */
static bool
has_none(int sys_errno)
{
	return sys_errno == ENODATA || sys_errno == EOPNOTSUPP ||
	    sys_errno == ENOSYS;
}

/* The kernel filled in len bytes; -1: it failed, errno tells. */
static bool
take_filled(struct kp_buf *buf, ssize_t len)
{
	if (len == -1)
		return false;
	buf->len = (size_t)len;
	buf->data[buf->len] = '\0';
	return true;
}

/* Room for size bytes; -1: the call before failed, errno tells. */
static bool
make_room(struct kp_buf *buf, ssize_t size)
{
	if (size == -1)
		return false;
	errno = ENOMEM;
	return kp_buf_reserve(buf, (size_t)size);
}

/* The value of an attribute; false: errno tells. */
static bool
read_value(int fd, const char *name, struct kp_buf *value)
{
	return make_room(value, fgetxattr(fd, name, NULL, 0)) &&
	    take_filled(value,
	        fgetxattr(fd, name, value->data, value->cap - 1));
}

/* The names of all attributes, each with a NUL at its end. */
static bool
read_names(int fd, struct kp_buf *names)
{
	return make_room(names, flistxattr(fd, NULL, 0)) &&
	    take_filled(names, flistxattr(fd, names->data, names->cap - 1));
}

/* A call that says it did is not believed. */
static bool
has_value(int fd, const char *name, const struct kp_buf *value)
{
	struct kp_buf now = { 0 };
	bool same;

	same = read_value(fd, name, &now) &&
	    kp_str_eq(kp_buf_view(&now), kp_buf_view(value));
	kp_buf_wipe(&now);
	if (!same)
		errno = EIO;
	return same;
}

static bool
drop_acl(int fd)
{
	return fremovexattr(fd, ACL) == 0 || fgetxattr(fd, ACL, NULL, 0) <= 0;
}

/*
 * As fchmod() would later.  The form is that of linux/posix_acl_xattr.h: a
 * header, then for each entry a tag, permissions and an id, little-endian.
 */
static void
limit_mask(struct kp_buf *acl, mode_t mode)
{
	size_t at;

	for (at = ACL_HEADER; at + ACL_ENTRY <= acl->len; at += ACL_ENTRY) {
		if (acl->data[at] == ACL_MASK && acl->data[at + 1] == '\0')
			acl->data[at + 2] &= (char)(mode >> 3 & 07);
	}
}

bool
kp_attributes_copy_acl(int from, int fd, mode_t mode)
{
	struct kp_buf acl = { 0 };
	bool done;

	if (from == -1)
		return drop_acl(fd);
	if (read_value(from, ACL, &acl)) {
		limit_mask(&acl, mode);
		done = fsetxattr(fd, ACL, acl.data, acl.len, 0) == 0 &&
		    has_value(fd, ACL, &acl);
	} else {
		done = has_none(errno) && drop_acl(fd);
	}
	kp_buf_wipe(&acl);
	return done;
}

static bool
copy_value(int from, int fd, const char *name)
{
	struct kp_buf value = { 0 };
	bool done;

	done = read_value(from, name, &value) &&
	    fsetxattr(fd, name, value.data, value.len, 0) == 0;
	kp_buf_wipe(&value);
	return done;
}

bool
kp_attributes_copy_user(int from, int fd)
{
	struct kp_buf names = { 0 };
	bool done = read_names(from, &names) || has_none(errno);
	size_t at = 0;

	while (at < names.len) {
		struct kp_str name = kp_str_of(names.data + at);

		if (kp_str_starts(name, USER_PREFIX))
			done = copy_value(from, fd, name.ptr) && done;
		at += name.len + 1;
	}
	kp_buf_wipe(&names);
	return done;
}
