#!/bin/sh
# SPDX-License-Identifier: MIT
# layout - C sources look as clang-format 14 makes them.
set -eu
cd "${TOP_SRCDIR:-.}"
. tests/tap/tap.sh

needs clang-format
clang-format --version | grep -q 'version 14\.' ||
	skip_all 'clang-format is not version 14'

# One start for a folder: it takes longer than the work on a file.
for folder in src tests compat/musl examples; do
	check "$folder" sh -c '
	    find "$1" -name "*.[ch]" -exec clang-format --dry-run --Werror {} +
	' sh "$folder"
done
finish
