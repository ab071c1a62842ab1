# SPDX-License-Identifier: MIT
# pid1 - what the tests of starting and supervising share.
# shellcheck shell=bash disable=SC2034,SC2154

KEYPLATE=$(realpath "${KEYPLATE:-./keyplate}")

# A command that is not found is what some tests are about.
BATS_WARNING_FILE=/dev/null

# Rounds of the cases that look for races, in each of their variants.
ROUNDS=${PID1_ROUNDS:-250}

# With fewer rounds, of what is many every so manieth is enough.
STEP=$((ROUNDS < 250 ? 250 / ROUNDS : 1))

# How many times as long as usual is waited on a machine that has much to do.
export PID1_PATIENCE=${PID1_PATIENCE:-1}

# Both programs where every user can execute them: a tree below /root is not
# such a place.  The helper is the build's, or else made here.
setup_file() {
	local built=${TOP_BUILDDIR:-/nonexistent}/tests/pid1/probe

	export PROBE=$BATS_FILE_TMPDIR/probe
	if [ -x "$built" ]; then
		cp "$built" "$PROBE"
	else
		"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O1 -o "$PROBE" \
		    "${BASH_SOURCE[0]%/*}/probe.c" -lutil
	fi
	export NOTHING=$BATS_FILE_TMPDIR/nothing
	mkfifo "$NOTHING"
	cp "$KEYPLATE" "$BATS_FILE_TMPDIR/keyplate"
	export KEYPLATE=$BATS_FILE_TMPDIR/keyplate
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# A test that runs as another user writes here too.
	chmod 0777 .
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	# A shell that reads from it waits, and can be interrupted.
	mkfifo never
	KP='' NS=''
}

teardown() {
	[ -z "$KP" ] || quit
}

# What needs root, or namespaces, and has none.
need_root() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
}

need_namespaces() {
	unshare --pid --fork --mount-proc true 2>/dev/null ||
	    skip 'needs PID namespaces'
}

# Shared libraries, and sanitizers, need what a bare root has not, and more
# memory.
need_static() {
	! readelf -lW "$KEYPLATE" | grep -q INTERP ||
		skip 'needs a static keyplate'
}

need() {
	command -v "$1" >/dev/null || skip "needs $1"
}

# Run keyplate; $status, $output and $stderr tell.
keyplate() {
	run --separate-stderr "$KEYPLATE" run "$@"
}

# The same as process 1 of a namespace of its own.
keyplate_first() {
	run --separate-stderr unshare --pid --fork --mount-proc --kill-child \
	    -- "$KEYPLATE" run "$@"
}

# A command ends with this status: for rounds, cheaper than run.
gives() {
	local want=$1

	shift
	status=0
	"$@" >out 2>err 3>&- || status=$?
	is "status of $*" "$status" "$want" || {
		cat err
		return 1
	}
}

# Start keyplate beside the test: $KP is its pid, out and err its output.
begin() {
	"$KEYPLATE" run "$@" >out 2>err 3>&- &
	KP=$!
}

# The same as process 1: $KP is its pid as seen here.
begin_first() {
	unshare --pid --fork --mount-proc --kill-child -- "$KEYPLATE" run "$@" \
	    >out 2>err 3>&- &
	NS=$!
	await find_first
	await has_begun "$KP"
}

# $KP is not found, nor needed any more, where it is at its end already.
find_first() {
	KP=$(child_of "$NS") || has_ended "$NS"
}

# Put an end to what begin started, and to what that has started.
quit() {
	local child children

	children=$(children_of "$KP") || :
	kill -KILL "$KP" 2>/dev/null || :
	for child in $children; do
		kill -KILL -- "-$child" "$child" 2>/dev/null || :
	done
	{ wait "${NS:-$KP}" || :; } 2>/dev/null
	KP='' NS=''
}

# As the argument: first, or not the first process of a namespace.
begin_as() {
	local as=$1

	shift
	if [ "$as" = first ]; then begin_first "$@"; else begin "$@"; fi
}

# Run keyplate to its end; the first argument as above.
keyplate_as() {
	local as=$1

	shift
	if [ "$as" = first ]; then keyplate_first "$@"; else keyplate "$@"; fi
}

# Wait for the end of what begin started: its status is in $status.
end() {
	await has_ended "${NS:-$KP}"
	status=0
	wait "${NS:-$KP}" || status=$?
	NS='' KP=''
}

# Executed, or at its end already.
has_begun() {
	[ "$(readlink "/proc/$1/exe")" = "$KEYPLATE" ] || has_ended "$1"
}

has_ended() {
	gone "$1" || state_is "$1" Z
}

# The direct children of a process; false where it has none.
children_of() {
	local -a found

	{ read -ra found <"/proc/$1/task/$1/children"; } 2>/dev/null || :
	[ "${#found[@]}" -gt 0 ] && printf '%s\n' "${found[@]}"
}

child_of() {
	children_of "$1" | head -n 1 | grep .
}

# The numbers of the open descriptors of a process.
descriptors_of() {
	local fd

	for fd in "/proc/$1/fd/"*; do printf '%s ' "${fd##*/}"; done
}

