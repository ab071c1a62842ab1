#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# memory - what keyplate takes while it supervises, beside tini, and that it is
# all there when something happens.
# shellcheck disable=SC2016,SC2034,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo never
	KP='' NS=''
	need_root
	need_static
}

# KiB of a process by the name $2 in smaps_rollup.
kib() {
	sed -n "s/^$2:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$1/smaps_rollup"
}

private() {
	awk '/^Private_(Clean|Dirty):/ { sum += $2 } END { print sum }' \
	    "/proc/$1/smaps_rollup"
}

# Start a supervisor; once it waits without an end, add what it takes to the
# files "resident", "dirty" and "private" under the name $1.  Its environment
# is small: the pages of one that is overwritten are dirty.
weigh() {
	local name=$1

	shift
	env -i PATH="$PATH" ${WORD:+WORD="$WORD"} "$@" >out 2>err 3>&- &
	KP=$!
	await told out up
	[ "$name" = tini ] || await is_at_rest
	kib "$KP" Rss >>"resident.$name"
	kib "$KP" Private_Dirty >>"dirty.$name"
	private "$KP" >>"private.$name"
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

# The median of what $1 says of keyplate is at most that of tini, and $2 KiB.
weighs_at_most() {
	local ours theirs

	ours=$(median "$1.keyplate") theirs=$(median "$1.tini")
	echo "$1: $ours KiB, tini $theirs KiB"
	[ "$ours" -le "$theirs" ] && [ "$ours" -le "$2" ]
}

@test "while it supervises keyplate is smaller in memory than tini-static" {
	need tini-static
	# What was just written counts as dirty until it is on the disk; and
	# pages that others have mapped are no longer private.
	cp "$(command -v tini-static)" tini
	sync "$KEYPLATE" tini
	weigh_both
	weighs_at_most resident 200
	weighs_at_most private 200
	weighs_at_most dirty 64
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

# A service that says what it gets.  On USR1 it leaves an orphan, on TERM it
# ends with 7.
tell='trap "echo hup" HUP
	trap "echo orphan; $0 orphans 1 0" USR1
	trap "echo term; exit 7" TERM
	echo up; while :; do read -t 1; done <>never'

# It is at rest before each of them.
@test "what it had before a long wait it has after it" {
	local as count

	need_namespaces
	for as in first other; do
		begin_as "$as" --log-reaped --map-exit 7:9 --rewrite USR2:HUP \
		    --delay TERM:1500ms -- bash -c "$tell" "$PROBE"
		await told out up
		for count in 1 2; do
			await is_at_rest
			kill -USR2 "$KP"
			await counts out hup "$count"
		done
		await is_at_rest
		kill -USR1 "$KP"
		await grep -q 'reaped process' err
		await is_at_rest
		kill -TERM "$KP"
		end
		ended 9
		is 'what came' "$(xargs <out)" 'up hup hup orphan term'
	done
}

@test "a service that is watched over for new secrets costs little more" {
	mkdir secrets
	echo one >secrets/word
	echo '${secret:word}' >word.tmpl
	weigh watching "$KEYPLATE" run --watch HUP --secrets "$PWD/secrets" \
	    --format text --template word.tmpl:word -- \
	    bash -c 'echo up; exec sleep 1000'
	echo "resident: $(cat resident.watching)," \
	    "dirty: $(cat dirty.watching) KiB"
	[ "$(cat resident.watching)" -le 400 ]
	[ "$(cat dirty.watching)" -le 128 ]
}
