#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# outputs - places that are full, closed, shared, mounted or prepared by
# somebody else: what is there stays or is new as a whole, and nobody sees
# more than before.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0
load abuse.sh

teardown() {
	[ -z "${OTHER-}" ] || {
		kill -9 "$OTHER"
		wait "$OTHER"
	} 2>/dev/null || true
}

# Some user and group that nobody is.
STRANGER=54321

template() {
	printf '${secret:user}' >a.tmpl
	mkdir out
	chmod 0755 . "$BATS_RUN_TMPDIR" out
}

old() {
	printf 'old' >out/a
}

# EDQUOT, as each C library says it.
words_of_quota() {
	case ${LIBC-glibc} in
	musl) echo 'Quota exceeded' ;;
	*) echo 'Disk quota exceeded' ;;
	esac
}

# The old file is there, alone, and the message names it.
old_stays() {
	ended 1
	complains 'out/a'
	[ -z "${1-}" ] || complains "$1"
	holds out/a old
	holds_only out a
}

# --- who may read ---

need_acl() {
	need setfacl getfacl
	setfacl -m u:$STRANGER:r out/a 2>/dev/null || skip 'needs ACLs'
}

acl() {
	getfacl -cpnE "$1" | xargs
}

@test "a replaced file keeps its ACL, and what it keeps the group from" {
	template
	old
	chmod 0600 out/a
	need_acl
	setfacl -m u:$((STRANGER + 1)):--- out/a
	local before
	before=$(acl out/a)
	keyplate render a.tmpl:out/a
	ended 0
	holds out/a operator
	is 'its ACL' "$(acl out/a)" "$before"
	is 'its ACL' "$before" "user::rw- user:$STRANGER:r-- \
user:$((STRANGER + 1)):--- group::--- mask::r-- other::---"
}

@test "with a mode that is asked for, the mode is all that counts" {
	template
	old
	need_acl
	keyplate render --mode 0640 a.tmpl:out/a
	ended 0
	is 'its ACL' "$(acl out/a)" 'user::rw- group::r-- other::---'
}

@test "an ACL that cannot be seen opens the file to nobody" {
	need_root
	template
	old
	need_acl
	chown 0:$STRANGER out/a
	chmod 0640 out/a
	setfacl -m g::---,u:$STRANGER:---,u:1:r out/a
	chown $STRANGER out
	chmod 0700 out
	chmod 0644 secrets/user a.tmpl
	run --separate-stderr setpriv --reuid=$STRANGER --regid=$STRANGER \
	    --clear-groups "$KEYPLATE" render a.tmpl:out/a
	ended 0
	is 'mode and owner' "$(stat -c '%a %u %g' out/a)" \
	    "600 $STRANGER $STRANGER"
}

@test "a file that cannot be given away is not written, and why is said" {
	need_root
	need setpriv
	template
	old
	chmod 0777 out
	chmod 0644 secrets/user a.tmpl
	printf '[file a]\npath = out/a\nsource = a.tmpl\nowner = 1:1\n' >rules
	run --separate-stderr setpriv --reuid=$STRANGER --regid=$STRANGER \
	    --clear-groups "$KEYPLATE" render -c rules
	ended 1
	complains 'out/a: cannot have this owner and mode: '
	complains 'takes root with the capability CHOWN'
	holds out/a old
	holds_only out a
}

@test "a group that cannot be kept takes what an ACL gives with it" {
	need_trace
	template
	old
	chmod 0664 out/a
	need_acl
	chown $STRANGER out
	chmod 0644 secrets/user a.tmpl
	strace -f -xx -o trace -e trace=fsetxattr setpriv --reuid=$STRANGER \
	    --regid=$STRANGER --clear-groups "$KEYPLATE" render a.tmpl:out/a
	is 'its ACL' "$(acl out/a)" \
	    "user::rw- user:$STRANGER:r-- group::rw- mask::--- other::r--"
	# Nor for a moment: the entry of the mask has no permissions at all.
	grep -qF '\x10\x00\x00\x00' trace
}

