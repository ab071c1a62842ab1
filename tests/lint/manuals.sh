#!/bin/sh
# SPDX-License-Identifier: MIT
# manuals - mandoc has nothing to say against them.
set -eu
cd "${TOP_SRCDIR:-.}"
. tests/tap/tap.sh

needs mandoc
for file in man/*.[1-9]; do
	check "$file" mandoc -T lint -W warning "$file"
done
finish
