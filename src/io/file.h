/* SPDX-License-Identifier: MIT */
/* file - bounded reads of regular files, and writes that are complete. */
#ifndef KP_IO_FILE_H
#define KP_IO_FILE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct kp_spent;

/* The most bytes that a template or an output may have. */
#define KP_FILE_MAX ((size_t)64 * 1024 * 1024)

/* Why a file could not be read. */
struct kp_file_refusal {
	int sys_errno;  /* the failed call's; 0: the file is of a wrong kind */
	char text[160]; /* "is a FIFO, not a file" */
};

/*
 * openat() that never waits for a writer, never takes a terminal and leaves
 * nothing open in a child; an interrupted call is made again.  mode counts
 * with O_CREAT alone.  -1: errno tells.
 */
int kp_file_open(int dir, const char *path, int flags, mode_t mode);

/*
 * Read a regular file below the directory dir (AT_FDCWD: the working one) to
 * its end, whatever size it claims to have.  More than max bytes is refused,
 * and so is a FIFO, directory, device or socket.  flags: more flags of
 * open(), or 0.  The caller owns *out, which is empty before.
 */
bool kp_file_read_at(int dir, const char *name, int flags, size_t max,
    struct kp_buf *out, struct kp_file_refusal *why) KP_MUST_CHECK;

/*
 * The same; the descriptor is spent, and where there are no more, those that
 * were spent before are closed.
 */
bool kp_file_read_spent(int dir, const char *name, int flags, size_t max,
    struct kp_spent *spent, struct kp_buf *out,
    struct kp_file_refusal *why) KP_MUST_CHECK;

/*
 * Is there a regular file of just these bytes?  It is read in parts, and one
 * that cannot be read holds others.
 */
bool kp_file_holds(int dir, const char *name, int flags, struct kp_str bytes);

/* Record a refusal as a problem of path; false. */
bool kp_file_report(const char *path, const struct kp_file_refusal *why,
    struct kp_diags *diags);

/* kp_file_read_at() for a path, with a problem recorded. */
bool kp_file_read(const char *path, size_t max, struct kp_buf *out,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Read whatever fd is, such as standard input, to its end. */
bool kp_file_read_stream(int fd, const char *name, size_t max,
    struct kp_buf *out, struct kp_diags *diags) KP_MUST_CHECK;

/* Write all of bytes to whatever fd is; false: errno tells. */
bool kp_file_write(int fd, struct kp_str bytes) KP_MUST_CHECK;

/* Write all of bytes at the offset at; false: errno tells. */
bool kp_file_write_at(int fd, struct kp_str bytes, off_t at) KP_MUST_CHECK;

/* fsync(); true too where the file system has none.  False: see errno. */
bool kp_file_sync(int fd) KP_MUST_CHECK;

/*
 * Permission bits alone, in octal: 640 or 0640.  A rendered file is never made
 * set-user-ID.
 */
bool kp_file_parse_mode(const char *text, mode_t *mode) KP_MUST_CHECK;

/* "a FIFO", "a directory" ...: what a mode of stat() says. */
const char *kp_file_kind(mode_t mode);

#endif
