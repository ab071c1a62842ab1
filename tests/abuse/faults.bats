#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# faults - system calls fail, lie or come short, signals and kills come at
# any of them: each target is old or new, whole, and the status tells which.
# Here is a sample of the cases; "make check-faults" tries all.
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load abuse.sh

setup_file() {
	local built=${TOP_BUILDDIR:-/nonexistent}/tests/abuse/shortio

	export SHORTIO=$BATS_FILE_TMPDIR/shortio PYTHONDONTWRITEBYTECODE=1
	if [ -x "$built" ]; then
		cp "$built" "$SHORTIO"
	else
		"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O1 -o "$SHORTIO" \
		    "${BATS_TEST_DIRNAME:?}/shortio.c"
	fi
}

# Try a kind of fault in $2 of its cases, or in all; show the counts.
faults() {
	local status=0

	[ "${FAULTS-}" != all ] || set -- "$1"

	need python3
	need prlimit
	need_static
	need_trace
	export KEYPLATE
	python3 "$BATS_TEST_DIRNAME/faults.py" "$@" >counts || status=$?
	echo "# $(tail -n 1 counts)" >&3
	cat counts
	return "$status"
}

@test "a system call that fails" {
	faults errors 120
}

@test "a system call that says it did, and did not" {
	faults lies 30
}

@test "a SIGKILL with a system call" {
	faults kills 40
}

@test "a SIGTERM, SIGINT or SIGHUP with a system call" {
	faults signals 40
}

@test "a SIGKILL at any moment" {
	faults moments 80
}

@test "little memory" {
	faults memory 40
}

@test "newer system calls that are missing or forbidden, and interruptions" {
	faults without 20
}

@test "reads and writes that come short" {
	"$SHORTIO" 1 true || [ "$?" != 77 ] || skip 'needs another machine'
	faults short
}

# The same for file systems and disks: they are mounted where nobody else
# sees them.
disks() {
	local status=0

	[ "${FAULTS-}" != all ] || set -- "$1"
	need python3
	need_root
	need_mounts
	[ -c /dev/fuse ] || skip 'needs /dev/fuse'
	export KEYPLATE
	timeout 10000 unshare --mount \
	    python3 "$BATS_TEST_DIRNAME/disks.py" "$@" >counts || status=$?
	echo "# $(tail -n 1 counts)" >&3
	cat counts
	return "$status"
}

# A disk of a file, and a file system on it.
need_disks() {
	need mkfs.ext4
	need_root
	need_mounts
	truncate -s 8M trial
	mkfs.ext4 -q trial
	unshare --mount mount -o loop trial /mnt 2>/dev/null ||
	    skip 'needs loop devices, and ext4'
}

@test "a file system on a network that answers with errors" {
	disks served 40
}

@test "a disk that fails while it is written to" {
	need_disks
	disks disk 5
}

@test "what is on the disk after a power cut" {
	need_disks
	disks power 10
}

@test "eight times as much takes about eight times as long" {
	need python3
	need_static
	[ "${FAULTS-}" = all ] || set -- filled:yaml same
	export KEYPLATE
	python3 "$BATS_TEST_DIRNAME/growth.py" "$@"
}
