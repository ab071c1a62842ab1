/* SPDX-License-Identifier: MIT */
/* expand - what a placeholder, or a rule's value, comes to. */
#include "core/expand.h"

#include "base/array.h"
#include "base/utf8.h"
#include "core/filter.h"

#include <stdlib.h>
#include <string.h>

static enum kp_outcome
fail_nomem(struct kp_expander *expander)
{
	kp_diag_nomem(expander->diags);
	return KP_FAILED;
}

enum kp_outcome
kp_expand_full(struct kp_expander *expander, const struct kp_source *src,
    size_t offset, size_t len)
{
	if (!expander->full)
		kp_diag_at(expander->diags, src, offset, len,
		    "the values come to more than %zu bytes", KP_EXPAND_MAX);
	expander->full = true;
	return KP_FAILED;
}

bool
kp_result_add(struct kp_result *result, struct kp_str bytes, bool trusted)
{
	if (bytes.len == 0)
		return true;
	if (!kp_array_room((void **)&result->runs, &result->runs_cap,
	        result->nruns + 1, sizeof(*result->runs)))
		return false;
	result->runs[result->nruns++] = (struct kp_run){ bytes.len, trusted };
	kp_buf_add(&result->bytes, bytes);
	return kp_buf_ok(&result->bytes);
}

bool
kp_result_append(struct kp_result *result, const struct kp_result *more)
{
	size_t at = 0, i;

	for (i = 0; i < more->nruns; i++) {
		struct kp_str bytes = kp_str_slice(kp_buf_view(&more->bytes),
		    at, at + more->runs[i].len);

		if (!kp_result_add(result, bytes, more->runs[i].trusted))
			return false;
		at += more->runs[i].len;
	}
	result->string = result->string || more->string;
	result->typed = result->typed || more->typed;
	if (result->entry == NULL)
		result->entry = more->entry;
	return true;
}

/* For that many bytes more. */
static bool
has_room(const struct kp_result *result, size_t more)
{
	return result->bytes.len <= KP_EXPAND_MAX &&
	    more <= KP_EXPAND_MAX - result->bytes.len;
}

static size_t
length(const struct kp_placeholder *placeholder)
{
	return placeholder->end - placeholder->start;
}

/* Where a name of this origin was looked for, in the reader's words. */
static struct kp_str
looked_in(const struct kp_reader *reader, enum kp_origin origin)
{
	static const char environment[] = ", environment";
	struct kp_str places = kp_str_of(reader->looked_in);

	if (origin == KP_ENV)
		return kp_str_of("environment");
	if (origin == KP_SECRET && kp_str_ends(places, environment))
		places.len -= strlen(environment);
	return places;
}

/* The marks that a hint has: none where they are not "${" and "}". */
struct marks {
	const char *open, *close;
};

static struct marks
marks_of(const struct kp_source *src, const struct kp_placeholder *placeholder)
{
	struct kp_str text =
	    kp_str_slice(src->text, placeholder->start, placeholder->end);
	size_t source = strlen(kp_origin_prefix(placeholder->origin));
	bool ours = kp_str_starts(text, "${") &&
	    placeholder->name.ptr == text.ptr + 2 + source;

	return ours ? (struct marks){ "${", "}" } : (struct marks){ "", "" };
}

/* Say what to do, and how the placeholder is written to say so. */
static void
hint_at_form(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const char *what,
    const char *form, const char *more)
{
	struct marks marks = marks_of(src, placeholder);

	kp_diag_hint(expander->diags, "%s: %s%s%.*s%s%s%s", what, marks.open,
	    kp_origin_prefix(placeholder->origin), (int)placeholder->name.len,
	    placeholder->name.ptr, form, marks.close, more);
}

