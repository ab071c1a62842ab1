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

#include <stdlib.h>
#include <string.h>

/* With its parentheses: no filter has use for more. */
#define ARGUMENT_MAX 1024

struct parser {
	const struct kp_source *src;
	size_t at, end; /* what is left of the text */
	unsigned depth;
	bool unclosed; /* nothing behind can be read */
	struct kp_diags *diags;
};

static const struct {
	const char *prefix;
	enum kp_origin origin;
} sources[] = {
	{ "secret:", KP_SECRET },
	{ "env:", KP_ENV },
	{ "file:", KP_FILE },
};

static bool parse_text(struct parser *parser, struct kp_template *template,
    bool in_word);

static char
peek(const struct parser *parser, size_t ahead)
{
	if (parser->end - parser->at <= ahead)
		return '\0';
	return parser->src->text.ptr[parser->at + ahead];
}

static struct kp_str
rest(const struct parser *parser)
{
	return kp_str_slice(parser->src->text, parser->at, parser->end);
}

static bool
fail_nomem(struct parser *parser)
{
	parser->unclosed = true;
	return kp_diag_nomem(parser->diags);
}

/* What was pasted in place of a name may be a secret: never shown whole. */
static bool
fail_at(struct parser *parser, const struct kp_placeholder *placeholder,
    const char *what)
{
	kp_diag_at(parser->diags, parser->src, placeholder->start, 2,
	    "malformed placeholder: %s", what);
	kp_diag_conceal(parser->diags, 4);
	return kp_diag_hint(parser->diags,
	    "write ${name}, ${name|filter} or ${name:-default}; $${ is a "
	    "literal ${");
}

static bool
fail_unclosed(struct parser *parser, const struct kp_placeholder *placeholder)
{
	parser->unclosed = true;
	fail_at(parser, placeholder, "its closing brace is missing");
	return false;
}

static bool
add_part(struct parser *parser, struct kp_template *template,
    struct kp_str text, struct kp_placeholder *placeholder)
{
	if (placeholder == NULL && text.len == 0)
		return true;
	if (!kp_array_grow((void **)&template->parts, &template->cap,
	        template->count + 1, sizeof(*template->parts)))
		return fail_nomem(parser);
	template->parts[template->count++] =
	    (struct kp_part){ text, placeholder };
	return true;
}

static void
free_placeholder(struct kp_placeholder *placeholder)
{
	if (placeholder == NULL)
		return;
	if (placeholder->word != NULL)
		kp_template_free(placeholder->word);
	free(placeholder->word);
	free(placeholder->filters);
	free(placeholder);
}

/* True where "${" opens a placeholder and is not just text. */
static bool
opens_placeholder(const struct parser *parser)
{
	if (peek(parser, 0) != '$' || peek(parser, 1) != '{')
		return false;
	return kp_is_alpha(peek(parser, 2)) || peek(parser, 2) == '_';
}

static void
parse_source(struct parser *parser, struct kp_placeholder *placeholder)
{
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		if (kp_str_starts(rest(parser), sources[i].prefix)) {
			placeholder->origin = sources[i].origin;
			parser->at += strlen(sources[i].prefix);
			return;
		}
	}
}

/* After "file:", a path ends where a filter, an operator or "}" begins. */
static bool
ends_path(const struct parser *parser)
{
	char c = peek(parser, 0);

	if (c == '|' || c == '}' || c == '\n' || c == '\0')
		return true;
	return c == ':' && peek(parser, 1) != '\0' &&
	    strchr("-?+", peek(parser, 1)) != NULL;
}

static bool
in_name(const struct parser *parser, enum kp_origin origin)
{
	char c = peek(parser, 0);

	if (origin == KP_FILE)
		return !ends_path(parser);
	if (origin == KP_SECRET && (c == '-' || c == '.'))
		return true;
	return kp_is_alnum(c) || c == '_';
}

