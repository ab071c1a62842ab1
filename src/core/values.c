/* SPDX-License-Identifier: MIT */
/* values - every name that was asked for: its bytes, and where they are from.
 */
#include "core/values.h"

#include "base/array.h"
#include "base/hash.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
kp_values_init(struct kp_values *values, struct kp_reader reader)
{
	*values = (struct kp_values){ .reader = reader };
}

static uint64_t
hash(enum kp_origin origin, struct kp_str name)
{
	uint64_t start = kp_hash_number(KP_HASH_START, (uint32_t)origin);

	return kp_hash_text(start, name);
}

static struct kp_entry *
find(const struct kp_values *values, enum kp_origin origin, struct kp_str name)
{
	struct kp_table_walk walk =
	    kp_table_start(&values->names, hash(origin, name));
	uint32_t number;

	while (kp_table_next(&walk, &number)) {
		struct kp_entry *entry = values->entries[number];

		if (entry->asked == origin && kp_str_is(name, entry->name))
			return entry;
	}
	return NULL;
}

static void
add_shadowed(struct kp_entry *entry, const char *where)
{
	size_t len = strlen(entry->shadowed);

	snprintf(entry->shadowed + len, sizeof(entry->shadowed) - len, "%s%s",
	    len == 0 ? "" : ", ", where);
}

/* A secret: the file's bytes, and who else has one of that name. */
static void
read_secret(struct kp_values *values, struct kp_entry *entry)
{
	entry->from = KP_SECRET;
	entry->found = values->reader.secret(values->reader.ctx,
	    kp_str_of(entry->name), &entry->reading);
}

static void
read_env(struct kp_values *values, struct kp_entry *entry)
{
	entry->from = KP_ENV;
	entry->found = values->reader.env(values->reader.ctx,
	    kp_str_of(entry->name), &entry->reading);
}

static void
read_file(struct kp_values *values, struct kp_entry *entry, struct kp_str path)
{
	entry->from = KP_FILE;
	entry->found =
	    values->reader.file(values->reader.ctx, path, &entry->reading);
}

/* The variable NAME_FILE, into *path; true when it is set and not empty. */
static bool
read_file_variable(struct kp_values *values, struct kp_str name,
    struct kp_reading *path)
{
	struct kp_buf variable = { 0 };
	enum kp_found found;

	kp_buf_add(&variable, name);
	kp_buf_add_text(&variable, "_FILE");
	path->bytes.failed = !kp_buf_ok(&variable);
	found = path->bytes.failed ? KP_ABSENT :
	                             values->reader.env(values->reader.ctx,
	                                 kp_buf_view(&variable), path);
	kp_buf_wipe(&variable);
	return found == KP_FOUND && path->bytes.len > 0;
}

static void
refuse_both(struct kp_entry *entry)
{
	entry->found = KP_BROKEN;
	entry->reading.where[0] = '\0';
	snprintf(entry->reading.why, sizeof(entry->reading.why),
	    "both %.60s and %.60s_FILE are set", entry->name, entry->name);
	snprintf(entry->reading.hint, sizeof(entry->reading.hint),
	    "unset one of them");
}

/* A bare name: the secret, else the variable, else the file of NAME_FILE. */
static void
read_any(struct kp_values *values, struct kp_entry *entry)
{
	struct kp_reading variable = { 0 }, path = { 0 };
	struct kp_str name = kp_str_of(entry->name);
	bool has_variable, has_file;

	has_variable =
	    values->reader.env(values->reader.ctx, name, &variable) == KP_FOUND;
	has_file = read_file_variable(values, name, &path);
	read_secret(values, entry);
	if (has_variable && variable.bytes.len > 0 && has_file) {
		refuse_both(entry);
	} else if (entry->found != KP_ABSENT) {
		if (has_variable)
			add_shadowed(entry, "environment");
		if (has_file)
			add_shadowed(entry, "file of its _FILE variable");
	} else if (has_file) {
		kp_buf_wipe(&entry->reading.bytes);
		read_file(values, entry, kp_buf_view(&path.bytes));
		/* It was named, so that it is not there is not "unset". */
		if (entry->found == KP_ABSENT) {
			entry->found = KP_BROKEN;
			snprintf(entry->reading.why, sizeof(entry->reading.why),
			    "does not exist; %.60s_FILE names it", entry->name);
		}
	} else if (has_variable) {
		entry->from = KP_ENV;
		entry->found = KP_FOUND;
		kp_buf_wipe(&entry->reading.bytes);
		entry->reading = variable;
		variable.bytes = (struct kp_buf){ 0 };
	}
	/* What could not be read whole tells nothing about the others. */
	if (variable.bytes.failed || path.bytes.failed)
		entry->reading.bytes.failed = true;
	kp_buf_wipe(&variable.bytes);
	kp_buf_wipe(&path.bytes);
}

static void
read_entry(struct kp_values *values, struct kp_entry *entry)
{
	switch (entry->asked) {
	case KP_ANY:
		read_any(values, entry);
		break;
	case KP_SECRET:
		read_secret(values, entry);
		break;
	case KP_ENV:
		read_env(values, entry);
		break;
	case KP_FILE:
		read_file(values, entry, kp_str_of(entry->name));
		break;
	}
	entry->value = kp_buf_view(&entry->reading.bytes);
	/* A variable has no line ending of its own: all of it was meant. */
	if (entry->from != KP_ENV)
		entry->value = kp_str_chomp(entry->value);
}

static void
free_entry(struct kp_entry *entry)
{
	if (entry == NULL)
		return;
	free(entry->name);
	kp_buf_wipe(&entry->reading.bytes);
	freezero(entry, sizeof(*entry));
}

/* An entry that nobody has yet. */
static struct kp_entry *
make_entry(struct kp_values *values, enum kp_origin origin, struct kp_str name)
{
	struct kp_entry *entry = calloc(1, sizeof(*entry));

	if (entry == NULL)
		return NULL;
	entry->asked = origin;
	entry->name = strndup(name.ptr, name.len);
	if (entry->name != NULL)
		read_entry(values, entry);
	if (entry->name == NULL || entry->reading.bytes.failed) {
		free_entry(entry);
		return NULL;
	}
	return entry;
}

struct kp_entry *
kp_values_get(struct kp_values *values, enum kp_origin origin,
    struct kp_str name)
{
	struct kp_entry *entry = find(values, origin, name);

	if (entry != NULL)
		return entry;
	if (!kp_array_grow((void **)&values->entries, &values->cap,
	        values->count + 1, sizeof(struct kp_entry *)))
		return NULL;
	entry = make_entry(values, origin, name);
	if (entry == NULL)
		return NULL;
	if (!kp_table_add(&values->names, hash(origin, name), values->count)) {
		free_entry(entry);
		return NULL;
	}
	values->entries[values->count++] = entry;
	return entry;
}

const char *
kp_origin_prefix(enum kp_origin origin)
{
	static const char *const prefixes[] = {
		[KP_ANY] = "",
		[KP_SECRET] = "secret:",
		[KP_ENV] = "env:",
		[KP_FILE] = "file:",
	};

	return prefixes[origin];
}

void
kp_values_wipe(struct kp_values *values)
{
	size_t i;

	for (i = 0; i < values->count; i++)
		free_entry(values->entries[i]);
	free(values->entries);
	kp_table_free(&values->names);
	*values = (struct kp_values){ 0 };
}
