/* SPDX-License-Identifier: MIT */
/*
 * proposal - a rule file in the making: what keyplate init says.
 *
 * What is added comes out as one text that io/config can read as it is;
 * what cannot be said in a rule becomes a comment.  A proposal has names and
 * places alone: no value of the files that it is made from is in it.
 */
#ifndef KP_CORE_PROPOSAL_H
#define KP_CORE_PROPOSAL_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Of a file that no [file] section is for, such as an exported variable. */
#define KP_PROPOSAL_NO_FILE ((size_t)-1)

/* One [file]. */
struct kp_proposed_file {
	char *name;         /* owned: of the section */
	char *path;         /* owned */
	char *source;       /* owned; NULL: the file itself */
	const char *format; /* NULL: by its name */
	const char *syntax; /* NULL: keyplate's */
	char *only;         /* owned: names, with commas; NULL: all */
	char *mode, *owner; /* owned; NULL: as they are */
	bool has_marks;     /* ${...} in it is for somebody else */
	bool unseen;        /* could not be read: its rules are comments */
	bool is_open;       /* anybody may read it */
};

enum kp_proposed_kind {
	KP_PROPOSED_SET,
	KP_PROPOSED_MATCH,
	KP_PROPOSED_EXPORT,
};

/* One [set], [match] or [export]. */
struct kp_proposed_rule {
	enum kp_proposed_kind kind;
	size_t file; /* or KP_PROPOSAL_NO_FILE */
	char *key;   /* owned: path, pattern or variable */
	char *value; /* owned: with its placeholders */
	char *why;   /* owned: the comment above it */
	char *name;  /* owned: of the section; made by kp_proposal_add_rule */
	bool optional;
	bool unsure; /* it comes out as a comment */
};

/* { 0 } is a valid empty one. */
struct kp_proposal {
	struct kp_proposed_file *files; /* owned */
	size_t nfiles, files_cap;
	struct kp_proposed_rule *rules; /* owned */
	size_t nrules, rules_cap;
	struct kp_list secrets, variables; /* each name once, sorted by use */
	struct kp_list waits;              /* for the option wait */
	struct kp_list notes;              /* what is left to be done by hand */
	struct kp_list compose;            /* lines for the compose file */
	char *user;                        /* owned; NULL: as it is */
	char *command;    /* owned: what the container starts; NULL: unknown */
	const char *root; /* borrowed: where the paths are, or NULL */
	bool failed;      /* out of memory */
};

/* Can a rule file hold the text, bare or between quotes? */
bool kp_proposal_can_hold(struct kp_str text);

/*
 * Add a [file] for path, which a rule file can hold, and return its number; the
 * name of the section is made from it.  A path that is there already keeps its
 * number.
 */
size_t kp_proposal_add_file(struct kp_proposal *proposal, const char *path);

/*
 * Add a rule; key, value and why are copied.  Returns it, valid until the
 * next is added; NULL: no memory, or it cannot be written, which is noted.
 */
struct kp_proposed_rule *kp_proposal_add_rule(struct kp_proposal *proposal,
    enum kp_proposed_kind kind, size_t file, struct kp_str key,
    const char *value, const char *why);

/*
 * Note that a secret or a variable of this name is needed.  False: the name
 * is there already.
 */
bool kp_proposal_need_secret(struct kp_proposal *proposal, const char *name);
bool kp_proposal_need_variable(struct kp_proposal *proposal, const char *name);

/* Something to say above the rules, in a comment; cut at 399 bytes. */
void kp_proposal_note(struct kp_proposal *proposal, const char *fmt, ...)
    KP_PRINTF(2, 3);

/* Append the rule file.  inputs: the files that were read, for its head. */
void kp_proposal_print(const struct kp_proposal *proposal,
    const struct kp_list *inputs, struct kp_buf *out);

void kp_proposal_free(struct kp_proposal *proposal);

/*
 * Append text with every letter lower (upper: upper) and all that a name
 * cannot hold as one mark; none at its ends.
 */
void kp_proposal_add_name(struct kp_buf *out, struct kp_str text, bool upper,
    char mark);

#endif
