/* SPDX-License-Identifier: MIT */
/*
 * program - why a file that was found cannot be executed.
 *
 * The kernel says ENOENT both for a file and for its interpreter, and
 * ENOEXEC for all that it does not know: the file's first bytes tell more.
 */
#include "proc/program.h"

#include "base/buf.h"
#include "base/str.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The kernel looks no further for "#!" or the program headers. */
#define HEAD_MAX 4096

static const struct {
	uint16_t number; /* e_machine, elf(5) */
	const char *name;
} machines[] = {
	{ EM_386, "i386" },
	{ EM_X86_64, "x86-64 (amd64)" },
	{ EM_ARM, "32-bit ARM" },
	{ EM_AARCH64, "64-bit ARM (arm64)" },
	{ EM_RISCV, "RISC-V" },
	{ EM_PPC64, "64-bit PowerPC" },
	{ EM_S390, "S/390" },
	{ EM_MIPS, "MIPS" },
	{ 258, "LoongArch" },
};

/* The first bytes of a file; none where it cannot be read. */
static struct kp_str
read_head(const char *path, char head[HEAD_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t got;

	if (fd == -1)
		return kp_str_make(head, 0);
	got = read(fd, head, HEAD_MAX);
	close(fd);
	return kp_str_make(head, got > 0 ? (size_t)got : 0);
}

/* The interpreter of "#! /bin/sh -e". */
static struct kp_str
script_interpreter(struct kp_str head)
{
	struct kp_str line;
	size_t start = 2, end;

	if (!kp_str_next_line(&head, &line) || !kp_str_starts(line, "#!"))
		return kp_str_make(NULL, 0);
	while (start < line.len && kp_is_blank(line.ptr[start]))
		start++;
	end = start;
	while (end < line.len && !kp_is_blank(line.ptr[end]))
		end++;
	return kp_str_slice(line, start, end);
}

static bool
is_elf(struct kp_str head)
{
	return head.len > EI_DATA && memcmp(head.ptr, ELFMAG, SELFMAG) == 0;
}

/* The loader that a 64-bit ELF file of this machine asks for. */
static struct kp_str
elf_loader(struct kp_str head)
{
	Elf64_Ehdr file;
	Elf64_Phdr part;
	size_t i;

	if (!is_elf(head) || head.len < sizeof(file) ||
	    head.ptr[EI_CLASS] != ELFCLASS64)
		return kp_str_make(NULL, 0);
	memcpy(&file, head.ptr, sizeof(file));
	for (i = 0; i < file.e_phnum; i++) {
		if (file.e_phoff > head.len ||
		    head.len - file.e_phoff < (i + 1) * sizeof(part))
			break;
		memcpy(&part, head.ptr + file.e_phoff + i * sizeof(part),
		    sizeof(part));
		if (part.p_type == PT_INTERP && part.p_filesz > 0 &&
		    part.p_offset < head.len &&
		    part.p_filesz <= head.len - part.p_offset)
			return kp_str_make(head.ptr + part.p_offset,
			    part.p_filesz - 1);
	}
	return kp_str_make(NULL, 0);
}

static const char *
elf_machine(struct kp_str head)
{
	unsigned char low, high;
	size_t i;

	if (head.len < 20)
		return "an unknown machine";
	low = (unsigned char)head.ptr[18];
	high = (unsigned char)head.ptr[19];
	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		unsigned number = head.ptr[EI_DATA] == ELFDATA2MSB ?
		    (unsigned)low << 8 | high :
		    (unsigned)high << 8 | low;

		if (machines[i].number == number)
			return machines[i].name;
	}
	return "an unknown machine";
}

static void
explain_missing(const char *path, struct kp_diags *diags)
{
	char bytes[HEAD_MAX];
	struct kp_str head = read_head(path, bytes);
	struct kp_str script = script_interpreter(head);
	struct kp_str loader = elf_loader(head);

	errno = ENOENT;
	if (script.len > 0) {
		kp_diag_sys(diags, path, "its interpreter \"%.*s\" is missing",
		    (int)kp_str_trim(script).len, script.ptr);
		if (kp_str_ends(script, "\r"))
			kp_diag_hint(diags,
			    "its lines end in CR LF, and the CR counts as "
			    "part of the name");
	} else if (loader.len > 0) {
		kp_diag_sys(diags, path, "its loader \"%.*s\" is missing",
		    (int)loader.len, loader.ptr);
		kp_diag_hint(diags,
		    "it was built for another C library; a static one needs "
		    "none");
	} else {
		kp_diag_sys(diags, path, "cannot execute");
	}
}

static void
explain_access(const char *path, struct kp_diags *diags)
{
	struct statvfs fs;
	struct stat st;

	bool known = stat(path, &st) == 0;

	if (known && S_ISDIR(st.st_mode)) {
		kp_diag_file(diags, path, "is a directory");
	} else if (known && (st.st_mode & 0111) == 0) {
		kp_diag_file(diags, path, "is not executable (mode %04o)",
		    (unsigned)st.st_mode & 07777);
		kp_diag_hint(diags,
		    "chmod 0755 it in the image, or COPY --chmod=0755");
	} else if (statvfs(path, &fs) == 0 && (fs.f_flag & ST_NOEXEC) != 0) {
		kp_diag_file(diags, path, "is on a file system mounted noexec");
	} else {
		errno = EACCES;
		kp_diag_sys(diags, path, "cannot execute");
	}
}

static void
explain_format(const char *path, struct kp_diags *diags)
{
	char bytes[HEAD_MAX];
	struct kp_str head = read_head(path, bytes);

	if (head.len == 0)
		kp_diag_file(diags, path, "is empty");
	else if (is_elf(head))
		kp_diag_file(diags, path,
		    "is a program for %s, which this machine cannot execute",
		    elf_machine(head));
	else
		kp_diag_file(diags, path,
		    "is no program, and has no \"#!\" line that names an "
		    "interpreter");
}

void
kp_program_explain(const char *path, int error, struct kp_diags *diags)
{
	switch (error) {
	case ENOENT:
		explain_missing(path, diags);
		break;
	case EACCES:
		explain_access(path, diags);
		break;
	case ENOEXEC:
		explain_format(path, diags);
		break;
	default:
		errno = error;
		kp_diag_sys(diags, path, "cannot execute");
		break;
	}
}

static size_t
total(char *const *vector)
{
	size_t bytes = 0;

	for (; *vector != NULL; vector++)
		bytes += strlen(*vector) + 1 + sizeof(*vector);
	return bytes;
}

void
kp_program_explain_size(char *const *argv, char *const *envp,
    struct kp_diags *diags)
{
	errno = E2BIG;
	kp_diag_sys(diags, NULL,
	    "\"%s\": arguments (%zu bytes) and environment (%zu bytes) are too "
	    "long",
	    argv[0], total(argv), total(envp));
	kp_diag_hint(diags, "exported values can be written to a file instead");
}
