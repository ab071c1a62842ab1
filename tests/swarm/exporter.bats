#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# exporter - docker-exporter counts the services of a real engine's swarm.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load ../engine/engine.sh

SOURCES=$(realpath "${BATS_TEST_DIRNAME:?}/../../examples/swarm/docker-exporter")

# The program, and an engine with a swarm.
setup_file() {
	export MISSING='' ENGINE=$BATS_FILE_TMPDIR/engine PORT NODE
	local built=$BATS_FILE_TMPDIR/exporter

	export EXPORTER=$built/docker-exporter
	mkdir "$built"
	pkg-config --exists libcurl jansson libmicrohttpd || {
		MISSING='needs libcurl, jansson and libmicrohttpd'
		return 0
	}
	make -C "$SOURCES" "O=$built" >"$built/log" 2>&1
	PORT=$((20000 + RANDOM % 20000))
	find_missing || return 0
	unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
	export DOCKER_CONFIG=$BATS_FILE_TMPDIR/config
	export DOCKER_HOST=unix://$ENGINE/socket
	start_engine || return 0
	build_images
	docker swarm init --listen-addr 127.0.0.1 --advertise-addr 127.0.0.1 \
	    --dispatcher-heartbeat 1s >/dev/null
	NODE=$(docker node ls --quiet)
}

# A second node, whose engine is in $BATS_TEST_TMPDIR/second; $SECOND_PID.
join_second() {
	local socket=unix://$PWD/second/socket

	mkdir second
	beside_engine_net ip link set lo up
	ENGINE_NET=$(child_of "$ENGINE_PID") ENGINE_CGROUP=$ENGINE_CGROUP-2 \
	    setpriv --pdeathsig KILL "$BATS_TEST_DIRNAME/../engine/dockerd.sh" \
	    "$PWD/second" >second/log 2>&1 3>&- &
	SECOND_PID=$!
	await docker --host "$socket" version
	docker save bare | docker --host "$socket" load
	docker --host "$socket" swarm join --listen-addr 127.0.0.2 \
	    --advertise-addr 127.0.0.2 \
	    --token "$(docker swarm join-token --quiet worker)" 127.0.0.1:2377
	docker --host "$socket" info --format '{{.Swarm.NodeID}}' >second/id
}

beside_engine_net() {
	nsenter --target "$(child_of "$ENGINE_PID")" --net -- "$@"
}

setup() {
	[ -z "$MISSING" ] || skip "$MISSING"
	cd "$BATS_TEST_TMPDIR" || return
	PID='' SECOND_PID=''
}

teardown() {
	[ -z "$MISSING" ] || return 0
	[ -z "$PID" ] || kill -KILL "$PID" 2>/dev/null || :
	[ -z "$SECOND_PID" ] || kill -KILL "$SECOND_PID" 2>/dev/null || :
	docker service ls --quiet | xargs -r docker service rm >/dev/null
}

# Start the exporter under keyplate, of this engine's socket or another.
start_exporter() {
	DOCKER_SOCKET=${1-$ENGINE/socket} PORT=$PORT \
	    "$KEYPLATE" run -- "$EXPORTER" >out 2>err 3>&- &
	PID=$!
	"$KEYPLATE" wait --timeout 20s "tcp://127.0.0.1:$PORT"
}

# A service NAME with options of docker service create.
service() {
	docker service create --detach --quiet --network host --name "$1" \
	    "${@:2}" bare -- /service keep 0 >/dev/null 2>&1
}

status_of() {
	curl -s -o page -w '%{http_code}' "$@"
}

# This line is one of the metrics.
tells() {
	curl -s "http://127.0.0.1:$PORT/metrics" | grep -qxF "$1"
}

@test "the unit tests of the exporter pass" {
	pkg-config --exists cmocka || skip 'needs cmocka'
	make -C "$SOURCES" "O=$BATS_FILE_TMPDIR/exporter" check
}

@test "its image's root has all that the program needs" {
	make -C "$SOURCES" "O=$BATS_FILE_TMPDIR/exporter" root
	PORT=none run chroot "$BATS_FILE_TMPDIR/exporter/root" /docker-exporter
	ended 2
	is output "$output" 'docker-exporter: PORT is no port'
}

