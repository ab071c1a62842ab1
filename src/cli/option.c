/* SPDX-License-Identifier: MIT */
/* option - the table of all options, and how the values of each are read. */
#include "cli/option.h"

#include "base/duration.h"
#include "base/list.h"
#include "base/str.h"
#include "cli/varfiles.h"
#include "core/syntax.h"
#include "format/format.h"
#include "io/file.h"
#include "net/http.h"
#include "net/url.h"
#include "proc/signals.h"
#include "proc/spec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static enum kp_taken
read_bool(const char *value, bool *answer)
{
	static const char *const yes[] = { "yes", "true", "on", "1" };
	static const char *const no[] = { "no", "false", "off", "0" };
	struct kp_str word = kp_str_of(value);
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		if (kp_str_is_nocase(word, yes[i]) ||
		    kp_str_is_nocase(word, no[i])) {
			*answer = kp_str_is_nocase(word, yes[i]);
			return KP_TAKEN;
		}
	}
	return KP_UNFIT;
}

static enum kp_taken
take_on(void *field, const char *value)
{
	return read_bool(value == NULL ? "yes" : value, field);
}

/* For what is on unless told otherwise: the field says that it is off. */
static enum kp_taken
take_off(void *field, const char *value)
{
	bool answer;

	if (read_bool(value == NULL ? "yes" : value, &answer) != KP_TAKEN)
		return KP_UNFIT;
	*(bool *)field = !answer;
	return KP_TAKEN;
}

static enum kp_taken
take_count(void *field, const char *value)
{
	unsigned *count = field;
	unsigned long number;

	if (value == NULL) {
		(*count)++;
		return KP_TAKEN;
	}
	if (!kp_str_to_number(kp_str_of(value), 9, &number))
		return KP_UNFIT;
	*count = (unsigned)number;
	return KP_TAKEN;
}

static enum kp_taken
take_any(void *field, const char *value)
{
	*(const char **)field = value;
	return KP_TAKEN;
}

static enum kp_taken
take_text(void *field, const char *value)
{
	return *value == '\0' ? KP_UNFIT : take_any(field, value);
}

static enum kp_taken
take_format(void *field, const char *value)
{
	if (kp_format_by_name(kp_str_of(value)) == NULL)
		return KP_UNFIT;
	return take_any(field, value);
}

static enum kp_taken
take_syntax(void *field, const char *value)
{
	struct kp_syntax syntax;

	kp_syntax_init(&syntax);
	return kp_syntax_set_profile(&syntax, value) ? take_any(field, value) :
	                                               KP_UNFIT;
}

static enum kp_taken
take_delimiters(void *field, const char *value)
{
	struct kp_syntax syntax;

	kp_syntax_init(&syntax);
	return kp_syntax_set_delimiters(&syntax, value) ?
	    take_any(field, value) :
	    KP_UNFIT;
}

static enum kp_taken
take_mode(void *field, const char *value)
{
	mode_t mode;

	return kp_file_parse_mode(value, &mode) ? take_any(field, value) :
	                                          KP_UNFIT;
}

static bool
in_range(const char *value, unsigned long least, unsigned long most)
{
	unsigned long number;

	return kp_str_to_number(kp_str_of(value), most, &number) &&
	    number >= least;
}

static enum kp_taken
take_score(void *field, const char *value)
{
	const char *digits = *value == '-' ? value + 1 : value;

	return in_range(digits, 0, 1000) ? take_any(field, value) : KP_UNFIT;
}

/* 0 would tell the world that what failed went well. */
static enum kp_taken
take_failure(void *field, const char *value)
{
	unsigned long number;

	if (!kp_str_to_number(kp_str_of(value), 255, &number) || number == 0)
		return KP_UNFIT;
	*(int *)field = (int)number;
	return KP_TAKEN;
}

/* The power of two of a final K, M or G; 0 for none. */
static unsigned
suffix_shift(struct kp_str text)
{
	char last = text.len == 0 ? '\0' : kp_to_upper(text.ptr[text.len - 1]);

	return last == 'K' ? 10 : last == 'M' ? 20 : last == 'G' ? 30 : 0;
}