/* The name is that of the other kind. */
static void
hint_at_other(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const char *name)
{
	struct marks marks = marks_of(src, placeholder);
	bool variable = placeholder->origin == KP_SECRET;

	kp_diag_hint(expander->diags,
	    "it is a %s: %s%s%s%s, or %s%s%s for either",
	    variable ? "variable" : "secret", marks.open,
	    kp_origin_prefix(variable ? KP_ENV : KP_SECRET), name, marks.close,
	    marks.open, name, marks.close);
}

/* Another tool's has no such forms. */
static void
hint_at_default(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder)
{
	if (placeholder->profile == KP_PROFILE_KEYPLATE)
		hint_at_form(expander, src, placeholder,
		    "provide it, or give a default", ":-...", "");
	else
		kp_diag_hint(expander->diags, "provide it%s",
		    kp_profile_has_defaults(placeholder->profile) ?
		        ", or give it a default" :
		        "");
}

/* What helps where a name was not found: a near one, or another place. */
static void
hint_at_absent(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const struct kp_entry *entry)
{
	const struct kp_reader *reader = &expander->values->reader;
	const char *near = reader->nearest(reader->ctx, placeholder->name);

	if (near == NULL)
		hint_at_default(expander, src, placeholder);
	else if (strcmp(near, entry->name) != 0)
		kp_diag_hint(expander->diags, "did you mean \"%s\"?", near);
	else
		hint_at_other(expander, src, placeholder, near);
}

/* A name that nothing knows. */
static enum kp_outcome
handle_absent(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const struct kp_entry *entry)
{
	const struct kp_reader *reader = &expander->values->reader;
	struct kp_str places = looked_in(reader, placeholder->origin);

	if (expander->missing == KP_MISSING_SKIPS)
		return KP_UNRESOLVED;
	if (expander->missing == KP_MISSING_STAYS) {
		kp_diag_warn_at(expander->diags, src, placeholder->start,
		    length(placeholder),
		    "no value for \"%s\": it stays as it is", entry->name);
		return KP_UNRESOLVED;
	}
	if (placeholder->origin == KP_FILE) {
		kp_diag_at(expander->diags, src, placeholder->start,
		    length(placeholder), "no file %s", entry->name);
		return KP_FAILED;
	}
	kp_diag_at(expander->diags, src, placeholder->start,
	    length(placeholder), "no value for \"%s\" (looked in %.*s)",
	    entry->name, (int)places.len, places.ptr);
	hint_at_absent(expander, src, placeholder, entry);
	return KP_FAILED;
}

/* A name that is not set, where the syntax has a rule of its own for it. */
static enum kp_outcome
handle_unset(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const struct kp_entry *entry)
{
	switch (kp_profile_unset(placeholder->profile)) {
	case KP_UNSET_STAYS:
		return KP_UNRESOLVED;
	case KP_UNSET_WARNS:
		kp_diag_warn_at(expander->diags, src, placeholder->start,
		    length(placeholder), "\"%s\" is not set: it is empty here",
		    entry->name);
		return KP_RESOLVED;
	case KP_UNSET_EMPTY:
		return KP_RESOLVED;
	case KP_UNSET_FAILS:
		break;
	}
	return handle_absent(expander, src, placeholder, entry);
}

static enum kp_outcome
handle_broken(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const struct kp_entry *entry)
{
	if (expander->missing == KP_MISSING_SKIPS)
		return KP_UNRESOLVED;
	if (entry->where[0] == '\0')
		kp_diag_at(expander->diags, src, placeholder->start,
		    length(placeholder), "cannot use \"%s\": %s", entry->name,
		    entry->why);
	else
		kp_diag_at(expander->diags, src, placeholder->start,
		    length(placeholder), "cannot use \"%s\": %s %s",
		    entry->name, entry->where, entry->why);
	if (entry->hint[0] != '\0')
		kp_diag_hint(expander->diags, "%s", entry->hint);
	return KP_FAILED;
}

