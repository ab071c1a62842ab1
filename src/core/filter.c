/* SPDX-License-Identifier: MIT */
/* filter - what ${name|filter} does to a value before it is put in place. */
#include "core/filter.h"

#include "base/codec.h"
#include "base/utf8.h"
#include "core/pointer.h"
#include "format/xml.h"

#include <crypt.h>
#include <sha256.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What bcrypt reads of a password: the rest would not count. */
#define BCRYPT_BYTES 72
#define BCRYPT_COST "10"

/* libxcrypt refuses longer ones, CRYPT_MAX_PASSPHRASE_SIZE. */
#define SHA512CRYPT_BYTES 511

#define INDENT_MAX 1000
#define LINE_MAX_NUMBER 1000000000UL

static bool KP_PRINTF(2, 3)
    fail(struct kp_filter_error *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return false;
}

static bool
apply_trim(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	(void)argument, (void)current, (void)why;
	kp_buf_add(out, kp_str_trim(value));
	return true;
}

static bool
apply_lower(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	size_t i;

	(void)argument, (void)current, (void)why;
	for (i = 0; i < value.len; i++)
		kp_buf_add_char(out, kp_to_lower(value.ptr[i]));
	return true;
}

static bool
apply_upper(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	size_t i;

	(void)argument, (void)current, (void)why;
	for (i = 0; i < value.len; i++)
		kp_buf_add_char(out, kp_to_upper(value.ptr[i]));
	return true;
}

static bool
apply_base64(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	(void)argument, (void)current, (void)why;
	kp_base64_add(out, value);
	return true;
}

static bool
apply_unbase64(struct kp_str value, struct kp_str argument,
    struct kp_str current, struct kp_buf *out, struct kp_filter_error *why)
{
	(void)argument, (void)current;
	return kp_base64_decode(out, value) || fail(why, "it is not base64");
}

static bool
apply_hex(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	(void)argument, (void)current, (void)why;
	kp_hex_add(out, value);
	return true;
}

static bool
apply_sha256(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	char digest[SHA256_DIGEST_STRING_LENGTH];

	(void)argument, (void)current, (void)why;
	SHA256Data((const uint8_t *)value.ptr, value.len, digest);
	kp_buf_add_text(out, digest);
	return true;
}

/* RFC 3986 userinfo and narrower: right in every part of a URL. */
static bool
apply_urlencode(struct kp_str value, struct kp_str argument,
    struct kp_str current, struct kp_buf *out, struct kp_filter_error *why)
{
	(void)argument, (void)current;
	if (kp_str_find(value, '\0') != KP_NPOS)
		return fail(why, "it holds a NUL, which URL readers refuse");
	kp_percent_add(out, value);
	return true;
}

static bool
apply_bool(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	static const char *const words[][2] = {
		{ "true", "false" },
		{ "yes", "no" },
		{ "on", "off" },
		{ "1", "0" },
	};
	size_t i, j;

	(void)argument, (void)current;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		for (j = 0; j < 2; j++) {
			if (kp_str_is_nocase(value, words[i][j])) {
				kp_buf_add_text(out, words[0][j]);
				return true;
			}
		}
	}
	return fail(why,
	    "it is no truth value: true, yes, on, 1, false, no, off or 0");
}

/* The digits at *at; an own 0 ends at once. */
static bool
skip_integer(struct kp_str value, size_t *at)
{
	if (*at == value.len || !kp_is_digit(value.ptr[*at]))
		return false;
	if (value.ptr[*at] == '0') {
		(*at)++;
		return true;
	}
	while (*at < value.len && kp_is_digit(value.ptr[*at]))
		(*at)++;
	return true;
}

static bool
apply_int(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	size_t at = kp_str_starts(value, "-") ? 1 : 0;

	(void)argument, (void)current;
	if (!skip_integer(value, &at) || at != value.len ||
	    kp_str_is(value, "-0"))
		return fail(why,
		    "it is no whole number in decimal without leading zeros");
	kp_buf_add(out, value);
	return true;
}

