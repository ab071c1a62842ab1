/* SPDX-License-Identifier: MIT */
/*
 * caddyfile_encode - the word to write so that Caddy reads given bytes.
 *
 * Quotes are chosen by trying: a word is written in the style that it has,
 * then in stronger ones, and the first that our lexer reads back as the value
 * is taken.  What no quotes help against is refused before that: braces,
 * which Caddy takes for placeholders or blocks whatever is around them, and
 * words whose meaning depends on their place.
 *
 * Such rules hold for what comes from values.  Text of the template may be
 * what it likes: "{host} $value" is the author's placeholder and a value.
 */
#include "format/caddyfile.h"

#include "base/utf8.h"

#include <string.h>

static const char hint_elsewhere[] =
    "hash it (|bcrypt), or let Caddy look a variable up: {env.NAME}";

/* Bytes that mean nothing anywhere in a bare word of version 2. */
static const char plain_marks[] = "_./:@%+,=!?^*()[]>|&;$'~-";

/* What names of hosts, ports, paths and wildcards are made of. */
static const char address_marks[] = "_./:*[]-";

static bool
is_foreign(const struct kp_value *value, size_t start, size_t len)
{
	return kp_value_is_foreign(value, start, start + len);
}

static bool
is_one_of(char c, const char *marks)
{
	return kp_is_alnum(c) || (c != '\0' && strchr(marks, c) != NULL);
}

static size_t
find_from(struct kp_str text, size_t from, const char *needle)
{
	size_t at = kp_str_find_str(kp_str_slice(text, from, text.len),
	    kp_str_of(needle));

	return at == KP_NPOS ? KP_NPOS : from + at;
}

/* True when needle is there, and any of it came from a value. */
static bool
has_foreign(const struct kp_value *value, const char *needle)
{
	size_t len = strlen(needle), at = 0;

	for (; (at = find_from(value->bytes, at, needle)) != KP_NPOS; at++) {
		if (is_foreign(value, at, len))
			return true;
	}
	return false;
}

/* Where the placeholder that begins at open may end; KP_NPOS: nowhere. */
static size_t
find_close(struct kp_str text, size_t open)
{
	size_t close = find_from(text, open, "}"), next;

	while (close != KP_NPOS && text.ptr[close - 1] == '\\') {
		next = find_from(text, close + 1, "}");
		if (next == KP_NPOS)
			break;
		close = next;
	}
	return close;
}

/* True when a value made, or is in, what Caddy may take for {name}. */
static bool
has_foreign_placeholder(const struct kp_value *value)
{
	struct kp_str text = value->bytes;
	size_t open = 0, close = 0;

	for (; (open = find_from(text, open, "{")) != KP_NPOS; open++) {
		if (close <= open)
			close = find_close(text, open);
		if (close == KP_NPOS)
			return false;
		if (is_foreign(value, open, close + 1 - open))
			return true;
	}
	return false;
}

/* {$NAME}, or in version 1 {%NAME%}, of the template itself. */
static bool
has_reference(enum kp_caddyfile_version version, struct kp_str text)
{
	return find_from(text, 0, "{$") != KP_NPOS ||
	    (version == KP_CADDYFILE_V1 && find_from(text, 0, "{%") != KP_NPOS);
}

/* A "{$" with no "}" behind it takes what follows the word, up to one. */
static bool
has_open_reference(struct kp_str text)
{
	size_t open = kp_str_rfind_str(text, kp_str_of("{$"));

	return open != KP_NPOS && find_from(text, open, "}") == KP_NPOS;
}

static bool
check_references(enum kp_caddyfile_version version,
    const struct kp_value *value, struct kp_refusal *why)
{
	if (has_foreign(value, "{$") || has_open_reference(value->bytes))
		return kp_refuse(why, hint_elsewhere,
		    "\"{$\" in it, which Caddy replaces before anything else");
	if (version == KP_CADDYFILE_V2)
		return true;
	if (has_foreign(value, "{%"))
		return kp_refuse(why, hint_elsewhere,
		    "\"{%%\" in it, which Caddy 1 replaces by a variable");
	if (has_reference(version, value->bytes) && has_foreign(value, "}"))
		return kp_refuse(why, NULL,
		    "a \"}\" in it, beside a variable that Caddy 1 replaces");
	return true;
}

static bool
check_braces(const struct kp_value *value, struct kp_refusal *why)
{
	if (kp_str_is(value->bytes, "{") || kp_str_is(value->bytes, "}"))
		return kp_refuse(why, hint_elsewhere,
		    "a single brace opens or closes a block, even in quotes");
	if (has_foreign_placeholder(value))
		return kp_refuse(why, hint_elsewhere,
		    "a \"{\" with a \"}\" behind it, which Caddy takes for a "
		    "placeholder");
	if (has_foreign(value, "\\{") ||
	    (has_foreign(value, "\\}") &&
	        kp_str_find(value->bytes, '{') != KP_NPOS))
		return kp_refuse(why, hint_elsewhere,
		    "a backslash before a brace, which some directives drop");
	return true;
}

