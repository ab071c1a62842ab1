/* SPDX-License-Identifier: MIT */
/* engine - questions to a Docker engine, through its socket. */
#ifndef EXPORTER_ENGINE_H
#define EXPORTER_ENGINE_H

#include <jansson.h>

/*
 * What the engine that listens at socket answers to a GET of path, such as
 * "/nodes"; the caller drops its reference.  NULL, with a line on standard
 * error: no answer within five seconds, not status 200, or no JSON.
 */
json_t *engine_get(const char *socket, const char *path);

#endif
