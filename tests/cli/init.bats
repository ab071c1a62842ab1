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
	is 'by hand' "$(grep 'the service .* needs' rules.conf)" \
		'#     docker-compose.yml:5: the service db needs secrets: [mariadb_root_password] in place of MARIADB_ROOT_PASSWORD
#     docker-compose.yml:10: the service app needs secrets: [api_token] in place of API_TOKEN'
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

@test "credentials of a request keep the word in front" {
	cat >app.yml <<-'END'
		one: {header: Bearer canary-one}
		two: {header: "Basic canary-two"}
	END
	propose app.yml
	[[ $output != *canary* ]]
	proposes two.header 'Basic ${secret:two_header}'
	passes
	keyplate render -s given -c rules.conf
	ended 0
	grep -qxF 'two: {header: "Basic value-of-two_header"}' app.yml
}

@test "a marker that has a name says more than its key" {
	cat >app.yml <<-'END'
		dsn: __DB_PASSWORD__
		to: "%%MAIL_TO%%"
		password: __LDAP_PW__
	END
	propose app.yml
	proposes dsn '${secret:db_password}'
	proposes to '${env:MAIL_TO}'
	proposes password '${secret:ldap_pw}'
	grep -A1 -xF '# line 1: a secret to be filled in' rules.conf |
		grep -qx '\[set app-dsn\]'
	run ! grep -q '^optional' rules.conf
	passes
}

@test "a bare marker of a switch becomes true or false" {
	cat >app.yml <<-'END'
		tls:
		  skip_verify: xxx
		  skip_hosts: "xxx"
		  version: xxx
	END
	propose app.yml
	proposes tls.skip_verify '${env:SKIP_VERIFY|bool}'
	proposes tls.skip_hosts '${env:SKIP_HOSTS}'
	proposes tls.version '${env:VERSION}'
	passes
	SKIP_VERIFY=off keyplate render -s given -c rules.conf
	ended 0
	grep -qx '  skip_verify: false' app.yml
	grep -qx '  skip_hosts: "SKIP_HOSTS-here"' app.yml
}

@test "a name does not begin with a digit" {
	printf '2fa_secret = a\n[3d]\nhost = b\n' >app.ini
	propose app.ini
	proposes 2fa_secret '${secret:x_2fa_secret}'
	proposes 3d.host '${env:X_3D_HOST}'
	passes
	keyplate render -s given -c rules.conf
	ended 0
	holds app.ini '2fa_secret = value-of-x_2fa_secret
[3d]\nhost = X_3D_HOST-here\n'
}

@test "sections of one name get a number, and those of none are rules" {
	printf 'password = a\n' >_.ini
	printf 'a-b = xxx\na_b = xxx\n' >app.ini
	printf 'a-b: xxx\n' >app.yml
	propose _.ini app.ini app.yml
	is 'sections' "$(grep '^\[' rules.conf)" '[file rule]
[set rule-password]
[file app]
[set app-a-b]
[set app-a-b-2]
[file app-2]
[set app-2-a-b]'
	proposes password '${secret:rule_password}'
	is 'the third path' "$(grep -A1 -xF '[file app-2]' rules.conf |
		tail -n 1)" 'path   = app.yml'
	passes
}

@test "a section's name is cut, its key is not" {
	local long
	long=$(printf 'long%.0s' {1..30})
	printf '%s: xxx\n%s2: xxx\n' "$long" "$long" >app.yml
	propose app.yml
	is 'sections' "$(grep '^\[set' rules.conf)" \
		"[set app-${long:0:76}]
[set app-${long:0:76}-2]"
	grep -qx "key   = $long" rules.conf
	grep -qx "key   = ${long}2" rules.conf
	passes
}

@test "paths are between the quotes that they do not have" {
	printf 'password = x\n' | tee 'a #1.ini' >"it's #1.ini"
	propose 'a #1.ini' "it's #1.ini"
	grep -qxF "path   = 'a #1.ini'" rules.conf
	grep -qxF "path   = \"it's #1.ini\"" rules.conf
	passes
	keyplate render -s given -c rules.conf
	ended 0
	holds "it's #1.ini" 'password = value-of-it_s_1_password\n'
}

