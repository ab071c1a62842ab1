/* SPDX-License-Identifier: MIT */
/* caddyfile - what its scanner tells its encoder. */
#ifndef KP_FORMAT_CADDYFILE_H
#define KP_FORMAT_CADDYFILE_H

#include "base/attr.h"
#include "base/buf.h"
#include "format/caddyfile_lex.h"
#include "format/format.h"

#include <stdbool.h>

/* kp_item.role, bits: what a word's place makes of some words. */
enum {
	KP_CADDYFILE_ADDRESS = 1,   /* of a site */
	KP_CADDYFILE_FIRST = 2,     /* of a line in a directive's block */
	KP_CADDYFILE_MATCHER = 4,   /* "*", "/..." and "@..." match requests */
	KP_CADDYFILE_STATUS = 8,    /* three digits are a status, no text */
	KP_CADDYFILE_PASSWORD = 16, /* "htpasswd=..." names a file */
	KP_CADDYFILE_JOINED = 32,   /* behind a line joined by a backslash */
};

/* encode() of the formats of either version. */
bool kp_caddyfile_encode(enum kp_caddyfile_version version,
    const struct kp_item *item, const struct kp_value *value,
    struct kp_buf *out, struct kp_refusal *why) KP_MUST_CHECK;

#endif
