#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# service - how a Docker engine sees the life of a service under keyplate.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load engine.sh

# A service with a handler for TERM.
TIDY='trap "echo tidy; exit 7" TERM; echo up; while :; do sleep 0.1; done'

@test "docker stop: the service gets TERM, and its status is the container's" {
	start box -- sh -c "$TIDY"
	await logged up
	stops_soon
	logged tidy
	came_to 7
}

@test "docker stop: a service without handlers ends at once, too" {
	start bare -- /service keep 0
	await logged 'done'
	stops_soon
	came_to 143
}

@test "docker stop sends the image's own stop signal" {
	start --stop-signal QUIT bare --rewrite=TERM:USR1 -- /service keep 0
	await logged 'done'
	stops_soon
	came_to 131
}

@test "docker stop: one signal can be made another" {
	start --env KEYPLATE_REWRITE=TERM:QUIT bare -- /service keep 0
	await logged 'done'
	stops_soon
	came_to 131
}

@test "docker stop kills a service that does not end, after its own time" {
	start bare -- /service log /dev/stdout
	await logged ready
	docker stop -t 1 one >/dev/null
	logged 15
	came_to 137
}

@test "docker stop reaches keyplate before the service runs" {
	mkdir rules
	printf '[file app]\npath = /app.conf\nsource = /etc/app.conf\n' >rules/a
	printf 'verify = sleep 1000\n' >>rules/a
	echo 'a = ${secret:password}' >app.conf
	start --volume "$PWD/secrets:/run/secrets:ro" \
	    --volume "$PWD/app.conf:/etc/app.conf:ro" \
	    --volume "$PWD/rules/a:/etc/keyplate.conf:ro" \
	    box -- echo started
	await states_are 'S S '
	stops_soon
	not logged started
	is 'left behind' "$(docker diff one | grep app.conf)" 'A /etc/app.conf'
	came_to 143
}

@test "docker stop reaches keyplate while it waits for another service" {
	start bare --wait tcp://127.0.0.1:1 --timeout 100s -- /service ids
	await states_are 'S '
	stops_soon
	read_logs
	is output "$output" ''
	came_to 143
}

@test "docker kill: each signal reaches the service, once" {
	local sent='1 2 3 4 6 7 8 10 11 12 13 14 15 16 18 21 23 28 30 34 40 64'
	local number

	start bare -- /service log /dev/stdout
	await logged ready
	for number in $sent; do
		docker kill --signal "$number" one >/dev/null
		await logged "$number"
	done
	read_logs
	is 'each once' "$(tr '\n' ' ' <<<"$output")" "ready $sent "
	silent
	docker kill one >/dev/null
	came_to 137
}

@test "docker wait and docker inspect see the service's own status" {
	local number

	for number in 0 3 125 126 127 255; do
		start bare -- /service orphans 0 "$number"
		came_to "$number"
	done
}

@test "docker wait sees 128 + n for a service that a signal ended" {
	local number

	for number in 1 6 9 11 15; do
		start box -- sh -c 'kill -$0 $$' "$number"
		came_to "$((128 + number))"
	done
}

@test "keyplate's own failures: 125, 126 and 127" {
	container bare --export 'A=${secret:none}' -- /service ids
	ended 125
	said 'none'
	container bare --no-such-option -- /service ids
	ended 125
	container bare -- /etc/hosts
	ended 126
	said '/etc/hosts'
	container bare -- /none
	ended 127
	said '/none'
}

@test "orphans of the service and of docker exec leave no zombies" {
	start bare -- /service keep 100
	await logged 'done'
	await states_are 'S S '
	run docker exec one /service orphans 100 5
	ended 5
	await states_are 'S S '
	stops_soon
	came_to 143
}

@test "a process of docker exec is asked to end, and does not hold up" {
	start box --linger 1s -- sh -c "$TIDY"
	await logged up
	docker exec --detach one sleep 1000
	docker exec --detach one sh -c 'trap "" TERM
		while :; do sleep 0.1; done'
	await has_processes 5
	stops_soon
	came_to 7
}

# Of it, at least so many.
has_processes() {
	[ "$(docker top one | wc -l)" -gt "$1" ]
}

@test "under docker run --init keyplate is a subreaper" {
	command -v docker-init >/dev/null || skip 'needs docker-init'
	start --init bare --log-reaped -- /service keep 20
	await logged 'done'
	await states_are 'S S S '
	await all_reaped 20
	stops_soon
	came_to 143
}

all_reaped() {
	[ "$(docker logs one 2>&1 | grep -c 'reaped process')" = "$1" ]
}

@test "under docker run --init a run is silent" {
	command -v docker-init >/dev/null || skip 'needs docker-init'
	container --init bare -- /service orphans 3 4
	ended 4
	silent
}

