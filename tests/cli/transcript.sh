# SPDX-License-Identifier: MIT
# transcript - run what a document shows, and compare what it prints.
# shellcheck shell=bash
#
# In a transcript a line that begins with "$ " is a command, "> " continues
# it, and the lines up to the next command are all that it prints.

KEYPLATE=$(realpath "${KEYPLATE:-./keyplate}")

# Run $command and compare with $expected; both are empty at first.  Where it
# is an export, the commands that follow have it too.
check_command() {
	local printed
	[ -n "$command" ] || return 0
	[[ $command != 'export '* ]] || eval "$command"
	printed=$(eval "$command" 2>&1 </dev/null) || true
	[ "$printed" = "${expected%$'\n'}" ] && return
	printf 'command:\n%s\nprints:\n%s\nthe document has:\n%s' \
		"$command" "$printed" "$expected"
	return 1
}

# Run the transcript on standard input, in a directory of its own; $1 is the
# least number of commands that it has.
play() {
	local line command='' expected='' count=0
	cd "$BATS_TEST_TMPDIR" || return
	mkdir bin
	ln -s "$KEYPLATE" bin/keyplate
	PATH=$PWD/bin:$PATH
	export KEYPLATE_SECRETS=$PWD/secrets
	unset CREDENTIALS_DIRECTORY DEBUG DB_HOST DOMAIN HOST LOG_LEVEL PORT
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
	done
	check_command
	[ "$count" -ge "$1" ]
}
