# SPDX-License-Identifier: MIT
# lab - a Docker engine in namespaces of its own, with a swarm of one node and
# stand-ins for the public images, made of Debian packages.  check-swarm.sh
# reads this, and has $here, $work, $cleanups and gives_up.
#
# It takes 3 GB of memory, where the images and volumes are too, and 700 MB of
# disk, which stay.
# shellcheck shell=bash disable=SC2154

# What takes minutes to make is kept there.
cache=${SWARM_CACHE:-/tmp/keyplate-swarm}
lab=$here/lab
engine=$work/engine
export ENGINE_NODE=10.99.0.1 ENGINE_CGROUP=keyplate-swarm-$$
share=/sys/fs/cgroup/cpu/$ENGINE_CGROUP

start_lab() {
	local program

	for program in docker dockerd go ip iptables mmdebstrap nsenter \
	    python3; do
		command -v "$program" >/dev/null || gives_up "no $program"
	done
	[ "$(id -u)" -eq 0 ] || gives_up 'the lab needs root'
	make_cache
	cleanups+=(stop_engine remove_cgroups)
	make_share
	(in_share "$lab/roots.sh" "$cache") || gives_up 'no bases'
	start_engine
	"$lab/images.sh" "$cache" || gives_up 'no bases'
	# Heartbeats of a busy machine come late.
	docker swarm init --advertise-addr 127.0.0.1 \
	    --dispatcher-heartbeat 30s >/dev/null
	start_vips
}

# What somebody else has put there is not ours to trust.
make_cache() {
	mkdir -p "$cache"
	if [ -L "$cache" ] || [ ! -O "$cache" ]; then
		gives_up "$cache is no folder of this user's"
	fi
}

# All containers together would weigh as much as one process of the machine's
# (with version 1 of cgroups): of a busy machine they get what eight would.
make_share() {
	[ -w /sys/fs/cgroup/cpu/tasks ] || return 0
	mkdir "$share"
	echo 8192 >"$share/cpu.shares"
}

# in_share COMMAND...: as a process of this group, in place of this shell.
in_share() {
	[ ! -d "$share" ] || echo "$BASHPID" >"$share/cgroup.procs"
	exec "$@"
}

start_engine() {
	mkdir "$engine"
	unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
	export DOCKER_CONFIG=$work/config DOCKER_HOST=unix://$engine/socket
	(in_share setpriv --pdeathsig KILL "$here/../engine/dockerd.sh" \
	    "$engine" >"$work/log" 2>&1) &
	engine_pid=$!
	until docker version >/dev/null 2>&1; do
		kill -0 "$engine_pid" 2>/dev/null ||
			gives_up "no engine: $(tail -n 1 "$work/log")"
		sleep 0.2
	done
}

# All of it is gone with its first process.
stop_engine() {
	[ -n "${engine_pid-}" ] || return 0
	kill -KILL "$engine_pid" 2>/dev/null || :
	wait "$engine_pid" 2>/dev/null || :
}

# As soon as all processes have ended.
remove_cgroups() {
	local tries

	for ((tries = 0; tries < 50; tries++)); do
		! find /sys/fs/cgroup -depth -type d \
		    -path "*/$ENGINE_CGROUP*" -exec rmdir {} + 2>/dev/null ||
			return 0
		sleep 0.2
	done
}

# in_lab COMMAND...: where the engine is, in its network and processes.
in_lab() {
	local first

	read -r first _ <"/proc/$engine_pid/task/$engine_pid/children" || :
	(in_share nsenter --target "$first" --mount --net --pid -- "$@")
}

start_vips() {
	# The engine has loaded the module, where there is one.
	! in_lab test -e /proc/net/ip_vs || return 0
	in_lab "$lab/vips.py" "$engine/state/exec/netns" "$engine/socket" \
	    >"$work/vips.log" 2>&1 &
}
