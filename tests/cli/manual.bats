#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# manual - the table of options, as --help shows it, and keyplate.1 agree.

bats_require_minimum_version 1.5.0

KEYPLATE=$(realpath "${KEYPLATE:-./keyplate}")
MANUAL=$(realpath "${BATS_TEST_DIRNAME:?}/../../man/keyplate.1")
COMMANDS='run render check diff explain'

# "-c --config" or "--root" a line, in the order of the options of $1.
options_of_help() {
	"$KEYPLATE" "$1" --help |
		sed -nE 's/^  (-.), (--[a-z-]+).*/\1 \2/p; s/^ {6}(--[a-z-]+).*/\1/p'
}

# The same of the manual's sections OPTIONS, all of them.
options_of_manual() {
	sed -n '/^\.Sh OPTIONS/,/^\.Sh [^O]/p' "$MANUAL" |
		sed -nE 's/^\.It Fl (.) , Fl Fl ([a-z-]+).*/-\1 --\2/p; s/^\.It Fl Fl ([a-z-]+).*/--\1/p'
}

@test "the manual has every option of every command, and no other" {
	for command in $COMMANDS; do
		options_of_help "$command"
	done | sort -u >"$BATS_TEST_TMPDIR/help"
	options_of_manual | sort >"$BATS_TEST_TMPDIR/manual"
	[ -s "$BATS_TEST_TMPDIR/help" ]
	diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/manual"
}

@test "the manual has the options in the order of --help" {
	for command in $COMMANDS; do
		options_of_help "$command" >"$BATS_TEST_TMPDIR/help"
		options_of_manual | grep -Fxf "$BATS_TEST_TMPDIR/help" \
			>"$BATS_TEST_TMPDIR/manual"
		diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/manual"
	done
}

@test "the manual writes the arguments of options as --help does" {
	for command in $COMMANDS; do
		"$KEYPLATE" "$command" --help
	done | sed -nE 's/^ .*(--[a-z-]+ [^ ]+)  .*/\1/p' | sort -u \
		>"$BATS_TEST_TMPDIR/help"
	sed -nE 's/^\.It Fl .*Fl ([a-z-]+) Ar (.*)/--\1 \2/p' "$MANUAL" |
		sort >"$BATS_TEST_TMPDIR/manual"
	[ -s "$BATS_TEST_TMPDIR/help" ]
	diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/manual"
}

@test "the manual has every command" {
	for command in $COMMANDS; do
		grep -q "^\.It Nm Cm $command\( \|$\)" "$MANUAL"
	done
}

@test "every option is a variable too, as the manual says" {
	options_of_manual | sed 's/.*--//' | grep -vx -e help -e version |
		tr 'a-z-' 'A-Z_' |
		while read -r name; do
			run --separate-stderr env "KEYPLATE_$name=x" \
				"$KEYPLATE" check -v
			[[ $stderr != *"KEYPLATE_$name names no option"* ]] || {
				echo "KEYPLATE_$name is not known"
				return 1
			}
		done
}
