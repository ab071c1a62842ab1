/* SPDX-License-Identifier: MIT */
/* format - the list of dialects, and what their scanners share. */
#include "format/format.h"

#include "base/array.h"
#include "base/utf8.h"
#include "format/formats.h"
#include "format/index.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct kp_format *const kp_formats[] = {
	&kp_format_ini_grafana,
	&kp_format_ini_mysql,
	&kp_format_ini_php,
	&kp_format_ini_python,
	&kp_format_ini_systemd,
	&kp_format_ini,
	&kp_format_yaml,
	&kp_format_caddyfile,
	&kp_format_caddyfile_v1,
	&kp_format_env,
	&kp_format_env_compose,
	&kp_format_env_sh,
	&kp_format_env_systemd,
	&kp_format_json,
	&kp_format_toml,
	&kp_format_nginx,
	&kp_format_php,
	&kp_format_properties,
	&kp_format_redis,
	&kp_format_xml,
	&kp_format_text,
	NULL,
};

/* The first that fits counts: a whole name, else a suffix. */
static const struct {
	const char *name, *suffix;
	const struct kp_format *format;
} file_names[] = {
	{ "grafana.ini", NULL, &kp_format_ini_grafana },
	{ "php.ini", NULL, &kp_format_ini_php },
	{ "Caddyfile", NULL, &kp_format_caddyfile },
	{ NULL, ".caddyfile", &kp_format_caddyfile },
	{ NULL, ".yml", &kp_format_yaml },
	{ NULL, ".yaml", &kp_format_yaml },
	{ NULL, ".cnf", &kp_format_ini_mysql },
	{ NULL, ".service", &kp_format_ini_systemd },
	{ NULL, ".socket", &kp_format_ini_systemd },
	{ NULL, ".timer", &kp_format_ini_systemd },
	{ NULL, ".ini", &kp_format_ini },
	{ NULL, ".env", &kp_format_env },
	{ "nginx.conf", NULL, &kp_format_nginx },
	{ NULL, ".php", &kp_format_php },
	{ NULL, ".properties", &kp_format_properties },
	{ "redis.conf", NULL, &kp_format_redis },
	{ "sentinel.conf", NULL, &kp_format_redis },
	{ NULL, ".json", &kp_format_json },
	{ NULL, ".toml", &kp_format_toml },
	{ NULL, ".xml", &kp_format_xml },
};

static const char *const template_suffixes[] = {
	".tmpl",
	".template",
	".tpl",
	".in",
	".keyplate",
};

static const char *const style_names[] = {
	[KP_BARE] = "bare",
	[KP_SINGLE] = "single-quoted",
	[KP_DOUBLE] = "double-quoted",
	[KP_BACKTICK] = "backtick-quoted",
	[KP_TRIPLE] = "triple-quoted",
	[KP_TRIPLE_SINGLE] = "triple-single-quoted",
	[KP_LITERAL] = "literal",
	[KP_FOLDED] = "folded",
	[KP_HEREDOC] = "heredoc",
	[KP_CDATA] = "cdata",
	[KP_ATTRIBUTE] = "attribute",
};

const struct kp_format *
kp_format_by_name(struct kp_str name)
{
	size_t i;

	for (i = 0; kp_formats[i] != NULL; i++) {
		if (kp_str_is_nocase(name, kp_formats[i]->name))
			return kp_formats[i];
	}
	return NULL;
}

const char *const *
kp_format_names(void)
{
	/* Filled at the first call, the same ever after. */
	static const char *names[sizeof(kp_formats) / sizeof(*kp_formats)];
	size_t i;

	for (i = 0; kp_formats[i] != NULL; i++)
		names[i] = kp_formats[i]->name;
	return names;
}

static struct kp_str
without_template_suffix(struct kp_str name)
{
	size_t i;

	for (i = 0; i < sizeof(template_suffixes) / sizeof(*template_suffixes);
	     i++) {
		size_t len = strlen(template_suffixes[i]);

		if (name.len > len && kp_str_ends(name, template_suffixes[i]))
			return kp_str_slice(name, 0, name.len - len);
	}
	return name;
}

const struct kp_format *
kp_format_by_path(struct kp_str path)
{
	size_t slash = kp_str_rfind_str(path, kp_str_of("/"));
	struct kp_str name = path;
	size_t i;

	if (slash != KP_NPOS)
		name = kp_str_slice(path, slash + 1, path.len);
	name = without_template_suffix(name);
	for (i = 0; i < sizeof(file_names) / sizeof(*file_names); i++) {
		if (file_names[i].name != NULL ?
		        kp_str_is(name, file_names[i].name) :
		        kp_str_ends(name, file_names[i].suffix))
			return file_names[i].format;
	}
	return &kp_format_text;
}

bool
kp_scan_is_sentinel(struct kp_str word)
{
	size_t digits = 2 + KP_SENTINEL_LETTERS, i;

	if (word.len != KP_SENTINEL_LEN || !kp_str_starts(word, "kp") ||
	    !kp_str_ends(word, "z"))
		return false;
	for (i = 2; i < word.len - 1; i++) {
		if (i < digits ? word.ptr[i] < 'a' || word.ptr[i] > 'z' :
		                 !kp_is_digit(word.ptr[i]))
			return false;
	}
	return true;
}

bool
kp_scan_has_sentinel(struct kp_str word)
{
	size_t i;

	for (i = 0; i + KP_SENTINEL_LEN <= word.len; i++) {
		if (kp_scan_is_sentinel(
		        kp_str_slice(word, i, i + KP_SENTINEL_LEN)))
			return true;
	}
	return false;
}

