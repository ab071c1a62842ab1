# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# tap - how a shell test says what it found; sourced, never run.

tap_count=0

# check NAME COMMAND...: one test point; what COMMAND says explains a failure.
check()
{
	tap_name=$1
	shift
	tap_count=$((tap_count + 1))
	if tap_said=$("$@" 2>&1); then
		echo "ok $tap_count - $tap_name"
	else
		echo "not ok $tap_count - $tap_name"
		echo "$tap_said" | sed 's/^/# /'
	fi
}

# none TEXT: true when there is no TEXT, else says it.
none()
{
	[ -z "$1" ] || {
		echo "$1"
		return 1
	}
}

skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

# needs PROGRAM...: without one of them the whole test is skipped.
needs()
{
	for tap_program in "$@"; do
		command -v "$tap_program" >/dev/null ||
			skip_all "$tap_program is not installed"
	done
}

# The plan, after the last point.
finish()
{
	echo "1..$tap_count"
}
