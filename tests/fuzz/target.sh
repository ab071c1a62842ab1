# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# target - which program a folder of the corpus is for.

# fuzz_target NAME: sets program, below tests/fuzz, and FORMAT.  A folder has
# the name of its target, or else that of a format with "_" for "/".
fuzz_target()
{
	program=fuzz_$1
	if [ ! -e "${TOP_SRCDIR:-.}/tests/fuzz/$program.c" ]; then
		program=fuzz_format
		export FORMAT=${1/_//}
	fi
}
