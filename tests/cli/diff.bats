#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# diff - the command that shows what would change.

bats_require_minimum_version 1.5.0
load cli.sh

rules() {
	printf '[file g]\npath = a.ini\nformat = ini/grafana\n' >rules.conf
	printf '[set k]\nfile = g\nkey = s.k\nvalue = ${secret:password}\n' \
	    >>rules.conf
}

@test "a change is shown with the values masked on both sides" {
	rules
	printf '[s]\na = 1\nk = old-password\nb = 2\n' >a.ini
	keyplate diff -c rules.conf
	ended 1
	[[ $output == *'-k = '* ]]
	[[ $output == *'+k = '* ]]
	[[ $output == *' a = 1'* ]]
	[[ $output != *old-password* ]]
	keeps_quiet
}

@test "the diff is a unified one" {
	rules
	printf '[s]\na = 1\nk = xxx\nb = 2\n' >a.ini
	keyplate diff -c rules.conf
	ended 1
	grep -q '^--- .*a\.ini' <<<"$output"
	grep -q '^+++ .*a\.ini' <<<"$output"
	grep -q '^@@ -1,4 +1,4 @@' <<<"$output"
}

@test "no difference is silent and good" {
	rules
	printf '[s]\nk = xxx\n' >a.ini
	"$KEYPLATE" render -c rules.conf
	keyplate diff -c rules.conf
	ended 0
	is output "$output$stderr" ''
}

@test "nothing is written" {
	rules
	printf '[s]\nk = xxx\n' >a.ini
	before=$(identity a.ini)
	keyplate diff -c rules.conf
	is identity "$(identity a.ini)" "$before"
	is listing "$(ls a.ini*)" a.ini
}

@test "every trouble is a 2" {
	printf '${secret:missing}\n' >a.tmpl
	keyplate diff a.tmpl:a
	ended 2
	complains a.tmpl:1:1
}

@test "a file that is not there yet differs" {
	printf 'k = ${secret:password}\n' >a.tmpl
	keyplate diff a.tmpl:a
	ended 1
	grep -q '^+k = ' <<<"$output"
	keeps_quiet
	[ ! -e a ]
}

@test "a value of several lines is masked whole" {
	printf 'correct horse\nbattery staple\n' >secrets/lines
	printf 'k: |\n  ${secret:lines}\n' >a.tmpl
	keyplate diff -f yaml a.tmpl:a.yml
	ended 1
	keeps_quiet
	[[ $output != *battery* ]]
}

@test "an old value is masked where the line is only context" {
	printf '[s]\nk = ${secret:password}\nb = ${DOMAIN}\n' >a.tmpl
	"$KEYPLATE" render -f ini/grafana a.tmpl:a.ini
	DOMAIN=other.example.org keyplate diff -f ini/grafana a.tmpl:a.ini
	ended 1
	keeps_quiet
}

@test "an old value is masked where its key has another name by now" {
	printf 'db:\n  password: old-password\n  port: 1\n' >a.yml
	printf 'db:\n  secret: ${secret:password}\n  port: 1\n' >a.tmpl
	keyplate diff a.tmpl:a.yml
	ended 1
	[[ $output == *'-  password: ***'* ]]
	[[ $output == *'+  secret: ${secret:password}'* ]]
	[[ $output == *'   port: 1'* ]]
	[[ $output != *old-password* ]]
}

@test "a value is masked where no rule sets it any more" {
	printf 'k: xxx\nother: xxx\n# correct horse\n' >a.yml
	"$KEYPLATE" render --set 'a.yml:k=${secret:password}'
	keyplate diff --set 'a.yml:other=${secret:password}'
	ended 1
	[[ $output == *$'\n k: ***\n-other: ***\n+other: ${secret:password}'* ]]
	printf 'k: correct horse\nother: xxx\n# correct horse\n' >a.yml
	keyplate diff --set 'a.yml:other=${secret:words}'
	ended 1
	[[ $output == *$' k: ***\n'* ]]
	[[ $output == *'# ***'* ]]
	keeps_quiet
	printf 'k: secretly\non: true\nother: xxx\n' >a.yml
	ON=true SETTING=secretly keyplate diff \
	    --set 'a.yml:other=${ON} ${SETTING}'
	ended 1
	[[ $output == *$' k: ***\n on: true\n'* ]]
}

@test "colours tell the sides apart" {
	printf 'a = ${secret:password}\n-- x\nb\n' >t.properties
	printf 'a = old\n-- y\nb\n' >a.properties
	keyplate diff --color always t.properties:a.properties
	ended 1
	[[ $output == *$'\033[1m--- a.properties\033[0m'* ]]
	[[ $output == *$'\033[36m@@ -1,3 +1,3 @@\033[0m'* ]]
	# This is a line of the file, and no header.
	[[ $output == *$'\033[31m--- ***\033[0m'* ]]
	[[ $output == *$'\033[32m+-- x\033[0m'* ]]
	printf '%s\n' "$output" | sed 's/\x1b\[[0-9;]*m//g' >bare
	"$KEYPLATE" diff t.properties:a.properties | diff - bare
}

@test "as JSON each line that differs is an object" {
	command -v jq >/dev/null || skip 'no jq'
	printf 'x\na = ${secret:password}\n-- "x"\n' >t.properties
	printf 'x\na = old-value\n-- y\n' >a.properties
	keyplate diff --log-format json t.properties:a.properties
	ended 1
	keeps_quiet
	[[ $output != *old-value* ]]
	is lines "$(jq -sc 'map([.path, .line, .change, .text])' <<<"$output")" \
	    '[["a.properties",2,"removed","a = ***"],["a.properties",3,"removed","-- ***"],["a.properties",2,"added","a = ${secret:password}"],["a.properties",3,"added","-- \"x\""]]'
	"$KEYPLATE" render t.properties:a.properties
	keyplate diff --log-format json t.properties:a.properties
	ended 0
	is output "$output" ''
}

@test "a source without a target has nothing to differ from" {
	printf '${secret:user}\n' >a.tmpl
	printf 'old\n' >b
	keyplate diff a.tmpl:b a.tmpl
	ended 2
	complains 'diff takes SRC:DST, and a.tmpl has no DST'
	is stdout "$output" ''
}

@test "a diff that cannot be written is a 2" {
	printf 'k = ${secret:password}\n' >a.tmpl
	run --separate-stderr sh -c '"$1" diff a.tmpl:a >/dev/full' sh \
	    "$KEYPLATE"
	ended 2
	complains 'cannot write to standard output: No space left on device'
	keeps_quiet
	[ ! -e a ]
}
