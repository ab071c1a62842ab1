/* SPDX-License-Identifier: MIT */
/* plan - the targets and rules of one run, as rule files and options say. */
#include "core/plan.h"

#include "base/array.h"
#include "base/near.h"

#include <stdlib.h>
#include <string.h>

/* A source with what it borrows: the plan's pointers lead to the first. */
struct kept_source {
	struct kp_source source;
	char *name;         /* owned */
	struct kp_buf text; /* owned */
};

struct kp_target *
kp_plan_add_target(struct kp_plan *plan)
{
	if (!kp_array_grow((void **)&plan->targets, &plan->targets_cap,
	        plan->ntargets + 1, sizeof(*plan->targets)))
		return NULL;
	return &plan->targets[plan->ntargets++];
}

struct kp_set_rule *
kp_plan_add_set(struct kp_plan *plan)
{
	if (!kp_array_grow((void **)&plan->sets, &plan->sets_cap,
	        plan->nsets + 1, sizeof(*plan->sets)))
		return NULL;
	return &plan->sets[plan->nsets++];
}

struct kp_match_rule *
kp_plan_add_match(struct kp_plan *plan)
{
	struct kp_match_rule *rule;

	if (!kp_array_grow((void **)&plan->matches, &plan->matches_cap,
	        plan->nmatches + 1, sizeof(*plan->matches)))
		return NULL;
	rule = &plan->matches[plan->nmatches++];
	rule->count = 1;
	return rule;
}

struct kp_export_rule *
kp_plan_add_export(struct kp_plan *plan)
{
	if (!kp_array_grow((void **)&plan->exports, &plan->exports_cap,
	        plan->nexports + 1, sizeof(*plan->exports)))
		return NULL;
	return &plan->exports[plan->nexports++];
}

static void
free_source(struct kp_source *source)
{
	struct kept_source *kept = (struct kept_source *)source;

	free(kept->name);
	kp_buf_wipe(&kept->text);
	free(kept);
}

const struct kp_source *
kp_plan_add_source(struct kp_plan *plan, const char *name, struct kp_buf *text,
    size_t guarded)
{
	struct kept_source *kept = calloc(1, sizeof(*kept));

	if (kept == NULL)
		return NULL;
	kept->name = strdup(name);
	if (kept->name == NULL ||
	    !kp_array_grow((void **)&plan->sources, &plan->sources_cap,
	        plan->nsources + 1, sizeof(struct kp_source *))) {
		free_source(&kept->source);
		return NULL;
	}
	kept->text = kp_buf_take(text);
	kept->source.name = kept->name;
	kept->source.text = kp_buf_view(&kept->text);
	kept->source.guarded = guarded != KP_NPOS;
	kept->source.guarded_from = guarded;
	plan->sources[plan->nsources++] = &kept->source;
	return &kept->source;
}

const struct kp_target *
kp_plan_target(const struct kp_plan *plan, const char *file)
{
	struct kp_str wanted = kp_str_of(file);
	size_t i;

	for (i = 0; i < plan->ntargets; i++) {
		const char *name = plan->targets[i].name;

		if (name != NULL && kp_str_is_nocase(wanted, name))
			return &plan->targets[i];
	}
	for (i = 0; i < plan->ntargets; i++) {
		const char *path = plan->targets[i].path;

		if (path != NULL && kp_str_is(wanted, path))
			return &plan->targets[i];
	}
	for (i = 0; i < plan->ntargets; i++) {
		const char *source = plan->targets[i].source;

		if (source != NULL && kp_str_is(wanted, source))
			return &plan->targets[i];
	}
	return NULL;
}

bool
kp_plan_has_rules(const struct kp_plan *plan, const struct kp_target *target)
{
	size_t i;

	for (i = 0; i < plan->nsets; i++) {
		if (plan->sets[i].target == target)
			return true;
	}
	for (i = 0; i < plan->nmatches; i++) {
		if (plan->matches[i].target == target)
			return true;
	}
	return false;
}

/* The name of the target that file was most likely meant to be, or NULL. */
static const char *
find_near_target(const struct kp_plan *plan, const char *file)
{
	const char **names = calloc(plan->ntargets + 1, sizeof(*names));
	const char *near;
	size_t i, count = 0;

	if (names == NULL)
		return NULL;
	for (i = 0; i < plan->ntargets; i++) {
		if (plan->targets[i].name != NULL)
			names[count++] = plan->targets[i].name;
	}
	near = kp_near_best(kp_str_of(file), names);
	free(names);
	return near;
}

/* The target that a rule's file names; NULL: there is none, and it is told. */
static const struct kp_target *
resolve(const struct kp_plan *plan, const char *file,
    const struct kp_written *written, const struct kp_written *section,
    struct kp_diags *diags)
{
	const struct kp_target *target;
	const char *near;

	/* That it is missing was told where the section was read. */
	if (file == NULL)
		return NULL;
	target = kp_plan_target(plan, file);
	if (target != NULL)
		return target;
	if (written->src == NULL)
		written = section;
	kp_diag_at(diags, written->src, written->offset, written->len,
	    "no file is called \"%s\"", file);
	near = find_near_target(plan, file);
	if (near != NULL)
		kp_diag_hint(diags, "did you mean \"%s\"?", near);
	else
		kp_diag_hint(diags,
		    "add a section [file %s] with its path, or write its "
		    "absolute path here",
		    file);
	return NULL;
}

bool
kp_plan_check(struct kp_plan *plan, struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	for (i = 0; i < plan->nsets; i++) {
		struct kp_set_rule *set = &plan->sets[i];

		set->target = resolve(plan, set->file, &set->file_written,
		    &set->written, diags);
		good = set->target != NULL && good;
	}
	for (i = 0; i < plan->nmatches; i++) {
		struct kp_match_rule *match = &plan->matches[i];

		match->target = resolve(plan, match->file, &match->file_written,
		    &match->written, diags);
		good = match->target != NULL && good;
	}
	return good;
}

/* What a user typed may hold a secret by mistake. */
static void
wipe_text(char *text)
{
	if (text != NULL)
		freezero(text, strlen(text));
}

static void
free_targets(struct kp_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->ntargets; i++) {
		struct kp_target *target = &plan->targets[i];

		free(target->name);
		free(target->path);
		free(target->source);
		free(target->format);
		free(target->syntax);
		free(target->delimiters);
		free(target->only);
		free(target->suffix);
		free(target->mode);
		free(target->owner);
		free(target->verify);
	}
	free(plan->targets);
}

static void
free_sets(struct kp_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nsets; i++) {
		free(plan->sets[i].name);
		free(plan->sets[i].file);
		free(plan->sets[i].key);
		wipe_text(plan->sets[i].value);
	}
	free(plan->sets);
}

static void
free_matches(struct kp_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nmatches; i++) {
		free(plan->matches[i].name);
		free(plan->matches[i].file);
		free(plan->matches[i].pattern);
		wipe_text(plan->matches[i].value);
		wipe_text(plan->matches[i].replace);
	}
	free(plan->matches);
}

static void
free_exports(struct kp_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nexports; i++) {
		free(plan->exports[i].name);
		free(plan->exports[i].variable);
		wipe_text(plan->exports[i].value);
	}
	free(plan->exports);
}

void
kp_plan_free(struct kp_plan *plan)
{
	size_t i;

	free_targets(plan);
	free_sets(plan);
	free_matches(plan);
	free_exports(plan);
	for (i = 0; i < plan->nsources; i++)
		free_source(plan->sources[i]);
	free(plan->sources);
	kp_table_free(&plan->names);
	*plan = (struct kp_plan){ 0 };
}
