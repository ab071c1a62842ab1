#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# standin - by their own command lines, tini and dumb-init and keyplate in
# their place do the same.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

# Write what a function of ours says about the real program $1, then about
# keyplate in its place, and compare.  The function finds the one in $INIT.
same() {
	local name=$1 real
	local want got

	shift
	need "$name"
	real=$(command -v "$name")
	want=$(INIT=$real about "$@") || {
		printf 'of the real one:\n%s\n' "$want"
		return 1
	}
	got=$(INIT=$BATS_TEST_DIRNAME/shim/$name about "$@") || {
		printf 'of ours:\n%s\n' "$got"
		return 1
	}
	is "$*" "$got" "$want"
}

# What the functions leave behind is not the next one's.
about() {
	rm -rf scratch
	mkdir -m 0777 scratch
	cd scratch || return
	KP=''
	mkfifo never
	"$@"
}

# Start $INIT; $KP is its pid.
start() {
	"$INIT" "$@" >out 2>err 3>&- &
	KP=$!
}

# Its end, and no process of it beyond.
stop() {
	local child

	child=$(children_of "$KP") || :
	# shellcheck disable=SC2086 # pids
	kill -KILL "$KP" $child 2>/dev/null || :
	{ wait "$KP" || :; } 2>/dev/null
	KP=''
}

status_of() {
	local code=0

	"$INIT" "$@" >/dev/null 2>&1 3>&- || code=$?
	echo "$* gives $code"
}

# --- what both do ---

statuses() {
	local code number

	for code in 0 1 2 7 64 125 126 127 128 143 255; do
		status_of "$@" -- sh -c "exit $code"
	done
	for number in 1 2 3 6 9 10 11 12 13 14 15; do
		status_of "$@" -- sh -c "ulimit -c 0; kill -$number \$\$"
	done
}

# The signals in $2 are sent to a service that logs them.
arrive() {
	local numbers=$1 number

	shift
	start "$@" -- "$PROBE" log log
	await told log ready || return
	for number in $numbers; do
		kill "-$number" "$KP"
		await told log "$number" || return
	done
	grep -vx ready log
	stop
}

# A signal to the init: which of the service and its two children has it.
reach() {
	local file first second

	start "$@" -- sh -c '"$0" log first & echo $! >>pids
		"$0" log second & echo $! >>pids
		exec "$0" log log' "$PROBE"
	for file in first second log; do
		await told "$file" ready || return
	done
	kill -WINCH "$KP"
	await told log 28 || return
	# Sent together, it is pending by then, or never: of what is pending
	# the lowest comes first, signal(7).
	{ read -r first && read -r second; } <pids
	kill -64 "$first" "$second"
	await told first 64 || return
	await told second 64 || return
	grep -cx 28 first second log || :
	kill -KILL "$first" "$second"
	stop
}

inherited() {
	env --ignore-signal=PIPE --ignore-signal=USR2 --block-signal=USR1 \
	    "$INIT" "$@" -- grep -e SigBlk -e SigIgn /proc/self/status \
	    2>/dev/null
}

passes_input() {
	echo word | "$INIT" "$@" -- cat 2>/dev/null
	"$INIT" "$@" -- cat </dev/null 2>/dev/null
}

# Job control of a shell as the service, on a terminal.
has_terminal() {
	local code=0

	"$PROBE" pty expect=up $'send=\003' expect=int $'send=x\r' expect=end \
	    -- "$INIT" "$@" -- bash -m -c '
		trap "echo int" INT; echo up
		until read -r -t 0.1 line; do :; done
		set -- $(cat /proc/self/stat); [ "$5" = "$8" ] && echo front
		echo end; exit 6' >told 2>&1 || code=$?
	grep -o -e front told
	echo "status $code"
}

first_process() {
	local code=0

	unshare --pid --fork --mount-proc --kill-child -- "$INIT" "$@" -- \
	    "$PROBE" orphans 20 6 >/dev/null 2>&1 || code=$?
	echo "status $code"
}

# --- tini ---

@test "tini: the same statuses" {
	same tini statuses
	same tini statuses -g -s -v -v
}

@test "tini: the same statuses of what cannot be started, or is wrong" {
	local -a words

	for words in '-- no-such-command' '-- /etc/passwd' '-- /' '-z' '-w' '' \
	    '-h' '-l' '--version' '-e 256 -- true' '-e -1 -- true' \
	    '-e x -- true' '-p FOO -- true' '-p SIGKILL -- true'; do
		# shellcheck disable=SC2086 # words
		same tini status_of $words
	done
}

remapped() {
	local code

	for code in 0 1 7 127 128 255; do
		status_of -e "$code" -- sh -c "exit $code"
	done
	status_of -e 143 -- sh -c 'kill $$'
	status_of -e 1 -e 3 -- sh -c 'exit 1'
	status_of -e 1 -e 3 -- sh -c 'exit 3'
	status_of -e 1 -- sh -c 'exit 2'
}

@test "tini: -e makes the same statuses 0" {
	same tini remapped
}

@test "tini: the same signals arrive, but for those that it keeps" {
	# Not: what it waits for itself, faults, and TTIN and TTOU.
	same tini arrive '1 2 3 10 12 13 14 15 18 23 24 25 26 27 28 29 30' -s
	same tini arrive '34 35 50 64' -s
}

