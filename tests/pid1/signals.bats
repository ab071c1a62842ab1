#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# signals - what arrives is passed on, once, and nothing else is.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

# Every signal that can be received, as a process 1 has them too.
all_but_child() {
	seq 1 64 | grep -vxe 9 -e 17 -e 19
}

# Send every signal, each after the last has arrived, as $1 and see it once.
every_signal_arrives_once() {
	local number

	begin_as "$1" -- "$PROBE" log log
	await told log ready
	for number in $(all_but_child); do
		kill "-$number" "$KP"
		# A job-control stop also stops a keyplate that is not first.
		case $number in
		20 | 21 | 22)
			await told log "$number"
			[ "$1" = first ] || await state_is "$KP" T
			kill -CONT "$KP"
			await state_is "$KP" S
			;;
		*) await told log "$number" ;;
		esac
	done
	is 'each once' "$(grep -vx -e ready -e 18 log | sort -n | tr '\n' ' ')" \
	    "$(all_but_child | grep -vx 18 | tr '\n' ' ')"
	is 'nothing said' "$(cat err)" ''
}

@test "each signal arrives exactly once, from process 1" {
	need_namespaces
	every_signal_arrives_once first
}

@test "each signal arrives exactly once, from another process" {
	every_signal_arrives_once other
}

@test "a value sent with a signal arrives with it" {
	begin -- "$PROBE" log log
	await told log ready
	"$PROBE" queue "$KP" 40 1234
	await told log '40 value 1234'
	"$PROBE" queue "$KP" 10 -7
	await told log '10 value -7'
}

@test "a TERM at any moment of the start ends the service" {
	local round mode

	for mode in --signal=child --signal=group --exec; do
		for ((round = 0; round < ROUNDS; round++)); do
			run "$PROBE" strike "$((round * 5000 / ROUNDS + 100))" \
			    -- "$KEYPLATE" run "$mode" -- sleep 1000
			ended 143
		done
	done
}

@test "a TERM at any moment of the start ends the service, from process 1" {
	local round

	need_namespaces
	for ((round = 0; round < ROUNDS; round++)); do
		begin_first -- sleep 1000
		"$PROBE" pause "$((round * 3000 / ROUNDS + 1))"
		kill -TERM "$KP"
		end
		ended 143
	done
}

@test "a TERM that came before the start keeps the service from starting" {
	local mode

	need strace
	for mode in --linger=3s --exec; do
		# The first prctl is long before the start.
		run --separate-stderr strace -qq -o trace -e trace=prctl \
		    -e inject=prctl:signal=TERM:when=1 \
		    "$KEYPLATE" run "$mode" touch started
		ended 143
		[ ! -e started ]
	done
}

@test "a storm of one signal does not keep TERM from arriving" {
	begin -- sh -c 'trap : USR1; echo up; while :; do sleep 1000; done'
	await told out up
	"$PROBE" send "$KP" 10 100000
	kill -TERM "$KP"
	end
	ended 143
}

@test "a storm of real-time signals does not keep TERM from arriving" {
	begin -- bash -c 'ulimit -i 64; exec "$0" "$@"' \
	    bash -c 'trap : RTMIN; echo up; while :; do read -t 1; done <>never'
	await told out up
	"$PROBE" send "$KP" 34 20000
	kill -TERM "$KP"
	end
	ended 143
}

@test "a SIGCHLD from outside is nobody's business" {
	begin -- "$PROBE" log log
	await told log ready
	"$PROBE" send "$KP" 17 1000
	kill -USR1 "$KP"
	await told log 10
	is 'the log' "$(cat log)" $'ready\n10'
}

@test "signals that were ignored stay ignored, but for SIGCHLD" {
	local want

	# Whoever runs the tests may have ignored others before.
	want=$(env --default-signal=CHLD --ignore-signal=PIPE \
	    --ignore-signal=HUP sed -n 's/^SigIgn:\t//p' /proc/self/status)
	run --separate-stderr env --ignore-signal=PIPE --ignore-signal=HUP \
	    --ignore-signal=CHLD "$KEYPLATE" run \
	    sed -n 's/^SigIgn:\t//p' /proc/self/status
	ended 0
	is 'the ignored' "$output" "$want"
	# Bits 0 and 12 are HUP and PIPE, bit 16 is CHLD.
	[ $((0x$output & 0x11001)) -eq $((0x1001)) ]
}

@test "signals that were blocked stay blocked" {
	local mode

	for mode in --linger=3s --exec; do
		run --separate-stderr env --block-signal=TERM \
		    --block-signal=USR1 "$KEYPLATE" run "$mode" \
		    sed -n 's/^SigBlk:\t//p' /proc/self/status
		# Bits 9 and 14.
		is 'the blocked' "$output" 0000000000004200
	done
}

@test "--reset-signals blocks and ignores nothing" {
	run --separate-stderr env --block-signal=TERM --ignore-signal=PIPE \
	    "$KEYPLATE" run --reset-signals \
	    sed -n 's/^Sig[BI].*:\t//p' /proc/self/status
	is 'masks' "$output" $'0000000000000000\n0000000000000000'
}

