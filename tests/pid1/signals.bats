#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# signals - what arrives is passed on, once, and nothing else is.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

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

# Strikes at 0.1 to 5 ms after the start, as the arguments say.
strikes_end_it() {
	local round

	for ((round = 0; round < ROUNDS; round++)); do
		gives 143 "$PROBE" strike "$((round * 4900 / ROUNDS + 100))" \
		    -- "$KEYPLATE" run "$@" -- sleep 1000 || return
	done
}

@test "a TERM at any moment of the start ends the service" {
	strikes_end_it --signal=child
}

@test "a TERM at any moment of the start ends the service's group" {
	strikes_end_it --signal=group
}

@test "a TERM at any moment of the start ends the service in place" {
	strikes_end_it --exec
}

@test "a TERM at any moment of the start ends the service, from process 1" {
	local round
	local -a whom=(child group)

	need_namespaces
	for ((round = 0; round < ROUNDS; round++)); do
		gives 143 "$PROBE" strike-first "$((round * 5000 / ROUNDS))" \
		    -- "$KEYPLATE" run --signal="${whom[round % 2]}" -- \
		    sleep 1000
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

@test "a TERM that came before the start as process 1 is not forgotten" {
	need_namespaces
	need strace
	# -D: the tracer is the child, and keyplate process 1.
	run --separate-stderr unshare --pid --fork --mount-proc -- \
	    strace -D -qq -o trace -e trace=prctl \
	    -e inject=prctl:signal=TERM:when=1 \
	    "$KEYPLATE" run --exec touch started
	ended 143
	[ ! -e started ]
}

@test "a TERM while a file is verified ends keyplate, and no file is written" {
	local start as

	need_namespaces
	echo 'a = word' >file.tmpl
	printf '#!/bin/sh\ntouch "%s/up"\nexec sleep 1000\n' "$PWD" >slow
	chmod 0755 slow
	printf '[file f]\npath = %s/file\nsource = %s/file.tmpl\n%s\n' \
	    "$PWD" "$PWD" "verify = $PWD/slow {}" >rules
	for as in first other; do
		rm -f up
		begin_as "$as" --config rules touch started
		await [ -e up ]
		start=$(now_ms)
		kill -TERM "$KP"
		end
		ended 143
		soon $(($(now_ms) - start)) 2000
		is 'the files' "$(echo *)" \
		    'err file.tmpl never out rules slow up'
	done
}

@test "a storm of one signal does not keep TERM from arriving" {
	local before after

	begin -- sh -c 'trap : USR1; echo up; while :; do sleep 1000; done'
	await told out up
	"$PROBE" send "$KP" 10 1000
	await is_at_rest
	before=$(resident "$KP")
	"$PROBE" send "$KP" 10 100000
	await is_at_rest
	after=$(resident "$KP")
	echo "resident: $before KiB, then $after"
	[ "$after" -le "$((before + 4))" ]
	kill -TERM "$KP"
	end
	ended 143
}

@test "a storm of real-time signals does not keep TERM from arriving" {
	# Not as root, who may queue more.
	need_root
	need setpriv
	chmod 0666 never
	setpriv --reuid 54329 --clear-groups bash -c 'ulimit -i 64; exec "$@"' \
	    - "$KEYPLATE" run -- bash -c 'trap : RTMIN; echo up
		while :; do read -t 1; done <>never' >out 2>err 3>&- &
	KP=$!
	await told out up
	"$PROBE" send "$KP" 34 100000
	kill -TERM "$KP"
	end
	ended 143
}

@test "a SIGCHLD from outside is nobody's business" {
	begin -- "$PROBE" log log
	await told log ready
	"$PROBE" send "$KP" 17 1000
	# Of those that are pending the lowest comes first.
	kill -WINCH "$KP"
	await told log 28
	is 'the log' "$(cat log)" $'ready\n28'
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
	# Of those that are pending the lowest comes first, signal(7): the
	# highest shows that the other one was looked at.
	kill -64 "$KP"
	await told log 64
	output=$(grep -vx -e ready -e 64 log || :)
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

	begin --delay TERM:1h -- "$PROBE" log log
	await told log ready
	kill -TERM "$KP"
	# It comes behind the TERM where both are pending.
	kill -WINCH "$KP"
	await told log 28
	not told log 15
	kill -TERM "$KP"
	await told log 15
	quit

	rm log
	begin --delay TERM:1s -- "$PROBE" log log
	await told log ready
	start=$(now_ms)
	kill -TERM "$KP"
	kill -WINCH "$KP"
	await told log 28
	kill -TERM "$KP"
	await counts log 15 2
	[ $(($(now_ms) - start)) -ge 990 ]
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
			# It sleeps again: it has passed the signal on.
			await state_is "$KP" S
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

@test "a fault of its own ends keyplate, as process 1 too" {
	local as

	need_root
	need_namespaces
	case $(uname -m) in
	x86_64 | aarch64) ;;
	*) skip 'needs to know the registers' ;;
	esac
	for as in first other; do
		rm -f core*
		begin_as "$as" -- sh -c 'echo up; exec sleep 1000'
		await told out up
		await state_is "$KP" S
		await holds "$KP" '0 1 2 '
		prlimit --core=unlimited --pid "$KP"
		"$PROBE" fault "$KP"
		end
		ended 139
		# It could hold what was rendered.
		is 'cores' "$(compgen -G 'core*')" ''
	done
}

