#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# mariadb - templates/mariadb, read by the server and by its client.

bats_require_minimum_version 1.5.0
load templates.sh

setup_mariadb() {
	need mariadbd mariadb mariadb-install-db
	need_root
	setup_image mariadb
	secret db_root_pass "$PASSWORD"
	mariadb-install-db --no-defaults --user=root --datadir="$PWD/data" \
	    --auth-root-authentication-method=socket --skip-test-db \
	    >install.log 2>&1
}

# The image's server, at this socket alone.
start_mariadb() {
	mariadbd --no-defaults --user=root --datadir="$PWD/data" \
	    --socket="$PWD/socket" --skip-networking \
	    --init-file="$IMAGE/etc/mysql/users.sql" >log 2>&1 3>&- &
	SERVICES+=("$!")
	up "unix:$PWD/socket"
}

# Whom the client with its file is to the server.
client_is() {
	mariadb --defaults-file=image/etc/mysql/conf.d/client.cnf \
	    --socket="$PWD/socket" --batch --skip-column-names \
	    -e 'SELECT CURRENT_USER()' app
}

@test "the server has every password, and the client finds it" {
	setup_mariadb
	secret app_db_pass first
	rendered
	start_mariadb
	is 'at the first start' "$(client_is)" app@%
	for value in "${HOSTILE[@]}"; do
		secret app_db_pass "$value"
		rendered
		is 'status of render' "$status" 0
		run ! client_is
		mariadb --no-defaults --socket="$PWD/socket" \
		    <image/etc/mysql/users.sql
		is "with <$value>" "$(client_is)" app@%
	done
}

@test "the client's own reading of its file is every password" {
	need my_print_defaults
	setup_image mariadb
	need_root
	HOSTILE=("${HOSTILE[@]/$'two\nlines'/one line}")
	each_hostile '' read_defaults app_db_pass
}

read_defaults() {
	my_print_defaults \
	    --defaults-file=image/etc/mysql/conf.d/client.cnf client |
	    sed -n 's/^--password=//p' | head -c -1
}
