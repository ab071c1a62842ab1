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

dnl KP_TRY_STATIC(FLAGS)
dnl Unless PROGRAM_LDFLAGS has a value already, link a program with all of
dnl STATIC_LIBS and FLAGS, and run it: some compilers take -static-pie and make
dnl a program that needs a loader, or none that starts.  When it runs,
dnl PROGRAM_LDFLAGS becomes FLAGS.
AC_DEFUN([KP_TRY_STATIC], [AS_IF([test -z "$PROGRAM_LDFLAGS"], [
	AC_MSG_CHECKING([whether $1 makes a program that runs])
	kp_saved_CFLAGS=$CFLAGS
	kp_saved_LIBS=$LIBS
	CFLAGS="$CFLAGS -fPIE $DEPS_CFLAGS $1 -Wl,--fatal-warnings"
	LIBS="$STATIC_LIBS $LIBS"
	m4_define([kp_program], [AC_LANG_PROGRAM([[
		#define PCRE2_CODE_UNIT_WIDTH 8
		#include <crypt.h>
		#include <iniparser/iniparser.h>
		#include <md5.h>
		#include <pcre2.h>
		#include <stdlib.h>
		#include <sys/auxv.h>
		#include <yaml.h>
	]], [[
		void *volatile used[] = {
			(void *)crypt_rn, (void *)iniparser_load,
			(void *)MD5Init, (void *)recallocarray,
			(void *)yaml_parser_parse,
		};
		PCRE2_SPTR text = (PCRE2_SPTR)"a";
		pcre2_code *code;
		pcre2_match_data *data;
		PCRE2_SIZE at;
		int problem, found;

		code = pcre2_compile(text, 1, 0, &problem, &at, NULL);
		data = pcre2_match_data_create_from_pattern(code, NULL);
		found = pcre2_match(code, text, 1, 0, 0, data, NULL);
		pcre2_match_data_free(data);
		pcre2_code_free(code);
		return getauxval(AT_BASE) != 0 || used[0] == NULL ||
		    found != 1;
	]])])
	AC_RUN_IFELSE([kp_program], [kp_runs=yes], [kp_runs=no],
	    [AC_LINK_IFELSE([kp_program], [kp_runs=yes], [kp_runs=no])])
	CFLAGS=$kp_saved_CFLAGS
	LIBS=$kp_saved_LIBS
	AC_MSG_RESULT([$kp_runs])
	AS_IF([test "$kp_runs" = yes], [PROGRAM_LDFLAGS="$1"])
])])
