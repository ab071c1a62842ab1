/* SPDX-License-Identifier: MIT */
/* wait - until everything that a service needs is up. */
#include "net/wait.h"

#include "base/array.h"
#include "base/buf.h"
#include "net/connect.h"
#include "net/http.h"
#include "net/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_PAUSE_MS 50

bool
kp_wait_add(struct kp_wait *wait, const char *url, struct kp_diags *diags)
{
	if (!kp_array_grow((void **)&wait->list, &wait->cap, wait->count + 1,
	        sizeof(*wait->list)))
		return kp_diag_nomem(diags);
	wait->list[wait->count] = (struct kp_awaited){ 0 };
	return kp_url_parse(&wait->list[wait->count++].url, url, diags);
}

/* --- one attempt --- */

static bool
try_file(const char *path, struct kp_reason *why)
{
	struct stat status;

	return stat(path, &status) == 0 || kp_reason_sys(why, NULL);
}

static int
open_server(const struct kp_url *url, const struct kp_limit *limit,
    struct kp_reason *why)
{
	struct kp_addresses addresses = { 0 };

	if (url->path != NULL)
		return kp_connect_unix(url->path, limit, why);
	if (!kp_resolve(url->host, limit, &addresses, why))
		return -1;
	return kp_connect(&addresses, url->port, limit, why);
}

static bool
try_server(const struct kp_url *url, const struct kp_limit *limit,
    struct kp_reason *why)
{
	int fd = open_server(url, limit, why);

	if (fd != -1)
		close(fd);
	/* At a socket that takes datagrams somebody is there as well. */
	return fd != -1 || (url->path != NULL && why->sys_errno == EPROTOTYPE);
}

static bool
try_http(const struct kp_wait *wait, const struct kp_url *url,
    const struct kp_limit *limit, struct kp_reason *why)
{
	int fd = open_server(url, limit, why);
	struct kp_buf request = { 0 };
	unsigned status = 0;
	bool good;

	if (fd == -1)
		return false;
	kp_http_request(&request, url, wait->headers);
	good = kp_buf_ok(&request) ?
	    kp_http_get(fd, kp_buf_view(&request), limit, &status, why) :
	    kp_reason_set(why, "not enough memory");
	kp_buf_wipe(&request);
	close(fd);
	return good &&
	    (kp_http_expects(wait->expect, status) ||
	        kp_reason_set(why, "status %u", status));
}

static bool
try_url(const struct kp_wait *wait, const struct kp_url *url,
    const struct kp_limit *limit, struct kp_reason *why)
{
	switch (url->kind) {
	case KP_URL_TCP:
	case KP_URL_UNIX:
		return try_server(url, limit, why);
	case KP_URL_HTTP:
		return try_http(wait, url, limit, why);
	case KP_URL_FILE:
		break;
	}
	return try_file(url->path, why);
}

/* --- all of them --- */

/* Of those from the i-th on. */
static size_t
count_missing(const struct kp_wait *wait, size_t i)
{
	size_t count = 0;

	for (; i < wait->count; i++)
		count += !wait->list[i].up;
	return count;
}

/* One that hangs leaves so many others their share of the time. */
static struct kp_limit
share_of(const struct kp_wait *wait, const struct kp_limit *limit,
    size_t others)
{
	int64_t share_ms = kp_limit_left(limit) / ((int64_t)others + 1);

	return kp_limit_within(limit,
	    share_ms < wait->attempt_ms ? share_ms : wait->attempt_ms);
}

bool
kp_wait_once(struct kp_wait *wait, const struct kp_limit *limit)
{
	size_t i;

	for (i = 0; i < wait->count; i++) {
		struct kp_awaited *awaited = &wait->list[i];
		struct kp_limit share;

		if (awaited->up)
			continue;
		if (kp_limit_stopped(limit))
			return false;
		share = share_of(wait, limit, count_missing(wait, i + 1));
		awaited->up =
		    try_url(wait, &awaited->url, &share, &awaited->why);
		if (wait->tell != NULL)
			wait->tell(wait->ctx, awaited);
	}
	return count_missing(wait, 0) == 0;
}

bool
kp_wait(struct kp_wait *wait, const struct kp_limit *limit)
{
	int64_t pause_ms = FIRST_PAUSE_MS;

	for (;;) {
		struct kp_limit pause;

		if (kp_wait_once(wait, limit))
			return true;
		if (pause_ms > wait->interval_ms)
			pause_ms = wait->interval_ms;
		pause = kp_limit_within(limit, pause_ms);
		kp_limit_pause(&pause);
		pause_ms *= 2;
		/* An attempt with no time left would hide the real reason. */
		if (kp_limit_left(limit) == 0 || kp_limit_stopped(limit))
			return false;
	}
}

void
kp_wait_free(struct kp_wait *wait)
{
	size_t i;

	for (i = 0; i < wait->count; i++)
		kp_url_free(&wait->list[i].url);
	free(wait->list);
	wait->list = NULL;
	wait->count = wait->cap = 0;
}
