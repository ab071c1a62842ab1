/* SPDX-License-Identifier: MIT */
/*
 * xml_doctype - what stands in a DOCTYPE.
 *
 *	doctype  = "<!DOCTYPE" name [ external ] [ "[" subset "]" ] ">"
 *	external = "SYSTEM" literal / "PUBLIC" literal literal
 *	subset   = ( element / attlist / entity / notation / comment /
 *	           instruction / "%" name ";" / blank )*
 *
 * Only its form is checked.  What a parameter entity stands for, whether
 * names are declared, and once, is left to the reader.
 */
#include "format/xml.h"

#include <string.h>

/* Groups in groups of a content model. */
#define GROUPS_MAX 64

struct reader {
	struct kp_cursor *in;
	enum kp_xml_charset charset;
	size_t start; /* of the declaration */
};

static bool
fail(const struct reader *reader, const char *what)
{
	const struct kp_cursor *in = reader->in;

	if (kp_cursor_at_end(in))
		return kp_cursor_complain(in, reader->start, 1,
		    "a declaration has no end");
	return kp_cursor_complain(in, in->at, 1, what);
}

static bool
fail_here(const struct reader *reader)
{
	return fail(reader, "this cannot stand in a declaration");
}

/* --- words --- */

static bool
take(struct reader *reader, const char *word)
{
	return kp_cursor_take_word(reader->in, word);
}

static bool
want(struct reader *reader, const char *word)
{
	return take(reader, word) || fail_here(reader);
}

/* True when there was one. */
static bool
skip_blank(struct reader *reader)
{
	size_t start = reader->in->at;

	reader->in->at = kp_xml_skip_blank(reader->in->text, start);
	return reader->in->at > start;
}

static bool
want_blank(struct reader *reader)
{
	return skip_blank(reader) || fail(reader, "a blank is missing here");
}

/* To the end of the name or token that begins at the cursor. */
static bool
want_to(struct reader *reader, size_t end)
{
	if (end == reader->in->at)
		return fail(reader, "a name is missing here");
	reader->in->at = end;
	return true;
}

static bool
want_name(struct reader *reader)
{
	const struct kp_cursor *in = reader->in;

	return want_to(reader,
	    kp_xml_name_end(in->text, in->at, reader->charset));
}

/* Production [7], Nmtoken. */
static bool
want_token(struct reader *reader)
{
	const struct kp_cursor *in = reader->in;

	return want_to(reader,
	    kp_xml_token_end(in->text, in->at, reader->charset));
}

/* A name with blanks before it. */
static bool
want_spaced_name(struct reader *reader)
{
	return want_blank(reader) && want_name(reader);
}

/* Blanks, and the end of a declaration. */
static bool
want_end(struct reader *reader)
{
	skip_blank(reader);
	return want(reader, ">");
}

/* --- literals --- */

static bool
is_at_quote(const struct reader *reader)
{
	char c = kp_cursor_peek(reader->in);

	return c == '"' || c == '\'';
}

/* Production [67]. */
static bool
take_reference(struct reader *reader)
{
	struct kp_cursor *in = reader->in;
	uint32_t rune;
	size_t end = kp_xml_reference_end(in->text, in->at, &rune);

	if (end == 0)
		return kp_cursor_complain(in, in->at, 1,
		    "\"&\" begins no reference here; alone it is \"&amp;\"");
	if (rune != KP_XML_ENTITY && !kp_xml_is_char(rune))
		return kp_cursor_complain(in, in->at, end - in->at,
		    "there is no such character in XML");
	in->at = end;
	return true;
}

/*
 * A quoted literal without the bytes of stops, in which "&" begins a
 * reference unless plain.
 */
static bool
want_literal(struct reader *reader, const char *stops, bool plain)
{
	struct kp_cursor *in = reader->in;
	size_t start = in->at;
	char quote = kp_cursor_peek(in), c;

	if (!is_at_quote(reader))
		return fail_here(reader);
	in->at++;
	while (!kp_cursor_take(in, quote)) {
		if (kp_cursor_at_end(in))
			return kp_cursor_complain(in, start, 1,
			    "this quote is not closed");
		c = kp_cursor_peek(in);
		if (strchr(stops, c) != NULL)
			return fail_here(reader);
		if (c != '&' || plain)
			in->at++;
		else if (!take_reference(reader))
			return false;
	}
	return true;
}

