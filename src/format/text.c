/* SPDX-License-Identifier: MIT */
/* text - bytes as they are: one scalar from the first to the last. */
#include "format/formats.h"

static bool
scan_text(struct kp_scan *scan, struct kp_diags *diags)
{
	(void)diags; /* there is nothing that could be wrong */
	kp_scan_add(scan, KP_SCALAR, 0, scan->src->text.len, KP_NO_PARENT);
	return true;
}

static bool
encode_text(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan;
	(void)item;
	(void)why; /* every byte may stand here */
	kp_buf_add(out, value->bytes);
	return true;
}

const struct kp_format kp_format_text = {
	.name = "text",
	.scan = scan_text,
	.encode = encode_text,
	.verbatim = true,
};
