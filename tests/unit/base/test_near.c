/* SPDX-License-Identifier: MIT */
/* test_near - which known name a mistyped one was meant to be. */
#include "base/near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const char *const names[] = { "path", "source", "format", "mode",
	"owner", "verify", "optional", "no-overwrite", "before/slash", NULL };

static const struct {
	const char *name, *word, *expect;
} cases[] = {
	{ "the name itself", "source", "source" },
	{ "case does not count", "Format", "format" },
	{ "a letter missing", "fomat", "format" },
	{ "a letter too many", "owwner", "owner" },
	{ "a wrong letter", "verifi", "verify" },
	{ "two letters swapped", "foramt", "format" },
	{ "two slips in six letters", "surcee", "source" },
	{ "two slips in four letters are one too many", "mxxe", NULL },
	{ "three slips in eight letters are one too many", "0ptixnxl", NULL },
	{ "the beginning of a name", "opt", "optional" },
	{ "two letters are no beginning", "so", NULL },
	{ "a single letter is near to nothing", "x", NULL },
	{ "no letter at all is near to nothing", "", NULL },
	{ "what is behind a slash", "Slash", "before/slash" },
	{ "a part of that is not", "sla", NULL },
	{ "the nearest of several wins", "node", "mode" },
	{ "a word of 64 letters is no slip of the finger",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    NULL },
};

static void
test_the_nearest_name(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *best =
		    kp_near_best(kp_str_of(cases[i].word), names);

		if (best == NULL ? cases[i].expect != NULL :
		                   cases[i].expect == NULL ||
		            strcmp(best, cases[i].expect) != 0)
			fail_msg("%s: got %s, want %s", cases[i].name,
			    best == NULL ? "none" : best,
			    cases[i].expect == NULL ? "none" : cases[i].expect);
	}
}

static void
test_of_equally_near_names_the_first(void **state)
{
	static const char *const twins[] = { "cat", "car", NULL };

	(void)state;
	assert_string_equal(kp_near_best(kp_str_of("cap"), twins), "cat");
}

static void
test_names_of_a_list(void **state)
{
	char first[] = "path", second[] = "source";
	char *items[] = { first, second };
	const struct kp_list list = { items, 2, 2 }, none = { 0 };

	(void)state;
	assert_string_equal(kp_near_listed(kp_str_of("souce"), &list),
	    "source");
	assert_null(kp_near_listed(kp_str_of("colour"), &list));
	assert_null(kp_near_listed(kp_str_of("souce"), &none));
}

static void
test_no_names(void **state)
{
	static const char *const none[] = { NULL };

	(void)state;
	assert_null(kp_near_best(kp_str_of("path"), none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_nearest_name),
		cmocka_unit_test(test_of_equally_near_names_the_first),
		cmocka_unit_test(test_names_of_a_list),
		cmocka_unit_test(test_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
