/* SPDX-License-Identifier: MIT */
/*
 * yaml_encode - the text that every YAML reader takes for given bytes.
 *
 * A plain scalar stays plain where no reader could take it for anything but
 * that string; '...' stays where it needs no escapes, "..." always.  A block
 * scalar keeps its header and indentation:
 *
 *	key: |      # comment          key: |-      # comment
 *	  one SLOT              ->       one a
 *	  two                            b
 *	                                 two
 *
 * All else becomes "..." on one line, which carries any UTF-8 text.
 */
#include "format/yaml.h"

#include "base/utf8.h"

/* "|2-  # comment" taken apart. */
struct header {
	struct kp_str rest; /* behind the indicators, up to the line break */
	struct kp_str eol;  /* as the block's own lines end */
	char digit;         /* the explicit indentation, or NUL */
	bool keeps;         /* "+": the blank lines at the end count */
};

static enum kp_yaml_tag
tag_of(const struct kp_item *item)
{
	return (enum kp_yaml_tag)(item->role >> KP_YAML_TAG_SHIFT);
}

static bool
is_typed(enum kp_type type)
{
	return type == KP_INT || type == KP_NUMBER || type == KP_BOOL;
}

/* Padded, of one line: what all readers of !!binary decode. */
static bool
is_base64(struct kp_str text)
{
	size_t pad = 0, i;

	if (text.len % 4 != 0)
		return false;
	while (pad < 2 && pad < text.len && text.ptr[text.len - 1 - pad] == '=')
		pad++;
	for (i = 0; i < text.len - pad; i++) {
		char c = text.ptr[i];

		if (!kp_is_alnum(c) && c != '+' && c != '/')
			return false;
	}
	return true;
}

static bool
fits_tag(enum kp_yaml_tag tag, const struct kp_value *value)
{
	struct kp_str bytes = value->bytes;
	enum kp_type type = kp_yaml_text_type(bytes);
	/* A block's last line ending is nothing to some of these. */
	struct kp_str line = kp_str_slice(bytes, 0,
	    bytes.len - (kp_str_ends(bytes, "\n") ? 1 : 0));

	switch (tag) {
	case KP_YAML_TAG_NONE:
	case KP_YAML_TAG_STR:
		return true;
	case KP_YAML_TAG_INT:
		return type == KP_INT;
	case KP_YAML_TAG_FLOAT:
		return type == KP_INT || type == KP_NUMBER;
	case KP_YAML_TAG_BOOL:
		return type == KP_BOOL;
	case KP_YAML_TAG_BINARY:
		return is_base64(line);
	case KP_YAML_TAG_OWN:
		if (value->type != KP_STRING)
			return true;
		return kp_yaml_text_type(line) == KP_STRING;
	case KP_YAML_TAG_ALONE:
		return kp_yaml_text_type(line) == KP_STRING;
	case KP_YAML_TAG_CORE:
		return false;
	}
	return false;
}

static bool
check_tag(const struct kp_item *item, const struct kp_value *value,
    struct kp_refusal *why)
{
	static const char *const wants[] = {
		[KP_YAML_TAG_INT] = "!!int, and the value is no plain integer",
		[KP_YAML_TAG_FLOAT] = "!!float, and the value is no number",
		[KP_YAML_TAG_BOOL] =
		    "!!bool, and the value is neither true nor false",
		[KP_YAML_TAG_BINARY] = "!!binary, and the value is not base64",
		[KP_YAML_TAG_CORE] = "a tag that no value can be checked for",
		[KP_YAML_TAG_OWN] =
		    "by the application, and Ruby heeds no quotes then",
		[KP_YAML_TAG_ALONE] = "\"!\", and PyYAML heeds no quotes then",
	};
	enum kp_yaml_tag tag = tag_of(item);

	if (fits_tag(tag, value))
		return true;
	return kp_refuse(why,
	    tag == KP_YAML_TAG_BINARY ? "use the filter \"base64\"" :
	                                "remove the tag, or write !!str",
	    "the scalar is tagged %s", wants[tag]);
}

