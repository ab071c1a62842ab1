#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# watch - --watch: a changed secret reaches the service, nothing else does.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

bats_require_minimum_version 1.5.0
load ../pid1/pid1.sh

# What the service logs, and where what it reads is.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	chmod 0777 .
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	mkfifo never
	mkdir secrets
	echo first >secrets/word
	echo other >secrets/other
	echo 'word = ${secret:word}' >word.tmpl
	echo 'other = ${secret:other}' >other.tmpl
	KP='' NS=''
}

# Logs its start, each HUP and what the file is then.
SERVICE='
	trap "echo hup \$(cat word.conf) >>log" HUP
	trap "exit 7" TERM
	echo "start $$ $(cat word.conf) ${WORD-}" >>log
	while :; do read -r _ <>never; done'

# Start keyplate with the service; options first, as begin_as has them.
watch_as() {
	local as=$1

	shift
	begin_as "$as" --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    "$@" -- bash -c "$SERVICE"
	await grep -q start log
}

watch() {
	watch_as other "$@"
}

# The same beside a tracer, which tells when a look is over.
watch_looks() {
	strace -D -qq -o trace -e trace=rt_sigtimedwait \
	    "$KEYPLATE" run --secrets "$PWD/secrets" \
	    --template word.tmpl:word.conf "$@" -- bash -c "$SERVICE" \
	    >out 2>err 3>&- &
	KP=$!
	await grep -q start log
	await looks 1
}

# So many looks have ended: each is a child of keyplate that has.
looks() {
	[ "$(grep -c '= 17 (SIGCHLD)' trace)" -ge "$1" ]
}

# How many lines of the log have $1.
logged() {
	grep -c "^$1" log || :
}

# Put a new file in place of the other, as those do who know how.
replace() {
	printf '%s\n' "$2" >"$1.new"
	mv "$1.new" "$1"
}

# A volume of Kubernetes, its first generation and a way to the next.
project() {
	rm -rf secrets
	mkdir -p secrets/..1
	echo first >secrets/..1/word
	ln -s ..1 secrets/..data
	ln -s ..data/word secrets/word
}

next_generation() {
	mkdir "secrets/..$1"
	echo "$2" >"secrets/..$1/word"
	ln -s "..$1" secrets/..data_tmp
	mv -T secrets/..data_tmp secrets/..data
	rm -r "secrets/..$(($1 - 1))"
}

@test "a swap of ..data reaches the service by a signal, once each" {
	local as

	need_namespaces
	for as in first other; do
		rm -f log
		project
		watch_as "$as" --watch HUP
		next_generation 2 second
		await told log 'hup word = second'
		next_generation 3 third
		await told log 'hup word = third'
		is 'signals' "$(logged hup)" 2
		is 'starts' "$(logged start)" 1
		is 'said' "$(cat err)" ''
		is 'children' "$(children_of "$KP" | wc -l)" 1
		quit
	done
}

@test "a file that is replaced or written to is read again" {
	watch --watch=SIGHUP
	replace secrets/word second
	await told log 'hup word = second'
	echo third >secrets/word
	await told log 'hup word = third'
	rm secrets/word
	await grep -q 'no value for "word"' err
	echo fourth >secrets/word
	await told log 'hup word = fourth'
	is 'signals' "$(logged hup)" 3
}

@test "a directory that is replaced is found again" {
	watch --watch HUP
	mkdir next
	echo second >next/word
	mv secrets before
	mv next secrets
	await told log 'hup word = second'
	rm -r secrets
	await grep -q 'not been taken over' err
	mkdir secrets
	echo third >secrets/word
	await told log 'hup word = third'
}

@test "a secret that comes before the one that was read is taken" {
	mkdir before
	begin --secrets "$PWD/before:$PWD/secrets" --secrets "$PWD/before" \
	    --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch HUP -- bash -c "$SERVICE"
	await grep -q start log
	echo nearer >before/word
	await told log 'hup word = nearer'
}

@test "settings, files by name and links to elsewhere are watched" {
	mkdir far there
	echo far >there/file
	ln -s ../there/file far/link
	echo SETTING=one >settings
	echo named >far/named
	cat >word.tmpl <<-END
		setting = \${env:SETTING}
		file = \${file:$PWD/far/link}
		named = \${NAMED}
	END
	NAMED_FILE=$PWD/far/named watch --watch HUP --env-file settings
	replace settings SETTING=two
	await told word.conf 'setting = two'
	replace there/file near
	await told word.conf 'file = near'
	ln -s named far/link.new
	mv far/link.new far/link
	await told word.conf 'file = named'
	replace far/named other
	await told word.conf 'named = other'
	told word.conf 'file = other'
}

