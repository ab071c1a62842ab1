/* SPDX-License-Identifier: MIT */
/*
 * script - what an entry point written for a shell does, as rules.
 *
 *	PASS=$(cat /run/secrets/pass)                 PASS is ${secret:pass}
 *	CONFIG=/etc/app.ini                           CONFIG is a word
 *	sed -i "s/^\(pass = \).*$/\1$PASS/" $CONFIG   set pass of app.ini
 *	set_config() { sed -i "s/^\($1 = \).../\1$2/" $CONFIG; }
 *	set_config pass "$PASS"                       the same
 */
#include "core/script.h"

#include "base/array.h"
#include "core/guess.h"
#include "core/shell.h"
#include "core/survey.h"

#include <stdlib.h>
#include <string.h>

#define SECRETS "/run/secrets/"

/* A variable of the script. */
struct variable {
	char *name;  /* owned */
	char *value; /* owned: with placeholders, or what was assigned */
	char *of;    /* owned: of a function's: the parameter, "1" ...; NULL */
};

/* A function that edits a file by sed. */
struct setter {
	char *name;                /* owned */
	char *file;                /* owned: a path, or a parameter */
	unsigned key_at, value_at; /* of its parameters, from 1 */
	unsigned file_at;          /* 0: .file is the path */
};

struct script {
	struct kp_proposal *proposal;
	const struct kp_source *src;
	const struct kp_script_reader *reader;
	struct kp_diags *diags;
	struct variable *variables; /* owned */
	size_t nvariables, variables_cap;
	struct setter *setters; /* owned */
	size_t nsetters, setters_cap;
	char *function; /* owned: the one that is being read; NULL: none */
	unsigned line;  /* of the command */
};

/* --- words --- */

static bool
is(const char *word, const char *text)
{
	return word != NULL && strcmp(word, text) == 0;
}

/* The last name of a path: "/sbin/tini" is tini. */
static const char *
base_of(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash == NULL ? word : slash + 1;
}

static const struct variable *
find_variable(const struct script *script, struct kp_str name)
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

