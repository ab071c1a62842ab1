/* SPDX-License-Identifier: MIT */
/* syntax - which marks in a text are placeholders: a setting of the scanner. */
#include "core/syntax.h"

#define MARK_MAX 8

/* In the order of enum kp_profile. */
static const char *const names[] = {
	"keyplate",
	"envsubst",
	"nginx",
	"compose",
	"ep",
	"caddy",
	"grafana",
	"at",
	"dunder",
	"mustache",
	NULL,
};

void
kp_syntax_init(struct kp_syntax *syntax)
{
	*syntax = (struct kp_syntax){
		.profile = KP_PROFILE_KEYPLATE,
		.open = kp_str_of("${"),
		.close = kp_str_of("}"),
	};
}

bool
kp_syntax_set_profile(struct kp_syntax *syntax, const char *name)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		if (kp_str_is_nocase(kp_str_of(name), names[i])) {
			syntax->profile = (enum kp_profile)i;
			return true;
		}
	}
	return false;
}

struct kp_str
kp_syntax_lead(const struct kp_syntax *syntax)
{
	static const char leads[][4] = {
		[KP_PROFILE_ENVSUBST] = "$",
		[KP_PROFILE_NGINX] = "$",
		[KP_PROFILE_COMPOSE] = "$",
		[KP_PROFILE_EP] = "${",
		[KP_PROFILE_CADDY] = "{$",
		[KP_PROFILE_GRAFANA] = "$__",
		[KP_PROFILE_AT] = "@",
		[KP_PROFILE_DUNDER] = "__",
		[KP_PROFILE_MUSTACHE] = "{{",
	};

	return syntax->profile == KP_PROFILE_KEYPLATE ?
	    syntax->open :
	    kp_str_of(leads[syntax->profile]);
}

static bool
is_mark(struct kp_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~' ||
		    kp_is_alnum(text.ptr[i]) || text.ptr[i] == '_')
			return false;
	}
	return text.len > 0 && text.len <= MARK_MAX;
}

bool
kp_syntax_set_delimiters(struct kp_syntax *syntax, const char *text)
{
	struct kp_str both = kp_str_trim(kp_str_of(text));
	size_t blank = kp_str_find(both, ' ');

	if (blank == KP_NPOS)
		return false;
	syntax->open = kp_str_slice(both, 0, blank);
	syntax->close = kp_str_trim(kp_str_slice(both, blank, both.len));
	return is_mark(syntax->open) && is_mark(syntax->close);
}

enum kp_unset
kp_profile_unset(enum kp_profile profile)
{
	switch (profile) {
	case KP_PROFILE_ENVSUBST:
		return KP_UNSET_EMPTY;
	case KP_PROFILE_COMPOSE:
		return KP_UNSET_WARNS;
	case KP_PROFILE_NGINX:
	case KP_PROFILE_DUNDER:
		return KP_UNSET_STAYS;
	default:
		return KP_UNSET_FAILS;
	}
}

bool
kp_profile_has_defaults(enum kp_profile profile)
{
	return profile == KP_PROFILE_KEYPLATE ||
	    profile == KP_PROFILE_COMPOSE || profile == KP_PROFILE_EP ||
	    profile == KP_PROFILE_CADDY || profile == KP_PROFILE_MUSTACHE;
}

bool
kp_syntax_takes(const struct kp_syntax *syntax, struct kp_str name)
{
	size_t i;

	if (syntax->only == NULL)
		return true;
	for (i = 0; i < syntax->only->count; i++) {
		if (kp_str_is(name, syntax->only->items[i]))
			return true;
	}
	return false;
}

const char *const *
kp_syntax_names(void)
{
	return names;
}