@test "a secret that changes during --wait is what the service starts with" {
	local log='echo "start $(cat word.conf) $WORD" >>log'

	need strace
	project
	strace -D -o trace -e trace=file,stat "$KEYPLATE" run \
	    --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --export 'WORD=${secret:word}' --wait "file:$PWD/ready" \
	    --watch HUP -- bash -c "$log; read -r _ <>never" >out 2>err 3>&- &
	KP=$!
	await grep -q '/ready"' trace
	next_generation 2 second
	touch ready
	await told log 'start word = second second'
	is 'said' "$(cat err)" ''
}

@test "what is gone after --wait is not what the service starts with" {
	printf '[export t]\nname = TOKEN\nvalue = ${secret:token}\noptional = yes\n' \
	    >rules
	printf 'stale ' >secrets/token
	need strace
	strace -D -o trace -e trace=file,stat "$KEYPLATE" run -c rules \
	    --secrets "$PWD/secrets" --wait "file:$PWD/ready" \
	    -t word.tmpl:mem:word -- \
	    bash -c 'echo "start ${TOKEN-none}" >>log; read -r _ <>never' \
	    >out 2>err 3>&- &
	KP=$!
	await grep -q '/ready"' trace
	rm secrets/token
	touch ready
	await told log 'start none'
	# Said once, though all has been looked at twice.
	is 'warnings' "$(grep -c 'no argument of COMMAND' err)" 1
}

@test "a hundred quick changes are few signals, and the last one counts" {
	local i

	watch --watch HUP
	for ((i = 1; i <= 100; i++)); do replace secrets/word "word$i"; done
	await told log 'hup word = word100'
	[ "$(logged hup)" -le 3 ]
}

@test "only what has changed is written" {
	local before

	watch --watch HUP --template other.tmpl:other.conf
	before=$(stat -c '%i %y' other.conf)
	replace secrets/word second
	await told log 'hup word = second'
	is 'the other file' "$(stat -c '%i %y' other.conf)" "$before"
	replace secrets/other another
	await told other.conf 'other = another'
}

@test "what another run has written already is told as well" {
	watch --watch HUP
	echo 'word = second' >word.conf
	replace secrets/word second
	await told log 'hup word = second'
	is 'signals' "$(logged hup)" 1
}

@test "a file that is not overwritten is no news" {
	need strace
	watch_looks --watch HUP --no-overwrite
	replace secrets/word second
	await looks 2
	is 'signals' "$(logged hup)" 0
	told word.conf 'word = first'
}

@test "the same contents are no change" {
	local before

	need strace
	watch_looks --watch HUP
	before=$(stat -c '%i %y' word.conf)
	replace secrets/word first
	await looks 2
	touch secrets/word
	await looks 3
	is 'signals' "$(logged hup)" 0
	is 'the file' "$(stat -c '%i %y' word.conf)" "$before"
	is 'said' "$(cat err)" ''
}

@test "a new salt is no change" {
	local before

	need strace
	echo 'word = ${secret:word|bcrypt(4)}' >word.tmpl
	watch_looks --watch restart --export 'HASH=${secret:word|bcrypt(4)}'
	before=$(cat word.conf)
	replace secrets/word first
	await looks 2
	is 'the hash' "$(cat word.conf)" "$before"
	is 'starts' "$(logged start)" 1
}

@test "what cannot be rendered is said once, and the service goes on" {
	need strace
	echo 'word = ${secret:word|int}' >word.tmpl
	echo 1 >secrets/word
	watch_looks --watch HUP
	replace secrets/word c4n4ry
	await grep -q 'goes on with what it has' err
	told word.conf 'word = 1'
	replace secrets/word c4n4ry
	await looks 3
	is 'said' "$(grep -c 'goes on with what it has' err)" 1
	not grep -q c4n4ry err
	is 'signals' "$(logged hup)" 0
	replace secrets/word 2
	await told log 'hup word = 2'
}

