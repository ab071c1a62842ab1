#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# wordpress - templates/wordpress, read by PHP.

bats_require_minimum_version 1.5.0
load templates.sh

# The rule file names groups of the image.
setup_wordpress() {
	need php
	need_root
	getent group www-data >/dev/null || skip 'no group www-data here'
	setup_image wordpress
	mkdir image/var/www/html
	# In place of WordPress: what it would find.
	cat >image/var/www/html/wp-settings.php <<-'END'
		<?php
		if (ABSPATH !== __DIR__ . '/') exit("no site at " . ABSPATH);
	END
}

# Print a PHP expression behind the file.
wordpress_has() {
	php -n -d display_errors=stderr -r \
	    "require 'image/var/www/wp-config.php'; echo $1;"
}

read_wordpress() {
	wordpress_has DB_PASSWORD
	is 'what signs cookies' "$(wordpress_has AUTH_KEY)" \
	    "$(php -n -r 'echo hash_hmac("sha256", "AUTH key",
		rtrim(stream_get_contents(STDIN), "\n"));' <secrets/wp_secret)"
}

@test "php reads every password of wp-config.php" {
	setup_wordpress
	each_hostile '' read_wordpress wp_db_pass wp_secret
}

@test "the database is that of the variables, or the usual one" {
	setup_wordpress
	secret wp_db_pass a
	secret wp_secret b
	rendered
	ended 0
	is database "$(wordpress_has DB_NAME.DB_USER.DB_HOST)" \
	    wordpresswordpressdb
	WP_DB_HOST="it's:3306" rendered
	ended 0
	is host "$(wordpress_has DB_HOST)" "it's:3306"
	is 'mode and group' "$(stat -c '%a %G' image/var/www/wp-config.php)" \
	    '640 www-data'
}

@test "the salts differ from each other" {
	setup_wordpress
	secret wp_db_pass a
	secret wp_secret b
	rendered
	for kind in AUTH SECURE_AUTH LOGGED_IN NONCE; do
		wordpress_has "${kind}_KEY, \"\\n\", ${kind}_SALT, \"\\n\""
	done >salts
	is 'different ones' "$(sort -u salts | wc -l)" 8
}
