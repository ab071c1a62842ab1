# SPDX-License-Identifier: MIT
# readers - what the reader tests share: finding programs, counting values.
# shellcheck shell=bash

HERE=${BATS_TEST_DIRNAME:?}
KEYPLATE=$(realpath "${KEYPLATE:-./keyplate}")
export KEYPLATE
# Thousands of files are written and forgotten: in memory, where that can be.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm

# Skip the test unless every program named is there.
need() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null || skip "no $program here"
	done
}

# Skip unless Python has the YAML module.
need_pyyaml() {
	need python3
	python3 -c 'import yaml' 2>/dev/null || skip "no python3-yaml here"
}

# Build the Go program NAME of this folder into DIR, from Debian's packages.
build_reader() {
	command -v go >/dev/null || return 0
	GOCACHE=$2/go-cache GO111MODULE=off GOPATH=/usr/share/gocode \
	    go build -o "$2/$1" "$HERE/$1/main.go"
}

# Build the reader of systemd's units into DIR, with the private library of
# systemd 252; false where that is missing.
build_systemd() {
	local library
	library=$(echo /usr/lib/*/systemd/libsystemd-shared-252.so)
	[ -e "$library" ] && ${CC:-cc} -o "$1/systemd" \
	    "$HERE/systemd/main.c" "$library" \
	    -Wl,-rpath,"$(dirname "$library")"
}

# Run every hostile value through one position of a format; show the counts.
round_trip() {
	local status=0
	python3 "$HERE/roundtrip.py" "$1" "$2" >"$BATS_TEST_TMPDIR/counts" ||
	    status=$?
	echo "# $1, $2: $(tail -n 1 "$BATS_TEST_TMPDIR/counts")" >&3
	cat "$BATS_TEST_TMPDIR/counts"
	return "$status"
}
