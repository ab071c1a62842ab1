/* SPDX-License-Identifier: MIT */
/* frame - one scalar alone: the smallest text of a format around it. */
#include "format/frame.h"

#include <string.h>

/* Every format reads it as itself: the word that a placeholder becomes. */
#define WORD "kpscalar00000000z"

static const struct {
	const char *format, *before, *after;
} frames[] = {
	{ "caddyfile", ":80 {\n\theader Name ", "\n}\n" },
	{ "caddyfile/v1", ":80 {\n\theader / Name ", "\n}\n" },
	{ "env", "NAME=", "\n" },
	{ "env/compose", "NAME=", "\n" },
	{ "env/sh", "NAME=", "\n" },
	{ "env/systemd", "NAME=", "\n" },
	{ "ini", "[section]\nname = ", "\n" },
	{ "ini/grafana", "[section]\nname = ", "\n" },
	{ "ini/mysql", "[section]\nname=", "\n" },
	{ "ini/php", "name = ", "\n" },
	{ "ini/python", "[section]\nname = ", "\n" },
	{ "ini/systemd", "[Service]\nEnvironment=", "\n" },
	{ "json", "{\"name\": ", "}\n" },
	{ "nginx", "name ", ";\n" },
	{ "php", "<?php\n$name = ", ";\n" },
	{ "properties", "name=", "\n" },
	{ "redis", "name ", "\n" },
	{ "text", "", "" },
	{ "toml", "name = ", "\n" },
	{ "xml", "<name>", "</name>\n" },
	{ "yaml", "name: ", "\n" },
};

/* How a style's word is written; those of more than one line have no frame. */
static const struct {
	enum kp_style style;
	const char *open, *close;
} quotes[] = {
	{ KP_BARE, "", "" },
	{ KP_SINGLE, "'", "'" },
	{ KP_DOUBLE, "\"", "\"" },
	{ KP_BACKTICK, "`", "`" },
	{ KP_TRIPLE, "\"\"\"", "\"\"\"" },
	{ KP_TRIPLE_SINGLE, "'''", "'''" },
	{ KP_CDATA, "<![CDATA[", "]]>" },
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

bool
kp_frame_style(struct kp_str name, enum kp_style *style)
{
	size_t i;

	for (i = 0; i < COUNT(quotes); i++) {
		if (kp_str_is(name, kp_style_name(quotes[i].style))) {
			*style = quotes[i].style;
			return true;
		}
	}
	return false;
}

/* The text around what, and where in it that begins. */
static bool
set_frame(const struct kp_format *format, struct kp_str what,
    struct kp_buf *text, size_t *start, struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < COUNT(frames); i++) {
		if (strcmp(frames[i].format, format->name) != 0)
			continue;
		kp_buf_add_text(text, frames[i].before);
		*start = text->len;
		kp_buf_add(text, what);
		kp_buf_add_text(text, frames[i].after);
		return kp_buf_ok(text) || kp_diag_nomem(diags);
	}
	return kp_diag_file(diags, NULL, "%s has no scalar that stands alone",
	    format->name);
}

/*
 * A scalar whose first line is empty may begin before the blank that a frame
 * ends in, and an empty one end there.
 */
static bool
is_it(const struct kp_item *item, size_t start, size_t end)
{
	return item->kind == KP_SCALAR &&
	    (item->start == start || item->start + 1 == start) &&
	    (item->end == end || (start == end && item->end + 1 == end));
}

/* The one scalar from start to end of the text, with nothing behind it. */
static const struct kp_item *
find_scalar(const struct kp_scan *scan, size_t start, size_t end)
{
	const struct kp_item *found = NULL;
	size_t i;

	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (is_it(item, start, end) && found == NULL)
			found = item;
		else if (item->kind != KP_ELEMENT && item->end > start)
			return NULL;
	}
	return found;
}

static bool
fail_style(const struct kp_format *format, enum kp_style style,
    struct kp_diags *diags)
{
	return kp_diag_file(diags, NULL, "%s has no %s scalar", format->name,
	    kp_style_name(style));
}

static bool
encode_in(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str bytes, struct kp_buf *out, struct kp_diags *diags)
{
	const struct kp_piece piece = { bytes, false };
	const struct kp_value value = { bytes, &piece, 1, KP_STRING };
	struct kp_refusal why = { { 0 }, { 0 } };

	if (scan->format->encode(scan, item, &value, out, &why))
		return kp_buf_ok(out) || kp_diag_nomem(diags);
	kp_diag_file(diags, NULL, "the value cannot be written as %s: %s",
	    scan->format->name, why.text);
	return why.hint[0] == '\0' ? false :
	                             kp_diag_hint(diags, "%s", why.hint);
}

/* What was written reads as the value, or it is not given out. */
static bool
reads_back(const struct kp_format *format, struct kp_str value,
    struct kp_str text, struct kp_diags *diags)
{
	struct kp_diags unread = { 0 };
	struct kp_buf back = { 0 };
	bool same;

	same = kp_frame_decode(format, text, &back, &unread) &&
	    kp_str_eq(kp_buf_view(&back), value);
	kp_buf_wipe(&back);
	kp_diags_free(&unread);
	return same ||
	    kp_diag_file(diags, NULL,
	        "the value would not be read back as it is (%s)", format->name);
}

bool
kp_frame_encode(const struct kp_format *format, enum kp_style style,
    struct kp_str value, struct kp_buf *out, struct kp_diags *diags)
{
	struct kp_buf word = { 0 }, text = { 0 };
	struct kp_source src = { .name = "standard input" };
	struct kp_scan scan = { 0 };
	const struct kp_item *item = NULL;
	size_t start = 0, i;
	bool good;

	for (i = 0; i < COUNT(quotes); i++) {
		if (quotes[i].style == style)
			kp_buf_add_format(&word, "%s" WORD "%s", quotes[i].open,
			    quotes[i].close);
	}
	good = set_frame(format, kp_buf_view(&word), &text, &start, diags);
	if (good) {
		struct kp_diags unread = { 0 };

		src.text = kp_buf_view(&text);
		if (kp_scan_run(&scan, format, &src, &unread))
			item = find_scalar(&scan, start, start + word.len);
		kp_diags_free(&unread);
		good = item != NULL && item->style == style &&
		    kp_str_is(item->value, WORD);
		if (!good)
			fail_style(format, style, diags);
	}
	good = good && encode_in(&scan, item, value, out, diags) &&
	    reads_back(format, value, kp_buf_view(out), diags);
	kp_scan_wipe(&scan);
	kp_buf_wipe(&word);
	kp_buf_wipe(&text);
	return good;
}

bool
kp_frame_decode(const struct kp_format *format, struct kp_str text,
    struct kp_buf *out, struct kp_diags *diags)
{
	struct kp_source src = { .name = "standard input", .guarded = true };
	struct kp_diags unread = { 0 };
	const struct kp_item *item = NULL;
	struct kp_scan scan = { 0 };
	struct kp_buf framed = { 0 };
	size_t start = 0;
	bool good;

	good = set_frame(format, text, &framed, &start, diags);
	src.text = kp_buf_view(&framed);
	if (good && kp_scan_run(&scan, format, &src, &unread))
		item = find_scalar(&scan, start, start + text.len);
	if (item != NULL)
		kp_buf_add(out, item->value);
	else if (good)
		good = kp_diag_file(diags, "standard input",
		    "is not one scalar of %s", format->name);
	good = good && (kp_buf_ok(out) || kp_diag_nomem(diags));
	kp_diags_free(&unread);
	kp_scan_wipe(&scan);
	kp_buf_wipe(&framed);
	return good;
}
