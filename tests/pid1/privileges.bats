#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# privileges - who the service is, and what nobody can see afterwards.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0
load pid1.sh

# Run as process 1 with a passwd and a group of our own.
with_accounts() {
	run --separate-stderr unshare --mount sh -c '
		mount --bind passwd /etc/passwd && mount --bind group /etc/group &&
		exec "$@"' - "$KEYPLATE" run "$@"
}

make_accounts() {
	cat >passwd <<-'EOF'
		root:x:0:0:root:/root:/bin/sh
		daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
		games:x:5:60:games:/usr/games:/usr/sbin/nologin
	EOF
	cat >group <<-'EOF'
		root:x:0:
		daemon:x:1:
		games:x:60:
		users:x:100:games
	EOF
}

# The spec $1 gives these ids, groups and HOME.
becomes() {
	with_accounts --user "$1" -- sh -c 'echo "$("$0" ids) $HOME"' "$PROBE"
	ended 0
	is "$1" "$output" "$2"
}

@test "users and groups are resolved as Docker resolves them" {
	need_root
	make_accounts
	becomes games 'uid 5 5 5 gid 60 60 60 groups 60 100 root never /usr/games'
	becomes 5 'uid 5 5 5 gid 60 60 60 groups 60 100 root never /usr/games'
	becomes games:daemon 'uid 5 5 5 gid 1 1 1 groups 1 root never /usr/games'
	becomes 1000:1000 'uid 1000 1000 1000 gid 1000 1000 1000 groups 1000 root never /'
	becomes 1000:daemon 'uid 1000 1000 1000 gid 1 1 1 groups 1 root never /'
	becomes root:1000 'uid 0 0 0 gid 1000 1000 1000 groups 1000 root again /root'
	becomes root 'uid 0 0 0 gid 0 0 0 groups 0 root again /root'
	becomes 1000:root 'uid 1000 1000 1000 gid 0 0 0 groups 0 root never /'
}

# Run as a user who is in every group and may become anybody, but for that
# without rights: who is one of them then was made so.
as_nobody() {
	run --separate-stderr unshare --mount sh -c '
		mount --bind passwd /etc/passwd && mount --bind group /etc/group &&
		exec "$@"' - env HOME=/nowhere setpriv --reuid nobody \
	    --regid nogroup --init-groups --inh-caps +setuid,+setgid \
	    --ambient-caps +setuid,+setgid -- "$@"
}

# The user spec $1 gives what id tells as $2 and HOME as $3, by the command
# that follows.
gives_user() {
	local spec=$1 want="$2 $3"

	shift 3
	as_nobody "$@" "$spec" sh -c \
	    'echo "$(id -u):$(id -g):$(id -G) $HOME"'
	is "$1 '$spec'" "$output" "$want"
}

@test "users and groups are those that gosu takes, but for one" {
	local spec ids home

	need_root
	need setpriv
	cat >passwd <<-'EOF'
		root:x:0:0:root:/root:/bin/sh
		daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
		games:x:5:60:games:/usr/games:/usr/sbin/nologin
		nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
	EOF
	cat >group <<-'EOF'
		root:x:0:nobody
		daemon:x:1:nobody
		games:x:60:nobody
		users:x:100:root,games,nobody
		nogroup:x:65534:nobody
	EOF
	while IFS='|' read -r spec ids home; do
		gives_user "$spec" "$ids" "$home" "$KEYPLATE" run --user
		! command -v gosu >/dev/null ||
			gives_user "$spec" "$ids" "$home" gosu
	done <<-'EOF'
		0|0:0:0 100|/root
		0:0|0:0:0|/root
		root|0:0:0 100|/root
		0:root|0:0:0|/root
		root:0|0:0:0|/root
		root:root|0:0:0|/root
		0:1000|0:1000:1000|/root
		1000:1000|1000:1000:1000|/
		root:1000|0:1000:1000|/root
		1000:0|1000:0:0|/
		1000:root|1000:0:0|/
		1000:daemon|1000:1:1|/
		games|5:60:60 100|/usr/games
		games:daemon|5:1:1|/usr/games
		0:|0:0:0 100|/root
		|65534:65534:65534 0 1 60 100|/nonexistent
		:0|65534:0:0|/nonexistent
	EOF
	for spec in bogus 0day 0:bogus 0:0day; do
		as_nobody "$KEYPLATE" run --user "$spec" true
		ended 125
		command -v gosu >/dev/null || continue
		as_nobody gosu "$spec" true
		[ "$status" -ne 0 ]
	done
	# The one: it would keep the group of whoever calls it.
	as_nobody "$KEYPLATE" run --user 1000 true
	ended 125
	! command -v gosu >/dev/null || gives_user 1000 1000:65534:65534 / gosu
}

