#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# leaks - a canary among the secrets is where it belongs, and nowhere else.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load abuse.sh

CANARY=c4n4ry-in-the-m1ne
# The half of it is too much.
TRACE='c4n4ry|m1ne'

# "!" alone does not fail a test.
not() {
	! "$@"
}

# The secret "bird" is the canary, between what printf makes of $1 and $2.
cage() {
	# shellcheck disable=SC2059 # the format is the point
	printf "${1-}$CANARY${2-}" >secrets/bird
}

# Nothing of it was printed.
tells_nothing() {
	if grep -qaE "$TRACE" <<<"$output$stderr"; then
		printf 'told: %s\n%s\n' "$output" "$stderr"
		return 1
	fi
}

# Run keyplate twice, for messages as text and as JSON, telling all it may.
# The number of runs that complained goes up.
gossip() {
	local form

	for form in text json; do
		keyplate "$@" -v -v --log-format "$form"
		tells_nothing
		[ "$status" = 0 ] || complaints=$((complaints + 1))
	done
}

# A line for each format: a document with a place for a value.
places() {
	cat <<-'EOF'
		ini/grafana [s]\nk = @\n
		ini/mysql [s]\nk = @\n
		ini/php [s]\nk = "@"\n
		ini/python [s]\nk = @\n
		ini/systemd [s]\nk = @\n
		ini [s]\nk = @\n
		yaml a: @\n
		yaml a:\n  - |\n    @\n
		json {"a": "x@"}
		json [@]
		toml a = "@"\n
		toml a = @\n
		caddyfile a @\n
		env/compose A=@\n
		env/sh A=@\n
		env/systemd A=@\n
		env A=@\n
		properties a = @\n
		nginx a @;\n
		php <?php $a = '@';
		redis requirepass @\n
		xml <a b="@"/>
		xml <a>@</a>
		xml <@/>
	EOF
}

@test "no refusal of a value shows any of it" {
	local format document after complaints=0

	while read -r format document; do
		printf '%b' "${document//@/'$'{secret:bird\}}" >doc
		for after in '\0x' '\nx' '\r\nx' '\001x' '\377x' '\033[1mx' \
		    " x\"'\`x" ' ${DOMAIN} x' "\\\\" ']]>x' '\342\200\250x'; do
			cage "x$after" "$after"
			gossip render -f "$format" -o out doc
			gossip check -f "$format" doc
		done
	done < <(places)
	echo "$complaints complaints"
	[ "$complaints" -ge 100 ]
}

@test "no complaint about a filter or an operator shows a value" {
	local after filter complaints=0

	for after in '' '\nx' '\0'; do
		cage '' "$after"
		for filter in int bool number unbase64 'json(/a)' json \
		    'line(9)' 'line(x)' 'bcrypt(99)' 'quote(x)' 'indent(x)' \
		    'upper|int' 'base64|number' nosuch 'trim|nosuch' ':?gone' \
		    ':+${secret:none}' 'json(/a)|json(/b)'; do
			[[ $filter = :* ]] || filter="|$filter"
			printf '[s]\nk = ${secret:bird%s}\n' "$filter" >doc
			gossip render -f ini/python -o out doc
			BIRD=$CANARY
			export BIRD
			printf '[s]\nk = ${env:BIRD%s}\n' "$filter" >doc
			gossip check -f ini/python doc
			unset BIRD
		done
	done
	echo "$complaints complaints"
	[ "$complaints" -ge 50 ]
}

@test "a secret that was pasted into a placeholder is not shown" {
	local complaints=0 pasted

	for pasted in "$CANARY&x" "env:$CANARY horse" "secret:x|$CANARY" \
	    "secret:$CANARY/x" "file:$CANARY" "X|json($CANARY"; do
		printf 'a: ${%s}\n' "$pasted" >doc
		gossip check -f yaml doc
		gossip render -f yaml -o out doc
	done
	is complaints "$complaints" 24
}

