/* SPDX-License-Identifier: MIT */
/* connect - a connection, within a limit. */
#ifndef KP_NET_CONNECT_H
#define KP_NET_CONNECT_H

#include "base/attr.h"
#include "net/address.h"
#include "net/limit.h"
#include "net/reason.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Connect to port at one of the addresses, tried in their order with a share
 * of the time each.  The descriptor, which never blocks and which the caller
 * closes; -1: *why tells.
 */
int kp_connect(const struct kp_addresses *addresses, uint16_t port,
    const struct kp_limit *limit, struct kp_reason *why) KP_MUST_CHECK;

/* The same for a stream socket of the file system. */
int kp_connect_unix(const char *path, const struct kp_limit *limit,
    struct kp_reason *why) KP_MUST_CHECK;

#endif
