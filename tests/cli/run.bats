#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# run - the command that renders and starts the service.

bats_require_minimum_version 1.5.0
load cli.sh

@test "the service starts with its files rendered" {
	printf 'k=${secret:password}\n' >a.tmpl
	keyplate run -t a.tmpl:a -- cat a
	ended 0
	is stdout "$output" "k=$PASSWORD"
}

@test "run may be left out before a double dash" {
	keyplate -- echo started
	ended 0
	is stdout "$output" started
}

@test "the arguments of the service are its own" {
	keyplate run printf '<%s>' -n --exec 'two words' ''
	ended 0
	is stdout "$output" '<-n><--exec><two words><>'
}

@test "the status is the service's own" {
	keyplate run -- sh -c 'exit 7'
	ended 7
	keyplate run --exec -- sh -c 'exit 7'
	ended 7
}

@test "a service that dies of a signal is 128 and its number" {
	keyplate run -- sh -c 'kill -TERM $$'
	ended 143
}

@test "a service that is not there is 127" {
	run -127 --separate-stderr "$KEYPLATE" run -- no-such-program
	complains no-such-program
	run -127 --separate-stderr "$KEYPLATE" run --exec -- no-such-program
	complains no-such-program
}

@test "a service that cannot be executed is 126" {
	printf 'no program\n' >file
	keyplate run -- ./file
	ended 126
	complains file
	keyplate run --exec -- ./file
	ended 126
}

@test "a missing secret starts nothing and writes nothing" {
	printf '${secret:missing}\n' >a.tmpl
	printf '${secret:user}\n' >b.tmpl
	printf 'old\n' >a
	before=$(identity a)
	keyplate run -t a.tmpl:a -t b.tmpl:b -- touch started
	ended 125
	complains a.tmpl:1:1
	[ ! -e started ]
	[ ! -e b ]
	is identity "$(identity a)" "$before"
}

@test "a value that its place cannot hold starts nothing" {
	printf 'a${HOME}b\n' >secrets/brace
	printf '[s]\nk = ${secret:brace}\n' >a.tmpl
	keyplate run -f ini/grafana -t a.tmpl:a.ini -- touch started
	ended 125
	[ ! -e started ]
	[ ! -e a.ini ]
}

@test "the status of keyplate's own failures can be another" {
	printf '${secret:missing}\n' >a.tmpl
	keyplate run --exit-code 77 -t a.tmpl:a -- true
	ended 77
}

@test "no command is a mistake of use" {
	keyplate run
	ended 125
}

@test "a dry run starts nothing" {
	printf '${secret:user}\n' >a.tmpl
	keyplate run -n -t a.tmpl:a -- touch started
	ended 0
	[ ! -e started ]
	[ ! -e a ]
}

@test "an exported variable is in the service's environment" {
	keyplate run --export 'ADMIN=${secret:password}' -- \
	    sh -c 'printf %s "$ADMIN"'
	ended 0
	is stdout "$output" "$PASSWORD"
}

@test "an export of a rule file is in the service's environment" {
	printf '[export admin]\nname = ADMIN\nvalue = ${secret:words}\n' \
	    >rules.conf
	keyplate run -c rules.conf -- sh -c 'printf %s "$ADMIN"'
	ended 0
	is stdout "$output" 'correct horse'
}

@test "an optional export that does not resolve is left out" {
	printf '[export a]\nname = A\nvalue = ${secret:missing}\noptional = yes\n' \
	    >rules.conf
	keyplate run -c rules.conf -- sh -c 'echo "${A-unset}"'
	ended 0
	is stdout "$output" unset
}

@test "no variable of keyplate reaches the service" {
	keyplate run -- env
	ended 0
	[[ $output != *KEYPLATE_* ]]
	[[ $output == *DOMAIN=example.org* ]]
}

@test "no secret is in the environment that was not exported" {
	printf '${secret:password}\n' >a.tmpl
	keyplate run -t a.tmpl:a -- env
	ended 0
	keeps_quiet
}

@test "--exec replaces keyplate by the service" {
	"$KEYPLATE" run --exec -- sh -c 'echo $$ >pid' &
	wait $!
	is process "$(cat pid)" "$!"
}

@test "supervised, keyplate is the service's parent" {
	keyplate run -- sh -c 'cat /proc/$PPID/comm'
	ended 0
	is parent "$output" keyplate
}

@test "SIGTERM reaches the service" {
	mkfifo ready
	"$KEYPLATE" run -- sh -c \
	    'trap "exit 9" TERM; echo >ready; while :; do read x <ready; done' &
	read -r _ <ready
	kill -TERM $!
	status=0
	wait $! || status=$?
	ended 9
}

@test "standard input is the service's" {
	output=$(echo input | "$KEYPLATE" run -- cat)
	is stdout "$output" input
}

@test "--user runs the service as somebody else" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	chmod 755 .
	keyplate run --user 1234:4321 -- id -u
	ended 0
	is uid "$output" 1234
	keyplate run --user 1234:4321 -- id -g
	is gid "$output" 4321
}

@test "a rendered file belongs to the user that the service runs as" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	mkdir out
	printf '${secret:user}\n' >a.tmpl
	keyplate run --user 1234:4321 -t a.tmpl:out/a -- true
	ended 0
	is 'owner and mode' "$(stat -c '%u:%g %a' out/a)" '1234:4321 600'
}

@test "a command that is not there leaves every file as it is" {
	printf '${secret:user}\n' >a.tmpl
	keyplate run -t a.tmpl:a -- no-such-command
	ended 127
	[ ! -e a ]
	keyplate run -t a.tmpl:a -- "$PWD"
	ended 126
	[ ! -e a ]
	printf 'x\n' >plain
	keyplate run -t a.tmpl:a -- ./plain
	ended 126
	[ ! -e a ]
}

@test "a command may be what the run renders" {
	printf '#!/bin/sh\necho ${secret:user}\n' >service.tmpl
	keyplate run --mode 0700 -t "service.tmpl:$PWD/service" -- \
	    "$PWD/service"
	ended 0
	is stdout "$output" operator
}

@test "a template in place of COMMAND is told where it goes" {
	printf '${secret:user}' >a.tmpl
	keyplate run a.tmpl:a.txt -- true
	ended 127
	complains 'hint: a template stands behind -t'
	keyplate run -- app -- a.tmpl
	ended 127
	complains 'hint: looked in'
}