@test "no complaint about a source shows a value" {
	local complaints=0

	cage
	printf 'a: ${BIRD} ${secret:none}\n' >doc
	BIRD=$CANARY BIRD_FILE=secrets/bird gossip check -f yaml doc
	BIRD_FILE=$CANARY gossip check -f json doc
	gossip check -f yaml --max 3 doc
	printf 'a: ${secret:bird}\nb: ${secret:burd}\n' >doc
	gossip check -f yaml --max 3 doc
	gossip check -f yaml doc
	for line in "BIRD=\"$CANARY" "BIRD $CANARY" "=$CANARY" \
	    "BIRD='$CANARY" "BIRD=\${$CANARY" "BIRD=$CANARY\\x\${$CANARY:?}"; do
		printf '%s\n' "$line" >settings
		gossip check -f yaml -e settings doc
	done
	cage 'x\0'
	printf 'plain text\n' >plain
	gossip run --export 'BIRD=${secret:bird}' -- true
	gossip run --expand-files --template plain:out -f text -- true
	BIRD_FILE=$PWD/secrets/bird gossip run --expand-files -- true
	BIRD_FILE=$PWD/secrets/bird BIRD=$CANARY gossip run --expand-files \
	    -- true
	echo "$complaints complaints"
	[ "$complaints" -ge 20 ]
}

# A target that has the canary of yesterday, and rules that set today's.
yesterday() {
	cage
	printf 'user: x\npass: %s-old\nlist: [x]\n' "$CANARY" >a.yaml
	cat >rules <<-'EOF'
		[file a]
		path = a.yaml
		[set pass]
		file = a
		key = pass
		value = ${secret:bird}
	EOF
	chmod 0600 a.yaml
}

@test "diff, explain and check show neither the old value nor the new one" {
	local complaints=0

	yesterday
	gossip diff -c rules
	[ "$complaints" = 2 ]
	[[ $output == *'pass:'* ]]
	gossip explain -c rules
	[[ $output == *secret:bird* ]]
	gossip explain --names -c rules
	gossip check -c rules
	gossip render --dry-run -c rules
	[ "$complaints" = 2 ]
}

@test "no complaint about a file that is edited shows what was in it" {
	local line complaints=0

	yesterday
	for line in "x: [$CANARY" "$CANARY" "x: '$CANARY" "x: *$CANARY" \
	    "pass: $CANARY" "x: $CANARY: $CANARY" "	$CANARY" \
	    "x: \"$CANARY\\$CANARY\""; do
		printf 'pass: %s\n%s\n' "$CANARY" "$line" >a.yaml
		gossip render -c rules
		gossip diff -c rules
	done
	echo "$complaints complaints"
	[ "$complaints" -ge 20 ]
}

@test "what a verify command prints is masked" {
	local complaints=0 form

	cage '"' "\\\\"
	printf 'a: "${secret:bird}"\n' >a.tmpl
	cat >verify <<-'EOF'
		cat "$1"
		printf '%s\n' "$(cat secrets/bird)" >&2
		sed 's/^/error in line: /' "$1"
		tr '\n' ' ' <"$1"
		exit 3
	EOF
	printf '[file a]\nsource = a.tmpl\npath = a.yaml\nverify = sh verify {}\n' \
	    >rules
	gossip render -c rules
	[ "$complaints" = 2 ]
	gossip run -c rules -- true
	[ "$complaints" = 4 ]
	complains 'error in line'
	[ ! -e a.yaml ]
}

@test "a verify command inherits no descriptor, and cannot read keyplate" {
	need_root
	need setpriv
	cage
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" .
	cp "$KEYPLATE" here
	printf 'a: ${secret:bird}\n' >a.tmpl
	cat >verify <<-'EOF'
		ls /proc/self/fd >seen.fds
		for what in environ mem maps fd/3 root/etc/passwd; do
			if cat /proc/$PPID/$what >>seen.bytes 2>>seen.errors
			then echo "$what" >>seen.open; fi
		done
		grep Cap /proc/$PPID/status >/dev/null && echo ran >>seen.ran
	EOF
	printf '[file a]\nsource = a.tmpl\npath = a.yaml\nverify = sh verify {}\n' \
	    >rules
	chown -R 54321:54321 .
	run --separate-stderr setpriv --reuid 54321 --regid 54321 \
	    --clear-groups ./here render -c rules
	ended 0
	is descriptors "$(cat seen.fds)" "$(ls /proc/self/fd)"
	is 'what ran' "$(cat seen.ran)" ran
	[ ! -e seen.open ]
	[ ! -s seen.bytes ]
	[ "$(wc -l <seen.errors)" -ge 5 ]
}

