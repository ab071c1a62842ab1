/* SPDX-License-Identifier: MIT */
/* resolve - the addresses of a host: by /etc/hosts, else by name servers. */
#include "net/resolve.h"

#include "base/buf.h"
#include "base/random.h"
#include "io/file.h"
#include "net/dns.h"
#include "net/names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOSTS "/etc/hosts"
#define RESOLV_CONF "/etc/resolv.conf"
#define FILE_MAX ((size_t)1024 * 1024)

/* A datagram may be lost. */
#define AGAIN_MS 1000

/*
 * Some servers never answer for a family that they do not have: once there
 * is an address of the other one, it gets no more than this.
 */
#define OTHER_FAMILY_MS 200

/* For addresses of one family. */
struct question {
	struct kp_dns_query query;
	enum kp_dns_answer state; /* KP_DNS_FOREIGN: no answer yet */
	unsigned failed;          /* servers that could not tell: bits */
	unsigned absent;          /* servers that say there is none */
	struct kp_addresses found;
};

#define NQUESTIONS 2

/* One name, asked for at all servers. */
struct exchange {
	struct question questions[NQUESTIONS];
	struct pollfd servers[KP_NAMES_SERVERS_MAX]; /* fd -1: out of reach */
	size_t nservers;
	unsigned heard; /* servers that said anything: bits */
};

/* --- one exchange --- */

static bool
open_exchange(struct exchange *exchange, const struct kp_names_conf *conf,
    struct kp_str name)
{
	static const int families[NQUESTIONS] = { AF_INET, AF_INET6 };
	uint16_t ids[NQUESTIONS];
	size_t i;

