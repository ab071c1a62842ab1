#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# explain - the command that lists where each value goes and comes from.

bats_require_minimum_version 1.5.0
load cli.sh

# The line of the table that has $1.
row() {
	grep -F -- "$1" <<<"$output"
}

@test "a slot has its place, path, source, format and style" {
	printf '[s]\nk = `${secret:password}`\n' >a.ini
	keyplate explain -f ini/grafana a.ini
	ended 0
	row 'a.ini:2:' | grep -F s.k | grep -F password |
	    grep -F ini/grafana | grep -qi back
	keeps_quiet
}

@test "filters are listed" {
	printf 'a: ${secret:words|upper|base64}\n' >a.yml
	keyplate explain a.yml
	ended 0
	row a.yml:1:4 | grep -F upper | grep -qF base64
}

@test "what is missing is listed as such" {
	printf '${secret:missing}\n${secret:user}\n' >a
	keyplate explain a
	row a:1:1 | grep -qF missing
	row a:2:1 | grep -qF user
}

@test "a secret of a directory that comes later is named as shadowed" {
	mkdir other
	printf 'shadowed-value' >other/user
	printf '${secret:user}\n${user}\n' >a
	user=shadowed-value keyplate explain -s secrets -s other a
	ended 0
	[[ $output == *'secret:user (shadows other/user) '* ]]
	[[ $output == *'secret:user (shadows other/user, environment)'* ]]
	[[ $output != *shadowed-value* ]]
}

@test "a source that is shadowed is named" {
	printf '${user}\n' >a
	user=shadowed-value keyplate explain a
	ended 0
	row a:1:1 | grep -qF environment
	[[ $output != *shadowed-value* ]]
}

@test "rules are listed with what they set" {
	printf '[s]\nk = xxx\n' >a.ini
	printf '[file g]\npath = a.ini\nformat = ini/grafana\n' >rules.conf
	printf '[set k]\nfile = g\nkey = s.k\nvalue = ${secret:user}\n' \
	    >>rules.conf
	keyplate explain -c rules.conf
	ended 0
	row s.k | grep -qF user
}

@test "a placeholder that a rule replaces is no missing one" {
	printf 'a: ${secret:missing}\nb: ${secret:user}\n' >a.yml
	keyplate explain --set 'a.yml:a=${secret:words}' a.yml
	ended 0
	row a.yml:1:4 | grep -qF 'replaced by "--set"'
	[[ $output != *'  missing' ]]
	keyplate check --set 'a.yml:a=${secret:words}' a.yml
	ended 0
	keyplate render --set 'a.yml:a=${secret:words}' a.yml
	ended 0
	is stdout "$output" $'a: correct horse\nb: operator'
}

@test "paths of repeated keys tell them apart, and --set takes them" {
	cat >nginx.conf <<-'END'
		server { listen 1; server_name ${user}; }
		server { listen 2; server_name ${user}; allow ${user}; }
	END
	keyplate explain nginx.conf
	ended 0
	row nginx.conf:1:32 | grep -qF ' server[0].server_name '
	row nginx.conf:2:32 | grep -qF ' server[1].server_name '
	row nginx.conf:2:47 | grep -qF ' server.allow '
	keyplate render --set 'nginx.conf:server[1].server_name=b' nginx.conf
	ended 0
	is 'second line' "${lines[1]}" \
	    'server { listen 2; server_name b; allow operator; }'
	is 'first line' "${lines[0]}" \
	    'server { listen 1; server_name operator; }'
}

@test "--names gives one name on a line" {
	printf '${secret:user} ${env:DOMAIN} ${password} ${secret:user}\n' >a
	keyplate explain --names a
	ended 0
	is names "$(sort -u <<<"$output" | tr '\n' ' ')" 'DOMAIN password user '
}

@test "--names leaves out what stands in a comment" {
	printf '; ${HOSTNAME}\n[s]\nk = ${secret:user}\n' >a.ini
	keyplate explain --names -f ini/grafana a.ini
	ended 0
	is names "$output" user
}

