#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# nginx - hostile values, read back by nginx.

load readers.sh

setup() {
	need_pyyaml
	need nginx
}

@test "a value is what it was: bare" {
	round_trip nginx "bare"
}

@test "a value is what it was: single-quoted" {
	round_trip nginx "single-quoted"
}

@test "a value is what it was: double-quoted" {
	round_trip nginx "double-quoted"
}

@test "a value is what it was: part" {
	round_trip nginx "part"
}

@test "a value is what it was: set" {
	round_trip nginx "set"
}
