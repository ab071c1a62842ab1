/* SPDX-License-Identifier: MIT */
/*
 * docker-exporter - tells Prometheus how many replicas of each service of a
 * swarm run, and how many should.
 *
 * main.c answers HTTP, engine.c asks the engine, metrics.c counts.  Settings
 * are variables: DOCKER_SOCKET, and PORT.  The engine is asked at each request
 * for /metrics; where it does not answer, the status is 503, so that the
 * target is down and no figure is an old one.
 */
#include <curl/curl.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "metrics.h"

#define TEXT_FORMAT "text/plain; version=0.0.4; charset=utf-8"

static char *
current_metrics(const char *socket)
{
	json_t *services = engine_get(socket, "/services");
	json_t *tasks = engine_get(socket, "/tasks");
	json_t *nodes = engine_get(socket, "/nodes");
	char *page = exporter_metrics(services, tasks, nodes);

	json_decref(services);
	json_decref(tasks);
	json_decref(nodes);
	return page;
}

/* Send text, which is freed then if it is owned. */
static enum MHD_Result
answer_with(struct MHD_Connection *connection, unsigned status, char *text,
    enum MHD_ResponseMemoryMode owned)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(strlen(text), text, owned);
	enum MHD_Result result;

	if (response == NULL) {
		if (owned == MHD_RESPMEM_MUST_FREE)
			free(text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
	    TEXT_FORMAT);
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
answer(void *socket, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *body,
    size_t *body_size, void **state)
{
	static char not_found[] = "see /metrics\n";
	static char not_allowed[] = "GET alone\n";
	static char no_engine[] = "the Docker engine does not answer\n";
	char *page;

	(void)version;
	(void)body;
	(void)state;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		*body_size = 0;
		return answer_with(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
		    not_allowed, MHD_RESPMEM_PERSISTENT);
	}
	if (strcmp(path, "/metrics") != 0)
		return answer_with(connection, MHD_HTTP_NOT_FOUND, not_found,
		    MHD_RESPMEM_PERSISTENT);
	page = current_metrics(socket);
	if (page == NULL)
		return answer_with(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
		    no_engine, MHD_RESPMEM_PERSISTENT);
	return answer_with(connection, MHD_HTTP_OK, page,
	    MHD_RESPMEM_MUST_FREE);
}

static char *
setting(const char *name, char *otherwise)
{
	char *value = getenv(name);

	return value == NULL || *value == '\0' ? otherwise : value;
}

static bool
parse_port(const char *text, unsigned short *port)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end != '\0' || number < 1 || number > 65535)
		return false;
	*port = (unsigned short)number;
	return true;
}

/* Signals that end the program are waited for, by this thread alone. */
static void
block(sigset_t *ends)
{
	sigemptyset(ends);
	sigaddset(ends, SIGTERM);
	sigaddset(ends, SIGINT);
	sigprocmask(SIG_BLOCK, ends, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int
main(void)
{
	static char default_socket[] = "/var/run/docker.sock";
	static char default_port[] = "8000";
	char *socket = setting("DOCKER_SOCKET", default_socket);
	char *port_text = setting("PORT", default_port);
	struct MHD_Daemon *daemon;
	unsigned short port;
	sigset_t ends;
	int received;

	if (!parse_port(port_text, &port)) {
		fprintf(stderr, "docker-exporter: PORT is no port\n");
		return 2;
	}
	block(&ends);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return 1;
	daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD |
	        MHD_USE_ERROR_LOG,
	    port, NULL, NULL, answer, socket, MHD_OPTION_CONNECTION_TIMEOUT,
	    30U, MHD_OPTION_END);
	if (daemon == NULL)
		return 1;
	printf("docker-exporter: listens at port %d\n", port);
	fflush(stdout);
	sigwait(&ends, &received);
	MHD_stop_daemon(daemon);
	curl_global_cleanup();
	return 0;
}
