/* SPDX-License-Identifier: MIT */
/* pointer - one field of a secret that is JSON. */
#include "core/pointer.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_MAX 1000000000UL

/* The library copies what it reads: nothing of it stays in memory. */
static void
wipe_and_free(void *block)
{
	if (block != NULL)
		explicit_bzero(block, malloc_usable_size(block));
	free(block);
}

/* One reference token of a pointer, with ~1 and ~0 undone. */
static bool
take_token(struct kp_str *pointer, struct kp_buf *token)
{
	size_t i;

	for (i = 1; i < pointer->len && pointer->ptr[i] != '/'; i++) {
		char c = pointer->ptr[i];

		if (c == '~') {
			i++;
			if (i == pointer->len ||
			    (pointer->ptr[i] != '0' && pointer->ptr[i] != '1'))
				return false;
			c = pointer->ptr[i] == '0' ? '~' : '/';
		}
		kp_buf_add_char(token, c);
	}
	*pointer = kp_str_slice(*pointer, i, pointer->len);
	return kp_buf_ok(token);
}

static json_t *
step_into(json_t *value, struct kp_str token)
{
	unsigned long index;

	if (json_is_object(value))
		return json_object_getn(value, token.ptr, token.len);
	if (!json_is_array(value) || (token.len > 1 && token.ptr[0] == '0') ||
	    !kp_str_to_number(token, INDEX_MAX, &index))
		return NULL;
	return json_array_get(value, index);
}

/* Is there a number that the library would write in other digits? */
static bool
has_fraction(json_t *value)
{
	const char *key;
	json_t *child;
	size_t i;

	json_array_foreach(value, i, child)
	{
		if (has_fraction(child))
			return true;
	}
	json_object_foreach(value, key, child)
	{
		if (has_fraction(child))
			return true;
	}
	return json_is_real(value);
}

static const char *
add_compact(struct kp_buf *out, json_t *value)
{
	char *text;

	if (has_fraction(value))
		return "the field holds a number with a fraction or exponent, "
		       "whose digits would change: make it a string";
	text = json_dumps(value, JSON_COMPACT);
	if (text == NULL)
		return "the field cannot be written";
	kp_buf_add_text(out, text);
	wipe_and_free(text);
	return NULL;
}

static const char *
add_value(struct kp_buf *out, json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		kp_buf_add(out,
		    kp_str_make(json_string_value(value),
		        json_string_length(value)));
		return NULL;
	case JSON_INTEGER:
		kp_buf_add_format(out, "%lld",
		    (long long)json_integer_value(value));
		return NULL;
	case JSON_TRUE:
		kp_buf_add_text(out, "true");
		return NULL;
	case JSON_FALSE:
		kp_buf_add_text(out, "false");
		return NULL;
	case JSON_NULL:
		return "the field is null";
	case JSON_REAL:
		return "the field is a number with a fraction or exponent, "
		       "whose digits would change: make it a string";
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
	return add_compact(out, value);
}

static const char *
add_field(struct kp_buf *out, json_t *value, struct kp_str pointer)
{
	while (pointer.len > 0) {
		struct kp_buf token = { 0 };

		if (pointer.ptr[0] != '/' || !take_token(&pointer, &token)) {
			kp_buf_wipe(&token);
			return "json() takes a JSON pointer such as /a/b";
		}
		value = step_into(value, kp_buf_view(&token));
		kp_buf_wipe(&token);
		if (value == NULL)
			return "it has no such field";
	}
	return add_value(out, value);
}

static const char *
describe(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_duplicate_key:
		return "it has one name twice in an object";
	case json_error_numeric_overflow:
		return "it holds a number of more than 64 bits: make it a string";
	default:
		return "it is not JSON";
	}
}

const char *
kp_pointer_add(struct kp_buf *out, struct kp_str json, struct kp_str pointer)
{
	const char *problem;
	json_error_t error;
	json_t *root;

	json_set_alloc_funcs(malloc, wipe_and_free);
	root = json_loadb(json.ptr, json.len,
	    JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		problem = describe(&error);
		/* It quotes the value. */
		explicit_bzero(&error, sizeof(error));
		return problem;
	}
	problem = add_field(out, root, pointer);
	json_decref(root);
	return problem;
}
