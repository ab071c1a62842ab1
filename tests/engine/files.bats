#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# files - what a Docker engine's mounts, users and limits do to rendering.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load engine.sh

REDIS_CONF='bind 127.0.0.1
save ""
requirepass ${secret:password}
'

ONLY_PASSWORD='${secret:password}'

# The options that mount the secrets, and a template with this text.
mounts() {
	printf '%s' "${1-"$ONLY_PASSWORD"}" >template
	MOUNTS=(--volume "$PWD/secrets:/run/secrets:ro"
		--volume "$PWD/template:/template:ro")
}

# --- real services ---

# What redis answers to a password, byte for byte.
redis_says() {
	printf '*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n*1\r\n$4\r\nQUIT\r\n' \
	    "${#1}" "$1" | timeout 10 docker exec --interactive one \
	    nc 127.0.0.1 6379 | sed -n '1s/[ \r].*//p'
}

redis_lets_in() {
	[ "$(redis_says "$1")" = +OK ]
}

@test "redis-server is started with its password, and ends with docker stop" {
	need redis-server
	mounts "$REDIS_CONF"
	start "${MOUNTS[@]}" box --template /template:/etc/redis.conf -- \
	    redis-server /etc/redis.conf
	await redis_lets_in "$CANARY"
	is 'another password' "$(redis_says "$SECOND")" -WRONGPASS
	stops_soon
	came_to 0
}

@test "docker restart: a changed secret is rendered, from the template" {
	need redis-server
	mounts "$REDIS_CONF"
	start "${MOUNTS[@]}" box --template /template:/etc/redis.conf -- \
	    redis-server /etc/redis.conf
	await redis_lets_in "$CANARY"
	printf '%s\n' "$SECOND" >secrets/password
	docker restart one >/dev/null
	await redis_lets_in "$SECOND"
	is 'the old password' "$(redis_says "$CANARY")" -WRONGPASS
}

@test "docker restart: a changed secret is rendered over its own template" {
	need redis-server
	mounts
	printf '%s' "$REDIS_CONF" >redis.conf
	docker create --name one --network none "${MOUNTS[@]}" box \
	    run --template /etc/redis.conf -- redis-server /etc/redis.conf
	docker cp redis.conf one:/etc/redis.conf
	docker start one
	await redis_lets_in "$CANARY"
	printf '%s\n' "$SECOND" >secrets/password
	docker restart one >/dev/null
	await redis_lets_in "$SECOND"
	is 'the old password' "$(redis_says "$CANARY")" -WRONGPASS
}

# What caddy's site says to a user with this password; false: not let in.
site_says() {
	timeout 10 docker exec one wget -q -O - \
	    --header "Authorization: Basic $(printf 'operator:%s' "$1" |
		base64 -w 0)" http://127.0.0.1:8080/
}

@test "caddy lets the user of a hashed secret in, and nobody else" {
	need caddy
	mounts '{
	admin off
	auto_https off
}
http://:8080 {
	basicauth {
		operator ${secret:password|bcrypt(4)}
	}
	respond "${env:GREETING}"
}
'
	start "${MOUNTS[@]}" --env 'GREETING=He said "welcome"' \
	    --read-only --tmpfs /cfg --user 65534:65534 box \
	    --template /template:/cfg/Caddyfile -- \
	    caddy run --config /cfg/Caddyfile
	await site_says "$CANARY"
	is 'the site' "$(site_says "$CANARY")" 'He said "welcome"'
	not site_says "$SECOND"
	stops_soon
	came_to 0
}

# --- an image of nothing else ---

need_yaml() {
	python3 -c 'import yaml' 2>/dev/null || skip "needs Python's yaml"
}

# The bytes of a file in one.
content() {
	docker cp "one:$1" - | tar -xO
}

@test "FROM scratch: no shell, no /etc, no /tmp, and it runs" {
	need_yaml
	mounts 'password: ${secret:password}'
	docker create --name one --network none "${MOUNTS[@]}" bare \
	    --template /template:/app.yml -- /service ids
	docker start one
	await logged 'uid 0 0 0 gid 0 0 0 groups 0 root again'
	is 'as python reads it' "$(content /app.yml | python3 -c '
import sys, yaml
print(yaml.safe_load(sys.stdin)["password"])')" "$CANARY"
	came_to 0
}

