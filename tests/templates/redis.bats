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
