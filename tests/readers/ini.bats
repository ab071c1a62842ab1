#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ini - hostile values in INI files, read back by the readers of each dialect.

load readers.sh

setup_file() {
	build_reader grafana "$BATS_FILE_TMPDIR"
	export GRAFANA_READER=$BATS_FILE_TMPDIR/grafana
	if build_systemd "$BATS_FILE_TMPDIR"; then
		export SYSTEMD_READER=$BATS_FILE_TMPDIR/systemd
	fi
}

setup() {
	need_pyyaml
}

# Skip unless the private library of systemd 252 is here.
need_systemd() {
	[ -n "$SYSTEMD_READER" ] || skip "no libsystemd-shared-252 here"
}

@test "a bare value is what it was to every reader, or is refused" {
	need go my_print_defaults php
	round_trip ini "bare"
}

@test "a part of a value is what it was to every reader, or is refused" {
	need go my_print_defaults php
	round_trip ini "part"
}

@test "a key that is set is what it was to every reader, or is refused" {
	need go my_print_defaults php
	round_trip ini "set"
}

@test "a key that was commented out is what it was to every reader" {
	need go my_print_defaults php
	round_trip ini "set commented out"
}

@test "a matched marker is what it was to every reader, or is refused" {
	need go my_print_defaults php
	round_trip ini "match"
}

@test "a bare value reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "bare"
}

@test "a value in single quotes reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "single-quoted"
}

@test "a value in double quotes reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "double-quoted"
}

@test "a part of a value reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "part"
}

@test "a value beside escapes reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "escapes beside"
}

@test "a key that is set reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "set"
}

@test "a key that was commented out reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "set commented out"
}

@test "a matched marker reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "match"
}

@test "a value in a file of CR LF lines reaches MariaDB as it is, or is refused" {
	need my_print_defaults
	round_trip ini/mysql "crlf"
}

@test "a bare value reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "bare"
}

@test "a value before a comment reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "comment after"
}

@test "a value in single quotes reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "single-quoted"
}

@test "a value in double quotes reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "double-quoted"
}

@test "a part of a value reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "part"
}

@test "a part of a value in double quotes reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "part double-quoted"
}

@test "a key that is set reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "set"
}

@test "a key that was commented out reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "set commented out"
}

@test "a matched marker reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "match"
}

@test "a value in a file of CR LF lines reaches PHP as it is, or is refused" {
	need php
	round_trip ini/php "crlf"
}

@test "a bare value reaches configparser as it is, or is refused" {
	round_trip ini/python "bare"
}

@test "a value on a line below its key reaches configparser as it is, or is refused" {
	round_trip ini/python "below"
}

@test "a part of a value reaches configparser as it is, or is refused" {
	round_trip ini/python "part"
}

@test "a value beside a per cent sign reaches configparser as it is, or is refused" {
	round_trip ini/python "per cent beside"
}

@test "a key that is set reaches configparser as it is, or is refused" {
	round_trip ini/python "set"
}

@test "a key that was commented out reaches configparser as it is, or is refused" {
	round_trip ini/python "set commented out"
}

@test "a matched marker reaches configparser as it is, or is refused" {
	round_trip ini/python "match"
}

@test "a value in a file of CR LF lines reaches configparser as it is, or is refused" {
	round_trip ini/python "crlf"
}

@test "a bare value reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "bare"
}

@test "a part of a value reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "part"
}

@test "a variable reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "variable"
}

@test "a variable in double quotes reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "quoted variable"
}

@test "a variable in single quotes reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "single-quoted variable"
}

@test "an argument reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "argument"
}

@test "a part of an argument reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "part of an argument"
}

@test "an argument where dollar signs are text reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "argument without variables"
}

@test "a part of a path is where systemd looks for a program, or is refused" {
	need_systemd
	round_trip ini/systemd "part of a path"
}

@test "a key that is set reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "set"
}

@test "a matched marker reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "match"
}

@test "a value in a file of CR LF lines reaches systemd as it is, or is refused" {
	need_systemd
	round_trip ini/systemd "crlf"
}
