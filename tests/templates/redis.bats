#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# redis - templates/redis, read by redis-server.

bats_require_minimum_version 1.5.0
load templates.sh

start_redis() {
	redis-server image/etc/redis/redis.conf --port 0 --save '' --dir "$PWD" \
	    --unixsocket "$PWD/socket" >log 2>&1 3>&- &
	SERVICES+=("$!")
	up "unix:$PWD/socket"
}

redis() {
	redis-cli -s socket --raw "$@"
}

# The password that the server has; the application's user has it too.
read_redis() {
	rm -f socket
	start_redis
	is 'the application may' "$(app_says GET app:a)" ''
	is 'the application may not' "$(app_says CONFIG GET requirepass)" NOPERM
	# redis-cli ends its answer with a line break.
	operator_says CONFIG GET requirepass | tail -n +2 | head -c -1
	stop_services
}

app_says() {
	REDISCLI_AUTH=$(cat secrets/app_redis_pass) redis --user app "$@" |
	    sed 's/^\(NOPERM\) .*/\1/'
}

operator_says() {
	REDISCLI_AUTH=$(cat secrets/redis_pass) redis "$@"
}

@test "redis-server reads every password, and the application has no other rights" {
	need redis-server
	setup_image redis
	each_hostile '' read_redis redis_pass app_redis_pass
}

@test "redis-server lets nobody in without a password" {
	need redis-server
	setup_image redis
	secret redis_pass "$PASSWORD"
	secret app_redis_pass another
	rendered
	ended 0
	start_redis
	run redis PING
	is answer "${output%% *}" NOAUTH
	run redis --user app --pass "$PASSWORD" PING
	is answer "${lines[-1]%% *}" NOAUTH
}

COMPOSE=$(realpath "$TEMPLATES/../examples/compose")

# What Compose makes of the example, as JSON; Debian's python3 has YAML.
setup_compose() {
	need docker-compose jq
	docker-compose --file "$COMPOSE/compose.yml" config >composed || return
	/usr/bin/python3 -c 'import json, sys, yaml
json.dump(yaml.safe_load(sys.stdin), sys.stdout)' <composed >compose.json
	setup_image redis
}

@test "examples/compose has the secrets that the image needs" {
	setup_compose
	"$KEYPLATE" explain --names --root "$IMAGE" -c "$RULES" |
	    grep _pass | sort >needed
	jq -r '.services.redis.secrets[].source' compose.json | sort |
	    diff needed -
	jq -r '.secrets[].file' compose.json | sort |
	    diff <(sed "s,^,$COMPOSE/secrets/," needed) -
	is image "$(jq -r '.services.redis.build.context' compose.json)" \
	    "$TEMPLATES/redis"
}

@test "examples/compose: Redis starts, and its health check finds it" {
	need redis-server openssl
	setup_compose
	rm -r secrets
	sed -n '/^```sh$/,/^```$/{/^```/!p}' "$COMPOSE/README.md" >commands
	bash -eu commands
	free_port
	export "$(jq -r '.services.redis.environment | to_entries[] |
	    .key + "=" + .value' compose.json)" REDIS_PORT="$PORT"
	serve -- redis-server "$IMAGE/etc/redis/redis.conf" --save '' \
	    --bind 127.0.0.1
	up "tcp://127.0.0.1:$PORT"
	mapfile -t check < <(jq -r '.services.redis.healthcheck.test[1:][]' \
	    compose.json | sed "s/:6379/:$PORT/")
	is program "${check[0]}" keyplate
	"$KEYPLATE" "${check[@]:1}"
	is memory "$(REDISCLI_AUTH=$(cat secrets/redis_pass) redis-cli --raw \
	    -p "$PORT" CONFIG GET maxmemory | tail -n 1)" 67108864
}
