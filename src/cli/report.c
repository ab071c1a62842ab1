/* SPDX-License-Identifier: MIT */
/* report - the only printer of problems, on standard error. */
#include "cli/report.h"

#include "base/utf8.h"
#include "cli/paint.h"
#include "io/file.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INDENT "    "

static void
add_escaped(struct kp_buf *out, const char *text)
{
	kp_paint_add_escaped(out, kp_str_of(text));
}

/* As many columns as characters, so that the caret stays below its place. */
static void
add_excerpt(struct kp_buf *out, const char *line)
{
	struct kp_str str = kp_str_of(line);
	size_t at = 0;

	while (at < str.len) {
		size_t start = at;
		uint32_t rune;

		if (kp_utf8_next(str, &at, &rune) &&
		    !kp_paint_is_unsafe(rune)) {
			kp_buf_add(out, kp_str_slice(str, start, at));
			continue;
		}
		at = at == start ? at + 1 : at;
		kp_buf_add_char(out, '.');
	}
}

static void
add_repeated(struct kp_buf *out, char c, unsigned count)
{
	while (count-- > 0)
		kp_buf_add_char(out, c);
}

static const char *
severity_name(enum kp_severity severity)
{
	switch (severity) {
	case KP_WARNING:
		return "warning";
	case KP_NOTE:
		return "note";
	case KP_ERROR:
		break;
	}
	return "error";
}

static const char *
severity_color(enum kp_severity severity)
{
	switch (severity) {
	case KP_WARNING:
		return KP_PAINT_WARNING;
	case KP_NOTE:
		return KP_PAINT_NOTE;
	case KP_ERROR:
		break;
	}
	return KP_PAINT_ERROR;
}

static void
add_place(const struct kp_diag *diag, bool color, struct kp_buf *out)
{
	if (diag->path[0] == '\0')
		return;
	kp_paint_add(out, color, KP_PAINT_BOLD);
	add_escaped(out, diag->path);
	if (diag->place.line != 0)
		kp_buf_add_format(out, ":%u:%u", diag->place.line,
		    diag->place.column);
	kp_buf_add_char(out, ':');
	kp_paint_add(out, color, KP_PAINT_PLAIN);
	kp_buf_add_char(out, ' ');
}

/* What is wrong, the kernel's words last. */
static void
add_text(const struct kp_diag *diag, struct kp_buf *out)
{
	add_escaped(out, diag->text);
	if (diag->sys_errno != 0)
		kp_buf_add_format(out, ": %s", strerror(diag->sys_errno));
}

/* Errors go without a word: most lines are errors. */
static void
add_message(const struct kp_diag *diag, bool color, struct kp_buf *out)
{
	if (diag->severity != KP_ERROR) {
		kp_paint_add(out, color, severity_color(diag->severity));
		kp_buf_add_format(out, "%s:", severity_name(diag->severity));
		kp_paint_add(out, color, KP_PAINT_PLAIN);
		kp_buf_add_char(out, ' ');
	}
	add_text(diag, out);
	kp_buf_add_char(out, '\n');
}

static void
add_marked_line(const struct kp_diag *diag, bool color, struct kp_buf *out)
{
	kp_buf_add_text(out, INDENT);
	add_excerpt(out, diag->line);
	kp_buf_add_text(out, "\n" INDENT);
	add_repeated(out, ' ', diag->caret);
	kp_paint_add(out, color, severity_color(diag->severity));
	kp_buf_add_char(out, '^');
	add_repeated(out, '~', diag->width > 1 ? diag->width - 1 : 0);
	kp_paint_add(out, color, KP_PAINT_PLAIN);
	kp_buf_add_char(out, '\n');
}

void
kp_report_add_text(const struct kp_diag *diag, bool color, struct kp_buf *out)
{
	kp_buf_add_text(out, "keyplate: ");
	add_place(diag, color, out);
	add_message(diag, color, out);
	if (diag->line[0] != '\0')
		add_marked_line(diag, color, out);
	if (diag->hint[0] == '\0')
		return;
	kp_buf_add_text(out, INDENT);
	kp_paint_add(out, color, KP_PAINT_GOOD);
	kp_buf_add_text(out, "hint:");
	kp_paint_add(out, color, KP_PAINT_PLAIN);
	kp_buf_add_char(out, ' ');
	add_escaped(out, diag->hint);
	kp_buf_add_char(out, '\n');
}

static void
add_json_member(struct kp_buf *out, const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	kp_buf_add_format(out, ",\"%s\":", name);
	kp_paint_add_json(out, kp_str_of(text));
}

void
kp_report_add_json(const struct kp_diag *diag, struct kp_buf *out)
{
	kp_buf_add_format(out, "{\"severity\":\"%s\"",
	    severity_name(diag->severity));
	add_json_member(out, "path", diag->path);
	if (diag->place.line != 0)
		kp_buf_add_format(out, ",\"line\":%u,\"column\":%u",
		    diag->place.line, diag->place.column);
	add_json_member(out, "message", diag->text);
	if (diag->sys_errno != 0)
		add_json_member(out, "error", strerror(diag->sys_errno));
	add_json_member(out, "hint", diag->hint);
	kp_buf_add_text(out, "}\n");
}

/* A problem on one line, as compilers write it; a hint is a note of it. */
static void
add_compiler_line(const struct kp_diag *diag, const char *severity,
    struct kp_buf *out)
{
	if (diag->path[0] == '\0')
		kp_buf_add_text(out, "keyplate: ");
	add_place(diag, false, out);
	kp_buf_add_format(out, "%s: ", severity);
}

