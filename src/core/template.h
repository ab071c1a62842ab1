/* SPDX-License-Identifier: MIT */
/*
 * template - text with placeholders in it.
 *
 *	placeholder = "${" [ source ":" ] name { "|" filter }
 *	              [ operator word ] "}"
 *	source      = "secret" / "env" / "file"
 *	name        = POSIX name; after "secret:" also "-" and ".";
 *	              after "file:" an absolute path
 *	filter      = word [ "(" argument ")" ]
 *	operator    = ":-" / "-" / ":?" / "?" / ":+" / "+"
 *	word        = template, up to the closing brace; "\}" is a
 *	              brace in it
 *
 * "$${" writes a literal "${"; "$name", and "${" before what is no name, are
 * text.  Nothing here looks at a value.
 */
#ifndef KP_CORE_TEMPLATE_H
#define KP_CORE_TEMPLATE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/pool.h"
#include "base/source.h"
#include "base/str.h"
#include "core/syntax.h"
#include "core/values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kp_filter;

enum kp_operator {
	KP_NO_OPERATOR,
	KP_DEFAULT,     /* - */
	KP_REQUIRE,     /* ? */
	KP_ALTERNATIVE, /* + */
};

struct kp_filter_use {
	const struct kp_filter *filter;
	struct kp_str argument; /* what stands in its parentheses */
	size_t offset;          /* of the filter's name */
};

struct kp_template;

/* Its views are of the source's text, or of what it owns. */
struct kp_placeholder {
	uint32_t start, end; /* from "$" to behind "}" */
	struct kp_str name;
	char
	    *spelled; /* owned: the name, where the text has another; or NULL */
	struct kp_filter_use *filters; /* owned */
	size_t nfilters, filters_cap;
	struct kp_template *word;  /* owned; NULL without an operator */
	unsigned effects;          /* of all its filters */
	enum kp_origin origin : 8; /* small: a text may have a million */
	enum kp_operator op : 8;
	enum kp_profile profile : 8; /* whose way of writing it is */
	bool or_empty;               /* the operators with a colon */
};

/* Bytes of the source: a run of text, or a placeholder. */
struct kp_part {
	uint32_t start, end;
	struct kp_placeholder *placeholder; /* of the pool; NULL: text */
};

struct kp_template {
	const struct kp_source *src; /* borrowed */
	struct kp_part *parts;       /* owned */
	size_t count, cap;
	struct kp_pool placeholders; /* owned: of the words in it as well */
};

/* What is written there. */
static inline struct kp_str
kp_part_text(const struct kp_template *template, const struct kp_part *part)
{
	return kp_str_slice(template->src->text, part->start, part->end);
}

/* Defaults within defaults: no more than this deep. */
#define KP_TEMPLATE_DEPTH 32

/*
 * Read the text of src into *template, which the caller frees either way.
 * All problems of the text are reported, up to an unclosed placeholder; what
 * has one is text then.
 */
bool kp_template_parse(struct kp_template *template,
    const struct kp_source *src, struct kp_diags *diags) KP_MUST_CHECK;

/* The same in another syntax; NULL is keyplate's own with its marks. */
bool kp_template_parse_as(struct kp_template *template,
    const struct kp_source *src, const struct kp_syntax *syntax,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Where the comments of a text are, in their order. */
struct kp_comments {
	struct kp_comment {
		size_t start, end;
	} * list; /* owned */
	size_t count, cap;
};

/* The same of a text whose comments are known: nothing opens in them. */
bool kp_template_parse_around(struct kp_template *template,
    const struct kp_source *src, const struct kp_syntax *syntax,
    const struct kp_comments *comments, struct kp_diags *diags) KP_MUST_CHECK;

/* In keyplate's own, a part of src, such as a value in a rule file. */
bool kp_template_parse_part(struct kp_template *template,
    const struct kp_source *src, size_t start, size_t end,
    struct kp_diags *diags) KP_MUST_CHECK;

/* True when one of the placeholder's filters has one of these effects. */
static inline bool
kp_placeholder_has(const struct kp_placeholder *placeholder, unsigned effects)
{
	return (placeholder->effects & effects) != 0;
}

/* True when one of the template's placeholders has it. */
bool kp_template_has(const struct kp_template *template, unsigned effect);

void kp_template_free(struct kp_template *template);

#endif
