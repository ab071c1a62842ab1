/* SPDX-License-Identifier: MIT */
/* json - what the parts of the JSON format share; no one else needs it. */
#ifndef KP_FORMAT_JSON_H
#define KP_FORMAT_JSON_H

#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>

/* Past white space, from offset at of text on. */
size_t kp_json_skip_space(struct kp_str text, size_t at);

/* insert() of the format. */
bool kp_json_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why);

#endif
