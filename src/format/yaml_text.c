/* SPDX-License-Identifier: MIT */
/*
 * yaml_text - characters and plain words as the readers of YAML take them.
 *
 * A plain scalar's type is guessed from its letters, and each reader guesses
 * in its own way: YAML 1.1 (yaml.org/type), the 1.2 core schema, and the
 * tables of libyaml's users, PyYAML, yaml.v2, yaml.v3, Psych and SnakeYAML.
 * What any of them could take for more than a string is none here.
 */
#include "format/yaml.h"

#include "base/utf8.h"

/* No int64 overflows below this many digits. */
#define SURE_DIGITS 18

size_t
kp_yaml_text_break(struct kp_str text, size_t at)
{
	const unsigned char *p = (const unsigned char *)text.ptr + at;
	size_t left = text.len - at;

	if (left == 0)
		return 0;
	if (p[0] == '\n')
		return 1;
	if (p[0] == '\r')
		return left > 1 && p[1] == '\n' ? 2 : 1;
	if (left > 1 && p[0] == 0xc2 && p[1] == 0x85)
		return 2;
	if (left > 2 && p[0] == 0xe2 && p[1] == 0x80 &&
	    (p[2] == 0xa8 || p[2] == 0xa9))
		return 3;
	return 0;
}

bool
kp_yaml_text_is_odd(uint32_t rune)
{
	if (rune < 0x20 || (rune >= 0x7f && rune <= 0xa0))
		return true;
	if (rune == 0x2028 || rune == 0x2029 || rune == 0xfeff)
		return true;
	return (rune & 0xfffe) == 0xfffe;
}

static bool
is_null(struct kp_str word)
{
	return word.len == 0 || kp_str_is(word, "~") ||
	    kp_str_is(word, "null") || kp_str_is(word, "Null") ||
	    kp_str_is(word, "NULL");
}

/* Words that mean something to a reader, in whatever case. */
static bool
is_reserved(struct kp_str word)
{
	static const struct kp_str words[] = { KP_STR("y"), KP_STR("n"),
		KP_STR("yes"), KP_STR("no"), KP_STR("on"), KP_STR("off"),
		KP_STR("true"), KP_STR("false"), KP_STR("null"), KP_STR("nan"),
		KP_STR("inf"), KP_STR("none"), KP_STR("undefined"), KP_STR("="),
		KP_STR("<<") };
	size_t i;

	if (word.len > strlen("undefined")) /* the longest of them */
		return false;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (word.len == words[i].len &&
		    kp_str_eq_nocase(word, words[i]))
			return true;
	}
	return false;
}

static size_t
skip_digits(struct kp_str word, size_t at)
{
	while (at < word.len && kp_is_digit(word.ptr[at]))
		at++;
	return at;
}

/* "." digits, then perhaps "e" sign digits; at itself if it is not that. */
static size_t
skip_fraction(struct kp_str word, size_t at)
{
	size_t end;

	if (at == word.len || word.ptr[at] != '.')
		return at;
	end = skip_digits(word, at + 1);
	if (end == at + 1)
		return at;
	if (end + 2 < word.len && kp_to_lower(word.ptr[end]) == 'e' &&
	    (word.ptr[end + 1] == '+' || word.ptr[end + 1] == '-'))
		end = skip_digits(word, end + 2);
	return end;
}

/* A number that all readers take for the same one; else KP_OTHER. */
static enum kp_type
number_type(struct kp_str word)
{
	size_t at = word.ptr[0] == '-';
	size_t end = skip_digits(word, at);

	if (end == at || (word.ptr[at] == '0' && end != at + 1))
		return KP_OTHER;
	if (end == word.len) {
		if (end - at > SURE_DIGITS || kp_str_is(word, "-0"))
			return KP_OTHER;
		return KP_INT;
	}
	at = end;
	end = skip_fraction(word, at);
	return end > at && end == word.len ? KP_NUMBER : KP_OTHER;
}

/*
 * Made of nothing but what numbers, dates and times of some reader are made
 * of.  None of those has two dots, so an address such as 10.0.0.1 is out.
 */
