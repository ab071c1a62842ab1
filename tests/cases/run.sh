#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run - every folder FORMAT/WHAT of this directory is a case.
#
#   input.*     what is rendered
#   expect.*    the bytes that must come of it, or
#   expect.err  one line for each error, part of what it says
#   secrets/    the secrets (a name that ends in .b64: base64 of the bytes)
#   env         the environment, in KEY=VALUE lines
#   rules.conf  rules for /input.*, which is then written in place
#   args        more arguments of keyplate render, one a line
#
# Each case also checks that a second run writes nothing, that a refused one
# touches nothing, and that no message holds a secret.
set -u

here=$(cd "$(dirname "$0")" && pwd)
keyplate=$(realpath "${KEYPLATE:-./keyplate}")
. "$here/../tap/folders.sh"

# What would change when a file is written: identity, time and bytes.
look() {
	stat -c '%i %y' "$1" 2>/dev/null
	cat "$1" 2>/dev/null
}

decode_secrets() {
	local encoded
	for encoded in secrets/*.b64; do
		[ -e "$encoded" ] || continue
		base64 -d "$encoded" >"${encoded%.b64}"
		rm "$encoded"
	done
}

render() {
	local variables=() arguments=()
	[ -e ./env ] && mapfile -t variables <./env
	[ -e args ] && mapfile -t arguments <./args
	if [ -e rules.conf ]; then
		arguments+=(--root "$PWD" -c rules.conf)
	else
		arguments+=("$input:$output")
	fi
	mkdir -p secrets
	env -i PATH="$PATH" "${variables[@]}" \
	    "$keyplate" render -s secrets "${arguments[@]}" >stdout 2>stderr
}

check_rendered() {
	local status=$1 written
	[ "$status" -eq 0 ] || fault "exit status $status, not 0"
	cmp -s "$expect" "$output" ||
	    fault "other bytes: $(diff "$expect" "$output" 2>&1 | head -n 20)"
	written=$(look "$output" | sha256sum)
	render || fault "a second run: exit status $?"
	[ "$written" = "$(look "$output" | sha256sum)" ] ||
	    fault "a second run wrote again"
}

check_refused() {
	local status=$1 before=$2 line errors
	[ "$status" -eq 1 ] || fault "exit status $status, not 1"
	[ "$before" = "$(look "$output" | sha256sum)" ] ||
	    fault "the target was touched"
	while IFS= read -r line; do
		grep -qF -- "$line" stderr || fault "no error says: $line"
	done <"$expect"
	errors=$(grep '^keyplate: ' stderr | grep -cv ' warning: ')
	[ "$errors" -eq "$(wc -l <"$expect")" ] ||
	    fault "$errors errors, not $(wc -l <"$expect")"
}

run_case() {
	local before status=0
	decode_secrets
	input=$(echo input.*)
	expect=$(echo expect.*)
	output=$input
	[ -e rules.conf ] || output=output.${input#input.}
	before=$(look "$output" | sha256sum)
	render || status=$?
	if [ "$expect" = expect.err ]; then
		check_refused "$status" "$before"
	else
		check_rendered "$status"
	fi
	check_canary
	[ "${#faults[@]}" -eq 0 ] || faults+=("$(head -n 20 stderr)")
}

each_folder "$here" "$here"/*/*/
