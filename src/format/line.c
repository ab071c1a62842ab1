/* SPDX-License-Identifier: MIT */
/* line - the lines of a text, and where one for a new key begins. */
#include "format/line.h"

size_t
kp_line_start(struct kp_str text, size_t at)
{
	while (at > 0 && text.ptr[at - 1] != '\n')
		at--;
	return at;
}

size_t
kp_line_next(struct kp_str text, size_t at)
{
	while (at < text.len && text.ptr[at] != '\n')
		at++;
	return at < text.len ? at + 1 : at;
}

const char *
kp_line_ending(struct kp_str text)
{
	size_t lf = kp_str_find(text, '\n');

	return lf != KP_NPOS && lf > 0 && text.ptr[lf - 1] == '\r' ? "\r\n" :
	                                                             "\n";
}

void
kp_line_begin(struct kp_str text, const char *ending,
    struct kp_insertion *where)
{
	bool unended = where->offset > 0 && text.ptr[where->offset - 1] != '\n';

	kp_buf_add_text(unended ? &where->before : &where->after, ending);
}

void
kp_line_insert(const struct kp_scan *scan, struct kp_str name,
    const char *delimiter, const char *ending,
    bool (*has_key)(struct kp_str text, const struct kp_item *comment,
        struct kp_str name),
    struct kp_insertion *where)
{
	struct kp_str text = scan->src->text;
	size_t i;

	where->offset = text.len;
	for (i = 0; i < scan->count; i++) {
		if (scan->items[i].kind == KP_COMMENT &&
		    has_key(text, &scan->items[i], name))
			where->offset = kp_line_next(text, scan->items[i].end);
	}
	kp_line_begin(text, ending, where);
	kp_buf_add(&where->before, name);
	kp_buf_add_text(&where->before, delimiter);
}
