/* SPDX-License-Identifier: MIT */
/*
 * dns - the messages of RFC 1035 that ask for an address.
 *
 * A server that looks up recursively, as those of resolv.conf(5) do, answers
 * with the addresses themselves, behind whatever aliases lead to them: no
 * name of an answer has to be read, only passed over.
 */
#ifndef KP_NET_DNS_H
#define KP_NET_DNS_H

#include "base/attr.h"
#include "base/str.h"
#include "net/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A header, a name and what is asked for. */
#define KP_DNS_QUERY_MAX (12 + 255 + 4)

/* Nobody may send more than 512 bytes to who did not ask for it. */
#define KP_DNS_ANSWER_MAX 4096

struct kp_dns_query {
	unsigned char bytes[KP_DNS_QUERY_MAX];
	size_t len;
	int family; /* AF_INET, AF_INET6 */
};

enum kp_dns_answer {
	KP_DNS_FOREIGN, /* not to this query, or not an answer at all */
	KP_DNS_FOUND,
	KP_DNS_ABSENT, /* there is no such name, or it has no such address */
	KP_DNS_FAILED, /* the server could not tell, or told nonsense */
};

/* False: name, without a final dot, is too long, or a label of it is. */
bool kp_dns_ask(struct kp_dns_query *query, struct kp_str name, int family,
    uint16_t id) KP_MUST_CHECK;

/*
 * Append the addresses that a message has.  One that was cut short serves as
 * far as it goes.
 */
enum kp_dns_answer kp_dns_read(const struct kp_dns_query *query,
    const unsigned char *message, size_t len, struct kp_addresses *out);

#endif