@test "a default ACL of the directory gives nobody access" {
	template
	old
	need_acl
	rm out/a
	setfacl -d -m u:$STRANGER:rwx,g::rwx,m::rwx out
	for mode in '' --mode=0640; do
		keyplate render $mode a.tmpl:out/a
		ended 0
		[[ "$(acl out/a)" != *"$STRANGER"* ]]
	done
	is 'its ACL' "$(acl out/a)" 'user::rw- group::r-- other::---'
}

@test "attributes of the user are kept, capabilities are not" {
	need getfattr setfattr
	template
	old
	setfattr -n user.origin -v 'some words' out/a 2>/dev/null ||
	    skip 'needs extended attributes'
	setfattr -n user.empty out/a
	if [ "$(id -u)" = 0 ] && command -v setcap >/dev/null; then
		setcap cap_net_raw+ep out/a
	fi
	keyplate render a.tmpl:out/a
	ended 0
	is attributes "$(getfattr -d -m - out/a | grep '=' | xargs)" \
	    'user.empty= user.origin=some words'
}

@test "no mode and owner of before gets wider" {
	need_root
	template
	for mode in 0000 0400 0600 0640 0604 0664 4755 2755 1777; do
		for owner in 0:0 0:$STRANGER $STRANGER:$STRANGER; do
			rm -f out/a
			old
			chown "$owner" out/a
			chmod "$mode" out/a
			keyplate render a.tmpl:out/a
			ended 0
			is "mode and owner of $mode $owner" \
			    "$(stat -c '0%03a %u:%g' out/a)" "$(printf \
			        '0%03o %s' $((0$mode & 0777)) "$owner")"
		done
	done
}

@test "no file is ever made or changed to what others can read" {
	need_trace
	template
	old
	chmod 0600 out/a
	for umask in 000 022 777; do
		(umask "$umask" && strace -f -o trace \
		    -e trace=file,desc,fchmod,fchown \
		    "$KEYPLATE" render a.tmpl:out/a a.tmpl:out/new)
		rm out/new
		printf 'old' >out/a
		is 'files that were made' "$(grep -c O_CREAT trace)" \
		    "$(grep -c 'O_CREAT.*, 0600) = ' trace)"
		run grep -E '^[0-9]+ +(chmod|fchmod|fchmodat)\(' trace
		[ "$status" = 0 ]
		[[ $(grep -vc ', 0600)' <<<"$output") = 0 ]]
	done
}

@test "nobody who looks all the time sees a part, or an open file" {
	need_trace
	need python3
	template
	head -c 300000 /dev/zero | tr '\0' x >secrets/long
	printf '${secret:long}' >a.tmpl
	mkdir seen
	head -c 200000 /dev/zero | tr '\0' y >seen/out
	cp seen/out before
	cp secrets/long after
	chmod 0600 seen/out
	python3 "$BATS_TEST_DIRNAME/watch.py" seen 600 before after \
	    >said 2>ready &
	OTHER=$!
	for _ in {1..500}; do
		! grep -q watching ready || break
		read -rt 0.01 <> <(:) || true
	done
	strace -o /dev/null -e trace=file,desc,fchmod,fchown \
	    -e inject=file,desc,fchmod,fchown:delay_exit=3000 \
	    "$KEYPLATE" render a.tmpl:seen/out
	cmp seen/out after
	mv seen gone
	wait "$OTHER"
	OTHER=''
	is 'what was seen' "$(cat said)" ''
}

# --- what somebody has prepared ---

@test "a temporary name that is taken is neither followed nor fatal" {
	need_trace
	template
	old
	printf 'mine' >mine
	# The first name that is tried turns out to be taken.
	strace -o trace -e trace=openat "$KEYPLATE" render a.tmpl:out/a
	local at
	at=$(grep -n O_EXCL trace | head -n 1)
	[ -n "$at" ]
	printf 'old' >out/a
	strace -o trace -e trace=openat \
	    -e inject=openat:error=EEXIST:when="${at%%:*}" \
	    "$KEYPLATE" render a.tmpl:out/a
	holds out/a operator
	printf 'old' >out/a
	ln -s ../mine out/.keyplate-0123456789abcdef
	keyplate render a.tmpl:out/a
	ended 0
	holds mine mine
	holds out/a operator
	holds_only out .keyplate-0123456789abcdef a
}

