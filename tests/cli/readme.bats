#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# readme - every command in README.md prints what README.md says, and all
# packages that the build needs stand there.

bats_require_minimum_version 1.5.0
load transcript.sh

README=$(realpath "${BATS_TEST_DIRNAME:?}/../../README.md")

# The lines of the console blocks, with a mark behind each block.
console_lines() {
	awk '/^```console$/ { inside = 1; next }
		/^```$/ && inside { inside = 0; print "$ :" }
		inside' "$README"
}

@test "every command in the README prints what the README says" {
	play 6 < <(console_lines)
}

@test "the README has every package that the build needs" {
	deps=$BATS_TEST_DIRNAME/../../.ci/deps
	packages=$(sed -n "/^build='/,/'\$/{s/^build=//; s/'//g; p}" "$deps")
	[ "$(wc -w <<<"$packages")" -ge 10 ]
	for package in $packages; do
		sed -n '/^## Build/,/^## Speed/p' "$README" |
			grep -qE "(^|[ ,])$package([ ,:]|\$)" || {
			echo "not there: $package"
			return 1
		}
	done
}
