#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# reaping - children that land on keyplate, and the end of everything.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

# Milliseconds that a command takes are in $took.
timed() {
	local start

	start=$(now_ms)
	"$@"
	took=$(($(now_ms) - start))
}

has_children() {
	[ "$(children_of "$KP" | wc -l)" = "$1" ]
}

@test "a thousand orphans that end at once are all reaped" {
	local as

	need_namespaces
	for as in first other; do
		begin_as "$as" -- "$PROBE" keep 1000
		await told out 'done'
		await has_children 1
		quit
	done
}

@test "no matter how orphans and the service end together, its status is given" {
	local round

	need_namespaces
	for ((round = 0; round < ROUNDS; round++)); do
		gives 42 unshare --pid --fork --mount-proc -- \
		    "$KEYPLATE" run -- "$PROBE" orphans 50 42
		gives 42 "$KEYPLATE" run -- "$PROBE" orphans 50 42
	done
}

@test "orphans without end leave neither descriptors nor memory behind" {
	local before after fds batch

	mkfifo go
	begin -- bash -c '"$0" orphans 10 0; echo up; read -r <go
		for batch in {1..10}; do "$0" orphans "$1" 0; echo "$batch"; done
		exec sleep 1000' "$PROBE" "$((1000 / STEP))"
	await told out up
	await is_at_rest
	before=$(resident "$KP") fds=$(descriptors_of "$KP")
	echo >go
	for batch in {1..10}; do await told out "$batch"; done
	await has_children 1
	await is_at_rest
	after=$(resident "$KP")
	echo "resident: $before KiB, then $after"
	[ "$after" -le "$((before + 4))" ]
	is descriptors "$(descriptors_of "$KP")" "$fds"
}

@test "a daemon that outlives the service is asked to end and waited for" {
	local as

	need_namespaces
	for as in first other; do
		rm -f cleaned up
		keyplate_as "$as" --linger 1m -- bash -c '
			setsid bash -c "trap \"echo yes >cleaned; exit\" TERM
				echo >up; while :; do read -t 1; done <>never" &
			until [ -e up ]; do :; done; exit 6'
		ended 6
		is cleaned "$(cat cleaned)" yes
	done
}

@test "what is left is asked to end once" {
	need_root
	need strace
	# So long between two that both would be seen.
	run --separate-stderr strace -qq -o trace -e trace=kill \
	    -e inject=kill:delay_exit=50000 \
	    "$KEYPLATE" run --linger 1s -- sh -c '
		"$0" log log & until grep -q ready log; do :; done' "$PROBE"
	ended 0
	is 'so many times' "$(grep -cx 15 log)" 1
}

@test "one that takes its time to clean up gets it" {
	begin --linger 1m -- bash -c '
		bash -c "trap \"read -t 0.5 <>never; echo whole >file; exit\" TERM
			echo >up; while :; do read -t 1; done <>never" &
		until [ -e up ]; do :; done'
	end
	ended 0
	is 'the file' "$(cat file)" whole
}

@test "what ignores TERM is killed after linger, and the status is kept" {
	local as took

	need_namespaces
	for as in first other; do
		timed keyplate_as "$as" --linger 300ms -- sh -c '
			(trap "" TERM; setsid sleep 1000 >/dev/null 2>&1 &
			 echo $! >pid); exit 6'
		ended 6
		[ "$took" -ge 290 ] && soon "$took" 2500
		if [ "$as" = other ]; then gone "$(cat pid)"; fi
	done
}

@test "with nothing left there is no wait" {
	local took

	timed keyplate --linger 1h true
	soon "$took" 1000
	need_namespaces
	timed keyplate_first --linger 1h true
	soon "$took" 1000
}

@test "--linger 0 leaves at once, and the rest alone" {
	local took

	timed keyplate --linger 0 -- sh -c 'setsid sleep 1000 >/dev/null 2>&1 & echo $!'
	ended 0
	soon "$took" 1000
	kill -KILL "$output"
}

@test "--linger 0 asks the group to end where that gets the signals" {
	keyplate --linger 0 --signal=group -- sh -c '"$0" log log >out 2>&1 &
		echo $!; until grep -qx ready log; do :; done; exit 6' "$PROBE"
	ended 6
	await told log 15
	is 'the log' "$(cat log)" $'ready\n15'
	kill -KILL "$output"
}