@test "what cannot be written is tried again once there is room" {
	need_root
	need_namespaces
	mkdir small
	{
		cat word.tmpl
		head -c 6000 /dev/zero | tr '\0' '#'
	} >large.tmpl
	unshare --mount sh -c '
		mount -t tmpfs -o size=64k tmpfs small
		exec "$@"' sh "$KEYPLATE" run --secrets "$PWD/secrets" \
	    --template large.tmpl:small/word.conf --watch HUP -- \
	    bash -c "${SERVICE//word.conf/small\/word.conf}" >out 2>err 3>&- &
	KP=$!
	await grep -q start log
	head -c 1M /dev/zero >"/proc/$KP/root/$PWD/small/rest" 2>/dev/null || :
	replace secrets/word second
	await grep -q 'not been taken over' err
	grep -q 'No space left' err
	is 'signals' "$(logged hup)" 0
	rm "/proc/$KP/root/$PWD/small/rest"
	await grep -q '^hup word = second' log
}

@test "the file stays whose it is, although keyplate runs for another" {
	need_root
	chmod 0700 secrets
	chown 54321 never
	touch log
	chmod 0666 log
	watch -v --watch HUP --user 54321:54321
	is 'owner' "$(stat -c %u:%g:%a word.conf)" 54321:54321:600
	replace secrets/word second
	await told log 'hup word = second'
	is 'owner' "$(stat -c %u:%g:%a word.conf)" 54321:54321:600
	grep -q 'stays the user that it is' err
}

@test "a verify command of the second time has the environment of the first" {
	cat >rules <<-'END'
		[file word]
		path = word.conf
		source = word.tmpl
		verify = verifyword {}
	END
	mkdir bin
	printf '#!/bin/sh\necho "$HOME $1" >>verified\n' >bin/verifyword
	chmod +x bin/verifyword
	PATH=$PWD/bin:$PATH HOME=/here begin --config rules \
	    --secrets "$PWD/secrets" --watch HUP -- bash -c "$SERVICE"
	await grep -q start log
	replace secrets/word second
	await told log 'hup word = second'
	is 'verified' "$(grep -c '^/here ' verified)" 2
}

@test "restart starts the service again with what is new" {
	local as

	need_namespaces
	for as in first other; do
		rm -f log
		echo first >secrets/word
		watch_as "$as" --watch restart --export 'WORD=${secret:word}'
		replace secrets/word second
		await grep -q 'start .* word = second second' log
		replace secrets/word third
		await grep -q 'start .* word = third third' log
		is 'starts' "$(logged start)" 3
		is 'said' "$(cat err)" ''
		kill -TERM "$KP"
		end
		ended 7
	done
}

# Give the service a new word so many times, each once it has the one before.
restart_times() {
	local count=$1

	while [ "$((count--))" -gt 0 ]; do
		WORDS=$((WORDS + 1))
		replace secrets/word "word $WORDS"
		await grep -q "start .* word = word $WORDS " log
	done
	await is_at_rest
}

@test "restarted again and again keyplate has what it had, and no more" {
	local before descriptors size

	WORDS=0
	watch_as other --watch restart --export 'WORD=${secret:word}'
	restart_times 5
	descriptors=$(descriptors_of "$KP")
	size=$(resident "$KP")
	restart_times "${WATCH_RESTARTS:-40}"
	is descriptors "$(descriptors_of "$KP")" "$descriptors"
	echo "resident: $size, then $(resident "$KP") KiB"
	# A sanitizer keeps for a while what was given back.
	[ "${KIND-static}" = sanitized ] ||
	    [ "$(resident "$KP")" -le "$((size + 32))" ]
	is 'said' "$(cat err)" ''
	is 'children' "$(children_of "$KP" | wc -l)" 1
}

@test "a secret that cannot be used, again and again, leaves nothing behind" {
	local count descriptors size=0

	watch --watch HUP
	for count in {1..30}; do
		# Gone, then back: each of it is a look, the first is said.
		rm secrets/word
		await counts err '.*no value for "word".*' "$count"
		replace secrets/word "word $count"
		await told log "hup word = word $count"
		[ "$count" = 5 ] || continue
		await is_at_rest
		descriptors=$(descriptors_of "$KP")
		size=$(resident "$KP")
	done
	await is_at_rest
	is descriptors "$(descriptors_of "$KP")" "$descriptors"
	echo "resident: $size, then $(resident "$KP") KiB"
	[ "$(resident "$KP")" -le "$((size + 32))" ]
}