@test "the service's signals are what they are without keyplate" {
	local mode want

	want=$(grep -e SigBlk -e SigIgn -e SigCgt /proc/self/status)
	for mode in --linger=3s --exec; do
		keyplate "$mode" grep -e SigBlk -e SigIgn -e SigCgt \
		    /proc/self/status
		is "$mode" "$output" "$want"
	done
}

# Send $1 to a service under the other arguments; what arrives is $output.
rewritten() {
	local number=$1

	shift
	rm -f log
	begin "$@" -- "$PROBE" log log
	await told log ready
	kill "-$number" "$KP"
	# What follows shows that the first was looked at.
	kill -WINCH "$KP"
	await told log 28
	output=$(grep -vx -e ready -e 28 log || :)
	quit
}

@test "a signal is rewritten by name, by number, in a swap, the last one wins" {
	rewritten 15 --rewrite TERM:QUIT
	is 'names' "$output" 3
	rewritten 15 --rewrite SIGTERM:SIGQUIT
	is 'with SIG' "$output" 3
	rewritten 15 --rewrite 15:3
	is 'numbers' "$output" 3
	rewritten 15 --rewrite sigterm:rtmin+3
	is 'a real-time one' "$output" 37
	rewritten 15 --rewrite TERM:0
	is 'dropped' "$output" ''
	rewritten 15 --rewrite TERM:INT --rewrite INT:TERM
	is 'a swap' "$output" 2
	rewritten 15 --rewrite TERM:INT --rewrite TERM:HUP
	is 'the last wins' "$output" 1
}

@test "a rewriting that makes no sense is a usage error" {
	local bad

	for bad in TERM TERM: :TERM TERM:FOO FOO:TERM 65:1 0:1 KILL:TERM \
	    TERM:65 TERM:-1 RTMIN+31:1 TERM:QUIT:1; do
		keyplate --rewrite "$bad" true
		ended 125
	done
}

@test "a delayed TERM comes late, and a second one at once" {
	local start

	begin --delay TERM:700ms -- "$PROBE" log log
	await told log ready
	start=$(now_ms)
	kill -TERM "$KP"
	kill -USR1 "$KP"
	await told log 10
	not told log 15
	kill -TERM "$KP"
	await told log 15
	[ $(($(now_ms) - start)) -lt 600 ]
	await [ "$(grep -cx 15 log)" = 1 ]
	await counts 15 2
	[ $(($(now_ms) - start)) -ge 690 ]
}

# The log has signal $1 so many times.
counts() {
	[ "$(grep -cx "$1" log)" = "$2" ]
}

@test "signals go to the child alone, with --signal=group to all of it" {
	local mode
	local -a script=(sh -c '"$0" log first & "$0" log second & "$0" log log' "$PROBE")

	for mode in child group; do
		rm -f log first second
		begin --signal="$mode" -- "${script[@]}"
		await told log ready
		await told first ready
		await told second ready
		# The shell waits; it is the child.
		kill -WINCH "$KP"
		if [ "$mode" = group ]; then
			await told log 28
			await told first 28
			await told second 28
		else
			kill -KILL "$(child_of "$KP")"
			await told first 15
			not told log 28
			not told first 28
		fi
		quit
	done
}

@test "without the right to signal the service it is said once, and goes on" {
	need_root
	need setpriv
	begin_without_kill
	await told log ready
	kill -TERM "$KP"
	await grep -q 'may not send' err
	kill -TERM "$KP"
	kill -KILL "$(child_of "$KP")"
	end
	ended 137
	is 'warnings' "$(grep -c 'may not send' err)" 1
}

begin_without_kill() {
	setpriv --bounding-set=-kill "$KEYPLATE" run -- \
	    setpriv --reuid 54321 --clear-groups "$PROBE" log log \
	    >out 2>err 3>&- &
	KP=$!
}

@test "a fault signal that is sent is passed on, not suffered" {
	local number

	need_namespaces
	for number in 4 5 6 7 8 11 31; do
		begin_first -- sh -c 'ulimit -c 0; echo up; exec sleep 1000'
		await told out up
		kill "-$number" "$KP"
		end
		ended $((128 + number))
	done
}

@test "a debugger that comes and goes does not lose a signal" {
	local round

	need strace
	begin -- "$PROBE" log log
	await told log ready
	for round in 1 2 3 4 5; do
		strace -qq -o trace -p "$KP" 3>&- &
		await grep -q . "/proc/$KP/status"
		kill "-$((33 + round))" "$KP"
		await told log "$((33 + round))"
		kill "$!"
		wait "$!" || :
	done
}

@test "--kill-after kills a service that ignores TERM, and only then" {
	local start

	begin --kill-after=400ms -- \
	    sh -c 'trap "" TERM; echo up; exec sleep 1000'
	await told out up
	start=$(now_ms)
	kill -TERM "$KP"
	end
	ended 137
	[ $(($(now_ms) - start)) -ge 390 ]
	[ $(($(now_ms) - start)) -lt 3000 ]
}

@test "without --kill-after a service that ignores TERM lives on" {
	begin -- "$PROBE" log log
	await told log ready
	kill -TERM "$KP"
	await told log 15
	kill -USR1 "$KP"
	await told log 10
	kill -0 "$KP"
}
