/* SPDX-License-Identifier: MIT */
/*
 * template - text with placeholders in it.
 *
 * One pass from left to right.  "a${X:-b${Y}}c" becomes the text "a", a
 * placeholder X whose word is the template "b", placeholder Y, and the text
 * "c".  An unclosed placeholder ends the pass: all behind it belongs to it,
 * so that no text is walked twice.
 */
#include "core/template.h"

#include "base/array.h"
#include "base/near.h"
#include "core/filter.h"
#include "core/parser.h"

#include <stdlib.h>
#include <string.h>

/* With its parentheses: no filter has use for more. */
#define ARGUMENT_MAX 1024

static const struct {
	struct kp_str prefix;
	enum kp_origin origin;
} sources[] = {
	{ KP_STR("secret:"), KP_SECRET },
	{ KP_STR("env:"), KP_ENV },
	{ KP_STR("file:"), KP_FILE },
};

static bool parse_text(struct kp_parser *parser, struct kp_template *template,
    bool in_word);

char
kp_parser_peek(const struct kp_parser *parser, size_t ahead)
{
	if (parser->end - parser->at <= ahead)
		return '\0';
	return parser->src->text.ptr[parser->at + ahead];
}

struct kp_str
kp_parser_rest(const struct kp_parser *parser)
{
	return kp_str_slice(parser->src->text, parser->at, parser->end);
}

bool
kp_parser_fail_nomem(struct kp_parser *parser)
{
	parser->unclosed = true;
	return kp_diag_nomem(parser->diags);
}

/* In a file that is there for a program, ${...} may be that program's. */
static const char *
name_the_options(const struct kp_parser *parser)
{
	return parser->of_rule || parser->syntax->only != NULL ||
	        !parser->own_marks ?
	    "" :
	    "; --only or --delimiters leave the service's own ${ alone";
}

static bool
hint_at_form(struct kp_parser *parser)
{
	if (!parser->own_marks)
		return kp_diag_hint(parser->diags,
		    "write name, name|filter or name:-default between %.*s "
		    "and %.*s",
		    (int)parser->syntax->open.len, parser->syntax->open.ptr,
		    (int)parser->syntax->close.len, parser->syntax->close.ptr);
	return kp_diag_hint(parser->diags,
	    "write ${name}, ${name|filter} or ${name:-default}; $${ is a "
	    "literal ${%s",
	    name_the_options(parser));
}

static bool
hint_at_dot(struct kp_parser *parser)
{
	return kp_diag_hint(parser->diags,
	    "a name with a dot is a secret's: %s%s",
	    parser->own_marks ? "${secret:name.key}" : "secret:name.key",
	    name_the_options(parser));
}

bool
kp_parser_fail(struct kp_parser *parser, size_t start, const char *what)
{
	kp_diag_at(parser->diags, parser->src, start, 2,
	    "malformed placeholder: %s", what);
	kp_diag_conceal(parser->diags, 4);
	return parser->syntax->profile != KP_PROFILE_KEYPLATE ?
	    false :
	    hint_at_form(parser);
}

bool
kp_parser_fail_unclosed(struct kp_parser *parser, size_t start)
{
	parser->unclosed = true;
	return kp_parser_fail(parser, start, "its closing mark is missing");
}

static bool
add_part(struct kp_parser *parser, struct kp_template *template, size_t start,
    size_t end, struct kp_placeholder *placeholder)
{
	if (start == end)
		return true;
	if (!kp_array_room((void **)&template->parts, &template->cap,
	        template->count + 1, sizeof(*template->parts)))
		return kp_parser_fail_nomem(parser);
	template->parts[template->count++] =
	    (struct kp_part){ (uint32_t)start, (uint32_t)end, placeholder };
	return true;
}

struct kp_placeholder *
kp_parser_new(struct kp_parser *parser, size_t start)
{
	struct kp_placeholder *placeholder = kp_pool_take(parser->placeholders,
	    sizeof(*placeholder), _Alignof(struct kp_placeholder));

	if (placeholder == NULL) {
		kp_parser_fail_nomem(parser);
		return NULL;
	}
	placeholder->start = (uint32_t)start;
	placeholder->profile = parser->syntax->profile;
	return placeholder;
}

