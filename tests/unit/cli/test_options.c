/* SPDX-License-Identifier: MIT */
/* test_options - what the command line, variables and rule files ask for. */
#include "base/duration.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/option.h"
#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12

/* One reading: filled by parse(), wiped by done_with(). */
struct reading {
	struct kp_options options;
	struct kp_diags diags;
	bool good;
};

static const char *no_variables[] = { NULL };

/* The casts: main() gets its words without const, and nobody writes to them. */
static void
parse_with(struct reading *reading, const char **argv, const char **envp)
{
	int argc = 0;

	*reading = (struct reading){ 0 };
	while (argv[argc] != NULL)
		argc++;
	kp_options_init(&reading->options);
	reading->good = kp_options_parse(&reading->options, argc, (char **)argv,
	    (char **)envp, &reading->diags);
}

static void
done_with(struct reading *reading)
{
	kp_options_free(&reading->options);
	kp_diags_free(&reading->diags);
}

/* The arguments behind argv[0] as an expression. */
#define ARGV(...) ((const char *[]){ "keyplate", __VA_ARGS__, NULL })
#define ENVP(...) ((const char *[]){ __VA_ARGS__, NULL })

static void
assert_list(const struct kp_list *list, const char *expect)
{
	char joined[256] = "";
	size_t i;

	for (i = 0; i < list->count; i++) {
		strlcat(joined, i == 0 ? "" : " ", sizeof(joined));
		strlcat(joined, list->items[i], sizeof(joined));
	}
	assert_string_equal(joined, expect);
}

/* --- commands --- */

static const struct {
	const char *name;
	const char *argv[WORDS_MAX];
	enum kp_command command;
} commands[] = {
	{ "run", { "keyplate", "run", "--", "x" }, KP_CMD_RUN },
	{ "run without a double dash", { "keyplate", "run", "x" }, KP_CMD_RUN },
	{ "run left out", { "keyplate", "--", "x" }, KP_CMD_RUN },
	{ "run left out, with options", { "keyplate", "-n", "--", "x" },
	    KP_CMD_RUN },
	{ "render", { "keyplate", "render" }, KP_CMD_RENDER },
	{ "check", { "keyplate", "check" }, KP_CMD_CHECK },
	{ "diff", { "keyplate", "diff" }, KP_CMD_DIFF },
	{ "explain", { "keyplate", "explain" }, KP_CMD_EXPLAIN },
	{ "init", { "keyplate", "init", "a.ini" }, KP_CMD_INIT },
	{ "-h", { "keyplate", "-h" }, KP_CMD_HELP },
	{ "--help", { "keyplate", "--help" }, KP_CMD_HELP },
	{ "--help behind a command", { "keyplate", "run", "--help" },
	    KP_CMD_HELP },
	{ "-V", { "keyplate", "-V" }, KP_CMD_VERSION },
	{ "--version", { "keyplate", "--version" }, KP_CMD_VERSION },
};

static void
test_each_command(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct reading r;
		const char *argv[WORDS_MAX];

		memcpy(argv, commands[i].argv, sizeof(argv));
		parse_with(&r, argv, no_variables);
		if (!r.good || r.options.command != commands[i].command)
			fail_msg("%s: got command %d", commands[i].name,
			    (int)r.options.command);
		done_with(&r);
	}
}

static void
test_help_knows_the_command_before_it(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("render", "-v", "--help"), no_variables);
	assert_int_equal(r.options.command, KP_CMD_HELP);
	assert_int_equal(r.options.topic, KP_CMD_RENDER);
	done_with(&r);
	parse_with(&r, ARGV("--help"), no_variables);
	assert_int_equal(r.options.topic, KP_CMD_HELP);
	done_with(&r);
}

/* The user who asks for help because of it shall not be turned away by it. */
static void
test_help_is_given_whatever_the_variables_say(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("--help"), ENVP("KEYPLATE_LINGER=soon"));
	assert_true(r.good);
	assert_int_equal(r.diags.count, 0);
	done_with(&r);
}

