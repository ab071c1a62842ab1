#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# sources - secrets and templates that are no plain small files, or change
# while they are read.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0
load abuse.sh

teardown() {
	[ -z "${OTHER-}" ] || {
		kill -9 "$OTHER"
		wait "$OTHER"
	} 2>/dev/null || true
}

socket() {
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1"
}

@test "a secret that is no file is refused at once" {
	need python3
	mkfifo secrets/fifo secrets/written
	# One that waits for its reader to write, and never does.
	sleep 100 <>secrets/written &
	OTHER=$!
	socket secrets/socket
	mkdir secrets/dir
	ln -s /dev/zero secrets/zero
	ln -s /dev/urandom secrets/urandom
	ln -s /dev/full secrets/full
	for name in fifo written socket dir zero urandom full; do
		printf '${secret:%s:-default}' "$name" >a.tmpl
		run --separate-stderr timeout -s KILL 10 "$KEYPLATE" \
		    render a.tmpl:a
		ended 1
		complains "secrets/$name is a"
		complains ', not a file'
		[ ! -e a ]
	done
}

@test "a template that is no file is refused at once" {
	need python3
	mkfifo fifo
	socket socket
	ln -s /dev/zero zero
	ln -s loop loop
	ln -s gone dangling
	for name in fifo socket zero loop dangling missing; do
		run --separate-stderr timeout -s KILL 10 "$KEYPLATE" \
		    render "$name:$name/out"
		[[ $status = [12] ]]
		complains "$name"
	done
	holds_only . dangling fifo loop secrets socket zero
}

@test "huge files are refused without being read" {
	printf '${secret:huge}' >a.tmpl
	truncate -s 1G secrets/huge
	within 100000 2 render a.tmpl:a
	ended 1
	complains 'is longer than 1048576 bytes'
	truncate -s 1T huge.tmpl || skip 'needs sparse files'
	within 100000 2 render huge.tmpl:a
	ended 1
	complains 'is longer than 67108864 bytes'
	within 100000 2 check --config huge.tmpl
	ended 1
	within 100000 2 check --env-file huge.tmpl a.tmpl
	ended 1
	[ ! -e a ]
}

@test "one secret used without end cannot fill the memory or the disk" {
	need python3
	head -c 1000000 /dev/zero | tr '\0' x >secrets/big
	python3 -c 'print("${secret:big}\n" * 100000, end="")' >a.tmpl
	python3 -c 'print("${X:-" + "${secret:big}" * 100000 + "}")' >b.tmpl
	for name in a b; do
		within 1000000 20 render $name.tmpl:$name
		ended 1
		complains 'the values come to more than 67108864 bytes'
		[ "${#stderr}" -lt 1000 ]
		[[ $stderr != *xxxx* ]]
	done
	holds_only . a.tmpl b.tmpl secrets
}

@test "a text is at most 64 MiB, whatever it is made of" {
	need python3
	head -c 1000000 /dev/zero | tr '\0' '"' >secrets/quotes
	python3 -c 'print("${secret:quotes}\n" * 60 + "x" * 8000000)' >a.tmpl
	# Each quote is written as two bytes.
	python3 -c 'print("k: \"${secret:quotes}\"\n" * 40, end="")' >b.tmpl
	keyplate render -f text a.tmpl:a
	ended 1
	complains 'a.tmpl: would be rendered to more than 67108864 bytes'
	keyplate render -f yaml b.tmpl:b
	ended 1
	complains 'b.tmpl: would be rendered to more than 67108864 bytes'
	holds_only . a.tmpl b.tmpl secrets
}

@test "what is odd in a directory harms only who asks for it" {
	ln -s loop secrets/loop
	ln -s nowhere secrets/gone
	touch secrets/$'\e]0;odd\a' secrets/$'new\nline' secrets/-rf \
	    secrets/' ' secrets/$'\xff\xfe' secrets/.hidden \
	    "secrets/$(printf %0255d 0)"
	printf '${secret:user} ${secret:%0255d:-empty}' 0 >a.tmpl
	keyplate render a.tmpl:a
	ended 0
	holds a 'operator empty'
	printf '${secret:loop:-x}' >b.tmpl
	keyplate render b.tmpl:b
	ended 1
	complains 'secrets/loop is a loop of symbolic links'
	printf '${secret:gone:-x}' >b.tmpl
	keyplate render b.tmpl:b
	ended 1
	complains 'secrets/gone is a symbolic link to nothing'
	printf '${secret:usr}' >b.tmpl
	keyplate render b.tmpl:b
	ended 1
	complains '"user"'
	prints_plainly
}

