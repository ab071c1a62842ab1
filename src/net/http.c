/* SPDX-License-Identifier: MIT */
/* http - one GET of HTTP/1.1 (RFC 9112), of whose answer the status counts. */
#include "net/http.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* What may come before the status is known. */
#define HEAD_MAX 16384

/*
 * A server that is cut off in its answer logs an error: it may finish, as
 * long as that is a matter of moments.
 */
#define REST_MAX ((size_t)256 * 1024)
#define REST_MS 100

#define STATUS_MIN 100
#define STATUS_MAX 599
#define GOOD_MIN 200
#define GOOD_MAX 399

/* --- which status --- */

bool
kp_http_range(struct kp_str text, unsigned *least, unsigned *most)
{
	size_t dash = kp_str_find(text, '-');
	size_t end = dash == KP_NPOS ? text.len : dash;
	size_t next = dash == KP_NPOS ? 0 : dash + 1;
	unsigned long first, last;

	if (!kp_str_to_number(kp_str_slice(text, 0, end), STATUS_MAX, &first) ||
	    !kp_str_to_number(kp_str_slice(text, next, text.len), STATUS_MAX,
	        &last) ||
	    first < STATUS_MIN || last < first)
		return false;
	*least = (unsigned)first;
	*most = (unsigned)last;
	return true;
}

bool
kp_http_expects(const struct kp_list *ranges, unsigned status)
{
	unsigned least, most;
	size_t i;

	for (i = 0; i < ranges->count; i++) {
		if (kp_http_range(kp_str_of(ranges->items[i]), &least, &most) &&
		    status >= least && status <= most)
			return true;
	}
	return ranges->count == 0 && status >= GOOD_MIN && status <= GOOD_MAX;
}

/* --- the request --- */

/* RFC 9110, section 5.6.2. */
bool
kp_http_is_token(struct kp_str name)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	size_t i;

	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!kp_is_alnum(c) && (c == '\0' || strchr(marks, c) == NULL))
			return false;
	}
	return name.len > 0;
}