static void
test_options_of_the_service_are_its_own(void **state)
{
	const char **argv = ARGV("run", "-v", "ls", "-l", "--help");
	struct reading r;

	(void)state;
	parse_with(&r, argv, no_variables);
	assert_true(r.good);
	assert_int_equal(r.options.verbose, 1);
	assert_ptr_equal(r.options.command_argv, (char **)argv + 3);
	done_with(&r);
}

static void
test_a_double_dash_as_a_value_ends_nothing(void **state)
{
	const char **argv = ARGV("-c", "--", "--", "x");
	struct reading r;

	(void)state;
	parse_with(&r, argv, no_variables);
	assert_true(r.good);
	assert_list(&r.options.configs, "--");
	assert_ptr_equal(r.options.command_argv, (char **)argv + 4);
	done_with(&r);
}

static void
test_names_of_files(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("render", "-v", "a:b", "-", "c"), no_variables);
	assert_true(r.good);
	assert_list(&r.options.operands, "a:b - c");
	done_with(&r);
	parse_with(&r, ARGV("check", "--", "-odd", "-v"), no_variables);
	assert_true(r.good);
	assert_list(&r.options.operands, "-odd -v");
	done_with(&r);
}

/* --- mistakes --- */

static const struct {
	const char *name;
	const char *argv[WORDS_MAX];
	int status;
	const char *text, *hint;
} mistakes[] = {
	{ "no argument at all", { "keyplate" }, 2, "no command",
	    "keyplate --help lists the commands" },
	{ "a command that does not exist", { "keyplate", "rendr" }, 2,
	    "no command \"rendr\"", "did you mean render?" },
	{ "a service without the word run", { "keyplate", "/bin/httpd" }, 2,
	    "no command \"/bin/httpd\"",
	    "to start a service: keyplate run [OPTION...] -- COMMAND" },
	{ "an empty command word", { "keyplate", "" }, 2, "no command \"\"",
	    "to start a service: keyplate run [OPTION...] -- COMMAND" },
	{ "a command behind an option", { "keyplate", "-v", "render" }, 2,
	    "\"render\" stands behind an option",
	    "a command of keyplate comes first, one to start behind \"--\"" },
	{ "run without a service", { "keyplate", "run", "-v" }, 125,
	    "no command to start", "keyplate run [OPTION...] -- COMMAND" },
	{ "a double dash without a service", { "keyplate", "--" }, 125,
	    "no command to start", "keyplate run [OPTION...] -- COMMAND" },
	{ "a long option with a slip", { "keyplate", "check", "--secert", "d" },
	    2, "unknown option \"--secert\"", "did you mean --secrets?" },
	{ "the beginning of a long option",
	    { "keyplate", "check", "--conf", "f" }, 2,
	    "unknown option \"--conf\"", "did you mean --config?" },
	{ "the beginning of two long options",
	    { "keyplate", "check", "--keep=x" }, 2, "unknown option \"--keep\"",
	    "did you mean --keep-home?" },
	{ "an option that is like no other", { "keyplate", "check", "--zzzzz" },
	    2, "unknown option \"--zzzzz\"",
	    "keyplate check --help lists the options" },
	{ "what follows the equals sign is not repeated",
	    { "keyplate", "check", "--pasword=hunter2" }, 2,
	    "unknown option \"--pasword\"",
	    "keyplate check --help lists the options" },
	{ "an unknown letter", { "keyplate", "check", "-z" }, 2,
	    "unknown option \"-z\"",
	    "keyplate check --help lists the options" },
	{ "an unknown letter among known ones", { "keyplate", "check", "-vzq" },
	    2, "unknown option \"-z\"",
	    "keyplate check --help lists the options" },
	{ "a long option without its value",
	    { "keyplate", "check", "--config" }, 2, "--config wants a path",
	    "" },
	{ "a letter without its value", { "keyplate", "check", "-c" }, 2,
	    "--config wants a path", "" },
	{ "a value where none goes", { "keyplate", "--help=run" }, 2,
	    "--help takes no value", "" },
	{ "an option of another command", { "keyplate", "check", "--names" }, 2,
	    "--names is not an option of check", "" },
	{ "an option of another command, run left out",
	    { "keyplate", "-o", "f", "--", "x" }, 125,
	    "--output is not an option of run", "" },
	{ "a format with a slip", { "keyplate", "check", "-f", "ymal" }, 2,
	    "--format wants the name of a format, such as ini/grafana, "
	    "not \"ymal\"",
	    "did you mean yaml?" },
	{ "a value that may be a secret is not repeated",
	    { "keyplate", "check", "--export", "hunter2" }, 2,
	    "--export wants NAME=VALUE, the name of letters, digits and _",
	    "" },
	{ "an option behind a file", { "keyplate", "check", "f", "-v" }, 2,
	    "the option \"-v\" stands behind a file's name",
	    "put options first, or \"--\" before names that begin with -" },
	{ "an option with its value behind a file",
	    { "keyplate", "check", "f", "--basic-auth=hunter2" }, 2,
	    "the option \"--basic-auth\" stands behind a file's name",
	    "put options first, or \"--\" before names that begin with -" },
	{ "a letter with its value behind a file",
	    { "keyplate", "check", "f", "-shunter2" }, 2,
	    "the option \"-s\" stands behind a file's name",
	    "put options first, or \"--\" before names that begin with -" },
	{ "a format without what stands before its slash",
	    { "keyplate", "check", "-f", "Grafana" }, 2,
	    "--format wants the name of a format, such as ini/grafana, "
	    "not \"Grafana\"",
	    "did you mean ini/grafana?" },
	{ "one output for two files",
	    { "keyplate", "render", "-o", "o", "a", "b" }, 2,
	    "--output goes with exactly one SRC", "" },
	{ "run with a mistake", { "keyplate", "run", "--bogus", "--", "x" },
	    125, "unknown option \"--bogus\"",
	    "keyplate run --help lists the options" },
	{ "run with a mistake and a status of its own",
	    { "keyplate", "run", "--bogus", "--exit-code", "99", "--", "x" },
	    99, "unknown option \"--bogus\"",
	    "keyplate run --help lists the options" },
	{ "diff with a mistake", { "keyplate", "diff", "--bogus" }, 2,
	    "unknown option \"--bogus\"",
	    "keyplate diff --help lists the options" },
	{ "without a command", { "keyplate", "--bogus", "--", "x" }, 125,
	    "unknown option \"--bogus\"", "keyplate --help lists the options" },
};

