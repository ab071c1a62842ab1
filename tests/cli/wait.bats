#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# wait - until ports, pages and files are there; and run --wait.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154

bats_require_minimum_version 1.5.0
load peer.sh

# --- wait ---

@test "what is there is not waited for, and nothing is said" {
	local start

	peer http 127.0.0.1
	start=$(now_ms)
	keyplate wait "tcp://127.0.0.1:$PORT" "http://127.0.0.1:$PORT/" file:/
	ended 0
	is stderr "$stderr" ''
	took "$start" 0 2000
}

@test "a port that comes is waited for" {
	local port

	port=$(free_port)
	begin wait "tcp://127.0.0.1:$port"
	kill -0 "$KP"
	peer closing 127.0.0.1 "$port"
	end
	ended 0
}

@test "a file that comes is waited for, whatever it is" {
	begin wait "file:$PWD/a%20file" "file:$PWD/a-directory"
	touch 'a file'
	kill -0 "$KP"
	mkdir a-directory
	end
	ended 0
}

@test "a socket of the file system is waited for, not its file" {
	begin wait "unix:$PWD/a.sock"
	python3 -c 'import socket
socket.socket(socket.AF_UNIX).bind("a.sock")'
	kill -0 "$KP"
	rm a.sock
	peer closing "$PWD/a.sock"
	end
	ended 0
	peer dgram "$PWD/b.sock"
	keyplate wait "unix://$PWD/b.sock"
	ended 0
}

@test "a page that fails is waited for" {
	local port

	peer http 127.0.0.1
	port=$PORT
	begin wait "http://127.0.0.1:$port/503"
	await told requests 'GET /503'
	kill -0 "$KP"
	kill -KILL "${PEERS[0]}"
	peer interim 127.0.0.1 "$port"
	end
	ended 0
}

@test "pauses grow to the interval" {
	local count

	peer http 127.0.0.1
	keyplate wait --timeout 2s "http://127.0.0.1:$PORT/500"
	ended 1
	count=$(grep -c GET requests)
	# After 0, 50, 150, 350, 750 and 1550 ms: fewer where time is short.
	[ "$count" -ge 2 ]
	[ "$count" -le 6 ]
	rm requests
	keyplate wait --timeout 2s --interval 50ms "http://127.0.0.1:$PORT/500"
	[ "$(grep -c GET requests)" -gt "$count" ]
}

@test "all that is not up is told, with the last reason of each" {
	local port start

	port=$(free_port)
	peer http 127.0.0.1
	start=$(now_ms)
	keyplate wait --timeout 700ms "tcp://127.0.0.1:$port" file:/ \
	    "file:$PWD/missing" "unix:$PWD/a.sock" \
	    "http://127.0.0.1:$PORT/503?x=y"
	ended 1
	took "$start" 690 3000
	is 'lines' "$(wc -l <<<"$stderr")" 4
	complains "tcp://127.0.0.1:$port: not up after 700ms: Connection refused"
	complains "file:$PWD/missing: not up after 700ms: No such file or directory"
	complains "unix:$PWD/a.sock: not up after 700ms: No such file or directory"
	complains "http://127.0.0.1:$PORT/503: not up after 700ms: status 503"
}

@test "one that hangs does not keep the others from their turn" {
	local port

	peer full 127.0.0.1
	port=$(free_port)
	keyplate wait --timeout 1s "tcp://127.0.0.1:$PORT" \
	    "tcp://127.0.0.1:$port"
	ended 1
	complains "tcp://127.0.0.1:$PORT: not up after 1s: $TIMED_OUT"
	complains "tcp://127.0.0.1:$port: not up after 1s: Connection refused"
}

@test "messages come as JSON when asked for" {
	need jq
	keyplate wait --log-format json --timeout 100ms "file:$PWD/missing"
	ended 1
	is path "$(jq -r .path <<<"$stderr")" "file:$PWD/missing"
	is error "$(jq -r .error <<<"$stderr")" 'No such file or directory'
}

@test "without a URL it is what run would wait for" {
	KEYPLATE_WAIT="file:/,file:$PWD/missing" KEYPLATE_TIMEOUT=100ms \
	    keyplate wait
	ended 1
	complains "file:$PWD/missing"
	printf '[keyplate]\nwait = file:/\ntimeout = 100ms\n' >rules.conf
	keyplate wait -c rules.conf
	ended 0
	keyplate wait -c rules.conf "file:$PWD/missing"
	ended 1
	complains 'after 100ms'
	keyplate wait
	ended 2
	complains 'there is nothing to wait for'
}

