#!/bin/sh
# SPDX-License-Identifier: MIT
# dockerd - run a Docker engine of its own in DIR, with DIR/socket to talk to.
# usage: dockerd.sh DIR
#
# It lives in namespaces of its own and keeps its data in memory: nothing of
# this machine's network, mounts or other engines is touched, no image can be
# pulled, and with the first process of the namespaces all of it is gone.
# Containers have networks among themselves alone, and no default one.  With
# ENGINE_NET, the number of another engine's process, its network is shared.
# With ENGINE_NODE, an address, there is a node at that address, for a swarm:
# its ports can be published, and containers reach it.
set -eu

dir=$1
mkdir -p "$dir/state"
if [ "${2-}" != inside ]; then
	if [ -n "${ENGINE_NET-}" ]; then
		set -- nsenter --target "$ENGINE_NET" --net unshare
	else
		set -- unshare --net
	fi
	exec "$@" --mount --ipc --pid --fork --kill-child --mount-proc \
	    --propagation slave "$0" "$dir" inside
fi

mount -t tmpfs -o mode=0711 engine "$dir/state"
# Another engine's containerd would be found, and used, there.
mount -t tmpfs -o mode=0755 run /run
echo '{}' >"$dir/state/daemon.json"
if [ -n "${ENGINE_NODE-}" ]; then
	ip link set lo up
	ip link add node type bridge
	ip address add "$ENGINE_NODE/24" dev node
	ip link set node up
	# Containers may ask for /run/docker.sock.  Nobody answers for names
	# that the engine does not know: the look-up fails at once.
	set -- --host unix:///run/docker.sock --dns "$ENGINE_NODE"
else
	set -- --bridge none --iptables=false --ip-forward=false \
	    --ip-masq=false
fi
dockerd --config-file "$dir/state/daemon.json" --pidfile "$dir/state/pid" \
    --data-root "$dir/state/data" --exec-root "$dir/state/exec" \
    --host "unix://$dir/socket" "$@" \
    --exec-opt native.cgroupdriver=cgroupfs \
    --cgroup-parent "/${ENGINE_CGROUP:-keyplate-engine}" &
# The first process reaps what the engine's own leave behind.
wait "$!"
