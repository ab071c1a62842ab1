/* SPDX-License-Identifier: MIT */
/*
 * config - rule files: what they say becomes a plan.
 *
 * A file is read twice: raw, for places and for all that iniparser lets pass
 * (io/rulefile), and by iniparser, which gives the values.  Where the two
 * disagree about a value, nothing is done.
 */
#include "io/config.h"

#include "base/near.h"
#include "core/syntax.h"
#include "format/format.h"
#include "io/dir.h"
#include "io/file.h"
#include "io/rulefile.h"
#include "io/tree.h"

#include <iniparser/iniparser.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RULES_MAX ((size_t)1024 * 1024)
#define COUNT_LIMIT 1000000000UL

/* One rule file on its way into the plan. */
struct loader {
	struct kp_plan *plan;
	const struct kp_config_options *options;
	struct kp_diags *diags;
	struct kp_rulefile file;
	dictionary *values;                    /* owned, by iniparser */
	const struct kp_rule_section *section; /* the one that is read */
};

/* --- what iniparser read --- */

static int
say_nothing(const char *format, ...)
{
	(void)format;
	return 0;
}

/* iniparser's value of an entry; NULL: it has none. */
static const char *
find_value(const struct loader *loader, const struct kp_rule_entry *entry)
{
	const struct kp_rule_section *section =
	    &loader->file.sections[entry->section];
	struct kp_buf name = { 0 };
	const char *value = NULL;

	kp_buf_add(&name, section->header);
	kp_buf_add_char(&name, ':');
	kp_buf_add(&name, entry->key);
	if (kp_buf_ok(&name))
		value = iniparser_getstring(loader->values, name.data, NULL);
	kp_buf_wipe(&name);
	return value;
}

static bool
check_agreement(const struct loader *loader)
{
	const struct kp_rulefile *file = &loader->file;
	size_t i;
	bool agreed = true;

	for (i = 0; i < file->nentries; i++) {
		const struct kp_rule_entry *entry = &file->entries[i];
		const char *value = find_value(loader, entry);

		if (value != NULL && kp_str_is(entry->value, value))
			continue;
		agreed = kp_diag_at(loader->diags, file->src,
		    kp_rulefile_offset(file, entry->value), entry->value.len,
		    "a value that iniparser reads differently");
		kp_diag_hint(loader->diags, "put it in quotes");
	}
	if (agreed &&
	    (size_t)loader->values->n != file->nsections + file->nentries)
		agreed = kp_diag_file(loader->diags, file->src->name,
		    "changed while it was read");
	return agreed;
}

static bool
load_values(struct loader *loader)
{
	iniparser_set_error_callback(say_nothing);
	loader->values = iniparser_load(loader->file.src->name);
	iniparser_set_error_callback(NULL);
	if (loader->values == NULL)
		return kp_diag_file(loader->diags, loader->file.src->name,
		    "iniparser cannot read it");
	return check_agreement(loader);
}

/* --- keys of a section --- */

static const struct kp_rule_entry *
find_entry(const struct loader *loader, const char *key)
{
	size_t i = loader->section->first;
	size_t end = i + loader->section->count;

	for (; i < end; i++) {
		const struct kp_rule_entry *entry = &loader->file.entries[i];

		if (kp_str_is_nocase(entry->key, key))
			return entry;
	}
	return NULL;
}

static struct kp_written
written_at(const struct loader *loader, struct kp_str view)
{
	return (struct kp_written){
		.src = loader->file.src,
		.offset = kp_rulefile_offset(&loader->file, view),
		.len = view.len,
	};
}

/* Where a key's value stands; the section's header where it has none. */
static struct kp_written
locate(const struct loader *loader, const char *key)
{
	const struct kp_rule_entry *entry = find_entry(loader, key);

	return written_at(loader,
	    entry == NULL ? loader->section->header : entry->value);
}

static bool
refuse(const struct loader *loader, const char *key, const char *text,
    const char *hint)
{
	struct kp_written at = locate(loader, key);

	kp_diag_at(loader->diags, at.src, at.offset, at.len, "%s %s", key,
	    text);
	return kp_diag_hint(loader->diags, "%s", hint);
}

