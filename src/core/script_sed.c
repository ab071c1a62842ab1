/* SPDX-License-Identifier: MIT */
/* script_sed - a sed that edits a file, by itself or in a function. */
#include "core/script_parts.h"

#include "base/array.h"
#include "core/shell.h"

#include <stdlib.h>
#include <string.h>

/* Behind a character, "\x", or what the shell puts in. */
static const char *
skip_one(const char *at)
{
	const char *close =
	    *at == KP_SHELL_OPEN ? strchr(at, KP_SHELL_CLOSE) : NULL;

	if (close != NULL)
		return close + 1;
	return at[0] == '\\' && at[1] != '\0' ? at + 2 : at + 1;
}

/*
 * "s/SEARCH/REPLACE/flags"; the mark may be any character.  *rest is what
 * follows behind a ";" or on the next line.
 */
static bool
split_sed(const char *text, struct kp_str *search, struct kp_str *replace,
    const char **rest)
{
	struct kp_str part[2];
	const char *at = text + 1;
	char mark;
	int i;

	if (text[0] != 's' || text[1] == '\0' || kp_is_alnum(text[1]) ||
	    kp_is_space(text[1]))
		return false;
	mark = *at++;
	for (i = 0; i < 2; i++) {
		const char *start = at;

		while (*at != '\0' && *at != mark)
			at = skip_one(at);
		if (*at == '\0')
			return false;
		part[i] = kp_str_make(start, (size_t)(at - start));
		at++;
	}
	*search = part[0];
	*replace = part[1];
	while (kp_is_alnum(*at) || kp_is_blank(*at))
		at++;
	if (*at != '\0' && *at != ';' && *at != '\n')
		return false;
	*rest = at + strspn(at, "; \t\n");
	return true;
}

/* Behind a "[...]" or "\x" of a pattern; at itself where it is text. */
static size_t
skip_pattern(struct kp_str text, size_t at)
{
	size_t close;

	if (text.ptr[at] == '\\' && at + 1 < text.len &&
	    text.ptr[at + 1] != '.' && text.ptr[at + 1] != '-')
		return at + 2;
	if (text.ptr[at] != '[')
		return at;
	close = at + 1;
	if (close < text.len && text.ptr[close] == '^')
		close++;
	/* The first one is a character like others. */
	if (close < text.len && text.ptr[close] == ']')
		close++;
	while (close < text.len && text.ptr[close] != ']')
		close += kp_str_starts(kp_str_slice(text, close, text.len),
		             "[:space:]") ?
		    9 :
		    1;
	return close < text.len ? close + 1 : text.len;
}

static bool
is_key_char(char c)
{
	return kp_is_alnum(c) || c == '_' || c == '-' || c == '@' || c == '%';
}

/* The key that a pattern looks for: its first word, "\." being a dot. */
static void
add_key(struct kp_str search, struct kp_buf *key)
{
	size_t at = 0;

	while (at < search.len) {
		size_t behind = skip_pattern(search, at);
		char c = search.ptr[at];

		if (behind > at) {
			if (key->len > 0)
				return;
			at = behind;
		} else if (is_key_char(c)) {
			kp_buf_add_char(key, c);
			at++;
		} else if (c == '\\') {
			if (key->len > 0)
				kp_buf_add_char(key, search.ptr[at + 1]);
			at += 2;
		} else if (key->len > 0) {
			return;
		} else {
			at++;
		}
	}
}

/* The first expansion of a replacement as a word of its own. */
static bool
find_replacement(struct kp_str replace, struct kp_buf *word)
{
	struct kp_str before, expansion;

	if (!kp_script_next_expansion(&replace, &before, &expansion))
		return false;
	kp_buf_add_char(word, KP_SHELL_OPEN);
	kp_buf_add(word, expansion);
	kp_buf_add_char(word, KP_SHELL_CLOSE);
	return kp_buf_ok(word);
}

static unsigned
parameter_number(const struct kp_script *script, struct kp_str text)
{
	char digits[2];
	char *copy = strndup(text.ptr, text.len);
	const char *of =
	    copy == NULL ? NULL : kp_script_parameter(script, copy, digits);
	unsigned number = of == NULL ? 0 : (unsigned)(of[0] - '0');

	free(copy);
	return number;
}

/* A sed in a function whose parameters say what and which. */
static bool
take_setter(struct kp_script *script, struct kp_str search,
    struct kp_str replace, const char *file)
{
	unsigned key_at = parameter_number(script, search);
	unsigned value_at = parameter_number(script, replace);
	unsigned file_at = parameter_number(script, kp_str_of(file));
	char *path = file_at == 0 ? kp_script_path(script, file) : strdup("");
	struct kp_script_setter *setter;

