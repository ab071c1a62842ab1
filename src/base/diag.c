/* SPDX-License-Identifier: MIT */
/* diag - problems, collected so that one run reports all of them. */
#include "base/diag.h"

#include "base/array.h"
#include "base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of a long line is shown, and how much of it before the caret. */
#define EXCERPT_COLUMNS 96
#define EXCERPT_BEFORE 48

/* Stands for memory problems when there is no memory for a problem. */
static struct kp_diag *
append(struct kp_diags *diags, enum kp_severity severity, enum kp_fault fault)
{
	struct kp_diag *diag;

	if (severity == KP_ERROR)
		diags->errors++;
	if (diags->count >= KP_DIAGS_MAX ||
	    !kp_array_grow((void **)&diags->list, &diags->cap, diags->count + 1,
	        sizeof(*diags->list))) {
		diags->dropped++;
		return NULL;
	}
	diag = &diags->list[diags->count++];
	*diag = (struct kp_diag){
		.severity = severity,
		.fault = fault,
		.number = diags->recorded++,
	};
	return diag;
}

/* A long path keeps its tail, which tells more than its head. */
static void
set_path(struct kp_diag *diag, const char *path)
{
	size_t len = path == NULL ? 0 : strlen(path);
	size_t room = sizeof(diag->path) - 1;

	if (len <= room) {
		snprintf(diag->path, sizeof(diag->path), "%s",
		    path == NULL ? "" : path);
		return;
	}
	snprintf(diag->path, sizeof(diag->path), "...%s",
	    path + len - (room - 3));
}

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/*
 * From where on a line of a guarded source may show a value: unless the
 * source says it, behind its first "=" or ":", and from its start where there
 * is none.
 */
static size_t
find_guarded(const struct kp_source *src, struct kp_str line)
{
	size_t start = (size_t)(line.ptr - src->text.ptr), i;

	if (src->guarded_from > 0)
		return src->guarded_from > start ? src->guarded_from - start :
		                                   0;
	for (i = 0; i < line.len; i++) {
		if (line.ptr[i] == '=' || line.ptr[i] == ':')
			return i + 1;
	}
	return 0;
}

static bool
hides(char c)
{
	return !kp_is_space(c) && (c == '\0' || strchr("\"'`,[]{}", c) == NULL);
}

/*
 * Copy the part of the line around the caret.  Control bytes become dots; of
 * a guarded source only the key and the placeholders are shown.
 */
static void
set_excerpt(struct kp_diag *diag, const struct kp_source *src, size_t offset,
    size_t len)
{
	struct kp_str line = kp_source_line(src, offset);
	size_t at = (size_t)(src->text.ptr + offset - line.ptr);
	size_t guarded = src->guarded ? find_guarded(src, line) : KP_NPOS;
	size_t i = 0, out = 0, columns = 0, shown_to = 0;

	if (offset > src->text.len || at > line.len)
		at = line.len;
	if (at > EXCERPT_BEFORE)
		i = at - EXCERPT_BEFORE;
	while (i < line.len && is_continuation(line.ptr[i]))
		i++;
	diag->caret = 0;
	diag->width = 0;
	for (; i < line.len && columns < EXCERPT_COLUMNS; i++) {
		char c = line.ptr[i];

		if (out + 5 > sizeof(diag->line))
			break;
		if (src->guarded && i >= shown_to && c == '$' &&
		    i + 1 < line.len && line.ptr[i + 1] == '{') {
			size_t close =
			    kp_str_find(kp_str_slice(line, i, line.len), '}');

			shown_to = close == KP_NPOS ? i : i + close + 1;
		}
		if (i >= shown_to && i >= guarded && hides(c))
			c = is_continuation(c) ? '\0' : '*';
		else if ((unsigned char)c < 0x20 || c == 0x7f)
			c = c == '\t' ? ' ' : '.';
		if (c == '\0')
			continue;
		diag->line[out++] = c;
		if (is_continuation(c))
			continue;
		columns++;
		if (i < at)
			diag->caret++;
		else if (i < at + len)
			diag->width++;
	}
	diag->line[out] = '\0';
	if (diag->width == 0)
		diag->width = 1;
}

KP_PRINTF(6, 0)
static void
record_at(struct kp_diags *diags, enum kp_severity severity,
    const struct kp_source *src, size_t offset, size_t len, const char *fmt,
    va_list args)
{
	struct kp_diag *diag = append(diags, severity, KP_FAULT_INPUT);

	if (diag == NULL)
		return;
	offset = kp_source_origin(&src, offset);
	set_path(diag, src->name);
	diag->place = kp_source_place(src, offset);
	vsnprintf(diag->text, sizeof(diag->text), fmt, args);
	set_excerpt(diag, src, offset, len);
}

KP_PRINTF(6, 0)
static void
record(struct kp_diags *diags, enum kp_severity severity, enum kp_fault fault,
    int sys_errno, const char *path, const char *fmt, va_list args)
{
	struct kp_diag *diag = append(diags, severity, fault);

	if (diag == NULL)
		return;
	set_path(diag, path);
	diag->sys_errno = sys_errno;
	vsnprintf(diag->text, sizeof(diag->text), fmt, args);
}