static bool
looks_numeric(struct kp_str word)
{
	static const char letters[] = "abcdefxotz_.:,+- \t";
	unsigned dots = 0, digits = 0;
	size_t i;

	if (!kp_is_digit(word.ptr[0]) && word.ptr[0] != '.' &&
	    word.ptr[0] != '+' && word.ptr[0] != '-')
		return false;
	for (i = 0; i < word.len; i++) {
		char c = kp_to_lower(word.ptr[i]);

		if (kp_is_digit(c))
			digits++;
		else if (kp_str_find(kp_str_of(letters), c) == KP_NPOS)
			return false;
		dots += c == '.';
	}
	return digits > 0 && dots < 2;
}

/* .inf, -.INF, .nan and the like. */
static bool
is_special_float(struct kp_str word)
{
	if (word.ptr[0] == '+' || word.ptr[0] == '-')
		word = kp_str_slice(word, 1, word.len);
	if (word.len == 0 || word.ptr[0] != '.')
		return false;
	return kp_str_is_nocase(word, ".inf") || kp_str_is_nocase(word, ".nan");
}

enum kp_type
kp_yaml_text_type(struct kp_str word)
{
	enum kp_type type;

	if (is_null(word))
		return KP_NULL;
	if (kp_str_is(word, "true") || kp_str_is(word, "false"))
		return KP_BOOL;
	type = number_type(word);
	if (type != KP_OTHER)
		return type;
	/* A leading colon makes a symbol of it in Ruby. */
	if (is_reserved(word) || is_special_float(word) ||
	    looks_numeric(word) || word.ptr[0] == ':')
		return KP_OTHER;
	return KP_STRING;
}

/* Inside a plain scalar; older readers end one at ":" and "?" in flow. */
static bool
is_plain_byte(struct kp_str word, size_t at, bool flow)
{
	char c = word.ptr[at];

	if (kp_is_alnum(c) || kp_str_find(kp_str_of("_./+@-"), c) != KP_NPOS)
		return true;
	if (flow || at + 1 == word.len)
		return !flow && (c == '=' || c == '%' || c == '~');
	if (c == ':')
		return word.ptr[at + 1] != ' ';
	return kp_str_find(kp_str_of("=%~&? "), c) != KP_NPOS;
}

bool
kp_yaml_text_is_plain(struct kp_str word, bool flow)
{
	size_t i;

	if (word.len == 0 ||
	    (!kp_is_alnum(word.ptr[0]) && word.ptr[0] != '_' &&
	        word.ptr[0] != '/'))
		return false;
	for (i = 0; i < word.len; i++) {
		if (!is_plain_byte(word, i, flow))
			return false;
	}
	return kp_yaml_text_type(word) == KP_STRING;
}

static void
add_escape(struct kp_buf *out, uint32_t rune)
{
	switch (rune) {
	case '\n':
		kp_buf_add_text(out, "\\n");
		return;
	case '\r':
		kp_buf_add_text(out, "\\r");
		return;
	case '\t':
		kp_buf_add_text(out, "\\t");
		return;
	default:
		break;
	}
	if (rune < 0xa0)
		kp_buf_add_format(out, "\\x%02X", (unsigned)rune);
	else if (rune <= 0xffff)
		kp_buf_add_format(out, "\\u%04X", (unsigned)rune);
	else
		kp_buf_add_format(out, "\\U%08X", (unsigned)rune);
}

void
kp_yaml_text_add_quoted(struct kp_buf *out, struct kp_str word)
{
	size_t at = 0, start;
	uint32_t rune;

	kp_buf_add_char(out, '"');
	while (at < word.len) {
		start = at;
		if (!kp_utf8_next(word, &at, &rune))
			break;
		if (kp_yaml_text_is_odd(rune)) {
			add_escape(out, rune);
			continue;
		}
		if (rune == '"' || rune == '\\')
			kp_buf_add_char(out, '\\');
		kp_buf_add(out, kp_str_slice(word, start, at));
	}
	kp_buf_add_char(out, '"');
}
