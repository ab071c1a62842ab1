#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# init - a rule file proposed for a configuration passes check as it is, sets
# what is to be set, and has no value of the file in it.

bats_require_minimum_version 1.5.0
load cli.sh

# Propose rules.conf for the files of the arguments, and give each secret and
# each variable that has to be there a value.
propose() {
	local name
	keyplate init "$@"
	ended 0
	# shellcheck disable=SC2154 # it is of run
	is 'standard error' "$stderr" ''
	printf '%s\n' "$output" >rules.conf
	mkdir -p given
	while read -r name; do
		printf 'value-of-%s' "${name#*:}" >"given/${name#*:}"
	done < <(grep -o '[$]{secret:[a-z0-9_]*' rules.conf)
	while read -r name; do
		case $name in
		*'|bool') export "${name%|*}=true" ;;
		*) export "$name=${name%|*}-here" ;;
		esac
	done < <(grep -oE '[$][{](env:)?[A-Z][A-Z0-9_]*(\|bool)?' rules.conf |
		sed 's/^..//; s/^env://')
}

# The proposal passes check with what is given.
passes() {
	keyplate check -s given -c rules.conf "$@"
	ended 0
	is 'what check says' "$output$stderr" ''
}

# rules.conf has the key $1 with the value $2.
proposes() {
	sed -E 's/ += /=/' rules.conf | grep -xF -A1 "key=$1" |
		grep -qxF "value=$2" && return
	printf 'no %s = %s in:\n' "$1" "$2"
	cat rules.conf
	return 1
}

@test "grafana: markers and secrets, what is commented out is optional" {
	cp "$TEMPLATES/grafana/grafana.ini" .
	propose grafana.ini
	proposes server.domain '${env:SERVER_DOMAIN}'
	proposes security.admin_user '${env:ADMIN_USER}'
	proposes security.admin_password '${secret:admin_password}'
	proposes smtp.password '${secret:smtp_password}'
	proposes auth.github.client_secret '${secret:auth_github_client_secret}'
	passes
	rm given/smtp_password given/auth_*
	passes
	"$KEYPLATE" render -s given -c rules.conf
	is 'new lines' "$(diff "$TEMPLATES/grafana/grafana.ini" grafana.ini |
		grep '^> ' | grep -E 'domain|admin|smtp|client')" \
		'> domain = SERVER_DOMAIN-here
> admin_user = ADMIN_USER-here
> admin_password = value-of-admin_password'
}

@test "a value that is there has to be given" {
	printf '[api]\npassword = swordfish\nport = 80\n' >app.ini
	propose app.ini
	keyplate check -s given -c rules.conf
	ended 0
	rm -r given
	keyplate check -s secrets -c rules.conf
	ended 1
	complains 'no value for "api_password"'
	[[ $stderr != *PORT* ]]
}

@test "no value of a file is in its proposal" {
	cat >app.yml <<-'END'
		db: {url: "postgres://app:canary-one@db/app", password: canary-two}
		auth: {header: Bearer canary-three, token: canary-four}
		api_key: "canary-five"
		host: canary-six
		key: |
		  -----BEGIN PRIVATE KEY-----
		  canary-seven
	END
	printf '#password=canary-eight\n[c]\nport=canary-nine\n' >my.cnf
	propose app.yml my.cnf
	[[ $output != *canary* ]]
	proposes db.url '${secret:db_url}'
	proposes auth.header 'Bearer ${secret:auth_header}'
	proposes key '${secret:app_key}'
	passes
}

