/* SPDX-License-Identifier: MIT */
/*
 * profile - the placeholders of other tools, for templates that come from
 * them.
 *
 * Each reader looks at one byte of the text and says what begins there.
 * What it finds becomes the same struct as a placeholder of our own, so that
 * looking up, encoding and verifying are one for all.
 */
#include "core/parser.h"

#include <stdio.h>
#include <stdlib.h>

static bool
starts_name(char c)
{
	return kp_is_alpha(c) || c == '_';
}

/* The POSIX name at this offset of the rest; empty where there is none. */
static struct kp_str
name_at(const struct kp_parser *parser, size_t ahead)
{
	struct kp_str rest = kp_parser_rest(parser);
	size_t end = ahead;

	if (ahead >= rest.len || !starts_name(rest.ptr[ahead]))
		return kp_str_slice(rest, 0, 0);
	while (end < rest.len &&
	    (kp_is_alnum(rest.ptr[end]) || rest.ptr[end] == '_'))
		end++;
	return kp_str_slice(rest, ahead, end);
}

static bool
is_at(const struct kp_parser *parser, size_t ahead, const char *text)
{
	struct kp_str rest = kp_parser_rest(parser);

	return ahead <= rest.len &&
	    kp_str_starts(kp_str_slice(rest, ahead, rest.len), text);
}

static enum kp_found_there
escape(struct kp_there *there, size_t skip, size_t keep)
{
	there->skip = skip;
	there->keep = keep;
	return KP_THERE_ESCAPE;
}

/* A placeholder of len bytes from here on; .at is moved behind it. */
static enum kp_found_there
found(struct kp_parser *parser, struct kp_there *there, struct kp_str name,
    size_t len)
{
	struct kp_placeholder *placeholder = kp_parser_new(parser, parser->at);

	there->placeholder = placeholder;
	if (placeholder == NULL)
		return KP_THERE_ERROR;
	placeholder->name = name;
	parser->at += len;
	placeholder->end = (uint32_t)parser->at;
	return KP_THERE_PLACEHOLDER;
}

/*
 * A default that is plain text: bytes of the source.  It stands for what is
 * not set, and where the tool does so, for what is set and empty.
 */
static enum kp_found_there
add_default(struct kp_parser *parser, struct kp_there *there,
    struct kp_str text, bool or_empty)
{
	struct kp_template *word = calloc(1, sizeof(*word));
	size_t start;

	there->placeholder->op = KP_DEFAULT;
	there->placeholder->or_empty = or_empty;
	there->placeholder->word = word;
	if (word != NULL) {
		word->src = parser->src;
		word->parts = calloc(1, sizeof(*word->parts));
	}
	if (word == NULL || word->parts == NULL) {
		kp_parser_fail_nomem(parser);
		kp_parser_drop(there->placeholder);
		return KP_THERE_ERROR;
	}
	word->cap = 1;
	if (text.len == 0)
		return KP_THERE_PLACEHOLDER;
	start = (size_t)(text.ptr - parser->src->text.ptr);
	word->parts[word->count++] = (struct kp_part){
		.start = (uint32_t)start,
		.end = (uint32_t)(start + text.len),
	};
	return KP_THERE_PLACEHOLDER;
}

static enum kp_found_there
fail(struct kp_parser *parser, const char *what)
{
	size_t start = parser->at;

	kp_parser_fail(parser, start, what);
	parser->at = start + 1;
	return KP_THERE_ERROR;
}

/* Nothing closes it: what follows cannot be told from it. */
static enum kp_found_there
fail_open(struct kp_parser *parser)
{
	kp_parser_fail_unclosed(parser, parser->at);
	return KP_THERE_ERROR;
}

/* $X and ${X}: gettext's envsubst, find_variables in envsubst.c. */
static enum kp_found_there
read_envsubst(struct kp_parser *parser, struct kp_there *there)
{
	bool braced = kp_parser_peek(parser, 1) == '{';
	struct kp_str name;

	if (kp_parser_peek(parser, 0) != '$')
		return KP_THERE_TEXT;
	name = name_at(parser, braced ? 2 : 1);
	if (name.len == 0 ||
	    (braced && kp_parser_peek(parser, 2 + name.len) != '}'))
		return KP_THERE_TEXT;
	return found(parser, there, name, name.len + (braced ? 3 : 1));
}

