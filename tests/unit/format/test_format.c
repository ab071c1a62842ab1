/* SPDX-License-Identifier: MIT */
/* test_format - the choice of a format, and paths. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
test_every_format_is_found_by_its_name(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; kp_formats[i] != NULL; i++)
		assert_ptr_equal(kp_format_by_name(
		                     kp_str_of(kp_formats[i]->name)),
		    kp_formats[i]);
	assert_ptr_equal(kp_format_by_name(kp_str_of("INI/Grafana")),
	    &kp_format_ini_grafana);
	assert_null(kp_format_by_name(kp_str_of("ini/grafan")));
	assert_null(kp_format_by_name(kp_str_of("")));
}

static const struct {
	const char *name, *path, *format;
} paths[] = {
	{ "Grafana's own file", "/etc/grafana/grafana.ini", "ini/grafana" },
	{ "a template of it", "/etc/grafana/grafana.ini.tmpl", "ini/grafana" },
	{ "its sealed copy", "grafana.ini.keyplate", "ini/grafana" },
	{ "an option file of MariaDB", "/etc/mysql/my.cnf", "ini/mysql" },
	{ "a part of one", "conf.d/50-server.cnf.tmpl", "ini/mysql" },
	{ "PHP's own file", "/usr/local/etc/php/php.ini", "ini/php" },
	{ "a unit file", "app.service", "ini/systemd" },
	{ "a socket of systemd", "app.socket", "ini/systemd" },
	{ "a timer of systemd", "app.timer.in", "ini/systemd" },
	{ "another INI file", "app.ini", "ini" },
	{ "a file whose name only ends so", "my-grafana.ini", "ini" },
	{ "a Caddyfile", "/etc/caddy/Caddyfile", "caddyfile" },
	{ "a template of a Caddyfile", "Caddyfile.template", "caddyfile" },
	{ "a part of a Caddyfile", "site.caddyfile", "caddyfile" },
	{ "YAML by its short suffix", "blackbox.yml", "yaml" },
	{ "YAML by its long one", "a/b.yaml.tpl", "yaml" },
	{ "YAML made by configure", "b.yml.in", "yaml" },
	{ "what nothing is known of", "/etc/motd", "text" },
	{ "a folder's name does not count", "grafana.ini/x", "text" },
	{ "a template suffix alone is a name", ".tmpl", "text" },
	{ "no name at all", "", "text" },
};

static void
test_a_format_by_the_name_of_a_file(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(paths); i++) {
		const struct kp_format *format =
		    kp_format_by_path(kp_str_of(paths[i].path));

		if (strcmp(format->name, paths[i].format) != 0)
			fail_msg("%s: got %s, want %s", paths[i].name,
			    format->name, paths[i].format);
	}
}

/* go-ini lets a key in back-quotes hold anything. */
static const char text[] = "top = 0\n"
                           "[auth.google]\n"
                           "id = 1\n"
                           "`a.b` = 2\n"
                           "`c\\\"d` = 3\n"
                           "twice = 4\n"
                           "twice = 5\n"
                           "[auth]\n"
                           "`google.x` = 6\n"
                           "[auth.google]\n"
                           "x = 7\n";

static const struct {
	const char *name, *path;
	size_t hits;
	const char *value; /* of the last */
} finds[] = {
	{ "a key above the first section", "top", 1, "0" },
	{ "a key of a section with a dot", "auth.google.id", 1, "1" },
	{ "a key with a dot, in quotes", "auth.google.\"a.b\"", 1, "2" },
	{ "a key with a dot, without quotes", "auth.google.a.b", 1, "2" },
	{ "quotes that are not needed", "auth.google.\"id\"", 1, "1" },
	{ "quotes and backslashes are escaped", "auth.google.\"c\\\\\\\"d\"", 1,
	    "3" },
	{ "of two alike the last", "auth.google.twice", 2, "5" },
	{ "quotes tell a key with a dot from a key of a section",
	    "auth.\"google.x\"", 1, "6" },
	{ "without quotes it is the key of the section", "auth.google.x", 1,
	    "7" },
	{ "a key that is not there", "auth.google.ID", 0, NULL },
	{ "a section is no key", "auth", 0, NULL },
	{ "nothing", "", 0, NULL },
};

