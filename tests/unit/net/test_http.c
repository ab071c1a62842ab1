/* SPDX-License-Identifier: MIT */
/* test_http - requests and status lines by RFC 9112. */
#include "net/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *name, *head;
	enum kp_http_head expect;
	unsigned status;
} heads[] = {
	{ "a status", "HTTP/1.1 200 OK\r\n", KP_HTTP_STATUS, 200 },
	{ "of the version before", "HTTP/1.0 404 Not Found\r\nA: b\r\n",
	    KP_HTTP_STATUS, 404 },
	{ "without words", "HTTP/1.1 503 \r\n", KP_HTTP_STATUS, 503 },
	{ "without words and blank", "HTTP/1.1 503\r\n", KP_HTTP_STATUS, 503 },
	{ "with a line end of one byte", "HTTP/1.1 204 No\n", KP_HTTP_STATUS,
	    204 },
	{ "behind an interim answer",
	    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 500 No\r\n",
	    KP_HTTP_STATUS, 500 },
	{ "behind two",
	    "HTTP/1.1 100 A\r\n\r\nHTTP/1.1 102 B\r\n\r\n"
	    "HTTP/1.1 200 C\r\n",
	    KP_HTTP_STATUS, 200 },
	{ "another protocol is no interim answer", "HTTP/1.1 101 Switch\r\n",
	    KP_HTTP_STATUS, 101 },
	{ "nothing yet", "", KP_HTTP_MORE, 0 },
	{ "a part of the version", "HTTP", KP_HTTP_MORE, 0 },
	{ "a line without its end", "HTTP/1.1 200 OK", KP_HTTP_MORE, 0 },
	{ "an interim answer alone", "HTTP/1.1 100 Continue\r\n\r\n",
	    KP_HTTP_MORE, 0 },
	{ "half an interim answer", "HTTP/1.1 103 Hints\r\nLink: x\r\n",
	    KP_HTTP_MORE, 0 },
	{ "a greeting", "220 mail ESMTP\r\n", KP_HTTP_STRANGE, 0 },
	{ "a greeting whose line does not end", "SSH-2.0", KP_HTTP_STRANGE, 0 },
	{ "an alert of TLS", "\x15\x03\x01", KP_HTTP_STRANGE, 0 },
	{ "another protocol behind an interim answer",
	    "HTTP/1.1 100 A\r\n\r\n<html>", KP_HTTP_STRANGE, 0 },
	{ "an empty line", "\r\n", KP_HTTP_STRANGE, 0 },
	{ "the version after", "HTTP/2 200\r\n", KP_HTTP_STRANGE, 0 },
	{ "no number", "HTTP/1.1 OK 200\r\n", KP_HTTP_STRANGE, 0 },
	{ "a number of two digits", "HTTP/1.1 99 A\r\n", KP_HTTP_STRANGE, 0 },
	{ "a number below all", "HTTP/1.1 099 A\r\n", KP_HTTP_STRANGE, 0 },
	{ "a number of four digits", "HTTP/1.1 2000 A\r\n", KP_HTTP_STRANGE,
	    0 },
	{ "a number above all", "HTTP/1.1 600 A\r\n", KP_HTTP_STRANGE, 0 },
	{ "a number with a sign", "HTTP/1.1 +20 A\r\n", KP_HTTP_STRANGE, 0 },
};

static void
the_status_is_read_as_soon_as_it_is_there(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		unsigned status = 0;
		enum kp_http_head found =
		    kp_http_status(kp_str_of(heads[i].head), &status);

		if (found != heads[i].expect ||
		    (found == KP_HTTP_STATUS && status != heads[i].status))
			fail_msg("%s: %d, %u", heads[i].name, found, status);
	}
}

static void
without_ranges_success_and_redirections_are_expected(void **state)
{
	const struct kp_list none = { 0 };

	(void)state;
	assert_false(kp_http_expects(&none, 199));
	assert_true(kp_http_expects(&none, 200));
	assert_true(kp_http_expects(&none, 399));
	assert_false(kp_http_expects(&none, 400));
}

