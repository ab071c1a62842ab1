#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# prometheus - templates/prometheus, read by Prometheus.

bats_require_minimum_version 1.5.0
load templates.sh

start_prometheus() {
	free_port
	serve -- prometheus --config.file='@{prometheus}' --web.config.file='@{web}' \
	    "--web.listen-address=127.0.0.1:$PORT" --storage.tsdb.path="$PWD/data"
	# Without the password it is not even told whether it is ready.
	up --expect 401 "http://127.0.0.1:$PORT/-/ready"
}

@test "prometheus asks for its password, and scrapes with another" {
	need prometheus nginx curl
	setup_image prometheus
	secret prometheus_pass "$PASSWORD"
	# All of them in one, lines too: the server takes a while to start.
	value=$(printf '%s\n' "# it is" "${HOSTILE[@]}")
	secret app_metrics_pass "$value"
	free_port
	notes_at notes http_authorization
	export APP_TARGET=127.0.0.1:$PORT SCRAPE_INTERVAL=1s
	start_prometheus
	api=http://127.0.0.1:$PORT/api/v1/status/buildinfo
	is 'with another password' "$(status_for "$api" xxx)" 401
	is 'with the password' "$(status_for "$api" "$PASSWORD")" 200
	comes_to notes "$(basic prometheus "$value" | cut -d ' ' -f 2-)"
}

@test "promtool has nothing to say against its files" {
	need promtool
	setup_image prometheus
	secret prometheus_pass "$PASSWORD"
	secret app_metrics_pass "$PASSWORD"
	for file in prometheus web; do
		"$KEYPLATE" render -s secrets -o "$file.yml" \
		    "image/etc/prometheus/$file.yml.tmpl"
	done
	promtool check config --syntax-only prometheus.yml
	promtool check web-config web.yml
	run ! grep -qF "$PASSWORD" web.yml
}
