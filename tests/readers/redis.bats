#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# redis - hostile values, read back by redis-server.

load readers.sh

setup() {
	need_pyyaml
	need redis-server
}

@test "a value is what it was: bare" {
	round_trip redis "bare"
}

@test "a value is what it was: single-quoted" {
	round_trip redis "single-quoted"
}

@test "a value is what it was: double-quoted" {
	round_trip redis "double-quoted"
}

@test "a value is what it was: part" {
	round_trip redis "part"
}

@test "a value is what it was: part single-quoted" {
	round_trip redis "part single-quoted"
}

@test "a value is what it was: part double-quoted" {
	round_trip redis "part double-quoted"
}

@test "a value is what it was: argument" {
	round_trip redis "argument"
}

@test "a value is what it was: quoted argument" {
	round_trip redis "quoted argument"
}

@test "a value is what it was: match" {
	round_trip redis "match"
}

@test "a value is what it was: set" {
	round_trip redis "set"
}

@test "a value is what it was: set commented out" {
	round_trip redis "set commented out"
}

@test "a value is what it was: set missing" {
	round_trip redis "set missing"
}

@test "a value is what it was: no final line ending" {
	round_trip redis "no final line ending"
}

@test "a value is what it was: crlf" {
	round_trip redis "crlf"
}