bool
kp_diag_at(struct kp_diags *diags, const struct kp_source *src, size_t offset,
    size_t len, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record_at(diags, KP_ERROR, src, offset, len, fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_warn_at(struct kp_diags *diags, const struct kp_source *src,
    size_t offset, size_t len, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record_at(diags, KP_WARNING, src, offset, len, fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_file(struct kp_diags *diags, const char *path, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record(diags, KP_ERROR, KP_FAULT_INPUT, 0, path, fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_warn(struct kp_diags *diags, const char *path, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record(diags, KP_WARNING, KP_FAULT_INPUT, 0, path, fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_note(struct kp_diags *diags, const char *path, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record(diags, KP_NOTE, KP_FAULT_INPUT, 0, path, fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_sys(struct kp_diags *diags, const char *path, const char *fmt, ...)
{
	int sys_errno = errno;
	va_list args;

	va_start(args, fmt);
	record(diags, KP_ERROR, KP_FAULT_SYSTEM, sys_errno, path, fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_usage(struct kp_diags *diags, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record(diags, KP_ERROR, KP_FAULT_USAGE, 0, NULL, fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_nomem(struct kp_diags *diags)
{
	errno = ENOMEM;
	return kp_diag_sys(diags, NULL, "cannot go on");
}

/* The problem that a hint or a concealment is about, if it was kept. */
static struct kp_diag *
last(struct kp_diags *diags)
{
	if (diags->count == 0 || diags->dropped > 0)
		return NULL;
	return &diags->list[diags->count - 1];
}

bool
kp_diag_hint(struct kp_diags *diags, const char *fmt, ...)
{
	struct kp_diag *diag = last(diags);
	va_list args;

	if (diag == NULL)
		return false;
	va_start(args, fmt);
	vsnprintf(diag->hint, sizeof(diag->hint), fmt, args);
	va_end(args);
	return false;
}

bool
kp_diag_conceal(struct kp_diags *diags, unsigned keep)
{
	struct kp_diag *diag = last(diags);
	unsigned column = 0;
	size_t i;

	if (diag == NULL)
		return false;
	for (i = 0; diag->line[i] != '\0'; i++) {
		if (is_continuation(diag->line[i]))
			continue;
		if (column++ == diag->caret + keep)
			break;
	}
	if (diag->line[i] != '\0' && i + 4 <= sizeof(diag->line))
		memcpy(diag->line + i, "...", 4);
	diag->width = keep == 0 ? 1 : keep;
	return false;
}

static int
compare(const void *left, const void *right)
{
	const struct kp_diag *a = left, *b = right;
	int order;

	if ((a->path[0] == '\0') != (b->path[0] == '\0'))
		return a->path[0] == '\0' ? 1 : -1;
	/* They may be the lines of one text. */
	if (a->path[0] == '\0')
		return a->number < b->number ? -1 : 1;
	order = strcmp(a->path, b->path);
	if (order != 0)
		return order;
	if (a->place.line != b->place.line)
		return a->place.line < b->place.line ? -1 : 1;
	if (a->place.column != b->place.column)
		return a->place.column < b->place.column ? -1 : 1;
	return strcmp(a->text, b->text);
}

/* One message for one file or place; without any, each is a line of its own. */
static bool
is_repeated(const struct kp_diag *one, const struct kp_diag *other)
{
	return one->path[0] != '\0' && one->severity == other->severity &&
	    one->sys_errno == other->sys_errno && compare(one, other) == 0;
}

void
kp_diags_sort(struct kp_diags *diags)
{
	size_t i, kept = 1;

	if (diags->count < 2)
		return;
	qsort(diags->list, diags->count, sizeof(*diags->list), compare);
	for (i = 1; i < diags->count; i++) {
		if (!is_repeated(&diags->list[kept - 1], &diags->list[i]))
			diags->list[kept++] = diags->list[i];
	}
	diags->count = kept;
}

struct kp_diags_mark
kp_diags_mark(const struct kp_diags *diags)
{
	return (struct kp_diags_mark){
		.count = diags->count,
		.errors = diags->errors,
		.dropped = diags->dropped,
	};
}

void
kp_diags_cut(struct kp_diags *diags, struct kp_diags_mark mark)
{
	diags->count = mark.count;
	diags->errors = mark.errors;
	diags->dropped = mark.dropped;
}

void
kp_diags_cut_errors(struct kp_diags *diags, struct kp_diags_mark mark)
{
	size_t kept = mark.count, errors = diags->errors - mark.errors, i;

	for (i = mark.count; i < diags->count; i++) {
		if (diags->list[i].severity == KP_ERROR)
			errors--;
		else
			diags->list[kept++] = diags->list[i];
	}
	/* What is left of them is not in the list. */
	diags->dropped -= errors;
	diags->errors = mark.errors;
	diags->count = kept;
}

void
kp_diags_free(struct kp_diags *diags)
{
	free(diags->list);
	*diags = (struct kp_diags){ 0 };
}