static void
test_each_mistake(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct reading r;
		const char *argv[WORDS_MAX];
		int status;

		memcpy(argv, mistakes[i].argv, sizeof(argv));
		parse_with(&r, argv, no_variables);
		status = kp_exit_of(&r.options, &r.diags);
		if (r.good || r.diags.count != 1 ||
		    status != mistakes[i].status ||
		    strcmp(r.diags.list[0].text, mistakes[i].text) != 0 ||
		    strcmp(r.diags.list[0].hint, mistakes[i].hint) != 0)
			fail_msg("%s: %zu problems, status %d, %s (%s)",
			    mistakes[i].name, r.diags.count, status,
			    r.diags.count > 0 ? r.diags.list[0].text : "",
			    r.diags.count > 0 ? r.diags.list[0].hint : "");
		done_with(&r);
	}
}

static void
test_all_mistakes_are_told_at_once(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("run", "--bogus", "--mode", "rw", "--linger=x"),
	    ENVP("KEYPLATE_DELAY=TERM"));
	assert_false(r.good);
	/* The three options, the variable, and no command to start. */
	assert_int_equal(r.diags.count, 5);
	done_with(&r);
}

static void
test_an_argument_vector_without_a_name(void **state)
{
	const char *argv[] = { NULL };
	struct reading r;

	(void)state;
	parse_with(&r, argv, no_variables);
	assert_false(r.good);
	assert_int_equal(kp_exit_of(&r.options, &r.diags), 2);
	done_with(&r);
}

