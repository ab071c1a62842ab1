#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# mem - targets in memory: who gets them, by which path, and who does not.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load cli.sh

need() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null || skip "needs $program"
	done
}

need_root() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
}

# Run the arguments where no file can be written, 77: not to be had here.
read_only() {
	run --separate-stderr unshare --mount sh -c '
		mount --make-rprivate / && mount -o remount,bind,ro / || exit 77
		cd / || exit
		exec "$@"' - "$@"
	[ "$status" != 77 ] || skip 'needs a root that can be read-only'
}

# Run a command until it succeeds, for 10 s at most.
await() {
	local end=$((SECONDS + 10))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return
		sleep 0.05
	done
}

template() {
	printf 'k=${secret:password}\n' >a.tmpl
}

# Nothing was started, and nothing but the template is there.
did_nothing() {
	is files "$(echo [!s]* started*)" 'a.tmpl started*'
}

@test "the service reads its file by the path it is given" {
	template
	for way in --exec=no --exec; do
		keyplate run $way -t a.tmpl:mem:cnf -- cat '@{cnf}'
		ended 0
		is "stdout, $way" "$output" "k=$PASSWORD"
		is messages "$stderr" ''
	done
	did_nothing
}

@test "the path can be a part of an argument, and stand in several" {
	template
	keyplate run -t a.tmpl:mem:cnf -- \
		sh -c 'for word; do echo "${word#*=}"; done' - 'x=@{cnf}' '@{cnf}'
	ended 0
	is first "${lines[0]}" "${lines[1]}"
	[[ ${lines[0]} =~ ^/proc/self/fd/[0-9]+$ ]]
}

@test "each reader begins at the first byte, a child as well" {
	template
	keyplate run -t a.tmpl:mem:cnf -- \
		sh -c 'cat "$1"; (cat "$1"); cat <"$1"; :' - '@{cnf}'
	ended 0
	is stdout "$output" "$(printf 'k=%s\n' "$PASSWORD" "$PASSWORD" "$PASSWORD")"
}

@test "several files have a path each" {
	template
	printf 'u=${secret:user}\n' >b.tmpl
	keyplate run -t a.tmpl:mem:a -t b.tmpl:mem:b.2 -- cat '@{b.2}' '@{a}'
	ended 0
	is stdout "$output" "$(printf 'u=operator\nk=%s' "$PASSWORD")"
}

@test "a rule names the file, and the template's name its format" {
	need python3
	printf '{"k": "${secret:password}"}\n' >a.json.tmpl
	printf '[file a]\nsource = a.json.tmpl\npath = mem:cnf\n' >rules
	keyplate run -c rules -- python3 -c \
		'import json, sys; print(json.load(open(sys.argv[1]))["k"])' '@{cnf}'
	ended 0
	is stdout "$output" "$PASSWORD"
}

@test "a name in memory tells the format where the template's does not" {
	need python3
	printf '{"k": "${secret:password}"}\n' >a.tmpl
	keyplate run -t a.tmpl:mem:x.json -- python3 -c \
		'import json, sys; print(json.load(open(sys.argv[1]))["k"])' '@{x.json}'
	ended 0
	is stdout "$output" "$PASSWORD"
}

@test "a set names the file in memory, or its template" {
	printf '[s]\nk = old\n' >a.ini
	for file in mem:cnf a.ini; do
		keyplate run -f ini/grafana -t a.ini:mem:cnf \
			--set "$file:s.k=\${secret:user}" -- cat '@{cnf}'
		ended 0
		is "stdout, $file" "$output" "$(printf '[s]\nk = operator')"
	done
	holds a.ini '[s]\nk = old\n'
}

@test "the file is the user's that the service runs as, and no other's" {
	need_root
	template
	chmod 0755 .
	keyplate run -u 65534:65534 -t a.tmpl:mem:cnf -- \
		sh -c 'stat -L -c "%u:%g %a" "$1"; cat "$1"' - '@{cnf}'
	ended 0
	is stdout "$output" "$(printf '65534:65534 400\nk=%s' "$PASSWORD")"
	keyplate run --owner root:root -u 65534:65534 -t a.tmpl:mem:cnf -- \
		cat '@{cnf}'
	ended 1
	[[ $stderr == *'Permission denied'* ]]
}

