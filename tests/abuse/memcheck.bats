#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# memcheck - whole command lines read no byte that nobody wrote, write none
# that is not theirs, and lose none.  Here are some; "make check-valgrind" has
# all the cases, too.
# shellcheck disable=SC2016,SC2034

bats_require_minimum_version 1.5.0
load abuse.sh

# A command that is not found is what a test is about.
export BATS_WARNING_FILE=/dev/null

setup() {
	need valgrind
	[[ ${KIND-static} = @(static|shared|debug) ]] ||
	    skip "this is a $KIND build"
	[ "${LIBC-glibc}" = glibc ] || skip 'valgrind knows the heap of glibc'
	[ -x "${TOP_BUILDDIR:-.}/tests/abuse/shared" ] ||
	    skip 'needs tests/abuse/shared'
	KEYPLATE=$BATS_TEST_DIRNAME/memcheck.sh
	export MEMCHECK_LOGS=$BATS_TEST_TMPDIR/logs
	cd "$BATS_TEST_TMPDIR" || return
	mkdir logs secrets
	printf 'operator\n' >secrets/user
	printf 'a b#c"d\n' >secrets/odd
	export KEYPLATE_SECRETS=$PWD/secrets
	cat >rules <<-'END'
		[file a]
		path = a.yaml
		[set user]
		file = a
		key = login.user
		value = ${secret:user|upper}
		[match port]
		file = a
		pattern = ^port: (?<value>\d+)$
		value = ${PORT|int:-80}
		[file b]
		source = b.tmpl
		path = b.ini
		format = ini/grafana
		verify = grep -q odd {}
		[export who]
		name = WHO
		value = ${secret:user|sha256}
	END
	printf '# yes\nlogin: {user: x, pass: "y"}\nport: 1\n' >a.yaml
	printf '[s]\nodd = ${secret:odd}\n;who = x\n' >b.tmpl
}

# What was found, if anything, is what a failure shows.
teardown() {
	[ ! -d logs ] || cat logs/*
}

@test "files are rendered" {
	keyplate render -c rules --set 'b.ini:s.who=${secret:user|base64}'
	ended 0
	holds a.yaml '# yes\nlogin: {user: OPERATOR, pass: "y"}\nport: 80\n'
	keyplate render b.tmpl
	ended 0
}

@test "it is checked, compared and explained" {
	keyplate check -c rules
	ended 0
	keyplate diff -c rules
	ended 1
	keyplate explain -c rules
	ended 0
}

@test "a service is started, supervised and in place" {
	local way

	for way in --linger=3s --exec; do
		keyplate run "$way" -c rules -t b.tmpl:mem:b -- \
		    sh -c 'cat "$1"; exit 7' sh '@{b}'
		# In place valgrind has the service's status as its own.
		ended 7
	done
}

@test "refusals and mistakes of use are told" {
	printf 'a: ${secret:none}\nb: ${secret:odd|int}\nc: ${secret:' >bad.yaml
	keyplate render -c rules bad.yaml:new
	ended 1
	printf '[file a\nodd = 1\n[set]\nkey = "\n' >bad.rules
	keyplate check -c bad.rules
	ended 1
	keyplate render --colour --set x --format none -c rules
	ended 2
	keyplate run -c rules -- /no/such/command
	ended 127
}
