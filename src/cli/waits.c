/* SPDX-License-Identifier: MIT */
/* waits - what run --wait, wait and probe ask, and what they say about it. */
#include "cli/waits.h"

#include "base/codec.h"
#include "cli/report.h"
#include "core/expand.h"
#include "core/template.h"
#include "net/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Less than the 30 seconds that Docker gives a health check. */
#define TRY_MS 5000
#define RUN_MS 30000

/* One attempt of many: what answers later than that may as well be down. */
#define ATTEMPT_MS 5000

/* A line of progress, on a screen of 80 columns. */
#define SHOWN_MAX 80

/* --- headers --- */

/* Append what the text from start on comes to. */
static bool
expand(struct kp_work *work, const struct kp_source *src, size_t start,
    struct kp_buf *out, struct kp_diags *diags)
{
	struct kp_expander expander = {
		.values = &work->values,
		.diags = diags,
		.missing = KP_MISSING_FAILS,
	};
	struct kp_result result = { 0 };
	struct kp_template template;
	bool good;

	good = kp_template_parse_part(&template, src, start, src->text.len,
	           diags) &&
	    kp_expand_template(&expander, &template, &result) == KP_RESOLVED;
	kp_buf_add(out, kp_buf_view(&result.bytes));
	kp_result_free(&result);
	kp_template_free(&template);
	return good && (kp_buf_ok(out) || kp_diag_nomem(diags));
}

static bool
add_header(struct kp_waits *waits, const struct kp_buf *line,
    struct kp_diags *diags)
{
	return (kp_buf_ok(line) && kp_list_add(&waits->headers, line->data)) ||
	    kp_diag_nomem(diags);
}

/* A line end in a value would begin another header, or end them all. */
static bool
check_field(const struct kp_source *src, size_t start,
    const struct kp_buf *line, struct kp_diags *diags)
{
	if (kp_http_is_field(kp_buf_view(line)))
		return true;
	kp_diag_at(diags, src, start, src->text.len - start,
	    "a line end or another control character is in the value: no "
	    "header can hold it");
	return kp_diag_hint(diags,
	    "|trim takes line ends off, |line(1) one line");
}

/* "NAME:VALUE" as the option has it. */
static bool
read_header(struct kp_waits *waits, const char *text, struct kp_diags *diags)
{
	struct kp_source src = {
		.name = "--header",
		.text = kp_str_of(text),
		.guarded = true,
	};
	size_t start = kp_str_find(src.text, ':') + 1;
	struct kp_buf line = { 0 };
	bool good;

	kp_buf_add(&line, kp_str_slice(src.text, 0, start));
	kp_buf_add_char(&line, ' ');
	while (start < src.text.len && kp_is_blank(text[start]))
		start++;
	good = expand(waits->work, &src, start, &line, diags) &&
	    check_field(&src, start, &line, diags) &&
	    add_header(waits, &line, diags);
	kp_buf_wipe(&line);
	return good;
}

/* RFC 7617: the first colon ends the user. */
static bool
read_basic_auth(struct kp_waits *waits, const char *text,
    struct kp_diags *diags)
{
	struct kp_source src = {
		.name = "--basic-auth",
		.text = kp_str_of(text),
		.guarded = true,
	};
	struct kp_buf pair = { 0 }, line = { 0 };
	bool good = expand(waits->work, &src, 0, &pair, diags);

	if (good && kp_str_find(kp_buf_view(&pair), ':') == KP_NPOS)
		good = kp_diag_usage(diags,
		    "--basic-auth wants a user, \":\" and a password");
	kp_buf_add_text(&line, "Authorization: Basic ");
	kp_base64_add(&line, kp_buf_view(&pair));
	good = good && add_header(waits, &line, diags);
	kp_buf_wipe(&pair);
	kp_buf_wipe(&line);
	return good;
}

static bool
read_headers(struct kp_waits *waits, struct kp_diags *diags)
{
	const struct kp_options *options = waits->work->options;
	bool good = true;
	size_t i;

	for (i = 0; i < options->headers.count; i++)
		good = read_header(waits, options->headers.items[i], diags) &&
		    good;
	if (options->basic_auth != NULL)
		good =
		    read_basic_auth(waits, options->basic_auth, diags) && good;
	return good;
}

/* --- what is awaited --- */

/* --root stands before the paths of sockets and files too. */
static bool
locate(struct kp_waits *waits, struct kp_url *url, struct kp_diags *diags)
{
	struct kp_buf path = { 0 };

	if (url->path == NULL)
		return true;
	kp_inputs_locate(waits->work->options, url->path, &path);
	if (!kp_buf_ok(&path)) {
		kp_buf_wipe(&path);
		return kp_diag_nomem(diags);
	}
	free(url->path);
	url->path = kp_buf_take(&path).data;
	return kp_url_check_path(url, diags);
}

