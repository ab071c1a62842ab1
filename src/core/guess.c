/* SPDX-License-Identifier: MIT */
/*
 * guess - what a value of a configuration is for, by its name and its look.
 *
 * A name is taken apart into words: at what is neither letter nor digit, and
 * where capitals begin, so that "adminPassword", "admin-password" and
 * "ADMIN_PASSWORD" are the same two.  The last words tell what is meant:
 * "password_file" is a file.
 */
#include "core/guess.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const secret_words[] = {
	"password",
	"passwd",
	"passphrase",
	"passcode",
	"pass",
	"pwd",
	"pw",
	"secret",
	"secrets",
	"token",
	"credential",
	"credentials",
	"salt",
	"psk",
	"apikey",
	"authtoken",
	"requirepass",
	"masterauth",
};

/* Before "key"; others, as in "cert_key", are files or names. */
static const char *const key_words[] = {
	"access",
	"account",
	"api",
	"app",
	"auth",
	"consumer",
	"cookie",
	"encrypt",
	"encryption",
	"hmac",
	"in",
	"jwt",
	"license",
	"master",
	"nonce",
	"private",
	"secret",
	"service",
	"session",
	"shared",
	"sign",
	"signing",
	"storage",
};

/* Before "pass": an address that nginx passes requests to. */
static const char *const passing_words[] = { "proxy", "fastcgi", "uwsgi",
	"grpc", "scgi", "memcached" };

static const char *const setting_words[] = {
	"bind",
	"bucket",
	"database",
	"dbname",
	"debug",
	"domain",
	"email",
	"host",
	"hostname",
	"listen",
	"login",
	"loglevel",
	"port",
	"region",
	"timezone",
	"upstream",
	"uri",
	"url",
	"user",
	"username",
};

/* Two words that mean a setting together. */
static const char *const setting_pairs[][2] = {
	{ "log", "level" },
	{ "db", "name" },
	{ "server", "name" },
	{ "http", "addr" },
	{ "smtp", "from" },
};

static const char *const switch_words[] = {
	"allow",
	"debug",
	"disable",
	"disabled",
	"enable",
	"enabled",
	"insecure",
	"skip",
	"use",
	"verify",
};

static bool
is_one_of(struct kp_str word, const char *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (kp_str_is_nocase(word, list[i]))
			return true;
	}
	return false;
}

static bool
is_upper(char c)
{
	return c != kp_to_lower(c);
}

/* "adminPassword" and "APIKey" have a word that begins at a capital. */
static bool
begins_word(struct kp_str text, size_t at)
{
	char before = text.ptr[at - 1];

	if (!is_upper(text.ptr[at]))
		return false;
	return !is_upper(before) ||
	    (at + 1 < text.len && kp_is_alpha(text.ptr[at + 1]) &&
	        !is_upper(text.ptr[at + 1]));
}

/* Cut the last word off *rest, digits behind it included; empty: none. */
static struct kp_str
cut_word(struct kp_str *rest)
{
	size_t end = rest->len, start;

	while (end > 0 && !kp_is_alpha(rest->ptr[end - 1]))
		end--;
	start = end;
	while (start > 0 && kp_is_alnum(rest->ptr[start - 1]) &&
	    (start == end || !begins_word(*rest, start)))
		start--;
	*rest = kp_str_slice(*rest, 0, end);
	rest->len = start;
	return kp_str_make(rest->ptr + start, end - start);
}

bool
kp_guess_names_secret(struct kp_str name)
{
	struct kp_str last = cut_word(&name);
	struct kp_str before = cut_word(&name);

	if (kp_str_is_nocase(last, "pass"))
		return !is_one_of(before, passing_words, COUNT(passing_words));
	if (kp_str_is_nocase(last, "key"))
		return is_one_of(before, key_words, COUNT(key_words));
	/* Rails has a secret_key_base. */
	if (kp_str_is_nocase(last, "base"))
		return kp_str_is_nocase(before, "key");
	return is_one_of(last, secret_words, COUNT(secret_words));
}

bool
kp_guess_names_setting(struct kp_str name)
{
	struct kp_str last = cut_word(&name);
	struct kp_str before = cut_word(&name);
	size_t i;

	for (i = 0; i < COUNT(setting_pairs); i++) {
		if (kp_str_is_nocase(before, setting_pairs[i][0]) &&
		    kp_str_is_nocase(last, setting_pairs[i][1]))
			return true;
	}
	if (kp_str_is_nocase(last, "pass"))
		return is_one_of(before, passing_words, COUNT(passing_words));
	return is_one_of(last, setting_words, COUNT(setting_words));
}

