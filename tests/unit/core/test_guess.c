/* SPDX-License-Identifier: MIT */
/* test_guess - what a value is for, by its name and its look. */
#include "core/guess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct row {
	const char *text;
	bool expect;
};

static void
check(const struct row *rows, size_t count, bool (*ask)(struct kp_str text))
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (ask(kp_str_of(rows[i].text)) != rows[i].expect)
			fail_msg("\"%s\": want %d", rows[i].text,
			    rows[i].expect);
	}
}

static void
test_names_of_secrets(void **state)
{
	static const struct row rows[] = {
		{ "password", true },
		{ "admin_password", true },
		{ "adminPassword", true },
		{ "MYSQL_ROOT_PASSWORD", true },
		{ "clientSecret", true },
		{ "API-KEY", true },
		{ "APIKey", true },
		{ "apiKey", true },
		{ "secret_key_base", true },
		{ "LOGGED_IN_KEY", true },
		{ "NONCE_SALT", true },
		{ "requirepass", true },
		{ "bearer_token", true },
		{ "password2", true },
		{ "tls-key-file-pass", true },
		{ "password_file", false },
		{ "passwordFile", false },
		{ "token_url", false },
		{ "secretName", false },
		{ "password_hint", false },
		{ "min_password_length", false },
		{ "proxy_pass", false },
		{ "fastcgi_pass", false },
		{ "ssl_certificate_key", false },
		{ "tls_key", false },
		{ "key", false },
		{ "compass", false },
		{ "monkey", false },
		{ "", false },
		{ "___", false },
	};

	(void)state;
	check(rows, COUNT(rows), kp_guess_names_secret);
}

static void
test_names_of_settings(void **state)
{
	static const struct row rows[] = {
		{ "domain", true },
		{ "DB_HOST", true },
		{ "dbHost", true },
		{ "http_port", true },
		{ "log_level", true },
		{ "loglevel", true },
		{ "server_name", true },
		{ "proxy_pass", true },
		{ "level", false },
		{ "report", false },
		{ "hosts", false },
		{ "timeout", false },
		{ "", false },
	};

	(void)state;
	check(rows, COUNT(rows), kp_guess_names_setting);
}

static void
test_names_of_switches(void **state)
{
	static const struct row rows[] = {
		{ "insecure_skip_verify", true },
		{ "enableTls", true },
		{ "tls_disabled", true },
		{ "username", false },
		{ "because", false },
		{ "", false },
	};

	(void)state;
	check(rows, COUNT(rows), kp_guess_names_switch);
}

static bool
shows_secret(struct kp_str value)
{
	return kp_guess_shows_secret(value) != NULL;
}

static void
test_values_that_are_secrets(void **state)
{
	static const struct row rows[] = {
		{ "postgres://app:pass@db:5432/app", true },
		{ "amqp://guest:guest@mq//", true },
		{ "$2a$14$abcdefghijklmnopqrstuv", true },
		{ "$6$salt$hash", true },
		{ "Bearer abc", true },
		{ "-----BEGIN RSA PRIVATE KEY-----", true },
		{ "ghp_0123456789abcdef", true },
		{ "http://db:5432/app", false },
		{ "http://app@db/", false },
		{ "http://host:80/a@b", false },
		{ "-----BEGIN CERTIFICATE-----", false },
		{ "$host", false },
		{ "", false },
	};

	(void)state;
	check(rows, COUNT(rows), shows_secret);
}

static void
test_markers(void **state)
{
	static const struct row rows[] = {
		{ "xxx", true },
		{ "XXXXXX", true },
		{ "****", true },
		{ "changeme", true },
		{ "CHANGE_ME", true },
		{ "password_here", true },
		{ "put your unique phrase here", true },
		{ "<master-password>", true },
		{ "__DB_PASS__", true },
		{ "@DB_PASS@", true },
		{ "{{ .DB_PASS }}", true },
		{ "xx", false },
		{ "xxl", false },
		{ "<a> and <b>", false },
		{ "____", false },
		{ "a@b", false },
		{ "here", false },
		{ "", false },
	};

	(void)state;
	check(rows, COUNT(rows), kp_guess_is_marker);
}

static void
test_the_name_in_a_marker(void **state)
{
	static const char *const marked[] = { "__DB_PASS__", "@DB_PASS@",
		"%%DB_PASS%%", "{{DB_PASS}}", "{{ DB_PASS }}", "{{.DB_PASS}}",
		"{{ .DB_PASS }}" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(marked); i++) {
		if (!kp_str_is(kp_guess_marker_name(kp_str_of(marked[i])),
		        "DB_PASS"))
			fail_msg("%s has another name", marked[i]);
	}
	assert_int_equal(kp_guess_marker_name(kp_str_of("xxx")).len, 0);
	assert_int_equal(kp_guess_marker_name(kp_str_of("@a b@")).len, 0);
}

static void
test_what_the_service_puts_in(void **state)
{
	static const struct row rows[] = {
		{ "${DB_PASSWORD}", true },
		{ "http://${HOST}/", true },
		{ "{$UPSTREAM}", true },
		{ "$__file{/run/secrets/x}", true },
		{ "%(protocol)s://%(domain)s", true },
		{ "$host", true },
		{ "$2a$14$abc", false },
		{ "a$b", false },
		{ "$", false },
		{ "100%", false },
	};

	(void)state;
	check(rows, COUNT(rows), kp_guess_is_reference);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_secrets),
		cmocka_unit_test(test_names_of_settings),
		cmocka_unit_test(test_names_of_switches),
		cmocka_unit_test(test_values_that_are_secrets),
		cmocka_unit_test(test_markers),
		cmocka_unit_test(test_the_name_in_a_marker),
		cmocka_unit_test(test_what_the_service_puts_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
