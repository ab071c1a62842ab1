/* SPDX-License-Identifier: MIT */
/* plan - the targets and rules of one run, as rule files and options say. */
#ifndef KP_CORE_PLAN_H
#define KP_CORE_PLAN_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/str.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>

/* Where a rule or option was written, for messages about it. */
struct kp_written {
	const struct kp_source *src; /* borrowed: rule files outlive the plan */
	size_t offset;               /* of the section header or the value */
	size_t len;
};

/* One [file NAME], -t, operand. */
struct kp_target {
	char *name;   /* of the section; NULL: from the command line */
	char *path;   /* DST; NULL: standard output */
	char *source; /* SRC; NULL: the target itself; "-": standard input */
	char *format; /* NULL: by file name */
	char *syntax; /* NULL: the run's */
	char *delimiters;
	char *only;
	char *suffix; /* of a tree: cut off file names */
	char *mode;   /* as written, such as "0640"; NULL: the target's own */
	char *owner;
	char *verify; /* command line with {} */
	bool optional, no_overwrite, in_place;
	struct kp_written written;
	/* Of the entries; without a source there are none. */
	struct kp_written owner_written, verify_written;
};

/* One [set NAME] or --set. */
struct kp_set_rule {
	char *name;
	char *file;  /* name or path of a target */
	char *key;   /* path in the file */
	char *value; /* a template */
	bool optional;
	struct kp_written written, value_written;
	/* Of the entries; without a source, as on a command line: .written */
	struct kp_written file_written, key_written;
	const struct kp_target *target; /* what file names; kp_plan_check() */
};

#define KP_COUNT_ANY ((size_t)-1)

/* One [match NAME]. */
struct kp_match_rule {
	char *name;
	char *file;
	char *pattern;
	char *value;   /* for the group (?<value>...); or NULL */
	char *replace; /* for the whole match; or NULL */
	size_t count;  /* exactly so many matches; default 1 */
	bool optional;
	struct kp_written written, pattern_written, value_written;
	struct kp_written file_written;
	const struct kp_target *target; /* what file names; kp_plan_check() */
};

/* One [export NAME] or --export. */
struct kp_export_rule {
	char *name; /* of the rule; NULL: from the command line */
	char *variable;
	char *value; /* a template */
	bool optional;
	struct kp_written written, value_written;
};

/* Everything is owned by the plan but what written borrows. */
struct kp_plan {
	struct kp_target *targets;
	size_t ntargets, targets_cap;
	struct kp_set_rule *sets;
	size_t nsets, sets_cap;
	struct kp_match_rule *matches;
	size_t nmatches, matches_cap;
	struct kp_export_rule *exports;
	size_t nexports, exports_cap;
	struct kp_table names;      /* owned: of the rules of rule files */
	struct kp_source **sources; /* owned, with name and text: what written
	                               points to */
	size_t nsources, sources_cap;
};

/*
 * Add an empty one and return it, valid until the next of its kind is added;
 * NULL when there is no memory.  count of a match is 1.
 */
struct kp_target *kp_plan_add_target(struct kp_plan *plan);
struct kp_set_rule *kp_plan_add_set(struct kp_plan *plan);
struct kp_match_rule *kp_plan_add_match(struct kp_plan *plan);
struct kp_export_rule *kp_plan_add_export(struct kp_plan *plan);

/*
 * Keep a text under a name for messages (a rule file, "--set" ...), which hide
 * it from offset guarded on, more than 0, or KP_NPOS: *text is moved in.  The
 * source lives as long as the plan; NULL when there is no memory, and *text
 * is still the caller's.
 */
const struct kp_source *kp_plan_add_source(struct kp_plan *plan,
    const char *name, struct kp_buf *text, size_t guarded);

/*
 * The target that a rule's file names: by the name of its section, else by
 * its path, else by its source.
 */
const struct kp_target *kp_plan_target(const struct kp_plan *plan,
    const char *file);

/* Is there a set or match for the target?  After kp_plan_check(). */
bool kp_plan_has_rules(const struct kp_plan *plan,
    const struct kp_target *target);

/*
 * Find the target of every set and match, which is good until a target is
 * added; all that name none are reported.
 */
bool kp_plan_check(struct kp_plan *plan, struct kp_diags *diags) KP_MUST_CHECK;

void kp_plan_free(struct kp_plan *plan);

#endif
