#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# stacks - the stack files, their overlays, and what they take for granted.
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load swarm.sh

PRODUCTION=$SWARM/production/wp_mariadb_admin.yml
MONITORING=$SWARM/production/monitoring-stack.yml
DEVELOPMENT=$SWARM/development/wp_mariadb_admin.yml
VARIANTS=$SWARM/production/keyplate-variants.yml

# Compose takes a second: what most tests look at is read once.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	command -v docker-compose >/dev/null || return 0
	export VERSION=1.0 NFS_SERVER=10.0.0.4
	stack "$PRODUCTION" >production
	stack "$MONITORING" >monitoring
	stack "$DEVELOPMENT" >development
	stack "$PRODUCTION" "$VARIANTS" >variants
}

setup() {
	command -v docker-compose >/dev/null || skip 'no docker-compose here'
	cd "$BATS_FILE_TMPDIR" || return
}

# The stack of these files as Compose reads it, as JSON.
stack() {
	local file options=()
	for file; do
		options+=(--file "$file")
	done
	docker-compose "${options[@]}" config >composed || return
	python3 -c 'import json, sys, yaml
json.dump(yaml.safe_load(sys.stdin), sys.stdout)' <composed
}

@test "Compose reads every stack" {
	local file
	for file in production monitoring development; do
		[ "$(jq '.services | length' "$file")" -ge 4 ]
	done
	mkdir certificates
	cp "$SWARM/registry.yml" .
	touch certificates/registry.crt certificates/registry.key
	stack registry.yml >result
	is port "$(jq -c .services.registry.ports result)" \
	    '[{"published":5001,"target":5000}]'
}

@test "Compose reads every overlay with the stack that it is for" {
	local overlay count=0
	for overlay in "$SWARM"/production/*.yml; do
		[ "$overlay" != "$PRODUCTION" ] || continue
		[ "$overlay" != "$MONITORING" ] || continue
		stack "$PRODUCTION" "$overlay" >result
		is services "$(jq -c '.services | keys' result)" \
		    '["adminer","caddy","mariadb","wordpress"]'
		count=$((count + 1))
	done
	is overlays "$count" 4
}

@test "the production stack wants the version that was built" {
	VERSION='' run stack "$PRODUCTION"
	[ "$status" -ne 0 ]
	[[ $output == *'the version that was built'* ]]
}

@test "every own service has keyplate for its health check, and time to end" {
	jq -r '.services | to_entries[] | [.key, .value.image,
		(.value.healthcheck.test[1:] | join(" ")),
		.value.stop_grace_period] | @tsv' variants monitoring >told
	is services "$(wc -l <told)" 9
	is others "$(grep -v \
	    $'\tlocalhost:5001/.*/keyplate probe [a-z]*://127.0.0.1.*\t.*s$' told)" \
	    ''
}

# docker stack deploy, unlike Compose, appends the overlay's list.
@test "no overlay has a test or a command of its own" {
	is lines "$(grep -nE '^ +(test|command|entrypoint):' \
	    "$SWARM"/production/*.yml | grep -v -e "$PRODUCTION" \
	    -e "$MONITORING")" ''
}

@test "every service of production has limits, all of its secrets are known" {
	is 'without limits' "$(jq -r '.services | to_entries[] |
		select(.value.deploy.resources.limits.memory == null).key' \
	    production monitoring)" ''
	is 'of unknown name' "$(jq -r '.secrets as $known | .services[] |
		.secrets[]?.source | select($known[.] == null)' \
	    production monitoring)" ''
	is 'not used' "$(jq -r '[.services[].secrets[]?.source] as $used |
		.secrets | keys[] | select(IN($used[]) | not)' \
	    production monitoring)" ''
	is external "$(jq -c '[.secrets[].external] | unique' \
	    production monitoring)" '[true]
[true]'
}

@test "the ports are those of the load balancers alone" {
	jq -r '.services | to_entries[] | .key as $name | .value.ports[]? |
		"\($name) \(.published):\(.target)"' production monitoring >told
	is ports "$(cat told)" 'caddy 80:80
caddy 443:443
caddy 8888:8888
caddy_monitoring 3000:3000
caddy_monitoring 9090:9090
caddy_monitoring 9115:9115'
}

@test "containers with secrets in memory have a read-only root" {
	is writable "$(jq -r '.services | to_entries[] |
		select(.value.read_only != true).key' monitoring)" ''
}

@test "every image of the own registry is built by its script" {
	local image
	jq -r '.services[].image' variants monitoring |
	    sed 's,^localhost:5001/\(.*\):1.0$,\1,' | sort >wanted
	eval "$(sed -n "/^images='/,/'\$/p" "$SWARM/build-all-prod.sh")"
	# shellcheck disable=SC2086 # names
	printf '%s\n' $images | sort >built
	diff wanted built
	while read -r image; do
		[ -e "$SWARM/$image/Dockerfile" ]
	done <built
}

@test "a secret that was rotated is named by a variable" {
	export LB_ADMIN_PASS=lb_admin_pass_2
	for file in "$PRODUCTION" "$MONITORING" "$DEVELOPMENT"; do
		stack "$file" | jq -r .secrets.lb_admin_pass.name
	done >told
	is names "$(uniq told)" lb_admin_pass_2
}

@test "the dashboard's figures are some that there are, of the data source" {
	local board=$SWARM/grafana/dashboards/services.json known metric
	known=' live_replicas desired_replicas up probe_http_status_code
		probe_duration_seconds '
	for metric in $(jq -r '.panels[].targets[].expr' "$board" |
	    grep -oE '[a-z_]{2,}' | grep -vxE 'count|or|vector'); do
		[[ $known =~ [[:space:]]${metric}[[:space:]] ]] || {
			echo "$metric"
			return 1
		}
	done
	is 'data sources' "$(jq -r '.panels[].datasource.uid' "$board" |
	    uniq)" "$(sed -n 's/^ *uid: //p' \
		"$SWARM/grafana/provisioning/datasources/prometheus.yml")"
}

@test "check-swarm says why it cannot run" {
	command -v docker >/dev/null || skip 'no docker here'
	run -1 env SWARM_ENGINE=machine DOCKER_HOST=unix:///nonexistent \
	    KEYPLATE="$KEYPLATE" "$BATS_TEST_DIRNAME/check-swarm.sh"
	is said "$output" \
	    'check-swarm: cannot run: no Docker engine answers'
	run -1 env SWARM_ENGINE=none KEYPLATE="$KEYPLATE" \
	    "$BATS_TEST_DIRNAME/check-swarm.sh"
	is said "$output" \
	    'check-swarm: cannot run: SWARM_ENGINE is not "lab" or "machine"'
}