void
kp_parser_drop(struct kp_placeholder *placeholder)
{
	if (placeholder == NULL)
		return;
	if (placeholder->word != NULL)
		kp_template_free(placeholder->word);
	free(placeholder->word);
	free(placeholder->spelled);
	free(placeholder->filters);
}

/* Blanks within marks of the user's own: "{{ name | filter }}". */
static void
skip_blanks(struct kp_parser *parser)
{
	if (parser->own_marks)
		return;
	while (kp_is_blank(kp_parser_peek(parser, 0)))
		parser->at++;
}

/* The end without them: what stands up to the closing mark has them too. */
static size_t
trim_end(const struct kp_parser *parser, size_t start, size_t end)
{
	while (!parser->own_marks && end > start &&
	    kp_is_blank(parser->src->text.ptr[end - 1]))
		end--;
	return end;
}

static bool
at_close(const struct kp_parser *parser)
{
	struct kp_str close = parser->syntax->close;

	return parser->end - parser->at >= close.len &&
	    memcmp(parser->src->text.ptr + parser->at, close.ptr, close.len) ==
	    0;
}

/* True where the opening mark is followed by a name and is not just text. */
static bool
opens_placeholder(struct kp_parser *parser)
{
	struct kp_str open = parser->syntax->open;
	size_t start = parser->at;
	char first;

	if (parser->end - start < open.len ||
	    memcmp(parser->src->text.ptr + start, open.ptr, open.len) != 0)
		return false;
	parser->at += open.len;
	skip_blanks(parser);
	first = kp_parser_peek(parser, 0);
	parser->at = start;
	return kp_is_alpha(first) || first == '_';
}

static void
parse_source(struct kp_parser *parser, struct kp_placeholder *placeholder)
{
	struct kp_str rest = kp_parser_rest(parser);
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		struct kp_str prefix = sources[i].prefix;

		if (rest.len >= prefix.len && rest.ptr[0] == prefix.ptr[0] &&
		    memcmp(rest.ptr, prefix.ptr, prefix.len) == 0) {
			placeholder->origin = sources[i].origin;
			parser->at += prefix.len;
			return;
		}
	}
}

/* After "file:", a path ends where a filter, an operator or the end is. */
static bool
ends_path(const struct kp_parser *parser)
{
	char c = kp_parser_peek(parser, 0);

	if (c == '|' || c == '\n' || c == '\0' || at_close(parser))
		return true;
	return c == ':' && kp_parser_peek(parser, 1) != '\0' &&
	    strchr("-?+", kp_parser_peek(parser, 1)) != NULL;
}

static bool
in_name(const struct kp_parser *parser, enum kp_origin origin)
{
	char c = kp_parser_peek(parser, 0);

	if (origin == KP_FILE)
		return !ends_path(parser);
	if (origin == KP_SECRET && (c == '-' || c == '.'))
		return true;
	return kp_is_alnum(c) || c == '_';
}

/* The source, if one is named, and what stands in place of a name. */
static void
read_name(struct kp_parser *parser, struct kp_placeholder *placeholder)
{
	size_t start;

	parser->at += parser->syntax->open.len;
	skip_blanks(parser);
	parse_source(parser, placeholder);
	start = parser->at;
	while (parser->at < parser->end && in_name(parser, placeholder->origin))
		parser->at++;
	placeholder->name = kp_str_slice(parser->src->text, start,
	    trim_end(parser, start, parser->at));
}

static bool
check_name(struct kp_parser *parser, struct kp_placeholder *placeholder)
{
	switch (placeholder->origin) {
	case KP_FILE:
		if (!kp_str_starts(placeholder->name, "/"))
			return kp_parser_fail(parser, placeholder->start,
			    "file: takes an absolute path");
		break;
	case KP_SECRET:
		if (placeholder->name.len == 0 || placeholder->name.len > 255 ||
		    placeholder->name.ptr[0] == '.' ||
		    placeholder->name.ptr[0] == '-')
			return kp_parser_fail(parser, placeholder->start,
			    "that is no name of a secret");
		break;
	case KP_ANY:
	case KP_ENV:
		if (placeholder->name.len == 0 ||
		    kp_is_digit(placeholder->name.ptr[0]))
			return kp_parser_fail(parser, placeholder->start,
			    "that is no name of a variable");
		break;
	}
	return true;
}

