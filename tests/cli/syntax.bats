#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# syntax - templates of other tools, other marks, and the names that count.
# shellcheck disable=SC2016,SC2154 # placeholders are not for the shell

bats_require_minimum_version 1.5.0
load cli.sh

# renders PROFILE TEMPLATE WANTED: with X="v 1", PASS="a&b", none of the rest.
renders() {
	printf '%s\n' "$2" >template
	X='v 1' PASS='a&b' keyplate render --syntax "$1" template
	ended 0
	is stdout "$output" "$3"
}

# refuses PROFILE TEMPLATE TEXT
refuses() {
	printf '%s\n' "$2" >template
	X='v 1' keyplate render --syntax "$1" template
	ended 1
	is stdout "$output" ''
	complains "$3"
}

@test "envsubst: both forms, and nothing for what is not set" {
	renders envsubst '$X ${X} [$UNSET] [${UNSET}]' 'v 1 v 1 [] []'
	renders envsubst '${X:-d} $1 $ ${} ${X' '${X:-d} $1 $ ${} ${X'
}

@test "envsubst: a value is not substituted again" {
	printf '$A\n' >template
	A='$X ${X}' X=no keyplate render --syntax envsubst template
	is stdout "$output" '$X ${X}'
}

@test "nginx: variables of nginx stay, those of the environment go" {
	renders nginx 'proxy_pass $X; set $host ${uri} $1;' \
	    'proxy_pass v 1; set $host ${uri} $1;'
}

@test "compose: operators, nested defaults, and two dollars for one" {
	renders compose '$X ${X} ${X:-d} ${U:-d} ${U-d} ${X:+s} [${U:+s}]' \
	    'v 1 v 1 v 1 d d s []'
	renders compose '${U:-${V:-${X}}} $$X $${X}' 'v 1 $X ${X}'
}

@test "compose: what is not set is empty, with a warning" {
	renders compose '[$UNSET]' '[]'
	complains 'warning: "UNSET" is not set'
}

@test "compose: a lone dollar and an odd operator are errors" {
	refuses compose 'a $ b' 'malformed placeholder'
	refuses compose '${X%y}' 'malformed placeholder'
	refuses compose '${X' 'malformed placeholder'
}

@test "ep: an odd number of backslashes escapes" {
	renders ep '${X} ${U:-d e} \${X}' 'v 1 d e ${X}'
	refuses ep '${U}' 'no value for "U"'
}

@test "ep: half of the backslashes are kept" {
	renders ep '\\${X} \\\${X} \\\\${X} \\\\\${X}' \
	    '\v 1 \${X} \\v 1 \\${X}'
	renders ep '\ \\ \$X \.' '\ \\ \$X \.'
}

@test "ep, caddy: the default is for what is not set, not for what is empty" {
	printf '[${E:-d}] [${U:-d}]\n' >template
	E='' keyplate render --syntax ep template
	is stdout "$output" '[] [d]'
	printf '[{$E:d}] [{$U:d}]\n' >template
	E='' keyplate render --syntax caddy template
	is stdout "$output" '[] [d]'
}

@test "caddy: the braces with a dollar" {
	renders caddy '{$X} {$U:d} {host} ${X}' 'v 1 d {host} ${X}'
	refuses caddy '{$U}' 'no value for "U"'
}

@test "caddy: values are encoded for the file" {
	printf ':80 {\n\trespond {$WORDS}\n}\n' >Caddyfile
	WORDS='two words' keyplate render --syntax caddy Caddyfile
	ended 0
	is stdout "$output" ':80 {
	respond "two words"
}'
}

@test "grafana: a variable, and a file" {
	printf 'from a file\n' >file
	renders grafana "\$__env{X} \$__file{$PWD/file} \${X}" \
	    'v 1 from a file ${X}'
}

@test "at: two signs for one" {
	renders at '@X@ me@@example.org a@b' 'v 1 me@example.org a@b'
	refuses at '@UNSET@' 'no value for "UNSET"'
}

@test "dunder: what is not set stays" {
	renders dunder '__X__ __UNSET__ __init__.py _X_' \
	    'v 1 __UNSET__ __init__.py _X_'
}

@test "mustache: the ways to write one value" {
	renders mustache \
	    '{{ X }} {{.Env.X}} {{ getenv "X" }} {{ getenv "U" "d e" }}' \
	    'v 1 v 1 v 1 d e'
	renders mustache \
	    '{{ .Env.U|default "d" }} {{ default .Env.X "d" }} {{"{{"}} }}' \
	    'd v 1 {{ }}'
}

@test "mustache: a key of confd is a variable" {
	printf '{{ getv "/db/pass" }} {{getv "/db/no" "d e"}}\n' >template
	DB_PASS='v 1' keyplate render --syntax mustache template
	ended 0
	is stdout "$output" 'v 1 d e'
	DB_PASS='v 1' keyplate explain --names --syntax mustache template
	is names "$output" $'DB_PASS\nDB_NO'
	refuses mustache '{{ getv "/db/no" }}' 'no value for "DB_NO"'
	refuses mustache '{{ getv "db" }}' 'only values are understood'
	refuses mustache '{{ getv "/a b" }}' 'no name of a variable'
}