@test "FROM scratch: nothing is written but the target" {
	mounts
	start "${MOUNTS[@]}" bare --template /template:/app.txt -- /service ids
	await logged 'uid 0 .*'
	is 'docker diff' "$(docker diff one | grep -v -e /run -e /template)" \
	    'A /app.txt'
	came_to 0
}

@test "FROM scratch, read-only, as a user without a name: into /dev/shm" {
	mounts
	chmod 0444 secrets/password
	start "${MOUNTS[@]}" --read-only --user 65534:65534 bare \
	    --template /template:/dev/shm/app.txt -- /service keep 0
	await logged 'done'
	is content "$(beside_engine cat \
	    "/proc/$(first_pid)/root/dev/shm/app.txt")" "$CANARY"
	stops_soon
	came_to 143
}

# --- where it can be written, and where not ---

# Show the target and who has it.
SHOW='stat -c "%U %u:%g %a" "$0"; cat "$0"; echo'

@test "a read-only root, and a tmpfs for the target" {
	mounts
	chmod 0444 secrets/password
	container "${MOUNTS[@]}" --read-only --tmpfs /cfg --user 1000 box \
	    --template /template:/cfg/app.txt -- sh -c "$SHOW" /cfg/app.txt
	ended 0
	is output "$output" "UNKNOWN 1000:0 600"$'\n'"$CANARY"
	silent
}

@test "nothing is writable: the message names the place and a way out" {
	local user

	mounts
	chmod 0444 secrets/password
	for user in 0 1000:1000; do
		container "${MOUNTS[@]}" --read-only --user "$user" box \
		    --template /template:/etc/app.txt -- echo started
		ended 125
		said '/etc/app.txt: '
		said 'Read-only file system'
		said 'tmpfs'
		is output "$output" ''
	done
}

@test "a folder that is not the user's: the message names both" {
	mounts
	chmod 0444 secrets/password
	container "${MOUNTS[@]}" --user 1000 box \
	    --template /template:/etc/app.txt -- echo started
	ended 125
	said '/etc/app.txt: '
	said 'Permission denied'
	is output "$output" ''
}

@test "a secret that is not the user's: the message names it, nobody sees it" {
	mounts
	chmod 0400 secrets/password
	container "${MOUNTS[@]}" --user 1000 box \
	    --template /template:/tmp/app.txt -- echo started
	ended 125
	said /run/secrets/password
	said 'Permission denied'
	is output "$output" ''
}

# The file that is mounted as /etc/app.txt; the inode tells a rename.
single_file() {
	mounts
	echo before >app.txt
	inode=$(stat -c %i app.txt)
	container "${MOUNTS[@]}" --volume "$PWD/app.txt:/etc/app.txt$1" \
	    box --template /template:/etc/app.txt -- "${@:2}"
}

@test "a file that is mounted by itself is written in place, and that is said" {
	local inode

	single_file '' cat /etc/app.txt
	ended 0
	is output "$output" "$CANARY"
	said '/etc/app.txt: warning: is a mount of its own, written in place'
	is content "$(cat app.txt)" "$CANARY"
	is inode "$(stat -c %i app.txt)" "$inode"
}

@test "a file that is mounted read-only by itself is refused" {
	local inode

	single_file :ro echo started
	ended 125
	said '/etc/app.txt: '
	said 'Read-only file system'
	is output "$output" ''
	is content "$(cat app.txt)" before
}

@test "a file that is mounted read-only and right already is fine" {
	mounts
	printf '%s' "$CANARY" >app.txt
	container "${MOUNTS[@]}" --volume "$PWD/app.txt:/etc/app.txt:ro" box \
	    --template /template:/etc/app.txt -- cat /etc/app.txt
	ended 0
	is output "$output" "$CANARY"
	silent
}

@test "a target in a volume outlives the container" {
	local round

	mounts
	for round in "$CANARY" "$SECOND"; do
		printf '%s\n' "$round" >secrets/password
		container "${MOUNTS[@]}" --volume "data-$$:/data" box \
		    --template /template:/data/app.txt -- cat /data/app.txt
		ended 0
		is output "$output" "$round"
	done
	container --volume "data-$$:/data" box -- cat /data/app.txt
	is output "$output" "$SECOND"
	docker volume rm "data-$$"
}