static bool
check_address(const struct kp_value *value, struct kp_refusal *why)
{
	struct kp_str text = value->bytes;
	size_t i;

	if (text.len == 0)
		return kp_refuse(why, NULL, "a site's address cannot be empty");
	if (kp_str_is(text, "import") && is_foreign(value, 0, text.len))
		return kp_refuse(why, NULL,
		    "\"import\" in place of an address is a directive");
	for (i = 0; i < text.len; i++) {
		if (!is_one_of(text.ptr[i], address_marks) &&
		    is_foreign(value, i, 1))
			return kp_refuse(why,
			    "addresses are separate words of the template",
			    "not letters, digits and ./:*[]_- alone, as a "
			    "site's address must be");
	}
	return true;
}

static bool
check_first(const struct kp_value *value, struct kp_refusal *why)
{
	if (kp_str_is(value->bytes, "import") && is_foreign(value, 0, 6))
		return kp_refuse(why, NULL,
		    "\"import\" at the start of a line is a directive, even "
		    "in quotes");
	return true;
}

static bool
check_matcher(const struct kp_value *value, struct kp_refusal *why)
{
	struct kp_str text = value->bytes;

	if (text.len == 0 || !is_foreign(value, 0, 1))
		return true;
	if (text.ptr[0] == '/' || text.ptr[0] == '@' || kp_str_is(text, "*"))
		return kp_refuse(why,
		    "write a * before it, which matches every request",
		    "Caddy takes a first argument of * or with a / or @ "
		    "first for a matcher, even in quotes");
	return true;
}

/* A number above 0 to Go's strconv.Atoi, which 2.6 asks of three bytes. */
static bool
is_status(struct kp_str text)
{
	return text.len == 3 &&
	    (kp_is_digit(text.ptr[0]) || text.ptr[0] == '+') &&
	    kp_is_digit(text.ptr[1]) && kp_is_digit(text.ptr[2]) &&
	    kp_str_has_any(text, "123456789");
}

static bool
check_status(const struct kp_value *value, struct kp_refusal *why)
{
	if (is_status(value->bytes) && is_foreign(value, 0, 3))
		return kp_refuse(why,
		    "write the status behind it, or \"\" before a status",
		    "Caddy takes a number of three characters here for a "
		    "status");
	return true;
}

static bool
check_password(const struct kp_value *value, struct kp_refusal *why)
{
	if (kp_str_starts(value->bytes, "htpasswd=") && is_foreign(value, 0, 9))
		return kp_refuse(why, NULL,
		    "Caddy 1 takes \"htpasswd=\" for the name of a file");
	return true;
}

static bool
check_joined(const struct kp_value *value, struct kp_refusal *why)
{
	if (kp_str_find(value->bytes, '\n') != KP_NPOS)
		return kp_refuse(why, "write the directive in one line",
		    "a line break in it, on a line that a backslash joined: "
		    "Caddy then cuts that line in two");
	return true;
}

/* What the word's place forbids. */
static bool
check_role(const struct kp_item *item, const struct kp_value *value,
    struct kp_refusal *why)
{
	static const struct {
		unsigned role;
		bool (*check)(const struct kp_value *value,
		    struct kp_refusal *why);
	} checks[] = {
		{ KP_CADDYFILE_ADDRESS, check_address },
		{ KP_CADDYFILE_FIRST, check_first },
		{ KP_CADDYFILE_MATCHER, check_matcher },
		{ KP_CADDYFILE_STATUS, check_status },
		{ KP_CADDYFILE_PASSWORD, check_password },
		{ KP_CADDYFILE_JOINED, check_joined },
	};
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		if (item->role & checks[i].role && !checks[i].check(value, why))
			return false;
	}
	return true;
}

static bool
check_value(enum kp_caddyfile_version version, const struct kp_item *item,
    const struct kp_value *value, struct kp_refusal *why)
{
	if (item->style == KP_HEREDOC)
		return kp_refuse(why, "write it between quotes or backticks",
		    "it stands in a heredoc, which Caddy 2.6 and 2.7 read "
		    "differently");
	if (!kp_utf8_valid(value->bytes))
		return kp_refuse(why, "encode it: |base64 or |hex",
		    "not UTF-8, which a Caddyfile cannot carry");
	return check_references(version, value, why) &&
	    check_braces(value, why) && check_role(item, value, why);
}