@test "a working directory that is gone harms nothing" {
	template
	mkdir gone
	run --separate-stderr bash -c 'cd gone && rmdir "$PWD" &&
		exec "$0" render "$1/a.tmpl:$1/out/a"' "$KEYPLATE" "$PWD"
	ended 0
	holds out/a operator
}

@test "in place: another secret, the same template, and no way back lost" {
	template
	printf 'user=${secret:user}' >out/a
	keyplate render --template out/a
	ended 0
	holds out/a 'user=operator'
	is 'the mode of the sealed copy' "$(stat -c %a out/a.keyplate)" 600
	printf 'another\n' >secrets/user
	keyplate run --template out/a -- cat out/a
	ended 0
	is 'what the service reads' "$output" 'user=another'
	rm out/a.keyplate
	keyplate run --template out/a -- cat out/a
	ended 125
	complains 'out/a has no placeholder'
	holds out/a 'user=another'
	holds_only out a
}

# --- where there is no room ---

@test "a full file system keeps the old file" {
	need_root
	need_mounts
	template
	head -c 200000 /dev/zero | tr '\0' x >secrets/user
	mounted 'mount -t tmpfs -o size=64k none out
		printf old >out/a
		status=0
		"$KEYPLATE" render a.tmpl:out/a || status=$?
		cat out/a; ls -A out; exit "$status"'
	ended 1
	complains 'out/a: cannot be written: No space left on device'
	is 'the old file' "$output" olda
}

@test "a file system without a free inode keeps the old file" {
	need_root
	need_mounts
	template
	mounted 'mount -t tmpfs -o nr_inodes=2 none out
		printf old >out/a
		status=0
		"$KEYPLATE" render a.tmpl:out/a || status=$?
		cat out/a; ls -A out; exit "$status"'
	ended 1
	complains 'out/a: cannot make a file beside it: No space left'
	is 'the old file' "$output" olda
}

@test "a quota that is used up keeps the old file, at each call" {
	need_trace
	template
	for call in pwrite64 fallocate fsync ftruncate; do
		for option in --mode=0600 --in-place; do
			old
			run --separate-stderr strace -o trace -e "trace=$call" \
			    -e "inject=$call:error=EDQUOT:when=1" "$KEYPLATE" \
			    render $option a.tmpl:out/a
			# A file that is made anew needs no room before.
			if grep -q INJECTED trace; then
				old_stays "$(words_of_quota)"
			fi
		done
	done
	grep -q INJECTED trace
}

@test "a quota of btrfs that is used up keeps the old file" {
	need_root
	need_mounts
	need mkfs.btrfs btrfs
	template
	head -c 200000 /dev/zero | tr '\0' x >secrets/user
	truncate -s 120M disk
	mkfs.btrfs -q disk
	mounted 'mount -o loop disk out && btrfs quota enable out || exit 77
		btrfs subvolume create out/sub >said
		printf old >out/sub/a
		btrfs qgroup limit 100k out/sub
		for option in --mode=0600 --in-place; do
			status=0
			"$KEYPLATE" render "$option" a.tmpl:out/sub/a ||
			    status=$?
			cat out/sub/a; ls -A out/sub
		done
		exit "$status"'
	[ "$status" != 77 ] || skip 'needs loop devices, and btrfs'
	ended 1
	complains "out/sub/a: cannot be written: $(words_of_quota)"
	complains "out/sub/a: cannot be written in place: $(words_of_quota)"
	is 'the old file' "$output" $'olda\nolda'
}

@test "a limit of the size of files is a refusal, not a death" {
	need_static
	template
	old
	head -c 100000 /dev/zero | tr '\0' x >secrets/user
	for option in --mode=0600 --in-place; do
		run --separate-stderr bash -c 'ulimit -f 32
			exec "$@"' - "$KEYPLATE" render $option a.tmpl:out/a
		old_stays 'File too large'
	done
}

# Keyplate with 64 KiB of stack and $1 KiB of memory.
limited() {
	bash -c 'ulimit -c 0 -s 64 -v "$1"
		shift; exec "$@"' - "$1" "$KEYPLATE" "${@:2}"
}

