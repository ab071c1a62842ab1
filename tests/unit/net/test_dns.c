/* SPDX-License-Identifier: MIT */
/* test_dns - messages by RFC 1035, from servers that mean well or not. */
#include "net/dns.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ID 0x1234

/* id, flags, one question, answers, nothing else: "db" of type, class IN. */
#define HEAD(flags, answers) "\x12\x34" flags "\0\1\0" answers "\0\0\0\0"
#define ASKED(type) "\2db\0\0" type "\0\1"
#define A ASKED("\x01")
#define AAAA ASKED("\x1c")

/* An answer: the name is a pointer to the question; class IN, a TTL. */
#define RECORD(type, len) "\xc0\x0c\0" type "\0\1\0\0\0\x3c\0" len

#define GOOD "\x81\x80"

#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1

static void
a_query_is_what_the_rfc_shows(void **state)
{
	static const char expect[] =
	    "\x12\x34\x01\x00\0\1\0\0\0\0\0\0\1F\3ISI\4ARPA\0\0\1\0\1";
	struct kp_dns_query query;

	(void)state;
	assert_true(kp_dns_ask(&query, kp_str_of("F.ISI.ARPA"), AF_INET, ID));
	assert_int_equal(query.len, sizeof(expect) - 1);
	assert_memory_equal(query.bytes, expect, query.len);
	assert_true(kp_dns_ask(&query, kp_str_of("F.ISI.ARPA"), AF_INET6, ID));
	assert_int_equal(query.bytes[query.len - 3], 28);
}

static void
a_name_that_fits_no_message_is_refused(void **state)
{
	struct kp_dns_query query;
	char name[300];

	(void)state;
	memset(name, 'a', sizeof(name));
	/* 63 bytes of a label, and 255 of a name, are allowed. */
	assert_true(kp_dns_ask(&query, kp_str_make(name, 63), AF_INET, ID));
	assert_false(kp_dns_ask(&query, kp_str_make(name, 64), AF_INET, ID));
	name[63] = name[127] = name[191] = '.';
	assert_true(kp_dns_ask(&query, kp_str_make(name, 253), AF_INET, ID));
	assert_int_equal(query.len, 12 + 255 + 4);
	assert_false(kp_dns_ask(&query, kp_str_make(name, 254), AF_INET, ID));
	assert_false(kp_dns_ask(&query, kp_str_of(""), AF_INET, ID));
	assert_false(kp_dns_ask(&query, kp_str_of("a..b"), AF_INET, ID));
	assert_false(kp_dns_ask(&query, kp_str_of(".a"), AF_INET, ID));
}

static const struct {
	const char *name;
	const unsigned char *message;
	size_t len;
	enum kp_dns_answer expect;
	size_t count;
} answers[] = {
	{ "an address", BYTES(HEAD(GOOD, "\1") A RECORD("\1", "\4") "abcd"),
	    KP_DNS_FOUND, 1 },
	{ "the name in another case",
	    BYTES(HEAD(GOOD, "\1") "\2Db\0\0\1\0\1" RECORD("\1", "\4") "abcd"),
	    KP_DNS_FOUND, 1 },
	{ "an alias before two addresses",
	    BYTES(
	        HEAD(GOOD, "\3") A RECORD("\5", "\4") "\1x\xc0\x0c" RECORD("\1",
	            "\4") "abcd" RECORD("\1", "\4") "abce"),
	    KP_DNS_FOUND, 2 },
	{ "a name that is written out",
	    BYTES(HEAD(GOOD, "\1") A "\2db\0\0\1\0\1\0\0\0\0\0\4abcd"),
	    KP_DNS_FOUND, 1 },
	{ "an alias that leads nowhere",
	    BYTES(HEAD(GOOD, "\1") A RECORD("\5", "\4") "\1x\xc0\x0c"),
	    KP_DNS_ABSENT, 0 },
	{ "no answer at all", BYTES(HEAD(GOOD, "\0") A), KP_DNS_ABSENT, 0 },
	{ "no such name", BYTES(HEAD("\x81\x83", "\0") A), KP_DNS_ABSENT, 0 },
	{ "the server failed", BYTES(HEAD("\x81\x82", "\0") A), KP_DNS_FAILED,
	    0 },
	{ "the server refused", BYTES(HEAD("\x81\x85", "\0") A), KP_DNS_FAILED,
	    0 },
	{ "refused, and the question left out",
	    BYTES("\x12\x34\x81\x85\0\0\0\0\0\0\0\0"), KP_DNS_FAILED, 0 },
	{ "cut short, with an address",
	    BYTES(HEAD("\x83\x80", "\2") A RECORD("\1", "\4") "abcd"),
	    KP_DNS_FOUND, 1 },
	{ "cut short to nothing", BYTES(HEAD("\x83\x80", "\0") A),
	    KP_DNS_FAILED, 0 },
	{ "another number", BYTES("\x12\x35" GOOD "\0\1\0\0\0\0\0\0" A),
	    KP_DNS_FOREIGN, 0 },
	{ "a query", BYTES(HEAD("\x01\x00", "\0") A), KP_DNS_FOREIGN, 0 },
	{ "of another operation", BYTES(HEAD("\xa8\x80", "\0") A),
	    KP_DNS_FOREIGN, 0 },
	{ "another question",
	    BYTES(HEAD(GOOD, "\1") "\2dc\0\0\1\0\1" RECORD("\1", "\4") "abcd"),
	    KP_DNS_FOREIGN, 0 },
	{ "the question for the other family",
	    BYTES(HEAD(GOOD, "\1") AAAA RECORD("\1", "\4") "abcd"),
	    KP_DNS_FOREIGN, 0 },
	{ "no question", BYTES("\x12\x34" GOOD "\0\0\0\0\0\0\0\0"),
	    KP_DNS_FOREIGN, 0 },
	{ "an address of another class",
	    BYTES(HEAD(GOOD, "\1") A "\xc0\x0c\0\1\0\3\0\0\0\0\0\4abcd"),
	    KP_DNS_ABSENT, 0 },
	{ "an address of five bytes",
	    BYTES(HEAD(GOOD, "\1") A RECORD("\1", "\5") "abcde"), KP_DNS_ABSENT,
	    0 },
	{ "an address that is not all there",
	    BYTES(HEAD(GOOD, "\1") A RECORD("\1", "\4") "abc"), KP_DNS_FAILED,
	    0 },
	{ "fewer answers than promised",
	    BYTES(HEAD(GOOD, "\xff") A RECORD("\1", "\4") "abcd"), KP_DNS_FOUND,
	    1 },
	{ "a length beyond the end",
	    BYTES(HEAD(GOOD, "\1") A "\xc0\x0c\0\1\0\1\0\0\0\0\xff\xff"),
	    KP_DNS_FAILED, 0 },
	{ "a label beyond the end",
	    BYTES(HEAD(GOOD, "\1") A "\x3f"
	                             "a"),
	    KP_DNS_FAILED, 0 },
	{ "a pointer that is cut off", BYTES(HEAD(GOOD, "\1") A "\xc0"),
	    KP_DNS_FAILED, 0 },
	{ "a pointer to itself, which nobody follows",
	    BYTES(HEAD(GOOD, "\1") A "\xc0\x14\0\1\0\1\0\0\0\0\0\4abcd"),
	    KP_DNS_FOUND, 1 },
	{ "half a header", BYTES("\x12\x34\x81"), KP_DNS_FOREIGN, 0 },
	{ "nothing", BYTES(""), KP_DNS_FOREIGN, 0 },
};

