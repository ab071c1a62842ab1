/* SPDX-License-Identifier: MIT */
/*
 * watch - notice that a file is another one, or has other contents.
 *
 * Watched are the directories that the way to a path leads through, and in
 * each of them the one name that is looked up there: a file that is replaced
 * by a rename is noticed, and so is a link on the way that leads elsewhere
 * by now, such as the "..data" of Kubernetes.  Of a name that is not there
 * the directory is watched where it would be.  A file that is a mount of its
 * own is watched itself: what is written into it comes from elsewhere.
 *
 * inotify(7) says nothing about what other machines do on a network file
 * system.
 */
#ifndef KP_IO_WATCH_H
#define KP_IO_WATCH_H

#include "base/attr.h"
#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many names are watched; of more the list is partial. */
#define KP_WATCH_MAX 4096

/*
 * What is watched.  { 0 } is a valid empty one.  It holds no pointer, and so
 * may lie in memory that two processes share, one of them at a time using it.
 */
struct kp_watch {
	size_t count;
	int sys_errno; /* of what could not be watched; 0: all is */
	struct kp_watch_name {
		int directory; /* inotify's number for it */
		uint64_t name; /* hash of the name; of none: the thing itself */
	} names[KP_WATCH_MAX];
};

/* How a file can change while it is where it is. */
enum kp_watch_pin {
	KP_WATCH_FREE,   /* it can be replaced, or it is not there */
	KP_WATCH_PINNED, /* a mount of its own: it can be written to alone */
	KP_WATCH_FROZEN, /* and in memory, read-only: nobody writes to it */
};

/*
 * A descriptor that poll() finds readable when something has happened; it
 * closes on exec, the caller closes it.  -1: errno tells.
 */
int kp_watch_open(void);

/*
 * Watch these paths and no others.  True when *watch is another one than
 * before: what was read until now may be out of date.
 */
bool kp_watch_follow(struct kp_watch *watch, int fd,
    const struct kp_list *paths);

/* Take all that has happened: was any of it about a name that is watched? */
bool kp_watch_take(const struct kp_watch *watch, int fd) KP_MUST_CHECK;

/* Which kind of file is at the end of path, as far as the kernel tells? */
enum kp_watch_pin kp_watch_look(const char *path);

#endif