static bool
fail_filter(struct kp_parser *parser, size_t start, struct kp_str name)
{
	const char *near = kp_near_best(name, kp_filter_names());

	kp_diag_at(parser->diags, parser->src, start, name.len,
	    "there is no such filter");
	if (near != NULL)
		return kp_diag_hint(parser->diags, "did you mean \"%s\"?",
		    near);
	return kp_diag_hint(parser->diags, "keyplate help filters lists them");
}

/*
 * How far it is to the ")" of an argument; KP_NPOS: none on this line.  No
 * further than arguments go, or many of them unclosed would take for ever.
 */
static size_t
find_close(const struct kp_parser *parser)
{
	struct kp_str line = kp_parser_rest(parser);
	size_t end;

	if (line.len > ARGUMENT_MAX)
		line.len = ARGUMENT_MAX;
	end = kp_str_find(line, '\n');
	if (end != KP_NPOS)
		line.len = end;
	return kp_str_find(line, ')');
}

/* "(argument)" behind a filter's name, if the filter takes one. */
static bool
parse_argument(struct kp_parser *parser,
    const struct kp_placeholder *placeholder, struct kp_filter_use *use)
{
	size_t close;

	if (kp_parser_peek(parser, 0) != '(') {
		if (use->filter->argument != KP_ARG_REQUIRED)
			return true;
		kp_diag_at(parser->diags, parser->src, use->offset,
		    parser->at - use->offset,
		    "the filter \"%s\" needs an argument", use->filter->name);
		return kp_diag_hint(parser->diags, "write |%s(...)",
		    use->filter->name);
	}
	close = find_close(parser);
	if (close == KP_NPOS)
		return kp_parser_fail(parser, placeholder->start,
		    "a filter's \")\" is missing");
	use->argument =
	    kp_str_slice(parser->src->text, parser->at + 1, parser->at + close);
	parser->at += close + 1;
	if (use->filter->argument == KP_ARG_NONE)
		return kp_diag_at(parser->diags, parser->src, use->offset,
		    parser->at - use->offset,
		    "the filter \"%s\" takes no argument", use->filter->name);
	return true;
}

static bool
parse_filter(struct kp_parser *parser, struct kp_placeholder *placeholder)
{
	struct kp_filter_use *use;
	struct kp_str name;
	size_t start;

	parser->at++; /* the bar */
	skip_blanks(parser);
	start = parser->at;
	while (kp_is_alnum(kp_parser_peek(parser, 0)))
		parser->at++;
	name = kp_str_slice(parser->src->text, start, parser->at);
	if (!kp_array_grow((void **)&placeholder->filters,
	        &placeholder->filters_cap, placeholder->nfilters + 1,
	        sizeof(*placeholder->filters)))
		return kp_parser_fail_nomem(parser);
	use = &placeholder->filters[placeholder->nfilters];
	use->filter = kp_filter_by_name(name);
	use->offset = start;
	if (use->filter == NULL)
		return fail_filter(parser, start, name);
	placeholder->nfilters++;
	placeholder->effects |= use->filter->effects;
	return parse_argument(parser, placeholder, use);
}

/* Move to the bar of a filter, where one is next. */
static bool
find_bar(struct kp_parser *parser)
{
	size_t start = parser->at;

	skip_blanks(parser);
	if (kp_parser_peek(parser, 0) == '|')
		return true;
	parser->at = start;
	return false;
}

bool
kp_parser_operator(struct kp_parser *parser, struct kp_placeholder *placeholder)
{
	bool colon = kp_parser_peek(parser, 0) == ':';

	/* After secret: and file: "-" may be of the name: two characters. */
	if (!colon &&
	    (placeholder->origin == KP_SECRET ||
	        placeholder->origin == KP_FILE))
		return false;
	switch (kp_parser_peek(parser, colon ? 1 : 0)) {
	case '-':
		placeholder->op = KP_DEFAULT;
		break;
	case '?':
		placeholder->op = KP_REQUIRE;
		break;
	case '+':
		placeholder->op = KP_ALTERNATIVE;
		break;
	default:
		return false;
	}
	placeholder->or_empty = colon;
	parser->at += colon ? 2 : 1;
	return true;
}

