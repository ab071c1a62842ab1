#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# images - what each image of examples/swarm renders, read by what will read it.
# shellcheck disable=SC2013,SC2016,SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0
load swarm.sh

need() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null || skip "no $program here"
	done
}

# Render the files of the image that is laid out, those in memory to ./NAME,
# and say nothing of a secret.
render_image() {
	sed -i "s,= mem:,= $PWD/,; s,^source = ,&$PWD/root," \
	    root/etc/keyplate.conf
	"$KEYPLATE" render -c root/etc/keyplate.conf -s secrets
}

@test "every image's rules are complete, in both environments" {
	local environment image
	for environment in production development; do
		setup_secrets "$environment"
		for image in $IMAGES; do
			lay_out "$image"
			in_image check
			is "$environment, $image: said" "$stderr" ''
			ended 0
			in_image explain
			[[ $output != *missing* ]]
			[ "${#lines[@]}" -gt 1 ]
		done
	done
}

@test "every image misses its secrets, by their names" {
	local image name
	setup_secrets production
	rm secrets/*
	for image in $IMAGES; do
		lay_out "$image"
		in_image check
		grep -q '^# Secrets:' "root/etc/keyplate.conf" || {
			ended 0
			continue
		}
		ended 1
		for name in $(sed -n 's/^# Secrets: *//p' root/etc/keyplate.conf |
		    tr -d ,); do
			complains "\"$name\""
		done
	done
}

@test "every image has keyplate as its entry point, and no script" {
	local image
	for image in $IMAGES docker-exporter; do
		grep -qx 'ENTRYPOINT \["/keyplate", "run", "--"\]' \
		    "$SWARM/$image/Dockerfile"
	done
	is scripts "$(cd "$SWARM" && find . -mindepth 2 -name '*.sh')" ''
}

@test "no image needs a network, BuildKit, or a digest to be built" {
	run ! grep -nE '^# syntax=|--chmod|--mount|@sha256' \
	    "$SWARM"/*/Dockerfile
	run ! grep -nE '^RUN .*(apt-get|apk|curl|wget|pip)' \
	    "$SWARM"/*/Dockerfile
}

@test "caddy lets the secret in, and neither another one nor the marker" {
	local port pid
	need caddy curl
	setup_secrets development
	port=$((20000 + RANDOM % 20000))
	lay_out caddy
	# No name of a swarm is known here, and no port is free for certain.
	sed -i "s/:8888/:$port/; s/:2015/:$((port + 1))/
		s,http\${env:TLS:+s}://\${env:DOMAIN} {,&\n\tbind unix/$PWD/wp,
		s/reverse_proxy wordpress:80/respond wordpress/
		/reverse_proxy adminer/,/}/c\\	respond adminer" \
	    root/etc/caddy/Caddyfile.tmpl
	export XDG_DATA_HOME=$PWD XDG_CONFIG_HOME=$PWD
	"$KEYPLATE" run --root "$PWD/root" -c /etc/keyplate.conf \
	    -s "$PWD/secrets" -- caddy run --adapter caddyfile \
	    --config '@{Caddyfile}' >log 2>&1 3>&- &
	pid=$!
	"$KEYPLATE" wait --timeout 20s "http://127.0.0.1:$((port + 1))/"
	is 'without' "$(answer "$port")" 401
	is 'with the secret' "$(answer "$port" "$PASSWORD")" 200
	is 'with another' "$(answer "$port" "$PASSWORD ")" 401
	is 'with the marker' "$(answer "$port" xxx)" 401
	kill "$pid"
	wait "$pid"
}

