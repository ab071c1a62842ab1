# SPDX-License-Identifier: MIT
# engine - what the tests with a real Docker engine share: the engine, two
# images, and words for what containers do.
# shellcheck shell=bash disable=SC2034,SC2154

# await, is, not, ended, said and the like.
load ../pid1/pid1.sh

# Hostile to most formats, with a word to find it by.
# shellcheck disable=SC2016 # $HOME is part of it
CANARY='canary "p&a#s;s\1 $HOME'
SECOND='canary of the next day'

# The engine, for all tests of a file.  Where there can be none, MISSING says
# why, and every test is skipped.
setup_file() {
	export MISSING='' ENGINE=$BATS_FILE_TMPDIR/engine

	find_missing || return 0
	unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
	export DOCKER_CONFIG=$BATS_FILE_TMPDIR/config
	export DOCKER_HOST=unix://$ENGINE/socket
	start_engine || return 0
	build_images
}

teardown_file() {
	[ -n "$MISSING" ] || stop_engine
}

setup() {
	[ -z "$MISSING" ] || skip "$MISSING"
	cd "$BATS_TEST_TMPDIR" || return
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" .
	mkdir secrets
	printf '%s\n' "$CANARY" >secrets/password
}

teardown() {
	[ -z "$MISSING" ] || return 0
	# After a failure, what there is to see.
	[ -n "$BATS_TEST_COMPLETED" ] || docker logs one || :
	remove_containers
}

# --- the engine ---

find_missing() {
	local name

	for name in docker dockerd busybox "${CC:-cc}"; do
		command -v "$name" >/dev/null || MISSING="needs $name"
	done
	[ "$(id -u)" = 0 ] || MISSING='needs root'
	is_static "$KEYPLATE" || MISSING='needs a static keyplate'
	[ -z "$MISSING" ]
}

is_static() {
	! LC_ALL=C ldd "$1" 2>/dev/null | grep -q '=>'
}

start_engine() {
	mkdir "$ENGINE"
	export ENGINE_CGROUP=keyplate-engine-$$
	setpriv --pdeathsig KILL "${BASH_SOURCE[0]%/*}/dockerd.sh" "$ENGINE" \
	    >"$ENGINE/log" 2>&1 3>&- &
	export ENGINE_PID=$!
	await engine_answers_or_ended && engine_answers && return
	MISSING="no engine: $(tail -n 1 "$ENGINE/log")"
	stop_engine
	return 1
}

engine_answers() {
	timeout 10 docker version >/dev/null 2>&1
}

engine_answers_or_ended() {
	engine_answers || has_ended "$ENGINE_PID"
}

# All of it is gone with its first process, but for its cgroup.
stop_engine() {
	remove_containers
	kill -KILL "$ENGINE_PID" 2>/dev/null || :
	wait "$ENGINE_PID" 2>/dev/null || :
	await remove_cgroups
}

remove_cgroups() {
	find /sys/fs/cgroup -depth -type d -path "*/$ENGINE_CGROUP*" \
	    -exec rmdir {} + 2>/dev/null
}

remove_containers() {
	docker ps --all --quiet | xargs -r docker rm --force --volumes \
	    >/dev/null 2>&1 || :
}

# Run a command where the engine is: its mounts, its processes.
beside_engine() {
	nsenter --target "$(child_of "$ENGINE_PID")" --mount --pid -- "$@"
}

# --- images ---

# bare: keyplate and a static service, and nothing else.  box: the same, a
# shell, and what is there of real services.
build_images() {
	local bare=$BATS_FILE_TMPDIR/bare box=$BATS_FILE_TMPDIR/box

	mkdir -p "$bare" "$box"/root/{bin,etc,run,srv,tmp}
	chmod 1777 "$box/root/tmp"
	cp "$KEYPLATE" "$bare/keyplate"
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O1 -static -o "$bare/service" \
	    "$BATS_TEST_DIRNAME/../pid1/probe.c" -lutil
	cat >"$bare/Dockerfile" <<-'END'
		FROM scratch
		COPY keyplate service /
		ENTRYPOINT ["/keyplate"]
	END
	docker build --quiet --tag bare "$bare" >/dev/null

	add_programs "$box/root" busybox caddy redis-server
	cat >"$box/Dockerfile" <<-'END'
		FROM bare
		COPY root /
		ENV PATH=/bin
		RUN ["/bin/busybox", "--install", "-s", "/bin"]
	END
	docker build --quiet --network none --tag box "$box" >/dev/null
}

# Those of this machine, with their libraries.
add_programs() {
	local root=$1 name path library

	shift
	for name; do
		path=$(command -v "$name") || continue
		cp -L "$path" "$root/bin/$name"
		for library in $(ldd "$path" | grep -o '/[^ )]*'); do
			mkdir -p "$root${library%/*}"
			cp -L "$library" "$root$library"
		done
	done
}

# --- containers ---

# Run a container to its end; $status, $output and $stderr tell.
container() {
	run --separate-stderr timeout -k 1 60 docker run --rm \
	    --network none "$@"
}

# Start one that is called one.
start() {
	timeout 60 docker run --detach --name one --network none "$@" >/dev/null
}

# A line of what it has printed.
logged() {
	docker logs one 2>&1 | grep -qxe "$1"
}

# What it has printed since it was made, in $output and $stderr.
read_logs() {
	run --separate-stderr docker logs one
}

# It has ended, with status $1; its name is free.
came_to() {
	is 'status as waited for' "$(timeout 60 docker wait one)" "$1"
	is 'status as inspected' \
	    "$(docker inspect --format '{{.State.ExitCode}}' one)" "$1"
	docker rm one >/dev/null
}

# docker stop, in much less than the 10 seconds after which it kills.
stops_soon() {
	local begun

	begun=$(now_ms)
	docker stop "$@" one >/dev/null
	begun=$(($(now_ms) - begun))
	[ "$begun" -lt 5000 ] || {
		echo "docker stop took $begun ms"
		return 1
	}
}

# The process of it that is the first in there, as the engine counts.
first_pid() {
	docker inspect --format '{{.State.Pid}}' one
}

# The state letters of all its processes.  docker top does not show zombies:
# they are in no cgroup any more, but still in the namespace.
states() {
	local space

	space=$(beside_engine readlink "/proc/$(first_pid)/ns/pid" |
	    tr -cd 0-9)
	beside_engine ps -e -o pidns=,stat= |
	    awk -v space="$space" '$1 == space { printf "%.1s ", $2 }'
}

states_are() {
	[ "$(states)" = "$1" ]
}
