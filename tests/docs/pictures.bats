#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# pictures - what they and the map show is what there is.

bats_require_minimum_version 1.5.0
load ../cli/cli.sh

PICTURES=$(realpath "${BATS_TEST_DIRNAME:?}/../../docs/pictures")

@test "the terminal shows what the program says" {
	command -v python3 >/dev/null || skip 'needs python3'
	"$PICTURES/terminal.py" "$PICTURES/terminal.session" "$KEYPLATE" >drawn
	diff "$PICTURES/terminal.svg" drawn || {
		echo 'where the new one is right: make pictures'
		return 1
	}
}

@test "every picture is XML, and has words for who cannot see it" {
	command -v xmllint >/dev/null || skip 'needs xmllint'
	for picture in "$PICTURES"/*.svg; do
		xmllint --noout "$picture"
		grep -q '<svg [^>]* role="img" [^>]*aria-label="..*"' "$picture"
	done
}

@test "every picture and file that a document shows is there" {
	cd "$PICTURES/../.."
	for page in ./*.md docs/*.md examples/*.md examples/*/*.md; do
		for link in $(grep -o ']([^):#]*)' "$page" | tr -d '()]'); do
			[ -e "$(dirname "$page")/$link" ] || {
				echo "$page: $link"
				return 1
			}
		done
	done
}

@test "the map has every folder of tests/" {
	cd "$PICTURES/../.."
	for folder in tests/*/; do
		grep -qF "\`${folder%/}\`" docs/architecture.md || {
			echo "not there: $folder"
			return 1
		}
	done
}