/* --- values --- */

static const struct {
	const char *option, *value;
	bool fits;
} values[] = {
	{ "--watch", "HUP", true },
	{ "--watch", "sigusr1", true },
	{ "--watch", "restart", true },
	{ "--watch", "Restart", false },
	{ "--watch", "0", false },
	{ "--watch", "", false },
	{ "--kill-after", "5s", true },
	{ "--kill-after", "500ms", true },
	{ "--kill-after", "2", true },
	{ "--kill-after", "inf", true },
	{ "--kill-after", "-1s", false },
	{ "--kill-after", "5 s", false },
	{ "--kill-after", "", false },
	{ "--exit-code", "1", true },
	{ "--exit-code", "255", true },
	{ "--exit-code", "0", false },
	{ "--exit-code", "256", false },
	{ "--exit-code", "+1", false },
	{ "--exit-zero", "0", true },
	{ "--exit-zero", "143", true },
	{ "--exit-zero", "256", false },
	{ "--exit-zero", "x", false },
	{ "--map-exit", "143:0", true },
	{ "--map-exit", "143", false },
	{ "--map-exit", "143:", false },
	{ "--map-exit", ":1", false },
	{ "--map-exit", "1:256", false },
	{ "--max", "1", true },
	{ "--max", "64k", true },
	{ "--max", "2M", true },
	{ "--max", "1G", true },
	{ "--max", "0", false },
	{ "--max", "M", false },
	{ "--max", "99999999999999G", false },
	{ "--mode", "640", true },
	{ "--mode", "0640", true },
	{ "--mode", "0888", false },
	{ "--mode", "4755", false },
	{ "--mode", "00640", false },
	{ "--mode", "rw-r-----", false },
	{ "--signal", "child", true },
	{ "--signal", "group", true },
	{ "--signal", "all", false },
	{ "--rewrite", "TERM:QUIT", true },
	{ "--rewrite", "SIGTERM:3", true },
	{ "--rewrite", "HUP:0", true },
	{ "--rewrite", "RTMIN+3:TERM", true },
	{ "--rewrite", "TERM", false },
	{ "--rewrite", "TERM:", false },
	{ "--rewrite", "TREM:QUIT", false },
	{ "--delay", "TERM:5s", true },
	{ "--delay", "TERM:later", false },
	{ "--delay", "5s", false },
	{ "--parent-death", "TERM", true },
	{ "--parent-death", "TREM", false },
	{ "--oom-score-adj", "500", true },
	{ "--oom-score-adj", "-1000", true },
	{ "--oom-score-adj", "1001", false },
	{ "--oom-score-adj", "--5", false },
	{ "--log-format", "json", true },
	{ "--log-format", "gcc", true },
	{ "--log-format", "github", true },
	{ "--log-format", "xml", false },
	{ "--color", "always", true },
	{ "--color", "yes", false },
	{ "--format", "ini/grafana", true },
	{ "--format", "ini/nobody", false },
	{ "--set", "f.ini:a.b=", true },
	{ "--set", "f.ini:a.b", false },
	{ "--set", "f.ini=a.b", false },
	{ "--set", ":a=b", false },
	{ "--set", "f.ini:=b", false },
	{ "--export", "NAME=${secret:x}", true },
	{ "--export", "NAME=", true },
	{ "--export", "NAME", false },
	{ "--export", "1X=y", false },
	{ "--export", "=y", false },
	{ "--user", "", true },
	{ "--suffix", "", true },
};

static void
test_each_value(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char option[32], value[64];
		struct reading r;

		strlcpy(option, values[i].option, sizeof(option));
		strlcpy(value, values[i].value, sizeof(value));
		parse_with(&r, ARGV("run", option, value, "x"), no_variables);
		if (r.good != values[i].fits ||
		    r.diags.count != (values[i].fits ? 0 : 1))
			fail_msg("%s %s: %s", option, value,
			    r.good ? "taken" : "refused");
		done_with(&r);
	}
}

