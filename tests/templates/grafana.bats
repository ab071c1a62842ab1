#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# grafana - templates/grafana; what Grafana reads of it, the demo tells.

bats_require_minimum_version 1.5.0
load templates.sh

setup_grafana() {
	setup_image grafana
	secret lb_admin_user operator
	secret lb_admin_pass "$PASSWORD"
}

@test "grafana gets its first user and its name, and nothing else changes" {
	setup_grafana
	rendered
	ended 0
	is 'new lines' "$(new_lines image/etc/grafana/grafana.ini \
	    "$TEMPLATES/grafana/grafana.ini")" \
	    'domain = example.org
admin_user = operator
admin_password = `p&a"ss#w;or|d\1$HOME`'
}

@test "grafana's file is for its owner and group, not for all" {
	setup_grafana
	rendered
	is mode "$(stat -c %a image/etc/grafana/grafana.ini)" 640
}

@test "grafana's file may be rendered again with another secret" {
	setup_grafana
	rendered
	secret lb_admin_pass another
	rendered
	ended 0
	# The quotes that the first password needed may stay.
	grep -Eqx 'admin_password = `?another`?' image/etc/grafana/grafana.ini
}
