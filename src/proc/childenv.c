/* SPDX-License-Identifier: MIT */
/* childenv - the environment of COMMAND, built fresh. */
#include "proc/childenv.h"

#include "base/array.h"
#include "base/hash.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* Our own options: of no use to COMMAND. */
#define OWN_PREFIX "KEYPLATE_"

static struct kp_str
name_of(const char *var)
{
	return kp_str_make(var, strcspn(var, "="));
}

static uint64_t
hash(struct kp_str name)
{
	return kp_hash_text(KP_HASH_START, name);
}

/* The number of the first one of that name; .count: there is none. */
static size_t
find(const struct kp_childenv *env, struct kp_str name)
{
	struct kp_table_walk walk = kp_table_start(&env->names, hash(name));
	uint32_t number;

	while (kp_table_next(&walk, &number)) {
		if (env->vars[number] != NULL &&
		    kp_str_eq(name_of(env->vars[number]), name))
			return number;
	}
	return env->count;
}

static bool
matches_any(const struct kp_list *patterns, const char *name)
{
	size_t i;

	for (i = 0; i < patterns->count; i++) {
		if (fnmatch(patterns->items[i], name, 0) == 0)
			return true;
	}
	return false;
}

static bool
is_wanted(const char *name, const struct kp_childenv_rules *rules)
{
	if ((rules->pristine || rules->keep->count > 0) &&
	    !matches_any(rules->keep, name))
		return false;
	return !matches_any(rules->drop, name);
}

/* Append var, which is moved in; NULL stands for no memory. */
static bool
append(struct kp_childenv *env, char *var, struct kp_diags *diags)
{
	if (var == NULL ||
	    !kp_array_grow((void **)&env->vars, &env->cap, env->count + 2,
	        sizeof(*env->vars)) ||
	    !kp_table_add(&env->names, hash(name_of(var)), env->count)) {
		if (var != NULL)
			freezero(var, strlen(var));
		return kp_diag_nomem(diags);
	}
	env->vars[env->count++] = var;
	env->vars[env->count] = NULL;
	return true;
}

static bool
inherit(struct kp_childenv *env, const char *var,
    const struct kp_childenv_rules *rules, struct kp_diags *diags)
{
	struct kp_str name = name_of(var);
	bool wanted = !rules->pristine;

	if (kp_str_starts(name, OWN_PREFIX))
		return true;
	if (rules->keep->count > 0 || rules->drop->count > 0) {
		char *copy = strndup(name.ptr, name.len);

		if (copy == NULL)
			return kp_diag_nomem(diags);
		wanted = is_wanted(copy, rules);
		free(copy);
	}
	return !wanted || append(env, strdup(var), diags);
}

bool
kp_childenv_build(struct kp_childenv *env, char *const *found,
    const struct kp_childenv_rules *rules, struct kp_diags *diags)
{
	for (; *found != NULL; found++) {
		if (!inherit(env, *found, rules, diags))
			return false;
	}
	/* An empty environment is a vector too. */
	if (env->vars == NULL &&
	    !kp_array_grow((void **)&env->vars, &env->cap, 1,
	        sizeof(*env->vars)))
		return kp_diag_nomem(diags);
	return true;
}

/* "name=value", owned by the caller. */
static char *
join(const char *name, struct kp_str value)
{
	size_t len = strlen(name);
	char *var = calloc(1, len + 1 + value.len + 1);

	if (var == NULL)
		return NULL;
	memcpy(var, name, len);
	var[len] = '=';
	if (value.len > 0)
		memcpy(var + len + 1, value.ptr, value.len);
	return var;
}

bool
kp_childenv_set(struct kp_childenv *env, const char *name, struct kp_str value,
    struct kp_diags *diags)
{
	if (kp_str_find(value, '\0') != KP_NPOS)
		return kp_diag_file(diags, NULL,
		    "variable \"%s\": a NUL byte, which no environment can "
		    "carry",
		    name);
	if (strlen(name) + 1 + value.len > KP_CHILDENV_MAX) {
		kp_diag_file(diags, NULL,
		    "variable \"%s\" is %zu bytes with its name; the kernel "
		    "takes %d",
		    name, strlen(name) + 1 + value.len, KP_CHILDENV_MAX);
		return kp_diag_hint(diags,
		    "let the service read it from a file");
	}
	kp_childenv_unset(env, name);
	return append(env, join(name, value), diags);
}

void
kp_childenv_unset(struct kp_childenv *env, const char *name)
{
	size_t i;

	while ((i = find(env, kp_str_of(name))) < env->count) {
		freezero(env->vars[i], strlen(env->vars[i]));
		env->vars[i] = NULL;
		env->gaps++;
	}
}

bool
kp_childenv_close(struct kp_childenv *env, struct kp_diags *diags)
{
	size_t kept = 0, i;

	if (env->gaps == 0)
		return true;
	kp_table_free(&env->names);
	for (i = 0; i < env->count; i++) {
		if (env->vars[i] != NULL)
			env->vars[kept++] = env->vars[i];
	}
	env->vars[kept] = NULL;
	env->count = kept;
	env->gaps = 0;
	for (i = 0; i < kept; i++) {
		if (!kp_table_add(&env->names, hash(name_of(env->vars[i])), i))
			return kp_diag_nomem(diags);
	}
	return true;
}

const char *
kp_childenv_get(char *const *vars, const char *name)
{
	for (; *vars != NULL; vars++) {
		struct kp_str found = name_of(*vars);

		if (kp_str_is(found, name) && (*vars)[found.len] == '=')
			return *vars + found.len + 1;
	}
	return NULL;
}

void
kp_childenv_wipe(struct kp_childenv *env)
{
	size_t i;

	for (i = 0; i < env->count; i++) {
		if (env->vars[i] != NULL)
			freezero(env->vars[i], strlen(env->vars[i]));
	}
	free(env->vars);
	kp_table_free(&env->names);
	*env = (struct kp_childenv){ 0 };
}

void
kp_childenv_scrub(char *const *vector)
{
	for (; *vector != NULL; vector++)
		explicit_bzero(*vector, strlen(*vector));
}

void
kp_childenv_scrub_arguments(char *const *rest)
{
	/* One after the other in memory, as the kernel put them there. */
	char *start =
	    program_invocation_name + strlen(program_invocation_name) + 1;
	char *end;

	while (rest[1] != NULL)
		rest++;
	end = *rest + strlen(*rest);
	if (start < end)
		explicit_bzero(start, (size_t)(end - start));
}