@test "restart gives the service its directory, arguments and descriptors" {
	mkdir work
	cd work || return
	"$KEYPLATE" run --secrets ../secrets --template ../word.tmpl:word.conf \
	    --watch restart -- bash -c '
		echo "$(pwd) $* $(cat <&0) $(cat <&4)" >>../log
		exec sleep 1000' name 'two words' '' \
	    <../word.tmpl 4<../other.tmpl >../out 2>../err 3>&- &
	KP=$!
	cd ..
	await grep -q . log
	replace secrets/word second
	await eval '[ "$(wc -l <log)" = 2 ]'
	# Both were read to their ends by the first service.
	is 'second start' "$(tail -n 1 log)" "$PWD/work two words   "
}

@test "a restart as process 1 leaves alone what docker exec has started" {
	local waits='while :; do read -r _ <>never; done'
	# In the end it stays until the other has been asked.
	local rest='echo rest >>log
		while [ -e last ] && ! grep -qx other log; do
			read -rt 0.1 _ <>never
		done
		exit'

	need_root
	need_namespaces
	begin_first --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --linger=1h -- bash -c "
		setsid bash -c 'trap \"$rest\" TERM
		    echo up >>log; $waits' &
		$SERVICE"
	nsenter --target "$KP" --pid -- bash -c "
		trap 'echo other >>log' TERM
		echo there >>log; $waits" 3>&- &
	await told log there
	await told log up
	await grep -q 'start .* word = first' log
	replace secrets/word second
	await grep -q 'start .* word = second' log
	told log rest
	not told log other
	# In the end it is asked as well.
	touch last
	kill -TERM "$KP"
	await told log other
}

@test "restart asks the service to end as a TERM would" {
	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --rewrite TERM:USR1 --delay TERM:1h -- bash -c '
		trap "echo asked >>log; exit" USR1
		echo "start $(cat word.conf)" >>log
		while :; do read -r _ <>never; done'
	await told log 'start word = first'
	replace secrets/word second
	await told log 'start word = second'
	is 'asked' "$(logged asked)" 1
}

@test "an export that changes starts the service again" {
	watch --watch restart --export 'WORD=${secret:other}'
	replace secrets/other another
	await grep -q 'start .* word = first another' log
}

@test "a signal does not tell a variable, which is said" {
	watch --watch HUP --export 'WORD=${secret:other}'
	replace secrets/other another
	await grep -q 'which a signal does not tell' err
	is 'signals' "$(logged hup)" 0
}

@test "a service that ends by itself is not started again" {
	keyplate --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart -- sh -c 'echo again >secrets/word; exit 9'
	ended 9
	silent
}

@test "a service that does not end is killed, then started again" {
	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --kill-after=200ms --linger=200ms -- bash -c '
		trap "" TERM
		echo "start $(cat word.conf)" >>log
		while :; do read -r _ <>never; done'
	await told log 'start word = first'
	replace secrets/word second
	await told log 'start word = second'
	kill -TERM "$KP"
	end
	ended 137
}

@test "a TERM ends a service that is being started again, for good" {
	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --linger=0 -- bash -c '
		trap "echo term >>log; [ \$((++n)) = 1 ] || exit 3" TERM
		echo start >>log
		while :; do read -r _ <>never; done'
	await told log start
	replace secrets/word second
	await told log term
	kill -TERM "$KP"
	end
	ended 3
	is 'starts' "$(logged start)" 1
}

# A service that takes its time: it says that it was asked, and ends once it may.
SLOW='
	echo "start $(cat word.conf)" >>log
	trap "echo asked >>log; read -r _ <may_end; exit 3" TERM
	while :; do read -r _ <>never; done'

@test "a TERM that meets the end of a service ends it for good" {
	local child

	mkfifo may_end
	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --linger=0 -- bash -c "$SLOW"
	await told log 'start word = first'
	child=$(child_of "$KP")
	replace secrets/word second
	await told log asked
	# Stopped, keyplate finds both at once.
	kill -STOP "$KP"
	await state_is "$KP" T
	echo >may_end
	await state_is "$child" Z
	kill -TERM "$KP"
	kill -CONT "$KP"
	end
	ended 3
	is 'starts' "$(logged start)" 1
}

@test "a TERM that is delayed waits for its time across a restart" {
	mkfifo may_end
	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --linger=0 --delay TERM:6s -- bash -c "$SLOW"
	await told log 'start word = first'
	replace secrets/word second
	await told log asked
	kill -TERM "$KP"
	echo >may_end
	# The other start is asked in its turn.
	await counts log asked 2
	echo >may_end
	end
	ended 3
	is 'starts' "$(logged start)" 2
}