@test "what another container changes in a volume reaches the service" {
	local service

	service='mkfifo /tmp/never; exec 3<>/tmp/never
		trap "cat /tmp/app; echo" HUP
		echo started; while :; do read -r _ <&3; done'
	mounts
	change_volume "$CANARY"
	start --volume "secrets-$$:/run/secrets:ro" "${MOUNTS[@]:2}" box \
	    --template /template:/tmp/app --watch HUP -- sh -c "$service"
	await logged started
	change_volume "$SECOND"
	await logged "$SECOND"
	docker stop --time 0 one >/dev/null
	read_logs
	is 'what the service printed' "$output" "started
$SECOND"
	silent
	remove_containers
	docker volume rm "secrets-$$"
}

# As one who rotates a secret does: a new file over the old one.
change_volume() {
	container --volume "secrets-$$:/volume" box -- \
	    sh -c 'echo "$1" >/volume/new; mv /volume/new /volume/password' \
	    sh "$1"
	ended 0
}

# --- filters, users and capabilities ---

# System calls that older engines' filters do not know, and deny.
NEWER='statx close_range pidfd_open openat2 renameat2 faccessat2 memfd_create
	signalfd4 copy_file_range fallocate getrandom clone3 rseq mlock'

@test "a filter that denies newer system calls makes no difference" {
	local errno

	need jq
	mounts
	for errno in 1 38; do
		jq --null-input --arg names "$NEWER" --argjson errno "$errno" '{
			defaultAction: "SCMP_ACT_ALLOW",
			syscalls: [ { names: $names | [ splits("\\s+") ],
				action: "SCMP_ACT_ERRNO", errnoRet: $errno } ]
		}' >filter.json
		echo before >app.txt
		container "${MOUNTS[@]}" --volume "$PWD/app.txt:/etc/app.txt" \
		    --security-opt seccomp=filter.json box \
		    --user 1000:1000 --template /template:/srv/app.txt \
		    --template /template:/etc/app.txt -- \
		    sh -c 'cat "$@"; id -u; exit 3' - /srv/app.txt
		ended 3
		is output "$output" "${CANARY}1000"
		is content "$(cat app.txt)" "$CANARY"
		said 'app.txt: warning: is a mount of its own'
		is 'lines of messages' "$(wc -l <<<"$stderr")" 1
	done
}

@test "keyplate drops root: the service has the file, not the secret" {
	mounts
	beside_engine mount -t tmpfs -o mode=0700 secrets "$PWD/secrets"
	printf '%s\n' "$CANARY" | beside_engine sh -c \
	    'umask 0377; cat >"$0/password"; mount -o remount,ro "$0"' \
	    "$PWD/secrets"
	container "${MOUNTS[@]}" box --user 1000:1000 \
	    --template /template:/srv/app.txt -- \
	    sh -c "$SHOW; cat /run/secrets/password" /srv/app.txt
	beside_engine umount "$PWD/secrets"
	is output "$output" "UNKNOWN 1000:1000 600"$'\n'"$CANARY"
	ended 1
	said 'Permission denied'
}

# What a service may still do, of its own status.
RIGHTS='grep -E "^(Cap(Prm|Eff|Amb)|NoNewPrivs)" /proc/self/status | tr "\n" " "'
NONE=0000000000000000