@test "a helper of the shell that executed keyplate is left alone" {
	bash -c '
		exec > >(trap "echo asked >>log" TERM; cat >text; echo end >>log)
		exec "$@"' - "$KEYPLATE" run --linger=1h -- \
	    sh -c 'echo last; exit 6' 2>err 3>&- &
	KP=$!
	end
	ended 6
	await told log end
	told text last
	not told log asked
}

@test "--linger inf lives until the last child is gone" {
	local as child

	need_namespaces
	for as in first other; do
		rm -f asked up go
		begin_as "$as" --linger inf -- bash -c '
			setsid bash -c "trap \"echo >asked; exit\" TERM
				echo >up; while :; do read -t 1; done <>never" &
			until [ -e up ] && [ -e go ]; do :; done; exit 6'
		await child_of "$KP"
		child=$(child_of "$KP")
		touch go
		await gone "$child"
		[ ! -e asked ]
		kill -TERM "$KP"
		end
		ended 6
		[ -e asked ]
	done
}

@test "a tree of stubborn sessions is gone in the end, its neighbour is not" {
	local pid

	sleep 1000 3>&- &
	neighbour=$!
	begin --linger 200ms -- bash -c '
		trap "" TERM
		setsid bash -c "echo \$\$ >>pids; setsid bash -c \"
			echo \\\$\\\$ >>pids; setsid sleep 1000 & echo \\\$! >>pids; wait\" &
			wait" &
		until [ -e pids ] && [ "$(wc -l <pids)" = 3 ]; do :; done'
	end
	ended 0
	while read -r pid; do gone "$pid"; done <pids
	kill "$neighbour"
}

@test "one that forks as fast as it can does not hold up the end" {
	local took

	need_namespaces
	begin_first --linger 200ms -- bash -c '
		(trap "while :; do : & done" TERM; echo >up
		 while :; do read -t 1; done <>never) &
		until [ -e up ]; do :; done; exit 6'
	timed end
	ended 6
	soon "$took" 8000
}

@test "the reader of standard output sees its end though something is left" {
	local took

	timed eval '"$KEYPLATE" run --linger 300ms -- sh -c \
		"trap \"\" TERM; setsid sleep 1000 & :" 2>err | cat'
	soon "$took" 3000
}

@test "keyplate keeps no descriptor of the service's" {
	mkfifo pipe
	exec 7<>pipe
	# A reader that is there before the last writer goes.
	exec 6<pipe
	"$PROBE" fds >want 6<&- 7>pipe 8</dev/null 9</dev/null 3>&-
	begin 6<&- 7>pipe 8</dev/null 9</dev/null -- sh -c '
		"$0" fds; exec 7>&-; echo closed; exec sleep 1000' "$PROBE"
	exec 7>&-
	await told out closed
	is 'of the service' "$(head -n 1 out)" "$(cat want)"
	# No writer is left, so the reader is at the end.
	gives 0 timeout "$((10 * PID1_PATIENCE))" cat <&6
	exec 6<&-
	await holds "$KP" '0 1 2 '
	is input "$(readlink "/proc/$KP/fd/0")" /dev/null
	is output "$(readlink "/proc/$KP/fd/1")" /dev/null
}

@test "where close_range is refused the descriptors are closed as well" {
	local error

	need_root
	# close_range(2) has the number 436 on every machine; ENOSYS, EPERM.
	for error in 38 1; do
		"$PROBE" deny 436 any "$error" -- "$KEYPLATE" run sleep 1000 \
		    9</dev/null >out 2>err 3>&- &
		KP=$!
		await child_of "$KP"
		await holds "$KP" '0 1 2 '
		quit
	done
}

