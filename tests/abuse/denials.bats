#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# denials - what a user namespace, a group of the volume, a module of the
# kernel or a control group withholds is named, and what was there stays.
# shellcheck disable=SC2016,SC2030,SC2031

bats_require_minimum_version 1.5.0
load abuse.sh

# Some user and group that nobody is.
STRANGER=54321

template() {
	printf '${secret:user}' >a.tmpl
	mkdir out
	chmod 0755 . "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" out secrets
}

old() {
	printf 'old' >out/a
}

# --- user namespaces: owners that are nobody's number there ---

# Keyplate as root of a namespace that knows of no other user.
mapped() {
	unshare --user --map-root-user true 2>/dev/null ||
	    skip 'needs user namespaces'
	run --separate-stderr unshare --user --map-root-user "$KEYPLATE" "$@"
}

@test "where the owner of the old file has no number nobody gains by it" {
	need_root
	template
	for mode in 0600 0640 0644; do
		old
		chown $STRANGER:$STRANGER out/a
		chmod "$mode" out/a
		mapped render a.tmpl:out/a
		if [ "$status" = 0 ]; then
			holds out/a operator
			is "mode and owner of $mode" \
			    "$(stat -c '%a %u:%g' out/a)" "${mode:1:1}$(
				[ $mode = 0644 ] && echo 44 || echo 00) 0:0"
		else
			ended 1
			complains 'out/a: '
			holds out/a old
			is 'owner' "$(stat -c '0%a %u:%g' out/a)" \
			    "$mode $STRANGER:$STRANGER"
		fi
		holds_only out a
		rm out/a
	done
}

@test "a secret of an owner without a number is named" {
	need_root
	template
	old
	chown $STRANGER:$STRANGER secrets/user
	chmod 0400 secrets/user
	mapped render a.tmpl:out/a
	ended 1
	complains 'secrets/user'
	complains 'Permission denied'
	holds out/a old
}

@test "a directory of an owner without a number is named" {
	need_root
	template
	old
	chown $STRANGER:$STRANGER out
	mapped render a.tmpl:out/a
	ended 1
	complains 'out/a: '
	complains 'Permission denied'
	holds out/a old
	holds_only out a
}

@test "a user without a number in the namespace starts no service" {
	local mode

	need_root
	for mode in --linger=3s --exec; do
		mapped run "$mode" --user $STRANGER:$STRANGER -- touch started
		ended 125
		complains 'the user namespace has no such user or group'
		[ ! -e started ]
	done
}

@test "directories for an owner without a number are not left there" {
	need_root
	template
	mkdir -p in/sub
	cp a.tmpl in/sub
	mapped render --owner $STRANGER:$STRANGER -t in:out
	ended 1
	complains 'out/sub: cannot give it to the user: Invalid argument'
	holds_only out
}

# --- a user whom the modes keep out ---