static enum kp_taken
take_size(void *field, const char *value)
{
	struct kp_str text = kp_str_of(value);
	unsigned shift = suffix_shift(text);
	unsigned long number;

	if (shift != 0)
		text.len--;
	if (!kp_str_to_number(text, SIZE_MAX / 2 >> shift, &number) ||
	    number == 0)
		return KP_UNFIT;
	*(unsigned long *)field = number << shift;
	return KP_TAKEN;
}

static enum kp_taken
take_duration(void *field, const char *value)
{
	return kp_duration_parse(kp_str_of(value), field) ? KP_TAKEN : KP_UNFIT;
}

/* Without any time there is nothing to wait for. */
static enum kp_taken
take_span(void *field, const char *value)
{
	long ms;

	if (!kp_duration_parse(kp_str_of(value), &ms) || ms == 0)
		return KP_UNFIT;
	*(long *)field = ms;
	return KP_TAKEN;
}

/* The number of a word in a list that is ended by NULL; KP_NPOS: none. */
static size_t
find_word(const char *const *words, const char *value)
{
	size_t i;

	for (i = 0; words[i] != NULL; i++) {
		if (strcmp(value, words[i]) == 0)
			return i;
	}
	return KP_NPOS;
}

static const char *const *
receiver_words(void)
{
	static const char *const words[] = { "child", "group", NULL };

	return words;
}

static enum kp_taken
take_receiver(void *field, const char *value)
{
	size_t i = find_word(receiver_words(), value);

	if (i == KP_NPOS)
		return KP_UNFIT;
	*(bool *)field = i == 1;
	return KP_TAKEN;
}

static const char *const *
log_format_words(void)
{
	static const char *const words[] = {
		[KP_LOG_TEXT] = "text",
		[KP_LOG_JSON] = "json",
		[KP_LOG_GCC] = "gcc",
		[KP_LOG_GITHUB] = "github",
		NULL,
	};

	return words;
}

static enum kp_taken
take_log_format(void *field, const char *value)
{
	size_t i = find_word(log_format_words(), value);

	if (i == KP_NPOS)
		return KP_UNFIT;
	*(enum kp_log_format *)field = (enum kp_log_format)i;
	return KP_TAKEN;
}

static const char *const *
color_words(void)
{
	static const char *const words[] = { "auto", "always", "never", NULL };

	return words;
}

static enum kp_taken
take_color(void *field, const char *value)
{
	static const int colors[] = { 0, 1, -1 };
	size_t i = find_word(color_words(), value);

	if (i == KP_NPOS)
		return KP_UNFIT;
	*(int *)field = colors[i];
	return KP_TAKEN;
}

static enum kp_taken
add_text(void *field, const char *value)
{
	if (*value == '\0')
		return KP_UNFIT;
	return kp_list_add(field, value) ? KP_TAKEN : KP_NO_MEMORY;
}

static enum kp_taken
add_part(void *field, struct kp_str part)
{
	char *text = strndup(part.ptr, part.len);
	bool added = text != NULL && kp_list_add(field, text);

	free(text);
	return added ? KP_TAKEN : KP_NO_MEMORY;
}

/* One part, or several with commas, each of which fits. */
static enum kp_taken
add_parts(void *field, const char *value, bool (*fits)(struct kp_str part))
{
	struct kp_str rest = kp_str_of(value);
	enum kp_taken taken = KP_TAKEN;
	size_t comma = 0;

	while (taken == KP_TAKEN && comma != KP_NPOS) {
		struct kp_str part;

		comma = kp_str_find(rest, ',');
		part = comma == KP_NPOS ? rest : kp_str_slice(rest, 0, comma);
		taken = fits(part) ? add_part(field, part) : KP_UNFIT;
		if (comma != KP_NPOS)
			rest = kp_str_slice(rest, comma + 1, rest.len);
	}
	return taken;
}

static enum kp_taken
add_names(void *field, const char *value)
{
	return add_parts(field, value, kp_str_is_name);
}

static bool
is_not_empty(struct kp_str part)
{
	return part.len > 0;
}

