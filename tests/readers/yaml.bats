#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# yaml - hostile values in a blackbox configuration, read back by PyYAML and,
# with Go, by yaml.v2 and yaml.v3; taken by the exporter itself.

load readers.sh

setup_file() {
	build_reader goyaml "$BATS_FILE_TMPDIR"
	[ ! -x "$BATS_FILE_TMPDIR/goyaml" ] ||
	    export YAML_READER=$BATS_FILE_TMPDIR/goyaml
}

setup() {
	need_pyyaml
	need prometheus-blackbox-exporter
}

@test "a bare value is the string that it was, or is refused" {
	round_trip yaml "bare"
}

@test "a value before a comment is the string that it was" {
	round_trip yaml "comment after"
}

@test "a value in single quotes is the string that it was" {
	round_trip yaml "single-quoted"
}

@test "a value in double quotes is the string that it was" {
	round_trip yaml "double-quoted"
}

@test "a value in a literal block is the string that it was" {
	round_trip yaml "literal"
}

@test "a value in a folded block is the string that it was" {
	round_trip yaml "folded"
}

@test "a part of a bare scalar is what it was" {
	round_trip yaml "part"
}

@test "a part of a double-quoted scalar is what it was" {
	round_trip yaml "part double-quoted"
}

@test "a part of a single-quoted scalar is what it was" {
	round_trip yaml "part single-quoted"
}

@test "a part of a literal block is what it was" {
	round_trip yaml "part literal"
}

@test "a key that is set is the string that it was" {
	round_trip yaml "set"
}

@test "a quoted key that is set is the string that it was" {
	round_trip yaml "set double-quoted"
}

@test "an empty key that is set is the string that it was" {
	round_trip yaml "set empty"
}

@test "a matched marker is the string that it was" {
	round_trip yaml "match"
}

@test "a value in a flow mapping is the string that it was" {
	round_trip yaml "flow"
}

@test "a value in a file of CR LF lines is the string that it was" {
	round_trip yaml "crlf"
}

@test "a value at the very end of a file is what it was" {
	round_trip yaml "no final line ending"
}

@test "all that can be carried is carried in one file at once" {
	round_trip yaml "all at once"
}

@test "a running exporter shows each user name as it was" {
	round_trip yaml exporter
}
