#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# deployment - walk through examples/README.md on a swarm, and ask what it
# deployed whether all of it holds.
# usage: deployment.sh WORK NODE
#
# It needs a Docker engine that manages a swarm and has, or can pull, the
# public images.  NODE is an address of this machine that containers reach.
# WORK is a folder with keyplate and a copy of examples.  The README's commands
# are taken from its blocks, section by section.
set -eu

work=$1
node=$2
readme=$work/examples/README.md

# Hostile to the formats of all files; ':' cannot be in a user of HTTP.
# shellcheck disable=SC2016 # $USER and $HOME are part of it
user='adm"in#;\1 &$USER'
# shellcheck disable=SC2016
password='p&a"ss#w;or|d\1 $HOME %d'\''`x`'
# shellcheck disable=SC2016
second='of "the" next; day #\$HOME'
# shellcheck disable=SC2016
database='d"b'\''p#s;s\2 &%$HOME/`x`'

begun=$SECONDS

step() {
	printf '\n== %s (%d s)\n' "$1" "$((SECONDS - begun))"
}

deviates() {
	printf 'check-swarm: did not hold: %s\n' "$1" >&2
	tell_services >&2
	exit 1
}

# What there is to see after a failure.
tell_services() {
	docker service ls
	docker ps --all --format '{{.Names}}: {{.Status}}'
	local service
	for service in $(docker service ls --format '{{.Name}}'); do
		docker service ps --no-trunc \
		    --format '{{.Name}} {{.CurrentState}} {{.Error}}' "$service"
		timeout 10 docker service logs --tail 5 "$service" 2>&1 || :
	done
}

# holds WHAT GOT WANTED
holds() {
	[ "$2" = "$3" ] || deviates "$1: $2, not $3"
	printf '   %s: %s\n' "$1" "$2"
}

# becomes WHAT WANTED COMMAND...: in five minutes at most.
becomes() {
	local what=$1 wanted=$2 got='' end=$((SECONDS + 300))

	shift 2
	until got=$("$@" 2>&1) && [ "$got" = "$wanted" ]; do
		[ "$SECONDS" -lt "$end" ] || deviates "$what: $got, not $wanted"
		sleep 0.5
	done
	printf '   %s: %s\n' "$what" "$wanted"
}

# --- the README ---

# Its blocks of commands are in $work/blocks/SECTION-N.
split_readme() {
	mkdir "$work/blocks"
	awk -v dir="$work/blocks" '
		/^##+ / { section = tolower($0); sub(/^#+ /, "", section)
			gsub(/[^a-z]+/, "-", section); count = 0 }
		/^```sh$/ { file = dir "/" section "-" ++count; next }
		/^```$/ { file = "" }
		file { print >file }' "$readme"
}

# run_block NAME: as it stands there, in this shell.
run_block() {
	sed 's/^/   $ /' "$work/blocks/$1"
	# shellcheck disable=SC1090
	. "$work/blocks/$1" >"$work/said" 2>&1 || {
		cat "$work/said" >&2
		deviates "the README's block $1"
	}
	rm "$work/blocks/$1"
}

# --- questions ---

# Of all services: "live/desired" that is not what it should be, and updates
# that have not come to their end.
not_running() {
	docker service ls --format '{{.Name}} {{.Replicas}}' |
	    awk '{ split($2, n, "/") } n[1] != n[2] || n[2] == 0'
	docker service ls --quiet | xargs docker service inspect --format \
	    '{{.Spec.Name}} {{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}' |
	    sed -n '/ completed$/d; / $/d; p'
}

# Over loopback, by the name that the load balancers listen to.
ask() {
	curl -s --max-time 20 --connect-to "$node::127.0.0.1:" "$@"
}

status_of() {
	ask -o /dev/null -w '%{http_code}' "$@"
}

# Credentials, which are no arguments: $work/USER.
write_login() {
	printf 'Authorization: Basic %s\n' \
	    "$(printf '%s:%s' "$2" "$3" | base64 -w 0)" >"$work/$1"
}

prometheus() {
	ask -G -H "@$work/admin" "http://$node:9090/api/v1/query" \
	    --data-urlencode "query=$1" | jq -r '.data.result[]?.value[1]'
}

targets() {
	ask -H "@$work/admin" "http://$node:9090/api/v1/targets" |
	    jq -r '.data.activeTargets[].health' | sort | uniq -c |
	    awk '{ print $1, $2 }'
}

