#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# expand-files - variables that name files become variables with what is in
# them.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load cli.sh

# Print the variables of the service that these tests are about.
SHOW='env | grep -v -e ^PATH= -e ^PWD= -e ^SHLVL= -e ^_= | sort'

# Run keyplate with these variables and options, up to "--", and the service.
with() {
	local variables=()
	while [[ $1 == *=* && $1 != -* ]]; do
		variables+=("$1")
		shift
	done
	run --separate-stderr env - PATH="$PATH" "${variables[@]}" \
		"$KEYPLATE" run -s secrets "$@"
}

@test "alone, it takes what is below a directory of secrets" {
	mkdir secrets/deep
	echo far >secrets/deep/x
	with USER_FILE="$PWD/secrets/user" DEEP_FILE="$PWD/secrets/deep/x" \
		SSL_CERT_FILE=/etc/ssl/cert.pem NEAR_FILE="$PWD/secrets.txt" \
		UP_FILE="$PWD/secrets/../other" A_FILE=secrets/user B_FILE= \
		PROFILE="$PWD/secrets/user" \
		-s "$PWD/secrets" --expand-files -- sh -c "$SHOW"
	ended 0
	is stdout "$output" "$(sort <<-EOF
		USER=operator
		DEEP=far
		SSL_CERT_FILE=/etc/ssl/cert.pem
		NEAR_FILE=$PWD/secrets.txt
		UP_FILE=$PWD/secrets/../other
		A_FILE=secrets/user
		B_FILE=
		PROFILE=$PWD/secrets/user
	EOF
	)"
	is messages "$stderr" ''
}

@test "the directory may have another name, and dots in it" {
	ln -s . here
	mkdir secrets/..data
	echo new >secrets/..data/x
	with A_FILE="$PWD/here/secrets/user" B_FILE="$PWD/secrets/..data/x" \
		C_FILE="$PWD/secrets//words" --expand-files -- sh -c "$SHOW"
	ended 0
	is stdout "$output" "$(printf 'A=operator\nB=new\nC=correct horse')"
}

@test "without the option nothing is taken" {
	with USER_FILE="$PWD/secrets/user" -- sh -c "$SHOW"
	ended 0
	is stdout "$output" "USER_FILE=$PWD/secrets/user"
}

@test "patterns choose variables by name, wherever the file is" {
	echo outside >other
	with A_FILE="$PWD/other" B_FILE="$PWD/other" C_X_FILE=./other \
		USER_FILE="$PWD/secrets/user" C_Y=kept \
		--expand-files='A_FILE,C_*' -- sh -c "$SHOW"
	ended 0
	is stdout "$output" "$(sort <<-EOF
		A=outside
		B_FILE=$PWD/other
		C_X=outside
		C_Y=kept
		USER_FILE=$PWD/secrets/user
	EOF
	)"
}

@test "patterns and directories of secrets go together" {
	echo outside >other
	with A_FILE="$PWD/other" B_FILE="$PWD/other" \
		USER_FILE="$PWD/secrets/user" \
		--expand-files --expand-files='A_*' -- sh -c "$SHOW"
	ended 0
	is stdout "$output" "$(printf 'A=outside\nB_FILE=%s\nUSER=operator' \
		"$PWD/other")"
}

@test "the spellings of Grafana, Gitea and linuxserver.io are known" {
	with GF_SECURITY_ADMIN_USER__FILE="$PWD/secrets/user" \
		GITEA__database__PASSWD__FILE="$PWD/secrets/words" \
		FILE__PASSWORD="$PWD/secrets/password" \
		--expand-files='GF_*__FILE,GITEA__*,FILE__*' -- sh -c "$SHOW"
	ended 0
	is stdout "$output" "$(sort <<-EOF
		GF_SECURITY_ADMIN_USER=operator
		GITEA__database__PASSWD=correct horse
		PASSWORD=$PASSWORD
	EOF
	)"
}

@test "a variable and a rule file ask for it too" {
	with USER_FILE="$PWD/secrets/user" KEYPLATE_EXPAND_FILES=yes \
		-- sh -c "$SHOW"
	ended 0
	is stdout "$output" USER=operator
	printf '[keyplate]\nexpand-files = A_*, USER_*\n' >rules
	with USER_FILE="$PWD/secrets/user" -c rules -- sh -c "$SHOW"
	ended 0
	is stdout "$output" USER=operator
	with USER_FILE="$PWD/secrets/user" -c rules --expand-files=no -- \
		sh -c "$SHOW"
	ended 0
	is stdout "$output" "USER_FILE=$PWD/secrets/user"
}

