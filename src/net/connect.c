/* SPDX-License-Identifier: MIT */
/* connect - a connection, within a limit. */
#include "net/connect.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Before a socket whose queue is full is tried again. */
#define QUEUE_MS 20

/* connect() has begun: wait for how it ends.  False: errno tells. */
static bool
finish(int fd, const struct kp_limit *limit)
{
	socklen_t len = sizeof(int);
	int failure = 0;

	if (!kp_limit_poll_one(limit, fd, POLLOUT))
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) == -1)
		return false;
	errno = failure;
	return failure == 0;
}

/*
 * A socket of the file system whose queue of connections is full says so at
 * once, and can be asked again only.
 */
static bool
begin(int fd, const struct sockaddr *name, socklen_t len,
    const struct kp_limit *limit)
{
	while (connect(fd, name, len) == -1) {
		struct kp_limit pause = kp_limit_within(limit, QUEUE_MS);

		if (errno == EINPROGRESS)
			return finish(fd, limit);
		if (errno != EAGAIN || name->sa_family != AF_UNIX)
			return false;
		kp_limit_pause(&pause);
		if (kp_limit_left(limit) == 0 || kp_limit_stopped(limit)) {
			errno = ETIMEDOUT;
			return false;
		}
	}
	return true;
}

static int
open_stream(const struct sockaddr *name, socklen_t len,
    const struct kp_limit *limit)
{
	int fd, failure;

	fd = socket(name->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (fd == -1 || begin(fd, name, len, limit))
		return fd;
	failure = errno;
	close(fd);
	errno = failure;
	return -1;
}

/*
 * A port that nobody listens at may be given to our own end, which then talks
 * to itself: the kernel lets two ends meet that call each other.
 */
static bool
is_own_end(int fd)
{
	struct kp_address ours, theirs;

	memset(&ours, 0, sizeof(ours));
	memset(&theirs, 0, sizeof(theirs));
	ours.len = theirs.len = sizeof(ours.name);
	return getsockname(fd, &ours.name.any, &ours.len) == 0 &&
	    getpeername(fd, &theirs.name.any, &theirs.len) == 0 &&
	    memcmp(&ours, &theirs, sizeof(ours)) == 0;
}

static int
open_port(struct kp_address address, uint16_t port,
    const struct kp_limit *limit)
{
	int fd;

	kp_address_set_port(&address, port);
	fd = open_stream(&address.name.any, address.len, limit);
	if (fd == -1 || !is_own_end(fd))
		return fd;
	close(fd);
	errno = ECONNREFUSED;
	return -1;
}

/* Where a family is not there at all, the other one has more to say. */
static bool
tells_little(int failure)
{
	return failure == EAFNOSUPPORT || failure == EADDRNOTAVAIL ||
	    failure == ENETUNREACH;
}

int
kp_connect(const struct kp_addresses *addresses, uint16_t port,
    const struct kp_limit *limit, struct kp_reason *why)
{
	size_t i;

	for (i = 0; i < addresses->count; i++) {
		int64_t share =
		    kp_limit_left(limit) / (int64_t)(addresses->count - i);
		struct kp_limit turn = kp_limit_within(limit, share);
		int fd = open_port(addresses->list[i], port, &turn);

		if (fd != -1)
			return fd;
		if (i == 0 || !tells_little(errno))
			kp_reason_sys(why, NULL);
		if (kp_limit_stopped(limit))
			break;
	}
	return -1;
}

int
kp_connect_unix(const char *path, const struct kp_limit *limit,
    struct kp_reason *why)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd;

	strlcpy(name.sun_path, path, sizeof(name.sun_path));
	fd = open_stream((const struct sockaddr *)&name, sizeof(name), limit);
	if (fd == -1)
		kp_reason_sys(why, NULL);
	return fd;
}
