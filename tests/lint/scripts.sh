#!/bin/sh
# SPDX-License-Identifier: MIT
# scripts - shellcheck has nothing to say against them.
set -eu
cd "${TOP_SRCDIR:-.}"
. tests/tap/tap.sh

needs shellcheck
for file in .ci/* completions/keyplate \
	$(find tests examples packaging -name '*.sh' -o -name '*.bats' |
		sort); do
	case $file in
	# bats sets $stderr, of which shellcheck 0.9 does not know.
	*.bats) check "$file" shellcheck -e SC2154 "$file" ;;
	*) check "$file" shellcheck "$file" ;;
	esac
done
finish