@test "every mistake in the URLs is told" {
	keyplate wait https://a tcp://b 'http://c d'
	ended 2
	complains 'there is no TLS'
	complains 'tcp://b: a port'
	complains 'http://c d: '
}

@test "--root stands before the paths of files and sockets" {
	mkdir -p image/run
	touch image/run/ready
	keyplate wait --root image --timeout 100ms file:/run/ready
	ended 0
}

@test "a path that --root makes too long for a socket is refused" {
	local root

	root=$PWD/$(printf '%0100d' 0)
	keyplate wait --root "$root" --timeout 100ms unix:/run/socket
	ended 2
	complains 'unix:/run/socket: the path is too long for a socket'
	keyplate wait --root "$root" --timeout 100ms http+unix://%2Fsocket/
	ended 2
	# A file's is not.
	keyplate wait --root "$root" --timeout 100ms file:/run/socket
	ended 1
}

@test "a signal ends the wait" {
	local start

	for signal in TERM:143 INT:130 HUP:129; do
		# A shell starts what is beside it with INT ignored.
		env --default-signal=INT "$KEYPLATE" wait file:/missing 3>&- &
		KP=$!
		await eval '[ "$(cat "/proc/$KP/comm")" = keyplate ]'
		kill -"${signal%:*}" "$KP"
		start=$(now_ms)
		status=0
		wait "$KP" || status=$?
		ended "${signal#*:}"
		took "$start" 0 3000
	done
}

@test "on a terminal one line tells what is waited for, and goes away" {
	need python3
	python3 - "$KEYPLATE" "file:$PWD/missing" >screen <<-'END'
		import os, pty, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.execv(sys.argv[1], ["keyplate", "wait", "--color=never",
		                           "--timeout=300ms", sys.argv[2]])
		shown = b""
		while True:
		    try:
		        got = os.read(fd, 4096)
		    except OSError:
		        break
		    shown += got
		sys.stdout.buffer.write(shown)
	END
	told screen $'\r\033[Kwaiting for file:'
	# The line is taken away before the message, which begins its line.
	told screen $'\r\033[Kkeyplate: file:'
	is 'line ends' "$(grep -c '' screen)" 1
}

# --- names ---

answers_from_hosts() {
	peer dns 127.0.0.53 53
	peer closing 127.0.0.9
	keyplate wait --timeout 2s "tcp://db:$PORT" "tcp://ALIAS.:$PORT"
	ended 0
	[ ! -e requests ]
}

@test "the file of hosts comes before the name server" {
	echo '127.0.0.9 db.example db alias # spare' >hosts
	echo 'nameserver 127.0.0.53' >resolv.conf
	: >zone
	on_an_island answers_from_hosts
}

second_address_answers() {
	peer closing 127.0.0.9
	keyplate wait --timeout 5s "tcp://db:$PORT"
	ended 0
}

@test "all addresses of a name are tried" {
	printf '127.0.0.8 db\n127.0.0.9 db\n' >hosts
	on_an_island second_address_answers
}

server_answers() {
	peer dns 127.0.0.53 53
	peer closing 127.0.0.9
	keyplate wait --timeout 5s "tcp://db:$PORT" "tcp://many:$PORT" \
	    "tcp://v4only:$PORT" "tcp://forged:$PORT"
	ended 0
	told requests 'db AAAA'
	peer closing ::1
	keyplate wait --timeout 5s "tcp://six:$PORT"
	ended 0
	keyplate probe "tcp://none:$PORT"
	ended 1
	complains 'no such name'
	keyplate probe "tcp://nothing:$PORT"
	ended 1
	complains 'no such name'
	keyplate probe "tcp://broken:$PORT"
	ended 1
	complains 'the name server cannot tell the address'
	keyplate probe --timeout 300ms "tcp://silent:$PORT"
	ended 1
	complains 'no answer from the name server'
}

@test "a name server is asked for both families" {
	echo 'nameserver 127.0.0.53' >resolv.conf
	cat >zone <<-END
		db 127.0.0.9
		many 127.0.0.7 127.0.0.8 127.0.0.9 ::2
		six ::1
		v4only v4only 127.0.0.9
		forged forged 127.0.0.9
		nothing nodata
		broken servfail
		silent mute
	END
	on_an_island server_answers
}

domains_are_searched() {
	peer dns 127.0.0.53 53
	peer closing 127.0.0.9
	keyplate wait --timeout 5s "tcp://db:$PORT"
	ended 0
	is 'asked for' "$(grep ' A$' requests | tr '\n' ' ')" \
	    'db.prod.svc.cluster.local A db.svc.cluster.local A '
	rm requests
	keyplate probe --timeout 5s "tcp://db.:$PORT"
	ended 1
	is 'asked for' "$(grep ' A$' requests | tr '\n' ' ')" 'db A '
}

