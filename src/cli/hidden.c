/* SPDX-License-Identifier: MIT */
/* hidden - what a run knows and never shows: its values. */
#include "cli/hidden.h"

#include <stdlib.h>
#include <string.h>

/* One may be a part of another. */
static int
compare(const void *a, const void *b)
{
	const struct kp_hidden_value *one = a, *other = b;

	if (one->value.len != other->value.len)
		return one->value.len > other->value.len ? -1 : 1;
	return strcmp(one->name, other->name);
}

static void
add(struct kp_hidden *hidden, struct kp_str value, size_t least,
    const char *name)
{
	if (value.len == 0 || value.len < least)
		return;
	hidden->list[hidden->count++] = (struct kp_hidden_value){ value, name };
	hidden->begins[(unsigned char)value.ptr[0]] = true;
}

bool
kp_hidden_collect(struct kp_hidden *hidden, const struct kp_values *values,
    const struct kp_rendering *rendering, size_t least)
{
	size_t nslots = rendering == NULL ? 0 : rendering->nslots, i;

	hidden->list =
	    calloc(nslots + values->count + 1, sizeof(*hidden->list));
	if (hidden->list == NULL)
		return false;
	for (i = 0; i < nslots; i++)
		add(hidden,
		    kp_str_slice(kp_buf_view(&rendering->bytes),
		        rendering->slots[i].start, rendering->slots[i].end),
		    least, "value");
	for (i = 0; i < values->count; i++) {
		const struct kp_entry *entry = values->entries[i];

		add(hidden, entry->value, entry->from == KP_ENV ? least : 1,
		    entry->name);
	}
	qsort(hidden->list, hidden->count, sizeof(*hidden->list), compare);
	return true;
}

const struct kp_hidden_value *
kp_hidden_find(const struct kp_hidden *hidden, struct kp_str text, bool cut)
{
	size_t i;

	if (text.len == 0 || !hidden->begins[(unsigned char)text.ptr[0]])
		return NULL;
	for (i = 0; i < hidden->count; i++) {
		struct kp_str value = hidden->list[i].value;

		if (cut && text.len < value.len)
			value.len = text.len;
		if (text.len >= value.len &&
		    memcmp(text.ptr, value.ptr, value.len) == 0)
			return &hidden->list[i];
	}
	return NULL;
}

void
kp_hidden_free(struct kp_hidden *hidden)
{
	free(hidden->list);
	*hidden = (struct kp_hidden){ 0 };
}