static void
an_answer_is_read_as_it_is_meant(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct kp_addresses found = { 0 };
		struct kp_dns_query query;
		enum kp_dns_answer answer;

		assert_true(kp_dns_ask(&query, kp_str_of("db"), AF_INET, ID));
		answer = kp_dns_read(&query, answers[i].message, answers[i].len,
		    &found);
		if (answer != answers[i].expect ||
		    found.count != answers[i].count)
			fail_msg("%s: %d with %zu addresses", answers[i].name,
			    answer, found.count);
		if (found.count > 0)
			assert_memory_equal(&found.list[0].name.v4.sin_addr,
			    "abcd", 4);
	}
}

static void
an_address_of_sixteen_bytes_is_read(void **state)
{
	static const char message[] =
	    HEAD(GOOD, "\1") AAAA RECORD("\x1c", "\x10") "0123456789abcdef";
	struct kp_addresses found = { 0 };
	struct kp_dns_query query;

	(void)state;
	assert_true(kp_dns_ask(&query, kp_str_of("db"), AF_INET6, ID));
	assert_int_equal(kp_dns_read(&query, BYTES(message), &found),
	    KP_DNS_FOUND);
	assert_int_equal(found.count, 1);
	assert_memory_equal(&found.list[0].name.v6.sin6_addr,
	    "0123456789abcdef", 16);
}

/* Every prefix, and every byte of it changed: no read beyond the end. */
static void
no_answer_is_read_beyond_its_end(void **state)
{
	static const char whole[] = HEAD(GOOD, "\2")
	    A RECORD("\5", "\4") "\1x\xc0\x0c" RECORD("\1", "\4") "abcd";
	struct kp_dns_query query;
	size_t len, at;

	(void)state;
	assert_true(kp_dns_ask(&query, kp_str_of("db"), AF_INET, ID));
	for (len = 0; len < sizeof(whole); len++) {
		unsigned char *message = test_malloc(len + 1);

		for (at = 0; at < len; at++) {
			struct kp_addresses found = { 0 };

			memcpy(message, whole, len);
			message[at] = 0xff;
			/* On the heap, where tools see what is beyond. */
			kp_dns_read(&query, message, len, &found);
			assert_in_range(found.count, 0, 1);
		}
		test_free(message);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_is_what_the_rfc_shows),
		cmocka_unit_test(a_name_that_fits_no_message_is_refused),
		cmocka_unit_test(an_answer_is_read_as_it_is_meant),
		cmocka_unit_test(an_address_of_sixteen_bytes_is_read),
		cmocka_unit_test(no_answer_is_read_beyond_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
