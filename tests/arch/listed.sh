#!/bin/sh
# SPDX-License-Identifier: MIT
# listed - every file is in a list of the build: nothing is left out unseen.
set -eu
srcdir=${TOP_SRCDIR:-.}
. "$srcdir/tests/tap/tap.sh"

# unlisted LIST FOLDER FIND-EXPRESSION...: files of FOLDER whose path below it
# is no line of LIST, where a folder stands for all that is in it, and a unit
# test is listed as the program that is made of it.
unlisted()
{
	list=$srcdir/$1
	folder=$2
	shift 2
	(cd "$srcdir/$folder" && find . -type f "$@") | sed 's,^\./,,' | sort |
		awk -v folder="$folder" '
		NR == FNR {
			sub(/ \\$/, "")
			if ($NF ~ /^%D%\//)
				listed[substr($NF, 5)]
			next
		}
		{
			entry = $0
			known = entry in listed
			if (sub(/\.c$/, "", entry))
				known = known || entry in listed
			while (!known && sub(/\/[^\/]*$/, "", entry))
				known = entry in listed
			if (!known)
				print folder "/" $0
		}' "$list" -
}

all_listed()
{
	none "$(unlisted "$@")"
}

# once LIST: no line stands there twice.
once()
{
	none "$(grep -E '^[[:blank:]]+%D%/' "$srcdir/$1" | tr -d '\\ ' |
		sort | uniq -d)"
}

check 'every source and header is listed' \
    all_listed src/local.mk src -name '*.[ch]'
check 'no source is listed twice' once src/local.mk
check 'every manual is listed' all_listed man/local.mk man -name '*.[1-9]'
check 'every test and what it reads is listed' \
    all_listed tests/local.mk tests ! -path '*/__pycache__/*' \
    ! -name .dirstamp ! -name '*.Po' ! -name '*.[oa]' ! -name '*.gc*' \
    ! -name '*.log' ! -name '*.trs' ! -name local.mk \
    '(' -name '*.*' -o ! -perm /111 ')'
finish
