/* SPDX-License-Identifier: MIT */
/*
 * toml_encode - the text that TOML readers take for given bytes.
 *
 * Each string keeps its kind while that can carry the value, else it goes
 * from single to double quotes, which have escapes:
 *
 *	a = 'SLOT'      it's    ->  a = "it's"
 *	a = """         b       ->  a = """
 *	x SLOT              c       x b
 *	"""                         c
 *	                            """
 */
#include "format/toml.h"

#include "base/utf8.h"
#include "format/literal.h"

/* Without escapes: no control character, and no U+FFFD, which one of the
 * readers in Go takes for a bad byte.
 */
static bool
is_literal(struct kp_str bytes, bool lines)
{
	size_t at = 0;
	uint32_t rune;

	while (at < bytes.len && kp_utf8_next(bytes, &at, &rune)) {
		if (rune == '\n' && lines)
			continue;
		if (rune == 0xfffd ||
		    (rune < 0x80 && kp_toml_is_control((char)rune)))
			return false;
	}
	return true;
}

static void
add_single(struct kp_str bytes, struct kp_buf *out)
{
	if (!is_literal(bytes, false) || kp_str_find(bytes, '\'') != KP_NPOS) {
		kp_literal_add_quoted(out, bytes);
		return;
	}
	kp_buf_add_char(out, '\'');
	kp_buf_add(out, bytes);
	kp_buf_add_char(out, '\'');
}

/* A line break that comes first is dropped: one is written for it to drop. */
static void
open_lines(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str bytes, const char *quotes, struct kp_buf *out)
{
	struct kp_str text = scan->src->text;
	size_t len = kp_toml_line_break(text, item->start + 3);

	kp_buf_add_text(out, quotes);
	if (len > 0)
		kp_buf_add(out,
		    kp_str_slice(text, item->start + 3, item->start + 3 + len));
	else if (kp_str_starts(bytes, "\n"))
		kp_buf_add_char(out, '\n');
}

/*
 * Several lines.  To some readers CR LF is one line feed, to others two
 * characters: those of the template stay, those of a value are no CR LF.
 */
static void
add_lines(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, bool escaped, struct kp_buf *out)
{
	struct kp_str old =
	                  kp_str_slice(scan->src->text, item->start, item->end),
	              rest = value->bytes;
	const char *ending =
	    kp_str_find_str(old, kp_str_of("\r\n")) != KP_NPOS ? "\r\n" : "\n";

	for (;;) {
		size_t len = kp_str_find(rest, '\n'), at;
		struct kp_str line =
		    kp_str_slice(rest, 0, len == KP_NPOS ? rest.len : len);

		if (escaped)
			kp_literal_add_escaped(out, line);
		else
			kp_buf_add(out, line);
		if (len == KP_NPOS)
			return;
		at = value->bytes.len - rest.len + len;
		kp_buf_add_text(out,
		    kp_value_is_foreign(value, at, at + 1) ? "\n" : ending);
		rest = kp_str_slice(rest, len + 1, rest.len);
	}
}

/* Can a string of several lines have the bytes in the quotes that it has? */
static bool
fits_quotes(enum kp_style style, struct kp_str bytes)
{
	if (style == KP_TRIPLE)
		return kp_str_find(bytes, '\\') == KP_NPOS;
	return style != KP_TRIPLE_SINGLE ||
	    (is_literal(bytes, true) && !kp_str_ends(bytes, "'") &&
	        kp_str_find_str(bytes, kp_str_of("'''")) == KP_NPOS);
}

static void
add_triple(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out)
{
	struct kp_str bytes = value->bytes;

	/* One reader in Go joins lines even at the second of two. */
	if (!fits_quotes(KP_TRIPLE, bytes)) {
		kp_literal_add_quoted(out, bytes);
		return;
	}
	open_lines(scan, item, bytes, "\"\"\"", out);
	add_lines(scan, item, value, true, out);
	kp_buf_add_text(out, "\"\"\"");
}

static void
add_triple_single(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out)
{
	struct kp_str bytes = value->bytes;

	if (!fits_quotes(KP_TRIPLE_SINGLE, bytes)) {
		add_triple(scan, item, value, out);
		return;
	}
	open_lines(scan, item, bytes, "'''", out);
	add_lines(scan, item, value, false, out);
	kp_buf_add_text(out, "'''");
}

static void
add_bare(const struct kp_value *value, struct kp_buf *out)
{
	enum kp_type type = kp_toml_word_type(value->bytes);

	if (value->type != KP_STRING &&
	    (type == KP_INT || type == KP_NUMBER || type == KP_BOOL))
		kp_buf_add(out, value->bytes);
	else
		kp_literal_add_quoted(out, value->bytes);
}

/*
 * A string of several lines whose CR LF are the template's: to write it in
 * another kind of quotes would make them something else to some readers.
 */
static bool
must_keep_quotes(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value)
{
	struct kp_str old =
	    kp_str_slice(scan->src->text, item->start, item->end);
	size_t i;

	if (kp_str_find_str(old, kp_str_of("\r\n")) == KP_NPOS)
		return false;
	for (i = 0; i < value->npieces; i++) {
		if (value->pieces[i].trusted &&
		    kp_str_find(value->pieces[i].bytes, '\n') != KP_NPOS)
			return true;
	}
	return false;
}

bool
kp_toml_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	if (!kp_utf8_valid(value->bytes))
		return kp_refuse(why, "use the filter \"base64\"",
		    "it is not UTF-8, and TOML carries text only");
	if (!fits_quotes(item->style, value->bytes) &&
	    must_keep_quotes(scan, item, value))
		return kp_refuse(why,
		    "let the file's lines end in LF, or write the string on "
		    "one line",
		    "it needs other quotes, in which not all readers have the "
		    "CR LF of the text around it");
	if (item->style == KP_BARE)
		add_bare(value, out);
	else if (item->style == KP_SINGLE)
		add_single(value->bytes, out);
	else if (item->style == KP_TRIPLE)
		add_triple(scan, item, value, out);
	else if (item->style == KP_TRIPLE_SINGLE)
		add_triple_single(scan, item, value, out);
	else
		kp_literal_add_quoted(out, value->bytes);
	return true;
}