@test "from its file to its target: no other system call has the value" {
	need_trace
	cage '' '\n'
	printf 'a: ${secret:bird}\n' >a.tmpl
	run --separate-stderr strace -f -v -s 100000 -yy -o trace "$KEYPLATE" \
	    render a.tmpl:a.yaml
	ended 0
	flows trace
	is 'reads and writes' "$(grep -cE "$TRACE" trace)" 2

	printf 'a: x-%s\n' "$CANARY" >a.yaml
	run --separate-stderr strace -f -v -s 100000 -yy -o trace "$KEYPLATE" \
	    run -t a.tmpl:a.yaml --user 54321:54321 -- /bin/true
	ended 0
	flows trace
	run --separate-stderr strace -f -v -s 100000 -yy -o trace "$KEYPLATE" \
	    run -t a.tmpl:mem:a --export 'A=${secret:bird}' -- \
	    /bin/true '@{a}'
	ended 0
	# Asked for, and in the service's environment alone.
	is 'environments' "$(grep -cE "^[0-9]+ +execve.*A=$CANARY" trace)" 1
	grep -vE "^[0-9]+ +execve.*A=$CANARY" trace >rest
	flows rest
}

# A trace has the canary in reads of the secret or the target as it was, and in
# writes of the new target.
flows() {
	local odd

	grep -qE "$TRACE" "$1"
	odd=$(grep -E "$TRACE" "$1" | grep -vE \
	    -e ' read\([0-9]+<[^>]*/(secrets/bird|a\.yaml)>' \
	    -e ' pwrite64\([0-9]+<[^>]*/\.keyplate-[0-9a-f]{16}>' \
	    -e ' p?write(64)?\([0-9]+<[^>]*memfd:[^>]*>' \
	    ) || :
	is 'other calls' "$odd" ''
}

@test "a service has nothing that it was not given" {
	local way pid what

	need_root
	cage
	printf 'a: ${secret:bird}\n' >a.tmpl
	for way in --linger=3s --exec; do
		BIRD=$CANARY "$KEYPLATE" run "$way" -t a.tmpl:a.yaml \
		    --drop-env BIRD --export 'DONE=${secret:user}' \
		    -- sleep 1000 3>&- &
		pid=$!
		if [ "$way" != --exec ]; then
			await eval '[ -n "$(ps -o pid= --ppid $pid)" ]'
			pid=$(ps -o pid= --ppid $pid | tr -d ' ')
		fi
		await grep -qx sleep "/proc/$pid/comm"
		for what in environ cmdline maps comm; do
			not grep -qaE "$TRACE" "/proc/$pid/$what"
		done
		grep -qa 'DONE=operator' "/proc/$pid/environ"
		readlink "/proc/$pid/fd/"* >files
		grep -q . files
		not grep -E "^$PWD/(secrets|a\.)|memfd" files
		kill -KILL "$pid"
		wait || :
	done
}

@test "a crash after a secret was read leaves no core" {
	local maps number

	need_static
	need_trace
	cage
	ulimit -c unlimited || skip 'needs cores'
	# One that is not guarded leaves one: otherwise nothing is proved.
	bash -c 'kill -SEGV $$' || :
	compgen -G 'core*' >/dev/null || skip 'cores go elsewhere here'
	rm -f core*
	# A large value takes memory of its own, that the fault is in: the last
	# of it once the secret is read.
	head -c 400000 /dev/zero | tr '\0' x >secrets/large
	printf 'a: ${secret:bird}\nb: ${secret:large}\n' >big.tmpl
	strace -qq -o trace "$KEYPLATE" render big.tmpl:a.yaml
	maps=$(grep -c '^mmap' trace)
	[ "$maps" -ge 3 ]
	for number in $(seq "$maps"); do
		rm -f a.yaml
		run --separate-stderr strace -qq -o trace \
		    -e "inject=mmap:retval=4096:when=$number" \
		    "$KEYPLATE" render big.tmpl:a.yaml
		not compgen -G 'core*'
		tells_nothing
		# musl maps a page that nobody is to touch, and does not look.
		if grep -q 'PROT_NONE.*INJECTED' trace; then
			ended 0
		else
			ended 139
		fi
	done
	grep -q '"bird"' trace
}

@test "no temporary file and no target is open to others on its way" {
	need_trace
	cage
	printf 'a: ${secret:bird}\n' >a.tmpl
	mkdir dir
	for mask in 000 777; do
		rm -f dir/a.yaml
		run --separate-stderr bash -c 'umask "$0"; exec "$@"' "$mask" \
		    strace -qq -o trace -e trace=file,desc \
		    "$KEYPLATE" render a.tmpl:dir/a.yaml
		ended 0
		is "mode, umask $mask" "$(stat -c %a dir/a.yaml)" 600
		grep -q O_CREAT trace
		is 'made open' "$(grep O_CREAT trace | grep -v ' 0600)' || :)" ''
		is 'opened later' \
		    "$(grep chmod trace | grep -v ' 0600)' || :)" ''
	done
}
