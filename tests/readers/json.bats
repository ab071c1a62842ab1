#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# json - hostile values in a JSON configuration, read back by Python and,
# where they are there, by jq and Node.

load readers.sh

setup() {
	need_pyyaml
}

@test "a bare value is the string that it was, or is refused" {
	round_trip json "bare"
}

@test "a value in double quotes is the string that it was" {
	round_trip json "double-quoted"
}

@test "a part of a string is what it was" {
	round_trip json "part double-quoted"
}

@test "a member that is set is the string that it was" {
	round_trip json "set"
}

@test "a null that is set is the string that it was" {
	round_trip json "set null"
}

@test "a member that is added is the string that it was" {
	round_trip json "set missing"
}

@test "a value in a text of one line is what it was" {
	round_trip json "compact"
}

@test "a value in a file of CR LF lines is what it was" {
	round_trip json "crlf"
}
