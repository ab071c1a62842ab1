/* SPDX-License-Identifier: MIT */
/* codec - bytes as text: base64, hexadecimal, percent signs. */
#include "base/codec.h"

#include <string.h>

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Four characters for up to three bytes. */
static void
add_group(struct kp_buf *out, struct kp_str group)
{
	unsigned bits = 0;
	char text[4];
	size_t i;

	for (i = 0; i < 3; i++) {
		bits <<= 8;
		if (i < group.len)
			bits |= (unsigned char)group.ptr[i];
	}
	for (i = 0; i < 4; i++)
		text[i] = base64_digits[(bits >> (18 - 6 * i)) & 0x3f];
	memset(text + group.len + 1, '=', 3 - group.len);
	kp_buf_add(out, kp_str_make(text, sizeof(text)));
}

void
kp_base64_add(struct kp_buf *out, struct kp_str bytes)
{
	size_t at;

	for (at = 0; at < bytes.len; at += 3) {
		size_t end = bytes.len - at < 3 ? bytes.len : at + 3;

		add_group(out, kp_str_slice(bytes, at, end));
	}
}

bool
kp_base64_decode(struct kp_buf *out, struct kp_str text)
{
	unsigned bits = 0, have = 0, padding = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		const char *digit;

		if (kp_is_space(text.ptr[i]))
			continue;
		if (text.ptr[i] == '=') {
			padding++;
			continue;
		}
		digit = text.ptr[i] == '\0' ?
		    NULL :
		    strchr(base64_digits, text.ptr[i]);
		if (digit == NULL || padding > 0)
			return false;
		bits = (bits << 6) | (unsigned)(digit - base64_digits);
		have++;
		if (have % 4 != 1)
			kp_buf_add_char(out,
			    (char)(bits >> (have % 4 == 2        ? 4 :
			                           have % 4 == 3 ? 2 :
			                                           0)));
	}
	/* Left-over bits must be nothing but padding. */
	if (have % 4 == 1 || (have + padding) % 4 != 0 || padding > 2)
		return false;
	if (have % 4 == 2)
		return (bits & 0x0f) == 0;
	if (have % 4 == 3)
		return (bits & 0x03) == 0;
	return true;
}

void
kp_hex_add(struct kp_buf *out, struct kp_str bytes)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		kp_buf_add_char(out, digits[c >> 4]);
		kp_buf_add_char(out, digits[c & 0x0f]);
	}
}

int
kp_hex_digit(char c)
{
	if (kp_is_digit(c))
		return c - '0';
	c = kp_to_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void
kp_percent_add(struct kp_buf *out, struct kp_str bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];

		if (kp_is_alnum(c) || (c != '\0' && strchr("-._~", c) != NULL))
			kp_buf_add_char(out, c);
		else
			kp_buf_add_format(out, "%%%02X", (unsigned char)c);
	}
}

bool
kp_percent_decode(struct kp_buf *out, struct kp_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		int high, low;

		if (text.ptr[i] != '%') {
			kp_buf_add_char(out, text.ptr[i]);
			continue;
		}
		if (text.len - i < 3)
			return false;
		high = kp_hex_digit(text.ptr[i + 1]);
		low = kp_hex_digit(text.ptr[i + 2]);
		if (high == -1 || low == -1 || high + low == 0)
			return false;
		kp_buf_add_char(out, (char)(high << 4 | low));
		i += 2;
	}
	return true;
}