/* Patterns; alone, or as yes: files below directories of secrets; no: none. */
static enum kp_taken
add_varfiles(void *field, const char *value)
{
	bool answer = true;

	if (value != NULL && read_bool(value, &answer) != KP_TAKEN)
		return add_parts(field, value, is_not_empty);
	if (answer)
		return add_text(field, KP_VARFILES_SECRETS);
	kp_list_free(field);
	return KP_TAKEN;
}

static bool
is_status_range(struct kp_str part)
{
	unsigned least, most;

	return kp_http_range(part, &least, &most);
}

static enum kp_taken
add_expected(void *field, const char *value)
{
	return add_parts(field, value, is_status_range);
}

/* The value may hold placeholders, the name not. */
static enum kp_taken
add_header(void *field, const char *value)
{
	size_t colon = kp_str_find(kp_str_of(value), ':');

	if (colon == KP_NPOS || !kp_http_is_token(kp_str_make(value, colon)))
		return KP_UNFIT;
	return add_text(field, value);
}

/* FILE:PATH=VALUE, none of the first two empty. */
static enum kp_taken
add_set(void *field, const char *value)
{
	const char *equals = strchr(value, '=');
	const char *colon = strchr(value, ':');

	if (equals == NULL || colon == NULL || colon == value ||
	    colon > equals || equals == colon + 1)
		return KP_UNFIT;
	return add_text(field, value);
}

static enum kp_taken
add_export(void *field, const char *value)
{
	size_t equals = kp_str_find(kp_str_of(value), '=');

	if (equals == KP_NPOS || !kp_str_is_name(kp_str_make(value, equals)))
		return KP_UNFIT;
	return add_text(field, value);
}

static enum kp_taken
add_status(void *field, const char *value)
{
	return in_range(value, 0, 255) ? add_text(field, value) : KP_UNFIT;
}

static enum kp_taken
add_status_pair(void *field, const char *value)
{
	struct kp_str from, to;
	unsigned long number;

	if (!kp_spec_split(kp_str_of(value), &from, &to) ||
	    !kp_str_to_number(from, 255, &number) ||
	    !kp_str_to_number(to, 255, &number))
		return KP_UNFIT;
	return add_text(field, value);
}

static bool
is_signal(struct kp_str name)
{
	int number;

	return kp_signals_parse(name, &number);
}

static enum kp_taken
take_signal(void *field, const char *value)
{
	return is_signal(kp_str_of(value)) ? take_any(field, value) : KP_UNFIT;
}

static enum kp_taken
take_action(void *field, const char *value)
{
	return strcmp(value, KP_OPTIONS_RESTART) == 0 ?
	    take_any(field, value) :
	    take_signal(field, value);
}

static enum kp_taken
add_rewrite(void *field, const char *value)
{
	struct kp_str from, to;

	if (!kp_spec_split(kp_str_of(value), &from, &to) || !is_signal(from) ||
	    !(kp_str_is(to, "0") || is_signal(to)))
		return KP_UNFIT;
	return add_text(field, value);
}

static enum kp_taken
add_delay(void *field, const char *value)
{
	struct kp_str name, span;
	long ms;

	if (!kp_spec_split(kp_str_of(value), &name, &span) ||
	    !is_signal(name) || !kp_duration_parse(span, &ms))
		return KP_UNFIT;
	return add_text(field, value);
}

static const struct kp_option_kind on = {
	.take = take_on,
	.wants = "yes or no",
	.alone = true,
};

static const struct kp_option_kind off = {
	.take = take_off,
	.wants = "yes or no",
	.alone = true,
};

static const struct kp_option_kind count = {
	.take = take_count,
	.wants = "a number from 0 to 9",
	.alone = true,
};

static const struct kp_option_kind any = {
	.take = take_any,
	.wants = "a text",
};

static const struct kp_option_kind text = {
	.take = take_text,
	.wants = "a text that is not empty",
};

static const struct kp_option_kind format = {
	.take = take_format,
	.wants = "the name of a format, such as ini/grafana",
	.words = kp_format_names,
};

static const struct kp_option_kind syntax = {
	.take = take_syntax,
	.wants = "the name of a syntax, such as envsubst",
	.words = kp_syntax_names,
};

