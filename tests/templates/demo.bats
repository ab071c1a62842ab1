#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# demo - Grafana, Caddy and the Blackbox exporter with their templates.

bats_require_minimum_version 1.5.0
load templates.sh

TOP=$(realpath "${BATS_TEST_DIRNAME:?}/../..")

demo_holds() {
	need caddy prometheus-blackbox-exporter curl
	unset KEYPLATE_SECRETS
	run "$1/examples/demo/demo.sh"
	ended 0
	is 'last line' "${lines[-1]}" 'demo: everything held'
}

@test "the demo holds" {
	demo_holds "$TOP"
}

# What the lists in debian/ have, where the Debian package has it.
@test "the demo of the Debian package holds, with the program of PATH" {
	mkdir bin doc doc/examples
	(cd "$TOP" && xargs cp -R -t "$OLDPWD/doc") <"$TOP/debian/keyplate.docs"
	cp -R "$TOP"/examples/demo doc/examples
	cp "$KEYPLATE" bin/keyplate
	PATH=$PWD/bin:$PATH
	unset KEYPLATE
	demo_holds doc
	[[ $output == *'not read: '* ]]
}
