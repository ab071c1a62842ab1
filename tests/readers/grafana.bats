#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# grafana - hostile values in an INI file, read back as Grafana reads it.

load readers.sh

setup_file() {
	build_reader grafana "$BATS_FILE_TMPDIR"
	export GRAFANA_READER=$BATS_FILE_TMPDIR/grafana
}

setup() {
	need_pyyaml
	need go
}

@test "a bare value reaches Grafana as it is, or is refused" {
	round_trip ini/grafana "bare"
}

@test "a value before a comment reaches Grafana as it is" {
	round_trip ini/grafana "comment after"
}

@test "a value in back quotes reaches Grafana as it is" {
	round_trip ini/grafana "back-quoted"
}

@test "a value in triple quotes reaches Grafana as it is" {
	round_trip ini/grafana "triple-quoted"
}

@test "a value in single quotes reaches Grafana as it is" {
	round_trip ini/grafana "single-quoted"
}

@test "a value in double quotes reaches Grafana as it is" {
	round_trip ini/grafana "double-quoted"
}

@test "a part of a value reaches Grafana as it is" {
	round_trip ini/grafana "part"
}

@test "a key that is set reaches Grafana as it is" {
	round_trip ini/grafana "set"
}

@test "a key that was commented out reaches Grafana as it is" {
	round_trip ini/grafana "set commented out"
}

@test "a matched marker reaches Grafana as it is" {
	round_trip ini/grafana "match"
}

@test "a value in a file of CR LF lines reaches Grafana as it is" {
	round_trip ini/grafana "crlf"
}

@test "a key set in a file of CR LF lines reaches Grafana as it is" {
	round_trip ini/grafana "crlf set"
}

@test "a value at the very end of a file reaches Grafana" {
	round_trip ini/grafana "no final line ending"
}

@test "all that can be carried is carried in one file at once" {
	round_trip ini/grafana "all at once"
}
