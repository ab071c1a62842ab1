# SPDX-License-Identifier: MIT
# templates - what the tests of templates/ share: an image, and secrets that
# are hostile to most readers.
# shellcheck shell=bash disable=SC2034,SC2154

# await, has_ended; then what the tests of the command line have.
load ../pid1/pid1.sh
load ../cli/cli.sh

# Each of them is read back, or refused for a reason that the test names.
# shellcheck disable=SC1003,SC2016 # nothing is to be expanded, or escaped
HOSTILE=(
	"$PASSWORD"
	"it's \`a\` %s %% {x} {{ y }} <b>&amp; \"\$(id)\""
	'${HOME} %(key)s $__env{HOME} {$HOME} {env.HOME}'
	'# ; ! & * | > - ? : , [ ]'
	"'; DROP TABLE users; --"
	' blanks around '
	'0123'
	'null'
	'a backslash at the end\'
	'pässwörd → ✓'
	$'two\nlines'
)

# Where every user can execute it, and go: services run as their own.
setup_file() {
	cp "$KEYPLATE" "$BATS_FILE_TMPDIR/keyplate"
	export KEYPLATE=$BATS_FILE_TMPDIR/keyplate
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
}

# The image of templates/$1, as its Dockerfile copies it together; the
# variables that a rule file wants have values.
setup_image() {
	local words word

	IMAGE=$PWD/image
	unset KEYPLATE_SECRETS
	while read -ra words; do
		[[ ${words[0]} == COPY && ${words[1]} != --from=* ]] || continue
		for word in "${words[@]:1:${#words[@]}-2}"; do
			copy_into_image "$TEMPLATES/$1/$word" "${words[-1]}"
		done
	done <"$TEMPLATES/$1/Dockerfile"
	RULES=$(find image -name keyplate.conf)
}

copy_into_image() {
	local to=image$2

	[[ $to != */ ]] || to+=${1##*/}
	mkdir -p "${to%/*}"
	cp "$1" "$to"
}

# secret NAME VALUE
secret() {
	printf '%s\n' "$2" >"secrets/$1"
}

# keyplate COMMAND with the image's rules and secrets.
rendered() {
	keyplate render --root "$IMAGE" -c "$RULES" -s secrets
}

# Start a service with its rules beside the test: $SERVICE is its keyplate,
# log what it prints.
serve() {
	"$KEYPLATE" run --root "$IMAGE" -c "$RULES" -s secrets "$@" \
	    >log 2>&1 3>&- &
	SERVICE=$!
	SERVICES+=("$SERVICE")
}

# Wait until a URL of keyplate is up, with the options before it.
up() {
	"$KEYPLATE" wait -s secrets --timeout 20s "$@" || {
		cat log
		return 1
	}
}

teardown() {
	stop_services
}

stop_services() {
	local pid

	for pid in "${SERVICES[@]}"; do
		kill -TERM "$pid" 2>/dev/null || :
	done
	for pid in "${SERVICES[@]}"; do
		await has_ended "$pid" || kill -KILL "$pid"
		wait "$pid" || :
	done
	SERVICES=()
}

need() {
	local program

	for program in "$@"; do
		command -v "$program" >/dev/null || skip "no $program here"
	done
}

need_root() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
}

# A port of loopback that nobody listens on, and that was not given before.
free_port() {
	PORT=$((${PORT:-20000 + RANDOM % 10000} + 1))
	while (: <>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do
		PORT=$((PORT + 1))
	done
}

# Basic authentication as curl reads it from a file, so that no password is
# an argument: basic USER PASSWORD
basic() {
	printf 'Authorization: Basic %s\n' \
	    "$(printf '%s:%s' "$1" "$2" | base64 -w 0)"
}

# The status that URL $1 answers to user operator with password $2.
status_for() {
	curl -s -o body -w '%{http_code}' -H @<(basic operator "$2") "$1"
}

# A service that others send secrets to: nginx, which notes what header $2
# (http_authorization) came, in base64 or not, a line each in file $1.
notes_at() {
	cat >notes.conf <<-END
		daemon off;
		pid $PWD/notes.pid;
		error_log stderr;
		events { }
		http {
			log_format header escape=none '\$$2';
			access_log $PWD/$1 header;
			client_body_temp_path $PWD/notes-body;
			server { listen 127.0.0.1:$PORT; location / { return 200 ok; } }
		}
	END
	nginx -p "$PWD" -c "$PWD/notes.conf" >notes.log 2>&1 3>&- &
	SERVICES+=("$!")
	up "http://127.0.0.1:$PORT/"
}

# A file has this line, soon.
comes_to() {
	await grep -qxF -- "$2" "$1"
}

# each_hostile REFUSED READ NAME...: render with each hostile secret, under all
# of these names, and have READ print what the service reads of it; the values that
# match the pattern REFUSED have to be refused, with all files as they were.
each_hostile() {
	local refused=$1 read=$2 value name

	shift 2
	for value in "${HOSTILE[@]}"; do
		for name; do secret "$name" "$value"; done
		fingerprint >before
		rendered
		# shellcheck disable=SC2053 # a pattern
		if [[ -n $refused && $value == $refused ]]; then
			is "status for <$value>" "$status" 1
			fingerprint | diff before -
			continue
		fi
		is "status for <$value>" "$status" 0
		reads_back "$value" "$read"
	done
}

# READ, the second argument, prints exactly the value.
reads_back() {
	"$2" >got
	printf '%s' "$1" | cmp - got || {
		printf 'got <%s>, want <%s>\n' "$(cat got)" "$1"
		return 1
	}
}

fingerprint() {
	find image -type f -exec sha256sum {} + | sort
}

# Lines of $1 that are not in $2.
new_lines() {
	diff "$2" "$1" | sed -n 's/^> //p'
}
