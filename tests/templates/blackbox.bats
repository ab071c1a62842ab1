#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# blackbox - templates/blackbox, read by the exporter.

bats_require_minimum_version 1.5.0
load templates.sh

CONFIG=image/etc/blackbox_exporter/config.yml

setup_blackbox() {
	setup_image blackbox
	secret lb_admin_user operator
	secret lb_admin_pass "$PASSWORD"
	export INSECURE_SKIP_VERIFY=true
}

@test "blackbox gets a boolean and its credentials" {
	setup_blackbox
	rendered
	ended 0
	is 'new lines' "$(new_lines "$CONFIG" \
	    "$TEMPLATES/blackbox/blackbox.yml" | sed 's/^ *//')" \
	    'insecure_skip_verify: true
username: operator
password: "p&a\"ss#w;or|d\\1$HOME"'
}

@test "blackbox's file is for its owner alone" {
	setup_blackbox
	rendered
	is mode "$(stat -c %a "$CONFIG")" 600
}

@test "blackbox's file may be rendered again at the next start" {
	setup_blackbox
	rendered
	before=$(identity "$CONFIG")
	rendered
	ended 0
	is identity "$(identity "$CONFIG")" "$before"
}

@test "blackbox takes nothing but a boolean for its switch" {
	setup_blackbox
	INSECURE_SKIP_VERIFY=xxx keyplate check --root "$IMAGE" \
	    -s secrets -c "$RULES"
	ended 1
	complains bool
}

@test "the exporter accepts its file" {
	need prometheus-blackbox-exporter
	setup_blackbox
	rendered
	ended 0
	prometheus-blackbox-exporter --config.check --config.file="$CONFIG"
}
