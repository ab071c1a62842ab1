/* SPDX-License-Identifier: MIT */
/*
 * xml_encode - a value as text, as a CDATA section or as an attribute.
 *
 *	style      written as
 *	text       &amp; &lt; &gt; &#13;
 *	CDATA      ]]> as ]]]]><![CDATA[>, CR as ]]>&#13;<![CDATA[
 *	attribute  as text, and the quote, &#9; and &#10;
 *
 * A carriage return would be read as a line feed, and in an attribute tabs
 * and line feeds as blanks, if they stood there themselves.
 */
#include "format/xml.h"

#include "base/utf8.h"
#include "format/literal.h"

#include <string.h>

#define SECTION "<![CDATA["
#define SECTION_END "]]>"

/* What a scalar is written for. */
struct place {
	enum kp_xml_charset charset;
	char quote; /* of an attribute; NUL: it is text */
};

static bool
is_blank(struct kp_str text)
{
	return kp_xml_skip_blank(text, 0) == text.len;
}

/* --- what cannot be written --- */

static bool
refuse_char(uint32_t rune, struct kp_refusal *why)
{
	const char *kind = "a control character";

	if (rune == 0)
		kind = "a NUL";
	else if (rune > 0x1f)
		kind = "U+FFFE or U+FFFF";
	return kp_refuse(why, "encode it: |base64 or |hex",
	    "it holds %s, which XML cannot carry", kind);
}

static bool
check_chars(struct kp_str text, struct kp_refusal *why)
{
	size_t at = 0;
	uint32_t rune;

	while (at < text.len) {
		if (!kp_utf8_next(text, &at, &rune))
			return kp_refuse(why, "encode it: |base64 or |hex",
			    "it is not UTF-8, and XML carries text only");
		if (!kp_xml_is_char(rune))
			return refuse_char(rune, why);
	}
	return true;
}

/* A DTD can make an attribute a list of words (section 3.3.3). */
static bool
may_lose_blanks(const struct kp_scan *scan, struct kp_str text)
{
	size_t i;

	for (i = 0; i < scan->count && scan->items[i].kind != KP_KEY; i++) {
		if (scan->items[i].role == KP_XML_DECLARES)
			return kp_str_starts(text, " ") ||
			    kp_str_ends(text, " ") ||
			    kp_str_find_str(text, kp_str_of("  ")) != KP_NPOS;
	}
	return false;
}

/* --- text and attributes --- */

static void
add_reference(struct kp_buf *out, uint32_t rune)
{
	kp_buf_add_format(out, rune > 0x7f ? "&#x%X;" : "&#%u;",
	    (unsigned)rune);
}

/* True for what a reader would have otherwise if it stood there itself. */
static bool
needs_number(const struct place *place, uint32_t rune)
{
	if (rune > 0x7f)
		return place->charset != KP_XML_UTF8;
	return rune == '\r' ||
	    (place->quote != '\0' &&
	        (rune == '\t' || rune == '\n' || rune == '\''));
}

