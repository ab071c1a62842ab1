/* SPDX-License-Identifier: MIT */
/* engine - questions to a Docker engine, through its socket. */
#include "engine.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT_S 5L

/* What libcurl hands over goes to a stream in memory. */
static size_t
keep(char *bytes, size_t size, size_t count, void *stream)
{
	return fwrite(bytes, size, count, stream);
}

static CURLcode
ask(CURL *curl, const char *socket, const char *path, FILE *answer)
{
	char url[256];

	snprintf(url, sizeof(url), "http://docker%s", path);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	return curl_easy_perform(curl);
}

static json_t *
parse(const char *path, const char *text, size_t length)
{
	json_error_t error;
	json_t *json = json_loadb(text, length, 0, &error);

	if (json == NULL)
		fprintf(stderr, "docker-exporter: %s: %s\n", path, error.text);
	return json;
}

json_t *
engine_get(const char *socket, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	CURL *curl = curl_easy_init();
	FILE *answer = open_memstream(&text, &length);
	CURLcode code = CURLE_OUT_OF_MEMORY;
	json_t *json = NULL;

	if (curl != NULL && answer != NULL)
		code = ask(curl, socket, path, answer);
	if (answer != NULL && fclose(answer) != 0)
		code = CURLE_OUT_OF_MEMORY;
	if (code == CURLE_OK)
		json = parse(path, text, length);
	else
		fprintf(stderr, "docker-exporter: %s%s: %s\n", socket, path,
		    curl_easy_strerror(code));
	curl_easy_cleanup(curl);
	free(text);
	return json;
}