@test "with no capability at all, and no way to gain one" {
	local user

	mounts
	chmod 0444 secrets/password
	for user in 0:0 1000:1000; do
		container "${MOUNTS[@]}" --cap-drop ALL --user "$user" \
		    --security-opt no-new-privileges --read-only \
		    --tmpfs /cfg box --template /template:/cfg/app.txt -- \
		    sh -c "$SHOW; $RIGHTS" /cfg/app.txt
		ended 0
		is output "$(tr -s '\t\n' ' ' <<<"${output#UNKNOWN }")" \
		    "$user 600 $CANARY CapPrm: $NONE CapEff: $NONE CapAmb: \
$NONE NoNewPrivs: 1 "
		silent
	done
}

@test "a user that the runtime has set already needs no capability" {
	container --cap-drop ALL --user 1000:1000 bare --user 1000:1000 -- \
	    /service ids
	ended 0
	is output "$output" \
	    'uid 1000 1000 1000 gid 1000 1000 1000 groups 1000 root never'
}

@test "a user that cannot be set: the message names what is missing" {
	container --cap-drop ALL bare --user 1000:1000 -- /service ids
	ended 125
	said SETUID
	is output "$output" ''
}

@test "the capabilities to change the user are enough" {
	container --cap-drop ALL --cap-add SETUID --cap-add SETGID bare \
	    --user 1000:1000 -- /service ids
	ended 0
	is output "$output" \
	    'uid 1000 1000 1000 gid 1000 1000 1000 groups 1000 root never'
	silent
}

@test "without the capability KILL the service still gets its signals" {
	start --cap-drop ALL --cap-add SETUID --cap-add SETGID \
	    --cap-add CHOWN bare --user 1000:1000 -- \
	    /service log /dev/stdout
	await logged ready
	docker kill --signal USR1 one >/dev/null
	await logged 10
	docker kill --signal HUP one >/dev/null
	await logged 1
	docker kill one >/dev/null
	came_to 137
}

# --- secrets ---

@test "each secret is a mount of its own, as swarm and compose have it" {
	local name
	local -a each=()

	need python3
	mounts '{"a": "${secret:a}", "b": "${secret:b-c.d}"}'
	printf '%s\n' "$CANARY" >secrets/a
	printf '%s' "$SECOND" >secrets/b-c.d
	for name in a b-c.d; do
		each+=(--mount "type=bind,readonly,source=$PWD/secrets/$name")
		each[-1]+=",target=/run/secrets/$name"
	done
	container "${each[@]}" --volume "$PWD/template:/template:ro" box \
	    --template /template:/srv/app.json -- cat /srv/app.json
	ended 0
	is 'as python reads it' "$(python3 -c 'import json, sys
print("\n".join(json.load(sys.stdin).values()))' <<<"$output")" \
	    "$CANARY"$'\n'"$SECOND"
}

# Either of the two programs.
compose() {
	if docker compose version >/dev/null 2>&1; then
		docker compose "$@"
	else
		docker-compose "$@"
	fi
}

@test "docker compose: secrets from files, settings from its environment" {
	compose version >/dev/null 2>&1 || skip 'needs docker compose'
	need_yaml
	mounts 'password: ${secret:app_password}
debug: ${env:DEBUG}
'
	cat >compose.yaml <<-'END'
		version: "3.8"
		services:
		  app:
		    image: box
		    network_mode: none
		    environment: { DEBUG: "true" }
		    volumes: [ ./template:/template:ro ]
		    command: run -t /template:/srv/app.yml -- cat /srv/app.yml
		    secrets: [ app_password ]
		secrets:
		  app_password: { file: ./secrets/password }
	END
	run --separate-stderr compose --file compose.yaml run --rm -T app
	ended 0
	is 'as python reads it' "$(python3 -c 'import sys, yaml
print(list(yaml.safe_load(sys.stdin).values()))' <<<"$output")" \
	    "$(python3 -c 'import sys; print([sys.argv[1], True])' "$CANARY")"
}

@test "a secret that is missing: all is named, nothing is written or started" {
	mounts '${secret:absent_a} ${secret:password} ${secret:absent_b}'
	start "${MOUNTS[@]}" box --template /template:/etc/app.txt -- \
	    echo started
	is status "$(docker wait one)" 125
	read_logs
	said absent_a
	said absent_b
	is output "$output" ''
	[[ $(docker diff one) != *app.txt* ]]
}

@test "no secret in what the engine can tell of a container" {
	mounts
	start "${MOUNTS[@]}" box -vv --template /template:/srv/app.txt \
	    --export 'PASSWORD=${secret:password}' -- sh -c '
		[ "$PASSWORD" = "$(cat /srv/app.txt)" ] && echo up
		while :; do sleep 0.1; done'
	await logged up
	{
		docker logs one
		docker inspect one
		docker top one -eo pid,args
		docker exec one env
	} >told 2>&1
	grep -q /srv/app.txt told
	not grep -a canary told
}

@test "no secret in the environment of process 1" {
	local pid

	start --env TOKEN="$CANARY" box --drop-env TOKEN -- sh -c '
		echo "up ${TOKEN-without}"; while :; do sleep 0.1; done'
	await logged 'up without'
	run --separate-stderr docker exec one cat /proc/1/environ
	ended 1
	is output "$output" ''
	# With all rights there are, none is left to be read.
	pid=$(first_pid)
	beside_engine cat "/proc/$pid/status" | grep -q '^Name:.*keyplate'
	is environment \
	    "$(beside_engine cat "/proc/$pid/environ" | tr -d '\0')" ''
}
