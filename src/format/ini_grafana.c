/* SPDX-License-Identifier: MIT */
/*
 * ini_grafana - grafana.ini: go-ini's grammar, and Grafana's expansion.
 *
 * In each value that go-ini read, Grafana (pkg/setting/expanders.go) replaces
 * what matches \$(|__\w+)\{([^}]+)\}; at each use go-ini (key.go) replaces
 * what matches %\([^)]+\)s.  Quotes do not matter to either, and neither has
 * an escape.  An empty value does not override Grafana's default.
 */
#include "format/formats.h"
#include "format/ini.h"

#include <string.h>

static const struct kp_ini_habit habit = { .default_section = "DEFAULT" };

/*
 * Where the next close is from at on.  *known keeps the last answer, so that
 * all questions about one text together read it once.
 */
static size_t
find_close(struct kp_str str, size_t at, char close, size_t *known)
{
	if (*known == KP_NPOS || *known >= at)
		return *known;
	*known = kp_str_find(kp_str_slice(str, at, str.len), close);
	if (*known != KP_NPOS)
		*known += at;
	return *known;
}

/* Where the "{" of "${" or "$__word{" is; KP_NPOS: it is neither. */
static size_t
find_brace(struct kp_str str, size_t dollar)
{
	size_t at = dollar + 1, word;

	if (at + 2 < str.len && str.ptr[at] == '_' && str.ptr[at + 1] == '_') {
		word = at += 2;
		while (at < str.len &&
		    (kp_is_alnum(str.ptr[at]) || str.ptr[at] == '_'))
			at++;
		if (at == word)
			return KP_NPOS;
	}
	return at < str.len && str.ptr[at] == '{' ? at : KP_NPOS;
}

/* A foreign match of \$(|__\w+)\{([^}]+)\}. */
static bool
has_grafana_variable(const struct kp_value *value)
{
	struct kp_str str = value->bytes;
	size_t at, open, close, known = 0;

	for (at = 0; at < str.len; at++) {
		if (str.ptr[at] != '$')
			continue;
		open = find_brace(str, at);
		if (open == KP_NPOS)
			continue;
		close = find_close(str, open + 1, '}', &known);
		if (close == KP_NPOS)
			return false;
		if (close > open + 1 &&
		    kp_value_is_foreign(value, at, close + 1))
			return true;
	}
	return false;
}

/* A foreign match of %\([^)]+\)s. */
static bool
has_key_reference(const struct kp_value *value)
{
	struct kp_str str = value->bytes;
	size_t at, close, known = 0;

	for (at = 0; at + 1 < str.len; at++) {
		if (str.ptr[at] != '%' || str.ptr[at + 1] != '(')
			continue;
		close = find_close(str, at + 2, ')', &known);
		if (close == KP_NPOS)
			return false;
		if (close > at + 2 && close + 1 < str.len &&
		    str.ptr[close + 1] == 's' &&
		    kp_value_is_foreign(value, at, close + 2))
			return true;
	}
	return false;
}

static bool
check_expansion(const struct kp_value *value, struct kp_refusal *why)
{
	if (value->bytes.len == 0)
		return kp_refuse(why,
		    "an empty value leaves Grafana's default in force",
		    "the value is empty, which Grafana does not heed");
	if (has_grafana_variable(value))
		return kp_refuse(why,
		    "let Grafana read it from its file: $__file{/path}",
		    "the value holds \"${...}\" or \"$__...{...}\", "
		    "which Grafana replaces, and there is no escape");
	if (has_key_reference(value))
		return kp_refuse(why, "choose a value without it",
		    "the value holds \"%%(...)s\", which Grafana replaces "
		    "by another key's value, and there is no escape");
	return true;
}

static bool
encode_grafana(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	return check_expansion(value, why) &&
	    kp_ini_go_write(scan, item, value->bytes, out, why);
}

static bool
insert_grafana(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	return kp_ini_insert(scan, path, &habit, where, why);
}

static struct kp_str
without_default_section(struct kp_str path)
{
	if (kp_str_starts(path, "DEFAULT."))
		return kp_str_slice(path, strlen("DEFAULT."), path.len);
	return path;
}

/* The keys above the first header are those of [DEFAULT]. */
static bool
same_path(struct kp_str a, struct kp_str b)
{
	return kp_str_eq(without_default_section(a),
	    without_default_section(b));
}

const struct kp_format kp_format_ini_grafana = {
	.name = "ini/grafana",
	.scan = kp_ini_go_scan,
	.encode = encode_grafana,
	.insert = insert_grafana,
	.same_key = same_path,
	.by_lines = true,
};
