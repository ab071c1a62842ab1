#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# encode, decode - one value to its scalar and back.

bats_require_minimum_version 1.5.0
load cli.sh

# there_and_back FORMAT [STYLE]: the password, through both commands.
there_and_back() {
	printf '%s' "$PASSWORD" >value
	"$KEYPLATE" encode --format "$1" ${2:+--style "$2"} <value >scalar
	"$KEYPLATE" decode --format "$1" <scalar >back
	cmp value back
}

@test "yaml quotes what it must" {
	printf 'a b: "c"' >value
	run "$KEYPLATE" encode --format yaml <value
	is stdout "$output" '"a b: \"c\""'
	printf 'plain' >value
	run "$KEYPLATE" encode --format yaml <value
	is stdout "$output" plain
}

@test "a style is kept where it can carry the value" {
	printf "it's" >value
	run "$KEYPLATE" encode --format yaml --style single-quoted <value
	is stdout "$output" "'it''s'"
}

@test "the password comes back from each format" {
	there_and_back yaml
	there_and_back yaml double-quoted
	there_and_back yaml single-quoted
	there_and_back ini/grafana
	there_and_back ini/grafana triple-quoted
	there_and_back caddyfile
	there_and_back text
}

@test "decode reads as the reader does" {
	printf '`a#b;c`' >scalar
	run "$KEYPLATE" decode --format ini/grafana <scalar
	is stdout "$output" 'a#b;c'
}

@test "a value whose first line is empty comes back" {
	printf '\nb' >value
	"$KEYPLATE" encode --format ini/python <value >scalar
	printf 'k = %s\n' "$(cat scalar)" | cmp - <(printf 'k = \n\tb\n')
	"$KEYPLATE" decode --format ini/python <scalar | cmp - value
}

@test "what is more than one scalar is refused" {
	printf 'a;b' >scalar
	run --separate-stderr "$KEYPLATE" decode --format ini/grafana <scalar
	ended 1
	is stdout "$output" ''
	printf 'a\nother: b' >scalar
	run --separate-stderr "$KEYPLATE" decode --format yaml <scalar
	ended 1
	is stdout "$output" ''
}

@test "what cannot be carried is refused without the value" {
	printf 'correct \377 horse' >value
	run --separate-stderr "$KEYPLATE" encode --format yaml <value
	ended 1
	is stdout "$output" ''
	complains 'UTF-8'
	keeps_quiet
	run ! grep -q correct <<<"${stderr?}"
}

@test "a format has to be named, and to exist" {
	run --separate-stderr "$KEYPLATE" encode </dev/null
	ended 2
	run --separate-stderr "$KEYPLATE" encode --format nonsense </dev/null
	ended 2
	run --separate-stderr "$KEYPLATE" encode --format yaml --style odd \
	    </dev/null
	ended 2
}

@test "a scalar that cannot be written is a failure" {
	printf '%s' "$PASSWORD" >value
	run --separate-stderr sh -c '"$1" encode -f yaml <value >/dev/full' \
	    sh "$KEYPLATE"
	ended 1
	complains 'cannot write to standard output: No space left on device'
	keeps_quiet
	"$KEYPLATE" encode -f yaml <value >scalar
	run --separate-stderr sh -c '"$1" decode -f yaml <scalar >/dev/full' \
	    sh "$KEYPLATE"
	ended 1
	complains 'cannot write to standard output: No space left on device'
	keeps_quiet
}
