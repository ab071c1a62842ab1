#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# caddy - templates/caddy, read by caddy.

bats_require_minimum_version 1.5.0
load templates.sh

setup_caddy() {
	setup_image caddy
	secret lb_admin_user operator
	secret lb_admin_pass "$PASSWORD"
	export TLS=internal
}

@test "caddy gets a hash, never the password" {
	setup_caddy
	rendered
	ended 0
	grep -Eq '^		operator \$2[aby]\$10\$[./A-Za-z0-9]{53}$' \
	    image/etc/caddy/Caddyfile
	run ! grep -qF "$PASSWORD" image/etc/caddy/Caddyfile
	grep -qx 'https://example.org:3000 {' image/etc/caddy/Caddyfile
	grep -qx '	reverse_proxy grafana:3000' image/etc/caddy/Caddyfile
}

@test "caddy accepts its file" {
	need caddy
	setup_caddy
	rendered
	ended 0
	caddy adapt --adapter caddyfile --config image/etc/caddy/Caddyfile
}
