/* SPDX-License-Identifier: MIT */
/* path - the names that paths such as a.b[0]."odd key" are made of. */
#include "format/path.h"

/* Append what is in the quotes at the front; returns where they end. */
static size_t
take_quoted(struct kp_str text, struct kp_buf *name)
{
	size_t at = 1;

	while (at < text.len && text.ptr[at] != '"') {
		if (text.ptr[at] == '\\' && at + 1 < text.len)
			at++;
		kp_buf_add_char(name, text.ptr[at++]);
	}
	return at < text.len ? at + 1 : KP_NPOS;
}

static size_t
take_plain(struct kp_str text, struct kp_buf *name)
{
	size_t at = 0;

	while (at < text.len && text.ptr[at] != '.')
		at++;
	if (at == 0 || kp_str_has_any(kp_str_slice(text, 0, at), "[]\" \t\r\n"))
		return KP_NPOS;
	kp_buf_add(name, kp_str_slice(text, 0, at));
	return at;
}

bool
kp_path_next(struct kp_str *rest, struct kp_buf *name)
{
	size_t end;

	end = kp_str_starts(*rest, "\"") ? take_quoted(*rest, name) :
	                                   take_plain(*rest, name);
	if (end == KP_NPOS)
		return false;
	*rest = kp_str_slice(*rest, end, rest->len);
	if (rest->len == 0)
		return true;
	if (rest->ptr[0] != '.' || rest->len == 1)
		return false;
	*rest = kp_str_slice(*rest, 1, rest->len);
	return true;
}

void
kp_path_cut(struct kp_str path, struct kp_str *parent, struct kp_str *name)
{
	bool quoted = false;
	size_t start = 0, i;

	for (i = 0; i < path.len; i++) {
		if (quoted && path.ptr[i] == '\\')
			i++;
		else if (path.ptr[i] == '"')
			quoted = !quoted;
		else if (path.ptr[i] == '.' && !quoted)
			start = i + 1;
	}
	*parent = kp_str_slice(path, 0, start > 0 ? start - 1 : 0);
	*name = kp_str_slice(path, start, path.len);
}

bool
kp_path_is_of(const struct kp_scan *scan, uint32_t index, struct kp_str path)
{
	const struct kp_item child = { .parent = index };
	struct kp_buf own = { 0 };
	bool same;

	kp_scan_path(scan, &child, &own);
	same = kp_str_eq(kp_buf_view(&own), path);
	kp_buf_wipe(&own);
	return same;
}
