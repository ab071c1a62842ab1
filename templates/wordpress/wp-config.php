<?php
/*
 * WordPress: one folder above the site, where it is looked for as well, and
 * where no web server hands it out.  Each 'xxx' is filled in when the
 * container starts.
 */
define('DB_NAME', 'xxx');
define('DB_USER', 'xxx');
define('DB_PASSWORD', 'xxx');
define('DB_HOST', 'xxx');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');

// Any long random text; the salts are made of it, so that one secret will do.
$secret = 'xxx';
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $kind) {
	define("{$kind}_KEY", hash_hmac('sha256', "$kind key", $secret));
	define("{$kind}_SALT", hash_hmac('sha256', "$kind salt", $secret));
}
unset($secret);

$table_prefix = 'wp_';

define('WP_DEBUG', false);

if (!defined('ABSPATH')) {
	define('ABSPATH', __DIR__ . '/html/');
}
require_once ABSPATH . 'wp-settings.php';