@test "what no rule file can hold is told, not written wrong" {
	local name
	for name in "it's \"#1\".ini" 'a\#1.ini'; do
		printf 'password = x\n' >"$name"
		keyplate init "$name"
		ended 1
		complains 'no rule file can hold this path'
		is 'standard output' "$output" ''
	done
	cat >app.yml <<-'END'
		"it's.a": {password: canary-one}
		b: {password: canary-two}
	END
	propose app.yml
	[[ $output != *canary* ]]
	grep -q '^#     line 1: .*: no rule file can hold its path$' rules.conf
	is 'rules' "$(grep '^\[set' rules.conf)" '[set app-b-password]'
	passes
}

@test "--format is that of every file" {
	printf '[db]\npassword = x\n' >one.conf
	printf '[app]\npassword = x\n' >two.yml
	propose --format ini one.conf two.yml
	is 'formats' "$(grep '^format' rules.conf)" 'format = ini
format = ini'
	proposes db.password '${secret:db_password}'
	proposes app.password '${secret:app_password}'
	passes
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

# The sections of rules.conf that set or export something, and their values.
proposed() {
	sed -nE 's/^\[((set|export) .*)\]$/\1/p; s/^value +=//p' rules.conf
}

@test "an entry point: a key that is commented out goes on the line behind" {
	cat >app.ini <<-'END'
		; password is what opens it
		[mail]
		;password = x
		host = h
	END
	printf '#db.password=x\na=b\n' >app.properties
	printf '# requirepass x\nport 1\n' >redis.conf
	printf 'a: b\n#password: x\n' >app.yml
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		P=$(cat /run/secrets/one)
		sed -i "s/^;password = .*/password = $P/" /app.ini
		sed -i "s/^#db\.password=.*/db.password=$P/" /app.properties
		sed -i "s/^# requirepass .*/requirepass $P/" /redis.conf
	END
	propose --root . /entrypoint.sh
	is 'rules' "$(proposed)" 'set app-mail-password
 ${secret:one}
set app-2-db-password
 ${secret:one}
set redis-requirepass
 ${secret:one}'
	proposes "'\"db.password\"'" '${secret:one}'
	passes --root .
	keyplate render --root . -s given -c rules.conf
	ended 0
	holds app.ini '; password is what opens it\n[mail]
;password = x\npassword = value-of-one\nhost = h\n'
	holds app.properties '#db.password=x\ndb.password=value-of-one\na=b\n'
	holds redis.conf '# requirepass x\nrequirepass value-of-one\nport 1\n'
}

@test "an entry point: a key that is not there gives a comment" {
	printf 'a: b\nuser: x\n#password: x\n' >app.yml
	printf '; token is\nhost = x\n' >app.ini
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		sed -i "s/^user: .*/user: $DB_USER/" /app.yml
		sed -i "s/^#password: .*/password: $DB_PASS/" /app.yml
		sed -i "s/^host = .*/host = $DB_HOST/" /app.ini
		sed -i "s/^;token = .*/token = $TOKEN/" /app.ini
	END
	propose --root . /entrypoint.sh
	proposes user '${DB_USER}'
	proposes host '${DB_HOST}'
	is 'comments' "$(grep -A1 'which value is it' rules.conf)" \
		'# line 3 of entrypoint.sh: sed put it in; which value is it?
#[set app-password]
--
# line 5 of entrypoint.sh: sed put it in; which value is it?
#[set app-2-token]'
	passes --root .
}

@test "an entry point: what the service puts in itself stays" {
	printf 'home = ${HOME}\npassword = x\n' >app.ini
	printf 'password = x\n' >plain.ini
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		sed -i "s/^password = .*/password = $DB_PASS/" /app.ini
		sed -i "s/^password = .*/password = $DB_PASS/" /plain.ini
	END
	propose --root . /entrypoint.sh
	is 'files' "$(grep -E '^(\[file|only)' rules.conf)" '[file app]
only   = NOTHING
[file plain]'
	passes --root .
	keyplate render --root . -s given -c rules.conf
	ended 0
	holds app.ini 'home = ${HOME}\npassword = DB_PASS-here\n'
}

@test "what another program makes of its references is not judged" {
	cat >application.properties <<-'END'
		spring.url = jdbc:mysql://${DB_HOST:localhost}/${user.home}
		spring.datasource.password = changeme
		home = ${sys:x} $${y} ${A^^} ${B:-
	END
	sed 's/changeme/value-of-spring_datasource_password/' \
		application.properties >wanted
	propose application.properties
	passes
	keyplate render -s given -c rules.conf
	ended 0
	cmp application.properties wanted
}

@test "an entry point: the patterns of its sed" {
	local key
	for key in {a..j}; do
		printf '%s.k = x\n' "$key"
	done >app.ini
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		V=$(cat /run/secrets/v)
		sed -i "s/^[[:space:]#]*a\.k = .*/a.k = $V/" /app.ini
		sed -i "s/^[#b]*c\.k[[:space:]]*= .*/c.k = $V/" /app.ini
		sed -i "s/^\.*d\.k = .*/d.k = $V/" /app.ini
		sed --in-place "s/^e\.k = .*/e.k = $V/" /app.ini
		sed --in-place=.old -E -e "s|^f\.k = .*|f.k = $V|" /app.ini
		sed --silent "s/^g\.k = .*/g.k = $V/p" /app.ini
		sed -e "s/^h\.k = .*/h.k = $V/" /app.ini
		sed -i '/^i\.k = /d' /app.ini
		sed -i "s/^[#j.k = .*/j.k = $V/" /app.ini
		sed -i "s/^j\.k = .*/j.k = y/" /app.ini
	END
	propose --root . /entrypoint.sh
	is 'keys' "$(sed -n 's/^key *= //p' rules.conf)" "'\"a.k\"'
'\"c.k\"'
'\"d.k\"'
'\"e.k\"'
'\"f.k\"'"
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf)" \
		'.sh:10: a sed that is no substitution
.sh:11: a sed whose key, value or file is not plain
.sh:12: a sed whose key, value or file is not plain'
	passes --root .
}

@test "an entry point: calls of the function that edits a file" {
	printf 'user = x\ntoken = x\npassword = x\ndb = x\n' >app.ini
	cat >entrypoint.sh <<-'END'
		#!/bin/bash
		function set_config() {
		  sed -i "s/^$1 = .*/$1 = $2/" /app.ini
		}
		start() {
		  sed -i "s/^db = .*/db = $DB_NAME/" /app.ini
		}
		set_config user "$APP_USER"
		set_config db http://app:canary@db/
		set_config token "$(openssl rand -hex 8)"
		set_config password
		ls /
	END
	propose --root . /entrypoint.sh
	[[ $output != *canary* ]]
	is 'rules' "$(proposed)" 'set app-db
 ${DB_NAME}
set app-user
 ${APP_USER}'
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf)" \
		".sh:9: a secret in plain text: make it a secret
.sh:10: a value or a file that is not plain
.sh:11: a call without all that it edits by
.sh:12: keyplate does not run this: keep it in a script that it starts"
	passes --root .
}

