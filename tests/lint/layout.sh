#!/bin/sh
# SPDX-License-Identifier: MIT
# layout - C sources look as clang-format 14 makes them.
set -eu
cd "${TOP_SRCDIR:-.}"
. tests/tap/tap.sh

needs clang-format
clang-format --version | grep -q 'version 14\.' ||
	skip_all 'clang-format is not version 14'

for file in $(find src tests compat/musl examples -name '*.[ch]' | sort); do
	check "$file" clang-format --dry-run --Werror "$file"
done
finish