static enum kp_outcome
handle_empty(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const struct kp_entry *entry)
{
	if (expander->missing == KP_MISSING_SKIPS)
		return KP_UNRESOLVED;
	kp_diag_at(expander->diags, src, placeholder->start,
	    length(placeholder), "the value of \"%s\" is empty (%s)",
	    entry->name, entry->where);
	if (placeholder->profile == KP_PROFILE_KEYPLATE)
		hint_at_form(expander, src, placeholder,
		    "fill it, or allow that", ":-",
		    ", or optional = yes in a rule");
	return KP_FAILED;
}

/* The message of ${name:?message}: its text alone, for a value may leak. */
static enum kp_outcome
handle_required(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, const struct kp_entry *entry)
{
	const struct kp_template *word = placeholder->word;
	struct kp_buf message = { 0 };
	size_t i;

	if (expander->missing == KP_MISSING_SKIPS)
		return KP_UNRESOLVED;
	for (i = 0; i < word->count; i++)
		kp_buf_add(&message, kp_part_text(word, &word->parts[i]));
	kp_diag_at(expander->diags, src, placeholder->start,
	    length(placeholder), "\"%s\" is %s: %s", entry->name,
	    entry->found == KP_FOUND ? "empty" : "not set",
	    message.len == 0 ? "it is required" : message.data);
	kp_buf_wipe(&message);
	return KP_FAILED;
}

const char *
kp_expand_oddity(struct kp_str value)
{
	if (kp_str_ends(value, "\n"))
		return "it still ends in a line ending after one was dropped";
	if (kp_str_find(value, '\r') != KP_NPOS)
		return "it holds a carriage return";
	if (value.len > 0 &&
	    (kp_is_blank(value.ptr[0]) ||
	        kp_is_blank(value.ptr[value.len - 1])))
		return "it has a blank at an end";
	if (!kp_utf8_valid(value))
		return "it is not UTF-8";
	return NULL;
}

/* Once for each name, with its size and no more of it. */
static void
warn_if_odd(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, struct kp_entry *entry)
{
	const char *odd;

	if (entry->examined || entry->from == KP_ENV ||
	    placeholder->nfilters > 0)
		return;
	entry->examined = true;
	odd = kp_expand_oddity(entry->value);
	if (odd == NULL)
		return;
	kp_diag_warn_at(expander->diags, src, placeholder->start,
	    length(placeholder), "\"%s\" (%zu bytes): %s", entry->name,
	    entry->value.len, odd);
	if (placeholder->profile == KP_PROFILE_KEYPLATE &&
	    kp_str_trim(entry->value).len < entry->value.len)
		hint_at_form(expander, src, placeholder,
		    "to take what is at its ends off", "|trim", "");
}

/* The characters of a secret's name that begin where the placeholder's does. */
static struct kp_str
find_dashed(const struct kp_source *src,
    const struct kp_placeholder *placeholder)
{
	size_t start = (size_t)(placeholder->name.ptr - src->text.ptr);
	size_t end = start + placeholder->name.len;

	while (end < placeholder->end &&
	    (kp_is_alnum(src->text.ptr[end]) ||
	        memchr("_.-", src->text.ptr[end], 3) != NULL))
		end++;
	return kp_str_slice(src->text, start, end);
}

/*
 * ${db-password} is db with a default, as in the shell; somebody who has a
 * secret "db-password" will have meant that.
 */
static void
warn_if_dashed(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder)
{
	const struct kp_entry *entry;
	struct kp_str name;

	if (placeholder->origin != KP_ANY || placeholder->or_empty ||
	    placeholder->profile != KP_PROFILE_KEYPLATE)
		return;
	name = find_dashed(src, placeholder);
	if (name.len <= placeholder->name.len + 1)
		return;
	entry = kp_values_get(expander->values, KP_SECRET, name);
	if (entry == NULL || entry->found == KP_ABSENT)
		return;
	kp_diag_warn_at(expander->diags, src, placeholder->start,
	    length(placeholder),
	    "\"%s\" is a secret, but this is \"%.*s\" with a default",
	    entry->name, (int)placeholder->name.len, placeholder->name.ptr);
	kp_diag_hint(expander->diags, "for the secret, write secret:%s",
	    entry->name);
}