/* Production [11]. */
static bool
want_system(struct reader *reader)
{
	return want_literal(reader, "", true);
}

/* Production [13]: a public name has few characters. */
static bool
want_public(struct reader *reader)
{
	static const char marks[] = " \r\n-'()+,./:=?;!*#@$_%";
	struct kp_cursor *in = reader->in;
	size_t start = in->at + 1, i;

	if (!want_literal(reader, "", true))
		return false;
	for (i = start; i < in->at - 1; i++) {
		char c = in->text.ptr[i];

		if (!kp_is_alnum(c) && strchr(marks, c) == NULL)
			return kp_cursor_complain(in, i, 1,
			    "this cannot stand in a public name");
	}
	return true;
}

static bool
is_at_external(const struct reader *reader)
{
	struct kp_str rest = kp_cursor_rest(reader->in);

	return kp_str_starts(rest, "SYSTEM") || kp_str_starts(rest, "PUBLIC");
}

/* Production [75]; a notation (production [83]) needs no place. */
static bool
want_external(struct reader *reader, bool notation)
{
	bool blank;

	if (take(reader, "SYSTEM"))
		return want_blank(reader) && want_system(reader);
	if (!want(reader, "PUBLIC") || !want_blank(reader) ||
	    !want_public(reader))
		return false;
	blank = skip_blank(reader);
	if (notation && !is_at_quote(reader))
		return true;
	return blank ? want_system(reader) :
	               fail(reader, "a blank is missing here");
}

/* --- elements --- */

static void
skip_repeat(struct reader *reader)
{
	char c = kp_cursor_peek(reader->in);

	if (c == '?' || c == '*' || c == '+')
		reader->in->at++;
}

/* Production [51], behind "#PCDATA". */
static bool
want_mixed(struct reader *reader)
{
	bool names = false;

	for (;;) {
		skip_blank(reader);
		if (take(reader, ")"))
			break;
		if (!want(reader, "|"))
			return false;
		skip_blank(reader);
		if (!want_name(reader))
			return false;
		names = true;
	}
	return take(reader, "*") || !names || fail_here(reader);
}

/* The groups that are open, and what parts the particles of each. */
struct groups {
	char separators[GROUPS_MAX];
	size_t depth;
};

static bool
open_groups(struct reader *reader, struct groups *groups)
{
	while (take(reader, "(")) {
		if (groups->depth == GROUPS_MAX)
			return fail(reader, "groups are nested too deeply");
		groups->separators[groups->depth++] = '\0';
		skip_blank(reader);
	}
	return true;
}

/* Behind a particle: the ends of groups, or what parts it from the next. */
static bool
close_groups(struct reader *reader, struct groups *groups)
{
	char c, *separator;

	for (;;) {
		skip_repeat(reader);
		if (groups->depth == 0)
			return true;
		skip_blank(reader);
		if (!take(reader, ")"))
			break;
		groups->depth--;
	}
	c = kp_cursor_peek(reader->in);
	separator = &groups->separators[groups->depth - 1];
	if ((c != ',' && c != '|') || (*separator != '\0' && *separator != c))
		return fail_here(reader);
	*separator = c;
	reader->in->at++;
	skip_blank(reader);
	return true;
}

/* Productions [47] to [50], behind the first "(". */
static bool
want_children(struct reader *reader)
{
	struct groups groups = { .depth = 1 };

	do {
		if (!open_groups(reader, &groups) || !want_name(reader) ||
		    !close_groups(reader, &groups))
			return false;
	} while (groups.depth > 0);
	return true;
}

/* Production [45]. */
static bool
want_element(struct reader *reader)
{
	if (!want_spaced_name(reader) || !want_blank(reader))
		return false;
	if (take(reader, "EMPTY") || take(reader, "ANY"))
		return want_end(reader);
	if (!want(reader, "("))
		return false;
	skip_blank(reader);
	return (take(reader, "#PCDATA") ? want_mixed(reader) :
	                                  want_children(reader)) &&
	    want_end(reader);
}

/* --- attributes --- */

/* Productions [58] and [59], from "(" on. */
static bool
want_choice(struct reader *reader, bool (*want_one)(struct reader *))
{
	if (!want(reader, "("))
		return false;
	do {
		skip_blank(reader);
		if (!want_one(reader))
			return false;
		skip_blank(reader);
	} while (take(reader, "|"));
	return want(reader, ")");
}