# The status of a request with this password, or with none.
answer() {
	printf 'url = "http://localhost:%s/"\n' "$1" >request
	[ $# -eq 1 ] || printf 'header = "Authorization: Basic %s"\n' \
	    "$(printf '%s:%s' "$ADMIN_USER" "$2" | base64 -w 0)" >>request
	curl -s -o /dev/null -w '%{http_code}' -K request
}

@test "caddy accepts both Caddyfiles, with each kind of TLS" {
	local image tls
	need caddy
	setup_secrets production
	export XDG_DATA_HOME=$PWD XDG_CONFIG_HOME=$PWD
	for image in caddy caddy_monitoring; do
		for tls in '' internal admin@example.org; do
			lay_out "$image"
			TLS=$tls render_image
			caddy adapt --adapter caddyfile --validate \
			    --config Caddyfile >adapted 2>errors || {
				cat errors
				return 1
			}
			rm Caddyfile
		done
	done
}

@test "caddy's addresses follow TLS" {
	setup_secrets production
	lay_out caddy_monitoring
	TLS='' render_image
	is 'without' "$(grep -c '^http://www.example.org:' Caddyfile)" 3
	run ! grep tls Caddyfile
	rm Caddyfile
	lay_out caddy_monitoring
	TLS=internal render_image
	is 'with' "$(grep -c '^https://www.example.org:' Caddyfile)" 3
	is 'lines' "$(grep -c '^	tls internal$' Caddyfile)" 3
}

@test "grafana reads its first user from both of its files" {
	local file reader=$BATS_TEST_DIRNAME/../readers/grafana/main.go
	need go
	[ -d /usr/share/gocode/src/gopkg.in/ini.v1 ] || skip 'no go-ini here'
	GOCACHE=$PWD/cache GO111MODULE=off GOPATH=/usr/share/gocode \
	    go build -o reader "$reader"
	setup_secrets production
	for file in grafana.ini grafana-4.6.ini; do
		INI=$file lay_out grafana
		render_image
		is "$file, domain" "$(./reader grafana.ini server domain)" \
		    www.example.org
		is "$file, user" \
		    "$(./reader grafana.ini security admin_user)" \
		    "$ADMIN_USER"
		is "$file, password" \
		    "$(./reader grafana.ini security admin_password)" \
		    "$PASSWORD"
		run ! grep -q '= xxx$' grafana.ini
		is "$file, lines that differ" "$(diff grafana.ini \
		    "root/etc/grafana/grafana.ini" | grep -c '^<')" 3
		rm grafana.ini
	done
}

@test "the Blackbox exporter reads a boolean and the credentials" {
	need prometheus-blackbox-exporter python3
	setup_secrets production
	lay_out blackbox-exporter
	render_image
	prometheus-blackbox-exporter --config.check --config.file=blackbox.yml
	yaml blackbox.yml >result
	is skip "$(jq -c '[.modules[].http.tls_config.insecure_skip_verify]' \
	    result)" '[false,false,false]'
	is user "$(jq -r .modules.http_2xx_admin.http.basic_auth.username \
	    result)" "$ADMIN_USER"
	is password "$(jq -r .modules.http_2xx_admin.http.basic_auth.password \
	    result)" "$PASSWORD"
}

# A YAML file as JSON, as an independent reader has it.
yaml() {
	python3 -c 'import json, sys, yaml
json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)' "$1"
}

@test "prometheus asks the sites by their address" {
	need python3 jq
	setup_secrets production
	lay_out prometheus
	render_image
	yaml prometheus.yml | jq -r \
	    '.scrape_configs[] | select(.job_name == "sites").static_configs[] |
		"\(.labels.__param_module) \(.targets[0])"' >result
	holds result 'http_2xx https://www.example.org/wp-login.php
http_401 https://www.example.org:8888/
http_2xx_admin https://www.example.org:8888/
'
	rm prometheus.yml
	lay_out prometheus
	TLS='' render_image
	grep -q '"http://www.example.org:8888/"' prometheus.yml
}

@test "prometheus accepts its file" {
	need promtool
	setup_secrets production
	lay_out prometheus
	render_image
	promtool check config prometheus.yml
}

@test "every module that prometheus asks for is one of the exporter's" {
	local module
	for module in $(sed -n 's/.*__param_module: \([a-z0-9_]*\).*/\1/p' \
	    "$SWARM/prometheus/prometheus.yml.tmpl"); do
		grep -qx "  $module:" "$SWARM/blackbox-exporter/blackbox.yml"
	done
}

@test "PHP reads wp-config.php as the secrets are" {
	need php
	setup_secrets production
	lay_out wordpress
	printf '<?php' >wp-settings.php
	sed -i "s,/usr/src/wordpress,$PWD,; /^owner/d" root/etc/keyplate.conf
	render_image
	is mode "$(stat -c %a wp-config.php)" 440
	php -r 'require "./wp-config.php";
	    echo DB_PASSWORD, "\n", NONCE_SALT, "\n", DB_HOST, "\n";
	    var_dump(WP_DEBUG);' >result
	is result "$(cat result)" "$DATABASE_PASSWORD
nonce salt salt $PASSWORD
mariadb
bool(false)"
}

@test "MariaDB's programs read their option files as the secrets are" {
	need my_print_defaults
	setup_secrets production
	lay_out mariadb
	sed -i "s,^path   = ,&$PWD/root," root/etc/keyplate.conf
	DB_CONNECTIONS=200 render_image
	is modes "$(stat -c %a root/etc/mysql/conf.d/keyplate.cnf \
	    root/etc/mysql/admin.cnf)" '644
400'
	my_print_defaults --defaults-file=root/etc/mysql/admin.cnf client >result
	grep -qxF -e "--password=root $DATABASE_PASSWORD" result
	my_print_defaults --defaults-file=root/etc/mysql/conf.d/keyplate.cnf \
	    mysqld | grep -qx -e --max_connections=200
}

@test "PHP reads Adminer's limit" {
	need php
	setup_secrets production
	lay_out adminer
	UPLOAD_LIMIT=64M render_image
	is limits "$(php -c php.ini -r 'echo ini_get("post_max_size"), " ",
		ini_get("upload_max_filesize");')" '64M 64M'
}

@test "the registry's certificate is for the name that was asked for" {
	need openssl
	cp "$SWARM/registry-certificate.sh" .
	./registry-certificate.sh registry.example.org:5001
	openssl verify -CAfile certificates/registry.crt \
	    -verify_hostname registry.example.org certificates/registry.crt
	run ! openssl verify -CAfile certificates/registry.crt \
	    -verify_hostname other.example.org certificates/registry.crt
	is mode "$(stat -c %a certificates/registry.key)" 600
	./registry-certificate.sh 10.0.0.1
	openssl verify -CAfile certificates/registry.crt \
	    -verify_ip 10.0.0.1 certificates/registry.crt
}
