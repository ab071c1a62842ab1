/* SPDX-License-Identifier: MIT */
/* frame - one scalar alone: the smallest text of a format around it. */
#ifndef KP_FORMAT_FRAME_H
#define KP_FORMAT_FRAME_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>

/* By the word that kp_style_name() has for it; false: there is none. */
bool kp_frame_style(struct kp_str name, enum kp_style *style) KP_MUST_CHECK;

/*
 * Append how value is written as a scalar of this style, alone on its place.
 * False: refused, the reason is in diags.
 */
bool kp_frame_encode(const struct kp_format *format, enum kp_style style,
    struct kp_str value, struct kp_buf *out,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * Append what the format's reader sees where text stands as a scalar.
 * False: it is not one scalar, the reason is in diags.
 */
bool kp_frame_decode(const struct kp_format *format, struct kp_str text,
    struct kp_buf *out, struct kp_diags *diags) KP_MUST_CHECK;

#endif