	/* The key may stand in the replacement again: the other one is it. */
	if (value_at == key_at) {
		struct kp_str rest = replace, before, expansion;

		while (value_at == key_at &&
		    kp_script_next_expansion(&rest, &before, &expansion))
			value_at = parameter_number(script, rest);
	}
	if (script->function == NULL || key_at == 0 || value_at == 0 ||
	    path == NULL ||
	    !kp_array_grow((void **)&script->setters, &script->setters_cap,
	        script->nsetters + 1, sizeof(*script->setters))) {
		free(path);
		return false;
	}
	setter = &script->setters[script->nsetters];
	*setter = (struct kp_script_setter){ strdup(script->function), path,
		key_at, value_at, file_at };
	if (setter->name == NULL) {
		free(path);
		script->proposal->failed = true;
		return false;
	}
	script->nsetters++;
	return true;
}

static void
take_substitution(struct kp_script *script, struct kp_str search,
    struct kp_str replace, const char *file)
{
	struct kp_buf key = { 0 }, word = { 0 }, value = { 0 };
	char *path;

	if (script->function != NULL &&
	    take_setter(script, search, replace, file))
		return;
	path = kp_script_path(script, file);
	add_key(search, &key);
	if (path != NULL && key.len > 0 && kp_buf_ok(&key) &&
	    find_replacement(replace, &word) &&
	    kp_script_add_value(script, word.data, &value))
		kp_script_add_set(script, path, kp_buf_view(&key), value.data,
		    "sed put it in");
	else
		kp_script_leave(script,
		    "a sed whose key, value or file is not plain");
	free(path);
	kp_buf_wipe(&key);
	kp_buf_wipe(&word);
	kp_buf_wipe(&value);
}

static bool
takes_argument(const char *option)
{
	return kp_script_is(option, "-e") ||
	    kp_script_is(option, "--expression") || kp_script_is(option, "-f");
}

/* A command's words, without what says where its output goes. */
struct words {
	char *const *list; /* borrowed */
	size_t count;
};

/* The first from at on that is no option, nor an option's argument. */
static size_t
next_plain(const struct words *words, size_t at)
{
	for (; at < words->count && words->list[at][0] == '-'; at++) {
		if (takes_argument(words->list[at]))
			at++;
	}
	return at;
}

/* All substitutions of an expression, in all files from the word at on. */
static void
take_expression(struct kp_script *script, const char *expression,
    const struct words *words, size_t at)
{
	while (*expression != '\0') {
		struct kp_str search, replace;
		size_t i;

		if (!split_sed(expression, &search, &replace, &expression)) {
			kp_script_leave(script,
			    "a sed that is no substitution");
			return;
		}
		for (i = next_plain(words, at); i < words->count;
		     i = next_plain(words, i + 1))
			take_substitution(script, search, replace,
			    words->list[i]);
	}
}

static bool
is_in_place(const char *option)
{
	return strncmp(option, "--in-place", 10) == 0 ||
	    (option[0] == '-' && option[1] != '-' &&
	        strchr(option, 'i') != NULL);
}

/* How many are before a redirection, and the number of its descriptor. */
static size_t
count_own(char *const *words, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		const char *before = words[i - 1];

		if (words[i][0] == '<' || words[i][0] == '>')
			return kp_is_digit(before[0]) && before[1] == '\0' ?
			    i - 1 :
			    i;
	}
	return count;
}

void
kp_script_take_sed(struct kp_script *script, char **list, size_t count)
{
	const struct words words = { list, count_own(list, count) };
	bool in_place = false, given = false;
	size_t i;

	for (i = 1; i < words.count; i++) {
		in_place = in_place || is_in_place(list[i]);
		if (takes_argument(list[i])) {
			given = true;
			i++;
		}
	}
	if (!in_place)
		return;
	for (i = 1; given && i + 1 < words.count; i++) {
		if (takes_argument(list[i]))
			take_expression(script, list[++i], &words, 1);
	}
	i = next_plain(&words, 1);
	if (!given && i < words.count)
		take_expression(script, list[i], &words, i + 1);
}

const struct kp_script_setter *
kp_script_find_setter(const struct kp_script *script, const char *name)
{
	size_t i;

	for (i = 0; i < script->nsetters; i++) {
		if (kp_script_is(name, script->setters[i].name))
			return &script->setters[i];
	}
	return NULL;
}

void
kp_script_call_setter(struct kp_script *script,
    const struct kp_script_setter *setter, char **words, size_t count)
{
	struct kp_buf value = { 0 };
	char *path;

	if (setter->key_at >= count || setter->value_at >= count ||
	    setter->file_at >= count) {
		kp_script_leave(script, "a call without all that it edits by");
		return;
	}
	path = setter->file_at == 0 ?
	    strdup(setter->file) :
	    kp_script_path(script, words[setter->file_at]);
	if (path != NULL &&
	    kp_script_add_value(script, words[setter->value_at], &value))
		kp_script_add_set(script, path,
		    kp_str_of(words[setter->key_at]), value.data,
		    "sed put it in");
	else
		kp_script_leave(script, "a value or a file that is not plain");
	free(path);
	kp_buf_wipe(&value);
}
