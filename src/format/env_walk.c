/* SPDX-License-Identifier: MIT */
/* env_walk - what the readers of NAME=VALUE lines share. */
#include "format/env.h"

#include "base/utf8.h"
#include "format/line.h"

#include <string.h>

/* Stands before and behind what is expanded: no variable can hold it. */
#define LIVE '\0'

bool
kp_env_start(struct kp_env_walk *walk, struct kp_scan *scan,
    struct kp_diags *diags)
{
	size_t nul = kp_str_find(scan->src->text, '\0');

	*walk = (struct kp_env_walk){
		.scan = scan,
		.diags = diags,
		.text = scan->src->text,
	};
	if (nul == KP_NPOS)
		return true;
	return kp_env_complain(walk, nul, 1,
	    "a NUL, which no variable can carry", NULL);
}

bool
kp_env_end(struct kp_env_walk *walk, bool done)
{
	if (!kp_buf_ok(&walk->value))
		walk->scan->failed = true;
	kp_buf_wipe(&walk->value);
	return done;
}

char
kp_env_peek(const struct kp_env_walk *walk)
{
	return walk->at < walk->text.len ? walk->text.ptr[walk->at] : '\0';
}

void
kp_env_skip_line(struct kp_env_walk *walk)
{
	while (walk->at < walk->text.len && walk->text.ptr[walk->at] != '\n')
		walk->at++;
}

void
kp_env_add_comment(struct kp_env_walk *walk)
{
	size_t start = walk->at, end;

	kp_env_skip_line(walk);
	end = walk->at;
	if (walk->text.ptr[end - 1] == '\r')
		end--;
	kp_scan_add(walk->scan, KP_COMMENT, start, end, KP_NO_PARENT);
}

struct kp_item *
kp_env_add(struct kp_env_walk *walk, struct kp_str name, size_t start,
    size_t end, enum kp_style style)
{
	struct kp_scan *scan = walk->scan;
	size_t at = (size_t)(name.ptr - walk->text.ptr);
	uint32_t key = (uint32_t)scan->count;
	struct kp_item *item;

	kp_scan_add(scan, KP_KEY, at, at + name.len, KP_NO_PARENT);
	item = kp_scan_add(scan, KP_SCALAR, start, end, key);
	if (item == NULL)
		return NULL;
	item->style = style;
	item->value = kp_scan_store(scan, kp_buf_view(&walk->value));
	return item;
}

bool
kp_env_complain(struct kp_env_walk *walk, size_t offset, size_t len,
    const char *what, const char *hint)
{
	kp_diag_at(walk->diags, walk->scan->src, offset, len, "%s", what);
	if (hint != NULL)
		kp_diag_hint(walk->diags, "%s", hint);
	return false;
}

void
kp_env_add_live(struct kp_env_walk *walk, struct kp_str text)
{
	kp_buf_add_char(&walk->value, LIVE);
	kp_buf_add(&walk->value, text);
	kp_buf_add_char(&walk->value, LIVE);
}

bool
kp_env_next_part(struct kp_str value, size_t *at, struct kp_str *part,
    bool *live)
{
	size_t start = *at, end;

	if (start >= value.len)
		return false;
	*live = value.ptr[start] == LIVE;
	if (*live)
		start++;
	end = kp_str_find(kp_str_slice(value, start, value.len), LIVE);
	end = end == KP_NPOS ? value.len : start + end;
	*part = kp_str_slice(value, start, end);
	*at = *live && end < value.len ? end + 1 : end;
	return true;
}

size_t
kp_env_find_live(struct kp_str value, const char *prefix)
{
	struct kp_str part;
	size_t at = 0, start = 0;
	bool live;

	for (; kp_env_next_part(value, &at, &part, &live); start = at) {
		if (live && kp_str_starts(part, prefix))
			return start;
	}
	return KP_NPOS;
}

static bool
has_foreign_nul(const struct kp_value *value)
{
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		if (!value->pieces[i].trusted &&
		    kp_str_find(value->pieces[i].bytes, '\0') != KP_NPOS)
			return true;
	}
	return false;
}

bool
kp_env_check(const struct kp_value *value, bool text, struct kp_refusal *why)
{
	struct kp_str part;
	size_t at = 0, start = 0;
	bool live;

	if (has_foreign_nul(value))
		return kp_refuse(why, "encode it: |base64 or |hex",
		    "a NUL, which no variable can carry");
	for (; kp_env_next_part(value->bytes, &at, &part, &live); start = at) {
		if (live && kp_value_is_foreign(value, start, at))
			return kp_refuse(why,
			    kp_str_starts(part, "$(") ||
			            kp_str_starts(part, "`") ?
			        "give it a variable of its own, and use that "
			        "in the command" :
			        "write ${NAME} with braces around the name "
			        "alone",
			    "it stands within something that the reader "
			    "expands");
	}
	if (text && !kp_utf8_valid(value->bytes))
		return kp_refuse(why, "encode it: |base64 or |hex",
		    "not UTF-8, which this reader does not take");
	return true;
}

void
kp_env_add_escaped(struct kp_buf *out, struct kp_str part, const char *special)
{
	size_t i;

	for (i = 0; i < part.len; i++) {
		char c = part.ptr[i];

		if (c != '\0' && strchr(special, c) != NULL)
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, c);
	}
}

/* --- insert --- */

#define EXPORT "export "

/* True for "#NAME=...", alone on its line. */
static bool
is_commented(struct kp_str text, const struct kp_item *comment,
    struct kp_str name)
{
	size_t at = comment->start, line = at;

	if (comment->role == KP_ENV_WITHIN)
		return false;
	while (line > 0 && kp_is_blank(text.ptr[line - 1]))
		line--;
	if (line > 0 && text.ptr[line - 1] != '\n')
		return false;
	at++;
	while (at < comment->end && kp_is_blank(text.ptr[at]))
		at++;
	return comment->end - at > name.len && text.ptr[at + name.len] == '=' &&
	    kp_str_eq(kp_str_slice(text, at, at + name.len), name);
}

static bool
check_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_refusal *why)
{
	if (!kp_str_is_name(path))
		return kp_refuse(why, "letters, digits and \"_\" make a name",
		    "it is not there, and this name cannot be added");
	if (kp_str_ends(kp_str_trim(scan->src->text), "\\"))
		return kp_refuse(why, "write the variable into the template",
		    "it is not there, and the last line ends in a backslash");
	return true;
}

/* Is there a comment "#export NAME="? */
static bool
is_exported(const struct kp_scan *scan, struct kp_str exported)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind == KP_COMMENT &&
		    is_commented(scan->src->text, &scan->items[i], exported))
			return true;
	}
	return false;
}

bool
kp_env_insert_exported(const struct kp_scan *scan, struct kp_str path,
    const char *ending, struct kp_insertion *where, struct kp_refusal *why)
{
	struct kp_buf name = { 0 };

	if (!check_insert(scan, path, why))
		return false;
	kp_buf_add_text(&name, EXPORT);
	kp_buf_add(&name, path);
	if (is_exported(scan, kp_buf_view(&name)))
		path = kp_buf_view(&name);
	kp_line_insert(scan, path, "=", ending, is_commented, where);
	where->before.failed |= name.failed;
	kp_buf_wipe(&name);
	return true;
}

bool
kp_env_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	if (!check_insert(scan, path, why))
		return false;
	kp_line_insert(scan, path, "=", kp_line_ending(scan->src->text),
	    is_commented, where);
	return true;
}
