#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# values - hostile values, names and rules: what arrives is exact, what is
# refused is said, and nothing takes more than its share.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0
load abuse.sh

@test "every byte arrives in a file of text, NUL as well" {
	need python3
	python3 -c 'import sys
sys.stdout.buffer.write(bytes(range(256)) * 3)' >secrets/bytes
	printf '[${secret:bytes}]' >a.tmpl
	printf '[' >expected
	cat secrets/bytes >>expected
	printf ']' >>expected
	keyplate render a.tmpl:a
	ended 0
	cmp a expected
}

@test "a value that looks like a placeholder is not filled in" {
	printf '${secret:user} ${env:DOMAIN} ${secret:self}' >secrets/self
	printf '${secret:b}${secret:b}' >secrets/a
	printf '${secret:a}${secret:a}' >secrets/b
	printf '${secret:self}\n${secret:a}\n${secret:none:-${secret:b}}\n' \
	    >a.tmpl
	{
		cat secrets/self && echo
		cat secrets/a && echo
		cat secrets/b && echo
	} >want
	within 100000 5 render -f text a.tmpl:a
	ended 0
	cmp a want
	# Nor in a second run over what the first has made.
	printf 'self = ${secret:self}\n' >b.tmpl
	keyplate render -f text b.tmpl:b
	ended 0
	keyplate render -f text b.tmpl:b
	ended 0
	holds b 'self = ${secret:user} ${env:DOMAIN} ${secret:self}\n'
}

@test "what sed and shells would take for their own arrives as it is" {
	local value

	printf '<${secret:odd}>' >a.tmpl
	for value in '&' '\1' '\\&' '/' '|' '$&' '$1' '${1}' '$(id)' '`id`' '%s' \
	    '!!' '~' '*' '"' "'" 'a b' ' a ' '#' ';' '\n' '\0' '@' '{{.X}}' \
	    '<?php' '%(x)s' '^' '[[:alpha:]]'; do
		printf '%s' "$value" >secrets/odd
		keyplate render -f text a.tmpl:a
		ended 0
		printf '<%s>' "$value" >want
		cmp a want
	done
}

@test "an empty secret is refused, or empty where that is allowed" {
	local name

	: >secrets/empty
	printf '\n' >secrets/line
	for name in empty line; do
		printf '<${secret:%s}>' "$name" >a.tmpl
		keyplate render -f text a.tmpl:a
		ended 1
		complains "the value of \"$name\" is empty"
		[ ! -e a ]
		printf '<${secret:%s:-}> <${secret:%s:-x}>' "$name" "$name" \
		    >b.tmpl
		keyplate render -f text b.tmpl:b
		ended 0
		holds b '<> <x>'
	done
}

@test "a NUL is refused where nothing can carry it, and ends no value" {
	printf 'before\0after' >secrets/nul
	printf 'a: ${secret:nul}\n' >a.yml.tmpl
	printf '<a>${secret:nul}</a>\n' >a.xml.tmpl
	printf 'a=${secret:nul}\n' >a.env.tmpl
	for name in a.yml a.xml a.env; do
		keyplate render "$name.tmpl:$name"
		if [ -e "$name" ]; then
			# Escaped, then.
			grep -q 'before.*after' "$name"
		else
			ended 1
			complains '"nul"'
		fi
		[[ $stderr != *before* && $stderr != *after* ]]
	done
	keyplate run --export 'A=${secret:nul}' -- true
	ended 125
	[[ $stderr != *before* && $stderr != *after* ]]
}

@test "names of any bytes reach no terminal raw" {
	local odd=$'\e]0;title\a\r\x9b31m\xff\xc2\x9b\xe2\x80\xae\xe2\x81\xa6'
	mkdir "dir$odd"
	printf '${secret:no%s} ${%s} ${secret:x|no%s}\n' \
	    "$odd" "$odd" "$odd" >"dir$odd/a$odd"
	printf '[file a%s]\npath = b%s\nsource = c%s\nodd%s = 1\n' \
	    "$odd" "$odd" "$odd" "$odd" >"rules$odd"
	for arguments in "dir$odd/a$odd" "--config=rules$odd" \
	    "--secrets=s$odd" "--format=f$odd" "--set=a:k=\${$odd}" \
	    "missing$odd" "dir$odd/a$odd:no/$odd"; do
		for format in text json; do
			keyplate render --log-format "$format" "$arguments" \
			    "dir$odd/a$odd"
			[ "$status" -ne 0 ]
			[ -n "$stderr" ]
			prints_plainly
		done
	done
}