static const char *
entity_of(uint32_t rune)
{
	switch (rune) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

static void
add_text(struct kp_buf *out, struct kp_str text, const struct place *place)
{
	size_t at = 0, start = 0;
	uint32_t rune;

	while (at < text.len && kp_utf8_next(text, &at, &rune)) {
		const char *entity = entity_of(rune);
		bool is_quote = rune == '"' || rune == '\'';

		if (is_quote && rune != (unsigned char)place->quote)
			kp_buf_add_char(out, (char)rune);
		else if (needs_number(place, rune))
			add_reference(out, rune);
		else if (entity != NULL)
			kp_buf_add_text(out, entity);
		else
			kp_buf_add(out, kp_str_slice(text, start, at));
		start = at;
	}
}

/* Some readers drop text of nothing but blanks, unless one is a reference. */
static void
add_blanks(struct kp_buf *out, struct kp_str text, const struct place *place)
{
	add_reference(out, (unsigned char)text.ptr[0]);
	add_text(out, kp_str_slice(text, 1, text.len), place);
}

/* --- CDATA sections --- */

/* In sections throughout, but for characters that need references. */
static void
add_section(struct kp_buf *out, struct kp_str text, const struct place *place)
{
	size_t at = 0, start = 0;
	bool inside = true;
	uint32_t rune;

	kp_buf_add_text(out, SECTION);
	while (at < text.len && kp_utf8_next(text, &at, &rune)) {
		bool outside = needs_number(place, rune);
		bool ends = start >= 2 && rune == '>' &&
		    memcmp(text.ptr + start - 2, SECTION_END, 3) == 0;

		if (inside && (outside || ends))
			kp_buf_add_text(out, SECTION_END);
		if (!outside && (!inside || ends))
			kp_buf_add_text(out, SECTION);
		if (outside)
			add_reference(out, rune);
		else
			kp_buf_add(out, kp_str_slice(text, start, at));
		inside = !outside;
		start = at;
	}
	if (inside)
		kp_buf_add_text(out, SECTION_END);
}

/* --- what stays as it is written --- */

/* Blanks at the ends of a scalar, as written, that its new value has too. */
struct frame {
	size_t head, tail;           /* so many bytes as written */
	size_t head_read, tail_read; /* so many of the value */
};

/* One blank or line ending at the front; 0: it is no such, or a CR alone. */
static size_t
blank_len(struct kp_str text, char *read_as)
{
	if (kp_str_starts(text, "\r\n")) {
		*read_as = '\n';
		return 2;
	}
	if (text.len == 0 || text.ptr[0] == '\r' ||
	    !kp_xml_is_blank(text.ptr[0]))
		return 0;
	*read_as = text.ptr[0];
	return 1;
}

static size_t
last_blank_len(struct kp_str text, char *read_as)
{
	size_t len = kp_str_ends(text, "\r\n") ? 2 : 1;

	if (text.len == 0 ||
	    blank_len(kp_str_slice(text, text.len - len, text.len), read_as) !=
	        len)
		return 0;
	return len;
}

static struct frame
find_frame(struct kp_str written, struct kp_str value)
{
	struct frame frame = { 0 };
	size_t len;
	char c;

	while ((len = blank_len(written, &c)) > 0 && value.len > 0 &&
	    value.ptr[0] == c) {
		frame.head += len;
		frame.head_read++;
		written = kp_str_slice(written, len, written.len);
		value = kp_str_slice(value, 1, value.len);
	}
	while ((len = last_blank_len(written, &c)) > 0 && value.len > 0 &&
	    value.ptr[value.len - 1] == c) {
		frame.tail += len;
		frame.tail_read++;
		written.len -= len;
		value.len--;
	}
	return frame;
}

/* Text or sections; the way it is laid out stays. */
static void
encode_content(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str value, const struct place *place, struct kp_buf *out)
{
	struct kp_str written =
	    kp_str_slice(scan->src->text, item->start, item->end);
	struct frame frame = find_frame(written, value);
	struct kp_str middle =
	    kp_str_slice(value, frame.head_read, value.len - frame.tail_read);

	kp_buf_add(out, kp_str_slice(written, 0, frame.head));
	if (item->style == KP_CDATA)
		add_section(out, middle, place);
	else
		add_text(out, middle, place);
	kp_buf_add(out,
	    kp_str_slice(written, written.len - frame.tail, written.len));
}

/* --- each kind of scalar --- */

/* "<a/>" becomes "<a>value</a>"; no text can stand where this "/>" does. */
static bool
is_empty_tag(const struct kp_scan *scan, const struct kp_item *item)
{
	struct kp_str text = scan->src->text;

	return kp_str_is(kp_str_slice(text, item->start, item->end), "/>") &&
	    text.ptr[item->start - 1] != '>';
}

static void
encode_empty_tag(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str value, const struct place *place, struct kp_buf *out)
{
	kp_buf_add_char(out, '>');
	if (is_blank(value))
		add_blanks(out, value, place);
	else
		add_text(out, value, place);
	kp_buf_add_text(out, "</");
	kp_buf_add(out, scan->items[item->parent].value);
	kp_buf_add_char(out, '>');
}

static bool
encode_attribute(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str value, struct place *place, struct kp_buf *out,
    struct kp_refusal *why)
{
	if (may_lose_blanks(scan, value))
		return kp_refuse(why, "put it into the text of an element",
		    "a DTD can make readers drop blanks at the ends of an "
		    "attribute and all but one of several");
	place->quote = scan->src->text.ptr[item->start];
	kp_buf_add_char(out, place->quote);
	add_text(out, value, place);
	kp_buf_add_char(out, place->quote);
	return true;
}

static void
encode_text(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str value, const struct place *place, struct kp_buf *out)
{
	if (is_empty_tag(scan, item) && value.len == 0)
		kp_buf_add_text(out, "/>");
	else if (is_empty_tag(scan, item))
		encode_empty_tag(scan, item, value, place, out);
	else if (item->style == KP_CDATA || !is_blank(value))
		encode_content(scan, item, value, place, out);
	else if (value.len > 0)
		add_blanks(out, value, place);
	else if ((item->role & KP_XML_WHOLE) == 0)
		kp_buf_add_text(out, SECTION SECTION_END);
}

bool
kp_xml_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	struct place place = { .quote = '\0' };
	struct kp_xml_fault fault;
	size_t end;

	/* The scan has read it without a fault. */
	(void)kp_xml_read_declaration(scan->src->text, &place.charset, &end,
	    &fault);
	if (place.charset != KP_XML_UTF8 &&
	    kp_literal_has_raw(scan, item, value))
		return kp_refuse(why, "write that as &#xE9; and its like",
		    "the text around it is not ASCII, in an encoding other "
		    "than UTF-8");
	if (!check_chars(value->bytes, why))
		return false;
	if (item->style == KP_ATTRIBUTE)
		return encode_attribute(scan, item, value->bytes, &place, out,
		    why);
	encode_text(scan, item, value->bytes, &place, out);
	return true;
}
