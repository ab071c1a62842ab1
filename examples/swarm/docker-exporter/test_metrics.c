/* SPDX-License-Identifier: MIT */
/* test_metrics - how the figures come about. */
#include "metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NODES                                                                  \
	"[{'ID': 'n1', 'Status': {'State': 'ready'}},"                         \
	" {'ID': 'n2', 'Status': {'State': 'ready'}},"                         \
	" {'ID': 'gone', 'Status': {'State': 'down'}}]"

#define REPLICATED(id, name, replicas)                                         \
	"{'ID': '" id "', 'Spec': {'Name': '" name "', 'Mode':"                \
	" {'Replicated': {'Replicas': " replicas "}}}}"

#define GLOBAL(id, name)                                                       \
	"{'ID': '" id "', 'Spec': {'Name': '" name "', 'Mode':"                \
	" {'Global': {}}}}"

#define TASK(service, node, desired, state)                                    \
	"{'ServiceID': '" service "', 'NodeID': '" node "',"                   \
	" 'DesiredState': '" desired "',"                                      \
	" 'Status': {'State': '" state "'}}"

/* JSON with single quotes, which are shorter to write here. */
static json_t *
json(const char *text)
{
	char *copy = strdup(text);
	json_t *parsed;

	assert_non_null(copy);
	for (char *c = copy; *c != '\0'; c++) {
		if (*c == '\'')
			*c = '"';
	}
	parsed = json_loads(copy, JSON_DECODE_ANY, NULL);
	assert_non_null(parsed);
	free(copy);
	return parsed;
}

static char *
page_of(const char *services, const char *tasks, const char *nodes)
{
	json_t *all_services = json(services);
	json_t *all_tasks = json(tasks);
	json_t *all_nodes = json(nodes);
	char *page = exporter_metrics(all_services, all_tasks, all_nodes);

	json_decref(all_services);
	json_decref(all_tasks);
	json_decref(all_nodes);
	return page;
}

/* How many lines of the page are this one. */
static int
count_lines(const char *page, const char *line)
{
	size_t length = strlen(line);
	int count = 0;

	while (*page != '\0') {
		if (strncmp(page, line, length) == 0 && page[length] == '\n')
			count++;
		page += strcspn(page, "\n");
		page += *page == '\n';
	}
	return count;
}

static void
assert_line(const char *page, const char *line)
{
	if (count_lines(page, line) != 1)
		fail_msg("not once <%s> in:\n%s", line, page);
}

static void
a_swarm_without_services_has_no_figures(void **state)
{
	char *page = page_of("[]", "[]", NODES);

	(void)state;
	assert_string_equal(page,
	    "# HELP live_replicas Replicas of a service that run.\n"
	    "# TYPE live_replicas gauge\n"
	    "# HELP desired_replicas Replicas of a service that should run.\n"
	    "# TYPE desired_replicas gauge\n");
	free(page);
}

static void
only_tasks_that_run_and_should_are_live(void **state)
{
	char *page = page_of("[" REPLICATED("s", "stack_web", "5") "]",
	    "[" TASK("s", "n1", "running", "running") "," TASK("s", "n2",
	        "running", "running") "," TASK("s", "n1", "running",
	        "starting") "," TASK("s", "n1", "shutdown",
	        "running") "," TASK("s", "n1", "shutdown",
	        "failed") "," TASK("other", "n1", "running", "running") "]",
	    NODES);

	(void)state;
	assert_line(page, "live_replicas{service=\"stack_web\"} 2");
	assert_line(page, "desired_replicas{service=\"stack_web\"} 5");
	assert_line(page, "live_stack_web 2");
	assert_line(page, "desired_stack_web 5");
	free(page);
}

static void
what_a_lost_node_ran_is_not_live(void **state)
{
	char *page = page_of("[" REPLICATED("s", "web", "3") "]",
	    "[" TASK("s", "n1", "running", "running") "," TASK("s", "gone",
	        "running", "running") "," TASK("s", "unheard-of", "running",
	        "running") "]",
	    NODES);

	(void)state;
	assert_line(page, "live_web 1");
	assert_line(page, "desired_web 3");
	free(page);
}