/* The line about it takes the place of the last one. */
static void
tell(void *ctx, const struct kp_awaited *awaited)
{
	const struct kp_waits *waits = ctx;
	char line[SHOWN_MAX];

	if (awaited->up)
		return;
	snprintf(line, sizeof(line), "waiting for %s: %s", awaited->url.label,
	    kp_reason_words(&awaited->why));
	kp_report_progress(line, waits->work->options);
}

static bool
asks_http(const struct kp_wait *wait)
{
	size_t i;

	for (i = 0; i < wait->count; i++) {
		if (wait->list[i].url.kind == KP_URL_HTTP)
			return true;
	}
	return false;
}

bool
kp_waits_open(struct kp_waits *waits, struct kp_work *work,
    const struct kp_list *urls, struct kp_diags *diags)
{
	const struct kp_options *options = work->options;
	struct kp_wait *wait = &waits->wait;
	bool good = true;
	size_t i;

	waits->work = work;
	wait->headers = &waits->headers;
	wait->expect = &options->expect;
	wait->interval_ms = options->interval_ms == KP_FOREVER ?
	    KP_LIMIT_NONE :
	    options->interval_ms;
	for (i = 0; i < urls->count; i++)
		good = kp_wait_add(wait, urls->items[i], diags) &&
		    locate(waits, &wait->list[i].url, diags) && good;
	/*
	 * Variables may set headers for another command of the container; with
	 * no memory there was none for a reader of values.
	 */
	if (asks_http(wait) && work->values.reader.secret != NULL)
		good = read_headers(waits, diags) && good;
	return good;
}

static bool
is_stopped(void *ctx)
{
	return kp_work_interrupted(ctx);
}

static long
timeout_of(const struct kp_waits *waits, long standard_ms)
{
	long ms = waits->work->options->timeout_ms;

	return ms == 0 ? standard_ms : ms;
}

static struct kp_limit
begin(struct kp_waits *waits, long timeout_ms)
{
	struct kp_limit none = { KP_LIMIT_NONE, is_stopped, waits->work };

	return kp_limit_within(&none,
	    timeout_ms == KP_FOREVER ? KP_LIMIT_NONE : timeout_ms);
}

static void
complain(const struct kp_awaited *awaited, const char *when,
    struct kp_diags *diags)
{
	const struct kp_reason *why = &awaited->why;
	const char *colon = why->text[0] == '\0' ? "" : ": ";

	if (why->sys_errno == 0) {
		kp_diag_file(diags, awaited->url.label, "not up%s%s%s", when,
		    colon, why->text);
		return;
	}
	errno = why->sys_errno;
	kp_diag_sys(diags, awaited->url.label, "not up%s%s%s", when, colon,
	    why->text);
}

/* What it has come to; when: " after 30s", or nothing. */
static void
conclude(struct kp_waits *waits, const char *when, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < waits->wait.count; i++) {
		const struct kp_awaited *awaited = &waits->wait.list[i];

		if (awaited->up)
			kp_diag_note(diags, awaited->url.label, "up");
		else if (!kp_work_interrupted(waits->work))
			complain(awaited, when, diags);
	}
}

bool
kp_waits_run(struct kp_waits *waits, struct kp_diags *diags)
{
	long timeout_ms = timeout_of(waits, RUN_MS);
	struct kp_limit limit = begin(waits, timeout_ms);
	char when[32];
	bool up;

	snprintf(when, sizeof(when), " after %ld%s",
	    timeout_ms % 1000 == 0 ? timeout_ms / 1000 : timeout_ms,
	    timeout_ms % 1000 == 0 ? "s" : "ms");
	waits->wait.attempt_ms = ATTEMPT_MS;
	waits->wait.tell = tell;
	waits->wait.ctx = waits;
	up = kp_wait(&waits->wait, &limit);
	kp_report_progress(NULL, waits->work->options);
	conclude(waits, when, diags);
	return up;
}

bool
kp_waits_try(struct kp_waits *waits, struct kp_diags *diags)
{
	struct kp_limit limit = begin(waits, timeout_of(waits, TRY_MS));
	bool up;

	waits->wait.attempt_ms = KP_LIMIT_NONE;
	up = kp_wait_once(&waits->wait, &limit);
	conclude(waits, "", diags);
	return up;
}

void
kp_waits_free(struct kp_waits *waits)
{
	kp_wait_free(&waits->wait);
	kp_list_free(&waits->headers);
}
