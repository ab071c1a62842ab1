/* SPDX-License-Identifier: MIT */
/* literal - the words, strings and numbers that several formats share. */
#include "format/literal.h"

#include "base/codec.h"
#include "base/utf8.h"

#include <string.h>

/* Escapes of one letter; "\/" is JSON's alone. */
static const struct {
	char letter, meant;
} escapes[] = {
	{ '"', '"' },
	{ '\\', '\\' },
	{ 'b', '\b' },
	{ 'f', '\f' },
	{ 'n', '\n' },
	{ 'r', '\r' },
	{ 't', '\t' },
};

#define NESCAPES (sizeof(escapes) / sizeof(*escapes))

bool
kp_literal_is_plain(struct kp_str text, const char *marks)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!kp_is_alnum(c) && (c == '\0' || strchr(marks, c) == NULL))
			return false;
	}
	return true;
}

static char
find_letter(uint32_t rune)
{
	size_t i;

	/* Most are none of these, and behind the first of them. */
	if (rune > '"' && rune != '\\')
		return '\0';
	for (i = 0; i < NESCAPES; i++) {
		if (rune == (unsigned char)escapes[i].meant)
			return escapes[i].letter;
	}
	return '\0';
}

void
kp_literal_add_escaped(struct kp_buf *out, struct kp_str text)
{
	size_t at = 0, start = 0, end;
	uint32_t rune;

	for (;;) {
		char letter;

		end = at = kp_str_skip_printable(text, at, '"', '\\');
		if (at == text.len || !kp_utf8_next(text, &at, &rune))
			break;
		letter = find_letter(rune);
		if (letter == '\0' && rune >= 0x20 && rune != 0x7f &&
		    rune != 0xfffd)
			continue;
		kp_buf_add(out, kp_str_slice(text, start, end));
		kp_buf_add_char(out, '\\');
		if (letter != '\0')
			kp_buf_add_char(out, letter);
		else
			kp_buf_add_format(out, "u%04X", (unsigned)rune);
		start = at;
	}
	kp_buf_add(out, kp_str_slice(text, start, end));
}

void
kp_literal_add_quoted(struct kp_buf *out, struct kp_str text)
{
	kp_buf_add_char(out, '"');
	kp_literal_add_escaped(out, text);
	kp_buf_add_char(out, '"');
}

bool
kp_literal_unescape(char c, char *meant)
{
	size_t i;

	for (i = 0; i < NESCAPES; i++) {
		if (c == escapes[i].letter) {
			*meant = escapes[i].meant;
			return true;
		}
	}
	return false;
}

bool
kp_literal_hex(struct kp_str text, size_t at, size_t digits, uint32_t *number)
{
	uint32_t sum = 0;
	size_t i;

	if (text.len - at < digits)
		return false;
	for (i = at; i < at + digits; i++) {
		int digit = kp_hex_digit(text.ptr[i]);

		if (digit < 0)
			return false;
		sum = sum << 4 | (uint32_t)digit;
	}
	*number = sum;
	return true;
}

/* "\udc00" to "\udfff" at at, the second half of a pair. */
static bool
read_low(struct kp_str text, size_t at, uint32_t *low)
{
	return kp_str_starts(kp_str_slice(text, at, text.len), "\\u") &&
	    kp_literal_hex(text, at + 2, 4, low) && *low >= 0xdc00 &&
	    *low <= 0xdfff;
}

size_t
kp_literal_utf16(struct kp_str text, size_t at, uint32_t *rune)
{
	uint32_t low;

	if (!kp_literal_hex(text, at, 4, rune))
		return 0;
	if (*rune < 0xd800 || *rune > 0xdbff || !read_low(text, at + 4, &low))
		return 4;
	*rune = 0x10000 + ((*rune - 0xd800) << 10) + (low - 0xdc00);
	return 10;
}

/* Past the digits at at; returns how many there are. */
static size_t
skip_digits(struct kp_str word, size_t *at)
{
	size_t start = *at;

	while (*at < word.len && kp_is_digit(word.ptr[*at]))
		(*at)++;
	return *at - start;
}

/* Past c at at, in either case. */
static bool
skip_char(struct kp_str word, size_t *at, char c)
{
	if (*at == word.len || kp_to_lower(word.ptr[*at]) != c)
		return false;
	(*at)++;
	return true;
}

enum kp_type
kp_literal_number(struct kp_str word)
{
	bool minus = kp_str_starts(word, "-"), whole;
	size_t at = minus, start = at, digits;

	digits = skip_digits(word, &at);
	if (digits == 0 || (digits > 1 && word.ptr[start] == '0'))
		return KP_STRING;
	whole = at == word.len;
	if (skip_char(word, &at, '.') && skip_digits(word, &at) == 0)
		return KP_STRING;
	if (skip_char(word, &at, 'e')) {
		if (!skip_char(word, &at, '+'))
			skip_char(word, &at, '-');
		if (skip_digits(word, &at) == 0)
			return KP_STRING;
	}
	if (at < word.len)
		return KP_STRING;
	return whole && !kp_str_is(word, "-0") ? KP_INT : KP_NUMBER;
}

bool
kp_literal_has_raw(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value)
{
	size_t i;

	if (kp_utf8_is_ascii(
	        kp_str_slice(scan->src->text, item->start, item->end)))
		return false;
	for (i = 0; i < value->npieces; i++) {
		if (value->pieces[i].trusted &&
		    !kp_utf8_is_ascii(value->pieces[i].bytes))
			return true;
	}
	return false;
}
