/* SPDX-License-Identifier: MIT */
/* syntax - which marks in a text are placeholders: a setting of the scanner. */
#ifndef KP_CORE_SYNTAX_H
#define KP_CORE_SYNTAX_H

#include "base/attr.h"
#include "base/list.h"
#include "base/str.h"

#include <stdbool.h>

/* Whose templates are read, and what they write. */
enum kp_profile {
	KP_PROFILE_KEYPLATE, /* ${name|filter:-default}, $${ */
	KP_PROFILE_ENVSUBST, /* $X ${X}; not set: empty */
	KP_PROFILE_NGINX,    /* $X ${X} of names that are set; others stay */
	KP_PROFILE_COMPOSE,  /* $X ${X} ${X:-d} ...; $$; not set: empty */
	KP_PROFILE_EP,       /* ${X} ${X:-d}; an odd \ escapes */
	KP_PROFILE_CADDY,    /* {$X} {$X:d} */
	KP_PROFILE_GRAFANA,  /* $__env{X} $__file{/path} */
	KP_PROFILE_AT,       /* @X@; @@ */
	KP_PROFILE_DUNDER,   /* __X__; not set: stays */
	KP_PROFILE_MUSTACHE, /* {{ .Env.X }}, {{ getenv "X" "d" }} ... */
};

/* What becomes of a name that is not set. */
enum kp_unset {
	KP_UNSET_FAILS,
	KP_UNSET_STAYS, /* as it is written, silently */
	KP_UNSET_EMPTY, /* the empty string, silently */
	KP_UNSET_WARNS, /* the empty string, with a warning */
};

struct kp_syntax {
	enum kp_profile profile;
	struct kp_str open, close;  /* marks of KP_PROFILE_KEYPLATE */
	const struct kp_list *only; /* borrowed; names that count, or NULL */
	bool environment_only;      /* bare names are variables alone */
};

/* "${" and "}", all names. */
void kp_syntax_init(struct kp_syntax *syntax);

/* By the names of --syntax; false: there is none of that name. */
bool kp_syntax_set_profile(struct kp_syntax *syntax,
    const char *name) KP_MUST_CHECK;

/* "L R", two marks of 1 to 8 printable bytes; borrowed from text. */
bool kp_syntax_set_delimiters(struct kp_syntax *syntax,
    const char *text) KP_MUST_CHECK;

/* What becomes of a name that is not set and has no operator. */
enum kp_unset kp_profile_unset(enum kp_profile profile);

/* Can a placeholder have a default? */
bool kp_profile_has_defaults(enum kp_profile profile);

/* What all its placeholders begin with; borrowed from *syntax, or static. */
struct kp_str kp_syntax_lead(const struct kp_syntax *syntax);

/* Does a placeholder of this name count? */
bool kp_syntax_takes(const struct kp_syntax *syntax, struct kp_str name);

/* All names of profiles, ended by NULL. */
const char *const *kp_syntax_names(void);

#endif
