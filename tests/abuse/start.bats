#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# start - a hostile or a poor world around the start of keyplate and of the
# service.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load abuse.sh

# A command that is not found is what some tests are about.
export BATS_WARNING_FILE=/dev/null

# A template and its rendered text.
make_template() {
	printf 'a: ${secret:user}\n' >a.tmpl
	printf 'a: operator\n' >want
}

@test "every error of an exec is told, and nothing else is started" {
	local error mode

	need_trace
	for error in E2BIG EACCES EAGAIN EFAULT EINVAL EIO EISDIR ELIBBAD \
	    ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOEXEC ENOMEM ENOTDIR \
	    EPERM ETXTBSY; do
		for mode in --linger=3s --exec; do
			run --separate-stderr timeout 20 strace -f -qq \
			    -o trace -e trace=execve \
			    -e "inject=execve:error=$error" \
			    "$KEYPLATE" run "$mode" /bin/touch started
			grep -q INJECTED trace
			case $error in
			ENOENT) ended 127 ;;
			*) ended 126 ;;
			esac
			complains /bin/touch
			[ ! -e started ]
		done
	done
}

@test "with its standard descriptors closed it writes the same files" {
	local closed

	make_template
	for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' \
	    '<&- >&- 2>&-'; do
		rm -f a.yaml b.yaml
		run sh -c '"$1" render -v -v --allow-missing a.tmpl:a.yaml '"$closed" \
		    sh "$KEYPLATE"
		ended 0
		cmp a.yaml want
		# With a message, and standard output for the text.
		printf 'b: ${secret:none}\n' >b.tmpl
		run sh -c '"$1" render a.tmpl:a.yaml b.tmpl:b.yaml '"$closed" \
		    sh "$KEYPLATE"
		ended 1
		cmp a.yaml want
		[ ! -e b.yaml ]
		run sh -c '"$1" render a.tmpl a.tmpl:a.yaml '"$closed" \
		    sh "$KEYPLATE"
		cmp a.yaml want
	done
	holds_only . a.tmpl a.yaml b.tmpl secrets want
}

@test "descriptors of the runtime reach the service, in both modes" {
	local mode

	bash -c 'exec 7<secrets/user 9>/dev/null; ls /proc/self/fd' 3>&- >want
	for mode in --linger=3s --exec; do
		bash -c 'exec 7<secrets/user 9>/dev/null; exec "$@"' - \
		    "$KEYPLATE" run "$mode" -- ls /proc/self/fd 3>&- >found
		diff want found
	done
}

@test "root without any capability renders its own files" {
	need_root
	need setpriv
	make_template
	printf 'a: old\n' >a.yaml
	chmod 0640 a.yaml
	run --separate-stderr setpriv --bounding-set=-all --inh-caps=-all \
	    "$KEYPLATE" render a.tmpl:a.yaml a.tmpl:b.yaml
	ended 0
	cmp a.yaml want
	cmp b.yaml want
	is modes "$(stat -c %a a.yaml b.yaml)" $'640\n600'
}

@test "with a small stack the service runs as with any other" {
	local limit

	need_static
	make_template
	for limit in 131072 262144; do
		run --separate-stderr prlimit --stack="$limit" "$KEYPLATE" run \
		    -t a.tmpl:a.yaml -- sh -c 'echo "$0"; exit 7' started
		ended 7
		is output "$output" started
		is messages "$stderr" ''
		cmp a.yaml want
	done
}

@test "a user that nobody knows, in the group of root, without a home" {
	local mode

	need_root
	need setpriv
	make_template
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	chmod 0770 .
	cp "$KEYPLATE" here
	for mode in --linger=3s --exec; do
		rm -f a.yaml
		run --separate-stderr setpriv --reuid 1234567 --regid 0 \
		    --clear-groups env -i PATH="$PATH" ./here run "$mode" \
		    -s secrets -t a.tmpl:a.yaml -- sh -c 'id -u; cat a.yaml'
		ended 0
		is output "$output" $'1234567\na: operator'
		is 'standard error' "$stderr" ''
	done
}

# The paths that are opened or asked for, in order, but for temporary names.
opened() {
	sed -nE 's/^[a-z0-9_]+\([^"]*"([^"]*)".*/\1/p' "$1" |
		sed -E 's/^\.keyplate-[0-9a-f]{16}$/TEMPORARY/'
}

