#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# fuzz - run fuzz targets for FUZZ_SECONDS each, two at a time.
# usage: fuzz.sh [TARGET...]; all of them without
# To be started at the top of a tree that was configured with CC=clang
# --enable-fuzzing, or by AFL++ with CC=afl-clang-fast.  What a target finds
# stays in tests/fuzz/found.
set -eu

seconds=${FUZZ_SECONDS:-300}
mkdir -p tests/fuzz/found

by_libfuzzer()
{
	"tests/fuzz/$program" -max_total_time="$1" -max_len=4096 -timeout=60 \
	    -rss_limit_mb=1024 -artifact_prefix="tests/fuzz/found/$name-" \
	    "$work" "tests/fuzz/corpus/$name"
}

by_afl()
{
	local found
	AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 \
	    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 afl-fuzz -V "$1" -m none \
	    -t 5000 -i "tests/fuzz/corpus/$name" -o "$work" \
	    -- "tests/fuzz/$program" || return
	for found in "$work"/default/{crashes,hangs}/id*; do
		[ -e "$found" ] || continue
		cp "$found" "tests/fuzz/found/$name-${found##*/}"
		return 1
	done
	sed -n 's/^execs_done *: /runs: /p' "$work/default/fuzzer_stats"
}

run_one()
{
	local name=$1 program work by=by_libfuzzer
	fuzz_target "$name"
	! grep -q __afl_ "tests/fuzz/$program" || by=by_afl
	work=$(mktemp -d)
	if "$by" "$2" >"$work.log" 2>&1; then
		echo "ok - $name: $(tail -n 1 "$work.log")"
	else
		echo "not ok - $name"
		tail -n 20 "$work.log"
	fi
	rm -rf "$work" "$work.log"
}
. tests/fuzz/target.sh
export -f by_afl by_libfuzzer fuzz_target run_one

[ $# -gt 0 ] || set -- tests/fuzz/corpus/*
printf '%s\n' "${@##*/}" |
	xargs -P 2 -I '{}' bash -c 'run_one "{}" "$0"' "$seconds" |
	tee tests/fuzz/found/results
! grep -q '^not ok' tests/fuzz/found/results
