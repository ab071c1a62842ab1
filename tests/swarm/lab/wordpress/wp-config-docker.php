<?php
/* What a variable has, or the file that one with _FILE names. */
function from_environment($name, $default) {
	$file = getenv("WORDPRESS_{$name}_FILE");
	if ($file) {
		return rtrim(file_get_contents($file), "\r\n");
	}
	$value = getenv("WORDPRESS_$name");
	return $value === false ? $default : $value;
}

foreach (['DB_NAME' => 'wordpress', 'DB_USER' => 'wordpress',
    'DB_PASSWORD' => '', 'DB_HOST' => 'mysql', 'DB_CHARSET' => 'utf8mb4',
    'DB_COLLATE' => ''] as $name => $default) {
	define($name, from_environment($name, $default));
}

/* Those of the public image are random too, in each container. */
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY',
    'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {
	define($name, $name . from_environment($name, hash_file('sha256',
	    '/etc/hostname')));
}

$table_prefix = 'wp_';

define('WP_DEBUG', (bool)from_environment('DEBUG', ''));

/* There is no way out of the lab, so nothing has to wait for one. */
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);

if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') {
	$_SERVER['HTTPS'] = 'on';
}

if (!defined('ABSPATH')) {
	define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
