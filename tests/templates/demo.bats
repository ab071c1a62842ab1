#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# demo - Grafana, Caddy and the Blackbox exporter with their templates.

bats_require_minimum_version 1.5.0
load templates.sh

@test "the demo holds" {
	need caddy prometheus-blackbox-exporter curl
	unset KEYPLATE_SECRETS
	KEYPLATE=$KEYPLATE run "$TEMPLATES/../examples/demo/demo.sh"
	ended 0
	is 'last line' "${lines[-1]}" 'demo: everything held'
}
