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
#include "core/script_parts.h"

#include "core/guess.h"
#include "core/shell.h"
#include "core/survey.h"

#include <stdlib.h>
#include <string.h>

/* --- rules --- */

static void
describe(const struct kp_script *script, const char *what, struct kp_buf *why)
{
	kp_buf_add_format(why, "line %u of %s: %s", script->line,
	    kp_script_base(script->src->name), what);
}

static size_t
add_file(struct kp_script *script, const char *path)
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

void
kp_script_leave(struct kp_script *script, const char *what)
{
	kp_proposal_note(script->proposal, "%s:%u: %s",
	    kp_script_base(script->src->name), script->line, what);
}

void
kp_script_add_set(struct kp_script *script, const char *path, struct kp_str key,
    const char *value, const char *what)
{
	size_t number = add_file(script, path);
	const struct kp_source *src =
	    script->reader->read(script->reader->ctx, path);
	struct kp_proposed_rule *rule;
	struct kp_buf why = { 0 };

	if (number == KP_PROPOSAL_NO_FILE)
		return;
	if (!kp_script_looks_up(value) &&
	    (kp_guess_names_secret(key) ||
	        kp_guess_shows_secret(kp_str_of(value)) != NULL)) {
		kp_script_leave(script,
		    "a secret in plain text: make it a secret");
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
	kp_script_need_names(script->proposal, value);
	kp_buf_wipe(&why);
}

/* --- other commands --- */

static void
add_export(struct kp_script *script, struct kp_str name, const char *value,
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
		kp_script_need_names(script->proposal, value);
	kp_buf_wipe(&why);
}

static void
take_export(struct kp_script *script, char **words, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		struct kp_str name = kp_str_of(words[i]);
		const struct kp_script_variable *variable;
		const char *value;

		if (kp_script_is_assignment(words[i], &name, &value))
			kp_script_assign(script, name, value);
		if (!kp_str_is_name(name) || script->function != NULL)
			continue;
		variable = kp_script_find(script, name);
		if (variable != NULL && kp_script_looks_up(variable->value))
			add_export(script, name, variable->value,
			    "it exports this");
	}
}

