/* SPDX-License-Identifier: MIT */
/* duration - spans of time as people write them: 5s, 500ms, 1m, inf. */
#include "base/duration.h"

#include <stddef.h>

static const struct {
	const char *suffix;
	long ms;
} units[] = {
	/* "ms" first: it ends in an "s" too. */
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
};

/* Cut the unit off *text; seconds where there is none. */
static long
take_unit(struct kp_str *text)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct kp_str suffix = kp_str_of(units[i].suffix);

		if (!kp_str_ends(*text, units[i].suffix))
			continue;
		*text = kp_str_slice(*text, 0, text->len - suffix.len);
		return units[i].ms;
	}
	return 1000;
}

bool
kp_duration_parse(struct kp_str text, long *ms)
{
	unsigned long count;
	long unit;

	if (kp_str_is(text, "inf")) {
		*ms = KP_DURATION_INF;
		return true;
	}
	unit = take_unit(&text);
	if (!kp_str_to_number(text, (unsigned long)(KP_DURATION_MAX / unit),
	        &count))
		return false;
	*ms = (long)count * unit;
	return true;
}
