/* SPDX-License-Identifier: MIT */
/*
 * memfile - a file in memory, which has a path without being in a directory.
 *
 * Who inherits the descriptor opens /proc/self/fd/N, as often as it likes:
 * each open() starts at the first byte.  The kernel checks mode and owner as
 * it does for any file, and lets nobody change the bytes.
 */
#ifndef KP_IO_MEMFILE_H
#define KP_IO_MEMFILE_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <sys/types.h>

/* Below are the descriptors that shell scripts take for themselves. */
#define KP_MEMFILE_FIRST 10

/* "/proc/self/fd/" and a descriptor. */
#define KP_MEMFILE_PATH_SIZE 32

struct kp_memfile_request {
	const char *path;    /* "mem:NAME", for messages; no value in it */
	const char *name;    /* at most 249 bytes; /proc shows it to holders */
	struct kp_str bytes; /* copied */
	mode_t mode;         /* of which the bits to read count */
	uid_t uid;           /* -1: who we are */
	gid_t gid;           /* neither matters where all may read */
};

/*
 * An empty one, which nobody can execute where the kernel knows how, of any
 * mode; it closes on exec.  -1: errno tells.
 */
int kp_memfile_create(const char *name);

/*
 * Make a file in memory.  *fd is from KP_MEMFILE_FIRST on and none that was
 * open before, closes on exec, and stands at the first byte; the caller
 * closes it.
 */
bool kp_memfile_make(const struct kp_memfile_request *request, int *fd,
    struct kp_diags *diags) KP_MUST_CHECK;

/* From now on a program that is executed has the file, or has it not. */
void kp_memfile_share(int fd, bool shared);

/* The path that the file has for a process that holds fd. */
void kp_memfile_path(int fd, char path[KP_MEMFILE_PATH_SIZE]);

#endif
