/* SPDX-License-Identifier: MIT */
/* utf8 - strict UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
 */
#include "base/utf8.h"

#include <string.h>

bool
kp_utf8_next(struct kp_str str, size_t *offset, uint32_t *rune)
{
	static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)str.ptr + *offset;
	size_t left = str.len - *offset;
	size_t more, i;
	uint32_t value;

	if (p[0] < 0x80) {
		*rune = p[0];
		(*offset)++;
		return true;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		more = 1;
		value = p[0] & 0x1fU;
	} else if ((p[0] & 0xf0) == 0xe0) {
		more = 2;
		value = p[0] & 0x0fU;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		more = 3;
		value = p[0] & 0x07U;
	} else {
		return false;
	}
	if (left <= more)
		return false;
	for (i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
		value = (value << 6) | (p[i] & 0x3fU);
	}
	if (value < smallest[more] || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return false;
	*rune = value;
	*offset += more + 1;
	return true;
}

/* Most texts are ASCII: eight bytes of it at once, and what is left of it. */
static size_t
skip_ascii(struct kp_str str, size_t offset)
{
	const uint64_t high_bits = 0x8080808080808080;
	uint64_t word;

	for (; str.len - offset >= sizeof(word); offset += sizeof(word)) {
		memcpy(&word, str.ptr + offset, sizeof(word));
		if ((word & high_bits) != 0)
			break;
	}
	while (offset < str.len && (str.ptr[offset] & 0x80) == 0)
		offset++;
	return offset;
}

size_t
kp_utf8_end(struct kp_str str, size_t offset)
{
	uint32_t rune;

	do {
		offset = skip_ascii(str, offset);
	} while (offset < str.len && kp_utf8_next(str, &offset, &rune));
	return offset;
}

bool
kp_utf8_valid(struct kp_str str)
{
	return kp_utf8_end(str, 0) == str.len;
}

bool
kp_utf8_is_ascii(struct kp_str str)
{
	return skip_ascii(str, 0) == str.len;
}

void
kp_utf8_add(struct kp_buf *buf, uint32_t rune)
{
	if (rune < 0x80) {
		kp_buf_add_char(buf, (char)rune);
		return;
	}
	if (rune < 0x800) {
		kp_buf_add_char(buf, (char)(0xc0 | (rune >> 6)));
	} else {
		if (rune < 0x10000) {
			kp_buf_add_char(buf, (char)(0xe0 | (rune >> 12)));
		} else {
			kp_buf_add_char(buf, (char)(0xf0 | (rune >> 18)));
			kp_buf_add_char(buf,
			    (char)(0x80 | ((rune >> 12) & 0x3f)));
		}
		kp_buf_add_char(buf, (char)(0x80 | ((rune >> 6) & 0x3f)));
	}
	kp_buf_add_char(buf, (char)(0x80 | (rune & 0x3f)));
}
