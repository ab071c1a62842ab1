/* SPDX-License-Identifier: MIT */
/* str - borrowed bytes: a view that neither owns nor ends in a NUL. */
#ifndef KP_BASE_STR_H
#define KP_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* NUL is data.  A view never outlives the bytes it looks at. */
struct kp_str {
	const char *ptr;
	size_t len;
};

/* What a search answers when there is nothing. */
#define KP_NPOS ((size_t)-1)

/* A macro, so that static tables can be initialised with literals. */
#define KP_STR(literal)                                                        \
	{                                                                      \
		(literal), sizeof(literal) - 1                                 \
	}

static inline struct kp_str
kp_str_make(const char *ptr, size_t len)
{
	return (struct kp_str){ ptr, len };
}

/* The bytes of a C string, without its NUL; NULL gives an empty view. */
static inline struct kp_str
kp_str_of(const char *text)
{
	return text == NULL ? kp_str_make("", 0) :
	                      kp_str_make(text, strlen(text));
}

/* The bytes from start up to, not including, end; both within str. */
static inline struct kp_str
kp_str_slice(struct kp_str str, size_t start, size_t end)
{
	return kp_str_make(str.ptr + start, end - start);
}

static inline bool
kp_str_eq(struct kp_str a, struct kp_str b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
kp_str_is(struct kp_str str, const char *text)
{
	return kp_str_eq(str, kp_str_of(text));
}

/* As kp_str_is, but ASCII letters of either case are the same. */
bool kp_str_is_nocase(struct kp_str str, const char *text);
bool kp_str_eq_nocase(struct kp_str a, struct kp_str b);

/* Byte by byte, as memcmp() does; of two that begin alike the shorter first. */
int kp_str_compare(struct kp_str a, struct kp_str b);

static inline bool
kp_str_starts(struct kp_str str, const char *prefix)
{
	size_t len = strlen(prefix);

	return str.len >= len && (len == 0 || !memcmp(str.ptr, prefix, len));
}
bool kp_str_ends(struct kp_str str, const char *suffix);

/* Offset of the first c, or of the first or last needle; KP_NPOS if none. */
size_t kp_str_find(struct kp_str str, char c);
size_t kp_str_find_str(struct kp_str str, struct kp_str needle);
size_t kp_str_rfind_str(struct kp_str str, struct kp_str needle);

/*
 * Past the printable ASCII, " " to "~", that begins at at, but not past an a
 * or b: where it ends.
 */
size_t kp_str_skip_printable(struct kp_str str, size_t at, char a, char b);

/* True when str holds any of the bytes of set, a C string. */
bool kp_str_has_any(struct kp_str str, const char *set);

/* Without the ASCII blanks, tabs, CR, LF, VT and FF at both ends. */
struct kp_str kp_str_trim(struct kp_str str);

/* Less one final LF or CR LF, if there is one. */
struct kp_str kp_str_chomp(struct kp_str str);

/* A POSIX name: [A-Za-z_][A-Za-z0-9_]*, not empty. */
bool kp_str_is_name(struct kp_str str);

/* Cut one line off the front of *rest, without its LF; false at the end. */
bool kp_str_next_line(struct kp_str *rest, struct kp_str *line);

/*
 * Decimal digits only, no sign or blank, at most max.  False: not such a
 * number, *number untouched.
 */
bool kp_str_to_number(struct kp_str str, unsigned long max,
    unsigned long *number);

/* ASCII alone, whatever the locale: a byte above 0x7f is none of these. */

static inline bool
kp_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
kp_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
kp_is_alnum(char c)
{
	return kp_is_alpha(c) || kp_is_digit(c);
}

/* Space or tab. */
static inline bool
kp_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Blank, CR, LF, VT or FF. */
static inline bool
kp_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char
kp_to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline char
kp_to_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

#endif