static bool
parse_name(struct parser *parser, struct kp_placeholder *placeholder)
{
	size_t start = parser->at;

	while (parser->at < parser->end && in_name(parser, placeholder->origin))
		parser->at++;
	placeholder->name = kp_str_slice(parser->src->text, start, parser->at);
	switch (placeholder->origin) {
	case KP_FILE:
		if (!kp_str_starts(placeholder->name, "/"))
			return fail_at(parser, placeholder,
			    "file: takes an absolute path");
		break;
	case KP_SECRET:
		if (placeholder->name.len == 0 || placeholder->name.len > 255 ||
		    placeholder->name.ptr[0] == '.' ||
		    placeholder->name.ptr[0] == '-')
			return fail_at(parser, placeholder,
			    "that is no name of a secret");
		break;
	case KP_ANY:
	case KP_ENV:
		if (!kp_str_is_name(placeholder->name))
			return fail_at(parser, placeholder,
			    "that is no name of a variable");
		break;
	}
	return true;
}

static bool
fail_filter(struct parser *parser, size_t start, struct kp_str name)
{
	const char *near = kp_near_best(name, kp_filter_names());

	kp_diag_at(parser->diags, parser->src, start, name.len,
	    "there is no such filter");
	if (near != NULL)
		kp_diag_hint(parser->diags, "did you mean \"%s\"?", near);
	return false;
}

/*
 * How far it is to the ")" of an argument; KP_NPOS: none on this line.  No
 * further than arguments go, or many of them unclosed would take for ever.
 */
