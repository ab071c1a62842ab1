/* SPDX-License-Identifier: MIT */
/* file - bounded reads of regular files, and writes that are complete. */
#include "io/file.h"

#include "io/spent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much room a read gets where the size is not known. */
#define CHUNK ((size_t)4096)

/* A call that is interrupted more often than this is given up. */
#define PATIENCE 100

static bool
try_again(unsigned *tries)
{
	return errno == EINTR && (*tries)++ < PATIENCE;
}

int
kp_file_open(int dir, const char *path, int flags, mode_t mode)
{
	unsigned tries = 0;
	int fd;

	do {
		fd = openat(dir, path,
		    flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, mode);
	} while (fd == -1 && try_again(&tries));
	return fd;
}

const char *
kp_file_kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "a file";
	case S_IFDIR:
		return "a directory";
	case S_IFLNK:
		return "a symbolic link";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	default:
		return "a device";
	}
}

bool
kp_file_parse_mode(const char *text, mode_t *mode)
{
	size_t len = strlen(text);

	if (len < 3 || len > 4 || strspn(text, "01234567") != len ||
	    (len == 4 && *text != '0'))
		return false;
	*mode = (mode_t)strtoul(text, NULL, 8);
	return true;
}

static bool
refuse_sys(struct kp_file_refusal *why, const char *text)
{
	why->sys_errno = errno;
	snprintf(why->text, sizeof(why->text), "%s", text);
	return false;
}

static bool
refuse_kind(struct kp_file_refusal *why, const char *kind)
{
	snprintf(why->text, sizeof(why->text), "is %s, not a file", kind);
	return false;
}

static bool
refuse_size(struct kp_file_refusal *why, size_t max)
{
	snprintf(why->text, sizeof(why->text), "is longer than %zu bytes", max);
	return false;
}

/* open() says of some things what they are by its errno alone. */
static bool
refuse_open(struct kp_file_refusal *why)
{
	switch (errno) {
	case ENXIO:
		return refuse_kind(why, "a socket");
	case ELOOP:
		return refuse_sys(why, "is a loop of symbolic links");
	default:
		return refuse_sys(why, "cannot be opened");
	}
}

/* Read once, at most room bytes; -1: errno tells. */
static ssize_t
read_some(int fd, char *data, size_t room)
{
	unsigned tries = 0;
	ssize_t got;

	do {
		got = read(fd, data, room);
	} while (got == -1 && try_again(&tries));
	return got;
}

/* Make room for a read of at most max + 1 - out->len bytes; 0: no memory. */
static size_t
make_room(struct kp_buf *out, size_t max)
{
	size_t room, wanted = max - out->len + 1;

	if (out->cap - out->len < 2 && !kp_buf_reserve(out, CHUNK))
		return 0;
	room = out->cap - out->len - 1;
	return room < wanted ? room : wanted;
}

/*
 * Read all there is.  A file of size bytes that gave just these, though there
 * was room for more, has ended; 0: only a read of nothing tells.
 */
static bool
read_to_end(int fd, size_t size, size_t max, struct kp_buf *out,
    struct kp_file_refusal *why)
{
	for (;;) {
		size_t room = make_room(out, max);
		ssize_t got;

		if (room == 0) {
			errno = ENOMEM;
			return refuse_sys(why, "cannot be read");
		}
		got = read_some(fd, out->data + out->len, room);
		if (got == -1)
			return refuse_sys(why, "cannot be read");
		out->len += (size_t)got;
		out->data[out->len] = '\0';
		if (got == 0)
			return true;
		if (out->len > max)
			return refuse_size(why, max);
		if (out->len == size && (size_t)got < room)
			return true;
	}
}

/* A size is a hint for the first read, no more: procfs says 0. */
static bool
read_regular(int fd, size_t max, struct kp_buf *out,
    struct kp_file_refusal *why)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return refuse_sys(why, "cannot be read");
	if (!S_ISREG(st.st_mode))
		return refuse_kind(why, kp_file_kind(st.st_mode));
	if (st.st_size > 0 && (size_t)st.st_size > max)
		return refuse_size(why, max);
	if (!kp_buf_reserve(out, (size_t)st.st_size + 1)) {
		errno = ENOMEM;
		return refuse_sys(why, "cannot be read");
	}
	return read_to_end(fd, (size_t)st.st_size, max, out, why);
}

static bool
read_open(int dir, const char *name, int flags, size_t max, int *fd,
    struct kp_buf *out, struct kp_file_refusal *why)
{
	*why = (struct kp_file_refusal){ 0 };
	*fd = kp_file_open(dir, name, O_RDONLY | flags, 0);
	if (*fd == -1)
		return refuse_open(why);
	if (read_regular(*fd, max, out, why))
		return true;
	kp_buf_wipe(out);
	return false;
}