/* file_env NAME [DEFAULT] of the official images. */
static void
take_file_env(struct kp_script *script, char **words, size_t count)
{
	struct kp_str name = kp_str_of(count > 1 ? words[1] : "");
	struct kp_buf value = { 0 };

	if (!kp_str_is_name(name))
		return;
	kp_buf_add_format(&value, "${%s", words[1]);
	if (count > 2 && !kp_script_expands(words[2]) &&
	    kp_script_is_plain_default(name, kp_str_of(words[2])))
		kp_buf_add_format(&value, ":-%s", words[2]);
	kp_buf_add_char(&value, '}');
	if (kp_buf_ok(&value)) {
		kp_script_set(script, name, value.data, NULL);
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
take_change(struct kp_script *script, char **words, size_t count, bool owner)
{
	size_t i, j;

	for (i = 2; i < count && words[1][0] != '-'; i++) {
		char *path = kp_script_path(script, words[i]);

		for (j = 0; path != NULL && j < script->proposal->nfiles; j++) {
			struct kp_proposed_file *file =
			    &script->proposal->files[j];

			if (strcmp(file->path, path) != 0 ||
			    kp_script_expands(words[1]))
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
		if (kp_script_is(words[i], mark))
			return words[i + 1];
	}
	return "";
}

/* The word that names what envsubst puts in; NULL: it puts in all. */
static const char *
find_names(char **words, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		if (words[i][0] == '<' || words[i][0] == '>')
			i++;
		else if (words[i][0] == '-' || strchr(words[i], '$') != NULL ||
		    kp_script_expands(words[i]))
			return words[i];
	}
	return NULL;
}

/* "$A ${B}" as "A, B". */
static void
list_names(const char *word, struct kp_buf *names)
{
	while ((word = strchr(word, '$')) != NULL) {
		size_t len = 0;

		word += word[1] == '{' ? 2 : 1;
		while (kp_is_alnum(word[len]) || word[len] == '_')
			len++;
		if (len > 0 && names->len > 0)
			kp_buf_add_text(names, ", ");
		kp_buf_add(names, kp_str_make(word, len));
	}
}

/* Other names are text to envsubst, and to only. */
static void
take_names(struct kp_script *script, struct kp_proposed_file *file,
    const char *word)
{
	static const char command[] = { KP_SHELL_OPEN, '(', '\0' };
	struct kp_buf names = { 0 };

	/* $(env | cut ...): of whatever is set, as nginx's image has it. */
	if (strstr(word, command) != NULL && strstr(word, "env") != NULL) {
		file->syntax = "nginx";
	} else if (kp_script_expands(word) || word[0] == '-') {
		kp_script_leave(script,
		    "envsubst of names that it is told: only = NAME, ...");
	} else {
		list_names(word, &names);
		replace_text(&file->only, kp_buf_view(&names).ptr);
	}
	if (!kp_buf_ok(&names))
		script->proposal->failed = true;
	kp_buf_wipe(&names);
}

/* envsubst [NAMES] < SOURCE > FILE */
static void
take_envsubst(struct kp_script *script, char **words, size_t count)
{
	char *from = kp_script_path(script, word_behind(words, count, "<"));
	char *to = kp_script_path(script, word_behind(words, count, ">"));
	const char *names = find_names(words, count);
	struct kp_proposed_file *file;
	size_t number;

	if (from == NULL || to == NULL) {
		kp_script_leave(script,
		    "envsubst with files that are not plain");
	} else {
		number = kp_proposal_add_file(script->proposal, to);
		if (number != KP_PROPOSAL_NO_FILE) {
			file = &script->proposal->files[number];
			file->format = kp_format_by_path(kp_str_of(to))->name;
			file->syntax = "envsubst";
			replace_text(&file->source, from);
			if (names != NULL)
				take_names(script, file, names);
			file->unseen = script->reader->read(script->reader->ctx,
			                   from) == NULL;
		}
	}
	free(from);
	free(to);
}

static bool
is_plain_host(struct kp_str host)
{
	size_t i;

	for (i = 0; i < host.len; i++) {
		if (!kp_is_alnum(host.ptr[i]) && host.ptr[i] != '.' &&
		    host.ptr[i] != '-')
			return false;
	}
	return host.len > 0 && host.ptr[0] != '-';
}

static void
add_wait(struct kp_script *script, struct kp_str host, struct kp_str port)
{
	struct kp_buf url = { 0 };
	unsigned long number;

	if (!is_plain_host(host) || !kp_str_to_number(port, 65535, &number) ||
	    number == 0) {
		kp_script_leave(script,
		    "waits for a place that it is told: --wait URL");
		return;
	}
	kp_buf_add_text(&url, "tcp://");
	kp_buf_add(&url, host);
	kp_buf_add_format(&url, ":%lu", number);
	if (!kp_buf_ok(&url) ||
	    (!kp_list_has(&script->proposal->waits, url.data) &&
	        !kp_list_add(&script->proposal->waits, url.data)))
		script->proposal->failed = true;
	kp_buf_wipe(&url);
}

/* "db:5432" as two words. */
static bool
split_place(struct kp_str place, struct kp_str *host, struct kp_str *port)
{
	size_t colon = kp_str_find(place, ':');

	if (colon == KP_NPOS)
		return false;
	*host = kp_str_slice(place, 0, colon);
	*port = kp_str_slice(place, colon + 1, place.len);
	return true;
}

/* Its own word is the argument of an option that ends in one of these. */
static bool
takes_next(const char *option, bool nc)
{
	return option[1] != '-' &&
	    strchr(nc ? "ipqswxX" : "hpt", option[strlen(option) - 1]) != NULL;
}

/* wait-for-it HOST:PORT, wait-for-it -h HOST -p PORT, nc -z HOST PORT */
static void
take_wait(struct kp_script *script, char **words, size_t count, bool nc)
{
	struct kp_str host = { "", 0 }, port = { "", 0 };
	size_t i;

	for (i = 1; i < count && port.len == 0; i++) {
		struct kp_str word = kp_str_of(words[i]);

		if (!nc && kp_str_starts(word, "--host="))
			host = kp_str_slice(word, 7, word.len);
		else if (!nc && kp_str_starts(word, "--port="))
			port = kp_str_slice(word, 7, word.len);
		else if (!nc && i + 1 < count && kp_str_is(word, "-h"))
			host = kp_str_of(words[++i]);
		else if (!nc && i + 1 < count && kp_str_is(word, "-p"))
			port = kp_str_of(words[++i]);
		else if (kp_str_starts(word, "-"))
			i += takes_next(words[i], nc);
		else if (!split_place(word, &host, &port)) {
			host = word;
			port = kp_str_of(i + 1 < count ? words[i + 1] : "");
			break;
		}
	}
	if (host.len > 0)
		add_wait(script, host, port);
}

/* --- the exec at the end --- */

static void
set_command(struct kp_script *script, char **words, size_t count)
{
	struct kp_buf text = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		/* "$@" is what the image has for CMD. */
		if (kp_script_expands(words[i]) ||
		    strchr(words[i], '"') != NULL)
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
take_exec(struct kp_script *script, char **words, size_t count)
{
	size_t at = 0;

	while (at < count) {
		const char *name = kp_script_base(words[at]);

		if (kp_script_is(name, "gosu") ||
		    kp_script_is(name, "su-exec")) {
			if (at + 1 < count && !kp_script_expands(words[at + 1]))
				replace_text(&script->proposal->user,
				    words[at + 1]);
			else
				kp_script_leave(script,
				    "the user is a variable: --user");
			at += at + 1 < count ? 2 : 1;
		} else if (kp_script_is(name, "tini") ||
		    kp_script_is(name, "dumb-init") ||
		    kp_script_is(name, "catatonit") ||
		    kp_script_is(name, "env")) {
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
		if (kp_script_is(word, words[i]))
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
		if (kp_script_is(word, words[i]))
			return true;
	}
	return false;
}

/* "cat >FILE <<END", "echo ... >>FILE": a text with variables in it. */
static void
take_output(struct kp_script *script, char **words, size_t count)
{
	const char *to = word_behind(words, count, ">");
	const char *more = word_behind(words, count, ">>");

	if (kp_script_is(word_behind(words, count, "<<"), "") &&
	    !kp_script_is(words[count - 1], "<<") && more[0] == '\0')
		return;
	if (strncmp(to, "/dev/", 5) == 0 || strncmp(more, "/dev/", 5) == 0 ||
	    kp_script_is(to, "2") || kp_script_is(to, "1") ||
	    kp_script_is(more, "1") || kp_script_is(more, "2"))
		return;
	if (to[0] != '\0' || more[0] != '\0')
		kp_script_leave(script,
		    "it writes a file: make a template of that text, with "
		    "${...} in it");
}

static void
take_function(struct kp_script *script, const char *word)
{
	struct kp_str name = kp_str_of(word);

	if (kp_str_ends(name, "()"))
		name.len -= 2;
	free(script->function);
	script->function = strndup(name.ptr, name.len);
	if (script->function == NULL)
		script->proposal->failed = true;
}

static void
end_function(struct kp_script *script)
{
	free(script->function);
	script->function = NULL;
}

static void
take_words(struct kp_script *script, char **words, size_t count)
{
	const struct kp_script_setter *setter;
	struct kp_str name;
	const char *value, *first;

	while (count > 0 && is_keyword(words[0])) {
		words++;
		count--;
	}
	while (count > 0 && kp_script_is_assignment(words[0], &name, &value)) {
		kp_script_assign(script, name, value);
		words++;
		count--;
	}
	if (count == 0)
		return;
	first = kp_script_base(words[0]);
	setter = kp_script_find_setter(script, words[0]);
	if (kp_str_ends(kp_str_of(words[0]), "()"))
		take_function(script, words[0]);
	else if (kp_script_is(first, "function") && count > 1)
		take_function(script, words[1]);
	else if (kp_script_is(first, "}"))
		end_function(script);
	else if (setter != NULL)
		kp_script_call_setter(script, setter, words, count);
	else if (kp_script_is(first, "sed"))
		kp_script_take_sed(script, words, count);
	else if (kp_script_is(first, "export"))
		take_export(script, words, count);
	else if (kp_script_is(first, "file_env") && script->function == NULL)
		take_file_env(script, words, count);
	else if (kp_script_is(first, "chown") || kp_script_is(first, "chmod"))
		take_change(script, words, count, kp_script_is(first, "chown"));
	else if (kp_script_is(first, "envsubst"))
		take_envsubst(script, words, count);
	else if (strncmp(first, "wait-for", 8) == 0)
		take_wait(script, words, count, false);
	else if (kp_script_is(first, "nc"))
		take_wait(script, words, count, true);
	else if (kp_script_is(first, "exec"))
		take_exec(script, words + 1, count - 1);
	else if (is_of_no_matter(first))
		take_output(script, words, count);
	else if (script->function == NULL)
		kp_script_leave(script,
		    "keyplate does not run this: keep it in a script that "
		    "it starts");
}

static void
wipe(struct kp_script *script)
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
	struct kp_script script = {
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
