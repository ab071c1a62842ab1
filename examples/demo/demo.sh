#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# demo - three services get their secrets, start, answer, and stop.
#
# Everything happens below a temporary directory and on loopback.  KEYPLATE
# names the binary; else it is ./keyplate, or the one that PATH has.  The last
# line says "demo: everything held", or what did not.
set -eu

keyplate=$(realpath "${KEYPLATE:-$(command -v ./keyplate keyplate | head -n 1)}")
here=$(cd "$(dirname "$0")" && pwd)
templates=$here/../../templates
readers=$here/../../tests/readers

work=$(mktemp -d)
image=$work/image
running=()

clean_up() {
	local pid
	for pid in "${running[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
	done
	wait
	rm -rf "$work"
}
trap clean_up EXIT

step() {
	printf '\n== %s\n' "$1"
}

deviates() {
	printf 'demo: did not hold: %s\n' "$1" >&2
	exit 1
}

# holds WHAT GOT WANTED
holds() {
	[ "$2" = "$3" ] || deviates "$1: $2, not $3"
	printf '   %s: %s\n' "$1" "$2"
}

# A port of loopback that nobody listens on, and that was not given before.
next_port=$((20000 + RANDOM % 20000))
free_port() {
	next_port=$((next_port + 1))
	while (: <>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null; do
		next_port=$((next_port + 1))
	done
}

# wait_for URL PID LOG: until it answers at all, ten seconds at most.
wait_for() {
	local left=100
	until curl -sk -o /dev/null "$1"; do
		left=$((left - 1))
		if [ "$left" -eq 0 ] || ! kill -0 "$2" 2>/dev/null; then
			cat "$3" >&2
			deviates "$1 does not answer"
		fi
		sleep 0.1
	done
}

status_of() {
	curl -sk -o /dev/null -w '%{http_code}' "$@"
}

prober_says() {
	curl -s -G "http://127.0.0.1:$blackbox_port/probe" \
	    --data-urlencode "module=$1" --data-urlencode "target=$2" |
	    sed -n 's/^probe_success //p'
}

# What an image holds: templates, rules; and what the runtime mounts.
build_image() {
	mkdir -p "$image/etc/grafana" "$image/etc/blackbox_exporter" \
	    "$image/etc/caddy" "$image/etc/keyplate.d" "$image/run/secrets"
	cp "$templates/grafana/grafana.ini" "$image/etc/grafana/"
	cp "$templates/blackbox/blackbox.yml" \
	    "$image/etc/blackbox_exporter/config.yml"
	cp "$templates/caddy/Caddyfile.tmpl" "$image/etc/caddy/"
	for service in grafana blackbox caddy; do
		cp "$templates/$service/keyplate.conf" \
		    "$image/etc/keyplate.d/$service.conf"
	done
	printf 'operator\n' >"$image/run/secrets/lb_admin_user"
	printf 'correct horse battery staple\n' >"$image/run/secrets/smtp_pass"
}

# Checksums of all that a render may write.
fingerprint() {
	(cd "$image/etc" && find . -type f -exec sha256sum {} + | sort)
}

kp() {
	local command=$1
	shift
	(cd "$image" && "$keyplate" "$command" --root "$image" \
	    -c etc/keyplate.d -s run/secrets "$@")
}

# The same, but in place of this shell's child, so that $! is keyplate.
kp_service() {
	local service=$1
	shift
	cd "$image"
	exec "$keyplate" run --root "$image" -c "etc/keyplate.d/$service.conf" \
	    -s run/secrets "$@"
}

stop() {
	local status=0
	kill -TERM "$2"
	wait "$2" || status=$?
	holds "$1 ended after SIGTERM with status" "$status" 0
}

for program in caddy prometheus-blackbox-exporter curl; do
	command -v "$program" >/dev/null || deviates "there is no $program"
done

getent hosts localhost >/dev/null ||
	deviates 'the name localhost has no address: see /etc/hosts'

free_port && blackbox_port=$next_port
free_port && guarded_port=$next_port
free_port && open_port=$next_port
free_port && prometheus_port=$next_port
export DOMAIN=localhost TLS=internal INSECURE_SKIP_VERIFY=true BIND=127.0.0.1
export BLACKBOX_PORT=$guarded_port GRAFANA_PORT=$open_port
export PROMETHEUS_PORT=$prometheus_port
export BLACKBOX_UPSTREAM=127.0.0.1:$blackbox_port
export GRAFANA_UPSTREAM=127.0.0.1:$blackbox_port
export HOME=$work/home XDG_DATA_HOME=$work/home XDG_CONFIG_HOME=$work/home
mkdir -p "$HOME"
# shellcheck disable=SC2016 # $HOME is part of the password
password='p&a"ss#w;or|d\1$HOME'

build_image

step 'a secret is missing: nothing is written, nothing starts'
before=$(fingerprint)
status=0
kp render || status=$?
holds 'render ended with status' "$status" 1
status=0
kp run -- touch "$work/started" || status=$?
holds 'run ended with status' "$status" 125
[ ! -e "$work/started" ] || deviates 'the service was started'
[ "$before" = "$(fingerprint)" ] || deviates 'a file was touched'
echo '   every file is as it was'

step 'with the secret: what would change, values masked'
printf '%s\n' "$password" >"$image/run/secrets/lb_admin_pass"
status=0
kp diff >"$work/diff" || status=$?
holds 'diff ended with status' "$status" 1
! grep -qF "$password" "$work/diff" || deviates 'diff shows the password'
[ "$before" = "$(fingerprint)" ] || deviates 'diff wrote a file'
grep '^[-+]' "$work/diff"

step 'render all three files'
# shellcheck disable=SC2016 # the placeholder is for keyplate
kp render --set 'grafana:smtp.password=${secret:smtp_pass}'
diff "$templates/grafana/grafana.ini" "$image/etc/grafana/grafana.ini" || true

step 'what Grafana reads'
if [ ! -d "$readers" ]; then
	echo '   not read: the program that reads it is in the source tree'
elif command -v go >/dev/null && [ -d /usr/share/gocode/src/gopkg.in/ini.v1 ]
then
	GOCACHE=$work/go-cache GO111MODULE=off GOPATH=/usr/share/gocode \
	    go build -o "$work/grafana" "$readers/grafana/main.go"
	ini=$image/etc/grafana/grafana.ini
	holds 'security.admin_user' \
	    "$("$work/grafana" "$ini" security admin_user)" operator
	holds 'security.admin_password' \
	    "$("$work/grafana" "$ini" security admin_password)" "$password"
	holds 'server.domain' "$("$work/grafana" "$ini" server domain)" localhost
	holds 'smtp.password' "$("$work/grafana" "$ini" smtp password)" \
	    'correct horse battery staple'
else
	echo '   not read: there is no Go with the package ini.v1 here'
fi

step 'blackbox exporter under keyplate, supervised'
kp_service blackbox -- prometheus-blackbox-exporter \
    "--config.file=$image/etc/blackbox_exporter/config.yml" \
    "--web.listen-address=127.0.0.1:$blackbox_port" \
    >"$work/blackbox.log" 2>&1 &
blackbox=$!
running+=("$blackbox")
wait_for "http://127.0.0.1:$blackbox_port/metrics" "$blackbox" \
    "$work/blackbox.log"
holds 'the process is' "$(cat "/proc/$blackbox/comm")" keyplate
holds 'the user name that it reads' \
    "$(curl -s "http://127.0.0.1:$blackbox_port/config" |
	sed -n 's/^ *username: //p')" operator

