#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# probe - one try, as a health check makes it.
# shellcheck disable=SC2016,SC2153,SC2154

bats_require_minimum_version 1.5.0
load peer.sh

@test "a page that is there is healthy, and nothing is said" {
	peer http 127.0.0.1
	keyplate probe "http://127.0.0.1:$PORT/"
	ended 0
	is stdout "$output" ''
	is stderr "$stderr" ''
}

@test "-v tells what is up" {
	peer http 127.0.0.1
	keyplate probe -v "http://127.0.0.1:$PORT/"
	ended 0
	complains "http://127.0.0.1:$PORT/: note: up"
}

@test "the status decides: 200 to 399 is healthy" {
	local code

	peer http 127.0.0.1
	for code in 200 204 301 399; do
		keyplate probe "http://127.0.0.1:$PORT/$code"
		ended 0
	done
	for code in 400 404 500 503; do
		keyplate probe "http://127.0.0.1:$PORT/$code"
		ended 1
		complains "not up: status $code"
	done
}

@test "--expect says which status is healthy" {
	peer http 127.0.0.1
	keyplate probe --expect 401,500-503 "http://127.0.0.1:$PORT/502"
	ended 0
	keyplate probe --expect 401,500-503 "http://127.0.0.1:$PORT/401"
	ended 0
	keyplate probe --expect 401,500-503 "http://127.0.0.1:$PORT/200"
	ended 1
	KEYPLATE_EXPECT=401,404 keyplate probe "http://127.0.0.1:$PORT/404"
	ended 0
	keyplate probe --expect 2xx "http://127.0.0.1:$PORT/"
	ended 2
	complains '--expect wants a status'
}

@test "curl and probe agree about every status" {
	local code

	need curl
	peer http 127.0.0.1
	for code in 200 302 403 429 500 599; do
		keyplate probe --expect "$(curl -so /dev/null -w '%{http_code}' \
		    "http://127.0.0.1:$PORT/$code")" \
		    "http://127.0.0.1:$PORT/$code"
		ended 0
	done
}

@test "the request is a GET of path and query for that host" {
	peer http 127.0.0.1
	keyplate probe "http://127.0.0.1:$PORT/200?a=b%20c#d"
	ended 0
	told requests $'GET /200?a=b%20c HTTP/1.1\r\n'
	told requests $'\nHost: 127.0.0.1:'"$PORT"$'\r\n'
	told requests $'\nConnection: close\r\n'
}

@test "an answer that comes in pieces, or after an interim one, is read" {
	peer trickle 127.0.0.1
	keyplate probe "http://127.0.0.1:$PORT/"
	ended 0
	peer interim 127.0.0.1
	keyplate probe --expect 204 "http://127.0.0.1:$PORT/"
	ended 0
}

@test "what is no answer of HTTP is not up, and why is said" {
	peer banner 127.0.0.1
	keyplate probe "http://127.0.0.1:$PORT/"
	ended 1
	complains 'the answer is not HTTP'
	peer closing 127.0.0.1
	keyplate probe "http://127.0.0.1:$PORT/"
	ended 1
	peer mute 127.0.0.1
	keyplate probe --timeout 200ms "http://127.0.0.1:$PORT/"
	ended 1
	complains "waiting for the answer: $TIMED_OUT"
}

@test "one try within its time, and no other" {
	local port start

	port=$(free_port)
	start=$(now_ms)
	keyplate probe "tcp://127.0.0.1:$port"
	ended 1
	complains "tcp://127.0.0.1:$port: not up: Connection refused"
	took "$start" 0 2000
	peer full 127.0.0.1
	start=$(now_ms)
	keyplate probe --timeout 400ms "tcp://127.0.0.1:$PORT"
	ended 1
	complains "$TIMED_OUT"
	took "$start" 390 3000
}

@test "a health check has less time than Docker gives it" {
	local start

	peer full 127.0.0.1
	start=$(now_ms)
	keyplate probe "tcp://127.0.0.1:$PORT"
	ended 1
	took "$start" 4900 15000
}

@test "an IPv6 address is in brackets" {
	python3 -c 'import socket
socket.create_server(("::1", 0), family=socket.AF_INET6)' 2>/dev/null ||
		skip 'needs IPv6'
	peer http ::1
	keyplate probe "http://[::1]:$PORT/"
	ended 0
	told requests $'\nHost: [::1]:'"$PORT"$'\r\n'
}

