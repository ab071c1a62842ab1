/* SPDX-License-Identifier: MIT */
/* metrics - what the Docker engine says of a swarm, in Prometheus' words. */
#include "metrics.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct service {
	const char *name; /* borrowed from the answer */
	const char *id;   /* borrowed from the answer */
	char *metric;     /* owned: the name as a part of a metric's name */
	bool is_global;
	long long live;
	long long desired;
};

struct services {
	struct service *all; /* owned, by name */
	size_t count;
};

/* The string at keys, the last of which is NULL; "" where there is none. */
static const char *
string_at(const json_t *object, const char *const keys[])
{
	const char *string;

	while (*keys != NULL)
		object = json_object_get(object, *keys++);
	string = json_string_value(object);
	return string == NULL ? "" : string;
}

static bool
is_string_at(const json_t *object, const char *const keys[],
    const char *expected)
{
	return strcmp(string_at(object, keys), expected) == 0;
}

static char *
metric_part(const char *name)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	char *part = strdup(name);

	if (part == NULL)
		return NULL;
	for (char *c = part; *c != '\0'; c++) {
		if (strchr(allowed, *c) == NULL)
			*c = '_';
	}
	return part;
}

static int
compare_names(const void *a, const void *b)
{
	const struct service *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static void
free_services(struct services *services)
{
	for (size_t i = 0; i < services->count; i++)
		free(services->all[i].metric);
	free(services->all);
	*services = (struct services){ 0 };
}

/* Take those that are to stay: with a number of replicas, or on all nodes. */
static bool
take_services(struct services *services, const json_t *answer)
{
	static const char *const id[] = { "ID", NULL };
	static const char *const name[] = { "Spec", "Name", NULL };
	const json_t *mode, *entry;
	struct service *service;
	size_t index;

	/* One more than there are: no count is no memory, else. */
	services->all =
	    calloc(json_array_size(answer) + 1, sizeof(*services->all));
	if (services->all == NULL)
		return false;

	json_array_foreach(answer, index, entry)
	{
		mode = json_object_get(json_object_get(entry, "Spec"), "Mode");
		if (json_object_get(mode, "Replicated") == NULL &&
		    json_object_get(mode, "Global") == NULL)
			continue; /* a job */
		service = &services->all[services->count];
		service->id = string_at(entry, id);
		service->name = string_at(entry, name);
		service->is_global = json_object_get(mode, "Global") != NULL;
		service->desired = json_integer_value(
		    json_object_get(json_object_get(mode, "Replicated"),
		        "Replicas"));
		service->metric = metric_part(service->name);
		if (service->metric == NULL)
			return false;
		services->count++;
	}
	qsort(services->all, services->count, sizeof(*services->all),
	    compare_names);
	return true;
}

static struct service *
find_service(const struct services *services, const char *id)
{
	for (size_t i = 0; i < services->count; i++) {
		if (strcmp(services->all[i].id, id) == 0)
			return &services->all[i];
	}
	return NULL;
}

static bool
is_ready(const json_t *nodes, const char *id)
{
	static const char *const node_id[] = { "ID", NULL };
	static const char *const state[] = { "Status", "State", NULL };
	const json_t *node;
	size_t index;

	json_array_foreach(nodes, index, node)
	{
		if (is_string_at(node, node_id, id))
			return is_string_at(node, state, "ready");
	}
	return false;
}

static void
count_task(struct services *services, const json_t *task, const json_t *nodes)
{
	static const char *const service_id[] = { "ServiceID", NULL };
	static const char *const node_id[] = { "NodeID", NULL };
	static const char *const desired[] = { "DesiredState", NULL };
	static const char *const state[] = { "Status", "State", NULL };
	struct service *service =
	    find_service(services, string_at(task, service_id));

	if (service == NULL || !is_string_at(task, desired, "running"))
		return;
	if (service->is_global)
		service->desired++;
	if (is_string_at(task, state, "running") &&
	    is_ready(nodes, string_at(task, node_id)))
		service->live++;
}

/* The value of a label, as the text format escapes it. */
static void
print_label(FILE *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\n') {
			fputs("\\n", out);
			continue;
		}
		if (*value == '\\' || *value == '"')
			putc('\\', out);
		putc(*value, out);
	}
}

static void
print_replicas(FILE *out, const struct services *services, const char *kind,
    bool live)
{
	const struct service *service;

	fprintf(out, "# HELP %s_replicas Replicas of a service that %s.\n",
	    kind, live ? "run" : "should run");
	fprintf(out, "# TYPE %s_replicas gauge\n", kind);
	for (size_t i = 0; i < services->count; i++) {
		service = &services->all[i];
		fprintf(out, "%s_replicas{service=\"", kind);
		print_label(out, service->name);
		fprintf(out, "\"} %lld\n",
		    live ? service->live : service->desired);
	}
}

/* "replicas" would be the name of the metrics that have a label. */
static bool
is_metric_taken(const struct services *services, size_t index)
{
	const char *metric = services->all[index].metric;

	if (strcmp(metric, "replicas") == 0)
		return true;
	for (size_t i = 0; i < index; i++) {
		if (strcmp(services->all[i].metric, metric) == 0)
			return true;
	}
	return false;
}

static void
print_named(FILE *out, const struct services *services)
{
	const struct service *service;

	for (size_t i = 0; i < services->count; i++) {
		service = &services->all[i];
		if (is_metric_taken(services, i))
			continue;
		fprintf(out, "# TYPE live_%s gauge\nlive_%s %lld\n",
		    service->metric, service->metric, service->live);
		fprintf(out, "# TYPE desired_%s gauge\ndesired_%s %lld\n",
		    service->metric, service->metric, service->desired);
	}
}

static char *
print_page(const struct services *services)
{
	char *page = NULL;
	size_t size;
	FILE *out = open_memstream(&page, &size);
	bool complete;

	if (out == NULL)
		return NULL;
	print_replicas(out, services, "live", true);
	print_replicas(out, services, "desired", false);
	print_named(out, services);
	complete = !ferror(out);
	if (fclose(out) == 0 && complete)
		return page;
	free(page);
	return NULL;
}

char *
exporter_metrics(const json_t *services, const json_t *tasks,
    const json_t *nodes)
{
	struct services taken = { 0 };
	const json_t *task;
	char *page = NULL;
	size_t index;

	if (!json_is_array(services) || !json_is_array(tasks) ||
	    !json_is_array(nodes))
		return NULL;
	if (!take_services(&taken, services))
		goto out;
	json_array_foreach(tasks, index, task)
	{
		count_task(&taken, task, nodes);
	}
	page = print_page(&taken);
out:
	free_services(&taken);
	return page;
}
