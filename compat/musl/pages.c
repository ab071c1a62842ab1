/* SPDX-License-Identifier: MIT */
/*
 * pages - the pages that musl's allocator asks for, kept at hand.
 *
 * musl 1.2.3 maps pages for each kind of small block and for each large one,
 * and unmaps them when the last block in them is freed: a start that renders
 * a file makes a hundred such calls, and meets each page anew by a fault.
 * Here the calls for a few pages are answered from one mapping.  Its pages
 * come into memory many at a time; those that were given back are taken
 * again, and malloc_trim() returns them to the kernel.
 *
 * The allocator also gives the middle of large blocks that are free back to
 * the kernel, which here are soon taken again: they stay.
 *
 * It stands in for mmap(), munmap() and madvise() under the names that the
 * allocator calls them by.  The allocator itself is musl's, with its checks.
 * There are no threads.
 */
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define ROOM 256 /* pages */

/* What is larger the allocator moves with mremap(), which knows no room. */
#define LARGEST ((size_t)31 * PAGE)

/* So many pages come into memory first, which is all that most starts need. */
#define FIRST_STEP 8

/* So many more where a text is rendered. */
#define STEP 16

/* Linux 5.14; before that each page comes by a fault, as any other. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum { FRESH = 0, TAKEN = 1, USED = 2 }; /* USED: may not be all zero */

static struct {
	char *start; /* NULL: not yet; MAP_FAILED: never */
	unsigned char state[ROOM];
	size_t present; /* the first of them are in memory */
} room;

void *__mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __munmap(void *at, size_t len);
int __madvise(void *at, size_t len, int advice);

static void *
map(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, at, len, prot, flags, fd, offset);
}

static bool
has_room(void)
{
	if (room.start == NULL)
		room.start = map(NULL, ROOM * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return room.start != MAP_FAILED;
}

static bool
is_in_room(const void *at)
{
	return room.start != NULL && room.start != MAP_FAILED &&
	    (uintptr_t)at - (uintptr_t)room.start < ROOM * PAGE;
}

/* The first of count free pages in a row; ROOM: there are none. */
static size_t
find(size_t count)
{
	size_t at, free = 0;

	for (at = 0; at < ROOM; at++) {
		free = (room.state[at] & TAKEN) != 0 ? 0 : free + 1;
		if (free == count)
			return at + 1 - count;
	}
	return ROOM;
}

/* Have the pages before end in memory, and more of them. */
static void
bring(size_t end)
{
	size_t wanted = room.present + (room.present == 0 ? FIRST_STEP : STEP);

	if (end <= room.present)
		return;
	if (wanted < end)
		wanted = end;
	if (wanted > ROOM)
		wanted = ROOM;
	madvise(room.start + room.present * PAGE,
	    (wanted - room.present) * PAGE, MADV_POPULATE_WRITE);
	room.present = wanted;
}

static void *
take(size_t count)
{
	size_t first = find(count), at;

	if (first == ROOM)
		return NULL;
	bring(first + count);
	for (at = first; at < first + count; at++) {
		if ((room.state[at] & USED) != 0)
			memset(room.start + at * PAGE, 0, PAGE);
		room.state[at] = TAKEN | USED;
	}
	return room.start + first * PAGE;
}

/* Some filters answer so; no caller knows it. */
static void *
fail(void *mapped)
{
	if (mapped == MAP_FAILED && errno == EPERM)
		errno = ENOMEM;
	return mapped;
}

void *
__mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	void *taken = NULL;

	if (len >= PTRDIFF_MAX) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	if (at == NULL && len > 0 && len <= LARGEST &&
	    prot == (PROT_READ | PROT_WRITE) &&
	    flags == (MAP_PRIVATE | MAP_ANONYMOUS) && has_room())
		taken = take((len + PAGE - 1) / PAGE);
	return taken != NULL ? taken :
	                       fail(map(at, len, prot, flags, fd, offset));
}

int
__munmap(void *at, size_t len)
{
	size_t page = ((uintptr_t)at - (uintptr_t)room.start) / PAGE;
	size_t end = page + (len + PAGE - 1) / PAGE;

	if (!is_in_room(at))
		return (int)syscall(SYS_munmap, at, len);
	for (; page < end; page++)
		room.state[page] = USED;
	return 0;
}

/* Whatever is free goes back to the kernel, and is zero when it returns. */
int
malloc_trim(size_t pad)
{
	size_t at = 0, first;

	(void)pad;
	while (room.start != NULL && room.start != MAP_FAILED && at < ROOM) {
		for (first = at; at < ROOM && (room.state[at] & TAKEN) == 0;)
			room.state[at++] = FRESH;
		if (at > first)
			madvise(room.start + first * PAGE, (at - first) * PAGE,
			    MADV_DONTNEED);
		else
			at++;
	}
	room.present = ROOM;
	return 0;
}

int
__madvise(void *at, size_t len, int advice)
{
	if (advice == MADV_FREE && is_in_room(at))
		return 0;
	return (int)syscall(SYS_madvise, at, len, advice);
}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
    __attribute__((__weak__, __alias__("__mmap")));
int munmap(void *at, size_t len)
    __attribute__((__weak__, __alias__("__munmap")));
int madvise(void *at, size_t len, int advice)
    __attribute__((__weak__, __alias__("__madvise")));
