#!/bin/sh
# SPDX-License-Identifier: MIT
# bats - run one bats file for the TAP driver, for at most ten minutes.
set -eu
. "${0%/*}/tap.sh"

needs bats
# A sanitized keyplate looks for leaks with a process more, and sets limits of
# its own: neither goes with tests of just these things.
case $1 in
*/abuse/* | */pid1/*) export ASAN_OPTIONS=detect_leaks=0:disable_coredump=0 ;;
esac
exec timeout -k 10 "${BATS_TIMEOUT:-600}" bats --tap "$1"
