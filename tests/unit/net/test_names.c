/* SPDX-License-Identifier: MIT */
/* test_names - hosts(5) and resolv.conf(5), read as the C library does. */
#include "net/names.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* All of them as text, a blank behind each. */
static const char *
show(const struct kp_addresses *addresses)
{
	static char text[KP_ADDRESSES_MAX * (INET6_ADDRSTRLEN + 1)];
	size_t i;

	text[0] = '\0';
	for (i = 0; i < addresses->count; i++) {
		const struct kp_address *address = &addresses->list[i];
		char one[INET6_ADDRSTRLEN];

		if (address->name.any.sa_family == AF_INET)
			inet_ntop(AF_INET, &address->name.v4.sin_addr, one,
			    sizeof(one));
		else
			inet_ntop(AF_INET6, &address->name.v6.sin6_addr, one,
			    sizeof(one));
		strlcat(text, one, sizeof(text));
		strlcat(text, " ", sizeof(text));
	}
	return text;
}

static const struct {
	const char *name, *text, *host, *expect;
} hosts[] = {
	{ "a name", "10.0.0.1 db\n", "db", "10.0.0.1 " },
	{ "an alias, behind tabs", "10.0.0.1\tdb.example\tdb\n", "db",
	    "10.0.0.1 " },
	{ "all lines that have the name",
	    "127.0.0.1 localhost\n::1 localhost ip6-localhost\n", "localhost",
	    "127.0.0.1 ::1 " },
	{ "the case of a name does not count", "10.0.0.1 DB\n", "db",
	    "10.0.0.1 " },
	{ "a final dot of the name asked for does not count", "10.0.0.1 db\n",
	    "db.", "10.0.0.1 " },
	{ "a part of a name is another name", "10.0.0.1 db1 adb\n", "db", "" },
	{ "an address is no name", "10.0.0.1 db\n", "10.0.0.1", "" },
	{ "a comment is none of the line",
	    "#10.0.0.1 db\n10.0.0.2 a # db\n10.0.0.3 db#x\n", "db",
	    "10.0.0.3 " },
	{ "the last line needs no end", "\n\n  10.0.0.1   db  ", "db",
	    "10.0.0.1 " },
	{ "CR LF ends lines as well", "10.0.0.1 db\r\n10.0.0.2 x\r\n", "db",
	    "10.0.0.1 " },
	{ "what is no address is passed over",
	    "300.0.0.1 db\n10.1 db\nfe80::1%eth0 db\n10.0.0.4 db\n", "db",
	    "10.0.0.4 " },
	{ "an address that stands there twice is one",
	    "10.0.0.1 db\n10.0.0.1 db\n", "db", "10.0.0.1 " },
	{ "an empty file", "", "db", "" },
};

static void
the_addresses_of_a_name_are_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct kp_addresses found = { 0 };

		kp_names_hosts(kp_str_of(hosts[i].text),
		    kp_str_of(hosts[i].host), &found);
		if (strcmp(show(&found), hosts[i].expect) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", hosts[i].name,
			    show(&found), hosts[i].expect);
	}
}

static const struct {
	const char *name, *text, *servers, *host, *candidates;
} confs[] = {
	{ "without a file the server is here", "", "127.0.0.1 ", "db", "db " },
	{ "Docker's file", "nameserver 127.0.0.11\noptions ndots:0\n",
	    "127.0.0.11 ", "db", "db " },
	{ "the file of a pod: the domains come first",
	    "search a.svc.cluster.local svc.cluster.local cluster.local\n"
	    "nameserver 10.96.0.10\noptions ndots:5\n",
	    "10.96.0.10 ", "db",
	    "db.a.svc.cluster.local db.svc.cluster.local db.cluster.local "
	    "db " },
	{ "four dots of five: the same", "search x\noptions ndots:5\n",
	    "127.0.0.1 ", "a.b.c.d.e", "a.b.c.d.e.x a.b.c.d.e " },
	{ "five dots of five: the name first", "search x\noptions ndots:5\n",
	    "127.0.0.1 ", "a.b.c.d.e.f", "a.b.c.d.e.f a.b.c.d.e.f.x " },
	{ "one dot is enough unless told otherwise", "search x y\n",
	    "127.0.0.1 ", "a.b", "a.b a.b.x a.b.y " },
	{ "a final dot forbids all domains", "search x\noptions ndots:5\n",
	    "127.0.0.1 ", "db.", "db " },
	{ "the last of search and domain counts",
	    "search a b\ndomain c d\nsearch e.\n", "127.0.0.1 ", "db",
	    "db.e db " },
	{ "domain has one", "domain c d\n", "127.0.0.1 ", "db", "db.c db " },
	{ "the root as a domain is no domain", "search .\n", "127.0.0.1 ", "db",
	    "db " },
	{ "three servers at most",
	    "nameserver 10.0.0.1\nnameserver ::1\nnameserver 10.0.0.3\n"
	    "nameserver 10.0.0.4\n",
	    "10.0.0.1 ::1 10.0.0.3 ", "db", "db " },
	{ "comments, blanks before a keyword, what nobody knows",
	    "# nameserver 1.1.1.1\n;nameserver 1.1.1.1\n nameserver 1.1.1.1\n"
	    "sortlist 1.1.1.1\nnameserver x\nnameserver\tfe80::1%eth0\n"
	    "nameserver\t10.0.0.9 # ours\noptions edns0 trust-ad ndots:x\n",
	    "10.0.0.9 ", "db", "db " },
	{ "more dots than fifteen are fifteen",
	    "search x\noptions ndots:4000\n", "127.0.0.1 ",
	    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p",
	    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p "
	    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.x " },
};

static void
servers_and_names_to_ask_for_are_those_of_the_file(void **state)
{
	size_t i, number;

	(void)state;
	for (i = 0; i < sizeof(confs) / sizeof(confs[0]); i++) {
		struct kp_buf name = { 0 }, all = { 0 };
		struct kp_names_conf conf;

		assert_true(
		    kp_names_conf_parse(&conf, kp_str_of(confs[i].text)));
		if (strcmp(show(&conf.servers), confs[i].servers) != 0)
			fail_msg("%s: servers %s", confs[i].name,
			    show(&conf.servers));
		for (number = 0; kp_names_candidate(&conf,
		         kp_str_of(confs[i].host), number, &name);
		     number++)
			kp_buf_add_format(&all, "%s ", name.data);
		if (strcmp(all.data, confs[i].candidates) != 0)
			fail_msg("%s: got \"%s\"", confs[i].name, all.data);
		kp_buf_wipe(&name);
		kp_buf_wipe(&all);
		kp_names_conf_free(&conf);
	}
}

static void
name_servers_are_at_port_53(void **state)
{
	static const char text[] = "nameserver 10.0.0.1\nnameserver ::1\n";
	struct kp_names_conf conf;

	(void)state;
	assert_true(kp_names_conf_parse(&conf, kp_str_of(text)));
	assert_int_equal(ntohs(conf.servers.list[0].name.v4.sin_port), 53);
	assert_int_equal(ntohs(conf.servers.list[1].name.v6.sin6_port), 53);
	kp_names_conf_free(&conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_addresses_of_a_name_are_found),
		cmocka_unit_test(
		    servers_and_names_to_ask_for_are_those_of_the_file),
		cmocka_unit_test(name_servers_are_at_port_53),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