@test "a service's replicas are counted, and followed when it is scaled" {
	start_exporter
	service my-stack_web --replicas 2
	await tells 'live_replicas{service="my-stack_web"} 2'
	tells 'desired_replicas{service="my-stack_web"} 2'
	tells 'live_my_stack_web 2'
	tells 'desired_my_stack_web 2'
	docker service scale --detach my-stack_web=1 >/dev/null
	await tells 'desired_replicas{service="my-stack_web"} 1'
	await tells 'live_replicas{service="my-stack_web"} 1'
	docker service rm my-stack_web >/dev/null
	run ! tells 'desired_replicas{service="my-stack_web"} 1'
}

@test "replicas that cannot start are desired, and not live" {
	start_exporter
	service broken --replicas 3 --constraint node.labels.none==here
	await tells 'desired_replicas{service="broken"} 3'
	tells 'live_replicas{service="broken"} 0'
}

@test "a global service should run once on each node that takes it" {
	start_exporter
	service agent --mode global
	await tells 'live_replicas{service="agent"} 1'
	tells 'desired_replicas{service="agent"} 1'
	docker node update --availability drain "$NODE" >/dev/null
	await tells 'desired_replicas{service="agent"} 0'
	await tells 'live_replicas{service="agent"} 0'
	docker node update --availability active "$NODE" >/dev/null
	await tells 'live_replicas{service="agent"} 1'
}

@test "what a second node runs counts, until the node is lost" {
	start_exporter
	join_second
	service agent --mode global
	service pinned --replicas 2 --constraint "node.id==$(cat second/id)"
	await tells 'live_replicas{service="agent"} 2'
	tells 'desired_replicas{service="agent"} 2'
	await tells 'live_replicas{service="pinned"} 2'
	kill -KILL "$SECOND_PID"
	{ wait "$SECOND_PID" || :; } 2>/dev/null
	SECOND_PID=
	await tells 'live_replicas{service="pinned"} 0'
	tells 'desired_replicas{service="pinned"} 2'
	await tells 'live_replicas{service="agent"} 1'
	await tells 'desired_replicas{service="agent"} 1'
	docker node rm --force "$(cat second/id)"
}

@test "prometheus can read the page" {
	start_exporter
	service web
	await tells 'live_web 1'
	is status "$(status_of "http://127.0.0.1:$PORT/metrics")" 200
	is type "$(curl -s -o page -w '%{content_type}' \
	    "http://127.0.0.1:$PORT/metrics")" \
	    'text/plain; version=0.0.4; charset=utf-8'
	is 'lines of another form' "$(grep -vE \
	    '^# (HELP|TYPE) |^[a-z_]+(\{service="[^"]*"\})? [0-9]+$' page)" ''
	is 'metrics there twice' "$(grep '^# TYPE' page | sort | uniq -d)" ''
}

@test "other paths and methods are refused" {
	start_exporter
	is path "$(status_of "http://127.0.0.1:$PORT/")" 404
	is method "$(status_of --data x "http://127.0.0.1:$PORT/metrics")" 405
}

@test "without an engine the answer is no figures, and status 503" {
	start_exporter "$PWD/none"
	is status "$(status_of "http://127.0.0.1:$PORT/metrics")" 503
	grep -q "$PWD/none/services: " err
	is probe "$("$KEYPLATE" probe "http://127.0.0.1:$PORT/metrics" \
	    2>/dev/null || echo "$?")" 1
}

@test "an engine that is no manager of a swarm is no engine here" {
	python3 - "$PWD/socket" <<-'END' 3>&- &
		import http.server, socket, socketserver, sys
		class Answer(http.server.BaseHTTPRequestHandler):
		    def address_string(self):
		        return ""
		    def do_GET(self):
		        self.send_response(503)
		        self.end_headers()
		        self.wfile.write(b'{"message":"not a manager"}')
		server = socketserver.UnixStreamServer(sys.argv[1], Answer)
		server.serve_forever()
	END
	PEER=$!
	await test -S socket
	start_exporter "$PWD/socket"
	is status "$(status_of "http://127.0.0.1:$PORT/metrics")" 503
	kill "$PEER"
}

@test "the exporter ends at once when it is asked to" {
	start_exporter
	kill -TERM "$PID"
	wait "$PID"
	is out "$(cat out)" "docker-exporter: listens at port $PORT"
	is err "$(cat err)" ''
	PID=
}
