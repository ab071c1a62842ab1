#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# haproxy - templates/haproxy, read by HAProxy.

bats_require_minimum_version 1.5.0
load templates.sh

# HAProxy as the rules have it, and a service that notes which key it was sent.
start_haproxy() {
	need haproxy nginx curl
	setup_image haproxy
	free_port
	notes_at notes http_x_api_key
	export UPSTREAM=127.0.0.1:$PORT
	free_port
	export BIND=127.0.0.1:$PORT SITE=http://127.0.0.1:$PORT/
	serve -- haproxy -db -f '@{haproxy}'
	up --expect 401 "$SITE"
}

@test "haproxy takes every password, and sends every key that it can" {
	for value in "${HOSTILE[@]}"; do
		# Of one line; blanks at the ends of a header go.
		[[ $value != ' '* ]] || continue
		secret site_pass "$value"
		secret api_key "${value/$'\n'/ }"
		rm -rf image notes
		start_haproxy
		is "with another password than <$value>" \
		    "$(status_for "$SITE" xxx)" 401
		is "with <$value>" "$(status_for "$SITE" "$value")" 200
		comes_to notes "${value/$'\n'/ }"
		stop_services
	done
}

@test "haproxy: a key with a second line is refused" {
	secret site_pass password
	secret api_key $'key\nX-Injected: yes'
	setup_image haproxy
	keyplate check --root "$IMAGE" -c "$RULES" -s secrets
	ended 1
	complains 'more than one line'
}

@test "haproxy has its file in memory alone" {
	secret site_pass "$PASSWORD"
	secret api_key "$PASSWORD"
	start_haproxy
	is files "$(find image -newer "$RULES" -type f | grep -c cfg)" 0
	run ! grep -rqF "$PASSWORD" image
}