static void
ranges_say_what_is_expected(void **state)
{
	struct kp_list ranges = { 0 };

	(void)state;
	assert_true(kp_list_add(&ranges, "200-204"));
	assert_true(kp_list_add(&ranges, "401"));
	assert_true(kp_http_expects(&ranges, 200));
	assert_true(kp_http_expects(&ranges, 204));
	assert_true(kp_http_expects(&ranges, 401));
	assert_false(kp_http_expects(&ranges, 205));
	assert_false(kp_http_expects(&ranges, 400));
	kp_list_free(&ranges);
}

static void
what_is_no_range_is_refused(void **state)
{
	static const char *const texts[] = { "", "-", "200-", "-200", "99",
		"600", "300-200", "200-600", "2xx", "200 ", "200-300-400" };
	unsigned least, most;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(kp_http_range(kp_str_of(texts[i]), &least, &most));
}

static void
assert_request(const char *url_text, const struct kp_list *headers,
    const char *expect)
{
	struct kp_diags diags = { 0 };
	struct kp_buf request = { 0 };
	struct kp_url url = { 0 };

	assert_true(kp_url_parse(&url, url_text, &diags));
	kp_http_request(&request, &url, headers);
	assert_true(kp_buf_ok(&request));
	assert_string_equal(request.data, expect);
	kp_buf_wipe(&request);
	kp_url_free(&url);
}

static void
a_request_has_what_servers_want(void **state)
{
	const struct kp_list none = { 0 };

	(void)state;
	assert_request("http://[::1]:8080/a?b", &none,
	    "GET /a?b HTTP/1.1\r\nHost: [::1]:8080\r\n"
	    "User-Agent: keyplate/" PACKAGE_VERSION "\r\nAccept: */*\r\n"
	    "Connection: close\r\n\r\n");
}

static void
a_header_of_the_user_replaces_ours(void **state)
{
	struct kp_list headers = { 0 };

	(void)state;
	assert_true(kp_list_add(&headers, "host: shop.example"));
	assert_true(kp_list_add(&headers, "USER-AGENT: probe"));
	assert_true(kp_list_add(&headers, "X-Accept: no"));
	assert_request("http://web", &headers,
	    "GET / HTTP/1.1\r\nAccept: */*\r\nConnection: close\r\n"
	    "host: shop.example\r\nUSER-AGENT: probe\r\nX-Accept: no\r\n"
	    "\r\n");
	kp_list_free(&headers);
}

static void
nothing_in_a_field_can_end_it(void **state)
{
	int c;

	(void)state;
	for (c = 0; c < 256; c++) {
		char text[] = { 'a', (char)c, 'b' };
		bool good = c == '\t' || (c >= ' ' && c != 0x7f);

		assert_int_equal(kp_http_is_field(
		                     kp_str_make(text, sizeof(text))),
		    good);
	}
}

static void
a_name_is_a_token(void **state)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	int c;

	(void)state;
	assert_false(kp_http_is_token(kp_str_of("")));
	for (c = 0; c < 256; c++) {
		char text[] = { 'a', (char)c };
		bool good = kp_is_alnum((char)c) ||
		    (c != 0 && strchr(marks, c) != NULL);

		assert_int_equal(kp_http_is_token(
		                     kp_str_make(text, sizeof(text))),
		    good);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_is_read_as_soon_as_it_is_there),
		cmocka_unit_test(
		    without_ranges_success_and_redirections_are_expected),
		cmocka_unit_test(ranges_say_what_is_expected),
		cmocka_unit_test(what_is_no_range_is_refused),
		cmocka_unit_test(a_request_has_what_servers_want),
		cmocka_unit_test(a_header_of_the_user_replaces_ours),
		cmocka_unit_test(nothing_in_a_field_can_end_it),
		cmocka_unit_test(a_name_is_a_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
