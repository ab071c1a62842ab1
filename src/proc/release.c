/* SPDX-License-Identifier: MIT */
/*
 * release - give back the memory that waiting does not need.
 *
 * What the program only reads is the file's: the kernel has it again when it
 * is wanted.  What it writes is nearly so: of the pages with relocated
 * pointers, variables and zeros, all but a few hundred words are what the
 * start of any process makes of the file.  Those words are put aside, the
 * pages given back, and made again after the wait:
 *
 *	file -> relocation -> the words put aside
 *
 * In between nothing may look at a variable, nor call a function whose
 * address is kept in one: the functions that run then say so.
 */
#include "proc/release.h"

#include "base/attr.h"

#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* More than rendering ever had on the stack. */
#define STACK_MAX (256 * 1024)

/* No machine has smaller ones. */
#define LEAST_PAGE 4096

/* What is wiped at once; no machine has larger pages. */
#define PART (64 * 1024)

/* Program headers, constants, code, and one to spare. */
#define TEXTS_MAX 4

/* A position and a length share one word of what is put aside. */
#define HALF (sizeof(uintptr_t) * 4)
#define WORDS_MAX ((uintptr_t)1 << HALF)

/* The linker's: the header of this program as it lies in memory. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((__visibility__("hidden")));

/* Whole pages. */
struct range {
	uintptr_t start;
	size_t len;
};

/*
 * The program in memory.  What is volatile is so because the compiler would
 * make calls to memcpy() of loops over it.
 */
struct image {
	size_t page;
	uintptr_t bias; /* where it lies less where it was linked to lie */
	struct range texts[TEXTS_MAX];
	size_t ntexts;
	struct range data;  /* what it writes */
	struct range relro; /* of that, what is read-only after the start */
	const volatile ElfW(Addr) * relocations; /* in the form of DT_RELR */
	size_t nrelocations;
	bool is_alone; /* no loader, no libraries that know its variables */
};

/* --- where it lies --- */

static struct range
pages(const struct image *image, const ElfW(Phdr) * segment)
{
	uintptr_t start = image->bias + segment->p_vaddr;
	uintptr_t end = start + segment->p_memsz;
	uintptr_t lead = start % image->page;

	end += (image->page - end % image->page) % image->page;
	return (struct range){ start - lead, end - (start - lead) };
}

static void
note_segment(struct image *image, const ElfW(Phdr) * segment)
{
	if ((segment->p_flags & PF_W) != 0)
		image->data = pages(image, segment);
	else if (image->ntexts < TEXTS_MAX)
		image->texts[image->ntexts++] = pages(image, segment);
}

/* The C library, too, leaves out a page that is not all of it. */
static void
note_relro(struct image *image, const ElfW(Phdr) * segment)
{
	uintptr_t end = image->bias + segment->p_vaddr + segment->p_memsz;

	image->relro = pages(image, segment);
	image->relro.len = end - end % image->page - image->relro.start;
}

static void
note_relocations(struct image *image, const ElfW(Phdr) * segment)
{
#ifdef DT_RELR
	const ElfW(Dyn) *entry = (const void *)(image->bias + segment->p_vaddr);
	uintptr_t table;

	for (; entry->d_tag != DT_NULL; entry++) {
		table = entry->d_un.d_ptr;
		if (entry->d_tag == DT_RELRSZ)
			image->nrelocations =
			    entry->d_un.d_val / sizeof(ElfW(Addr));
		/* Some start-ups make an address of it, others do not. */
		else if (entry->d_tag == DT_RELR)
			image->relocations =
			    (const void *)(table < image->bias ?
			            table + image->bias :
			            table);
	}
#else
	(void)image, (void)segment;
#endif
}

