#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# alertmanager - templates/alertmanager, read by Alertmanager.

bats_require_minimum_version 1.5.0
load templates.sh

# An alert that is old enough to be told at once.
page() {
	curl -s -H 'Content-Type: application/json' \
	    -d '[{"labels": {"alertname": "a", "severity": "page"},
		"startsAt": "2020-01-01T00:00:00Z"}]' \
	    "http://127.0.0.1:$PORT/api/v2/alerts"
}

@test "alertmanager calls its hook with every password" {
	need prometheus-alertmanager nginx curl
	setup_image alertmanager
	secret smtp_pass "$PASSWORD"
	# All of them in one, lines too: its HTTP client cuts blanks at the ends.
	value=$(printf '%s\n' "# it is" "${HOSTILE[@]}")
	secret hook_pass "$value"
	free_port
	notes_at notes http_authorization
	export HOOK_URL=http://127.0.0.1:$PORT/
	free_port
	serve -- prometheus-alertmanager --config.file='@{alertmanager}' \
	    --storage.path="$PWD/data" --cluster.listen-address= \
	    "--web.listen-address=127.0.0.1:$PORT"
	up "http://127.0.0.1:$PORT/-/ready"
	page
	comes_to notes "$(basic alertmanager "$value" | cut -d ' ' -f 2-)"
}

@test "amtool has nothing to say against its file" {
	need amtool
	setup_image alertmanager
	secret smtp_pass "$PASSWORD"
	secret hook_pass "$PASSWORD"
	"$KEYPLATE" render -s secrets -o alertmanager.yml \
	    image/etc/alertmanager/alertmanager.yml.tmpl
	amtool check-config alertmanager.yml
}
