/* SPDX-License-Identifier: MIT */
/* env - what the readers of NAME=VALUE lines share. */
#ifndef KP_FORMAT_ENV_H
#define KP_FORMAT_ENV_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"
#include "format/format.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Items: a KEY is the variable's name, the SCALAR behind it its value, which
 * belongs to the KEY.  What a reader expands in a value, as $HOME, is kept as
 * it is written and marked as live: so it differs from the same bytes in
 * quotes, and is written again as it was.  kp_env_add_live() makes such a
 * part of a value, kp_env_next_part() takes values apart again.
 */

/* The role of a comment within a command, where no line may be added. */
#define KP_ENV_WITHIN 1

/* A text on its way to items. */
struct kp_env_walk {
	struct kp_scan *scan;
	struct kp_diags *diags;
	struct kp_str text; /* borrowed: the source's */
	size_t at;
	struct kp_buf value; /* owned: the value being read */
};

/* At the start of scan's source; false: a NUL in it, which is reported. */
bool kp_env_start(struct kp_env_walk *walk, struct kp_scan *scan,
    struct kp_diags *diags) KP_MUST_CHECK;

/* Wipe what walk holds; returns done, less memory that there was none of. */
bool kp_env_end(struct kp_env_walk *walk, bool done);

/* The byte at the cursor; NUL at the end. */
char kp_env_peek(const struct kp_env_walk *walk);

/* Move to the LF that ends the line, or to the end of the text. */
void kp_env_skip_line(struct kp_env_walk *walk);

/* A comment from the cursor to the end of the line, less a CR there. */
void kp_env_add_comment(struct kp_env_walk *walk);

/*
 * Add the name, and walk->value with the place and style it is written in;
 * returns the scalar, or NULL when there is no memory.
 */
struct kp_item *kp_env_add(struct kp_env_walk *walk, struct kp_str name,
    size_t start, size_t end, enum kp_style style);

/* Record that len bytes from offset on are not to be read; returns false. */
bool kp_env_complain(struct kp_env_walk *walk, size_t offset, size_t len,
    const char *what, const char *hint);

/* Append text of the source that is expanded to walk->value. */
void kp_env_add_live(struct kp_env_walk *walk, struct kp_str text);

/*
 * Cut a part off a value: bytes, or with *live what is expanded, as written.
 * False at the end; *at starts at 0.
 */
bool kp_env_next_part(struct kp_str value, size_t *at, struct kp_str *part,
    bool *live);

/* Where the first live part that begins so is in value; KP_NPOS: nowhere. */
size_t kp_env_find_live(struct kp_str value, const char *prefix);

/*
 * False when no variable can hold the value, or what is expanded in it is not
 * the template's alone; with text, also when it is not UTF-8.
 */
bool kp_env_check(const struct kp_value *value, bool text,
    struct kp_refusal *why) KP_MUST_CHECK;

/* Append part with a backslash before each of the bytes of special. */
void kp_env_add_escaped(struct kp_buf *out, struct kp_str part,
    const char *special);

/*
 * struct kp_format's insert(): path is a name.  Its line goes behind the last
 * comment "#NAME=", else to the end of the text.
 */
bool kp_env_insert(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why);

/*
 * The same for readers of "export NAME=", as in the comment "#export NAME=";
 * lines have that ending.
 */
bool kp_env_insert_exported(const struct kp_scan *scan, struct kp_str path,
    const char *ending, struct kp_insertion *where, struct kp_refusal *why);

#endif