@test "exported variables are listed behind the files" {
	printf '${secret:user}\n' >a
	printf '[export dsn]\nname = DSN\nvalue = "a:${secret:%s}@${HOST:-h}"\n' \
	    'words|urlencode' >rules.conf
	keyplate explain -c rules.conf --export 'GONE=${secret:missing}' a
	ended 0
	row a:1:1 | grep -qF text
	row rules.conf:3:10 | grep -F ' DSN ' | grep -F secret:words |
	    grep -F environment | grep -F '|urlencode' | grep -q 'resolves$'
	row ' GONE ' | grep -q 'missing$'
	keeps_quiet
	keyplate explain -c rules.conf --names a
	is names "$output" $'user\nwords\nHOST'
	keyplate explain -c rules.conf
	ended 0
	row rules.conf:3:10 | grep -qF ' DSN '
}

@test "an export that is malformed is an error" {
	keyplate explain --export 'A=${secret:' --export 'B=${secret:user}'
	ended 1
	[[ $stderr == *--export* ]]
	is table "$output" ''
}

@test "nothing is written" {
	printf '[s]\nk = ${secret:user}\n' >a.ini
	before=$(identity a.ini)
	keyplate explain -f ini/grafana a.ini
	is identity "$(identity a.ini)" "$before"
}

@test "colours tell what is missing" {
	printf '${secret:missing}\n${secret:user}\n' >a
	keyplate explain --color always a
	ended 0
	row a:1:1 | grep -qF $'\033[1;31mmissing\033[0m'
	row a:2:1 | grep -qF $'\033[32mresolves\033[0m'
	# Without them the table is the same.
	printf '%s\n' "$output" | sed 's/\x1b\[[0-9;]*m//g' >bare
	"$KEYPLATE" explain a | diff - bare
	NO_COLOR=1 keyplate explain --color auto a
	[[ $output != *$'\033'* ]]
}

@test "as JSON each row is an object, and no value is in it" {
	command -v jq >/dev/null || skip 'no jq'
	printf 'a:\n  "b c": ${secret:words|upper|base64}\n  d: ${HOST:-x}\n' \
	    >a.yml
	keyplate explain --log-format json a.yml
	ended 0
	printf '%s\n' "$output" >rows
	is rows "$(jq -sc 'map([.file, .line, .column, .path])' rows)" \
	    '[["a.yml",2,10,"a.\"b c\""],["a.yml",3,6,"a.d"]]'
	is row "$(jq -c 'select(.line == 2) |
	    [.source, .format, .style, .filters, .state]' rows)" \
	    '["secret:words","yaml","bare","|upper|base64","resolves"]'
	is 'no filter' "$(jq 'select(.line == 3) | has("filters")' rows)" false
	keeps_quiet
}

@test "columns are aligned by characters, and no key drives the terminal" {
	printf '"k\\e[2Jü": ${secret:user}\nk: ${secret:user}\n' >a.yml
	keyplate explain a.yml
	ended 0
	[[ $output != *$'\033'* ]]
	row a.yml:1: | grep -qF '\x1b[2J'
	local LC_ALL=C.UTF-8 line before
	while read -r line; do
		before=${line%%secret:user*}
		echo "${#before}"
	done < <(row secret:user) | sort -u >columns
	is 'columns that the sources begin in' "$(wc -l <columns)" 1
}

@test "a file that is not there is an error" {
	keyplate explain no-such.yml
	ended 1
	complains 'no-such.yml: cannot be opened'
	is stdout "$output" ''
}

@test "an explanation that cannot be written is a failure" {
	local option

	printf '${secret:user}\n' >a.tmpl
	for option in '' --names; do
		run --separate-stderr sh -c '"$1" explain $2 a.tmpl >/dev/full' \
		    sh "$KEYPLATE" "$option"
		ended 1
		complains \
		    'cannot write to standard output: No space left on device'
	done
}
