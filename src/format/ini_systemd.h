/* SPDX-License-Identifier: MIT */
/* ini_systemd - what the parts of ini/systemd share; no one else needs it. */
#ifndef KP_FORMAT_INI_SYSTEMD_H
#define KP_FORMAT_INI_SYSTEMD_H

#include "base/buf.h"
#include "base/str.h"
#include "format/format.h"
#include "format/ini.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* LONG_LINE_MAX, joined lines included. */
#define KP_SYSTEMD_LINE_MAX (1024 * 1024)

/* What the value of a key is. */
enum kp_systemd_kind {
	KP_SYSTEMD_ENVIRONMENT,
	KP_SYSTEMD_COMMAND,
	KP_SYSTEMD_TEXT,
	KP_SYSTEMD_SPACED, /* one value that may have blanks in it */
	KP_SYSTEMD_OTHER,
};

enum kp_systemd_kind kp_systemd_kind_of(struct kp_str key);

/* --- line: lines, joined --- */

/* From offset at on, a joined line came from offset origin of the text. */
struct kp_systemd_segment {
	size_t at, origin;
};

struct kp_systemd_line {
	struct kp_buf text;                  /* owned */
	struct kp_systemd_segment *segments; /* owned */
	size_t count, cap;
	bool failed;
};

/* Read a line that is no comment, with those it is joined to. */
struct kp_systemd_line kp_systemd_line_join(struct kp_ini_walk *walk,
    struct kp_ini_line part);
void kp_systemd_line_wipe(struct kp_systemd_line *line);

/* Where a byte of the joined line is in the text. */
size_t kp_systemd_line_origin(const struct kp_systemd_line *line, size_t at);

/* The end of what begins before at: behind the byte in front of it. */
size_t kp_systemd_line_end(const struct kp_systemd_line *line, size_t at);

bool kp_systemd_line_is_comment(struct kp_str text,
    const struct kp_ini_line *line);

/* True when str ends in an odd number of backslashes: it goes on. */
bool kp_systemd_line_is_open(struct kp_str str);

/* What systemd takes for blank: space, tab, LF, CR. */
bool kp_systemd_is_space(char c);

/* From start on, or from end back, past what is blank between the two. */
size_t kp_systemd_skip_space(struct kp_str str, size_t start, size_t end);
size_t kp_systemd_trim_space(struct kp_str str, size_t start, size_t end);

/* --- word: the words of a value --- */

/* utf8_is_valid(): no noncharacters either.  systemd drops other lines. */
bool kp_systemd_is_text(struct kp_str str);

struct kp_systemd_word {
	struct kp_str line; /* all words, and where the next is looked for */
	size_t at;
	size_t start, end; /* as written */
	struct kp_buf raw; /* as read, before it is expanded; owned */
	enum kp_style style;
	bool relaxed;      /* unknown escapes stay as they are */
	const char *fault; /* what is wrong; or NULL */
};

/* What a word's role, kp_item.role, is made of. */
enum kp_systemd_role {
	KP_SYSTEMD_ROLE_COMMAND = 1,   /* a program: a command's first word */
	KP_SYSTEMD_ROLE_VARIABLES = 2, /* "$" is expanded, but in its path */
};

/* Read the next word; false: there is none.  Wipe word->raw either way. */
bool kp_systemd_word_read(struct kp_systemd_word *word);

/* Pairs of each sign become one; a sign alone begins what is expanded. */
void kp_systemd_word_unpair(struct kp_str str, const char *signs,
    struct kp_buf *out);

/* The signs that are expanded in a word of this role. */
const char *kp_systemd_word_signs(uint32_t role);

/* Past the "@", "-", ":", "+" and "!" that stand before a command. */
size_t kp_systemd_word_skip_prefix(struct kp_str word);

/* --- encode --- */

/* encode() of the format. */
bool kp_systemd_encode(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why);

#endif
