/* SPDX-License-Identifier: MIT */
/*
 * guess - what a value of a configuration is for, by its name and its look.
 *
 * For proposals that a person reads before they count: a guess may be wrong,
 * and nothing is written because of one.
 */
#ifndef KP_CORE_GUESS_H
#define KP_CORE_GUESS_H

#include "base/str.h"

#include <stdbool.h>

/*
 * Does the name end in words that stand for a secret: "admin_password",
 * "clientSecret", "API-KEY"?  "password_file", "token_url" and "proxy_pass"
 * do not.
 */
bool kp_guess_names_secret(struct kp_str name);

/* The same for what differs from place to place: "db_host", "listen". */
bool kp_guess_names_setting(struct kp_str name);

/* Is it a thing to switch on or off, as "insecure_skip_verify"? */
bool kp_guess_names_switch(struct kp_str name);

/*
 * What about the value alone says that it is a secret, such as "a password's
 * hash"; NULL: nothing.
 */
const char *kp_guess_shows_secret(struct kp_str value);

/* Is it a password's hash in the form of crypt(3)? */
bool kp_guess_is_hash(struct kp_str value);

/* Is it there to be filled in: xxx, changeme, password_here, __PASS__? */
bool kp_guess_is_marker(struct kp_str value);

/*
 * The name in a marker that has one: DB_PASS of __DB_PASS__, @DB_PASS@,
 * %%DB_PASS%% and {{ DB_PASS }}; empty for others.
 */
struct kp_str kp_guess_marker_name(struct kp_str value);

/* Does the service itself put something there: ${X}, {$X}, $__file{...}? */
bool kp_guess_is_reference(struct kp_str value);

#endif
