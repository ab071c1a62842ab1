#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# noop - the files of this machine, rendered with nothing to place and with
# one scalar set: all other bytes stay, and the real readers see the same.
#
# A sample is taken; NOOP_COUNT=all takes all of them, NOOP_SEED other ones.

KEYPLATE=$(realpath "${KEYPLATE:-./keyplate}")
SCALARS=$(realpath "${TOP_BUILDDIR:-.}/tests/noop/scalars")
TOP=$(realpath "$BATS_TEST_DIRNAME/../..")
READERS=$BATS_TEST_DIRNAME/../readers
export KEYPLATE SCALARS

# Readers that are to be compiled; without a compiler they are not asked.
setup_file() {
	local library
	library=$(echo /usr/lib/*/systemd/libsystemd-shared-252.so)
	if [ -e "$library" ] && ${CC:-cc} -o "$BATS_FILE_TMPDIR/systemd" \
	    "$READERS/systemd/main.c" "$library" \
	    -Wl,-rpath,"$(dirname "$library")"; then
		export SYSTEMD_READER=$BATS_FILE_TMPDIR/systemd
	fi
	if command -v go && GOCACHE=$BATS_FILE_TMPDIR/go-cache \
	    GO111MODULE=off GOPATH=/usr/share/gocode go build \
	    -o "$BATS_FILE_TMPDIR/grafana" "$READERS/grafana/main.go"; then
		export GRAFANA_READER=$BATS_FILE_TMPDIR/grafana
	fi
	if command -v javac && javac -d "$BATS_FILE_TMPDIR" \
	    "$BATS_TEST_DIRNAME/Dump.java"; then
		export DUMP_CLASSES=$BATS_FILE_TMPDIR
	fi
	# Whatever packages have brought, and our own.
	find /etc /usr/share /usr/lib "$TOP/examples" "$TOP/templates" \
	    "$TOP/tests/cases" -xdev -type f -size -200k \
	    ! -name keyplate.conf \
	    >"$BATS_FILE_TMPDIR/files" || true
}

setup() {
	python3 -c 'import yaml' 2>/dev/null || skip "no python3-yaml here"
}

# Look at files of a format; show the counts.
keeps() {
	local status=0
	python3 "$BATS_TEST_DIRNAME/noop.py" "$1" "$BATS_FILE_TMPDIR/files" \
	    >"$BATS_TEST_TMPDIR/said" || status=$?
	cat "$BATS_TEST_TMPDIR/said"
	[ "$status" -ne 77 ] ||
	    skip "$(tail -n 1 "$BATS_TEST_TMPDIR/said")"
	echo "# $1: $(tail -n 1 "$BATS_TEST_TMPDIR/said")" >&3
	return "$status"
}

@test "real files stay as they are: yaml" {
	keeps yaml
}

@test "real files stay as they are: json" {
	keeps json
}

@test "real files stay as they are: toml" {
	keeps toml
}

@test "real files stay as they are: xml" {
	keeps xml
}

@test "real files stay as they are: ini" {
	keeps ini
}

@test "real files stay as they are: ini/python" {
	keeps ini/python
}

@test "real files stay as they are: ini/php" {
	keeps ini/php
}

@test "real files stay as they are: ini/grafana" {
	keeps ini/grafana
}

@test "real files stay as they are: ini/mysql" {
	keeps ini/mysql
}

@test "real files stay as they are: ini/systemd" {
	keeps ini/systemd
}

@test "real files stay as they are: env" {
	keeps env
}

@test "real files stay as they are: env/compose" {
	keeps env/compose
}

@test "real files stay as they are: env/sh" {
	keeps env/sh
}

@test "real files stay as they are: env/systemd" {
	keeps env/systemd
}

@test "real files stay as they are: properties" {
	keeps properties
}

@test "real files stay as they are: nginx" {
	keeps nginx
}

@test "real files stay as they are: php" {
	keeps php
}

@test "real files stay as they are: redis" {
	keeps redis
}

@test "real files stay as they are: caddyfile" {
	keeps caddyfile
}

@test "real files stay as they are: text" {
	keeps text
}