@test "as docker's other processes: --pid host, and another container's" {
	local where

	start bare -- /service keep 0
	await logged 'done'
	for where in host container:one; do
		# What outlives the service is killed, and nothing else is.
		container --pid "$where" box --linger 200ms -- \
		    sh -c 'sh -c "trap \"\" TERM
			while :; do sleep 0.1; done" & exit 9'
		ended 9
		# The neighbour is as it was.
		await states_are 'S S '
	done
	stops_soon
	came_to 143
}

@test "a container with a terminal: Ctrl-C reaches the service, once" {
	run "$BATS_FILE_TMPDIR/bare/service" pty expect=up $'send=\003' \
	    expect=int1 $'send=\003' expect=int2 -- \
	    docker run --rm --interactive --tty --network none box -- sh -c '
		i=0; trap "i=\$((i + 1)); echo int\$i
			[ \$i != 2 ] || exit 3" INT
		echo up; while :; do sleep 0.1; done'
	ended 3
}

@test "a container with a terminal: Ctrl-C ends what has no handler" {
	run "$BATS_FILE_TMPDIR/bare/service" pty expect=done $'send=\003' -- \
	    docker run --rm --interactive --tty --network none bare -- \
	    /service keep 0
	ended 130
}

@test "a container with a terminal: a shell has job control" {
	cat >job <<-'END'
		#!/bin/sh
		trap 'echo back' CONT
		echo up
		while :; do sleep 0.1; done
	END
	chmod 0755 job
	run "$BATS_FILE_TMPDIR/bare/service" pty expect='> ' \
	    $'send=/job\r' expect=up $'send=\032' expect=Stopped \
	    expect='> ' $'send=fg\r' expect=back $'send=\003' \
	    expect='> ' $'send=exit 9\r' -- \
	    docker run --rm --interactive --tty --network none \
	    --volume "$PWD/job:/job:ro" --env PS1='> ' box -- sh -i
	ended 9
}

@test "docker run --interactive: standard input is the service's" {
	run --separate-stderr docker run --rm --interactive --network none \
	    box -- sh -c 'cat; exit 4' < <(echo word)
	ended 4
	is output "$output" word
}

# The engine itself continues a container that is paused when it signals it.
@test "docker pause and unpause: no signal is lost" {
	start bare --kill-after 1s -- /service log /dev/stdout
	await logged ready
	docker pause one >/dev/null
	docker unpause one >/dev/null
	docker kill --signal USR1 one >/dev/null
	await logged 10
	docker pause one >/dev/null
	docker kill --signal TERM one >/dev/null
	await logged 15
	came_to 137
}

@test "--exec: the service is process 1 itself" {
	container box --exec -- sh -c 'echo $$; exit 6'
	ended 6
	is output "$output" 1
	start bare --exec -- /service log /dev/stdout
	await logged ready
	await states_are 'S '
	docker kill --signal USR2 one >/dev/null
	await logged 12
	docker kill one >/dev/null
	came_to 137
}

@test "a restart policy sees a failure as one, and an end as one" {
	start --restart on-failure:2 bare -- /none
	await restarted 2
	came_to 127
	start --restart on-failure:2 bare -- /service orphans 0 0
	came_to 0
}

restarted() {
	[ "$(docker inspect --format '{{.RestartCount}} {{.State.Running}}' one)" \
	    = "$1 false" ]
}

# --- health, and other containers ---

health_is() {
	[ "$(docker inspect --format '{{.State.Health.Status}}' one)" = "$1" ]
}

@test "HEALTHCHECK: a probe of the image's own keyplate, with a secret" {
	need caddy
	mkdir image
	cat >image/Dockerfile <<-'END'
		FROM box
		COPY Caddyfile /etc/Caddyfile
		HEALTHCHECK --interval=200ms --timeout=5s --retries=2 \
			CMD ["/keyplate", "probe", "--basic-auth", \
			"operator:${secret:password}", "http://127.0.0.1:8080/"]
		CMD ["run", "--template", "/etc/Caddyfile", "--", \
			"caddy", "run", "--config", "/etc/Caddyfile"]
	END
	cat >image/Caddyfile <<-'END'
		{
			admin off
			auto_https off
		}
		http://:8080 {
			basicauth {
				operator ${secret:password|bcrypt(4)}
			}
			respond "welcome"
		}
	END
	docker build --quiet --tag health image >/dev/null
	start --volume "$PWD/secrets:/run/secrets:ro" health
	await health_is healthy
	# What probes now, but not what runs, has another password.
	printf '%s\n' "$SECOND" >secrets/password
	await health_is unhealthy
	docker inspect one >told
	grep -q 'status 401' told
	not grep canary told
	stops_soon
	came_to 0
}

@test "a service waits for another container, by the name of that" {
	docker network create net >/dev/null
	docker run --detach --name other --network net box -- sh -c '
		until [ -e /go ]; do sleep 0.1; done
		echo page >/srv/page; exec httpd -f -p 8080 -h /srv' >/dev/null
	docker run --detach --name one --network net box \
	    --wait http://other:8080/page -- echo started >/dev/null
	await states_are 'S '
	docker exec other touch /go
	came_to 0
}
