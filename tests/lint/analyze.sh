#!/bin/sh
# SPDX-License-Identifier: MIT
# analyze - gcc's analyzer, clang-tidy and scan-build have nothing to say.
# usage: analyze.sh FLAG...: what the compiler needs to find headers and names
#
# Prints what they say against the sources; status 1 when that is something,
# or when one of them is not installed.
set -eu
cd "$(dirname "$0")/../.."

reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
trap 'exit 1' HUP INT TERM
status=0

# each COMMAND...: run COMMAND for each source, which stands for its {}.
each()
{
	find src -name '*.c' -print0 | sort -z |
		xargs -0 -P "$(nproc)" -I '{}' "$@"
}

# quiet NAME COMMAND...: COMMAND ends well; else show what it said.
quiet()
{
	name=$1
	shift
	if said=$("$@" 2>&1); then
		echo "$name: quiet"
	else
		printf '%s:\n%s\n' "$name" "$said"
		status=1
	fi
}

# gcc 12 does not see that an array grown by a function of another file holds
# what is put there, and calls it leaked; valgrind looks for real leaks.
with_gcc()
{
	each gcc "$@" -O2 -fanalyzer -Wno-analyzer-malloc-leak -Werror \
	    -S -o /dev/null '{}'
}

with_clang_tidy()
{
	each clang-tidy --quiet '{}' -- "$@"
}

# It sets CC to what stands in for the compiler and analyzes besides.
with_scan_build()
{
	# shellcheck disable=SC2016 # for the shell that is started
	find src -name '*.c' -print0 | sort -z |
		scan-build --status-bugs -o "$reports" --use-cc=gcc \
		    xargs -0 -P "$(nproc)" -I '{}' sh -c '"$CC" "$@"' cc \
		    "$@" -c -o /dev/null '{}'
}

quiet gcc with_gcc "$@"
quiet clang-tidy with_clang_tidy "$@"
quiet scan-build with_scan_build "$@"
[ "$status" -eq 0 ]