static void
a_global_service_should_run_where_it_has_a_task(void **state)
{
	char *page = page_of("[" GLOBAL("g", "agent") "]",
	    "[" TASK("g", "n1", "running", "running") "," TASK("g", "n2",
	        "running",
	        "preparing") "," TASK("g", "n2", "shutdown", "failed") "]",
	    NODES);

	(void)state;
	assert_line(page, "live_replicas{service=\"agent\"} 1");
	assert_line(page, "desired_replicas{service=\"agent\"} 2");
	free(page);
}

static void
a_service_scaled_to_none_has_figures(void **state)
{
	char *page = page_of("[" REPLICATED("s", "web", "0") "]", "[]", NODES);

	(void)state;
	assert_line(page, "live_web 0");
	assert_line(page, "desired_web 0");
	free(page);
}

static void
jobs_are_left_out(void **state)
{
	char *page = page_of("[{'ID': 'j', 'Spec': {'Name': 'backup', 'Mode':"
	                     " {'ReplicatedJob': {'TotalCompletions': 1}}}}]",
	    "[" TASK("j", "n1", "complete", "complete") "]", NODES);

	(void)state;
	assert_null(strstr(page, "backup"));
	free(page);
}

static void
names_that_metrics_cannot_have_are_changed(void **state)
{
	char *page = page_of("[" REPLICATED("s", "my-shop.web", "1") "]",
	    "[" TASK("s", "n1", "running", "running") "]", NODES);

	(void)state;
	assert_line(page, "live_replicas{service=\"my-shop.web\"} 1");
	assert_line(page, "live_my_shop_web 1");
	free(page);
}

static void
no_metric_is_there_twice(void **state)
{
	char *page =
	    page_of("[" REPLICATED("2", "a_b", "2") "," REPLICATED("1", "a-b",
	                "1") "," REPLICATED("3", "replicas", "3") "]",
	        "[]", NODES);

	(void)state;
	/* '-' comes before '_'. */
	assert_line(page, "desired_a_b 1");
	assert_line(page, "# TYPE desired_a_b gauge");
	assert_line(page, "# TYPE desired_replicas gauge");
	assert_line(page, "desired_replicas{service=\"replicas\"} 3");
	free(page);
}

static void
labels_are_escaped(void **state)
{
	json_t *services = json("[" REPLICATED("s", "x", "1") "]");
	json_t *none = json_array();
	char *page;

	(void)state;
	json_object_set_new(json_object_get(json_array_get(services, 0),
	                        "Spec"),
	    "Name", json_string("a\"b\\c\nd"));
	page = exporter_metrics(services, none, none);
	assert_line(page, "desired_replicas{service=\"a\\\"b\\\\c\\nd\"} 1");
	free(page);
	json_decref(services);
	json_decref(none);
}

static void
an_answer_that_is_no_list_gives_no_page(void **state)
{
	json_t *list = json_array(), *message = json_object();

	(void)state;
	assert_null(exporter_metrics(message, list, list));
	assert_null(exporter_metrics(list, message, list));
	assert_null(exporter_metrics(list, list, message));
	assert_null(exporter_metrics(NULL, list, list));
	json_decref(list);
	json_decref(message);
}

static void
entries_of_another_shape_do_no_harm(void **state)
{
	char *page = page_of("[1, {}, {'Spec': {'Mode': {'Global': {}}}}]",
	    "[null, {}, {'ServiceID': 4, 'DesiredState': 'running'}]",
	    "['x', {'ID': {}}]");

	(void)state;
	assert_non_null(page);
	free(page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_swarm_without_services_has_no_figures),
		cmocka_unit_test(only_tasks_that_run_and_should_are_live),
		cmocka_unit_test(what_a_lost_node_ran_is_not_live),
		cmocka_unit_test(
		    a_global_service_should_run_where_it_has_a_task),
		cmocka_unit_test(a_service_scaled_to_none_has_figures),
		cmocka_unit_test(jobs_are_left_out),
		cmocka_unit_test(names_that_metrics_cannot_have_are_changed),
		cmocka_unit_test(no_metric_is_there_twice),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(an_answer_that_is_no_list_gives_no_page),
		cmocka_unit_test(entries_of_another_shape_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
