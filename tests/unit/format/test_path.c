/* SPDX-License-Identifier: MIT */
/* test_path - keys that are repeated, and paths that tell them apart. */
#include "format/formats.h"

#include "slot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char nginx[] = "http {\n"
                            " server {\n"
                            "  listen 1;\n"
                            "  location /a { add_header X 2; }\n"
                            " }\n"
                            " server {\n"
                            "  listen 3;\n"
                            "  listen 4 ssl;\n"
                            "  return 301 5;\n"
                            "  location /b { root 6; }\n"
                            "  location /c { root 7; }\n"
                            " }\n"
                            "}\n";

static const char caddy[] = "a.com {\n"
                            " header X 1\n"
                            " header Y 2\n"
                            " basicauth {\n"
                            "  bob 3\n"
                            "  bob 4\n"
                            " }\n"
                            "}\n"
                            "b.com {\n"
                            " header Z 5\n"
                            "}\n";

static const char unit[] = "[Service]\n"
                           "Environment=A=1 B=2\n"
                           "Environment=C=3\n"
                           "User=4\n"
                           "[Service]\n"
                           "User=5\n"
                           "Group=6\n";

static const char grafana[] = "[a.b]\n"
                              "x = 1\n"
                              "x = 2\n"
                              "y = 3\n"
                              "`c.d` = 4\n"
                              "`c.d` = 5\n"
                              "[A.b]\n"
                              "x = 6\n";

static const char redis[] = "save 1 2\n"
                            "Save 3 4\n"
                            "port 5\n";

static const char yaml[] = "a: [1, 2]\n"
                           "b: {a: 3}\n";

static const char toml[] = "[[p]]\n"
                           "n = 1\n"
                           "[p.q]\n"
                           "n = 2\n"
                           "[[p]]\n"
                           "n = 3\n"
                           "[p.q]\n"
                           "n = 4\n";

/* The scan of a text, with its keys numbered. */
static struct kp_scan
scan_numbered(const struct kp_format *format, const struct kp_source *src)
{
	struct kp_scan scan = slot_scan(format->name, format, src);
	struct kp_diags diags = { 0 };

	assert_true(kp_scan_number(&scan, &diags));
	return scan;
}

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text, *path;
	size_t hits;
	const char *value; /* of the last */
} finds[] = {
	{ "of blocks the first", &kp_format_nginx, nginx,
	    "http.server[0].listen", 1, "1" },
	{ "all that fit where no number is given", &kp_format_nginx, nginx,
	    "http.server.listen", 2, "3" },
	{ "of directives in the second block", &kp_format_nginx, nginx,
	    "http.server[1].listen[0]", 1, "3" },
	{ "a number comes before that of an argument", &kp_format_nginx, nginx,
	    "http.server[1].listen[1][0]", 1, "4" },
	{ "the number alone is no argument", &kp_format_nginx, nginx,
	    "http.server[1].listen[1]", 0, NULL },
	{ "numbers may be left out where the rest tells", &kp_format_nginx,
	    nginx, "http.server.location./c.root", 1, "7" },
	{ "or given where it does", &kp_format_nginx, nginx,
	    "http.server[1].location[1]./c.root", 1, "7" },
	{ "but not wrongly", &kp_format_nginx, nginx,
	    "http.server[1].location[0]./c.root", 0, NULL },
	{ "a key that stands alone has no number", &kp_format_nginx, nginx,
	    "http[0].server[0].listen", 0, NULL },
	{ "arguments of one that stands alone", &kp_format_nginx, nginx,
	    "http.server.return[1]", 1, "5" },
	{ "there is no third", &kp_format_nginx, nginx, "http.server[2].listen",
	    0, NULL },
	{ "a directive of a site", &kp_format_caddyfile, caddy,
	    "\"a.com\".header[1][1]", 1, "2" },
	{ "its name without quotes", &kp_format_caddyfile, caddy,
	    "a.com.header[1][1]", 1, "2" },
	{ "one that is alone in its site", &kp_format_caddyfile, caddy,
	    "\"b.com\".header[1]", 1, "5" },
	{ "a line of a block", &kp_format_caddyfile, caddy,
	    "\"a.com\".basicauth.bob[1][0]", 1, "4" },
	{ "a repeated option with several words", &kp_format_ini_systemd, unit,
	    "Service[0].Environment[0][1]", 1, "B=2" },
	{ "without the number of its section", &kp_format_ini_systemd, unit,
	    "Service.Environment[1][0]", 1, "C=3" },
	{ "an option of the second section", &kp_format_ini_systemd, unit,
	    "Service[1].User", 1, "5" },
	{ "a repeated section's option that is alone", &kp_format_ini_systemd,
	    unit, "Service.Group", 1, "6" },
	{ "a section's dot is no level", &kp_format_ini_grafana, grafana,
	    "a.b.x[1]", 1, "2" },
	{ "a key in quotes", &kp_format_ini_grafana, grafana, "a.b.\"c.d\"[0]",
	    1, "4" },
	{ "a key without its quotes", &kp_format_ini_grafana, grafana,
	    "a.b.c.d[1]", 1, "5" },
	{ "a section in another case is another one", &kp_format_ini_grafana,
	    grafana, "A.b.x", 1, "6" },
	{ "names that the reader does not tell apart", &kp_format_redis, redis,
	    "SAVE[1][1]", 1, "4" },
	{ "an element is none of several keys", &kp_format_yaml, yaml, "a[1]",
	    1, "2" },
	{ "a table of a list is named again, not repeated", &kp_format_toml,
	    toml, "p[1].n", 1, "3" },
	{ "a table below one of a list", &kp_format_toml, toml, "p[0].q.n", 1,
	    "2" },
};