@test "tini: -g and its variable reach the same processes" {
	same tini reach -s
	same tini reach -s -g
	TINI_KILL_PROCESS_GROUP='' same tini reach -s
}

# Who becomes the parent of an orphan: the init, or another.
adopts() {
	start "$@" -- sh -c '(sh -c "echo \$\$ >orphan; read -r word <never" &)
		exec "$0" log log' "$PROBE"
	await told log ready || return
	await grep -q . orphan || return
	await not told "/proc/$(cat orphan)/status" \
	    "PPid:.$(child_of "$KP")" || return
	if told "/proc/$(cat orphan)/status" "PPid:.$KP"; then
		echo adopted
	else
		echo 'not adopted'
	fi
	kill -KILL "$(cat orphan)"
	stop
}

@test "tini: -s and its variable adopt orphans" {
	same tini adopts
	same tini adopts -s
	TINI_SUBREAPER='' same tini adopts
}

@test "tini: signals are blocked and ignored as they were" {
	same tini inherited -s
}

follows_parent() {
	sh -c '"$@" & echo $! >pid; exec sleep 1000' - "$INIT" "$@" -- \
	    "$PROBE" log log >out 2>err 3>&- &
	KP=$!
	await told log ready || return
	await grep -q . pid || return
	# The signal is set by then, or it is set before the service runs.
	await state_is "$(cat pid)" S || return
	kill -KILL "$KP"
	await told log 12 || return
	grep -vx ready log
	kill -KILL "$(child_of "$(cat pid)")" "$(cat pid)"
	KP=''
}

@test "tini: -p tells of the parent's death" {
	same tini follows_parent -s -p SIGUSR2
}

@test "tini: input and terminal are the service's" {
	same tini passes_input -s
	same tini has_terminal -s
}

@test "tini: the same as process 1" {
	need_namespaces
	same tini first_process
}

# --- dumb-init ---

@test "dumb-init: the same statuses" {
	same dumb-init statuses
	same dumb-init statuses -c -v
}

@test "dumb-init: the same statuses of wrong usage" {
	local -a words

	for words in '' -h --help -V --version -x '-r 15 true' '-r 15:x true' \
	    '-r'; do
		# shellcheck disable=SC2086 # words
		same dumb-init status_of $words
	done
}

@test "dumb-init: the same signals arrive" {
	local all='1 2 3 4 5 6 7 8 10 11 12 13 14 15 18 23 24 25 26 27 28 29 30'

	same dumb-init arrive "$all 31"
	DUMB_INIT_SETSID=0 same dumb-init arrive "$all 31"
}

rewritten() {
	start "$@" -- "$PROBE" log log
	await told log ready || return
	kill -TERM "$KP"
	kill -HUP "$KP"
	kill -WINCH "$KP"
	await told log 28 || return
	# Pending together they arrive in any order.
	grep -vx ready log | sort -n
	stop
}

@test "dumb-init: signals are rewritten and dropped alike" {
	same dumb-init rewritten
	same dumb-init rewritten -r 15:3
	same dumb-init rewritten --rewrite 15:2 --rewrite 1:10
	same dumb-init rewritten -r 1:0 -r 15:0
	same dumb-init rewritten -c -r 15:3 -r 1:15
}

@test "dumb-init: the session, or with -c the child alone, is reached" {
	same dumb-init reach
	same dumb-init reach -c
}

leads_session() {
	"$INIT" "$@" -- sh -c 'set -- $(cat /proc/self/stat)
		if [ "$6" = $$ ]; then echo leader; else echo member; fi' \
	    </dev/null
}

@test "dumb-init: the service leads a session, but with -c" {
	same dumb-init leads_session
	same dumb-init leads_session -c
}

# The init's own directory and state when the service is asked to stop.
suspends() {
	start "$@" -- "$PROBE" log log
	await told log ready || return
	await is_in "$KP" / || return
	echo 'in /'
	kill -TSTP "$KP"
	await state_is "$KP" T || return
	await state_is "$(child_of "$KP")" T || return
	echo 'both stopped'
	kill -CONT "$KP"
	await state_is "$KP" S || return
	await told log 18 || return
	echo 'both continued'
	stop
}

@test "dumb-init: keeps no directory, and is stopped with its session" {
	same dumb-init suspends
}

# The service dies and leaves one of its group behind.
leaves() {
	local code=0

	"$INIT" "$@" -- sh -c '"$0" log log & echo $! >pid
		until grep -q ready log; do :; done
		kill -KILL $$' "$PROBE" >/dev/null 2>&1 3>&- || code=$?
	echo "status $code"
	if [ "$1" = -c ]; then
		# Sent before the end, TERM would be there before this one.
		kill -64 "$(cat pid)" && echo alive
		await told log 64 || return
	else
		await told log 15 || return
	fi
	grep -vx ready log || :
	# It is not waited for, nor killed.
	if kill -0 "$(cat pid)"; then echo 'still there'; fi
	kill -KILL "$(cat pid)" 2>/dev/null || :
}

@test "dumb-init: what the service leaves is sent TERM, with -c it is not" {
	same dumb-init leaves -v
	same dumb-init leaves -c
}

@test "dumb-init: input and terminal are the service's" {
	same dumb-init passes_input
	same dumb-init passes_input -c
	same dumb-init has_terminal
	same dumb-init has_terminal -c
}

@test "dumb-init: the same as process 1" {
	need_namespaces
	same dumb-init first_process
	same dumb-init first_process -c
}