static void
test_what_values_mean(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r,
	    ARGV("run", "--linger=1m", "--kill-after", "500ms", "--max=64K",
	        "--signal", "group", "--log-format=json", "--color=never", "x"),
	    no_variables);
	assert_true(r.good);
	assert_int_equal(r.options.linger_ms, 60000);
	assert_int_equal(r.options.kill_after_ms, 500);
	assert_int_equal(r.options.max_secret, 65536);
	assert_true(r.options.to_group);
	assert_int_equal(r.options.log_format, KP_LOG_JSON);
	assert_int_equal(r.options.color, -1);
	done_with(&r);
}

static void
test_what_holds_where_nothing_is_said(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("--", "x"), no_variables);
	assert_int_equal(r.options.linger_ms, 3000);
	assert_int_equal(r.options.kill_after_ms, KP_FOREVER);
	assert_int_equal(r.options.exit_code, 125);
	assert_int_equal(r.options.max_secret, 1048576);
	assert_string_equal(r.options.suffix, ".tmpl");
	assert_false(r.options.exec);
	assert_false(r.options.no_subreaper);
	done_with(&r);
}

static void
test_switches_take_yes_and_no(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r,
	    ARGV("--exec", "--setsid=no", "--subreaper=no", "--chown-stdio",
	        "--fsync=YES", "--", "x"),
	    ENVP("KEYPLATE_SETSID=1", "KEYPLATE_LOG_REAPED=on",
	        "KEYPLATE_PRISTINE=false"));
	assert_true(r.good);
	assert_true(r.options.exec);
	assert_false(r.options.setsid);
	assert_true(r.options.no_subreaper);
	assert_false(r.options.no_chown_stdio);
	assert_true(r.options.fsync);
	assert_true(r.options.log_reaped);
	assert_false(r.options.pristine);
	done_with(&r);
}

static void
test_verbosity_is_counted_or_given(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("check", "-vv", "--verbose"), no_variables);
	assert_int_equal(r.options.verbose, 3);
	done_with(&r);
	parse_with(&r, ARGV("check"), ENVP("KEYPLATE_VERBOSE=2"));
	assert_int_equal(r.options.verbose, 2);
	done_with(&r);
}

/* --- variables --- */

static void
test_the_command_line_wins_over_variables(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("-s", "/a", "-s", "/b:c", "-u", "me", "--", "x"),
	    ENVP("KEYPLATE_SECRETS=/d:/e", "KEYPLATE_USER=you",
	        "KEYPLATE_FORMAT=text"));
	assert_true(r.good);
	assert_list(&r.options.secrets, "/a /b:c");
	assert_string_equal(r.options.user, "me");
	assert_string_equal(r.options.format, "text");
	done_with(&r);
}

static void
test_lists_in_variables(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("--", "x"),
	    ENVP("KEYPLATE_SECRETS=/a::/b", "KEYPLATE_ENV_FILE=one",
	        "KEYPLATE_EXIT_ZERO=143, 130",
	        "KEYPLATE_DROP_ENV=AWS_*,*_TOKEN", "KEYPLATE_TEMPLATE=a:b,c:d",
	        "KEYPLATE_EXPORT=P=a:b,c"));
	assert_true(r.good);
	assert_list(&r.options.secrets, "/a /b");
	assert_list(&r.options.env_files, "one");
	assert_list(&r.options.exit_zero, "143 130");
	assert_list(&r.options.drop_env, "AWS_* *_TOKEN");
	assert_list(&r.options.templates, "a:b,c:d");
	assert_list(&r.options.exports, "P=a:b,c");
	done_with(&r);
}

static void
test_variables_that_count_for_nothing(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("--", "x"),
	    ENVP("KEYPLATE=1", "KEYPLATE_USER=", "KEYPLATE_USER=first",
	        "KEYPLATE_USER=second", "KEYPLATE_FORMAT", "PATH=/bin"));
	assert_true(r.good);
	assert_int_equal(r.diags.count, 0);
	assert_string_equal(r.options.user, "first");
	done_with(&r);
}

