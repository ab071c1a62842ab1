#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# nginx - templates/nginx, read by nginx.
# shellcheck disable=SC2016 # nginx's names

bats_require_minimum_version 1.5.0
load templates.sh

# The site and behind it a service that says which key it was sent.
setup_nginx() {
	need nginx curl
	need_root
	setup_image nginx
	mkdir -p image/etc/nginx/conf.d
	free_port && SITE=$PORT
	free_port && APP=$PORT
	export LISTEN=127.0.0.1:$SITE UPSTREAM=http://127.0.0.1:$APP
	cat >nginx.conf <<-END
		daemon off;
		master_process off;
		pid $PWD/pid;
		error_log stderr;
		events { }
		http {
			access_log off;
			include $PWD/site.conf;
			server {
				listen 127.0.0.1:$APP;
				location / { return 200 \$http_x_api_key; }
			}
		}
	END
}

# The rule files say where things are in the image.
start_nginx() {
	sed "s,/etc/nginx/htpasswd,$IMAGE&," \
	    image/etc/nginx/conf.d/default.conf >site.conf
	nginx -p "$PWD" -c "$PWD/nginx.conf" >log 2>&1 3>&- &
	SERVICES+=("$!")
	up --expect 401 "http://127.0.0.1:$SITE/"
}

# The key that comes to the service, of who has the password.
read_nginx() {
	start_nginx
	is 'with another password' \
	    "$(status_for "http://127.0.0.1:$SITE/" xxx)" 401
	is 'with the password' \
	    "$(status_for "http://127.0.0.1:$SITE/" \
		"$(cat secrets/site_pass)")" 200
	cat body
	stop_services
}

@test "nginx takes every password, and sends every key that it can" {
	setup_nginx
	# What a header can have, of one line; blanks at its ends go.
	HOSTILE=("${HOSTILE[@]/$'two\nlines'/one line}")
	HOSTILE=("${HOSTILE[@]/' blanks around '/'blanks within'}")
	each_hostile '*$*' read_nginx site_pass api_key
}

@test "nginx: a key with a second line is refused" {
	setup_nginx
	secret site_pass $'two\nlines'
	secret api_key $'key\nX-Injected: yes'
	rendered
	ended 1
	complains 'more than one line'
	[ ! -e image/etc/nginx/conf.d/default.conf ]
}

@test "nginx: the hash is for its workers alone" {
	setup_nginx
	secret site_pass "$PASSWORD"
	secret api_key key
	rendered
	is 'mode and group' "$(stat -c '%a %u %g' image/etc/nginx/htpasswd)" \
	    '640 0 101'
	run ! grep -rqF "$PASSWORD" image
}