@test "a number without an entry needs a group" {
	need_root
	make_accounts
	with_accounts --user 1000 true
	ended 125
	said '1000:GROUP'
}

@test "no odd user is taken for another one" {
	local spec

	for spec in 4294967296 4294967295 2147483648 -1 +5 ' 5' 0x10 1e3 5: : \
	    54321: a:b:c 0:0:0 ../x 5:-1 5:4294967295 bogus 0day 0:bogus 0:0day \
	    "$(head -c 5000 /dev/zero | tr '\0' a)"; do
		keyplate --user "$spec" touch started
		ended 125
		keyplate --exec --user "$spec" touch started
		ended 125
	done
	[ ! -e started ]
}

@test "the service has the user's rights and no others, in both modes" {
	local mode

	need_root
	for mode in --linger=3s --exec; do
		keyplate "$mode" --user 54321:54321 -- \
		    grep -e '^Uid' -e '^Gid' -e '^Groups' -e '^Cap[IPEA]' \
		    -e NoNewPrivs /proc/self/status
		ended 0
		is "$mode" "$(tr -s '\t ' ' ' <<<"$output")" \
		    "Uid: 54321 54321 54321 54321
Gid: 54321 54321 54321 54321
Groups: 54321$(printf ' ')
CapInh: 0000000000000000
CapPrm: 0000000000000000
CapEff: 0000000000000000
CapAmb: 0000000000000000
NoNewPrivs: 0"
	done
	keyplate --no-new-privs -- grep NoNewPrivs /proc/self/status
	is 'as asked' "$output" $'NoNewPrivs:\t1'
}

@test "inherited capabilities and odd securebits do not survive --user" {
	need_root
	need setpriv
	run --separate-stderr setpriv --inh-caps +net_raw \
	    --ambient-caps +net_raw --securebits +no_setuid_fixup \
	    "$KEYPLATE" run --user 54321:54321 -- \
	    sed -n 's/^Cap[IPEA].*:\t//p' /proc/self/status
	ended 0
	is capabilities "$(sort -u <<<"$output")" 0000000000000000
}

@test "who is the user already needs no privilege" {
	need_root
	need setpriv
	run --separate-stderr setpriv --reuid 54321 --regid 54321 \
	    --clear-groups --bounding-set=-all --inh-caps=-all \
	    "$KEYPLATE" run --user 54321:54321 true
	ended 0
	run --separate-stderr setpriv --reuid 54321 --regid 54321 \
	    --clear-groups --bounding-set=-all --inh-caps=-all \
	    "$KEYPLATE" run --user 54322:54322 touch started
	ended 125
	said 'cannot'
	[ ! -e started ]
}

@test "a call of the drop that fails, or lies, keeps the service from starting" {
	local call

	need_root
	need strace
	need setpriv
	for call in setgroups setresgid setresuid; do
		run --separate-stderr setpriv --groups 7 \
		    strace -f -qq -o trace -e trace="$call" \
		    -e inject="$call":error=EPERM:when=1 \
		    "$KEYPLATE" run --user 54321:54321 touch started
		ended 125
		run --separate-stderr setpriv --groups 7 \
		    strace -f -qq -o trace -e trace="$call" \
		    -e inject="$call":retval=0:when=1 \
		    "$KEYPLATE" run --exec --user 54321:54321 touch started
		ended 125
		[ ! -e started ]
	done
}

@test "--cap-keep leaves one capability" {
	need_root
	keyplate --user 54321:54321 --cap-keep NET_BIND_SERVICE -- \
	    sed -n 's/^Cap[IPEA].*:\t//p' /proc/self/status
	ended 0
	# Bit 10.
	is capabilities "$(sort -u <<<"$output")" 0000000000000400
	keyplate --cap-keep NO_SUCH --user 54321:54321 true
	ended 125
	keyplate --cap-keep KILL true
	ended 125
	said '--user'
}

