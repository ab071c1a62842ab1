/* SPDX-License-Identifier: MIT */
/* topic - what "keyplate help TOPIC" says, a screen or less for each. */
#include "cli/topic.h"

#include "cli/help.h"
#include "core/syntax.h"
#include "format/format.h"

#include <string.h>

static const char placeholders[] =
    "Placeholders\n"
    "\n"
    "  ${name}            the secret, else the variable, else the file that\n"
    "                     the variable name_FILE names\n"
    "  ${secret:name}     a file in a directory of secrets: --secrets\n"
    "  ${env:name}        a variable\n"
    "  ${file:/path}      a file\n"
    "\n"
    "  ${name|filter}     see keyplate help filters; before an operator\n"
    "  ${name:-word}      word, where it is missing or empty\n"
    "  ${name:?word}      an error that says word, where it is\n"
    "  ${name:+word}      word, where it is neither\n"
    "  $${                ${ itself\n"
    "\n"
    "A word may hold placeholders and line ends.  Without the colon, as in\n"
    "${name-word}, an empty value counts as one.  In a comment of the file a\n"
    "placeholder stays as it is.  Other marks: keyplate help syntax.\n";

static const char filters[] =
    "Filters, from left to right: ${secret:name|trim|base64}\n"
    "\n"
    "  str                    a string, whatever it looks like\n"
    "  bool, int, number      check that it is one, write it as one\n"
    "  trim, lower, upper     without blanks at its ends; in one case\n"
    "  base64, unbase64, hex, sha256\n"
    "                         encode, decode, hash\n"
    "  urlencode              for the user and password in a URL\n"
    "  json(/pointer)         one field of a secret that is JSON\n"
    "  line(n)                one line, from 1\n"
    "  bcrypt(cost), sha512crypt\n"
    "                         a salted hash; one that still fits is kept\n"
    "  quote(sh), quote(regex), xml\n"
    "                         for a shell word, a pattern, text of XML\n"
    "  indent(n)              all lines but the first by n blanks\n"
    "  whole                  every byte, the final line ending included\n"
    "  raw                    no encoding: the value becomes syntax\n";

static const char rules[] =
    "Rule files: /etc/keyplate.conf, /etc/keyplate.d/*.conf, or --config\n"
    "\n"
    "  [keyplate]\n"
    "  user   = grafana                 options, without their dashes\n"
    "\n"
    "  [file grafana]\n"
    "  path   = /etc/grafana/grafana.ini\n"
    "  source = ...                     a template; default: the file itself\n"
    "\n"
    "  [set password]                   by the path of the key\n"
    "  file   = grafana\n"
    "  key    = security.admin_password\n"
    "  value  = ${secret:admin_password}\n"
    "\n"
    "  [match skip-verify]              by a pattern\n"
    "  file    = blackbox\n"
    "  pattern = ^\\s*insecure_skip_verify:\\s*(?<value>xxx)$\n"
    "  value   = ${SKIP_VERIFY|bool}\n"
    "\n"
    "  [export level]                   a variable for COMMAND\n"
    "  name   = LOG_LEVEL\n"
    "  value  = ${LOG_LEVEL:-info}\n"
    "\n"
    "keyplate init FILE proposes them; keyplate.conf(5) has all keys.\n";

static const char environment[] =
    "Environment\n"
    "\n"
    "  KEYPLATE_...           every option: KEYPLATE_ENV_FILE is --env-file\n"
    "  NAME_FILE              the file that has the value of ${NAME}\n"
    "  CREDENTIALS_DIRECTORY  a directory of secrets, after /run/secrets\n"
    "  NO_COLOR, TERM         no colours, see --color\n"
    "\n"
    "COMMAND gets the environment without KEYPLATE_..., and without each\n"
    "NAME_FILE that was used.\n";

static const char exits[] =
    "Exit status\n"
    "\n"
    "  of run:    COMMAND's own, or 128 + n where signal n ended it\n"
    "        125  keyplate failed before COMMAND ran: --exit-code\n"
    "        126  COMMAND was found and cannot be executed\n"
    "        127  COMMAND was not found\n"
    "\n"
    "  of the others\n"
    "          0  all is well\n"
    "          1  the input has a problem; diff: something differs;\n"
    "             wait, probe: not up\n"
    "          2  wrong usage; diff: any trouble\n"
    "\n"
    "Where there is neither a command nor --, it is 2.\n";

/* Four on a line, with nothing behind the last. */
static void
add_columns(struct kp_buf *out, const char *const *names)
{
	size_t line = out->len, i;

	for (i = 0; names[i] != NULL; i++) {
		if (i % 4 == 0) {
			kp_buf_add_text(out, i == 0 ? "  " : "\n  ");
			line = out->len;
		}
		while (kp_buf_ok(out) && out->len - line < i % 4 * 16)
			kp_buf_add_char(out, ' ');
		kp_buf_add_text(out, names[i]);
	}
	kp_buf_add_text(out, "\n\n");
}

static void
add_formats(struct kp_buf *out)
{
	kp_buf_add_text(out,
	    "Formats: --format NAME, or by the name of the file\n\n");
	add_columns(out, kp_format_names());
	kp_buf_add_text(out,
	    "Which names are known, and what each reader takes and "
	    "refuses:\nkeyplate-formats(7).\n");
}

static void
add_syntax(struct kp_buf *out)
{
	kp_buf_add_text(out,
	    "Whose placeholders templates have: --syntax PROFILE\n\n");
	add_columns(out, kp_syntax_names());
	kp_buf_add_text(out,
	    "keyplate is ${name}, see keyplate help placeholders; other "
	    "marks around it:\n--delimiters '{{ }}'.  The others are in "
	    "keyplate-migrate(7).\n");
}

static const struct {
	const char *name;
	const char *text; /* or */
	void (*add)(struct kp_buf *out);
} topics[] = {
	{ "options", NULL, kp_help_add_options },
	{ "placeholders", placeholders, NULL },
	{ "filters", filters, NULL },
	{ "formats", NULL, add_formats },
	{ "syntax", NULL, add_syntax },
	{ "rules", rules, NULL },
	{ "environment", environment, NULL },
	{ "exit", exits, NULL },
	{ "completion", NULL, kp_help_add_completion },
};

#define TOPICS (sizeof(topics) / sizeof(topics[0]))

const char *const *
kp_topic_names(void)
{
	/* Filled at the first call, the same ever after. */
	static const char *names[TOPICS + 1];
	size_t i;

	for (i = 0; i < TOPICS; i++)
		names[i] = topics[i].name;
	return names;
}

bool
kp_topic_add(const char *name, struct kp_buf *out)
{
	size_t i = 0;

	while (i < TOPICS && strcmp(topics[i].name, name) != 0)
		i++;
	if (i == TOPICS)
		return false;
	if (topics[i].add != NULL)
		topics[i].add(out);
	else
		kp_buf_add_text(out, topics[i].text);
	return true;
}