static bool
is_plain(enum kp_caddyfile_version version, char c)
{
	if (version == KP_CADDYFILE_V1)
		return c > ' ' && c <= '~' && c != '#' && c != '{' && c != '}';
	return is_one_of(c, plain_marks);
}

/* A bare word whose foreign bytes mean nothing to a lexer. */
static bool
may_be_bare(enum kp_caddyfile_version version, const struct kp_value *value)
{
	size_t i;

	if (kp_str_starts(value->bytes, "<<"))
		return false;
	for (i = 0; i < value->bytes.len; i++) {
		if (!is_plain(version, value->bytes.ptr[i]) &&
		    is_foreign(value, i, 1))
			return false;
	}
	return true;
}

/* Beside a variable, which may end in anything, no escapes from values. */
static bool
may_be_double(enum kp_caddyfile_version version, const struct kp_value *value)
{
	return !has_reference(version, value->bytes) ||
	    (!has_foreign(value, "\"") && !has_foreign(value, "\\"));
}

static void
write_double(struct kp_str bytes, struct kp_buf *out)
{
	size_t i;

	kp_buf_add_char(out, '"');
	for (i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '"')
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, bytes.ptr[i]);
	}
	kp_buf_add_char(out, '"');
}

/* Write the value in a style; false: that style is out of the question. */
static bool
write_style(enum kp_caddyfile_version version, enum kp_style style,
    const struct kp_value *value, struct kp_buf *out)
{
	switch (style) {
	case KP_BARE:
		if (!may_be_bare(version, value))
			return false;
		kp_buf_add(out, value->bytes);
		return true;
	case KP_DOUBLE:
		if (!may_be_double(version, value))
			return false;
		write_double(value->bytes, out);
		return true;
	default:
		if (version == KP_CADDYFILE_V1)
			return false;
		kp_buf_add_char(out, '`');
		kp_buf_add(out, value->bytes);
		kp_buf_add_char(out, '`');
		return true;
	}
}

/* True when Caddy reads text as one word, the value, and nothing else. */
static bool
reads_back(enum kp_caddyfile_version version, struct kp_str text,
    struct kp_str value)
{
	struct kp_caddyfile_lex lex;
	struct kp_caddyfile_word word;
	bool same;

	kp_caddyfile_lex_init(&lex, version, text);
	same = kp_caddyfile_lex_next(&lex, &word) == KP_CADDYFILE_WORD &&
	    word.start == 0 && word.end == text.len && kp_buf_ok(&lex.value) &&
	    kp_str_eq(kp_buf_view(&lex.value), value);
	kp_caddyfile_lex_wipe(&lex);
	return same;
}

static bool
try_style(enum kp_caddyfile_version version, enum kp_style style,
    const struct kp_value *value, struct kp_buf *out)
{
	size_t start = out->len;

	if (write_style(version, style, value, out) &&
	    (!kp_buf_ok(out) ||
	        reads_back(version,
	            kp_str_slice(kp_buf_view(out), start, out->len),
	            value->bytes)))
		return true;
	kp_buf_cut(out, start);
	return false;
}

/* Why no style would do. */
static bool
refuse_styles(enum kp_caddyfile_version version, bool fixed,
    const struct kp_value *value, struct kp_refusal *why)
{
	if (fixed)
		return kp_refuse(why, "write both as separate words",
		    "it needs other quotes, but shares the word with a "
		    "{$NAME}, which Caddy may replace by several words");
	if (version == KP_CADDYFILE_V1)
		return kp_refuse(why, hint_elsewhere,
		    "an odd number of backslashes before a quote or the end, "
		    "which Caddy 1 has no way to write");
	if (kp_str_find(value->bytes, '`') == KP_NPOS)
		return kp_refuse(why, NULL, "no quotes of Caddy's can hold it");
	return kp_refuse(why, hint_elsewhere,
	    "a backtick, and an odd number of backslashes before a quote or "
	    "the end: no quotes of Caddy's can hold both");
}

bool
kp_caddyfile_encode(enum kp_caddyfile_version version,
    const struct kp_item *item, const struct kp_value *value,
    struct kp_buf *out, struct kp_refusal *why)
{
	static const enum kp_style stronger[] = { KP_DOUBLE, KP_BACKTICK };
	bool fixed;
	size_t i;

	if (!check_value(version, item, value, why))
		return false;
	if (try_style(version, item->style, value, out))
		return true;
	fixed = has_reference(version, value->bytes);
	for (i = 0; !fixed && i < sizeof(stronger) / sizeof(*stronger); i++) {
		if (try_style(version, stronger[i], value, out))
			return true;
	}
	return refuse_styles(version, fixed, value, why);
}
