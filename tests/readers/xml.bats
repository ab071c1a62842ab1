#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# xml - hostile values in an XML document, read back by Python and, where they
# are there, by xmllint, Java and Go.

load readers.sh

setup_file() {
	# Without Go the other readers are left.
	build_reader goxml "$BATS_FILE_TMPDIR" || true
	[ ! -x "$BATS_FILE_TMPDIR/goxml" ] ||
	    export XML_READER=$BATS_FILE_TMPDIR/goxml
}

setup() {
	need_pyyaml
}

@test "a value is what it was: text" {
	round_trip xml "text"
}

@test "a value is what it was: a part of text" {
	round_trip xml "part"
}

@test "a value is what it was: text on lines of its own" {
	round_trip xml "lines"
}

@test "a value is what it was: text beside comments and elements" {
	round_trip xml "beside markup"
}

@test "a value is what it was: an attribute in double quotes" {
	round_trip xml "double-quoted"
}

@test "a value is what it was: an attribute in single quotes" {
	round_trip xml "single-quoted"
}

@test "a value is what it was: a part of an attribute" {
	round_trip xml "part of an attribute"
}

@test "a value is what it was: a CDATA section" {
	round_trip xml "cdata"
}

@test "a value is what it was: a part of a section on a line of its own" {
	round_trip xml "part of cdata"
}

@test "a value is what it was: text beside a section" {
	round_trip xml "beside cdata"
}

@test "a value is what it was: text that is set" {
	round_trip xml "set"
}

@test "a value is what it was: an empty element that is set" {
	round_trip xml "set empty"
}

@test "a value is what it was: an empty tag that is set" {
	round_trip xml "set empty tag"
}

@test "a value is what it was: a section that is set" {
	round_trip xml "set cdata"
}

@test "a value is what it was: an attribute that is set" {
	round_trip xml "set attribute"
}

@test "a value is what it was: an element that is added" {
	round_trip xml "set missing"
}

@test "a value is what it was: an element that is added behind its comment" {
	round_trip xml "set commented out"
}

@test "a value is what it was: an attribute that is added" {
	round_trip xml "set missing attribute"
}

@test "a value is what it was: a match in text" {
	round_trip xml "match"
}

@test "a value is what it was: text in another encoding" {
	round_trip xml "latin-1"
}

@test "a value is what it was: a section in another encoding" {
	round_trip xml "latin-1 cdata"
}

@test "a value is what it was: an attribute in another encoding" {
	round_trip xml "latin-1 attribute"
}

@test "a value is what it was: text below a DOCTYPE" {
	round_trip xml "doctype"
}

@test "a value is what it was: an attribute that a DTD declares" {
	round_trip xml "doctype attribute"
}

@test "a value is what it was: text behind a byte order mark" {
	round_trip xml "no declaration"
}

@test "a value is what it was: text on lines of its own that end in CR LF" {
	round_trip xml "crlf lines"
}

@test "a value is what it was: a section in a file of CR LF lines" {
	round_trip xml "crlf cdata"
}

@test "every place is tested" {
	python3 "$HERE/roundtrip.py" xml |
	    sort >"$BATS_TEST_TMPDIR/places"
	sed -n 's/.*round_trip xml "\(.*\)"$/\1/p' "$BATS_TEST_FILENAME" | sort |
	    diff "$BATS_TEST_TMPDIR/places" -
}
