/* SPDX-License-Identifier: MIT */
/*
 * bytes - memchr() and memcmp(), many bytes at a time.
 *
 * musl 1.2.3 compares byte by byte, and looks for a byte so until it comes to
 * an aligned word.  Most of what is read here are lines and names, of which
 * that is the greater part: together the two took a third of a rendering.
 */
#include <endian.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define WORD sizeof(uint64_t)
#define ONES (UINT64_MAX / 0xff) /* 0x01 in each byte */
#define HIGHS (ONES * 0x80)

/* The first of the bytes is the lowest. */
static uint64_t
load(const unsigned char *at)
{
	uint64_t word;

	__builtin_memcpy(&word, at, WORD);
	return le64toh(word);
}

/* The first zero byte of a word that is at at; NULL: there is none. */
static void *
find_zero(uint64_t word, const unsigned char *at)
{
	uint64_t hits = (word - ONES) & ~word & HIGHS;

	return hits == 0 ? NULL :
	                   (void *)(uintptr_t)(at + __builtin_ctzll(hits) / 8);
}

void *
memchr(const void *block, int byte, size_t len)
{
	const unsigned char *at = block, *end = at + len;
	uint64_t wanted = ONES * (unsigned char)byte;

#ifdef __SSE2__
	const __m128i sixteen = _mm_set1_epi8((char)byte);

	for (; end - at >= 16; at += 16) {
		__m128i there = _mm_loadu_si128((const __m128i *)at);
		int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(there, sixteen));

		if (hits != 0)
			return (void *)(uintptr_t)(at + __builtin_ctz(hits));
	}
#endif
	for (; (size_t)(end - at) >= WORD; at += WORD) {
		void *found = find_zero(load(at) ^ wanted, at);

		if (found != NULL)
			return found;
	}
	/* Some bytes of the last word for the second time. */
	if (len >= WORD)
		return find_zero(load(end - WORD) ^ wanted, end - WORD);
	for (; at < end; at++) {
		if (*at == (unsigned char)byte)
			return (void *)(uintptr_t)at;
	}
	return NULL;
}

int
memcmp(const void *left, const void *right, size_t len)
{
	const unsigned char *a = left, *b = right;

	while (len >= WORD && load(a) == load(b)) {
		a += WORD;
		b += WORD;
		len -= WORD;
	}
	for (; len > 0; a++, b++, len--) {
		if (*a != *b)
			return *a - *b;
	}
	return 0;
}
