/* SPDX-License-Identifier: MIT */
/*
 * childenv - the environment of COMMAND, built fresh.
 *
 * It may hold secrets: every string is wiped before it is given back.
 */
#ifndef KP_PROC_CHILDENV_H
#define KP_PROC_CHILDENV_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/str.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>

/* The kernel's limit for one "name=value": 32 pages with the final NUL. */
#define KP_CHILDENV_MAX 131071

/* { 0 } is a valid empty one. */
struct kp_childenv {
	char **vars; /* owned, each string too; ends with NULL once built */
	size_t count, cap;
	size_t gaps;           /* NULLs before its end */
	struct kp_table names; /* owned: of the variables */
};

/* Which of the variables that were found are passed on. */
struct kp_childenv_rules {
	bool pristine;              /* none but what keep names */
	const struct kp_list *keep; /* shell patterns; not empty: no others */
	const struct kp_list *drop; /* shell patterns, stronger than keep */
};

/*
 * Fill an empty *env with the variables of found, a vector ended by NULL;
 * KEYPLATE_ ones never.  The caller wipes *env either way.
 */
bool kp_childenv_build(struct kp_childenv *env, char *const *found,
    const struct kp_childenv_rules *rules,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Set a variable, replacing what has its name.  A value with a NUL or beyond
 * KP_CHILDENV_MAX is refused, by name.
 */
bool kp_childenv_set(struct kp_childenv *env, const char *name,
    struct kp_str value, struct kp_diags *diags) KP_MUST_CHECK;

/* Remove every variable of that name; until it is closed there are gaps. */
void kp_childenv_unset(struct kp_childenv *env, const char *name);

/* After the last change: .vars is a vector that the kernel can take. */
bool kp_childenv_close(struct kp_childenv *env,
    struct kp_diags *diags) KP_MUST_CHECK;

/* The first one's value, borrowed; NULL: there is none. */
const char *kp_childenv_get(char *const *vars, const char *name);

/* Wipe and release everything. */
void kp_childenv_wipe(struct kp_childenv *env);

/* Overwrite the bytes of each string of a vector ended by NULL. */
void kp_childenv_scrub(char *const *vector);

/*
 * Overwrite this program's own arguments, but for its name, up to the end of
 * rest, the last of them: the kernel shows their memory to everybody.
 */
void kp_childenv_scrub_arguments(char *const *rest);

#endif
