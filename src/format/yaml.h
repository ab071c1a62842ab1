/* SPDX-License-Identifier: MIT */
/* yaml - what the parts of the YAML format share; no one else needs it. */
#ifndef KP_FORMAT_YAML_H
#define KP_FORMAT_YAML_H

#include "base/buf.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an item's role holds: these, and the tag of a scalar above them. */
enum kp_yaml_role {
	KP_YAML_FLOW = 1 << 0,  /* inside [...] or {...} */
	KP_YAML_LATER = 1 << 1, /* not of the first document */
	KP_YAML_NOWHERE = 1
	    << 2, /* empty, with no ":" or "-" to write behind */
};

#define KP_YAML_TAG_SHIFT 4

/* The tag written before a scalar decides what its text means. */
enum kp_yaml_tag {
	KP_YAML_TAG_NONE,
	KP_YAML_TAG_STR,
	KP_YAML_TAG_INT,
	KP_YAML_TAG_FLOAT,
	KP_YAML_TAG_BOOL,
	KP_YAML_TAG_BINARY,
	KP_YAML_TAG_CORE,  /* another one of YAML's own, such as !!timestamp */
	KP_YAML_TAG_OWN,   /* the application's: it gets the text */
	KP_YAML_TAG_ALONE, /* "!": a string, or to some as without any quotes */
};

/*
 * The length in bytes of the line break at offset at of text, 0 if none is
 * there.  As YAML 1.1 has it: LF, CR, CR LF, and U+0085, U+2028, U+2029.
 */
size_t kp_yaml_text_break(struct kp_str text, size_t at);

/* True when rune cannot stand as it is for every reader, even in quotes. */
bool kp_yaml_text_is_odd(uint32_t rune);

/*
 * What readers make of a plain scalar: KP_INT, KP_NUMBER, KP_BOOL, KP_NULL
 * and KP_STRING where all agree, else KP_OTHER.
 */
enum kp_type kp_yaml_text_type(struct kp_str word);

/* True when word is a string to every reader without any quotes. */
bool kp_yaml_text_is_plain(struct kp_str word, bool flow);

/* Append word in double quotes, on one line; word is UTF-8. */
void kp_yaml_text_add_quoted(struct kp_buf *out, struct kp_str word);

/* encode() and insert() of the format. */
bool kp_yaml_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why);
bool kp_yaml_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why);

#endif
