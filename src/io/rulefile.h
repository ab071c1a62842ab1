/* SPDX-License-Identifier: MIT */
/*
 * rulefile - the raw lines of a rule file: what each section and key is, and
 * where it stands.
 *
 * iniparser, which gives rule files their values, knows no line numbers,
 * lets a duplicate key overwrite the first, and reads some things otherwise
 * in 4.1 than in 4.2.  All that is found here, as errors with their places.
 */
#ifndef KP_IO_RULEFILE_H
#define KP_IO_RULEFILE_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/str.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kp_rule_kind {
	KP_RULE_OPTIONS, /* [keyplate] */
	KP_RULE_FILE,
	KP_RULE_SET,
	KP_RULE_MATCH,
	KP_RULE_EXPORT,
};

/* Everything borrows from the source. */
struct kp_rule_section {
	enum kp_rule_kind kind;
	struct kp_str header; /* what is between the brackets, blanks cut off */
	struct kp_str name;   /* empty for [keyplate] */
	size_t first, count;  /* its entries */
};

struct kp_rule_entry {
	struct kp_str key, value; /* the value without its quotes */
	size_t section;           /* its number */
};

struct kp_rulefile {
	const struct kp_source *src;      /* borrowed */
	struct kp_rule_section *sections; /* owned */
	size_t nsections, sections_cap;
	struct kp_rule_entry *entries; /* owned */
	size_t nentries, entries_cap;
	struct kp_table names; /* owned: of the sections */
};

/* Read the lines of src; every error is reported.  Freed either way. */
bool kp_rulefile_parse(struct kp_rulefile *file, const struct kp_source *src,
    struct kp_diags *diags) KP_MUST_CHECK;

/* The offset in the source of a view that kp_rulefile_parse() made. */
size_t kp_rulefile_offset(const struct kp_rulefile *file, struct kp_str view);

/* Of what tells sections apart: their kind, and their name in any case. */
uint64_t kp_rule_section_hash(const struct kp_rule_section *section);

void kp_rulefile_free(struct kp_rulefile *file);

#endif