static size_t
find_close(const struct parser *parser)
{
	struct kp_str line = rest(parser);
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
parse_argument(struct parser *parser, const struct kp_placeholder *placeholder,
    struct kp_filter_use *use)
{
	size_t close;

	if (peek(parser, 0) != '(') {
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
		return fail_at(parser, placeholder,
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
parse_filter(struct parser *parser, struct kp_placeholder *placeholder)
{
	struct kp_filter_use *use;
	struct kp_str name;
	size_t start;

	parser->at++; /* the bar */
	start = parser->at;
	while (kp_is_alnum(peek(parser, 0)))
		parser->at++;
	name = kp_str_slice(parser->src->text, start, parser->at);
	if (!kp_array_grow((void **)&placeholder->filters,
	        &placeholder->filters_cap, placeholder->nfilters + 1,
	        sizeof(*placeholder->filters)))
		return fail_nomem(parser);
	use = &placeholder->filters[placeholder->nfilters];
	use->filter = kp_filter_by_name(name);
	use->offset = start;
	if (use->filter == NULL)
		return fail_filter(parser, start, name);
	placeholder->nfilters++;
	return parse_argument(parser, placeholder, use);
}

/* One of the six operators; false where there is none. */
static bool
parse_operator(struct parser *parser, struct kp_placeholder *placeholder)
{
	bool colon = peek(parser, 0) == ':';

	/* After secret: and file: "-" may be of the name: two characters. */
	if (!colon &&
	    (placeholder->origin == KP_SECRET ||
	        placeholder->origin == KP_FILE))
		return false;
	switch (peek(parser, colon ? 1 : 0)) {
	case '-':
		placeholder->operator= KP_DEFAULT;
		break;
	case '?':
		placeholder->operator= KP_REQUIRE;
		break;
	case '+':
		placeholder->operator= KP_ALTERNATIVE;
		break;
	default:
		return false;
	}
	placeholder->or_empty = colon;
	parser->at += colon ? 2 : 1;
	return true;
}

static bool
parse_word(struct parser *parser, struct kp_placeholder *placeholder)
{
	bool done;

	placeholder->word = calloc(1, sizeof(*placeholder->word));
	if (placeholder->word == NULL)
		return fail_nomem(parser);
	placeholder->word->src = parser->src;
	if (parser->depth == KP_TEMPLATE_DEPTH) {
		parser->unclosed = true;
		return fail_at(parser, placeholder,
		    "defaults are nested too deep");
	}
	parser->depth++;
	done = parse_text(parser, placeholder->word, true);
	parser->depth--;
	return done;
}

/* What is wrong with what follows a name. */
static const char *
describe_odd(const struct parser *parser, const struct kp_placeholder *found)
{
	if (peek(parser, 0) == ':' && peek(parser, 1) == '=')
		return "nothing is assigned here, use \":-\"";
	if (peek(parser, 0) == ':' && found->origin == KP_ANY)
		return "the sources are secret:, env: and file:";
	return "neither \"}\", nor a filter, nor an operator after the name";
}

/* Leave parser behind the placeholder, also where it is malformed. */
static bool
parse_inside(struct parser *parser, struct kp_placeholder *placeholder)
{
	bool done;

	parser->at += 2;
	parse_source(parser, placeholder);
	done = parse_name(parser, placeholder);
	while (done && peek(parser, 0) == '|')
		done = parse_filter(parser, placeholder);
	if (!done)
		return false;
	if (parser->at == parser->end)
		return fail_unclosed(parser, placeholder);
	if (parse_operator(parser, placeholder)) {
		done = parse_word(parser, placeholder);
		if (!parser->unclosed && parser->at == parser->end)
			return fail_unclosed(parser, placeholder);
		if (parser->unclosed)
			return false;
	}
	if (peek(parser, 0) != '}')
		return fail_at(parser, placeholder,
		    describe_odd(parser, placeholder));
	parser->at++;
	placeholder->end = parser->at;
	return done;
}

static bool
parse_placeholder(struct parser *parser, struct kp_template *template)
{
	struct kp_placeholder *placeholder = calloc(1, sizeof(*placeholder));

	if (placeholder == NULL)
		return fail_nomem(parser);
	placeholder->start = parser->at;
	if (!parse_inside(parser, placeholder) ||
	    !add_part(parser, template, kp_str_of(""), placeholder)) {
		free_placeholder(placeholder);
		return false;
	}
	return true;
}

/* Move to the next byte that may matter: a "$", in a word also "\" or "}". */
static void
skip_plain(struct parser *parser, bool in_word)
{
	size_t dollar;

	if (!in_word) {
		dollar = kp_str_find(rest(parser), '$');
		parser->at =
		    dollar == KP_NPOS ? parser->end : parser->at + dollar;
		return;
	}
	while (
	    parser->at < parser->end && strchr("$\\}", peek(parser, 0)) == NULL)
		parser->at++;
}

/*
 * Text and placeholders up to the end, in a word up to its "}", which is
 * left for the caller.
 */
static bool
parse_text(struct parser *parser, struct kp_template *template, bool in_word)
{
	size_t start = parser->at;
	bool good = true;

	for (;;) {
		struct kp_str text;
		bool escaped;

		skip_plain(parser, in_word);
		if (parser->at == parser->end ||
		    (in_word && peek(parser, 0) == '}'))
			break;
		escaped = (peek(parser, 0) == '$' && peek(parser, 1) == '$' &&
		              peek(parser, 2) == '{') ||
		    (in_word && peek(parser, 0) == '\\' &&
		        peek(parser, 1) == '}');
		if (!escaped && !opens_placeholder(parser)) {
			parser->at++;
			continue;
		}
		text = kp_str_slice(parser->src->text, start, parser->at);
		if (!add_part(parser, template, text, NULL))
			return false;
		if (escaped) {
			/* Without its first byte, what follows is text. */
			start = parser->at + 1;
			parser->at += peek(parser, 0) == '$' ? 3 : 2;
			continue;
		}
		good = parse_placeholder(parser, template) && good;
		if (parser->unclosed)
			return false;
		start = parser->at;
	}
	return add_part(parser, template,
	           kp_str_slice(parser->src->text, start, parser->at), NULL) &&
	    good;
}

bool
kp_template_parse_part(struct kp_template *template,
    const struct kp_source *src, size_t start, size_t end,
    struct kp_diags *diags)
{
	struct parser parser = {
		.src = src,
		.at = start,
		.end = end,
		.diags = diags,
	};

	*template = (struct kp_template){ .src = src };
	return parse_text(&parser, template, false);
}

bool
kp_template_parse(struct kp_template *template, const struct kp_source *src,
    struct kp_diags *diags)
{
	return kp_template_parse_part(template, src, 0, src->text.len, diags);
}

bool
kp_placeholder_has(const struct kp_placeholder *placeholder, unsigned effect)
{
	size_t i;

	for (i = 0; i < placeholder->nfilters; i++) {
		if ((placeholder->filters[i].filter->effects & effect) != 0)
			return true;
	}
	return false;
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
		free_placeholder(template->parts[i].placeholder);
	free(template->parts);
	*template = (struct kp_template){ 0 };
}