# By its form, then the login of the author, in $work/cookies.
install_wordpress() {
	ask -o /dev/null --data-urlencode 'weblog_title=Walk' \
	    --data 'user_name=author&admin_password=long+enough' \
	    --data 'admin_password2=long+enough&pw_weak=1' \
	    --data 'admin_email=author@example.org&blog_public=0' \
	    "http://$node/wp-admin/install.php?step=2"
	ask -o /dev/null -c "$work/cookies" -b wordpress_test_cookie=WP+Cookie+check \
	    --data 'log=author&pwd=long+enough&testcookie=1' \
	    "http://$node/wp-login.php"
}

# So many requests at once, for a page that only the author sees.
ask_as_author() {
	local urls=() number
	for ((number = 0; number < $1; number++)); do
		urls+=(-o /dev/null "http://$node/wp-admin/profile.php")
	done
	ask -Z --no-progress-meter -b "$work/cookies" -w '%{http_code}\n' "${urls[@]}" |
	    sort | uniq -c | awk '{ print $1, $2 }'
}

container_of() {
	docker ps --quiet --filter "label=com.docker.swarm.service.name=$1" |
	    head -n 1
}

# Adminer's form, filled in: what the page behind it has of the tables.
adminer_shows() {
	local url="http://$node:8888/?server=mariadb&username=wordpress"

	rm -f "$work/cookies"
	printf %s "$1" >"$work/form"
	ask -L -H "@$work/admin" -c "$work/cookies" -b "$work/cookies" \
	    -o "$work/page" --data-urlencode 'auth[driver]=server' \
	    --data-urlencode 'auth[server]=mariadb' \
	    --data-urlencode 'auth[username]=wordpress' \
	    --data-urlencode "auth[password]@$work/form" \
	    --data-urlencode 'auth[db]=wordpress' "$url"
	grep -o 'name="logout"' "$work/page"
}

# The stack, and all that it leaves.
remove_wpstack() {
	docker stack rm wpstack >"$work/said"
	becomes 'left of the stack' '' left_of_wpstack
	docker volume ls --quiet --filter name=wpstack_ |
	    xargs -r docker volume rm >"$work/said"
}

left_of_wpstack() {
	docker ps --all --quiet --filter name=wpstack_
	docker network ls --quiet --filter name=wpstack_
}

# What Caddy signs its certificates with, in $work/root.
fetch_root() {
	docker exec "$(container_of wpstack_caddy)" \
	    cat /data/caddy/pki/authorities/local/root.crt >"$work/root" &&
	    grep -o 'BEGIN CERTIFICATE' "$work/root"
}

# By the option files that keyplate has written: who, and one setting.
mariadb_says() {
	docker exec "$(container_of wpstack_mariadb)" mariadb \
	    --defaults-extra-file=/etc/mysql/admin.cnf -N \
	    -e 'SELECT CONCAT(CURRENT_USER(), " ", @@max_connections)'
}

grafana() {
	local path=$1
	shift
	ask "$@" "http://$node:3000$path"
}

# Whether something in a container can reach a URL: options of docker run,
# then the URL.
answers() {
	docker run --rm "${@:1:$#-1}" "$REGISTRY/keyplate:$VERSION" \
	    wait --timeout 2s "${!#}" && echo up
}

# The login that a browser would send.
grafana_login() {
	jq -n --arg user "$1" --arg password "$2" \
	    '{user: $user, password: $password}' >"$work/login"
	status_of -H 'Content-Type: application/json' \
	    --data "@$work/login" "http://$node:3000/login"
}

# Where a secret is in the description of a container, in what it has printed,
# in the arguments of its processes; and, where they are keyplate's, in their
# environment.
leaks() {
	local container
	for container in $(docker ps --quiet); do
		docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}
			{{range .Args}}{{println .}}{{end}}' "$container"
		docker logs "$container" 2>&1
		docker top "$container" -e -o pid,args
		environments "$container"
	done | grep -F -e "$password" -e "$second" -e "$database"
}

environments() {
	local pid
	[ "$(docker inspect --format '{{.Path}}' "$1")" = /keyplate ] || return 0
	for pid in $(docker top "$1" -e -o pid | tail -n +2); do
		tr '\0' '\n' <"/proc/$pid/environ"
	done
}

# The commands that are process 1, and how often.
first_processes() {
	local container
	for container in $(docker ps --quiet); do
		docker inspect --format '{{.Path}}' "$container"
	done | sort | uniq -c | awk '{ print $1, $2 }'
}

