#!/bin/sh
# SPDX-License-Identifier: MIT
# bats - run one bats file for the TAP driver.
set -eu
. "${0%/*}/tap.sh"

needs bats
exec bats --tap "$1"