/* ${X} with an operator and a word, in which placeholders may stand. */
static enum kp_found_there
read_compose_braced(struct kp_parser *parser, struct kp_there *there)
{
	struct kp_str name = name_at(parser, 2);
	size_t start = parser->at;
	bool good = true;

	if (name.len == 0)
		return fail(parser, "that is no name of a variable");
	if (found(parser, there, name, name.len + 2) != KP_THERE_PLACEHOLDER)
		return KP_THERE_ERROR;
	if (kp_parser_operator(parser, there->placeholder))
		good = kp_parser_word(parser, there->placeholder);
	if (good && parser->at == parser->end)
		good = kp_parser_fail_unclosed(parser, start);
	else if (good && kp_parser_peek(parser, 0) != '}')
		good = kp_parser_fail(parser, start,
		    "neither \"}\" nor an operator after the name");
	if (!good) {
		kp_parser_drop(there->placeholder);
		return KP_THERE_ERROR;
	}
	parser->at++;
	there->placeholder->end = (uint32_t)parser->at;
	return KP_THERE_PLACEHOLDER;
}

/* compose-go, package template: $$ is a $, a lone $ is an error there. */
static enum kp_found_there
read_compose(struct kp_parser *parser, struct kp_there *there)
{
	struct kp_str name;

	if (kp_parser_peek(parser, 0) != '$')
		return KP_THERE_TEXT;
	if (kp_parser_peek(parser, 1) == '$')
		return escape(there, 1, 1);
	if (kp_parser_peek(parser, 1) == '{')
		return read_compose_braced(parser, there);
	name = name_at(parser, 1);
	if (name.len == 0)
		return fail(parser, "$$ is a literal $ here");
	return found(parser, there, name, name.len + 1);
}

/*
 * envplate, Apply and escape in envplate.go: ${X} and ${X:-d}.  Of the
 * backslashes before it half are kept, and an odd one makes it text.
 */
static enum kp_found_there
read_ep(struct kp_parser *parser, struct kp_there *there)
{
	struct kp_str rest = kp_parser_rest(parser), name;
	size_t slashes = 0, close;

	while (slashes < rest.len && rest.ptr[slashes] == '\\')
		slashes++;
	if (slashes > 0 && !is_at(parser, slashes, "${"))
		return escape(there, 0, slashes);
	if (slashes % 2 == 1)
		return escape(there, slashes / 2 + 1, slashes / 2 + 2);
	if (slashes > 0)
		return escape(there, slashes / 2, slashes / 2);
	name = is_at(parser, 0, "${") ? name_at(parser, 2) : kp_str_of("");
	if (name.len == 0)
		return KP_THERE_TEXT;
	close = kp_str_find(rest, '}');
	if (close == KP_NPOS)
		return fail_open(parser);
	if (close == name.len + 2)
		return found(parser, there, name, close + 1);
	if (!is_at(parser, name.len + 2, ":-"))
		return fail(parser, "neither \"}\" nor \":-\" after the name");
	if (found(parser, there, name, close + 1) != KP_THERE_PLACEHOLDER)
		return KP_THERE_ERROR;
	return add_default(parser, there,
	    kp_str_slice(rest, name.len + 4, close), false);
}

/* Caddy, replaceEnvVars: {$X} and {$X:d}, up to the next brace. */
static enum kp_found_there
read_caddy(struct kp_parser *parser, struct kp_there *there)
{
	struct kp_str rest = kp_parser_rest(parser), name;
	size_t close;

	if (!is_at(parser, 0, "{$"))
		return KP_THERE_TEXT;
	name = name_at(parser, 2);
	close = kp_str_find(rest, '}');
	if (close == KP_NPOS)
		return fail_open(parser);
	if (name.len == 0)
		return fail(parser, "{$NAME} or {$NAME:default} is expected");
	if (close == name.len + 2)
		return found(parser, there, name, close + 1);
	if (rest.ptr[name.len + 2] != ':')
		return fail(parser, "neither \"}\" nor \":\" after the name");
	if (found(parser, there, name, close + 1) != KP_THERE_PLACEHOLDER)
		return KP_THERE_ERROR;
	return add_default(parser, there,
	    kp_str_slice(rest, name.len + 3, close), false);
}

/* Grafana, expanders.go: $__env{X} and $__file{/path}. */
static enum kp_found_there
read_grafana(struct kp_parser *parser, struct kp_there *there)
{
	bool file = is_at(parser, 0, "$__file{");
	size_t open = file ? 8 : 7;
	struct kp_str rest = kp_parser_rest(parser), inner;
	size_t close;

	if (!file && !is_at(parser, 0, "$__env{"))
		return KP_THERE_TEXT;
	close = kp_str_find(rest, '}');
	if (close == KP_NPOS)
		return fail_open(parser);
	inner = kp_str_trim(kp_str_slice(rest, open, close));
	if (file ? !kp_str_starts(inner, "/") : !kp_str_is_name(inner))
		return fail(parser,
		    file ? "$__file{} takes an absolute path" :
		           "$__env{} takes the name of a variable");
	if (found(parser, there, inner, close + 1) != KP_THERE_PLACEHOLDER)
		return KP_THERE_ERROR;
	there->placeholder->origin = file ? KP_FILE : KP_ANY;
	return KP_THERE_PLACEHOLDER;
}