static void
trim_word(const struct kp_parser *parser, struct kp_template *word)
{
	struct kp_part *last;

	if (word->count == 0)
		return;
	last = &word->parts[word->count - 1];
	if (last->placeholder == NULL)
		last->end = (uint32_t)trim_end(parser, last->start, last->end);
	if (last->start == last->end)
		word->count--;
}

bool
kp_parser_word(struct kp_parser *parser, struct kp_placeholder *placeholder)
{
	bool done;

	placeholder->word = calloc(1, sizeof(*placeholder->word));
	if (placeholder->word == NULL)
		return kp_parser_fail_nomem(parser);
	placeholder->word->src = parser->src;
	if (parser->depth == KP_TEMPLATE_DEPTH) {
		parser->unclosed = true;
		return kp_parser_fail(parser, placeholder->start,
		    "defaults are nested too deep");
	}
	parser->depth++;
	done = parse_text(parser, placeholder->word, true);
	parser->depth--;
	trim_word(parser, placeholder->word);
	return done;
}

/* What is wrong with what follows a name. */
static const char *
describe_odd(const struct kp_parser *parser, const struct kp_placeholder *found)
{
	if (kp_parser_peek(parser, 0) == ':' &&
	    kp_parser_peek(parser, 1) == '=')
		return "nothing is assigned here, use \":-\"";
	if (kp_parser_peek(parser, 0) == ':' && found->origin == KP_ANY)
		return "the sources are secret:, env: and file:";
	if (parser->at == parser->end || kp_parser_peek(parser, 0) == '\n' ||
	    kp_parser_peek(parser, 0) == '\r')
		return "its closing mark is missing";
	return parser->own_marks ?
	    "neither \"}\", nor a filter, nor an operator after the name" :
	    "no closing mark, no filter and no operator after the name";
}

/*
 * "${secrets:x}": the name was meant to be a source.  "${tls.key}" may be a
 * secret's name, or something pasted by mistake that is not to be shown.
 */
static bool
fail_odd(struct kp_parser *parser, const struct kp_placeholder *found)
{
	static const char *const names[] = { "secret", "env", "file", NULL };
	bool source = kp_parser_peek(parser, 0) == ':' &&
	    kp_parser_peek(parser, 1) != '=' && found->origin == KP_ANY;
	const char *near = source ? kp_near_best(found->name, names) : NULL;

	kp_parser_fail(parser, found->start, describe_odd(parser, found));
	if (found->origin == KP_ANY && kp_parser_peek(parser, 0) == '.')
		return hint_at_dot(parser);
	return near == NULL ?
	    false :
	    kp_diag_hint(parser->diags, "did you mean \"%s:\"?", near);
}

/* Leave parser behind the placeholder, also where it is malformed. */
static bool
parse_inside(struct kp_parser *parser, struct kp_placeholder *placeholder)
{
	bool done;

	read_name(parser, placeholder);
	done = check_name(parser, placeholder);
	while (done && find_bar(parser))
		done = parse_filter(parser, placeholder);
	if (!done)
		return false;
	if (parser->at == parser->end)
		return kp_parser_fail_unclosed(parser, placeholder->start);
	if (kp_parser_operator(parser, placeholder)) {
		done = kp_parser_word(parser, placeholder);
		if (!parser->unclosed && parser->at == parser->end)
			return kp_parser_fail_unclosed(parser,
			    placeholder->start);
		if (parser->unclosed)
			return false;
	} else {
		skip_blanks(parser);
	}
	if (!at_close(parser))
		return fail_odd(parser, placeholder);
	parser->at += parser->syntax->close.len;
	placeholder->end = (uint32_t)parser->at;
	return done;
}

/*
 * How many bytes from the mark ahead on are text, as only some names count
 * and none of them follows: what another program's reference looks like is
 * not for us to say.  0: a name that counts.  In a word all are read, to know
 * which brace ends it.
 */