@test "an entry point: the ways to read a secret" {
	cat >entrypoint.sh <<-'END'
		#!/bin/bash
		export A="$(< /run/secrets/a)"
		export B=$(cat < /run/secrets/b)
		export C=$(cat '/run/secrets/c' | tr -d '\n')
		export D=$(< "/run/secrets/d")
		export E=$(cat /srv/app/token)
		export F=$(cat $TOKEN_FILE)
		export G=$(cat /run/secrets/dir/g)
		export H=$(cat /run/secrets/.h)
		export I=$(cat /run/secrets/$NAME)
		export J=$(cat "/srv/$NAME/token")
		export K=$(cat $TOKENS)
		export L=$(head -n 1 /run/secrets/l)
		export M="$(cat "${KEY_FILE}")"
		export N=$(cat <"/run/secrets/n")
	END
	propose --root . /entrypoint.sh
	is 'exports' "$(proposed)" 'export a
 ${secret:a}
export b
 ${secret:b}
export c
 ${secret:c}
export d
 ${secret:d}
export e
 ${file:/srv/app/token}
export f
 ${TOKEN}
export m
 ${KEY}
export n
 ${secret:n}'
	grep -qx '# Secrets:   a, b, c, d, n' rules.conf
	grep -qx '# Variables: TOKEN, KEY' rules.conf
}