/* A copy of the value of key, *text being NULL before: absent is fine. */
static bool
take_text(const struct loader *loader, const char *key, char **text)
{
	const struct kp_rule_entry *entry = find_entry(loader, key);

	if (entry == NULL)
		return true;
	*text = strndup(entry->value.ptr, entry->value.len);
	if (*text == NULL)
		kp_diag_nomem(loader->diags);
	return *text != NULL;
}

/* The same for a key that has to be there; its value may be empty. */
static bool
take_present(const struct loader *loader, const char *key, char **text)
{
	if (find_entry(loader, key) == NULL)
		return refuse(loader, key, "is missing in this section",
		    "add it");
	return take_text(loader, key, text);
}

static bool
take_needed(const struct loader *loader, const char *key, char **text)
{
	if (!take_present(loader, key, text))
		return false;
	return **text != '\0' ||
	    refuse(loader, key, "is empty", "write what it shall be");
}

static bool
take_flag(const struct loader *loader, const char *key, bool *flag)
{
	static const char *const words[] = { "no", "yes", "false", "true",
		"off", "on", "0", "1" };
	const struct kp_rule_entry *entry = find_entry(loader, key);
	size_t i;

	if (entry == NULL)
		return true;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (kp_str_is_nocase(entry->value, words[i])) {
			*flag = i % 2 == 1;
			return true;
		}
	}
	return refuse(loader, key, "is neither yes nor no", "write yes or no");
}

static bool
take_count(const struct loader *loader, size_t *count)
{
	const struct kp_rule_entry *entry = find_entry(loader, "count");
	unsigned long number;

	if (entry == NULL)
		return true;
	if (kp_str_is_nocase(entry->value, "any")) {
		*count = KP_COUNT_ANY;
		return true;
	}
	if (!kp_str_to_number(entry->value, COUNT_LIMIT, &number) ||
	    number == 0)
		return refuse(loader, "count", "is no number from 1 on",
		    "write a number, or any");
	*count = number;
	return true;
}

/* --- names --- */

/* A rule of the plan, whatever its kind. */
struct named {
	const char *name; /* NULL: it has none */
	const struct kp_written *written;
};

static size_t
count_rules(const struct kp_plan *plan, enum kp_rule_kind kind)
{
	switch (kind) {
	case KP_RULE_FILE:
		return plan->ntargets;
	case KP_RULE_SET:
		return plan->nsets;
	case KP_RULE_MATCH:
		return plan->nmatches;
	case KP_RULE_EXPORT:
		return plan->nexports;
	case KP_RULE_OPTIONS:
		break;
	}
	return 0;
}

/* The i-th of a kind. */
static struct named
get_rule(const struct kp_plan *plan, enum kp_rule_kind kind, size_t i)
{
	switch (kind) {
	case KP_RULE_FILE:
		return (struct named){ plan->targets[i].name,
			&plan->targets[i].written };
	case KP_RULE_SET:
		return (
		    struct named){ plan->sets[i].name, &plan->sets[i].written };
	case KP_RULE_MATCH:
		return (struct named){ plan->matches[i].name,
			&plan->matches[i].written };
	case KP_RULE_EXPORT:
		return (struct named){ plan->exports[i].name,
			&plan->exports[i].written };
	case KP_RULE_OPTIONS:
		break;
	}
	return (struct named){ NULL, NULL };
}

/* The file that has a section like the one that is read; NULL: none has. */
static const char *
find_taken(const struct loader *loader)
{
	const struct kp_rule_section *section = loader->section;
	struct kp_table_walk walk =
	    kp_table_start(&loader->plan->names, kp_rule_section_hash(section));
	uint32_t number;

	while (kp_table_next(&walk, &number)) {
		struct named rule;

		if (number >= count_rules(loader->plan, section->kind))
			continue;
		rule = get_rule(loader->plan, section->kind, number);
		if (rule.name != NULL &&
		    kp_str_is_nocase(section->name, rule.name))
			return rule.written->src->name;
	}
	return NULL;
}

/*
 * The name of the rule that was added last of its kind.  One that a section
 * of another file has too is the user's mistake.
 */