@test "where there is no /proc either the descriptors are closed as well" {
	local limit

	need_root
	[ "${KIND-static}" != sanitized ] || skip 'a sanitizer needs /proc'
	unshare --mount true 2>/dev/null || skip 'needs mount namespaces'
	# All numbers are tried up to the limit, but no more than 65536.
	for limit in 1024 100000; do
		(ulimit -n "$limit") 2>/dev/null || continue
		"$PROBE" deny 436 any 38 -- unshare --mount bash -c '
			mount -t tmpfs none /proc && ulimit -n "$0" &&
			    exec "$@"' "$limit" "$KEYPLATE" run \
		    sleep 1000 9</dev/null >out 2>err 3>&- &
		KP=$!
		await child_of "$KP"
		await holds "$KP" '0 1 2 '
		kill -TERM "$KP"
		gives 143 wait "$KP"
		KP=''
	done
}

@test "keyplate holds no directory, the service keeps its own" {
	need_root
	mkdir mount
	# In each round the service takes away what it was started in.
	run --separate-stderr unshare --mount sh -c '
		for round in $(seq "$0"); do
			mount -t tmpfs tmpfs mount || exit
			found=$(cd mount && exec "$1" run -- \
			    sh -c "pwd; cd /; exec umount \"\$OLDPWD\"") || exit
			[ "$found" = "$PWD/mount" ] || exit
		done
		echo "all of them"' "$ROUNDS" "$KEYPLATE"
	ended 0
	is output "$output" 'all of them'
}

@test "keyplate holds no directory, however late it gets to run again" {
	need_root
	need strace
	mkdir mount
	# It is held up where it has started the service.
	cat >start <<-END
		cd mount && exec $KEYPLATE run -- \
		    sh -c 'cd /; exec umount "\$OLDPWD"'
	END
	run --separate-stderr unshare --mount sh -c '
		mount -t tmpfs tmpfs mount &&
		exec strace -f -qq -o trace -e trace=fork,vfork,clone,clone3 \
		    -e inject=fork,vfork,clone,clone3:delay_exit=200000 sh start'
	ended 0
	gives 0 grep -q DELAYED trace
}

@test "LISTEN_PID follows the process that it is about" {
	run --separate-stderr sh -c '
		export LISTEN_PID=$$ LISTEN_FDS=1
		exec "$0" run -- sh -c "[ \$LISTEN_PID = \$\$ ] && [ -e /proc/self/fd/3 ]" \
			3</dev/null' "$KEYPLATE"
	ended 0
	run --separate-stderr sh -c '
		export LISTEN_PID=$$ LISTEN_FDS=1
		exec "$0" run --exec -- sh -c "[ \$LISTEN_PID = \$\$ ]"' \
	    "$KEYPLATE"
	ended 0
	LISTEN_PID=1 keyplate -- sh -c 'echo $LISTEN_PID'
	is 'of another' "$output" 1
}

find_prctl() {
	case $(uname -m) in
	x86_64) prctl=157 ;;
	aarch64) prctl=167 ;;
	*) skip 'needs the number of prctl(2)' ;;
	esac
}

@test "where it may not adopt orphans it says so once and goes on" {
	local prctl

	need_root
	find_prctl
	# 36 is PR_SET_CHILD_SUBREAPER.
	run --separate-stderr "$PROBE" deny "$prctl" 36 1 -- \
	    "$KEYPLATE" run -- sh -c 'exit 6'
	ended 6
	is warnings "$(grep -c SUBREAPER <<<"$stderr")" 1
	run --separate-stderr "$PROBE" deny "$prctl" 36 1 -- \
	    "$KEYPLATE" run --subreaper=no true
	ended 0
	silent
}

@test "keyplate under keyplate is nothing special" {
	need_namespaces
	run --separate-stderr unshare --pid --fork --mount-proc -- \
	    "$KEYPLATE" run -- "$KEYPLATE" run -- sh -c 'exit 6'
	ended 6
	silent
	begin_first -- "$KEYPLATE" run -- sh -c 'echo up; exec sleep 1000'
	await told out up
	kill -TERM "$KP"
	end
	ended 143
	is said "$(cat err)" ''
}

@test "keyplate under tini and above dumb-init is nothing special" {
	need tini
	need dumb-init
	tini -s -- "$KEYPLATE" run -- dumb-init -- \
	    bash -c 'trap "exit 6" TERM; echo up; while :; do read -t 1; done' \
	    <never >out 2>err 3>&- &
	KP=$!
	exec 7>never
	await told out up
	kill -TERM "$KP"
	end
	exec 7>&-
	ended 6
	is said "$(cat err)" ''
}