/*
 * Run value through the placeholder's filters that have one of the effects
 * in only (0: through all of them), into *out.
 */
static enum kp_outcome
apply_filters(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, unsigned only,
    struct kp_str value, struct kp_buf *out)
{
	size_t i;

	kp_buf_add(out, value);
	for (i = 0; i < placeholder->nfilters && kp_buf_ok(out); i++) {
		const struct kp_filter_use *use = &placeholder->filters[i];
		struct kp_filter_error why = { { 0 } };
		struct kp_buf next = { 0 };

		if (use->filter->apply == NULL ||
		    (only != 0 && (use->filter->effects & only) == 0))
			continue;
		if (!use->filter->apply(kp_buf_view(out), use->argument,
		        expander->current, &next, &why)) {
			kp_buf_wipe(&next);
			kp_diag_at(expander->diags, src, use->offset,
			    strlen(use->filter->name),
			    "cannot apply \"%s\" to \"%.*s\": %s",
			    use->filter->name, (int)placeholder->name.len,
			    placeholder->name.ptr, why.text);
			return KP_FAILED;
		}
		kp_buf_wipe(out);
		*out = next;
	}
	return kp_buf_ok(out) ? KP_RESOLVED : fail_nomem(expander);
}

static enum kp_outcome
add_value(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, struct kp_entry *entry,
    struct kp_result *result)
{
	struct kp_str value = entry->value;
	struct kp_buf filtered = { 0 };
	enum kp_outcome outcome = KP_RESOLVED;

	warn_if_odd(expander, src, placeholder, entry);
	if (kp_placeholder_has(placeholder, KP_FX_WHOLE))
		value = kp_buf_view(&entry->bytes);
	if (placeholder->nfilters > 0) {
		outcome = apply_filters(expander, src, placeholder, 0, value,
		    &filtered);
		value = kp_buf_view(&filtered);
	}
	if (outcome == KP_RESOLVED && !has_room(result, value.len))
		outcome = kp_expand_full(expander, src, placeholder->start,
		    length(placeholder));
	if (outcome == KP_RESOLVED && !kp_result_add(result, value, false))
		outcome = fail_nomem(expander);
	kp_buf_wipe(&filtered);
	result->typed = kp_placeholder_has(placeholder, KP_FX_TYPED);
	if (kp_placeholder_has(placeholder, KP_FX_STRING) ||
	    (entry->from != KP_ENV &&
	        !kp_placeholder_has(placeholder, KP_FX_TYPED)))
		result->string = true;
	return outcome;
}

/* The operator's word; a type filter holds for it as well. */
static enum kp_outcome
add_word(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, struct kp_result *result)
{
	struct kp_result word = { 0 };
	struct kp_buf typed = { 0 };
	enum kp_outcome outcome;

	outcome = kp_expand_template(expander, placeholder->word, &word);
	if (outcome == KP_RESOLVED && !has_room(result, word.bytes.len))
		outcome = kp_expand_full(expander, src, placeholder->start,
		    length(placeholder));
	if (outcome == KP_RESOLVED &&
	    kp_placeholder_has(placeholder, KP_FX_TYPED)) {
		outcome = apply_filters(expander, src, placeholder, KP_FX_TYPED,
		    kp_buf_view(&word.bytes), &typed);
		result->typed = true;
		if (outcome == KP_RESOLVED &&
		    !kp_result_add(result, kp_buf_view(&typed), true))
			outcome = fail_nomem(expander);
	} else if (outcome == KP_RESOLVED && !kp_result_append(result, &word)) {
		outcome = fail_nomem(expander);
	}
	if (kp_placeholder_has(placeholder, KP_FX_STRING))
		result->string = true;
	kp_buf_wipe(&typed);
	kp_result_free(&word);
	return outcome;
}