@test "without its directory a secret is missing, the environment is not" {
	printf '${DOMAIN} ${secret:user:-none}' >a.tmpl
	keyplate render --secrets nowhere a.tmpl
	ended 0
	is 'what is rendered' "$output" 'example.org none'
	printf '${secret:user}' >a.tmpl
	keyplate render --secrets nowhere a.tmpl
	ended 1
	complains 'looked in nowhere (not there)'
	: >file
	keyplate render --secrets file a.tmpl
	ended 1
	complains 'Not a directory'
}

@test "a hundred thousand secrets, and sixteen descriptors" {
	need python3
	need_root
	need_mounts
	printf '${secret:s99999}' >a.tmpl
	printf '${secret:missing}' >b.tmpl
	mounted 'mount -t tmpfs none secrets
		python3 -c "
for i in range(100000):
    open(f\"secrets/s{i}\", \"w\").close()
open(\"secrets/s99999\", \"w\").write(\"last\")"
		ulimit -n 16 -t 10
		"$KEYPLATE" render a.tmpl
		! "$KEYPLATE" render b.tmpl'
	ended 0
	is 'what is rendered' "$output" last
	complains 'no value for "missing"'
}

@test "a thousand secrets are used with twelve descriptors" {
	need python3
	python3 -c '
with open("a.tmpl", "w") as tmpl, open("expected", "w") as expected:
    for i in range(1000):
        open(f"secrets/s{i}", "w").write(f"v{i}")
        tmpl.write(f"${{secret:s{i}}}\n")
        expected.write(f"v{i}\n")'
	run --separate-stderr bash -c 'ulimit -n 12
		exec "$0" render a.tmpl:a' "$KEYPLATE"
	ended 0
	cmp a expected
}

@test "a directory as swarm and compose mount it: each file a mount" {
	need_root
	need_mounts
	printf '${secret:db.password} ${secret:user}' >a.tmpl
	mounted 'printf "swarm\n" >one
		: >secrets/db.password
		mount --bind one secrets/db.password
		mount -o remount,ro,bind secrets/db.password
		"$KEYPLATE" render a.tmpl'
	ended 0
	is 'what is rendered' "$output" 'swarm operator'
}

@test "a directory that is a read-only tmpfs, its files for their owner alone" {
	need_root
	need_mounts
	printf '${secret:only}' >a.tmpl
	mounted 'mount -t tmpfs -o mode=0500 none secrets
		(umask 377; printf "mine\n" >secrets/only)
		mount -o remount,ro secrets
		"$KEYPLATE" render a.tmpl'
	ended 0
	is 'what is rendered' "$output" mine
}

@test "a directory as systemd gives it" {
	mkdir -m 0700 credentials
	(umask 377 && printf 'credential' >credentials/db.password)
	printf '${secret:db.password} ${secret:none:-none}' >a.tmpl
	unset KEYPLATE_SECRETS
	CREDENTIALS_DIRECTORY=$PWD/credentials keyplate render a.tmpl
	ended 0
	is 'what is rendered' "$output" 'credential none'
}

@test "a directory as the kubelet keeps it" {
	need python3
	python3 "$BATS_TEST_DIRNAME/rotate.py" volume one
	printf '${secret:a}\n${file:%s/volume/b}\n${C}\n' "$PWD" >a.tmpl
	C_FILE=$PWD/volume/c keyplate render --secrets "$PWD/volume" a.tmpl:a
	ended 0
	is 'what is rendered' "$(sed 's/-.*//' a | tr '\n' ' ')" 'one one one '
}

# Let the keyplate that was stopped go on, and wait for it.
carry_on() {
	pkill -CONT -P "$1"
	status=0
	wait "$1" || status=$?
	OTHER=''
	output=$(cat said) stderr=$(cat errors)
}

# Stop keyplate with these arguments right after it has opened secret a for
# the first time, rotate, and let it go on.
rotate_behind_a() {
	local at
	strace -o trace -e trace=openat "$KEYPLATE" "$@" >/dev/null
	at=$(grep -n '^openat([0-9]*, "a", ' trace | head -n 1)
	[ -n "$at" ]
	strace -o trace -e trace=openat \
	    -e inject=openat:signal=STOP:when="${at%%:*}" \
	    "$KEYPLATE" "$@" >said 2>errors &
	OTHER=$!
	for _ in {1..1000}; do
		! grep -q 'stopped by SIGSTOP' trace || break
		read -rt 0.01 <> <(:) || true
	done
	python3 "$BATS_TEST_DIRNAME/rotate.py" volume two
	carry_on "$OTHER"
}

@test "all is read again when a generation goes in the middle of a run" {
	need_trace
	need python3 pkill
	python3 "$BATS_TEST_DIRNAME/rotate.py" volume one
	printf '${secret:a}\n${secret:b}\n' >a.tmpl
	rotate_behind_a render --secrets volume a.tmpl:a
	ended 0
	is 'what is said' "$stderr" ''
	is 'what is rendered' "$(sed 's/-.*//' a | tr '\n' ' ')" 'two two '
}

@test "exports are read again with the files" {
	need_trace
	need python3 pkill
	python3 "$BATS_TEST_DIRNAME/rotate.py" volume one
	printf '${secret:a}\n' >a.tmpl
	rotate_behind_a run --secrets volume --template a.tmpl:a --exec \
	    --export 'B=${secret:b}' -- sh -c 'cat a; echo "$B"'
	ended 0
	is 'what arrives' "$(sed 's/-.*//' said | tr '\n' ' ')" \
	    'two two '
}

@test "no rotation tears a value, or mixes two generations" {
	need python3
	local runs=60 good=0
	python3 "$BATS_TEST_DIRNAME/rotate.py" volume first
	python3 "$BATS_TEST_DIRNAME/rotate.py" volume forever &
	OTHER=$!
	printf '${secret:a}\n${secret:b}\n${secret:c}\n' >a.tmpl
	printf '${secret:c}\n${secret:a}\n' >b.tmpl
	while [ "$((runs--))" -gt 0 ]; do
		keyplate render --secrets volume a.tmpl:a b.tmpl:b
		if [ "$status" = 0 ]; then
			is 'values that are not the same' \
			    "$(cat a b | sort -u | wc -l)" 1
			is 'the length of one' \
			    "$(head -n 1 a | sed 's/.*-//' | wc -c)" 5001
			good=$((good + 1))
		else
			ended 1
			complains 'was replaced during the run'
		fi
	done
	# Nobody rotates that fast; most runs find their time even so.
	[ "$good" -gt 30 ]
}

@test "a secret that grows, shrinks and goes away is no crash" {
	need python3
	python3 -c '
import os
while True:
    with open("secrets/moving", "w") as out:
        for n in (1, 5000, 100000):
            out.write("x" * n)
            out.flush()
        out.truncate(10)
    os.unlink("secrets/moving")' &
	OTHER=$!
	printf '${secret:moving}' >a.tmpl
	for _ in {1..50}; do
		run --separate-stderr timeout -s KILL 10 "$KEYPLATE" \
		    render a.tmpl:a
		[[ $status = [01] ]]
		[ "$status" = 0 ] || complains moving
	done
}

@test "a file that claims to be empty is read" {
	[ -r /proc/self/status ] || skip 'needs /proc'
	printf '${file:/proc/self/comm}' >a.tmpl
	keyplate render a.tmpl
	ended 0
	is 'what is rendered' "$output" keyplate
}

@test "a file whose bytes cannot be read is told of by its name" {
	[ -r /proc/self/mem ] || skip 'needs /proc'
	# Nothing is mapped at the beginning of a process's memory.
	printf '${file:/proc/self/mem:-none}' >a.tmpl
	keyplate render a.tmpl:a
	ended 1
	complains '/proc/self/mem cannot be read: '
	[ ! -e a ]
}

# Run keyplate with the rules in "rules", and do with them what "$1" says when
# they have been read once and are opened for iniparser.
change_between() {
	local at change=$1

	strace -o trace -e trace=openat,open "$KEYPLATE" render -n -c rules
	at=$(grep -nE '^open(at)?\(.*"rules"' trace | sed -n 's/:.*//; 2p')
	[ -n "$at" ]
	# What is counted are the calls of one name.
	at=$(head -n "$at" trace | grep -c "^$(sed -n "${at}s/(.*//p" trace)(")
	set -- "$(sed -n '/"rules"/s/(.*//p' trace | sed -n 2p)"
	strace -o trace -e "trace=$1" -e "inject=$1:signal=STOP:when=$at" \
	    "$KEYPLATE" render -c rules >said 2>errors 3>&- &
	OTHER=$!
	await grep -q 'stopped by SIGSTOP' trace
	eval "$change"
	carry_on "$OTHER"
}

@test "rules that change while they are read are refused" {
	need_trace
	need pkill
	printf '${secret:user}' >a.tmpl
	printf '[file f]\npath = a\nsource = a.tmpl\n' >before
	cp before rules
	change_between 'sed "s/= a$/= b/" before >rules'
	ended 1
	complains 'rules:2:8: a value that iniparser reads differently'
	cp before rules
	change_between 'echo "mode = 0644" >>rules'
	ended 1
	complains 'rules: changed while it was read'
	cp before rules
	change_between 'echo "[file" >>rules'
	ended 1
	complains 'rules: iniparser cannot read it'
	[ ! -e a ]
	[ ! -e b ]
}

@test "a directory of rules that cannot be listed is an error" {
	need_trace
	printf '${secret:user}' >a.tmpl
	mkdir rules.d
	printf '[file f]\npath = a\nsource = a.tmpl\n' >rules.d/a.conf
	run --separate-stderr strace -o trace -e trace=getdents64 \
	    -e inject=getdents64:error=EIO "$KEYPLATE" render -c rules.d
	ended 1
	complains 'rules.d: cannot be listed: '
	[ ! -e a ]
}

@test "a directory of templates that cannot be listed is an error" {
	local when said=

	need_trace
	mkdir in out
	printf '${secret:user}' >in/a
	# One call is made here, and one below opendir(); what musl sets for old
	# kernels besides may fail.
	for when in 1 2 3; do
		run --separate-stderr strace -o trace -e trace=fcntl \
		    -e "inject=fcntl:error=EMFILE:when=$when" "$KEYPLATE" run \
		    -t in:out -- touch started
		if [ "$status" -eq 0 ]; then
			rm started out/a
			continue
		fi
		ended 125
		said+=$(grep -oE 'in: cannot (open in|list): ' <<<"$stderr")
		holds_only out
		[ ! -e started ]
	done
	[[ $said == 'in: cannot open in: in: cannot list: '* ]]
}

@test "a directory of templates of which a part cannot be read is an error" {
	local when

	need_trace
	mkdir -p in/sub out
	printf '${secret:user}' | tee in/a >in/sub/b
	# Each of the two is read by two calls, of which one says it is the end.
	for when in 1 2 3 4; do
		run --separate-stderr strace -o trace -e trace=getdents64 \
		    -e "inject=getdents64:error=EIO:when=$when" "$KEYPLATE" \
		    run -t in:out -- touch started
		ended 125
		complains 'in: cannot list: '
		holds_only out
		[ ! -e started ]
	done
}

@test "no arguments at all, not even a name, are a mistake of use" {
	need python3
	run --separate-stderr timeout -s KILL 10 \
	    python3 "$BATS_TEST_DIRNAME/raw.py" noargs "$KEYPLATE"
	ended 2
	[ -n "$stderr" ]
}

@test "twenty thousand templates in one command" {
	need python3
	mkdir out
	printf '${secret:user}' >a.tmpl
	run --separate-stderr python3 -c '
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
pairs = [w for i in range(20000) for w in ("-t", f"a.tmpl:out/{i}")]
sys.exit(subprocess.call([sys.argv[1], "render", "-n", *pairs]))' "$KEYPLATE"
	ended 0
	holds_only out
}