/* JSON's grammar of numbers, RFC 8259 section 6. */
static bool
apply_number(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	size_t at = kp_str_starts(value, "-") ? 1 : 0;
	bool good = skip_integer(value, &at);
	size_t digits;

	(void)argument, (void)current;
	if (good && at < value.len && value.ptr[at] == '.') {
		digits = ++at;
		while (at < value.len && kp_is_digit(value.ptr[at]))
			at++;
		good = at > digits;
	}
	if (good && at < value.len && kp_to_lower(value.ptr[at]) == 'e') {
		at++;
		if (at < value.len &&
		    (value.ptr[at] == '+' || value.ptr[at] == '-'))
			at++;
		digits = at;
		while (at < value.len && kp_is_digit(value.ptr[at]))
			at++;
		good = at > digits;
	}
	if (!good || at != value.len)
		return fail(why, "it is no number as JSON writes one");
	kp_buf_add(out, value);
	return true;
}

static bool
apply_json(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	const char *problem = kp_pointer_add(out, value, argument);

	(void)current;
	return problem == NULL || fail(why, "%s", problem);
}

/* line(n): that line of it; line: the value, where it is a single one. */
static bool
apply_line(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	struct kp_str rest = value, line;
	unsigned long wanted, n = 0;

	(void)current;
	if (argument.len == 0) {
		if (kp_str_find(value, '\n') != KP_NPOS ||
		    kp_str_find(value, '\r') != KP_NPOS)
			return fail(why, "it has more than one line");
		kp_buf_add(out, value);
		return true;
	}
	if (!kp_str_to_number(argument, LINE_MAX_NUMBER, &wanted) ||
	    wanted == 0)
		return fail(why, "line(n) takes a number from 1");
	while (kp_str_next_line(&rest, &line)) {
		if (++n == wanted) {
			if (kp_str_ends(line, "\r"))
				line.len--;
			kp_buf_add(out, line);
			return true;
		}
	}
	return fail(why, "it has no line %lu", wanted);
}

static bool
apply_indent(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	unsigned long blanks;
	size_t i;

	(void)current;
	if (!kp_str_to_number(argument, INDENT_MAX, &blanks))
		return fail(why, "indent(n) takes a number up to %d",
		    INDENT_MAX);
	for (i = 0; i < value.len; i++) {
		kp_buf_add_char(out, value.ptr[i]);
		if (value.ptr[i] == '\n')
			kp_buf_add_format(out, "%*s", (int)blanks, "");
	}
	return true;
}

/* Right in text and in attributes of either quote. */
static bool
apply_xml(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	static const char *const references[128] = {
		['&'] = "&amp;",
		['<'] = "&lt;",
		['>'] = "&gt;",
		['"'] = "&quot;",
		['\''] = "&#39;",
		['\t'] = "&#9;",
		['\n'] = "&#10;",
		['\r'] = "&#13;",
	};
	size_t at = 0;
	uint32_t rune;

	(void)argument, (void)current;
	while (at < value.len) {
		if (!kp_utf8_next(value, &at, &rune))
			return fail(why, "it is not UTF-8");
		if (!kp_xml_is_char(rune))
			return fail(why,
			    "it holds a character that XML cannot carry");
		if (rune < 128 && references[rune] != NULL)
			kp_buf_add_text(out, references[rune]);
		else
			kp_utf8_add(out, rune);
	}
	return true;
}

/* POSIX shell, 2.2.2: nothing is special in single quotes but their end. */
static bool
quote_shell(struct kp_str value, struct kp_buf *out,
    struct kp_filter_error *why)
{
	size_t i;

	if (kp_str_find(value, '\0') != KP_NPOS)
		return fail(why, "it holds a NUL, which shells drop");
	kp_buf_add_char(out, '\'');
	for (i = 0; i < value.len; i++) {
		if (value.ptr[i] == '\'')
			kp_buf_add_text(out, "'\\''");
		else
			kp_buf_add_char(out, value.ptr[i]);
	}
	kp_buf_add_char(out, '\'');
	return true;
}