static bool
take_name(const struct loader *loader, const char *taken_by, char **name)
{
	const struct kp_rule_section *section = loader->section;
	struct kp_plan *plan = loader->plan;

	if (taken_by != NULL) {
		struct kp_written at = written_at(loader, section->header);

		return kp_diag_at(loader->diags, at.src, at.offset, at.len,
		    "a section that %s has too", taken_by);
	}
	*name = strndup(section->name.ptr, section->name.len);
	if (*name != NULL &&
	    kp_table_add(&plan->names, kp_rule_section_hash(section),
	        count_rules(plan, section->kind) - 1))
		return true;
	return kp_diag_nomem(loader->diags);
}

/* --- sections --- */

static bool
load_file_flags(const struct loader *loader, struct kp_target *target)
{
	bool good = take_flag(loader, "optional", &target->optional);

	good = take_flag(loader, "no-overwrite", &target->no_overwrite) && good;
	return take_flag(loader, "in-place", &target->in_place) && good;
}

/* A value that is none of names. */
static bool
refuse_name(const struct loader *loader, const char *key, const char *text,
    const char *hint, const char *const *names)
{
	const char *near = kp_near_best(find_entry(loader, key)->value, names);

	refuse(loader, key, text, hint);
	return near != NULL &&
	    kp_diag_hint(loader->diags, "did you mean %s?", near);
}

static bool
check_names(const struct loader *loader, const struct kp_target *target)
{
	struct kp_syntax syntax;
	bool good = true;

	if (target->format != NULL &&
	    kp_format_by_name(kp_str_of(target->format)) == NULL)
		good = refuse_name(loader, "format",
		    "wants the name of a format, such as ini/grafana",
		    "keyplate help formats lists them", kp_format_names());
	if (target->syntax != NULL &&
	    !kp_syntax_set_profile(&syntax, target->syntax))
		good = refuse_name(loader, "syntax",
		    "wants the name of a syntax, such as envsubst",
		    "keyplate help syntax lists them", kp_syntax_names());
	return good;
}

static bool
check_texts(const struct loader *loader, const struct kp_target *target)
{
	struct kp_syntax syntax;
	bool good = true;
	mode_t mode;

	if (target->delimiters != NULL &&
	    !kp_syntax_set_delimiters(&syntax, target->delimiters))
		good = refuse(loader, "delimiters",
		    "wants two marks with a blank between them",
		    "such as {{ }}");
	if (target->mode != NULL && !kp_file_parse_mode(target->mode, &mode))
		good = refuse(loader, "mode",
		    "wants a file mode from 0000 to 0777",
		    "0640 lets the owner write and the group read");
	if (target->verify != NULL &&
	    kp_str_trim(kp_str_of(target->verify)).len == 0)
		good = refuse(loader, "verify", "is empty",
		    "write a command; {} in it is the new file");
	return good;
}

static bool
load_file_section(const struct loader *loader)
{
	const char *taken = find_taken(loader);
	struct kp_target *target = kp_plan_add_target(loader->plan);
	bool good;

	if (target == NULL)
		return kp_diag_nomem(loader->diags);
	target->written = written_at(loader, loader->section->header);
	good = take_name(loader, taken, &target->name);
	good = take_needed(loader, "path", &target->path) && good;
	good = take_text(loader, "source", &target->source) && good;
	good = take_text(loader, "format", &target->format) && good;
	good = take_text(loader, "syntax", &target->syntax) && good;
	good = take_text(loader, "delimiters", &target->delimiters) && good;
	good = take_text(loader, "only", &target->only) && good;
	good = take_text(loader, "suffix", &target->suffix) && good;
	good = take_text(loader, "mode", &target->mode) && good;
	good = take_text(loader, "owner", &target->owner) && good;
	good = take_text(loader, "verify", &target->verify) && good;
	target->owner_written = locate(loader, "owner");
	target->verify_written = locate(loader, "verify");
	good = load_file_flags(loader, target) && good;
	good = check_names(loader, target) && good;
	return check_texts(loader, target) && good;
}

static bool
load_set_section(const struct loader *loader)
{
	const char *taken = find_taken(loader);
	struct kp_set_rule *rule = kp_plan_add_set(loader->plan);
	bool good;

	if (rule == NULL)
		return kp_diag_nomem(loader->diags);
	rule->written = written_at(loader, loader->section->header);
	rule->value_written = locate(loader, "value");
	rule->file_written = locate(loader, "file");
	rule->key_written = locate(loader, "key");
	good = take_name(loader, taken, &rule->name);
	good = take_needed(loader, "file", &rule->file) && good;
	good = take_needed(loader, "key", &rule->key) && good;
	good = take_present(loader, "value", &rule->value) && good;
	return take_flag(loader, "optional", &rule->optional) && good;
}

