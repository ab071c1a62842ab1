/* SPDX-License-Identifier: MIT */
/*
 * xml_word - characters, names and references of XML, and the declaration.
 *
 * The numbers of productions are those of XML 1.0, fifth edition.
 */
#include "format/xml.h"

#include "base/utf8.h"

#include <string.h>

#define MARK "\xef\xbb\xbf"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Encodings whose bytes below 0x80 are ASCII wherever they stand. */
static const struct {
	const char *name;
	bool is_prefix; /* of the names of several */
	enum kp_xml_charset charset;
} charsets[] = {
	{ "UTF-8", false, KP_XML_UTF8 },
	{ "UTF8", false, KP_XML_UTF8 },
	{ "US-ASCII", false, KP_XML_ASCII },
	{ "ASCII", false, KP_XML_ASCII },
	{ "ISO-8859-", true, KP_XML_BYTES },
	{ "windows-125", true, KP_XML_BYTES },
	{ "KOI8-", true, KP_XML_BYTES },
};

/* Production [4], NameStartChar, beyond ASCII. */
static const struct {
	uint32_t first, last;
} name_starts[] = {
	{ 0xc0, 0xd6 },
	{ 0xd8, 0xf6 },
	{ 0xf8, 0x2ff },
	{ 0x370, 0x37d },
	{ 0x37f, 0x1fff },
	{ 0x200c, 0x200d },
	{ 0x2070, 0x218f },
	{ 0x2c00, 0x2fef },
	{ 0x3001, 0xd7ff },
	{ 0xf900, 0xfdcf },
	{ 0xfdf0, 0xfffd },
	{ 0x10000, 0xeffff },
};

static const struct {
	const char *name;
	char meant;
} entities[] = {
	{ "amp", '&' },
	{ "lt", '<' },
	{ "gt", '>' },
	{ "quot", '"' },
	{ "apos", '\'' },
};

bool
kp_xml_is_char(uint32_t rune)
{
	if (rune < 0x20)
		return rune == '\t' || rune == '\n' || rune == '\r';
	return rune < 0xd800 || (rune >= 0xe000 && rune < 0xfffe) ||
	    (rune >= 0x10000 && rune <= 0x10ffff);
}

bool
kp_xml_is_blank(char c)
{
	return kp_is_blank(c) || c == '\n' || c == '\r';
}

size_t
kp_xml_skip_blank(struct kp_str text, size_t at)
{
	while (at < text.len && kp_xml_is_blank(text.ptr[at]))
		at++;
	return at;
}

/* --- names --- */

static bool
is_name_start(uint32_t rune)
{
	size_t i;

	if (rune < 0x80)
		return kp_is_alpha((char)rune) || rune == '_' || rune == ':';
	for (i = 0; i < COUNT(name_starts); i++) {
		if (rune >= name_starts[i].first && rune <= name_starts[i].last)
			return true;
	}
	return false;
}

/* Production [4a]. */
static bool
is_name_char(uint32_t rune)
{
	if (rune < 0x80 &&
	    (kp_is_digit((char)rune) || rune == '-' || rune == '.'))
		return true;
	return is_name_start(rune) || rune == 0xb7 ||
	    (rune >= 0x300 && rune <= 0x36f) || rune == 0x203f ||
	    rune == 0x2040;
}

/* Past the character at offset at, where it is one of these; at: it is not. */
static size_t
skip_char(struct kp_str text, size_t at, enum kp_xml_charset charset,
    bool (*is_one)(uint32_t))
{
	size_t next = at;
	uint32_t rune;

	if (at < text.len && charset == KP_XML_BYTES &&
	    (text.ptr[at] & 0x80) != 0)
		return at + 1;
	return at < text.len && kp_utf8_next(text, &next, &rune) &&
	        is_one(rune) ?
	    next :
	    at;
}

size_t
kp_xml_token_end(struct kp_str text, size_t at, enum kp_xml_charset charset)
{
	size_t next;

	while ((next = skip_char(text, at, charset, is_name_char)) > at)
		at = next;
	return at;
}

size_t
kp_xml_name_end(struct kp_str text, size_t at, enum kp_xml_charset charset)
{
	size_t next = skip_char(text, at, charset, is_name_start);

	return next == at ? at : kp_xml_token_end(text, next, charset);
}

/* --- references --- */

/* Past digits; what is above all characters stays that. */
static size_t
read_number(struct kp_str text, size_t at, unsigned base, uint32_t *number)
{
	static const char digits[] = "0123456789abcdef";

	*number = 0;
	while (at < text.len) {
		const char *digit =
		    memchr(digits, kp_to_lower(text.ptr[at]), base);

		if (digit == NULL)
			break;
		if (*number <= 0x10ffff)
			*number = *number * base + (uint32_t)(digit - digits);
		at++;
	}
	return at;
}

static uint32_t
find_entity(struct kp_str name)
{
	size_t i;

	for (i = 0; i < COUNT(entities); i++) {
		if (kp_str_is(name, entities[i].name))
			return (unsigned char)entities[i].meant;
	}
	return KP_XML_ENTITY;
}

size_t
kp_xml_reference_end(struct kp_str text, size_t at, uint32_t *rune)
{
	struct kp_str rest = kp_str_slice(text, at, text.len);
	size_t start = at + 1, end;

	if (kp_str_starts(rest, "&#x")) {
		start = at + 3;
		end = read_number(text, start, 16, rune);
	} else if (kp_str_starts(rest, "&#")) {
		start = at + 2;
		end = read_number(text, start, 10, rune);
	} else {
		end = kp_xml_name_end(text, start, KP_XML_UTF8);
		*rune = find_entity(kp_str_slice(text, start, end));
	}
	if (end == start || end == text.len || text.ptr[end] != ';')
		return 0;
	return end + 1;
}

