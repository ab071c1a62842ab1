/* SPDX-License-Identifier: MIT */
/* test_url - what may be waited for, and what is refused. */
#include "net/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *name, *text;
	enum kp_url_kind kind;
	const char *host, *authority, *path, *request, *label;
	unsigned port;
} taken[] = {
	{ "a port of a name", "tcp://db:5432", KP_URL_TCP, "db", "db:5432",
	    NULL, NULL, "tcp://db:5432", 5432 },
	{ "a final slash of a port means nothing", "tcp://db:1/", KP_URL_TCP,
	    "db", "db:1", NULL, NULL, "tcp://db:1/", 1 },
	{ "names of services may have underscores", "tcp://my_db.a-1:65535",
	    KP_URL_TCP, "my_db.a-1", "my_db.a-1:65535", NULL, NULL,
	    "tcp://my_db.a-1:65535", 65535 },
	{ "the case of a scheme does not count", "TCP://db:1", KP_URL_TCP, "db",
	    "db:1", NULL, NULL, "TCP://db:1", 1 },
	{ "a name may end in a dot", "tcp://db.:1", KP_URL_TCP, "db.", "db.:1",
	    NULL, NULL, "tcp://db.:1", 1 },
	{ "an IPv6 address is in brackets", "tcp://[::1]:80", KP_URL_TCP, "::1",
	    "[::1]:80", NULL, NULL, "tcp://[::1]:80", 80 },
	{ "http has a port of its own", "http://web", KP_URL_HTTP, "web", "web",
	    NULL, "/", "http://web", 80 },
	{ "an empty port is the usual one", "http://web:/x", KP_URL_HTTP, "web",
	    "web:", NULL, "/x", "http://web:/x", 80 },
	{ "path and query are sent as written, the fragment is not",
	    "http://[::1]:8080/a%20b?c=d#e", KP_URL_HTTP, "::1", "[::1]:8080",
	    NULL, "/a%20b?c=d", "http://[::1]:8080/a%20b", 8080 },
	{ "a query may stand behind the host", "http://web?a", KP_URL_HTTP,
	    "web", "web", NULL, "/?a", "http://web", 80 },
	{ "http through a socket", "http+unix://%2Frun%2Fa.sock/health",
	    KP_URL_HTTP, NULL, "localhost", "/run/a.sock", "/health",
	    "http+unix://%2Frun%2Fa.sock/health", 0 },
	{ "a socket with one slash", "unix:/run/a.sock", KP_URL_UNIX, NULL,
	    NULL, "/run/a.sock", NULL, "unix:/run/a.sock", 0 },
	{ "a socket with three", "unix:///run/a.sock", KP_URL_UNIX, NULL, NULL,
	    "/run/a.sock", NULL, "unix:///run/a.sock", 0 },
	{ "a file with one slash", "file:/run/ready", KP_URL_FILE, NULL, NULL,
	    "/run/ready", NULL, "file:/run/ready", 0 },
	{ "bytes of a path are decoded", "file:///a%20b%2f%C3%A4%3f",
	    KP_URL_FILE, NULL, NULL, "/a b/\303\244?", NULL,
	    "file:///a%20b%2f%C3%A4%3f", 0 },
	{ "a path may hold what ends a user elsewhere", "file:/a@b",
	    KP_URL_FILE, NULL, NULL, "/a@b", NULL, "file:/a@b", 0 },
};

static const struct {
	const char *name, *text, *says;
} refused[] = {
	{ "TLS", "https://web/", "TLS" },
	{ "another scheme", "postgres://db/x", "tcp://host:port" },
	{ "no scheme", "db", "tcp://host:port" },
	{ "a host and port with no scheme", "db:5432",
	    "\"db:5432\" is no URL" },
	{ "a text with a colon that is none", "user:hunter2",
	    "a URL is one of" },
	{ "a port that is none with no scheme", "db:65536", "a URL is one of" },
	{ "a socket of http is named", "x", "http+unix://%2Fsocket/path" },
	{ "nothing", "", "tcp://host:port" },
	{ "no slashes before a host", "tcp:db:5432", "tcp://host:port" },
	{ "no port", "tcp://db", "port" },
	{ "an empty port", "tcp://db:", "port" },
	{ "port 0", "tcp://db:0", "port" },
	{ "a port too high", "http://db:65536", "port" },
	{ "a port that is no number", "tcp://db:80x", "port" },
	{ "a signed port", "tcp://db:+80", "port" },
	{ "no host", "tcp://:80", "host" },
	{ "no host of http", "http:///x", "host" },
	{ "an empty label", "tcp://a..b:1", "host" },
	{ "a dot alone", "tcp://.:1", "host" },
	{ "an IPv6 address without brackets", "tcp://::1:80", "host" },
	{ "brackets without an end", "tcp://[::1:80", "host" },
	{ "a name in brackets", "tcp://[db]:80", "host" },
	{ "text behind brackets", "tcp://[::1]80", "port" },
	{ "a letter behind brackets", "http://[::1]x/", "port" },
	{ "a percent sign in a name", "tcp://d%62:80", "host" },
	{ "a path of a port", "tcp://db:80/x", "path" },
	{ "a relative socket", "unix:run/x", "absolute" },
	{ "no socket", "unix:", "absolute" },
	{ "a host of a socket", "unix://run/x", "three slashes" },
	{ "a query of a file", "file:/x?y", "query" },
	{ "a host of a file", "file://host/x", "three slashes" },
	{ "half a byte", "file:/x%2", "absolute" },
	{ "digits that are none", "file:/x%2g", "absolute" },
	{ "a NUL", "file:/x%00y", "absolute" },
	{ "a socket without its slashes", "http+unix://run", "absolute" },
	{ "a blank", "http://web/a b", "%HH" },
	{ "a line end, which would end a request", "http://web/\r\nX: y",
	    "%HH" },
	{ "8-bit text", "file:/\303\244", "%HH" },
};

