/* SPDX-License-Identifier: MIT */
/*
 * toml_word - what TOML makes of a word without quotes.
 *
 *	integer = [ sign ] digits / "0x" hex / "0o" octal / "0b" binary
 *	float   = [ sign ] digits [ "." digits ] [ "e" [ sign ] digits ]
 *	        / [ sign ] ( "inf" / "nan" )
 *	time    = hh ":" mm ":" ss [ "." 1*digit ]
 *	date    = yyyy-mm-dd [ ( "T" / " " ) time [ "Z" / sign hh ":" mm ] ]
 *
 * Digits may have single "_" between them, and no zero in front.
 */
#include "format/toml.h"

#include "format/literal.h"

#include <string.h>

/* Longer ones may not fit into 64 bits. */
#define DIGITS_MAX 18

static bool
skip_char(struct kp_str word, size_t *at, const char *set)
{
	if (*at == word.len || word.ptr[*at] == '\0' ||
	    strchr(set, word.ptr[*at]) == NULL)
		return false;
	(*at)++;
	return true;
}

/* Digits of set with single underscores between them. */
static bool
skip_digits(struct kp_str word, size_t *at, const char *set)
{
	if (!skip_char(word, at, set))
		return false;
	for (;;) {
		size_t next = *at;

		skip_char(word, &next, "_");
		if (!skip_char(word, &next, set))
			return true;
		*at = next;
	}
}

static bool
is_based(struct kp_str word)
{
	static const struct {
		const char *prefix, *digits;
	} bases[] = {
		{ "0x", "0123456789abcdefABCDEF" },
		{ "0o", "01234567" },
		{ "0b", "01" },
	};
	size_t at = 2, i;

	for (i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		if (kp_str_starts(word, bases[i].prefix))
			return skip_digits(word, &at, bases[i].digits) &&
			    at == word.len;
	}
	return false;
}

static bool
is_number(struct kp_str word)
{
	static const char digits[] = "0123456789";
	size_t at = 0, start;

	skip_char(word, &at, "+-");
	start = at;
	if (!skip_digits(word, &at, digits) ||
	    (at - start > 1 && word.ptr[start] == '0'))
		return false;
	if (skip_char(word, &at, ".") && !skip_digits(word, &at, digits))
		return false;
	if (skip_char(word, &at, "eE")) {
		skip_char(word, &at, "+-");
		if (!skip_digits(word, &at, digits))
			return false;
	}
	return at == word.len;
}

static bool
is_special(struct kp_str word)
{
	size_t at = 0;

	skip_char(word, &at, "+-");
	word = kp_str_slice(word, at, word.len);
	return kp_str_is(word, "inf") || kp_str_is(word, "nan");
}

/* Exactly count digits; *number is what they make. */
static bool
take_number(struct kp_str word, size_t *at, size_t count, unsigned *number)
{
	size_t end = *at + count;

	*number = 0;
	for (; *at < end; (*at)++) {
		if (*at >= word.len || !kp_is_digit(word.ptr[*at]))
			return false;
		*number = *number * 10 + (unsigned)(word.ptr[*at] - '0');
	}
	return true;
}

static unsigned
days_of(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
take_date(struct kp_str word, size_t *at)
{
	unsigned year, month, day;

	return take_number(word, at, 4, &year) && skip_char(word, at, "-") &&
	    take_number(word, at, 2, &month) && skip_char(word, at, "-") &&
	    take_number(word, at, 2, &day) && year > 0 && month > 0 &&
	    month <= 12 && day > 0 && day <= days_of(year, month);
}

static bool
take_clock(struct kp_str word, size_t *at)
{
	unsigned hour, minute;

	return take_number(word, at, 2, &hour) && skip_char(word, at, ":") &&
	    take_number(word, at, 2, &minute) && hour < 24 && minute < 60;
}

static bool
take_time(struct kp_str word, size_t *at)
{
	unsigned second;
	size_t start;

	if (!take_clock(word, at) || !skip_char(word, at, ":") ||
	    !take_number(word, at, 2, &second) || second > 59)
		return false;
	if (!skip_char(word, at, "."))
		return true;
	start = *at;
	while (skip_char(word, at, "0123456789"))
		continue;
	return *at > start;
}

static bool
is_moment(struct kp_str word)
{
	size_t at = 0;

	if (take_time(word, &at))
		return at == word.len;
	at = 0;
	if (!take_date(word, &at))
		return false;
	if (at == word.len)
		return true;
	if (!skip_char(word, &at, "Tt ") || !take_time(word, &at))
		return false;
	if (skip_char(word, &at, "+-"))
		return take_clock(word, &at) && at == word.len;
	skip_char(word, &at, "Zz");
	return at == word.len;
}

enum kp_type
kp_toml_word_type(struct kp_str word)
{
	enum kp_type type = kp_literal_number(word);

	if (kp_str_is(word, "true") || kp_str_is(word, "false"))
		return KP_BOOL;
	if (type == KP_INT)
		return word.len > DIGITS_MAX ? KP_OTHER : KP_INT;
	if (type == KP_NUMBER)
		return KP_NUMBER;
	return is_number(word) || is_based(word) || is_special(word) ||
	        is_moment(word) || kp_scan_is_sentinel(word) ?
	    KP_OTHER :
	    KP_STRING;
}

bool
kp_toml_word_is_date(struct kp_str word)
{
	size_t at = 0;

	return take_date(word, &at) && at == word.len;
}

bool
kp_toml_word_is_key(struct kp_str name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!kp_is_alnum(c) && c != '_' && c != '-')
			return false;
	}
	return name.len > 0;
}

size_t
kp_toml_line_break(struct kp_str text, size_t at)
{
	if (at < text.len && text.ptr[at] == '\n')
		return 1;
	return at + 1 < text.len && text.ptr[at] == '\r' &&
	        text.ptr[at + 1] == '\n' ?
	    2 :
	    0;
}