	exchange->nservers = 0;
	exchange->heard = 0;
	if (!kp_random_fill(ids, sizeof(ids)))
		return false;
	for (i = 0; i < NQUESTIONS; i++) {
		exchange->questions[i] = (struct question){ 0 };
		if (!kp_dns_ask(&exchange->questions[i].query, name,
		        families[i], ids[i]))
			return false;
	}
	/* Connected, a socket takes datagrams of its server alone. */
	for (i = 0; i < conf->servers.count; i++) {
		const struct kp_address *server = &conf->servers.list[i];
		int fd = socket(server->name.any.sa_family,
		    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		if (fd != -1 &&
		    connect(fd, &server->name.any, server->len) == -1) {
			close(fd);
			fd = -1;
		}
		exchange->servers[i].fd = fd;
		exchange->servers[i].events = POLLIN;
		exchange->nservers++;
	}
	return true;
}

static void
close_exchange(struct exchange *exchange)
{
	size_t i;

	for (i = 0; i < exchange->nservers; i++) {
		if (exchange->servers[i].fd != -1)
			close(exchange->servers[i].fd);
	}
}

/*
 * That there is no address is the word of the first server that can tell, as
 * a later one may not know the names of here: resolv.conf(5).  One that is
 * out of reach, or could not tell, is not the last word.
 */
static void
weigh(const struct exchange *exchange, struct question *question)
{
	size_t first = 0;

	if (question->state != KP_DNS_FOREIGN)
		return;
	while (
	    first < exchange->nservers && (question->failed & 1U << first) != 0)
		first++;
	if (first == exchange->nservers)
		question->state = KP_DNS_FAILED;
	else if ((question->absent & 1U << first) != 0)
		question->state = KP_DNS_ABSENT;
}

/*
 * A server that is silent for so long, where another one answers, leaves the
 * word to the next ones, in *silent: for all names that are asked for now.
 */
static void
pass_over_silent(struct exchange *exchange, unsigned *silent)
{
	unsigned all = (1U << exchange->nservers) - 1;
	size_t i;

	if (exchange->heard != 0)
		*silent |= all & ~exchange->heard;

	for (i = 0; i < NQUESTIONS; i++) {
		struct question *question = &exchange->questions[i];

		if (question->state == KP_DNS_FOREIGN && question->absent != 0)
			question->state = KP_DNS_ABSENT;
	}
}

static void
give_up_server(struct exchange *exchange, size_t server)
{
	size_t i;

	if (exchange->servers[server].fd != -1)
		close(exchange->servers[server].fd);
	exchange->servers[server].fd = -1;
	for (i = 0; i < NQUESTIONS; i++) {
		exchange->questions[i].failed |= 1U << server;
		weigh(exchange, &exchange->questions[i]);
	}
}

static void
send_to(struct exchange *exchange, size_t server)
{
	size_t i;

	for (i = 0; i < NQUESTIONS; i++) {
		const struct question *question = &exchange->questions[i];

		if (question->state != KP_DNS_FOREIGN ||
		    ((question->failed | question->absent) & 1U << server) != 0)
			continue;
		if (send(exchange->servers[server].fd, question->query.bytes,
		        question->query.len, MSG_NOSIGNAL) == -1 &&
		    errno != EAGAIN) {
			give_up_server(exchange, server);
			return;
		}
	}
}

static void
send_all(struct exchange *exchange)
{
	size_t i;

	for (i = 0; i < exchange->nservers; i++) {
		if (exchange->servers[i].fd == -1)
			give_up_server(exchange, i);
		else
			send_to(exchange, i);
	}
}

static void
take_message(struct exchange *exchange, size_t server,
    const unsigned char *message, size_t len)
{
	size_t i;

	for (i = 0; i < NQUESTIONS; i++) {
		struct question *question = &exchange->questions[i];
		enum kp_dns_answer answer;

		if (question->state != KP_DNS_FOREIGN)
			continue;
		answer = kp_dns_read(&question->query, message, len,
		    &question->found);
		if (answer == KP_DNS_FOUND)
			question->state = answer;
		else if (answer == KP_DNS_ABSENT)
			question->absent |= 1U << server;
		else if (answer == KP_DNS_FAILED)
			question->failed |= 1U << server;
		weigh(exchange, question);
	}
}

static void
receive(struct exchange *exchange, size_t server)
{
	unsigned char message[KP_DNS_ANSWER_MAX];
	ssize_t got;

	got = recv(exchange->servers[server].fd, message, sizeof(message), 0);
	if (got >= 0) {
		exchange->heard |= 1U << server;
		take_message(exchange, server, message, (size_t)got);
	} else if (errno != EAGAIN && errno != EINTR) {
		give_up_server(exchange, server);
	}
}

static bool
is_settled(const struct exchange *exchange)
{
	return exchange->questions[0].state != KP_DNS_FOREIGN &&
	    exchange->questions[1].state != KP_DNS_FOREIGN;
}

static bool
has_found(const struct exchange *exchange)
{
	return exchange->questions[0].state == KP_DNS_FOUND ||
	    exchange->questions[1].state == KP_DNS_FOUND;
}

/* Take what comes until all is told or the limit is reached. */
static void
listen_for(struct exchange *exchange, const struct kp_limit *limit)
{
	struct kp_limit rest = *limit;
	size_t i;

	while (!is_settled(exchange) &&
	    kp_limit_poll(&rest, exchange->servers, exchange->nservers)) {
		for (i = 0; i < exchange->nservers; i++) {
			if (exchange->servers[i].revents != 0)
				receive(exchange, i);
		}
		if (has_found(exchange))
			rest = kp_limit_within(&rest, OTHER_FAMILY_MS);
	}
}

/* Both families count as one name: what one has is told. */
static enum kp_dns_answer
settle(const struct exchange *exchange, struct kp_addresses *out)
{
	size_t i;

	for (i = 0; i < NQUESTIONS; i++) {
		if (exchange->questions[i].state == KP_DNS_FOUND)
			kp_addresses_append(out, &exchange->questions[i].found);
	}
	return has_found(exchange) ? KP_DNS_FOUND :
	                             exchange->questions[0].state;
}

/* KP_DNS_FOREIGN: no answer in time. */
static enum kp_dns_answer
ask_servers(const struct kp_names_conf *conf, struct kp_str name,
    const struct kp_limit *limit, unsigned *silent, struct kp_addresses *out)
{
	struct exchange exchange;
	enum kp_dns_answer answer;
	size_t i;

	/* What cannot be asked for is not there. */
	if (!open_exchange(&exchange, conf, name))
		return KP_DNS_ABSENT;
	for (i = 0; i < NQUESTIONS; i++)
		exchange.questions[i].failed = *silent;
	do {
		struct kp_limit turn = kp_limit_within(limit, AGAIN_MS);

		send_all(&exchange);
		listen_for(&exchange, &turn);
		pass_over_silent(&exchange, silent);
	} while (!is_settled(&exchange) && !has_found(&exchange) &&
	    kp_limit_left(limit) > 0 && !kp_limit_stopped(limit));
	answer = settle(&exchange, out);
	close_exchange(&exchange);
	return answer;
}

/* --- one host --- */

/* A file that is not there, or of an odd kind, has nothing to say. */
static void
read_file(const char *path, struct kp_buf *out)
{
	struct kp_file_refusal why;

	if (!kp_file_read_at(AT_FDCWD, path, 0, FILE_MAX, out, &why))
		kp_buf_cut(out, 0);
}

static bool
is_localhost(struct kp_str host)
{
	return kp_str_is_nocase(host, "localhost") ||
	    kp_str_is_nocase(host, "localhost.");
}

/* RFC 6761, section 6.3: with no file that tells, too. */
static void
add_loopback(struct kp_addresses *out)
{
	const struct in_addr v4 = { htonl(INADDR_LOOPBACK) };
	const struct in6_addr v6 = IN6ADDR_LOOPBACK_INIT;

	kp_addresses_add(out, AF_INET, &v4);
	kp_addresses_add(out, AF_INET6, &v6);
}

static void
look_in_hosts(struct kp_str host, struct kp_addresses *out)
{
	struct kp_buf text = { 0 };

	read_file(HOSTS, &text);
	kp_names_hosts(kp_buf_view(&text), host, out);
	kp_buf_wipe(&text);
	if (out->count == 0 && is_localhost(host))
		add_loopback(out);
}

/* The name as it is, and in the domains that are searched. */
static bool
ask_candidates(const struct kp_names_conf *conf, struct kp_str host,
    const struct kp_limit *limit, struct kp_addresses *out,
    struct kp_reason *why)
{
	struct kp_buf name = { 0 };
	unsigned silent = 0;
	bool failed = false;
	size_t i;