/*
 * pcre2pattern(3): a backslash before what is no letter or digit takes it
 * literally; RE2 and POSIX extended expressions agree for punctuation.
 */
static void
quote_regex(struct kp_str value, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c != '\0' && strchr("\\^$.[]|()?*+{}-/#", c) != NULL)
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, c);
	}
}

static bool
apply_quote(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	(void)current;
	if (kp_str_is(argument, "sh"))
		return quote_shell(value, out, why);
	if (!kp_str_is(argument, "regex"))
		return fail(why, "quote() takes sh or regex");
	quote_regex(value, out);
	return true;
}

/* One hash by libxcrypt; with a known hash as setting, that one again. */
static bool
hash_with(struct kp_str value, struct kp_str setting, struct kp_buf *out)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	struct kp_buf phrase = { 0 }, salt = { 0 };
	const char *hash = NULL;

	kp_buf_add(&phrase, value);
	kp_buf_add_char(&phrase, '\0');
	kp_buf_add(&salt, setting);
	kp_buf_add_char(&salt, '\0');
	if (data != NULL && kp_buf_ok(&phrase) && kp_buf_ok(&salt))
		hash =
		    crypt_rn(phrase.data, salt.data, data, (int)sizeof(*data));
	if (hash != NULL)
		kp_buf_add_text(out, hash);
	kp_buf_wipe(&phrase);
	kp_buf_wipe(&salt);
	freezero(data, sizeof(*data));
	return hash != NULL;
}

/* crypt(5): the characters of salts and hashes. */
static bool
is_hash_char(char c)
{
	return kp_is_alnum(c) || c == '.' || c == '/' || c == '$' || c == '=';
}

/* The next salted hash in text at or behind *offset, which is moved. */
static bool
next_hash(struct kp_str text, size_t *offset, struct kp_str *hash)
{
	while (*offset < text.len) {
		struct kp_str rest = kp_str_slice(text, *offset, text.len);
		size_t dollar = kp_str_find(rest, '$'), end;

		if (dollar == KP_NPOS)
			break;
		rest = kp_str_slice(rest, dollar, rest.len);
		*offset += dollar + 1;
		if (!kp_str_starts(rest, "$2b$") && !kp_str_starts(rest, "$6$"))
			continue;
		for (end = 0; end < rest.len && is_hash_char(rest.ptr[end]);)
			end++;
		*hash = kp_str_slice(rest, 0, end);
		*offset += end - 1;
		return true;
	}
	return false;
}

/* How many hashes of a target are tried: each costs as much as a new one. */
#define KNOWN_MAX 16

/* A hash in current that is one of value, made with this prefix. */
static bool
find_fitting(struct kp_str value, const char *prefix, struct kp_str current,
    struct kp_buf *out)
{
	size_t offset = 0, tried = 0;
	struct kp_str hash;

	while (tried < KNOWN_MAX && next_hash(current, &offset, &hash)) {
		struct kp_buf again = { 0 };
		bool fits;

		/* Rounds that we did not choose may be a thousand million. */
		if (!kp_str_starts(hash, prefix) ||
		    kp_str_starts(hash, "$6$rounds="))
			continue;
		tried++;
		fits = hash_with(value, hash, &again) &&
		    kp_str_eq(kp_buf_view(&again), hash);
		kp_buf_wipe(&again);
		if (fits) {
			kp_buf_add(out, hash);
			return true;
		}
	}
	return false;
}

static bool
add_hash(struct kp_str value, const char *method, unsigned long count,
    struct kp_str current, const char *prefix, struct kp_buf *out,
    struct kp_filter_error *why)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	if (find_fitting(value, prefix, current, out))
		return true;
	if (crypt_gensalt_rn(method, count, NULL, 0, setting,
	        (int)sizeof(setting)) == NULL)
		return fail(why, "no salt could be made");
	return hash_with(value, kp_str_of(setting), out) ||
	    fail(why, "it could not be hashed");
}