set_line() {
	sed -i "s|^$1=.*|$1=$2|" "$3"
}

# --- the walk ---

split_readme
cd "$work"

step 'secrets'
run_block what-it-is-1
run_block secrets-1
printf '%s\n' "$user" >secrets/lb_admin_user
printf '%s\n' "$password" >secrets/lb_admin_pass
printf '%s\n' "$database" >secrets/wp_db_pass
printf 'root %s\n' "$database" >secrets/db_root_pass
run_block secrets-2
write_login admin "$user" "$password"
write_login second "$user" "$second"
write_login marker "$user" xxx

settings=production/environment/production.env
set_line DOMAIN "$node" "$settings"
set_line TLS '' "$settings"
set_line SCRAPE_INTERVAL 2s "$settings"

step 'registry'
run_block registry-1
holds 'the registry, with its certificate' \
    "$(curl -s --cacert certificates/registry.crt -o /dev/null \
	-w '%{http_code}' "https://$REGISTRY/v2/")" 200

step 'build'
run_block build-1
holds 'images in the registry' \
    "$(curl -s --cacert certificates/registry.crt \
	"https://$REGISTRY/v2/_catalog" | jq '.repositories | length')" 10

step 'deploy'
run_block deploy-1
becomes 'services that do not run' '' not_running
docker service ls --format '{{.Name}} {{.Replicas}} {{.Image}}' |
    sed 's/^/   /'
first_processes | sed 's/^/   process 1 of /'

step 'WordPress'
becomes "WordPress's page of installation" 200 \
    status_of "http://$node/wp-admin/install.php"
holds 'its form' "$(ask "http://$node/wp-admin/install.php" |
    grep -o 'id="setup"')" 'id="setup"'

step 'Adminer'
holds 'without a password' "$(status_of "http://$node:8888/")" 401
holds 'with the marker for one' \
    "$(status_of -H "@$work/marker" "http://$node:8888/")" 401
holds 'with the secret' \
    "$(status_of -H "@$work/admin" "http://$node:8888/")" 200
holds 'logged in to MariaDB' "$(adminer_shows "$database")" 'name="logout"'
holds 'not with another password' "$(adminer_shows wrong)" ''

step 'Prometheus'
holds 'without a password' "$(status_of "http://$node:9090/-/ready")" 401
becomes 'targets' '6 up' targets
becomes 'probe of WordPress' 200 \
    prometheus 'probe_http_status_code{site="wordpress"}'
becomes 'probe of Adminer' 401 \
    prometheus 'probe_http_status_code{site="adminer"}'
becomes 'probe of Adminer with the secret' 200 \
    prometheus 'probe_http_status_code{site="adminer_admin"}'
becomes 'probes that succeed' 3 prometheus 'sum(probe_success)'
holds 'Blackbox exporter, without a password' \
    "$(status_of "http://$node:9115/")" 401
holds 'Blackbox exporter, with the secret' \
    "$(status_of -H "@$work/admin" "http://$node:9115/")" 200

step 'docker-exporter'
becomes 'live_replicas of WordPress' 1 \
    prometheus 'live_replicas{service="wpstack_wordpress"}'
becomes 'by its own name' 1 prometheus live_wpstack_wordpress
becomes 'services at their scale' "$(docker service ls --quiet | wc -l)" \
    prometheus 'count(live_replicas == desired_replicas)'

step 'Grafana'
holds 'health' "$(grafana /api/health | jq -r .database)" ok
holds 'login with the secret' "$(grafana_login "$user" "$password")" 200
holds 'login with the marker' "$(grafana_login "$user" xxx)" 401
holds 'login as of the box' "$(grafana_login admin admin)" 401
holds 'domain' "$(grafana /api/admin/settings -H "@$work/admin" |
    jq -r .server.domain)" "$node"
holds 'data source' "$(grafana /api/datasources -H "@$work/admin" |
    jq -r '.[0].uid')" prometheus
proxy=/api/datasources/proxy/$(grafana /api/datasources -H "@$work/admin" |
    jq '.[0].id')
holds 'dashboard' "$(grafana '/api/search?type=dash-db' -H "@$work/admin" |
    jq -r '.[0].uid')" services
holds 'what the data source says' \
    "$(grafana "$proxy/api/v1/query?query=live_wpstack_caddy" \
	-H "@$work/admin" | jq -r '.data.result[0].value[1]')" 1