/* Cut the first expansion out of a word; false: there is none. */
static bool
next_expansion(struct kp_str *rest, struct kp_str *before,
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

static bool
has_expansion(const char *word)
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
	path = kp_str_trim(path);
	if (path.len > 2 && (path.ptr[0] == '"' || path.ptr[0] == '\''))
		path = kp_str_slice(path, 1, path.len - 1);
	if (kp_str_starts(path, "<"))
		path = kp_str_trim(kp_str_slice(path, 1, path.len));
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

/* A word that may stand behind ":-" in a rule, and gives nothing away. */
static bool
is_plain_default(struct kp_str name, struct kp_str word)
{
	return !kp_guess_names_secret(name) &&
	    kp_guess_shows_secret(word) == NULL &&
	    !kp_str_has_any(word, "${}\"'\\;#|\n\t");
}

static void
add_variable_value(const struct script *script, struct kp_str expansion,
    struct kp_buf *out)
{
	struct kp_str name = name_in(expansion);
	const struct variable *variable = find_variable(script, name);
	struct kp_str word = kp_str_slice(expansion, name.len, expansion.len);

	if (variable != NULL && variable->value[0] != '\0') {
		kp_buf_add_text(out, variable->value);
		return;
	}
	kp_buf_add_text(out, "${");
	kp_buf_add(out, name);
	if (kp_str_starts(word, ":-") &&
	    is_plain_default(name, kp_str_slice(word, 2, word.len)))
		kp_buf_add(out, word);
	kp_buf_add_char(out, '}');
}

/*
 * Append what a word stands for, as the value of a rule; false where that
 * cannot be said.
 */
static bool
add_value(const struct script *script, const char *word, struct kp_buf *out)
{
	struct kp_str rest = kp_str_of(word), before, expansion;

	/* A "${" of the script's own text would be a placeholder. */
	if (strstr(word, "${") != NULL)
		return false;
	while (next_expansion(&rest, &before, &expansion)) {
		kp_buf_add(out, before);
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
	kp_buf_add(out, rest);
	return kp_buf_ok(out) && out->len > 0;
}

/* The path of a word, its constants put in; NULL: it is not known. */
static char *
path_of(const struct script *script, const char *word)
{
	struct kp_buf path = { 0 };

	if (!add_value(script, word, &path) ||
	    !kp_proposal_can_hold(kp_buf_view(&path)) ||
	    kp_str_find_str(kp_buf_view(&path), kp_str_of("${")) != KP_NPOS)
		kp_buf_wipe(&path);
	return path.data;
}

/* Note each placeholder of a value among what is needed. */
static void
need_names(struct kp_proposal *proposal, const char *value)
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

/* Does it hold a placeholder? */
static bool
is_looked_up(const char *value)
{
	return strstr(value, "${") != NULL;
}

/* --- assignments --- */

static void
set_variable(struct script *script, struct kp_str name, const char *value,
    const char *of)
{
	struct variable *variable;

	if (!kp_array_grow((void **)&script->variables, &script->variables_cap,
	        script->nvariables + 1, sizeof(*script->variables))) {
		script->proposal->failed = true;
		return;
	}
	variable = &script->variables[script->nvariables];
	*variable = (struct variable){
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

/* The parameter that a word is made from: "2" of "${2//x/y}"; NULL: none. */
static const char *
parameter_of(const struct script *script, const char *word, char digits[2])
{
	struct kp_str rest = kp_str_of(word), before, expansion;
	const struct variable *variable;

	while (next_expansion(&rest, &before, &expansion)) {
		struct kp_str name = name_in(expansion);

		if (name.len == 1 && kp_is_digit(name.ptr[0]) &&
		    name.ptr[0] != '0') {
			digits[0] = name.ptr[0];
			digits[1] = '\0';
			return digits;
		}
		variable = find_variable(script, name);
		if (variable != NULL && variable->of != NULL)
			return variable->of;
	}
	return NULL;
}

/* Is the word NAME=VALUE?  value is a part of it. */
static bool
is_assignment(const char *word, struct kp_str *name, const char **value)
{
	size_t equals = kp_str_find(kp_str_of(word), '=');

	if (equals == KP_NPOS || !kp_str_is_name(kp_str_make(word, equals)))
		return false;
	*name = kp_str_make(word, equals);
	*value = word + equals + 1;
	return true;
}

static void
take_assignment(struct script *script, struct kp_str name, const char *word)
{
	struct kp_buf value = { 0 };
	char digits[2];
	const char *of = parameter_of(script, word, digits);
	const struct variable *self = find_variable(script, name);

	/* X=${X:-word}, and a value that the script works on. */
	if (of == NULL && add_value(script, word, &value) &&
	    (is_looked_up(value.data) ||
	        (!kp_guess_names_secret(name) &&
	            kp_guess_shows_secret(kp_buf_view(&value)) == NULL)))
		set_variable(script, name, value.data, NULL);
	else if (of != NULL || self == NULL)
		set_variable(script, name, "", of);
	kp_buf_wipe(&value);
}

/* --- rules --- */

static void
describe(const struct script *script, const char *what, struct kp_buf *why)
{
	kp_buf_add_format(why, "line %u of %s: %s", script->line,
	    base_of(script->src->name), what);
}

static size_t
add_file(struct script *script, const char *path)
{
	size_t before = script->proposal->nfiles;
	size_t number = kp_proposal_add_file(script->proposal, path);

	if (number == before) {
		struct kp_proposed_file *file =
		    &script->proposal->files[number];

		file->format = kp_format_by_path(kp_str_of(path))->name;
		file->unseen =
		    script->reader->read(script->reader->ctx, path) == NULL;
	}
	return number;
}

static void
leave(struct script *script, const char *what)
{
	kp_proposal_note(script->proposal, "%s:%u: %s",
	    base_of(script->src->name), script->line, what);
}

/* The key or marker of a file gets a value. */
static void
add_set(struct script *script, const char *path, struct kp_str key,
    const char *value, const char *what)
{
	size_t number = add_file(script, path);
	const struct kp_source *src =
	    script->reader->read(script->reader->ctx, path);
	struct kp_proposed_rule *rule;
	struct kp_buf why = { 0 };

	if (number == KP_PROPOSAL_NO_FILE)
		return;
	if (!is_looked_up(value) &&
	    (kp_guess_names_secret(key) ||
	        kp_guess_shows_secret(kp_str_of(value)) != NULL)) {
		leave(script, "a secret in plain text: make it a secret");
		return;
	}
	describe(script, what, &why);
	if (!kp_buf_ok(&why))
		script->proposal->failed = true;
	else if (src == NULL ||
	    !kp_survey_find(script->proposal, number,
	        kp_format_by_path(kp_str_of(path)), src, key, value, why.data,
	        script->diags)) {
		if (src != NULL)
			kp_buf_add_text(&why, "; which value is it?");
		rule = kp_buf_ok(&why) ?
		    kp_proposal_add_rule(script->proposal, KP_PROPOSED_SET,
		        number, key, value, why.data) :
		    NULL;
		if (rule != NULL)
			rule->unsure = true;
	}
	need_names(script->proposal, value);
	kp_buf_wipe(&why);
}

/* --- sed --- */

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

/* "s/SEARCH/REPLACE/flags"; the mark may be any character. */
static bool
split_sed(const char *text, struct kp_str *search, struct kp_str *replace)
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

	if (!next_expansion(&replace, &before, &expansion))
		return false;
	kp_buf_add_char(word, KP_SHELL_OPEN);
	kp_buf_add(word, expansion);
	kp_buf_add_char(word, KP_SHELL_CLOSE);
	return kp_buf_ok(word);
}

static unsigned
parameter_number(const struct script *script, struct kp_str text)
{
	char digits[2];
	char *copy = strndup(text.ptr, text.len);
	const char *of =
	    copy == NULL ? NULL : parameter_of(script, copy, digits);
	unsigned number = of == NULL ? 0 : (unsigned)(of[0] - '0');

	free(copy);
	return number;
}

/* A sed in a function whose parameters say what and which. */
static bool
take_setter(struct script *script, struct kp_str search, struct kp_str replace,
    const char *file)
{
	unsigned key_at = parameter_number(script, search);
	unsigned value_at = parameter_number(script, replace);
	unsigned file_at = parameter_number(script, kp_str_of(file));
	char *path = file_at == 0 ? path_of(script, file) : strdup("");
	struct setter *setter;

	/* The key may stand in the replacement again: the other one is it. */
	if (value_at == key_at) {
		struct kp_str rest = replace, before, expansion;

		while (value_at == key_at &&
		    next_expansion(&rest, &before, &expansion))
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
	*setter = (struct setter){ strdup(script->function), path, key_at,
		value_at, file_at };
	if (setter->name == NULL) {
		free(path);
		script->proposal->failed = true;
		return false;
	}
	script->nsetters++;
	return true;
}

static void
take_expression(struct script *script, const char *expression, const char *file)
{
	struct kp_buf key = { 0 }, word = { 0 }, value = { 0 };
	struct kp_str search, replace;
	char *path;

	if (!split_sed(expression, &search, &replace)) {
		leave(script, "a sed that is no substitution");
		return;
	}
	if (script->function != NULL &&
	    take_setter(script, search, replace, file))
		return;
	path = path_of(script, file);
	add_key(search, &key);
	if (path != NULL && key.len > 0 && kp_buf_ok(&key) &&
	    find_replacement(replace, &word) &&
	    add_value(script, word.data, &value))
		add_set(script, path, kp_buf_view(&key), value.data,
		    "sed put it in");
	else
		leave(script, "a sed whose key, value or file is not plain");
	free(path);
	kp_buf_wipe(&key);
	kp_buf_wipe(&word);
	kp_buf_wipe(&value);
}

static bool
takes_argument(const char *option)
{
	return is(option, "-e") || is(option, "--expression") ||
	    is(option, "-f");
}

/* sed -i [-e] EXPRESSION ... FILE */
static void
take_sed(struct script *script, char **words, size_t count)
{
	const char *file = count > 1 ? words[count - 1] : "";
	bool in_place = false, given = false;
	size_t i;

	for (i = 1; i + 1 < count; i++) {
		if (takes_argument(words[i])) {
			given = true;
			i++;
		} else if (strncmp(words[i], "-", 1) == 0) {
			in_place = in_place ||
			    (words[i][1] != '-' &&
			        strchr(words[i], 'i') != NULL) ||
			    strncmp(words[i], "--in-place", 10) == 0;
		}
	}
	if (!in_place)
		return;
	for (i = 1; i + 1 < count; i++) {
		if (takes_argument(words[i]))
			take_expression(script, words[++i], file);
		else if (words[i][0] != '-' && !given) {
			take_expression(script, words[i], file);
			given = true;
		}
	}
}

static const struct setter *
find_setter(const struct script *script, const char *name)
{
	size_t i;

	for (i = 0; i < script->nsetters; i++) {
		if (is(name, script->setters[i].name))
			return &script->setters[i];
	}
	return NULL;
}

static void
take_setter_call(struct script *script, const struct setter *setter,
    char **words, size_t count)
{
	struct kp_buf value = { 0 };
	char *path;

	if (setter->key_at >= count || setter->value_at >= count ||
	    setter->file_at >= count)
		return;
	path = setter->file_at == 0 ? strdup(setter->file) :
	                              path_of(script, words[setter->file_at]);
	if (path != NULL && add_value(script, words[setter->value_at], &value))
		add_set(script, path, kp_str_of(words[setter->key_at]),
		    value.data, "sed put it in");
	else
		leave(script, "a value or a file that is not plain");
	free(path);
	kp_buf_wipe(&value);
}

/* --- other commands --- */

static void
add_export(struct script *script, struct kp_str name, const char *value,
    const char *what)
{
	struct kp_buf why = { 0 };
	size_t i;

	for (i = 0; i < script->proposal->nrules; i++) {
		if (script->proposal->rules[i].kind == KP_PROPOSED_EXPORT &&
		    kp_str_is(name, script->proposal->rules[i].key))
			return;
	}
	describe(script, what, &why);
	if (kp_buf_ok(&why) &&
	    kp_proposal_add_rule(script->proposal, KP_PROPOSED_EXPORT,
	        KP_PROPOSAL_NO_FILE, name, value, why.data) != NULL)
		need_names(script->proposal, value);
	kp_buf_wipe(&why);
}

static void
take_export(struct script *script, char **words, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		struct kp_str name = kp_str_of(words[i]);
		const struct variable *variable;
		const char *value;

		if (is_assignment(words[i], &name, &value))
			take_assignment(script, name, value);
		if (!kp_str_is_name(name) || script->function != NULL)
			continue;
		variable = find_variable(script, name);
		if (variable != NULL && is_looked_up(variable->value))
			add_export(script, name, variable->value,
			    "it exports this");
	}
}

/* file_env NAME [DEFAULT] of the official images. */
static void
take_file_env(struct script *script, char **words, size_t count)
{
	struct kp_str name = kp_str_of(count > 1 ? words[1] : "");
	struct kp_buf value = { 0 };

	if (!kp_str_is_name(name))
		return;
	kp_buf_add_format(&value, "${%s", words[1]);
	if (count > 2 && !has_expansion(words[2]) &&
	    is_plain_default(name, kp_str_of(words[2])))
		kp_buf_add_format(&value, ":-%s", words[2]);
	kp_buf_add_char(&value, '}');
	if (kp_buf_ok(&value)) {
		set_variable(script, name, value.data, NULL);
		add_export(script, name, value.data,
		    "file_env looked for it, and for a file of it");
	}
	kp_buf_wipe(&value);
}

static void
replace_text(char **place, const char *text)
{
	if (!kp_proposal_can_hold(kp_str_of(text)))
		return;
	free(*place);
	*place = strdup(text);
}

/* chown USER:GROUP FILE..., chmod MODE FILE...: of files that have rules. */
static void
take_change(struct script *script, char **words, size_t count, bool owner)
{
	size_t i, j;

	for (i = 2; i < count && words[1][0] != '-'; i++) {
		char *path = path_of(script, words[i]);

		for (j = 0; path != NULL && j < script->proposal->nfiles; j++) {
			struct kp_proposed_file *file =
			    &script->proposal->files[j];

			if (strcmp(file->path, path) != 0 ||
			    has_expansion(words[1]))
				continue;
			if (owner)
				replace_text(&file->owner, words[1]);
			else if (strspn(words[1], "01234567") ==
			    strlen(words[1]))
				replace_text(&file->mode, words[1]);
		}
		free(path);
	}
}

static const char *
word_behind(char **words, size_t count, const char *mark)
{
	size_t i;

	for (i = 0; i + 1 < count; i++) {
		if (is(words[i], mark))
			return words[i + 1];
	}
	return "";
}

/* envsubst [NAMES] < SOURCE > FILE */
static void
take_envsubst(struct script *script, char **words, size_t count)
{
	char *from = path_of(script, word_behind(words, count, "<"));
	char *to = path_of(script, word_behind(words, count, ">"));
	struct kp_proposed_file *file;
	size_t number;

	if (from == NULL || to == NULL) {
		leave(script, "envsubst with files that are not plain");
	} else {
		number = kp_proposal_add_file(script->proposal, to);
		if (number != KP_PROPOSAL_NO_FILE) {
			file = &script->proposal->files[number];
			file->format = kp_format_by_path(kp_str_of(to))->name;
			file->syntax = "envsubst";
			replace_text(&file->source, from);
			file->unseen = script->reader->read(script->reader->ctx,
			                   from) == NULL;
		}
	}
	free(from);
	free(to);
}

/* A host, a port, or both with a colon. */
static bool
is_plain_place(const char *text)
{
	return strspn(text,
	           "abcdefghijklmnopqrstuvwxyz"
	           "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:") == strlen(text);
}

static void
add_wait(struct script *script, const char *host, const char *port)
{
	struct kp_buf url = { 0 };

	if (!is_plain_place(host) || !is_plain_place(port)) {
		leave(script, "waits for a place that it is told: --wait URL");
		return;
	}
	kp_buf_add_format(&url, "tcp://%s%s%s", host,
	    port[0] == '\0' ? "" : ":", port);
	if (!kp_buf_ok(&url) ||
	    (!kp_list_has(&script->proposal->waits, url.data) &&
	        !kp_list_add(&script->proposal->waits, url.data)))
		script->proposal->failed = true;
	kp_buf_wipe(&url);
}

/* wait-for-it HOST:PORT, nc -z HOST PORT */
static void
take_wait(struct script *script, char **words, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		if (words[i][0] == '-')
			continue;
		if (strchr(words[i], ':') != NULL)
			add_wait(script, words[i], "");
		else if (i + 1 < count)
			add_wait(script, words[i], words[i + 1]);
		return;
	}
}

/* --- the exec at the end --- */

static void
set_command(struct script *script, char **words, size_t count)
{
	struct kp_buf text = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		/* "$@" is what the image has for CMD. */
		if (has_expansion(words[i]) || strchr(words[i], '"') != NULL)
			break;
		kp_buf_add_format(&text, "%s\"%s\"", i == 0 ? "" : ", ",
		    words[i]);
	}
	if (kp_buf_ok(&text) && text.len > 0) {
		free(script->proposal->command);
		script->proposal->command = text.data;
		text = (struct kp_buf){ 0 };
	}
	kp_buf_wipe(&text);
}

/* gosu USER, su-exec USER, tini --: off the words of an exec. */
static void
take_exec(struct script *script, char **words, size_t count)
{
	size_t at = 0;

	while (at < count) {
		const char *name = base_of(words[at]);

		if (is(name, "gosu") || is(name, "su-exec")) {
			if (at + 1 < count && !has_expansion(words[at + 1]))
				replace_text(&script->proposal->user,
				    words[at + 1]);
			else
				leave(script, "the user is a variable: --user");
			at += at + 1 < count ? 2 : 1;
		} else if (is(name, "tini") || is(name, "dumb-init") ||
		    is(name, "catatonit") || is(name, "env")) {
			at++;
			while (at < count && words[at][0] == '-')
				at++;
		} else {
			break;
		}
	}
	set_command(script, words + at, count - at);
}

/* --- the whole script --- */

static bool
is_keyword(const char *word)
{
	static const char *const words[] = { "if", "then", "else", "elif",
		"while", "until", "do", "!", "{", "local", "declare", "typeset",
		"readonly" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (is(word, words[i]))
			return true;
	}
	return false;
}

/* What keyplate does by itself, or what says nothing. */
static bool
is_of_no_matter(const char *word)
{
	static const char *const words[] = { "set", "[", "[[", "test", "fi",
		"done", "esac", "case", "for", "}", "echo", "printf", "exit",
		"return", "true", "false", ":", "shift", "unset", "cat",
		"sleep", "umask", "cd", "mkdir", "break", "continue" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (is(word, words[i]))
			return true;
	}
	return false;
}

/* "cat >FILE <<END", "echo ... >>FILE": a text with variables in it. */
static void
take_output(struct script *script, char **words, size_t count)
{
	const char *to = word_behind(words, count, ">");
	const char *more = word_behind(words, count, ">>");

	if (is(word_behind(words, count, "<<"), "") &&
	    !is(words[count - 1], "<<") && more[0] == '\0')
		return;
	if (strncmp(to, "/dev/", 5) == 0 || strncmp(more, "/dev/", 5) == 0 ||
	    is(to, "2") || is(to, "1") || is(more, "1") || is(more, "2"))
		return;
	if (to[0] != '\0' || more[0] != '\0')
		leave(script,
		    "it writes a file: make a template of that text, with "
		    "${...} in it");
}

static void
take_function(struct script *script, const char *word)
{
	size_t len = strlen(word);

	free(script->function);
	script->function = strndup(word, len > 2 ? len - 2 : len);
	if (script->function == NULL)
		script->proposal->failed = true;
}

static void
end_function(struct script *script)
{
	free(script->function);
	script->function = NULL;
}

static void
take_words(struct script *script, char **words, size_t count)
{
	const struct setter *setter;
	struct kp_str name;
	const char *value, *first;

	while (count > 0 && is_keyword(words[0])) {
		words++;
		count--;
	}
	while (count > 0 && is_assignment(words[0], &name, &value)) {
		take_assignment(script, name, value);
		words++;
		count--;
	}
	if (count == 0)
		return;
	first = base_of(words[0]);
	setter = find_setter(script, words[0]);
	if (kp_str_ends(kp_str_of(words[0]), "()"))
		take_function(script, words[0]);
	else if (is(first, "function") && count > 1)
		take_function(script, words[1]);
	else if (is(first, "}"))
		end_function(script);
	else if (setter != NULL)
		take_setter_call(script, setter, words, count);
	else if (is(first, "sed"))
		take_sed(script, words, count);
	else if (is(first, "export"))
		take_export(script, words, count);
	else if (is(first, "file_env") && script->function == NULL)
		take_file_env(script, words, count);
	else if (is(first, "chown") || is(first, "chmod"))
		take_change(script, words, count, is(first, "chown"));
	else if (is(first, "envsubst"))
		take_envsubst(script, words, count);
	else if (strncmp(first, "wait-for", 8) == 0 || is(first, "nc"))
		take_wait(script, words, count);
	else if (is(first, "exec"))
		take_exec(script, words + 1, count - 1);
	else if (is_of_no_matter(first))
		take_output(script, words, count);
	else if (script->function == NULL)
		leave(script,
		    "keyplate does not run this: keep it in a script that "
		    "it starts");
}

static void
wipe(struct script *script)
{
	size_t i;

	for (i = 0; i < script->nvariables; i++) {
		free(script->variables[i].name);
		free(script->variables[i].value);
		free(script->variables[i].of);
	}
	for (i = 0; i < script->nsetters; i++) {
		free(script->setters[i].name);
		free(script->setters[i].file);
	}
	free(script->variables);
	free(script->setters);
	free(script->function);
}

bool
kp_script_survey(struct kp_proposal *proposal, const struct kp_source *src,
    const struct kp_script_reader *reader, struct kp_diags *diags)
{
	struct script script = {
		.proposal = proposal,
		.src = src,
		.reader = reader,
		.diags = diags,
	};
	struct kp_shell shell = { .text = src->text };
	struct kp_shell_command command;

	while (kp_shell_next(&shell, &command)) {
		script.line = kp_source_place(src, command.start).line;
		take_words(&script, command.words.items, command.words.count);
		kp_shell_command_free(&command);
	}
	kp_shell_command_free(&command);
	if (shell.failed)
		proposal->failed = true;
	kp_shell_free(&shell);
	wipe(&script);
	return !proposal->failed || kp_diag_nomem(diags);
}