@test "a capability that is kept is of use" {
	need_root
	need_namespaces
	# A network of its own, whose low ports nobody has.
	run --separate-stderr unshare --net -- "$KEYPLATE" run \
	    --user 54321:54321 --cap-keep NET_BIND_SERVICE -- \
	    sh -c 'ip link set lo up 2>/dev/null; exec "$0" bind 80' "$PROBE"
	ended 0
	run --separate-stderr unshare --net -- "$KEYPLATE" run \
	    --user 54321:54321 "$PROBE" bind 80
	ended 99
}

@test "standard output and error are the user's where they are pipes" {
	need_root
	run bash -c 'set -o pipefail; "$@" 2>&1 | cat' - \
	    "$KEYPLATE" run --user 54321:54321 -- \
	    sh -c 'echo out >/dev/stdout; echo err >/dev/stderr'
	ended 0
	is output "$output" $'out\nerr'
	run "$PROBE" pty expect=err -- "$KEYPLATE" run --user 54321:54321 -- \
	    sh -c 'echo err >/dev/stderr'
	ended 0
}

@test "/dev/null and files keep their owner" {
	need_root
	"$KEYPLATE" run --user 54321:54321 true </dev/null >file 2>/dev/null
	is 'of /dev/null' "$(stat -c %u /dev/null)" 0
	is 'of the file' "$(stat -c %u file)" 0
	"$KEYPLATE" run --chown-stdio=no --user 54321:54321 -- \
	    stat -Lc %u /proc/self/fd/1 | grep -qx 0
}

@test "keyplate is no more than its service, unless told to" {
	need_root
	begin --user 54321:54321 sleep 1000
	await child_of "$KP"
	await grep -q '^Uid:.54321.54321.54321' "/proc/$KP/status"
	await grep -q '^CapEff:.0000000000000000' "/proc/$KP/status"
	quit
	begin --user 54321:54321 --keep-init-root sleep 1000
	await holds "$KP" '0 1 2 '
	await is_settled
	grep -q '^Uid:.0.0.0' "/proc/$KP/status"
}

@test "under another user what is left is still ended" {
	need_root
	begin --linger 200ms --user 54321:54321 -- sh -c '
		trap "" TERM; setsid sleep 1000 & echo $!'
	end
	ended 0
	gone "$(cat out)"
}

@test "nothing about keyplate shows a secret while the service runs" {
	local as mark=c4n4ry-in-the-mine

	need_root
	need_namespaces
	mkdir secrets
	echo "$mark" >secrets/word
	for as in first other; do
		rm -f out
		SECRET=$mark begin_as "$as" --secrets "$PWD/secrets" \
		    --drop-env SECRET --user 54321:54321 \
		    --export 'HELD=${secret:word}' -- sh -c '
			[ "$HELD" = "$0-in-the-mine" ] && echo held
			cat /proc/$PPID/environ; cat /proc/$PPID/mem
			ls /proc/$PPID/fd; cat /proc/$PPID/maps
			tr "\0" " " </proc/$PPID/cmdline
			printf "\ndone\n"; exec sleep 1000' c4n4ry
		await told out 'done'
		is "as $as" "$(head -n 1 out)" held
		not grep -q "$mark" out
		[ "$(grep -c 'Permission denied' err)" -ge 4 ]
		# Not even root finds it, once keyplate is done with its start.
		await is_settled
		is environ "$(tr -d '\0' <"/proc/$KP/environ")" ''
		not holds_in_memory "$KP" "$mark"
		quit
	done
}

@test "nor does anything show what options hold" {
	local mark=c4n4ry-in-the-mine

	need_root
	need_static
	printf '[keyplate]\nheader = X:%s\noom-score-adj = 7\n' "$mark" >rules
	printf 'a: 1\n' >a.yaml
	KEYPLATE_EXPORT="A=$mark" KEYPLATE_BASIC_AUTH="a:$mark" begin \
	    --config rules --set "$PWD/a.yaml:a=$mark" -- sh -c '
		cat /proc/self/oom_score_adj; exec sleep 1000'
	await told out 7
	await is_settled
	not holds_in_memory "$KP" "$mark"
	grep -q "$mark" a.yaml
}

holds_in_memory() {
	memory_of "$1" | grep -qae "$2"
}