/* The entry, once it is known that it can be used or is absent. */
static enum kp_outcome
look_up(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, struct kp_entry **entry)
{
	*entry = kp_values_get(expander->values, placeholder->origin,
	    placeholder->name);
	if (*entry == NULL)
		return fail_nomem(expander);
	if ((*entry)->found == KP_BROKEN)
		return handle_broken(expander, src, placeholder, *entry);
	return KP_RESOLVED;
}

/* Whether the name counts as set for the placeholder's operator. */
static bool
counts_as_set(const struct kp_placeholder *placeholder,
    const struct kp_entry *entry)
{
	return entry->found == KP_FOUND &&
	    !(placeholder->or_empty && entry->value.len == 0);
}

enum kp_outcome
kp_expand_condition(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, bool *is_set)
{
	struct kp_entry *entry;
	enum kp_outcome outcome;

	outcome = look_up(expander, src, placeholder, &entry);
	*is_set = outcome == KP_RESOLVED && counts_as_set(placeholder, entry);
	return outcome;
}

enum kp_outcome
kp_expand(struct kp_expander *expander, const struct kp_source *src,
    const struct kp_placeholder *placeholder, struct kp_result *result)
{
	struct kp_entry *entry;
	enum kp_outcome outcome;
	bool is_set;

	if (expander->full)
		return KP_FAILED;
	outcome = look_up(expander, src, placeholder, &entry);
	if (result->entry == NULL)
		result->entry = entry;
	if (outcome != KP_RESOLVED)
		return outcome;
	is_set = counts_as_set(placeholder, entry);
	switch (placeholder->op) {
	case KP_NO_OPERATOR:
		if (!is_set)
			return handle_unset(expander, src, placeholder, entry);
		if (entry->value.len == 0 && entry->from != KP_ENV &&
		    kp_profile_unset(placeholder->profile) == KP_UNSET_FAILS &&
		    !kp_placeholder_has(placeholder, KP_FX_WHOLE))
			return handle_empty(expander, src, placeholder, entry);
		break;
	case KP_DEFAULT:
		warn_if_dashed(expander, src, placeholder);
		if (!is_set)
			return add_word(expander, src, placeholder, result);
		break;
	case KP_REQUIRE:
		if (!is_set)
			return handle_required(expander, src, placeholder,
			    entry);
		break;
	case KP_ALTERNATIVE:
		if (is_set)
			return add_word(expander, src, placeholder, result);
		return KP_RESOLVED;
	}
	return add_value(expander, src, placeholder, entry, result);
}

/* All parts are tried, so that every missing name is reported. */
enum kp_outcome
kp_expand_template(struct kp_expander *expander,
    const struct kp_template *template, struct kp_result *result)
{
	enum kp_outcome worst = KP_RESOLVED;
	size_t i;

	for (i = 0; i < template->count; i++) {
		const struct kp_part *part = &template->parts[i];
		enum kp_outcome outcome = KP_RESOLVED;

		if (part->placeholder != NULL)
			outcome = kp_expand(expander, template->src,
			    part->placeholder, result);
		else if (!kp_result_add(result, kp_part_text(template, part),
		             true))
			outcome = fail_nomem(expander);
		if (outcome > worst)
			worst = outcome;
	}
	return worst;
}

void
kp_result_clear(struct kp_result *result)
{
	kp_buf_cut(&result->bytes, 0);
	*result = (struct kp_result){
		.bytes = result->bytes,
		.runs = result->runs,
		.runs_cap = result->runs_cap,
	};
}

void
kp_result_free(struct kp_result *result)
{
	kp_buf_wipe(&result->bytes);
	free(result->runs);
	*result = (struct kp_result){ 0 };
}