/* @X@, as config.status has it; @@ is a @. */
static enum kp_found_there
read_at(struct kp_parser *parser, struct kp_there *there)
{
	struct kp_str name;

	if (kp_parser_peek(parser, 0) != '@')
		return KP_THERE_TEXT;
	if (kp_parser_peek(parser, 1) == '@')
		return escape(there, 1, 1);
	name = name_at(parser, 1);
	if (name.len == 0 || kp_parser_peek(parser, 1 + name.len) != '@')
		return KP_THERE_TEXT;
	return found(parser, there, name, name.len + 2);
}

/* __X__: the shortest name that two more underscores follow. */
static enum kp_found_there
read_dunder(struct kp_parser *parser, struct kp_there *there)
{
	struct kp_str rest = kp_parser_rest(parser);
	size_t end = 2;

	if (!is_at(parser, 0, "__") || !kp_is_alpha(kp_parser_peek(parser, 2)))
		return KP_THERE_TEXT;
	while (end < rest.len &&
	    (kp_is_alnum(rest.ptr[end]) || rest.ptr[end] == '_')) {
		if (is_at(parser, end, "__"))
			return found(parser, there, kp_str_slice(rest, 2, end),
			    end + 2);
		end++;
	}
	return KP_THERE_TEXT;
}

/* --- mustache: the value-only subset of dockerize, gomplate, confd --- */

/* One word of an action, off its front: "quoted", |, or up to a blank or |. */
static bool
next_word(struct kp_str *rest, struct kp_str *word, bool *quoted)
{
	size_t end = 0;

	*rest = kp_str_trim(*rest);
	*quoted = rest->len > 0 && rest->ptr[0] == '"';
	if (rest->len == 0)
		return false;
	if (*quoted) {
		end = kp_str_find(kp_str_slice(*rest, 1, rest->len), '"');
		if (end == KP_NPOS)
			return false;
		*word = kp_str_slice(*rest, 1, end + 1);
		*rest = kp_str_slice(*rest, end + 2, rest->len);
		return kp_str_find(*word, '\\') == KP_NPOS;
	}
	while (end < rest->len && rest->ptr[end] != '|' &&
	    !kp_is_space(rest->ptr[end]))
		end++;
	if (end == 0)
		end = 1; /* the bar itself */
	*word = kp_str_slice(*rest, 0, end);
	*rest = kp_str_slice(*rest, end, rest->len);
	return true;
}

struct action {
	struct kp_str name, fallback;
	bool has_fallback;
	bool is_path; /* the name is a key of confd's: "/db/password" */
};

/* "d" behind a name; or nothing. */
static bool
take_fallback(struct kp_str *rest, struct action *action)
{
	struct kp_str word;
	bool quoted;

	*rest = kp_str_trim(*rest);
	if (rest->len == 0)
		return true;
	if (!next_word(rest, &word, &quoted) || !quoted)
		return false;
	action->fallback = word;
	action->has_fallback = true;
	return kp_str_trim(*rest).len == 0;
}

/* | default "d" */
static bool
take_pipe(struct kp_str *rest, struct action *action)
{
	struct kp_str word;
	bool quoted;

	*rest = kp_str_trim(*rest);
	if (rest->len == 0)
		return true;
	if (!next_word(rest, &word, &quoted) || !kp_str_is(word, "|") ||
	    !next_word(rest, &word, &quoted) || !kp_str_is(word, "default"))
		return false;
	return take_fallback(rest, action) && action->has_fallback;
}

/* Words of those languages that are no names; NULL: it is none. */
static const char *
find_keyword(struct kp_str word)
{
	static const char *const keywords[] = { "block", "break", "continue",
		"define", "else", "end", "if", "range", "template", "with" };
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (kp_str_is(word, keywords[i]))
			return keywords[i];
	}
	return NULL;
}

/* The quoted name that a function takes, and perhaps a default. */
static bool
take_argument(struct kp_str *rest, struct action *action)
{
	bool quoted;

	return next_word(rest, &action->name, &quoted) && quoted &&
	    take_fallback(rest, action);
}

/*
 * X, .Env.X, both with | default "d"; default .Env.X "d"; getenv "X" ["d"];
 * getv "/a/b" ["d"].
 */
static bool
read_action(struct kp_str rest, struct action *action)
{
	struct kp_str word;
	bool quoted;

	if (!next_word(&rest, &word, &quoted) || quoted ||
	    find_keyword(word) != NULL)
		return false;
	if (kp_str_is(word, "getenv"))
		return take_argument(&rest, action) &&
		    kp_str_is_name(action->name);
	if (kp_str_is(word, "getv")) {
		action->is_path = true;
		return take_argument(&rest, action) &&
		    kp_str_starts(action->name, "/");
	}
	if (kp_str_is(word, "default")) {
		if (!next_word(&rest, &word, &quoted) ||
		    !kp_str_starts(word, ".Env."))
			return false;
		action->name = kp_str_slice(word, 5, word.len);
		return kp_str_is_name(action->name) &&
		    take_fallback(&rest, action) && action->has_fallback;
	}
	action->name = kp_str_starts(word, ".Env.") ?
	    kp_str_slice(word, 5, word.len) :
	    word;
	return kp_str_is_name(action->name) && take_pipe(&rest, action);
}

