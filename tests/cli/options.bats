#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# options - help, version, and what a mistake on the command line comes to.

bats_require_minimum_version 1.5.0
load cli.sh

@test "--help goes to standard output and is no failure" {
	for word in '' run render check diff explain wait probe; do
		keyplate $word --help
		ended 0
		is stderr "$stderr" ''
		[[ $output == 'usage: keyplate '* ]]
	done
}

@test "the overview fits a screen of 80 by 24" {
	keyplate --help
	[ "$(wc -l <<<"$output")" -le 24 ]
	[ "$(wc -L <<<"$output")" -le 80 ]
}

@test "every topic fits a screen, options and completion apart" {
	for topic in placeholders filters formats syntax rules environment exit
	do
		keyplate help "$topic"
		ended 0
		is stderr "$stderr" ''
		[ "$(wc -l <<<"$output")" -le 24 ]
		[ "$(wc -L <<<"$output")" -le 80 ]
	done
	keyplate help options
	ended 0
	[ "$(wc -L <<<"$output")" -le 80 ]
}

@test "the overview names every topic, and each of them is one" {
	for topic in $(keyplate help; sed -n '/^keyplate help TOPIC/,$p' \
	    <<<"$output" | tr -d '\n' | sed 's/.*a command,//; s/[,.]/ /g'); do
		keyplate help "$topic"
		ended 0
	done
	is last "$topic" completion
}

@test "help on a command is that of its --help" {
	for word in run render check diff explain init encode decode wait probe
	do
		diff <("$KEYPLATE" help "$word") <("$KEYPLATE" "$word" --help)
	done
	diff <("$KEYPLATE" help help) <("$KEYPLATE" --help)
}

@test "a topic that does not exist is a mistake of use" {
	keyplate help placeholder
	ended 2
	complains 'no topic "placeholder"'
	complains 'did you mean placeholders?'
	keyplate help nothing-like-it
	ended 2
	complains 'keyplate help lists the topics'
	keyplate help run render
	ended 2
	complains 'help takes one topic'
}

