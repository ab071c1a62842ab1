/* SPDX-License-Identifier: MIT */
/*
 * dns - the messages of RFC 1035 that ask for an address.
 *
 *	message = header question* answer* ...
 *	header  = id[2] flags[2] questions[2] answers[2] other[4]
 *	name    = label* (NUL / pointer[2])
 *	answer  = name type[2] class[2] ttl[4] length[2] data[length]
 */
#include "net/dns.h"

#include <netinet/in.h>
#include <string.h>

#define HEADER 12
#define NAME_MAX_BYTES 255
#define LABEL_MAX_BYTES 63
#define FIXED 10 /* of an answer, behind its name */

/* The second word of the header. */
#define IS_ANSWER 0x8000
#define OPCODE 0x7800
#define CUT_SHORT 0x0200
#define RECURSE 0x0100
#define RCODE 0x000f

#define NO_SUCH_NAME 3

#define TYPE_A 1
#define TYPE_AAAA 28
#define CLASS_IN 1

static unsigned
get16(const unsigned char *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

static void
put16(struct kp_dns_query *query, unsigned number)
{
	query->bytes[query->len++] = (unsigned char)(number >> 8);
	query->bytes[query->len++] = (unsigned char)number;
}

static unsigned
type_of(int family)
{
	return family == AF_INET ? TYPE_A : TYPE_AAAA;
}

/* Labels, each behind its length, and an empty one. */
static bool
put_name(struct kp_dns_query *query, struct kp_str name)
{
	/* A length before the first label, one byte for the empty label. */
	if (name.len == 0 || name.len + 2 > NAME_MAX_BYTES)
		return false;
	while (name.len > 0) {
		size_t dot = kp_str_find(name, '.');
		size_t len = dot == KP_NPOS ? name.len : dot;

		if (len == 0 || len > LABEL_MAX_BYTES)
			return false;
		query->bytes[query->len++] = (unsigned char)len;
		memcpy(query->bytes + query->len, name.ptr, len);
		query->len += len;
		name = kp_str_slice(name, dot == KP_NPOS ? len : len + 1,
		    name.len);
	}
	query->bytes[query->len++] = 0;
	return true;
}

bool
kp_dns_ask(struct kp_dns_query *query, struct kp_str name, int family,
    uint16_t id)
{
	*query = (struct kp_dns_query){ .family = family };
	put16(query, id);
	put16(query, RECURSE);
	put16(query, 1);
	query->len = HEADER;
	if (!put_name(query, name))
		return false;
	put16(query, type_of(family));
	put16(query, CLASS_IN);
	return true;
}

/* Is it the question of the query?  A server may change the case. */
static bool
repeats(const struct kp_dns_query *query, const unsigned char *message,
    size_t len)
{
	return len >= query->len && get16(message + 4) == 1 &&
	    kp_str_eq_nocase(kp_str_make((const char *)message + HEADER,
	                         query->len - HEADER),
	        kp_str_make((const char *)query->bytes + HEADER,
	            query->len - HEADER));
}

/* Behind the name at offset at; len where there is no end to it. */
static size_t
skip_name(const unsigned char *message, size_t len, size_t at)
{
	while (at < len) {
		unsigned char count = message[at];

		if (count == 0)
			return at + 1;
		if (count > LABEL_MAX_BYTES)
			return at + 2 < len ? at + 2 : len;
		at += count + 1U;
	}
	return len;
}

/* Take one answer; *at moves behind it.  False: it is not complete. */
static bool
take_answer(const struct kp_dns_query *query, const unsigned char *message,
    size_t len, size_t *at, struct kp_addresses *out)
{
	size_t size = query->family == AF_INET ? 4 : 16;
	const unsigned char *fixed;
	size_t data;

	*at = skip_name(message, len, *at);
	if (len - *at < FIXED)
		return false;
	fixed = message + *at;
	data = get16(fixed + 8);
	*at += FIXED;
	if (len - *at < data)
		return false;
	if (get16(fixed) == type_of(query->family) &&
	    get16(fixed + 2) == CLASS_IN && data == size)
		kp_addresses_add(out, query->family, message + *at);
	*at += data;
	return true;
}

enum kp_dns_answer
kp_dns_read(const struct kp_dns_query *query, const unsigned char *message,
    size_t len, struct kp_addresses *out)
{
	size_t before = out->count, at = query->len;
	unsigned flags, left;
	bool whole = true;

	if (len < HEADER || get16(message) != get16(query->bytes))
		return KP_DNS_FOREIGN;
	flags = get16(message + 2);
	if ((flags & IS_ANSWER) == 0 || (flags & OPCODE) != 0)
		return KP_DNS_FOREIGN;
	if (!repeats(query, message, len))
		return (flags & RCODE) == 0 ? KP_DNS_FOREIGN : KP_DNS_FAILED;
	if ((flags & RCODE) == NO_SUCH_NAME)
		return KP_DNS_ABSENT;
	if ((flags & RCODE) != 0)
		return KP_DNS_FAILED;
	for (left = get16(message + 6); left > 0 && whole; left--)
		whole = take_answer(query, message, len, &at, out);
	if (out->count > before)
		return KP_DNS_FOUND;
	return whole && (flags & CUT_SHORT) == 0 ? KP_DNS_ABSENT :
	                                           KP_DNS_FAILED;
}