@test "a restart has the same score for the kernel's choice" {
	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --oom-score-adj 500 -- bash -c '
		echo "start $(cat /proc/self/oom_score_adj)" >>log
		trap "exit 3" TERM
		while :; do read -r _ <>never; done'
	await told log 'start 500'
	replace secrets/word second
	await counts log 'start 500' 2
	kill -TERM "$KP"
	end
	ended 3
}

@test "what is wrong is told once, whatever its command prints" {
	printf '[file word]\npath = word.conf\nsource = word.tmpl\n' >rules
	printf 'verify = ./verify {}\n' >>rules
	printf '#!/bin/sh\ndate +%%N\ngrep -q first "$1"\n' >verify
	chmod +x verify
	begin --secrets "$PWD/secrets" --config rules --watch HUP -- \
	    bash -c 'echo start >>log; read -r _ <>never'
	await told log start
	replace secrets/word second
	await grep -q 'has not been taken over' err
	# The next try is after 5 s.
	sleep 8
	is 'complaints' "$(grep -c 'has not been taken over' err)" 1
}

@test "what was delayed before a restart is so behind it" {
	local sent

	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart --linger=0 --delay HUP:2s -- bash -c '
		trap "echo hup \${EPOCHREALTIME/.} >>log" HUP
		trap "exit 3" TERM
		echo "start $(cat word.conf)" >>log
		while :; do read -r _ <>never; done'
	await told log 'start word = first'
	kill -HUP "$KP"
	await counts log 'hup .*' 1
	replace secrets/word second
	await told log 'start word = second'
	sent=${EPOCHREALTIME/.}
	kill -HUP "$KP"
	await counts log 'hup .*' 2
	[ $(($(sed -n '$s/hup //p' log) - sent)) -ge 2000000 ]
	kill -TERM "$KP"
	end
	ended 3
}

@test "a service that cannot be started again is said" {
	cp "$(command -v bash)" ./program
	begin --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch restart -- ./program -c "$SERVICE"
	await grep -q start log
	rm program
	replace secrets/word second
	end
	ended 127
	grep -q program err
}

@test "TERM while it renders ends all of it, without a trace" {
	local as

	need_namespaces
	cat >rules <<-'END'
		[file word]
		path = word.conf
		source = word.tmpl
		verify = sh ./verify {}
	END
	for as in first other; do
		rm -f log begun
		echo first >secrets/word
		echo exit >verify
		begin_as "$as" --config rules --secrets "$PWD/secrets" \
		    --watch HUP -- bash -c "$SERVICE"
		await grep -q start log
		echo 'echo $$ >begun; exec sleep 1000' >verify
		replace secrets/word second
		await grep -q . begun
		kill -TERM "$KP"
		end
		ended 7
		told word.conf 'word = first'
		is 'left' "$(find . -name '.*keyplate*' -o -name 'word.conf?*')" ''
		is 'signals' "$(logged hup)" 0
	done
}

@test "TERM before the second template is read ends the start" {
	exec 5<>never
	"$KEYPLATE" run --secrets "$PWD/secrets" --watch HUP \
	    --template -:word.conf --template other.tmpl:other.conf -- true \
	    <never >out 2>err 3>&- 5>&- &
	KP=$!
	await grep -q '^SigBlk:.*[1-9a-f]' "/proc/$KP/status"
	kill -TERM "$KP"
	exec 5>&-
	end
	ended 143
	[ ! -e word.conf ]
}

@test "nothing of it is in the memory of the keyplate that waits" {
	local as

	need_root
	need_namespaces
	need_static
	for as in first other; do
		rm -f log
		echo c4n4ry-one >secrets/word
		watch_as "$as" --watch restart --export 'WORD=${secret:word}'
		is_quiet
		not holds_in_memory "$KP" c4n4ry
		replace secrets/word c4n4ry-two
		await grep -q 'start .* word = c4n4ry-two c4n4ry-two' log
		is_quiet
		not holds_in_memory "$KP" c4n4ry
		holds_in_memory "$KP" 'cannot watch all that'
		is environ "$(tr -d '\0' <"/proc/$KP/environ")" ''
		quit
	done
}