static const struct kp_option_kind delimiters = {
	.take = take_delimiters,
	.wants = "two marks with a blank between them, such as '{{ }}'",
};

static const struct kp_option_kind mode = {
	.take = take_mode,
	.wants = "a file mode from 0000 to 0777",
};

static const struct kp_option_kind score = {
	.take = take_score,
	.wants = "a number from -1000 to 1000",
};

static const struct kp_option_kind failure = {
	.take = take_failure,
	.wants = "an exit status from 1 to 255",
};

static const struct kp_option_kind size = {
	.take = take_size,
	.wants = "a size such as 4096, 64K or 2M",
};

static const struct kp_option_kind signal_name = {
	.take = take_signal,
	.wants = "the name or number of a signal, such as TERM",
};

static const struct kp_option_kind action = {
	.take = take_action,
	.wants = "restart, or the name of a signal, such as HUP",
};

static const struct kp_option_kind duration = {
	.take = take_duration,
	.wants = "a duration " KP_DURATION_FORMS,
};

static const struct kp_option_kind span = {
	.take = take_span,
	.wants = "a duration above 0, " KP_DURATION_FORMS,
};

static const struct kp_option_kind receiver = {
	.take = take_receiver,
	.wants = "child or group",
	.words = receiver_words,
};

static const struct kp_option_kind log_format = {
	.take = take_log_format,
	.wants = "text, json, gcc or github",
	.words = log_format_words,
};

static const struct kp_option_kind color = {
	.take = take_color,
	.wants = "auto, always or never",
	.words = color_words,
};

static const struct kp_option_kind paths = {
	.take = add_text,
	.wants = "a path",
	.list = true,
	.split = ':',
};

static const struct kp_option_kind texts = {
	.take = add_text,
	.wants = "SRC or SRC:DST",
	.list = true,
};

static const struct kp_option_kind names = {
	.take = add_names,
	.wants = "names of variables with commas between them",
	.list = true,
	.split = ',',
};

static const struct kp_option_kind sets = {
	.take = add_set,
	.wants = "FILE:PATH=VALUE",
	.list = true,
	.secret = true,
};

static const struct kp_option_kind exports = {
	.take = add_export,
	.wants = "NAME=VALUE, the name of letters, digits and _",
	.list = true,
	.secret = true,
};

static const struct kp_option_kind urls = {
	.take = add_text,
	.wants = "a URL: " KP_URL_FORMS,
	.list = true,
	.secret = true,
	.split = ',',
};

static const struct kp_option_kind expected = {
	.take = add_expected,
	.wants = "a status from 100 to 599, or a range such as 200-399",
	.list = true,
	.split = ',',
};

static const struct kp_option_kind headers = {
	.take = add_header,
	.wants = "NAME:VALUE, the name of letters, digits and \"-\"",
	.list = true,
	.secret = true,
};

static const struct kp_option_kind secret_text = {
	.take = take_text,
	.wants = "a text that is not empty",
	.secret = true,
};

static const struct kp_option_kind words = {
	.take = add_text,
	.wants = "a name",
	.list = true,
	.split = ',',
};

static const struct kp_option_kind varfiles = {
	.take = add_varfiles,
	.wants = "yes, no, or patterns with commas between them",
	.list = true,
	.alone = true,
	.split = ',',
};

static const struct kp_option_kind statuses = {
	.take = add_status,
	.wants = "an exit status from 0 to 255",
	.list = true,
	.split = ',',
};

static const struct kp_option_kind status_pairs = {
	.take = add_status_pair,
	.wants = "two exit statuses, such as 143:0",
	.list = true,
	.split = ',',
};

static const struct kp_option_kind rewrites = {
	.take = add_rewrite,
	.wants = "two signals, such as TERM:QUIT or HUP:0",
	.list = true,
	.split = ',',
};

static const struct kp_option_kind delays = {
	.take = add_delay,
	.wants = "a signal and a duration, such as TERM:5s",
	.list = true,
	.split = ',',
};

#define FIELD(name) offsetof(struct kp_options, name)
#define BIT(command) (1u << (command))