@test "an environment of any entries is read, and read the same again" {
	need python3
	printf '${env:A}/${env:B}/${env:C:-none}\n' >a.tmpl
	for round in 1 2; do
		run --separate-stderr python3 "$BATS_TEST_DIRNAME/raw.py" env \
		    "$KEYPLATE" render a.tmpl ENV A=1 A=2 B=x=y broken =empty \
		    '' '=' $'\xff=1' PATH=/bin
		ended 0
		is "round $round" "$output" '1/x=y/none'
	done
}

@test "a service gets one of two variables of the same name" {
	need python3
	run --separate-stderr python3 "$BATS_TEST_DIRNAME/raw.py" env \
	    "$KEYPLATE" run --export 'A=${secret:user}' -- env ENV \
	    A=1 A=2 broken "KEYPLATE_SECRETS=$PWD/secrets" PATH=/bin:/usr/bin
	ended 0
	is 'A' "$(grep ^A= <<<"$output")" A=operator
}

@test "a standard error that is full or gone changes no result" {
	need python3
	printf '${secret:user}' >a.tmpl
	printf '${secret:none}' >b.tmpl
	run bash -c '"$0" render -v a.tmpl:a 2>/dev/full' "$KEYPLATE"
	ended 0
	holds a operator
	run bash -c '"$0" render b.tmpl:b 2>/dev/full' "$KEYPLATE"
	ended 1
	run python3 "$BATS_TEST_DIRNAME/raw.py" nobody "$KEYPLATE" \
	    render -v a.tmpl:c
	ended 0
	holds c operator
	run python3 "$BATS_TEST_DIRNAME/raw.py" nobody "$KEYPLATE" \
	    render b.tmpl:b
	ended 1
	[ ! -e b ]
}

@test "a pattern that runs away on each of many lines is one quick error" {
	{
		printf '[file a]\npath = a\nformat = text\n'
		printf '[match bomb]\nfile = a\ncount = any\n'
		printf 'pattern = ^(?<value>a|aa)+$\nvalue = ${secret:user}\n'
	} >rules
	for _ in {1..5000}; do
		printf '%060db\n' 0
	done | tr 0 a >before
	cp before a
	within 200000 5 render --config rules
	ended 1
	complains bomb
	is 'lines of errors' "$(grep -c 'too many steps' <<<"$stderr")" 1
	cmp a before
}

# A rule for file "a" that replaces the marker of each line by $1.
every_line() {
	printf '[file a]\npath = a\nformat = text\n[match all]\nfile = a\n'
	printf 'count = any\npattern = ^k: (?<value>xxx)\nvalue = %s\n' "$1"
}

@test "a match in each of many lines that are no UTF-8" {
	every_line '${secret:user}' >rules
	LC_ALL=C awk 'BEGIN { for (;n++ < 400000;) printf "k: xxx\377\n" }' >a
	LC_ALL=C sed 's/xxx/operator/' a >after
	within 1000000 30 render --config rules
	ended 0
	cmp a after
}

@test "one value that is missing in many lines is one message" {
	every_line '${secret:none}' >rules
	yes 'k: xxx' | head -n 900 >a
	keyplate render --config rules
	ended 1
	is 'messages' "$(grep -c '"none"' <<<"$stderr")" 1
}

