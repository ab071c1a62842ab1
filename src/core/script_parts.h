/* SPDX-License-Identifier: MIT */
/*
 * script_parts - what the files of script share.
 *
 *	script_word   variables, and what a word is worth as a rule's value
 *	script_sed    a sed that edits a file, by itself or in a function
 *	script        the other commands, and the rules that are proposed
 */
#ifndef KP_CORE_SCRIPT_PARTS_H
#define KP_CORE_SCRIPT_PARTS_H

#include "base/buf.h"
#include "base/str.h"
#include "core/script.h"

#include <stdbool.h>
#include <stddef.h>

/* A variable of the script. */
struct kp_script_variable {
	char *name;  /* owned */
	char *value; /* owned: with placeholders, or what was assigned */
	char *of;    /* owned: of a function's: the parameter, "1" ...; NULL */
};

/* A function that edits a file by sed. */
struct kp_script_setter {
	char *name;                /* owned */
	char *file;                /* owned: a path, or a parameter */
	unsigned key_at, value_at; /* of its parameters, from 1 */
	unsigned file_at;          /* 0: .file is the path */
};

struct kp_script {
	struct kp_proposal *proposal;
	const struct kp_source *src;
	const struct kp_script_reader *reader;
	struct kp_diags *diags;
	struct kp_script_variable *variables; /* owned */
	size_t nvariables, variables_cap;
	struct kp_script_setter *setters; /* owned */
	size_t nsetters, setters_cap;
	char *function; /* owned: the one that is being read; NULL: none */
	unsigned line;  /* of the command */
};

/* --- words --- */

/* Is it this text?  word may be NULL. */
bool kp_script_is(const char *word, const char *text);

/* The last name of a path: "/sbin/tini" is tini. */
const char *kp_script_base(const char *word);

/* The variable as it was assigned last; NULL: it was not. */
const struct kp_script_variable *kp_script_find(const struct kp_script *script,
    struct kp_str name);

/*
 * Cut the first expansion out of a word, with what is before it; false: there
 * is none.
 */
bool kp_script_next_expansion(struct kp_str *rest, struct kp_str *before,
    struct kp_str *expansion);

bool kp_script_expands(const char *word);

/* May the word stand behind ":-" of this name, and gives nothing away? */
bool kp_script_is_plain_default(struct kp_str name, struct kp_str word);

/*
 * Append what a word stands for, as the value of a rule; false where that
 * cannot be said.
 */
bool kp_script_add_value(const struct kp_script *script, const char *word,
    struct kp_buf *out);

/*
 * The path of a word, its constants put in, which the caller frees; NULL: it
 * is not known.
 */
char *kp_script_path(const struct kp_script *script, const char *word);

/* Does the value of a rule hold a placeholder? */
bool kp_script_looks_up(const char *value);

/* Note each placeholder of a value among what is needed. */
void kp_script_need_names(struct kp_proposal *proposal, const char *value);

/*
 * The parameter that a word is made from: "2" of "${2//x/y}"; NULL: none.
 * digits is room for it.
 */
const char *kp_script_parameter(const struct kp_script *script,
    const char *word, char digits[2]);

/* Is the word NAME=VALUE?  name and value are parts of it. */
bool kp_script_is_assignment(const char *word, struct kp_str *name,
    const char **value);

/* The variable has this value from here on; of: the parameter, or NULL. */
void kp_script_set(struct kp_script *script, struct kp_str name,
    const char *value, const char *of);

/* The same, of a word as the script assigns it. */
void kp_script_assign(struct kp_script *script, struct kp_str name,
    const char *word);

/* --- sed --- */

/* sed -i [-e] EXPRESSION ... FILE */
void kp_script_take_sed(struct kp_script *script, char **list, size_t count);

/* The function of this name that edits a file; NULL: it is none. */
const struct kp_script_setter *
kp_script_find_setter(const struct kp_script *script, const char *name);

/* Propose what a call of it does; words: its arguments, borrowed. */
void kp_script_call_setter(struct kp_script *script,
    const struct kp_script_setter *setter, char **words, size_t count);

/* --- what is proposed --- */

/* The key or marker of a file gets a value; what tells how it was found. */
void kp_script_add_set(struct kp_script *script, const char *path,
    struct kp_str key, const char *value, const char *what);

/* What somebody has to decide, noted with its line. */
void kp_script_leave(struct kp_script *script, const char *what);

#endif
