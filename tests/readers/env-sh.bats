#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# env-sh - hostile values, read back by dash.

load readers.sh

setup() {
	need_pyyaml
	need dash
}

@test "a value is what it was: bare" {
	round_trip env/sh "bare"
}

@test "a value is what it was: export" {
	round_trip env/sh "export"
}

@test "a value is what it was: single-quoted" {
	round_trip env/sh "single-quoted"
}

@test "a value is what it was: double-quoted" {
	round_trip env/sh "double-quoted"
}

@test "a value is what it was: part" {
	round_trip env/sh "part"
}

@test "a value is what it was: part double-quoted" {
	round_trip env/sh "part double-quoted"
}

@test "a value is what it was: set" {
	round_trip env/sh "set"
}

@test "a value is what it was: set commented out" {
	round_trip env/sh "set commented out"
}

@test "a value is what it was: no final line ending" {
	round_trip env/sh "no final line ending"
}
