/* SPDX-License-Identifier: MIT */
/* reason - why something is not up. */
#include "net/reason.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
kp_reason_set(struct kp_reason *why, const char *fmt, ...)
{
	va_list args;

	why->sys_errno = 0;
	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return false;
}

bool
kp_reason_sys(struct kp_reason *why, const char *what)
{
	why->sys_errno = errno;
	snprintf(why->text, sizeof(why->text), "%s", what == NULL ? "" : what);
	return false;
}

const char *
kp_reason_words(const struct kp_reason *why)
{
	/* Of one process without threads, so there is one. */
	static char words[sizeof(why->text) + 80];

	if (why->sys_errno == 0)
		return why->text;
	snprintf(words, sizeof(words), "%s%s%s", why->text,
	    why->text[0] == '\0' ? "" : ": ", strerror(why->sys_errno));
	return words;
}
