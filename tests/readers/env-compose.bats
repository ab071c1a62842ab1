#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# env-compose - hostile values, read back by the parser of compose v1 with what
# compose v2 does otherwise made good.

load readers.sh

# Skip unless Python has the parser that compose v1 has.
need_dotenv() {
	python3 -c 'import dotenv' 2>/dev/null || skip "no python3-dotenv here"
}

setup() {
	need_pyyaml
	need_dotenv
}

@test "a value is what it was: bare" {
	round_trip env/compose "bare"
}

@test "a value is what it was: single-quoted" {
	round_trip env/compose "single-quoted"
}

@test "a value is what it was: double-quoted" {
	round_trip env/compose "double-quoted"
}

@test "a value is what it was: part" {
	round_trip env/compose "part"
}

@test "a value is what it was: part single-quoted" {
	round_trip env/compose "part single-quoted"
}

@test "a value is what it was: part double-quoted" {
	round_trip env/compose "part double-quoted"
}

@test "a value is what it was: match" {
	round_trip env/compose "match"
}

@test "a value is what it was: set" {
	round_trip env/compose "set"
}

@test "a value is what it was: set quoted" {
	round_trip env/compose "set quoted"
}

@test "a value is what it was: set commented out" {
	round_trip env/compose "set commented out"
}

@test "a value is what it was: set missing" {
	round_trip env/compose "set missing"
}

@test "a value is what it was: no final line ending" {
	round_trip env/compose "no final line ending"
}

@test "a value is what it was: export" {
	round_trip env/compose "export"
}