static void
test_a_variable_with_a_slip_gets_a_warning(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("--", "x"),
	    ENVP("KEYPLATE_SECRET=/hunter2", "KEYPLATE_SERVICE_HOST=10.0.0.1"));
	assert_true(r.good);
	assert_int_equal(r.diags.count, 2);
	assert_int_equal(r.diags.list[0].severity, KP_WARNING);
	assert_string_equal(r.diags.list[0].text,
	    "KEYPLATE_SECRET names no option");
	assert_string_equal(r.diags.list[0].hint,
	    "did you mean KEYPLATE_SECRETS?");
	assert_int_equal(r.diags.list[1].severity, KP_NOTE);
	done_with(&r);
}

static void
test_a_bad_variable_is_named_as_it_is_written(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("--", "x"), ENVP("KEYPLATE_EXIT_ZERO=1,x"));
	assert_false(r.good);
	assert_string_equal(r.diags.list[0].text,
	    "KEYPLATE_EXIT_ZERO wants an exit status from 0 to 255, "
	    "not \"1,x\"");
	assert_int_equal(kp_exit_of(&r.options, &r.diags), 125);
	done_with(&r);
}

/* Of the option that may stand alone or hold patterns. */
static const struct {
	const char *name;
	const char *argv[WORDS_MAX], *envp[WORDS_MAX];
	const char *expect;
} varfiles[] = {
	{ "alone", { "keyplate", "--expand-files", "--", "x" }, { NULL },
	    "yes" },
	{ "patterns with commas",
	    { "keyplate", "--expand-files=A_*,FILE__*", "--", "x" }, { NULL },
	    "A_* FILE__*" },
	{ "repeated",
	    { "keyplate", "--expand-files", "--expand-files=A", "--", "x" },
	    { NULL }, "yes A" },
	{ "a variable", { "keyplate", "--", "x" },
	    { "KEYPLATE_EXPAND_FILES=A_*, B" }, "A_* B" },
	{ "a variable that says yes", { "keyplate", "--", "x" },
	    { "KEYPLATE_EXPAND_FILES=on" }, "yes" },
	{ "taken back", { "keyplate", "--expand-files=no", "--", "x" },
	    { "KEYPLATE_EXPAND_FILES=yes" }, "" },
};

static void
test_an_option_may_stand_alone_or_have_patterns(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(varfiles) / sizeof(varfiles[0]); i++) {
		const char *argv[WORDS_MAX], *envp[WORDS_MAX];
		struct reading r;

		print_message("# %s\n", varfiles[i].name);
		memcpy(argv, varfiles[i].argv, sizeof(argv));
		memcpy(envp, varfiles[i].envp, sizeof(envp));
		parse_with(&r, argv, envp);
		assert_true(r.good);
		assert_list(&r.options.expand_files, varfiles[i].expect);
		done_with(&r);
	}
}

/* --- rule files --- */

static const char rule_text[] = "[keyplate]\nuser = grafana\n";

static bool
give_rule(struct reading *reading, const char *name, const char *value)
{
	static const struct kp_source src = {
		.name = "/etc/keyplate.conf",
		.text = KP_STR(rule_text),
	};

	return kp_options_from_rule(&reading->options, kp_str_of(name),
	    kp_str_of(value), &src, 18, &reading->diags);
}

static void
test_rule_files_come_last(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("-u", "me", "--", "x"),
	    ENVP("KEYPLATE_SECRETS=/a", "KEYPLATE_LINGER=1s"));
	assert_true(give_rule(&r, "user", "grafana"));
	assert_true(give_rule(&r, "secrets", "/b:/c"));
	assert_true(give_rule(&r, "linger", "9s"));
	assert_true(give_rule(&r, "Env-File", "/d:/e"));
	assert_true(give_rule(&r, "exec", "yes"));
	assert_true(give_rule(&r, "format", "text"));
	assert_string_equal(r.options.user, "me");
	assert_list(&r.options.secrets, "/a");
	assert_int_equal(r.options.linger_ms, 1000);
	assert_list(&r.options.env_files, "/d /e");
	assert_true(r.options.exec);
	assert_string_equal(r.options.format, "text");
	done_with(&r);
}