static void
assert_text(const char *got, const char *want)
{
	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static void
a_url_is_taken_apart(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		struct kp_diags diags = { 0 };
		struct kp_url url = { 0 };

		if (!kp_url_parse(&url, taken[i].text, &diags))
			fail_msg("%s: refused", taken[i].name);
		assert_int_equal(url.kind, taken[i].kind);
		assert_text(url.host, taken[i].host);
		assert_text(url.authority, taken[i].authority);
		assert_text(url.path, taken[i].path);
		assert_text(url.request, taken[i].request);
		assert_text(url.label, taken[i].label);
		assert_int_equal(url.port, taken[i].port);
		kp_url_free(&url);
		kp_diags_free(&diags);
	}
}

static void
what_is_no_url_is_a_usage_error(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct kp_diags diags = { 0 };
		struct kp_url url = { 0 };

		if (kp_url_parse(&url, refused[i].text, &diags))
			fail_msg("%s: taken", refused[i].name);
		assert_int_equal(diags.count, 1);
		assert_int_equal(diags.list[0].fault, KP_FAULT_USAGE);
		if (strstr(diags.list[0].text, refused[i].says) == NULL)
			fail_msg("%s: says \"%s\"", refused[i].name,
			    diags.list[0].text);
		kp_url_free(&url);
		kp_diags_free(&diags);
	}
}

static void
a_scheme_is_put_before_a_host_and_port(void **state)
{
	struct kp_diags diags = { 0 };
	struct kp_url url = { 0 };

	(void)state;
	assert_false(kp_url_parse(&url, "db:5432", &diags));
	assert_string_equal(diags.list[0].hint, "did you mean tcp://db:5432?");
	kp_url_free(&url);
	kp_diags_free(&diags);
}

static void
a_long_path_is_no_socket_and_may_be_a_file(void **state)
{
	char text[200] = "unix:/";
	struct kp_diags diags = { 0 };
	struct kp_url url = { 0 };

	(void)state;
	/* 107 bytes fit in a struct sockaddr_un, the slash included. */
	memset(text + 6, 'a', 106);
	assert_true(kp_url_parse(&url, text, &diags));
	kp_url_free(&url);
	text[6 + 106] = 'a';
	assert_false(kp_url_parse(&url, text, &diags));
	kp_url_free(&url);
	memcpy(text, "file:", 5);
	assert_true(kp_url_parse(&url, text, &diags));
	kp_url_free(&url);
	kp_diags_free(&diags);
}

static void
no_secret_of_a_url_is_in_a_message(void **state)
{
	static const char *const texts[] = {
		"http://user:canary@web/",
		"tcp://canary@db:1",
		"postgres://user:canary@db/x",
		"user:canary@db",
		"http:user:canary@web",
		"http://web:x/?token=canary",
		"http://web /?token=canary",
		"tcp://db:1/x#canary",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct kp_diags diags = { 0 };
		struct kp_url url = { 0 };

		assert_false(kp_url_parse(&url, texts[i], &diags));
		assert_int_equal(diags.count, 1);
		assert_null(strstr(diags.list[0].text, "canary"));
		assert_null(strstr(diags.list[0].path, "canary"));
		assert_null(strstr(diags.list[0].hint, "canary"));
		kp_url_free(&url);
		kp_diags_free(&diags);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_is_taken_apart),
		cmocka_unit_test(what_is_no_url_is_a_usage_error),
		cmocka_unit_test(a_scheme_is_put_before_a_host_and_port),
		cmocka_unit_test(a_long_path_is_no_socket_and_may_be_a_file),
		cmocka_unit_test(no_secret_of_a_url_is_in_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
