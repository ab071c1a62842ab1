/* SPDX-License-Identifier: MIT */
/* list - C strings in the order they were given. */
#include "base/list.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

bool
kp_list_add(struct kp_list *list, const char *text)
{
	char *copy;

	if (!kp_array_grow((void **)&list->items, &list->cap, list->count + 1,
	        sizeof(*list->items)))
		return false;
	copy = strdup(text);
	if (copy == NULL)
		return false;
	list->items[list->count++] = copy;
	return true;
}

bool
kp_list_has(const struct kp_list *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], text) == 0)
			return true;
	}
	return false;
}

void
kp_list_free(struct kp_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		freezero(list->items[i], strlen(list->items[i]));
	free(list->items);
	*list = (struct kp_list){ 0 };
}