static void
find_image(struct image *image)
{
	const uintptr_t start = (uintptr_t)&__ehdr_start;
	const ElfW(Phdr) *segment =
	    (const ElfW(Phdr) *)(start + __ehdr_start.e_phoff);
	const ElfW(Phdr) *end = segment + __ehdr_start.e_phnum;
	bool is_first = true;

	*image = (struct image){
		.page = (size_t)sysconf(_SC_PAGESIZE),
		.is_alone = true,
	};
	for (; segment < end; segment++) {
		/* The one that begins with these very headers. */
		if (segment->p_type == PT_LOAD && is_first) {
			image->bias = start - segment->p_vaddr;
			is_first = false;
		}
		if (segment->p_type == PT_LOAD)
			note_segment(image, segment);
		else if (segment->p_type == PT_DYNAMIC)
			note_relocations(image, segment);
		else if (segment->p_type == PT_GNU_RELRO)
			note_relro(image, segment);
		else if (segment->p_type == PT_INTERP)
			image->is_alone = false;
	}
}

/* --- giving back --- */

/*
 * syscall(2) without errno.  In place where we know how: what the kernel
 * reads again of the text is the surroundings of this file alone.
 */
static inline long
call(long number, const uintptr_t args[4])
{
#if defined(__x86_64__)
	register uintptr_t fourth __asm__("r10");
	long result;

	fourth = args[3];
	__asm__ volatile("syscall"
	                 : "=a"(result)
	                 : "a"(number), "D"(args[0]), "S"(args[1]),
	                 "d"(args[2]), "r"(fourth)
	                 : "rcx", "r11", "memory");
	return result;
#else
	return syscall(number, args[0], args[1], args[2], args[3]);
#endif
}

static bool
give_back(struct range range)
{
	const uintptr_t args[4] = { range.start, range.len, MADV_DONTNEED };

	return call(SYS_madvise, args) == 0;
}

/* Below our own frame, those of what is called here, and a bit to spare. */
static void
release_stack(size_t page)
{
	uintptr_t end = (uintptr_t)__builtin_frame_address(0) - page;
	size_t len = STACK_MAX + STACK_MAX / 4;

	end -= end % page;
	give_back((struct range){ end - len, len });
}

/*
 * How many parts of the stack below are to be wiped: where its limit may be
 * near it is not to grow, and no call was deeper than what is mapped.
 */
static size_t
count_parts(void)
{
	unsigned char present[PART / LEAST_PAGE];
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t at = (uintptr_t)__builtin_frame_address(0);
	struct rlimit limit;
	size_t parts = 0;

	if (getrlimit(RLIMIT_STACK, &limit) == 0 &&
	    limit.rlim_cur > 4 * STACK_MAX)
		return STACK_MAX / PART;
	at -= at % page;
	while (parts < STACK_MAX / PART &&
	    mincore((void *)(at - (parts + 1) * PART), PART, present) == 0)
		parts++;
	return parts;
}

/* Those of the pages that are in memory; what was swapped out is dropped. */
static void
wipe_pages(struct range range, size_t page)
{
	unsigned char present[PART / LEAST_PAGE];
	size_t i;

	if (mincore((void *)range.start, range.len, present) == -1)
		memset(present, 1, sizeof(present));
	for (i = 0; i < range.len / page; i++) {
		if ((present[i] & 1) != 0)
			explicit_bzero((void *)(range.start + i * page), page);
	}
	give_back(range);
}

/*
 * There deeper calls had their variables.  Nearly all of it was never used,
 * and is not to come into memory to be wiped: so the compiler may neither
 * clear nor probe it.
 */
static KP_NOINLINE KP_NO_PROBE void
wipe_below(size_t parts)
{
	/* All of this frame is less than a part. */
	char below[PART - LEAST_PAGE / 4] KP_UNINITIALIZED;
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)below, end = start + sizeof(below);
	struct range whole = { start + (page - start % page) % page, 0 };

	if (whole.start < end)
		whole.len = end - end % page - whole.start;
	if (whole.len > 0) {
		explicit_bzero(below, whole.start - start);
		wipe_pages(whole, page);
		start = whole.start + whole.len;
	}
	explicit_bzero((void *)start, end - start);
	if (parts > 1)
		wipe_below(parts - 1);
	/* The next frame does not take the place of this one. */
	__asm__ volatile("" : : "r"(below) : "memory");
}

void
kp_release_wipe_stack(void)
{
	size_t parts = count_parts();

	if (parts > 0)
		wipe_below(parts);
}

/* --- without variables: see above --- */

/*
 * As the start did it.  An even entry is the address of a word; an odd one
 * has a bit for each of the words that follow.  (The ELF generic ABI.)
 */
