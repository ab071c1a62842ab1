/* SPDX-License-Identifier: MIT */
/* url - what is waited for, as RFC 3986 and RFC 8089 write it. */
#include "net/url.h"

#include "base/buf.h"
#include "base/codec.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define HTTP_PORT 80
#define PORT_MAX 65535

/* RFC 1035, section 2.3.4, as text. */
#define NAME_MAX_BYTES 253
#define LABEL_MAX_BYTES 63

/* More of a URL is not shown. */
#define SHOWN_MAX 160

struct parts {
	struct kp_str scheme;
	struct kp_str authority; /* what follows "//" */
	struct kp_str rest;      /* path, query and fragment */
	bool has_authority;
};

static const struct scheme {
	const char *name;
	enum kp_url_kind kind;
	bool in_socket; /* what stands for the host is a socket's path */
} schemes[] = {
	{ "tcp", KP_URL_TCP, false },
	{ "unix", KP_URL_UNIX, false },
	{ "http", KP_URL_HTTP, false },
	{ "http+unix", KP_URL_HTTP, true },
	{ "file", KP_URL_FILE, false },
};

#define NSCHEMES (sizeof(schemes) / sizeof(schemes[0]))

static size_t
find_any(struct kp_str str, const char *set)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		if (strchr(set, str.ptr[i]) != NULL && str.ptr[i] != '\0')
			return i;
	}
	return str.len;
}

static struct kp_str
before(struct kp_str str, const char *set)
{
	return kp_str_slice(str, 0, find_any(str, set));
}

/* --- what may be shown --- */

/* Of a text that may be anything, a password included. */
static char *
make_label(const char *text)
{
	struct kp_str shown = before(kp_str_of(text), "?#");

	return strndup(shown.ptr,
	    shown.len < SHOWN_MAX ? shown.len : SHOWN_MAX);
}

static bool
fail(const struct kp_url *url, const char *what, struct kp_diags *diags)
{
	return kp_diag_usage(diags, "%s: %s", url->label, what);
}

/* --- the parts --- */

/* Blanks and control characters stand in no URL, nor does 8-bit text. */
static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text > '~')
			return false;
	}
	return true;
}

static const struct scheme *
find_scheme(struct kp_str name)
{
	size_t i;

	for (i = 0; i < NSCHEMES; i++) {
		if (kp_str_is_nocase(name, schemes[i].name))
			return &schemes[i];
	}
	return NULL;
}

static bool
needs_host(const struct scheme *scheme)
{
	return scheme->kind == KP_URL_TCP || scheme->kind == KP_URL_HTTP;
}

static void
split(struct kp_str text, struct parts *parts)
{
	size_t colon = kp_str_find(text, ':');
	size_t end = colon == KP_NPOS ? 0 : colon;

	*parts = (struct parts){ .scheme = kp_str_slice(text, 0, end),
		.authority = kp_str_of("") };
	parts->rest = kp_str_slice(text, end + (colon != KP_NPOS), text.len);
	if (!kp_str_starts(parts->rest, "//"))
		return;
	text = kp_str_slice(parts->rest, 2, parts->rest.len);
	parts->has_authority = true;
	parts->authority = before(text, "/?#");
	parts->rest = kp_str_slice(text, parts->authority.len, text.len);
}

/* --- host and port --- */

static bool
is_host_name(struct kp_str name)
{
	size_t i, len = 0;

	if (name.len > 0 && name.ptr[name.len - 1] == '.')
		name.len--;
	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return false;
	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c == '.' ? len == 0 :
		               !kp_is_alnum(c) && c != '-' && c != '_')
			return false;
		len = c == '.' ? 0 : len + 1;
		if (len > LABEL_MAX_BYTES)
			return false;
	}
	return len > 0;
}

static bool
is_ipv6(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, text, &address) == 1;
}

/* ":PORT" or nothing: then it is standard, and 0 that there is none. */
static bool
read_port(struct kp_str text, uint16_t standard, uint16_t *port)
{
	unsigned long number;

	if (text.len == 0 || kp_str_is(text, ":")) {
		*port = standard;
		return standard != 0;
	}
	if (text.ptr[0] != ':' ||
	    !kp_str_to_number(kp_str_slice(text, 1, text.len), PORT_MAX,
	        &number) ||
	    number == 0)
		return false;
	*port = (uint16_t)number;
	return true;
}

/* Cut the host off the front of *rest; false: it is none. */
static bool
read_host(struct kp_str *rest, char **host)
{
	bool bracketed = kp_str_starts(*rest, "[");
	size_t end = find_any(*rest, bracketed ? "]" : ":");
	struct kp_str name = kp_str_slice(*rest, bracketed, end);

	if (end == rest->len && bracketed)
		return false;
	*host = strndup(name.ptr, name.len);
	*rest = kp_str_slice(*rest, end + bracketed, rest->len);
	return *host != NULL &&
	    (bracketed ? is_ipv6(*host) : is_host_name(name));
}

/* "db:5432", as other tools take it. */
static bool
is_bare_port(const struct parts *parts)
{
	unsigned long number;

	return !parts->has_authority && is_host_name(parts->scheme) &&
	    kp_str_to_number(parts->rest, PORT_MAX, &number) && number > 0;
}

