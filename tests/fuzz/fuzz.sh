#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# fuzz - run every fuzz target for FUZZ_SECONDS, two at a time.
# To be started at the top of a tree that was configured with
# --enable-fuzzing.  What a target finds stays in tests/fuzz/found.
set -eu

seconds=${FUZZ_SECONDS:-300}
mkdir -p tests/fuzz/found

run_one()
{
	local name=$1 program work
	fuzz_target "$name"
	work=$(mktemp -d)
	if "tests/fuzz/$program" -max_total_time="$2" -max_len=4096 \
	    -timeout=60 -rss_limit_mb=1024 \
	    -artifact_prefix="tests/fuzz/found/$name-" \
	    "$work" "tests/fuzz/corpus/$name" >"$work.log" 2>&1; then
		echo "ok - $name: $(tail -n 1 "$work.log")"
	else
		echo "not ok - $name"
		tail -n 20 "$work.log"
	fi
	rm -rf "$work" "$work.log"
}
. tests/fuzz/target.sh
export -f fuzz_target run_one

for corpus in tests/fuzz/corpus/*; do
	echo "${corpus##*/}"
done | xargs -P 2 -I '{}' bash -c 'run_one "{}" "$0"' "$seconds" |
	tee tests/fuzz/found/results
! grep -q '^not ok' tests/fuzz/found/results
