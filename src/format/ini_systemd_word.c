/* SPDX-License-Identifier: MIT */
/* ini_systemd_word - the words that a unit file's values are made of. */
#include "format/ini_systemd.h"

#include "base/utf8.h"

#include <string.h>

/* systemd's unichar_is_valid: no surrogate and no noncharacter. */
static bool
is_character(uint32_t rune)
{
	return rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff) &&
	    (rune < 0xfdd0 || rune > 0xfdef) && (rune & 0xfffe) != 0xfffe;
}

bool
kp_systemd_is_text(struct kp_str str)
{
	size_t at = 0;
	uint32_t rune;

	while (at < str.len) {
		if (!kp_utf8_next(str, &at, &rune) || !is_character(rune))
			return false;
	}
	return true;
}

/* A number of digits in this base; false: they are not there. */
static bool
read_digits(struct kp_str str, size_t at, size_t count, unsigned base,
    uint32_t *number)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	if (str.len < at || str.len - at < count)
		return false;
	*number = 0;
	for (i = at; i < at + count; i++) {
		char c = kp_to_lower(str.ptr[i]);
		const char *found = c == '\0' ? NULL : strchr(digits, c);

		if (found == NULL || (size_t)(found - digits) >= base)
			return false;
		*number = *number * base + (uint32_t)(found - digits);
	}
	return true;
}

/* \xHH, \NNN, \uHHHH, \UHHHHHHHH; how many bytes it has, 0: none of these. */
static size_t
read_number_escape(struct kp_str str, size_t at, struct kp_buf *out)
{
	uint32_t number;
	size_t len;

	switch (str.ptr[at]) {
	case 'x':
		len = read_digits(str, at + 1, 2, 16, &number) ? 3 : 0;
		break;
	case 'u':
		len = read_digits(str, at + 1, 4, 16, &number) ? 5 : 0;
		break;
	case 'U':
		len = read_digits(str, at + 1, 8, 16, &number) ? 9 : 0;
		break;
	default:
		len = read_digits(str, at, 3, 8, &number) ? 3 : 0;
		break;
	}
	if (len == 0 || number == 0)
		return 0;
	if (len == 3) {
		if (number > 0xff)
			return 0;
		kp_buf_add_char(out, (char)number);
		return len;
	}
	if (!is_character(number))
		return 0;
	kp_utf8_add(out, number);
	return len;
}

/* The escape behind a backslash; how many bytes it has, 0: unknown. */
static size_t
read_escape(struct kp_str str, size_t at, struct kp_buf *out)
{
	static const char letters[] = "abfnrtvs\\\"'";
	static const char bytes[] = "\a\b\f\n\r\t\v \\\"'";
	const char *found = strchr(letters, str.ptr[at]);

	if (found == NULL)
		return read_number_escape(str, at, out);
	kp_buf_add_char(out, bytes[found - letters]);
	return 1;
}

static void
read_backslash(struct kp_systemd_word *word)
{
	size_t len = 0;

	word->at++;
	if (word->at < word->line.len)
		len = read_escape(word->line, word->at, &word->raw);
	if (len == 0 && !word->relaxed)
		word->fault = "an escape that systemd does not know";
	if (len == 0)
		kp_buf_add_char(&word->raw, '\\');
	word->at += len;
}

/* From a quote to its counterpart, the quotes left out. */
static void
read_quoted(struct kp_systemd_word *word)
{
	char quote = word->line.ptr[word->at++];

	while (word->at < word->line.len) {
		char c = word->line.ptr[word->at];

		if (c == quote) {
			word->at++;
			return;
		}
		if (c == '\\') {
			read_backslash(word);
			continue;
		}
		kp_buf_add_char(&word->raw, c);
		word->at++;
	}
	word->fault = "a quote without its counterpart";
}

static enum kp_style
quote_style(char c)
{
	if (c == '"')
		return KP_DOUBLE;
	return c == '\'' ? KP_SINGLE : KP_BARE;
}

bool
kp_systemd_word_read(struct kp_systemd_word *word)
{
	struct kp_str line = word->line;
	size_t first = 0;

	word->raw = (struct kp_buf){ 0 };
	word->start = word->at =
	    kp_systemd_skip_space(line, word->at, line.len);
	if (word->at == line.len)
		return false;
	while (
	    word->at < line.len && !kp_systemd_is_space(line.ptr[word->at])) {
		char c = line.ptr[word->at];

		if (c == '"' || c == '\'') {
			read_quoted(word);
		} else if (c == '\\') {
			read_backslash(word);
		} else {
			kp_buf_add_char(&word->raw, c);
			word->at++;
		}
		if (first == 0)
			first = word->at;
	}
	word->end = word->at;
	/* Quoted as a whole, or not at all as far as others can see. */
	word->style =
	    first == word->end ? quote_style(line.ptr[word->start]) : KP_BARE;
	return true;
}

void
kp_systemd_word_unpair(struct kp_str str, const char *signs, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < str.len; i++) {
		char c = str.ptr[i];

		if (i + 1 < str.len && str.ptr[i + 1] == c && c != '\0' &&
		    strchr(signs, c) != NULL)
			i++;
		kp_buf_add_char(out, c);
	}
}

const char *
kp_systemd_word_signs(uint32_t role)
{
	/* A program is looked for by the path as it is written. */
	return role == KP_SYSTEMD_ROLE_VARIABLES ? "%$" : "%";
}

size_t
kp_systemd_word_skip_prefix(struct kp_str word)
{
	size_t i = 0;

	while (i < word.len && word.ptr[i] != '\0' &&
	    strchr("@-:+!|", word.ptr[i]) != NULL)
		i++;
	return i;
}