bool
kp_file_read_at(int dir, const char *name, int flags, size_t max,
    struct kp_buf *out, struct kp_file_refusal *why)
{
	int fd;
	bool done = read_open(dir, name, flags, max, &fd, out, why);

	if (fd != -1)
		close(fd);
	return done;
}

bool
kp_file_read_spent(int dir, const char *name, int flags, size_t max,
    struct kp_spent *spent, struct kp_buf *out, struct kp_file_refusal *why)
{
	int fd;
	bool done = read_open(dir, name, flags, max, &fd, out, why);

	if (!done && why->sys_errno == EMFILE) {
		kp_spent_close(spent);
		done = read_open(dir, name, flags, max, &fd, out, why);
	}
	kp_spent_add(spent, fd);
	return done;
}

/* So much of a file is compared at once. */
#define COMPARED ((size_t)64 * 1024)

/* Is what is left of the file what is left of bytes, and no more? */
static bool
compare_to_end(int fd, struct kp_str bytes, struct kp_buf *part)
{
	for (;;) {
		size_t room = (bytes.len < COMPARED ? bytes.len : COMPARED) + 1;
		ssize_t got;

		if (!kp_buf_reserve(part, room))
			return false;
		got = read_some(fd, part->data, room);
		if (got <= 0)
			return got == 0 && bytes.len == 0;
		part->len = (size_t)got;
		part->data[part->len] = '\0';
		if (part->len > bytes.len ||
		    memcmp(part->data, bytes.ptr, part->len) != 0)
			return false;
		bytes = kp_str_slice(bytes, part->len, bytes.len);
		/* There was room for more of a file of this size. */
		if (bytes.len == 0 && part->len < room)
			return true;
		kp_buf_cut(part, 0);
	}
}

bool
kp_file_holds(int dir, const char *name, int flags, struct kp_str bytes)
{
	int fd = kp_file_open(dir, name, O_RDONLY | flags, 0);
	struct kp_buf part = { 0 };
	struct stat st;
	bool holds;

	if (fd == -1)
		return false;
	holds = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (size_t)st.st_size == bytes.len && compare_to_end(fd, bytes, &part);
	kp_buf_wipe(&part);
	close(fd);
	return holds;
}

bool
kp_file_report(const char *path, const struct kp_file_refusal *why,
    struct kp_diags *diags)
{
	if (why->sys_errno == 0)
		return kp_diag_file(diags, path, "%s", why->text);
	errno = why->sys_errno;
	return kp_diag_sys(diags, path, "%s", why->text);
}

bool
kp_file_read(const char *path, size_t max, struct kp_buf *out,
    struct kp_diags *diags)
{
	struct kp_file_refusal why;

	return kp_file_read_at(AT_FDCWD, path, 0, max, out, &why) ||
	    kp_file_report(path, &why, diags);
}

/* A stream that somebody else has made non-blocking is waited for. */
static bool
wait_for(int fd, short events)
{
	struct pollfd stream = { .fd = fd, .events = events };

	return errno == EAGAIN &&
	    (poll(&stream, 1, -1) != -1 || errno == EINTR);
}

bool
kp_file_read_stream(int fd, const char *name, size_t max, struct kp_buf *out,
    struct kp_diags *diags)
{
	struct kp_file_refusal why;
	bool done;

	do {
		why.sys_errno = 0;
		done = read_to_end(fd, 0, max, out, &why);
		errno = why.sys_errno;
	} while (!done && wait_for(fd, POLLIN));
	if (done)
		return true;
	kp_buf_wipe(out);
	return kp_file_report(name, &why, diags);
}

bool
kp_file_write(int fd, struct kp_str bytes)
{
	unsigned tries = 0;
	size_t put = 0;

	while (put < bytes.len) {
		ssize_t now = write(fd, bytes.ptr + put, bytes.len - put);

		if (now == -1 && (try_again(&tries) || wait_for(fd, POLLOUT)))
			continue;
		if (now == 0)
			errno = EIO;
		if (now <= 0)
			return false;
		put += (size_t)now;
		tries = 0;
	}
	return true;
}

bool
kp_file_write_at(int fd, struct kp_str bytes, off_t at)
{
	unsigned tries = 0;
	size_t put = 0;

	while (put < bytes.len) {
		ssize_t now = pwrite(fd, bytes.ptr + put, bytes.len - put,
		    at + (off_t)put);

		if (now == -1 && try_again(&tries))
			continue;
		if (now == 0)
			errno = EIO;
		if (now <= 0)
			return false;
		put += (size_t)now;
	}
	return true;
}

/* A file system without it says EINVAL. */
bool
kp_file_sync(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL || errno == ENOSYS;
}
