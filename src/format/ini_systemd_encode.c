/* SPDX-License-Identifier: MIT */
/* ini_systemd_encode - values as systemd's unit files hold them. */
#include "format/ini_systemd.h"

#include <string.h>

/* --- what may stand there --- */

/* Does a sign stand twice in a row, and so for itself? */
static bool
has_pair(struct kp_str str, const char *signs)
{
	struct kp_buf unpaired = { 0 };
	bool found;

	kp_systemd_word_unpair(str, signs, &unpaired);
	found = unpaired.len != str.len;
	kp_buf_wipe(&unpaired);
	return found;
}

/* Does a sign stand alone, and so for what it is expanded to? */
static bool
has_single(struct kp_str str, const char *signs)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		if (str.ptr[i] == '\0' || strchr(signs, str.ptr[i]) == NULL)
			continue;
		if (i + 1 == str.len || str.ptr[i + 1] != str.ptr[i])
			return true;
		i++;
	}
	return false;
}

static const struct kp_item *
key_of(const struct kp_scan *scan, const struct kp_item *item)
{
	while (item->kind != KP_KEY)
		item = &scan->items[item->parent];
	return item;
}

/* Letters, digits, signs that no setting's grammar gives a meaning. */
static bool
is_plain(struct kp_str str, const char *signs)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		char c = str.ptr[i];

		if (!kp_is_alnum(c) && (c & 0x80) == 0 &&
		    (c == '\0' || strchr(signs, c) == NULL))
			return false;
	}
	return true;
}

static bool
check_plain(const struct kp_value *value, enum kp_systemd_kind kind,
    struct kp_refusal *why)
{
	const char *signs =
	    kind == KP_SYSTEMD_SPACED ? "_./:@+,=~*- " : "_./:@+,=~*-";
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		if (!value->pieces[i].trusted &&
		    !is_plain(value->pieces[i].bytes, signs))
			return kp_refuse(why,
			    "let systemd read it from a file: LoadCredential=",
			    "the value has a byte that systemd reads "
			    "differently from setting to setting");
	}
	return true;
}

static bool
check_edges(struct kp_str bytes, struct kp_refusal *why)
{
	const char *hint = "choose a value without it";

	if (bytes.len > 0 &&
	    (kp_systemd_is_space(bytes.ptr[0]) ||
	        kp_systemd_is_space(bytes.ptr[bytes.len - 1])))
		return kp_refuse(why, hint,
		    "the value begins or ends with a blank, "
		    "which systemd drops");
	if (kp_systemd_line_is_open(bytes))
		return kp_refuse(why, hint,
		    "the value ends in a backslash, "
		    "which joins the next line to it");
	if (kp_str_has_any(bytes, "\n\r"))
		return kp_refuse(why, hint,
		    "the value has more than one line, "
		    "and there are no quotes for this setting");
	return true;
}

static bool
check_bytes(struct kp_str bytes, struct kp_refusal *why)
{
	const char *hint = "let systemd read it from a file: LoadCredential=";
	size_t nul = kp_str_find(bytes, '\0');

	if (nul != KP_NPOS)
		return kp_refuse(why, hint,
		    "the value has a NUL at byte %zu, "
		    "where systemd ends the line",
		    nul + 1);
	if (!kp_systemd_is_text(bytes))
		return kp_refuse(why, hint,
		    "the value is not UTF-8, or has a noncharacter, "
		    "and systemd leaves such a line out");
	return true;
}

/* Is text with this sign, of the template's own, kept in this place? */
static bool
keeps_sign(const struct kp_item *item, const struct kp_value *value,
    const char *signs)
{
	size_t i;

	for (i = 0; i < value->npieces; i++) {
		struct kp_str bytes = value->pieces[i].bytes;

		if (value->pieces[i].trusted && kp_str_has_any(bytes, signs) &&
		    kp_str_find_str(item->value, bytes) != KP_NPOS)
			return true;
	}
	return false;
}

/*
 * The text around must be what it was when it is written anew.  *literal:
 * none of its signs is expanded.
 */