/* A key is structure: plain names only, so that paths stay what they are. */
static bool
check_key(struct kp_str bytes, struct kp_refusal *why)
{
	bool good = bytes.len > 0 && bytes.ptr[0] != '-';
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];

		good = good && (kp_is_alnum(c) || c == '_' || c == '-');
	}
	if (good)
		return true;
	return kp_refuse(why, NULL,
	    "a key can hold letters, digits, \"_\" and \"-\" only");
}

static bool
check_place(const struct kp_item *item, const struct kp_value *value,
    struct kp_refusal *why)
{
	if (!kp_utf8_valid(value->bytes))
		return kp_refuse(why,
		    "use the filter \"base64\", with !!binary before it where "
		    "the service decodes that",
		    "it is not UTF-8, and YAML carries text only");
	if ((item->role & KP_YAML_NOWHERE) != 0)
		return kp_refuse(why,
		    "give it a value in the file, such as "
		    "\"\"",
		    "the scalar is empty and has no place of its own");
	if (item->kind == KP_KEY && !check_key(value->bytes, why))
		return false;
	return check_tag(item, value, why);
}

static void
add_bare(const struct kp_item *item, const struct kp_value *value,
    struct kp_buf *out)
{
	bool flow = (item->role & KP_YAML_FLOW) != 0;
	bool typed = value->type != KP_STRING ||
	    tag_of(item) == KP_YAML_TAG_INT ||
	    tag_of(item) == KP_YAML_TAG_FLOAT ||
	    tag_of(item) == KP_YAML_TAG_BOOL;

	if (kp_yaml_text_is_plain(value->bytes, flow) ||
	    (typed && is_typed(kp_yaml_text_type(value->bytes))))
		kp_buf_add(out, value->bytes);
	else
		kp_yaml_text_add_quoted(out, value->bytes);
}

/* True when there is nothing that only an escape can carry. */
static bool
is_printable(struct kp_str bytes, bool breaks)
{
	size_t at = 0;
	uint32_t rune;

	while (at < bytes.len && kp_utf8_next(bytes, &at, &rune)) {
		if (rune == '\t' || (rune == '\n' && breaks))
			continue;
		if (kp_yaml_text_is_odd(rune))
			return false;
	}
	return true;
}

static void
add_single(struct kp_str bytes, struct kp_buf *out)
{
	size_t i;

	if (!is_printable(bytes, false)) {
		kp_yaml_text_add_quoted(out, bytes);
		return;
	}
	kp_buf_add_char(out, '\'');
	for (i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\'')
			kp_buf_add_char(out, '\'');
		kp_buf_add_char(out, bytes.ptr[i]);
	}
	kp_buf_add_char(out, '\'');
}

static struct header
read_header(struct kp_str block)
{
	struct header header = { .eol = KP_STR("\n") };
	size_t at = 1, end = 1, len;

	while (end < block.len && kp_yaml_text_break(block, end) == 0)
		end++;
	len = kp_yaml_text_break(block, end);
	if (len > 0 && (block.ptr[end] == '\n' || block.ptr[end] == '\r'))
		header.eol = kp_str_slice(block, end, end + len);
	for (; at < end; at++) {
		if (kp_is_digit(block.ptr[at]))
			header.digit = block.ptr[at];
		else if (block.ptr[at] == '+')
			header.keeps = true;
		else if (block.ptr[at] != '-')
			break;
	}
	header.rest = kp_str_slice(block, at, end);
	return header;
}

static size_t
count_final_breaks(struct kp_str bytes)
{
	size_t count = 0;

	while (count < bytes.len && bytes.ptr[bytes.len - 1 - count] == '\n')
		count++;
	return count;
}

/* Readers differ on lines of blanks and on tabs near the indentation. */
static bool
fit_lines(struct kp_str body, bool explicit)
{
	struct kp_str rest = body, line;
	bool first = true;

	while (kp_str_next_line(&rest, &line)) {
		if (line.len == 0)
			continue;
		if (line.ptr[0] == '\t' || kp_str_trim(line).len == 0)
			return false;
		if (first && !explicit && line.ptr[0] == ' ')
			return false;
		first = false;
	}
	return !first;
}