step 'caddy in place of keyplate'
kp_service caddy --exec -- caddy run --adapter caddyfile \
    --config "$image/etc/caddy/Caddyfile" >"$work/caddy.log" 2>&1 &
caddy=$!
running+=("$caddy")
guarded=https://localhost:$guarded_port/metrics
wait_for "$guarded" "$caddy" "$work/caddy.log"
holds 'the process is' "$(cat "/proc/$caddy/comm")" caddy

step 'fetch through caddy'
printf 'Authorization: Basic %s\n' \
    "$(printf 'operator:%s' "$password" | base64 -w 0)" >"$work/right"
printf 'Authorization: Basic %s\n' \
    "$(printf 'operator:xxx' | base64 -w 0)" >"$work/wrong"
holds 'without a password' "$(status_of "$guarded")" 401
holds 'with the marker for one' "$(status_of -H @"$work/wrong" "$guarded")" 401
holds 'with the secret' "$(status_of -H @"$work/right" "$guarded")" 200

step 'probe caddy from the blackbox exporter'
holds 'http_2xx_auth, guarded page: probe_success' \
    "$(prober_says http_2xx_auth "$guarded")" 1
holds 'http_2xx, guarded page: probe_success' \
    "$(prober_says http_2xx "$guarded")" 0
holds 'http_2xx, open page: probe_success' \
    "$(prober_says http_2xx "https://localhost:$open_port/metrics")" 1

step 'stop both'
stop caddy "$caddy"
stop 'blackbox exporter' "$blackbox"
running=()

echo
echo 'demo: everything held'
