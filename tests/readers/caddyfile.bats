#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# caddyfile - hostile values in a Caddyfile, read back from what Caddy adapts.

load readers.sh

setup() {
	need_pyyaml
	need caddy
}

@test "a bare argument reaches Caddy as it is, or is refused" {
	round_trip caddyfile "bare"
}

@test "an argument before a comment reaches Caddy as it is" {
	round_trip caddyfile "comment after"
}

@test "an argument in double quotes reaches Caddy as it is" {
	round_trip caddyfile "double-quoted"
}

@test "an argument in back quotes reaches Caddy as it is" {
	round_trip caddyfile "back-quoted"
}

@test "a part of an argument reaches Caddy as it is" {
	round_trip caddyfile "part"
}

@test "a part of a quoted argument reaches Caddy as it is" {
	round_trip caddyfile "part double-quoted"
}

@test "a matched marker reaches Caddy as it is" {
	round_trip caddyfile "match"
}

@test "a first argument is never taken for something else" {
	round_trip caddyfile "first argument"
}

@test "a user name at the start of a line reaches Caddy as it is" {
	round_trip caddyfile "first of a line"
}

@test "an argument in a file of CR LF lines reaches Caddy as it is" {
	round_trip caddyfile "crlf"
}

@test "all that can be carried is carried in one file at once" {
	round_trip caddyfile "all at once"
}

@test "an argument is what it was to the lexer of Caddy 1" {
	round_trip caddyfile/v1 "bare"
}

@test "an argument in double quotes is what it was to Caddy 1" {
	round_trip caddyfile/v1 "double-quoted"
}

@test "a part of an argument is what it was to Caddy 1" {
	round_trip caddyfile/v1 "part"
}
