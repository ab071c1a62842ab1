#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# postgres - templates/postgres, read by the server.

bats_require_minimum_version 1.5.0
load templates.sh

setup_postgres() {
	PATH=$PATH:$(printf '%s:' /usr/lib/postgresql/*/bin)
	need initdb postgres psql
	need_root
	getent passwd postgres >/dev/null || skip 'no user postgres here'
	setup_image postgres
	mkdir image/docker-entrypoint-initdb.d
	secret db_admin_pass "$PASSWORD"
	secret app_db_pass first
	mkdir data
	chown postgres: data
	chmod 0755 .
}

# What the image's entry point does with the administrator's password.
start_postgres() {
	"$KEYPLATE" run --root "$IMAGE" -c "$RULES" -s secrets --user postgres -- \
	    bash -c 'initdb --no-sync --auth=scram-sha-256 --pgdata="$1" \
		--pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD")' - "$PWD/data" \
	    >initdb.log
	"$KEYPLATE" run --user postgres -- postgres -D "$PWD/data" -F \
	    -c listen_addresses= -c unix_socket_directories="$PWD/data" \
	    >log 2>&1 3>&- &
	SERVICES+=("$!")
	up "unix:$PWD/data/.s.PGSQL.5432"
	await is_ready
}

is_ready() {
	pg_isready -q -h "$PWD/data"
}

# psql as user $1 with the password that is secret $2.
psql_as() {
	local user=$1 secret=$2

	shift 2
	"$KEYPLATE" run -s secrets --export "PGPASSWORD=\${secret:$secret}" -- \
	    psql -X -q -t -A -v ON_ERROR_STOP=1 -h "$PWD/data" -U "$user" "$@"
}

@test "the server has every password" {
	setup_postgres
	start_postgres
	file=image/docker-entrypoint-initdb.d/users.sql again=''
	is administrator "$(psql_as postgres db_admin_pass -c \
	    'SELECT current_user' postgres)" postgres
	for value in "${HOSTILE[@]}"; do
		secret app_db_pass "$value"
		rendered
		is 'status of render' "$status" 0
		[ -z "$again" ] || sed -i /CREATE/d "$file"
		psql_as postgres db_admin_pass -f "$file" postgres
		is "with <$value>" \
		    "$(psql_as app app_db_pass -c 'SELECT current_user' app)" app
		again=yes # and what was created is there
	done
	secret app_db_pass "x$value"
	run ! psql_as app app_db_pass -c 'SELECT 1' app
}

@test "what is not UTF-8 is an error of the server" {
	setup_postgres
	start_postgres
	printf 'a\377b' >secrets/app_db_pass
	rendered
	is 'status of render' "$status" 0
	run ! psql_as postgres db_admin_pass \
	    -f image/docker-entrypoint-initdb.d/users.sql postgres
	run ! psql_as app db_admin_pass -c 'SELECT 1' app
}
