/* SPDX-License-Identifier: MIT */
/* test_varfiles - which variable gets what another one names the file of. */
#include "cli/varfiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The spellings of docker-library, Grafana, Gitea and linuxserver.io. */
static const struct {
	const char *name, *target; /* NULL: it names no file */
} names[] = {
	{ "POSTGRES_PASSWORD_FILE", "POSTGRES_PASSWORD" },
	{ "GF_SECURITY_ADMIN_PASSWORD__FILE", "GF_SECURITY_ADMIN_PASSWORD" },
	{ "GITEA__database__PASSWD__FILE", "GITEA__database__PASSWD" },
	{ "FILE__PASSWORD", "PASSWORD" },
	{ "FILE__DB_FILE", "DB_FILE" },
	{ "X_FILE", "X" },
	{ "_FILE", NULL },
	{ "FILE__", NULL },
	{ "FILE", NULL },
	{ "PROFILE", NULL },
	{ "X_file", NULL },
	{ "X_FILES", NULL },
	{ "FILE_X", NULL },
	{ "", NULL },
};

static void
test_a_name_tells_what_the_file_is_for(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct kp_str target;
		bool found =
		    kp_varfiles_target(kp_str_of(names[i].name), &target);

		print_message("# %s\n", names[i].name);
		assert_int_equal(found, names[i].target != NULL);
		if (found)
			assert_true(kp_str_is(target, names[i].target));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_tells_what_the_file_is_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