@test "while nothing happens keyplate does nothing" {
	local before

	begin -- sleep 1000
	await child_of "$KP"
	await holds "$KP" '0 1 2 '
	await is_at_rest
	before=$(switches)
	"$PROBE" pause 5000000
	is 'context switches' "$(switches)" "$before"
}

@test "a service whose keyplate is killed is told so" {
	begin -- sh -c 'echo $$; exec sleep 1000'
	await grep -q . out
	kill -KILL "$KP"
	await gone "$(cat out)"
}

@test "--parent-death tells the service of the parent's end, under another user too" {
	local user service

	need_root
	for user in root 54321:54321; do
		rm -f log pid
		sh -c '"$@" & echo $! >pid; exec sleep 1000' - \
		    "$KEYPLATE" run --parent-death USR2 --user "$user" \
		    "$PROBE" log log >out 2>err 3>&- &
		KP=$!
		await told log ready
		await grep -q . pid
		await state_is "$(cat pid)" S
		service=$(child_of "$(cat pid)")
		kill -KILL "$KP"
		await told log 12
		kill -KILL "$(cat pid)" "$service"
	done
}

# Started by a parent that is gone before keyplate can ask to be told so.
@test "--parent-death also tells of a parent that died early" {
	local prctl

	need_root
	need strace
	find_prctl
	# prctl is what asks; the first one comes after the parent is noted,
	# and takes so long that it is seen.
	# Blocked, the signal waits for the service to be there.
	sh -c '"$@" & echo $! >pid; exec sleep 1000' - \
	    env --block-signal=USR2 strace -D -qq -o trace -e trace=prctl \
	    -e inject=prctl:delay_enter="$((2000000 * PID1_PATIENCE))":when=1 \
	    "$KEYPLATE" run --parent-death USR2 "$PROBE" log log \
	    >out 2>err 3>&- &
	KP=$!
	await grep -q . pid
	await eval '[ "$(readlink "/proc/$(cat pid)/exe")" = "$KEYPLATE" ]'
	await grep -q "^$prctl " "/proc/$(cat pid)/syscall"
	kill -KILL "$KP"
	await told log 12
	KP=$(cat pid)
}

@test "--log-reaped tells of each orphan" {
	begin --log-reaped -- "$PROBE" keep 3
	await told out 'done'
	# It tells when the orphan is gone.
	await counts err '.*reaped process [0-9]*, exit status 0' 3
	await has_children 1
	is lines "$(wc -l <err)" 3
}

@test "a stopped service is continued to obey TERM" {
	begin -- sh -c 'echo up; exec sleep 1000'
	await told out up
	kill -STOP "$(child_of "$KP")"
	await state_is "$(child_of "$KP")" T
	kill -TERM "$KP"
	end
	ended 143
}

@test "a service that runs gets no CONT with its TERM" {
	begin -- "$PROBE" log log
	await told log ready
	kill -TERM "$KP"
	# Of those that are pending the lowest comes first.
	kill -WINCH "$KP"
	await told log 28
	not told log 18
}

@test "a keyplate that is stopped loses nothing" {
	local time=$((2 * PID1_PATIENCE))

	begin --kill-after "${time}s" -- bash -c '
		trap "read -t 0.05 <>never; exit 5" TERM; echo up
		while :; do read -t 1; done <>never'
	await told out up
	kill -STOP "$KP"
	await state_is "$KP" T
	kill -TERM "$KP"
	"$PROBE" pause "$((time * 1000000 + 200000))"
	kill -CONT "$KP"
	end
	ended 5
}

@test "TSTP stops both, or the service alone where keyplate is process 1" {
	begin -- sh -c 'echo up; exec sleep 1000'
	await told out up
	kill -TSTP "$KP"
	await state_is "$KP" T
	await state_is "$(child_of "$KP")" T
	kill -CONT "$KP"
	await state_is "$KP" S
	await state_is "$(child_of "$KP")" S
	quit
	need_namespaces
	begin_first -- sh -c 'echo up; exec sleep 1000'
	await told out up
	kill -TSTP "$KP"
	await state_is "$(child_of "$KP")" T
	await state_is "$KP" S
}
