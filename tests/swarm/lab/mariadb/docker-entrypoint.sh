#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docker-entrypoint - make the database where there is none, start the server.
set -eo pipefail

data=/var/lib/mysql

gives_up() {
	printf 'docker-entrypoint: %s\n' "$1" >&2
	exit 1
}

# setting NAME: $MARIADB_NAME or $MYSQL_NAME, or what is in the file that
# either with _FILE names.
setting() {
	local name file

	for name in "MARIADB_$1" "MYSQL_$1"; do
		file=${name}_FILE
		if [ -n "${!name-}" ] && [ -n "${!file-}" ]; then
			gives_up "both $name and $file are set"
		elif [ -n "${!file-}" ]; then
			cat "${!file}"
			return
		elif [ -n "${!name-}" ]; then
			printf '%s' "${!name}"
			return
		fi
	done
}

# A string, as SQL has it.
quote() {
	local text=${1//\\/\\\\}

	printf "'%s'" "${text//\'/\'\'}"
}

# An identifier, as SQL has it.
name() {
	printf '`%s`' "${1//\`/\`\`}"
}

# What the health check logs in with, as the public image has it.
write_check_login() {
	(
		umask 077
		printf '[mariadb-client]\nuser = healthcheck\npassword = %s\n' \
		    "$1" >"$data/.my-healthcheck.cnf"
	)
}

# One statement a line, which is what --bootstrap reads.
statements() {
	echo 'FLUSH PRIVILEGES;'
	echo "SET PASSWORD FOR root@localhost = PASSWORD($(quote "$root"));"
	echo "CREATE USER root@'%' IDENTIFIED BY $(quote "$root");"
	echo "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
	echo "CREATE USER healthcheck@localhost IDENTIFIED BY $(quote "$check");"
	[ -z "$database" ] || echo "CREATE DATABASE $(name "$database");"
	[ -n "$user" ] || return 0
	echo "CREATE USER $(quote "$user")@'%' IDENTIFIED BY $(quote "$password");"
	[ -z "$database" ] ||
		echo "GRANT ALL ON $(name "$database").* TO $(quote "$user")@'%';"
}

make_database() {
	local root database user password check

	root=$(setting ROOT_PASSWORD)
	database=$(setting DATABASE)
	user=$(setting USER)
	password=$(setting PASSWORD)
	check=$(head -c 18 /dev/urandom | base64)
	[ -n "$root" ] || gives_up 'no password for root'
	chown mysql: "$data"
	mariadb-install-db --user=mysql --datadir="$data" --skip-test-db \
	    --auth-root-authentication-method=normal >/dev/null
	write_check_login "$check"
	# A container that is killed here begins anew.
	statements | mariadbd --user=mysql --bootstrap || {
		find "$data" -mindepth 1 -delete
		gives_up 'the first statements failed'
	}
}

if [ "$1" = mariadbd ] && [ ! -d "$data/mysql" ]; then
	make_database
fi
exec "$@"
