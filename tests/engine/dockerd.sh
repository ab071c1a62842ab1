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
dockerd --config-file "$dir/state/daemon.json" --pidfile "$dir/state/pid" \
    --data-root "$dir/state/data" --exec-root "$dir/state/exec" \
    --host "unix://$dir/socket" --bridge none --iptables=false \
    --ip-forward=false --ip-masq=false \
    --exec-opt native.cgroupdriver=cgroupfs \
    --cgroup-parent "/${ENGINE_CGROUP:-keyplate-engine}" &
# The first process reaps what the engine's own leave behind.
wait "$!"