@test "the domains of resolv.conf are searched, as in a pod" {
	cat >resolv.conf <<-END
		search prod.svc.cluster.local svc.cluster.local cluster.local
		nameserver 127.0.0.53
		options ndots:5
	END
	echo 'db.svc.cluster.local 127.0.0.9' >zone
	on_an_island domains_are_searched
}

second_server_answers() {
	local start

	peer dns 127.0.0.53 53
	peer closing 127.0.0.9
	start=$(now_ms)
	keyplate probe "tcp://db:$PORT"
	ended 0
	took "$start" 0 1000
}

@test "a dead and a silent name server cost no time beside a good one" {
	printf 'nameserver %s\n' 127.0.0.51 127.0.0.52 127.0.0.53 >resolv.conf
	echo 'db 127.0.0.9' >zone
	cat >silent.sh <<-'END'
		python3 -c 'import signal, socket
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("127.0.0.52", 53))
		open("silent", "w").close()
		signal.pause()' 3>&- &
	END
	behind_a_silent_one() {
		. ./silent.sh
		PEERS+=($!)
		await test -e silent
		second_server_answers
	}
	export -f second_server_answers
	on_an_island behind_a_silent_one
}

first_server_has_the_word() {
	peer dns 127.0.0.53 53
	: >zone
	peer dns 127.0.0.54 53
	peer closing 127.0.0.9
	keyplate probe "tcp://db:$PORT"
	ended 0
	# That it does not know a name is taken from it at once, too.
	keyplate probe "tcp://none:$PORT"
	ended 1
	complains 'no such name'
}

@test "a faster server that does not know a name is not believed" {
	printf 'nameserver %s\n' 127.0.0.53 127.0.0.54 >resolv.conf
	echo 'db late 127.0.0.9' >zone
	on_an_island first_server_has_the_word
}

silence_is_paid_once() {
	peer dns 127.0.0.53 53
	echo 'db 127.0.0.9' >zone
	peer dns 127.0.0.54 53
	peer closing 127.0.0.9
	keyplate probe --timeout 3s "tcp://db:$PORT"
	ended 0
}

@test "a silent server costs a second, and not one for each domain" {
	printf 'nameserver %s\n' 127.0.0.53 127.0.0.54 >resolv.conf
	printf 'search a.x b.x c.x d.x\noptions ndots:5\n' >>resolv.conf
	printf '%s mute\n' db db.a.x db.b.x db.c.x db.d.x >zone
	on_an_island silence_is_paid_once
}

later_server_has_the_word() {
	peer dns 127.0.0.53 53
	: >zone
	peer dns 127.0.0.54 53
	keyplate probe --timeout 10s tcp://db:1
	ended 1
	complains 'no such name'
}

@test "where the first server is silent, or cannot tell, the next one does" {
	local first

	for first in mute servfail; do
		printf 'nameserver %s\n' 127.0.0.53 127.0.0.54 >resolv.conf
		echo "db $first" >zone
		on_an_island later_server_has_the_word
	done
}

no_server_answers() {
	keyplate probe --timeout 3s tcp://db:1
	ended 1
	complains 'the name server cannot tell the address'
}

@test "no name server at all is told at once" {
	echo 'nameserver 127.0.0.53' >resolv.conf
	on_an_island no_server_answers
}

name_comes() {
	peer closing 127.0.0.9
	begin wait --interval 100ms --timeout 10s "tcp://db:$PORT"
	kill -0 "$KP"
	echo '127.0.0.9 db' >hosts
	end
	ended 0
}

@test "a name that comes is waited for" {
	on_an_island name_comes
}

# --- run --wait ---

@test "the service starts, and its files are written, once all is up" {
	local port

	port=$(free_port)
	printf 'k=${secret:password}\n' >a.tmpl
	begin run -t a.tmpl:a --wait "tcp://127.0.0.1:$port" \
	    --wait "file:$PWD/ready" -- cat a
	touch ready
	kill -0 "$KP"
	[ ! -e a ]
	peer closing 127.0.0.1 "$port"
	end
	ended 0
	is stdout "$output" "k=$PASSWORD"
	is stderr "$stderr" ''
}

@test "where something is not up, nothing is started and nothing written" {
	printf '${secret:user}\n' >a.tmpl
	keyplate run -t a.tmpl:a --wait "file:$PWD/missing" --timeout 100ms \
	    -- touch started
	ended 125
	complains "file:$PWD/missing: not up after 100ms"
	[ ! -e a ]
	[ ! -e started ]
	keyplate run --exit-code 99 --wait "file:$PWD/missing" \
	    --timeout 100ms -- touch started
	ended 99
}

