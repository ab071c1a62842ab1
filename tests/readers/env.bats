#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# env - hostile values, read back by each reader of env files that is here.

load readers.sh

setup() {
	need_pyyaml
	need dash
}

@test "a value is what it was: bare" {
	round_trip env "bare"
}

@test "a value is what it was: single-quoted" {
	round_trip env "single-quoted"
}

@test "a value is what it was: double-quoted" {
	round_trip env "double-quoted"
}

@test "a value is what it was: part" {
	round_trip env "part"
}

@test "a value is what it was: part single-quoted" {
	round_trip env "part single-quoted"
}

@test "a value is what it was: part double-quoted" {
	round_trip env "part double-quoted"
}

@test "a value is what it was: match" {
	round_trip env "match"
}

@test "a value is what it was: set" {
	round_trip env "set"
}

@test "a value is what it was: set quoted" {
	round_trip env "set quoted"
}

@test "a value is what it was: set commented out" {
	round_trip env "set commented out"
}

@test "a value is what it was: set missing" {
	round_trip env "set missing"
}

@test "a value is what it was: no final line ending" {
	round_trip env "no final line ending"
}