bool
kp_scan_begins_text(const struct kp_scan *scan)
{
	return scan->seam == NULL || scan->seam->first;
}

bool
kp_scan_goes_on(const struct kp_scan *scan)
{
	return scan->seam != NULL && !scan->seam->last;
}

bool
kp_scan_check_utf8(const struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_str text = scan->src->text;
	size_t end;

	if (kp_str_starts(text, "\xef\xbb\xbf")) {
		kp_diag_at(diags, scan->src, 0, 1,
		    "starts with a byte order mark");
		return kp_diag_hint(diags, "save it as UTF-8 without one");
	}
	end = kp_utf8_end(text, 0);
	return end == text.len ||
	    kp_diag_at(diags, scan->src, end, 1, "is not UTF-8");
}

/*
 * Of the texts that people write, an item has about so many bytes.  Room for
 * those of a large one takes no memory until it is used, and is moved where it
 * does not suffice: there it is for what is packed more closely.
 */
#define ITEM_BYTES 24
#define LARGE_TEXT ((size_t)1024 * 1024)
#define ITEM_BYTES_OF_LARGE 12

static size_t
guess_items(size_t len)
{
	return len / (len < LARGE_TEXT ? ITEM_BYTES : ITEM_BYTES_OF_LARGE);
}

/* Room for one more; what is made for the first suffices most texts. */
static bool
has_room(struct kp_scan *scan)
{
	size_t need = scan->count + 1;

	if (scan->cap == 0 && scan->expected > 0)
		need = scan->expected;
	else if (scan->cap == 0)
		need += guess_items(scan->src->text.len);
	return kp_array_room((void **)&scan->items, &scan->cap, need,
	    sizeof(*scan->items));
}

struct kp_item *
kp_scan_add(struct kp_scan *scan, enum kp_kind kind, size_t start, size_t end,
    uint32_t parent)
{
	struct kp_item *item;

	if (scan->count >= KP_NO_PARENT - 1 || end > UINT32_MAX ||
	    !has_room(scan)) {
		scan->failed = true;
		return NULL;
	}
	item = &scan->items[scan->count++];
	*item = (struct kp_item){
		.kind = kind,
		.start = (uint32_t)start,
		.end = (uint32_t)end,
		.value = kp_str_slice(scan->src->text, start, end),
		.parent = parent,
	};
	return item;
}

struct kp_str
kp_scan_store(struct kp_scan *scan, struct kp_str bytes)
{
	char *kept;

	if (bytes.len == 0)
		return kp_str_of("");
	kept = kp_pool_take(&scan->store, bytes.len, 1);
	if (kept == NULL) {
		scan->failed = true;
		return kp_str_of("");
	}
	memcpy(kept, bytes.ptr, bytes.len);
	return kp_str_make(kept, bytes.len);
}

bool
kp_refuse(struct kp_refusal *why, const char *hint, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	snprintf(why->hint, sizeof(why->hint), "%s", hint == NULL ? "" : hint);
	return false;
}

bool
kp_value_is_foreign(const struct kp_value *value, size_t start, size_t end)
{
	size_t at = 0, i;

	for (i = 0; i < value->npieces; i++) {
		size_t next = at + value->pieces[i].bytes.len;

		if (start >= at && end <= next && value->pieces[i].trusted)
			return false;
		at = next;
	}
	return true;
}

/* Wipe what was found, but for the room of the items. */
static void
empty(struct kp_scan *scan)
{
	kp_pool_wipe(&scan->store);
	kp_index_free(scan->index);
	free(scan->numbers);
	scan->index = NULL;
	scan->numbers = NULL;
	scan->count = 0;
	scan->failed = false;
}

bool
kp_format_is_utf16(struct kp_str text)
{
	return kp_str_starts(text, "\xff\xfe") ||
	    kp_str_starts(text, "\xfe\xff");
}

bool
kp_format_fail_utf16(const struct kp_source *src, struct kp_diags *diags)
{
	kp_diag_at(diags, src, 0, 1, "is UTF-16, and must be UTF-8");
	return kp_diag_hint(diags, "iconv -f UTF-16 -t UTF-8 converts it");
}

bool
kp_scan_run(struct kp_scan *scan, const struct kp_format *format,
    const struct kp_source *src, struct kp_diags *diags)
{
	*scan = (struct kp_scan){ 0 };
	return kp_scan_run_again(scan, format, src, diags);
}

bool
kp_scan_run_again(struct kp_scan *scan, const struct kp_format *format,
    const struct kp_source *src, struct kp_diags *diags)
{
	empty(scan);
	scan->format = format;
	scan->src = src;
	if (!format->verbatim && kp_scan_begins_text(scan) &&
	    kp_format_is_utf16(src->text))
		return kp_format_fail_utf16(src, diags);
	if (!format->scan(scan, diags))
		return false;
	if (scan->failed)
		return kp_diag_nomem(diags);
	return true;
}

void
kp_scan_wipe(struct kp_scan *scan)
{
	empty(scan);
	free(scan->items);
	*scan = (struct kp_scan){ 0 };
}

bool
kp_scan_begins_line(const struct kp_scan *scan, size_t item)
{
	const struct kp_item *key = &scan->items[item];
	struct kp_str text = scan->src->text;
	size_t at = key->start;

	return key->kind == KP_KEY && key->role == 0 &&
	    (at == 0 || text.ptr[at - 1] == '\n');
}

const char *
kp_style_name(enum kp_style style)
{
	return style_names[style];
}