/* A text that is no URL of ours may be anything: it is not repeated. */
static bool
complain_scheme(const char *text, const struct parts *parts,
    struct kp_diags *diags)
{
	if (is_bare_port(parts)) {
		kp_diag_usage(diags, "\"%s\" is no URL: it is one of %s", text,
		    KP_URL_FORMS);
		return kp_diag_hint(diags, "did you mean tcp://%s?", text);
	}
	if (!kp_str_is_nocase(parts->scheme, "https"))
		return kp_diag_usage(diags, "a URL is one of %s", KP_URL_FORMS);
	kp_diag_usage(diags, "https is not spoken: there is no TLS here");
	return kp_diag_hint(diags,
	    "http:// of a port without TLS, or tcp://host:443 for the port "
	    "alone");
}

static bool
take_authority(struct kp_url *url, const struct parts *parts, uint16_t standard,
    struct kp_diags *diags)
{
	struct kp_str rest = parts->authority;

	if (!read_host(&rest, &url->host))
		return fail(url,
		    "no name of a host, or address (IPv6 in brackets)", diags);
	if (!read_port(rest, standard, &url->port))
		return fail(url, "a port from 1 to 65535 is missing", diags);
	url->authority = strndup(parts->authority.ptr, parts->authority.len);
	return url->authority != NULL || kp_diag_nomem(diags);
}

/* --- paths --- */

static bool
take_path(struct kp_url *url, struct kp_str text, struct kp_diags *diags)
{
	struct kp_buf path = { 0 };
	bool good = kp_percent_decode(&path, text);

	if (!kp_buf_ok(&path)) {
		kp_buf_wipe(&path);
		return kp_diag_nomem(diags);
	}
	good = good && path.len > 0 && path.data[0] == '/';
	if (good)
		url->path = kp_buf_take(&path).data;
	kp_buf_wipe(&path);
	return good || fail(url, "no absolute path, %HH for odd bytes", diags);
}

bool
kp_url_check_path(const struct kp_url *url, struct kp_diags *diags)
{
	static const struct sockaddr_un address;

	return url->kind == KP_URL_FILE ||
	    strlen(url->path) < sizeof(address.sun_path) ||
	    fail(url, "the path is too long for a socket", diags);
}

static bool
take_socket(struct kp_url *url, struct kp_str text, struct kp_diags *diags)
{
	return take_path(url, text, diags) && kp_url_check_path(url, diags);
}

/* The path of file: and unix:, which have no host. */
static bool
take_local(struct kp_url *url, const struct parts *parts,
    struct kp_diags *diags)
{
	if (parts->authority.len > 0)
		return fail(url, "a path has no host: three slashes, or one",
		    diags);
	if (find_any(parts->rest, "?#") < parts->rest.len)
		return fail(url, "a path has no query: %3F for \"?\"", diags);
	return url->kind == KP_URL_UNIX ? take_socket(url, parts->rest, diags) :
	                                  take_path(url, parts->rest, diags);
}

/* Path and query, which begin with a slash; a fragment is not sent. */
static bool
take_request(struct kp_url *url, const struct parts *parts,
    struct kp_diags *diags)
{
	struct kp_str rest = before(parts->rest, "#");
	struct kp_buf request = { 0 };

	if (!kp_str_starts(rest, "/"))
		kp_buf_add_char(&request, '/');
	kp_buf_add(&request, rest);
	if (!kp_buf_ok(&request)) {
		kp_buf_wipe(&request);
		return kp_diag_nomem(diags);
	}
	url->request = kp_buf_take(&request).data;
	return true;
}

static bool
take_http_socket(struct kp_url *url, const struct parts *parts,
    struct kp_diags *diags)
{
	url->authority = strdup("localhost");
	if (url->authority == NULL)
		return kp_diag_nomem(diags);
	return take_socket(url, parts->authority, diags);
}

static bool
take_parts(struct kp_url *url, const struct scheme *scheme,
    const struct parts *parts, struct kp_diags *diags)
{
	if (!needs_host(scheme))
		return take_local(url, parts, diags);
	if (scheme->in_socket)
		return take_http_socket(url, parts, diags) &&
		    take_request(url, parts, diags);
	if (url->kind == KP_URL_HTTP)
		return take_authority(url, parts, HTTP_PORT, diags) &&
		    take_request(url, parts, diags);
	if (parts->rest.len > 0 && !kp_str_is(parts->rest, "/"))
		return fail(url, "a port has no path", diags);
	return take_authority(url, parts, 0, diags);
}

static bool
complain_userinfo(struct kp_diags *diags)
{
	kp_diag_usage(diags,
	    "a URL with a user is refused: everybody sees arguments");
	return kp_diag_hint(diags,
	    "--basic-auth '${secret:user}:${secret:password}'");
}

bool
kp_url_parse(struct kp_url *url, const char *text, struct kp_diags *diags)
{
	const struct scheme *scheme;
	struct parts parts;

	split(kp_str_of(text), &parts);
	scheme = find_scheme(parts.scheme);
	if (scheme == NULL || (needs_host(scheme) && !parts.has_authority))
		return complain_scheme(text, &parts, diags);
	if (kp_str_find(parts.authority, '@') != KP_NPOS)
		return complain_userinfo(diags);
	url->kind = scheme->kind;
	url->label = make_label(text);
	if (url->label == NULL)
		return kp_diag_nomem(diags);
	if (!is_printable(text))
		return fail(url,
		    "blanks, control and 8-bit characters are written %HH",
		    diags);
	return take_parts(url, scheme, &parts, diags);
}

void
kp_url_free(struct kp_url *url)
{
	free(url->label);
	free(url->host);
	free(url->authority);
	free(url->path);
	free(url->request);
	*url = (struct kp_url){ 0 };
}
