/* SPDX-License-Identifier: MIT */
/*
 * missing - what Debian's libraries and keyplate call and musl 1.2.3 lacks.
 *
 * Debian compiles its libraries with glibc's checks of buffer sizes: where the
 * size is known, memcpy() is __memcpy_chk(), told the size behind the other
 * arguments.  The checks are made here as well.  The rest are two system
 * calls, and a longjmp() that cmocka asks for.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void __explicit_bzero_chk(void *at, size_t len, size_t room);
void *__memcpy_chk(void *to, const void *from, size_t len, size_t room);
char *__strncpy_chk(char *to, const char *from, size_t len, size_t room);
ssize_t __read_chk(int fd, void *to, size_t len, size_t room);
int __vsnprintf_chk(char *to, size_t len, int flag, size_t room,
    const char *format, va_list args);
int __snprintf_chk(char *to, size_t len, int flag, size_t room,
    const char *format, ...);
int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...);
int __vfprintf_chk(FILE *file, int flag, const char *format, va_list args);
int __fprintf_chk(FILE *file, int flag, const char *format, ...);
int __printf_chk(int flag, const char *format, ...);
int __register_atfork(void (*before)(void), void (*parent)(void),
    void (*child)(void), void *library);
_Noreturn void __longjmp_chk(jmp_buf where, int value);

static void
check(size_t len, size_t room)
{
	if (len > room)
		abort();
}

void
__explicit_bzero_chk(void *at, size_t len, size_t room)
{
	check(len, room);
	explicit_bzero(at, len);
}

void *
__memcpy_chk(void *to, const void *from, size_t len, size_t room)
{
	check(len, room);
	return memcpy(to, from, len);
}

char *
__strncpy_chk(char *to, const char *from, size_t len, size_t room)
{
	check(len, room);
	return strncpy(to, from, len);
}

ssize_t
__read_chk(int fd, void *to, size_t len, size_t room)
{
	check(len, room);
	return read(fd, to, len);
}

int
__vsnprintf_chk(char *to, size_t len, int flag, size_t room, const char *format,
    va_list args)
{
	(void)flag;
	check(len, room);
	return vsnprintf(to, len, format, args);
}

int
__snprintf_chk(char *to, size_t len, int flag, size_t room, const char *format,
    ...)
{
	va_list args;
	int written;

	va_start(args, format);
	written = __vsnprintf_chk(to, len, flag, room, format, args);
	va_end(args);
	return written;
}

int
__sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
{
	va_list args;
	int written;

	(void)flag;
	va_start(args, format);
	written = vsnprintf(to, room, format, args);
	va_end(args);
	if (written > 0)
		check((size_t)written + 1, room);
	return written;
}

int
__vfprintf_chk(FILE *file, int flag, const char *format, va_list args)
{
	(void)flag;
	return vfprintf(file, format, args);
}

int
__fprintf_chk(FILE *file, int flag, const char *format, ...)
{
	va_list args;
	int written;

	(void)flag;
	va_start(args, format);
	written = vfprintf(file, format, args);
	va_end(args);
	return written;
}

int
__printf_chk(int flag, const char *format, ...)
{
	va_list args;
	int written;

	(void)flag;
	va_start(args, format);
	written = vprintf(format, args);
	va_end(args);
	return written;
}

/* libbsd's arc4random() would stir again in a child: it asks getpid() too. */
int
__register_atfork(void (*before)(void), void (*parent)(void),
    void (*child)(void), void *library)
{
	(void)library;
	return pthread_atfork(before, parent, child);
}

_Noreturn void
__longjmp_chk(jmp_buf where, int value)
{
	longjmp(where, value);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned int flags)
{
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int
statx(int dir, const char *path, int flags, unsigned int mask,
    struct statx *file)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, file);
}
