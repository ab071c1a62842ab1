#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# exit - exit statuses, and what cannot be executed.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

# Run with a PATH of its own; keyplate's options cannot be among the rest.
path() {
	run --separate-stderr env PATH="$1" "$KEYPLATE" run "${@:2}"
}

every_status_passes() {
	local code

	for code in $(seq 0 "$STEP" 255); do
		gives "$code" "$KEYPLATE" run "$@" -- sh -c "exit $code" ||
			return
		is 'nothing said' "$(<err)" '' || return
	done
}

@test "the service's exit status is keyplate's, supervised" {
	every_status_passes
}

@test "the service's exit status is keyplate's, in place" {
	every_status_passes --exec
}

@test "the service's exit status is keyplate's, as process 1" {
	local code

	need_namespaces
	for code in $(seq 0 "$STEP" 255); do
		gives "$code" unshare --pid --fork --mount-proc -- \
		    "$KEYPLATE" run -- sh -c "exit $code"
		is 'nothing said' "$(<err)" ''
	done
}

# All that end a process which does nothing about them.
fatal_signals() {
	seq 1 64 | grep -vxe 17 -e 18 -e 19 -e 20 -e 21 -e 22 -e 23 -e 28 \
	    -e 32 -e 33
}

@test "a service that dies of a signal gives 128 plus its number" {
	local number

	for number in $(fatal_signals); do
		gives $((128 + number)) "$KEYPLATE" run -- \
		    sh -c "ulimit -c 0; kill -$number \$\$"
	done
}

@test "a service that dies of a signal gives the same under process 1" {
	local number

	need_namespaces
	for number in $(fatal_signals); do
		gives $((128 + number)) unshare --pid --fork --mount-proc -- \
		    "$KEYPLATE" run -- sh -c "ulimit -c 0; kill -$number \$\$"
	done
}

@test "what is not found gives 127 and is named" {
	keyplate no-such-command
	ended 127
	said '"no-such-command": command not found'
	keyplate /no/such/path
	ended 127
	said /no/such/path
	keyplate -- ''
	ended 127
	keyplate --exec no-such-command
	ended 127
	said no-such-command
}

@test "what is found and cannot be executed gives 126 and says why" {
	echo true >plain
	chmod 0644 plain
	keyplate ./plain
	ended 126
	said 'not executable (mode 0644)'
	keyplate /tmp
	ended 126
	said 'is a directory'
	keyplate --exec ./plain
	ended 126
}

@test "a file system mounted noexec is named as the reason" {
	need_root
	run --separate-stderr unshare --mount sh -c '
		mkdir noexec && mount -t tmpfs -o noexec tmpfs noexec &&
		cp /bin/true noexec/ && exec "$@"' - \
	    "$KEYPLATE" run ./noexec/true
	ended 126
	said noexec
}

@test "a missing interpreter gives 127 and is named" {
	printf '#!/no/such/interpreter -x\n' >script
	chmod 0755 script
	keyplate ./script
	ended 127
	said '"/no/such/interpreter" is missing'
}

@test "a CR behind the interpreter is explained" {
	printf '#!/bin/sh\r\nexit 0\r\n' >script
	chmod 0755 script
	keyplate ./script
	ended 127
	said '"/bin/sh" is missing'
	said 'CR LF'
}

@test "a missing loader gives 127 and is named" {
	local loader

	loader=$(grep -aom 1 '/lib64/ld-linux-x86-64.so.2' /bin/true) ||
	    skip 'needs a dynamic x86-64 program'
	sed "s|$loader|/lib64/ld-nosuch-86-64.so.2|" /bin/true >program
	chmod 0755 program
	keyplate ./program
	ended 127
	said '"/lib64/ld-nosuch-86-64.so.2" is missing'
}

@test "what the kernel does not know is never given to a shell" {
	echo 'touch executed' >script
	: >empty
	printf '\177ELF garbage' >garbage
	chmod 0755 script empty garbage
	keyplate ./script
	ended 126
	said '"#!" line'
	keyplate ./empty
	ended 126
	said 'is empty'
	keyplate ./garbage
	ended 126
	path "$PWD:$PATH" script
	ended 126
	[ ! -e executed ]
}

@test "a program of another machine is named as such" {
	# The header's machine, elf(5): 183 is arm64, 62 x86-64.
	case $(uname -m) in
	x86_64) machine='\267' name=arm64 ;;
	*) machine='\076' name=amd64 ;;
	esac
	cp /bin/true other
	# shellcheck disable=SC2059
	printf "$machine" | dd of=other bs=1 seek=18 conv=notrunc 2>/dev/null
	keyplate ./other
	ended 126
	said "$name"
}

