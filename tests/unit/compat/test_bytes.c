/* SPDX-License-Identifier: MIT */
/*
 * test_bytes - what the library says of bytes, at each length and place.
 *
 * In the small program some of these functions are our own; in any other
 * these are tests of the C library.  Behind the bytes there is no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LONGEST 1100

/* The end of a page behind which there is none, and the page before. */
static unsigned char *end;

static int
set_up(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *pages = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	if (pages == MAP_FAILED)
		return -1;
	end = pages + 2 * page;
	return mprotect(end, page, PROT_NONE);
}

/* So many bytes that are not alike, the last one the last there is. */
static unsigned char *
fill(size_t len)
{
	unsigned char *start = end - len;
	size_t i;

	for (i = 0; i < len; i++)
		start[i] = (unsigned char)(i * 7 + i / 256 + 1);
	return start;
}

static void
test_memchr_finds_the_first(void **state)
{
	size_t len, at;

	(void)state;
	for (len = 0; len < 80; len++) {
		unsigned char *start = end - len;

		memset(start, 'x', len);
		assert_null(memchr(start, 'y', len));
		for (at = 0; at < len; at++) {
			start[at] = 0xe9;
			assert_ptr_equal(memchr(start, 0xe9, len), start + at);
			start[len - 1] = 0xe9;
			assert_ptr_equal(memchr(start, 0xe9, len), start + at);
			memset(start, 'x', len);
		}
		/* What is in front of it and behind does not count. */
		start[-1] = 'y';
		assert_null(memchr(start, 'y', len));
		assert_null(memchr(start - 1, 'x', len > 0));
	}
}

static void
test_memcmp_tells_the_first_difference(void **state)
{
	unsigned char other[80];
	size_t len, at;

	(void)state;
	for (len = 0; len < sizeof(other); len++) {
		unsigned char *start = fill(len);

		memcpy(other, start, len);
		assert_int_equal(memcmp(start, other, len), 0);
		for (at = 0; at < len; at++) {
			other[at] = (unsigned char)(start[at] ^ 0x80);
			assert_true((memcmp(start, other, len) < 0) ==
			    (start[at] < other[at]));
			assert_int_not_equal(memcmp(start, other, len), 0);
			other[at] = start[at];
		}
	}
}

static void
test_memcpy_copies_all_and_no_more(void **state)
{
	static unsigned char copy[LONGEST + 40];
	size_t len, shift, i;

	(void)state;
	for (len = 0; len <= LONGEST; len++) {
		const unsigned char *start = fill(len);

		shift = len % 17;
		memset(copy, 0xaa, sizeof(copy));
		assert_ptr_equal(memcpy(copy + shift, start, len),
		    copy + shift);
		for (i = 0; i < sizeof(copy); i++) {
			if (i >= shift && i - shift < len)
				assert_int_equal(copy[i], start[i - shift]);
			else
				assert_int_equal(copy[i], 0xaa);
		}
	}
}

/* Move len bytes by so many places within a text, up or down. */
static void
check_move(size_t len, size_t distance, bool down)
{
	static unsigned char before[2 * LONGEST];
	size_t all = len + distance, i;
	unsigned char *start = fill(all);
	unsigned char *to = down ? start + distance : start;
	const unsigned char *from = down ? start : start + distance;
	size_t first = (size_t)(to - start), source = (size_t)(from - start);

	for (i = 0; i < all; i++)
		before[i] = start[i];
	assert_ptr_equal(memmove(to, from, len), to);
	for (i = 0; i < all; i++) {
		if (i >= first && i - first < len)
			assert_int_equal(start[i], before[source + i - first]);
		else
			assert_int_equal(start[i], before[i]);
	}
}

static void
test_memmove_takes_what_overlaps(void **state)
{
	static const size_t distances[] = { 0, 1, 2, 7, 8, 9, 15, 16, 17, 31,
		32, 33, 64, 511, 512, 600 };
	size_t len, i;

	(void)state;
	for (len = 0; len <= LONGEST; len += len < 100 ? 1 : 37) {
		for (i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
			check_move(len, distances[i], false);
			check_move(len, distances[i], true);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memchr_finds_the_first),
		cmocka_unit_test(test_memcmp_tells_the_first_difference),
		cmocka_unit_test(test_memcpy_copies_all_and_no_more),
		cmocka_unit_test(test_memmove_takes_what_overlaps),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
