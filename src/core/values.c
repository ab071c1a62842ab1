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

/* What is known of a name before there is an entry for it. */
struct inquiry {
	struct kp_values *values; /* borrowed */
	enum kp_origin asked, from;
	enum kp_found found;
	struct kp_str name;
	struct kp_reading reading; /* its bytes are owned */
	char shadowed[128];
};

/* The texts alone: there is one for each name, and they have some room. */
static void
begin(struct kp_reading *reading)
{
	reading->bytes = (struct kp_buf){ 0 };
	reading->where[0] = reading->why[0] = reading->hint[0] = '\0';
}

static void
add_shadowed(struct inquiry *inquiry, const char *where)
{
	size_t len = strlen(inquiry->shadowed);

	snprintf(inquiry->shadowed + len, sizeof(inquiry->shadowed) - len,
	    "%s%s", len == 0 ? "" : ", ", where);
}

static void
read_secret(struct inquiry *inquiry)
{
	const struct kp_reader *reader = &inquiry->values->reader;

	inquiry->from = KP_SECRET;
	inquiry->found =
	    reader->secret(reader->ctx, inquiry->name, &inquiry->reading);
}

static void
read_env(struct inquiry *inquiry)
{
	const struct kp_reader *reader = &inquiry->values->reader;

	inquiry->from = KP_ENV;
	inquiry->found =
	    reader->env(reader->ctx, inquiry->name, &inquiry->reading);
}

static void
read_file(struct inquiry *inquiry, struct kp_str path)
{
	const struct kp_reader *reader = &inquiry->values->reader;

	inquiry->from = KP_FILE;
	inquiry->found = reader->file(reader->ctx, path, &inquiry->reading);
}

/* The variable NAME_FILE, into *path; true when it is set and not empty. */
static bool
read_file_variable(struct inquiry *inquiry, struct kp_reading *path)
{
	const struct kp_reader *reader = &inquiry->values->reader;
	struct kp_buf variable = { 0 };
	enum kp_found found;

	kp_buf_add(&variable, inquiry->name);
	kp_buf_add_text(&variable, "_FILE");
	path->bytes.failed = !kp_buf_ok(&variable);
	found = path->bytes.failed ?
	    KP_ABSENT :
	    reader->env(reader->ctx, kp_buf_view(&variable), path);
	kp_buf_wipe(&variable);
	return found == KP_FOUND && path->bytes.len > 0;
}

static void
refuse_both(struct inquiry *inquiry)
{
	struct kp_reading *reading = &inquiry->reading;
	int len = inquiry->name.len < 60 ? (int)inquiry->name.len : 60;

	inquiry->found = KP_BROKEN;
	reading->where[0] = '\0';
	snprintf(reading->why, sizeof(reading->why),
	    "both %.*s and %.*s_FILE are set", len, inquiry->name.ptr, len,
	    inquiry->name.ptr);
	snprintf(reading->hint, sizeof(reading->hint), "unset one of them");
}

/* The file that NAME_FILE names: that it is not there is not "unset". */
static void
read_named_file(struct inquiry *inquiry, struct kp_str path)
{
	struct kp_reading *reading = &inquiry->reading;

	kp_buf_wipe(&reading->bytes);
	read_file(inquiry, path);
	if (inquiry->found != KP_ABSENT)
		return;
	inquiry->found = KP_BROKEN;
	snprintf(reading->why, sizeof(reading->why),
	    "does not exist; %.*s_FILE names it",
	    inquiry->name.len < 60 ? (int)inquiry->name.len : 60,
	    inquiry->name.ptr);
}

/* A bare name: the secret, else the variable, else the file of NAME_FILE. */
static void
read_any(struct inquiry *inquiry)
{
	const struct kp_reader *reader = &inquiry->values->reader;
	struct kp_reading variable, path;
	bool has_variable, has_file;

	begin(&variable);
	begin(&path);
	has_variable =
	    reader->env(reader->ctx, inquiry->name, &variable) == KP_FOUND;
	has_file = read_file_variable(inquiry, &path);
	read_secret(inquiry);
	if (has_variable && variable.bytes.len > 0 && has_file) {
		refuse_both(inquiry);
	} else if (inquiry->found != KP_ABSENT) {
		if (has_variable)
			add_shadowed(inquiry, "environment");
		if (has_file)
			add_shadowed(inquiry, "file of its _FILE variable");
	} else if (has_file) {
		read_named_file(inquiry, kp_buf_view(&path.bytes));
	} else if (has_variable) {
		inquiry->from = KP_ENV;
		inquiry->found = KP_FOUND;
		kp_buf_wipe(&inquiry->reading.bytes);
		inquiry->reading = variable;
		variable.bytes = (struct kp_buf){ 0 };
	}
	/* What could not be read whole tells nothing about the others. */
	if (variable.bytes.failed || path.bytes.failed)
		inquiry->reading.bytes.failed = true;
	kp_buf_wipe(&variable.bytes);
	kp_buf_wipe(&path.bytes);
}

static void
read_value(struct inquiry *inquiry)
{
	switch (inquiry->asked) {
	case KP_ANY:
		read_any(inquiry);
		break;
	case KP_SECRET:
		read_secret(inquiry);
		break;
	case KP_ENV:
		read_env(inquiry);
		break;
	case KP_FILE:
		read_file(inquiry, inquiry->name);
		break;
	}
}

/* Put a text behind the others; *end is where that is. */
static const char *
put_text(char **end, const char *text, size_t len)
{
	char *put = *end;

	memcpy(put, text, len);
	put[len] = '\0';
	*end = put + len + 1;
	return put;
}

/* What was found out, in no more room than it takes. */
static struct kp_entry *
keep(struct inquiry *inquiry)
{
	struct kp_reading *reading = &inquiry->reading;
	size_t where = strlen(reading->where), why = strlen(reading->why);
	size_t hint = strlen(reading->hint);
	size_t shadowed = strlen(inquiry->shadowed);
	struct kp_entry *entry = malloc(sizeof(*entry) + inquiry->name.len +
	    where + why + hint + shadowed + 5);
	char *end;

	if (entry == NULL)
		return NULL;
	*entry = (struct kp_entry){
		.asked = inquiry->asked,
		.from = inquiry->from,
		.found = inquiry->found,
		.bytes = kp_buf_take(&reading->bytes),
	};
	end = entry->texts;
	entry->name = put_text(&end, inquiry->name.ptr, inquiry->name.len);
	entry->where = put_text(&end, reading->where, where);
	entry->why = put_text(&end, reading->why, why);
	entry->hint = put_text(&end, reading->hint, hint);
	entry->shadowed = put_text(&end, inquiry->shadowed, shadowed);
	entry->value = kp_buf_view(&entry->bytes);
	/* A variable has no line ending of its own: all of it was meant. */
	if (entry->from != KP_ENV)
		entry->value = kp_str_chomp(entry->value);
	return entry;
}

static void
free_entry(struct kp_entry *entry)
{
	kp_buf_wipe(&entry->bytes);
	free(entry);
}

/* An entry that nobody has yet. */
static struct kp_entry *
make_entry(struct kp_values *values, enum kp_origin origin, struct kp_str name)
{
	struct inquiry inquiry;
	struct kp_entry *entry = NULL;

	inquiry.values = values;
	inquiry.asked = origin;
	inquiry.name = name;
	inquiry.shadowed[0] = '\0';
	begin(&inquiry.reading);
	read_value(&inquiry);
	if (!inquiry.reading.bytes.failed)
		entry = keep(&inquiry);
	kp_buf_wipe(&inquiry.reading.bytes);
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
