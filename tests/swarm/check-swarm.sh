#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check-swarm - deploy examples/swarm on a real Docker swarm, and ask it.
#
# Where the folder SWARM_LAB has an engine in namespaces of its own, and
# stand-ins from Debian packages for images that cannot be pulled, it is used:
# nothing of this machine's engine or network is touched, and nothing but the
# lab's own files stays (in LAB).  Otherwise the engine of this machine is, with
# the public images; SWARM_NODE is then the address that containers reach this
# machine at.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
keyplate=$(realpath "${KEYPLATE:-./keyplate}")
lab=${SWARM_LAB:-$top/../shared/swarm-lab}
begun=$SECONDS

gives_up() {
	printf 'check-swarm: cannot run: %s\n' "$1" >&2
	exit 1
}

work=$(mktemp -d)
cleanups=()

clean_up() {
	local command
	for command in "${cleanups[@]}"; do
		"$command" || :
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# --- an engine in namespaces of its own ---

in_lab() {
	bash -c '. "$1/lib.sh"; shift; "$@"' lab "$lab" "$@"
}

# All bases that the Dockerfiles and stacks name, in a file that the lab reads.
list_bases() {
	mkdir "$work/bases"
	{
		sed -n 's/^ARG BASE=/FROM /p' "$top"/examples/swarm/*/Dockerfile
		sed -nE 's/^ *image: ([^$]+)$/FROM \1/p' \
		    "$top"/examples/swarm/*.yml "$top"/examples/swarm/*/*.yml
	} | sort -u >"$work/bases/Dockerfile"
}

# The stand-in's health check calls a program that Debian has in a package of
# its own, and as a root that has no password there: by the socket instead.
mend_mariadb() {
	in_lab lab docker build --quiet --tag mariadb - <<-'END'
		FROM mariadb
		RUN command -v mariadb-admin || { \
		printf '#!/bin/bash\nexec mariadb "${@:4:$#-4}" -e "SELECT 1"\n' \
		>/usr/local/bin/mariadb-admin && \
		chmod 0755 /usr/local/bin/mariadb-admin; }
	END
}

start_lab() {
	export LAB=${LAB:-/tmp/swarm-lab} LAB_NODE=${LAB_NODE:-10.99.0.1}
	cleanups+=(stop_lab)
	bash "$lab/build-bases.sh"
	mend_mariadb
	list_bases
	bash "$lab/tags-for.sh" "$work/bases"
	in_lab shim_up
	node=$LAB_NODE
	export WORDPRESS_OFFLINE=true
	run_there=(in_lab lab)
}

# kill_named FILE: the process whose number is in the lab's file.
kill_named() {
	local pid
	pid=$(cat "$LAB/$1" 2>/dev/null) || return 0
	kill "$2" "$pid" 2>/dev/null || return 0
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.1
	done
}

stop_lab() {
	in_lab lab docker swarm leave --force >/dev/null 2>&1
	kill_named vipshim.pid -TERM
	kill_named dockerd.pid -TERM
	kill_named ns.pid -KILL
}

# --- the engine of this machine ---

use_engine() {
	command -v docker >/dev/null || gives_up \
	    "there is no docker, and no lab in ${SWARM_LAB:-../shared/swarm-lab}"
	docker version >/dev/null 2>&1 || gives_up \
	    "no Docker engine answers, and there is no lab in $lab"
	case $(docker info --format '{{.Swarm.LocalNodeState}}') in
	active)
		[ -z "$(docker service ls --quiet)" ] || gives_up \
		    'the swarm has services, which would be in the way'
		;;
	*)
		docker swarm init --advertise-addr 127.0.0.1 >/dev/null
		cleanups+=(leave_swarm)
		;;
	esac
	node=${SWARM_NODE:-$(hostname -I | awk '{ print $1 }')}
	run_there=()
}

leave_swarm() {
	docker swarm leave --force >/dev/null
}

for program in curl jq openssl make "${CC:-cc}"; do
	command -v "$program" >/dev/null || gives_up "there is no $program"
done
if [ -r "$lab/lib.sh" ]; then
	[ "$(id -u)" -eq 0 ] || gives_up 'the lab needs root'
	start_lab
else
	use_engine
fi
printf 'check-swarm: an engine with all bases after %d s\n' \
    "$((SECONDS - begun))"

mkdir "$work/walk"
cp -R "$top/examples" "$work/walk/"
cp "$keyplate" "$work/walk/keyplate"
"${run_there[@]}" "$here/deployment.sh" "$work/walk" "$node"