/* A folded scalar is written only as one line, where nothing can fold. */
static bool
fits_folded(struct kp_str body)
{
	return body.len > 0 && kp_str_find(body, '\n') == KP_NPOS &&
	    !kp_is_blank(body.ptr[0]) && !kp_is_blank(body.ptr[body.len - 1]);
}

static bool
fits_block(const struct kp_item *item, const struct header *header,
    struct kp_str bytes, size_t breaks)
{
	struct kp_str body = kp_str_slice(bytes, 0, bytes.len - breaks);

	if (item->indent == 0 || (breaks > 1 && !header->keeps))
		return false;
	if (item->style == KP_FOLDED && !fits_folded(body))
		return false;
	return is_printable(body, true) &&
	    fit_lines(body, header->digit != '\0');
}

static void
add_lines(struct kp_str body, uint32_t indent, struct kp_str eol,
    struct kp_buf *out)
{
	struct kp_str rest = body, line;
	uint32_t i;

	while (kp_str_next_line(&rest, &line)) {
		kp_buf_add(out, eol);
		for (i = 0; i < indent && line.len > 0; i++)
			kp_buf_add_char(out, ' ');
		kp_buf_add(out, line);
	}
}

/* The last line's break is behind the item, unless the text ends here. */
static void
add_final_breaks(const struct kp_scan *scan, const struct kp_item *item,
    size_t breaks, struct kp_str eol, struct kp_buf *out)
{
	bool at_end = item->end == scan->src->text.len;

	for (; breaks > (at_end ? 0U : 1U); breaks--)
		kp_buf_add(out, eol);
}

/* A comment in the header belongs to the block, and would go with it. */
static bool
leave_block(const struct header *header, struct kp_str bytes,
    struct kp_buf *out, struct kp_refusal *why)
{
	if (kp_str_find(header->rest, '#') != KP_NPOS)
		return kp_refuse(why, "move the comment to a line above",
		    "a block scalar cannot carry it, and quotes cannot take "
		    "the place of one with a comment in its first line");
	kp_yaml_text_add_quoted(out, bytes);
	return true;
}

static bool
add_block(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str bytes, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str block =
	    kp_str_slice(scan->src->text, item->start, item->end);
	struct header header = read_header(block);
	size_t breaks = count_final_breaks(bytes);

	if (!fits_block(item, &header, bytes, breaks))
		return leave_block(&header, bytes, out, why);
	kp_buf_add_char(out, item->style == KP_LITERAL ? '|' : '>');
	if (header.digit != '\0')
		kp_buf_add_char(out, header.digit);
	if (breaks == 0)
		kp_buf_add_char(out, '-');
	else if (header.keeps)
		kp_buf_add_char(out, '+');
	kp_buf_add(out, header.rest);
	add_lines(kp_str_slice(bytes, 0, bytes.len - breaks), item->indent,
	    header.eol, out);
	add_final_breaks(scan, item, breaks, header.eol, out);
	return true;
}

/* An empty scalar stands right behind its ":" or "-". */
static bool
needs_blank(const struct kp_scan *scan, const struct kp_item *item)
{
	return item->start == item->end && item->start > 0 &&
	    !kp_is_space(scan->src->text.ptr[item->start - 1]);
}

bool
kp_yaml_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	if (!check_place(item, value, why))
		return false;
	if (needs_blank(scan, item))
		kp_buf_add_char(out, ' ');
	if (item->style == KP_BARE)
		add_bare(item, value, out);
	else if (item->style == KP_SINGLE)
		add_single(value->bytes, out);
	else if (item->style == KP_DOUBLE)
		kp_yaml_text_add_quoted(out, value->bytes);
	else
		return add_block(scan, item, value->bytes, out, why);
	return true;
}