@test "tiny limits of stack and memory: all of it, or nothing" {
	need_static
	template
	head -c 300000 /dev/zero | tr '\0' x >secrets/user
	local whole=0
	for kib in 2500 3000 3500 4000 4500 5000 6000 8000 10000 20000; do
		limited "$kib" --version >version 2>&1 || continue
		old
		run --separate-stderr limited "$kib" render a.tmpl:out/a
		if [ "$status" = 0 ]; then
			cmp out/a secrets/user
			whole=$((whole + 1))
		else
			ended 1
			[ -n "$stderr" ]
			holds out/a old
		fi
		holds_only out a
	done
	[ "$whole" -gt 0 ]
}

# --- where it may not be written ---

@test "a directory that is mounted read-only" {
	need_root
	need_mounts
	template
	old
	mounted 'mount --bind out out
		mount -o remount,ro,bind out
		exec "$KEYPLATE" render a.tmpl:out/a'
	old_stays 'cannot make a file beside it: Read-only file system'
}

@test "a single file that is mounted is written in place, which is said" {
	need_root
	need_mounts
	template
	old
	printf 'outside' >mounted
	chmod 0644 mounted
	local inode
	inode=$(stat -c '%i %a' mounted)
	mounted 'mount --bind mounted out/a
		"$KEYPLATE" render a.tmpl:out/a; ls -A out'
	ended 0
	complains 'written in place'
	holds mounted operator
	is 'inode and mode' "$(stat -c '%i %a' mounted)" "$inode"
	is 'what is beside it' "$output" a
}

@test "a single file that is mounted read-only is refused, and fine if right" {
	need_root
	need_mounts
	template
	old
	printf 'outside' >mounted
	printf 'operator' >right
	: >out/right
	mounted 'mount --bind mounted out/a
		mount -o remount,ro,bind out/a
		mount --bind right out/right
		mount -o remount,ro,bind out/right
		"$KEYPLATE" render a.tmpl:out/right
		exec "$KEYPLATE" render a.tmpl:out/a'
	ended 1
	complains 'out/a: cannot be written in place: Read-only file system'
	holds mounted outside
	holds_only out a right
}

@test "of two files, one of them mounted read-only, none is changed" {
	need_root
	need_mounts
	template
	old
	printf 'old' >out/b
	mounted 'mount --bind a.tmpl out/b
		mount -o remount,ro,bind out/b
		exec "$KEYPLATE" render a.tmpl:out/a a.tmpl:out/b'
	ended 1
	holds out/a old
	holds_only out a b
}

@test "a file of an image's lower layer is replaced in the upper one" {
	need_root
	need_mounts
	template
	mkdir lower
	printf 'old' >lower/a
	chmod 0640 lower/a
	chown 0:$STRANGER lower/a
	mounted 'mkdir tmp; mount -t tmpfs none tmp; mkdir tmp/upper tmp/work
		mount -t overlay -o \
		    lowerdir=lower,upperdir=tmp/upper,workdir=tmp/work \
		    none out || exit 77
		"$KEYPLATE" render a.tmpl:out/a
		"$KEYPLATE" render a.tmpl:out/new
		cat out/a out/new; stat -c " %a %g" out/a; ls -A tmp/upper'
	[ "$status" != 77 ] || skip 'needs overlay'
	ended 0
	is 'what is there' "$output" "operatoroperator 640 $STRANGER
a
new"
	holds lower/a old
}

@test "a user that may not write there is told, and nothing changes" {
	need_root
	template
	old
	chmod 0644 secrets/user out/a a.tmpl
	run --separate-stderr setpriv --reuid=$STRANGER --regid=$STRANGER \
	    --clear-groups "$KEYPLATE" render a.tmpl:out/a
	old_stays 'Permission denied'
	run --separate-stderr setpriv --reuid=$STRANGER --regid=$STRANGER \
	    --clear-groups "$KEYPLATE" render --in-place a.tmpl:out/a
	old_stays 'Permission denied'
}

# So many files have changed places with their temporary ones.
exchanged() {
	[ -e trace ] && [ "$(grep -c 'RENAME_EXCHANGE) *= 0' trace)" -ge "$1" ]
}

