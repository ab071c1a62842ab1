#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# env-systemd - hostile values, read back by systemd's own function.

load readers.sh

# Skip unless the private library of systemd 252 is here.
need_libsystemd() {
	local library
	library=$(echo /usr/lib/*/systemd/libsystemd-shared-252.so)
	[ -e "$library" ] || skip "no libsystemd-shared-252 here"
}

setup() {
	need_pyyaml
	need_libsystemd
}

@test "a value is what it was: bare" {
	round_trip env/systemd "bare"
}

@test "a value is what it was: single-quoted" {
	round_trip env/systemd "single-quoted"
}

@test "a value is what it was: double-quoted" {
	round_trip env/systemd "double-quoted"
}

@test "a value is what it was: part" {
	round_trip env/systemd "part"
}

@test "a value is what it was: part single-quoted" {
	round_trip env/systemd "part single-quoted"
}

@test "a value is what it was: part double-quoted" {
	round_trip env/systemd "part double-quoted"
}

@test "a value is what it was: match" {
	round_trip env/systemd "match"
}

@test "a value is what it was: set" {
	round_trip env/systemd "set"
}

@test "a value is what it was: set quoted" {
	round_trip env/systemd "set quoted"
}

@test "a value is what it was: set commented out" {
	round_trip env/systemd "set commented out"
}

@test "a value is what it was: set missing" {
	round_trip env/systemd "set missing"
}

@test "a value is what it was: no final line ending" {
	round_trip env/systemd "no final line ending"
}

@test "a value is what it was: joined" {
	round_trip env/systemd "joined"
}

@test "a value is what it was: over lines" {
	round_trip env/systemd "over lines"
}

@test "a value is what it was: crlf" {
	round_trip env/systemd "crlf"
}