const struct kp_option kp_option_table[] = {
	{ "config", 'c', "FILE|DIR", &paths, FIELD(configs), KP_GROUP_PLACES, 0,
	    true, "rule file, or a directory of *.conf" },
	{ "secrets", 's', "DIR", &paths, FIELD(secrets), KP_GROUP_PLACES, 0,
	    true, "where secrets are; the first hit wins" },
	{ "env-file", 'e', "FILE", &paths, FIELD(env_files), KP_GROUP_PLACES, 0,
	    false, "KEY=VALUE lines; the real environment wins" },
	{ "root", '\0', "DIR", &text, FIELD(root), KP_GROUP_PLACES, 0, false,
	    "take absolute paths as below DIR" },
	{ "max", '\0', "SIZE", &size, FIELD(max_secret), KP_GROUP_PLACES, 0,
	    false, "the largest secret; default 1M" },
	{ "template", 't', "SRC[:DST]", &texts, FIELD(templates),
	    KP_GROUP_RENDER, 0, true, "a template, or a tree of them" },
	{ "format", 'f', "NAME", &format, FIELD(format), KP_GROUP_RENDER, 0,
	    true, "format of the files named here" },
	{ "set", '\0', "FILE:PATH=VALUE", &sets, FIELD(sets), KP_GROUP_RENDER,
	    0, true, "set one value in a file" },
	{ "export", '\0', "NAME=VALUE", &exports, FIELD(exports),
	    KP_GROUP_RENDER, 0, false, "a variable for COMMAND" },
	{ "syntax", '\0', "PROFILE", &syntax, FIELD(syntax), KP_GROUP_RENDER, 0,
	    false, "whose placeholders the templates have" },
	{ "delimiters", '\0', "'L R'", &delimiters, FIELD(delimiters),
	    KP_GROUP_RENDER, 0, false, "marks in place of ${ and }" },
	{ "only", '\0', "NAME,...", &names, FIELD(only), KP_GROUP_RENDER, 0,
	    false, "placeholders of these names alone" },
	{ "style", '\0', "STYLE", &text, FIELD(style), KP_GROUP_RENDER,
	    BIT(KP_CMD_ENCODE), false, "of encode: bare, double-quoted ..." },
	{ "suffix", '\0', "TEXT", &any, FIELD(suffix), KP_GROUP_RENDER, 0,
	    false, "cut off file names of a tree; default .tmpl" },
	{ "output", 'o', "DST", &text, FIELD(output), KP_GROUP_RENDER,
	    BIT(KP_CMD_RENDER), false, "where the one SRC goes" },
	{ "mode", '\0', "MODE", &mode, FIELD(mode), KP_GROUP_RENDER, 0, false,
	    "of written files; default: as it was, or 0600" },
	{ "owner", '\0', "USER[:GROUP]", &text, FIELD(owner), KP_GROUP_RENDER,
	    0, false, "of written files; default: as it was, or --user" },
	{ "no-overwrite", '\0', NULL, &on, FIELD(no_overwrite), KP_GROUP_RENDER,
	    0, false, "leave a file that exists" },
	{ "in-place", '\0', NULL, &on, FIELD(in_place), KP_GROUP_RENDER, 0,
	    false, "write into files, never rename" },
	{ "fsync", '\0', NULL, &on, FIELD(fsync), KP_GROUP_RENDER, 0, false,
	    "flush to disk also before COMMAND starts" },
	{ "allow-missing", '\0', NULL, &on, FIELD(allow_missing),
	    KP_GROUP_RENDER, 0, false,
	    "leave what does not resolve, with a warning" },
	{ "dry-run", 'n', NULL, &on, FIELD(dry_run), KP_GROUP_RENDER,
	    BIT(KP_CMD_RUN) | BIT(KP_CMD_RENDER), true,
	    "all but writing and starting" },
	{ "names", '\0', NULL, &on, FIELD(names), KP_GROUP_RENDER,
	    BIT(KP_CMD_EXPLAIN), false, "one name a line, nothing else" },
	{ "user", 'u', "USER[:GROUP]", &any, FIELD(user), KP_GROUP_SERVICE, 0,
	    true, "run COMMAND as this user" },
	{ "exec", '\0', NULL, &on, FIELD(exec), KP_GROUP_SERVICE, 0, false,
	    "become COMMAND; default: supervise it" },
	{ "signal", '\0', "child|group", &receiver, FIELD(to_group),
	    KP_GROUP_SERVICE, 0, false, "whom forwarded signals reach" },
	{ "rewrite", '\0', "SIG:SIG2", &rewrites, FIELD(rewrites),
	    KP_GROUP_SERVICE, 0, false, "forward SIG as SIG2; 0 drops it" },
	{ "delay", '\0', "SIG:DUR", &delays, FIELD(delays), KP_GROUP_SERVICE, 0,
	    false, "forward the first SIG so much later" },
	{ "kill-after", '\0', "DUR", &duration, FIELD(kill_after_ms),
	    KP_GROUP_SERVICE, 0, false,
	    "SIGKILL so long after TERM; default: never" },
	{ "linger", '\0', "DUR", &duration, FIELD(linger_ms), KP_GROUP_SERVICE,
	    0, false, "for what outlives COMMAND; default 3s" },
	{ "watch", '\0', "ACTION", &action, FIELD(watch), KP_GROUP_SERVICE, 0,
	    false, "on new secrets: HUP, another signal, restart" },
	{ "exit-zero", '\0', "STATUS", &statuses, FIELD(exit_zero),
	    KP_GROUP_SERVICE, 0, false, "report this status as 0" },
	{ "map-exit", '\0', "A:B", &status_pairs, FIELD(map_exit),
	    KP_GROUP_SERVICE, 0, false, "report status A as B" },
	{ "propagate-signal", '\0', NULL, &on, FIELD(propagate_signal),
	    KP_GROUP_SERVICE, 0, false,
	    "die of the signal that COMMAND died of" },
	{ "exit-code", '\0', "STATUS", &failure, FIELD(exit_code),
	    KP_GROUP_SERVICE, 0, false,
	    "for failures before COMMAND; default 125" },
	{ "parent-death", '\0', "SIG", &signal_name, FIELD(parent_death),
	    KP_GROUP_SERVICE, 0, false,
	    "sent to COMMAND when the parent dies" },
	{ "subreaper", '\0', NULL, &off, FIELD(no_subreaper), KP_GROUP_SERVICE,
	    0, false, "adopt orphans where not PID 1; default yes" },
	{ "setsid", '\0', NULL, &on, FIELD(setsid), KP_GROUP_SERVICE, 0, false,
	    "start COMMAND in a session of its own" },
	{ "reset-signals", '\0', NULL, &on, FIELD(reset_signals),
	    KP_GROUP_SERVICE, 0, false, "start COMMAND with default signals" },
	{ "log-reaped", '\0', NULL, &on, FIELD(log_reaped), KP_GROUP_SERVICE, 0,
	    false, "a line for each orphan that ended" },
	{ "keep-home", '\0', NULL, &on, FIELD(keep_home), KP_GROUP_SERVICE, 0,
	    false, "leave HOME, USER, LOGNAME as they are" },
	{ "no-new-privs", '\0', NULL, &on, FIELD(no_new_privs),
	    KP_GROUP_SERVICE, 0, false,
	    "COMMAND can gain no privilege by exec" },
	{ "keep-init-root", '\0', NULL, &on, FIELD(keep_init_root),
	    KP_GROUP_SERVICE, 0, false, "keyplate itself stays root" },
	{ "chown-stdio", '\0', NULL, &off, FIELD(no_chown_stdio),
	    KP_GROUP_SERVICE, 0, false,
	    "give tty and pipes to --user; default yes" },
	{ "cap-keep", '\0', "NAME", &words, FIELD(keep_caps), KP_GROUP_SERVICE,
	    0, false, "a capability that COMMAND keeps" },
	{ "oom-score-adj", '\0', "N", &score, FIELD(oom_score_adj),
	    KP_GROUP_SERVICE, 0, false, "of COMMAND, from -1000 to 1000" },
	{ "pristine", '\0', NULL, &on, FIELD(pristine), KP_GROUP_SERVICE, 0,
	    false, "pass on nothing but what --keep-env names" },
	{ "keep-env", '\0', "PATTERN", &words, FIELD(keep_env),
	    KP_GROUP_SERVICE, 0, false,
	    "pass on variables like this, no others" },
	{ "drop-env", '\0', "PATTERN", &words, FIELD(drop_env),
	    KP_GROUP_SERVICE, 0, false, "do not pass on variables like this" },
	{ "expand-files", '\0', "PATTERN", &varfiles, FIELD(expand_files),
	    KP_GROUP_SERVICE, 0, false, "X_FILE becomes X with its content" },
	{ "wait", '\0', "URL", &urls, FIELD(waits), KP_GROUP_WAITING, 0, false,
	    "start COMMAND once this is up" },
	{ "timeout", '\0', "DUR", &span, FIELD(timeout_ms), KP_GROUP_WAITING, 0,
	    false, "how long at most; default 30s, probe 5s" },
	{ "interval", '\0', "DUR", &span, FIELD(interval_ms), KP_GROUP_WAITING,
	    0, false, "the longest pause in between; default 1s" },
	{ "expect", '\0', "STATUS,...", &expected, FIELD(expect),
	    KP_GROUP_WAITING, 0, false, "of http; default 200-399" },
	{ "header", '\0', "NAME:VALUE", &headers, FIELD(headers),
	    KP_GROUP_WAITING, 0, false, "sent with a request" },
	{ "basic-auth", '\0', "USER:PASS", &secret_text, FIELD(basic_auth),
	    KP_GROUP_WAITING, 0, false, "user and password of a request" },
	{ "quiet", 'q', NULL, &on, FIELD(quiet), KP_GROUP_MESSAGES, 0, false,
	    "errors only" },
	{ "verbose", 'v', NULL, &count, FIELD(verbose), KP_GROUP_MESSAGES, 0,
	    false, "say more; twice: even more" },
	{ "log-format", '\0', "FORM", &log_format, FIELD(log_format),
	    KP_GROUP_MESSAGES, 0, false,
	    "of messages: text, json, gcc or github" },
	{ "color", '\0', "WHEN", &color, FIELD(color), KP_GROUP_MESSAGES, 0,
	    false, "auto, always or never" },
	{ "help", 'h', NULL, NULL, 0, KP_GROUP_MESSAGES, 0, false,
	    "this text; after a command: its options" },
	{ "version", 'V', NULL, NULL, 0, KP_GROUP_MESSAGES, 0, false,
	    "the version" },
};

