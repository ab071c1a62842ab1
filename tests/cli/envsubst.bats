#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# envsubst - keyplate under that name does byte for byte what GNU's does.
# shellcheck disable=SC2016 # placeholders are not for the shell

bats_require_minimum_version 1.5.0
load cli.sh

setup_file() {
	command -v envsubst >/dev/null ||
		skip 'no envsubst to compare with (gettext-base)'
}

# same INPUT [ARGUMENT...]: both programs, one environment.
same() {
	# shellcheck disable=SC2059 # printf's notation is the point
	printf "$1" >input
	shift
	ln -sf "$KEYPLATE" envsubst
	env -i X=1 LONG_name2='a b' EMPTY= WITH='$X' "$(command -v envsubst)" \
	    "$@" <input >wanted
	env -i X=1 LONG_name2='a b' EMPTY= WITH='$X' ./envsubst "$@" \
	    <input >got
	cmp wanted got
}

@test "both forms of a variable" {
	same '$X ${X} $X. ${X}y $Xy $LONG_name2 ${LONG_name2}\n'
}

@test "what is not set, and what is empty" {
	same '[$UNSET] [${UNSET}] [$EMPTY] [${EMPTY}]\n'
}

@test "what is no variable stays" {
	same '$ $$ $1 ${1} ${} ${X ${X:-d} ${X-} ${X?} $-X ${ X} $(X) `$X`\n'
	same '$X$X${X}$$X$${X} ${X$X} ${{X}} $'
	same '\\$X \\\\$X "$X" %%X\n'
}

@test "values are not substituted again" {
	same '$WITH ${WITH}\n'
}

@test "no final line ending, none at all, bytes of any kind" {
	same '$X'
	same ''
	same '\001\377\376 $X \303\251\n'
}

@test "with a format, its variables alone" {
	same '$X $LONG_name2 ${UNSET} $EMPTY\n' '$X ${UNSET}'
	same '$X ${X}\n' 'no variables'
	same '$X ${X}\n' ''
}

@test "-v lists the variables of the format, each time they occur" {
	same '' -v '$A ${B} text $A ${C:-d} $1'
	same '' --variables 'none'
}

@test "random texts of the bytes that matter" {
	ln -sf "$KEYPLATE" envsubst
	# shellcheck disable=SC2034 # only counted
	for round in $(seq 50); do
		head -c 8000 /dev/urandom | tr -dc '${}X_: \n' >random
		env -i X=1 "$(command -v envsubst)" <random >wanted
		env -i X=1 ./envsubst <random >got
		cmp wanted got
	done
}

@test "wrong usage ends with 1, as there" {
	ln -sf "$KEYPLATE" envsubst
	run ./envsubst a b
	[ "$status" -eq 1 ]
	run ./envsubst --nonsense
	[ "$status" -eq 1 ]
	run --separate-stderr ./envsubst -v
	[ "$status" -eq 1 ]
	is stdout "$output" ''
	complains 'SHELL-FORMAT is missing'
}

@test "output that cannot be written is a failure, as there" {
	ln -sf "$KEYPLATE" envsubst
	printf '$X\n' >input
	for program in "$(command -v envsubst)" ./envsubst; do
		run --separate-stderr sh -c 'X=1 "$1" <input >/dev/full' sh \
		    "$program"
		ended 1
	done
	complains 'cannot write to standard output: No space left on device'
}
