#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# properties - hostile values, read back by java.

load readers.sh

setup() {
	need_pyyaml
	need java
}

@test "a value is what it was: bare" {
	round_trip properties "bare"
}

@test "a value is what it was: blank" {
	round_trip properties "blank"
}

@test "a value is what it was: part" {
	round_trip properties "part"
}

@test "a value is what it was: crlf" {
	round_trip properties "crlf"
}

@test "a value is what it was: set" {
	round_trip properties "set"
}

@test "a value is what it was: set alone" {
	round_trip properties "set alone"
}

@test "a value is what it was: set commented out" {
	round_trip properties "set commented out"
}