static size_t
passed_over(const struct kp_parser *parser, size_t ahead)
{
	struct kp_parser look = *parser;
	struct kp_placeholder found = { 0 };

	if (parser->syntax->only == NULL || parser->depth > 0)
		return 0;
	look.at += ahead;
	read_name(&look, &found);
	if (kp_syntax_takes(parser->syntax, found.name))
		return 0;
	return look.at - parser->at - ahead;
}

/* keyplate's own grammar, between the marks of the syntax. */
static enum kp_found_there
read_own(struct kp_parser *parser, struct kp_there *there)
{
	if (parser->own_marks && kp_str_starts(kp_parser_rest(parser), "$${")) {
		if (passed_over(parser, 1) > 0)
			return KP_THERE_TEXT;
		*there = (struct kp_there){ .skip = 1, .keep = 2 };
		return KP_THERE_ESCAPE;
	}
	if (!opens_placeholder(parser))
		return KP_THERE_TEXT;
	there->keep = passed_over(parser, 0);
	if (there->keep > 0)
		return KP_THERE_ESCAPE;
	there->placeholder = kp_parser_new(parser, parser->at);
	if (there->placeholder == NULL)
		return KP_THERE_ERROR;
	if (parse_inside(parser, there->placeholder))
		return KP_THERE_PLACEHOLDER;
	kp_parser_drop(there->placeholder);
	return KP_THERE_ERROR;
}

/* A comment's end within a word is none of the text's. */
static bool
in_comment(struct kp_parser *parser)
{
	const struct kp_comments *comments = parser->comments;

	if (comments == NULL || parser->depth > 0)
		return false;
	while (parser->comment < comments->count &&
	    comments->list[parser->comment].end <= parser->at)
		parser->comment++;
	return parser->comment < comments->count &&
	    comments->list[parser->comment].start <= parser->at;
}

/* What is at this byte; a word's "\}" is the same in every grammar. */
static enum kp_found_there
look(struct kp_parser *parser, bool in_word, struct kp_there *there)
{
	*there = (struct kp_there){ 0 };
	if (in_comment(parser))
		return KP_THERE_TEXT;
	if (in_word && kp_str_starts(kp_parser_rest(parser), "\\}")) {
		*there = (struct kp_there){ .skip = 1, .keep = 1 };
		return KP_THERE_ESCAPE;
	}
	if (parser->syntax->profile == KP_PROFILE_KEYPLATE)
		return read_own(parser, there);
	return kp_profile_read(parser, there);
}

/*
 * Move to the next byte that may open a placeholder; a word also ends
 * somewhere, and other grammars have more than one mark.
 */
static void
skip_plain(struct kp_parser *parser, bool in_word)
{
	size_t mark;

	if (in_word || parser->syntax->profile != KP_PROFILE_KEYPLATE)
		return;
	mark = kp_str_find(kp_parser_rest(parser), parser->syntax->open.ptr[0]);
	parser->at = mark == KP_NPOS ? parser->end : parser->at + mark;
}

/* A name that does not count stays text: as it is written. */
static bool
add_placeholder(struct kp_parser *parser, struct kp_template *template,
    struct kp_placeholder *placeholder)
{
	size_t start = placeholder->start, end = placeholder->end;

	if (!kp_syntax_takes(parser->syntax, placeholder->name)) {
		kp_parser_drop(placeholder);
		return add_part(parser, template, start, end, NULL);
	}
	if (parser->syntax->environment_only && placeholder->origin == KP_ANY)
		placeholder->origin = KP_ENV;
	if (add_part(parser, template, start, end, placeholder))
		return true;
	kp_parser_drop(placeholder);
	return false;
}

/* Put what was found behind the text before it; *start is where more begins. */
static bool
add_found(struct kp_parser *parser, struct kp_template *template,
    enum kp_found_there found, const struct kp_there *there, size_t *start)
{
	size_t at = parser->at + there->skip;
	bool good = false;

	switch (found) {
	case KP_THERE_ESCAPE:
		good = add_part(parser, template, at, at + there->keep, NULL);
		parser->at = at + there->keep + there->drop;
		break;
	case KP_THERE_PLACEHOLDER:
		good = add_placeholder(parser, template, there->placeholder);
		break;
	default:
		break;
	}
	*start = parser->at;
	return good;
}