@test "localhost is this machine, in an empty root too" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	[ "${KIND:-static}" = static ] || skip 'this build is not static'
	peer http 127.0.0.1
	mkdir root
	cp "$KEYPLATE" root/keyplate
	run --separate-stderr chroot root /keyplate probe \
	    "http://localhost:$PORT/"
	ended 0
	run --separate-stderr chroot root /keyplate probe --timeout 1s \
	    "http://no-such-name.invalid:$PORT/"
	ended 1
	complains 'name'
}

@test "any user may ask" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need setpriv
	peer http 127.0.0.1
	chmod 0755 "$BATS_RUN_TMPDIR" .
	cp "$KEYPLATE" copy
	chmod 0755 copy
	run --separate-stderr setpriv --reuid 65534 --regid 65534 \
	    --clear-groups env -u KEYPLATE_SECRETS ./copy probe \
	    "http://127.0.0.1:$PORT/"
	ended 0
}

@test "http goes through a socket of the file system as well" {
	peer http "$PWD/web.sock"
	keyplate probe "http+unix://${PWD//\//%2F}%2Fweb.sock/204"
	ended 0
	told requests $'GET /204 HTTP/1.1\r\nHost: localhost\r\n'
}

@test "a header may hold a secret" {
	peer http 127.0.0.1
	keyplate probe --header 'X-Words:  ${secret:words}' \
	    --header 'Host: shop.example' "http://127.0.0.1:$PORT/"
	ended 0
	told requests $'\nX-Words: correct horse\r\n'
	is hosts "$(grep -ci '^host:' requests)" 1
	told requests $'\nHost: shop.example\r\n'
}

@test "user and password come from secrets, in no argument" {
	peer http 127.0.0.1
	keyplate probe --basic-auth '${secret:user}:${secret:password}' \
	    "http://127.0.0.1:$PORT/"
	ended 0
	is authorization "$(tr -d '\r' <requests |
	    sed -n 's/^Authorization: Basic //p' | base64 -d)" \
	    "operator:$PASSWORD"
}

@test "a secret cannot begin another header" {
	peer http 127.0.0.1
	printf 'a\r\nX-Admin: yes\n' >secrets/evil
	keyplate probe --header 'X-Token: ${secret:evil}' \
	    "http://127.0.0.1:$PORT/"
	ended 1
	complains '--header:1:10: '
	[ ! -e requests ]
	keyplate probe --header $'X-Token: a\nX-Admin: yes' \
	    "http://127.0.0.1:$PORT/"
	ended 1
	[ ! -e requests ]
}

@test "what a header or a user needs is asked for" {
	keyplate probe --header 'no colon' http://127.0.0.1:1/
	ended 2
	complains '--header wants NAME:VALUE'
	keyplate probe --header 'two words: x' http://127.0.0.1:1/
	ended 2
	keyplate probe --header 'X: ${secret:missing}' http://127.0.0.1:1/
	ended 1
	complains 'no value for "missing"'
	keyplate probe --basic-auth '${secret:words}' http://127.0.0.1:1/
	ended 2
	complains '--basic-auth wants a user'
	keeps_quiet
}

@test "no secret is in any message" {
	peer http 127.0.0.1
	keyplate probe -vv --header 'X: ${secret:words}' \
	    --basic-auth '${secret:user}:${secret:password}' \
	    "http://127.0.0.1:$PORT/500?token=correct%20horse"
	ended 1
	keeps_quiet
	[[ $stderr != *token* ]]
	[[ $stderr != *"$(printf '%s' "operator:$PASSWORD" | base64 -w0)"* ]]
}

@test "a mistake in the URL is a mistake of use" {
	keyplate probe https://127.0.0.1/
	ended 2
	complains 'there is no TLS'
	keyplate probe 'http://user:correct horse@127.0.0.1/'
	ended 2
	complains '--basic-auth'
	keeps_quiet
	keyplate probe 127.0.0.1:80
	ended 2
	complains 'tcp://host:port'
	keyplate probe
	ended 2
	keyplate probe file:/a file:/b
	ended 2
	complains 'exactly one URL'
	keyplate probe file:/a --timeout 1s
	ended 2
	complains 'the option "--timeout" stands behind a URL'
	keyplate probe --timeout 0 file:/a
	ended 2
}

@test "the network is asked, not our own end of the line" {
	need python3
	unshare --net true 2>/dev/null || skip 'needs network namespaces'
	need ip
	# There is one port to call from, and it is the one that is called.
	run --separate-stderr unshare --net sh -c '
		ip link set lo up
		echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range
		exec "$1" probe tcp://127.0.0.1:40000' sh "$KEYPLATE"
	ended 1
	complains 'Connection refused'
}