/* RFC 9110, section 5.5. */
bool
kp_http_is_field(struct kp_str value)
{
	size_t i;

	for (i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool
has_header(const struct kp_list *headers, const char *name)
{
	size_t i;

	for (i = 0; i < headers->count; i++) {
		struct kp_str line = kp_str_of(headers->items[i]);
		size_t colon = kp_str_find(line, ':');

		if (colon != KP_NPOS &&
		    kp_str_is_nocase(kp_str_slice(line, 0, colon), name))
			return true;
	}
	return false;
}

static void
add_header(struct kp_buf *out, const struct kp_list *headers, const char *name,
    const char *value)
{
	if (!has_header(headers, name))
		kp_buf_add_format(out, "%s: %s\r\n", name, value);
}

void
kp_http_request(struct kp_buf *out, const struct kp_url *url,
    const struct kp_list *headers)
{
	size_t i;

	kp_buf_add_format(out, "GET %s HTTP/1.1\r\n", url->request);
	add_header(out, headers, "Host", url->authority);
	add_header(out, headers, "User-Agent", "keyplate/" PACKAGE_VERSION);
	add_header(out, headers, "Accept", "*/*");
	add_header(out, headers, "Connection", "close");
	for (i = 0; i < headers->count; i++) {
		kp_buf_add_text(out, headers->items[i]);
		kp_buf_add_text(out, "\r\n");
	}
	kp_buf_add_text(out, "\r\n");
}

/* --- the answer --- */

static const char version[] = "HTTP/1.";

/* "HTTP/1." digit " " status, and then a blank or the end of the line. */
static enum kp_http_head
read_status_line(struct kp_str line, unsigned *status)
{
	const size_t blank = sizeof(version), end = blank + 4;
	unsigned long number;

	line = kp_str_trim(line);
	if (!kp_str_starts(line, version) || line.len < end ||
	    !kp_is_digit(line.ptr[blank - 1]) || line.ptr[blank] != ' ' ||
	    (line.len > end && line.ptr[end] != ' ') ||
	    !kp_str_to_number(kp_str_slice(line, blank + 1, end), STATUS_MAX,
	        &number) ||
	    number < STATUS_MIN)
		return KP_HTTP_STRANGE;
	*status = (unsigned)number;
	return KP_HTTP_STATUS;
}

/* A server of another kind may never end its line. */
static bool
may_begin(struct kp_str line)
{
	size_t len = line.len < strlen(version) ? line.len : strlen(version);

	return strncmp(line.ptr, version, len) == 0;
}

/* Cut a line off that is there up to its end. */
static bool
take_line(struct kp_str *rest, struct kp_str *line)
{
	return kp_str_find(*rest, '\n') != KP_NPOS &&
	    kp_str_next_line(rest, line);
}

/* Behind the headers of an interim answer; false: there is more to come. */
static bool
skip_headers(struct kp_str *rest)
{
	struct kp_str line;

	while (take_line(rest, &line)) {
		if (kp_str_trim(line).len == 0)
			return true;
	}
	return false;
}

static bool
is_interim(unsigned status)
{
	return status < GOOD_MIN && status != 101;
}

enum kp_http_head
kp_http_status(struct kp_str head, unsigned *status)
{
	enum kp_http_head found;
	struct kp_str line;

	while (take_line(&head, &line)) {
		found = read_status_line(line, status);
		if (found == KP_HTTP_STRANGE || !is_interim(*status))
			return found;
		if (!skip_headers(&head))
			return KP_HTTP_MORE;
	}
	return may_begin(head) ? KP_HTTP_MORE : KP_HTTP_STRANGE;
}

/* --- the exchange --- */

static bool
send_all(int fd, struct kp_str bytes, const struct kp_limit *limit)
{
	while (bytes.len > 0) {
		ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

		if (sent >= 0)
			bytes = kp_str_slice(bytes, (size_t)sent, bytes.len);
		else if (errno != EAGAIN ||
		    !kp_limit_poll_one(limit, fd, POLLOUT))
			return false;
	}
	return true;
}

/* 0 at the end; -1: errno tells. */
static ssize_t
receive(int fd, char *bytes, size_t size, const struct kp_limit *limit)
{
	for (;;) {
		ssize_t got = recv(fd, bytes, size, 0);

		if (got >= 0 || errno != EAGAIN)
			return got;
		if (!kp_limit_poll_one(limit, fd, POLLIN))
			return -1;
	}
}

static void
skip_rest(int fd, const struct kp_limit *limit)
{
	struct kp_limit moment = kp_limit_within(limit, REST_MS);
	char bytes[4096];
	size_t count = 0;
	ssize_t got = 1;

	while (got > 0 && count < REST_MAX) {
		got = receive(fd, bytes, sizeof(bytes), &moment);
		count += got > 0 ? (size_t)got : 0;
	}
}

bool
kp_http_get(int fd, struct kp_str request, const struct kp_limit *limit,
    unsigned *status, struct kp_reason *why)
{
	enum kp_http_head found = KP_HTTP_MORE;
	char head[HEAD_MAX];
	size_t len = 0;

	if (!send_all(fd, request, limit))
		return kp_reason_sys(why, "sending the request");
	while (found == KP_HTTP_MORE && len < sizeof(head)) {
		ssize_t got =
		    receive(fd, head + len, sizeof(head) - len, limit);

		if (got == -1)
			return kp_reason_sys(why, "waiting for the answer");
		if (got == 0)
			return kp_reason_set(why, "closed without an answer");
		len += (size_t)got;
		found = kp_http_status(kp_str_make(head, len), status);
	}
	if (found != KP_HTTP_STATUS)
		return kp_reason_set(why, "the answer is not HTTP");
	skip_rest(fd, limit);
	return true;
}
