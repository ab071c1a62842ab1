# SPDX-License-Identifier: MIT
# cli - what the tests of the command line share.
# shellcheck shell=bash disable=SC2034,SC2154

KEYPLATE=$(realpath "${KEYPLATE:-./keyplate}")
TEMPLATES=$(realpath "${BATS_TEST_DIRNAME:?}/../../templates")

# shellcheck disable=SC2016 # $HOME is part of the password
PASSWORD='p&a"ss#w;or|d\1$HOME'

# What the C library says of a connection that takes too long.
TIMED_OUT='Connection timed out'
[ "${LIBC-glibc}" != musl ] || TIMED_OUT='Operation timed out'

# A directory of its own with three secrets, and an environment with nothing.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir secrets
	printf 'operator\n' >secrets/user
	printf '%s\n' "$PASSWORD" >secrets/password
	printf 'correct horse\n' >secrets/words
	export KEYPLATE_SECRETS=$PWD/secrets
	export DOMAIN=example.org
	unset CREDENTIALS_DIRECTORY
}

# Run keyplate; $status, $output, $lines and $stderr tell.  It does what "run
# --separate-stderr" would, which starts five programs more.
keyplate() {
	status=0
	"$KEYPLATE" "$@" >"$BATS_TEST_TMPDIR.out" 2>"$BATS_TEST_TMPDIR.err" \
	    3>&- || status=$?
	output=$(<"$BATS_TEST_TMPDIR.out")
	stderr=$(<"$BATS_TEST_TMPDIR.err")
	mapfile -t lines <<<"$output"
}

# Fail with both values; $1 is what is compared.
is() {
	[ "$2" = "$3" ] && return
	printf '%s: got <%s>, want <%s>\n' "$1" "$2" "$3"
	printf 'stdout: %s\nstderr: %s\n' "${output-}" "${stderr-}"
	return 1
}

# The last run ended with status $1.
ended() {
	is 'exit status' "$status" "$1"
}

# The bytes of file $1 are exactly $2, given in printf's notation.
holds() {
	# shellcheck disable=SC2059 # the format is the point
	printf "$2" >expected
	cmp "$1" expected || {
		diff "$1" expected
		return 1
	}
}

# Standard error has the text $1.
complains() {
	[[ $stderr == *"$1"* ]] && return
	printf 'no <%s> in: %s\n' "$1" "$stderr"
	return 1
}

# Nothing that was printed has a secret in it.
keeps_quiet() {
	local secret
	for secret in "$PASSWORD" 'correct horse'; do
		[[ $output$stderr != *"$secret"* ]] || {
			echo "a secret was printed: $output$stderr"
			return 1
		}
	done
}

# What would be different if a file had been written.
identity() {
	stat -c '%n %i %y %s %a' "$@" 2>&1
}
