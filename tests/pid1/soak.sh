#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# soak - run the tests of process 1 again and again, with the processors busy.
# usage: soak.sh [FILE.bats...]
#
# $SOAK_ROUNDS rounds (50), $SOAK_JOBS of them at a time (4) beside $SOAK_BUSY
# loops (2) that only burn time; the first that fails ends it, and its log is shown.
# The cases that go round themselves do so less often here, and a wait ends
# later: what is looked for is what never comes.
set -eu
export PID1_ROUNDS="${PID1_ROUNDS:-25}" PID1_PATIENCE="${PID1_PATIENCE:-12}"
export BATS_TIMEOUT="${BATS_TIMEOUT:-3600}"
here=$(cd "${0%/*}" && pwd)
export here
rounds=${SOAK_ROUNDS:-50}
busy=()

finish()
{
	kill "${busy[@]}" 2>/dev/null || :
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# one_round ROUND FILE...: a status of 255 stops xargs.
one_round()
{
	local round=$1 start=$SECONDS file log
	shift
	log=$(mktemp)
	for file; do
		"$here/../tap/bats.sh" "$file" >"$log" 2>&1 || {
			echo "round $round, $file: failed"
			cat "$log"
			rm -f "$log"
			exit 255
		}
	done
	rm -f "$log"
	echo "round $round: good, $((SECONDS - start)) s"
}
export -f one_round

[ $# -gt 0 ] || set -- "$here"/*.bats
for _ in $(seq "${SOAK_BUSY:-2}"); do
	(while :; do :; done) &
	busy+=($!)
done

seq "$rounds" | xargs -P "${SOAK_JOBS:-4}" -I '{}' \
    bash -c 'one_round "$@"' soak '{}' "$@"
