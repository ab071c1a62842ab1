/* SPDX-License-Identifier: MIT */
/* buf - owned bytes that grow, and are wiped before they are given back. */
#ifndef KP_BASE_BUF_H
#define KP_BASE_BUF_H

#include "base/attr.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * { 0 } is a valid empty buffer.  data[len] is NUL once there is memory, and
 * what is behind was never written: who fills data on his own sets len.
 * Appending returns nothing: after a failed one the later ones do nothing,
 * and kp_buf_ok() is asked once at the end, as ferror() is.  What is appended
 * must not be of the buffer itself, which may move, and is wiped where it was.
 */
struct kp_buf {
	char *data; /* owned */
	size_t len, cap;
	bool failed;
};

void kp_buf_add(struct kp_buf *buf, struct kp_str bytes);
void kp_buf_add_text(struct kp_buf *buf, const char *text);
void kp_buf_add_char(struct kp_buf *buf, char c);
void kp_buf_add_format(struct kp_buf *buf, const char *fmt, ...)
    KP_PRINTF(2, 3);

/* Room for len bytes more; false when there is no memory. */
bool kp_buf_reserve(struct kp_buf *buf, size_t len);

/* Forget what is behind the first len bytes, and wipe it. */
void kp_buf_cut(struct kp_buf *buf, size_t len);

/* False once an append failed: the contents are then incomplete. */
static inline KP_MUST_CHECK bool
kp_buf_ok(const struct kp_buf *buf)
{
	return !buf->failed;
}

/* A view of the contents, valid until the next change. */
static inline struct kp_str
kp_buf_view(const struct kp_buf *buf)
{
	return kp_str_make(buf->data == NULL ? "" : buf->data, buf->len);
}

/* Move the contents out: the caller owns them, *buf is empty again. */
struct kp_buf kp_buf_take(struct kp_buf *buf);

/* Zero the memory, release it, leave an empty buffer. */
void kp_buf_wipe(struct kp_buf *buf);

#endif
