/* SPDX-License-Identifier: MIT */
/*
 * systemd - what systemd reads in a unit file.
 *
 * usage: systemd FILE
 *
 * Prints a line for each assignment: section, key, and each word of the value
 * in hexadecimal with a "=" before it.  Words of Environment= and Exec...=
 * are split, unquoted and expanded as systemd does it, with no specifier and
 * no variable set; a first command's path is what systemd looks for.  Any other
 * value is one word.  Status 1: systemd takes
 * exception to the file.
 *
 * The functions are systemd's own, of its private library.  What is declared
 * here of it is that of version 252.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXTRACT_CUNESCAPE (1 << 1)
#define EXTRACT_UNESCAPE_RELAX (1 << 2)
#define EXTRACT_UNQUOTE (1 << 5)

struct stat;

struct specifier {
	char letter;
	int (*lookup)(char letter, const void *data, const char *root,
	    const void *userdata, char **value);
	const void *data;
};

typedef int parse_value(const char *unit, const char *path, unsigned line,
    const char *section, unsigned section_line, const char *key, int type,
    const char *value, void *data, void *userdata);
typedef int look_up(const void *table, const char *section, const char *key,
    parse_value **parse, int *type, void **data, void *userdata);

int config_parse(const char *unit, const char *path, FILE *file,
    const char *sections, look_up *lookup, const void *table, int flags,
    void *userdata, struct stat *info);
int extract_first_word(const char **rest, char **word, const char *separators,
    int flags);
int specifier_printf(const char *text, size_t max,
    const struct specifier *table, const char *root, const void *userdata,
    char **value);
char **replace_env_argv(char **argv, char **env);

static bool failed;

static void
print_word(const char *word)
{
	printf(" =");
	for (; *word != '\0'; word++)
		printf("%02x", (unsigned)(unsigned char)*word);
}

static int
lookup_nothing(char letter, const void *data, const char *root,
    const void *userdata, char **value)
{
	(void)letter;
	(void)data;
	(void)root;
	(void)userdata;
	*value = strdup("(specifier)");
	return *value == NULL ? -12 : 0;
}

static char *
expand_specifiers(const char *word)
{
	static const struct specifier table[] = {
		{ 'n', lookup_nothing, NULL },
		{ 'i', lookup_nothing, NULL },
		{ 'h', lookup_nothing, NULL },
		{ 0, NULL, NULL },
	};
	char *expanded = NULL;

	if (specifier_printf(word, 2 << 20, table, NULL, NULL, &expanded) < 0)
		failed = true;
	return expanded;
}

/* A command's word as its program gets it. */
static void
print_expanded(char *word)
{
	char *argv[] = { word, NULL }, *env[] = { NULL };
	char **expanded = replace_env_argv(argv, env);

	if (expanded == NULL || expanded[0] == NULL || expanded[1] != NULL)
		failed = true;
	else
		print_word(expanded[0]);
}

static void
print_words(const char *rest, bool command)
{
	bool first = true, literal = false;
	int flags = EXTRACT_CUNESCAPE | EXTRACT_UNQUOTE;

	for (;;) {
		const char *start = rest;
		char *word, *expanded;
		int got = extract_first_word(&rest, &word, NULL, flags);

		if (got < 0 && command) {
			rest = start;
			got = extract_first_word(&rest, &word, NULL,
			    flags | EXTRACT_UNESCAPE_RELAX);
		}
		if (got < 0)
			failed = true;
		if (got <= 0)
			return;
		expanded = expand_specifiers(word);
		if (expanded == NULL)
			return;
		if (first)
			literal =
			    strspn(expanded, "@-:+!|") > strcspn(expanded, ":");
		if (command && !first && !literal)
			print_expanded(expanded);
		else
			print_word(expanded);
		first = false;
		free(expanded);
		free(word);
	}
}

static bool
is_command(const char *key)
{
	return strncmp(key, "ExecSt", 6) == 0 || strcmp(key, "ExecReload") == 0;
}

static int
print_assignment(const char *unit, const char *path, unsigned line,
    const char *section, unsigned section_line, const char *key, int type,
    const char *value, void *data, void *userdata)
{
	char *expanded;

	(void)unit;
	(void)path;
	(void)line;
	(void)section_line;
	(void)type;
	(void)data;
	(void)userdata;
	printf("%s %s", section == NULL ? "" : section, key);
	if (is_command(key) || strcmp(key, "Environment") == 0) {
		print_words(value, is_command(key));
	} else if (strcmp(key, "Description") == 0) {
		expanded = expand_specifiers(value);
		print_word(expanded == NULL ? "" : expanded);
		free(expanded);
	} else {
		print_word(value);
	}
	putchar('\n');
	return 0;
}

static int
take_any(const void *table, const char *section, const char *key,
    parse_value **parse, int *type, void **data, void *userdata)
{
	(void)table;
	(void)section;
	(void)key;
	*parse = print_assignment;
	*type = 0;
	*data = userdata;
	return 1;
}

int
main(int argc, char **argv)
{
	if (argc != 2 ||
	    config_parse(NULL, argv[1], NULL, NULL, take_any, NULL, 0, NULL,
	        NULL) < 0)
		return 1;
	return failed ? 1 : 0;
}