static void
test_of_two_rule_files_the_later_counts(void **state)
{
	struct reading r;

	(void)state;
	parse_with(&r, ARGV("--", "x"), no_variables);
	assert_true(give_rule(&r, "secrets", "/a:/b"));
	assert_true(give_rule(&r, "secrets", "/c"));
	assert_true(give_rule(&r, "user", "one"));
	assert_true(give_rule(&r, "user", "two"));
	assert_list(&r.options.secrets, "/c");
	assert_string_equal(r.options.user, "two");
	done_with(&r);
}

static void
test_mistakes_in_rule_files_have_a_place(void **state)
{
	static const struct {
		const char *name, *value, *text, *hint;
		unsigned column;
	} cases[] = {
		{ "usr", "grafana", "no option \"usr\" in [keyplate]",
		    "did you mean user?", 1 },
		{ "config", "f", "no option \"config\" in [keyplate]",
		    "name rule files on the command line, or in "
		    "KEYPLATE_CONFIG",
		    1 },
		{ "help", "yes", "no option \"help\" in [keyplate]", "", 1 },
		{ "linger", "soon",
		    "linger wants a duration " KP_DURATION_FORMS
		    ", not \"soon\"",
		    "", 8 },
		{ "exec", "", "exec wants yes or no, not \"\"", "", 8 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading r;
		const struct kp_diag *diag;

		parse_with(&r, ARGV("--", "x"), no_variables);
		assert_false(give_rule(&r, cases[i].name, cases[i].value));
		assert_int_equal(r.diags.count, 1);
		diag = &r.diags.list[0];
		assert_string_equal(diag->text, cases[i].text);
		assert_string_equal(diag->hint, cases[i].hint);
		assert_string_equal(diag->path, "/etc/keyplate.conf");
		assert_int_equal(diag->place.line, 2);
		assert_int_equal(diag->place.column, cases[i].column);
		done_with(&r);
	}
}

static void
test_the_names_that_rule_files_may_use(void **state)
{
	const char *const *names = kp_options_names();
	size_t i;

	(void)state;
	for (i = 0; names[i] != NULL; i++) {
		assert_string_not_equal(names[i], "config");
		assert_string_not_equal(names[i], "help");
		assert_string_not_equal(names[i], "version");
	}
	assert_int_equal(i, kp_option_count - 3);
}

/* --- statuses --- */

static void
test_the_status_of_each_command(void **state)
{
	static const struct {
		const char *name;
		enum kp_command command;
		bool usage;
		int status;
	} cases[] = {
		{ "run, bad input", KP_CMD_RUN, false, 125 },
		{ "run, bad usage", KP_CMD_RUN, true, 125 },
		{ "render, bad input", KP_CMD_RENDER, false, 1 },
		{ "render, bad usage", KP_CMD_RENDER, true, 2 },
		{ "check, bad input", KP_CMD_CHECK, false, 1 },
		{ "check, bad usage", KP_CMD_CHECK, true, 2 },
		{ "explain, bad input", KP_CMD_EXPLAIN, false, 1 },
		{ "diff, bad input", KP_CMD_DIFF, false, 2 },
		{ "diff, bad usage", KP_CMD_DIFF, true, 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kp_options options;
		struct kp_diags diags = { 0 };

		kp_options_init(&options);
		options.command = cases[i].command;
		kp_diag_warn(&diags, "f", "a warning fails nothing");
		assert_int_equal(kp_exit_of(&options, &diags), 0);
		if (cases[i].usage)
			kp_diag_usage(&diags, "bad usage");
		else
			kp_diag_file(&diags, "f", "bad input");
		if (kp_exit_of(&options, &diags) != cases[i].status)
			fail_msg("%s: got %d, want %d", cases[i].name,
			    kp_exit_of(&options, &diags), cases[i].status);
		kp_diags_free(&diags);
	}
}

/* --- help --- */

/* Lines of text; fails when one is wider than 80 columns. */
static size_t
count_lines(struct kp_str text)
{
	struct kp_str line;
	size_t lines = 0;

	while (kp_str_next_line(&text, &line)) {
		lines++;
		if (line.len > 80)
			fail_msg("%zu columns: %.*s", line.len, (int)line.len,
			    line.ptr);
	}
	return lines;
}

static void
test_the_overview_fits_a_screen(void **state)
{
	struct kp_buf help = { 0 };

	(void)state;
	kp_help_add(KP_CMD_HELP, &help);
	assert_true(kp_buf_ok(&help));
	assert_in_range(count_lines(kp_buf_view(&help)), 10, 24);
	kp_buf_wipe(&help);
}

static void
test_each_option_is_in_the_help_of_a_command(void **state)
{
	const struct kp_option_command *entry = kp_option_commands;
	struct kp_buf help = { 0 };
	size_t row;

	(void)state;
	for (; entry->name != NULL; entry++)
		kp_help_add(entry->command, &help);
	assert_true(kp_buf_ok(&help));
	count_lines(kp_buf_view(&help));
	for (row = 0; row < kp_option_count; row++) {
		char name[64], valued[64];

		snprintf(name, sizeof(name), " --%s ",
		    kp_option_table[row].name);
		snprintf(valued, sizeof(valued),
		    " --%s[=", kp_option_table[row].name);
		if (strstr(help.data, name) == NULL &&
		    strstr(help.data, valued) == NULL)
			fail_msg("no help on%s", name);
	}
	kp_buf_wipe(&help);
}

static void
test_no_two_options_share_a_name_or_letter(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < kp_option_count; i++) {
		for (j = 0; j < i; j++) {
			const struct kp_option *a = &kp_option_table[i];
			const struct kp_option *b = &kp_option_table[j];

			assert_string_not_equal(a->name, b->name);
			assert_true(
			    a->letter == '\0' || a->letter != b->letter);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_command),
		cmocka_unit_test(test_help_knows_the_command_before_it),
		cmocka_unit_test(test_help_is_given_whatever_the_variables_say),
		cmocka_unit_test(test_options_of_the_service_are_its_own),
		cmocka_unit_test(test_a_double_dash_as_a_value_ends_nothing),
		cmocka_unit_test(test_names_of_files),
		cmocka_unit_test(test_each_mistake),
		cmocka_unit_test(test_all_mistakes_are_told_at_once),
		cmocka_unit_test(test_an_argument_vector_without_a_name),
		cmocka_unit_test(test_each_value),
		cmocka_unit_test(test_what_values_mean),
		cmocka_unit_test(test_what_holds_where_nothing_is_said),
		cmocka_unit_test(test_switches_take_yes_and_no),
		cmocka_unit_test(test_verbosity_is_counted_or_given),
		cmocka_unit_test(test_the_command_line_wins_over_variables),
		cmocka_unit_test(test_lists_in_variables),
		cmocka_unit_test(test_variables_that_count_for_nothing),
		cmocka_unit_test(test_a_variable_with_a_slip_gets_a_warning),
		cmocka_unit_test(test_a_bad_variable_is_named_as_it_is_written),
		cmocka_unit_test(
		    test_an_option_may_stand_alone_or_have_patterns),
		cmocka_unit_test(test_rule_files_come_last),
		cmocka_unit_test(test_of_two_rule_files_the_later_counts),
		cmocka_unit_test(test_mistakes_in_rule_files_have_a_place),
		cmocka_unit_test(test_the_names_that_rule_files_may_use),
		cmocka_unit_test(test_the_status_of_each_command),
		cmocka_unit_test(test_the_overview_fits_a_screen),
		cmocka_unit_test(test_each_option_is_in_the_help_of_a_command),
		cmocka_unit_test(test_no_two_options_share_a_name_or_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
