#!/bin/sh
# SPDX-License-Identifier: MIT
# layers - who may include whom, and that the library does no input or output.
set -eu
srcdir=${TOP_SRCDIR:-.}
. "$srcdir/tests/tap/tap.sh"

# includes FOLDER ALLOWED...: nothing of another folder is included.
includes()
{
	folder=$1
	allowed=$(echo "$*" | tr ' ' '|')
	none "$(grep -rn '^[[:blank:]]*#[[:blank:]]*include "' \
	    "$srcdir/src/$folder" | grep -vE "\"($allowed)/" || true)"
}

# What the library wants from outside, one name a line.
wanted()
{
	nm -u libkeyplate.a libkeyplate-init.a | awk 'NF == 2 && $1 == "U" { print $2 }' |
		sed 's/^__\(.*\)_\(chk\|2\)$/\1/' | sort -u
}

# absent NAME...: none of these functions is called.
absent()
{
	none "$(wanted | grep -xE "$(echo "$*" | tr ' ' '|')" || true)"
}

check 'base includes base alone' includes base
check 'format includes no more than base' includes format base
check 'core includes no more than format and base' includes core format base
check 'io includes no more than core, format and base' \
    includes io core format base
check 'net includes no more than io and base' includes net io base
check 'proc includes no more than base' includes proc base
check 'every include names its folder' \
    includes cli proc net io core format base

check 'the library opens no file' \
    absent open open64 openat openat64 creat fopen fopen64 fdopen mkstemp \
    opendir yaml_parser_set_input_file iniparser_load
check 'the library reads and writes no file' \
    absent read pread pread64 write pwrite pwrite64 fread fwrite getline \
    rename renameat unlink
check 'the library prints nothing' \
    absent stdout stderr stdin printf fprintf vprintf vfprintf puts fputs \
    putchar perror syslog warn warnx err errx
check 'the library starts and ends no process' \
    absent fork vfork clone execve execvp posix_spawn system popen kill \
    exit _exit quick_exit
check 'the library asks no environment' \
    absent getenv secure_getenv environ setenv putenv setlocale
finish