@test "an entry point: file_env and export name a variable once" {
	cat >entrypoint.sh <<-'END'
		#!/bin/bash
		file_env() {
		  local var="$1" val="${2:-}"
		  export "$var"="$val" INNER=$(cat /run/secrets/inner)
		}
		file_env DB_HOST localhost
		file_env DB_PASSWORD canary
		file_env DB_URL http://app:canary@db/
		file_env DB_PORT "$PORT"
		file_env "$1"
		file_env
		export DB_HOST=$(cat /run/secrets/host)
		export DB_PASSWORD ZONE=utc -x
	END
	propose entrypoint.sh
	[[ $output != *canary* && $output != *secret:* ]]
	is 'exports' "$(proposed)" 'export db-host
 ${DB_HOST:-localhost}
export db-password
 ${DB_PASSWORD}
export db-url
 ${DB_URL}
export db-port
 ${DB_PORT}'
	grep -qx '# Variables: DB_HOST, DB_PASSWORD, DB_URL, DB_PORT' rules.conf
	unset DB_HOST
	passes
	is 'the service has' "$("$KEYPLATE" run -c rules.conf -- \
		sh -c 'echo "$DB_HOST $DB_PORT"')" 'localhost DB_PORT-here'
}

@test "an entry point: envsubst has a source, others are left" {
	printf 'host = ${DB_HOST}\n' >app.tmpl
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		envsubst </app.tmpl >/app.ini
		chown 0:0 /app.ini
		chmod 600 /app.ini
		chmod u+x,g-w /app.ini
		chown "$OWNER" /app.ini
		chmod 644 /other.ini
		envsubst <"$1" >/other.ini
		envsubst </app.tmpl >"$2"
		envsubst </app.tmpl
	END
	propose --root . /entrypoint.sh
	is 'the file' "$(sed -n '/^\[/,$p' rules.conf)" '[file app]
source = /app.tmpl
path   = /app.ini
format = ini
syntax = envsubst
owner  = 0:0
mode   = 600'
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf)" \
		'.sh:8: envsubst with files that are not plain
.sh:9: envsubst with files that are not plain
.sh:10: envsubst with files that are not plain'
	sed -i '/^owner/d' rules.conf
	export DB_HOST=db
	keyplate render --root . -s given -c rules.conf
	ended 0
	holds app.ini 'host = db\n'
	is 'mode' "$(stat -c %a app.ini)" 600
}

@test "an entry point: each substitution of a sed, in each of its files" {
	printf 'user = x\nhost = x\nport = x\n' | tee a.ini >b.ini
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		sed "s/^user = .*/user = $U/;s|^host = .*|host = $H|g" -i /a.ini /b.ini
		sed -i -e "s/^port = .*/port = $P/
		s/^user = .*/user = y/" /a.ini 2>/dev/null
		sed -i "s/^port = .*/port = $P/; /^#/d" /b.ini
		cd / && sed -i "s/^user = .*/user = $U/" 1.ini >/dev/null
	END
	printf 'user = x\n' >1.ini
	propose --root . /entrypoint.sh
	is 'rules' "$(proposed)" 'set a-user
 ${U}
set a-host
 ${H}
set a-port
 ${P}
set b-user
 ${U}
set b-host
 ${H}
set b-port
 ${P}
set 1-user
 ${U}'
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf)" \
		'.sh:3: a sed whose key, value or file is not plain
.sh:5: a sed that is no substitution'
	passes --root .
}

@test "an entry point: a bracket that comes first is one of its characters" {
	printf 'k = x\nd = x\n' >app.ini
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		sed -i "s/^[]d]*k = .*/k = $(cat /run/secrets/k)/" /app.ini
	END
	propose --root . /entrypoint.sh
	proposes k '${secret:k}'
	run ! grep -q '^key *= d' rules.conf
}

@test "an entry point: a file of which no rule is sure gives comments" {
	printf 'a = b\n' >app.ini
	cat >entrypoint.sh <<-'END'
		#!/bin/bash
		function set_config {
		  sed -i "s/^$1 = .*/$1 = $2/" /app.ini
		}
		set_config token "$TOKEN"
		export KEY=$(cat /run/secrets/key)
	END
	propose --root . /entrypoint.sh
	grep -qx '#\[file app\]' rules.conf
	grep -qx '#key   = token' rules.conf
	passes --root .
}

