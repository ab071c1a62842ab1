# SPDX-License-Identifier: MIT
# abuse - what the tests of hostile values, sources and outputs share.
# shellcheck shell=bash disable=SC2154

# shellcheck source=tests/cli/cli.sh
. "${BATS_TEST_DIRNAME:?}/../cli/cli.sh"

need() {
	local program
	for program; do
		command -v "$program" >/dev/null || skip "needs $program"
	done
}

need_root() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
}

# A sanitizer takes terabytes for itself.
need_static() {
	! readelf -lW "$KEYPLATE" | grep -q INTERP ||
	    skip 'needs a static keyplate'
}

# Mounts of one's own, and a way to trace what is not to be dumped.
need_mounts() {
	unshare --mount true 2>/dev/null || skip 'needs mount namespaces'
}

need_trace() {
	need strace
	need_root
	strace -o /dev/null true 2>/dev/null || skip 'needs ptrace'
}

# Run a script with mounts that are gone afterwards; $KEYPLATE is what it
# runs.
mounted() {
	export KEYPLATE
	run --separate-stderr unshare --mount bash -euc "$@"
}

# Keyplate with so many KiB of memory and seconds of processor time: neither
# depends on what else the machine does.
within() {
	local kib=$1 seconds=$2
	shift 2
	need_static
	run --separate-stderr bash -c 'ulimit -c 0 -v "$1" -t "$2"
		shift 2; exec "$@"' - "$kib" "$seconds" "$KEYPLATE" "$@"
}

# What was printed is UTF-8 without control characters but line ends, and
# without what turns the direction of text.
prints_plainly() {
	local odd='\p{Cc}\x{2028}-\x{202e}\x{2066}-\x{2069}'
	if LC_ALL=C.UTF-8 grep -qvP "^[^$odd]*\$" <<<"$stderr"; then
		printf 'odd bytes in: %q\n' "$stderr"
		return 1
	fi
}

# Repeat a command until it succeeds; after 10 seconds it is a failure.
await() {
	local end=$((SECONDS + 10))
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			printf 'in vain: %s\n' "$*"
			return 1
		fi
		sleep 0.01
	done
}

# There is no file in directory $1 but those named; bats has its own.
holds_only() {
	local dir=$1
	shift
	is "the files of $dir" \
	    "$(find "$dir" -mindepth 1 -maxdepth 1 -printf '%f\n' |
		grep -v ^separate-stderr- | LC_ALL=C sort | xargs)" \
	    "$(printf '%s\n' "$@" | LC_ALL=C sort | xargs)"
}
