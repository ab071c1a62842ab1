#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# php-fpm - templates/php-fpm, read by PHP-FPM.

bats_require_minimum_version 1.5.0
load templates.sh

setup_fpm() {
	FPM=$(compgen -c php-fpm | head -n 1)
	[ -n "$FPM" ] || skip 'no php-fpm here'
	need cgi-fcgi
	need_root
	setup_image php-fpm
	export SESSION_HANDLER=files
	# What the image brings besides.
	cat >fpm.conf <<-END
		[global]
		error_log = /dev/stderr
		daemonize = no
		[www]
		user = root
		listen = $PWD/socket
		pm = static
		pm.max_children = 1
		include = $PWD/image/usr/local/etc/php-fpm.d/*.conf
	END
	cat >show.php <<-'END'
		<?php
		parse_str(ini_get('session.save_path'), $session);
		echo ['password' => getenv('DB_PASSWORD'), 'host' => getenv('DB_HOST'),
		    'session' => current($session)][$_GET['what']];
	END
}

start_fpm() {
	rm -f socket
	serve -- "$FPM" -R -n -y "$PWD/fpm.conf"
	up "unix:$PWD/socket"
}

# What a script of the pool finds.  FPM hangs up on a request with a variable
# of many kilobytes, such as make's own.
script_finds() {
	env -i PATH="$PATH" SCRIPT_FILENAME="$PWD/show.php" \
	    QUERY_STRING="what=$1" REQUEST_METHOD=GET \
	    cgi-fcgi -bind -connect "$PWD/socket" | sed '1,/^\r$/d'
}

@test "a script finds every password" {
	setup_fpm
	for value in "${HOSTILE[@]}"; do
		secret app_db_pass "$value"
		secret redis_pass "$value"
		start_fpm
		is 'of the database' "$(script_finds password)" "$value"
		is 'of the sessions' "$(script_finds session)" "$value"
		stop_services
	done
}

@test "a script finds the host of the variables" {
	setup_fpm
	secret app_db_pass a
	secret redis_pass b
	export DB_HOST=db.example.org
	start_fpm
	is host "$(script_finds host)" db.example.org
}
