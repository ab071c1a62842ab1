#!/bin/sh
# SPDX-License-Identifier: MIT
# cppcheck - it has nothing to say against the sources.
set -eu
cd "${TOP_SRCDIR:-.}"
. tests/tap/tap.sh

needs cppcheck
# Three of its checks take what is only pointed to for what is read; gcc and
# valgrind look for the real thing.
for folder in src/*/ examples/swarm/docker-exporter/; do
	check "$folder" cppcheck --quiet --error-exitcode=1 --std=c11 \
	    --enable=warning,performance,portability --inline-suppr \
	    --suppress=ctuuninitvar --suppress=legacyUninitvar \
	    --suppress=uninitvar --suppress=unknownMacro -Isrc "$folder"
done
finish
