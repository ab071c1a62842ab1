/* SPDX-License-Identifier: MIT */
/*
 * bytes - what looks at bytes or moves them, many at a time.
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

#ifdef __SSE2__

#define VECTOR sizeof(__m128i)

static __m128i
load_vector(const unsigned char *at)
{
	return _mm_loadu_si128((const __m128i *)at);
}

static int
find_in_vector(const unsigned char *at, __m128i wanted)
{
	return _mm_movemask_epi8(_mm_cmpeq_epi8(load_vector(at), wanted));
}

/* In at least one vector; some bytes of the last one for the second time. */
static void *
find_in_vectors(const unsigned char *at, const unsigned char *end, int byte)
{
	const __m128i wanted = _mm_set1_epi8((char)byte);
	int hits;

	for (; (size_t)(end - at) >= VECTOR; at += VECTOR) {
		hits = find_in_vector(at, wanted);
		if (hits != 0)
			return (void *)(uintptr_t)(at + __builtin_ctz(hits));
	}
	at = end - VECTOR;
	hits = find_in_vector(at, wanted);
	return hits == 0 ? NULL : (void *)(uintptr_t)(at + __builtin_ctz(hits));
}

#endif

void *
memchr(const void *block, int byte, size_t len)
{
	const unsigned char *at = block, *end = at + len;
	uint64_t wanted = ONES * (unsigned char)byte;

#ifdef __SSE2__
	if (len >= VECTOR)
		return find_in_vectors(at, end, byte);
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

#ifdef __SSE2__

/*
 * What musl has for these two begins with "rep movsq", whatever the length:
 * for what is between two placeholders that takes longer than all the rest.
 * From so many bytes on it is worth while.
 */
#define LONG 512

static void
store_vector(unsigned char *at, __m128i vector)
{
	_mm_storeu_si128((__m128i *)at, vector);
}

/* Less than a vector; each byte is read before one is written. */
static void
move_few(unsigned char *to, const unsigned char *from, size_t len)
{
	uint64_t first = 0, last;
	size_t i;

	if (len >= WORD) {
		__builtin_memcpy(&first, from, WORD);
		__builtin_memcpy(&last, from + len - WORD, WORD);
		__builtin_memcpy(to, &first, WORD);
		__builtin_memcpy(to + len - WORD, &last, WORD);
		return;
	}
	for (i = len; i-- > 0;)
		first = first << 8 | from[i];
	for (i = 0; i < len; i++, first >>= 8)
		to[i] = (unsigned char)first;
}

/* Upwards; to is not within the bytes behind from. */
static void
move_up(unsigned char *to, const unsigned char *from, size_t len)
{
	__m128i last;
	size_t at;

	if (len >= LONG) {
		__asm__ volatile("rep movsb"
		                 : "+D"(to), "+S"(from), "+c"(len)
		                 :
		                 : "memory");
		return;
	}
	last = load_vector(from + len - VECTOR);
	for (at = 0; at + VECTOR < len; at += VECTOR)
		store_vector(to + at, load_vector(from + at));
	store_vector(to + len - VECTOR, last);
}

/* Downwards; to is behind from. */
static void
move_down(unsigned char *to, const unsigned char *from, size_t len)
{
	__m128i first = load_vector(from);

	for (; len > VECTOR; len -= VECTOR)
		store_vector(to + len - VECTOR,
		    load_vector(from + len - VECTOR));
	store_vector(to, first);
}

static void
move(unsigned char *to, const unsigned char *from, size_t len)
{
	if (len < VECTOR)
		move_few(to, from, len);
	else if ((uintptr_t)to - (uintptr_t)from >= len)
		move_up(to, from, len);
	else
		move_down(to, from, len);
}

/* Not by each other: to the compiler each of them is a call of the other. */

void *
memmove(void *to, const void *from, size_t len)
{
	move(to, from, len);
	return to;
}

void *
memcpy(void *restrict to, const void *restrict from, size_t len)
{
	move(to, from, len);
	return to;
}

#endif
