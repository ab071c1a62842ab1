/* SPDX-License-Identifier: MIT */
/* xml - what the parts of the XML format share; no one else needs it. */
#ifndef KP_FORMAT_XML_H
#define KP_FORMAT_XML_H

#include "base/str.h"
#include "format/cursor.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an item's role holds; none of it depends on what values are. */
enum kp_xml_role {
	KP_XML_WHOLE = 1 << 0,       /* a scalar: all that its element holds */
	KP_XML_PARENT = 1 << 1,      /* a key: its element holds elements */
	KP_XML_DECLARES = 1 << 2,    /* a DOCTYPE that may declare things */
	KP_XML_ENTITY_TEXT = 1 << 3, /* a key: a DTD tells some of its text */
};

/* --- words --- */

/* What a document's bytes stand for. */
enum kp_xml_charset {
	KP_XML_UTF8,
	KP_XML_ASCII,
	KP_XML_BYTES, /* ASCII, and a byte above it is one character */
};

/* What is wrong, and with which bytes. */
struct kp_xml_fault {
	size_t at, len;
	const char *what;
};

/* Past a byte order mark, where the text begins with one. */
size_t kp_xml_skip_mark(struct kp_str text);

/*
 * Read the declaration <?xml ...?> that a text may begin with: *end is
 * behind it, or behind the byte order mark.  False: see *fault.
 */
bool kp_xml_read_declaration(struct kp_str text, enum kp_xml_charset *charset,
    size_t *end, struct kp_xml_fault *fault);

/* Production [2], Char: what a document may hold at all. */
bool kp_xml_is_char(uint32_t rune);

/* Where the name at offset at ends (production [5]); at: there is none. */
size_t kp_xml_name_end(struct kp_str text, size_t at,
    enum kp_xml_charset charset);

/* The same of a name's further characters (production [7], Nmtoken). */
size_t kp_xml_token_end(struct kp_str text, size_t at,
    enum kp_xml_charset charset);

/* What a reference stands for where only a declaration tells. */
#define KP_XML_ENTITY UINT32_MAX

/*
 * Where the reference ends whose "&" is at offset at; 0: it is none.  *rune
 * is what it stands for, which kp_xml_is_char() may deny, or KP_XML_ENTITY.
 */
size_t kp_xml_reference_end(struct kp_str text, size_t at, uint32_t *rune);

bool kp_xml_is_blank(char c);

/* Past blanks, tabs and line breaks. */
size_t kp_xml_skip_blank(struct kp_str text, size_t at);

/* --- what is no element, from its "<" on --- */

/* Past a comment (production [15]), or an instruction (production [16]). */
bool kp_xml_skip_comment(struct kp_cursor *cursor);
bool kp_xml_skip_instruction(struct kp_cursor *cursor,
    enum kp_xml_charset charset);

/* Past a DOCTYPE (production [28]); *declares: it may declare things. */
bool kp_xml_skip_doctype(struct kp_cursor *cursor, enum kp_xml_charset charset,
    bool *declares);

/* --- items --- */

/* True for the key of an attribute, whose value begins with "@". */
bool kp_xml_is_attribute(const struct kp_item *item);

/* --- the format --- */

bool kp_xml_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why);
bool kp_xml_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why);

#endif