@test "variables of loaders, allocators and locales change nothing" {
	need_static
	need_trace
	make_template
	mkdir plain odd
	run --separate-stderr env -i KEYPLATE_SECRETS=secrets \
	    strace -o trace.plain -e trace=%file "$KEYPLATE" render a.tmpl:plain/a
	ended 0
	run --separate-stderr env -i KEYPLATE_SECRETS=secrets \
	    strace -o trace.odd -e trace=%file \
	    -E LD_PRELOAD=/nowhere/x.so -E LD_LIBRARY_PATH=/nowhere \
	    -E LD_AUDIT=/nowhere/x.so -E LD_DEBUG=all -E LD_BIND_NOW=1 \
	    -E LD_PROFILE=x -E LD_SHOW_AUXV=1 \
	    -E MALLOC_PERTURB_=165 -E MALLOC_CHECK_=3 \
	    -E MALLOC_TRACE=traced -E GLIBC_TUNABLES=glibc.malloc.check=3 \
	    -E LC_ALL=tr_TR.UTF-8 -E LANG=de_DE -E LOCPATH=/nowhere \
	    -E NLSPATH=/nowhere/%N -E LANGUAGE=de -E GCONV_PATH=/nowhere \
	    -E TMPDIR=/nowhere -E HOME=/nowhere -E POSIXLY_CORRECT=1 \
	    -E RES_OPTIONS=debug -E HOSTALIASES=/nowhere -E TZ=:/nowhere \
	    -E GETCONF_DIR=/nowhere -E LIBC_FATAL_STDERR_=1 \
	    "$KEYPLATE" render a.tmpl:odd/a
	ended 0
	is 'standard error' "$stderr" ''
	cmp plain/a odd/a
	[ ! -e traced ]
	diff <(opened trace.plain | tail -n +2) \
	    <(opened trace.odd | tail -n +2 | sed 's,^odd/,plain/,')
}

@test "it opens no file but those that it is about" {
	need_trace
	need_static
	make_template
	chmod 0755 .
	run --separate-stderr strace -o trace -e trace=open,openat,openat2,creat \
	    "$KEYPLATE" render a.tmpl:a.yaml
	ended 0
	is opened "$(opened trace | LC_ALL=C sort -u | tr '\n' ' ')" \
	    "$(printf '%s\n' . ..data TEMPORARY a.tmpl user "$PWD/secrets" |
		LC_ALL=C sort | tr '\n' ' ')"
	run --separate-stderr strace -o trace -e trace=open,openat,openat2,creat \
	    "$KEYPLATE" run --exec --user 54321:54321 -- /no/such/command
	ended 127
	is 'with a user' "$(opened trace | LC_ALL=C sort -u | tr '\n' ' ')" \
	    "$(printf '%s\n' ..data /etc/group /etc/passwd /no/such/command \
		"$PWD/secrets" | LC_ALL=C sort | tr '\n' ' ')"
}

@test "without random numbers from the kernel it writes the same files" {
	local error

	need_trace
	make_template
	for error in ENOSYS EPERM; do
		rm -f a.yaml b
		run --separate-stderr strace -o trace -e trace=getrandom \
		    -e "inject=getrandom:error=$error" "$KEYPLATE" render \
		    a.tmpl:a.yaml a.tmpl:b
		ended 0
		is 'standard error' "$stderr" ''
		grep -q ', 0) .*INJECTED' trace
		cmp a.yaml want
		cmp b want
	done
	# Nor do many interruptions matter.
	rm a.yaml b
	run --separate-stderr strace -o trace -e trace=getrandom \
	    -e 'inject=getrandom:error=EINTR:when=1..50' "$KEYPLATE" render \
	    a.tmpl:a.yaml a.tmpl:b
	ended 0
	cmp a.yaml want
	cmp b want
}

@test "random numbers that are none are a failure" {
	local how

	need_trace
	make_template
	for how in error=EIO error=EINTR retval=0; do
		run --separate-stderr strace -o trace -e trace=getrandom \
		    -e "inject=getrandom:$how" "$KEYPLATE" run \
		    -t a.tmpl:a.yaml -- touch started
		ended 125
		complains 'cannot get random numbers: '
	done
	holds_only . a.tmpl secrets trace want
}

@test "users and groups that cannot be read start no service" {
	local file mode

	need_root
	need_mounts
	for file in /etc/passwd /etc/group; do
		for mode in --linger=3s --exec; do
			mounted 'mount -t tmpfs none /etc
				mkdir "$1"
				exec "$KEYPLATE" run "$0" --user 5:6 \
				    -- /bin/touch started' "$mode" "$file"
			ended 125
			complains "$file: cannot read: Is a directory"
		done
	done
	truncate -s 100M huge
	mounted 'mount --bind huge /etc/group
		exec "$KEYPLATE" run --user 5:6 -- /bin/touch started'
	ended 125
	complains '/etc/group: cannot read: File too large'
	[ ! -e started ]
}
