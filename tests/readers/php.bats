#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# php - hostile values, read back by php.

load readers.sh

setup() {
	need_pyyaml
	need php
}

@test "a value is what it was: bare" {
	round_trip php "bare"
}

@test "a value is what it was: single-quoted" {
	round_trip php "single-quoted"
}

@test "a value is what it was: double-quoted" {
	round_trip php "double-quoted"
}

@test "a value is what it was: part single-quoted" {
	round_trip php "part single-quoted"
}

@test "a value is what it was: part double-quoted" {
	round_trip php "part double-quoted"
}

@test "a value is what it was: operand" {
	round_trip php "operand"
}

@test "a value is what it was: set" {
	round_trip php "set"
}