# Keyplate as a user that owns nothing here.
as_stranger() {
	need setpriv
	chmod 0644 secrets/* a.tmpl
	cp "$KEYPLATE" here
	run --separate-stderr setpriv --reuid $STRANGER --regid $STRANGER \
	    --clear-groups ./here "$@"
}

@test "a directory of rules that may not be listed is named" {
	need_root
	template
	mkdir -m 0711 rules.d
	printf '[file f]\npath = out/a\nsource = a.tmpl\n' >rules.d/a.conf
	as_stranger run -c rules.d -- touch started
	ended 125
	complains 'rules.d: cannot be opened: Permission denied'
	holds_only out
	[ ! -e started ]
}

@test "a directory of templates that may not be listed is named" {
	need_root
	template
	chmod 0777 out
	mkdir -p in/sub
	cp a.tmpl in
	cp a.tmpl in/sub
	chmod 0711 in/sub
	as_stranger render -t in:out
	ended 1
	complains 'in: cannot open sub: Permission denied'
	chmod 0711 in
	as_stranger render -t in:out
	ended 1
	complains 'in: cannot open in: Permission denied'
	holds_only out
}

@test "a directory that cannot be made, or given away, is not left there" {
	need_root
	template
	mkdir -p in/sub
	cp a.tmpl in/sub
	as_stranger render -t in:out
	ended 1
	complains 'out/sub: cannot make the directory: Permission denied'
	chmod 0777 out
	as_stranger render --owner 1:1 -t in:out
	ended 1
	complains 'out/sub: cannot give it to the user: Operation not permitted'
	holds_only out
}

# --- a group that the volumes belong to, as Kubernetes' fsGroup has it ---

# Keyplate as user 1234, with these groups besides its own.
grouped() {
	need setpriv
	cp "$KEYPLATE" here
	run --separate-stderr setpriv --reuid 1234 --regid 1234 \
	    --groups "$1" ./here render a.tmpl:out/a
}

@test "the volume's group reads the secret, and gains nothing by the file" {
	need_root
	template
	chown -R 0:$STRANGER secrets out
	chmod 0440 secrets/*
	chmod 2750 secrets
	chmod 2770 out
	grouped "$STRANGER"
	ended 0
	holds out/a operator
	is 'mode and owner' "$(stat -c '%a %u' out/a)" '600 1234'
	rm out/a
	grouped 1234
	ended 1
	complains "$PWD/secrets"
	complains 'Permission denied'
	holds_only out
}

# --- a module of the kernel that says no where modes say yes ---

# Keyplate, held to paths: RIGHTS PATH... -- ARGUMENT...
held() {
	need python3
	run --separate-stderr python3 "$BATS_TEST_DIRNAME/landlock.py" "$@"
	[ "$status" != 77 ] || skip 'needs Landlock'
}

@test "a module that forbids writing is told of, and the old file stays" {
	template
	old
	mkdir other
	held w other -- "$KEYPLATE" render a.tmpl:out/a
	ended 1
	complains 'out/a: cannot make a file beside it: Permission denied'
	holds out/a old
	holds_only out a
	held w other -- "$KEYPLATE" render --in-place a.tmpl:out/a
	ended 1
	complains 'out/a: '
	complains 'Permission denied'
	holds out/a old
	# No more than this is needed where it is permitted.
	held w out -- "$KEYPLATE" render a.tmpl:out/a
	ended 0
	holds out/a operator
	is 'what is said' "$stderr" ''
}

@test "a module that forbids reading a secret is told of by its name" {
	need_static
	template
	old
	held r a.tmpl out "$KEYPLATE" secrets/words -- "$KEYPLATE" render \
	    a.tmpl:out/a
	ended 1
	complains 'secrets/user'
	complains 'Permission denied'
	holds out/a old
	held r a.tmpl out "$KEYPLATE" secrets -- "$KEYPLATE" render a.tmpl:out/a
	ended 0
	holds out/a operator
}

@test "a module that forbids the service is told of" {
	local mode

	need_static
	template
	for mode in --linger=3s --exec; do
		held x "$KEYPLATE" -- "$KEYPLATE" run "$mode" \
		    -t a.tmpl:out/a -- /bin/touch started
		ended 126
		complains /bin/touch
		complains 'Permission denied'
		[ ! -e started ]
	done
}

# --- limits of the user that the service is to be ---

@test "a user with no process left to have starts no service, at once" {
	local mode

	need_root
	need setpriv
	# One process of the user is there, and none is all that there may be.
	setpriv --reuid $STRANGER --clear-groups sleep 100 3>&- &
	OTHER=$!
	await grep -qx sleep "/proc/$OTHER/comm"
	for mode in --linger=3s --exec; do
		run --separate-stderr timeout -s KILL 20 bash -c 'ulimit -u 0
			exec "$@"' - "$KEYPLATE" run "$mode" \
		    --user $STRANGER:$STRANGER -- /bin/touch started
		ended 126
		complains '/bin/touch'
		complains 'Resource temporarily unavailable'
		[ ! -e started ]
	done
}

# --- a control group that has no more to give ---

teardown() {
	[ -z "${GROUP-}" ] || rmdir "$GROUP"
	[ -z "${OTHER-}" ] || {
		kill -9 "$OTHER"
		wait "$OTHER"
	} 2>/dev/null || true
}

# A group with at most $2 of a controller: "memory" or "pids".
limit_group() {
	local file found

	found=$(findmnt -nro TARGET -t cgroup -O "$1" | head -n 1)
	file=$1.max
	if [ -z "$found" ]; then
		found=$(findmnt -nro TARGET -t cgroup2 | head -n 1)
	elif [ "$1" = memory ]; then
		file=memory.limit_in_bytes
	fi
	mkdir -p "$found/keyplate-$$" 2>/dev/null ||
	    skip "needs the controller $1"
	GROUP=$found/keyplate-$$
	echo "$2" 2>/dev/null >"$GROUP/$file" ||
	    skip "needs the controller $1"
	# Nothing else to flee to.
	echo 0 2>/dev/null >"$GROUP/memory.swap.max" || :
}

# A command in the group, whose first process is the command's.
grouped_in() {
	run --separate-stderr sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' \
	    "$GROUP" "$@"
}

@test "without memory in its control group: killed, or refused, or whole" {
	local kib killed=0 whole=0

	need_root
	need python3
	template
	head -c 1000000 /dev/zero | tr '\0' x >secrets/user
	python3 -c 'print("${secret:user}" * 12, end="")' >a.tmpl
	python3 -c 'print("x" * 12000000, end="")' >want
	for kib in 512 1024 2048 4096 8192 12288 16384 24576 32768 65536 \
	    131072; do
		old
		limit_group memory $((kib * 1024))
		grouped_in "$KEYPLATE" render -f text a.tmpl:out/a
		case $status in
		0)
			cmp out/a want
			whole=$((whole + 1))
			;;
		137)
			holds out/a old
			killed=$((killed + 1))
			;;
		*)
			ended 1
			complains 'out/a'
			holds out/a old
			;;
		esac
	done
	echo "$killed killed, $whole whole"
	[ "$killed" -gt 0 ] && [ "$whole" -gt 0 ]
	# What the killed ones left is gone after one that may end.
	keyplate render -f text a.tmpl:out/a
	ended 0
	holds_only out a
}

@test "a verify command that finds no process to be is a refusal" {
	need_root
	template
	old
	printf '[file a]\nsource = a.tmpl\npath = out/a\nverify = true {}\n' \
	    >rules
	limit_group pids 1
	grouped_in "$KEYPLATE" render -f text -c rules
	ended 1
	complains 'out/a'
	complains 'Resource temporarily unavailable'
	holds out/a old
	holds_only out a
}
