/* SPDX-License-Identifier: MIT */
/* diag - problems, collected so that one run reports all of them. */
#ifndef KP_BASE_DIAG_H
#define KP_BASE_DIAG_H

#include "base/attr.h"
#include "base/source.h"

#include <stdbool.h>
#include <stddef.h>

enum kp_severity {
	KP_ERROR,   /* stops the run */
	KP_WARNING, /* does not */
	KP_NOTE,    /* shown under -v alone */
};

enum kp_fault {
	KP_FAULT_INPUT,  /* what we were given to read */
	KP_FAULT_SYSTEM, /* a system call, memory */
	KP_FAULT_USAGE,  /* the command line, the environment's options */
};

/* One problem, complete in itself: it borrows nothing and may be kept. */
struct kp_diag {
	enum kp_severity severity;
	enum kp_fault fault;
	int sys_errno;         /* 0 unless a system call failed */
	size_t number;         /* grows as they are recorded */
	struct kp_place place; /* line 0: the whole file */
	char path[256];        /* its tail, if longer; empty: no file */
	char text[320];        /* what is wrong, never a value */
	char hint[256];        /* what to do; may be empty */
	char line[128];        /* the line, or a part of it; may be empty */
	unsigned caret, width; /* of the marked part within line, in columns */
};

/* At most KP_DIAGS_MAX are kept, the others counted. */
#define KP_DIAGS_MAX 1000

struct kp_diags {
	struct kp_diag *list; /* owned */
	size_t count, cap;
	size_t recorded; /* how many ever were in list */
	size_t errors;   /* how many of all were errors */
	size_t dropped;  /* how many are not in list */
};

/*
 * Record a problem.  All of these return false, so that reporting can be the
 * return statement; a message is lower case, without a full stop, names in
 * double quotes, and never quotes a value.
 */

/* An error at len bytes from offset of src: a line and a caret go with it. */
bool kp_diag_at(struct kp_diags *diags, const struct kp_source *src,
    size_t offset, size_t len, const char *fmt, ...) KP_PRINTF(5, 6);
bool kp_diag_warn_at(struct kp_diags *diags, const struct kp_source *src,
    size_t offset, size_t len, const char *fmt, ...) KP_PRINTF(5, 6);

/* An error or warning about a file as a whole; path may be NULL: no file. */
bool kp_diag_file(struct kp_diags *diags, const char *path, const char *fmt,
    ...) KP_PRINTF(3, 4);
bool kp_diag_warn(struct kp_diags *diags, const char *path, const char *fmt,
    ...) KP_PRINTF(3, 4);
bool kp_diag_note(struct kp_diags *diags, const char *path, const char *fmt,
    ...) KP_PRINTF(3, 4);

/* A failed system call: errno is kept, and its words end the message. */
bool kp_diag_sys(struct kp_diags *diags, const char *path, const char *fmt, ...)
    KP_PRINTF(3, 4);

/* A mistake on the command line or in a KEYPLATE_ variable. */
bool kp_diag_usage(struct kp_diags *diags, const char *fmt, ...)
    KP_PRINTF(2, 3);

/* Not enough memory. */
bool kp_diag_nomem(struct kp_diags *diags);

/* Say what to do about the problem recorded last; returns false too. */
bool kp_diag_hint(struct kp_diags *diags, const char *fmt, ...) KP_PRINTF(2, 3);

/*
 * Cut the line shown with the last problem off behind the first keep columns
 * of its marked part: for text that may be a secret pasted by mistake.
 */
bool kp_diag_conceal(struct kp_diags *diags, unsigned keep);

/*
 * By path, line and column; those of no file last, in the order in which they
 * were recorded.  What is said of one place more than once is kept once.
 */
void kp_diags_sort(struct kp_diags *diags);

/* How much there is. */
struct kp_diags_mark {
	size_t count, errors, dropped;
};

struct kp_diags_mark kp_diags_mark(const struct kp_diags *diags);

/* Forget what came behind a mark. */
void kp_diags_cut(struct kp_diags *diags, struct kp_diags_mark mark);

/* The same of errors: the warnings among them stay. */
void kp_diags_cut_errors(struct kp_diags *diags, struct kp_diags_mark mark);

void kp_diags_free(struct kp_diags *diags);

#endif