static void
test_find_one_of_several(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(finds); i++) {
		const struct kp_source src = {
			.name = "text",
			.text = kp_str_of(finds[i].text),
		};
		struct kp_scan scan = scan_numbered(finds[i].format, &src);
		size_t found = 0;
		size_t hits =
		    kp_scan_find(&scan, kp_str_of(finds[i].path), &found);

		if (hits != finds[i].hits)
			fail_msg("%s: %zu hits, want %zu", finds[i].name, hits,
			    finds[i].hits);
		if (hits > 0 &&
		    !kp_str_is(scan.items[found].value, finds[i].value))
			fail_msg("%s: it is another one", finds[i].name);
		kp_scan_wipe(&scan);
	}
}

static void
test_find_all(void **state)
{
	const struct kp_source src = {
		.name = "text",
		.text = kp_str_of(nginx),
	};
	struct kp_scan scan = scan_numbered(&kp_format_nginx, &src);
	size_t list[2] = { 0, 0 };

	(void)state;
	assert_int_equal(kp_scan_find_all(&scan,
	                     kp_str_of("http.server.listen"), list, 2),
	    2);
	assert_true(kp_str_is(scan.items[list[0]].value, "1"));
	assert_true(kp_str_is(scan.items[list[1]].value, "3"));
	list[1] = 0;
	assert_int_equal(kp_scan_find_all(&scan,
	                     kp_str_of("http.server.listen"), list, 1),
	    2);
	assert_int_equal(list[1], 0);
	kp_scan_wipe(&scan);
}

static const struct {
	const struct kp_format *format;
	const char *text;
	const char *paths; /* of the scalars, in order, each with a blank */
} exact[] = {
	{ &kp_format_nginx, nginx,
	    "http.server[0].listen http.server[0].location "
	    "http.server.location./a.add_header[0] "
	    "http.server.location./a.add_header[1] "
	    "http.server[1].listen[0] http.server.listen[1][0] "
	    "http.server.listen[1][1] http.server.return[0] "
	    "http.server.return[1] http.server[1].location[0] "
	    "http.server.location./b.root http.server[1].location[1] "
	    "http.server.location./c.root " },
	{ &kp_format_ini_systemd, unit,
	    "Service[0].Environment[0][0] Service.Environment[0][1] "
	    "Service[0].Environment[1][0] Service[0].User Service[1].User "
	    "Service.Group " },
	{ &kp_format_ini_grafana, grafana,
	    "a.b.x[0] a.b.x[1] a.b.y a.b.\"c.d\"[0] a.b.\"c.d\"[1] A.b.x " },
	{ &kp_format_redis, redis,
	    "save[0][0] save[0][1] Save[1][0] Save[1][1] port " },
	{ &kp_format_yaml, yaml, "a[0] a[1] b.a " },
};

