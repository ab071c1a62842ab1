#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# replay - each file of the fuzzers' corpus once more, as TAP.
set -u

top=${TOP_SRCDIR:-.}
built=${TOP_BUILDDIR:-.}
number=0 program=
. "$top/tests/fuzz/target.sh"

# point NAME PROGRAM FILE...: one test point for all files of a target.
point()
{
	local name=$1 log
	shift
	number=$((number + 1))
	if log=$("$@" 2>&1) && ! grep -q '^not ok' <<<"$log"; then
		echo "ok $number - $name: $(($# - 1)) files"
	else
		echo "not ok $number - $name"
		tail -n 5 <<<"$log" | sed 's/^/# /'
	fi
}

for corpus in "$top"/tests/fuzz/corpus/*; do
	name=${corpus##*/}
	fuzz_target "$name"
	point "$name" "$built/tests/fuzz/$program" "$corpus"/*
done
echo "1..$number"
