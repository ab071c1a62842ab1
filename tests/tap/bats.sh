#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bats - run one bats file for the TAP driver, for at most half an hour.
set -eu

# Whatever started make may have left descriptors open: the tests' own lists
# and numbers are to be the same everywhere.
for fd in /proc/"$$"/fd/*; do
	fd=${fd##*/}
	case $fd in
	0 | 1 | 2 | 255) ;; # 255: this script
	*) eval "exec $fd<&-" ;;
	esac
done
. "${0%/*}/tap.sh"

needs bats
# A sanitized keyplate looks for leaks with a process more, and sets limits of
# its own: neither goes with tests of just these things.
case $1 in
*/abuse/* | */pid1/* | */watch/*)
	export ASAN_OPTIONS=detect_leaks=0:disable_coredump=0
	;;
esac
exec timeout -k 10 "${BATS_TIMEOUT:-1800}" bats --tap "$1"