/* Production [54]. */
static bool
want_type(struct reader *reader)
{
	static const char *const types[] = { "CDATA", "IDREFS", "IDREF", "ID",
		"ENTITY", "ENTITIES", "NMTOKENS", "NMTOKEN" };
	size_t i;

	if (take(reader, "NOTATION"))
		return want_blank(reader) && want_choice(reader, want_name);
	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (take(reader, types[i]))
			return true;
	}
	return want_choice(reader, want_token);
}

/* Production [60]. */
static bool
want_default(struct reader *reader)
{
	if (take(reader, "#REQUIRED") || take(reader, "#IMPLIED"))
		return true;
	if (take(reader, "#FIXED") && !want_blank(reader))
		return false;
	return want_literal(reader, "<", false);
}

/* Production [52]. */
static bool
want_attributes(struct reader *reader)
{
	if (!want_spaced_name(reader))
		return false;
	for (;;) {
		bool blank = skip_blank(reader);

		if (take(reader, ">"))
			return true;
		if (!blank)
			return fail(reader, "a blank is missing here");
		if (!want_name(reader) || !want_blank(reader) ||
		    !want_type(reader) || !want_blank(reader) ||
		    !want_default(reader))
			return false;
	}
}

/* --- entities, notations --- */

/* Production [70]; in an entity's text, "%" would be a parameter's. */
static bool
want_entity(struct reader *reader)
{
	bool parameter;

	if (!want_blank(reader))
		return false;
	parameter = take(reader, "%");
	if ((parameter && !want_blank(reader)) || !want_name(reader) ||
	    !want_blank(reader))
		return false;
	if (is_at_quote(reader))
		return want_literal(reader, "%", false) && want_end(reader);
	if (!want_external(reader, false))
		return false;
	if (skip_blank(reader) && !parameter && take(reader, "NDATA") &&
	    !want_spaced_name(reader))
		return false;
	return want_end(reader);
}

/* Production [82]. */
static bool
want_notation(struct reader *reader)
{
	return want_spaced_name(reader) && want_blank(reader) &&
	    want_external(reader, true) && want_end(reader);
}

/* --- the whole --- */

/* Production [29], without comments and instructions. */
static bool
want_declaration(struct reader *reader)
{
	size_t start = reader->start;
	bool good;

	if (!kp_cursor_at_end(reader->in))
		reader->start = reader->in->at;
	if (take(reader, "<!ELEMENT"))
		good = want_element(reader);
	else if (take(reader, "<!ATTLIST"))
		good = want_attributes(reader);
	else if (take(reader, "<!ENTITY"))
		good = want_entity(reader);
	else if (take(reader, "<!NOTATION"))
		good = want_notation(reader);
	else
		good = fail_here(reader);
	reader->start = start;
	return good;
}

/* Production [28b], up to "]". */
static bool
want_subset(struct reader *reader)
{
	bool good = true;

	while (good) {
		struct kp_str rest;

		skip_blank(reader);
		if (take(reader, "]"))
			return true;
		rest = kp_cursor_rest(reader->in);
		if (kp_str_starts(rest, "<!--"))
			good = kp_xml_skip_comment(reader->in);
		else if (kp_str_starts(rest, "<?"))
			good = kp_xml_skip_instruction(reader->in,
			    reader->charset);
		else if (take(reader, "%"))
			good = want_name(reader) && want(reader, ";");
		else
			good = want_declaration(reader);
	}
	return false;
}

bool
kp_xml_skip_doctype(struct kp_cursor *cursor, enum kp_xml_charset charset,
    bool *declares)
{
	struct reader reader = { cursor, charset, cursor->at };
	bool blank;

	*declares = false;
	if (!want(&reader, "<!DOCTYPE") || !want_spaced_name(&reader))
		return false;
	blank = skip_blank(&reader);
	if (is_at_external(&reader)) {
		*declares = true;
		if (!blank)
			return fail(&reader, "a blank is missing here");
		if (!want_external(&reader, false))
			return false;
		skip_blank(&reader);
	}
	if (take(&reader, "[")) {
		*declares = true;
		if (!want_subset(&reader))
			return false;
	}
	return want_end(&reader);
}
