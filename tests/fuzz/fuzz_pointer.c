/* SPDX-License-Identifier: MIT */
/*
 * fuzz_pointer - JSON pointers: one, and a text that it is used on.
 *
 * What an array or object is written as must be read as itself, its numbers
 * without a fraction; the pointer to each string of the text, spelled here,
 * must lead to it.
 */
#include "core/pointer.h"

#include "base/buf.h"

#include <jansson.h>

#include "fuzz.h"

/* Deeper texts are looked at as far as this. */
#define DEPTH_MAX 16

/* RFC 6901: "~" is ~0 in a token, "/" is ~1. */
static void
add_token(struct kp_buf *pointer, struct kp_str key)
{
	size_t i;

	kp_buf_add_char(pointer, '/');
	for (i = 0; i < key.len; i++) {
		if (key.ptr[i] == '~')
			kp_buf_add_text(pointer, "~0");
		else if (key.ptr[i] == '/')
			kp_buf_add_text(pointer, "~1");
		else
			kp_buf_add_char(pointer, key.ptr[i]);
	}
}

static void
check_string(struct kp_str json, const struct kp_buf *pointer,
    const json_t *string)
{
	struct kp_buf out = { 0 };

	require(kp_pointer_add(&out, json, kp_buf_view(pointer)) == NULL,
	    "a pointer to a string is followed");
	require(kp_str_eq(kp_buf_view(&out),
	            kp_str_make(json_string_value(string),
	                json_string_length(string))),
	    "a pointer leads to its string");
	kp_buf_wipe(&out);
}

static void
check_strings(struct kp_str json, struct kp_buf *pointer, json_t *value,
    unsigned depth)
{
	size_t len = pointer->len, key_len, i;
	const char *key;
	json_t *child;

	if (json_is_string(value))
		check_string(json, pointer, value);
	if (depth == DEPTH_MAX)
		return;
	json_array_foreach(value, i, child)
	{
		kp_buf_add_format(pointer, "/%zu", i);
		check_strings(json, pointer, child, depth + 1);
		kp_buf_cut(pointer, len);
	}
	json_object_keylen_foreach(value, key, key_len, child)
	{
		add_token(pointer, kp_str_make(key, key_len));
		check_strings(json, pointer, child, depth + 1);
		kp_buf_cut(pointer, len);
	}
}

/* Digits of a fraction or an exponent, outside of strings, may have changed. */
static bool
has_fraction(struct kp_str json)
{
	bool inside = false;
	size_t i;

	for (i = 0; i < json.len; i++) {
		if (json.ptr[i] == '"')
			inside = !inside;
		else if (inside && json.ptr[i] == '\\')
			i++;
		else if (!inside && i > 0 && kp_is_digit(json.ptr[i - 1]) &&
		    strchr(".eE", json.ptr[i]) != NULL)
			return true;
	}
	return false;
}

/* A whole array or object is written as compact JSON that is read as it is. */
static void
check_whole(struct kp_str json, json_t *root)
{
	const struct kp_str whole = { 0 };
	struct kp_buf once = { 0 }, twice = { 0 };
	json_t *again;

	if (kp_pointer_add(&once, json, whole) != NULL)
		return;
	again = json_loadb(once.data, once.len, JSON_ALLOW_NUL, NULL);
	require(json_equal(root, again), "what is written says the same");
	json_decref(again);
	require(!has_fraction(kp_buf_view(&once)), "digits are kept");
	require(kp_pointer_add(&twice, kp_buf_view(&once), whole) == NULL &&
	        kp_str_eq(kp_buf_view(&once), kp_buf_view(&twice)),
	    "what is written is read as itself");
	kp_buf_wipe(&once);
	kp_buf_wipe(&twice);
}

static void
check_field(struct kp_str json, struct kp_str pointer)
{
	struct kp_buf field = { 0 };

	require(kp_pointer_add(&field, json, pointer) == NULL || field.len == 0,
	    "nothing is given where it is refused");
	kp_buf_wipe(&field);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kp_buf pointer = { 0 };
	struct parts parts;
	json_t *root;

	parts_cut(&parts, kp_str_make((const char *)data, size), 2);
	check_field(parts.list[1], parts.list[0]);
	root = json_loadb(parts.list[1].ptr, parts.list[1].len,
	    JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(root) || json_is_array(root))
		check_whole(parts.list[1], root);
	check_strings(parts.list[1], &pointer, root, 0);
	json_decref(root);
	kp_buf_wipe(&pointer);
	parts_free(&parts);
	return 0;
}