static bool
apply_bcrypt(struct kp_str value, struct kp_str argument, struct kp_str current,
    struct kp_buf *out, struct kp_filter_error *why)
{
	unsigned long cost;
	char prefix[16];

	if (argument.len == 0)
		argument = kp_str_of(BCRYPT_COST);
	if (!kp_str_to_number(argument, 31, &cost) || cost < 4)
		return fail(why, "bcrypt(cost) takes a cost from 4 to 31");
	if (value.len > BCRYPT_BYTES)
		return fail(why,
		    "bcrypt reads no more than %d bytes, it has %zu",
		    BCRYPT_BYTES, value.len);
	if (kp_str_find(value, '\0') != KP_NPOS)
		return fail(why, "it holds a NUL, where bcrypt would stop");
	snprintf(prefix, sizeof(prefix), "$2b$%02lu$", cost);
	return add_hash(value, "$2b$", cost, current, prefix, out, why);
}

static bool
apply_sha512crypt(struct kp_str value, struct kp_str argument,
    struct kp_str current, struct kp_buf *out, struct kp_filter_error *why)
{
	(void)argument;
	if (value.len > SHA512CRYPT_BYTES)
		return fail(why, "sha512crypt takes no more than %d bytes",
		    SHA512CRYPT_BYTES);
	if (kp_str_find(value, '\0') != KP_NPOS)
		return fail(why, "it holds a NUL, where crypt would stop");
	return add_hash(value, "$6$", 0, current, "$6$", out, why);
}

static const struct kp_filter filters[] = {
	{ "base64", KP_ARG_NONE, 0, apply_base64 },
	{ "bcrypt", KP_ARG_OPTIONAL, KP_FX_SALTED, apply_bcrypt },
	{ "bool", KP_ARG_NONE, KP_FX_TYPED, apply_bool },
	{ "hex", KP_ARG_NONE, 0, apply_hex },
	{ "indent", KP_ARG_REQUIRED, 0, apply_indent },
	{ "int", KP_ARG_NONE, KP_FX_TYPED, apply_int },
	{ "json", KP_ARG_REQUIRED, 0, apply_json },
	{ "line", KP_ARG_OPTIONAL, 0, apply_line },
	{ "lower", KP_ARG_NONE, 0, apply_lower },
	{ "number", KP_ARG_NONE, KP_FX_TYPED, apply_number },
	{ "quote", KP_ARG_REQUIRED, 0, apply_quote },
	{ "raw", KP_ARG_NONE, KP_FX_RAW, NULL },
	{ "sha256", KP_ARG_NONE, 0, apply_sha256 },
	{ "sha512crypt", KP_ARG_NONE, KP_FX_SALTED, apply_sha512crypt },
	{ "str", KP_ARG_NONE, KP_FX_STRING, NULL },
	{ "trim", KP_ARG_NONE, 0, apply_trim },
	{ "unbase64", KP_ARG_NONE, 0, apply_unbase64 },
	{ "upper", KP_ARG_NONE, 0, apply_upper },
	{ "urlencode", KP_ARG_NONE, 0, apply_urlencode },
	{ "whole", KP_ARG_NONE, KP_FX_WHOLE, NULL },
	{ "xml", KP_ARG_NONE, 0, apply_xml },
};

#define FILTERS (sizeof(filters) / sizeof(*filters))

const struct kp_filter *
kp_filter_by_name(struct kp_str name)
{
	size_t i;

	for (i = 0; i < FILTERS; i++) {
		if (kp_str_is(name, filters[i].name))
			return &filters[i];
	}
	return NULL;
}

const char *const *
kp_filter_names(void)
{
	static const char *names[FILTERS + 1];
	size_t i;

	for (i = 0; i < FILTERS; i++)
		names[i] = filters[i].name;
	return names;
}
