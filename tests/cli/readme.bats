#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# readme - every command in README.md prints what README.md says.
#
# What stands in a "console" block is run, in order, in one directory: a line
# that begins with "$ " is a command, "> " continues it, the lines up to the
# next command are all that it prints.

bats_require_minimum_version 1.5.0

KEYPLATE=$(realpath "${KEYPLATE:-./keyplate}")
README=$(realpath "${BATS_TEST_DIRNAME:?}/../../README.md")

# The lines of the console blocks, with a mark behind each block.
console_lines() {
	awk '/^```console$/ { inside = 1; next }
		/^```$/ && inside { inside = 0; print "$ :" }
		inside' "$README"
}

# Run $command and compare with $expected; both are empty at first.
check_command() {
	local printed
	[ -n "$command" ] || return 0
	printed=$(eval "$command" 2>&1 </dev/null) || true
	[ "$printed" = "${expected%$'\n'}" ] && return
	printf 'command:\n%s\nprints:\n%s\nREADME.md has:\n%s' \
		"$command" "$printed" "$expected"
	return 1
}

@test "every command in the README prints what the README says" {
	cd "$BATS_TEST_TMPDIR"
	mkdir bin
	ln -s "$KEYPLATE" bin/keyplate
	PATH=$PWD/bin:$PATH
	unset CREDENTIALS_DIRECTORY DEBUG DB_HOST PORT HOST
	command='' expected='' count=0
	while IFS= read -r line; do
		case $line in
		'$ '*)
			check_command
			command=${line#'$ '} expected=''
			count=$((count + 1))
			;;
		'> '*) command+=$'\n'${line#'> '} ;;
		*) expected+=$line$'\n' ;;
		esac
	done < <(console_lines)
	check_command
	[ "$count" -gt 5 ]
}