/*
 * Text and placeholders up to the end, in a word up to its closing mark,
 * which is left for the caller.
 */
static bool
parse_text(struct kp_parser *parser, struct kp_template *template, bool in_word)
{
	size_t start = parser->at;
	bool good = true;

	for (;;) {
		enum kp_found_there found;
		struct kp_there there;
		size_t before;

		skip_plain(parser, in_word);
		before = parser->at;
		if (before == parser->end || (in_word && at_close(parser)))
			break;
		found = look(parser, in_word, &there);
		if (found == KP_THERE_TEXT) {
			parser->at = before + 1;
			continue;
		}
		if (!add_part(parser, template, start, before, NULL)) {
			if (found == KP_THERE_PLACEHOLDER)
				kp_parser_drop(there.placeholder);
			return false;
		}
		good =
		    add_found(parser, template, found, &there, &start) && good;
		if (found == KP_THERE_ERROR)
			start = before;
		if (parser->unclosed)
			parser->at = parser->end;
	}
	return add_part(parser, template, start, parser->at, NULL) && good;
}

/* From here on a text is looked through once more to know its parts. */
#define LARGE_TEXT ((size_t)1024 * 1024)

/* Room for all parts, and perhaps some more. */
static void
expect_parts(const struct kp_parser *parser, struct kp_template *template)
{
	struct kp_str text = kp_parser_rest(parser);
	char mark = parser->syntax->open.ptr[0];
	size_t count = 0, i;

	if (text.len < LARGE_TEXT)
		return;
	for (i = 0; i + 1 < text.len; i++)
		count += text.ptr[i] == mark &&
		    (!parser->own_marks || text.ptr[i + 1] == '{');
	kp_array_expect((void **)&template->parts, &template->cap,
	    2 * count + 1, sizeof(*template->parts));
}

/* By a parser that has .src, .at, .end and .diags, and may have more. */
static bool
parse(struct kp_template *template, struct kp_parser parser)
{
	struct kp_syntax own;

	kp_syntax_init(&own);
	parser.of_rule = parser.syntax == NULL;
	if (parser.syntax == NULL)
		parser.syntax = &own;
	parser.own_marks = kp_str_is(parser.syntax->open, "${");
	parser.placeholders = &template->placeholders;
	*template = (struct kp_template){ .src = parser.src };
	expect_parts(&parser, template);
	return parse_text(&parser, template, false);
}

bool
kp_template_parse_part(struct kp_template *template,
    const struct kp_source *src, size_t start, size_t end,
    struct kp_diags *diags)
{
	return parse(template,
	    (struct kp_parser){
	        .src = src,
	        .at = start,
	        .end = end,
	        .diags = diags,
	    });
}

bool
kp_template_parse(struct kp_template *template, const struct kp_source *src,
    struct kp_diags *diags)
{
	return kp_template_parse_as(template, src, NULL, diags);
}

bool
kp_template_parse_as(struct kp_template *template, const struct kp_source *src,
    const struct kp_syntax *syntax, struct kp_diags *diags)
{
	return kp_template_parse_around(template, src, syntax, NULL, diags);
}

bool
kp_template_parse_around(struct kp_template *template,
    const struct kp_source *src, const struct kp_syntax *syntax,
    const struct kp_comments *comments, struct kp_diags *diags)
{
	return parse(template,
	    (struct kp_parser){
	        .syntax = syntax,
	        .src = src,
	        .comments = comments,
	        .end = src->text.len,
	        .diags = diags,
	    });
}

bool
kp_template_has(const struct kp_template *template, unsigned effect)
{
	size_t i;

	for (i = 0; i < template->count; i++) {
		const struct kp_placeholder *placeholder =
		    template->parts[i].placeholder;

		if (placeholder != NULL &&
		    kp_placeholder_has(placeholder, effect))
			return true;
	}
	return false;
}

void
kp_template_free(struct kp_template *template)
{
	size_t i;

	for (i = 0; i < template->count; i++)
		kp_parser_drop(template->parts[i].placeholder);
	free(template->parts);
	kp_pool_free(&template->placeholders);
	*template = (struct kp_template){ 0 };
}