@test "a run that fails takes back nothing that another has put there" {
	local end=$((SECONDS + 20))

	need_trace
	template
	old
	echo old >out/b
	strace -o trace -e trace=renameat2 \
	    -e inject=renameat2:error=EIO:delay_enter=2000000:when=2 \
	    "$KEYPLATE" render a.tmpl:out/a a.tmpl:out/b >out1 2>err1 3>&- &
	OTHER=$!
	until exchanged 1; do
		[ "$SECONDS" -lt "$end" ]
		sleep 0.02
	done
	mkdir other
	printf 'newer' >other/user
	"$KEYPLATE" render --secrets other a.tmpl:out/a a.tmpl:out/b
	wait "$OTHER" || true
	OTHER=''
	grep -qE "cannot be replaced: (Input/output|I/O) error" err1
	is 'first' "$(cat out/a)" newer
	is 'second' "$(cat out/b)" newer
	is 'files' "$(ls -A out)" $'a\nb'
}

@test "nothing is written but beside the output" {
	need_trace
	template
	old
	strace -f -y -o trace "$KEYPLATE" render a.tmpl:out/a
	local writes='openat.*O_(WRONLY|RDWR|CREAT)|mkdir|symlink|mknod|link'
	writes+='|unlink|rename|chmod|chown|truncate|mount'
	run grep -E "^[0-9]+ +($writes)" trace
	ended 0
	is 'calls that write elsewhere' \
	    "$(grep -vc "<$PWD/out>" <<<"$output")" 0
}

@test "the bytes are on the disk before the name, the name before the end" {
	need_trace
	template
	old
	strace -o trace -e trace=pwrite64,write,fsync,rename,renameat,renameat2 \
	    "$KEYPLATE" render a.tmpl:out/a
	is 'the order' "$(sed -n 's/^\(pwrite64\|fsync\|rename\).*/\1/p' trace |
		uniq | xargs)" 'pwrite64 fsync rename fsync'
}

# --- calls that fail at a bad moment ---

@test "a link that cannot be read is not replaced" {
	need_trace
	template
	old
	ln -s a out/link
	run --separate-stderr strace -o trace -e trace=readlink,readlinkat \
	    -e inject=readlink,readlinkat:error=EIO "$KEYPLATE" render \
	    a.tmpl:out/link
	ended 1
	complains 'out/link: cannot read the symbolic link: '
	is 'the link' "$(readlink out/link)" a
	holds out/a old
	holds_only out a link
}

@test "in place, a file that cannot be put back is called damaged" {
	need_trace
	template
	old
	run --separate-stderr strace -o trace -e trace=ftruncate \
	    -e inject=ftruncate:error=EIO "$KEYPLATE" run --in-place \
	    -t a.tmpl:out/a -- touch started
	ended 125
	complains 'out/a: cannot be written in place: '
	complains 'cannot put the old contents back, the file is damaged'
	[ ! -e started ]
	holds_only out a
}

# Both files are there, alone, and hold $1.
both_hold() {
	holds out/a "$1"
	holds more/b "$1"
	holds_only out a
	holds_only more b
}

@test "open files that cannot be examined: all is old, or all is new" {
	local -a calls
	local option call said=''

	need_trace
	template
	mkdir more
	for option in --mode=0600 --in-place; do
		rm -f out/a more/b
		printf 'old' | tee more/b >out/a
		strace -y -o trace -e trace=%fstat "$KEYPLATE" render \
		    "$option" a.tmpl:out/a a.tmpl:more/b
		# Those of a loader, and those of names, are other matters;
		# strace counts the calls of each name.
		mapfile -t calls < <(awk -F '(' -v here="<$PWD/" '
			{ count[$1]++ }
			index($0, here) && />, ("",|\{)/ {
				print $1 ":error=EIO:when=" count[$1]
			}' trace)
		for call in "${calls[@]}"; do
			rm out/a more/b
			printf 'old' | tee more/b >out/a
			run --separate-stderr strace -o trace -e trace=%fstat \
			    -e "inject=$call" "$KEYPLATE" render "$option" \
			    a.tmpl:out/a a.tmpl:more/b
			grep -q INJECTED trace
			if [ "$status" = 0 ]; then
				both_hold operator
			else
				ended 1
				complains 'keyplate: '
				both_hold old
			fi
			said+=$stderr
		done
	done
	stderr=$said
	complains 'a.tmpl: cannot be read: '
	complains 'secrets/user cannot be read: '
	complains 'out/a: cannot open its directory: '
	complains 'out/a: cannot be examined: '
}