static bool
check_place(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, const char *signs, bool *literal,
    struct kp_refusal *why)
{
	size_t quote = item->style != KP_BARE;
	struct kp_str there = kp_str_slice(scan->src->text, item->start + quote,
	    item->end - quote);

	if (kp_str_has_any(there, "\n\r"))
		return kp_refuse(why, "write it on one line",
		    "the text that it is a part of goes over several lines");
	*literal = false;
	if (!keeps_sign(item, value, signs))
		return true;
	*literal = has_pair(there, signs);
	if ((*literal && has_single(there, signs)) ||
	    kp_str_has_any(there, "\\\"'"))
		return kp_refuse(why,
		    "put what systemd expands into another variable",
		    "beside it stand signs that systemd expands "
		    "and signs that it does not");
	return true;
}

/* NAME=, as env_assignment_is_valid() wants it. */
static bool
is_assignment(struct kp_str word)
{
	size_t equals = kp_str_find(word, '=');

	return equals != KP_NPOS &&
	    kp_str_is_name(kp_str_slice(word, 0, equals));
}

/*
 * How long what no program's path can get is at at; 0: it can.  systemd's
 * string_is_safe() has to hold, and the name that the program gets, which is
 * the same word, is expanded, where the path is not.
 */
static size_t
count_unfit(struct kp_str word, size_t at)
{
	struct kp_str rest = kp_str_slice(word, at, word.len);
	unsigned char c = (unsigned char)rest.ptr[0];

	if (c < ' ' || c == 0x7f || strchr("\"'\\", c) != NULL)
		return 1;
	return kp_str_starts(rest, "$$") || kp_str_starts(rest, "${") ? 2 : 0;
}

static bool
check_path(const struct kp_value *value, struct kp_refusal *why)
{
	size_t i, len;

	for (i = 0; i < value->bytes.len; i++) {
		len = count_unfit(value->bytes, i);
		if (len > 0 && kp_value_is_foreign(value, i, i + len))
			return kp_refuse(why, "choose a value without it",
			    "it brings a quote, a backslash, a control "
			    "character, \"$$\" or \"${\" into a program's path");
	}
	return true;
}

static bool
check_word(const struct kp_item *item, const struct kp_value *value,
    enum kp_systemd_kind kind, struct kp_refusal *why)
{
	struct kp_str word = value->bytes;

	if (kind == KP_SYSTEMD_ENVIRONMENT && !is_assignment(word))
		return kp_refuse(why, "write NAME=VALUE",
		    "it would be no NAME=VALUE, and systemd leaves it out");
	if (!(item->role & KP_SYSTEMD_ROLE_COMMAND))
		return true;
	if (word.len == 0 ||
	    kp_value_is_foreign(value, 0,
	        kp_systemd_word_skip_prefix(word) + 1))
		return kp_refuse(why, "write the program's path yourself",
		    "a program's path that begins with the value could be "
		    "empty or begin with a sign of systemd's own");
	return check_path(value, why);
}

/* --- writing it --- */

/* Does the author's own "%x" or "${x}" begin at at? */
static bool
is_expanded(const struct kp_value *value, size_t at)
{
	struct kp_str rest = kp_str_slice(value->bytes, at, value->bytes.len);
	size_t close;

	if (rest.len < 2 || kp_value_is_foreign(value, at, at + 2))
		return false;
	if (rest.ptr[0] == '%')
		return rest.ptr[1] != '%';
	if (rest.ptr[1] != '{')
		return false;
	close = kp_str_find(rest, '}');
	return close != KP_NPOS &&
	    !kp_value_is_foreign(value, at, at + close + 1);
}

static void
add_escaped(char c, char quote, struct kp_buf *out)
{
	static const char bytes[] = "\n\r\t\\", letters[] = "nrt\\";
	const char *found = strchr(bytes, c);

	if (found != NULL)
		kp_buf_add_format(out, "\\%c", letters[found - bytes]);
	else if ((unsigned char)c < 0x20 || c == 0x7f)
		kp_buf_add_format(out, "\\x%02x", (unsigned)c);
	else if (c == quote)
		kp_buf_add_format(out, "\\%c", c);
	else
		kp_buf_add_char(out, c);
}