void
kp_report_add_gcc(const struct kp_diag *diag, struct kp_buf *out)
{
	add_compiler_line(diag, severity_name(diag->severity), out);
	add_text(diag, out);
	kp_buf_add_char(out, '\n');
	if (diag->hint[0] == '\0')
		return;
	add_compiler_line(diag, "note", out);
	add_escaped(out, diag->hint);
	kp_buf_add_char(out, '\n');
}

/* "%", and in a property ":" and "," too, are written as URLs have them. */
static void
add_quoted(struct kp_buf *out, const struct kp_buf *text, const char *special)
{
	size_t i;

	for (i = 0; i < text->len; i++) {
		if (strchr(special, text->data[i]) != NULL)
			kp_buf_add_format(out, "%%%02X",
			    (unsigned char)text->data[i]);
		else
			kp_buf_add_char(out, text->data[i]);
	}
}

static void
add_github_place(const struct kp_diag *diag, struct kp_buf *out)
{
	struct kp_buf path = { 0 };

	if (diag->path[0] == '\0')
		return;
	add_escaped(&path, diag->path);
	kp_buf_add_text(out, " file=");
	add_quoted(out, &path, "%:,");
	if (diag->place.line != 0)
		kp_buf_add_format(out, ",line=%u,col=%u", diag->place.line,
		    diag->place.column);
	kp_buf_wipe(&path);
}

void
kp_report_add_github(const struct kp_diag *diag, struct kp_buf *out)
{
	struct kp_buf text = { 0 };

	kp_buf_add_format(out, "::%s",
	    diag->severity == KP_NOTE ? "notice" :
	                                severity_name(diag->severity));
	add_github_place(diag, out);
	kp_buf_add_text(out, "::");
	add_text(diag, &text);
	add_quoted(out, &text, "%");
	kp_buf_cut(&text, 0);
	add_escaped(&text, diag->hint);
	if (text.len > 0)
		kp_buf_add_text(out, "%0Ahint: ");
	add_quoted(out, &text, "%");
	kp_buf_add_char(out, '\n');
	kp_buf_wipe(&text);
}

static bool
is_shown(const struct kp_diag *diag, const struct kp_options *options)
{
	switch (diag->severity) {
	case KP_WARNING:
		return !options->quiet;
	case KP_NOTE:
		return !options->quiet && options->verbose > 0;
	case KP_ERROR:
		break;
	}
	return true;
}

/* How long a reader of standard error may sleep before it is given up. */
#define PATIENCE_MS 1000

/*
 * A pipe that nobody reads must not hold up the service, nor each message
 * cost its time anew: one that was full once is not waited for again.
 */
static bool
can_print(void)
{
	static int patience_ms = PATIENCE_MS;
	struct pollfd wait = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&wait, 1, patience_ms) == 1)
		return true;
	patience_ms = 0;
	return false;
}

void
kp_report_progress(const char *line, const struct kp_options *options)
{
	static bool shown;
	struct kp_buf out = { 0 };

	if (options->quiet || options->log_format != KP_LOG_TEXT ||
	    (line == NULL && !shown) || isatty(STDERR_FILENO) != 1)
		return;
	shown = line != NULL;
	/* To the left, and away with what is there. */
	kp_buf_add_format(&out, "\r\033[K%s", shown ? line : "");
	if (kp_buf_ok(&out) && can_print())
		(void)!kp_file_write(STDERR_FILENO, kp_buf_view(&out));
	kp_buf_wipe(&out);
}

/* Where there is no memory for a message there is this one. */
static void
print_no_memory(void)
{
	static const char text[] = "keyplate: cannot go on: out of memory\n";

	if (can_print())
		(void)!kp_file_write(STDERR_FILENO, kp_str_of(text));
}

static void
print(const struct kp_diag *diag, const struct kp_options *options, bool color)
{
	struct kp_buf out = { 0 };

	switch (options->log_format) {
	case KP_LOG_TEXT:
		kp_report_add_text(diag, color, &out);
		break;
	case KP_LOG_JSON:
		kp_report_add_json(diag, &out);
		break;
	case KP_LOG_GCC:
		kp_report_add_gcc(diag, &out);
		break;
	case KP_LOG_GITHUB:
		kp_report_add_github(diag, &out);
		break;
	}
	/*
	 * An incomplete line is better than none where memory is short; and
	 * there is nobody to tell that standard error takes nothing.
	 */
	if (out.len == 0)
		print_no_memory();
	else if (can_print())
		(void)!kp_file_write(STDERR_FILENO, kp_buf_view(&out));
	kp_buf_wipe(&out);
}

static void
print_dropped(size_t dropped, const struct kp_options *options, bool color)
{
	struct kp_diags diags = { 0 };

	kp_diag_file(&diags, NULL, "%zu more problems are not shown", dropped);
	if (diags.count > 0)
		print(&diags.list[0], options, color);
	kp_diags_free(&diags);
}

void
kp_report(struct kp_diags *diags, const struct kp_options *options)
{
	size_t errors = diags->errors;
	bool color;
	size_t i;

	if (diags->count == 0 && diags->dropped == 0)
		return;
	color = kp_paint_wanted(options, STDERR_FILENO);
	kp_diags_sort(diags);
	for (i = 0; i < diags->count; i++) {
		if (is_shown(&diags->list[i], options))
			print(&diags->list[i], options, color);
	}
	/* Not one had room. */
	if (diags->dropped > 0 && diags->count == 0)
		print_no_memory();
	else if (diags->dropped > 0)
		print_dropped(diags->dropped, options, color);
	kp_diags_free(diags);
	diags->errors = errors;
}
