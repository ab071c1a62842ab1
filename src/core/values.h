/* SPDX-License-Identifier: MIT */
/*
 * values - every name that was asked for: its bytes, and where they are from.
 *
 * Each name is looked up once in a run, so that one run never mixes two
 * generations of a secret.  The store owns the bytes and wipes them.  Who
 * really reads files and the environment is behind struct kp_reader: this
 * folder does no input or output.
 */
#ifndef KP_CORE_VALUES_H
#define KP_CORE_VALUES_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/str.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>

enum kp_origin {
	KP_ANY, /* ${name}: secret, else variable, else the file of name_FILE */
	KP_SECRET, /* ${secret:name} */
	KP_ENV,    /* ${env:name} */
	KP_FILE,   /* ${file:/path} */
};

enum kp_found {
	KP_FOUND,
	KP_ABSENT, /* there is no such thing: an operator may help */
	KP_BROKEN, /* it is there and cannot be used: nothing may help */
};

/* What a reader fills in for one name; the texts are empty before. */
struct kp_reading {
	struct kp_buf bytes; /* as they are, final line ending included */
	char where[256];     /* "/run/secrets/x", "environment" */
	char why[160];       /* of KP_BROKEN: "is a FIFO, not a file" */
	char hint[160];      /* what to do about it; may be empty */
};

/*
 * Reads one name from one place; out is empty before.  Names are checked by
 * the caller: after secret: [A-Za-z0-9_][A-Za-z0-9_.-]*, at most 255 bytes.
 */
struct kp_reader {
	void *ctx; /* borrowed */
	enum kp_found (
	    *secret)(void *ctx, struct kp_str name, struct kp_reading *out);
	enum kp_found (
	    *env)(void *ctx, struct kp_str name, struct kp_reading *out);
	enum kp_found (
	    *file)(void *ctx, struct kp_str path, struct kp_reading *out);
	/* "/run/secrets, environment": for messages. */
	const char *looked_in;
	/* The name of a secret or variable near to name, or NULL. */
	const char *(*nearest)(void *ctx, struct kp_str name);
};

/* One name, looked up. */
struct kp_entry {
	const char *name;     /* owned; without the source prefix */
	enum kp_origin asked; /* how the placeholder named it */
	enum kp_origin from;  /* where it was found; not KP_ANY */
	enum kp_found found;
	struct kp_buf bytes;            /* owned; as in struct kp_reading ... */
	const char *where, *why, *hint; /* ... and these, owned with it */
	const char *shadowed; /* other sources that have it too; or empty */
	struct kp_str value;  /* its bytes less one final line ending */
	bool examined;        /* odd blanks or a CR would be told by now */
	char texts[];         /* the name, and the other texts */
};

struct kp_values {
	struct kp_reader reader;   /* given */
	struct kp_entry **entries; /* owned */
	size_t count, cap;
	struct kp_table names; /* owned: of the entries */
};

/* An empty store.  reader's ctx outlives it. */
void kp_values_init(struct kp_values *values, struct kp_reader reader);

/*
 * The entry of a name; read at the first call.  NULL when there is no
 * memory.  Both X and X_FILE set is KP_BROKEN, as the reason tells.
 */
struct kp_entry *kp_values_get(struct kp_values *values, enum kp_origin origin,
    struct kp_str name);

/* "secret:", "env:", "file:", or nothing: what a placeholder has of it. */
const char *kp_origin_prefix(enum kp_origin origin);

/* Wipe and release everything. */
void kp_values_wipe(struct kp_values *values);

#endif
