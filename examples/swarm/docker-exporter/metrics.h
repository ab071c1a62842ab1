/* SPDX-License-Identifier: MIT */
/*
 * metrics - what the Docker engine says of a swarm, in Prometheus' words.
 *
 * Of each service two figures: the replicas that run, and those that should.
 * Both are given with a label, live_replicas{service="web"}, and with a name
 * of their own, live_web, where characters that no name of a metric may have
 * are '_'.  Where two services come to one such name, the first in the order
 * of the alphabet has it.
 *
 * A task runs when the engine says so and wants it to, and its node is ready:
 * of a node that is lost, the last that was heard is no news.  A global
 * service should run once on each node that it was given a task for.  Jobs
 * are left out: they are to end.
 */
#ifndef EXPORTER_METRICS_H
#define EXPORTER_METRICS_H

#include <jansson.h>

/*
 * The page that Prometheus reads, of the answers to /services, /tasks and
 * /nodes.  The caller frees it.  NULL: an answer is no list, or there is no
 * memory.
 */
char *exporter_metrics(const json_t *services, const json_t *tasks,
    const json_t *nodes);

#endif