/* What is put in: for the group "value", or for the whole match. */
static bool
load_replacement(const struct loader *loader, struct kp_match_rule *rule)
{
	bool has_value = find_entry(loader, "value") != NULL;
	bool has_replace = find_entry(loader, "replace") != NULL;

	if (has_value && has_replace)
		return refuse(loader, "replace", "and value are both given",
		    "keep one: value for a group, replace for the match");
	if (!has_value && !has_replace)
		return refuse(loader, "value", "or replace is missing",
		    "add what the match becomes");
	rule->value_written = locate(loader, has_value ? "value" : "replace");
	return take_text(loader, "value", &rule->value) &&
	    take_text(loader, "replace", &rule->replace);
}

static bool
load_match_section(const struct loader *loader)
{
	const char *taken = find_taken(loader);
	struct kp_match_rule *rule = kp_plan_add_match(loader->plan);
	bool good;

	if (rule == NULL)
		return kp_diag_nomem(loader->diags);
	rule->written = written_at(loader, loader->section->header);
	rule->pattern_written = locate(loader, "pattern");
	rule->file_written = locate(loader, "file");
	good = take_name(loader, taken, &rule->name);
	good = take_needed(loader, "file", &rule->file) && good;
	good = take_needed(loader, "pattern", &rule->pattern) && good;
	good = load_replacement(loader, rule) && good;
	good = take_count(loader, &rule->count) && good;
	return take_flag(loader, "optional", &rule->optional) && good;
}

static bool
check_variable(const struct loader *loader, const char *variable)
{
	return kp_str_is_name(kp_str_of(variable)) ||
	    refuse(loader, "name", "is no name of a variable",
	        "use letters, digits and _, no digit first");
}

static bool
load_export_section(const struct loader *loader)
{
	const char *taken = find_taken(loader);
	struct kp_export_rule *rule = kp_plan_add_export(loader->plan);
	bool good;

	if (rule == NULL)
		return kp_diag_nomem(loader->diags);
	rule->written = written_at(loader, loader->section->header);
	rule->value_written = locate(loader, "value");
	good = take_name(loader, taken, &rule->name);
	good = take_needed(loader, "name", &rule->variable) &&
	    check_variable(loader, rule->variable) && good;
	good = take_present(loader, "value", &rule->value) && good;
	return take_flag(loader, "optional", &rule->optional) && good;
}

static bool
load_options(const struct loader *loader)
{
	const struct kp_rulefile *file = &loader->file;
	size_t i = loader->section->first;
	size_t end = i + loader->section->count;
	bool good = true;

	for (; i < end; i++) {
		const struct kp_rule_entry *entry = &file->entries[i];

		good = loader->options->set(loader->options->ctx, entry->key,
		           entry->value, file->src,
		           kp_rulefile_offset(file, entry->value),
		           loader->diags) &&
		    good;
	}
	return good;
}

static bool
load_section(const struct loader *loader)
{
	switch (loader->section->kind) {
	case KP_RULE_OPTIONS:
		return load_options(loader);
	case KP_RULE_FILE:
		return load_file_section(loader);
	case KP_RULE_SET:
		return load_set_section(loader);
	case KP_RULE_MATCH:
		return load_match_section(loader);
	case KP_RULE_EXPORT:
		return load_export_section(loader);
	}
	return false;
}

/* --- files --- */

static bool
load_sections(struct loader *loader)
{
	size_t i;
	bool good = true;

	for (i = 0; i < loader->file.nsections; i++) {
		loader->section = &loader->file.sections[i];
		good = load_section(loader) && good;
	}
	return good;
}

/* *text is moved into the plan. */
static bool
load_text(struct loader *loader, const char *path, struct kp_buf *text)
{
	const struct kp_source *src =
	    kp_plan_add_source(loader->plan, path, text, KP_NPOS);
	bool good;

	if (src == NULL)
		return kp_diag_nomem(loader->diags);
	good = kp_rulefile_parse(&loader->file, src, loader->diags) &&
	    load_values(loader) && load_sections(loader);
	if (loader->values != NULL)
		iniparser_freedict(loader->values);
	loader->values = NULL;
	kp_rulefile_free(&loader->file);
	return good;
}

