/* SPDX-License-Identifier: MIT */
/* exits - which exit status the supervisor gives for the service's own. */
#include "proc/exits.h"

#include "base/str.h"
#include "proc/spec.h"

#include <stddef.h>

void
kp_exits_init(struct kp_exits *exits)
{
	size_t status;

	for (status = 0; status < sizeof(exits->given_as); status++)
		exits->given_as[status] = (unsigned char)status;
}

bool
kp_exits_add_zero(struct kp_exits *exits, const char *text,
    struct kp_diags *diags)
{
	unsigned long status;

	if (!kp_str_to_number(kp_str_of(text), 255, &status))
		return kp_diag_usage(diags,
		    "--exit-zero \"%s\" is no exit status from 0 to 255", text);
	exits->given_as[status] = 0;
	return true;
}

bool
kp_exits_add_map(struct kp_exits *exits, const char *text,
    struct kp_diags *diags)
{
	struct kp_str from_text, to_text;
	unsigned long from, to;

	if (!kp_spec_split(kp_str_of(text), &from_text, &to_text) ||
	    !kp_str_to_number(from_text, 255, &from) ||
	    !kp_str_to_number(to_text, 255, &to)) {
		kp_diag_usage(diags,
		    "--map-exit \"%s\" is not two exit statuses from 0 to 255 "
		    "with a colon between",
		    text);
		return kp_diag_hint(diags, "for example --map-exit 143:0");
	}
	exits->given_as[from] = (unsigned char)to;
	return true;
}