# It has exactly these.
holds() {
	[ "$(descriptors_of "$1")" = "$2" ]
}

# Repeat a command until it succeeds; after 10 seconds it is a failure.
await() {
	local end=$((SECONDS + 10 * PID1_PATIENCE))

	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			printf 'in vain: %s\n' "$*"
			printf 'err: %s\n' "$(cat err 2>/dev/null)"
			return 1
		fi
		nap
	done
}

# A moment, which takes no process where setup_file was.
nap() {
	if [ -p "${NOTHING-}" ]; then
		read -rt 0.02 <>"$NOTHING" || :
	else
		sleep 0.02
	fi
}

# So many milliseconds are fewer than those.
soon() {
	[ "$1" -lt "$(($2 * PID1_PATIENCE))" ]
}

# A file has a line.
told() {
	grep -qxe "$2" "$1"
}

# "!" alone does not fail a test.
not() {
	! "$@"
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

# The state letter of a process: S, T, Z ...
state_is() {
	[ "$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat")" = "$2" ]
}

# Its current directory is this one.
is_in() {
	[ "$(readlink "/proc/$1/cwd")" = "$2" ]
}

# A debugger is attached to it.
is_traced() {
	grep -q '^TracerPid:.[1-9]' "/proc/$1/status"
}

# A file has a line exactly so many times.
counts() {
	[ "$(grep -cxe "$2" "$1")" = "$3" ]
}

switches() {
	grep -h ctxt_switches "/proc/$KP/status"
}

# Keyplate sleeps, and has done so for a while: it is done with its start.
is_settled() {
	local before

	before=$(switches)
	"$PROBE" pause 50000
	[ "$(switches)" = "$before" ] && state_is "$KP" S
}

# Keyplate waits for a signal without an end, and has given back what memory it
# could: its last system call is told no time.
is_at_rest() {
	local timeout

	read -r _ _ _ timeout _ <"/proc/$KP/syscall"
	[ "$timeout" = 0x0 ] && state_is "$KP" S
}

# What a process has in memory for itself alone, in KiB.
resident() {
	sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

# Fail with both values; $1 is what is compared.
is() {
	[ "$2" = "$3" ] && return
	printf '%s: got <%s>, want <%s>\n' "$1" "$2" "$3"
	printf 'stdout: %s\nstderr: %s\n' "${output-}" "${stderr-}"
	return 1
}

ended() {
	is 'exit status' "$status" "$1"
}

# The last run said something with $1 in it on standard error.
said() {
	case $stderr in
	*"$1"*) ;;
	*)
		printf 'not said: %s\nstderr: %s\n' "$1" "$stderr"
		return 1
		;;
	esac
}

silent() {
	is 'standard error' "${stderr-}" ''
}

# Milliseconds of a clock that only goes forward.
now_ms() {
	local up

	read -r up _ </proc/uptime
	printf '%s\n' "$((10#${up%.*} * 1000 + 10#${up#*.} * 10))"
}