/* Logic is named; of anything else the message says what there is. */
static enum kp_found_there
fail_action(struct kp_parser *parser, struct kp_str inner)
{
	struct kp_diags *diags = parser->diags;
	const char *keyword = NULL;
	struct kp_str word;
	bool quoted, trims;
	char what[80];

	trims = kp_str_starts(inner, "-") || kp_str_ends(inner, "-");
	if (kp_str_starts(inner, "-"))
		inner = kp_str_slice(inner, 1, inner.len);
	if (next_word(&inner, &word, &quoted) && !quoted)
		keyword = find_keyword(word);
	if (keyword != NULL) {
		snprintf(what, sizeof(what),
		    "\"%s\" is logic, and only values are understood", keyword);
		fail(parser, what);
		kp_diag_hint(diags,
		    "${X:+text} and optional = yes do without: see "
		    "keyplate-migrate(7)");
		return KP_THERE_ERROR;
	}
	if (trims) {
		fail(parser, "blanks around it cannot be trimmed");
		kp_diag_hint(diags, "write {{ and }} without \"-\"");
		return KP_THERE_ERROR;
	}
	return fail(parser,
	    "only values are understood: {{ X }}, {{ .Env.X }}, "
	    "{{ getenv \"X\" \"d\" }}, {{ getv \"/a/b\" }}, "
	    "{{ .Env.X | default \"d\" }}");
}

/* confd, backends/env: "/db/password" is the variable DB_PASSWORD. */
static bool
spell_path(struct kp_placeholder *placeholder, struct kp_str path)
{
	char *name = calloc(1, path.len);
	size_t i;

	if (name == NULL)
		return false;
	for (i = 1; i < path.len; i++)
		name[i - 1] =
		    path.ptr[i] == '/' ? '_' : kp_to_upper(path.ptr[i]);
	placeholder->spelled = name;
	placeholder->name = kp_str_make(name, path.len - 1);
	return true;
}

static enum kp_found_there
read_mustache(struct kp_parser *parser, struct kp_there *there)
{
	static const char literal[] = "{{\"{{\"}}";
	struct kp_str rest = kp_parser_rest(parser);
	struct action action = { .has_fallback = false };
	size_t close;

	if (!is_at(parser, 0, "{{"))
		return KP_THERE_TEXT;
	if (is_at(parser, 0, literal)) {
		there->drop = 3; /* the closing quote and braces */
		return escape(there, 3, 2);
	}
	close = kp_str_find_str(rest, kp_str_of("}}"));
	if (close == KP_NPOS)
		return fail_open(parser);
	if (!read_action(kp_str_slice(rest, 2, close), &action))
		return fail_action(parser, kp_str_slice(rest, 2, close));
	if (found(parser, there, action.name, close + 2) !=
	    KP_THERE_PLACEHOLDER)
		return KP_THERE_ERROR;
	if (action.is_path && !spell_path(there->placeholder, action.name)) {
		kp_parser_drop(there->placeholder);
		kp_parser_fail_nomem(parser);
		return KP_THERE_ERROR;
	}
	if (!kp_str_is_name(there->placeholder->name)) {
		parser->at = there->placeholder->start;
		kp_parser_drop(there->placeholder);
		return fail(parser, "that key is no name of a variable");
	}
	if (!action.has_fallback)
		return KP_THERE_PLACEHOLDER;
	return add_default(parser, there, action.fallback, true);
}

enum kp_found_there
kp_profile_read(struct kp_parser *parser, struct kp_there *there)
{
	switch (parser->syntax->profile) {
	case KP_PROFILE_ENVSUBST:
	case KP_PROFILE_NGINX:
		return read_envsubst(parser, there);
	case KP_PROFILE_COMPOSE:
		return read_compose(parser, there);
	case KP_PROFILE_EP:
		return read_ep(parser, there);
	case KP_PROFILE_CADDY:
		return read_caddy(parser, there);
	case KP_PROFILE_GRAFANA:
		return read_grafana(parser, there);
	case KP_PROFILE_AT:
		return read_at(parser, there);
	case KP_PROFILE_DUNDER:
		return read_dunder(parser, there);
	case KP_PROFILE_MUSTACHE:
		return read_mustache(parser, there);
	case KP_PROFILE_KEYPLATE:
		break;
	}
	return KP_THERE_TEXT;
}
