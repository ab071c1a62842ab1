#!/bin/sh
# SPDX-License-Identifier: MIT
# cppcheck - it has nothing to say against the sources.
set -eu
cd "${TOP_SRCDIR:-.}"
. tests/tap/tap.sh

needs cppcheck
# Two of its checks take what is only pointed to for what is read.
for folder in src/*/; do
	check "$folder" cppcheck --quiet --error-exitcode=1 --std=c11 \
	    --enable=warning,performance,portability --inline-suppr \
	    --suppress=ctuuninitvar --suppress=legacyUninitvar \
	    --suppress=unknownMacro -Isrc "$folder"
done
finish