@test "names tell same keys apart" {
	cat >exporter.yml <<-'END'
		modules:
		  one: {http: {basic_auth: {username: u, password: p}}}
		  two: {http: {basic_auth: {username: u, password: p}}}
		  three: {password_file: /run/secrets/x, token_url: http://x/, min_password_length: 3}
	END
	propose exporter.yml
	proposes modules.one.http.basic_auth.password \
		'${secret:basic_auth_password}'
	proposes modules.two.http.basic_auth.password \
		'${secret:two_basic_auth_password}'
	[[ $output != *three*password* ]]
	passes
}

@test "repeated keys are told apart by their number" {
	printf '[Service]\nEnvironment=DB_PASSWORD=x\nEnvironment=A=b\n' \
		>app.service
	printf 'user a on >one\nuser b on >two\nrequirepass xxx\n' >redis.conf
	propose redis.conf
	proposes 'user[0][2]' '>${secret:redis_user}'
	proposes 'user[1][2]' '>${secret:redis_user_2}'
	proposes requirepass '${secret:requirepass}'
	passes
}

@test "caddy: passwords below basic_auth are hashed, addresses are settings" {
	cat >Caddyfile <<-'END'
		{
			email admin@example.org
		}
		:80 {
			basicauth /x {
				bob $2a$14$canarycanary
			}
			reverse_proxy {$UPSTREAM} {
				header_up Authorization "Bearer canary"
			}
		}
	END
	propose Caddyfile
	proposes ':80.basicauth.bob[0]' '${secret:basicauth_bob|bcrypt(10)}'
	[[ $output != *canary* ]]
	[[ $output != *UPSTREAM* ]]
	passes
}

@test "wp-config.php: every constant that is to be filled in" {
	cat >wp-config.php <<-'END'
		<?php
		/** The name of the database */
		define( 'DB_NAME', 'database_name_here' );
		define( 'DB_USER', 'username_here' );
		define( 'DB_PASSWORD', 'password_here' );
		define( 'DB_HOST', 'localhost' );
		define( 'DB_CHARSET', 'utf8' );
		define( 'AUTH_KEY',         'put your unique phrase here' );
		define( 'LOGGED_IN_SALT',   'put your unique phrase here' );
		$table_prefix = 'wp_';
		define( 'WP_DEBUG', false );
	END
	propose wp-config.php
	proposes DB_NAME '${env:DB_NAME}'
	proposes DB_PASSWORD '${secret:db_password}'
	proposes AUTH_KEY '${secret:auth_key}'
	proposes LOGGED_IN_SALT '${secret:logged_in_salt}'
	[[ $output != *CHARSET* && $output != *table_prefix* ]]
	unset WP_DEBUG
	passes
}

@test "nginx: what is passed on is a setting, a key's file none" {
	cat >nginx.conf <<-'END'
		events {}
		http {
		  server {
		    listen 443 ssl;
		    server_name xxx;
		    ssl_certificate_key /etc/ssl/key.pem;
		    location / {
		      proxy_pass http://app:8080;
		      proxy_set_header Host ${host};
		    }
		  }
		}
	END
	propose nginx.conf
	proposes http.server.server_name '${env:SERVER_NAME}'
	proposes http.server.location./.proxy_pass '${env:PROXY_PASS}'
	[[ $output != *certificate* ]]
	# The server's own variable is not ours.
	grep -qx 'only *= NOTHING' rules.conf
	unset PROXY_PASS LISTEN NGINX_LISTEN SERVER_LISTEN
	passes
}

@test "compose: variables in plain text become exports and secrets" {
	cat >docker-compose.yml <<-'END'
		services:
		  db:
		    image: mariadb
		    environment:
		      MARIADB_ROOT_PASSWORD: canary-one
		      MARIADB_DATABASE: app
		  app:
		    image: app
		    environment:
		      - API_TOKEN=canary-two
		      - DB_PASSWORD_FILE=/run/secrets/db
	END
	propose docker-compose.yml
	[[ $output != *canary* ]]
	grep -A1 -x 'name  = MARIADB_ROOT_PASSWORD' rules.conf |
		grep -qxF 'value = ${secret:mariadb_root_password}'
	grep -A1 -x 'name  = API_TOKEN' rules.conf |
		grep -qxF 'value = ${secret:api_token}'
	[[ $output != *DB_PASSWORD* && $output != *MARIADB_DATABASE* ]]
	[[ $output == *'#     secrets:'*'#       mariadb_root_password:'* ]]
	passes
	is 'the service has' "$("$KEYPLATE" run -s given -c rules.conf -- \
		sh -c 'echo "$API_TOKEN"')" value-of-api_token
}

@test "files of Debian's packages give rules that pass check" {
	local file found=0
	for file in /etc/redis/redis.conf /etc/caddy/Caddyfile \
	    /etc/mysql/mariadb.cnf /etc/mysql/conf.d/mysqldump.cnf \
	    /etc/nginx/nginx.conf /etc/php/*/cli/php.ini; do
		[ -r "$file" ] || continue
		found=$((found + 1))
		cp "$file" "$PWD/${file##*/}"
		propose "${file##*/}"
		grep -q '^\[' rules.conf || continue
		passes
		keyplate render -s given -c rules.conf
		ended 0
		# All of them are what they are without being told anything.
		env -i PATH="$PATH" "$KEYPLATE" check -s secrets -c rules.conf
	done
	[ "$found" -gt 0 ] || skip 'none of them is installed'
}

@test "a file with nothing to set says so, and gives no rules" {
	printf 'modules:\n  icmp:\n    prober: icmp\n' >blackbox.yml
	propose blackbox.yml
	[[ $output == *'blackbox.yml: nothing in it looks like a secret'* ]]
	run ! grep -q '^\[' rules.conf
}