@test "an entry point: names that envsubst is told are only" {
	printf 'a = $uri\nhost = ${DB_HOST}\n' >app.tmpl
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		envsubst '$DB_HOST ${DB_PORT}' </app.tmpl >/app.ini
		envsubst "$(env | cut -d= -f1)" </app.tmpl >/all.ini
		envsubst "$NAMES" </app.tmpl >/other.ini
	END
	propose --root . /entrypoint.sh
	is 'syntax' "$(grep -E '^(path|syntax|only)' rules.conf)" \
		'path   = /app.ini
syntax = envsubst
only   = DB_HOST, DB_PORT
path   = /all.ini
syntax = nginx
path   = /other.ini
syntax = envsubst'
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf)" \
		'.sh:4: envsubst of names that it is told: only = NAME, ...'
	DB_HOST=db keyplate render --root . -s given -c rules.conf
	ended 0
	holds app.ini 'a = $uri\nhost = db\n'
	holds all.ini 'a = $uri\nhost = db\n'
}

@test "an entry point: options of what waits are no places" {
	cat >entrypoint.sh <<-'END'
		#!/bin/bash
		wait-for-it.sh -t 30 db:5432
		wait-for-it -h cache --port=6379 --strict -- echo up
		nc -z -w 2 mail 25
		nc -vzw2 web 80
		nc -z db 543210
		wait-for-it.sh -q
	END
	propose entrypoint.sh
	grep -qx 'wait = tcp://db:5432, tcp://cache:6379, tcp://mail:25, tcp://web:80' \
		rules.conf
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf)" \
		'.sh:6: waits for a place that it is told: --wait URL'
}

@test "an entry point: places that are plain are waited for" {
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		until nc -z db 5432; do sleep 1; done
		while ! nc -zv cache 6379 >/dev/null 2>&1; do sleep 1; done
		/usr/bin/wait-for db:5432 -t 30
		wait-for "$DB_HOST:5432"
		nc -z "$DB_HOST" 5432
		nc -z db "$DB_PORT"
		nc -l
	END
	propose entrypoint.sh
	grep -qx 'wait = tcp://db:5432, tcp://cache:6379' rules.conf
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf)" \
		'.sh:5: waits for a place that it is told: --wait URL
.sh:6: waits for a place that it is told: --wait URL
.sh:7: waits for a place that it is told: --wait URL'
}

@test "an entry point: a user that is a variable is left" {
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		exec su-exec "$APP_USER" /app --port 80 "$@"
	END
	propose entrypoint.sh
	[[ $output == *'entrypoint.sh:2: the user is a variable: --user'* ]]
	grep -qxF '#     CMD ["/app", "--port", "80"]' rules.conf
	run ! grep -q '^user' rules.conf
}

@test "an entry point: what goes to a device or standard error is no file" {
	cat >entrypoint.sh <<-'END'
		#!/bin/sh
		echo one >/dev/stderr
		echo two >>/dev/null
		echo three >&2
		printf 'host = %s\n' "$DB_HOST" >>/etc/app.ini
	END
	propose entrypoint.sh
	is 'what is left' "$(sed -n 's/^#     entrypoint//p' rules.conf |
		sed 's/: make .*//')" '.sh:5: it writes a file'
}

@test "below --root paths are those of the image" {
	mkdir -p image/etc
	printf '[a]\npassword = x\n' >image/etc/app.ini
	propose --root image /etc/app.ini
	grep -qx 'path   = /etc/app.ini' rules.conf
	grep -qx '#     keyplate check --root image -c THIS-FILE -s .*' rules.conf
	passes --root image
}

@test "a file that anybody may read gets a mode to decide about" {
	printf 'password = x\n' >open.ini
	printf 'password = x\n' >closed.ini
	printf 'port = 80\n' >plain.ini
	chmod 0644 open.ini plain.ini
	chmod 0640 closed.ini
	propose open.ini closed.ini plain.ini
	is 'modes' "$(grep -E '^(path|#mode)' rules.conf)" 'path   = open.ini
#mode   = 0600
path   = closed.ini
path   = plain.ini'
	passes
	sed -i 's/^#mode/mode/' rules.conf
	keyplate render -s given -c rules.conf
	ended 0
	is mode "$(stat -c %a open.ini)" 600
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

@test "a proposal that cannot be written is a failure" {
	printf 'password = x\n' >app.ini
	run --separate-stderr sh -c '"$1" init app.ini >/dev/full' sh \
		"$KEYPLATE"
	ended 1
	complains 'cannot write to standard output: No space left on device'
}