static void
test_find_by_path(void **state)
{
	const struct kp_source src = {
		.name = "text",
		.text = kp_str_of(text),
	};
	struct kp_scan scan = slot_scan("text", &kp_format_ini_grafana, &src);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(finds); i++) {
		size_t found = 0;
		size_t hits =
		    kp_scan_find(&scan, kp_str_of(finds[i].path), &found);

		if (hits != finds[i].hits)
			fail_msg("%s: %zu hits, want %zu", finds[i].name, hits,
			    finds[i].hits);
		if (hits > 0 &&
		    !kp_str_is(scan.items[found].value, finds[i].value))
			fail_msg("%s: it is another one", finds[i].name);
	}
	kp_scan_wipe(&scan);
}

static void
test_the_path_of_each_scalar(void **state)
{
	static const char *const expect[] = { "top", "auth.google.id",
		"auth.google.\"a.b\"", "auth.google.\"c\\\\\\\"d\"",
		"auth.google.twice", "auth.google.twice", "auth.\"google.x\"",
		"auth.google.x" };
	const struct kp_source src = {
		.name = "text",
		.text = kp_str_of(text),
	};
	struct kp_scan scan = slot_scan("text", &kp_format_ini_grafana, &src);
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < scan.count; i++) {
		struct kp_buf path = { 0 };

		if (scan.items[i].kind != KP_SCALAR)
			continue;
		kp_scan_path(&scan, &scan.items[i], &path);
		slot_expect("path", &path, expect[n++]);
		kp_buf_wipe(&path);
	}
	assert_int_equal(n, COUNT(expect));
	kp_scan_wipe(&scan);
}

/* Three pieces, "ab" "cd" "ef", the middle one a value. */
static void
test_what_is_foreign(void **state)
{
	const struct kp_piece pieces[] = {
		{ KP_STR("ab"), true },
		{ KP_STR("cd"), false },
		{ KP_STR("ef"), true },
	};
	const struct kp_value value = {
		.bytes = KP_STR("abcdef"),
		.pieces = pieces,
		.npieces = COUNT(pieces),
	};

	(void)state;
	assert_false(kp_value_is_foreign(&value, 0, 2));
	assert_false(kp_value_is_foreign(&value, 5, 6));
	assert_true(kp_value_is_foreign(&value, 2, 4));
	assert_true(kp_value_is_foreign(&value, 1, 3));
	assert_true(kp_value_is_foreign(&value, 3, 5));
	assert_true(kp_value_is_foreign(&value, 0, 6));
}

static void
test_bytes_kept_beside_a_text_stay_where_they_are(void **state)
{
	struct kp_scan scan = { .format = &kp_format_text };
	struct kp_str views[100];
	char byte;
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(views); i++) {
		char bytes[300];

		memset(bytes, (int)i, sizeof(bytes));
		views[i] =
		    kp_scan_store(&scan, kp_str_make(bytes, sizeof(bytes)));
	}
	for (i = 0; i < COUNT(views); i++) {
		byte = (char)i;
		for (at = 0; at < views[i].len; at++)
			assert_int_equal(views[i].ptr[at], byte);
	}
	assert_false(scan.failed);
	kp_scan_wipe(&scan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_format_is_found_by_its_name),
		cmocka_unit_test(test_a_format_by_the_name_of_a_file),
		cmocka_unit_test(test_find_by_path),
		cmocka_unit_test(test_the_path_of_each_scalar),
		cmocka_unit_test(test_what_is_foreign),
		cmocka_unit_test(
		    test_bytes_kept_beside_a_text_stay_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