@test "PATH is searched as POSIX says, and EACCES does not end the search" {
	mkdir first second
	printf '#!/bin/sh\necho second\n' >second/command
	printf '#!/bin/sh\necho here\n' >here
	touch first/command
	chmod 0755 second/command here
	path "$PWD/first:$PWD/second" command
	ended 0
	is output "$output" second
	path "$PWD/first" command
	ended 126
	path :/bin here
	is output "$output" here
	path /bin: here
	is output "$output" here
	path second command
	is output "$output" second
}

@test "without a PATH, or with an empty one, the usual places are searched" {
	printf '#!/bin/sh\necho wrong\n' >true
	chmod 0755 true
	run --separate-stderr env -u PATH "$KEYPLATE" run true
	ended 0
	is output "$output" ''
	path '' true
	ended 0
	is output "$output" ''
	path '' no-such-command
	ended 127
}

@test "a PATH of 5,000 elements is searched to its end" {
	local path

	path=$(printf '/no/such/%d:' {1..5000})
	path "$path$PATH" true
	ended 0
}

@test "arguments behind the command are the command's" {
	keyplate printf '%s\n' --exec -q --user
	is output "$output" $'--exec\n-q\n--user'
	run --separate-stderr "$KEYPLATE" -- printf '<%s>' -- -x
	is output "$output" '<--><-x>'
}

@test "too long an environment gives 126 and shows no value" {
	local -a exports=()
	local value i

	value=$(head -c 100000 /dev/zero | tr '\0' k)canary
	for i in {1..40}; do
		exports+=(--export "V$i=\${env:BIG}")
	done
	# 40 of 100 kB are more than an eighth of the default stack limit.
	BIG=$value run --separate-stderr "$KEYPLATE" run "${exports[@]}" true
	ended 126
	said bytes
	[[ $stderr != *canary* ]]
}

@test "one variable beyond the kernel's limit is refused by name" {
	value=$(head -c 131068 /dev/zero | tr '\0' k)
	printf '%s' "$value" >value
	keyplate --export 'V=${file:'"$PWD"'/value}k' true
	ended 0
	keyplate --export 'V=${file:'"$PWD"'/value}kk' true
	ended 125
	said '"V"'
	[[ $stderr != *kkkk* ]]
}

@test "exit statuses can be mapped" {
	keyplate --exit-zero 143 --exit-zero 7 -- sh -c 'exit 7'
	ended 0
	keyplate --exit-zero 143 -- sh -c 'kill $$'
	ended 0
	keyplate --exit-zero 255 -- sh -c 'exit 255'
	ended 0
	keyplate --map-exit 3:4 --map-exit 3:5 -- sh -c 'exit 3'
	ended 5
	keyplate --map-exit 3:4 -- sh -c 'exit 4'
	ended 4
}

@test "a status beyond 255, or none, is a usage error" {
	local bad

	for bad in 256 x '' -1 1:2; do
		keyplate --exit-zero "$bad" true
		ended 125
	done
	for bad in 1 1: :1 1:256 1:2:3; do
		keyplate --map-exit "$bad" true
		ended 125
	done
}

@test "a fork that fails gives 125 at once" {
	need_root
	need setpriv
	run --separate-stderr setpriv --reuid 54321 --clear-groups \
	    --inh-caps=-all --bounding-set=-all \
	    bash -c 'ulimit -u 1; exec "$@"' - "$KEYPLATE" run true
	ended 125
	said 'cannot start a process'
}

# The folder of the controller that counts processes.
pids_controller() {
	local found

	found=$(findmnt -nro TARGET -t cgroup -O pids | head -n 1)
	[ -n "$found" ] || found=$(findmnt -nro TARGET -t cgroup2 | head -n 1)
	printf '%s\n' "$found"
}

@test "a control group that is full gives 125 at once" {
	local group

	need_root
	group=$(pids_controller)/keyplate-$$
	mkdir "$group" 2>/dev/null || skip 'needs the pids controller'
	if ! echo 1 2>/dev/null >"$group/pids.max"; then
		rmdir "$group"
		skip 'needs the pids controller'
	fi
	# The one that may be in it becomes keyplate.
	run --separate-stderr sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' \
	    "$group" "$KEYPLATE" run true
	rmdir "$group"
	ended 125
	said 'cannot start a process'
}

@test "--exit-code stands for keyplate's own failures" {
	keyplate --exit-code 70 --user no-such-user true
	ended 70
	keyplate --exit-code 70 no-such-command
	ended 127
}

@test "with --propagate-signal keyplate dies of the same signal" {
	# Keyplate may leave a core, and does not.
	ulimit -c "$(ulimit -Hc)"
	run perl -e '
		exit 9 if system(@ARGV) == -1;
		exit(($? & 127) == 11 && !($? & 128) ? 0 : 1)' \
	    "$KEYPLATE" run --propagate-signal -- \
	    sh -c 'ulimit -c 0; kill -SEGV $$'
	ended 0
	run perl -e 'system(@ARGV); exit(($? & 127) ? 1 : $? >> 8)' \
	    "$KEYPLATE" run -- sh -c 'kill -TERM $$'
	ended 143
}