# Every readable byte of a process.
memory_of() {
	perl -e '
		open my $maps, "<", "/proc/$ARGV[0]/maps" or die;
		open my $mem, "<:raw", "/proc/$ARGV[0]/mem" or die;
		while (<$maps>) {
			/^(\w+)-(\w+) r/ && !/\[v/ or next;
			my ($from, $to) = (hex $1, hex $2);
			sysseek($mem, $from, 0);
			sysread($mem, my $bytes, $to - $from);
			print $bytes;
		}' "$1"
}

@test "the scan of the memory finds what is there" {
	need_static
	begin -- sleep 1000
	await child_of "$KP"
	holds_in_memory "$KP" 'is missing'
}

@test "the service's environment has what it should and no more" {
	run --separate-stderr env -i PATH="$PATH" A=1 AB=2 B=3 \
	    KEYPLATE_QUIET=yes "$KEYPLATE" run env
	is all "$(sort <<<"$output")" "A=1
AB=2
B=3
PATH=$PATH"
	run --separate-stderr env -i A=1 AB=2 B=3 "$KEYPLATE" run \
	    --drop-env 'A*' env
	is dropped "$output" B=3
	run --separate-stderr env -i A=1 AB=2 B=3 "$KEYPLATE" run \
	    --keep-env 'A*' --drop-env AB env
	is kept "$output" A=1
	run --separate-stderr env -i A=1 B=3 "$KEYPLATE" run --pristine \
	    --export C=4 --keep-env B env
	is pristine "$(sort <<<"$output")" $'B=3\nC=4'
	run --separate-stderr env -i A=1 "$KEYPLATE" run --pristine env
	is empty "$output" ''
	run --separate-stderr env -i A=1 "$KEYPLATE" run --export A=2 env
	is replaced "$output" A=2
}

@test "HOME, USER and LOGNAME follow the user" {
	need_root
	make_accounts
	HOME=/x USER=x LOGNAME=x with_accounts --user games -- \
	    sh -c 'echo $HOME $USER $LOGNAME'
	is all "$output" '/usr/games games games'
	run --separate-stderr env -u USER -u LOGNAME HOME=/x "$KEYPLATE" run \
	    --user nobody -- sh -c 'echo ${USER-none} ${LOGNAME-none}'
	is 'not set before' "$output" 'none none'
	HOME=/x keyplate --user nobody --keep-home -- sh -c 'echo $HOME'
	is kept "$output" /x
	keyplate --user nobody --export HOME=/y -- sh -c 'echo $HOME'
	is exported "$output" /y
}

@test "in place nothing of keyplate is left" {
	begin --exec -- sh -c 'echo $$; ulimit -a; umask; exec "$0" log log' \
	    "$PROBE"
	await told log ready
	is pid "$(head -n 1 out)" "$KP"
	is 'limits and umask' "$(tail -n +2 out)" "$(sh -c 'ulimit -a; umask')"
	is children "$(children_of "$KP")" ''
	is directory "$(readlink "/proc/$KP/cwd")" "$PWD"
}

@test "in place the service has what it would have without keyplate" {
	mkdir secrets
	echo word >secrets/word
	echo '${secret:word}' >word.tmpl
	# A file that is verified takes a process, which is gone by then.
	printf '[file f]\npath = %s/word\nsource = %s/word.tmpl\n%s\n' \
	    "$PWD" "$PWD" 'verify = test -s {}' >rules
	keyplate --exec --config rules --secrets "$PWD/secrets" \
	    "$PROBE" traits
	ended 0
	is traits "$output" "$("$PROBE" traits)"
	is 'the file' "$(cat word)" word
}

@test "no descriptor of a secret, a file or a lock is the service's" {
	local mode want

	mkdir secrets
	echo word >secrets/word
	echo '${secret:word}' >word.tmpl
	want=$("$PROBE" fds 3>&- 7<word.tmpl)
	for mode in --linger=3s --exec; do
		is "$mode" "$("$KEYPLATE" run "$mode" \
		    --secrets "$PWD/secrets" --export 'W=${secret:word}' \
		    --format text --template word.tmpl:word -- \
		    "$PROBE" fds 3>&- 7<word.tmpl)" "$want"
	done
}

@test "limits, umask, niceness and directory are the service's as they were" {
	local script='ulimit -a; ulimit -Ha; umask; pwd; nice'

	keyplate -- bash -c "ulimit -c 1234; umask 0027; nice -n 3 \
	    '$KEYPLATE' run -- bash -c '$script'"
	is all "$output" \
	    "$(bash -c "ulimit -c 1234; umask 0027; nice -n 3 bash -c '$script'")"
}

@test "--oom-score-adj is the service's alone" {
	keyplate --oom-score-adj 500 -- sh -c '
		cat /proc/self/oom_score_adj /proc/$PPID/oom_score_adj'
	is scores "$output" "500
$(cat /proc/self/oom_score_adj)"
	KEYPLATE_OOM_SCORE_ADJ=400 keyplate -- cat /proc/self/oom_score_adj
	ended 0
	is 'by a variable' "$output" 400
	need_root
	need setpriv
	run --separate-stderr setpriv --reuid 54321 --clear-groups \
	    "$KEYPLATE" run --oom-score-adj 500 cat /proc/self/oom_score_adj
	is 'without privileges' "$output" 500
	# Only root may make a process safer than it was.
	run --separate-stderr setpriv --reuid 54321 --clear-groups \
	    "$KEYPLATE" run --oom-score-adj -999 cat /proc/self/oom_score_adj
	ended 125
	is output "$output" ''
	said '/proc/self/oom_score_adj: cannot write: Permission denied'
}

@test "a reader of standard error that is gone or asleep does no harm" {
	mkfifo pipe
	# shellcheck disable=SC2094 # it is to be full
	exec 7<>pipe 8>pipe
	dd if=/dev/zero of=/dev/fd/8 bs=65536 count=1 oflag=nonblock 2>/dev/null
	"$KEYPLATE" run --log-reaped -- sh -c \
	    '"$0" orphans 100 0; echo up; exec sleep 1000' "$PROBE" \
	    >out 2>&8 3>&- 7>&- &
	KP=$!
	await told out up
	kill -TERM "$KP"
	end
	ended 143
	exec 7>&- 8>&-
	run sh -c '{ "$0" run --log-reaped -- "$1" orphans 100 6
		echo $? >code; } 2>&1 | true' "$KEYPLATE" "$PROBE"
	is status "$(cat code)" 6
}