static void
relocate(const struct image *image)
{
	volatile uintptr_t *where = (volatile uintptr_t *)image->data.start;
	size_t i, bit;

	for (i = 0; i < image->nrelocations; i++) {
		uintptr_t entry = image->relocations[i];

		if ((entry & 1) == 0) {
			where = (volatile uintptr_t *)(image->bias + entry);
			*where++ += image->bias;
			continue;
		}
		for (bit = 0; (entry >>= 1) != 0; bit++) {
			if ((entry & 1) != 0)
				where[bit] += image->bias;
		}
		where += 8 * sizeof(uintptr_t) - 1;
	}
}

/*
 * Words of what was are now words of what is: put those that differ at the
 * beginning of aside, each run of them behind its position and length.  There
 * the copy of all begins at the second word, and so is always ahead.  The
 * words used.
 */
static size_t
put_aside(const struct image *image, volatile uintptr_t *aside)
{
	const volatile uintptr_t *is = (volatile uintptr_t *)image->data.start;
	const volatile uintptr_t *was = aside + 1;
	size_t count = image->data.len / sizeof(*is), at = 0, used = 0, begin;

	while (at < count) {
		if (was[at] == is[at]) {
			at++;
			continue;
		}
		begin = at;
		for (; at < count && was[at] != is[at]; at++)
			aside[used + 1 + (at - begin)] = was[at];
		aside[used] = (uintptr_t)begin << HALF | (at - begin);
		used += 1 + (at - begin);
	}
	return used;
}

static void
put_back(const struct image *image, const volatile uintptr_t *aside,
    size_t used)
{
	volatile uintptr_t *to = (volatile uintptr_t *)image->data.start;
	size_t at = 0, i, begin, len;

	while (at < used) {
		begin = aside[at] >> HALF;
		len = aside[at] & (WORDS_MAX - 1);
		for (i = 0; i < len; i++)
			to[begin + i] = aside[at + 1 + i];
		at += 1 + len;
	}
}

static long
call_without_text(const struct image *image, long number,
    const uintptr_t args[4])
{
	size_t i;

	for (i = 0; i < image->ntexts; i++)
		give_back(image->texts[i]);
	return call(number, args);
}

static long
call_without_data(const struct image *image, volatile uintptr_t *aside,
    size_t len, long number, const uintptr_t args[4])
{
	size_t used, kept;
	long result;

	if (!give_back(image->data))
		return call_without_text(image, number, args);
	relocate(image);
	used = put_aside(image, aside);
	kept = used * sizeof(*aside);
	kept += (image->page - kept % image->page) % image->page;
	give_back((struct range){ (uintptr_t)aside + kept, len - kept });
	if (!give_back(image->data)) {
		put_back(image, aside, used);
		return call_without_text(image, number, args);
	}
	result = call_without_text(image, number, args);
	relocate(image);
	put_back(image, aside, used);
	return result;
}

/* --- */

static bool
can_be_made_again(const struct image *image)
{
	return image->is_alone && image->data.start != 0 &&
	    (image->relocations != NULL || image->nrelocations == 0) &&
	    image->data.len / sizeof(uintptr_t) < WORDS_MAX;
}

static bool
allow_writing(struct range relro)
{
	return relro.len == 0 ||
	    mprotect((void *)relro.start, relro.len, PROT_READ | PROT_WRITE) ==
	    0;
}

long
kp_release_call(long number, const uintptr_t args[4])
{
	struct image image;
	void *aside = MAP_FAILED;
	size_t len;
	long result;

	find_image(&image);
	malloc_trim(0);
	release_stack(image.page);
	len = image.data.len + image.page;
	if (can_be_made_again(&image))
		aside = mmap(NULL, len, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (aside == MAP_FAILED)
		return call_without_text(&image, number, args);
	memcpy((uintptr_t *)aside + 1, (const void *)image.data.start,
	    image.data.len);
	if (allow_writing(image.relro)) {
		result = call_without_data(&image, aside, len, number, args);
		mprotect((void *)image.relro.start, image.relro.len, PROT_READ);
	} else {
		result = call_without_text(&image, number, args);
	}
	munmap(aside, len);
	return result;
}