step 'nothing leaks'
holds 'secrets in logs, arguments, descriptions, environments' "$(leaks)" ''
docker run --detach --name teller --env "TOLD=$password" \
    "$REGISTRY/keyplate:$VERSION" wait --timeout 1m file:/none >"$work/said"
holds 'found where one is told, in a description and an environment' \
    "$(leaks | grep -c '^TOLD=')" 2
docker rm --force teller >"$work/said"

step 'scale'
run_block scale-1
becomes 'desired_replicas of WordPress' 2 \
    prometheus 'desired_replicas{service="wpstack_wordpress"}'
becomes 'live_replicas of WordPress' 2 \
    prometheus 'live_replicas{service="wpstack_wordpress"}'
install_wordpress
holds '16 requests with a login, to both replicas' "$(ask_as_author 16)" \
    '16 200'

step 'another password'
run_block another-password-1
printf '%s\n' "$second" >secrets/lb_admin_pass_2
run_block another-password-2
for port in 8888 9090 9115; do
	becomes "port $port, with the old secret" 401 \
	    status_of -H "@$work/admin" "http://$node:$port/"
	becomes "port $port, with the new one" "$(
	    [ "$port" != 9090 ] && echo 200 || echo 302)" \
	    status_of -H "@$work/second" "http://$node:$port/"
done
becomes 'Grafana, with the new one' 200 grafana_login "$user" "$second"
holds 'Grafana, with the old one' "$(grafana_login "$user" "$password")" 401
cp "$work/second" "$work/admin"
becomes 'probe of Adminer with the new one' 200 \
    prometheus 'probe_http_status_code{site="adminer_admin"}'
run_block another-password-3
becomes 'services that do not run' '' not_running
holds 'Grafana, after the next deploy' "$(grafana_login "$user" "$second")" 200

step 'one database for several stacks'
run_block one-database-for-several-stacks-1
becomes 'MariaDB, over the network in common' up \
    answers --network database tcp://database:3306
run_block one-database-for-several-stacks-2
becomes 'MariaDB, at the port of its node' up answers "tcp://$node:3306"

step 'keyplate in WordPress, MariaDB and Adminer'
run_block keyplate-in-wordpress-mariadb-and-adminer-1
becomes 'services that do not run' '' not_running
first_processes | sed 's/^/   process 1 of /'
becomes "WordPress's page of installation" 200 \
    status_of "http://$node/wp-admin/install.php"
becomes 'Adminer, logged in to MariaDB' 'name="logout"' \
    adminer_shows "$database"
becomes "MariaDB's option files" 'root@localhost 200' mariadb_says

# No such server is there: the tasks wait, and the stack is looked at.
step 'cloud volumes'
remove_wpstack
NFS_SERVER=$node docker stack deploy -c production/wp_mariadb_admin.yml \
    -c production/cloud-volumes.yml wpstack >"$work/said"
holds 'where the volumes are' "$(docker service inspect --format \
    '{{range .Spec.TaskTemplate.ContainerSpec.Mounts}}{{.VolumeOptions.DriverConfig.Options.device}} {{.VolumeOptions.DriverConfig.Options.o}}{{end}}' \
    wpstack_wordpress wpstack_mariadb)" ":/volumes/wp_content addr=$node,rw,hard
:/volumes/mariadb addr=$node,rw,hard"
remove_wpstack

step 'development, at localhost, with certificates of Caddy'
set_line TLS internal development/environment/development.env
run_block development-1
becomes 'services that do not run' '' not_running
becomes 'the root of its certificates' 'BEGIN CERTIFICATE' fetch_root
becomes "WordPress's page of installation" 200 \
    status_of --cacert "$work/root" https://localhost/wp-admin/install.php
holds 'Adminer, without a password' \
    "$(status_of --cacert "$work/root" https://localhost:8888/)" 401
holds 'Adminer, with the secret' "$(status_of --cacert "$work/root" \
    -H "@$work/admin" https://localhost:8888/)" 200

step 'teardown'
run_block teardown-1
run_block teardown-2
holds 'services left' "$(docker service ls --quiet)" ''
holds 'secrets left' "$(docker secret ls --quiet)" ''
holds 'blocks of the README not run' "$(ls "$work/blocks")" ''

printf '\ncheck-swarm: everything held (%d s)\n' "$((SECONDS - begun))"