@test "a signal that comes when the service is dead reaches nobody else" {
	local child

	need_root
	need strace
	begin -- sleep 1000
	child=$(await child_of "$KP" && child_of "$KP")
	await holds "$KP" '0 1 2 '
	await state_is "$KP" S
	kill -STOP "$KP"
	await state_is "$KP" T
	kill -KILL "$child"
	await state_is "$child" Z
	kill -TERM "$KP"
	strace -qq -o trace -e trace=kill,tkill,tgkill,rt_sigqueueinfo \
	    -p "$KP" 3>&- &
	await is_traced "$KP"
	kill -CONT "$KP"
	end
	ended 137
	wait "$!" || :
	# The dead service holds the number of its group.
	grep -q "^kill(-$child, SIGTERM)" trace
	is 'sent to others' \
	    "$(grep '^[a-z_]*(' trace | grep -v "^kill(-$child, ")" ''
}

# As process 1 of a namespace, whose pids it deals out.
@test "who gets the pid of the dead service next gets no signal of it" {
	need_root
	need_namespaces
	run --separate-stderr unshare --pid --fork --mount-proc --kill-child -- \
	    bash -c '
		await() { for i in {1..1000}; do "$@" && return; read -t 0.01; done
			echo "in vain: $*"; exit 9; } <>never 2>/dev/null
		has() { grep -qx "$2" "$1" 2>/dev/null; }
		"$KEYPLATE" run --linger 300ms -- bash -c "
			echo \$\$ >service; setsid \"\$0\" log rest &
			until grep -qx ready rest; do :; done" "$PROBE" 3>&- &
		keyplate=$!
		await has rest ready
		service=$(<service)
		await [ ! -e "/proc/$service" ]
		echo "$((service - 1))" >/proc/sys/kernel/ns_last_pid
		setsid "$PROBE" log next &
		[ "$!" = "$service" ] || { echo "pid $!, not $service"; exit 8; }
		await has next ready
		kill -TERM "$keyplate"
		wait "$keyplate"
		echo "status $?"
		kill -0 "$service" && cat next'
	is 'the story' "$output" $'status 0\nready'
	told rest 15
}

@test "a debugger that comes and goes does not lose a signal" {
	local round

	need strace
	begin -- "$PROBE" log log
	await told log ready
	for round in 1 2 3 4 5; do
		strace -qq -o trace -p "$KP" 3>&- &
		await is_traced "$KP"
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
	soon $(($(now_ms) - start)) 3000
}

@test "--kill-after counts from the signal for what the service leaves too" {
	local as linger start

	need_namespaces
	for as in first other; do
		for linger in 1h inf; do
			rm -f log
			begin_as "$as" --kill-after=400ms --linger="$linger" -- \
			    bash -c 'trap "exit 6" TERM
				setsid bash -c "trap \"\" TERM; echo up >log
				    exec sleep 1000" &
				while :; do read -r _ <>never; done'
			await told log up
			start=$(now_ms)
			kill -TERM "$KP"
			end
			ended 6
			[ $(($(now_ms) - start)) -ge 390 ]
			soon $(($(now_ms) - start)) 3000
		done
	done
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