/* Numbers stand where another scalar has the path without them. */
static void
test_exact_paths(void **state)
{
	size_t i, j, found = 0;

	(void)state;
	for (i = 0; i < COUNT(exact); i++) {
		const struct kp_source src = {
			.name = "text",
			.text = kp_str_of(exact[i].text),
		};
		struct kp_scan scan = scan_numbered(exact[i].format, &src);
		struct kp_buf all = { 0 }, path = { 0 };

		for (j = 0; j < scan.count; j++) {
			if (scan.items[j].kind != KP_SCALAR)
				continue;
			kp_buf_cut(&path, 0);
			kp_scan_exact_path(&scan, &scan.items[j], &path);
			if (kp_scan_find(&scan, kp_buf_view(&path), &found) !=
			        1 ||
			    found != j)
				fail_msg("%s: %s is not found again",
				    exact[i].format->name, path.data);
			kp_buf_add_format(&all, "%s ", path.data);
		}
		slot_expect(exact[i].format->name, &all, exact[i].paths);
		kp_buf_wipe(&path);
		kp_buf_wipe(&all);
		kp_scan_wipe(&scan);
	}
}

static const struct {
	const struct kp_format *format;
	const char *text;
} odd[] = {
	{ &kp_format_ini_grafana,
	    "x = 1\n[DEFAULT]\nx = 2\ny[0] = 3\nDEFAULT.x = 4\n[a]\nx = 5\n" },
	{ &kp_format_xml,
	    "<r a=\"1\"><b a=\"2\">3</b><b a=\"4\">5</b><b.c>6</b.c></r>" },
	{ &kp_format_yaml,
	    "a:\n  - [1, {b: 2}]\n  - b: 3\n\"a[0]\": 4\n\"a[0][1].b\": 5\n"
	    "\"q\\\"\\\\\": 6\n\"[2\\\"]\": {x: 7}\n" },
	{ &kp_format_json, "{\"a\": {\"b\": [1, 2]}, \"a.b\": [3, 4]}" },
	{ &kp_format_ini_mysql, "[a]\nb-c = 1\nb_c = 2\n[a]\nb-c = 3\n" },
	{ &kp_format_ini_python, "[a]\nB = 1\n[A]\nb = 2\n" },
	{ &kp_format_text, "all of it" },
};

/* Paths that are nearly right in one of the texts above. */
static const char *const odd_paths[] = { "", "x", "DEFAULT.x", "DEFAULT.X",
	"\"DEFAULT.x\"", "DEFAULT[0].x", "DEFAULT.y[0]", "y[0]", "\"y[0]\"",
	"a.x", "a.x[0]", "r.@a", "r@a", "r.b@a", "r.b[1]@a", "r.b[1].@a", "r.b",
	"r.b[0]", "r.b.c", "r.\"b.c\"", "a[0][0]", "a[0][1].b", "\"a[0]\"",
	"\"a[0][1].b\"", "a[1].b", "a[2].b", "a[00][0]", "\"q\\\"\\\\\"",
	"q\"\\", "\"[2\\\"]\".x", "[2].x", "[2\"].x", "a.b[1]", "\"a.b\"[1]",
	"a.b-c", "a.b_c", "a[1].b-c", "a[0].b_c", "a.b", "A.b", "A.B", "[", "]",
	"a[", "a[0", "[0]", "\"", "\\", ".", "a." };

/* Looked up in the index, a path names what a walk over all names. */
static void
expect_index(const struct kp_format *format, const char *text,
    struct kp_str path)
{
	const struct kp_source src = { .name = "text",
		.text = kp_str_of(text) };
	struct kp_scan scan = scan_numbered(format, &src);
	size_t looked_up[8] = { 0 }, walked[8] = { 0 }, hits;
	struct kp_diags diags = { 0 };
	struct kp_index *index;

	assert_true(kp_scan_index(&scan, &diags));
	index = scan.index;
	hits = kp_scan_find_all(&scan, path, looked_up, 8);
	scan.index = NULL;
	if (kp_scan_find_all(&scan, path, walked, 8) != hits ||
	    memcmp(looked_up, walked, sizeof(walked)) != 0)
		fail_msg("%s: %.*s: %zu hits in the index", format->name,
		    (int)path.len, path.ptr, hits);
	scan.index = index;
	kp_scan_wipe(&scan);
}

static void
expect_index_of(const struct kp_format *format, const char *text)
{
	const struct kp_source src = { .name = "text",
		.text = kp_str_of(text) };
	struct kp_scan scan = scan_numbered(format, &src);
	struct kp_buf path = { 0 };
	size_t i;

	for (i = 0; i < COUNT(finds); i++)
		expect_index(format, text, kp_str_of(finds[i].path));
	for (i = 0; i < COUNT(odd_paths); i++)
		expect_index(format, text, kp_str_of(odd_paths[i]));
	for (i = 0; i < scan.count; i++) {
		kp_buf_cut(&path, 0);
		kp_scan_path(&scan, &scan.items[i], &path);
		expect_index(format, text, kp_buf_view(&path));
		kp_buf_cut(&path, 0);
		kp_scan_exact_path(&scan, &scan.items[i], &path);
		expect_index(format, text, kp_buf_view(&path));
	}
	kp_buf_wipe(&path);
	kp_scan_wipe(&scan);
}