@test "without /proc, /etc and /dev keyplate works" {
	need_root
	need_static
	mkdir root
	cp "$KEYPLATE" root/keyplate
	run --separate-stderr chroot root /keyplate run --user 54321:54321 \
	    /keyplate run -- /keyplate --version
	ended 0
	run --separate-stderr chroot root /keyplate run --user app true
	ended 125
}

@test "keyplate and a static service need nothing else" {
	need_root
	need_static
	need_namespaces
	mkdir -p root/run/secrets root/etc
	cp "$KEYPLATE" root/keyplate
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O1 -static -o root/service \
	    "$BATS_TEST_DIRNAME/probe.c" -lutil 2>/dev/null ||
		skip 'needs a static C library'
	printf 'word\n' >root/run/secrets/key
	printf 'key = ${secret:key}\n' >root/etc/service.tmpl
	unshare --pid --fork --kill-child -- chroot root /keyplate run \
	    --template /etc/service.tmpl:/etc/service.ini -- \
	    /service log /log >out 2>err 3>&- &
	NS=$!
	await child_of "$NS"
	KP=$(child_of "$NS")
	await told root/log ready
	is 'the file' "$(cat root/etc/service.ini)" 'key = word'
	kill -USR1 "$KP"
	await told root/log 10
	kill -KILL "$(child_of "$KP")"
	end
	ended 137
	is said "$(cat err)" ''
}

@test "a service of another machine runs under qemu" {
	local machine=aarch64

	[ "$(uname -m)" != aarch64 ] || machine=x86_64
	need "$machine-linux-gnu-gcc"
	need "qemu-$machine"
	"$machine-linux-gnu-gcc" -std=c11 -D_GNU_SOURCE -O1 -static \
	    -o service "$BATS_TEST_DIRNAME/probe.c" -lutil 2>/dev/null
	gives 6 "$KEYPLATE" run -- "qemu-$machine" service orphans 3 6
	begin -- "qemu-$machine" service fds
	end
	ended 0
}

@test "a root directory that is read-only is enough" {
	need_root
	need_static
	run --separate-stderr unshare --mount sh -c '
		mount --bind / /mnt && mount -o remount,ro,bind /mnt &&
		exec chroot /mnt "$@"' - "$KEYPLATE" run -- sh -c 'exit 6'
	ended 6
}
