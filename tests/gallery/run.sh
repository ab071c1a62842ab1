#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run - every folder of mistakes/ is one, and what is said about it.
#
#   args     the words behind keyplate, one a line
#   env      the environment, in KEY=VALUE lines
#   setup    commands of a shell, for what cannot be a file in a repository
#   expect   standard error and the exit status, as they have to be
#
# Whatever else is in the folder is there for the run.  Each mistake is told
# as JSON and for the compilers' readers too: the same problems, each a line.
# No message holds a secret.
set -u

here=$(cd "$(dirname "$0")" && pwd)
keyplate=$(realpath "${KEYPLATE:-./keyplate}")
. "$here/../tap/folders.sh"

# Run keyplate in the case, its messages in the form $1.
say() {
	local variables=() arguments=()
	[ -e ./env ] && mapfile -t variables <./env
	mapfile -t arguments <args
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin KEYPLATE_LOG_FORMAT="$1" \
	    "${variables[@]}" "$keyplate" "${arguments[@]}" \
	    2>stderr >stdout </dev/null
	echo "exit status $?" >>stderr
}

check_text() {
	say text
	cmp -s expect stderr ||
	    fault "$(diff --label expect --label got -u expect stderr)"
	check_canary
}

# The same problems as JSON, each one object a line.
check_json() {
	local problems
	problems=$(grep -c '^keyplate: ' expect)
	say json
	[ "$(grep -c '^{"severity":"[a-z]*",.*"message":".*}$' stderr)" \
	    -eq "$problems" ] || fault "not $problems problems as JSON:
$(cat stderr)"
	[ "$(wc -l <stderr)" -eq "$((problems + 1))" ] ||
	    fault "more than a line a problem as JSON: $(cat stderr)"
	check_canary
}

# The same for editors and workflows: a line each, a hint where there is room.
check_lines() {
	local problems
	problems=$(grep -c '^keyplate: ' expect)
	say gcc
	[ "$(grep -cE ': (error|warning): ' stderr)" -eq "$problems" ] ||
	    fault "not $problems problems for an editor: $(cat stderr)"
	say github
	[ "$(grep -cE '^::(error|warning)( file=[^ ].*)?::' stderr)" \
	    -eq "$problems" ] || fault "not $problems annotations:
$(cat stderr)"
	check_canary
}

run_case() {
	mkdir -p secrets
	[ ! -e setup ] || sh ./setup || fault 'the setup failed'
	check_text
	check_json
	check_lines
}

each_folder "$here/mistakes" "$here"/mistakes/*/
