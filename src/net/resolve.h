/* SPDX-License-Identifier: MIT */
/* resolve - the addresses of a host: by /etc/hosts, else by name servers. */
#ifndef KP_NET_RESOLVE_H
#define KP_NET_RESOLVE_H

#include "base/attr.h"
#include "net/address.h"
#include "net/limit.h"
#include "net/reason.h"

#include <stdbool.h>

/*
 * Append the addresses of host, a name or an address itself; the IPv4 ones
 * first.  /etc/hosts and /etc/resolv.conf are read at each call, and need
 * not be there: "localhost" is known without them.  All name servers are
 * asked at once, and again each second, until one has told.  False: there is
 * none, as *why says.
 */
bool kp_resolve(const char *host, const struct kp_limit *limit,
    struct kp_addresses *out, struct kp_reason *why) KP_MUST_CHECK;

#endif
