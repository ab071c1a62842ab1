#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# terminal - keys, job control, and missing standard descriptors.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

CTRL_C=$'\003'
CTRL_Z=$'\032'

# What keys do to a service that is run as the other arguments say: the
# terminal hangs up in the end, which gives the status $1.
keys_arrive_once() {
	local want=$1

	shift
	run --separate-stderr "$PROBE" pty expect=ready "send=$CTRL_C" \
	    expect=$'2\r' resize expect=$'28\r' "send=x$CTRL_C" \
	    expect=$'2\r' close -- "$@" -- "$PROBE" log /dev/tty
	ended "$want"
	# Less what the terminal itself shows of the keys.
	is signals "$(tr -d '\rx^C' <<<"$output" | grep .)" $'ready\n2\n28\n2'
}

@test "Ctrl-C and a new size reach the service once, from a session leader" {
	# Its status when it cannot write any more.
	keys_arrive_once 99 "$KEYPLATE" run
}

@test "Ctrl-C and a new size reach the service once, from below a shell" {
	# HUP ends the shell, which leads the session.
	keys_arrive_once $((128 + 1)) sh -c '"$@"; echo status $?' - \
	    "$KEYPLATE" run
}

@test "Ctrl-C and a new size reach the service once, from process 1" {
	need_namespaces
	# The same for unshare.
	keys_arrive_once $((128 + 1)) unshare --pid --fork --mount-proc -- \
	    "$KEYPLATE" run
}

# A job that tells when it has been continued.
make_job() {
	cat >job <<-'EOF'
		#!/bin/bash
		trap 'echo back' CONT
		echo job up
		while :; do read -t 0.1 <>never; done
	EOF
	chmod 0755 job
}

@test "a shell can stop and continue its job, and Ctrl-C ends it" {
	make_job
	run --separate-stderr env PS1='ready> ' "$PROBE" pty expect='ready> ' \
	    "send=$KEYPLATE run ./job"$'\r' expect='job up' "send=$CTRL_Z" \
	    expect=Stopped expect='ready> ' $'send=echo a""live\r' \
	    expect=alive $'send=fg\r' expect=back "send=$CTRL_C" \
	    expect='ready> ' $'send=echo status=$?\r' expect=status=130 \
	    $'send=exit 3\r' -- bash --norc --noprofile -i
	ended 3
}

@test "in the background a shell keeps its terminal" {
	run --separate-stderr env PS1='ready> ' "$PROBE" pty expect='ready> ' \
	    "send=$KEYPLATE run sleep 1000 &"$'\r' expect='ready> ' \
	    $'send=echo a""live\r' expect=alive $'send=kill %1; wait %1\r' \
	    $'send=echo status=$?\r' expect=status=143 $'send=exit 3\r' -- \
	    bash --norc --noprofile -i
	ended 3
}

# A shell that the arguments start.
has_job_control() {
	run --separate-stderr env PS1='ready> ' "$PROBE" pty \
	    expect='ready> ' $'send=./job\r' expect='job up' "send=$CTRL_Z" \
	    expect=Stopped expect='ready> ' $'send=fg\r' expect=back \
	    "send=$CTRL_C" expect='ready> ' $'send=echo a""live\r' \
	    expect=alive $'send=exit 9\r' -- \
	    "$@" bash --norc --noprofile -i
	ended 9
	[[ $output$stderr != *'no job control'* ]]
}

@test "a shell as the service has job control" {
	make_job
	has_job_control "$KEYPLATE" run --
}

@test "a shell as the service of process 1 has job control" {
	need_namespaces
	make_job
	has_job_control unshare --pid --fork --mount-proc -- "$KEYPLATE" run --
}

@test "the terminal is given back in the end" {
	run --separate-stderr "$PROBE" pty expect=over $'send=word\r' \
	    expect=got:word -- sh -c '
		"$0" run -- true; echo over; read -r line; echo "got:$line"' \
	    "$KEYPLATE"
	ended 0
}

