/* SPDX-License-Identifier: MIT */
/* ini_php_encode - values as php.ini holds them. */
#include "format/ini_php.h"

#include <string.h>

/* What is no word of PHP's own; a number only where one is meant. */
static bool
is_plain(const struct kp_value *value)
{
	struct kp_str str = value->bytes;
	size_t i;

	for (i = 0; i < str.len; i++) {
		if (!kp_is_alnum(str.ptr[i]) &&
		    (str.ptr[i] == '\0' ||
		        strchr("_./:@%+,-", str.ptr[i]) == NULL))
			return false;
	}
	switch (kp_ini_php_word_type(str)) {
	case KP_STRING:
		return str.len > 0;
	case KP_INT:
		return value->type == KP_INT;
	case KP_NUMBER:
		return value->type == KP_NUMBER;
	default:
		return false;
	}
}

/* The length of the author's own "${...}" at at; 0: there is none. */
static size_t
reference_len(const struct kp_value *value, size_t at)
{
	struct kp_str rest = kp_str_slice(value->bytes, at, value->bytes.len);
	size_t close;

	if (!kp_str_starts(rest, "${") ||
	    kp_value_is_foreign(value, at, at + 2))
		return 0;
	close = kp_str_find(rest, '}');
	if (close == KP_NPOS || kp_value_is_foreign(value, at, at + close + 1))
		return 0;
	return close + 1;
}

static bool
has_reference(const struct kp_value *value)
{
	size_t i;

	for (i = 0; i < value->bytes.len; i++) {
		if (reference_len(value, i) > 0)
			return true;
	}
	return false;
}

/*
 * Can double quotes hold it, in every version of PHP?  A backslash at the end
 * and a quote at the end of a line are read in more than one way.
 */
static bool
fits_double(const struct kp_value *value, bool references)
{
	struct kp_str str = value->bytes;
	size_t i = 0;

	while (i < str.len) {
		bool last = i + 1 == str.len;
		size_t len = references ? reference_len(value, i) : 0;

		if (len > 0) {
			i += len;
			continue;
		}
		if (str.ptr[i] == '\\' && last)
			return false;
		if (str.ptr[i] == '"' && !last &&
		    kp_ini_php_is_line_end(str.ptr[i + 1]))
			return false;
		if (str.ptr[i] == '$' && !last && str.ptr[i + 1] == '{')
			return false;
		i++;
	}
	return true;
}

static void
add_double(const struct kp_value *value, bool references, struct kp_buf *out)
{
	struct kp_str str = value->bytes;
	size_t i = 0;

	kp_buf_add_char(out, '"');
	while (i < str.len) {
		size_t len = references ? reference_len(value, i) : 0;

		if (len == 0 && (str.ptr[i] == '"' || str.ptr[i] == '\\'))
			kp_buf_add_char(out, '\\');
		len = len == 0 ? 1 : len;
		kp_buf_add(out, kp_str_slice(str, i, i + len));
		i += len;
	}
	kp_buf_add_char(out, '"');
}

/* Single quotes and references at at: what has to stand in double quotes. */
static size_t
skip_doubled(const struct kp_value *value, bool references, size_t at)
{
	struct kp_str str = value->bytes;

	while (at < str.len) {
		size_t len = references ? reference_len(value, at) : 0;

		if (len == 0 && str.ptr[at] != '\'')
			break;
		at += len == 0 ? 1 : len;
	}
	return at;
}

static size_t
skip_singled(const struct kp_value *value, bool references, size_t at)
{
	while (
	    at < value->bytes.len && skip_doubled(value, references, at) == at)
		at++;
	return at;
}

static void
add_between(struct kp_str str, char quote, struct kp_buf *out)
{
	if (str.len == 0)
		return;
	kp_buf_add_char(out, quote);
	kp_buf_add(out, str);
	kp_buf_add_char(out, quote);
}

/* In strings side by side, which PHP joins: 'it'"'"'s ${x}'. */
static void
add_joined(const struct kp_value *value, bool references, struct kp_buf *out)
{
	struct kp_str str = value->bytes;
	size_t at = 0, next;

	while (at < str.len) {
		next = skip_singled(value, references, at);
		add_between(kp_str_slice(str, at, next), '\'', out);
		at = next;
		next = skip_doubled(value, references, at);
		add_between(kp_str_slice(str, at, next), '"', out);
		at = next;
	}
}

static void
add_value(enum kp_style style, const struct kp_value *value, bool references,
    struct kp_buf *out)
{
	struct kp_str str = value->bytes;

	if (style == KP_BARE && is_plain(value))
		kp_buf_add(out, str);
	else if (style == KP_DOUBLE && fits_double(value, references))
		add_double(value, references, out);
	else if (str.len == 0 ||
	    (kp_str_find(str, '\'') != KP_NPOS &&
	        !kp_str_has_any(str, "\"\\$")))
		add_double(value, false, out);
	else
		add_joined(value, references, out);
}

/* Is a part of the value the template's own text in this place? */
static bool
keeps_text(const struct kp_item *item, const struct kp_value *value)
{
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		if (value->pieces[i].trusted &&
		    value->pieces[i].bytes.len > 0 &&
		    kp_str_find_str(item->value, value->pieces[i].bytes) !=
		        KP_NPOS)
			return true;
	}
	return false;
}

static bool
check_place(const struct kp_ini_php_value *old, const struct kp_item *item,
    const struct kp_value *value, struct kp_refusal *why)
{
	if (!keeps_text(item, value))
		return true;
	if (old->expression || old->constant)
		return kp_refuse(why,
		    "put the value into quotes, or insert it with |raw",
		    "it would stand beside an operator or a constant, "
		    "whose meaning for PHP would be lost");
	if (old->reference && old->literal)
		return kp_refuse(why, "use a key for each of the two",
		    "beside it stand a \"${\" that PHP replaces "
		    "and one that it does not");
	return true;
}

bool
kp_ini_php_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	size_t nul = kp_str_find(value->bytes, '\0');
	struct kp_buf unused = { 0 };
	struct kp_ini_php_value old;
	bool done;

	if (nul != KP_NPOS)
		return kp_refuse(why, "choose a value without it",
		    "the value has a NUL at byte %zu, where PHP stops reading",
		    nul + 1);
	kp_ini_php_read(scan->src->text, item->start, &unused, &old);
	kp_buf_wipe(&unused);
	done = check_place(&old, item, value, why);
	if (done)
		add_value(item->style, value,
		    !old.literal && has_reference(value), out);
	return done;
}