@test "options of keyplate that name files are its own" {
	echo FROM=file >settings
	with KEYPLATE_ENV_FILE="$PWD/settings" --expand-files='*' \
		--export 'COPY=${FROM}' -- sh -c "$SHOW"
	ended 0
	is stdout "$output" COPY=file
}

@test "a value is the file's bytes less one final line ending" {
	printf ' a\tb\r\n' >secrets/blanks
	printf 'a\n\n' >secrets/lines
	printf '\n\na' >secrets/before
	with A_FILE="$PWD/secrets/blanks" B_FILE="$PWD/secrets/lines" \
		C_FILE="$PWD/secrets/before" --expand-files -- \
		sh -c 'printf "<%s>" "$A" "$B" "$C"'
	ended 0
	is stdout "$output" "$(printf '< a\tb><a\n><\n\na>')"
	complains 'secrets/blanks: warning: it has a blank at an end (4 bytes'
	complains 'secrets/lines: warning: it still ends in a line ending'
}

@test "an empty variable gives way, one that is not is an error" {
	with USER= USER_FILE="$PWD/secrets/user" --expand-files -- sh -c "$SHOW"
	ended 0
	is stdout "$output" USER=operator
	with USER=canary USER_FILE="$PWD/secrets/user" --expand-files -- \
		touch started
	ended 125
	complains 'both "USER" and "USER_FILE" are set'
	[[ $stderr != *canary* ]]
	[ ! -e started ]
}

@test "two files for one variable are an error" {
	with X_FILE="$PWD/secrets/user" FILE__X="$PWD/secrets/words" \
		--expand-files -- touch started
	ended 125
	complains 'names a file for "X", and another variable too'
	[ ! -e started ]
}

@test "a file that cannot be used is an error that says which" {
	: >secrets/empty
	printf 'a\0canary' >secrets/nul
	head -c 131070 /dev/zero | tr '\0' c >secrets/long
	mkfifo secrets/fifo
	ln -s nowhere secrets/dangling
	mkdir secrets/dir
	while read -r file message; do
		with X_FILE="$PWD/secrets/$file" --expand-files -- touch started
		ended 125
		complains "$message"
		complains X
		[[ $stderr != *canary* && $stderr != *ccc* ]]
	done <<-'EOF'
		missing secrets/missing: does not exist; "X_FILE" names it
		empty secrets/empty: is empty; "X_FILE" names it
		fifo secrets/fifo: is a FIFO, not a file; "X_FILE" names it
		dir secrets/dir: is a directory, not a file; "X_FILE" names it
		dangling secrets/dangling: is a symbolic link to nothing; "X_FILE" names it
		nul variable "X": a NUL byte, which no environment can carry
		long variable "X" is 131072 bytes with its name; the kernel takes 131071
	EOF
	[ ! -e started ]
}

@test "the longest value that the kernel takes is passed on" {
	head -c 131069 /dev/zero | tr '\0' c >secrets/long
	with X_FILE="$PWD/secrets/long" --expand-files -- sh -c 'echo "${#X}"'
	ended 0
	is length "$output" 131069
}

@test "a directory of secrets that is not there still counts" {
	with USER_FILE="$PWD/none/user" -s none -s "$PWD/none" --expand-files \
		-- touch started
	ended 125
	complains 'none/user: does not exist; "USER_FILE" names it'
	[ ! -e started ]
}

@test "a secret in place of a path is not shown" {
	with X_FILE=canary/bird --expand-files='X_*' -- touch started
	ended 125
	complains 'variable "X_FILE" does not name a file that can be read'
	[[ $stderr != *canary* ]]
	[ ! -e started ]
}

@test "what is expanded is passed on like an export" {
	with USER_FILE="$PWD/secrets/user" A=a --pristine --expand-files -- \
		"$(command -v env)"
	ended 0
	is stdout "$output" USER=operator
	with USER_FILE="$PWD/secrets/user" --expand-files \
		--export USER=other -- sh -c "$SHOW"
	ended 0
	is stdout "$output" USER=other
}

@test "check reports what run would" {
	echo k >a
	run --separate-stderr env X_FILE="$PWD/secrets/missing" \
		"$KEYPLATE" check --expand-files a
	ended 1
	complains 'secrets/missing: does not exist; "X_FILE" names it'
	printf 'a\0b' >secrets/nul
	run --separate-stderr env X_FILE="$PWD/secrets/nul" \
		"$KEYPLATE" check --expand-files a
	ended 1
	complains 'variable "X": a NUL byte'
}
