dnl SPDX-License-Identifier: MIT
dnl kp_musl - Debian's libraries for Debian's musl-gcc.

dnl KP_MUSL
dnl Debian has musl as a C library alone: its musl-gcc finds no header and no
dnl library but musl's own.  What is static in Debian's other packages serves
dnl with musl as well, but for some functions of glibc's (compat/musl).  So a
dnl directory gets links to the headers and archives that keyplate needs, and
dnl to nothing else: glibc's own must not come along.  CC is told of it, and
dnl kp_musl is yes.  Other compilers are left alone.
AC_DEFUN([KP_MUSL], [
	AC_MSG_CHECKING([whether $CC needs to be shown Debian's libraries])
	AS_CASE([$CC], [*musl-gcc], [kp_musl=yes], [kp_musl=no])
	AC_MSG_RESULT([$kp_musl])
	AS_IF([test "$kp_musl" = yes], [
		AS_CASE([$srcdir], [/*], [kp_source=$srcdir],
		    [kp_source=`pwd`/$srcdir])
		kp_sysroot=`pwd`/compat/sysroot
		kp_host=${REALGCC-gcc}
		kp_multiarch=`$kp_host -print-multiarch`
		rm -rf "$kp_sysroot"
		mkdir -p "$kp_sysroot/include" "$kp_sysroot/lib"
		for kp_name in asm asm-generic linux cmocka.h cmocka_pbc.h \
		    crypt.h iniparser jansson.h jansson_config.h md5.h \
		    pcre2.h sha.h sha256.h sha2.h sha512.h yaml.h; do
			for kp_dir in /usr/include \
			    "/usr/include/$kp_multiarch"; do
				test ! -e "$kp_dir/$kp_name" || ln -s \
				    "$kp_dir/$kp_name" "$kp_sysroot/include/"
			done
		done
		for kp_name in libbsd.a libcmocka.so libcrypt.a libiniparser.a \
		    libjansson.a libmd.a libpcre2-8.a libyaml.a; do
			kp_path=`$kp_host -print-file-name=$kp_name`
			test ! -e "$kp_path" ||
			    ln -s "$kp_path" "$kp_sysroot/lib/$kp_name"
		done
		CC="$CC -isystem $kp_source/compat/musl"
		CC="$CC -isystem $kp_sysroot/include -L$kp_sysroot/lib"
		dnl A loop that copies must not become a call of itself.
		AC_MSG_CHECKING([for what musl lacks])
		AS_IF([(cd "$kp_sysroot/lib" && $CC $CFLAGS -O2 -fPIC -c \
		    -fno-tree-loop-distribute-patterns \
		    "$kp_source/compat/musl/bytes.c" \
		    "$kp_source/compat/musl/missing.c" \
		    "$kp_source/compat/musl/pages.c" &&
		    ar cr libmissing.a bytes.o missing.o pages.o)],
		    [AC_MSG_RESULT([made])],
		    [AC_MSG_ERROR([compat/musl cannot be compiled])])
		dnl libcrypt takes its random bytes from libbsd here.
		LIBS="$LIBS -lbsd -lmd -lmissing"
	])
])

dnl KP_MUSL_STATIC_PIE
dnl The flags and files of a static program that can be put anywhere, which
dnl musl-gcc has but does not take by itself: KP_PIE_START, KP_PIE_END.
AC_DEFUN([KP_MUSL_STATIC_PIE], [
	kp_crt=`$CC -### -x c /dev/null 2>&1 | tr ' ' '\n' |
	    sed -n 's,/Scrt1\.o$,,p'`
	kp_begin=`$kp_host -print-file-name=crtbeginS.o`
	kp_end=`$kp_host -print-file-name=crtendS.o`
	KP_PIE_START="-static -nostartfiles"
	KP_PIE_START="$KP_PIE_START -Wl,-pie,--no-dynamic-linker,-z,text"
	KP_PIE_START="$KP_PIE_START $kp_crt/rcrt1.o $kp_crt/crti.o $kp_begin"
	KP_PIE_END="$kp_end $kp_crt/crtn.o"
])

dnl KP_MUSL_CMOCKA
dnl cmocka is a shared library of glibc's.  musl's loader takes itself for the
dnl libc.so.6 that it names; glibc's loader, which it names too, becomes an
dnl empty library with what musl lacks.
AC_DEFUN([KP_MUSL_CMOCKA], [
	kp_cmocka=`readlink -f "$kp_sysroot/lib/libcmocka.so"`
	kp_soname=`readelf -d "$kp_cmocka" | sed -n 's/.*SONAME.*\[[\(.*\)\]]/\1/p'`
	kp_loader=`readelf -d "$kp_cmocka" | sed -n 's/.*NEEDED.*\[[\(ld-.*\)\]]/\1/p'`
	ln -s "$kp_cmocka" "$kp_sysroot/lib/$kp_soname"
	test -z "$kp_loader" || $CC -shared -Wl,--whole-archive -lmissing \
	    -Wl,--no-whole-archive -o "$kp_sysroot/lib/$kp_loader"
	CMOCKA_LIBS="$CMOCKA_LIBS -Wl,--allow-shlib-undefined"
	CMOCKA_LIBS="$CMOCKA_LIBS -Wl,-rpath,$kp_sysroot/lib"
])
