#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# text - hostile values in a file of no format: the bytes as they are.

load readers.sh

setup() {
	need_pyyaml
}

@test "a text that is one value has its bytes" {
	round_trip text "bare"
}

@test "a value within a line has its bytes" {
	round_trip text "part"
}

@test "a value between lines has its bytes" {
	round_trip text "lines"
}
