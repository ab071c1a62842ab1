#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# check - the command that resolves everything and writes nothing.

bats_require_minimum_version 1.5.0
load cli.sh

@test "good input is silent" {
	printf '[s]\nk = ${secret:user}\n' >a.ini
	keyplate check -f ini/grafana a.ini
	ended 0
	is output "$output$stderr" ''
}

@test "nothing is written" {
	printf '[s]\nk = xxx\n' >a.ini
	printf '[file g]\npath = a.ini\nformat = ini/grafana\n' >rules.conf
	printf '[set k]\nfile = g\nkey = s.k\nvalue = ${secret:user}\n' \
	    >>rules.conf
	before=$(identity a.ini)
	keyplate check -c rules.conf
	ended 0
	is identity "$(identity a.ini)" "$before"
	is listing "$(echo [ar]*)" 'a.ini rules.conf'
}

@test "all problems of all files come out, sorted by place" {
	printf '${secret:one}\n${env:TWO}\n' >b
	printf 'x: ${secret:three}\n' >a.yml
	keyplate check b a.yml
	ended 1
	is places \
	    "$(grep -o '[ab][.yml]*:[0-9]*:[0-9]*' <<<"$stderr" | tr '\n' ' ')" \
	    'a.yml:1:4 b:1:1 b:2:1 '
}

@test "a file that its reader would refuse is a problem" {
	printf 'a: [1, 2\n' >a.yml
	keyplate check a.yml
	ended 1
	complains a.yml:
}

@test "a value that its place cannot hold is a problem" {
	printf '[s]\nk = ${secret:brace}\n' >a.ini
	printf 'before${HOME}after\n' >secrets/brace
	keyplate check -f ini/grafana a.ini
	ended 1
	complains a.ini:2:5
	[[ $stderr != *before* ]]
}

@test "an address that nobody can wait for is a problem" {
	printf '[keyplate]\nwait = tcp://db\n[file a]\npath = a\n' >rules.conf
	printf '${secret:user}\n' >a
	keyplate check -c rules.conf
	ended 2
	complains 'a port from 1 to 65535 is missing'
	sed -i 's/db$/db:5432/' rules.conf
	keyplate check -c rules.conf
	ended 0
	is output "$output$stderr" ''
}

@test "a near name is suggested" {
	printf '${secret:passwort}\n' >a
	keyplate check a
	ended 1
	complains '"password"'
}

@test "a name that was looked for says where" {
	printf '${secret:missing}\n' >a
	keyplate check a
	ended 1
	complains "$PWD/secrets"
}

@test "a mistake in a rule file has its line and a suggestion" {
	printf '[file g]\npath = a.ini\nformta = ini\n' >rules.conf
	printf '[s]\n' >a.ini
	keyplate check -c rules.conf
	ended 1
	complains rules.conf:3:
	complains '"format"'
}

@test "a secret with odd ends is warned about by name" {
	printf ' correct horse \n\n' >secrets/odd
	printf '${secret:odd}\n' >a
	keyplate check a
	ended 0
	complains odd
	complains warning
	keeps_quiet
}

@test "raw insertion is warned about" {
	printf 'a: ${secret:words|raw}\n' >a.yml
	keyplate check a.yml
	ended 0
	complains raw
	complains a.yml:1:4
}

@test "an unknown option is a mistake of use" {
	keyplate check --no-such-option
	ended 2
}

@test "a rule for a key that is repeated is told how to say which" {
	printf '[Service]\nEnvironment=A=1\nUser=x\nUser=y\n' >a.service
	keyplate check --set 'a.service:Service.User=z' a.service
	ended 1
	complains 'Service.User stands in a.service 2 times: lines 3, 4'
	complains 'Service.User[0], Service.User[1]'
	keyplate check --set 'a.service:Service.User[2]=z' a.service
	ended 1
	complains 'Service.User stands there 2 times'
	keyplate check --set 'a.service:Service.User[-1]=z' a.service
	ended 1
	complains 'Service.User stands there 2 times'
	keyplate check --set 'a.service:Service.User[1]=z' a.service
	ended 0
}

@test "a variable without a value is warned about where that is allowed" {
	keyplate check --allow-missing --export 'PW=${secret:nope}'
	ended 0
	complains 'warning: no value for "nope"'
	keyplate check --export 'PW=${secret:nope}'
	ended 1
	# COMMAND would get the placeholder.
	keyplate run --allow-missing --export 'PW=${secret:nope}' -- true
	ended 125
	complains 'no value for "nope"'
}
