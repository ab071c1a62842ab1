/* SPDX-License-Identifier: MIT */
/* script_word - variables of a script, and what its words are worth. */
#include "core/script_parts.h"

#include "base/array.h"
#include "core/guess.h"
#include "core/shell.h"

#include <stdlib.h>
#include <string.h>

#define SECRETS "/run/secrets/"

bool
kp_script_is(const char *word, const char *text)
{
	return word != NULL && strcmp(word, text) == 0;
}

const char *
kp_script_base(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash == NULL ? word : slash + 1;
}

const struct kp_script_variable *
kp_script_find(const struct kp_script *script, struct kp_str name)
{
	size_t i;

	for (i = script->nvariables; i-- > 0;) {
		if (kp_str_is(name, script->variables[i].name))
			return &script->variables[i];
	}
	return NULL;
}

/* The name that an expansion begins with: NAME of "NAME:-word". */
static struct kp_str
name_in(struct kp_str expansion)
{
	size_t len = 0;

	while (len < expansion.len &&
	    (kp_is_alnum(expansion.ptr[len]) || expansion.ptr[len] == '_'))
		len++;
	return kp_str_slice(expansion, 0, len);
}

bool
kp_script_next_expansion(struct kp_str *rest, struct kp_str *before,
    struct kp_str *expansion)
{
	size_t open = kp_str_find(*rest, KP_SHELL_OPEN), close;
	struct kp_str behind;

	if (open == KP_NPOS)
		return false;
	behind = kp_str_slice(*rest, open + 1, rest->len);
	close = kp_str_find(behind, KP_SHELL_CLOSE);
	if (close == KP_NPOS)
		return false;
	*before = kp_str_slice(*rest, 0, open);
	*expansion = kp_str_slice(behind, 0, close);
	*rest = kp_str_slice(behind, close + 1, behind.len);
	return true;
}

bool
kp_script_expands(const char *word)
{
	return strchr(word, KP_SHELL_OPEN) != NULL;
}

/* --- what a word is worth as a value of a rule --- */

static bool
is_plain_path(struct kp_str path)
{
	size_t i;

	for (i = 0; i < path.len; i++) {
		if (!kp_is_alnum(path.ptr[i]) &&
		    !(path.ptr[i] != '\0' &&
		        strchr("_-./", path.ptr[i]) != NULL))
			return false;
	}
	return path.len > 0;
}

/* A word of a command's text without the quotes around it. */
static struct kp_str
unquote(struct kp_str word)
{
	word = kp_str_trim(word);
	if (word.len > 2 && (word.ptr[0] == '"' || word.ptr[0] == '\''))
		word = kp_str_slice(word, 1, word.len - 1);
	return word;
}

/* "cat /run/secrets/x", "< x": append the placeholder; false: something else */
static bool
add_command_value(struct kp_str command, struct kp_buf *out)
{
	size_t pipe = kp_str_find(command, '|');
	struct kp_str path = command;

	if (pipe != KP_NPOS)
		path = kp_str_slice(path, 0, pipe);
	path = kp_str_trim(path);
	if (kp_str_starts(path, "cat "))
		path = kp_str_slice(path, 4, path.len);
	else if (kp_str_starts(path, "<"))
		path = kp_str_slice(path, 1, path.len);
	else
		return false;
	path = unquote(path);
	if (kp_str_starts(path, "<"))
		path = unquote(kp_str_slice(path, 1, path.len));
	if (kp_str_starts(path, SECRETS)) {
		path = kp_str_slice(path, strlen(SECRETS), path.len);
		if (!is_plain_path(path) || path.ptr[0] == '.' ||
		    kp_str_find(path, '/') != KP_NPOS)
			return false;
		kp_buf_add_text(out, "${secret:");
		kp_buf_add(out, path);
	} else if (kp_str_starts(path, "/")) {
		if (!is_plain_path(path))
			return false;
		kp_buf_add_text(out, "${file:");
		kp_buf_add(out, path);
	} else if (kp_str_starts(path, "$")) {
		struct kp_str name = kp_str_slice(path, 1, path.len);

		if (kp_str_starts(name, "{"))
			name = kp_str_slice(name, 1, name.len);
		name = name_in(name);
		if (!kp_str_ends(name, "_FILE"))
			return false;
		name = kp_str_slice(name, 0, name.len - strlen("_FILE"));
		if (!kp_str_is_name(name))
			return false;
		kp_buf_add_text(out, "${");
		kp_buf_add(out, name);
	} else {
		return false;
	}
	kp_buf_add_char(out, '}');
	return true;
}

bool
kp_script_is_plain_default(struct kp_str name, struct kp_str word)
{
	return !kp_guess_names_secret(name) &&
	    kp_guess_shows_secret(word) == NULL &&
	    !kp_str_has_any(word, "${}\"'\\;#|\n\t");
}

static void
add_variable_value(const struct kp_script *script, struct kp_str expansion,
    struct kp_buf *out)
{
	struct kp_str name = name_in(expansion);
	const struct kp_script_variable *variable =
	    kp_script_find(script, name);
	struct kp_str word = kp_str_slice(expansion, name.len, expansion.len);