static void
test_index(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(exact); i++)
		expect_index_of(exact[i].format, exact[i].text);
	for (i = 0; i < COUNT(finds); i++)
		expect_index_of(finds[i].format, finds[i].text);
	for (i = 0; i < COUNT(odd); i++)
		expect_index_of(odd[i].format, odd[i].text);
}

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text, *path, *why, *hint; /* NULL: nothing is wrong */
} checks[] = {
	{ "a number too large", &kp_format_nginx, nginx,
	    "http.server[2].listen", "http.server stands there 2 times",
	    "the last one is [1]" },
	{ "a number below nought", &kp_format_nginx, nginx,
	    "http.server[-1].listen", "http.server stands there 2 times",
	    "[n] counts from 0" },
	{ "no number", &kp_format_nginx, nginx, "http.server[x].listen",
	    "http.server stands there 2 times", "[n] counts from 0" },
	{ "no bracket closes it", &kp_format_nginx, nginx, "http.server[1",
	    "http.server stands there 2 times", "[n] counts from 0" },
	{ "a number too large at the second level", &kp_format_nginx, nginx,
	    "http.server[1].listen[2][0]",
	    "http.server[1].listen stands there 2 times",
	    "the last one is [1]" },
	{ "a name without quotes", &kp_format_caddyfile, caddy,
	    "a.com.header[7][1]", "a.com.header stands there 2 times",
	    "the last one is [1]" },
	{ "a list as a whole", &kp_format_nginx, nginx, "http.server.return",
	    "it has several values there", "such as http.server.return[0]" },
	{ "a list as a whole, of several", &kp_format_ini_systemd, unit,
	    "Service.Environment[1]", "it has several values there",
	    "such as Service[0].Environment[1][0]" },
	{ "a new key in one of several", &kp_format_nginx, nginx,
	    "http.server[1].root", "to one of several", "template" },
	{ "an argument too many", &kp_format_caddyfile, caddy,
	    "\"a.com\".header[1][7]", "to one of several", "template" },
	{ "a new key", &kp_format_ini_systemd, unit, "Service.Restart", NULL,
	    NULL },
	{ "a new key of a new section", &kp_format_ini_systemd, unit,
	    "Unit.After", NULL, NULL },
};

static void
test_why_a_path_names_nothing(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(checks); i++) {
		const struct kp_source src = {
			.name = "text",
			.text = kp_str_of(checks[i].text),
		};
		struct kp_scan scan = scan_numbered(checks[i].format, &src);
		struct kp_refusal why = { { 0 }, { 0 } };
		bool good =
		    kp_scan_check_path(&scan, kp_str_of(checks[i].path), &why);

		if (good != (checks[i].why == NULL))
			fail_msg("%s: %s", checks[i].name,
			    good ? "nothing is said" : why.text);
		if (!good &&
		    (strstr(why.text, checks[i].why) == NULL ||
		        strstr(why.hint, checks[i].hint) == NULL))
			fail_msg("%s: got \"%s\" and \"%s\"", checks[i].name,
			    why.text, why.hint);
		kp_scan_wipe(&scan);
	}
}

/* So many that a comparison of each with each would take minutes. */
#define MANY 200000

static void
test_many_that_are_alike(void **state)
{
	struct kp_source src = { .name = "text" };
	struct kp_buf text = { 0 }, path = { 0 };
	struct kp_scan scan;
	size_t found = 0;
	unsigned i;

	(void)state;
	for (i = 0; i < MANY; i++)
		kp_buf_add_format(&text, "a %u\n", i);
	src.text = kp_buf_view(&text);
	scan = scan_numbered(&kp_format_redis, &src);
	kp_buf_add_format(&path, "a[%u]", MANY - 1);
	assert_int_equal(kp_scan_find(&scan, kp_buf_view(&path), &found), 1);
	assert_int_equal(found, scan.count - 1);
	kp_scan_wipe(&scan);
	kp_buf_wipe(&path);
	kp_buf_wipe(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_one_of_several),
		cmocka_unit_test(test_find_all),
		cmocka_unit_test(test_exact_paths),
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_why_a_path_names_nothing),
		cmocka_unit_test(test_many_that_are_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