@test "mode and owner of a rule hold in memory too" {
	need_root
	template
	cat >rules <<-'EOF'
		[file a]
		source = a.tmpl
		path = mem:cnf
		mode = 0640
		owner = 1:2
	EOF
	keyplate run -c rules -- stat -L -c '%u:%g %a' '@{cnf}'
	ended 0
	is stdout "$output" '1:2 440'
}

@test "without root it works as the user one is" {
	need_root
	need setpriv
	template
	chmod 0755 . "$BATS_RUN_TMPDIR" secrets
	chmod 0644 secrets/*
	cp "$KEYPLATE" keyplate
	run --separate-stderr setpriv --reuid 65532 --regid 65532 \
		--clear-groups ./keyplate run -t a.tmpl:mem:cnf -- cat '@{cnf}'
	ended 0
	is stdout "$output" "k=$PASSWORD"
}

@test "root that may give nothing away lets every user read" {
	need_root
	need setpriv
	template
	caps=(setpriv --bounding-set -chown --inh-caps -chown)
	run --separate-stderr "${caps[@]}" "$KEYPLATE" run -u 65534:65534 \
		-t a.tmpl:mem:cnf -- touch started '@{cnf}'
	ended 125
	complains 'mem:cnf: cannot set the owner: Operation not permitted'
	did_nothing
	run --separate-stderr "${caps[@]}" "$KEYPLATE" run -u 65534:65534 \
		--mode 0444 -t a.tmpl:mem:cnf -- cat '@{cnf}'
	ended 0
	is stdout "$output" "k=$PASSWORD"
}

@test "nobody can write into it" {
	template
	keyplate run -t a.tmpl:mem:cnf -- \
		sh -c 'if echo more >>"$1"; then echo written; fi; cat "$1"' - '@{cnf}'
	ended 0
	is stdout "$output" "k=$PASSWORD"
}

@test "no file system is written to" {
	need_root
	need unshare
	template
	read_only "$KEYPLATE" run -t "$PWD/a.tmpl:mem:cnf" -- \
		sh -c '! touch /x && cat "$1"' - '@{cnf}'
	ended 0
	is stdout "$output" "k=$PASSWORD"
}

@test "where a root is read-only, the message knows of memory" {
	need_root
	need unshare
	template
	read_only "$KEYPLATE" run -t "$PWD/a.tmpl:/keyplate.test" -- true
	ended 125
	complains 'Read-only file system'
	complains 'SRC:mem:NAME'
}

@test "keyplate keeps no descriptor of it" {
	need_root
	template
	keyplate run -t a.tmpl:mem:cnf -- sh -c '
		find /proc/$$/fd -lname "/memfd:*" | grep -c .
		find /proc/$PPID/fd -lname "/memfd:*" | grep -c .' - '@{cnf}'
	is descriptors "$output" "$(printf '1\n0')"
}

# find's own folder, /proc/PID/fd, takes the first number that is free.
@test "the service has no other descriptor than before" {
	list=(find /proc/self/fd -type l ! -lname '/memfd:*'
		! -lname '/proc/*' -printf '%f\n')
	template
	exec {held}<a.tmpl
	keyplate run -t a.tmpl:mem:cnf -- "${list[@]}"
	with=$output
	keyplate run -- "${list[@]}"
	exec {held}<&-
	is descriptors "$with" "$output"
	[[ $'\n'$output$'\n' == *$'\n'$held$'\n'* ]]
}

@test "a descriptor that was there stays what it was" {
	template
	exec {held}<a.tmpl
	keyplate run -t a.tmpl:mem:cnf -- cat "/proc/self/fd/$held" '@{cnf}'
	exec {held}<&-
	ended 0
	is stdout "$output" "$(printf 'k=${secret:password}\nk=%s' "$PASSWORD")"
}

@test "no argument and no variable has a value in it" {
	template
	keyplate run -t a.tmpl:mem:cnf -- \
		sh -c 'tr "\0" "\n" </proc/$$/cmdline; env; ls -l "$1"' - '@{cnf}'
	ended 0
	keeps_quiet
}

@test "a name that is not in memory starts nothing, and writes nothing" {
	template
	keyplate run -t a.tmpl:mem:cnf -t a.tmpl:a -- touch started 'x@{cfn}'
	ended 125
	complains '"@{cfn}"'
	complains 'did you mean "@{cnf}"?'
	did_nothing
}

@test "where nothing is in memory, arguments are what they are" {
	template
	keyplate run -t a.tmpl:a -- echo '@{cnf}' '@@{cnf}' 'user@{0}'
	ended 0
	is stdout "$output" '@{cnf} @@{cnf} user@{0}'
}

@test "a second at sign keeps a name from being a path" {
	template
	keyplate run -t a.tmpl:mem:cnf -- \
		sh -c 'echo "$2"' - '@{cnf}' 'a@@{cnf}@@{x}@{}'
	ended 0
	is stdout "$output" 'a@{cnf}@{x}@{}'
}

@test "a file that no argument names gets a warning" {
	template
	keyplate run -t a.tmpl:mem:cnf -- true '@@{cnf}'
	ended 0
	complains 'mem:cnf: warning: no argument of COMMAND has "@{cnf}"'
}

@test "what cannot be in memory starts nothing" {
	template
	mkdir tree
	cp a.tmpl tree/b.tmpl
	printf '[file a]\npath = mem:cnf\n' >rules
	while read -r message; do
		read -r -a options
		keyplate run "${options[@]}" -- touch started
		ended 125
		complains "$message"
	done <<-'EOF'
		mem:a/b is no name of a file in memory
		-t a.tmpl:mem:a/b
		mem: is no name of a file in memory
		-t a.tmpl:mem:
		mem:.a is no name of a file in memory
		-t a.tmpl:mem:.a
		mem:a is the target of another file
		-t a.tmpl:mem:a -t tree/b.tmpl:mem:a
		tree is a directory: mem:a takes a file
		-t tree:mem:a
		mem:cnf needs a template
		-c rules
		--template takes SRC:mem:NAME
		-t mem:cnf
	EOF
	[ ! -e started ]
}

@test "a value that is missing starts nothing" {
	printf '${secret:missing}\n' >a.tmpl
	keyplate run -t a.tmpl:mem:cnf -- touch started '@{cnf}'
	ended 125
	complains a.tmpl:1:1
	did_nothing
}

@test "an optional template that is not there has no path" {
	cat >rules <<-'EOF'
		[file a]
		source = missing
		path = mem:cnf
		optional = yes
	EOF
	keyplate run -c rules -- touch started '@{cnf}'
	ended 125
	complains '"@{cnf}", and its template is not there'
	[ ! -e started ]
	keyplate run -c rules -- echo started
	ended 0
	is stdout "$output" started
	is messages "$stderr" ''
}

@test "a dry run checks the names and starts nothing" {
	template
	keyplate run -n -t a.tmpl:mem:cnf -- touch started '@{cnf}'
	ended 0
	keyplate run -n -t a.tmpl:mem:cnf -- touch started '@{other}'
	ended 125
	did_nothing
}

@test "render has nobody to pass it to" {
	template
	printf '[file a]\nsource = a.tmpl\npath = mem:cnf\n' >secrets/rules
	keyplate render -c secrets/rules
	ended 2
	complains 'mem:cnf is for the COMMAND of run'
	did_nothing
	keyplate render -c secrets/rules a.tmpl
	ended 0
	is stdout "$output" "k=$PASSWORD"
	keyplate render -c secrets/rules a
	ended 0
	is stdout "$output" "k=$PASSWORD"
}

@test "check, explain and diff know of it" {
	template
	keyplate check a.tmpl:mem:cnf
	ended 0
	keyplate explain a.tmpl:mem:cnf
	ended 0
	[[ ${lines[1]} == a.tmpl:1:3*secret:password*resolves ]]
	keyplate diff -v a.tmpl:mem:cnf
	ended 0
	is stdout "$output" ''
	complains 'mem:cnf: note: in memory'
	printf '${secret:missing}\n' >a.tmpl
	keyplate check a.tmpl:mem:cnf
	ended 1
	did_nothing
}

@test "a verify command reads what the service will" {
	template
	cat >rules <<-'EOF'
		[file a]
		source = a.tmpl
		path = mem:cnf
		verify = sh ./verify {}
	EOF
	printf 'cp "$1" seen\n' >verify
	keyplate run -c rules -- cat '@{cnf}'
	ended 0
	is 'seen by verify' "$(cat seen)" "k=$PASSWORD"
	printf 'cat "$1"; exit 3\n' >verify
	keyplate run -c rules -- touch started '@{cnf}'
	ended 125
	complains 'the verify command of mem:cnf ended with 3'
	keeps_quiet
	[ ! -e started ]
}

@test "without /proc it is an error that says so" {
	need_root
	! readelf -lW "$KEYPLATE" | grep -q INTERP ||
		skip 'needs a static keyplate'
	mkdir root
	cp "$KEYPLATE" root/keyplate
	printf 'k=v\n' >root/a
	run --separate-stderr chroot root /keyplate run -t /a:mem:cnf -- \
		/keyplate render '@{cnf}'
	ended 125
	complains 'mem:cnf: there is no /proc/self/fd/'
}

@test "redis-server reads it" {
	need redis-server redis-cli
	cat >redis.conf <<-'EOF'
		port 0
		unixsocket redis.sock
		requirepass "${secret:password}"
	EOF
	"$KEYPLATE" run -t redis.conf:mem:conf -- \
		redis-server '@{conf}' --dir "$PWD" >log 2>&1 3>&- &
	pid=$!
	export REDISCLI_AUTH=$PASSWORD
	await redis-cli -s redis.sock ping
	run --separate-stderr redis-cli -s redis.sock ping
	kill "$pid"
	wait "$pid"
	is answer "$output" PONG
}

@test "caddy reads it" {
	need caddy curl
	cat >site.tmpl <<-'EOF'
		{
			admin off
		}
		http:// {
			bind unix/web.sock
			respond `${secret:password}`
		}
	EOF
	XDG_DATA_HOME=$PWD XDG_CONFIG_HOME=$PWD "$KEYPLATE" run -f caddyfile \
		-t site.tmpl:mem:caddy -- \
		caddy run --config '@{caddy}' --adapter caddyfile >log 2>&1 3>&- &
	pid=$!
	await curl -sf --unix-socket web.sock http://x/
	run --separate-stderr curl -sf --unix-socket web.sock http://x/
	kill "$pid"
	wait "$pid" || :
	is answer "$output" "$PASSWORD"
}

@test "nginx reads it, and once more when it is told to" {
	need nginx curl
	cat >nginx.conf <<-'EOF'
		daemon off;
		pid nginx.pid;
		error_log stderr notice;
		events {}
		http {
			access_log off;
			server {
				listen unix:web.sock;
				return 200 "${secret:words}";
			}
		}
	EOF
	"$KEYPLATE" run -t nginx.conf:mem:conf -- \
		nginx -p "$PWD" -c '@{conf}' >log 2>&1 3>&- &
	pid=$!
	await curl -sf --unix-socket web.sock http://x/
	kill -HUP "$pid"
	await grep 'worker process .* exited' log
	run --separate-stderr curl -sf --unix-socket web.sock http://x/
	kill "$pid"
	wait "$pid" || :
	is answer "$output" 'correct horse'
}

@test "one that cannot be made as it is to be starts no service" {
	local how

	need strace
	need_root
	[ "${KIND-static}" != sanitized ] || skip 'it looks for leaks, untraced'
	strace -o /dev/null true 2>/dev/null || skip 'needs ptrace'
	template
	for how in 'memfd_create:error=EMFILE cannot make a file in memory' \
	    'fchmod:error=EPERM cannot set the mode' \
	    'pwrite64:error=ENOSPC cannot be written'; do
		run --separate-stderr strace -o ../trace -e "inject=${how%% *}" \
		    "$KEYPLATE" run -t a.tmpl:mem:cnf -- touch 'started@{cnf}'
		ended 125
		complains "mem:cnf: ${how#* }: "
		did_nothing
	done
}

@test "php reads it" {
	need php
	printf 'user_agent = "${secret:words}"\n' >php.ini
	keyplate run -f ini/php -t php.ini:mem:ini -- \
		php -c '@{ini}' -r 'echo ini_get("user_agent");'
	ended 0
	is stdout "$output" 'correct horse'
}

@test "the programs of MariaDB read it" {
	need my_print_defaults
	printf '[client]\npassword = ${secret:password}\n' >my.cnf
	keyplate run -t my.cnf:mem:cnf -- \
		my_print_defaults '--defaults-file=@{cnf}' client
	ended 0
	is stdout "$output" "--password=$PASSWORD"
}
