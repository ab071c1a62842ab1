/* SPDX-License-Identifier: MIT */
/* exits - which exit status the supervisor gives for the service's own. */
#ifndef KP_PROC_EXITS_H
#define KP_PROC_EXITS_H

#include "base/attr.h"
#include "base/diag.h"

#include <stdbool.h>

/* By the status of the service, 0 to 255. */
struct kp_exits {
	unsigned char given_as[256];
};

/* Every status is given as it is. */
void kp_exits_init(struct kp_exits *exits);

/* One --exit-zero, "143". */
bool kp_exits_add_zero(struct kp_exits *exits, const char *text,
    struct kp_diags *diags) KP_MUST_CHECK;

/* One --map-exit, "143:0"; a later one for the same status wins. */
bool kp_exits_add_map(struct kp_exits *exits, const char *text,
    struct kp_diags *diags) KP_MUST_CHECK;

#endif
