/* SPDX-License-Identifier: MIT */
/* address - where on the network a host is. */
#ifndef KP_NET_ADDRESS_H
#define KP_NET_ADDRESS_H

#include "base/attr.h"
#include "base/str.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct kp_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} name;
	socklen_t len;
};

/* More than that are not tried. */
#define KP_ADDRESSES_MAX 32

/* { 0 } is a valid empty list; nothing in it is owned. */
struct kp_addresses {
	struct kp_address list[KP_ADDRESSES_MAX];
	size_t count;
};

/* Append one by its 4 or 16 bytes; one too many, or a repeated one, is lost. */
void kp_addresses_add(struct kp_addresses *addresses, int family,
    const void *bytes);

/* The same with each of more. */
void kp_addresses_append(struct kp_addresses *addresses,
    const struct kp_addresses *more);

/* As numbers and dots or colons; false: text is no address. */
bool kp_addresses_parse(struct kp_addresses *addresses,
    struct kp_str text) KP_MUST_CHECK;

/* port is in the order of the machine. */
void kp_address_set_port(struct kp_address *address, uint16_t port);

#endif