static bool
load_path(struct loader *loader, const char *path)
{
	struct kp_buf text = { 0 };
	bool good;

	good = kp_file_read(path, RULES_MAX, &text, loader->diags) &&
	    load_text(loader, path, &text);
	kp_buf_wipe(&text);
	return good;
}

static bool
is_rule_file(const char *name)
{
	return name[0] != '.' && kp_str_ends(kp_str_of(name), ".conf");
}

static bool
load_named(struct loader *loader, const char *dir, const char *name)
{
	struct kp_buf path = { 0 };
	bool good;

	kp_buf_add_format(&path, "%s/%s", dir, name);
	good = kp_buf_ok(&path) ? load_path(loader, path.data) :
	                          kp_diag_nomem(loader->diags);
	kp_buf_wipe(&path);
	return good;
}

static bool
load_listed(struct loader *loader, const char *path, struct kp_list *names)
{
	size_t i;
	bool good = true;

	for (i = 0; i < names->count; i++)
		good = load_named(loader, path, names->items[i]) && good;
	return good;
}

static bool
load_dir(struct loader *loader, const char *path)
{
	struct kp_list names = { 0 };
	DIR *entries = opendir(path);
	bool good;

	if (entries == NULL)
		return kp_diag_sys(loader->diags, path, "cannot be opened");
	good = kp_dir_names(entries, is_rule_file, &names) ||
	    kp_diag_sys(loader->diags, path, "cannot be listed");
	closedir(entries);
	good = good && load_listed(loader, path, &names);
	kp_list_free(&names);
	return good;
}

static bool
load_either(struct loader *loader, const char *path)
{
	return kp_tree_is_dir(path) ? load_dir(loader, path) :
	                              load_path(loader, path);
}

static bool
is_missing(const char *path)
{
	return access(path, F_OK) == -1 &&
	    (errno == ENOENT || errno == ENOTDIR);
}

/* --- targets that no section names --- */

static bool
add_target(struct loader *loader, const char *path,
    const struct kp_written *written)
{
	struct kp_target *target;

	if (path == NULL || path[0] != '/' ||
	    kp_plan_target(loader->plan, path) != NULL)
		return true;
	target = kp_plan_add_target(loader->plan);
	if (target == NULL)
		return kp_diag_nomem(loader->diags);
	target->written = *written;
	target->path = strdup(path);
	return target->path != NULL || kp_diag_nomem(loader->diags);
}

static bool
add_targets(struct loader *loader)
{
	const struct kp_plan *plan = loader->plan;
	size_t i;
	bool good = true;

	for (i = 0; i < plan->nsets && good; i++)
		good = add_target(loader, plan->sets[i].file,
		    &plan->sets[i].written);
	for (i = 0; i < plan->nmatches && good; i++)
		good = add_target(loader, plan->matches[i].file,
		    &plan->matches[i].written);
	return good;
}

bool
kp_config_load(struct kp_plan *plan, const struct kp_list *paths,
    const struct kp_config_options *options, struct kp_diags *diags)
{
	struct loader loader = { plan, options, diags, { 0 }, NULL, NULL };
	size_t i;
	bool good = true;

	for (i = 0; i < paths->count; i++)
		good = load_either(&loader, paths->items[i]) && good;
	return good && add_targets(&loader);
}

bool
kp_config_load_default(struct kp_plan *plan, const char *root,
    const struct kp_config_options *options, struct kp_diags *diags)
{
	static const char *const places[] = { "/etc/keyplate.conf",
		"/etc/keyplate.d" };
	struct kp_list paths = { 0 };
	bool good = true;
	size_t i;

	for (i = 0; i < 2 && good; i++) {
		struct kp_buf path = { 0 };

		kp_buf_add_format(&path, "%s%s", root == NULL ? "" : root,
		    places[i]);
		good = kp_buf_ok(&path) &&
		    (is_missing(path.data) || kp_list_add(&paths, path.data));
		kp_buf_wipe(&path);
	}
	good = good ? kp_config_load(plan, &paths, options, diags) :
	              kp_diag_nomem(diags);
	kp_list_free(&paths);
	return good;
}