	kp_reason_set(why, "no such name");
	for (i = 0; kp_names_candidate(conf, host, i, &name); i++) {
		enum kp_dns_answer answer = KP_DNS_FAILED;

		if (kp_buf_ok(&name))
			answer = ask_servers(conf, kp_buf_view(&name), limit,
			    &silent, out);
		failed = failed || answer == KP_DNS_FAILED;
		if (answer == KP_DNS_FOUND || answer == KP_DNS_FOREIGN)
			break;
	}
	if (out->count == 0 && kp_limit_left(limit) == 0)
		kp_reason_set(why, "no answer from the name server");
	else if (failed)
		kp_reason_set(why, "the name server cannot tell the address");
	kp_buf_wipe(&name);
	return out->count > 0;
}

bool
kp_resolve(const char *host, const struct kp_limit *limit,
    struct kp_addresses *out, struct kp_reason *why)
{
	struct kp_str name = kp_str_of(host);
	struct kp_names_conf conf;
	struct kp_buf text = { 0 };
	bool good;

	if (kp_addresses_parse(out, name))
		return true;
	look_in_hosts(name, out);
	if (out->count > 0)
		return true;
	read_file(RESOLV_CONF, &text);
	good = kp_names_conf_parse(&conf, kp_buf_view(&text));
	kp_buf_wipe(&text);
	good = good ? ask_candidates(&conf, name, limit, out, why) :
	              kp_reason_set(why, "not enough memory");
	kp_names_conf_free(&conf);
	return good;
}