@test "what is wrong anyway is told at once, not after the wait" {
	local start

	start=$(now_ms)
	printf '${secret:missing}\n' >a.tmpl
	keyplate run -t a.tmpl:a --wait file:/missing -- true
	ended 125
	complains a.tmpl:1:1
	keyplate run --wait file:/missing -- no-such-command
	ended 127
	keyplate run --wait file:/missing --wait https://a -- true
	ended 125
	complains 'there is no TLS'
	keyplate run --wait file:/missing --wait http://127.0.0.1:1/ \
	    --header 'X: ${secret:missing}' -- true
	ended 125
	complains 'no value for "missing"'
	took "$start" 0 5000
}

@test "headers that variables set for a health check are not asked for" {
	KEYPLATE_HEADER='X: ${secret:missing}' keyplate run -- echo started
	ended 0
	is stdout "$output" started
}

@test "a dry run does not wait" {
	keyplate run -n --wait file:/missing -- true
	ended 0
}

@test "a TERM during the wait ends it, wherever it waits" {
	local full mute start url

	peer full 127.0.0.1
	full=$PORT
	peer mute 127.0.0.1
	mute=$PORT
	printf '${secret:user}\n' >a.tmpl
	for url in "tcp://127.0.0.1:$full" "http://127.0.0.1:$mute/" \
	    file:/missing; do
		begin run -t a.tmpl:a --wait "$url" -- touch started
		await is_waiting
		kill -TERM "$KP"
		start=$(now_ms)
		end
		took "$start" 0 3000
		ended 143
		is stderr "$stderr" ''
		[ ! -e started ]
		[ ! -e a ]
	done
}

# Executed, and asleep.
is_waiting() {
	[ "$(readlink "/proc/$KP/exe")" = "$KEYPLATE" ] &&
	    [ "$(sed 's/.*) \(.\).*/\1/' "/proc/$KP/stat")" = S ]
}

term_ends_a_query() {
	local start

	peer dns 127.0.0.53 53
	begin run --wait tcp://silent:1 -- touch started
	await told requests 'silent A'
	kill -TERM "$KP"
	start=$(now_ms)
	end
	took "$start" 0 3000
	ended 143
	[ ! -e started ]
}

@test "a TERM ends the wait for a name server" {
	echo 'nameserver 127.0.0.53' >resolv.conf
	echo 'silent mute' >zone
	on_an_island term_ends_a_query
}

@test "process 1 waits, starts, and hears a TERM" {
	local outer

	unshare --pid --fork --mount-proc true 2>/dev/null ||
	    skip 'needs PID namespaces'
	unshare --pid --fork --mount-proc --kill-child -- "$KEYPLATE" run \
	    --wait "file:$PWD/ready" -- sh -c 'echo $PPID' >out 2>err 3>&- &
	KP=$!
	PEERS+=("$KP")
	touch ready
	end
	ended 0
	is parent "$output" 1
	# The first process in there sees its parent as 0: look from outside.
	unshare --pid --fork --mount-proc --kill-child -- "$KEYPLATE" run \
	    --wait file:/missing -- true 2>err 3>&- &
	PEERS+=("$!")
	outer=$!
	await eval 'KP=$(cat "/proc/$outer/task/$outer/children" | tr -d " ") &&
	    is_waiting'
	kill -TERM "$KP"
	status=0
	wait "$outer" || status=$?
	ended 143
}

@test "the service has no descriptor and no variable of the wait" {
	local descriptors

	peer closing 127.0.0.1
	keyplate run -- ls /proc/self/fd
	descriptors=$output
	keyplate run --wait "tcp://127.0.0.1:$PORT" -- ls /proc/self/fd
	ended 0
	is descriptors "$output" "$descriptors"
	KEYPLATE_WAIT=file:/ keyplate run -- env
	ended 0
	[[ $output == *DOMAIN=* ]]
	[[ $output != *KEYPLATE_* ]]
}

@test "--exec waits as well" {
	keyplate run --exec --wait file:/ -- echo started
	ended 0
	is stdout "$output" started
	keyplate run --exec --wait "file:$PWD/missing" --timeout 100ms -- true
	ended 125
}

@test "a host and a port alone are told of the scheme that they lack" {
	keyplate run --wait db:5432 -- touch started
	ended 125
	complains '"db:5432" is no URL'
	complains 'hint: did you mean tcp://db:5432?'
	[ ! -e started ]
}
