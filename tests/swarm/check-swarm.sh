#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check-swarm - deploy examples/swarm on a real Docker swarm, and ask it.
#
# Variables:
#   SWARM_ENGINE  lab: an engine of its own, in namespaces of its own, with
#                 stand-ins for the public images: see lab/lab.sh.  machine:
#                 the engine of this machine, with the public images.   (lab)
#   SWARM_CACHE   where the lab keeps what takes minutes to make
#                                                     (/tmp/keyplate-swarm)
#   SWARM_NODE    the address of this machine that containers reach, when the
#                 engine is its own                    (its first address)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
keyplate=$(realpath "${KEYPLATE:-./keyplate}")

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

# Both say where to walk: $node is its address, $run_there how to run commands.
use_lab() {
	. "$here/lab/lab.sh"
	start_lab
	export WORDPRESS_OFFLINE=true
	node=$ENGINE_NODE
	run_there=(in_lab)
}

use_machine() {
	command -v docker >/dev/null || gives_up 'there is no docker'
	docker version >/dev/null 2>&1 || gives_up 'no Docker engine answers'
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
case ${SWARM_ENGINE:-lab} in
lab) use_lab ;;
machine) use_machine ;;
*) gives_up 'SWARM_ENGINE is not "lab" or "machine"' ;;
esac
printf 'check-swarm: an engine with all bases after %d s\n' "$SECONDS"

mkdir "$work/walk"
cp -R "$top/examples" "$work/walk/"
cp "$keyplate" "$work/walk/keyplate"
"${run_there[@]}" "$here/deployment.sh" "$work/walk" "$node"
