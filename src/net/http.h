/* SPDX-License-Identifier: MIT */
/*
 * http - one GET of HTTP/1.1 (RFC 9112), of whose answer the status counts.
 *
 * Redirections are not followed: a 301 is a 301.
 */
#ifndef KP_NET_HTTP_H
#define KP_NET_HTTP_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/str.h"
#include "net/limit.h"
#include "net/reason.h"
#include "net/url.h"

#include <stdbool.h>

/* "200-399" or "204": 100 to 599.  False: no such range. */
bool kp_http_range(struct kp_str text, unsigned *least,
    unsigned *most) KP_MUST_CHECK;

/* Is status in one of the ranges?  Without any: is it one of 200-399? */
bool kp_http_expects(const struct kp_list *ranges, unsigned status);

/* The characters that the name of a header may have; not empty. */
bool kp_http_is_token(struct kp_str name);

/* No control character but the tab: nothing can end the header. */
bool kp_http_is_field(struct kp_str value);

/*
 * Append the request of a URL.  headers, each "Name: value", replace those
 * of the same name that a request has anyway.
 */
void kp_http_request(struct kp_buf *out, const struct kp_url *url,
    const struct kp_list *headers);

enum kp_http_head {
	KP_HTTP_MORE, /* there is no status yet */
	KP_HTTP_STATUS,
	KP_HTTP_STRANGE, /* that is no answer of HTTP */
};

/* The final status, behind interim ones (1xx), in what has come so far. */
enum kp_http_head kp_http_status(struct kp_str head, unsigned *status);

/* Send request through fd, and read until the status is known. */
bool kp_http_get(int fd, struct kp_str request, const struct kp_limit *limit,
    unsigned *status, struct kp_reason *why) KP_MUST_CHECK;

#endif
