/* SPDX-License-Identifier: MIT */
/* release - give back the memory that waiting does not need. */
#include "proc/release.h"

#include "base/attr.h"

#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* More than rendering ever had on the stack. */
#define STACK_MAX (256 * 1024)

/* The linker's: the header of this program as it lies in memory. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((__visibility__("hidden")));

/* The whole pages from start on; their bytes are not needed any more. */
static void
give_back(uintptr_t start, size_t len, size_t page)
{
	size_t lead = (page - start % page) % page;

	/* An address for the kernel alone. */
	if (len > lead)
		madvise((void *)(start + lead), (len - lead) / page * page,
		    MADV_DONTNEED);
}

/* Below our own frame, those of what is called here, and a bit to spare. */
static void
release_stack(size_t page)
{
	uintptr_t end = (uintptr_t)__builtin_frame_address(0) - page;
	size_t len = STACK_MAX + STACK_MAX / 4;

	give_back(end - len, len, page);
}

/* What is never written is the file's: the kernel reads it again. */
static void
release_text(size_t page)
{
	const uintptr_t start = (uintptr_t)&__ehdr_start;
	const ElfW(Phdr) *segment =
	    (const ElfW(Phdr) *)(start + __ehdr_start.e_phoff);
	size_t count = __ehdr_start.e_phnum;
	ElfW(Addr) lowest = 0;
	bool is_first = true;

	for (; count-- > 0; segment++) {
		if (segment->p_type != PT_LOAD)
			continue;
		/* The one that begins with these very headers. */
		if (is_first)
			lowest = segment->p_vaddr;
		is_first = false;
		if ((segment->p_flags & PF_W) == 0)
			give_back(start + (segment->p_vaddr - lowest),
			    segment->p_memsz, page);
	}
}

KP_NOINLINE void
kp_release_wipe_stack(void)
{
	char below[STACK_MAX];

	explicit_bzero(below, sizeof(below));
}

void
kp_release_memory(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	malloc_trim(0);
	release_stack(page);
	release_text(page);
}
