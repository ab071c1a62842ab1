/* SPDX-License-Identifier: MIT */
/*
 * names - what hosts(5) and resolv.conf(5) say.
 *
 * A static program cannot ask the C library for addresses: getaddrinfo()
 * loads shared libraries.
 */
#ifndef KP_NET_NAMES_H
#define KP_NET_NAMES_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/str.h"
#include "net/address.h"

#include <stdbool.h>
#include <stddef.h>

/* Name servers that are asked, as in the C library. */
#define KP_NAMES_SERVERS_MAX 3

struct kp_names_conf {
	struct kp_addresses servers; /* port 53 */
	struct kp_list search;       /* owned: domains */
	unsigned ndots;              /* a name with so many is tried first */
};

/* Append the addresses that hosts(5) text has for name. */
void kp_names_hosts(struct kp_str text, struct kp_str name,
    struct kp_addresses *out);

/*
 * Read resolv.conf(5) text: nameserver, search, domain, and ndots of
 * options.  Lines that are not understood are passed over; without a server
 * it is the one of this machine.  The caller frees *conf either way; false:
 * no memory.
 */
bool kp_names_conf_parse(struct kp_names_conf *conf,
    struct kp_str text) KP_MUST_CHECK;

/*
 * The number-th name, from 0, to ask for where name is wanted: put into out,
 * which is emptied before.  False: there are no more.
 */
bool kp_names_candidate(const struct kp_names_conf *conf, struct kp_str name,
    size_t number, struct kp_buf *out) KP_MUST_CHECK;

void kp_names_conf_free(struct kp_names_conf *conf);

#endif
