/* SPDX-License-Identifier: MIT */
/*
 * match - where a rule's pattern is found, and what it replaces there.
 *
 * A match never holds a byte that is not UTF-8.  pcre2 sees to that with
 * PCRE2_MATCH_INVALID_UTF, but then checks what is left of the text at each
 * match, which takes for ever where there are many.  So the text is cut here
 * into its stretches of UTF-8, each is searched on its own, and no byte is
 * checked twice.  A pattern that asks where the text itself begins or ends
 * would find the ends of a stretch, with that option too: it is refused.
 *
 * Many patterns begin with words that stand for themselves, as those of
 * ^password = (?<value>.*)$ do.  Where there are any, pcre2 is asked about the
 * places that have them, and about no other.
 */
#include "core/match.h"

#include "base/array.h"
#include "base/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdlib.h>
#include <string.h>

#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 1000
#define HEAP_LIMIT_KIB 1024

#define VALUE_GROUP "value"

struct search {
	const struct kp_match_rule *rule;
	const struct kp_source *src;
	pcre2_code *code;            /* owned */
	pcre2_match_data *data;      /* owned */
	pcre2_match_context *limits; /* owned */
	char literal[64];            /* what each match begins with */
	size_t literal_len;          /* 0: nobody knows */
	int group;                   /* the one that is replaced */
	size_t start, end;           /* of the stretch that is searched */
	struct kp_diags *diags;
};

static bool
fail_at_pattern(struct search *search, const char *what)
{
	const struct kp_written *at = &search->rule->pattern_written;

	return kp_diag_at(search->diags, at->src, at->offset, at->len,
	    "the pattern of \"%s\" %s", search->rule->name, what);
}

/* Does the pattern have one of the assertions \A \z \Z \G? */
static bool
asks_for_ends(const char *pattern)
{
	size_t i;

	for (i = 0; pattern[i] != '\0'; i++) {
		if (pattern[i] != '\\')
			continue;
		i++;
		if (pattern[i] == '\0')
			return false;
		if (strchr("AzZG", pattern[i]) != NULL)
			return true;
	}
	return false;
}

static bool
fail_ends(struct search *search)
{
	fail_at_pattern(search,
	    "asks for an end of this file, which is not UTF-8");
	return kp_diag_hint(search->diags,
	    "^ and $ find the ends of lines; leave out \\A, \\z, \\Z and "
	    "\\G");
}

/* A character that stands for itself; *i is moved behind it. */
static bool
take_literal(const char *pattern, size_t *i, char *c)
{
	static const char signs[] = " \"#%&',-/:;<=>@_~`!";
	static const char escaped[] = ".[]{}()*+?^$|\\/-";

	*c = pattern[*i];
	if (*c == '\\') {
		*c = pattern[*i + 1];
		if (*c == '\0' || strchr(escaped, *c) == NULL)
			return false;
		(*i)++;
	} else if (*c == '\0' ||
	    (!kp_is_alnum(*c) && strchr(signs, *c) == NULL)) {
		return false;
	}
	(*i)++;
	return true;
}

/*
 * The characters that each match begins with, of a pattern without
 * alternatives; what a repeat follows is not sure to be there.
 */
static void
find_literal(struct search *search)
{
	const char *pattern = search->rule->pattern;
	size_t i = pattern[0] == '^' ? 1 : 0, len = 0;
	char c;

	if (strchr(pattern, '|') != NULL)
		return;
	while (len < sizeof(search->literal) && take_literal(pattern, &i, &c))
		search->literal[len++] = c;
	if (len > 0 && pattern[i] != '\0' && strchr("*+?{", pattern[i]) != NULL)
		len--;
	search->literal_len = len;
}