@test "mustache: logic is called by its name" {
	refuses mustache '{{ if .Env.X }}b{{ end }}' '"if" is logic'
	refuses mustache '{{- range .Env }}' '"range" is logic'
	refuses mustache '{{- .Env.X -}}' 'cannot be trimmed'
}

@test "mustache: everything else is an error that names the place" {
	refuses mustache 'a {{ if .Env.X }}b{{ end }}' 'template:1:3'
	refuses mustache 'a {{ end }}' 'template:1:3'
	refuses mustache '{{ .Env.X | toUpper }}' 'only values are understood'
	refuses mustache '{{ exists "/a" }}' 'only values are understood'
	refuses mustache '{{ X' 'closing'
}

@test "delimiters of one's own, with keyplate's grammar between them" {
	printf '{{ X|upper }} {{U:-{{X}}}} ${X} {{ 1 }}\n' >template
	X=v keyplate render --delimiters '{{ }}' template
	ended 0
	is stdout "$output" 'V v ${X} {{ 1 }}'
}

@test "a hint is written as the file's placeholders are" {
	local syntax
	printf '{{ NOPE }} {{ secret:nope }} {{ X y }}\n' >template
	keyplate render --delimiters '{{ }}' template
	ended 1
	complains 'give a default: secret:nope:-...'
	complains 'no closing mark, no filter and no operator'
	complains 'write name, name|filter or name:-default between {{ and }}'
	[[ $stderr != *'${'* ]]
	printf '{$NOPE}' >of-caddy
	printf '$__env{NOPE}' >of-grafana
	printf '@NOPE@' >of-at
	for syntax in caddy grafana at; do
		keyplate render --syntax "$syntax" "of-$syntax"
		ended 1
		complains 'hint: provide it'
		[[ $stderr != *'${'* ]]
	done
}

@test "marks of letters, or one alone, are wrong usage" {
	keyplate render --delimiters 'a b' template
	ended 2
	keyplate render --delimiters '{{' template
	ended 2
}

@test "only the names that are listed count" {
	printf '${X} ${PASS} ${U}\n' >template
	X=v PASS=w keyplate render --only X,PASS template
	ended 0
	is stdout "$output" 'v w ${U}'
}

@test "what is none of the listed names stays, malformed or not" {
	local theirs='${a.b:c} ${sys:x} ${A^^} $${U} $${a.b} ${secret:} ${U:-'
	printf '%s ${X}\n' "$theirs" >template
	X=v keyplate render --only X template
	ended 0
	is stdout "$output" "$theirs v"
	printf '${X.y} ${env:X^}\n' >template
	X=v keyplate check --only X template
	ended 1
	complains 'template:1:1: malformed'
	complains 'template:1:8: malformed'
}

@test "a rule file may give each file its syntax" {
	printf '$X ${Y}\n' >a.tmpl
	printf '@X@ ${Y}\n' >b.tmpl
	cat >rules.conf <<-'EOT'
	[file a]
	source = a.tmpl
	path   = a
	syntax = envsubst
	only   = X

	[file b]
	source = b.tmpl
	path   = b
	syntax = at
	EOT
	X='v 1' keyplate render -c rules.conf
	ended 0
	holds a 'v 1 ${Y}\n'
	holds b 'v 1 ${Y}\n'
}

@test "a syntax that there is not is an error with its place" {
	printf 'x\n' >a.tmpl
	printf '[file a]\nsource = a.tmpl\npath = a\nsyntax = jinja\n' >rules.conf
	keyplate render -c rules.conf
	ended 1
	complains 'rules.conf:4:10: syntax wants the name of a syntax'
	complains 'hint: keyplate help syntax lists them'
}

@test "a placeholder of another tool that is malformed is an error" {
	local open='its closing mark is missing'

	refuses compose '${}' 'that is no name of a variable'
	refuses compose '${1}' 'that is no name of a variable'
	refuses compose '${X%y}' 'neither "}" nor an operator after the name'
	refuses compose 'a $ b' '$$ is a literal $ here'
	refuses ep '${X' "$open"
	refuses ep '${X:-d' "$open"
	refuses ep '${X-d}' 'neither "}" nor ":-" after the name'
	refuses caddy '{$X' "$open"
	refuses caddy '{$X:d' "$open"
	refuses caddy '{$}' '{$NAME} or {$NAME:default} is expected'
	refuses caddy '{$X-d}' 'neither "}" nor ":" after the name'
	refuses grafana '$__env{X' "$open"
	refuses grafana '$__file{/a' "$open"
	refuses grafana '$__env{a b}' '$__env{} takes the name of a variable'
	refuses grafana '$__file{a}' '$__file{} takes an absolute path'
}

@test "what ends with the text is not closed" {
	printf 'a ${X' >template
	X='v 1' keyplate render --syntax compose template
	ended 1
	is stdout "$output" ''
	complains 'template:1:3: malformed placeholder: its closing mark is'
}
