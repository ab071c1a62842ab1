# SPDX-License-Identifier: MIT
# peer - what the tests of wait and probe share: cli.sh, and peers to talk to.
# shellcheck shell=bash disable=SC2034,SC2154

load cli.sh

PEERS=()
PEER=$(realpath "${BATS_TEST_DIRNAME:?}/peer.py")

teardown() {
	local pid

	for pid in "${PEERS[@]}"; do
		kill -KILL "$pid" 2>/dev/null || :
		{ wait "$pid" || :; } 2>/dev/null
	done
}

need() {
	command -v "$1" >/dev/null || skip "needs $1"
}

# Start one beside the test, as peer.py says; $PORT is where it is.
peer() {
	need python3
	rm -f port
	python3 "$PEER" "$@" 3>&- &
	PEERS+=($!)
	await test -e port
	PORT=$(cat port)
}

# Start keyplate beside the test: $KP is its pid, out and err its output.
begin() {
	"$KEYPLATE" "$@" >out 2>err 3>&- &
	KP=$!
	PEERS+=("$KP")
}

# Wait for the end of it: its status is in $status.
end() {
	await ended_process "$KP"
	status=0
	wait "$KP" || status=$?
	output=$(cat out) stderr=$(cat err)
}

ended_process() {
	! kill -0 "$1" 2>/dev/null ||
	    [ "$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat")" = Z ]
}

# Repeat a command until it succeeds; after 30 seconds it is a failure.
await() {
	local end=$((SECONDS + 30))

	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			printf 'in vain: %s\n' "$*"
			return 1
		fi
		sleep 0.01
	done
}

# A file has a text.
told() {
	grep -qF -e "$2" "$1"
}

# A port of this machine that nobody listens at.
free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# Milliseconds of a clock that only goes forward.
now_ms() {
	local up

	read -r up _ </proc/uptime
	printf '%s\n' "$((10#${up%.*} * 1000 + 10#${up#*.} * 10))"
}

# Milliseconds since $1 are at least $2, at most $3.
took() {
	local ms=$(($(now_ms) - $1))

	[ "$ms" -ge "$2" ] && [ "$ms" -le "$3" ] && return
	printf 'it took %s ms\nstderr: %s\n' "$ms" "${stderr-}"
	return 1
}

# Run the rest of the test, from the function $1 on, where the network has
# nothing but the loopback, port 53 is free, and the files "hosts" and
# "resolv.conf" of this directory are those of /etc.
on_an_island() {
	need python3
	need ip
	unshare --net --mount true 2>/dev/null || skip 'needs namespaces'
	[ -e /etc/hosts ] || skip 'needs /etc/hosts'
	[ -e /etc/resolv.conf ] || skip 'needs /etc/resolv.conf'
	touch hosts resolv.conf
	# shellcheck disable=SC2163 # what is exported is what it names
	export -f "$1"
	export -f peer need begin end ended_process await told free_port \
	    now_ms took keyplate is ended complains run_apart teardown
	export KEYPLATE PEER BATS_TEST_TMPDIR
	unshare --net --mount bash -eu -c 'run_apart "$1"' bash "$1" 3>&-
}

run_apart() {
	PEERS=()
	trap teardown EXIT
	ip link set lo up
	mount --bind hosts /etc/hosts
	mount --bind resolv.conf /etc/resolv.conf
	"$1"
}