static bool
compile(struct search *search)
{
	const struct kp_match_rule *rule = search->rule;
	pcre2_compile_context *lines = pcre2_compile_context_create(NULL);
	PCRE2_UCHAR message[120];
	PCRE2_SIZE offset;
	int error;

	if (lines == NULL)
		return kp_diag_nomem(search->diags);
	/* A line's CR LF is never of the text that "." and "$" see. */
	pcre2_set_newline(lines, PCRE2_NEWLINE_ANYCRLF);
	search->code =
	    pcre2_compile((PCRE2_SPTR)rule->pattern, PCRE2_ZERO_TERMINATED,
	        PCRE2_MULTILINE | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error,
	        &offset, lines);
	pcre2_compile_context_free(lines);
	if (search->code == NULL) {
		pcre2_get_error_message(error, message, sizeof(message));
		return kp_diag_at(search->diags, rule->pattern_written.src,
		    rule->pattern_written.offset + offset, 1,
		    "the pattern of \"%s\" is malformed: %s", rule->name,
		    (const char *)message);
	}
	search->data = pcre2_match_data_create_from_pattern(search->code, NULL);
	search->limits = pcre2_match_context_create(NULL);
	if (search->data == NULL || search->limits == NULL)
		return kp_diag_nomem(search->diags);
	pcre2_set_match_limit(search->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(search->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(search->limits, HEAP_LIMIT_KIB);
	return true;
}

/* The group that value replaces; with replace it is the whole match. */
static bool
find_group(struct search *search)
{
	search->group = 0;
	if (search->rule->value == NULL)
		return true;
	search->group = pcre2_substring_number_from_name(search->code,
	    (PCRE2_SPTR)VALUE_GROUP);
	if (search->group > 0)
		return true;
	fail_at_pattern(search, "has no group (?<value>...)");
	return kp_diag_hint(search->diags,
	    "put what the value replaces into (?<value>...), or use replace");
}

/* What looks ahead or behind may come upon a group that was found before. */
static bool
is_repeated(const struct kp_hits *hits, size_t start, size_t end)
{
	const struct kp_hit *last;

	if (hits->count == 0)
		return false;
	last = &hits->list[hits->count - 1];
	/* Two that are empty may stand at one place, too. */
	return start < last->end || end == last->start;
}

static bool
fail_repeated(struct search *search)
{
	fail_at_pattern(search, "finds one place more than once");
	return kp_diag_hint(search->diags,
	    "put (?<value>...) outside of what looks ahead or behind");
}

static bool
add_hit(struct search *search, struct kp_hits *hits)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(search->data);
	uint32_t groups = pcre2_get_ovector_count(search->data), i;
	size_t group = (size_t)search->group;
	struct kp_str text =
	    kp_str_slice(search->src->text, search->start, search->end);
	struct kp_hit *hit;

	/* An optional group that took no part, or \K at work. */
	if (at[2 * group] == PCRE2_UNSET || at[0] > at[1])
		return fail_at_pattern(search,
		    "matched without its group \"value\"");
	if (is_repeated(hits, search->start + at[2 * group],
	        search->start + at[2 * group + 1]))
		return fail_repeated(search);
	if (!kp_array_grow((void **)&hits->list, &hits->cap, hits->count + 1,
	        sizeof(*hits->list)))
		return kp_diag_nomem(search->diags);
	hit = &hits->list[hits->count++];
	hit->start = search->start + at[2 * group];
	hit->end = search->start + at[2 * group + 1];
	for (i = 0; i < groups && i < KP_MATCH_GROUPS; i++) {
		if (at[2 * i] != PCRE2_UNSET)
			hit->groups[i] =
			    kp_str_slice(text, at[2 * i], at[2 * i + 1]);
	}
	return true;
}

static bool
fail_limit(struct search *search, int error)
{
	switch (error) {
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
		fail_at_pattern(search, "takes too many steps on this file");
		return kp_diag_hint(search->diags,
		    "anchor it with ^, and avoid a repeat within a repeat");
	default:
		return fail_at_pattern(search, "cannot be matched");
	}
}

/* One character or CR LF on, or one byte where the text is no UTF-8. */
static size_t
step(struct kp_str text, size_t at)
{
	uint32_t rune;

	if (kp_str_starts(kp_str_slice(text, at, text.len), "\r\n"))
		return at + 2;
	if (at == text.len || !kp_utf8_next(text, &at, &rune))
		at++;
	return at;
}

/* Is there another stretch?  *at is moved to it. */
static bool
next_stretch(struct search *search, size_t *at)
{
	struct kp_str text = search->src->text;
	uint32_t rune;
	size_t next = search->end;

	for (*at = next; *at < text.len; *at = ++next) {
		if (kp_utf8_next(text, &next, &rune))
			return true;
	}
	return false;
}

static int
match_from(struct search *search, size_t at, uint32_t options)
{
	struct kp_str text = search->src->text;

	options |= PCRE2_NO_UTF_CHECK;
	/* Next to what is no UTF-8 no line begins or ends. */
	if (search->start > 0)
		options |= PCRE2_NOTBOL;
	if (search->end < text.len)
		options |= PCRE2_NOTEOL;
	return pcre2_match(search->code, (PCRE2_SPTR)text.ptr + search->start,
	    search->end - search->start, at - search->start, options,
	    search->data, search->limits);
}

/* The next match in this stretch, from at on. */
static int
match_next(struct search *search, size_t at, uint32_t options)
{
	struct kp_str literal =
	    kp_str_make(search->literal, search->literal_len);
	int matched;

	if (literal.len == 0 || options != 0)
		return match_from(search, at, options);
	for (;; at++) {
		size_t hit = kp_str_find_str(kp_str_slice(search->src->text, at,
		                                 search->end),
		    literal);

		if (hit == KP_NPOS)
			return PCRE2_ERROR_NOMATCH;
		at += hit;
		matched = match_from(search, at, PCRE2_ANCHORED);
		if (matched != PCRE2_ERROR_NOMATCH)
			return matched;
	}
}

static bool
find_all(struct search *search, struct kp_hits *hits)
{
	struct kp_str text = search->src->text;
	uint32_t options = 0;
	size_t at = 0;

	while (at <= text.len) {
		const PCRE2_SIZE *found;
		int matched;

		if (at > search->end || search->end == 0) {
			search->start = at;
			search->end = kp_utf8_end(text, at);
		}
		matched = match_next(search, at, options);
		if (matched == PCRE2_ERROR_NOMATCH && options == 0) {
			if (!next_stretch(search, &at))
				return true;
			continue;
		}
		if (matched == PCRE2_ERROR_NOMATCH) {
			/* Only an empty match was left here: go on behind. */
			options = 0;
			at = step(text, at);
			continue;
		}
		if (matched < 0)
			return fail_limit(search, matched);
		if (!add_hit(search, hits))
			return false;
		found = pcre2_get_ovector_pointer(search->data);
		options = found[0] == found[1] ?
		    PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED :
		    0;
		at = search->start + found[1];
	}
	return true;
}

static bool
check_count(struct search *search, const struct kp_hits *hits)
{
	const struct kp_match_rule *rule = search->rule;
	const struct kp_source *src = search->src;

	if (rule->count == KP_COUNT_ANY || hits->count == rule->count)
		return true;
	if (hits->count == 0) {
		kp_diag_at(search->diags, rule->pattern_written.src,
		    rule->pattern_written.offset, rule->pattern_written.len,
		    "the pattern of \"%s\" is not found in %s", rule->name,
		    src->name);
		return kp_diag_hint(search->diags,
		    "^ and $ are the ends of a line; \\s* stands for blanks "
		    "that may be there");
	}
	kp_diag_at(search->diags, rule->pattern_written.src,
	    rule->pattern_written.offset, rule->pattern_written.len,
	    "the pattern of \"%s\" is found %zu times in %s, not %zu",
	    rule->name, hits->count, src->name, rule->count);
	return kp_diag_hint(search->diags,
	    "narrow the pattern, or say count = %zu or count = any",
	    hits->count);
}

bool
kp_match_find(const struct kp_match_rule *rule, const struct kp_source *src,
    size_t valid, struct kp_hits *hits, struct kp_diags *diags)
{
	struct search search = {
		.rule = rule,
		.src = src,
		.end = valid,
		.diags = diags,
	};
	bool done;

	*hits = (struct kp_hits){ 0 };
	if (asks_for_ends(rule->pattern) && valid < src->text.len)
		return fail_ends(&search);
	find_literal(&search);
	done = compile(&search) && find_group(&search) &&
	    find_all(&search, hits) && check_count(&search, hits);
	pcre2_match_context_free(search.limits);
	pcre2_match_data_free(search.data);
	pcre2_code_free(search.code);
	return done;
}

void
kp_hits_free(struct kp_hits *hits)
{
	free(hits->list);
	*hits = (struct kp_hits){ 0 };
}