static void
add_quoted(const struct kp_value *value, char quote, const char *signs,
    bool literal, struct kp_buf *out)
{
	size_t i;

	kp_buf_add_char(out, quote);
	for (i = 0; i < value->bytes.len; i++) {
		char c = value->bytes.ptr[i];

		if (strchr(signs, c) != NULL &&
		    (literal || !is_expanded(value, i)))
			kp_buf_add_char(out, c);
		add_escaped(c, quote, out);
	}
	kp_buf_add_char(out, quote);
}

static bool
encode_word(const struct kp_item *item, const struct kp_value *value,
    enum kp_systemd_kind kind, bool literal, struct kp_buf *out,
    struct kp_refusal *why)
{
	bool plain =
	    value->bytes.len > 0 && is_plain(value->bytes, "_./:@+,=~*-");

	if (!check_word(item, value, kind, why))
		return false;
	if (item->style == KP_BARE && plain)
		kp_buf_add(out, value->bytes);
	else
		add_quoted(value, item->style == KP_SINGLE ? '\'' : '"',
		    kp_systemd_word_signs(item->role), literal, out);
	return true;
}

/* Text has no quotes; its per cent signs are doubled. */
static bool
encode_text(const struct kp_value *value, bool literal, struct kp_buf *out,
    struct kp_refusal *why)
{
	size_t i;

	if (!check_edges(value->bytes, why))
		return false;
	for (i = 0; i < value->bytes.len; i++) {
		if (value->bytes.ptr[i] == '%' &&
		    (literal || !is_expanded(value, i)))
			kp_buf_add_char(out, '%');
		kp_buf_add_char(out, value->bytes.ptr[i]);
	}
	return true;
}

static bool
encode_plain(const struct kp_value *value, enum kp_systemd_kind kind,
    struct kp_buf *out, struct kp_refusal *why)
{
	if (!check_plain(value, kind, why) || !check_edges(value->bytes, why))
		return false;
	kp_buf_add(out, value->bytes);
	return true;
}

/* Is the line, with those it is joined to, short enough for systemd? */
static bool
check_length(const struct kp_scan *scan, const struct kp_item *item,
    size_t written, struct kp_refusal *why)
{
	struct kp_ini_walk walk = { .text = scan->src->text };
	struct kp_ini_line part;
	struct kp_systemd_line line = { 0 };
	size_t len;

	walk.at = key_of(scan, item)->start;
	while (walk.at > 0 && kp_is_blank(walk.text.ptr[walk.at - 1]))
		walk.at--;
	if (kp_ini_walk_cr_line(&walk, &part))
		line = kp_systemd_line_join(&walk, part);
	len = line.text.len - (item->end - item->start) + written;
	kp_systemd_line_wipe(&line);
	if (len < KP_SYSTEMD_LINE_MAX)
		return true;
	return kp_refuse(why, "choose a shorter value",
	    "the line would be longer than a mebibyte, "
	    "which systemd refuses");
}

static bool
encode_kind(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	enum kp_systemd_kind kind =
	    kp_systemd_kind_of(key_of(scan, item)->value);
	bool literal = false;

	switch (kind) {
	case KP_SYSTEMD_ENVIRONMENT:
	case KP_SYSTEMD_COMMAND:
		return check_place(scan, item, value,
		           kp_systemd_word_signs(item->role), &literal, why) &&
		    encode_word(item, value, kind, literal, out, why);
	case KP_SYSTEMD_TEXT:
		return check_place(scan, item, value, "%", &literal, why) &&
		    encode_text(value, literal, out, why);
	default:
		return check_place(scan, item, value, "", &literal, why) &&
		    encode_plain(value, kind, out, why);
	}
}

bool
kp_systemd_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	size_t mark = out->len;

	if (check_bytes(value->bytes, why) &&
	    encode_kind(scan, item, value, out, why) &&
	    check_length(scan, item, out->len - mark, why))
		return true;
	kp_buf_cut(out, mark);
	return false;
}
