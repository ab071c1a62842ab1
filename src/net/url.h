/* SPDX-License-Identifier: MIT */
/*
 * url - what is waited for, as RFC 3986 and RFC 8089 write it.
 *
 *	tcp://HOST:PORT             a server accepts a connection
 *	unix:/PATH, unix:///PATH    the same, at a socket of the file system
 *	http://HOST[:PORT][/...]    the status of the answer to a GET
 *	http+unix://%2FPATH[/...]   the same through a socket
 *	file:/PATH, file:///PATH    there is something of that name
 *
 * HOST is a name, an IPv4 address, or an IPv6 address in brackets.  In the
 * paths of sockets and files %HH is a byte; the path and query of a request
 * are sent as they are written.
 */
#ifndef KP_NET_URL_H
#define KP_NET_URL_H

#include "base/attr.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stdint.h>

enum kp_url_kind {
	KP_URL_TCP,
	KP_URL_UNIX,
	KP_URL_HTTP, /* through .path where that is not NULL */
	KP_URL_FILE,
};

/* { 0 } is a valid empty one.  Strings are owned; NULL where there is none. */
struct kp_url {
	enum kp_url_kind kind;
	char *label;     /* for messages: printable, without a query */
	char *host;      /* name or address, no brackets */
	char *authority; /* HOST[:PORT] as written: the header Host */
	char *path;      /* of a socket or file, decoded: absolute */
	char *request;   /* of http: path and query; "/" at least */
	uint16_t port;   /* 0 where there is no host */
};

/* What kp_url_parse() takes, for messages. */
#define KP_URL_FORMS                                                           \
	"tcp://host:port, unix:/path, http://host/path, "                      \
	"http+unix://%2Fsocket/path or file:/path"

/*
 * Read text.  A problem is a usage error that repeats neither user and
 * password nor query.  The caller frees *url, empty before, either way.
 */
bool kp_url_parse(struct kp_url *url, const char *text,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Is the path, where it has been changed since, none too long for a socket?
 * A usage error else.
 */
bool kp_url_check_path(const struct kp_url *url,
    struct kp_diags *diags) KP_MUST_CHECK;

void kp_url_free(struct kp_url *url);

#endif
