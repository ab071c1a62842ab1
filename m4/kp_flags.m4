dnl SPDX-License-Identifier: MIT
dnl kp_flags - flags that are used where the compiler and linker know them.

dnl KP_TRY_FLAGS(VARIABLE, FLAGS)
dnl Append each of FLAGS with which a program compiles and links in silence.
dnl The program calls what fortified headers wrap, and with arguments that
dnl nobody knows before it runs.
AC_DEFUN([KP_TRY_FLAGS], [
	kp_saved_CFLAGS=$CFLAGS
	for kp_flag in m4_normalize([$2]); do
		AC_MSG_CHECKING([whether $CC takes $kp_flag])
		CFLAGS="$kp_saved_CFLAGS $$1 $kp_flag -Werror"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([[
			#include <string.h>
		]], [[
			char line[64];
			memset(line, 0, sizeof(line));
			return line[sizeof(line) - 1];
		]])], [
			AC_MSG_RESULT([yes])
			$1="$$1 $kp_flag"
		], [AC_MSG_RESULT([no])])
	done
	CFLAGS=$kp_saved_CFLAGS
])

dnl KP_TRY_STATIC(NAME, FLAGS, LAST)
dnl Unless PROGRAM_LDFLAGS has a value already, link a program with FLAGS, all
dnl of STATIC_LIBS and LAST, and run it: some compilers take -static-pie and
dnl make a program that needs a loader, or none that starts.  When it runs,
dnl PROGRAM_LDFLAGS becomes FLAGS and PROGRAM_LIBS the rest.
AC_DEFUN([KP_TRY_STATIC], [AS_IF([test -z "$PROGRAM_LDFLAGS"], [
	AC_MSG_CHECKING([whether $1 makes a program that runs])
	kp_saved_CFLAGS=$CFLAGS
	kp_saved_LIBS=$LIBS
	CFLAGS="$CFLAGS -fPIE $DEPS_CFLAGS m4_normalize([$2])"
	CFLAGS="$CFLAGS -Wl,--fatal-warnings"
	LIBS="$STATIC_LIBS $LIBS $3"
	m4_define([kp_program], [AC_LANG_PROGRAM([[
		#define PCRE2_CODE_UNIT_WIDTH 8
		#include <crypt.h>
		#include <iniparser/iniparser.h>
		#include <jansson.h>
		#include <md5.h>
		#include <pcre2.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/auxv.h>
		#include <yaml.h>
		/* A dollar, which the shell would expand here. */
		#define S "\044"
	]], [[
		void *volatile used[] = {
			(void *)iniparser_load, (void *)MD5Init,
			(void *)json_loadb, (void *)recallocarray,
			(void *)yaml_parser_parse,
		};
		PCRE2_SPTR text = (PCRE2_SPTR)"a";
		pcre2_code *code;
		pcre2_match_data *data;
		PCRE2_SIZE at;
		struct {
			const char *prefix, *salt;
		} hashes[] = {
			{ S "2b" S, S "2b" S "04" S "aaaaaaaaaaaaaaaaaaaaau" },
			{ S "6" S, S "6" S "aaaaaaaa" },
		};
		static struct crypt_data hash;
		char salt[CRYPT_GENSALT_OUTPUT_SIZE];
		int problem, found, i;

		code = pcre2_compile(text, 1, 0, &problem, &at, NULL);
		data = pcre2_match_data_create_from_pattern(code, NULL);
		found = pcre2_match(code, text, 1, 0, 0, data, NULL);
		pcre2_match_data_free(data);
		pcre2_code_free(code);
		for (i = 0; i < 2; i++)
			if (crypt_rn("a", hashes[i].salt, &hash,
			        sizeof(hash)) == NULL ||
			    crypt_gensalt_rn(hashes[i].prefix, 0, NULL, 0,
			        salt, sizeof(salt)) == NULL)
				return 1;
		return getauxval(AT_BASE) != 0 || used[0] == NULL ||
		    found != 1;
	]])])
	AC_RUN_IFELSE([kp_program], [kp_runs=yes], [kp_runs=no],
	    [AC_LINK_IFELSE([kp_program], [kp_runs=yes], [kp_runs=no])])
	CFLAGS=$kp_saved_CFLAGS
	LIBS=$kp_saved_LIBS
	AC_MSG_RESULT([$kp_runs])
	AS_IF([test "$kp_runs" = yes], [
		PROGRAM_LDFLAGS="m4_normalize([$2])"
		PROGRAM_LIBS="$STATIC_LIBS $LIBS $3"
	])
])])