const size_t kp_option_count =
    sizeof(kp_option_table) / sizeof(kp_option_table[0]);

_Static_assert(sizeof(kp_option_table) / sizeof(kp_option_table[0]) <=
        KP_OPTIONS_MAX,
    "struct kp_options has no place for the last options");

const struct kp_option_command kp_option_commands[] = {
	{ "run", KP_CMD_RUN, "[OPTION...] -- COMMAND [ARG...]",
	    "render all, then start COMMAND" },
	{ "render", KP_CMD_RENDER, "[OPTION...] [SRC[:DST]...]",
	    "render and stop" },
	{ "check", KP_CMD_CHECK, "[OPTION...] [SRC...]",
	    "report every problem, write nothing" },
	{ "diff", KP_CMD_DIFF, "[OPTION...] [SRC:DST...]",
	    "what would change, values masked" },
	{ "explain", KP_CMD_EXPLAIN, "[OPTION...] [SRC...]",
	    "where each value goes and comes from" },
	{ "init", KP_CMD_INIT, "[OPTION...] FILE...",
	    "propose rules for files as they are" },
	{ "encode", KP_CMD_ENCODE, "--format NAME [--style STYLE]",
	    "standard input as a format writes it" },
	{ "decode", KP_CMD_DECODE, "--format NAME",
	    "what the reader of a format sees" },
	{ "wait", KP_CMD_WAIT, "[OPTION...] [URL...]",
	    "until ports, pages, files are there" },
	{ "probe", KP_CMD_PROBE, "[OPTION...] URL",
	    "one try, for HEALTHCHECK" },
	{ "help", KP_CMD_HELP, "[TOPIC]", "what there is on a topic" },
	{ NULL, KP_CMD_HELP, NULL, NULL },
};