	if (variable != NULL && variable->value[0] != '\0') {
		kp_buf_add_text(out, variable->value);
		return;
	}
	kp_buf_add_text(out, "${");
	kp_buf_add(out, name);
	if (kp_str_starts(word, ":-") &&
	    kp_script_is_plain_default(name, kp_str_slice(word, 2, word.len)))
		kp_buf_add(out, word);
	kp_buf_add_char(out, '}');
}

/* Text of the script's own; a "${" in it would be a placeholder. */
static bool
add_text(struct kp_str text, struct kp_buf *out)
{
	kp_buf_add(out, text);
	return kp_str_find_str(text, kp_str_of("${")) == KP_NPOS;
}

bool
kp_script_add_value(const struct kp_script *script, const char *word,
    struct kp_buf *out)
{
	struct kp_str rest = kp_str_of(word), before, expansion;

	while (kp_script_next_expansion(&rest, &before, &expansion)) {
		if (!add_text(before, out))
			return false;
		if (kp_str_starts(expansion, "(")) {
			if (!add_command_value(kp_str_slice(expansion, 1,
			                           expansion.len),
			        out))
				return false;
		} else if (name_in(expansion).len == 0 ||
		    kp_is_digit(expansion.ptr[0])) {
			return false;
		} else {
			add_variable_value(script, expansion, out);
		}
	}
	return add_text(rest, out) && kp_buf_ok(out) && out->len > 0;
}

char *
kp_script_path(const struct kp_script *script, const char *word)
{
	struct kp_buf path = { 0 };

	if (!kp_script_add_value(script, word, &path) ||
	    !kp_proposal_can_hold(kp_buf_view(&path)) ||
	    kp_str_find_str(kp_buf_view(&path), kp_str_of("${")) != KP_NPOS)
		kp_buf_wipe(&path);
	return path.data;
}

void
kp_script_need_names(struct kp_proposal *proposal, const char *value)
{
	const char *at = value;

	while ((at = strstr(at, "${")) != NULL) {
		struct kp_str rest = kp_str_of(at + 2), name;
		bool secret = kp_str_starts(rest, "secret:");
		struct kp_buf copy = { 0 };

		at += 2;
		if (kp_str_starts(rest, "file:"))
			continue;
		if (secret)
			rest = kp_str_slice(rest, 7, rest.len);
		name = rest;
		name.len = strcspn(rest.ptr, "}|:");
		kp_buf_add(&copy, name);
		if (copy.len > 0 && kp_buf_ok(&copy)) {
			if (secret)
				kp_proposal_need_secret(proposal, copy.data);
			else
				kp_proposal_need_variable(proposal, copy.data);
		}
		kp_buf_wipe(&copy);
	}
}

bool
kp_script_looks_up(const char *value)
{
	return strstr(value, "${") != NULL;
}

/* --- assignments --- */

void
kp_script_set(struct kp_script *script, struct kp_str name, const char *value,
    const char *of)
{
	struct kp_script_variable *variable;

	if (!kp_array_grow((void **)&script->variables, &script->variables_cap,
	        script->nvariables + 1, sizeof(*script->variables))) {
		script->proposal->failed = true;
		return;
	}
	variable = &script->variables[script->nvariables];
	*variable = (struct kp_script_variable){
		.name = strndup(name.ptr, name.len),
		.value = strdup(value),
		.of = of == NULL ? NULL : strdup(of),
	};
	if (variable->name == NULL || variable->value == NULL) {
		free(variable->name);
		free(variable->value);
		free(variable->of);
		script->proposal->failed = true;
		return;
	}
	script->nvariables++;
}

const char *
kp_script_parameter(const struct kp_script *script, const char *word,
    char digits[2])
{
	struct kp_str rest = kp_str_of(word), before, expansion;
	const struct kp_script_variable *variable;

	while (kp_script_next_expansion(&rest, &before, &expansion)) {
		struct kp_str name = name_in(expansion);

		if (name.len == 1 && kp_is_digit(name.ptr[0]) &&
		    name.ptr[0] != '0') {
			digits[0] = name.ptr[0];
			digits[1] = '\0';
			return digits;
		}
		variable = kp_script_find(script, name);
		if (variable != NULL && variable->of != NULL)
			return variable->of;
	}
	return NULL;
}

bool
kp_script_is_assignment(const char *word, struct kp_str *name,
    const char **value)
{
	size_t equals = kp_str_find(kp_str_of(word), '=');

	if (equals == KP_NPOS || !kp_str_is_name(kp_str_make(word, equals)))
		return false;
	*name = kp_str_make(word, equals);
	*value = word + equals + 1;
	return true;
}

void
kp_script_assign(struct kp_script *script, struct kp_str name, const char *word)
{
	struct kp_buf value = { 0 };
	char digits[2];
	const char *of = kp_script_parameter(script, word, digits);
	const struct kp_script_variable *self = kp_script_find(script, name);

	/* X=${X:-word}, and a value that the script works on. */
	if (of == NULL && kp_script_add_value(script, word, &value) &&
	    (kp_script_looks_up(value.data) ||
	        (!kp_guess_names_secret(name) &&
	            kp_guess_shows_secret(kp_buf_view(&value)) == NULL)))
		kp_script_set(script, name, value.data, NULL);
	else if (of != NULL || self == NULL)
		kp_script_set(script, name, "", of);
	kp_buf_wipe(&value);
}
