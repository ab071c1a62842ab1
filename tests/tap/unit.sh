#!/bin/sh
# SPDX-License-Identifier: MIT
# unit - run one cmocka program for the TAP driver, under $UNIT_WRAPPER if set.
#
# cmocka writes a skipped point as "not ok", which in TAP is a failure.  A
# program whose points failed ends with their number: that is already told.
# Any other status is a finding of its own (a leak, a crash).
set -eu

status=0
# shellcheck disable=SC2086 # a command line
said=$(CMOCKA_MESSAGE_OUTPUT=TAP ${UNIT_WRAPPER-} "$1") || status=$?
said=$(printf '%s\n' "$said" | sed 's/^not \(ok [0-9]* # SKIP\)/\1/')
printf '%s\n' "$said"
case $said in
*"not ok "*) ;;
*) exit "$status" ;;
esac