bool
kp_guess_names_switch(struct kp_str name)
{
	struct kp_str word = cut_word(&name);

	for (; word.len > 0; word = cut_word(&name)) {
		if (is_one_of(word, switch_words, COUNT(switch_words)))
			return true;
	}
	return false;
}

bool
kp_guess_is_hash(struct kp_str value)
{
	static const char *const marks[] = { "$2a$", "$2b$", "$2y$", "$5$",
		"$6$", "$y$", "$apr1$", "$argon2" };
	size_t i;

	for (i = 0; i < COUNT(marks); i++) {
		if (kp_str_starts(value, marks[i]))
			return true;
	}
	return false;
}

/* scheme://user:password@host */
static bool
has_userinfo(struct kp_str value)
{
	size_t scheme = kp_str_find_str(value, kp_str_of("://"));
	size_t at, colon;

	if (scheme == KP_NPOS)
		return false;
	value = kp_str_slice(value, scheme + 3, value.len);
	at = kp_str_find(value, '@');
	colon = kp_str_find(value, ':');
	return at != KP_NPOS && colon < at && colon + 1 < at &&
	    !kp_str_has_any(kp_str_slice(value, 0, at), "/ ");
}

const char *
kp_guess_shows_secret(struct kp_str value)
{
	/* What some services begin their tokens with. */
	static const char *const tokens[] = { "ghp_", "gho_", "glpat-", "xoxb-",
		"xoxp-", "AKIA", "sk_live_", "eyJhbGci" };
	size_t i;

	if (kp_guess_is_hash(value))
		return "a password's hash";
	if (has_userinfo(value))
		return "an address with a password in it";
	if (kp_str_starts(value, "Bearer ") || kp_str_starts(value, "Basic "))
		return "credentials of a request";
	if (kp_str_find_str(value, kp_str_of("PRIVATE KEY-----")) != KP_NPOS)
		return "a private key";
	for (i = 0; i < COUNT(tokens); i++) {
		if (kp_str_starts(value, tokens[i]) && value.len > 12)
			return "it looks like a token";
	}
	return NULL;
}

/* The name between two marks; empty: it is not between them. */
static struct kp_str
name_between(struct kp_str value, const char *open, const char *close)
{
	size_t before = strlen(open), behind = strlen(close);
	struct kp_str name = { value.ptr, 0 };

	if (value.len <= before + behind || !kp_str_starts(value, open) ||
	    !kp_str_ends(value, close))
		return name;
	name = kp_str_trim(kp_str_slice(value, before, value.len - behind));
	if (!kp_str_is_name(name))
		name.len = 0;
	return name;
}

struct kp_str
kp_guess_marker_name(struct kp_str value)
{
	static const char *const marks[][2] = { { "__", "__" }, { "%%", "%%" },
		{ "@", "@" }, { "{{", "}}" }, { "{{.", "}}" },
		{ "{{ .", "}}" } };
	struct kp_str name = { value.ptr, 0 };
	size_t i;

	for (i = 0; i < COUNT(marks) && name.len == 0; i++)
		name = name_between(value, marks[i][0], marks[i][1]);
	return name;
}

static bool
is_all(struct kp_str value, char c)
{
	size_t i;

	for (i = 0; i < value.len; i++) {
		if (kp_to_lower(value.ptr[i]) != c)
			return false;
	}
	return value.len >= 3;
}

bool
kp_guess_is_marker(struct kp_str value)
{
	static const char *const words[] = { "changeme", "change_me",
		"change-me", "change me", "changeit", "replaceme", "replace_me",
		"replace-me", "todo", "fixme", "tbd", "placeholder" };
	static const char *const ends[] = { "_here", "-here", " here" };
	size_t i;

	value = kp_str_trim(value);
	if (is_all(value, 'x') || is_all(value, '*') ||
	    kp_guess_marker_name(value).len > 0)
		return true;
	for (i = 0; i < COUNT(ends); i++) {
		if (kp_str_ends(value, ends[i]))
			return true;
	}
	if (value.len > 2 && value.ptr[0] == '<' &&
	    kp_str_find(value, '>') == value.len - 1)
		return true;
	return is_one_of(value, words, COUNT(words));
}

bool
kp_guess_is_reference(struct kp_str value)
{
	static const char *const marks[] = { "${", "$(", "$__", "{$", "{env.",
		"{{", "%(" };
	size_t i;

	for (i = 0; i < COUNT(marks); i++) {
		if (kp_str_find_str(value, kp_str_of(marks[i])) != KP_NPOS)
			return true;
	}
	return value.len > 1 && value.ptr[0] == '$' &&
	    kp_str_is_name(kp_str_slice(value, 1, value.len));
}