/* --- comments, instructions --- */

/* Past the next end; what begins at start has none: what. */
static bool
skip_past(struct kp_cursor *cursor, const char *end, size_t start,
    const char *what)
{
	size_t hit = kp_str_find_str(kp_cursor_rest(cursor), kp_str_of(end));

	if (hit == KP_NPOS)
		return kp_cursor_complain(cursor, start, 1, what);
	cursor->at += hit + strlen(end);
	return true;
}

bool
kp_xml_skip_comment(struct kp_cursor *cursor)
{
	size_t start = cursor->at;

	cursor->at += strlen("<!--");
	if (!skip_past(cursor, "--", start, "a comment has no end"))
		return false;
	return kp_cursor_take(cursor, '>') ||
	    kp_cursor_complain(cursor, cursor->at - 2, 2,
	        "\"--\" cannot stand in a comment");
}

bool
kp_xml_skip_instruction(struct kp_cursor *cursor, enum kp_xml_charset charset)
{
	size_t start = cursor->at, name = start + strlen("<?");
	size_t end = kp_xml_name_end(cursor->text, name, charset);

	cursor->at = end;
	if (end == name)
		return kp_cursor_complain(cursor, name, 1,
		    "a name is missing here");
	if (kp_str_is_nocase(kp_str_slice(cursor->text, name, end), "xml"))
		return kp_cursor_complain(cursor, start, end - start,
		    "nothing can stand before this declaration");
	if (!kp_xml_is_blank(kp_cursor_peek(cursor)) &&
	    !kp_str_starts(kp_cursor_rest(cursor), "?>"))
		return kp_cursor_complain(cursor, end, 1,
		    "\"?>\" is missing here");
	return skip_past(cursor, "?>", start, "an instruction has no end");
}

/* --- the declaration --- */

size_t
kp_xml_skip_mark(struct kp_str text)
{
	return kp_str_starts(text, MARK) ? strlen(MARK) : 0;
}

/* name="value", with a blank before it; false: it is not there. */
static bool
take_setting(struct kp_str text, size_t *at, const char *name,
    struct kp_str *value)
{
	size_t end = kp_xml_skip_blank(text, *at), close;

	if (end == *at ||
	    !kp_str_starts(kp_str_slice(text, end, text.len), name))
		return false;
	end = kp_xml_skip_blank(text, end + strlen(name));
	if (end == text.len || text.ptr[end] != '=')
		return false;
	end = kp_xml_skip_blank(text, end + 1);
	if (end == text.len || (text.ptr[end] != '"' && text.ptr[end] != '\''))
		return false;
	close =
	    kp_str_find(kp_str_slice(text, end + 1, text.len), text.ptr[end]);
	if (close == KP_NPOS)
		return false;
	*value = kp_str_slice(text, end + 1, end + 1 + close);
	*at = end + 1 + close + 1;
	return true;
}

static bool
find_charset(struct kp_str name, enum kp_xml_charset *charset)
{
	size_t i;

	for (i = 0; i < COUNT(charsets); i++) {
		struct kp_str start = name;

		if (charsets[i].is_prefix &&
		    name.len > strlen(charsets[i].name))
			start.len = strlen(charsets[i].name);
		if (kp_str_is_nocase(start, charsets[i].name)) {
			*charset = charsets[i].charset;
			return true;
		}
	}
	return false;
}

static bool
fail(struct kp_xml_fault *fault, struct kp_str text, struct kp_str part,
    const char *what)
{
	*fault = (struct kp_xml_fault){
		.at = (size_t)(part.ptr - text.ptr),
		.len = part.len,
		.what = what,
	};
	return false;
}

static bool
take_encoding(struct kp_str text, size_t *at, enum kp_xml_charset *charset,
    struct kp_xml_fault *fault)
{
	struct kp_str name;

	if (!take_setting(text, at, "encoding", &name))
		return true;
	if (!find_charset(name, charset))
		return fail(fault, text, name,
		    "a document in this encoding cannot be written");
	if (*charset != KP_XML_UTF8 && kp_xml_skip_mark(text) > 0)
		return fail(fault, text, name,
		    "the byte order mark says that it is UTF-8");
	return true;
}

bool
kp_xml_read_declaration(struct kp_str text, enum kp_xml_charset *charset,
    size_t *end, struct kp_xml_fault *fault)
{
	size_t start = kp_xml_skip_mark(text), at = start + strlen("<?xml");
	struct kp_str open = kp_str_slice(text, start, text.len), word;

	*charset = KP_XML_UTF8;
	*end = start;
	if (!kp_str_starts(open, "<?xml") || at == text.len ||
	    !kp_xml_is_blank(text.ptr[at]))
		return true;
	open.len = strlen("<?xml");
	if (!take_setting(text, &at, "version", &word))
		return fail(fault, text, open,
		    "this declaration has no version");
	if (!kp_str_is(word, "1.0"))
		return fail(fault, text, word, "this is not version 1.0");
	if (!take_encoding(text, &at, charset, fault))
		return false;
	if (take_setting(text, &at, "standalone", &word) &&
	    !kp_str_is(word, "yes") && !kp_str_is(word, "no"))
		return fail(fault, text, word, "this is neither yes nor no");
	at = kp_xml_skip_blank(text, at);
	if (!kp_str_starts(kp_str_slice(text, at, text.len), "?>"))
		return fail(fault, text, open,
		    "this declaration holds what none can hold");
	*end = at + strlen("?>");
	return true;
}
