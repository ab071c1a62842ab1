#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# toml - hostile values in a TOML configuration, read back by Python and, with
# Go, by three libraries.

load readers.sh

setup_file() {
	# Without the Go packages the other readers are left.
	build_reader gotoml "$BATS_FILE_TMPDIR" || true
	[ ! -x "$BATS_FILE_TMPDIR/gotoml" ] ||
	    export TOML_READER=$BATS_FILE_TMPDIR/gotoml
}

setup() {
	need_pyyaml
}

@test "a bare value is the string that it was, or is refused" {
	round_trip toml "bare"
}

@test "a value before a comment is the string that it was" {
	round_trip toml "comment after"
}

@test "a value in double quotes is the string that it was" {
	round_trip toml "double-quoted"
}

@test "a value in single quotes is the string that it was" {
	round_trip toml "single-quoted"
}

@test "a value in three double quotes is the string that it was" {
	round_trip toml "triple-quoted"
}

@test "a value on its own lines is the string that it was" {
	round_trip toml "triple-quoted lines"
}

@test "a value in three single quotes is the string that it was" {
	round_trip toml "triple-single-quoted"
}

@test "a part of a double-quoted string is what it was" {
	round_trip toml "part double-quoted"
}

@test "a part of a single-quoted string is what it was" {
	round_trip toml "part single-quoted"
}

@test "a part of lines in double quotes is what it was" {
	round_trip toml "part triple-quoted"
}

@test "a part of lines in single quotes is what it was" {
	round_trip toml "part triple-single-quoted"
}

@test "a key that is set is the string that it was" {
	round_trip toml "set"
}

@test "a number that is set is the string that it was" {
	round_trip toml "set number"
}

@test "a key that is commented out is set on the line after" {
	round_trip toml "set commented out"
}

@test "a key that is missing is the string that it was" {
	round_trip toml "set missing"
}

@test "a value in an inline table is what it was" {
	round_trip toml "inline table"
}

@test "a value in a file of CR LF lines is what it was" {
	round_trip toml "crlf"
}
