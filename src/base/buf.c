/* SPDX-License-Identifier: MIT */
/* buf - owned bytes that grow, and are wiped before they are given back. */
#include "base/buf.h"

#include "base/pages.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

/* From here on a block grows by a quarter: what doubles is half empty. */
#define LARGE ((size_t)1024 * 1024)

/* A first block is as large as is asked for: most never grow. */
static size_t
choose_capacity(size_t cap, size_t need)
{
	if (cap == 0)
		return need < FIRST_CAPACITY ? FIRST_CAPACITY : need;
	while (cap < need)
		cap += cap < LARGE ? cap : cap / 4;
	return cap;
}

/* Nothing is written behind the NUL at len, so nothing is wiped there. */
static void
release(struct kp_buf *buf)
{
	if (buf->data == NULL)
		return;
	kp_pages_wipe(buf->data, buf->len + 1);
	free(buf->data);
}

bool
kp_buf_reserve(struct kp_buf *buf, size_t len)
{
	size_t cap, need;
	char *grown;

	if (buf->failed)
		return false;
	if (len > SIZE_MAX / 4 - buf->len - 1) {
		buf->failed = true;
		return false;
	}
	need = buf->len + len + 1;
	if (need <= buf->cap)
		return true;
	cap = choose_capacity(buf->cap, need);
	/* Not realloc(): the old block may have held a secret. */
	grown = malloc(cap);
	if (grown == NULL) {
		buf->failed = true;
		return false;
	}
	kp_pages_advise(grown, cap);
	memcpy(grown, kp_buf_view(buf).ptr, buf->len);
	grown[buf->len] = '\0';
	release(buf);
	buf->data = grown;
	buf->cap = cap;
	return true;
}

/* Is there room already?  Mostly there is, and no more to ask for. */
static bool
has_room(const struct kp_buf *buf, size_t len)
{
	return !buf->failed && len < buf->cap - buf->len;
}

void
kp_buf_add(struct kp_buf *buf, struct kp_str bytes)
{
	if (bytes.len == 0 ||
	    (!has_room(buf, bytes.len) && !kp_buf_reserve(buf, bytes.len)))
		return;
	memcpy(buf->data + buf->len, bytes.ptr, bytes.len);
	buf->len += bytes.len;
	buf->data[buf->len] = '\0';
}

void
kp_buf_add_text(struct kp_buf *buf, const char *text)
{
	kp_buf_add(buf, kp_str_of(text));
}

void
kp_buf_add_char(struct kp_buf *buf, char c)
{
	kp_buf_add(buf, kp_str_make(&c, 1));
}

void
kp_buf_add_format(struct kp_buf *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0 || !kp_buf_reserve(buf, (size_t)len)) {
		buf->failed = true;
		return;
	}
	va_start(args, fmt);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, args);
	va_end(args);
	buf->len += (size_t)len;
}

void
kp_buf_cut(struct kp_buf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	explicit_bzero(buf->data + len, buf->len - len);
	buf->len = len;
}

struct kp_buf
kp_buf_take(struct kp_buf *buf)
{
	struct kp_buf taken = *buf;

	*buf = (struct kp_buf){ 0 };
	return taken;
}

void
kp_buf_wipe(struct kp_buf *buf)
{
	release(buf);
	*buf = (struct kp_buf){ 0 };
}
