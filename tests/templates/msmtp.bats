#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# msmtp - templates/msmtp, read by msmtp, which sends with it.

bats_require_minimum_version 1.5.0
load templates.sh

setup_msmtp() {
	need msmtp python3
	setup_image msmtp
	free_port
	export SMTP_HOST=127.0.0.1 SMTP_PORT=$PORT SMTP_AUTH=plain SMTP_TLS=off
	export SMTP_FROM=app@example.org SMTP_USER=app
}

start_server() {
	python3 "$BATS_TEST_DIRNAME/mail.py" "$PORT" notes >log 2>&1 3>&- &
	SERVICES+=("$!")
	up "tcp://127.0.0.1:$PORT"
}

# What the mail server was sent as a password.
read_msmtp() {
	: >notes
	printf 'Subject: a\n\nb\n' |
	    msmtp --file=image/etc/msmtprc ops@example.org
	is user "$(cut -d ' ' -f 1 notes | base64 -d)" app
	cut -d ' ' -f 2 notes | base64 -d
}

@test "msmtp logs in with every password of one line" {
	setup_msmtp
	start_server
	HOSTILE=("${HOSTILE[@]/$'two\nlines'/one line}" '"' '""' "'" '"quoted"')
	each_hostile '' read_msmtp smtp_pass
}

@test "msmtp: a password with a second line is refused" {
	setup_msmtp
	secret smtp_pass $'password"\nhost evil.example.org'
	rendered
	ended 1
	complains 'more than one line'
	[ ! -e image/etc/msmtprc ]
}

@test "msmtp: a password that is too long for a line is refused" {
	setup_msmtp
	secret smtp_pass "$(printf '%01000d' 0)"
	rendered
	ended 1
	complains 'verify command'
	[ ! -e image/etc/msmtprc ]
}