@test "rule files of any bytes end in time, with plain words" {
	need python3
	printf '${secret:user}' >a
	need_static
	python3 "$BATS_TEST_DIRNAME/rules.py" 150 rules
	run --separate-stderr bash -c 'ulimit -c 0 -v 100000 -t 20
		for rules in rules/*; do
			"$0" check --config "$rules" && status=0 || status=$?
			[ "$status" -le 2 ] || echo "$rules: $status"
		done' "$KEYPLATE"
	ended 0
	is 'what did not end well' "$output" ''
	complains 'keyplate: rules/0:'
	prints_plainly
	keeps_quiet
}

@test "a million placeholders are filled in" {
	need python3
	python3 -c 'print("${secret:user}\n" * 10**6, end="")' >a.tmpl
	within 2000000 30 render a.tmpl:a
	ended 0
	is lines "$(sort -u a | uniq -c)" '      1 operator'
	is 'how many' "$(wc -l <a)" 1000000
}

@test "a hundred thousand placeholders of ten thousand secrets" {
	need python3
	python3 -c '
for i in range(10000):
    open(f"secrets/s{i}", "w").write(f"value {i}\n")
with open("a.tmpl", "w") as tmpl, open("expected", "w") as expected:
    for i in range(100000):
        n = i * 7919 % 10000
        tmpl.write(f"{i} ${{secret:s{n}}}\n")
        expected.write(f"{i} value {n}\n")'
	within 1000000 30 render a.tmpl:a
	ended 0
	cmp a expected
}

@test "placeholders open a million deep exhaust nothing" {
	need python3
	python3 -c 'print("${a:-" * 10**6, end="")' >open.tmpl
	python3 -c 'print("${a:-" * 10**4 + "x" + "}" * 10**4)' >deep.tmpl
	for name in open deep; do
		for syntax in keyplate compose envsubst mustache; do
			run --separate-stderr bash -c 'ulimit -c 0 -s 256 -t 20
				exec "$@"' - "$KEYPLATE" render \
			    --syntax "$syntax" "$name.tmpl:$name"
			[[ $status = [01] ]]
			[ "$status" = 0 ] || [ -n "$stderr" ]
		done
	done
	keyplate render open.tmpl:none
	ended 1
	[ "${#stderr}" -lt 2000 ]
	[ ! -e none ]
}

@test "a file nested ten thousand deep is refused, or read" {
	need python3
	python3 -c '
n = 10000
for name, a, b in (("json", "[", "]"), ("yml", "[", "]"), ("toml", "", ""),
    ("xml", "<a>", "</a>"), ("php", "", ""), ("conf", "a {", "}")):
    head = "a = " + "[" * n if name == "toml" else ""
    open("deep." + name, "w").write(head + a * n + b * n)
open("Caddyfile", "w").write("a {\n" * n + "}\n" * n)
open("block.yml", "w").write(
    "".join("%sa:\n" % (" " * i) for i in range(n // 10)))
open("deep.php", "w").write("<?php $a = " + "[" * n + "]" * n + ";")'
	for file in deep.* block.yml Caddyfile; do
		run --separate-stderr bash -c 'ulimit -c 0 -s 256 -t 5
			exec "$@"' - "$KEYPLATE" check \
		    --set "$file:a=\${secret:user}" 
		[[ $status = [01] ]]
		[ "${#stderr}" -lt 2000 ]
	done
}

@test "an environment of two megabytes is read and passed on" {
	run --separate-stderr bash -c 'long=$(printf %0100000d 0)
		for i in {1..17}; do export "V$i=$long"; done
		exec "$0" run --export "A=\${env:V17}" -- \
		    sh -c "echo \${#V1} \${#A}"' "$KEYPLATE"
	ended 0
	is 'what arrives' "$output" '100000 100000'
}

@test "a variable over the kernel's 128 KiB is an error that says so" {
	head -c 131072 /dev/zero | tr '\0' x >secrets/long
	keyplate run --export 'A=${secret:long}' -- true
	ended 125
	complains '"A"'
	[[ $stderr != *xxxx* ]]
	head -c 131060 /dev/zero | tr '\0' x >secrets/long
	keyplate run --export 'A=${secret:long}' -- sh -c 'echo ${#A}'
	ended 0
	is 'what arrives' "$output" 131060
}