@test "--version is one line" {
	keyplate --version
	ended 0
	[[ $output =~ ^keyplate\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	keyplate -V
	[[ $output == 'keyplate '* ]]
}

@test "help that cannot be written is a failure" {
	run --separate-stderr sh -c '"$1" --help >/dev/full' sh "$KEYPLATE"
	ended 1
	complains 'cannot write to standard output: No space left on device'
}

@test "a command that does not exist is a mistake of use" {
	keyplate rendr
	ended 2
	complains 'no command "rendr"'
	complains 'did you mean render?'
	is stdout "$output" ''
}

@test "no command at all is a mistake of use" {
	keyplate
	ended 2
	complains 'no command'
}

@test "the service's name in place of a command is explained" {
	keyplate /bin/true
	ended 2
	complains 'keyplate run [OPTION...] -- COMMAND'
}

@test "an unknown option is a 2, and a 125 of run" {
	for word in render check diff explain wait probe; do
		keyplate $word --bogus
		ended 2
	done
	keyplate run --bogus -- true
	ended 125
	keyplate --bogus -- true
	ended 125
	complains 'unknown option "--bogus"'
}

@test "--exit-code is the status of run's own failures" {
	keyplate run --bogus --exit-code 99 -- true
	ended 99
	KEYPLATE_EXIT_CODE=98 keyplate run --bogus -- true
	ended 98
}

@test "run without a service is a 125" {
	for arguments in run 'run --' --; do
		# shellcheck disable=SC2086 # words
		keyplate $arguments
		ended 125
		complains 'no command to start'
	done
}

@test "an option that is nearly right is suggested" {
	keyplate check --secert dir
	complains 'did you mean --secrets?'
	keyplate check --conf file
	complains 'did you mean --config?'
}

@test "every mistake is told, not only the first" {
	keyplate run --bogus --linger soon --mode rw -- true
	ended 125
	complains 'unknown option "--bogus"'
	complains '--linger wants a duration'
	complains '--mode wants a file mode'
}

@test "a value that may be a secret is never in a message" {
	keyplate check "--pasword=$PASSWORD"
	ended 2
	keeps_quiet
	keyplate check --export "$PASSWORD"
	ended 2
	keeps_quiet
	keyplate check --set "$PASSWORD"
	ended 2
	keeps_quiet
}

@test "a variable that is wrong is named as it is written" {
	KEYPLATE_LINGER=soon keyplate check
	ended 2
	complains 'KEYPLATE_LINGER wants a duration'
}

@test "a variable that is nearly an option gets a warning" {
	printf 'a\n' >a
	KEYPLATE_SECRET=dir keyplate check a
	ended 0
	complains 'warning: KEYPLATE_SECRET names no option'
	complains 'did you mean KEYPLATE_SECRETS?'
	KEYPLATE_ENVFILE=x keyplate check a
	complains 'did you mean KEYPLATE_ENV_FILE?'
}

@test "what is no SRC:DST or FILE:PATH=VALUE is a mistake of use" {
	printf '${secret:user}\n' >a.tmpl
	for word in :a a.tmpl: :; do
		keyplate render "$word"
		ended 2
		complains 'SRC takes SRC or SRC:DST, both not empty'
		keyplate run -t "$word" -- touch started
		ended 125
		complains '--template takes SRC or SRC:DST, both not empty'
	done
	# The key of a file in memory stands behind a second colon.
	keyplate run --set 'mem:a:=v' -- touch started
	ended 125
	complains '--set takes FILE:PATH=VALUE'
	is files "$(ls)" $'a.tmpl\nsecrets'
}

@test "what an option says beside its placeholders is not repeated" {
	local url=http://127.0.0.1:1/

	printf 'a: 1\n' >a.yml
	for words in 'render --set a.yml:a=hunter2${missing}' \
	    'render --set a.yml:b.c=hunter2${user}' \
	    'run --export A=hunter2${missing} -- true' \
	    "probe --header X:hunter2\${missing} $url" \
	    "probe --basic-auth admin:hunter2\${missing} $url"; do
		read -ra words <<<"$words"
		keyplate "${words[@]}"
		[ "$status" != 0 ]
		complains '*******${'
		[[ $stderr != *hunter2* ]]
	done
}

@test "an option behind a file's name is refused" {
	printf 'a\n' >a
	keyplate check a -v
	ended 2
	complains "the option \"-v\" stands behind a file's name"
}

@test "messages come as JSON when asked for" {
	keyplate check --log-format json --linger soon
	ended 2
	is message "$(jq -r .severity <<<"$stderr")" error
	jq -e '.message | startswith("--linger wants")' <<<"$stderr"
}

@test "colours come when asked for, and not on their own" {
	keyplate check --bogus
	[[ $stderr != *$'\033'* ]]
	keyplate check --color always --bogus
	[[ $stderr == *$'\033[32mhint:\033[0m'* ]]
	keyplate check --color never --bogus
	[[ $stderr != *$'\033'* ]]
}

@test "an argument cannot drive the terminal or forge a line" {
	keyplate $'bad\033[2J\nkeyplate: all is well'
	ended 2
	[[ $stderr != *$'\033'* ]]
	complains 'bad\x1b[2J\x0akeyplate: all is well'
}

@test "closed standard descriptors change nothing" {
	for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
		run sh -c '"$1" --bogus -- true '"$closed" sh "$KEYPLATE"
		ended 125
	done
	run sh -c '"$1" --version >&-' sh "$KEYPLATE"
	ended 0
}

@test "a copy that is set-user-ID does nothing" {
	[ "$(id -u)" = 0 ] || skip 'needs root to make one'
	command -v setpriv >/dev/null || skip 'setpriv is missing'
	cp "$KEYPLATE" copy
	chmod 4755 copy
	chmod 0755 .
	findmnt -no OPTIONS -T . 2>/dev/null | grep -qw nosuid &&
		skip 'the directory is mounted nosuid'
	reachable=$(mktemp -d)
	mv copy "$reachable"
	chmod 0755 "$reachable"
	run --separate-stderr setpriv --reuid 65534 --clear-groups \
		"$reachable/copy" --version
	rm -r "$reachable"
	ended 125
	complains 'set-user-ID'
}

@test "help has no blanks at the ends of lines, and what a command takes" {
	local topic
	for topic in options placeholders filters formats syntax rules \
	    environment exit render encode decode wait; do
		keyplate help "$topic"
		ended 0
		[[ $output != *' '$'\n'* && $output != *$'\n\n\n'* ]]
	done
	for topic in encode decode; do
		keyplate "$topic" --help
		[[ $output == *--format* && $output != *--secrets* &&
			$output != *--root* && $output != *--user* ]]
	done
	keyplate wait --help
	is 'the first line' "${lines[0]}" \
		'usage: keyplate wait [OPTION...] [URL...]'
}
