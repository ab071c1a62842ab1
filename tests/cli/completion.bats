#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# completion - bash, zsh and fish complete what the table of options has.

bats_require_minimum_version 1.5.0
load cli.sh

COMPLETIONS=$(realpath "${BATS_TEST_DIRNAME:?}/../../completions")

# One of these has to be what a shell makes of it: the words of a command
# line, of which the last is begun, and its completions in their order.
cases() {
	cat <<-'END'
		keyplate ren|render
		keyplate explain --na|--names
		keyplate check --log-format gi|github
		keyplate check --syntax envs|envsubst
		keyplate render --format ini/gr|ini/grafana
		keyplate run --signal gr|group
		keyplate help placeh|placeholders
		keyplate --propag|--propagate-signal
		keyplate check ./a-fi|./a-file
		keyplate check --secrets ./a-dir|./a-directory
	END
}

# Where every shell finds keyplate, and two names to complete.
prepare() {
	mkdir bin a-directory
	ln -s "$KEYPLATE" bin/keyplate
	PATH=$PWD/bin:$PATH
	touch a-file
}

@test "the table has every command, and every option of each" {
	keyplate help completion
	ended 0
	printf '%s\n' "$output" >table
	while read -r command; do
		"$KEYPLATE" "$command" --help |
			sed -nE 's/^ {2,6}(-., )?(--[a-z-]+).*/\2/p' >help
		awk -F '\t' -v of="$command" '$1 == "option" && $2 == of {
			print $4 }' table >options
		[ -s options ]
		diff <(sort help) <(sort options)
	done < <(awk '$1 == "command" && $2 != "help" { print $2 }' table)
	is 'columns' "$(awk -F '\t' '$1 == "option" { print NF }' table |
		sort -u)" 7
}

complete_in_bash() {
	# shellcheck disable=SC2016
	bash --norc -c '. "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_keyplate
		echo "${COMPREPLY[*]}"' bash "$COMPLETIONS/keyplate" "$@"
}

@test "bash completes commands, options, their words, files, topics" {
	prepare
	while IFS='|' read -r line expect; do
		read -ra words <<<"$line"
		is "$line" "$(complete_in_bash "${words[@]}")" "$expect"
	done < <(cases)
	# readline cuts at "=".
	is '=' "$(complete_in_bash keyplate check --log-format = gi)" github
	is 'user' "$(complete_in_bash keyplate --user roo)" root
	is 'the service' "$(complete_in_bash keyplate run -- keyplat)" keyplate
	is 'its files' "$(complete_in_bash keyplate -- cat a-fi)" a-file
	is 'nothing' "$(complete_in_bash keyplate rendr --s)" ''
}

@test "bash takes a name with blanks for one" {
	prepare
	touch 'two words'
	# shellcheck disable=SC2016
	bash --norc -c '. "$1"
		COMP_WORDS=(keyplate check tw) COMP_CWORD=2
		_keyplate
		printf "<%s>" "${COMPREPLY[@]}"' bash "$COMPLETIONS/keyplate" >out
	is completions "$(cat out)" '<two words>'
}

@test "bash finds it by the name of the command" {
	bash --norc -c '. "$1"; complete -p keyplate' bash \
		"$COMPLETIONS/keyplate" | grep -qF -- '-F _keyplate'
}

complete_in_fish() {
	# shellcheck disable=SC2016
	fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
		"$COMPLETIONS/keyplate.fish" "$1" | cut -f 1 | tr '\n' ' '
}

@test "fish completes the same" {
	command -v fish >/dev/null || skip 'no fish'
	export HOME=$PWD
	prepare
	while IFS='|' read -r line expect; do
		is "$line" "$(complete_in_fish "$line" | sed 's, $,,; s,/$,,')" \
			"$expect"
	done < <(cases)
	is '=' "$(complete_in_fish 'keyplate check --log-format=gi')" \
		'--log-format=github '
	is 'the service' "$(complete_in_fish 'keyplate run -- keyplat')" \
		'keyplate '
}

type_in_zsh() {
	timeout 60 zsh -f "$BATS_TEST_DIRNAME/complete.zsh" "$COMPLETIONS" \
		"$1" | tr -d '\r' | sed 's, *$,,; s,/$,,; /^$/d'
}

@test "zsh completes the same" {
	command -v zsh >/dev/null || skip 'no zsh'
	prepare
	while IFS='|' read -r line expect; do
		is "$line" "$(type_in_zsh "$line")" "${line% *} $expect"
	done < <(cases)
	is '=' "$(type_in_zsh 'keyplate check --log-format=gi')" \
		'keyplate check --log-format=github'
	is 'the service' "$(type_in_zsh 'keyplate run -- keyplat')" \
		'keyplate run -- keyplate'
}

@test "make install puts them where the shells look" {
	cd "$TOP_BUILDDIR"
	make -s install-dist_bashcompletionDATA install-dist_zshcompletionDATA \
		install-dist_fishcompletionDATA \
		DESTDIR="$BATS_TEST_TMPDIR/root" prefix=/usr
	cd "$BATS_TEST_TMPDIR/root/usr/share"
	[ -s bash-completion/completions/keyplate ]
	[ -s zsh/site-functions/_keyplate ]
	[ -s fish/vendor_completions.d/keyplate.fish ]
}