# An entry point as people write them, with absolute paths below $PWD.
write_script() {
	cp "$TEMPLATES/grafana/grafana.ini" grafana.ini
	cp "$TEMPLATES/blackbox/blackbox.yml" blackbox.yml
	printf 'url = http://__HOST__:80/\npass = __PASS__\n' >app.ini
	cat >entrypoint.sh <<-END
		#!/bin/bash
		set -e
		CONFIG_FILE=$PWD/grafana.ini
		export ADMIN_USER=\$(cat $1/lb_admin_user)
		ADMIN_PASS=\`cat $1/lb_admin_pass\`
		set_config() {
		    key="\$1"
		    value="\$2"
		    escaped="\${value//\\\\/\\\\\\\\}"; escaped="\${escaped//\\//\\\\/}"
		    sed -i "s/^;*\(\$key\s*=\s*\).*\\\$/\1\$escaped/" "\$CONFIG_FILE"
		}
		if [ ! -z "\$ADMIN_USER" ]; then
		  set_config "admin_user" "\$ADMIN_USER"
		fi
		set_config "admin_password" "\$ADMIN_PASS"
		set_config domain "\${DOMAIN:-localhost}"
		sed -ri "s/^(\s*)(insecure_skip_verify\s*:\s*xxx\s*$)/\1insecure_skip_verify: \${SKIP_VERIFY}/" $PWD/blackbox.yml
		sed -i -e "s/__PASS__/\$ADMIN_PASS/g" -e "s|__HOST__|\$DB_HOST|" $PWD/app.ini
		chmod 640 "\$CONFIG_FILE"
	END
	printf operator >given/lb_admin_user
	printf swordfish >given/lb_admin_pass
	export SKIP_VERIFY=true DB_HOST=db
}

@test "an entry point: rules do what its sed did" {
	mkdir given
	write_script "$PWD/given"
	bash entrypoint.sh
	mkdir by-script
	mv grafana.ini blackbox.yml app.ini by-script/
	write_script /run/secrets
	keyplate init "$PWD/entrypoint.sh"
	ended 0
	printf '%s\n' "$output" >rules.conf
	passes
	keyplate render -s given -c rules.conf
	ended 0
	for file in grafana.ini blackbox.yml app.ini; do
		diff "by-script/$file" "$file"
	done
	is 'mode' "$(stat -c %a grafana.ini)" 640
	is 'the service has' "$("$KEYPLATE" run -s given -c rules.conf -- \
		sh -c 'echo "$ADMIN_USER"')" operator
}

@test "an entry point: who runs, what waits, what is left" {
	cat >entrypoint.sh <<-'END'
		#!/usr/bin/env bash
		file_env DB_PASSWORD
		export TOKEN="$(cat "$TOKEN_FILE" | tr -d '\n')"
		set_config() {
		  sed -i "s/^$1=.*/$1=$2/" "$3"
		}
		set_config password canary-one /etc/app.ini
		PASSWORD=canary-two
		sed -i "s/^password=.*/password=$PASSWORD/" /etc/app.ini
		cat >/etc/other.conf <<EOF
		requirepass $(cat /run/secrets/redis)
		EOF
		wait-for-it.sh db:5432 -t 30
		mysql -p"$DB_PASSWORD" -e 'create database x'
		set -- /sbin/tini -- "$@"
		exec gosu app:app tini -g -- /run.sh --port 80 "$@"
	END
	propose entrypoint.sh
	[[ $output != *canary* ]]
	grep -qx 'user = app:app' rules.conf
	grep -qx 'wait = tcp://db:5432' rules.conf
	grep -qxF '#     CMD ["/run.sh", "--port", "80"]' rules.conf
	grep -qxF 'value = ${DB_PASSWORD}' rules.conf
	grep -qxF 'value = ${TOKEN}' rules.conf
	[[ $output == *'entrypoint.sh:7: a secret in plain text'* ]]
	[[ $output == *'entrypoint.sh:10: it writes a file'* ]]
	[[ $output == *'entrypoint.sh:14: keyplate does not run this'* ]]
}

@test "an entry point: a file that is not there gives comments" {
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		sed -i "s/^password=.*/password=$(cat /run/secrets/db)/" /nowhere/app.ini
		export A=$(cat /run/secrets/a)
	END
	propose entrypoint.sh
	grep -qx '#\[file app\]' rules.conf
	grep -qxF '#value = ${secret:db}' rules.conf
	passes
}

@test "below --root paths are those of the image" {
	mkdir -p image/etc
	printf '[a]\npassword = x\n' >image/etc/app.ini
	propose --root image /etc/app.ini
	grep -qx 'path   = /etc/app.ini' rules.conf
	passes --root image
}

@test "what cannot be read is an error with a place" {
	printf 'a: [\n' >app.yml
	keyplate init app.yml
	ended 1
	complains 'app.yml:2'
	is 'standard output' "$output" ''
	keyplate init missing.yml
	ended 1
	complains 'missing.yml: cannot be opened: No such file or directory'
	printf 'x\n' >app.conf
	keyplate init app.conf
	ended 1
	complains 'app.conf: its name tells no format'
	complains 'hint: say which it is: --format NAME'
	keyplate init
	ended 2
	complains 'init takes files to read'
}
