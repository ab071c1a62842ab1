#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# templates - the ready rule files, and the demo that uses all of them.

bats_require_minimum_version 1.5.0
load cli.sh

# Put the template of service $1 where its image has it: $2.
image_with() {
	mkdir -p "image/$(dirname "$2")"
	cp "$TEMPLATES/$1/$3" "image/$2"
	cp "$TEMPLATES/$1/keyplate.conf" "$1.conf"
	printf 'operator\n' >secrets/lb_admin_user
	printf '%s\n' "$PASSWORD" >secrets/lb_admin_pass
}

# Lines of $1 that are not in $2.
new_lines() {
	diff "$2" "$1" | sed -n 's/^> //p'
}

@test "grafana gets its first user and its name, and nothing else changes" {
	image_with grafana etc/grafana/grafana.ini grafana.ini
	keyplate render --root "$PWD/image" -s secrets -c grafana.conf
	ended 0
	is 'new lines' "$(new_lines image/etc/grafana/grafana.ini \
	    "$TEMPLATES/grafana/grafana.ini")" \
	    'domain = example.org
admin_user = operator
admin_password = `p&a"ss#w;or|d\1$HOME`'
}

@test "grafana's file may be rendered again with another secret" {
	image_with grafana etc/grafana/grafana.ini grafana.ini
	"$KEYPLATE" render --root "$PWD/image" -s secrets -c grafana.conf
	printf 'another' >secrets/lb_admin_pass
	keyplate render --root "$PWD/image" -s secrets -c grafana.conf
	ended 0
	# The quotes that the first password needed may stay.
	grep -Eqx 'admin_password = `?another`?' image/etc/grafana/grafana.ini
}

@test "blackbox gets a boolean and its credentials" {
	image_with blackbox etc/blackbox_exporter/config.yml blackbox.yml
	INSECURE_SKIP_VERIFY=true keyplate render --root "$PWD/image" \
	    -s secrets -c blackbox.conf
	ended 0
	is 'new lines' "$(new_lines image/etc/blackbox_exporter/config.yml \
	    "$TEMPLATES/blackbox/blackbox.yml" | sed 's/^ *//')" \
	    'insecure_skip_verify: true
username: operator
password: "p&a\"ss#w;or|d\\1$HOME"'
}

@test "blackbox's file may be rendered again at the next start" {
	image_with blackbox etc/blackbox_exporter/config.yml blackbox.yml
	export INSECURE_SKIP_VERIFY=true
	"$KEYPLATE" render --root "$PWD/image" -s secrets -c blackbox.conf
	before=$(identity image/etc/blackbox_exporter/config.yml)
	keyplate render --root "$PWD/image" -s secrets -c blackbox.conf
	ended 0
	is identity "$(identity image/etc/blackbox_exporter/config.yml)" \
	    "$before"
}

@test "blackbox takes nothing but a boolean for its switch" {
	image_with blackbox etc/blackbox_exporter/config.yml blackbox.yml
	INSECURE_SKIP_VERIFY=xxx keyplate check --root "$PWD/image" \
	    -s secrets -c blackbox.conf
	ended 1
	complains bool
}

@test "the exporter accepts its file" {
	command -v prometheus-blackbox-exporter >/dev/null || skip 'no exporter here'
	image_with blackbox etc/blackbox_exporter/config.yml blackbox.yml
	INSECURE_SKIP_VERIFY=false keyplate render --root "$PWD/image" \
	    -s secrets -c blackbox.conf
	ended 0
	prometheus-blackbox-exporter --config.check \
	    --config.file=image/etc/blackbox_exporter/config.yml
}

@test "caddy gets a hash, never the password" {
	image_with caddy etc/caddy/Caddyfile.tmpl Caddyfile.tmpl
	TLS=internal keyplate render --root "$PWD/image" -s secrets \
	    -c caddy.conf
	ended 0
	grep -Eq '^		operator \$2[aby]\$10\$[./A-Za-z0-9]{53}$' \
	    image/etc/caddy/Caddyfile
	run ! grep -qF "$PASSWORD" image/etc/caddy/Caddyfile
	grep -qx 'https://example.org:3000 {' image/etc/caddy/Caddyfile
	grep -qx '	reverse_proxy grafana:3000' image/etc/caddy/Caddyfile
}

@test "caddy accepts its file" {
	command -v caddy >/dev/null || skip 'no caddy here'
	image_with caddy etc/caddy/Caddyfile.tmpl Caddyfile.tmpl
	TLS=internal keyplate render --root "$PWD/image" -s secrets \
	    -c caddy.conf
	ended 0
	caddy adapt --adapter caddyfile --config image/etc/caddy/Caddyfile
}

@test "the demo holds" {
	for program in caddy prometheus-blackbox-exporter curl; do
		command -v "$program" >/dev/null || skip "no $program here"
	done
	unset KEYPLATE_SECRETS
	KEYPLATE=$KEYPLATE run "$BATS_TEST_DIRNAME/../../examples/demo/demo.sh"
	ended 0
	is 'last line' "${lines[-1]}" 'demo: everything held'
}
