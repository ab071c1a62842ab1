/* SPDX-License-Identifier: MIT */
/* address - where on the network a host is. */
#include "net/address.h"

#include <arpa/inet.h>
#include <string.h>

static struct kp_address
make(int family, const void *bytes)
{
	struct kp_address address;

	/* All of it: addresses are compared byte by byte. */
	memset(&address, 0, sizeof(address));
	address.name.any.sa_family = (sa_family_t)family;
	if (family == AF_INET) {
		address.len = sizeof(address.name.v4);
		memcpy(&address.name.v4.sin_addr, bytes,
		    sizeof(address.name.v4.sin_addr));
	} else {
		address.len = sizeof(address.name.v6);
		memcpy(&address.name.v6.sin6_addr, bytes,
		    sizeof(address.name.v6.sin6_addr));
	}
	return address;
}

static void
add(struct kp_addresses *addresses, const struct kp_address *address)
{
	size_t i;

	for (i = 0; i < addresses->count; i++) {
		if (memcmp(&addresses->list[i], address, sizeof(*address)) == 0)
			return;
	}
	if (addresses->count < KP_ADDRESSES_MAX)
		addresses->list[addresses->count++] = *address;
}

void
kp_addresses_add(struct kp_addresses *addresses, int family, const void *bytes)
{
	struct kp_address address = make(family, bytes);

	add(addresses, &address);
}

void
kp_addresses_append(struct kp_addresses *addresses,
    const struct kp_addresses *more)
{
	size_t i;

	for (i = 0; i < more->count; i++)
		add(addresses, &more->list[i]);
}

bool
kp_addresses_parse(struct kp_addresses *addresses, struct kp_str text)
{
	char copy[INET6_ADDRSTRLEN];
	unsigned char bytes[sizeof(struct in6_addr)];

	if (text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, bytes) == 1)
		kp_addresses_add(addresses, AF_INET, bytes);
	else if (inet_pton(AF_INET6, copy, bytes) == 1)
		kp_addresses_add(addresses, AF_INET6, bytes);
	else
		return false;
	return true;
}

void
kp_address_set_port(struct kp_address *address, uint16_t port)
{
	if (address->name.any.sa_family == AF_INET)
		address->name.v4.sin_port = htons(port);
	else
		address->name.v6.sin6_port = htons(port);
}