# A shell has what it starts beside it ignore INT, hence the other signal.
@test "Ctrl-C reaches what the service has left" {
	run --separate-stderr "$PROBE" pty expect=asked "send=$CTRL_C" -- \
	    "$KEYPLATE" run --linger=1h --rewrite INT:USR1 -- sh -c '
		setsid bash -c "trap \"echo asked\" TERM; trap exit USR1; >up
			while :; do read -r _ <>never; done" &
		until [ -e up ]; do :; done; exit 6'
	ended 6
}

# Whose the terminal is to a service, and afterwards; the arguments start it.
shows_owners() {
	run --separate-stderr "$PROBE" pty -- sh -c '
		terminal=$(tty)
		stat -c "before %u" "$terminal"
		"$@" run --user 54321:54321 -- stat -c "now %u" "$terminal"
		stat -c "after %u" "$terminal"' - "$@"
	ended 0
	output=$(tr -d '\r' <<<"$output")
}

@test "a shell's terminal stays the user's, a container's is the service's" {
	need_root
	need_namespaces
	shows_owners "$KEYPLATE"
	is owners "$output" $'before 0\nnow 0\nafter 0'
	shows_owners unshare --pid --fork --mount-proc -- \
	    setsid --ctty "$KEYPLATE"
	is owners "$output" $'before 0\nnow 54321\nafter 54321'
	# Below another init.
	shows_owners unshare --pid --fork --mount-proc -- \
	    setsid --ctty sh -c '"$@"; exit' - "$KEYPLATE"
	is owners "$output" $'before 0\nnow 54321\nafter 54321'
}

@test "a hang-up reaches the service, and its status is kept" {
	run --separate-stderr "$PROBE" pty expect=up close -- "$KEYPLATE" \
	    run -- bash -c 'trap "exit 6" HUP; echo up
		while :; do read -t 1; done <>never'
	ended 6
}

@test "--setsid starts the service in a session of its own" {
	keyplate --setsid -- sh -c 'set -- $(cat /proc/self/stat)
		[ "$6" = $$ ] && echo leader'
	is output "$output" leader
}

@test "closed standard descriptors are opened on nothing" {
	local closed fd

	# shellcheck disable=SC2016,SC2034 # for the service, by eval
	local look='in=$(readlink /proc/$$/fd/0) out=$(readlink /proc/$$/fd/1)
		err=$(readlink /proc/$$/fd/2)
		printf "%s\n" "$in" "$out" "$err" >&9'

	for closed in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
		eval '"$KEYPLATE" run -- sh -c "$look" 9>fds '"$closed"
		[ "$(wc -l <fds)" = 3 ]
		for fd in 0 1 2; do
			[[ $closed != *"$fd"[\<\>]* ]] ||
				[ "$(sed -n "$((fd + 1))p" fds)" = /dev/null ]
		done
	done
}

@test "input from a file, or from nothing, is the service's" {
	echo word >file
	run --separate-stderr "$KEYPLATE" run cat <file
	is output "$output" word
	run --separate-stderr "$KEYPLATE" run cat </dev/null
	ended 0
	is output "$output" ''
}

# What script shows of a command, with the input that $2 redirects.
recorded() {
	local code=0

	eval 'timeout "$((20 * PID1_PATIENCE))" script -qec "$1" typescript >shown 2>err 3>&- '"$2" ||
		code=$?
	# The echo of the input comes before or after.
	sort shown
	echo "status $code"
}

@test "script(1) records it as it does the service, whatever its input is" {
	local how service='sh -c "test -t 1 && echo terminal; exit 6"'

	need script
	echo word >file
	for how in '<file' '</dev/null' '<&-'; do
		output=$(recorded "$KEYPLATE run -- $service" "$how")
		is "with $how" "$output" "$(recorded "$service" "$how")"
		[[ $output == *'status 6' ]]
	done
}
