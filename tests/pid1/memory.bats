#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# memory - what keyplate takes while it supervises, beside tini.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	KP=''
	need_static
	need tini-static
	[ -r /proc/self/smaps_rollup ] || skip 'needs smaps_rollup of proc(5)'
	# What was just written counts as dirty until it is on the disk.
	cp "$(command -v tini-static)" tini
	sync "$KEYPLATE" tini
}

# KiB of a process by the name $2 in smaps_rollup.
kib() {
	sed -n "s/^$2:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$1/smaps_rollup"
}

# Start a supervisor; once it sleeps and has let go of its start, add what it
# takes to the files "resident" and "dirty" under the name $1.  Its environment
# is small: the pages of one that is overwritten are dirty.
weigh() {
	local name=$1

	shift
	env -i PATH="$PATH" ${WORD:+WORD="$WORD"} "$@" >out 2>err 3>&- &
	KP=$!
	await told out up
	await is_settled
	kib "$KP" Rss >>"resident.$name"
	kib "$KP" Private_Dirty >>"dirty.$name"
	quit
}

# The middle one of the five.
median() {
	sort -n "$1" | sed -n 3p
}

# Taken in turns, so that what else happens is the same for both.
weigh_both() {
	for _ in 1 2 3 4 5; do
		weigh tini ./tini -s -- sh -c 'echo up; exec sleep 1000'
		weigh keyplate "$KEYPLATE" run -- \
		    sh -c 'echo up; exec sleep 1000'
	done
}

# KiB of the pages that are written at the start because the program has no
# fixed place in memory: what is read-only afterwards.
relocated() {
	local bytes

	bytes=$(readelf -lW "$KEYPLATE" | awk '$1 == "GNU_RELRO" { print $6 }')
	echo $((bytes / 1024))
}

@test "while it supervises keyplate is no larger in memory than tini-static" {
	local most

	weigh_both
	echo "resident: $(median resident.keyplate) and" \
	    "$(median resident.tini) KiB"
	[ "$(median resident.keyplate)" -le "$(median resident.tini)" ]
	# tini-static has a fixed place in memory; and a page more of the
	# stack, the heap and the data each, whose bounds are where they are.
	most=$(($(median dirty.tini) + $(relocated) + 12))
	echo "dirty: $(median dirty.keyplate), at most $most KiB"
	[ "$(median dirty.keyplate)" -le "$most" ]
}

@test "what it rendered before does not count" {
	head -c 4000000 /dev/zero | tr '\0' x >big.tmpl
	printf '\nkey = ${env:WORD}\n' >>big.tmpl
	weigh small "$KEYPLATE" run -- sh -c 'echo up; exec sleep 1000'
	WORD=word weigh big "$KEYPLATE" run --template big.tmpl:big.conf \
	    --format text -- sh -c 'echo up; exec sleep 1000'
	[ "$(tail -n 1 big.conf)" = 'key = word' ]
	echo "dirty: $(cat dirty.small), then $(cat dirty.big) KiB"
	[ "$(cat dirty.big)" -le "$(($(cat dirty.small) + 64))" ]
}
