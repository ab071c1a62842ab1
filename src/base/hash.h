/* SPDX-License-Identifier: MIT */
/*
 * hash - FNV-1a of 64 bits, for tables of names.
 *
 * http://www.isthe.com/chongo/tech/comp/fnv/.  Not for names that an enemy
 * chooses by the million.
 */
#ifndef KP_BASE_HASH_H
#define KP_BASE_HASH_H

#include "base/str.h"

#include <stdint.h>

#define KP_HASH_START UINT64_C(14695981039346656037)

/* hash, begun with KP_HASH_START, with one byte more. */
static inline uint64_t
kp_hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * UINT64_C(1099511628211);
}

/* The same with each byte of text, ASCII letters as lower case ones. */
static inline uint64_t
kp_hash_nocase(uint64_t hash, struct kp_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		hash =
		    kp_hash_byte(hash, (unsigned char)kp_to_lower(text.ptr[i]));
	return hash;
}

/* The same with the four bytes of number. */
static inline uint64_t
kp_hash_number(uint64_t hash, uint32_t number)
{
	size_t i;

	for (i = 0; i < sizeof(number); i++)
		hash = kp_hash_byte(hash, (unsigned char)(number >> (8 * i)));
	return hash;
}

/* The same with each byte of text. */
static inline uint64_t
kp_hash_text(uint64_t hash, struct kp_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		hash = kp_hash_byte(hash, (unsigned char)text.ptr[i]);
	return hash;
}

#endif
