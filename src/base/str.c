/* SPDX-License-Identifier: MIT */
/* str - borrowed bytes: a view that neither owns nor ends in a NUL. */
#include "base/str.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

int
kp_str_compare(struct kp_str a, struct kp_str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len == 0 ? 0 : memcmp(a.ptr, b.ptr, len);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool
kp_str_eq_nocase(struct kp_str a, struct kp_str b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++) {
		if (kp_to_lower(a.ptr[i]) != kp_to_lower(b.ptr[i]))
			return false;
	}
	return true;
}

bool
kp_str_is_nocase(struct kp_str str, const char *text)
{
	return kp_str_eq_nocase(str, kp_str_of(text));
}

bool
kp_str_ends(struct kp_str str, const char *suffix)
{
	size_t len = strlen(suffix);

	return str.len >= len &&
	    (len == 0 || !memcmp(str.ptr + str.len - len, suffix, len));
}

size_t
kp_str_find(struct kp_str str, char c)
{
	const char *hit = str.len == 0 ? NULL : memchr(str.ptr, c, str.len);

	return hit == NULL ? KP_NPOS : (size_t)(hit - str.ptr);
}

/* Up to so many bytes are compared where one of them is found. */
#define SHORT 32

/* Of what people write; all else is rare. */
static bool
is_common(char c)
{
	return c == ' ' ||
	    (c >= 'a' && c <= 't' && c != 'j' && c != 'k' && c != 'q');
}

/* Where in a needle the first rare byte is, or else the first one. */
static size_t
find_rare(struct kp_str needle)
{
	size_t at;

	for (at = 0; at < needle.len; at++) {
		if (!is_common(needle.ptr[at]))
			return at;
	}
	return 0;
}

/* By a byte of it that has few hits, which takes few steps to look for. */
static size_t
find_short(struct kp_str str, struct kp_str needle)
{
	size_t rare = find_rare(needle), at = 0, hit;
	size_t places = str.len - needle.len + 1;

	while (at < places) {
		hit = kp_str_find(kp_str_slice(str, at + rare, places + rare),
		    needle.ptr[rare]);
		if (hit == KP_NPOS)
			break;
		at += hit;
		if (memcmp(str.ptr + at, needle.ptr, needle.len) == 0)
			return at;
		at++;
	}
	return KP_NPOS;
}

size_t
kp_str_find_str(struct kp_str str, struct kp_str needle)
{
	const char *hit;

	if (needle.len == 0)
		return 0;
	if (str.len < needle.len)
		return KP_NPOS;
	if (needle.len <= SHORT)
		return find_short(str, needle);
	hit = memmem(str.ptr, str.len, needle.ptr, needle.len);
	return hit == NULL ? KP_NPOS : (size_t)(hit - str.ptr);
}

size_t
kp_str_rfind_str(struct kp_str str, struct kp_str needle)
{
	const char *hit;
	size_t at;

	if (str.len < needle.len)
		return KP_NPOS;
	if (needle.len == 1) {
		hit = memrchr(str.ptr, needle.ptr[0], str.len);
		return hit == NULL ? KP_NPOS : (size_t)(hit - str.ptr);
	}
	for (at = str.len - needle.len + 1; at-- > 0;) {
		if (memcmp(str.ptr + at, needle.ptr, needle.len) == 0)
			return at;
	}
	return KP_NPOS;
}

/* --- eight bytes at once; in a word, the first of them is the lowest --- */

#define WORD sizeof(uint64_t)
#define ONES (UINT64_MAX / 0xff) /* 0x01 in each byte */
#define HIGHS (ONES * 0x80)

/*
 * The high bit of the first byte that is zero, or less than 0x20, or 0x7f and
 * more; those of bytes above it say nothing, as they carry.
 */
static uint64_t
find_zero(uint64_t word)
{
	return (word - ONES) & ~word & HIGHS;
}

static uint64_t
find_unprintable(uint64_t word)
{
	return (word | (word - ONES * 0x20) | (word + ONES)) & HIGHS;
}

size_t
kp_str_skip_printable(struct kp_str str, size_t at, char a, char b)
{
	const uint64_t as = ONES * (unsigned char)a;
	const uint64_t bs = ONES * (unsigned char)b;
	uint64_t word, stops;

	for (; str.len - at >= WORD; at += WORD) {
		memcpy(&word, str.ptr + at, WORD);
		word = le64toh(word);
		stops = find_unprintable(word) | find_zero(word ^ as) |
		    find_zero(word ^ bs);
		if (stops != 0)
			return at + (size_t)__builtin_ctzll(stops) / 8;
	}
	while (at < str.len && str.ptr[at] >= ' ' && str.ptr[at] < 0x7f &&
	    str.ptr[at] != a && str.ptr[at] != b)
		at++;
	return at;
}

bool
kp_str_has_any(struct kp_str str, const char *set)
{
	for (; *set != '\0'; set++) {
		if (kp_str_find(str, *set) != KP_NPOS)
			return true;
	}
	return false;
}

struct kp_str
kp_str_trim(struct kp_str str)
{
	while (str.len > 0 && kp_is_space(str.ptr[0])) {
		str.ptr++;
		str.len--;
	}
	while (str.len > 0 && kp_is_space(str.ptr[str.len - 1]))
		str.len--;
	return str;
}

struct kp_str
kp_str_chomp(struct kp_str str)
{
	if (str.len > 0 && str.ptr[str.len - 1] == '\n') {
		str.len--;
		if (str.len > 0 && str.ptr[str.len - 1] == '\r')
			str.len--;
	}
	return str;
}

bool
kp_str_is_name(struct kp_str str)
{
	size_t i;

	if (str.len == 0 || kp_is_digit(str.ptr[0]))
		return false;
	for (i = 0; i < str.len; i++) {
		if (!kp_is_alnum(str.ptr[i]) && str.ptr[i] != '_')
			return false;
	}
	return true;
}

bool
kp_str_next_line(struct kp_str *rest, struct kp_str *line)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = kp_str_find(*rest, '\n');
	if (end == KP_NPOS) {
		*line = *rest;
		*rest = kp_str_make(rest->ptr + rest->len, 0);
		return true;
	}
	*line = kp_str_make(rest->ptr, end);
	*rest = kp_str_slice(*rest, end + 1, rest->len);
	return true;
}

bool
kp_str_to_number(struct kp_str str, unsigned long max, unsigned long *number)
{
	unsigned long total = 0, tenth = max / 10, digit;
	size_t i;

	if (str.len == 0)
		return false;
	for (i = 0; i < str.len; i++) {
		if (!kp_is_digit(str.ptr[i]))
			return false;
		digit = (unsigned long)(str.ptr[i] - '0');
		if (total > tenth || digit > max - total * 10)
			return false;
		total = total * 10 + digit;
	}
	*number = total;
	return true;
}