# Asleep, with no child but the service.
is_quiet() {
	await eval 'state_is "$KP" S && [ "$(children_of "$KP" | wc -l)" = 1 ]'
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

# System calls in trace but those that give memory back and take it again.
calls_of_work() {
	grep -vc '^madvise(\|^mmap(\|^mprotect(\|^munmap(' trace
}

@test "while nothing happens keyplate makes no system call" {
	local before

	need strace
	strace -D -qq -o trace "$KEYPLATE" run --secrets "$PWD/secrets" \
	    --template word.tmpl:word.conf --watch HUP -- \
	    bash -c "$SERVICE" >out 2>err 3>&- &
	KP=$!
	await looks 1
	# After a second it gives its memory back, and waits without an end.
	await eval 'tail -n 1 trace | grep -q "^ppoll("'
	before=$(calls_of_work)
	# Not what happens to other files either: a rename is one event.
	echo more >unrelated
	mv unrelated secrets/unrelated-in-another
	await eval '[ "$(grep -c "^ppoll(" trace)" -eq 2 ]'
	is 'forks' "$(grep -c '^clone\|^fork\|^vfork' trace)" 2
	[ "$(calls_of_work)" -le "$((before + 8))" ]
	before=$(wc -l <trace)
	"$PROBE" pause 1500000
	is 'system calls' "$(wc -l <trace)" "$before"
}

@test "a secret that is a mount of its own is named, and watched itself" {
	need_root
	need_namespaces
	mkdir outside
	echo first >outside/word
	unshare --mount sh -c '
		mount --bind outside/word secrets/word
		exec "$@"' sh "$KEYPLATE" run --secrets "$PWD/secrets" \
	    --template word.tmpl:word.conf --watch HUP -- \
	    bash -c "$SERVICE" >out 2>err 3>&- &
	KP=$!
	await grep -q start log
	grep -q 'secrets/word: warning: is mounted as a single file' err
	is 'warnings' "$(grep -c 'warning' err)" 1
	echo second >outside/word
	await told log 'hup word = second'
}

@test "a secret as a swarm mounts it is known not to change" {
	need_root
	need_namespaces
	mkdir outside
	unshare --mount sh -c '
		mount -t tmpfs tmpfs outside
		echo first >outside/word
		mount --bind outside/word secrets/word
		mount -o remount,bind,ro secrets/word
		exec "$@"' sh "$KEYPLATE" run --secrets "$PWD/secrets" \
	    --template word.tmpl:word.conf --watch HUP -- true >out 2>err 3>&-
	is 'warnings' "$(grep -c 'warning' err)" 1
	grep -q 'secrets/word: warning: cannot change while this container runs' err
}

@test "without inotify changes are looked for now and then, which is said" {
	local inotify_init1 emfile=24

	case $(uname -m) in
	x86_64) inotify_init1=294 ;;
	aarch64) inotify_init1=26 ;;
	*) skip 'needs the number of a system call' ;;
	esac
	"$PROBE" deny "$inotify_init1" any "$emfile" -- \
	    "$KEYPLATE" run --secrets "$PWD/secrets" \
	    --template word.tmpl:word.conf --watch HUP -- \
	    bash -c "$SERVICE" >out 2>err 3>&- &
	KP=$!
	await grep -q start log
	grep -q 'every 5 seconds' err
	replace secrets/word second
	await told log 'hup word = second'
}

@test "without random numbers nothing is watched, which is said" {
	need strace
	run --separate-stderr strace -o trace -e trace=getrandom \
	    -e inject=getrandom:error=EIO "$KEYPLATE" run \
	    --secrets "$PWD/secrets" --watch HUP -- true
	ended 125
	said 'cannot get random numbers'
}

@test "what keyplate was started with is kept for no other user to read" {
	need strace
	run --separate-stderr strace -o trace -e trace=fchmod \
	    -e inject=fchmod:error=EPERM:when=1 "$KEYPLATE" run \
	    --secrets "$PWD/secrets" --template word.tmpl:word.conf \
	    --watch HUP -- true
	ended 125
	said 'cannot make a file in memory'
	[ ! -e word.conf ]
}

@test "what cannot be watched is refused before anything is written" {
	keyplate --exec --watch HUP -- true
	ended 125
	said '--watch needs keyplate to stay'
	keyplate --secrets "$PWD/secrets" --watch HUP \
	    --template word.tmpl:mem:word -- true '@{word}'
	ended 125
	said 'in memory, where it cannot change'
	keyplate --secrets "$PWD/secrets" --watch HUP \
	    --template -:word.conf -- true <word.tmpl
	ended 125
	said 'standard input, which ends'
	[ ! -e word.conf ]
	keyplate --watch hop -- true
	ended 125
	said '--watch wants restart, or the name of a signal'
}
